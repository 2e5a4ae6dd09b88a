"""The evidence of `batuta stack check`, for the eye: table rows and an HTML page.

Enters: checks. Leaves: rows for `console.table` and one HTML document without requests.
"""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sovereign.orchestration.batuta.stack import broken
from sovereign.shell.chart import bars
from sovereign.shell.page import Page
from sovereign.shell.selftest import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.orchestration.batuta.stack import Check

__all__ = ["MARKS", "STYLES", "document", "table"]

MARKS = {State.OK.value: "good", State.BROKEN.value: "bad", State.ABSENT.value: "quiet"}
STYLES = {State.OK.value: "green", State.BROKEN.value: "bold red", State.ABSENT.value: "yellow"}


def table(checks: Sequence[Check]) -> tuple[list[str], list[list[str]]]:
    """Columns and rows, one row per evidence; the column of fixes is there when something needs one."""
    evidence = [each for one in checks for each in one.evidence]
    rows = [[each.check, each.state.value, each.evidence, each.fix or ""] for each in evidence]
    columns = ["check", "state", "evidence", "fix"]
    if any(row[-1] for row in rows):
        return columns, rows
    return columns[:-1], [row[:-1] for row in rows]


def document(checks: Sequence[Check]) -> str:
    """The page: verdict, evidence, the time of each self-test, and the machine."""
    bad = broken(checks)
    page = Page("The Sovereign stack on this machine")
    page.text("Nothing is broken." if not bad else f"Broken: {', '.join(each.check for each in bad)}.")
    page.section("Evidence")
    page.table("What each self-test saw", *table(checks), marks=MARKS)
    page.section("Time")
    chart = bars("Time of each self-test", [(each.name, each.wall_ms) for each in checks], unit="ms")
    page.figure(chart, "Wall time of each self-test in this run, its imports included, in milliseconds.")
    page.section("Machine")
    facts = [
        ["taken", datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")],
        ["system", f"{platform.system()} {platform.release()} {platform.machine()}"],
        ["python", platform.python_version()],
    ]
    page.table("Where it was measured", ["fact", "value"], facts)
    return page.html()
