"""Translate Python programs into Rust programs that give the same answers."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import ParameterError
from sovereign.shell.command import Command, Group, Options, argument, option
from sovereign.shell.entry import entry
from sovereign.shell.exit import ExitCode

if TYPE_CHECKING:
    from sovereign.shell.console import Console

__all__ = ["GROUP", "main"]


def transpile(console: Console, options: Options) -> ExitCode:
    """Write a program as one Rust file, or as a Cargo project.

    The file compiles with `rustc --edition 2021` and nothing else. What is not translated is named with file, line,
    construct and reason, all of it in one run; then nothing is written and the exit status is 2.

    With --no-std the project is a library that needs no operating system: its `run` takes the world as an argument.
    With --handler it is a library whose `handle` answers one event of a function runtime.
    """
    from sovereign.migration.depyler.workflow import Form, emit_rust

    form = Form(options.no_std, options.handler or "", options.project)
    source = Path(options.file)
    target = Path(options.output) if options.output else _beside(source, ".rs" if not form.is_project else "")
    document = emit_rust(source, target, form, force=options.force, embed=_embedded(options.embed))
    console.emit(document)
    if options.explain:
        _explain(console, document)
    console.write(f"{document['output']}: {document['program_lines']} lines from {document['source_lines']}")
    return ExitCode.OK


def _embedded(given: list[str] | None) -> dict[str, Path]:
    """The files of models by the paths that the program loads.

    Errors    ParameterError shell.usage   when a text is not `PATH=FILE`.
    """
    found = {}
    for text in given or ():
        path, sign, file = text.rpartition("=")
        if not sign or not path or not file:
            message = f"`--embed` takes a path that the program loads, `=` and a file: `{text}`"
            raise ParameterError("shell.usage", message, name="embed", value=text, allowed=["PATH=FILE"])
        found[path] = Path(file)
    return found


def _beside(source: Path, ending: str) -> Path:
    """Where the Rust of a source goes if nobody says it."""
    if ending:
        return source.with_suffix(ending)
    return source.with_name(f"{source.resolve().stem}-rust".replace(".", "-"))


def _explain(console: Console, document: dict[str, object]) -> None:
    from sovereign.migration.depyler.explain import COLUMNS, Account

    functions = document["functions"]
    assert isinstance(functions, list)
    console.table(COLUMNS, [Account(**each).row() for each in functions], right=COLUMNS[:1])


def compile_(console: Console, options: Options) -> ExitCode:
    """Translate a program and compile it to a native one.

    Without `--output` it has the name of the file without its ending, or of the folder with the ending `.out`.
    """
    from sovereign.migration.depyler.workflow import compile_native

    source = Path(options.file)
    target = Path(options.output) if options.output else source.with_suffix(".out" if source.is_dir() else "")
    with console.progress("compiling"):
        document = compile_native(
            source,
            target,
            profile=options.profile,
            target=options.target,
            force=options.force,
            embed=_embedded(options.embed),
        )
    console.emit(document)
    console.write(f"{document['output']}: {document['size_bytes']:,} bytes in {document['seconds']:.1f} s")
    return ExitCode.OK


def check(console: Console, options: Options) -> ExitCode:
    """Say what of a program would be refused, and which values are of several types.

    Exit status 1 when something would be refused.
    """
    from sovereign.migration.depyler.workflow import examine

    document, diagnostics = examine(Path(options.file), embed=_embedded(options.embed))
    console.emit(document)
    console.diagnose(diagnostics)
    if not diagnostics:
        console.write(f"{options.file}: translates to {document['program_lines']} lines")
    dynamic = document["dynamic"]
    assert isinstance(dynamic, list)
    for name in dynamic:
        console.write(f"values of several types: {name}")
    return ExitCode.NO if diagnostics else ExitCode.OK


def run(console: Console, options: Options) -> ExitCode:
    """Translate a program, compile it and run it; its exit status is handed on."""
    from sovereign.migration.depyler.workflow import compile_native

    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "program"
        compile_native(
            Path(options.file),
            program,
            profile=options.profile,
            target=None,
            force=True,
            embed=_embedded(options.embed),
        )
        console.finish()
        status = subprocess.run([str(program), *options.arguments], check=False).returncode
    sys.exit(status if status >= 0 else 128 - status)


_PROFILE = option(
    "--profile",
    text="how the program is optimised",
    value="NAME",
    choices=("debug", "release", "size", "release-ultra"),
    default="release",
)
_FORCE = option("--force", text="overwrite what is there", default=False)
_EMBED = option(
    "--embed",
    text="make the file of a model part of the program, in place of the path that it loads; once for each model",
    value="PATH=FILE",
    many=True,
)
_FILE = argument("FILE", "a Python file, or a folder with a main file", completes="file")
GROUP = Group(
    "depyler",
    "Translate Python programs into Rust programs that give the same answers.",
    (
        Command(
            "transpile",
            transpile,
            (
                _FILE,
                option(
                    "-o", "--output", text="where the Rust goes, a file or a folder", value="PATH", completes="file"
                ),
                option("--project", text="write a Cargo project", default=False),
                option("--no-std", text="write a library that needs no operating system", default=False),
                option("--handler", text="the function `NAME(event, context)` answers events", value="NAME"),
                _EMBED,
                option("--explain", text="show what was found out about each function", default=False),
                _FORCE,
            ),
        ),
        Command(
            "compile",
            compile_,
            (
                _FILE,
                option("-o", "--output", text="where the program goes", value="FILE", completes="file"),
                _PROFILE,
                option("--target", text="what the program runs on; this machine where it is left out", value="TARGET"),
                _EMBED,
                _FORCE,
            ),
        ),
        Command("check", check, (_FILE, _EMBED), no="something would be refused"),
        Command(
            "run",
            run,
            (_FILE, argument("ARGUMENTS", "what the program is given", many=True, optional=True), _PROFILE, _EMBED),
        ),
    ),
)
main = entry(GROUP)
