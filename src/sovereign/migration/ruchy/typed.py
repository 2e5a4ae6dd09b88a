"""What is known of the types of a program, as the compilers ask for it.

Enters: the results of the inference. Leaves: `Typed`, the seam to every engine. Read `compile_base.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.ruchy import tree

if TYPE_CHECKING:
    import ast

    from sovereign.migration.ruchy.compile_base import Writer
    from sovereign.migration.ruchy.names import Binding, Declared, Names

__all__ = ["Typed"]

_LITERALS: dict[type[tree.Node], str] = {
    tree.Integer: "i64",
    tree.Float: "f64",
    tree.Text: "str",
    tree.FormatText: "str",
    tree.Boolean: "bool",
    tree.Nil: "nil",
    tree.ListLiteral: "list",
    tree.ListRepeat: "list",
    tree.Comprehension: "list",
    tree.ObjectLiteral: "dict",
}


class Typed:
    """The types of a program."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.casts: set[tree.Node] = set()
        """Expressions whose value is brought to another type where it stands."""
        self.changing_names: set[str] = set()
        """Names of methods of the program that may change their receiver."""

    def kind(self, node: tree.Node) -> str:
        """The kind of a value: `i64`, `f64`, `bool`, `str`, `nil`, `list`, `dict`, `tuple`, `struct`, ... or nothing."""
        return _LITERALS.get(type(node), "")

    def item_kind(self, node: tree.Node) -> str:
        """The kind of what a loop over a value goes through."""
        return ""

    def declared(self, node: tree.Node) -> Declared | None:
        """The struct, class or enum of a value."""
        return None

    def is_overridden(self, method: Binding) -> bool:
        """Whether a class that extends another has a method of this name too."""
        return True

    def may_change(self, name: str) -> bool:
        """Whether a method of this name may change a receiver of unknown type."""
        return name in self.changing_names

    def is_function_of(self, binding: Binding, count: int) -> bool:
        """Whether a variable holds a function of so many parameters for certain."""
        return False

    def conversion(
        self, writer: Writer, node: tree.Expression, value: ast.expr, written: tree.TypeExpression | None
    ) -> ast.expr:
        """A value as its place wants it."""
        return value

    def arrival(self, writer: Writer, parameter: tree.Parameter, value: ast.expr) -> ast.expr | None:
        """An argument as its parameter wants it, or nothing when it is so already."""
        return None
