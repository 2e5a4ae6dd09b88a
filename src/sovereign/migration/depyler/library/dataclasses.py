"""`dataclasses`: `asdict`, `astuple`, `replace`, `is_dataclass`.

Enters: call sites. Leaves: operands. Which fields there are is known while translating.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.attributes import attribute
from sovereign.migration.depyler.builtin_functions import builtin
from sovereign.migration.depyler.classes import make
from sovereign.migration.depyler.expressions import constant, make_tuple
from sovereign.migration.depyler.iteration import iterate
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.synthesis import field_list
from sovereign.migration.depyler.types import BOOL, DictShape, InstanceShape, ListShape, TupleShape, Type
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite

__all__: list[str] = []


def _dataclass_of(site: CallSite) -> tuple[Operand, InstanceShape]:
    given = site.operands[0]
    shape = given.type.only
    if not isinstance(shape, InstanceShape) or shape.cls.dataclass is None:
        raise site.refuse("a function of `dataclasses` for something that is not known to be a dataclass")
    return site.low.named(given, "original"), shape


def _holds_dataclass(low: Lowering, type_: Type, depth: int = 4) -> bool:
    """Whether a value of the type is, or holds, an object of a dataclass."""
    if not depth:
        raise low.refuse(low.node, "`asdict` of a value that is nested so deep")
    for shape in type_:
        if isinstance(shape, InstanceShape) and (shape.cls.dataclass is not None or shape.cls.named_tuple):
            return True
        if isinstance(shape, ListShape) and _holds_dataclass(low, low.contents(shape.cell), depth - 1):
            return True
        if isinstance(shape, DictShape) and _holds_dataclass(low, low.contents(shape.value), depth - 1):
            return True
        if isinstance(shape, TupleShape) and any(_holds_dataclass(low, item, depth - 1) for item in shape.items):
            return True
    return False


def _plain(low: Lowering, operand: Operand, whole: Callable[[Lowering, Operand], Operand]) -> Operand:
    """A field as `asdict` gives it: dataclasses within become what `whole` makes of them, containers are copied."""
    return distribute(low, operand, lambda one: _plain_one(low, one, whole))


def _plain_one(low: Lowering, operand: Operand, whole: Callable[[Lowering, Operand], Operand]) -> Operand:
    shape = operand.type.only
    if isinstance(shape, InstanceShape) and shape.cls.dataclass is not None:
        return whole(low, low.named(operand, "inner"))
    if not isinstance(shape, ListShape | DictShape | TupleShape):
        if _holds_dataclass(low, operand.type):
            raise low.refuse(low.node, f"`asdict` of {operand.type!r}")
        return operand
    if isinstance(shape, TupleShape):
        return make_tuple(low, [_plain(low, part, whole) for part in low.tuple_parts(operand, shape)])
    if isinstance(shape, ListShape):
        return _copied_list(low, operand, shape, whole)
    if _holds_dataclass(low, low.contents(shape.value)) or _has_containers(low.contents(shape.value)):
        return _copied_dict(low, operand, shape, whole)
    return Operand(operand.type, rs.Method(low.receiver(operand), "copy"))


def _has_containers(type_: Type) -> bool:
    return any(isinstance(shape, ListShape | DictShape) for shape in type_)


def _copied_list(
    low: Lowering, operand: Operand, shape: ListShape, whole: Callable[[Lowering, Operand], Operand]
) -> Operand:
    if shape.kind != "list":
        raise low.refuse(low.node, f"`asdict` of a {shape.kind}")
    type_ = low.list_of()
    made = type_.only
    assert isinstance(made, ListShape)
    name = low.fresh("items")

    def body(item: Operand) -> None:
        value = stored(low, _plain(low, item, whole))
        made.cell.join(value.type)
        converted = low.put(value, made.cell)
        low.emit(rs.Evaluate(rs.Method(rs.Name(name), "append", (converted,))))

    with low.capture() as statements:
        iterate(low, operand).loop(low, "item", body)
    low.emit(rs.Let(rs.Bind(name), low.rust(type_), call("List::new")))
    low.out.extend(statements)
    return Operand(type_, rs.Name(name), "place")


def _copied_dict(
    low: Lowering, operand: Operand, shape: DictShape, whole: Callable[[Lowering, Operand], Operand]
) -> Operand:
    if shape.kind != "dict":
        raise low.refuse(low.node, f"`asdict` of a {shape.kind} of such values")
    type_ = low.dict_of(low.contents(shape.key))
    made = type_.only
    assert isinstance(made, DictShape)
    name, key, item = low.fresh("entries"), low.fresh("key"), low.fresh("value")
    with low.capture() as statements:
        value = stored(low, _plain(low, Operand(low.contents(shape.value), rs.Name(item), "place"), whole))
        made.value.join(value.type)
        converted = low.put(value, made.value)
        low.emit(rs.Evaluate(rs.Method(rs.Name(name), "set_item", (rs.Name(key), converted))))
    pairs = rs.Method(low.receiver(operand), "items")
    loop = rs.For(rs.TuplePattern((rs.Bind(key), rs.Bind(item))), pairs, rs.Block(tuple(statements)), "", low.line)
    low.emit(rs.Let(rs.Bind(name), low.rust(type_), call("Dict::new")))
    low.emit(loop)
    return Operand(type_, rs.Name(name), "place")


def _as_dict(low: Lowering, held: Operand) -> Operand:
    shape = held.type.only
    assert isinstance(shape, InstanceShape)
    type_ = low.dict_of()
    made = type_.only
    assert isinstance(made, DictShape)
    values = [(f.name, stored(low, _plain(low, attribute(low, held, f.name), _as_dict))) for f in field_list(shape.cls)]
    for name, value in values:
        made.key.join(constant(low, name).type)
        made.value.join(value.type)
    kept = low.contents(made.value)
    pairs = tuple(rs.Tuple((call("Str::literal", rs.Text(n)), low.convert(v, kept))) for n, v in values)
    return Operand(type_, call("Dict::from", rs.MacroCall("vec", pairs, "[")) if pairs else call("Dict::new"))


def _as_tuple(low: Lowering, held: Operand) -> Operand:
    shape = held.type.only
    assert isinstance(shape, InstanceShape)
    return make_tuple(
        low, [stored(low, _plain(low, attribute(low, held, f.name), _as_tuple)) for f in field_list(shape.cls)]
    )


@builtin("dataclasses.asdict")
def _asdict(site: CallSite) -> Operand:
    held, _ = _dataclass_of(site)
    if site.count != 1 or site.keyword("dict_factory") is not None:
        raise site.refuse("`asdict` with a `dict_factory`")
    return _as_dict(site.low, held)


@builtin("dataclasses.astuple")
def _astuple(site: CallSite) -> Operand:
    held, _ = _dataclass_of(site)
    if site.count != 1 or site.keyword("tuple_factory") is not None:
        raise site.refuse("`astuple` with a `tuple_factory`")
    return _as_tuple(site.low, held)


@builtin("dataclasses.replace")
def _replace(site: CallSite) -> Operand:
    held, shape = _dataclass_of(site)
    low = site.low
    names = set(site.given[1]) if site.given is not None else set(site.keyword_nodes)
    values: dict[str, Operand] = {}
    for field in field_list(shape.cls):
        changed = site.keyword(field.name) if field.name in names else None
        if not field.init:
            if changed is not None:
                text = f"field {field.name} is declared with init=False, it cannot be specified with replace()"
                return low.type_error(text, "VALUE_ERROR")
            continue
        values[field.name] = attribute(low, held, field.name) if changed is None else stored(low, changed)
    values.update({name: stored(low, found) for name in names - set(values) if (found := site.keyword(name))})
    return make(low, shape.cls, [], values)


@builtin("dataclasses.is_dataclass")
def _is_dataclass(site: CallSite) -> Operand:
    given = site.operands[0]
    classes = [shape.cls if isinstance(shape, InstanceShape) else getattr(shape, "what", None) for shape in given.type]
    found = {getattr(cls, "dataclass", None) is not None for cls in classes}
    if len(found) != 1:
        raise site.refuse("`is_dataclass` of a value of several types")
    return Operand(BOOL, site.low.after(given, rs.Boolean(True in found)), constant=True in found)
