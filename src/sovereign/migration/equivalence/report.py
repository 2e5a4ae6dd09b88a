"""What a comparison found, as data, as a page, as rows of a table.

Enters: a `Report`, and what was fuzzed and timed. Leaves: an object for JSON, one HTML file that asks nothing of the
network, and columns and rows for the shell. The exit code of the whole is 0 only when everything was measured and is
the same. Read `cases.py` for what goes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovereign.migration.equivalence.compare import Verdict, together
from sovereign.shell.chart import bars
from sovereign.shell.exit import ExitCode
from sovereign.shell.page import Page

if TYPE_CHECKING:
    from sovereign.migration.equivalence.benchmark import Speed
    from sovereign.migration.equivalence.compare import Difference, Outcome, Report
    from sovereign.migration.equivalence.fuzz import Fuzzed

__all__ = ["Findings"]

MARKS = {str(Verdict.SAME): "good", str(Verdict.DIFFERENT): "bad", str(Verdict.UNMEASURED): "quiet"}
CASE_COLUMNS = ("case", "verdict", "what", "original", "translated")
FUZZ_COLUMNS = (
    "function",
    "verdict",
    "inputs",
    "declined",
    "unmeasured",
    "smallest difference",
    "original",
    "translated",
)
SPEED_COLUMNS = ("case", "original ms", "translated ms", "times faster")
_CODES = {Verdict.SAME: ExitCode.OK, Verdict.DIFFERENT: ExitCode.NO, Verdict.UNMEASURED: ExitCode.CANNOT}


@dataclass(frozen=True, slots=True)
class Findings:
    """All that is known of two programs."""

    report: Report
    fuzzed: tuple[Fuzzed, ...] = ()
    speeds: tuple[Speed, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """One verdict over cases and functions."""
        return together(iter([self.report.verdict, *(each.verdict for each in self.fuzzed)]))

    @property
    def exit_code(self) -> ExitCode:
        """How a command that reports this ends."""
        return _CODES[self.verdict]

    def to_json(self) -> dict[str, object]:
        """The findings as a JSON object."""
        return {
            "verdict": str(self.verdict),
            "original": list(self.report.original.words),
            "translated": list(self.report.translated.words),
            "cases": [_case_json(outcome) for outcome in self.report.outcomes],
            "fuzzed": [_fuzz_json(each) for each in self.fuzzed],
            "speeds": [_speed_json(each) for each in self.speeds],
        }

    def case_rows(self) -> list[list[str]]:
        """One row per case, and one per further difference of it."""
        rows = []
        for outcome in self.report.outcomes:
            title, verdict = outcome.case.title, str(outcome.verdict)
            if not outcome.differences:
                rows.append([title, verdict, outcome.reason, "", ""])
            for difference in outcome.differences:
                rows.append([title, verdict, difference.what, difference.original, difference.translated])
                title = verdict = ""
        return rows

    def fuzz_rows(self) -> list[list[str]]:
        """One row per function."""
        rows = []
        for each in self.fuzzed:
            found = each.failure
            failure = [found.arguments, found.original, found.translated] if found else [""] * 3
            counts = [f"{each.compared:,}", f"{each.declined:,}", f"{each.unmeasured:,}"]
            rows.append([str(each.signature), str(each.verdict), *counts, *failure])
        return rows

    def speed_rows(self) -> list[list[str]]:
        """One row per timed case: the fastest run of each side in milliseconds."""
        return [
            [each.case.title, *map(_fastest, (each.original_s, each.translated_s)), f"{each.ratio:.1f}"]
            for each in self.speeds
        ]

    def html(self) -> str:
        """The findings as one HTML file."""
        page = Page(f"Equivalence: {self.verdict}")
        page.text(f"Original: {' '.join(self.report.original.words)}")
        page.text(f"Translated: {' '.join(self.report.translated.words)}")
        page.section("Cases")
        page.table(f"{len(self.report.outcomes)} cases", CASE_COLUMNS, self.case_rows(), marks=MARKS)
        if self.fuzzed:
            right = ("inputs", "declined", "unmeasured")
            page.section("Random inputs")
            page.table(f"{len(self.fuzzed)} functions", FUZZ_COLUMNS, self.fuzz_rows(), right=right, marks=MARKS)
        if self.speeds:
            page.section("Speed")
            page.table("Fastest runs", SPEED_COLUMNS, self.speed_rows(), right=SPEED_COLUMNS[1:])
            chart = bars("Times faster", [(each.case.title, each.ratio) for each in self.speeds], unit="times")
            page.figure(chart, "How many times faster the translation is; above 1 it is faster.")
        return page.html()


def _fastest(seconds: tuple[float, ...]) -> str:
    return f"{min(seconds) * 1e3:.1f}"


def _case_json(outcome: Outcome) -> dict[str, object]:
    return {
        "case": outcome.case.title,
        "arguments": list(outcome.case.arguments),
        "verdict": str(outcome.verdict),
        "reason": outcome.reason,
        "differences": [_difference_json(each) for each in outcome.differences],
        "original_s": outcome.original_s,
        "translated_s": outcome.translated_s,
    }


def _difference_json(each: Difference) -> dict[str, str]:
    return {"what": each.what, "original": each.original, "translated": each.translated}


def _fuzz_json(each: Fuzzed) -> dict[str, object]:
    failure = each.failure
    return {
        "function": each.signature.name,
        "parameters": [str(kind) for kind in each.signature.parameters],
        "verdict": str(each.verdict),
        "compared": each.compared,
        "declined": each.declined,
        "unmeasured": each.unmeasured,
        "differing": each.differing,
        "failure": failure
        and {"arguments": failure.arguments, "original": failure.original, "translated": failure.translated},
    }


def _speed_json(each: Speed) -> dict[str, object]:
    original, translated = each.medians_s
    return {
        "case": each.case.title,
        "original_s": list(each.original_s),
        "translated_s": list(each.translated_s),
        "original_median_s": original,
        "translated_median_s": translated,
        "ratio": each.ratio,
    }
