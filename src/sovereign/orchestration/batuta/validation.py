"""What `batuta validate` does: bring both sides to where they run, and hand them to the room that compares.

Enters: an original and its translation: programs, a Python file, a Rust file that is compiled first. Leaves: `Findings`
of `migration/equivalence`, and which functions were not tried and why. The calling side of random inputs is made here,
because that room knows no language. Read `cli.py` for the command.
"""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sovereign.errors import ParameterError
from sovereign.migration.depyler import compile_calls
from sovereign.migration.equivalence import (
    CASE_COLUMNS,
    FUZZ_COLUMNS,
    SPEED_COLUMNS,
    Case,
    Command,
    Findings,
    Signature,
    Verdict,
    fuzz,
    read_cases,
    read_signature,
    require_side,
    validate,
)
from sovereign.migration.rust import Job, Profile, compile_program
from sovereign.orchestration.batuta.calling import Wrapping, wrapped
from sovereign.orchestration.batuta.interpreted import as_program
from sovereign.shell.files import read_bytes, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sovereign.migration.equivalence import Fuzzed

__all__ = ["MARKS", "Inputs", "Sides", "Validation", "cases_of", "functions_of", "fuzzed", "two_sides", "validated"]

_DRIVER = "sovereign.migration.equivalence.driver"
MARKS = {str(Verdict.SAME): "green", str(Verdict.DIFFERENT): "bold red", str(Verdict.UNMEASURED): "yellow"}


@dataclass(frozen=True, slots=True)
class Inputs:
    """Random inputs: how many a function, from which seed; the functions, and a program that answers calls of them.

    Without `signatures` all functions that take plain data are tried; without `calls` the original is translated anew
    into a program that answers.
    """

    count: int
    seed: int = 0
    signatures: tuple[str, ...] = ()
    calls: Path | None = None


@dataclass(frozen=True, slots=True)
class Validation:
    """What was found, and the functions that were not tried, each with the reason."""

    findings: Findings
    left_out: dict[str, str] = field(default_factory=dict)

    def document(self, form: str) -> str:
        """The report as a file: `html` or `json`."""
        return self.findings.html() if form == "html" else json.dumps(self.to_json(), indent=2) + "\n"

    def tables(self) -> Iterator[tuple[Sequence[str], list[list[str]], Sequence[str]]]:
        """Columns, rows and columns of numbers of each table that has something to say."""
        found = self.findings
        yield CASE_COLUMNS, found.case_rows(), ()
        if found.fuzzed:
            yield FUZZ_COLUMNS, found.fuzz_rows(), FUZZ_COLUMNS[2:5]
        if self.left_out:
            yield ("function not tried", "reason"), [list(each) for each in self.left_out.items()], ()
        if found.speeds:
            yield SPEED_COLUMNS, found.speed_rows(), SPEED_COLUMNS[1:]

    def sentence(self) -> str:
        """The verdict in one line."""
        found = self.findings
        cases = len(found.report.outcomes)
        inputs = sum(each.compared for each in found.fuzzed)
        tried = f" and {inputs:,} random inputs of {_some(len(found.fuzzed), 'function')}" if found.fuzzed else ""
        return f"{found.verdict}: {_some(cases, 'case')}{tried}"

    def to_json(self) -> dict[str, object]:
        """The findings as a JSON object."""
        return {**self.findings.to_json(), "left_out": self.left_out}


