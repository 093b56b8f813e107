"""The kernel's own calls: what they give, and that a refusal is an error."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from worker.sandbox.child import kernel

ROOT = Path(__file__).resolve().parents[3]
GIVE_UP = """
import os
from worker.sandbox.child import kernel
assert kernel.drop_capabilities()
assert kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1) == 0
assert kernel.prctl(kernel.PR_GET_NO_NEW_PRIVS) == 1
kernel.prctl(kernel.PR_SET_PDEATHSIG, 9)
assert kernel.read_death_signal() == 9
abi = kernel.landlock_abi()
if abi:
    os.close(os.open("/", os.O_RDONLY))
    kernel.give_up(kernel.list_rights(abi))
    try:
        os.open("/", os.O_RDONLY)
    except PermissionError:
        pass
    else:
        raise AssertionError("it can still be opened")
"""


def test_a_right_that_is_given_up_is_gone() -> None:
    subprocess.run([sys.executable, "-B", "-c", GIVE_UP], cwd=ROOT, check=True)


def test_a_refused_call_is_an_error_with_its_number() -> None:
    with pytest.raises(OSError, match="Invalid argument") as refused:
        kernel.prctl(2**31 - 1)
    assert refused.value.errno == errno.EINVAL
    with pytest.raises(OSError, match="Invalid argument"):
        kernel.unshare(1)


def test_the_kernel_reports_this_process_correctly() -> None:
    assert kernel.count_groups() == len(os.getgroups())
    assert kernel.read_death_signal() == 0


@pytest.mark.parametrize(
    ("abi", "files", "ports", "scopes"),
    [(1, 13, 0, 0), (3, 15, 0, 0), (4, 15, 2, 0), (6, 16, 2, 2), (99, 16, 2, 2)],
)
def test_a_ruleset_handles_every_right_that_its_abi_knows(
    abi: int, files: int, ports: int, scopes: int
) -> None:
    rights = bytes(kernel.list_rights(abi))
    words = [int.from_bytes(rights[place : place + 8], "little") for place in (0, 8, 16)]
    assert [word.bit_count() for word in words] == [files, ports, scopes]
