"""A whole program: its files read, parsed, named, typed.

Enters: a file or a text. Leaves: `Checked`, which every engine and tool starts from, or `SourceError` with all
findings. Read `cli.py` next.
"""

from __future__ import annotations

import os

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.findings import Findings, Stopped
from sovereign.migration.ruchy.infer import infer
from sovereign.migration.ruchy.law import judge
from sovereign.migration.ruchy.names import Function, Names, Resolver, Scope
from sovereign.migration.ruchy.parser import parse
from sovereign.migration.ruchy.sources import Sources, read_source
from sovereign.migration.ruchy.stack import on_large_stack
from sovereign.migration.ruchy.tree import Program
from sovereign.migration.ruchy.typed import Typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sovereign.migration.ruchy.infer_base import Problem
    from sovereign.migration.ruchy.types import Key

__all__ = ["Checked", "check_file", "check_handler", "check_text"]


class Checked:
    """A program with everything that is known before it runs."""

    def __init__(self) -> None:
        self.sources = Sources()
        self.findings = Findings(self.sources)
        self.names = Names(Function(Program((0, 0), ()), None))
        self.programs: list[Program] = []
        """The files in the order in which their top-level code runs; the last one is the program itself."""
        self.typed = Typed(self.names)
        self.problems: list[Problem] = []
        self.marks: dict[Key, str] = {}
        self.mark_places: dict[Key, tree.Place] = {}
        self.members: dict[Key, list[str]] = {}
        self.absent: list[str] = []
        """Where imports were looked for in vain before they were found."""
        self.takes_in_folder = False
        """Whether the files beside it are part of the program, whoever puts one there."""
        self._scopes: dict[str, Scope] = {}

    def add_text(self, path: str, text: str) -> Program | None:
        """Parse a text and judge its tree."""
        program = parse(self.sources.add(path, text), self.sources, self.findings)
        if program is not None:
            judge(program, self.findings)
        return program

    def resolve(self, program: Program, folder: str) -> None:
        """Find out what every name means, with the files that are imported."""
        resolver = Resolver(self.names, self.findings, lambda node: self.import_module(node, folder))
        resolver.program(program)
        self.programs.append(program)

    def join_folder(self, program: Program, path: str) -> None:
        """The files beside a handler are part of its program, as far as they only declare something."""
        names = {each.name for each in program.statements if isinstance(each, tree.FunctionDeclaration)}
        if "handler" not in names or "main" in names:
            return
        self.takes_in_folder = True
        from pathlib import Path  # for handlers alone

        for file in sorted(Path(path).parent.glob("*.ruchy")):
            if file.name == Path(path).name or file.stem.endswith("_test"):
                continue
            beside = self.add_text(str(file), read_source(str(file)))
            if beside is not None and all(isinstance(each, _DECLARATIONS) for each in beside.statements):
                self.resolve(beside, str(file.parent))

    def infer(self) -> None:
        """Find out the types; contradictions that are proved are errors."""
        inferrer = infer(self.programs, self.names)
        self.typed = Typed(self.names, inferrer)
        self.problems = inferrer.problems
        self.marks, self.mark_places = inferrer.known, inferrer.places
        self.members = inferrer.union_members()
        try:
            for problem in inferrer.problems:
                if problem.is_proved:
                    self.findings.error(
                        "ruchy.type", problem.message, problem.place, labels=problem.labels, fix=problem.fix
                    )
        except Stopped:
            pass

    def unions(self) -> list[tuple[str, tree.Place]]:
        """The places that hold values of several types, as far as the program and not the library makes them so."""
        found = []
        for key, mark in self.marks.items():
            place = self.mark_places.get(key)
            if place is not None and mark == "union":
                found.append((self.shown_union(key), place))
        return found

    def shown_union(self, key: Key) -> str:
        """The types that get into one place."""
        members = sorted(self.members.get(key, ()))
        return " | ".join(members) if members else "any"

    def import_module(self, node: tree.ImportDeclaration, folder: str) -> tuple[Scope, int] | None:
        """The scope of a module that is a file beside the program, and how many words of the path are its name."""
        for length in range(len(node.path), 0, -1):
            path = os.path.join(folder, *node.path[:length]) + ".ruchy"  # noqa: PTH118 - a path as the messages show it
            if os.path.isfile(path):  # noqa: PTH113 - as above
                scope = self._import_file(path)
                return (scope, length) if scope is not None else None
            self.absent.append(path)
        self.findings.error(
            "ruchy.import",
            f"there is no module of this name: `{node.path[0]}`",
            node.place,
            fix=f"a module is a file `{node.path[0]}.ruchy` beside the program",
        )
        return None

    def _import_file(self, path: str) -> Scope | None:
        key = os.path.realpath(path)
        if key in self._scopes:
            return self._scopes[key]
        scope = self._scopes[key] = Scope(None, self.names.top)
        program = self.add_text(path, read_source(path))
        if program is None:
            return scope
        resolver = Resolver(self.names, self.findings, lambda node: self.import_module(node, os.path.dirname(path)))  # noqa: PTH120 - as above
        resolver.program(program, scope)
        self.programs.append(program)
        return scope


_DECLARATIONS = (
    tree.FunctionDeclaration,
    tree.StructDeclaration,
    tree.EnumDeclaration,
    tree.TraitDeclaration,
    tree.ImplDeclaration,
    tree.ImportDeclaration,
    tree.TypeDeclaration,
    tree.ModuleDeclaration,
)


def check_text(path: str, text: str, *, joins_folder: bool = False) -> Checked:
    """Check a program that is one text; `path` names it in messages and says where its modules are.

    `joins_folder`   take in the files beside it where it is a handler.

    Errors    SourceError  with every finding.
    """
    return on_large_stack(lambda: _checked(path, text, joins_folder=joins_folder))  # type: ignore[no-any-return] # what the action gives


def check_handler(path: str, function: str) -> Checked:
    """Check a program of which one function is called from outside, with values of any type where it names none.

    Errors    as `check_file`.
    """
    text = read_source(path)
    return on_large_stack(lambda: _checked(path, text, joins_folder=True, entry=function))  # type: ignore[no-any-return] # what the action gives


def _checked(path: str, text: str, *, joins_folder: bool, entry: str = "") -> Checked:
    checked = Checked()
    try:
        program = checked.add_text(path, text)
        if program is not None and not checked.findings.errors:
            _open(program, entry)
            if joins_folder:
                checked.join_folder(program, path)
            checked.resolve(program, os.path.dirname(path))  # noqa: PTH120 - as above
    except Stopped:
        pass
    checked.findings.require_none()
    checked.infer()
    checked.findings.require_none()
    return checked


def _open(program: tree.Program, entry: str) -> None:
    """Write `any` at the parameters of a function, where nothing is written."""
    for statement in program.statements:
        if isinstance(statement, tree.FunctionDeclaration) and statement.name == entry:
            for parameter in statement.parameters:
                parameter.type = parameter.type or tree.NamedType(parameter.place, "any", ())


def check_file(path: str) -> Checked:
    """Check a program in a file.

    Errors    SourceError, and those of reading a file.
    """
    return check_text(path, read_source(path), joins_folder=True)
