"""Whether two programs do the same on given cases.

Enters: two sides and cases. Leaves: a `Report` with a verdict per case. A case counts as the same only when both sides
were seen to do the same: what could not be measured is said so, and is never a pass. Read `report.py` next.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError, ParameterError
from sovereign.migration.equivalence.observe import Observation, observe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sovereign.migration.equivalence.cases import Case, Command

__all__ = ["Difference", "Outcome", "Report", "Verdict", "compared", "run_both"]

PATIENCE_S = 10.0


class Verdict(StrEnum):
    """What is known of a case, or of all of them."""

    SAME = "same"
    DIFFERENT = "different"
    UNMEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the sides do differently; texts and bytes are shown around the place where they part."""

    what: str
    original: str
    translated: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case: its verdict, what differs, why it was not measured, and how long both sides took."""

    case: Case
    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    reason: str = ""
    original_s: float = 0.0
    translated_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """All cases of one comparison."""

    original: Command
    translated: Command
    outcomes: tuple[Outcome, ...]

    @property
    def verdict(self) -> Verdict:
        """Different when one case is; the same only when every case was measured and is."""
        return together(outcome.verdict for outcome in self.outcomes)


def together(verdicts: Iterator[Verdict]) -> Verdict:
    """One verdict for many: a difference outweighs all, and nothing at all is not measured.

    >>> together(iter([Verdict.SAME, Verdict.UNMEASURED])), together(iter([]))
    (<Verdict.UNMEASURED: 'not measured'>, <Verdict.UNMEASURED: 'not measured'>)
    """
    found = set(verdicts)
    if Verdict.DIFFERENT in found:
        return Verdict.DIFFERENT
    return Verdict.SAME if found == {Verdict.SAME} else Verdict.UNMEASURED


def run_both(original: Command, translated: Command, cases: Sequence[Case], *, timeout_s: float = PATIENCE_S) -> Report:
    """Run every case with both sides and compare what they print, how they end and which files they leave.

    Standard error is compared by its kind: empty, or the name before the first colon of its last line. A case on which
    the original does not answer alike twice is not measured.

    Errors    ParameterError equivalence.no_cases   when there is no case.
    """
    if not cases:
        raise ParameterError(
            "equivalence.no_cases", "nothing was compared, since no case was given", name="cases", value=[], allowed=[]
        )
    with tempfile.TemporaryDirectory() as name:
        outcomes = tuple(_outcome(original, translated, case, Path(name), timeout_s) for case in cases)
    return Report(original, translated, outcomes)


def _outcome(original: Command, translated: Command, case: Case, folder: Path, timeout_s: float) -> Outcome:
    try:
        first = observe(original, case, folder, timeout_s=timeout_s)
        if first.is_timed_out:
            return Outcome(case, Verdict.UNMEASURED, reason=f"the original did not end within {timeout_s:g} s")
        second = observe(translated, case, folder, timeout_s=timeout_s)
        differences = compared(first, second)
        if differences and compared(first, observe(original, case, folder, timeout_s=timeout_s)):
            return Outcome(case, Verdict.UNMEASURED, reason="the original does not answer alike twice")
    except (DeviceError, OSError) as error:
        return Outcome(case, Verdict.UNMEASURED, reason=str(error))
    verdict = Verdict.DIFFERENT if differences else Verdict.SAME
    return Outcome(case, verdict, differences, original_s=first.wall_s, translated_s=second.wall_s)


def compared(original: Observation, translated: Observation) -> tuple[Difference, ...]:
    """What two runs did differently."""
    return tuple(_differences(original, translated))


def _differences(original: Observation, translated: Observation) -> Iterator[Difference]:
    if translated.is_timed_out:
        yield Difference("time", f"{original.wall_s:.2f} s", f"stopped after {translated.wall_s:.2f} s")
    if original.stdout != translated.stdout:
        yield Difference("stdout", *_around(original.stdout, translated.stdout))
    if original.stderr_class != translated.stderr_class:
        yield Difference("stderr", original.stderr_class or "empty", translated.stderr_class or "empty")
    if original.exit_code != translated.exit_code:
        yield Difference("exit code", str(original.exit_code), str(translated.exit_code))
    for name in sorted({*original.files, *translated.files}):
        one, other = original.files.get(name, "absent"), translated.files.get(name, "absent")
        if one != other:
            yield Difference(f"file {name}", one, other)


def _around(original: bytes, translated: bytes) -> tuple[str, str]:
    """The first line in which two texts differ, with its number."""
    one, other = original.splitlines(keepends=True), translated.splitlines(keepends=True)
    number = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return _line(one, number), _line(other, number)


def _line(lines: Sequence[bytes], number: int) -> str:
    if number >= len(lines):
        return f"line {number + 1}: the end"
    return f"line {number + 1}: {lines[number].decode('utf-8', 'backslashreplace')!r}"
