"""The layers by name: what each guarantees, and what to do if it's missing."""

from __future__ import annotations

from collections.abc import Iterable

PROFILE = (
    "Allow {} in the seccomp profile around the worker (the default profile of a container engine "
    "does), on a kernel that has it."
)
GUARANTEES = {
    "namespaces": "the machine's network, shared memory and host name do not exist for it",
    "session": "signals and terminals of the service do not reach a submission, nor the reverse",
    "descriptors": "no file, socket or pipe of the service is open in a submission",
    "parent_death": "a submission ends with the process that started it",
    "oom_score": "when memory runs out, the system ends a submission before the service",
    "own_user": "a submission owns nothing, and its user is not the service's",
    "no_capabilities": "it has no right of root's, whatever its user is",
    "rlimits": "CPU, memory and descriptors are bounded, and no file can grow",
    "no_new_privs": "no program that it could start would have more rights",
    "undumpable": "other processes cannot read its memory, and it leaves no core file",
    "landlock": "the kernel refuses to open or change any file, whatever call is used",
    "seccomp": "of the system calls only those of the policy can be made",
}
ADVICE = {
    "namespaces": "Optional: a worker has it as root, or if users may create namespaces.",
    "session": PROFILE.format("setsid"),
    "descriptors": PROFILE.format("close_range") + " Mount /proc for it.",
    "parent_death": PROFILE.format("prctl"),
    "oom_score": "Mount /proc for the worker so that it can be written.",
    "own_user": "Optional: a worker that is not root has no user to give up.",
    "no_capabilities": PROFILE.format("capset and capget"),
    "rlimits": (
        "Raise the worker's own limits before it starts (`ulimit -t unlimited`, `ulimit -v "
        "unlimited`; LimitCPU= and LimitAS= of a systemd unit), and allow prlimit64 in the seccomp "
        "profile around it."
    ),
    "no_new_privs": PROFILE.format("prctl"),
    "undumpable": PROFILE.format("prctl"),
    "landlock": (
        "Use a kernel of 5.13 or newer with Landlock on (`landlock` among /sys/kernel/security/lsm)"
        ", and allow its three calls in the seccomp profile around the worker."
    ),
    "seccomp": (
        "Use a kernel with CONFIG_SECCOMP_FILTER, and allow prctl in the seccomp profile around "
        "the worker."
    ),
}
# The ABIs of Landlock that protect more than files. None hides that a file exists.
TCP_FROM, SIGNALS_FROM = 4, 6


def guarantee(layer: str, detail: str) -> str:
    """Returns what a layer guarantees. `detail` is the layer's detail on this machine."""
    text = GUARANTEES[layer]
    if layer != "landlock" or not detail:
        return text
    abi = int(detail.rpartition(" ")[2])
    if abi >= SIGNALS_FROM:
        return text + "; and TCP, abstract sockets and signals"
    return text + "; and TCP" if abi >= TCP_FROM else text


def advise(layers: Iterable[str]) -> str:
    """Returns what to do about missing layers."""
    return " ".join(dict.fromkeys(ADVICE[layer] for layer in layers if layer in ADVICE))
