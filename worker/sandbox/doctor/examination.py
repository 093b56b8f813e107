"""Says whether the sandbox can be trusted on this machine: its layers, and attacks upon them."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from worker.sandbox.doctor.canaries import CanaryResult, release, run_honest
from worker.sandbox.errors import LayerNotHeldError, SandboxError
from worker.sandbox.host.sandbox import REQUIRE_LANDLOCK_SETTING, REQUIRED_LAYERS, Sandbox
from worker.sandbox.policy.layer_catalogue import GUARANTEES, guarantee

_log = logging.getLogger(__name__)

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
    """What was found. `error` is why there could be no sandbox at all.

    `canaries` are attacks, each of which must fail; `honest` is why an honest program did not run.
    """

    layers: tuple[Layer, ...]
    canaries: tuple[CanaryResult, ...] = ()
    honest: str | None = None
    error: str | None = None

    @property
    def escaped(self) -> tuple[CanaryResult, ...]:
        """The canaries that were not contained."""
        return tuple(canary for canary in self.canaries if not canary.contained)

    @property
    def safe(self) -> bool:
        """Whether submissions may be run here."""
        return self.error is None and self.honest is None and not self.escaped

    @property
    def warning(self) -> str | None:
        """What is weaker here than it could be."""
        missing = {layer.name for layer in self.layers if layer.state is State.MISSING}
        return NO_LANDLOCK if "landlock" in missing and self.error is None else None


def examine(require_landlock: bool = False) -> Examination:
    """Builds a sandbox and attacks it."""
    required = REQUIRED_LAYERS | ({"landlock"} if require_landlock else set())
    try:
        with Sandbox(require_landlock) as sandbox:
            layers = _tabulate(sandbox.layers, GUARANTEES.keys(), required)
            attacks = tuple(release(sandbox))
            return Examination(layers=layers, canaries=attacks, honest=run_honest(sandbox))
    except LayerNotHeldError as error:
        layers = _tabulate(error.held, error.missing, required)
        return Examination(layers=layers, error=str(error))
    except SandboxError as error:
        return Examination(layers=_tabulate({}, (), required), error=str(error))


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
    if found.honest:
        raise SandboxError(
            f"The sandbox runs no honest program either ({found.honest}), so no submission is run. "
            "See `chainrule doctor`."
        )
    if found.warning:
        _log.warning(found.warning)


def _tabulate(
    held: dict[str, str], missing: Collection[str], required: frozenset[str]
) -> tuple[Layer, ...]:
    """All layers; what neither holds nor is missing was not come to."""
    return tuple(
        Layer(
            name=name,
            state=_state(name, held, missing),
            detail=held.get(name, ""),
            required=name in required,
            guarantee=guarantee(name, held.get(name, "")),
        )
        for name in GUARANTEES
    )


def _state(name: str, held: dict[str, str], missing: Collection[str]) -> State:
    if name in held:
        return State.IN_FORCE
    return State.MISSING if name in missing else State.UNKNOWN
