"""Parts of NumPy's arrays: items, views and copies by index, slice, mask and places; assignments to them; new shapes.

Enters: operands. Leaves: operands. Indexes and slices give views, masks and places give copies, as in NumPy.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.attributes import LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import CONSTANTS, builtin
from sovereign.migration.depyler.library.array_making import as_array, cast, plain_dtype, promoted
from sovereign.migration.depyler.library.array_math import array_operation, common_dtype, each_array_tag
from sovereign.migration.depyler.library.arrays import (
    ITEMS,
    MOST_AXES,
    array_index,
    array_type,
    axes_of,
    item_operand,
    items_of,
)
from sovereign.migration.depyler.library.objects import arguments_within, required
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import method, optional, small_index
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.slices import SLICE, slice_value
from sovereign.migration.depyler.statements import LIBRARY_IN_PLACE
from sovereign.migration.depyler.subscripts import (
    LIBRARY_SLICE_ASSIGNMENT,
    LIBRARY_SLICES,
    LIBRARY_SUBSCRIPT_ASSIGNMENT,
    LIBRARY_SUBSCRIPTS,
)
from sovereign.migration.depyler.types import NONE, IntShape, ListShape, SeqShape, TupleShape, Type, tuple_of
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite
    from sovereign.migration.depyler.library.arrays import Items

__all__: list[str] = []

CONSTANTS["Ellipsis"] = lambda low: Operand(NONE, rs.Tuple())


def _known(operand: Operand) -> tuple[Items, int]:
    items, axes = items_of(operand.type), axes_of(operand.type)
    assert items is not None
    assert axes is not None
    return items, axes


def _is_index(key: Operand) -> bool:
    return isinstance(key.type.only, IntShape) or key.type.tags() <= {"WholeItem", "LabelItem"}


def _kind(low: Lowering, key: Operand) -> str:
    """What an index is: an index, a slice, a new axis, a mask or places."""
    items = items_of(key.type)
    if _is_index(key):
        return "index"
    if key.type == SLICE:
        return "slice"
    if key.type == NONE:
        return "axis"
    if items is not None and axes_of(key.type):
        return "mask" if items.dtype == "bool" else "places"
    if isinstance(key.type.only, ListShape | SeqShape):
        return "list"
    raise low.refuse(low.node, f"an index of type {key.type!r} of an array")


def _keys(low: Lowering, key: Operand) -> list[Operand]:
    only = key.type.only
    return low.tuple_parts(low.named(key), only) if isinstance(only, TupleShape) else [key]


def _item(low: Lowering, value: Operand, key: Operand) -> Operand:
    """`value[key]`."""
    keys = [stored(low, each) for each in _keys(low, key)]
    kinds = [_kind(low, each) for each in keys]
    if "list" in kinds:
        keys = [as_array(low, k) if kind == "list" else k for k, kind in zip(keys, kinds, strict=True)]
        kinds = [_kind(low, each) for each in keys]
    if "mask" in kinds or "places" in kinds:
        return _picked(low, value, keys, kinds)
    return _view(low, value, keys, kinds)


def _picked(low: Lowering, value: Operand, keys: list[Operand], kinds: list[str]) -> Operand:
    items, axes = _known(value)
    if kinds == ["mask"]:
        masked = _known(keys[0])[1]
        if masked > axes:
            raise low.refuse(low.node, "a mask of more axes than its array")
        made = call("nd_masked", low.borrow(value), low.borrow(keys[0]))
        return Operand(array_type(items.dtype, axes - masked + 1), low.fallible(made))
    if kinds == ["places"]:
        made = call("nd_taken", low.borrow(value), cast(low, keys[0], "int64"))
        return _of_axes(low, items, axes - 1 + _known(keys[0])[1], low.fallible(made))
    if kinds == ["places", "places"]:
        first, second = (cast(low, low.named(each), "int64") for each in keys)
        if any(_known(each)[1] != 1 for each in keys) or axes != 2:
            raise low.refuse(low.node, "places in several axes at once")
        made = call("nd_taken_pairs", low.borrow(value), first, second)
        return Operand(array_type(items.dtype, 1), low.fallible(made))
    raise low.refuse(low.node, "masks or places beside other indexes")


def _of_axes(low: Lowering, items: Items, axes: int, made: rs.Expression) -> Operand:
    if axes > MOST_AXES:
        raise low.refuse(low.node, f"an array of more than {MOST_AXES} axes")
    return Operand(array_type(items.dtype, axes), made)


def _view(low: Lowering, value: Operand, keys: list[Operand], kinds: list[str]) -> Operand:
    """Indexes, slices and new axes: a view, or an item where all axes are gone."""
    items, axes = _known(value)
    if sum(kind != "axis" for kind in kinds) > axes:
        counted = f"array is {axes}-dimensional, but {len(keys)} were indexed"
        return low.type_error(f"too many indices for array: {counted}", "INDEX_ERROR")
    if set(kinds) == {"index"} and len(keys) == axes and axes <= 2:
        indexes = tuple(array_index(low, each) for each in keys)
        return item_operand(items, low.fallible(rs.Method(low.receiver(value), f"item_{axes}", indexes)))
    axis, expr = 0, low.receiver(value)
    for key, kind in zip(keys, kinds, strict=True):
        if kind == "index":
            expr = low.fallible(rs.Method(expr, "part", (rs.Integer(axis), array_index(low, key))))
            axes -= 1
        elif kind == "axis":
            expr = rs.Method(expr, "with_axis", (rs.Integer(axis),))
            axes, axis = axes + 1, axis + 1
        else:
            held = low.named(key, "part")
            parts = tuple(rs.Field(held.expr, name) for name in ("start", "stop", "step"))
            expr = low.fallible(rs.Method(expr, "sliced", (rs.Integer(axis), *parts)))
            axis += 1
    if axes == 0:
        return item_operand(items, rs.Method(expr, "only"))
    return _of_axes(low, items, axes, expr)


def _slice(low: Lowering, value: Operand, node: ast.Slice) -> Operand:
    items, _ = _known(value)
    parts = [low.expression(p) if p is not None else None for p in (node.lower, node.upper, node.step)]
    bounds = tuple(optional(low, part) for part in parts)
    made = low.fallible(rs.Method(low.receiver(value), "sliced", (rs.Integer(0), *bounds)))
    del items
    return Operand(value.type, made)


# assignments


def _store(low: Lowering, target: Operand, key: Operand, value: Operand) -> None:
    """`target[key] = value`."""
    items, axes = _known(target)
    keys = [stored(low, each) for each in _keys(low, key)]
    kinds = [_kind(low, each) for each in keys]
    if kinds == ["list"]:
        keys, kinds = [as_array(low, keys[0])], ["places"]
    given = low.named(_assigned(low, value, items))
    if set(kinds) == {"index"} and len(keys) == axes and axes <= 2 and not axes_of(given.type):
        from sovereign.migration.depyler.library.array_making import number_as

        indexes = tuple(array_index(low, each) for each in keys)
        arguments = (*indexes, number_as(low, given, items.dtype))
        low.emit(rs.Evaluate(low.fallible(rs.Method(low.receiver(target), f"set_{axes}", arguments)), low.line))
        return
    source = cast(low, given, items.dtype)
    if kinds == ["mask"]:
        made = call("nd_store_masked", low.borrow(target), low.borrow(keys[0]), source)
    elif kinds == ["places"]:
        made = call("nd_store_taken", low.borrow(target), cast(low, keys[0], "int64"), source)
    elif "mask" in kinds or "places" in kinds or "list" in kinds:
        raise low.refuse(low.node, "an assignment by masks or places beside other indexes")
    else:
        made = call("nd_store", rs.Borrow(_place_of(low, target, keys, kinds)), source)
    low.emit(rs.Evaluate(low.fallible(made), low.line))


def _assigned(low: Lowering, value: Operand, items: Items) -> Operand:
    """What is assigned, as a number or an array."""
    value = stored(low, value)
    if plain_dtype(value.type) is None:
        value = as_array(low, value, items.dtype)
    given = plain_dtype(value.type)
    if given is not None and given.startswith("float") and not items.dtype.startswith("float"):
        axes = axes_of(value.type)
        if not axes and items.dtype != "bool":
            return value
    return value


def _place_of(low: Lowering, target: Operand, keys: list[Operand], kinds: list[str]) -> rs.Expression:
    axis, expr = 0, low.receiver(target)
    for key, kind in zip(keys, kinds, strict=True):
        if kind == "index":
            expr = low.fallible(rs.Method(expr, "part", (rs.Integer(axis), array_index(low, key))))
        elif kind == "slice":
            held = low.named(key, "part")
            parts = tuple(rs.Field(held.expr, name) for name in ("start", "stop", "step"))
            expr = low.fallible(rs.Method(expr, "sliced", (rs.Integer(axis), *parts)))
            axis += 1
        else:
            raise low.refuse(low.node, "an assignment to a new axis")
    return expr


def _store_slice(low: Lowering, target: Operand, node: ast.Slice, value: Operand) -> None:
    _store(low, low.named(target), Operand(SLICE, slice_value(low, node).expr), value)


def _in_place(low: Lowering, target: Operand, symbol: str, value: Operand) -> None:
    """`target symbol= value`: the numbers change, so that all views see it."""
    items, axes = _known(target)
    target = low.named(target)
    value = stored(low, value)
    value = low.named(value if plain_dtype(value.type) is not None else as_array(low, value))
    dtype = "float64" if symbol == "/" else common_dtype(low, target, value)
    if dtype != items.dtype:
        raise low.refuse(low.node, f"`{symbol}=` that would make `{dtype}` of `{items.dtype}`, which NumPy refuses")
    if (axes_of(value.type) or 0) > axes:
        raise low.refuse(low.node, f"`{symbol}=` with an array of more axes")
    made = low.named(array_operation(low, symbol, target, value))
    low.emit(rs.Evaluate(low.fallible(call("nd_store", low.borrow(target), low.borrow(made))), low.line))


# shapes


def _sizes(site: CallSite, start: int) -> tuple[rs.Expression, int]:
    """Sizes that are given one by one, or as a tuple or a list of known length."""
    low = site.low
    operands = [stored(low, o) for o in site.operands[start:]]
    only = operands[0].type.only if len(operands) == 1 else None
    if isinstance(only, TupleShape):
        operands = low.tuple_parts(low.named(operands[0]), only)
    if not operands or not all(_is_index(o) for o in operands) or len(operands) > MOST_AXES:
        raise site.refuse("a shape whose number of axes is not known while translating")
    return rs.Borrow(rs.Array(tuple(small_index(low, o) for o in operands))), len(operands)


def _reshaped(site: CallSite) -> Operand:
    low = site.low
    start = 0 if site.receiver is not None else 1
    given = low.named(site.receiver or as_array(low, required(site, 0)))
    items, _ = _known(given)
    sizes, axes = _sizes(site, start)
    return Operand(array_type(items.dtype, axes), low.fallible(call("nd_reshaped", low.borrow(given), sizes)))


def _receiver(site: CallSite) -> Operand:
    """The array that a method or a function is about."""
    if site.receiver is not None:
        return site.receiver
    node = site.nodes[0] if site.given is None else None
    return as_array(site.low, required(site, 0), None, node)


def _flat(site: CallSite) -> Operand:
    arguments_within(site, 1)
    given = _receiver(site)
    return Operand(array_type(_known(given)[0].dtype, 1), call("nd_flat", site.low.borrow(given)))


def _flattened(site: CallSite) -> Operand:
    arguments_within(site, 0)
    given = _receiver(site)
    made = rs.Method(call("nd_flat", site.low.borrow(given)), "copy")
    return Operand(array_type(_known(given)[0].dtype, 1), made)


def _copied(site: CallSite) -> Operand:
    arguments_within(site, 0)
    given = _receiver(site)
    return Operand(given.type, rs.Method(site.low.receiver(given), "copy"))


def _transposed(site: CallSite) -> Operand:
    low, start = site.low, 0 if site.receiver is not None else 1
    given = low.named(_receiver(site))
    if site.count == start:
        return Operand(given.type, call("nd_transposed", low.borrow(given)))
    axes, count = _sizes(site, start)
    if count != _known(given)[1]:
        raise site.refuse("`transpose` with other axes than there are")
    return Operand(given.type, low.fallible(call("nd_turned", low.borrow(given), axes)))


def _filled(site: CallSite) -> Operand:
    arguments_within(site, 1)
    assert site.receiver is not None
    low, items = site.low, _known(site.receiver)[0]
    value = low.named(stored(low, required(site, 0)))
    made = call("nd_store", low.borrow(site.receiver), cast(low, value, items.dtype))
    return Operand(NONE, low.fallible(made))


# put together


def _arrays(site: CallSite) -> tuple[rs.Expression, str, int]:
    """A list or tuple of arrays of one number of axes, as a slice."""
    low = site.low
    node = site.nodes[0] if site.given is None else None
    if isinstance(node, ast.List | ast.Tuple):
        parts = [low.named(as_array(low, low.expression(each), None, each)) for each in node.elts]
        if not parts:
            raise site.refuse("no arrays")
        known = [_known(part) for part in parts]
        if len({axes for _, axes in known}) > 1:
            raise site.refuse("arrays of different numbers of axes")
        dtype = known[0][0].dtype
        for items, _ in known:
            dtype = promoted(dtype, items.dtype)
        return rs.Borrow(rs.Array(tuple(_cloned(low, part, dtype) for part in parts))), dtype, known[0][1]
    given = stored(low, required(site, 0))
    only = given.type.only
    held = low.contents(only.cell) if isinstance(only, ListShape) else Type()
    inside, axes = items_of(held), axes_of(held)
    if inside is None or not axes:
        raise site.refuse("something that is no list of arrays")
    return rs.Borrow(rs.Method(low.receiver(given), "to_vec")), inside.dtype, axes


def _cloned(low: Lowering, part: Operand, dtype: str) -> rs.Expression:
    given = cast(low, part, dtype)
    inner = given.operand if isinstance(given, rs.Borrow) else given
    return inner if isinstance(inner, rs.Method) else rs.Method(inner, "clone")


def _axis_of(site: CallSite, default: int) -> rs.Expression:
    given = site.argument(1, "axis")
    return rs.Integer(default) if given is None else small_index(site.low, given)


@builtin("numpy.concatenate")
def _concatenate(site: CallSite) -> Operand:
    arguments_within(site, 2, "axis")
    arrays, dtype, axes = _arrays(site)
    made = call("nd_joined", arrays, _axis_of(site, 0))
    return Operand(array_type(dtype, axes), site.low.fallible(made))


@builtin("numpy.stack")
def _stack(site: CallSite) -> Operand:
    arguments_within(site, 2, "axis")
    arrays, dtype, axes = _arrays(site)
    return _of_axes(site.low, ITEMS[dtype], axes + 1, site.low.fallible(call("nd_stacked", arrays, _axis_of(site, 0))))


@builtin("numpy.vstack")
def _vstack(site: CallSite) -> Operand:
    arguments_within(site, 1)
    arrays, dtype, axes = _arrays(site)
    name = "nd_stacked" if axes == 1 else "nd_joined"
    return Operand(array_type(dtype, max(axes, 2)), site.low.fallible(call(name, arrays, rs.Integer(0))))


@builtin("numpy.hstack")
def _hstack(site: CallSite) -> Operand:
    arguments_within(site, 1)
    arrays, dtype, axes = _arrays(site)
    made = call("nd_joined", arrays, rs.Integer(0 if axes == 1 else 1))
    return Operand(array_type(dtype, axes), site.low.fallible(made))


@builtin("numpy.where")
def _where(site: CallSite) -> Operand:
    arguments_within(site, 3)
    low = site.low
    mask = low.named(_receiver(site))
    if _known(mask)[0].dtype != "bool":
        mask = low.named(as_array(low, mask, "bool"))
    axes = _known(mask)[1]
    if site.count == 1:
        places = tuple(call("nd_nonzero", low.borrow(mask), rs.Integer(axis)) for axis in range(axes))
        return Operand(tuple_of(*[array_type("int64", 1)] * axes), rs.Tuple(places))
    given = [stored(low, required(site, place)) for place in (1, 2)]
    a, b = (low.named(o if plain_dtype(o.type) is not None else as_array(low, o)) for o in given)
    is_plain = all(items_of(o.type) is None for o in (a, b))
    one, other = plain_dtype(a.type), plain_dtype(b.type)
    assert one is not None
    assert other is not None
    dtype = promoted(one, other) if is_plain else common_dtype(low, a, b)
    most = max(axes, axes_of(a.type) or 0, axes_of(b.type) or 0)
    made = call("nd_where", low.borrow(mask), cast(low, a, dtype), cast(low, b, dtype))
    return Operand(array_type(dtype, most), low.fallible(made))


@builtin("numpy.nonzero")
def _nonzero(site: CallSite) -> Operand:
    arguments_within(site, 1)
    low = site.low
    mask = low.named(as_array(low, _receiver(site), "bool"))
    axes = _known(mask)[1]
    places = tuple(call("nd_nonzero", low.borrow(mask), rs.Integer(axis)) for axis in range(axes))
    return Operand(tuple_of(*[array_type("int64", 1)] * axes), rs.Tuple(places))


# order


def _last_axis(site: CallSite, index: int) -> rs.Expression:
    given = site.argument(index, "axis")
    return rs.Integer(-1, "i64") if given is None else small_index(site.low, given)


@builtin("numpy.sort")
def _sorted(site: CallSite) -> Operand:
    arguments_within(site, 2, "axis")
    given = _receiver(site)
    made = call("nd_sorted", site.low.borrow(given), _minus_one(_last_axis(site, 1)))
    return Operand(given.type, site.low.fallible(made))


def _minus_one(axis: rs.Expression) -> rs.Expression:
    return rs.Unary("-", rs.Integer(1)) if axis == rs.Integer(-1, "i64") else axis


def _sort_here(site: CallSite) -> Operand:
    arguments_within(site, 1, "axis")
    assert site.receiver is not None
    made = call("nd_sort_here", site.low.borrow(site.receiver), _minus_one(_last_axis(site, 0)))
    return Operand(NONE, site.low.fallible(made))


def _order(site: CallSite) -> Operand:
    arguments_within(site, 1, "kind")
    given, kind = _receiver(site), site.argument(9, "kind")
    if _known(given)[1] != 1:
        raise site.refuse("`argsort` of several axes")
    is_stable = kind is not None and kind.constant in {"stable", "mergesort"}
    if kind is not None and not is_stable and kind.constant not in {"quicksort", "heapsort"}:
        raise site.refuse("this `kind` of order")
    made = call("nd_order", site.low.borrow(given), rs.Boolean(is_stable))
    return Operand(array_type("int64", 1), site.low.fallible(made))


builtin("numpy.argsort")(_order)


@builtin("numpy.unique")
def _unique(site: CallSite) -> Operand:
    arguments_within(site, 1, "return_counts")
    low = site.low
    given, counts = _receiver(site), site.argument(9, "return_counts")
    type_ = array_type(_known(given)[0].dtype, 1)
    if counts is not None and counts.constant is True:
        return Operand(tuple_of(type_, array_type("int64", 1)), call("nd_counted", low.borrow(given)))
    if counts is not None and counts.constant is not False:
        raise site.refuse("`return_counts` that is not known while translating")
    return Operand(type_, call("nd_unique", low.borrow(given)))


@builtin("numpy.bincount")
def _bincount(site: CallSite) -> Operand:
    arguments_within(site, 1)
    given = _receiver(site)
    if _known(given)[0].dtype != "int64" or _known(given)[1] != 1:
        raise site.refuse("`bincount` of such an array")
    return Operand(given.type, site.low.fallible(call("nd_counts", site.low.borrow(given))))


@builtin("numpy.searchsorted")
def _searchsorted(site: CallSite) -> Operand:
    arguments_within(site, 2, "side")
    low = site.low
    given, side = low.named(_receiver(site)), site.argument(9, "side")
    if side is not None and side.constant not in {"left", "right"}:
        raise site.refuse("`side` that is not known while translating")
    wanted = stored(low, required(site, 1))
    wanted = low.named(wanted if plain_dtype(wanted.type) is not None else as_array(low, wanted))
    dtype = common_dtype(low, given, wanted)
    flag = rs.Boolean(side is not None and side.constant == "right")
    made = call("nd_places_in", cast(low, given, dtype), cast(low, wanted, dtype), flag)
    axes = axes_of(wanted.type) or 0
    if axes == 0:
        return item_operand(ITEMS["int64"], rs.Method(made, "only"))
    return Operand(array_type("int64", axes), made)


# again and backwards


@builtin("numpy.repeat")
def _repeat(site: CallSite) -> Operand:
    arguments_within(site, 2)
    given = site.low.named(_receiver(site))
    made = call("nd_repeated", site.low.borrow(given), small_index(site.low, required(site, 1)))
    return Operand(array_type(_known(given)[0].dtype, 1), site.low.fallible(made))


@builtin("numpy.tile")
def _tile(site: CallSite) -> Operand:
    arguments_within(site, 2)
    given = site.low.named(_receiver(site))
    if _known(given)[1] != 1 or not _is_index(site.operands[1]):
        raise site.refuse("`tile` of several axes")
    return Operand(given.type, call("nd_tiled", site.low.borrow(given), small_index(site.low, site.operands[1])))


@builtin("numpy.flip")
def _flip(site: CallSite) -> Operand:
    arguments_within(site, 2, "axis")
    given, axis = site.low.named(_receiver(site)), site.argument(1, "axis")
    if axis is None and _known(given)[1] != 1:
        raise site.refuse("`flip` of all axes")
    place = rs.Integer(0) if axis is None else small_index(site.low, axis)
    return Operand(given.type, site.low.fallible(call("nd_flipped", site.low.borrow(given), place)))


@builtin("numpy.diff")
def _diff(site: CallSite) -> Operand:
    arguments_within(site, 1)
    given = site.low.named(_receiver(site))
    if _known(given)[0].dtype == "bool":
        raise site.refuse("`diff` of truth values")
    return Operand(given.type, site.low.fallible(call("nd_diff", site.low.borrow(given))))


def _property_of(low: Lowering, operand: Operand) -> Operand:
    return Operand(operand.type, call("nd_transposed", low.borrow(operand)))


def _register() -> None:
    for tag in each_array_tag():
        LIBRARY_SUBSCRIPTS[tag] = _item
        LIBRARY_SLICES[tag] = _slice
        LIBRARY_SUBSCRIPT_ASSIGNMENT[tag] = _store
        LIBRARY_SLICE_ASSIGNMENT[tag] = _store_slice
        LIBRARY_IN_PLACE[tag] = _in_place
        LIBRARY_ATTRIBUTES[tag, "T"] = _property_of
        for name, handler in (
            ("reshape", _reshaped), ("ravel", _flat), ("flatten", _flattened), ("copy", _copied),
            ("transpose", _transposed), ("fill", _filled), ("sort", _sort_here), ("argsort", _order),
        ):  # fmt: skip
            method(tag, name)(handler)
    builtin("numpy.reshape")(_reshaped)
    builtin("numpy.ravel")(_flat)
    builtin("numpy.transpose")(_transposed)


_register()
