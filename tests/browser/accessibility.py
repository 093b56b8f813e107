"""What is wrong with a page for somebody who reads it by keyboard, by ear, or in poor light."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")
RUN = """async () => {
    const options = { resultTypes: ["violations"], iframes: false, preload: false };
    return (await axe.run(options)).violations;
}"""


def unfold_all(page: Page) -> None:
    """Open every fold of a page."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")


def axe_faults(page: Page) -> list[str]:
    """What axe finds in a page as it is shown now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [_describe(violation) for violation in page.evaluate(RUN)]


def own_faults(page: Page) -> list[str]:
    """What axe doesn't look for: audit.js."""
    found: list[str] = page.evaluate(AUDIT)
    return found


def _describe(violation: dict[str, Any]) -> str:
    nodes = [f"{each['html'][:160]} {each['failureSummary']}" for each in violation["nodes"]]
    return f"{violation['id']}: {' | '.join(nodes[:3])}"
