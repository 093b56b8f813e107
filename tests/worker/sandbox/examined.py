"""Prints what the doctor finds here, as JSON: `python -m tests.worker.sandbox.examined`."""

from __future__ import annotations

import dataclasses
import json
import sys

from worker.sandbox.doctor.examination import examine

if __name__ == "__main__":
    found = examine()
    seen = {"safe": found.safe, "warning": found.warning}
    if found.warning:
        seen["demanding"] = examine(require_landlock=True).error
    json.dump(dataclasses.asdict(found) | seen, sys.stdout)
