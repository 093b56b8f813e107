"""Says whether the sandbox can be trusted on this machine: its layers, and attacks upon them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum

from worker.sandbox.canaries import CanaryResult, release
from worker.sandbox.errors import SandboxError
from worker.sandbox.sandbox import REQUIRE_LANDLOCK_SETTING, REQUIRED_LAYERS, Sandbox

_log = logging.getLogger(__name__)

GUARANTEES = {
    "namespaces": "the machine's network, shared memory and host name do not exist for it",
    "session": "signals and terminals of the service do not reach a submission, nor the reverse",
    "descriptors": "no file, socket or pipe of the service is open in a submission",
    "parent_death": "a submission ends with the process that started it",
    "oom_score": "when memory runs out, the system ends a submission before the service",
    "own_user": "a submission owns nothing, and shares its user with nobody",
    "rlimits": "CPU, memory and descriptors are bounded, and no file can grow",
    "no_new_privs": "no program that it could start would have more rights",
    "undumpable": "other processes cannot read its memory, and it leaves no core file",
    "landlock": "the kernel refuses every file, TCP port and signal, whatever call is used",
    "seccomp": "of the system calls only those of the policy can be made",
}
NO_LANDLOCK = (
    "This kernel does not offer Landlock. Submissions are still refused every file and socket by "
    "seccomp, but the second wall behind it is missing. Use a kernel of 5.13 or newer with "
    f"Landlock on; {REQUIRE_LANDLOCK_SETTING}=1 refuses to work without it."
)


class State(StrEnum):
    """Of a layer."""

    IN_FORCE = "in force"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A layer, whether it holds here, with what detail, and what it guarantees."""

    name: str
    state: State
    detail: str
    required: bool
    guarantee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was found. `error` is why there could be no sandbox at all."""

    layers: tuple[Layer, ...]
    canaries: tuple[CanaryResult, ...] = ()
    error: str | None = None

    @property
    def escaped(self) -> tuple[CanaryResult, ...]:
        """The canaries that were not contained."""
        return tuple(canary for canary in self.canaries if not canary.contained)

    @property
    def safe(self) -> bool:
        """Whether submissions may be run here."""
        return self.error is None and not self.escaped

    @property
    def warning(self) -> str | None:
        """What is weaker here than it could be."""
        missing = {layer.name for layer in self.layers if layer.state is State.MISSING}
        return NO_LANDLOCK if "landlock" in missing else None


def examine(require_landlock: bool = False) -> Examination:
    """Builds a sandbox and attacks it."""
    required = REQUIRED_LAYERS | ({"landlock"} if require_landlock else set())
    try:
        with Sandbox(require_landlock) as sandbox:
            layers = _tabulate(sandbox.layers, required)
            return Examination(layers=layers, canaries=tuple(release(sandbox)))
    except SandboxError as error:
        return Examination(layers=_tabulate(None, required), error=str(error))


def require_safe(require_landlock: bool = False) -> None:
    """Raises SandboxError unless submissions may be run here; warns of what is missing."""
    found = examine(require_landlock)
    if found.error:
        raise SandboxError(found.error)
    if found.escaped:
        attacks = "; ".join(f"{canary.attempts} ({canary.seen})" for canary in found.escaped)
        raise SandboxError(
            f"The sandbox does not hold, so no submission is run. It was possible to: {attacks}. "
            "See `chainrule doctor`."
        )
    if found.warning:
        _log.warning(found.warning)


def _tabulate(held: dict[str, str] | None, required: frozenset[str]) -> tuple[Layer, ...]:
    return tuple(
        Layer(
            name=name,
            state=_state(name, held),
            detail=(held or {}).get(name, ""),
            required=name in required,
            guarantee=guarantee,
        )
        for name, guarantee in GUARANTEES.items()
    )


def _state(name: str, held: dict[str, str] | None) -> State:
    if held is None:
        return State.UNKNOWN
    return State.IN_FORCE if name in held else State.MISSING
