"""The questions about one form: alone, in a chain, used again, and at special numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

UNARY = {
    "neg": "-{0}",
    "exp": "{0}.exp()",
    "tanh": "{0}.tanh()",
    "relu": "{0}.relu()",
    "sigmoid": "{0}.sigmoid()",
    "log": "{0}.log()",
    "sin": "{0}.sin()",
    "cos": "{0}.cos()",
    "sqrt": "{0}.sqrt()",
    "abs": "abs({0})",
}
NEVER_NEGATIVE = ("log", "sqrt", "**NV")
POINTS = (1.3, -0.7, 0.45, -1.9, 0.85, -1.15)
KINKED = (1.3, -0.7, 0.45, -1.9, -0.85, -1.15)  # where the operand is used again, below 0
ABOVE_ZERO = (1.3, 0.7, 0.45, 1.9, 0.85, 2.15)
OTHERS = (0.6, 1.7, -1.45, 0.8, -2.1, 1.25)
FACTORS = (2.3, -1.6, 0.7, 1.9)
NUMBERS = (2.5, -1.5, 3.5, 0.75, -2.25, 1.75)
EXPONENTS = (3, 2, -1, 4, 3, 2)
BASES = (2.5, 0.6, 3, 1.7, 2, 0.4)
SPECIAL = {"/VN": (1, 2, -1, -2), "**NV": (1, 2, 0.5, 3)}  # 0 where a form isn't named
SPECIAL_PAIRS = ((1.0, -0.7), (0.0, 1.3), (1.6, 1.6), (-0.9, 1.0), (-1.4, -0.8))

Text = tuple[
    str, str, Sequence[str], tuple[str, ...]
]  # name, form, lines, and what is read of them


def write(form: str, left: str, right: str, number: float) -> str:
    if form in UNARY:
        return UNARY[form].format(left)
    sign, kinds = form[:-2], form[-2:]
    if kinds == "VV":
        return f"{left} {sign} {right}"
    return f"{left} {sign} {number!r}" if kinds == "VN" else f"{number!r} {sign} {left}"


def ask_about(form: str) -> Iterator[Text]:
    """A form alone, and with operands and results that other forms use."""
    points = ABOVE_ZERO if form in NEVER_NEGATIVE else KINKED if form in ("relu", "abs") else POINTS
    numbers = EXPONENTS if form == "**VN" else BASES if form == "**NV" else NUMBERS
    is_binary = form.endswith("VV")

    def leaves(index: int, suffix: str = "") -> list[str]:
        made = [f"x{suffix} = Value({points[index]})"]
        return [*made, f"y{suffix} = Value({OTHERS[index]})"] if is_binary else made

    def apply(index: int, left: str = "x", right: str = "y") -> str:
        return write(form, left, right, numbers[index])

    name = form.replace("*", "times").replace("/", "over")
    yield f"{name}-alone", form, [*leaves(0), f"L = {apply(0)}"], ()
    inner = ["a = Value(1.5)", "b = Value(0.65)", "h = a * b"]
    other = ["c = Value(0.8)", "d = Value(-1.3)", "k = c * d"] if is_binary else []
    chain = [*inner, *other, f"z = Value({FACTORS[0]})", f"u = {apply(0, 'h', 'k')}", "L = u * z"]
    yield f"{name}-chain", form, chain, ()
    lines = []
    for index in (1, 2, 3):
        lines += [
            *leaves(index, str(index)),
            f"z{index} = Value({FACTORS[index]})",
            f"u{index} = {apply(index, f'x{index}', f'y{index}')}",
            f"v{index} = u{index} * z{index}",
        ]
    yield f"{name}-points", form, [*lines, "w = v1 + v2", "L = w + v3"], ()
    equal = [f"z = Value({float(numbers[4])})" if form[-1] in "VN" else "z = Value(1.9)"]
    if form == "**VN":
        yield f"{name}-positive", form, _join(list(_raise(ABOVE_ZERO, EXPONENTS))), ()
    again = [*leaves(4), *equal, f"u = {apply(4)}", "v = u + x", "L = v * z"]
    yield f"{name}-again", form, again, ()
    yield f"{name}-first", form, [*leaves(5), f"u = {apply(5)}", "L = x + u"], ()
    if is_binary:
        yield f"{name}-right", form, [*leaves(2), f"u = {apply(2)}", "L = u + y"], ()
        yield f"{name}-same", form, [*leaves(1), f"u = {apply(1, 'x', 'x')}", "L = u * x"], ()
    if form == "abs":  # abs(x) may be x itself above 0, so only the ends are read
        inner[0] = "a = Value(-1.5)"
        lines = ["x = Value(0.7)", "z = Value(1.9)", "u = abs(x)", "v = u + x", "L = v * z"]
        yield "abs-positive", form, lines, ("x", "z", "L")
    elif form == "relu":
        lines = ["x = Value(0.7)", "z = Value(1.9)", "u = x.relu()", "v = x + u", "L = v * z"]
        yield "relu-positive", form, lines, ()
    inner += [f"y = Value({OTHERS[0]})"] if is_binary else []
    yield f"{name}-result", form, [*inner, f"u = {apply(0, 'h')}", "v = u * h", "L = v * u"], ()
    if is_binary:
        lines = [*inner, f"u = {apply(0, 'y', 'h')}", "v = h * u", "L = u * v"]
        yield f"{name}-of-results", form, lines, ()


def _raise(points: Sequence[float], exponents: Sequence[float]) -> Iterator[Sequence[str]]:
    """Powers of numbers above 0 alone: a wrong slope may have an error below it."""
    for i, (x, n) in enumerate(zip(points[:4], exponents, strict=False)):
        yield [f"x{i} = Value({x})", f"v{i} = x{i} ** {n}"]


def ask_about_numbers(form: str) -> Iterator[Text]:
    """Numbers for which students write a branch, where the operand has another use too."""
    name = form.replace("*", "times").replace("/", "over")
    if form[-2:] in ("VN", "NV"):
        points = ABOVE_ZERO if form in NEVER_NEGATIVE else POINTS
        numbers = (*SPECIAL.get(form, (1, 2, 0, -1)), 2, 1)
        leaves = [[f"x{i} = Value({point})"] for i, point in enumerate(points)]
        made = [write(form, f"x{i}", "", number) for i, number in enumerate(numbers)]
    elif form in ("+VV", "-VV", "*VV", "/VV"):
        pairs = enumerate(SPECIAL_PAIRS)
        leaves = [[f"x{i} = Value({x})", f"y{i} = Value({y})"] for i, (x, y) in pairs]
        made = [write(form, f"x{i}", f"y{i}", 0.0) for i in range(len(SPECIAL_PAIRS))]
    else:
        return
    for suffix, order in (("special", "u{0} + x{0}"), ("special-first", "x{0} + u{0}")):
        parts = [
            [*leaves[i], f"u{i} = {made[i]}", f"v{i} = {order.format(i)}"] for i in range(len(made))
        ]
        yield f"{name}-{suffix}", form, _join(parts), ()


def _join(parts: Sequence[Sequence[str]]) -> list[str]:
    """One graph of several that end in v0, v1, ..., each with a factor of its own."""
    lines = [line for part in parts for line in part]
    for i in range(len(parts)):
        lines += [f"z{i} = Value({FACTORS[i % 4] + i // 4})", f"w{i} = v{i} * z{i}"]
    sums = [f"s{i} = {f's{i - 1}' if i > 1 else 'w0'} + w{i}" for i in range(1, len(parts) - 1)]
    last = len(parts) - 1
    return [*lines, *sums, f"L = s{last - 1} + w{last}"]


def ask_in_place(form: str) -> Iterator[Text]:
    """A form that changes a name, with the node that had the name before."""
    sign, kinds = form[:-2], form[-2:]
    is_binary = kinds == "VV"
    name = form.replace("*", "times").replace("/", "over")
    operand = "y" if is_binary else "3" if sign == "**=" else "1.75"
    leaves = ["x = Value(1.3)", "a = Value(0.8)"] + (["y = Value(-0.7)"] if is_binary else [])
    change = f"u {sign} {operand}"
    yield f"{name}-chain", form, [*leaves, "u = x * a", change, "L = u * a"], ()
    again = "y" if is_binary else "x"
    yield f"{name}-again", form, [*leaves, "u = x * a", change, f"L = u + {again}"], ()
    before = [*leaves, "h = x * a", "v = h * x", "u = h", change]
    yield f"{name}-before", form, [*before, "L = u * v"], ()
    yield f"{name}-after", form, [*before, "L = v * u"], ()
    if is_binary:
        yield f"{name}-again-first", form, [*leaves, "u = x * a", change, "L = y + u"], ()
        yield f"{name}-same", form, [*leaves, "u = x * a", "v = u", f"u {sign} v", "L = u * a"], ()
    numbers = SPECIAL.get(form.replace("=", ""), (1, 2, 0, -1))
    for suffix, points, others in (
        ("points", POINTS, EXPONENTS if sign == "**=" else NUMBERS),
        ("special", POINTS[2:], numbers),
        *([("positive", ABOVE_ZERO, EXPONENTS[:4])] if sign == "**=" else []),
    ):
        parts = []
        for i, x in enumerate(points[:4]):
            operand = f"y{i}" if is_binary else repr(others[i])
            made = [f"x{i} = Value({x})", f"y{i} = Value({OTHERS[i]})"][: 1 + is_binary]
            made += [f"u{i} = x{i}", f"u{i} {sign} {operand}"]
            end = f"u{i} + x{i}" if suffix == "special" else f"u{i} * 1.5"
            parts.append([*made, f"v{i} = {end}"])
        yield f"{name}-{suffix}", form, _join(parts), ()
