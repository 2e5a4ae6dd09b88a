"""The main job on the bundled service: from its Python to a native function, proved and measured, step by step.

Enters: a folder for the project, which is made when it is not there, and a `Show` that tells a person what happens.
Leaves: a `DemoDocument` and `report.html`. The stages are those of `stages.py`, kept by content, so that a second run
does only what changed, and one that was broken off goes on. A step that did not do its thing fails the demo; what this
machine cannot do is said with the command that mends it, and is a failure too where `CI` is set. Read `evidence.py` for
the page.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypedDict, cast

from sovereign.errors import GateFailed, NotFound
from sovereign.migration.rust import Missing, find
from sovereign.orchestration.batuta.agreement import Asked
from sovereign.orchestration.batuta.interpreted import compare_with_interpreter
from sovereign.orchestration.batuta.line import Line, Ran
from sovereign.orchestration.batuta.measuring import BARS, measure_sides, python_side
from sovereign.orchestration.batuta.replies import running
from sovereign.orchestration.batuta.settings import read_settings
from sovereign.orchestration.batuta.sources import digest_of, tools_digest
from sovereign.orchestration.batuta.stages import project_key, run_analyze, run_build, run_transpile, run_validate
from sovereign.orchestration.batuta.starting import SERVICE, start_project
from sovereign.orchestration.batuta.traces import check_traces
from sovereign.orchestration.batuta.training import run_training
from sovereign.orchestration.serverless import (
    TARGETS,
    Arch,
    Order,
    Prepared,
    build_written,
    events_of,
    write_bundle,
    write_function,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sovereign.orchestration.batuta.agreement import AgreementDocument
    from sovereign.orchestration.batuta.analysis import AnalyzeDocument
    from sovereign.orchestration.batuta.building import BuildDocument
    from sovereign.orchestration.batuta.measuring import MeasuredDocument
    from sovereign.orchestration.batuta.settings import Settings
    from sovereign.orchestration.batuta.transpilation import TranspileDocument

__all__ = ["STEPS", "Demo", "DemoDocument", "Show", "StepDocument", "bars", "require_whole"]

LIMIT_BYTES = 200 * 1024
"""What a bundle with its model may weigh, packed."""
STEPS = (
    ("analyze", "look at the project"),
    ("train", "train, write, prove and sign the model"),
    ("transpile", "translate Python into Rust"),
    ("validate", "hold both sides together"),
    ("effects", "compare what both do to the system"),
    ("build", "build for x86-64 and arm64"),
    ("bundle", "bundle, with the model inside"),
    ("invoke", "run and measure, beside Python"),
    ("ruchy", "the handler in Ruchy, in both modes"),
)


class StepDocument(TypedDict):
    """One step: `done`, `missing` on this machine, or `failed`; how long it took, and whether that was an earlier run.

    `text` says in one line what came of it, `command` does the same by hand in the project's folder.
    """

    step: str
    state: str
    seconds: float
    is_kept: bool
    text: str
    command: str


class FactsDocument(TypedDict):
    """The machine and the versions of a run."""

    machine: str
    processors: int
    system: str
    python: str
    sovereign: str


class DemoDocument(TypedDict):
    """What `batuta demo --json` prints; each part of `found` is what a step found, by its name."""

    project: str
    is_whole: bool
    seconds: float
    steps: list[StepDocument]
    found: dict[str, dict[str, Any]]
    facts: FactsDocument
    report: str


class Show(Protocol):
    """Who is told: a step begins, with a place to say what it does now; a step has ended."""

    def began(self, place: int, title: str) -> None:
        """A step begins."""

    def doing(self, what: str) -> None:
        """What the step does now."""

    def ended(self, step: StepDocument) -> None:
        """A step has ended."""


@dataclass(slots=True)
class _Outcome:
    """What a step found, in one line, and whether the machine could not do it."""

    text: str
    ran: Ran
    command: str
    lacks: str = ""
    parts: dict[str, Any] = field(default_factory=dict)


class Demo:
    """One run of the demo in a folder."""

    def __init__(self, folder: Path, show: Show, *, is_fresh: bool = False) -> None:
        self.folder = folder
        self.show = show
        if not folder.exists() or not any(folder.iterdir()):
            start_project(folder)
        self.settings: Settings = read_settings(folder)
        if self.settings.function is None:
            text = f"the demo runs on a project with a function, `batuta new` makes one: `{folder}`"
            raise NotFound("batuta.nothing", text, name=str(folder), nearest=[])
        self.line = Line(folder, folder, is_fresh=is_fresh)
        self.found: dict[str, dict[str, Any]] = {}
        self.steps: list[StepDocument] = []
        self.is_strict = bool(os.environ.get("CI"))

    def run(self) -> DemoDocument:
        """All steps, in their order; the first that fails ends it, with its error.

        Errors    what a step raises, after `show` was told that it failed.
        """
        started = time.monotonic()
        for place, (name, title) in enumerate(STEPS, 1):
            self.show.began(place, title)
            begun = time.monotonic()
            try:
                outcome: _Outcome = getattr(self, f"_{name}")()
            except Exception as error:
                self._note(name, "failed", time.monotonic() - begun, str(error))
                raise
            state = "missing" if outcome.lacks else "done"
            text = outcome.lacks or outcome.text
            seconds = outcome.ran.seconds if outcome.ran.is_kept else time.monotonic() - begun
            self._note(name, state, seconds, text, is_kept=outcome.ran.is_kept, command=outcome.command)
            self.found[name] = outcome.ran.document
        return self.document(time.monotonic() - started)

    def _note(
        self, name: str, state: str, seconds: float, text: str, *, is_kept: bool = False, command: str = ""
    ) -> None:
        step: StepDocument = {
            "step": name,
            "state": state,
            "seconds": round(seconds, 3),
            "is_kept": is_kept,
            "text": text,
            "command": command,
        }
        self.steps.append(step)
        self.show.ended(step)

    def document(self, seconds: float) -> DemoDocument:
        """The run so far."""
        from sovereign.shell.installed import distributions

        version = next((each.version for each in distributions() if each.name == "sovereign-stack"), "")
        return {
            "project": str(self.folder),
            "is_whole": len(self.steps) == len(STEPS) and not any(self._is_bad(each) for each in self.steps),
            "seconds": round(seconds, 3),
            "steps": self.steps,
            "found": self.found,
            "facts": {
                "machine": _processor(),
                "processors": os.cpu_count() or 1,
                "system": f"{platform.system()} {platform.release()} {platform.machine()}",
                "python": platform.python_version(),
                "sovereign": version,
            },
            "report": str(self.folder / "report.html"),
        }

    def _is_bad(self, step: StepDocument) -> bool:
        """What is missing on this machine is a failure where CI is to prove everything."""
        return self.is_strict if step["state"] == "missing" else step["state"] != "done"

    # steps

    def _analyze(self) -> _Outcome:
        ran = run_analyze(self.line, self.settings)
        found = cast("AnalyzeDocument", ran.document)
        counts = ", ".join(f"{each['files']} {each['language']}, {each['lines']} lines" for each in found["languages"])
        packages = ", ".join(each["package"] for each in found["dependencies"])
        return _Outcome(f"{counts}; packages: {packages or 'none'}", ran, "batuta analyze")

    def _train(self) -> _Outcome:
        ran = run_training(self.line, self.settings, doing=self.show.doing)
        found = ran.document
        text = f"{found['said']}; {found['size_bytes']:,} bytes, {found['checks']} checks hold, signed"
        return _Outcome(text, ran, "python train.py; apr validate model.apr")

    def _transpile(self) -> _Outcome:
        ran = run_transpile(self.line, self.settings, self.settings.output, self.settings.optimize)
        found = cast("TranspileDocument", ran.document)
        lines = f"{found['source_lines']} lines into {found['rust_lines']:,} of Rust"
        text = f"{found['translated']} files, {lines}; {found['copied']} copied"
        return _Outcome(text, ran, "batuta transpile")

    def _validate(self) -> _Outcome:
        ran = run_validate(self.line, self.settings, self.settings.output, Asked(fuzz=True), advance=self.show.doing)
        found = cast("AgreementDocument", ran.document)
        text = "same on " + ", ".join(f"{each['count']:,} {each['kind']}" for each in found["compared"])
        return _Outcome(text, ran, f"batuta validate --original . --transpiled {self.settings.output.name} --fuzz")

    def _effects(self) -> _Outcome:
        command = f"batuta validate --original . --transpiled {self.settings.output.name} --trace-syscalls"
        asked = Asked(effects=True)
        ran = run_validate(
            self.line, self.settings, self.settings.output, asked, name="effects", advance=self.show.doing
        )
        compared = cast("AgreementDocument", ran.document)["compared"]
        (traced,) = [each for each in compared if each["kind"] == "traced events"]
        return _Outcome(f"{traced['count']} events, {traced['note']}", ran, command)

    def _build(self) -> _Outcome:
        wanted, lacks = [], ""
        for arch, triple in TARGETS.items():
            answer = find(triple)
            if isinstance(answer, Missing):
                lacks = f"{arch}: not built, since {answer.reason}: `{answer.command}`"
            else:
                wanted.append(arch)
        ran = run_build(
            self.line, self.settings, self.settings.output, is_release=True, target=None, arch=tuple(wanted)
        )
        found = cast("BuildDocument", ran.document)
        text = ", ".join(f"{each['target']}: {each['size_bytes']:,} bytes" for each in found["programs"])
        return _Outcome(text, ran, "batuta build --release", lacks=f"{text}; {lacks}" if lacks else "")

    def _bundle(self) -> _Outcome:
        target = self.folder / "dist" / "function.zip"
        ran = self.line.run(
            "bundle",
            project_key(self.settings, "bundle"),
            lambda: self._bundled(target),
            judge=_require_small,
            holds=lambda found: target.is_file() and _sha256(target) == found["sha256"],
        )
        found = ran.document
        text = f"{found['packed_bytes']:,} bytes packed, {found['unpacked_bytes']:,} unpacked, model inside"
        return _Outcome(text, ran, "batuta bundle --force -o dist/function.zip")

    def _bundled(self, target: Path) -> dict[str, Any]:
        from sovereign.orchestration.batuta.transpilation import LEVELS

        function = self.settings.function
        assert function is not None
        target.parent.mkdir(exist_ok=True)
        level = LEVELS[self.settings.optimize]
        order = Order(
            function.handler, function.function, arch=Arch.of_this_machine(), embed=function.embed, level=level
        )
        return write_bundle(order, target, force=True).to_json()

    def _invoke(self) -> _Outcome:
        function = self.settings.function
        assert function is not None
        built = cast("BuildDocument", self.found["build"])
        program = next(each for each in built["programs"] if each["target"] == str(Arch.of_this_machine()))
        side, runtime = python_side(function, self.folder)
        if not runtime:
            text = "the service's own client for Python is not installed: `pip install awslambdaric`"
            raise NotFound("batuta.no_client", text, name="awslambdaric", nearest=[])
        ran = self.line.run(
            "invoke",
            project_key(self.settings, program["sha256"], sys.executable),
            lambda: cast(
                "dict[str, Any]",
                measure_sides(
                    Path(program["path"]), side, events_of(None, str(function.events)), advance=self.show.doing
                ),
            ),
            judge=lambda found: _require_same(cast("MeasuredDocument", found)),
        )
        found = cast("MeasuredDocument", ran.document)
        ratios = found["ratios"]
        text = (
            f"{found['events']} events alike, cold and warm; starts {ratios['start']:,.0f} times sooner, "
            f"{ratios['processor']:.0f} times less processor, {ratios['memory']:.0f} times less memory"
        )
        return _Outcome(text, ran, "batuta invoke dist/function.zip --events events.jsonl --cold")

    def _ruchy(self) -> _Outcome:
        source = self.folder / "dist" / "ruchy"
        source.mkdir(parents=True, exist_ok=True)
        for path in sorted((SERVICE / "ruchy").iterdir()):
            if not (source / path.name).is_file():
                shutil.copy(path, source)
        names = sorted(each.name for each in source.iterdir() if each.is_file())
        ran = self.line.run(
            "ruchy",
            digest_of(source, names, tools_digest()),
            lambda: self._ruchy_compared(source),
            judge=_require_ruchy,
        )
        found = ran.document
        text = (
            f"{found['events']} events alike, interpreted and compiled; both do what their golden traces say; "
            f"{found['size_bytes']:,} bytes"
        )
        return _Outcome(text, ran, "batuta invoke dist/ruchy/handler.ruchy --events dist/ruchy/events.jsonl")

    def _ruchy_compared(self, source: Path) -> dict[str, Any]:
        handler, work = source / "handler.ruchy", self.folder / ".batuta" / "ruchy"
        names = write_function(handler, work)
        program = self.folder / "dist" / "ruchy-function"
        program.parent.mkdir(exist_ok=True)
        machine = str(Arch.of_this_machine())
        built = build_written(work, names, arch=machine, output=program)
        native = Prepared((str(program.resolve()),), program.parent.resolve(), "bootstrap")
        events = events_of(None, str(source / "events.jsonl"))
        found = compare_with_interpreter(handler, "handler", native, events)
        self.show.doing("golden traces")
        with running(native) as sandbox:
            good = [each for each in events if sandbox.invoke(each).is_fine]
        return {**found, "size_bytes": built.size_bytes, "traces": check_traces(handler, "handler", native, good)}


def require_whole(document: DemoDocument) -> None:
    """Let a run pass in which every step did its thing.

    Errors    GateFailed batuta.demo   when one is missing that has to be there.
    """
    if not document["is_whole"]:
        lost = [each for each in document["steps"] if each["state"] != "done"]
        count = f"{len(lost)} of {len(document['steps'])} steps"
        text = f"{count} did not do their thing, {lost[0]['text']}: `{lost[0]['step']}`"
        raise GateFailed("batuta.demo", text, rule="every step does its thing", measured=len(lost), required=0)


def bars(document: DemoDocument) -> Iterator[tuple[str, str, str, bool]]:
    """What was expected of the numbers: what, expected, found, and whether it holds."""
    measured = cast("MeasuredDocument", document["found"]["invoke"])
    packed = document["found"]["bundle"]["packed_bytes"]
    different = measured["different"] + measured["cold_different"]
    yield "replies that differ", "0", str(different), different == 0
    yield "bundle with its model, bytes", f"at most {LIMIT_BYTES:,}", f"{packed:,}", packed <= LIMIT_BYTES
    titles = {"start": "start, times sooner", "processor": "processor time, times less", "memory": "memory, times less"}
    for name, bar in BARS.items():
        ratio = measured["ratios"][name]
        yield titles[name], f"at least {bar:,.0f}", f"{ratio:,.1f}", ratio >= bar


def _require_small(found: dict[str, Any]) -> None:
    if found["packed_bytes"] > LIMIT_BYTES:
        text = f"a bundle with its model weighs at most {LIMIT_BYTES:,} bytes, this one: `{found['packed_bytes']:,}`"
        raise GateFailed("batuta.demo", text, rule="bundle", measured=found["packed_bytes"], required=LIMIT_BYTES)


def _require_same(found: MeasuredDocument) -> None:
    count = found["different"] + found["cold_different"]
    if count:
        text = f"the native function and the Python one answer {count} of {2 * found['events']} events differently"
        raise GateFailed("batuta.demo", text, rule="replies are the same", measured=count, required=0)


def _require_ruchy(found: dict[str, Any]) -> None:
    if found["different"] or not found["events"]:
        text = f"the handler in Ruchy answers {found['different']} of {found['events']} events differently in its modes"
        raise GateFailed("batuta.demo", text, rule="both modes agree", measured=found["different"], required=0)
    for each in found["traces"]:
        if each["differences"]:
            text = f"the handler in Ruchy does something else than its golden trace says, {each['differences'][0]}"
            count = len(each["differences"])
            raise GateFailed("batuta.demo", text, rule=f"golden trace of {each['mode']}", measured=count, required=0)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
