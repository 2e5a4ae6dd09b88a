"""Changes to the Rust tree after it was built.

Enters: nodes. Leaves: nodes with a name changed.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from sovereign.migration.rust import tree as rs

__all__ = ["rename"]

_Node = TypeVar("_Node")


def rename(node: _Node, old: str, new: str) -> _Node:
    """The node with every `Name(old)` as `Name(new)`."""
    return _rename(node, old, new)  # type: ignore[return-value]


def _rename(node: object, old: str, new: str) -> object:
    if isinstance(node, rs.Name):
        return rs.Name(new) if node.path == old else node
    if isinstance(node, tuple):
        return tuple(_rename(part, old, new) for part in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changed = {f.name: _rename(getattr(node, f.name), old, new) for f in fields(node)}
    return replace(node, **changed)
