"""Short ways to write nodes of Python's own tree.

Enters: names and nodes. Leaves: `ast` nodes. Names of the run-time library begin with `rt.`, which no name of a program
can, since Python takes any text for a name here. Read `compile_base.py` next.
"""

from __future__ import annotations

import _ast as ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

__all__ = [
    "arguments",
    "assign",
    "attribute",
    "binary",
    "both",
    "call",
    "children",
    "choose",
    "compare",
    "constant",
    "either",
    "expression",
    "function",
    "is_simple",
    "item",
    "load",
    "locate",
    "negated",
    "runtime",
    "store",
    "walk",
    "walrus",
    "when",
]

_LOAD, _STORE = ast.Load(), ast.Store()


def load(name: str) -> ast.expr:
    """Read a variable."""
    return ast.Name(name, _LOAD)


def store(name: str) -> ast.expr:
    """A variable as target."""
    return ast.Name(name, _STORE)


def runtime(name: str) -> ast.expr:
    """Something of the run-time library."""
    return ast.Name(f"rt.{name}", _LOAD)


def constant(value: Any) -> ast.expr:
    """A literal."""
    return ast.Constant(value)


def call(function: ast.expr | str, *values: ast.expr) -> ast.expr:
    """A call; a text is the name of something in the run-time library."""
    return ast.Call(runtime(function) if isinstance(function, str) else function, list(values), [])


def attribute(value: ast.expr, name: str) -> ast.expr:
    """Read an attribute."""
    return ast.Attribute(value, name, _LOAD)


def item(value: ast.expr, index: ast.expr) -> ast.expr:
    """Read an element."""
    return ast.Subscript(value, index, _LOAD)


def compare(left: ast.expr, *rest: tuple[ast.cmpop, ast.expr]) -> ast.expr:
    """A comparison, or a chain of them."""
    return ast.Compare(left, [operator for operator, _ in rest], [value for _, value in rest])


def binary(left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.expr:
    """An arithmetic operator."""
    return ast.BinOp(left, operator, right)


def both(values: Sequence[ast.expr]) -> ast.expr:
    """All of them hold; true when there are none."""
    if not values:
        return constant(value=True)
    return values[0] if len(values) == 1 else ast.BoolOp(ast.And(), list(values))


def either(values: Sequence[ast.expr]) -> ast.expr:
    """One of them holds."""
    return values[0] if len(values) == 1 else ast.BoolOp(ast.Or(), list(values))


def negated(value: ast.expr) -> ast.expr:
    """It does not hold."""
    return ast.UnaryOp(ast.Not(), value)


def choose(condition: ast.expr, yes: ast.expr, no: ast.expr) -> ast.expr:
    """`yes if condition else no`."""
    return ast.IfExp(condition, yes, no)


def walrus(name: str, value: ast.expr) -> ast.expr:
    """Bind a variable inside of an expression."""
    return ast.NamedExpr(ast.Name(name, _STORE), value)


def assign(target: ast.expr | str, value: ast.expr) -> ast.stmt:
    """An assignment."""
    place = store(target) if isinstance(target, str) else target
    return ast.Assign([place], value)


def expression(value: ast.expr) -> ast.stmt:
    """An expression whose value nobody needs."""
    return ast.Expr(value)


def when(condition: ast.expr, yes: list[ast.stmt], no: list[ast.stmt] | None = None) -> ast.stmt:
    """`if`; a branch without statements passes."""
    return ast.If(condition, yes or [ast.Pass()], no or [])


def arguments(names: Iterable[str], defaults: Sequence[ast.expr] = ()) -> ast.arguments:
    """Parameters, the last ones with defaults."""
    return ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, list(defaults))


def function(name: str, parameters: ast.arguments, body: list[ast.stmt]) -> ast.stmt:
    """A function definition."""
    made: Any = ast.FunctionDef(name, parameters, body or [ast.Pass()], [])
    if "type_params" in ast.FunctionDef._fields:
        made.type_params = []
    return made  # type: ignore[no-any-return] # a statement


def locate(module: ast.Module) -> None:
    """Give every node a line: its own, else that of the node around it. Columns say nothing here."""
    pending: list[tuple[ast.AST, int]] = [(module, 1)]
    while pending:
        node, line = pending.pop()
        if "lineno" in node._attributes:
            line = getattr(node, "lineno", None) or line
            node.lineno = node.end_lineno = line  # type: ignore[attr-defined] # it has lines
            node.col_offset = node.end_col_offset = 0  # type: ignore[attr-defined] # as above
        pending += [(child, line) for child in children(node)]


def children(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes right below one."""
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            yield value
        elif isinstance(value, list):
            yield from (each for each in value if isinstance(each, ast.AST))


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it."""
    pending = [node]
    while pending:
        found = pending.pop()
        yield found
        pending += children(found)


def is_simple(value: ast.expr) -> bool:
    """Whether evaluating it again costs nothing and gives the same."""
    return isinstance(value, ast.Constant | ast.Name)
