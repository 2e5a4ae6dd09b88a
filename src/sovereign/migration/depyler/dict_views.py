"""The keys of a dict as a set: `&`, `|`, `-`, `^` and comparisons.

Enters: operands of which one is `d.keys()`. Leaves: a set with CPython's order: which side is walked over depends on
what the other is, and on their lengths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.iteration import iterate
from sovereign.migration.depyler.lowering import Operand
from sovereign.migration.depyler.methods import call_builtin_method, method
from sovereign.migration.depyler.operators import LIBRARY_OPERATORS, compare, equals
from sovereign.migration.depyler.types import OpaqueShape, SetShape
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite
    from sovereign.migration.depyler.lowering import Lowering
    from sovereign.migration.depyler.types import Type

__all__: list[str] = []

_NAMES = {"&": "intersection", "|": "union", "-": "difference", "^": "symmetric_difference"}
_ORDERS = ("<", "<=", ">", ">=")


def _is_keys(operand: Operand) -> bool:
    shape = operand.type.only
    return isinstance(shape, OpaqueShape) and shape.name == "DictKeys"


def _key_type(low: Lowering, operand: Operand) -> Type:
    shape = operand.type.only
    assert isinstance(shape, OpaqueShape)
    return low.contents(shape.cells[0])


def _as_set(low: Lowering, operand: Operand) -> Operand:
    """The keys in a set of their own; other operands as they are."""
    if not _is_keys(operand):
        return operand
    type_ = low.set_of(_key_type(low, operand))
    return Operand(type_, rs.Method(low.receiver(operand), "to_set"))


def _combined(symbol: str) -> Callable[[Lowering, Operand, Operand], Operand]:
    def combine(low: Lowering, a: Operand, b: Operand) -> Operand:
        if symbol == "&" and not _is_keys(a):
            a, b = b, a
        a, b = low.named(a, "keys"), low.named(b, "others")
        item = _key_type(low, a if _is_keys(a) else b)
        other = iterate(low, b if _is_keys(a) else a)
        if other.fallible or low.rust(other.item) != low.rust(item):
            raise low.refuse(low.node, f"`{symbol}` of the keys of a dict with items of another type")
        made = low.set_of(item)
        return Operand(made, _call(low, symbol, a, b, other.iterator))

    return combine


def _call(low: Lowering, symbol: str, a: Operand, b: Operand, items: rs.Expression) -> rs.Expression:
    name = _NAMES[symbol]
    is_set = isinstance(b.type.only, SetShape) and b.type.only.kind == "set"
    if not _is_keys(a):
        if symbol == "^":
            return rs.Method(low.receiver(b), "toggled_in", (low.borrow(a),))
        return rs.Method(low.receiver(a), f"{name}_items", (rs.Method(b.expr, "clone"),))
    if symbol == "&" and _is_keys(b):
        return rs.Method(low.receiver(a), "intersection_view", (low.borrow(b),))
    if is_set:
        return rs.Method(low.receiver(a), f"{name}_set", (low.borrow(b),))
    return rs.Method(low.receiver(a), name, (items,))


def _ordered(symbol: str) -> Callable[[Lowering, Operand, Operand], Operand]:
    def order(low: Lowering, a: Operand, b: Operand) -> Operand:
        return compare(low, symbol, _as_set(low, a), _as_set(low, b))

    return order


def _same(low: Lowering, a: Operand, b: Operand) -> Operand:
    return equals(low, _as_set(low, a), _as_set(low, b))


for _other in ("DictKeys", "set", "list", "tuple", "dict"):
    for _symbol in _NAMES if _other != "dict" else ("&", "-"):
        LIBRARY_OPERATORS["DictKeys", _symbol, _other] = _combined(_symbol)
        if _other == "set":
            LIBRARY_OPERATORS[_other, _symbol, "DictKeys"] = _combined(_symbol)
for _other in ("DictKeys", "set", "frozenset"):
    LIBRARY_OPERATORS["DictKeys", "==", _other] = LIBRARY_OPERATORS[_other, "==", "DictKeys"] = _same
    for _symbol in _ORDERS:
        LIBRARY_OPERATORS["DictKeys", _symbol, _other] = _ordered(_symbol)
        LIBRARY_OPERATORS[_other, _symbol, "DictKeys"] = _ordered(_symbol)


@method("DictKeys", "isdisjoint")
def _isdisjoint(site: CallSite) -> Operand:
    low = site.low
    assert site.receiver is not None
    others = [_as_set(low, operand) for operand in site.operands]
    return call_builtin_method(low, _as_set(low, site.receiver), "isdisjoint", others, {})
