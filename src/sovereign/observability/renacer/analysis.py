"""A page about golden files: how long programs took, what they called most, one mode beside the other.

Enters: golden files by their paths. Leaves: HTML or Markdown with the same tables. Read `report.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sovereign.observability.renacer.golden import Golden

__all__ = ["html", "markdown", "rows"]

_MOST_FREQUENT = 5
_COLUMNS = ("program", "mode", "ms under the tracer", "calls", "processes", "things touched")
_RIGHT = _COLUMNS[2:]
_CALLS = ("program", "mode", "the most frequent calls")
_TAKEN = "Times are medians of the recordings, under the tracer, which makes each call dearer; they compare modes only."


def rows(named: Mapping[Path, Golden]) -> list[dict[str, Any]]:
    """The facts of each golden file, a program's modes together."""
    found = []
    for path, golden in named.items():
        program, _, mode = path.name.removesuffix(".golden").partition(".")
        counted = sorted(golden.calls.items(), key=lambda each: (-each[1][1], each[0]))
        took = golden.head.get("took_ms")
        found.append(
            {
                "program": program,
                "mode": mode,
                "took_ms": took if isinstance(took, int | float) else None,
                "calls": sum(band[1] for band in golden.calls.values()),
                "processes": len(golden.processes),
                "things": len(golden.objects),
                "frequent": {name: band[1] for name, band in counted[:_MOST_FREQUENT]},
            }
        )
    return sorted(found, key=lambda row: (row["program"], row["mode"]))


def _cells(row: Mapping[str, Any]) -> list[str]:
    took = "" if row["took_ms"] is None else f"{row['took_ms']:.1f}"
    return [row["program"], row["mode"], took, str(row["calls"]), str(row["processes"]), str(row["things"])]


def _frequent(row: Mapping[str, Any]) -> list[str]:
    told = ", ".join(f"{name} {count}" for name, count in row["frequent"].items())
    return [row["program"], row["mode"], told]


def _ratios(found: list[dict[str, Any]]) -> list[list[str]]:
    """Each mode of a program beside its first one, as shares of time and calls."""
    told = []
    first: dict[str, dict[str, Any]] = {}
    for row in found:
        base = first.setdefault(row["program"], row)
        if base is row or not base["took_ms"] or row["took_ms"] is None:
            continue
        time, calls = row["took_ms"] / base["took_ms"], row["calls"] / max(base["calls"], 1)
        told.append([row["program"], f"{row['mode']} to {base['mode']}", f"{time:.2f}", f"{calls:.2f}"])
    return told


_RATIO_COLUMNS = ("program", "modes", "time", "calls")


def html(named: Mapping[Path, Golden]) -> str:
    """The page as HTML, in one file."""
    from sovereign.shell.chart import bars
    from sovereign.shell.page import Page

    found = rows(named)
    page = Page("Golden traces")
    page.text(_TAKEN)
    page.table("Every program in every mode", _COLUMNS, [_cells(row) for row in found], right=_RIGHT)
    page.section("Calls")
    items = [(f"{row['program']} {row['mode']}", float(row["calls"])) for row in found]
    page.figure(bars("Calls of each program", items), "How many system calls each run makes, at most.")
    page.table("What is called most", _CALLS, [_frequent(row) for row in found])
    page.section("One mode beside the other")
    page.table("Shares of the first mode", _RATIO_COLUMNS, _ratios(found), right=_RATIO_COLUMNS[2:])
    return page.html()


def markdown(named: Mapping[Path, Golden]) -> str:
    """The page as Markdown."""
    found = rows(named)
    return "\n".join(
        [
            "# Golden traces\n",
            f"{_TAKEN} Written by `renacer golden report`.\n",
            _table(_COLUMNS, [_cells(row) for row in found]),
            "## Calls\n",
            _table(_CALLS, [_frequent(row) for row in found]),
            "## One mode beside the other\n",
            _table(_RATIO_COLUMNS, _ratios(found)),
        ]
    )


def _table(columns: tuple[str, ...], body: list[list[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *body]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)
