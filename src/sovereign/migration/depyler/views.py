"""Loops over a list that nothing in them changes: they look at its items and copy none.

Enters: the list's cell, and what the body of a loop does. Leaves: whether the loop may borrow the list. What an
instance changes is the set of cells of the lists that it stores into, or `ANYTHING` where it calls what is not known;
to it comes what those change whom it calls. A loop begins as one that changes nothing, and is written anew once the
opposite is learned. The items are guarded while they are borrowed: were a change overlooked, the program would end.
"""

from __future__ import annotations

import ast
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.program import ANYTHING, View
from sovereign.migration.depyler.rust_types import is_copy
from sovereign.migration.depyler.types import ListShape
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sovereign.migration.depyler.iteration import Iteration
    from sovereign.migration.depyler.lowering import Lowering, Operand

__all__ = ["may_view", "note_builtin", "note_method", "viewed", "watched"]

_READING = frozenset(
    """
    abs all any bool chr dict divmod enumerate float format frozenset hash id int isinstance len list math.sqrt max min
    ord pow print range repr reversed round set sorted str sum tuple zip
    """.split()
)
"""Builtins that change none of their arguments."""
_READING_METHODS = frozenset(("copy", "count", "index"))
_UNCHANGING = frozenset(("str", "bytes", "int", "float", "bool", "tuple", "dict", "set", "frozenset", "none"))


def note_builtin(low: Lowering, name: str) -> None:
    """Remember that a builtin or a function of the library is called."""
    if name not in _READING:
        low.changes.add(ANYTHING)


def note_method(low: Lowering, receiver: Operand, name: str) -> None:
    """Remember that a method of a builtin type is called."""
    shape = receiver.type.only
    if isinstance(shape, ListShape):
        if name not in _READING_METHODS:
            low.changes.add(shape.cell)
    elif shape is None or shape.tag not in _UNCHANGING:
        low.changes.add(ANYTHING)


def may_view(low: Lowering, node: ast.For | ast.comprehension, source: Iteration) -> bool:
    """Whether the loop may borrow what it walks over, as far as is known."""
    if source.cell is None or low.in_generator or low.instance.memory.get(("changes", node)):
        return False
    if not isinstance(node.target, ast.Name) or source.item.never:
        return False
    used = {part.id for part in walk(node.iter) if isinstance(part, ast.Name)}
    return not any(
        isinstance(part, ast.Name)
        and (isinstance(part.ctx, ast.Del) or (isinstance(part.ctx, ast.Store) and part.id in used))
        for part in walk(node)
    )


def viewed(source: Iteration) -> rs.Expression:
    """The iterator over borrowed items; those that are copied by the way are no references."""
    assert isinstance(source.iterator, rs.Method)
    items = rs.Method(rs.Method(source.iterator.receiver, "borrow"), "iter")
    return rs.Method(items, "copied") if is_copy(source.item) else items


@contextmanager
def watched(low: Lowering, node: ast.AST, source: Iteration) -> Iterator[None]:
    """Find out whether the body, which is lowered within, changes the list."""
    calls, changes = low.calls, low.changes
    low.calls, low.changes = {}, set()
    try:
        yield
    finally:
        view = View(("changes", node), source.cell, low.changes, list(low.calls))
        low.views.append(view)
        low.calls, low.changes = calls | low.calls, changes | low.changes
