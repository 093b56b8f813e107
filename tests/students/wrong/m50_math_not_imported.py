# misconception: 50
# title: math is never imported: the functions fail when they are called
# error: values/tanh@1 values/exp@1 values/log@1 values/sigmoid@1 values/sin@1 values/cos@1
# error: numbers/number-power@* numbers/one-number-power@1 numbers/chain-number-power@1
# error: numbers/twice-number-power numbers/at-zero-number-power@1 numbers/again-number-power@1
# error: numbers/before-and-after-number-power@1 numbers/result-again-number-power@1
# error: functions/tanh@* functions/tanh-at-zero functions/exp@* functions/log@* functions/sigmoid@*
# error: functions/sin@* functions/sin-at-zero functions/cos@* functions/cos-at-zero
# error: functions/chain-exp@1 functions/chain-log@1 functions/chain-tanh@1
# error: functions/chain-sigmoid@1 functions/chain-sin@1 functions/chain-cos@1
# error: functions/chain-again-exp@1 functions/chain-again-log@1 functions/chain-again-tanh@1
# error: functions/chain-again-sigmoid@1 functions/chain-again-sin@1 functions/chain-again-cos@1
# error: functions/again-exp@* functions/again-log@* functions/again-tanh@*
# error: functions/again-sigmoid@* functions/again-sin@* functions/again-cos@*
# error: functions/before-and-after-exp@* functions/before-and-after-log@*
# error: functions/before-and-after-tanh@* functions/before-and-after-sigmoid@*
# error: functions/before-and-after-sin@* functions/before-and-after-cos@* functions/twice-exp@1
# error: functions/twice-log@1 functions/twice-tanh@1 functions/twice-sigmoid@1
# error: functions/twice-sin@1 functions/twice-cos@1 functions/result-again-exp@1
# error: functions/result-again-log@1 functions/result-again-tanh@1 functions/result-again-sigmoid@1
# error: functions/result-again-sin@1 functions/result-again-cos@1
# blocked: values/neuron values/softmax numbers/whole-tanh state/same-numbers-twice
# blocked: composite/neuron@1 composite/two-layers composite/softmax composite/softmax-cross-entropy
# blocked: composite/logistic-loss composite/wave composite/swish composite/gated-unit
# blocked: composite/ripple composite/decay composite/log-ratio composite/entropy composite/growth
# blocked: composite/interference composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/soft-step composite/reciprocals
# blocked: composite/odds composite/potential composite/sums-of-exp-and-relu@*
# blocked: composite/products-of-relu-and-exp random/graph-8 random/graph-9 random/graph-10
# blocked: random/graph-11 random/graph-12 gradient-check/numbers gradient-check/tanh
# blocked: gradient-check/exp gradient-check/log gradient-check/sigmoid gradient-check/waves
# blocked: training/network robustness/deep-chain@* robustness/tanh-far-out@*
# blocked: robustness/sigmoid-far-out@* robustness/exp-large@*

def nothing(grad):
    pass


class Value:
    def __init__(self, data, children=None, backwards=nothing):
        self.data = data
        self.grad = 0.0
        self.children = children if children is not None else []
        self._backwards = backwards

    def __add__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += grad
            other.grad += grad

        return Value(self.data + other.data, [self, other], push)

    def __sub__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += grad
            other.grad -= grad

        return Value(self.data - other.data, [self, other], push)

    def __mul__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += other.data * grad
            other.grad += self.data * grad

        return Value(self.data * other.data, [self, other], push)

    def __truediv__(self, other):
        other = to_value(other)

        def push(grad):
            self.grad += grad / other.data
            other.grad -= grad * self.data / other.data**2

        return Value(self.data / other.data, [self, other], push)

    def __pow__(self, power):
        def push(grad):
            self.grad += power * self.data ** (power - 1) * grad

        return Value(self.data**power, [self], push)

    def __neg__(self):
        def push(grad):
            self.grad -= grad

        return Value(-self.data, [self], push)

    def __radd__(self, other):
        return to_value(other) + self

    def __rsub__(self, other):
        return to_value(other) - self

    def __rmul__(self, other):
        return to_value(other) * self

    def __rtruediv__(self, other):
        return to_value(other) / self

    def __rpow__(self, base):
        result = base**self.data

        def push(grad):
            self.grad += result * math.log(base) * grad

        return Value(result, [self], push)

    def __abs__(self):
        return relu(self) + relu(-self)

    def backward(self):
        self.grad = 1.0
        for node in sorted_from(self):
            node._backwards(node.grad)


def to_value(x):
    return x if isinstance(x, Value) else Value(x)


def sorted_from(root):
    """Nodes, each before all that it was made of: counts how many still wait for it."""
    uses, found = {root: 0}, [root]
    for node in found:
        for child in node.children:
            if child not in uses:
                uses[child] = 0
                found.append(child)
            uses[child] += 1
    ready, order = [root], []
    while ready:
        node = ready.pop()
        order.append(node)
        for child in node.children:
            uses[child] -= 1
            if uses[child] == 0:
                ready.append(child)
    return order


def tanh(x):
    t = math.tanh(x.data)

    def push(grad):
        x.grad += (1 - t * t) * grad

    return Value(t, [x], push)


def exp(x):
    e = math.exp(x.data)

    def push(grad):
        x.grad += e * grad

    return Value(e, [x], push)


def log(x):
    def push(grad):
        x.grad += grad / x.data

    return Value(math.log(x.data), [x], push)


def relu(x):
    def push(grad):
        if x.data > 0:
            x.grad += grad

    return Value(x.data if x.data > 0 else 0, [x], push)


def sigmoid(x):
    s = (1 + math.tanh(x.data / 2)) / 2

    def push(grad):
        x.grad += s * (1 - s) * grad

    return Value(s, [x], push)


def sin(x):
    def push(grad):
        x.grad += math.cos(x.data) * grad

    return Value(math.sin(x.data), [x], push)


def cos(x):
    def push(grad):
        x.grad -= math.sin(x.data) * grad

    return Value(math.cos(x.data), [x], push)


def sqrt(x):
    return x**0.5
