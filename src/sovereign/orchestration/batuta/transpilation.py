"""A project becomes a project of Rust: every program that translates, every file that stays, and why each of them.

Enters: settings, an output folder. Leaves: the folder and a `TranspileDocument`, which lies in it as
`translation.json`, so that it says itself what it holds. A file that is imported is part of the programs that import
it; a file that nobody imports is a program of its own. In the output:

    Cargo.toml, src/bin/NAME.rs     programs of one file, built by cargo or by `batuta build`
    NAME/                           a program with models, a project of its own
    function/                       the handler, with the runtime and its models
    copied/                         what stays as it is
    translation.json                what became of each file

Read `building.py` next.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from sovereign.diagnostic import Diagnostic, Level, Span
from sovereign.errors import FormatError, NotFound, ParameterError, SourceError, SovereignError
from sovereign.migration.depyler import Form, emit_rust, read_program, translate_file
from sovereign.migration.ruchy import check_file, to_rust
from sovereign.migration.rust import Profile, write_project
from sovereign.orchestration.batuta.settings import FILE, Optimize, Settings
from sovereign.orchestration.batuta.sources import ProjectFile, project_files
from sovereign.orchestration.serverless import write_function
from sovereign.shell.files import read_text, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "COLUMNS",
    "LEVELS",
    "MARKS",
    "PROFILES",
    "RECORD",
    "Program",
    "TranspileDocument",
    "read_translation",
    "require_translated",
    "rows",
    "transpile",
]

RECORD = "translation.json"
COLUMNS = ("file", "outcome", "into", "why")
MARKS = {"translated": "green", "refused": "bold red", "copied": "cyan", "waits": "yellow"}
PROFILES = {
    Optimize.NONE: Profile.DEBUG,
    Optimize.SIZE: Profile.ULTRA,
    Optimize.SPEED: Profile.RELEASE,
    Optimize.AGGRESSIVE: Profile.RELEASE,
}
LEVELS = {Optimize.NONE: "1", Optimize.SIZE: "s", Optimize.SPEED: "2", Optimize.AGGRESSIVE: "3"}
"""How the handler of a function is compiled."""
_TRANSLATED = {"Python", "Ruchy"}
_KEEP = "change it, or list the file under `keep` in batuta.toml, and it is copied as it is"


class Program(TypedDict):
    """One translated program: its source, where its Rust lies, and whether that is a `file`, `project` or `function`.

    `files` are those of the source that it consists of, `rust` those of the output; `unwinds` is a fact for its build.
    """

    name: str
    source: str
    language: str
    kind: str
    files: list[str]
    rust: list[str]
    unwinds: bool


class OutcomeDocument(TypedDict):
    """What became of one file: `translated`, `refused`, `copied`, or `waits` for another file of its program.

    `into` is where it went; a refusal says the first reason with its line, and how many there are.
    """

    file: str
    outcome: str
    into: str | None
    why: str
    line: int | None
    column: int | None
    reasons: int
    code: str


class TranspileDocument(TypedDict):
    """What `batuta transpile --json` prints, and what lies in the output as `translation.json`."""

    project: str
    source: str
    output: str
    optimize: str
    programs: list[Program]
    files: list[OutcomeDocument]
    translated: int
    refused: int
    copied: int
    source_lines: int
    rust_lines: int


@dataclass(slots=True)
class _Work:
    """What is known while the programs are translated one after the other."""

    settings: Settings
    output: Path
    optimize: Optimize
    programs: list[Program] = field(default_factory=list)
    findings: dict[str, list[Diagnostic]] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    unwinds: bool = False


def transpile(settings: Settings, output: Path, optimize: Optimize, *, force: bool = False) -> TranspileDocument:
    """Translate a project into a folder; `require_translated` says whether all of it was.

    What translates is written also where something else is refused, so that the table can be read beside it.

    Errors    ParameterError batuta.output   when the folder is there and holds something else.
              ParameterError batuta.too_large, as `project_files`.
    """
    _require_ours(output, force=force)
    files = project_files(settings.folder)
    work = _Work(settings, output, optimize)
    _forget(output)
    for main, parts in _programs(settings, files):
        _translate(work, main, parts)
    _write_programs(work)
    document = _document(work, files)
    _copy(settings.folder, output, document)
    write_atomically(output / RECORD, json.dumps(document, indent=1) + "\n", force=True)
    return document


def require_translated(document: TranspileDocument) -> None:
    """Let a translation pass in which no file is refused.

    Errors    SourceError batuta.refused   when one is, with the first finding of each.
    """
    refused = [each for each in document["files"] if each["outcome"] == "refused"]
    if not refused:
        if not document["programs"]:
            text = f"there is nothing to translate, no program in Python or Ruchy: `{document['source']}`"
            raise NotFound("batuta.nothing", text, name=document["source"], nearest=[])
        return
    first = refused[0]
    text = (
        f"{len(refused)} of {len(document['files'])} files refused, change what is named or list the file under `keep` "
        f"in batuta.toml: `{first['file']}`"
    )
    raise SourceError("batuta.refused", text, diagnostics=[_finding(document, each) for each in refused])


def read_translation(output: Path) -> TranspileDocument:
    """What a folder of Rust says that it holds.

    Errors    NotFound batuta.no_translation   when it is none that `batuta transpile` wrote.
    """
    path = output / RECORD
    if not path.is_file():
        text = f"no translated project is there, `batuta transpile` writes one: `{output}`"
        raise NotFound("batuta.no_translation", text, name=str(output), nearest=[])
    try:
        found: TranspileDocument = json.loads(read_text(path))
        _ = [each["name"] for each in found["programs"]], found["optimize"]
    except (ValueError, KeyError, TypeError) as error:
        text = f"the record of a translation cannot be read, `batuta transpile` writes it anew: `{path}`"
        raise FormatError("batuta.state", text, path=str(path), offset=0, field="record") from error
    # It may have been written from another folder, or moved.
    found["output"] = str(output)
    return found


def rows(document: TranspileDocument) -> list[list[str]]:
    """One row per file."""
    found = []
    for each in document["files"]:
        place = f"line {each['line']}: " if each["line"] else ""
        more = f" (and {each['reasons'] - 1} more)" if each["reasons"] > 1 else ""
        found.append([each["file"], each["outcome"], each["into"] or "", f"{place}{each['why']}{more}"])
    return found


# which files are programs


def _programs(settings: Settings, files: Iterable[ProjectFile]) -> list[tuple[Path, list[str]]]:
    """The main file of each program, with the names of all files that it consists of."""
    mine = [each.name for each in files if each.language in _TRANSLATED and each.name not in settings.keep]
    parts = {name: _parts(settings.folder, name, set(mine)) for name in mine}
    handler = _handler_name(settings)
    inside = {part for name, found in parts.items() for part in found if part != name}
    mains = [name for name in mine if name == handler or (name not in inside and not name.endswith("__init__.py"))]
    # Files that only import each other are programs of nobody; the first of them stands for all.
    covered = {part for name in mains for part in parts[name]}
    mains += [name for name in mine if name not in covered and not name.endswith("__init__.py")][:1]
    return [(settings.folder / name, parts[name]) for name in mains]


def _handler_name(settings: Settings) -> str:
    function = settings.function
    if function is None or not function.handler.is_relative_to(settings.folder):
        return ""
    return function.handler.relative_to(settings.folder).as_posix()


def _parts(folder: Path, name: str, mine: set[str]) -> list[str]:
    """The files of the program that begins with this one, itself first; only those that are to be translated."""
    main = folder / name
    try:
        if main.suffix == ".py":
            found = [Path(path) for path, _ in read_program(main).modules.values()]
        else:
            found = [Path(file.path) for file in check_file(str(main)).sources.files]
    except SovereignError:  # its translation says what is wrong with it
        found = []
    root = folder.resolve()
    names = [
        each.relative_to(root).as_posix() for each in (each.resolve() for each in found) if each.is_relative_to(root)
    ]
    return [name, *sorted({each for each in names if each != name and each in mine})]


# translation


def _translate(work: _Work, main: Path, parts: list[str]) -> None:
    name = main.relative_to(work.settings.folder).as_posix()
    function = work.settings.function
    is_function = name == _handler_name(work.settings)
    program: Program = {
        "name": function.function if is_function and function else _program_name(name),
        "source": name,
        "language": "Python" if main.suffix == ".py" else "Ruchy",
        "kind": "function" if is_function else "file",
        "files": parts,
        "rust": [],
        "unwinds": False,
    }
    try:
        if is_function:
            _translate_function(work, program)
        elif main.suffix == ".py":
            _translate_python(work, main, program)
        else:
            _, compiled = to_rust(str(main))
            program["unwinds"] = compiled.unwinds
            _keep_text(work, program, compiled.text)
    except SovereignError as error:
        _refuse(work, name, parts, error)
        return
    work.programs.append(program)


def _program_name(name: str) -> str:
    """The name of a program's binary.

    >>> _program_name("tools/report-all.py")
    'tools_report_all'
    """
    bare = name.rpartition(".")[0]
    found = "".join(each if each.isalnum() and each.isascii() else "_" for each in bare)
    return found if found[:1].isalpha() else f"program_{found}"


def _translate_function(work: _Work, program: Program) -> None:
    function = work.settings.function
    assert function is not None
    lost = [each for each in function.models if not each.is_file()]
    if lost:
        text = f"a model of the function is not there, train it first: `{lost[0]}`"
        raise NotFound("batuta.no_model", text, name=str(lost[0]), nearest=[])
    names = write_function(
        function.handler,
        work.output / "function",
        embed=dict(function.embed),
        function=function.function,
        level=LEVELS[work.optimize],
    )
    program["rust"] = [f"function/{each}" for each in names]


def _translate_python(work: _Work, main: Path, program: Program) -> None:
    models = _models_named(work.settings, program["files"])
    versions = work.optimize is Optimize.AGGRESSIVE
    _, translation = translate_file(main, versions=versions, embed=models)
    if not translation.models:
        _keep_text(work, program, translation.text)
        return
    folder = work.output / program["name"]
    shutil.rmtree(folder, ignore_errors=True)
    emit_rust(main, folder, Form(project=True), embed=models)
    program["kind"] = "project"
    program["rust"] = sorted(each.relative_to(work.output).as_posix() for each in folder.rglob("*") if each.is_file())


def _models_named(settings: Settings, names: list[str]) -> dict[str, Path]:
    """The models of the project that a program names by their paths."""
    texts = [read_text(settings.folder / name) for name in names]
    found = {path.relative_to(settings.folder).as_posix(): path for path in sorted(settings.folder.rglob("*.apr"))}
    return {name: path for name, path in found.items() if any(f"{name}{quote}" in t for t in texts for quote in "'\"")}


def _keep_text(work: _Work, program: Program, text: str) -> None:
    place = f"src/bin/{program['name']}.rs"
    work.written[place] = text
    work.unwinds = work.unwinds or program["unwinds"]
    program["rust"] = [place]


def _write_programs(work: _Work) -> None:
    """The programs of one file, as one package."""
    work.output.mkdir(parents=True, exist_ok=True)
    if not work.written:
        return
    name = "".join(each if each.isalnum() and each.isascii() else "-" for each in work.settings.name).strip("-")
    write_project(work.output, name if name[:1].isalpha() else f"project-{name}", work.written)
    if work.unwinds:
        # What `try` catches in Ruchy is caught by unwinding, which the usual profile cuts off.
        path = work.output / "Cargo.toml"
        path.write_text(path.read_text().replace('panic = "abort"', 'panic = "unwind"'))


def _refuse(work: _Work, name: str, parts: list[str], error: SovereignError) -> None:
    """Note the findings at the files that they speak of; the other files of the program wait for those."""
    found = [each for each in error.detail.get("diagnostics", ()) if isinstance(each, Diagnostic)]  # type: ignore[attr-defined]
    places: dict[str, list[Diagnostic]] = {}
    for each in found:
        place = name
        if isinstance(each.span, Span):
            path = Path(each.span.path).resolve()
            root = work.settings.folder.resolve()
            place = path.relative_to(root).as_posix() if path.is_relative_to(root) else name
        places.setdefault(place, []).append(each)
    if not places:
        places[name] = [
            Diagnostic(error.code, Level.ERROR, str(error), Span(str(work.settings.folder / name), 1, 1, 1, 2))
        ]
    for place, findings in places.items():
        work.findings.setdefault(place, []).extend(findings)
    for part in parts:
        if part not in places:
            work.waiting.setdefault(part, next(iter(places)))


def _finding(document: TranspileDocument, each: OutcomeDocument) -> Diagnostic:
    """The first reason of a refusal, at its place."""
    line, column = each["line"] or 1, each["column"] or 1
    path = str(Path(document["source"]) / each["file"])
    more = f", and {each['reasons'] - 1} more reasons in this file" if each["reasons"] > 1 else ""
    return Diagnostic(
        "batuta.refused", Level.ERROR, f"{each['why']}{more}", Span(path, line, column, line, column + 1), help=_KEEP
    )


# what came of it


def _document(work: _Work, files: list[ProjectFile]) -> TranspileDocument:
    inside = {part: each for each in reversed(work.programs) for part in each["files"]}
    outcomes = [_outcome(work, each, inside) for each in files if each.name != FILE]
    lines = sum(_own_lines(text) for text in work.written.values())
    for program in work.programs:
        if program["kind"] != "file":
            own = ("src/main.rs", "handler/src/lib.rs", "handler/src/source.rs")
            places = [each for each in program["rust"] if each.endswith(own) and "/predict/" not in each]
            lines += sum(_own_lines(read_text(work.output / each)) for each in places)
    translated = {each["file"] for each in outcomes if each["outcome"] == "translated"}
    return {
        "project": work.settings.name,
        "source": str(work.settings.folder),
        "output": str(work.output),
        "optimize": str(work.optimize),
        "programs": work.programs,
        "files": outcomes,
        "translated": len(translated),
        "refused": sum(each["outcome"] == "refused" for each in outcomes),
        "copied": sum(each["outcome"] == "copied" for each in outcomes),
        "source_lines": sum(each.lines for each in files if each.name in translated),
        "rust_lines": lines,
    }


def _own_lines(text: str) -> int:
    """Lines that came of the program itself, without the support module that every program has its part of."""
    return text.partition("\nmod support {")[0].count("\n")


def _outcome(work: _Work, file: ProjectFile, inside: dict[str, Program]) -> OutcomeDocument:
    name = file.name
    found: OutcomeDocument = {
        "file": name,
        "outcome": "copied",
        "into": f"copied/{name}",
        "why": "",
        "line": None,
        "column": None,
        "reasons": 0,
        "code": "",
    }
    if name in work.findings:
        reasons = work.findings[name]
        span = reasons[0].span
        found |= {
            "outcome": "refused",
            "into": None,
            "why": reasons[0].message,
            "reasons": len(reasons),
            "code": reasons[0].code,
        }
        if isinstance(span, Span):
            found |= {"line": span.line, "column": span.column}
    elif name in inside:
        program = inside[name]
        place = {"function": "function", "project": program["name"]}.get(program["kind"]) or program["rust"][0]
        part = "" if program["source"] == name else f"part of {program['source']}"
        found |= {"outcome": "translated", "into": place, "why": part}
    elif name in work.waiting:
        found |= {"outcome": "waits", "into": None, "why": f"its program needs {work.waiting[name]}"}
    elif name in work.settings.keep:
        found["why"] = "`keep` in batuta.toml says so"
    elif file.language in _TRANSLATED:
        found["why"] = "no translated program imports it"
    else:
        found["why"] = f"no translator for {file.language}" if file.language else "data"
    return found


# the output folder


def _require_ours(output: Path, *, force: bool) -> None:
    """Refuse a folder that holds something else than a translation."""
    if output.exists() and not output.is_dir():
        text = f"a folder is needed for the Rust and this is a file: `{output}`"
        raise ParameterError("shell.not_a_folder", text, name="output", value=str(output))
    if not output.is_dir() or (output / RECORD).is_file() or force or not any(output.iterdir()):
        return
    text = f"the folder holds something else than a translation: `{output}`"
    fix = "name another one by `--output`, or `--force` writes into it"
    raise ParameterError("batuta.output", text, name="output", value=str(output), allowed=[], fix=fix)


def _forget(output: Path) -> None:
    """Remove what the last translation wrote, so that nothing of it is taken for one of now."""
    try:
        old = read_translation(output)
    except SovereignError:
        return
    for program in old["programs"]:
        for name in program["rust"]:
            path = output / name
            if path.resolve().is_relative_to(output.resolve()):
                path.unlink(missing_ok=True)
    shutil.rmtree(output / "copied", ignore_errors=True)


def _copy(folder: Path, output: Path, document: TranspileDocument) -> None:
    for each in document["files"]:
        if each["outcome"] == "copied" and each["into"]:
            target = output / each["into"]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / each["file"], target)
