"""Print what to rewrite, as `file:line: reason: text`; exit with 1 when there is something."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tools.prose.rules import Finding, check_source

ROOT = Path(__file__).parents[2]
FILES = (
    "*.md",
    "docs/**/*.md",
    "service/web/templates/**/*.html",
    "service/**/*.py",
    "worker/**/*.py",
    "worker/suites/shipped/*.suite",
)


def find_files(root: Path, only: list[str]) -> Iterator[Path]:
    """The files to check, relative to the root; `only` limits them to some files and folders."""
    chosen = [(root / name).resolve() for name in only]
    for path in sorted({path for glob in FILES for path in root.glob(glob)}):
        if not chosen or any(path.is_relative_to(each) for each in chosen):
            yield path.relative_to(root)


def check_files(root: Path, only: list[str]) -> Iterator[Finding]:
    """Findings of all files, in the order of files and lines."""
    for path in find_files(root, only):
        source = (root / path).read_text(encoding="utf-8")
        yield from sorted(check_source(path, source), key=lambda finding: finding.line)


def main(arguments: list[str]) -> int:
    """Check the files that are named, or all."""
    findings = list(check_files(ROOT, arguments))
    for finding in findings:
        print(finding)
    if findings:
        print(f'{len(findings)} to rewrite. See CONTRIBUTING.md, "Write plain English".')
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
