"""`make storm`: long storms over both forms of the service. Exit code 1 if one did harm."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.storm.outcome import find_late
from tests.storm.storm import FULL, SHORT, Result, run

FORMS = ("embedded", "production")


def main() -> None:
    """Read the arguments, run the storms, and say what came out."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--form", choices=FORMS, action="append", help="default: both")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--kind", action="append", default=[], help="what is killed; default: all")
    parser.add_argument("--short", action="store_true", help="the storm of `make test`")
    parser.add_argument("--keep", type=Path, help="keep data and logs in this folder")
    arguments = parser.parse_args()
    failed = False
    for form in arguments.form or FORMS:
        print(f"{form}: seed {arguments.seed}", flush=True)
        with tempfile.TemporaryDirectory(prefix="chainrule-storm-") as temporary:
            folder = (arguments.keep or Path(temporary)) / form
            begin = time.monotonic()
            size = SHORT if arguments.short else FULL
            result = run(form, size, arguments.seed, folder, tuple(arguments.kind))
        failed |= show(result, time.monotonic() - begin)
    sys.exit(failed)


def show(result: Result, seconds: float) -> bool:
    """Print a result; whether the storm did harm."""
    kills = ", ".join(f"{kind} {number}" for kind, number in sorted(result.kills.items()))
    moments = ", ".join(f"{number} {moment}" for moment, number in result.moments.items())
    print(f"  {result.accepted} accepted, {result.doubled} messages doubled, {seconds:.0f} s")
    print(f"  {sum(result.kills.values())} kills: {kills}; {moments}")
    complaints = list(result.complaints)
    if result.waits:
        worst, middle = result.waits[0], result.waits[len(result.waits) // 2]
        print(
            f"  capacity {result.capacity:.1f} per second; waits beyond outages: median "
            f"{middle.beyond:.1f} s, longest {worst.beyond:.1f} s ({worst.key})"
        )
        complaints += find_late(result.waits)
    for complaint in complaints[:20]:
        print(f"  NOT OK: {complaint}")
    if len(complaints) > 20:
        print(f"  ... and {len(complaints) - 20} more")
    return bool(complaints)


if __name__ == "__main__":
    main()
