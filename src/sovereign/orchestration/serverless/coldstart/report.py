"""A run of the cold-start bench for the eye: table, page, comparison with a kept run.

Enters: `Measured`. Leaves: rows, one HTML document, and which ratios became worse. Read `measurement.py` first.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sovereign.errors import ParameterError
from sovereign.shell.chart import bars
from sovereign.shell.page import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sovereign.orchestration.serverless.coldstart.measurement import Measured, Row

__all__ = ["COLUMNS", "LOSS", "chart", "document", "kept_run", "losses", "note", "rows"]

COLUMNS = (
    "candidate",
    "bytes",
    "calls",
    "first next us",
    "p99 us",
    "of floor",
    "first reply us",
    "cycle us",
    "rss KiB",
)
LOSS = 0.05
"""What a ratio may lose against the kept run."""
WHAT = (
    "Times from the moment before the process is started until it asked for its first event (first next), and from an "
    "event until the next question (cycle). Local, without the platform's sandbox; not what the service reports."
)


def rows(measured: Measured) -> list[list[str]]:
    """One row per candidate, then those that are lacking."""
    found = [_cells(each) for each in measured.rows]
    return found + [[each.name, each.reason, *[""] * (len(COLUMNS) - 2)] for each in measured.lacking]


def _cells(row: Row) -> list[str]:
    if not row.samples:
        return [row.name, f"failed: {row.failed}", *[""] * (len(COLUMNS) - 2)]
    return [
        row.name,
        f"{row.size_bytes:,}",
        "not measured" if row.calls is None else str(row.calls),
        f"{row.first_next_us:,.0f}",
        "not shown" if row.first_next_p99_us is None else f"{row.first_next_p99_us:,.0f}",
        f"{row.floor_ratio:.2f}",
        f"{row.first_reply_us:,.0f}" if row.first_reply_us else "",
        f"{row.cycle_us:,.1f}" if row.cycle_us else "",
        f"{row.rss_kb:,}" if row.rss_kb else "",
    ]


def note(measured: Measured) -> str:
    """The conditions in a sentence."""
    asked = measured.conditions
    cache = "cold" if asked.is_cold else "warm"
    tail = "" if asked.has_priority or measured.is_quiet else "; the machine is loaded, so no p99 is shown"
    priority = "real-time priority" if asked.has_priority else "normal priority"
    return (
        f"{asked.samples} starts each, in turns, {asked.rounds} rounds in each process; {cache} page cache, "
        f"{priority}, load {measured.load_before:.1f} before and {measured.load_after:.1f} after{tail}"
    )


def document(measured: Measured) -> str:
    """The run as one page."""
    page = Page("Cold starts on this machine")
    page.text(WHAT)
    page.text(note(measured) + ".")
    good = [each for each in measured.rows if each.samples]
    page.section("Candidates")
    page.table("One row per candidate", list(COLUMNS), rows(measured), right=COLUMNS[1:])
    page.section("Start")
    page.figure(
        chart(measured),
        "Median time until the first question for an event.",
    )
    page.section("Cycle")
    page.figure(
        bars("Event to next question", [(each.name, each.cycle_us) for each in good if each.cycle_us], unit="us"),
        "Median time from an event until the next question, in a process that is warm.",
    )
    return page.html()


def chart(measured: Measured) -> str:
    """The times until the first question as an SVG."""
    good = [(each.name, each.first_next_us) for each in measured.rows if each.samples]
    return bars("From start to first next", good, unit="us")


def kept_run(text: str, path: str) -> dict[str, Any]:
    """A run as `batuta bench-cold --json` prints it.

    Errors    ParameterError serverless.baseline   when the text is none.
    """
    try:
        kept: dict[str, Any] = json.loads(text)
        if all({"name", "floor_ratio", "size_bytes"} <= set(each) for each in kept["rows"]):
            return kept
    except (ValueError, KeyError, TypeError):
        pass
    message = f"a kept run is what `batuta bench-cold --json` prints: `{path}`"
    raise ParameterError("serverless.baseline", message, name="baseline", value=path, allowed=["FILE"])


def losses(measured: Measured, kept: Mapping[str, Any]) -> list[str]:
    """What became worse than the kept run by more than `LOSS`: ratios to the floor of ours, and their sizes."""
    before = {each["name"]: each for each in kept["rows"]}
    found = []
    for row in measured.rows:
        old = before.get(row.name)
        if not row.is_ours or old is None:
            continue
        for name in ("floor_ratio", "size_bytes"):
            now, then = getattr(row, name), old[name]
            if now > then * (1 + LOSS):
                found.append(f"{row.name}: {name} {now:.3g}, kept {then:.3g}")
    return found
