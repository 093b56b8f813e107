"""Examines the sandbox on this machine: its layers, and attacks on them."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from worker.sandbox.doctor.canaries import CanaryResult, release, run_harmless
from worker.sandbox.errors import LayerNotHeldError, SandboxError
from worker.sandbox.host.sandbox import REQUIRE_LANDLOCK_SETTING, REQUIRED_LAYERS, Sandbox
from worker.sandbox.policy.layer_catalogue import GUARANTEES, guarantee

_log = logging.getLogger(__name__)

NO_LANDLOCK = (
    "This kernel does not offer Landlock. Submissions are still refused every file and socket by "
    "seccomp, but the second layer behind it is missing. Use a kernel of 5.13 or newer with "
    f"Landlock on; {REQUIRE_LANDLOCK_SETTING}=1 refuses to work without it."
)


class State(StrEnum):
    """The state of a layer."""

    IN_FORCE = "in force"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A layer, its state on this machine, and what it guarantees."""

    name: str
    state: State
    detail: str
    required: bool
    guarantee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """The result of an examination.

    `canaries` are attacks, and each of them must fail. `harmless` is why a harmless program didn't
    run. `error` is why there is no sandbox at all.
    """

    layers: tuple[Layer, ...]
    canaries: tuple[CanaryResult, ...] = ()
    harmless: str | None = None
    error: str | None = None

    @property
    def escaped(self) -> tuple[CanaryResult, ...]:
        """The canaries that were not contained."""
        return tuple(canary for canary in self.canaries if not canary.contained)

    @property
    def safe(self) -> bool:
        """Whether submissions may be run here."""
        return self.error is None and self.harmless is None and not self.escaped

    @property
    def warning(self) -> str | None:
        """A warning if a layer that isn't required is missing."""
        missing = {layer.name for layer in self.layers if layer.state is State.MISSING}
        return NO_LANDLOCK if "landlock" in missing and self.error is None else None


def examine(require_landlock: bool = False) -> Examination:
    """Starts a sandbox and attacks it."""
    required = REQUIRED_LAYERS | ({"landlock"} if require_landlock else set())
    try:
        with Sandbox(require_landlock) as sandbox:
            layers = list_layers(sandbox.layers, GUARANTEES.keys(), required)
            attacks = tuple(release(sandbox))
            return Examination(layers=layers, canaries=attacks, harmless=run_harmless(sandbox))
    except LayerNotHeldError as error:
        layers = list_layers(error.held, error.missing, required)
        return Examination(layers=layers, error=str(error))
    except SandboxError as error:
        return Examination(layers=list_layers({}, (), required), error=str(error))


def require_safe(require_landlock: bool = False) -> None:
    """Raises SandboxError unless it is safe to run submissions. Logs a warning if there is one."""
    result = examine(require_landlock)
    if result.error:
        raise SandboxError(result.error)
    if result.escaped:
        attacks = "; ".join(f"{canary.attempts} ({canary.seen})" for canary in result.escaped)
        raise SandboxError(
            f"The sandbox does not hold, so no submission is run. It was possible to: {attacks}. "
            "See `chainrule doctor`."
        )
    if result.harmless:
        raise SandboxError(
            f"Even a harmless program fails in the sandbox ({result.harmless}), so no submission "
            "is run. See `chainrule doctor`."
        )
    if result.warning:
        _log.warning(result.warning)


def list_layers(
    held: dict[str, str], missing: Collection[str], required: frozenset[str]
) -> tuple[Layer, ...]:
    """Returns all layers with their states."""

    def find_state(name: str) -> State:
        if name in held:
            return State.IN_FORCE
        return State.MISSING if name in missing else State.UNKNOWN

    return tuple(
        Layer(
            name=name,
            state=find_state(name),
            detail=held.get(name, ""),
            required=name in required,
            guarantee=guarantee(name, held.get(name, "")),
        )
        for name in GUARANTEES
    )
