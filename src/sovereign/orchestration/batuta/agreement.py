"""Does a translated project do what the original does? Every program on its cases, the function on its events.

Enters: settings and the folder of a translation. Leaves: an `AgreementDocument`: what was compared, program by program,
and a verdict that is never a pass by default: a side that is missing, a function without events, and a comparison that
measured nothing are failures. Read `replies.py` for functions, `validation.py` for two programs.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from sovereign.errors import GateFailed, NotFound, ParameterError, SovereignError
from sovereign.migration.equivalence import Case, Verdict, read_cases, validate
from sovereign.orchestration.batuta.building import build_one
from sovereign.orchestration.batuta.calling import known_objects
from sovereign.orchestration.batuta.effects import EffectsDocument, function_effects, program_effects
from sovereign.orchestration.batuta.interpreted import as_program
from sovereign.orchestration.batuta.replies import ReplyComparison, compare_replies, mutated, running
from sovereign.orchestration.batuta.settings import Optimize
from sovereign.orchestration.batuta.transpilation import PROFILES, read_translation
from sovereign.orchestration.batuta.validation import Inputs, functions_of, fuzzed
from sovereign.orchestration.serverless import Arch, Order, Prepared, Style, events_of, prepared
from sovereign.shell.files import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sovereign.migration.equivalence import Fuzzed
    from sovereign.orchestration.batuta.settings import Settings
    from sovereign.orchestration.batuta.transpilation import Program, TranspileDocument

__all__ = ["COLUMNS", "MARKS", "AgreementDocument", "Asked", "compare_project", "require_agreement", "rows"]

COLUMNS = ("program", "verdict", "what was compared", "note")
MARKS = {str(Verdict.SAME): "green", str(Verdict.DIFFERENT): "bold red", str(Verdict.UNMEASURED): "yellow"}
_MUTATED = 300
_INPUTS = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be compared beside the cases: random inputs and mutated events, speed, effects; whose events."""

    fuzz: bool = False
    repeats: int = 0
    effects: bool = False
    events: Path | None = None
    seed: int = 0
    timeout_s: float = 10.0
    inputs: int = _INPUTS
    mutated: int = _MUTATED


class ComparisonDocument(TypedDict):
    """What was compared of one program, how much of it, what came of it, and the evidence.

    `kind` is cases, timed cases, events, mutated events, or inputs of functions.
    """

    program: str
    kind: str
    verdict: str
    count: int
    note: str
    evidence: dict[str, Any]


class AgreementDocument(TypedDict):
    """What `batuta validate --json` prints for two projects."""

    original: str
    transpiled: str
    verdict: str
    compared: list[ComparisonDocument]
    not_compared: dict[str, str]


def compare_project(
    settings: Settings, output: Path, asked: Asked, *, advance: Callable[[str], None] = lambda _what: None
) -> AgreementDocument:
    """Compare every program of a translation with its original.

    Errors    NotFound batuta.no_translation          when the output holds no translation.
              NotFound equivalence.missing_side       when a source of it is gone.
              ParameterError serverless.no_events     when a function has no list of events, or an empty one.
              TraceError                              when effects are asked for and the kernel refuses.
    """
    document = read_translation(output)
    found: AgreementDocument = {
        "original": str(settings.folder),
        "transpiled": str(output),
        "verdict": str(Verdict.UNMEASURED),
        "compared": [],
        "not_compared": {},
    }
    for program in document["programs"]:
        source = settings.folder / program["source"]
        if not source.is_file():
            text = f"the original of a translated program is gone: `{source}`"
            raise NotFound("equivalence.missing_side", text, name=str(source), nearest=[])
    with tempfile.TemporaryDirectory(prefix="agreement") as name:
        for program in document["programs"]:
            advance(program["name"])
            work = _Comparison(settings, document, program, asked, Path(name))
            found["compared"] += list(work.all())
            found["not_compared"] |= work.left_out
    if asked.fuzz and not any(each["kind"] in {"inputs of functions", "mutated events"} for each in found["compared"]):
        reasons = "; ".join(f"`{each}`: {reason}" for each, reason in found["not_compared"].items())
        text = f"random inputs are asked for and nothing of the project takes them{f', {reasons}' if reasons else ''}"
        raise ParameterError("equivalence.no_cases", text, name="fuzz", value=str(settings.folder), allowed=[])
    found["verdict"] = _together([each["verdict"] for each in found["compared"]])
    return found


def _together(verdicts: list[str]) -> str:
    """One verdict: the same only where something was measured and all of it is the same."""
    for each in (Verdict.DIFFERENT, Verdict.UNMEASURED):
        if str(each) in verdicts:
            return str(each)
    return str(Verdict.SAME if verdicts else Verdict.UNMEASURED)


