"""What annotations say of a function that nothing calls.

Enters: a function. Leaves: a type for each parameter; None where one cannot be told. Annotations of functions that
are called are not believed: the arguments say what they are.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.types import (
    BOOL,
    BYTES,
    FLOAT,
    INT,
    NONE,
    STR,
    InstanceShape,
    Type,
    dict_of,
    join_all,
    list_of,
    seq_of,
    set_of,
    tuple_of,
)

if TYPE_CHECKING:
    from sovereign.migration.depyler.program import FunctionInfo, Program

__all__ = ["annotated_type", "annotated_types"]

_SIMPLE = {"int": INT, "float": FLOAT, "str": STR, "bool": BOOL, "bytes": BYTES, "None": NONE}
_LISTS = {"list", "List", "Sequence", "Iterable", "MutableSequence", "Collection"}
_DICTS = {"dict", "Dict", "Mapping", "MutableMapping"}


def annotated_types(program: Program, info: FunctionInfo) -> dict[str, Type] | None:
    """A type for each parameter."""
    assert isinstance(info.node, ast.FunctionDef)
    arguments = info.node.args
    if arguments.vararg or arguments.kwarg:
        return None
    result = {}
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        found = (
            annotated_type(program, info, argument.annotation)
            if argument.annotation is not None
            else _guess(info, argument.arg)
        )
        if found is None:
            return None
        result[argument.arg] = found
    return result


def _guess(info: FunctionInfo, name: str) -> Type:
    """A parameter without annotation: a list of integers where it is taken by index, else an integer."""
    for node in walk(info.node):
        if isinstance(node, ast.Subscript | ast.For | ast.comprehension):
            inner = node.value if isinstance(node, ast.Subscript) else node.iter
            if isinstance(inner, ast.Name) and inner.id == name:
                return list_of(INT)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.args
            and isinstance(node.args[0], ast.Name)
            and node.args[0].id == name
        ):
            if node.func.id in {"len", "sum", "sorted", "max", "min"}:
                return list_of(INT)
            if node.func.id == "open":
                return STR
    return INT


def annotated_type(program: Program, info: FunctionInfo, node: ast.expr) -> Type | None:
    """The type that an annotation names."""
    if isinstance(node, ast.Constant):
        if node.value is None:
            return NONE
        return (
            annotated_type(program, info, ast.parse(node.value, mode="eval").body)
            if isinstance(node.value, str)
            else None
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        parts = [annotated_type(program, info, side) for side in (node.left, node.right)]
        return None if None in parts else join_all(p for p in parts if p is not None)
    if isinstance(node, ast.Subscript):
        return _generic(program, info, node)
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    if name in _SIMPLE:
        return _SIMPLE[name]
    if name in info.module.classes:
        return Type((InstanceShape(info.module.classes[name]),))
    if name in _LISTS:
        return list_of(INT)
    return dict_of(STR, INT) if name in _DICTS else None


def _generic(program: Program, info: FunctionInfo, node: ast.Subscript) -> Type | None:
    base = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    types = [annotated_type(program, info, i) for i in inner if not (isinstance(i, ast.Constant) and i.value is ...)]
    if any(t is None for t in types):
        return None
    known = [t for t in types if t is not None]
    if base in _LISTS:
        return list_of(known[0])
    if base in _DICTS:
        return dict_of(known[0], known[1])
    if base in {"set", "Set", "FrozenSet", "frozenset"}:
        return set_of(known[0])
    if base in {"tuple", "Tuple"}:
        return seq_of(known[0]) if len(inner) > len(known) else tuple_of(*known)
    if base == "Optional":
        return known[0].join(NONE)
    return join_all(known) if base == "Union" else None
