"""What tools ask of a program without running it: findings, tree, tokens, differences, a project to begin with.

Enters: paths. Leaves: diagnostics and plain data for `cli.py`. Read `testing.py` next.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import ParameterError, SourceError
from sovereign.migration.ruchy.findings import Findings, Stopped
from sovereign.migration.ruchy.layout import lay_out
from sovereign.migration.ruchy.lexer import lex
from sovereign.migration.ruchy.parser import parse
from sovereign.migration.ruchy.program import check_file
from sovereign.migration.ruchy.sources import Sources
from sovereign.migration.ruchy.stack import on_large_stack
from sovereign.shell.files import read_text, write_atomically

if TYPE_CHECKING:
    from sovereign.diagnostic import Diagnostic
    from sovereign.migration.ruchy import tree

__all__ = ["begin_project", "differences", "examine", "parsed", "tokens_of"]

_PROGRAM = """\
// What the program does stands here.

fun greet(name: str) -> str {
    f"Hello, {name}!"
}

fun main() {
    println(greet("world"))
}
"""
_TEST = """\
import main

@test
fun greets_by_name() {
    assert_eq(main::greet("Ada"), "Hello, Ada!")
}
"""


def examine(path: str, *, is_strict: bool = False) -> list[Diagnostic]:
    """Everything that can be said about a program before it runs.

    Errors    those of reading a file.
    """
    try:
        checked = check_file(path)
    except SourceError as error:
        return list(error.diagnostics)  # type: ignore[arg-type] # ours
    try:
        for problem in checked.problems:
            checked.findings.error(
                "ruchy.doubt", problem.message, problem.place, labels=problem.labels, fix=problem.fix
            )
        if is_strict:
            for shown, place in checked.unions():
                message = f"this holds values of several types: `{shown}`"
                checked.findings.error("ruchy.dynamic", message, place, fix="give it one type, or an enum of your own")
    except Stopped:
        pass
    return checked.findings.ordered()


def parsed(path: str) -> tree.Program:
    """The tree of a file.

    Errors    SourceError, and those of reading a file.
    """
    sources = Sources()
    findings = Findings(sources)
    source = sources.add(path, read_text(path))
    program: tree.Program | None = on_large_stack(lambda: parse(source, sources, findings))
    findings.require_none()
    assert program is not None
    return program


def tokens_of(path: str) -> list[tuple[str, str, int, int]]:
    """Kind, text, line and column of every token of a file, those of the layout as `layout`.

    Errors    SourceError, and those of reading a file.
    """
    sources = Sources()
    findings = Findings(sources)
    found = []
    try:
        source = sources.add(path, read_text(path))
        for token in lay_out(lex(source, findings), sources, findings):
            line, column = source.position(token.place[0] - source.base)
            found.append(("layout" if token.is_virtual else token.kind, token.text, line, column))
    except Stopped:
        pass
    findings.require_none()
    return found


def differences(path: str, before: str, after: str) -> str:
    """What a change does to a text, as a unified diff."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), path, f"{path} (formatted)"
    )
    return "".join(lines)


def begin_project(name: str) -> list[str]:
    """Make a folder with a program and a test, and say which files are in it.

    Errors    ParameterError  when something of that name is there already.
    """
    folder = Path(name)
    if folder.exists():
        raise ParameterError(
            "shell.exists",
            f"something of this name is there already: `{name}`",
            name="name",
            value=name,
            allowed="a new name",
        )
    folder.mkdir(parents=True)
    made = []
    for file, content in (("main.ruchy", _PROGRAM), ("main_test.ruchy", _TEST)):
        write_atomically(folder / file, content)
        made.append(str(folder / file))
    return made
