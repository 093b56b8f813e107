"""numpy belongs to every installation, runs with one thread, and is named where it is missing.

The fixture `numpy` is a stand-in that shows what it found when it was imported.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.students import engine
from tests.worker.sandbox.programs import HONEST, grade
from worker.graph import Apply, Backward, Graph, Leaf, Step, parse
from worker.report.model import Problem, ProblemKind, Quantity
from worker.sandbox import Limits, Loaded, Observation, Sandbox, SandboxError
from worker.sandbox.child.preloading import NUMPY
from worker.sandbox.host import zygote_process

STAND_IN = """\
import os, sys
environment = dict(os.environ)
path = list(sys.path)
"""
PARTS = NUMPY.split()[1:]


@pytest.fixture
def numpy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a stand-in numpy that is installed where the service finds it."""
    folder = tmp_path / "site" / "numpy"
    folder.mkdir(parents=True)
    for part in PARTS:
        (folder / f"{part.removeprefix('numpy.')}.py").write_text("seed = print")
    file = folder / "__init__.py"
    file.write_text(STAND_IN)
    (folder.parent / "neighbour.py").write_text("")
    monkeypatch.syspath_prepend(folder.parent)
    monkeypatch.delitem(sys.modules, "numpy", raising=False)  # tests of the driver import it
    return file


def said(sandbox: Sandbox, source: str) -> str:
    with sandbox.session(HONEST + source, Limits()) as session:
        assert isinstance(session.load(), Loaded)
        return session.stdout


def account(sandbox: Sandbox, source: str) -> tuple[str, ...]:
    with sandbox.session(source + HONEST, Limits()) as session:
        found = session.load()
    assert isinstance(found, Loaded)
    return found.interface.notes


USE = """
import pickle, warnings
import numpy as np
before = set(__import__("sys").modules)
warnings.simplefilter("error")
a = np.array([[1.0, 2.0], [3.0, 4.0]])
assert np.allclose(a @ np.linalg.inv(a), np.eye(2))
large = np.ones((300, 300))  # OpenBLAS takes its memory at the first large product
assert (large @ large).sum() == 300**3
assert np.dot(a, a).shape == np.einsum("ij,jk", a, a).shape == np.tensordot(a, a, 1).shape
np.linalg.svd(a), np.linalg.eig(a), np.linalg.norm(a), np.fft.fft(a), np.polyfit([1, 2], [1, 2], 1)
np.random.seed(1)
assert np.random.randn(3).shape == np.random.default_rng().normal(size=3).shape
a.mean(), a.std(), a.tolist(), np.median(a), np.unique(a), np.gradient([1.0, 2.0, 4.0])
np.tanh(a), np.float32(0.1).item(), np.float16(2) ** 2, np.longdouble(1) / 3, np.finfo(np.float32)
assert repr(np.float64(0.1)) == "np.float64(0.1)" and f"{np.float32(0.1):.3f}" == "0.100"
assert pickle.loads(pickle.dumps(a)).dtype == np.dtype("f8")
np.ma.array([1], mask=[0]), np.char.upper(["a"]), np.strings.upper(["a"]), np.rec.array([(1, 2.0)])
np.polynomial.Polynomial([1, 2])(2), np.vectorize(abs)(a), np.array2string(a), np.isclose(a, a)
for wrong, kind in (
    (lambda: a.reshape(3), ValueError), (lambda: a[5], IndexError),
    (lambda: np.foo, AttributeError),
    (lambda: np.linalg.inv(np.zeros((2, 2))), np.linalg.LinAlgError),
    (lambda: np.add("a", 1), TypeError), (lambda: np.zeros((10**6, 10**6)), MemoryError),
):
    try:
        wrong()
    except kind as error:
        str(error)
    else:
        raise AssertionError(kind)
with np.errstate(all="raise"):
    try:
        np.log(-1.0)
    except FloatingPointError:
        print(*sorted(set(__import__("sys").modules) - before), "used")
"""


def test_numpy_works_behind_all_layers_and_imports_nothing_later() -> None:
    with Sandbox() as made:
        assert said(made, USE) == "used\n"


