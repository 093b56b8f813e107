"""Programs to put into the sandbox, and the graph that they are asked about."""

from __future__ import annotations

from collections.abc import Iterable

from worker.graph import Graph, parse
from worker.report.model import Problem, Quantity
from worker.sandbox import Failure, Limits, Observation, Sandbox, Session
from worker.sandbox.policy.libseccomp import find_number

WORKED_EXAMPLE = parse(
    """\
x1 = Value(3)
x2 = Value(4)
x3 = x1 * x2
x4 = Value(5)
x5 = x4 + x3
x6 = Value(2)
L = x5 * x6
L.backward()
"""
)
NODES = ("x1", "x2", "x3", "x4", "x5", "x6", "L")
TRUE_NUMBERS: tuple[float | None, ...] = (3, 4, 12, 5, 17, 2, 34, 8, 6, 2, 2, 2, 17, 1)

HONEST = """\
class Value:
    def __init__(self, data, children=()):
        self.data = data
        self.grad = 0.0
        self.children = children
        self._step = lambda: None

    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))

        def step():
            self.grad += out.grad
            other.grad += out.grad

        out._step = step
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def step():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._step = step
        return out

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._step()
"""

# The microseconds of CPU time that a program has really used. Its own clock doesn't show them.
USED = "import ctypes\nused = ctypes.CDLL(None).clock\n"


def burn(seconds: float) -> str:
    """Lines that use so much CPU time."""
    return f"{USED}end = used() + {seconds * 1e6:.0f}\nwhile used() < end: pass"


# The class of the source document, completed only where it stops.
PRINTED = """\
from __future__ import annotations

from typing import Callable, Optional

Backwards = Callable[[float], None]

def _noop_grad(_: float) -> None:
    pass

class Value:
    def __init__(
        self,
        data: float,
        children: Optional[set[Value]] = None,
        _backwards: Backwards = _noop_grad,
    ):
        self.data = data
        self.grad = 0.0
        self.children = set() if children is None else children
        self._backwards = _backwards

    def __add__(self, other: Value) -> Value:
        def _backward(grad_parent: float) -> None:
            self.grad += grad_parent
            other.grad += grad_parent

        return Value(
            self.data + other.data,
            children={self, other},
            _backwards=_backward,
        )

    def __mul__(self, other: Value) -> Value:
        def _backward(grad_parent: float) -> None:
            self.grad += other.data * grad_parent
            other.grad += self.data * grad_parent

        return Value(
            self.data * other.data,
            children={self, other},
            _backwards=_backward,
        )

    def __pow__(self, power: float) -> Value:
        assert isinstance(power, (int, float)), "Only support int/float powers"

        def _backward(grad_parent: float) -> None:
            self.grad += (power * self.data ** (power - 1)) * grad_parent

        return Value(
            self.data**power, children={self}, _backwards=_backward, _op=f"^{power}"
        )

    def backward(self) -> None:
        self.grad = 1

        for v in find_reversed_topological_order(self):
            v._backwards(v.grad)

def find_reversed_topological_order(root: Value) -> list[Value]:
    visited = set()
    topological_order = []

    def _depth_first_search(node: Value):
        if node not in visited:
            visited.add(node)

            for child in node.children:
                _depth_first_search(child)

            topological_order.append(node)

    _depth_first_search(root)

    return list(reversed(topological_order))
"""

# What a hostile program finds before its first line.
TOOLS = '''\
import ctypes

NUMBERS = {numbers}
CANARY = {canary!r}


def attempt(action, refusal=PermissionError, number=None):
    """Says whether something that must not be possible was.

    Only a refusal counts, with the exception or errno if one is named. Others are reported.
    """
    try:
        result = action()
    except refusal as error:
        print("denied" if number is None or error.errno == number else error)
    else:
        print("ESCAPED", result)


def refuse(denied):
    """What a call that tells failure by its result does not: raises."""
    if denied:
        raise PermissionError


def everything():
    """All text and bytes that any object of this process leads to, those kept from gc included."""
    import gc, itertools, operator

    gc.unfreeze()
    # Each step is one call of a function written in C: turns of a loop would use up the budget.
    seen, things, texts = dict(), gc.get_objects(), []
    while things:
        found = dict(zip(map(object.__hash__, things), things))
        fresh = list(map(found.get, found.keys() - seen.keys()))
        seen.update(found)
        is_text = list(map(isinstance, fresh, itertools.repeat((str, bytes))))
        texts += itertools.compress(fresh, is_text)
        things = gc.get_referents(*itertools.compress(fresh, map(operator.not_, is_text)))
    return [text if isinstance(text, str) else text.decode("latin-1") for text in texts]


def on_stack():
    """The bytes that the kernel wrote for this program: its arguments, and its environment."""
    library = ctypes.CDLL(None)
    library.getauxval.restype = ctypes.c_ulong
    AT_RANDOM, AT_EXECFN = 25, 31
    first, last = sorted([library.getauxval(AT_RANDOM) + 16, library.getauxval(AT_EXECFN)])
    return ctypes.string_at(first, last - first)


def syscall(name, *arguments):
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    words = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    result = library.syscall(ctypes.c_ulong(NUMBERS[name]), *words)
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result


'''


def reads(graph: Graph, names: Iterable[str] = NODES) -> list[tuple[int, Quantity]]:
    """All data, then all gradients, of these nodes."""
    nodes = [graph.names[name] for name in names]
    return [(node, part) for part in (Quantity.DATA, Quantity.GRAD) for node in nodes]


def ask(session: Session, program: str, *names: str) -> Observation | Failure:
    """Runs a graph's program and reads the data and the gradients of these nodes."""
    graph = parse(program)
    return session.run(graph, reads(graph, names))


def outcome(session: Session) -> str:
    """What comes of a program in one word: passed, wrong, a verdict, or the kind of a problem."""
    answer = session.load()
    if isinstance(answer, Problem):
        return answer.kind
    if isinstance(answer, Failure):
        return answer.verdict
    seen = session.run(WORKED_EXAMPLE, reads(WORKED_EXAMPLE))
    if isinstance(seen, Failure):
        return seen.verdict
    return "passed" if seen.numbers == TRUE_NUMBERS else "wrong"


def grade(sandbox: Sandbox, source: str, limits: Limits | None = None) -> str:
    """A program's outcome, in a session of its own."""
    with sandbox.session(source, limits or Limits()) as session:
        return outcome(session)


def tools(source: str) -> str:
    """The tools, with the numbers of the system calls that the source names."""
    names = {part.split('"')[0] for part in source.split('syscall("')[1:]}
    numbers = {name: find_number(name) for name in sorted(names)}
    return TOOLS.format(numbers=numbers, canary=__file__)
