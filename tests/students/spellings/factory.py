# style: no class: a function makes dictionaries of closures
# account: - | ["data"] | ["grad"] | ["backward"]()
# note: Nodes are made by value(), and operations are functions.
def value(data, inputs=()):
    node = {"data": data, "grad": 0.0}

    def backward():
        node["grad"] = 1.0
        pull(node, 1.0)

    node["inputs"] = inputs
    node["backward"] = backward
    return node


def pull(node, gradient):
    for child, slope in node["inputs"]:
        child["grad"] += slope * gradient
        pull(child, slope * gradient)


def add(a, b):
    return value(a["data"] + b["data"], ((a, 1.0), (b, 1.0)))


def mul(a, b):
    return value(a["data"] * b["data"], ((a, b["data"]), (b, a["data"])))
