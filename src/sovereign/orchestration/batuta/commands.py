"""The commands of the line: new, analyze, transpile, validate, build, report, status, reset.

Enters: options. Leaves: exit codes; each calls its stage and prints. Declared here and joined by `cli.py`. Read
`stages.py` for what they call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.shell.command import Command, Options, argument, option
from sovereign.shell.exit import ExitCode

if TYPE_CHECKING:
    from sovereign.orchestration.batuta.agreement import AgreementDocument
    from sovereign.orchestration.batuta.analysis import AnalyzeDocument
    from sovereign.orchestration.batuta.line import Line, Ran
    from sovereign.orchestration.batuta.settings import Settings
    from sovereign.shell.console import Console

__all__ = ["ANALYZE", "BUILD", "NEW", "REPORT", "RESET", "STATUS", "TRANSPILE", "validate_projects"]

ENDINGS = {"done": "green", "failed": "bold red", "interrupted": "yellow", "changed since": "yellow"}


def new(console: Console, options: Options) -> ExitCode:
    """Make a new project that works: a small service with its data, training, handler and events.

    Go on inside of it with `python train.py`, then `batuta analyze`, `transpile`, `validate`, `build` and `bundle`.
    """
    from pathlib import Path

    from sovereign.orchestration.batuta.starting import start_project

    made = start_project(Path(options.name))
    console.emit(made)
    console.table(["file", "what it is"], [[each["file"], each["what"]] for each in made["files"]])
    console.write(f"{made['folder']}: `cd {made['folder']}` and `python train.py`, then `batuta transpile`")
    return ExitCode.OK


def analyze(console: Console, options: Options) -> ExitCode:
    """Say what a project consists of and which translator takes each file.

    Nothing of it is run. Without --languages, --dependencies and --tdg everything is shown. The debt grade of --tdg is
    "not measured" until the room for quality stands.
    """
    from typing import cast

    from sovereign.orchestration.batuta.stages import run_analyze

    line, settings = _line(options.folder)
    ran = run_analyze(line, settings)
    document = cast("AnalyzeDocument", ran.document)
    console.emit(document)
    _show_analysis(console, document, options)
    return ExitCode.OK


def _show_analysis(console: Console, document: AnalyzeDocument, options: Options) -> None:
    from sovereign.orchestration.batuta import analysis as shown

    is_all = not (options.languages or options.dependencies or options.tdg)
    if options.languages or is_all:
        console.table(shown.LANGUAGE_COLUMNS, shown.language_rows(document), right=("files", "lines"))
    if options.dependencies or is_all:
        rows = shown.package_rows(document)
        if rows:
            console.table(shown.PACKAGE_COLUMNS, rows)
        else:
            console.write("no package from elsewhere is imported")
    if is_all:
        console.table(shown.FILE_COLUMNS, shown.file_rows(document), right=("lines",))
    if options.tdg or is_all:
        console.write(f"debt grade: {document['tdg']}")
    primary, translator = document["primary_language"] or "none", document["recommended_transpiler"] or "none"
    console.write(f"{document['project']}: primary language {primary}, recommended translator {translator}")


def transpile(console: Console, options: Options) -> ExitCode:
    """Translate a project into a project of Rust, file by file, and say what became of each.

    A file that is refused stops the line, with its place and reason; change it, or list it under `keep` in
    `batuta.toml`, and it is copied. What translates is written all the same. Without changes nothing is done again.
    """
    from pathlib import Path
    from typing import cast

    from sovereign.orchestration.batuta import transpilation as shown
    from sovereign.orchestration.batuta.settings import Optimize
    from sovereign.orchestration.batuta.stages import run_analyze, run_transpile

    line, settings = _line(options.source)
    output = Path(options.output) if options.output else settings.output
    optimize = Optimize(options.optimize) if options.optimize else settings.optimize
    run_analyze(line, settings)
    try:
        with console.progress("translating"):
            ran = run_transpile(line, settings, output, optimize, force=options.force)
    finally:
        record = line.state.stages.get("transpile")
        document = cast("shown.TranspileDocument", record.document) if record and record.document else None
        if document is not None:
            console.emit(document, is_kept=True)
            console.table(shown.COLUMNS, shown.rows(document), styles=shown.MARKS)
    console.write(
        f"{document['output']}: {document['translated']} files translated, {document['copied']} copied, "
        f"{document['source_lines']:,} lines became {document['rust_lines']:,} of Rust{_kept(ran)}"
        if document
        else ""
    )
    return ExitCode.OK


def validate_projects(console: Console, options: Options) -> ExitCode:
    """Compare two folders, program by program; `batuta validate` calls it where both sides are folders."""
    from pathlib import Path
    from typing import cast

    from sovereign.orchestration.batuta import agreement as shown
    from sovereign.orchestration.batuta.stages import run_validate

    line, settings = _line(options.original)
    asked = shown.Asked(
        fuzz=options.fuzz,
        repeats=options.repeats if options.benchmark else 0,
        effects=options.trace_syscalls,
        events=Path(options.events) if options.events else None,
        seed=options.seed,
        timeout_s=options.timeout,
        inputs=options.inputs,
    )
    try:
        with console.progress("comparing"):
            ran = run_validate(line, settings, Path(options.transpiled), asked)
    finally:
        record = line.state.stages.get("validate")
        document = cast("AgreementDocument", record.document) if record and record.document else None
        if document is not None:
            console.emit(document, is_kept=True)
            console.table(shown.COLUMNS, shown.rows(document), styles=shown.MARKS)
    if document is not None:
        console.write(f"{document['verdict']}: {len(document['compared'])} comparisons{_kept(ran)}")
    return ExitCode.OK


def build(console: Console, options: Options) -> ExitCode:
    """Build the programs of the translated project.

    They lie under `target/` in its folder, where cargo would put them. Without --release they are built quickly and not
    optimised; a function is always optimised. A function is for the machines that `batuta.toml` names, the rest for
    this one, or all for --target.
    """
    from typing import cast

    from sovereign.orchestration.batuta import building as shown
    from sovereign.orchestration.batuta.stages import output_of, run_build

    line, settings = _line(options.folder)
    output = output_of(line, settings)
    arch = settings.function.arch if settings.function else ()
    with console.progress("building"):
        ran = run_build(line, settings, output, is_release=options.release, target=options.target, arch=arch)
    document = cast("shown.BuildDocument", ran.document)
    console.emit(document)
    console.table(shown.COLUMNS, shown.rows(document), right=("bytes", "seconds"))
    console.write(f"{len(document['programs'])} programs{_kept(ran)}")
    return ExitCode.OK


def status(console: Console, options: Options) -> ExitCode:
    """Show how far the project of this folder is: each stage, when, how long it took, and whether it is still true."""
    from pathlib import Path

    from sovereign.orchestration.batuta.line import ORDER, Line
    from sovereign.orchestration.batuta.stages import is_stale
    from sovereign.orchestration.batuta.state import load

    folder = Path(options.folder or ".")
    state = load(folder)
    line = Line(folder, Path(state.source or folder))
    rows, stages = [], []
    for name in [each for each in ORDER if each in state.stages]:
        record = state.stages[name]
        shown = "changed since" if is_stale(line, name) else str(record.ending)
        stages.append({"stage": name, "state": shown, "began": record.began, "seconds": round(record.seconds, 3)})
        rows.append([name, shown, record.began, f"{record.seconds:.1f}", record.error or record.command])
    console.emit({"source": state.source or None, "output": state.output or None, "stages": stages})
    if not rows:
        console.write("nothing was done here yet; `batuta transpile` begins")
        return ExitCode.OK
    console.table(["stage", "state", "began", "seconds", "command or reason"], rows, right=["seconds"], styles=ENDINGS)
    return ExitCode.OK


def report(console: Console, options: Options) -> ExitCode:
    """Write what was found about the project of this folder as one page, with the command for each part."""
    from pathlib import Path

    from sovereign.orchestration.batuta.evidence import document
    from sovereign.orchestration.batuta.state import load
    from sovereign.shell.files import require_free, write_atomically

    state = load(Path())
    output = Path(options.output)
    require_free(output, force=options.force)
    write_atomically(output, document(state), force=options.force)
    console.emit({"report": str(output), "stages": {name: each.document for name, each in state.stages.items()}})
    console.write(f"{output}: {len(state.stages)} stages")
    return ExitCode.OK


def reset(console: Console, _options: Options) -> ExitCode:
    """Forget what was done in this folder, so that every stage runs anew; the project and its Rust stay."""
    from pathlib import Path

    from sovereign.orchestration.batuta.state import reset as forget

    is_forgotten = forget(Path())
    console.emit({"is_forgotten": is_forgotten})
    console.write("the next stage begins anew" if is_forgotten else "there was nothing to forget")
    return ExitCode.OK


def _line(folder: str | None) -> tuple[Line, Settings]:
    """The line of this folder, about the project that is named, or else the one that it is about already."""
    from pathlib import Path

    from sovereign.orchestration.batuta.line import Line
    from sovereign.orchestration.batuta.settings import read_settings
    from sovereign.orchestration.batuta.state import load

    here = Path()
    source = Path(folder) if folder is not None else Path(load(here).source or here)
    settings = read_settings(source)
    return Line(here, source), settings


def _kept(ran: Ran) -> str:
    return " (nothing changed, so this is from its record)" if ran.is_kept else ""


_FORCE = option("--force", text="write over what is there")
NEW = Command("new", new, (argument("NAME", "the folder to make", completes="folder"),))
ANALYZE = Command(
    "analyze",
    analyze,
    (
        argument("FOLDER", "the project; this folder when left out", optional=True, completes="folder"),
        option("--languages", text="show how much is in which language"),
        option("--dependencies", text="show the packages from elsewhere"),
        option("--tdg", text="show the debt grade"),
    ),
)
TRANSPILE = Command(
    "transpile",
    transpile,
    (
        option("--source", text="the project", value="FOLDER", default=".", completes="folder"),
        option(
            "-o",
            "--output",
            text="where the Rust goes; `rust` in the project otherwise",
            value="FOLDER",
            completes="folder",
        ),
        option(
            "--optimize",
            text="how it is to be compiled; what batuta.toml says otherwise",
            value="WAY",
            choices=("none", "size", "speed", "aggressive"),
        ),
        _FORCE,
    ),
)
BUILD = Command(
    "build",
    build,
    (
        argument("FOLDER", "the project; that of the last call when left out", optional=True, completes="folder"),
        option("--release", text="optimise"),
        option("--target", text="the Rust target to build for; this machine otherwise", value="TARGET"),
    ),
    no="an earlier stage failed or is missing",
)
REPORT = Command(
    "report",
    report,
    (
        option("-o", "--output", text="where it goes", value="FILE", default="report.html", completes="file"),
        _FORCE,
    ),
)
STATUS = Command(
    "status", status, (argument("FOLDER", "the folder; this one when left out", optional=True, completes="folder"),)
)
RESET = Command("reset", reset)