def _some(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def two_sides(original: str | None, translated: str | None) -> tuple[Path, Path]:
    """The two files that a user named.

    Errors    ParameterError equivalence.no_side   when one of them was left out.
    """
    for name, value in (("original", original), ("transpiled", translated)):
        if value is None:
            text = f"a comparison needs two sides, and none was named by `--{name}`"
            raise ParameterError("equivalence.no_side", text, name=name, value=None, allowed=["FILE"])
    return Path(str(original)), Path(str(translated))


def cases_of(arguments: Sequence[str], path: Path | None, stdin: Path | None) -> list[Case]:
    """The cases that a user gave: each a line of arguments, or those of a JSON file; one without arguments otherwise.

    Errors    ParameterError equivalence.cases      when the file is no list of cases.
              ParameterError equivalence.no_cases   when it is an empty one.
    """
    given = b"" if stdin is None else read_bytes(stdin)
    cases = [Case(tuple(shlex.split(line)), given) for line in arguments]
    if path is not None:
        found = read_cases(read_text(path))
        if not found:
            text = f"nothing would be compared, since the list of cases is empty: `{path}`"
            raise ParameterError("equivalence.no_cases", text, name="cases", value=[], allowed=[])
        cases += found
    return cases or [Case((), given)]


def validated(
    original: Path,
    translated: Path,
    cases: Sequence[Case],
    *,
    inputs: Inputs | None = None,
    repeats: int = 0,
    timeout_s: float,
) -> Validation:
    """Compare two programs on cases, their functions on random inputs where `inputs` asks for it, and their speed.

    Errors    NotFound equivalence.missing_side       when a side is not there.
              SourceError rust.rejected               when rustc refuses the translation.
              SourceError depyler.refused             when the original is not translated into a calling side.
              ParameterError equivalence.no_cases     when random inputs are asked for and no function takes them.
    """
    require_side(original)
    require_side(translated)
    with tempfile.TemporaryDirectory(prefix="validate-") as name:
        folder = Path(name)
        program = _program(translated, folder)
        sides, left_out = functions_of(original, inputs, folder) if inputs else ([], {})
        runs = original if original.suffix != ".ruchy" else as_program(original, folder)
        findings = validate(runs, program, cases=cases, repeats=repeats, timeout_s=timeout_s)
        if runs != original:
            report = replace(findings.report, original=Command(("ruchy", "run", str(original.absolute()))))
            findings = replace(findings, report=report)
        if inputs:
            findings = replace(findings, fuzzed=tuple(fuzzed(sides, inputs)))
    return Validation(findings, left_out)


def _program(path: Path, folder: Path) -> Path:
    """What runs for a side: itself, or what rustc makes of it."""
    if path.suffix != ".rs":
        return path
    program = folder / path.stem
    text = read_text(path)
    # A program that catches what it raises ends otherwise where a panic aborts.
    compile_program(Job(text, program, Profile.RELEASE, unwinds="catch_unwind" in text))
    return program


@dataclass(frozen=True, slots=True)
class Sides:
    """Two programs that answer calls, the functions that both have, and their names where those differ."""

    original: Command
    translated: Command
    signatures: tuple[Signature, ...]
    names: Mapping[str, str] = field(default_factory=dict)


def fuzzed(sides: Sequence[Sides], inputs: Inputs) -> Iterator[Fuzzed]:
    """What random inputs show of each function; one behind a caller goes by its own name, without parameters.

    Errors    as `equivalence.fuzz`.
    """
    for each in sides:
        found = fuzz(each.original, each.translated, each.signatures, inputs=inputs.count, seed=inputs.seed)
        for one in found:
            name = each.names.get(one.signature.name)
            yield one if name is None else replace(one, signature=Signature(name, ()))


def functions_of(
    original: Path, inputs: Inputs, folder: Path, objects: Sequence[dict[str, Any]] = ()
) -> tuple[list[Sides], dict[str, str]]:
    """The sides that answer calls, and the functions that are left out, with the reasons.

    `objects` are known objects of JSON; functions that take more than plain data get some like them.

    Errors    ParameterError equivalence.no_cases   when no function can be called.
              SourceError depyler.refused           when the original is not translated.
    """
    asked = tuple(read_signature(text) for text in inputs.signatures)
    if inputs.calls is not None:
        if not asked:
            text = "a program that answers calls needs the signatures of its functions"
            raise ParameterError("equivalence.no_cases", text, name="signature", value=[], allowed=["f(int, str)"])
        return [Sides(_driven(original), Command.of(inputs.calls), asked)], {}
    if original.suffix != ".py":
        text = f"functions are tried of a Python file, or of programs that answer calls: `{original}`"
        raise ParameterError("equivalence.no_cases", text, name="original", value=str(original), allowed=["FILE.py"])
    calls = folder / "calls"
    found = compile_calls(original, calls)
    sides, left_out = [], dict(found.left_out)
    if asked or found.signatures:
        sides.append(Sides(_driven(original), Command.of(calls), tuple(_chosen(asked, found.signatures))))
    if not asked:
        callers = folder / "callers"
        callers.mkdir()
        wrapping = wrapped(original, left_out, callers, objects)
        left_out = wrapping.left_out
        if wrapping.path is not None:
            sides.append(_callers(wrapping, folder))
    if not sides:
        reasons = "; ".join(f"`{name}`: {reason}" for name, reason in left_out.items())
        text = f"no function of the original can be called with random inputs{f', {reasons}' if reasons else ''}"
        raise ParameterError("equivalence.no_cases", text, name="original", value=str(original), allowed=[])
    return sides, left_out


def _callers(wrapping: Wrapping, folder: Path) -> Sides:
    assert wrapping.path is not None
    program = folder / "callers-program"
    found = compile_calls(wrapping.path, program)
    signatures = tuple(each for each in found.signatures if each.name in wrapping.calls)
    return Sides(_driven(wrapping.path), Command.of(program), signatures, wrapping.calls)


def _driven(path: Path) -> Command:
    """The side that answers calls of a file in Python; of what is none, the file itself is asked."""
    return Command.of(sys.executable, "-m", _DRIVER, path) if path.suffix == ".py" else Command.of(path)


def _chosen(asked: Sequence[Signature], found: Sequence[Signature]) -> Iterator[Signature]:
    """The signatures that are answered, all of them or those that were asked for.

    Errors    ParameterError equivalence.type   when one that was asked for is not answered.
    """
    if not asked:
        yield from found
    for each in asked:
        if each not in found:
            text = f"the translated side does not answer `{each}`"
            raise ParameterError(
                "equivalence.type", text, name="signature", value=str(each), allowed=list(map(str, found))
            )
        yield each
