"""The evidence as one page that asks nothing of the network: what was done, what was found, how to repeat it.

Enters: the state of a project, or the document of a demo. Leaves: HTML. Each number stands beside the command that
gives it. Read `demo.py` and `state.py` for what is shown.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sovereign.orchestration.batuta import agreement, analysis, building, measuring, transpilation
from sovereign.orchestration.batuta.demo import DemoDocument, bars
from sovereign.shell.chart import bars as bar_chart
from sovereign.shell.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.orchestration.batuta.agreement import AgreementDocument
    from sovereign.orchestration.batuta.analysis import AnalyzeDocument
    from sovereign.orchestration.batuta.building import BuildDocument
    from sovereign.orchestration.batuta.measuring import MeasuredDocument
    from sovereign.orchestration.batuta.state import State
    from sovereign.orchestration.batuta.transpilation import TranspileDocument

__all__ = ["demo_page", "document"]

_STATES = {"done": "good", "kept": "good", "failed": "bad", "missing": "quiet", "interrupted": "quiet"}
_VERDICTS = {"same": "good", "different": "bad", "unmeasured": "quiet", "not compared": "quiet"}
_OUTCOMES = {"translated": "good", "refused": "bad", "copied": "quiet", "waits": "quiet"}


def document(state: State) -> str:
    """The page of a project: every stage that was done, with what it found."""
    page = Page(f"Project: {Path(state.source).name or 'none'}")
    page.text(f"Source: {state.source or 'not named yet'}; Rust: {state.output or 'not written yet'}.")
    page.section("Stages")
    rows = [
        [name, str(each.ending), each.began, f"{each.seconds:.1f}", each.error or each.command]
        for name, each in state.stages.items()
    ]
    columns = ["stage", "state", "began", "seconds", "command or reason"]
    page.table(f"{len(rows)} stages", columns, rows, right=["seconds"], marks=_STATES)
    for name, each in state.stages.items():
        if each.document and name in _PARTS:
            _PARTS[name](page, each.document)
    return page.html()


def demo_page(found: DemoDocument) -> str:
    """The page of a demo."""
    page = Page("A Python service as a native function")
    facts = found["facts"]
    page.text(
        f"Made by batuta demo on {facts['machine']}, {facts['processors']} processors, {facts['system']}, "
        f"Python {facts['python']}, Sovereign {facts['sovereign']}. Ratios hold on other machines better than times do."
    )
    page.section("Expected and found")
    rows = [[what, wanted, got, "holds" if holds else "missed"] for what, wanted, got, holds in bars(found)]
    page.table(
        "What was expected of the numbers",
        ["what", "expected", "found", "verdict"],
        rows,
        right=["expected", "found"],
        marks={"holds": "good", "missed": "bad"},
    )
    page.section("Steps")
    steps = [
        [
            each["step"],
            "kept" if each["is_kept"] and each["state"] == "done" else each["state"],
            f"{each['seconds']:.1f}",
            each["text"],
            each["command"],
        ]
        for each in found["steps"]
    ]
    columns = ["step", "state", "seconds", "what came of it", "by hand, in the project's folder"]
    page.table("kept: it is from an earlier run on the same content", columns, steps, right=["seconds"], marks=_STATES)
    page.figure(
        bar_chart("Seconds of each step", [(each["step"], each["seconds"]) for each in found["steps"]], unit="s"),
        "How long each step took when it was done.",
    )
    for name, show in _PARTS.items():
        if found["found"].get(name):
            show(page, found["found"][name])
    _side_by_side(page, Path(found["project"]), found["found"].get("transpile"))
    return page.html()


def _analyze(page: Page, found: dict[str, Any]) -> None:
    shown = cast("AnalyzeDocument", found)
    page.section("The project")
    page.table("Languages", analysis.LANGUAGE_COLUMNS, analysis.language_rows(shown), right=("files", "lines"))
    if shown["dependencies"]:
        page.table("Packages from elsewhere", analysis.PACKAGE_COLUMNS, analysis.package_rows(shown))
    page.text(f"Debt grade: {shown['tdg']}. By hand: batuta analyze.")


def _train(page: Page, found: dict[str, Any]) -> None:
    page.section("The model")
    rows = [
        ["training says", found["said"]],
        ["bytes", f"{found['size_bytes']:,}"],
        ["sha256", found["sha256"]],
        ["checks that hold", str(found["checks"])],
        ["signature", f"suite {found['suite']}, key {found['fingerprint']}"],
    ]
    page.table("python train.py; apr validate model.apr; apr verify dist/model.signed.apr", ["what", "found"], rows)


def _transpile(page: Page, found: dict[str, Any]) -> None:
    shown = cast("TranspileDocument", found)
    page.section("Translation")
    page.table(
        "What became of each file, by batuta transpile",
        transpilation.COLUMNS,
        transpilation.rows(shown),
        marks=_OUTCOMES,
    )
    page.text(f"{shown['source_lines']:,} lines became {shown['rust_lines']:,} lines of Rust.")


def _validate(page: Page, found: dict[str, Any]) -> None:
    shown = cast("AgreementDocument", found)
    page.section("Both sides held together")
    page.table(
        f"Verdict: {shown['verdict']}, by batuta validate", agreement.COLUMNS, agreement.rows(shown), marks=_VERDICTS
    )
    for each in shown["compared"]:
        functions = each["evidence"].get("functions", [])
        if functions:
            rows = [[one["signature"], f"{one['compared']:,}"] for one in functions]
            page.table(
                f"Functions of {each['program']}, called with random arguments on both sides; of those without types "
                "here, the arguments are made of plain data",
                ["function", "inputs compared"],
                rows,
                right=["inputs compared"],
            )
        differences = each["evidence"].get("differences", [])
        if differences:
            rows = [[str(one["event"]), one["what"], one["original"], one["translated"]] for one in differences]
            page.table("Events that differ", ["event", "what", "original", "translated"], rows, right=["event"])


def _build(page: Page, found: dict[str, Any]) -> None:
    shown = cast("BuildDocument", found)
    page.section("Programs")
    rows = [[*each[:-1], Path(each[-1]).name] for each in building.rows(shown)]
    page.table("By batuta build --release", building.COLUMNS, rows, right=("bytes", "seconds"))


def _bundle(page: Page, found: dict[str, Any]) -> None:
    page.section("Bundle")
    rows = [[each["name"], f"{each['size_bytes']:,}"] for each in found["parts"]]
    rows += [["all of it", f"{found['unpacked_bytes']:,}"], ["packed", f"{found['packed_bytes']:,}"]]
    page.table("By batuta bundle", ["part", "bytes"], rows, right=["bytes"])


def _invoke(page: Page, found: dict[str, Any]) -> None:
    shown = cast("MeasuredDocument", found)
    page.section("Beside the same Python")
    page.text(
        f"The same {shown['events']} events through the emulated platform: {shown['native']['replies']} replies and "
        f"{shown['native']['errors']} errors on both sides, {shown['different']} differ warm and "
        f"{shown['cold_different']} with a new process for each. The Python side is the same handler.py under "
        f"{shown['python']['runtime']}. Load of the machine before: {shown['load']}."
    )
    page.table(
        "Medians; times of one run on one machine",
        measuring.COLUMNS,
        measuring.rows(shown),
        right=measuring.COLUMNS[1:],
    )
    for title, name, unit in (
        ("Start to first question", "first_next_ms", "ms"),
        ("Processor time of a warm event", "processor_us", "us"),
        ("Resident memory", "resident_kb", "KiB"),
    ):
        sides = [(side, float(shown[side][name])) for side in ("python", "native")]  # type: ignore[literal-required]
        page.figure(bar_chart(title, sides, unit=unit), f"{title}, in {unit}; less is better.")


def _ruchy(page: Page, found: dict[str, Any]) -> None:
    page.section("The handler in Ruchy")
    page.text(
        f"The handler of the specification, interpreted and compiled: {found['same']} of {found['events']} events "
        f"alike; the program has {found['size_bytes']:,} bytes. What each mode does to the world is held against its "
        "golden trace."
    )
    rows = [
        [
            each["mode"],
            each["golden"],
            str(each["events"]),
            str(each["things"]),
            "; ".join(each["differences"]) or "equal",
        ]
        for each in found["traces"]
    ]
    columns = ["mode", "golden trace", "events", "things touched", "verdict"]
    page.table("run: ruchy run; function: the native program behind the platform", columns, rows, right=columns[2:4])


def _side_by_side(page: Page, folder: Path, found: dict[str, Any] | None) -> None:
    """The sources of the function and their Rust."""
    if not found:
        return
    shown = cast("TranspileDocument", found)
    for program in shown["programs"]:
        rust = _own_rust(Path(shown["output"]), program["rust"])
        texts = [(name, (folder / name).read_text(encoding="utf-8")) for name in program["files"]]
        joined = "\n\n".join(f"# {name}\n\n{text}" for name, text in texts)
        page.section(f"{program['source']} and its Rust")
        page.sources([(", ".join(program["files"]), joined), *([rust] if rust is not None else [])])


def _own_rust(output: Path, names: list[str]) -> tuple[str, str] | None:
    """The Rust that came of the program, without the support module."""
    own = next((each for each in names if each.endswith(("handler/src/lib.rs", "src/main.rs"))), None)
    place = own if own is not None and "/predict/" not in own else next(iter(names), None)
    if place is None or not (output / place).is_file():
        return None
    return place, (output / place).read_text(encoding="utf-8").partition("\nmod support {")[0]


_PARTS: dict[str, Callable[[Page, dict[str, Any]], None]] = {
    "analyze": _analyze,
    "train": _train,
    "transpile": _transpile,
    "validate": _validate,
    "build": _build,
    "bundle": _bundle,
    "invoke": _invoke,
    "ruchy": _ruchy,
}
