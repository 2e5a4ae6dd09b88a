"""What the compiler to Python stands on: the function that is being written, its variables and its statements.

Enters: names and types of a program. Leaves: `Writer`, the base of the compilers of operators, places, control flow and
declarations. An expression of the language becomes an expression of Python where it can; what cannot be said in one
becomes statements before it, in the order of the source. Read `compile_operators.py` next.
"""

from __future__ import annotations

import _ast as ast

from sovereign.migration.ruchy import python_nodes as py
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.lean import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from sovereign.migration.ruchy.names import Binding, Function, Names
    from sovereign.migration.ruchy.sources import Sources
    from sovereign.migration.ruchy.typed import Typed

__all__ = ["LoopFrame", "Routine", "Writer"]


class LoopFrame:
    """A loop that is being written."""

    def __init__(self, label: str | None, result: str | None) -> None:
        self.label = label
        self.result = result
        """The variable that `break value` sets."""
        self.flag: str | None = None
        """The variable that says which jump goes on behind an inner loop."""


class Routine:
    """A Python function that is being written."""

    def __init__(self, owner: Function, parent: Routine | None) -> None:
        self.owner = owner
        self.parent = parent
        self.body: list[ast.stmt] = []
        self.outside: dict[str, bool] = {}
        """Names that are assigned here and live outside; whether they are global."""
        self.loops: list[LoopFrame] = []
        self.borrowed: Binding | None = None
        """The receiver that this method changes in the caller's place."""
        self.temporaries = 0
        self.is_top = False


class Writer:
    """Writes the functions of a program as Python's tree."""

    def __init__(self, names: Names, typed: Typed, sources: Sources, *, keeps_globals: bool = False) -> None:
        self.names = names
        self.typed = typed
        self.sources = sources
        self.keeps_globals = keeps_globals
        self.routine = Routine(names.top, None)
        self.spellings: dict[Binding, str] = {}
        self.taken: dict[str, int] = {}
        self.module: list[ast.stmt] = []

    # Statements.

    @property
    def body(self) -> list[ast.stmt]:
        """The statements that are being collected."""
        return self.routine.body

    def emit(self, statement: ast.stmt, node: tree.Node | None = None) -> None:
        """Add a statement; `node` says which line of the program it comes from."""
        if node is not None:
            statement.lineno = self.sources.line(node.place[0])
        self.routine.body.append(statement)

    @contextmanager
    def collecting(self) -> Iterator[list[ast.stmt]]:
        """Collect statements in a list of their own while a `with` block runs."""
        kept, self.routine.body = self.routine.body, []
        try:
            yield self.routine.body
        finally:
            self.routine.body = kept

    @contextmanager
    def writing(self, routine: Routine) -> Iterator[Routine]:
        """Write another function while a `with` block runs."""
        kept, self.routine = self.routine, routine
        try:
            yield routine
        finally:
            self.routine = kept

    def branch(self) -> AbstractContextManager[None]:
        """Write what may not run at all while a `with` block runs: what is learned there holds only there."""
        raise NotImplementedError

    def at(self, value: ast.expr, node: tree.Node) -> ast.expr:
        """Say which line an expression comes from, so that an error in it is reported there."""
        value.lineno = self.sources.line(node.place[0])
        return value

    # Variables.

    def temporary(self) -> str:
        """A fresh variable of the function that is being written."""
        self.routine.temporaries += 1
        return f"t.{self.routine.temporaries}"

    def spelling(self, binding: Binding) -> str:
        """The Python name of a binding, different for each."""
        found = self.spellings.get(binding)
        if found is None:
            count = self.taken.get(binding.name, 0)
            self.taken[binding.name] = count + 1
            plain = binding.name not in {"None", "True", "False"}
            found = self.spellings[binding] = binding.name if not count and plain else f"{binding.name}.{count}"
        return found

    def is_global(self, binding: Binding) -> bool:
        """Whether it is a variable of the Python module: those of the top that functions use."""
        return binding.is_global and binding.is_variable and (binding.is_captured or self.keeps_globals)

    def is_boxed(self, binding: Binding) -> bool:
        """Whether it is made anew in each round of a loop, captured there and changed: it lives in a list of one."""
        return binding.loop is not None and binding.is_captured and binding.assignments > 0

    def read(self, binding: Binding) -> ast.expr:
        """Read a variable."""
        value = py.load(self.spelling(binding))
        return py.item(value, py.constant(0)) if self.is_boxed(binding) else value

    def target(self, binding: Binding) -> ast.expr:
        """A variable as target of an assignment."""
        name = self.spelling(binding)
        if self.is_boxed(binding):
            return ast.Subscript(py.load(name), py.constant(0), ast.Store())
        self.note_outside(binding, name)
        return py.store(name)

    def note_outside(self, binding: Binding, name: str) -> None:
        """Remember that an assigned variable lives outside of this function."""
        if self.is_global(binding):
            self.routine.outside[name] = True
        elif binding.owner is not self.routine.owner:
            self.routine.outside[name] = False

    def bind(self, binding: Binding, value: ast.expr, node: tree.Node) -> None:
        """Give a variable its first value."""
        name = self.spelling(binding)
        if self.is_boxed(binding):
            self.emit(py.assign(name, ast.List([value], ast.Load())), node)
            return
        self.note_outside(binding, name)
        self.emit(py.assign(name, value), node)

    def outside_statements(self, routine: Routine) -> list[ast.stmt]:
        """`global` and `nonlocal` of a function that is written."""
        found: list[ast.stmt] = []
        for is_global in (True, False):
            names = [name for name, known in routine.outside.items() if known is is_global]
            if names:
                found.append(ast.Global(names) if is_global else ast.Nonlocal(names))
        return found

    # Values in the order of the source.

    def value(self, node: tree.Expression) -> ast.expr:
        """The value of an expression, with statements emitted before it where they are needed."""
        raise NotImplementedError

    def kind(self, node: tree.Node) -> str:
        """What is known of a value's type: `i64`, `f64`, `bool`, `str`, `list`, ... or nothing."""
        return self.typed.kind(node)

    def converted(self, node: tree.Expression, value: ast.expr) -> ast.expr:
        """A value as its place wants it: looked at where its type was not known, an integer where floats are as one."""
        shape = self.typed.shape_at(node)
        if shape is None:
            return value
        if shape == ("f64",) and isinstance(node, tree.Integer):
            return py.constant(float(node.value))
        return self.at(py.call("convert", value, py.constant(shape)), node)

    def spill(self, value: ast.expr) -> ast.expr:
        """Keep a value in a variable, unless it is a constant."""
        if isinstance(value, ast.Constant):
            return value
        name = self.temporary()
        self.emit(py.assign(name, value))
        return py.load(name)

    def in_order(self, makers: Sequence[Callable[[], ast.expr]]) -> list[ast.expr]:
        """Several values, the earlier ones computed before statements that a later one needs."""
        found: list[ast.expr] = []
        for make in makers:
            with self.collecting() as emitted:
                value = make()
            if emitted:
                found = [self.spill(each) for each in found]
                self.routine.body += emitted
            found.append(value)
        return found

    def values(self, nodes: Sequence[tree.Expression]) -> list[ast.expr]:
        """The values of several expressions."""
        return self.in_order([lambda node=node: self.value(node) for node in nodes])  # type: ignore[misc] # mypy knows no default of a lambda

    def once(self, value: ast.expr) -> ast.expr:
        """A value that is used several times."""
        return value if py.is_simple(value) else self.spill(value)
