"""Which lists a loop uses only by their elements: it sees them as slices, whose length and place stay as they are.

Enters: a loop of a function that is written. Leaves: the variables with whether the loop changes elements. Read
`rust_control.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.library import MUTATING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from sovereign.migration.ruchy.names import Binding

__all__ = ["used_by_elements"]

_APART = (tree.Closure, tree.FunctionDeclaration, tree.TryCatch)


def used_by_elements(
    loop: tree.Node,
    meant: Mapping[tree.Node, Binding],
    is_part: Callable[[tree.Index], bool],
    changing: Collection[str],
) -> dict[Binding, bool]:
    """The variables of which a loop uses elements and the length, and nothing else; whether it changes elements.

    `is_part` says whether an index is one of a list, `changing` has the names of methods that change their receiver.
    """
    nodes = list(tree.walk(loop))
    if any(isinstance(node, _APART) for node in nodes):
        return {}
    elements, lengths = _uses(nodes, meant, is_part)
    others = {meant[node] for node in nodes if node in meant and node not in elements and node not in lengths}
    changed = {meant.get(_root(target)) for node in nodes for target in _changed_parts(node, changing)}
    return {binding: binding in changed for binding in map(meant.__getitem__, elements) if binding not in others}


def _uses(
    nodes: list[tree.Node], meant: Mapping[tree.Node, Binding], is_part: Callable[[tree.Index], bool]
) -> tuple[list[tree.Node], set[tree.Node]]:
    """The names of variables whose elements are used, and of those whose length is asked for."""
    elements: list[tree.Node] = []
    lengths: set[tree.Node] = set()
    for node in nodes:
        if isinstance(node, tree.Index) and isinstance(node.receiver, tree.Name) and is_part(node):
            elements.append(node.receiver)
        elif isinstance(node, tree.MethodCall) and node.name == "len" and not node.arguments:
            lengths.add(node.receiver)
    return [name for name in elements if name in meant], lengths


def _changed_parts(node: tree.Node, changing: Collection[str]) -> tuple[tree.Expression, ...]:
    """What a node changes in its place."""
    if isinstance(node, tree.Assign):
        several = isinstance(node.target, tree.TupleLiteral | tree.ListLiteral)
        return node.target.items if several else (node.target,)  # type: ignore[attr-defined] # as it says
    if isinstance(node, tree.MethodCall) and (node.name in MUTATING or node.name in changing):
        return (node.receiver,)
    return ()


def _root(node: tree.Expression) -> tree.Expression:
    while isinstance(node, tree.Field | tree.Index):
        node = node.receiver
    return node
