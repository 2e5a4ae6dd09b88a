"""Two versions of a program that takes numbers on its command line: one for small numbers, and one for any.

Enters: the trees of a program. Leaves: whether it reads such numbers, and where. `int(sys.argv[1])` has no bounds, and
what is computed from it has none either. So the program is translated twice, the first time with the assumption that
arguments that are numbers lie within `SMALL`; it looks at its arguments once, before anything else, and starts the
version that fits. Only `int` of one argument as a whole counts, and only where nothing changes the arguments.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from sovereign.migration.depyler.nodes import walk
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = ["SMALL", "both_versions", "is_argument", "reads_numbers"]

SMALL = 1 << 31
"""`small_argument` of the support module has the same bound."""
_MODULE = "any_size"


def is_argument(node: ast.expr) -> bool:
    """Whether it is one argument of the command line.

    >>> [is_argument(ast.parse(text, mode="eval").body) for text in ("sys.argv[1]", "sys.argv[1:]", "sys.argv")]
    [True, False, False]
    """
    return isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice) and _are_arguments(node.value)


def _are_arguments(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "argv"
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
    )


def reads_numbers(trees: Iterable[ast.Module]) -> bool:
    """Whether a program makes integers of its arguments, and only looks at them."""
    found = False
    for tree in trees:
        looked_at = {id(part) for node in walk(tree) for part in _looked_at(node)}
        for node in walk(tree):
            if (isinstance(node, ast.Attribute) and node.attr == "argv" and id(node) not in looked_at) or (
                isinstance(node, ast.alias) and node.name == "argv"
            ):
                return False
            found = found or _is_number(node)
    return found


def _looked_at(node: ast.AST) -> list[ast.expr]:
    """The arguments in a place where they are only read."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        return [node.value]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len":
        return node.args
    return [node.iter] if isinstance(node, ast.For) else []


def _is_number(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "int"
        and len(node.args) == 1
        and is_argument(node.args[0])
    )


def both_versions(small: rs.Program, general: rs.Program, taken: Collection[str]) -> rs.Program:
    """One program that begins with the version that its arguments allow."""
    name = _MODULE
    while name in taken:
        name += "_"
    others = tuple(_shown(item) for item in general.items if not _is_main(item))
    own = tuple(item for item in small.items if not _is_main(item))
    begin = rs.If(
        rs.Call(rs.Name("arguments_are_small")),
        rs.Block((), rs.Name("program")),
        rs.Block((), rs.Name(f"{name}::program")),
    )
    main = rs.Function("main", (), None, rs.Block((rs.Evaluate(rs.Call(rs.Name("run_main"), (begin,))),)))
    docs = "The same for arguments that are large numbers."
    module = rs.Module(name, (rs.Use("super::*"), *others), docs=docs)
    return rs.Program((*own, main, module), docs=small.docs, attributes=small.attributes)


def _is_main(item: rs.Item) -> bool:
    return isinstance(item, rs.Function) and item.name == "main"


def _shown(item: rs.Item) -> rs.Item:
    """The entry of a version, seen from outside."""
    if isinstance(item, rs.Function) and item.name == "program":
        return replace(item, public=True)
    return item