def test_an_engine_of_numpy_has_room_for_a_graph_of_5000_nodes() -> None:
    """The memory limit is the zygote's own size, which numpy enlarges, and a budget."""
    source = engine("right/numpy_arrays")
    steps: tuple[Step, ...] = (
        Leaf(1.0),
        *(Apply("*", (0, node)) for node in range(4999)),
        Backward(4999),
    )
    graph = Graph(steps=steps, names={"x": 0}, program="")
    with Sandbox() as made, made.session(source, Limits()) as session:
        assert isinstance(session.load(), Loaded)
        assert session.run(graph, ((0, Quantity.GRAD),)) == Observation((5000.0,))


@pytest.mark.parametrize("kind", ["float16", "float32", "float64", "longdouble", "int64", "bool_"])
def test_every_kind_of_number_of_numpy_is_a_number(kind: str) -> None:
    source = "import numpy as np\n" + HONEST.replace("= data", f"= np.{kind}(data)")
    graph = parse("x = Value(1)")
    with Sandbox() as made, made.session(source, Limits()) as session:
        assert isinstance(session.load(), Loaded)
        assert session.run(graph, ((0, Quantity.DATA),)) == Observation((1.0,))


@pytest.mark.usefixtures("numpy")
def test_an_installed_numpy_can_be_imported_and_uses_one_thread() -> None:
    with Sandbox() as made:
        result = said(made, "import numpy\nprint(*sorted(numpy.environment.items()), sep='\\n')")
        assert "('OPENBLAS_NUM_THREADS', '1')" in result
        assert "('OMP_NUM_THREADS', '1')" in result
        assert said(made, "from numpy import linalg, random\nimport numpy.typing") == ""


def test_nothing_else_can_be_imported_from_the_folder_of_numpy(numpy: Path) -> None:
    with Sandbox() as made:
        result = said(made, "import numpy, sys\nprint(numpy.path[-1], sys.path)")
        assert result == f"{numpy.parents[1]} []\n"
        assert account(made, "import neighbour\n") == (
            "neighbour.py wasn't handed in; a placeholder was used instead.",
        )


@pytest.mark.usefixtures("numpy")
def test_the_environment_is_empty_again_once_numpy_is_imported() -> None:
    with Sandbox() as made:
        assert said(made, "import os\nprint(set(os.environ) - {'LC_CTYPE'})") == "set()\n"


def test_a_numpy_that_starts_threads_is_rejected(numpy: Path) -> None:
    with numpy.open("a") as file:
        file.write("import threading\n")
        file.write(
            "import time\nthreading.Thread(target=time.sleep, args=[1000], daemon=True).start()\n"
        )
    with pytest.raises(SandboxError, match="numpy started threads"):
        Sandbox()


def test_a_numpy_that_cannot_be_imported_is_our_failure(numpy: Path) -> None:
    numpy.write_text("raise ImportError('libopenblas is missing')")
    with pytest.raises(SandboxError, match="ImportError: libopenblas is missing"):
        Sandbox()


@pytest.mark.parametrize("line", ["import numpy as np\n", "from numpy import array\n"])
def test_without_numpy_a_file_that_only_imports_it_is_graded(
    monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(zygote_process, "find_numpy", str)
    with Sandbox() as made:
        assert account(made, line) == (
            "numpy isn't available here; a placeholder was used instead.",
        )
        assert grade(made, line + HONEST) == "passed"


@pytest.mark.parametrize(
    ("line", "array"),
    [("import numpy as np\n", "np.array"), ("from numpy import array\n", "array")],
)
def test_without_numpy_a_submission_that_needs_it_gets_one_message(
    monkeypatch: pytest.MonkeyPatch, line: str, array: str
) -> None:
    monkeypatch.setattr(zygote_process, "find_numpy", str)
    needing = line + HONEST.replace("self.data = data", f"self.data = {array}(data)")
    with Sandbox() as made:
        with made.session(needing, Limits()) as session:
            found = session.load()
        assert grade(made, HONEST) == "passed"
    assert isinstance(found, Problem)
    assert found.kind is ProblemKind.MISSING_MODULE
    assert (found.line, found.source_line) == (1, line.strip())
    assert "numpy isn't available here: a Value holds one number" in found.message


def test_numpy_is_looked_for_where_the_service_itself_would_find_it(
    numpy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert zygote_process.find_numpy() == str(numpy.parents[1])
    monkeypatch.setattr("sys.path", [os.devnull])
    assert zygote_process.find_numpy() == ""
