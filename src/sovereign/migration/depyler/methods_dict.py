"""Methods of dicts, of `defaultdict` and `Counter` too, and of sets.

Enters: call sites. Leaves: operands; what is put in grows the cells of keys and values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.iteration import LIBRARY_ITERATION, Iteration, iterate
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import _may_hold, by_key, into_element, method, unhashable, value_method
from sovereign.migration.depyler.operators import call, truth
from sovereign.migration.depyler.types import (
    BOOL,
    NONE,
    STR,
    DictShape,
    IterShape,
    OpaqueShape,
    SetShape,
    TupleShape,
    Type,
    integer,
    tuple_of,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite

__all__ = ["default_factory", "dict_shape", "read_item", "update_from"]


def dict_shape(site: CallSite) -> DictShape:
    """The dict that a method is called on."""
    assert site.receiver is not None
    shape = site.receiver.type.only
    assert isinstance(shape, DictShape)
    return shape


def _key(site: CallSite, position: int = 0) -> rs.Expression | None:
    """A key that is looked up, as a reference; None where the dict can have no such key."""
    shape = dict_shape(site)
    low = site.low
    held = low.contents(shape.key)
    item = _may_hold(low, stored(low, site.operands[position]), held)
    if item is None:
        return None
    return into_element(low, item, held)


@method("dict", "get")
@by_key
def _get(site: CallSite) -> Operand:
    low = site.low
    shape = dict_shape(site)
    if (error := unhashable(low, site.operands[0])) is not None:
        return error
    key = _key(site)
    values = low.contents(shape.value)
    default = site.argument(1)
    if default is None or default.type == NONE:
        if key is None:
            return Operand(NONE, rs.Tuple())
        found = value_method(site, "get", values.join(NONE), key)
        if values.get("none") is not None:
            return Operand(values, rs.Method(found.expr, "flatten"))
        return Operand(values if values.never else values.join(NONE), found.expr)
    default = stored(low, default)
    if key is None:
        return default
    joined = values.join(default.type)
    if low.rust(joined) == low.rust(values):
        return Operand(joined, rs.Method(low.receiver(_receiver(site)), "get_or", (key, low.convert(default, joined))))
    got = low.named(Operand(values, rs.Method(low.receiver(_receiver(site)), "get", (key,))), "found")
    name = low.fresh("inner")
    some = low.convert_apart(Operand(values, rs.Name(name)), joined)
    arms = (
        rs.Arm(rs.VariantPattern("Some", (rs.Bind(name),)), some),
        rs.Arm(rs.VariantPattern("None"), low.convert_apart(default, joined)),
    )
    return Operand(joined, rs.Match(got.expr, arms))


def _receiver(site: CallSite) -> Operand:
    assert site.receiver is not None
    return site.receiver


@method("dict", "setdefault")
def _setdefault(site: CallSite) -> Operand:
    low = site.low
    shape = dict_shape(site)
    key = stored(low, site.operands[0])
    default = site.argument(1)
    value = Operand(NONE, rs.Tuple()) if default is None else stored(low, default)
    shape.key.join(key.type)
    shape.value.join(value.type)
    values = low.contents(shape.value)
    return value_method(site, "setdefault", values, low.put(key, shape.key), low.convert(value, values))


@method("dict", "pop")
@by_key
def _pop(site: CallSite) -> Operand:
    low = site.low
    shape = dict_shape(site)
    if (error := unhashable(low, site.operands[0])) is not None:
        return error
    key = _key(site)
    values = low.contents(shape.value)
    default = site.argument(1)
    if default is None:
        if key is None:
            return low.type_error("key not found", "KEY_ERROR")
        return value_method(site, "pop", values, key, raises=True)
    default = stored(low, default)
    if key is None:
        return default
    joined = values.join(default.type)
    if low.rust(joined) == low.rust(values):
        return value_method(site, "pop_or", joined, key, low.convert(default, joined))
    got = rs.Method(rs.Method(low.receiver(_receiver(site)), "take", (key,)), "map", (_second(),))
    name = low.fresh("inner")
    some = low.convert_apart(Operand(values, rs.Name(name)), joined)
    arms = (
        rs.Arm(rs.VariantPattern("Some", (rs.Bind(name),)), some),
        rs.Arm(rs.VariantPattern("None"), low.convert_apart(default, joined)),
    )
    return Operand(joined, rs.Match(got, arms))


def _second() -> rs.Expression:
    return rs.Closure(((rs.Bind("pair"), None),), rs.Field(rs.Name("pair"), "1"))


@method("dict", "popitem")
def _popitem(site: CallSite) -> Operand:
    low = site.low
    shape = dict_shape(site)
    type_ = tuple_of(low.contents(shape.key), low.contents(shape.value))
    last = site.argument(0, "last")
    name = "pop_first" if last is not None and last.constant is False else "popitem"
    return value_method(site, name, type_, raises=True)


def update_from(low: Lowering, receiver: Operand, shape: DictShape, source: Operand) -> Operand:
    """`d.update(source)` for a dict or an iterable of pairs."""
    other = source.type.only
    if isinstance(other, DictShape):
        shape.key.unite(other.key)
        shape.value.unite(other.value)
        return Operand(NONE, rs.Method(low.receiver(receiver), "update", (rs.Method(low.receiver(source), "items"),)))
    each = iterate(low, source)
    pair = each.item.only
    if each.item.never:
        return Operand(NONE, rs.Tuple())
    if not isinstance(pair, TupleShape) or len(pair.items) != 2:
        raise low.refuse(low.node, f"a dict from items that are no pairs: {each.item!r}")
    shape.key.join(pair.items[0])
    shape.value.join(pair.items[1])
    target = tuple_of(low.contents(shape.key), low.contents(shape.value))
    held = low.named(receiver, "target")

    def body(item: Operand) -> None:
        value = low.named(Operand(target, low.convert(item, target)), "pair")
        arguments = (rs.Field(value.expr, "0"), rs.Field(value.expr, "1"))
        low.emit(rs.Evaluate(rs.Method(held.expr, "set_item", arguments)))

    each.loop(low, "item", body)
    return Operand(NONE, rs.Tuple())


@method("dict", "update")
def _update(site: CallSite) -> Operand:
    low = site.low
    shape = dict_shape(site)
    receiver = _receiver(site)
    if shape.kind == "Counter":
        from sovereign.migration.depyler.library.collections import counter_update

        return counter_update(site, receiver, shape)
    if site.count:
        result = update_from(low, receiver, shape, site.operands[0])
        low.emit(rs.Evaluate(result.expr))
    for keyword in site.keywords if site.given is None else ():
        if keyword.arg is None:
            raise site.refuse("`update(**d)`")
        value = stored(low, low.expression(keyword.value))
        shape.key.join(STR)
        shape.value.join(value.type)
        key = low.put(Operand(STR, call("Str::literal", rs.Text(keyword.arg))), shape.key)
        arguments = (key, low.put(value, shape.value))
        low.emit(rs.Evaluate(rs.Method(low.receiver(receiver), "set_item", arguments)))
    return Operand(NONE, rs.Tuple())


@method("dict", "clear")
def _clear(site: CallSite) -> Operand:
    return value_method(site, "clear", NONE)


@method("dict", "copy")
def _copy(site: CallSite) -> Operand:
    low = site.low
    shape = dict_shape(site)
    type_ = low.dict_of(low.contents(shape.key), low.contents(shape.value), shape.kind)
    made = type_.only
    assert isinstance(made, DictShape)
    made.key.unite(shape.key)
    made.value.unite(shape.value)
    return value_method(site, "copy", type_)


def _view(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        low = site.low
        shape = dict_shape(site)
        pair = (low.contents(shape.key), low.contents(shape.value))
        if name == "keys":
            rust_name, contents = "DictKeys", pair
        elif name == "values":
            rust_name, contents = "DictValues", pair
        else:
            rust_name, contents = "DictItems", pair
        type_ = low.opaque(rust_name, *contents)
        opaque = type_.shapes[0]
        opaque.cells[0].unite(shape.key)  # type: ignore[union-attr]
        opaque.cells[1].unite(shape.value)  # type: ignore[union-attr]
        return value_method(site, name, type_)

    return handler


for _name in ("keys", "values", "items"):
    method("dict", _name)(_view(_name))


@method("OrderedDict", "move_to_end")
def _move_to_end(site: CallSite) -> Operand:
    key = _key(site)
    if key is None:
        return site.low.type_error("key not found", "KEY_ERROR")
    last = site.argument(1, "last")
    value = rs.Boolean(True) if last is None else truth(site.low, last)
    return value_method(site, "move_to_end", NONE, key, value, raises=True)


def _view_items(name: str) -> Callable[[Lowering, Operand], Iteration]:
    def each(low: Lowering, operand: Operand) -> Iteration:
        shape = operand.type.only
        assert isinstance(shape, OpaqueShape)
        key, value = (low.contents(cell) for cell in shape.cells)
        item = {"DictKeys": key, "DictValues": value, "DictItems": tuple_of(key, value)}[name]
        return Iteration(item, rs.Method(operand.expr, "clone"))

    return each


for _name in ("DictKeys", "DictValues", "DictItems"):
    LIBRARY_ITERATION[_name] = _view_items(_name)


# reading items


def default_factory(low: Lowering, shape: DictShape) -> Operand | None:
    """What a `defaultdict` puts in for a missing key."""
    from sovereign.migration.depyler.library.collections import factory_value

    return factory_value(low, shape)


_NUMBERS = frozenset(("int", "float", "bool"))


def held_keys(low: Lowering, shape: DictShape, key: Operand) -> Type:
    """What the keys are; a number is found under an equal one of another type, so the dict then holds keys of both."""
    held = low.contents(shape.key)
    if key.type.tags() & _NUMBERS and held.tags() & _NUMBERS and not key.type.tags() & _NUMBERS <= held.tags():
        shape.key.join(key.type.restrict(_NUMBERS))
        held = low.contents(shape.key)
    return held


def read_item(low: Lowering, receiver: Operand, key: Operand) -> Operand:
    """`d[key]`."""
    shape = receiver.type.only
    assert isinstance(shape, DictShape)
    if shape.kind == "Counter":
        shape.value.join(integer(0, 0))
    values = low.contents(shape.value)
    key = stored(low, key)
    if (
        len(key.type.shapes) > 1
        and shape.kind != "defaultdict"
        and not key.type.tags() <= held_keys(low, shape, key).tags()
    ):
        place = low.named(receiver, "holder") if receiver.form == "value" else receiver
        return distribute(low, key, lambda each: read_item(low, place, each))
    if (error := unhashable(low, key)) is not None:
        return error
    if shape.kind == "defaultdict":
        return _default_item(low, receiver, shape, key)
    held = held_keys(low, shape, key)
    item = _may_hold(low, key, held)
    if item is None:
        if key.type.never:
            return low.never()
        if shape.kind == "Counter":
            return Operand(integer(0, 0), rs.Integer(0))
        return _key_error(low, key)
    reference = into_element(low, item, held)
    if shape.kind == "Counter":
        zero = low.convert(Operand(integer(0, 0), rs.Integer(0), constant=0), values)
        return Operand(values, rs.Method(low.receiver(receiver), "get_or", (reference, zero)))
    return Operand(values, low.fallible(rs.Method(low.receiver(receiver), "get_item", (reference,))))


def _key_error(low: Lowering, key: Operand) -> Operand:
    error = call("Exc::missing_key", low.borrow(key))
    return Operand(Type(), low.throw(error))


def _default_item(low: Lowering, receiver: Operand, shape: DictShape, key: Operand) -> Operand:
    shape.key.join(key.type)
    before = low.raise_count
    with low.capture() as statements:
        default = default_factory(low, shape)
    raises = low.raise_count != before
    if default is None:
        values = low.contents(shape.value)
        reference = into_element(low, key, low.contents(shape.key))
        return Operand(values, low.fallible(rs.Method(low.receiver(receiver), "get_item", (reference,))))
    shape.value.join(default.type)
    values = low.contents(shape.value)
    keys = low.contents(shape.key)
    made: rs.Expression = low.convert(default, values)
    if statements:
        made = rs.BlockExpression(rs.Block(tuple(statements), made))
    if raises:
        return _default_that_raises(low, receiver, Operand(keys, low.convert(key, keys)), Operand(values, made))
    arguments = (low.convert(key, keys), rs.Closure((), made))
    return Operand(values, rs.Method(low.receiver(receiver), "item_or", arguments))


def _default_that_raises(low: Lowering, receiver: Operand, key: Operand, made: Operand) -> Operand:
    """A missing entry whose default may raise: it is made here, and then put in."""
    held, wanted = low.named(receiver, "entries"), low.named(key, "key")
    missing = rs.Unary("!", rs.Method(held.expr, "contains", (low.borrow(wanted),)))
    put = rs.Method(held.expr, "set_item", (low.own(wanted), made.expr))
    low.emit(rs.Evaluate(rs.If(missing, rs.Block((rs.Evaluate(put),)))))
    return Operand(made.type, low.fallible(rs.Method(held.expr, "get_item", (low.borrow(wanted),))))


# sets


def _set_shape(site: CallSite) -> SetShape:
    shape = _receiver(site).type.only
    assert isinstance(shape, SetShape)
    return shape


@method("set", "add")
def _add(site: CallSite) -> Operand:
    low = site.low
    shape = _set_shape(site)
    value = stored(low, site.operands[0])
    shape.cell.join(value.type)
    return value_method(site, "add", NONE, low.put(value, shape.cell))


def _member(site: CallSite) -> rs.Expression | None:
    low = site.low
    held = low.contents(_set_shape(site).cell)
    item = _may_hold(low, stored(low, site.operands[0]), held)
    return None if item is None else into_element(low, item, held)


@method("set", "discard")
@by_key
def _discard(site: CallSite) -> Operand:
    wanted = _member(site)
    return Operand(NONE, rs.Tuple()) if wanted is None else value_method(site, "discard", NONE, wanted)


@method("set", "remove")
@by_key
def _remove(site: CallSite) -> Operand:
    wanted = _member(site)
    if wanted is None:
        return _key_error(site.low, site.operands[0])
    return value_method(site, "remove", NONE, wanted, raises=True)


@method("set", "pop")
def _set_pop(site: CallSite) -> Operand:
    return value_method(site, "pop", site.low.contents(_set_shape(site).cell), raises=True)


@method("set", "clear")
def _set_clear(site: CallSite) -> Operand:
    return value_method(site, "clear", NONE)


@method("set", "copy")
def _set_copy(site: CallSite) -> Operand:
    return Operand(_same_set(site), rs.Method(site.low.receiver(_receiver(site)), "copy"))


def _same_set(site: CallSite) -> Type:
    shape = _set_shape(site)
    type_ = site.low.set_of(site.low.contents(shape.cell), shape.kind)
    made = type_.only
    assert isinstance(made, SetShape)
    made.cell.unite(shape.cell)
    return type_


def as_set(site: CallSite, operand: Operand) -> Operand:
    """The other side of a set operation as a set of the same element type."""
    from sovereign.migration.depyler.builtin_functions import set_from

    low = site.low
    shape = operand.type.only
    mine = _set_shape(site)
    if not isinstance(shape, SetShape):
        operand = set_from(low, operand)
        shape = operand.type.only
        assert isinstance(shape, SetShape)
    mine.cell.unite(shape.cell)
    return operand


def _combined(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        type_ = _same_set(site)
        low = site.low
        result = low.receiver(_receiver(site))
        if not site.operands:
            return Operand(type_, rs.Method(result, "copy"))
        for operand in site.operands:
            result = rs.Method(result, name, (low.borrow(as_set(site, operand)),))
        return Operand(type_, result)

    return handler


for _name in ("union", "intersection", "difference", "symmetric_difference"):
    method("set", _name)(_combined(_name))


def _changed(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        low = site.low
        for operand in site.operands:
            expr = rs.Method(low.receiver(_receiver(site)), name, (low.borrow(as_set(site, operand)),))
            low.emit(rs.Evaluate(expr))
        return Operand(NONE, rs.Tuple())

    return handler


for _name in ("update", "intersection_update", "difference_update", "symmetric_difference_update"):
    method("set", _name)(_changed(_name))


def _tested(name: str, rust_name: str) -> None:
    def handler(site: CallSite) -> Operand:
        other = as_set(site, site.operands[0])
        return value_method(site, rust_name, BOOL, site.low.borrow(other))

    method("set", name)(handler)


for _name, _rust in (("issubset", "is_subset"), ("issuperset", "is_superset"), ("isdisjoint", "is_disjoint")):
    _tested(_name, _rust)


# iterators


@method("iterator", "__next__")
def _next(site: CallSite) -> Operand:
    shape = _receiver(site).type.only
    assert isinstance(shape, IterShape)
    return value_method(site, "next_item", site.low.contents(shape.cell), raises=True)


@method("iterator", "close")
def _close(site: CallSite) -> Operand:
    return value_method(site, "close", NONE, raises=True)
