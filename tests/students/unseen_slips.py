"""Engines in other styles, and slips in them: none of these was used to build the diagnosis."""

from __future__ import annotations

from collections.abc import Iterator

from tests.students import engine

Slip = tuple[str, str, str]  # what is wrong, a text that stands once in the engine, and another one

SLIPS: dict[str, tuple[Slip, ...]] = {
    "tape": (
        ("assigns", "node.grad += slope * out.grad", "node.grad = slope * out.grad"),
        ("never seeded", "            out.grad = 0.0\n        self.grad = 1.0\n", "            out.grad = 0.0\n"),
        ("tape read forwards", "in reversed(TAPE)", "in TAPE"),
        ("only the first input", "node.grad += slope * out.grad", "node.grad += slope * out.grad\n                break"),
        ("upstream left out", "node.grad += slope * out.grad", "node.grad += slope"),
        ("minus like plus", "(1.0, -1.0)", "(1.0, 1.0)"),
        ("own factor", "(b.data, a.data)", "(a.data, b.data)"),
        ("quotient not squared", "-a.data / b.data**2", "-a.data / b.data"),
        ("power keeps n", "n * a.data ** (n - 1) if n", "n * a.data**n if n"),
        ("tanh not squared", "1.0 - y * y", "1.0 - y"),
        ("relu lets all through", "(1.0 if a.data > 0 else 0.0,)", "(1.0,)"),
        ("number minus value swapped", "lambda a, b: sub(b, a)", "lambda a, b: sub(a, b)"),
    ),
    "operator_table": (
        ("assigns", "arg.gradient += rule", "arg.gradient = rule"),
        ("order not reversed", "in reversed(list(self.walk(set()))):", "in list(self.walk(set())):"),
        ("children after the node", "        for arg in self.args:\n            yield from arg.walk(done)\n        yield self\n", "        yield self\n        for arg in self.args:\n            yield from arg.walk(done)\n"),
        ("the number as seed", "self.gradient = 1.0", "self.gradient = self.value"),
        ("quotient by y", "lambda y, a, b: -y / b),", "lambda y, a, b: -y),"),
        ("power without n", "lambda y, a, b: b * a ** (b - 1)", "lambda y, a, b: a ** (b - 1)"),
        ("exp slope is a", "math.exp: (lambda y, a: y,)", "math.exp: (lambda y, a: a,)"),
        ("cos without sign", "lambda y, a: -math.sin(a)", "lambda y, a: math.sin(a)"),
        ("sqrt slope doubled", "0.5 / y", "1.0 / y"),
        ("log by y", "lambda y, a: 1.0 / a,)", "lambda y, a: 1.0 / y,)"),
        ("reflected like plain", "apply(function, other, self)", "apply(function, self, other)"),
        ("neg keeps the sign", "neg: (lambda y, a: -1.0,)", "neg: (lambda y, a: 1.0,)"),
    ),
    "dataclass_match": (
        ("assigns in mul", "                a.grad += g * b.data\n                b.grad += g * a.data", "                a.grad = g * b.data\n                b.grad = g * a.data"),
        ("scale forgets the number", "a.grad += g * self.extra\n", "a.grad += g\n"),
        ("shift is never hooked up", "                a.grad += g\n            case \"mul\"", "                pass\n            case \"mul\""),
        ("equal by value", "@dataclass(eq=False)", "@dataclass(unsafe_hash=True)"),
        ("relu by the gradient", "if self.data > 0:\n                    a", "if g > 0:\n                    a"),
        ("relu zeroes", "                    a.grad += g\n", "                    a.grad += g\n                else:\n                    a.grad = 0.0\n"),
        ("tanh of the operand", "g * (1 - self.data**2)", "g * (1 - a.data**2)"),
        ("log without upstream", "a.grad += g / a.data", "a.grad += 1 / a.data"),
        ("power n missing", "g * self.extra * a.data ** (self.extra - 1)", "g * a.data ** (self.extra - 1)"),
        ("stack pushed twice", "            elif id(child) not in seen:\n                seen.add(id(child))\n", "            else:\n"),
        ("reflected quotient", "return self**-1 * other", "return self * other**-1"),
        ("first step only", "        while order:\n            order.pop().step()", "        order.pop().step()"),
    ),
    "counted_uses": (
        ("never waits", "if waiting[parent] == 0:", "if True:"),
        ("breadth first, once", "if waiting[parent] == 0:", "if parent in known:\n                    known.discard(parent)"),
        ("assigns", "parent.grad += slope", "parent.grad = slope"),
        ("counts nodes, not uses", "                waiting[parent] += 1\n                if parent not in known:\n", "                if parent not in known:\n                    waiting[parent] += 1\n"),
        ("seeded with its own number", "self.grad = 1\n", "self.grad = self.val\n"),
        ("sub like add", "[(self, 1), (o, -1)]", "[(self, 1), (o, 1)]"),
        ("divisor not squared", "(o.val * o.val)", "o.val"),
        ("neg detached", "Num(-self.val, [(self, -1)])", "Num(-self.val)"),
        ("sigmoid half", "s * (1 - s)", "1 - s"),
        ("rsub swapped", "Num.of(o) - self", "self - Num.of(o)"),
        ("factors own", "[(self, o.val), (o, self.val)]", "[(self, self.val), (o, o.val)]"),
        ("rpow without log", "p * math.log(c)", "p"),
    ),
    "function_classes": (
        ("assigns", "x.grad = x.grad + grad", "x.grad = grad"),
        ("appended outside", "                        visit(x)\n                order.append(tensor)", "                        visit(x)\n            order.append(tensor)"),
        ("no upstream in Mul", "return grad * b, grad * a", "return b, a"),
        ("sub without sign", "return grad, -grad\n", "return grad, grad\n"),
        ("div sign lost", "-grad * a / b**2", "grad * a / b**2"),
        ("relu everywhere", "(grad if self.positive else 0.0,)", "(grad,)"),
        ("exp of the gradient", "(grad * self.result,)", "(self.result,)"),
        ("tanh plus", "1 - self.result**2", "1 + self.result**2"),
        ("tanh half", "1 - self.result**2", "1 - self.result"),
        ("rtruediv swapped", "return Div.apply(other, self)", "return Div.apply(self, other)"),
        ("only the first input", "                    for x in tensor.creator.inputs:\n                        visit(x)", "                    visit(tensor.creator.inputs[0])"),
        ("max of shares", "x.grad = x.grad + grad", "x.grad = max(x.grad, grad, key=abs)"),
    ),
    "decorated": (
        ("assigns", "a.g += slope(*numbers)", "a.g = slope(*numbers)"),
        ("late bound", "[pull(a, s) for a, s in zip(args, slopes) if isinstance(a, Var)]", "[pull(nodes[-1], s) for a, s in zip(args, slopes) if isinstance(a, Var)]"),
        ("sources forgotten", "            out.sources = nodes\n", "            out.sources = nodes[:1]\n"),
        ("no upstream", "slope(*numbers) * out.g", "slope(*numbers)"),
        ("visited by value", "any(node is other for", "any(node.v == other.v for"),
        ("every path", "            if any(node is other for other in finished):\n                return\n", ""),
        ("not reversed", "finished[::-1]", "finished"),
        ("slopes swapped in over", "@differentiable(lambda a, b: 1 / b, lambda a, b: -a / b**2)", "@differentiable(lambda a, b: -a / b**2, lambda a, b: 1 / b)"),
        ("logistic slope", "math.exp(-a) / (1 + math.exp(-a)) ** 2", "math.exp(-a) / (1 + math.exp(-a))"),
        ("rectified from one", "1 if a > 0 else 0", "1 if a > 1 else 0"),
        ("to_the with n squared", "n * a ** (n - 1)", "n * n * a ** (n - 1)"),
        ("opposite is times one", "@differentiable(lambda a: -1)", "@differentiable(lambda a: 1)"),
    ),
}  # fmt: skip


def unseen() -> Iterator[tuple[str, str]]:
    """Yields each engine with a slip: its name and its source."""
    for style, slips in SLIPS.items():
        source = engine(f"unseen/{style}")
        for title, text, other in slips:
            if source.count(text) != 1:
                raise ValueError(f"{style}, {title}: the text isn't there once")
            yield f"{style}: {title}", source.replace(text, other)