def require_agreement(document: AgreementDocument) -> None:
    """Let sides pass that do the same.

    Errors    GateFailed batuta.different   when something differs, or was not measured; the first of it is named.
    """
    bad = [each for each in document["compared"] if each["verdict"] != Verdict.SAME]
    if bad or not document["compared"]:
        first = bad[0] if bad else None
        what = f"`{first['program']}`, {first['kind']}: {first['note']}" if first else "nothing was compared"
        word = "differ" if document["verdict"] == Verdict.DIFFERENT else "cannot be held together"
        text = (
            f"the original and its translation {word} in {len(bad)} of {len(document['compared'])} comparisons, {what}"
        )
        raise GateFailed("batuta.different", text, rule="the sides do the same", measured=len(bad), required=0)


def rows(document: AgreementDocument) -> list[list[str]]:
    """One row per comparison, then what was not compared."""
    made = [
        [each["program"], each["verdict"], f"{each['count']:,} {each['kind']}", each["note"]]
        for each in document["compared"]
    ]
    return made + [[name, "not compared", "", reason] for name, reason in document["not_compared"].items()]


class _Comparison:
    """One program of a translation beside its original."""

    def __init__(
        self, settings: Settings, document: TranspileDocument, program: Program, asked: Asked, folder: Path
    ) -> None:
        self.settings = settings
        self.document = document
        self.program = program
        self.asked = asked
        self.folder = folder / program["name"]
        self.folder.mkdir()
        self.left_out: dict[str, str] = {}

    def all(self) -> Iterator[ComparisonDocument]:
        """Every comparison that is asked for."""
        if self.program["kind"] == "function":
            yield from self._events()
        else:
            yield from self._cases()
        if self.asked.fuzz and self.program["language"] == "Python":
            for name in self.program["files"]:
                yield from self._functions(name)
        elif self.asked.fuzz and self.program["kind"] != "function":
            self.left_out[self.program["source"]] = "functions of Ruchy are not called with random inputs yet"

    def _made(
        self, verdict: object, kind: str, count: int, note: str, evidence: object, *, file: str = ""
    ) -> ComparisonDocument:
        found = evidence if isinstance(evidence, dict) else {}
        return {
            "program": file or self.program["source"],
            "kind": kind,
            "verdict": str(verdict),
            "count": count,
            "note": note,
            "evidence": dict(found),
        }

    # programs

    def _cases(self) -> Iterator[ComparisonDocument]:
        source = self.settings.folder / self.program["source"]
        profile = PROFILES[Optimize(self.document["optimize"])]
        built = build_one(self.document, self.program, profile=profile, target=None, folder=self.folder)
        path = self.settings.cases.get(self.program["source"])
        cases = read_cases(read_text(path)) if path is not None else [Case(())]
        if not cases:
            text = f"nothing would be compared, since the list of cases is empty: `{path}`"
            raise ParameterError("equivalence.no_cases", text, name="cases", value=[], allowed=[])
        original = source.resolve()
        if original.suffix != ".py":
            original = as_program(original, self.folder)
        findings = validate(
            original, Path(built["path"]), cases=cases, repeats=self.asked.repeats, timeout_s=self.asked.timeout_s
        )
        outcomes = findings.report.outcomes
        bad = next((each for each in outcomes if each.verdict is not Verdict.SAME), None)
        note = "standard output, kind of error, exit code, files"
        if bad is not None:
            said = [f"{each.what}: {each.original} and {each.translated}" for each in bad.differences[:1]]
            note = f"case {bad.case.title}: {said[0] if said else bad.reason}"
        yield self._made(findings.report.verdict, "cases", len(outcomes), note, findings.to_json())
        if self.asked.effects:
            words = [sys.executable, str(original)] if original.suffix == ".py" else [str(original)]
            yield self._effects("traced cases", program_effects(words, [built["path"]], cases))
        if findings.speeds:
            ratios = [each.ratio for each in findings.speeds]
            note = f"{min(ratios):.1f} to {max(ratios):.1f} times as fast as the original"
            speeds = {"ratios": ratios}
            yield self._made(Verdict.SAME, "timed cases", len(ratios), note, speeds)

    def _effects(self, kind: str, found: EffectsDocument) -> ComparisonDocument:
        note = f"{found['original_events']:,} and {found['translated_events']:,} traced, the same effects"
        if found["differences"]:
            note = found["differences"][0]
        return self._made(found["verdict"], kind, found["count"], note, found)

    # functions of a service

    def _events(self) -> Iterator[ComparisonDocument]:
        function = self.settings.function
        assert function is not None
        events = self._given_events()
        with ExitStack() as held:
            one, other = self._sides(held)
            found = compare_replies(one, other, events)
            yield self._replies("events", found)
            if self.asked.effects:
                yield self._function_effects(one, other, events)
            if self.asked.fuzz:
                found = compare_replies(one, other, mutated(events, self.asked.mutated, self.asked.seed))
                yield self._replies("mutated events", found)

    def _function_effects(self, one: Prepared, other: Prepared, events: list[bytes]) -> ComparisonDocument:
        """What both sides do to the system on the events that they reply to."""
        function = self.settings.function
        assert function is not None
        with running(other) as sandbox:
            good = [each for each in events if sandbox.invoke(each).is_fine]
        return self._effects(
            "traced events", function_effects(one, other, good, [each.name for each in function.models])
        )

    def _given_events(self) -> list[bytes]:
        function = self.settings.function
        path = self.asked.events or (function and function.events)
        if path is None:
            text = "a function is compared on events, name a file with one in each line: `--events`"
            raise ParameterError("serverless.no_events", text, name="events", value=None, allowed=["FILE"])
        return events_of(None, str(path))

    def _sides(self, held: ExitStack) -> tuple[Prepared, Prepared]:
        function = self.settings.function
        assert function is not None
        machine = Arch.of_this_machine()
        native = build_one(
            self.document, self.program, profile=PROFILES[Optimize.SIZE], target=str(machine), folder=self.folder
        )
        other = Prepared((native["path"],), self.folder, "bootstrap")
        if function.handler.suffix == ".py":
            order = Order(function.handler, function.function, Style.PYTHON, machine, function.embed)
            return held.enter_context(prepared(function.handler, order)), other
        text = f"a handler in Ruchy is compared with nothing but its golden trace yet: `{function.handler}`"
        raise NotFound("equivalence.missing_side", text, name=str(function.handler), nearest=[])

    def _replies(self, kind: str, found: ReplyComparison) -> ComparisonDocument:
        kinds = ", ".join(f"{count} {name}" for name, count in sorted(found["kinds"].items()))
        note = f"replies, errors ({kinds}), {found['printed_lines']} printed lines"
        verdict = Verdict.SAME if found["events"] else Verdict.UNMEASURED
        if found["differences"]:
            first = found["differences"][0]
            verdict = Verdict.DIFFERENT
            note = f"event {first['event']}, {first['what']}: {first['original'][:200]} and {first['translated'][:200]}"
        elif not found["is_printed_same"]:
            verdict, note = Verdict.DIFFERENT, "the lines that the handlers printed"
        return self._made(verdict, kind, found["events"], note, found)

    # functions of a file

    def _functions(self, name: str) -> Iterator[ComparisonDocument]:
        source = self.settings.folder / name
        if self.program["kind"] == "function" and name == self.program["source"]:
            self.left_out[f"{name}: its functions"] = "they are called by the events"
            return
        inputs = Inputs(self.asked.inputs, self.asked.seed)
        work = self.folder / f"calls-{name.replace('/', '-')}"
        work.mkdir()
        try:
            sides, left_out = functions_of(source, inputs, work, self._objects())
        except SovereignError as error:
            self.left_out[name] = str(error)
            return
        self.left_out |= {f"{name}: {each}": reason for each, reason in left_out.items()}
        found = list(fuzzed(sides, inputs))
        bad = next((each for each in found if each.failure), None)
        note = f"{len(found)} functions, {_names(found)}"
        if bad is not None and bad.failure is not None:
            note = f"{bad.failure.arguments}: {bad.failure.original} and {bad.failure.translated}"
        verdict = _together([str(each.verdict) for each in found])
        count = sum(each.compared for each in found)
        evidence = {"functions": [{"signature": str(each.signature), "compared": each.compared} for each in found]}
        yield self._made(verdict, "inputs of functions", count, note, evidence, file=name)

    def _objects(self) -> list[dict[str, Any]]:
        """Objects of JSON that functions are given ones like: those of the events."""
        function = self.settings.function
        has_events = self.asked.events is not None or (function is not None and function.events is not None)
        return known_objects(self._given_events()) if has_events else []


def _names(found: Sequence[Fuzzed]) -> str:
    """Functions with how many inputs each was compared on, said once where it is the same."""
    counts = {each.compared for each in found}
    if len(counts) == 1:
        return f"{counts.pop():,} each: {', '.join(each.signature.name for each in found)}"
    return ", ".join(f"{each.signature.name} {each.compared:,}" for each in found)
