"""`**d` in a call: what a dict says about the parameters of a function of the program.

Enters: the dict, the function, and the arguments that are bound already. Leaves: an operand for each parameter that
the dict may name, and what `**kwargs` of the function holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import join_branches
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.types import STR, DictShape, Type, join_all
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable
__all__ = ["check_names", "keyword_dict", "named_by"]


def _value(low: Lowering, double: Operand) -> Type:
    shape = double.type.only
    if not isinstance(shape, DictShape):
        raise low.refuse(low.node, "`**` of something that is no dict")
    if not low.contents(shape.key).without("str").never:
        raise low.refuse(low.node, "`**` of a dict whose keys are not all texts")
    return low.contents(shape.value)


def named_by(low: Lowering, double: Operand, name: str, default: Callable[[], Operand] | None, missing: str) -> Operand:
    """The argument that a dict names, else the default; without one a TypeError."""
    value = _value(low, double)
    if value.never:
        return default() if default is not None else low.type_error(missing)
    found = rs.Method(low.receiver(double), "get", (rs.Borrow(call("Str::literal", rs.Text(name))),))
    if default is None:
        error = rs.Closure((), call("Exc::new", rs.Borrow(rs.Name("TYPE_ERROR")), rs.Text(missing)))
        return low.named(Operand(value, low.fallible(rs.Method(found, "ok_or_else", (error,)))), name)
    variable = low.fresh("given")
    with low.capture() as statements:
        other = default()
    joined, values = join_branches(low, [([], Operand(value, rs.Name(variable))), (statements, other)])
    (_, given), (before, absent) = values
    arms = (
        rs.Arm(rs.VariantPattern("Some", (rs.Bind(variable),)), given),
        rs.Arm(rs.VariantPattern("None"), rs.BlockExpression(rs.Block(tuple(before), absent)) if before else absent),
    )
    return low.named(Operand(joined, rs.Match(found, arms)), name)


def check_names(low: Lowering, name: str, double: Operand, taken: set[str], known: set[str] | None) -> None:
    """A dict that names a parameter which has an argument already, or none of the known ones, is an error."""
    if _value(low, double).never or (not taken and known is None):
        return
    allowed = rs.Name("None") if known is None else call("Some", _names(known))
    check = call("check_keywords", low.borrow(double), _names(taken), allowed, rs.Text(name))
    low.emit(rs.Evaluate(low.fallible(check)))


def _names(names: set[str]) -> rs.Expression:
    return rs.Borrow(rs.Array(tuple(rs.Text(name) for name in sorted(names))))


def keyword_dict(
    low: Lowering, extra: dict[str, Operand], double: Operand | None, taken: set[str], first: int
) -> Operand:
    """What `**kwargs` holds: keywords, `first` of them before a dict, and its entries that no parameter takes."""
    type_ = low.dict_of(STR, join_all(o.type for o in extra.values()))
    shape = type_.only
    assert isinstance(shape, DictShape)
    if double is not None:
        _value(low, double)
        given = double.type.only
        assert isinstance(given, DictShape)
        shape.key.unite(given.key)
        shape.value.unite(given.value)
    values = low.contents(shape.value)
    pairs = tuple(rs.Tuple((call("Str::literal", rs.Text(n)), low.convert(o, values))) for n, o in extra.items())
    if double is None:
        made = call("Dict::from", rs.MacroCall("vec", pairs, "[")) if pairs else call("Dict::new")
        return Operand(type_, made)
    if values.never:
        return Operand(type_, call("Dict::new"))
    rest = call("other_keywords", low.borrow(double), _names(taken))
    if first:
        begun = call("Dict::from", rs.MacroCall("vec", pairs[:first], "["))
        rest = rs.Method(begun, "merged", (rs.Borrow(rest),))
    name = low.fresh("keywords")
    low.emit(rs.Let(rs.Bind(name), low.rust(type_), rest))
    for pair in pairs[first:]:
        low.emit(rs.Evaluate(rs.Method(rs.Name(name), "set_item", pair.items)))
    return Operand(type_, rs.Name(name), "place")
