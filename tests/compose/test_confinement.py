"""Containers may do only what their work needs."""

from __future__ import annotations

import ast
import json
import socket
import sys
from collections.abc import Iterator

import pytest

from tests.compose.engine import Docker, run
from tests.compose.images import ROOT
from tests.compose.stack import FOREIGN, OURS, Stack
from tests.students import engine
from tests.support.ports import wait_for
from tests.worker.sandbox.corpus import list_hostile
from tests.worker.sandbox.everywhere import COPIED, REPEATED

NO_RIGHTS = {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}
UNSHARE_USER = 0x10000000
LOOK = f"""
import ctypes, errno, os, pathlib
libc = ctypes.CDLL(None, use_errno=True)
libc.unshare({UNSHARE_USER})
print(errno.errorcode[ctypes.get_errno()])
for place in ("/srv/chainrule/mine", "/usr/local/mine", "/etc/mine"):
    try:
        pathlib.Path(place).touch()
    except OSError as error:
        print(errno.errorcode[error.errno])
"""
REACH = """
import concurrent.futures, socket
def reach(place):
    try:
        socket.create_connection(place, timeout=3).close()
    except OSError:
        return False
    return True
with concurrent.futures.ThreadPoolExecutor() as pool:
    print(list(pool.map(reach, {places})))
"""


CORPUS = """
import json, os, sys
sys.path.insert(0, "/tmp")
from tests.worker.sandbox.corpus import SECRET, complaints, list_hostile
from worker.sandbox import Sandbox
os.environ["CHAINRULE_SECRET_KEY"] = SECRET
with Sandbox() as sandbox:
    print(json.dumps({each.name: complaints(sandbox, each) for each in list_hostile()}))
"""


@pytest.mark.parametrize("service", [*OURS, *FOREIGN])
def test_a_container_starts_without_privileges(stack: Stack, service: str) -> None:
    (container,) = stack.inspect(service)
    host = container["HostConfig"]

    assert container["Config"]["User"] not in {"", "0", "root"}
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert not host["Privileged"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]  # and so the default seccomp profile
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0
    assert not host["Binds"] or all(bind.startswith(stack.project) for bind in host["Binds"])


def test_containers_have_the_default_seccomp_profile(docker: Docker) -> None:
    answer = json.loads(docker.run("info", "--format", "{{json .SecurityOptions}}"))
    (seccomp,) = [option for option in answer if "name=seccomp" in option]
    assert seccomp.split("profile=")[1] in {"default", "builtin"}


@pytest.mark.parametrize("service", [*OURS, *FOREIGN])
def test_every_process_has_no_capabilities_and_a_seccomp_filter(stack: Stack, service: str) -> None:
    listing = stack.inside(service, "sh", "-c", "cat /proc/[0-9]*/status 2>/dev/null || true")
    processes = [
        dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        for status in listing.split("Name:\t")[1:]
    ]

    assert len(processes) >= 2
    for process in processes:
        assert "0" not in process["Uid"].split()
        assert {int(process[name], 16) for name in NO_RIGHTS} == {0}
        assert process["NoNewPrivs"] == "1"
        assert process["Seccomp"] == "2"


@pytest.mark.parametrize("service", OURS)
def test_a_container_cannot_create_namespaces_or_write_files(stack: Stack, service: str) -> None:
    assert stack.python(service, LOOK).split() == ["EPERM", "EROFS", "EROFS", "EROFS"]


@pytest.fixture
def listener() -> Iterator[int]:
    """The port of a listener on all addresses of this machine."""
    with socket.create_server(("0.0.0.0", 0)) as server:
        port: int = server.getsockname()[1]
        yield port


def reached(stack: Stack, service: str, places: list[tuple[str, int]]) -> list[bool]:
    """For each of these addresses, whether a service can connect to it."""
    answer: list[bool] = ast.literal_eval(stack.python(service, REACH.format(places=places)))
    return answer


@pytest.mark.parametrize("service", ["worker", "scheduler"])
def test_the_internal_network_has_no_connection_to_the_outside(
    stack: Stack, service: str, listener: int
) -> None:
    names = stack.docker.run("network", "ls", "--quiet", f"--filter=name={stack.project}_")
    networks = json.loads(stack.docker.run("network", "inspect", *names.split()))
    bridge = {net["Name"].split("_")[1]: net["IPAM"]["Config"][0]["Gateway"] for net in networks}
    outside = [(host, listener) for host in (*bridge.values(), "192.0.2.1", "example.org")]

    # The web process can reach the listener, so the listener works.
    assert reached(stack, "web", [(bridge["front"], listener)]) == [True]
    assert reached(stack, service, outside) == [False] * 4
    assert reached(stack, service, [("redis", 6379), ("db", 5432)]) == [True, True]


def test_the_doctor_is_right_inside_the_worker(stack: Stack) -> None:
    inside = json.loads(stack.inside("worker", "chainrule", "doctor", "--json"))
    here = json.loads(run([sys.executable, "-m", "service.cli", "doctor", "--json"], cwd=ROOT))
    states = {layer["name"]: layer["state"] for layer in inside["layers"]}
    states_here = {layer["name"]: layer["state"] for layer in here["layers"]}

    assert inside["safe"]
    assert all(canary["contained"] for canary in inside["canaries"])
    assert {states[name] for name in ("seccomp", "rlimits", "no_new_privs")} == {"in force"}
    assert states["landlock"] == states_here["landlock"]  # of the same kernel
    assert states["own_user"] == "missing"  # not root: a submission has the worker's own


def count_processes(stack: Stack, container: str) -> int:
    """How many processes a container has, including zombies."""
    return len(stack.docker.run("top", container, "-o", "pid").splitlines())


def copy_tests(stack: Stack, container: str, *parts: str) -> None:
    """Copies some of the tests into a container's /tmp."""
    files = run(["tar", "--exclude=__pycache__", "-cf", "-", *parts], cwd=ROOT, text=False)
    unpack = ("tar", "-xf", "-", "-C", "/tmp")
    stack.docker.run("exec", "-i", container, *unpack, input=files, text=False)


def test_the_worker_gives_one_report_however_often_it_grades_an_engine(stack: Stack) -> None:
    (worker,) = stack.containers("worker")
    copy_tests(stack, worker, "tests/__init__.py", *COPIED)
    program = ("python3", "-B", "-m", REPEATED, "whole")
    said = stack.docker.run("exec", "-w", "/tmp", worker, *program)
    assert "one report each" in said


def test_the_whole_hostile_corpus_is_contained_in_the_worker_and_leaves_nothing(
    stack: Stack,
) -> None:
    (worker,) = stack.containers("worker")
    before = count_processes(stack, worker)
    copy_tests(stack, worker, "tests/__init__.py", "tests/worker/sandbox")

    corpus = ("exec", "-i", "-w", "/tmp", worker, "python3", "-B", "-")
    answer = json.loads(stack.docker.run(*corpus, input=CORPUS))

    assert list(answer) == [hostile.name for hostile in list_hostile()]
    assert {name: found for name, found in answer.items() if found} == {}
    wait_for(lambda: count_processes(stack, worker) == before, what="the last process to end")
    client = stack.student()
    graded = client.graded(client.submit("engine", engine("right/closures")).body["id"])
    assert graded["score"] == graded["max_score"]
