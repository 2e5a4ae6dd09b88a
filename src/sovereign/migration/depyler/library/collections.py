"""`collections`: `defaultdict`, `Counter`, `deque`, `OrderedDict`, `namedtuple`.

Enters: call sites. Leaves: operands. They are dicts and lists with a kind of their own; the factory of a
`defaultdict` is known while translating.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.attributes import LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import (
    MODULES,
    TYPES,
    _collected,
    builtin,
    call_builtin,
    items_of,
    plain_iterator,
)
from sovereign.migration.depyler.function_values import inline_call
from sovereign.migration.depyler.iteration import Iteration, as_iter, iterate
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import call_builtin_method, index_argument, method, optional, value_method
from sovereign.migration.depyler.methods_dict import dict_shape, update_from
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.operators import binary, call
from sovereign.migration.depyler.program import FunctionValue
from sovereign.migration.depyler.types import (
    BOOL,
    INT,
    NONE,
    STR,
    DictShape,
    IterShape,
    ListShape,
    OpaqueShape,
    Type,
    integer,
    tuple_of,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite

__all__ = ["counter_update", "factory_value"]


# Their calls are written as what they mean already: `library_forms.py`.
TYPES.update(
    (
        "collections.namedtuple",
        "contextlib.suppress",
        "contextlib.nullcontext",
        "contextlib.closing",
        "contextlib.contextmanager",
    )
)
MODULES.add("contextlib")


@builtin("collections.defaultdict")
def _defaultdict(site: CallSite) -> Operand:
    low = site.low
    type_ = low.dict_of(kind="defaultdict")
    shape = type_.only
    assert isinstance(shape, DictShape)
    factory = low.expression(site.nodes[0]) if site.nodes else Operand(NONE, rs.Tuple())
    _note_factory(low, shape, factory)
    made = Operand(type_, call("Dict::new"))
    if site.count > 1:
        held = low.named(Operand(type_, call("Dict::new")), "made")
        low.emit(rs.Evaluate(update_from(low, held, shape, site.operands[1]).expr))
        return held
    return made


def _note_factory(low: Lowering, shape: DictShape, factory: Operand) -> None:
    """Remember what the dict puts in for missing keys."""
    if _uses_locals(low, factory):
        raise low.refuse(low.node, "a `defaultdict` whose factory uses a variable of the function around it")
    known = low.program.statics.setdefault("factories", [])
    assert isinstance(known, list)
    root = shape.value.find()
    if not any(cell.find() is root and _same_factory(old, factory) for cell, old in known):
        known.append((shape.value, factory))
        root.readers.tell()


def _uses_locals(low: Lowering, factory: Operand) -> bool:
    """Whether a factory uses variables that the places where keys are missed do not see."""
    known = factory.static
    if known is None or not isinstance(known.what, ast.Lambda):
        return known is not None and isinstance(known.what, FunctionValue) and known.what.environment is not None
    scope = low.info.scope
    names = {n.id for n in walk(known.what.body) if isinstance(n, ast.Name)}
    inside = {name for local in low.locals for name in local}
    return bool(names & inside) or (scope.is_function and bool(names & (scope.bound | set(scope.free))))


def _same_factory(a: Operand, b: Operand) -> bool:
    if a.static is None or b.static is None:
        return a.static is b.static
    return a.static.kind == b.static.kind and a.static.name == b.static.name


def factory_value(low: Lowering, shape: DictShape) -> Operand | None:
    """A new default, made here."""
    known = low.program.statics.get("factories", [])
    assert isinstance(known, list)
    root = shape.value.find()
    found = [factory for cell, factory in known if cell.find() is root]
    if not found or found[0].type == NONE:
        return None
    first = found[0]
    if any(not _same_factory(first, other) for other in found[1:]):
        raise low.refuse(low.node, "`defaultdict`s with different factories that may be the same dict")
    if first.static is None:
        raise low.refuse(low.node, "a `defaultdict` whose factory is not known while translating")
    return stored(low, inline_call(low, first, []))


@builtin("collections.OrderedDict")
def _ordered(site: CallSite) -> Operand:
    low = site.low
    made = call_builtin(low, "dict", site)
    shape = made.type.only
    assert isinstance(shape, DictShape)
    return Operand(Type((DictShape(shape.key, shape.value, "OrderedDict"),)), made.expr, made.form)


# Counter


@builtin("collections.Counter")
def _counter(site: CallSite) -> Operand:
    low = site.low
    type_ = low.dict_of(kind="Counter")
    shape = type_.only
    assert isinstance(shape, DictShape)
    if site.count == 0 and not site.keywords:
        return Operand(type_, call("Dict::new"))
    held = low.named(Operand(type_, call("Dict::new")), "counts")
    low.out[-1] = rs.Let(rs.Bind(held.expr.path), low.rust(type_), call("Dict::new"))  # type: ignore[union-attr]
    if site.count:
        counter_update(site, held, shape)
    _named_counts(site, held, shape)
    return held


def _named_counts(site: CallSite, receiver: Operand, shape: DictShape) -> None:
    """Add the counts that are keyword arguments."""
    low = site.low
    for keyword in site.keywords:
        if keyword.arg is None:
            raise site.refuse("`Counter` with `**`")
        given = site.keyword(keyword.arg)
        assert given is not None
        added = low.dict_of(STR, given.type)
        other = added.only
        assert isinstance(other, DictShape)
        pair = rs.Tuple((call("Str::literal", rs.Text(keyword.arg)), low.own(given)))
        one = low.named(Operand(added, call("Dict::from", rs.MacroCall("vec", (pair,), "["))), "added")
        low.emit(rs.Evaluate(_add_counts(low, receiver, shape, one, other).expr))


def counter_update(site: CallSite, receiver: Operand, shape: DictShape) -> Operand:
    """Count items, or add the counts of a dict."""
    low = site.low
    each: Iteration | None = None
    if site.given is None and isinstance(site.nodes[0], ast.GeneratorExp):
        each = items_of(site)
    else:
        value = stored(low, site.operands[0])
        other = value.type.only
        if isinstance(other, DictShape):
            return _add_counts(low, receiver, shape, value, other)
        each = iterate(low, value)
    shape.key.join(each.item)
    shape.value.join(integer(0, 1 << 62))
    target = low.contents(shape.key)
    values = low.contents(shape.value)

    def body(item: Operand) -> None:
        key = low.convert(item, target)
        name = low.fresh("key")
        low.emit(rs.Let(rs.Bind(name), None, key))
        zero = low.convert(Operand(integer(0, 0), rs.Integer(0), constant=0), values)
        old = Operand(values, rs.Method(low.receiver(receiver), "get_or", (rs.Borrow(rs.Name(name)), zero)))
        new = binary(low, "+", old, Operand(integer(1, 1), rs.Integer(1), constant=1))
        count = low.fresh("count")
        low.emit(rs.Let(rs.Bind(count), None, low.convert(new, values)))
        low.emit(rs.Evaluate(rs.Method(low.receiver(receiver), "set_item", (rs.Name(name), rs.Name(count)))))

    each.loop(low, "item", body)
    return Operand(NONE, rs.Tuple())


@method("Counter", "subtract")
def _subtract(site: CallSite) -> Operand:
    low = site.low
    shape = dict_shape(site)
    assert site.receiver is not None
    value = stored(low, site.operands[0])
    other = value.type.only
    shape.value.join(integer(-(1 << 62), 1 << 62))
    if isinstance(other, DictShape):
        shape.key.unite(other.key)
        shape.value.unite(other.value)
        name, given = "counter_subtract_counts", low.borrow(value)
        return Operand(NONE, call(name, low.borrow(site.receiver), given))
    items = as_iter(low, value)
    inner = items.type.only
    assert isinstance(inner, IterShape)
    shape.key.unite(inner.cell)
    return Operand(NONE, low.fallible(call("counter_subtract", low.borrow(site.receiver), low.own(items))))


def _add_counts(low: Lowering, receiver: Operand, shape: DictShape, value: Operand, other: DictShape) -> Operand:
    shape.key.unite(other.key)
    shape.value.join(low.contents(other.value))
    result = update_from(low, receiver, shape, value)
    if not isinstance(result.expr, rs.Tuple):
        low.emit(rs.Evaluate(result.expr))
    return Operand(NONE, rs.Tuple())


@method("Counter", "most_common")
def _most_common(site: CallSite) -> Operand:
    low = site.low
    shape = dict_shape(site)
    type_ = low.list_of(tuple_of(low.contents(shape.key), low.contents(shape.value)))
    limit: rs.Expression = rs.Name("None")
    given = site.argument(0, "n")
    if given is not None and given.type != NONE:
        limit = call("Some", index_argument(site, 0, "n"))
    assert site.receiver is not None
    return Operand(type_, call("counter_most_common", low.borrow(site.receiver), limit))


@method("Counter", "elements")
def _elements(site: CallSite) -> Operand:
    low = site.low
    shape = dict_shape(site)
    assert site.receiver is not None
    return Operand(low.iter_of(low.contents(shape.key)), call("counter_elements", low.borrow(site.receiver)))


@method("Counter", "total")
def _total(site: CallSite) -> Operand:
    assert site.receiver is not None
    return Operand(INT, call("counter_total", site.low.borrow(site.receiver)))


# deque


@builtin("collections.deque")
def _deque(site: CallSite) -> Operand:
    low = site.low
    limit = site.argument(1, "maxlen")
    if limit is None or limit.type == NONE:
        made = _collected(site, "deque")
        assert isinstance(made.type.only, ListShape)
        return made
    type_ = low.list_of(kind="deque")
    shape = type_.only
    assert isinstance(shape, ListShape)
    most = optional(low, limit)
    if not site.count:
        return Operand(type_, low.fallible(call("Deque::bounded", call("Vec::new"), most)))
    each = items_of(site)
    shape.cell.join(each.item)
    held = low.contents(shape.cell)
    iterator = plain_iterator(low, each)
    source = rs.Method(iterator, "into_iter") if isinstance(iterator, rs.Array) else iterator
    if low.rust(each.item) != low.rust(held):
        name = low.fresh("item")
        body = low.convert(Operand(each.item, rs.Name(name)), held)
        source = rs.Method(source, "map", (rs.Closure(((rs.Bind(name), None),), body),))
    items = rs.Method(source, "collect", (), (rs.NamedType("Vec", (low.rust(held),)),))
    return Operand(type_, low.fallible(call("Deque::bounded", items, most)))


LIBRARY_ATTRIBUTES["deque", "maxlen"] = lambda low, operand: Operand(
    integer(0, 1 << 62).join(NONE), rs.Method(low.receiver(operand), "maxlen")
)


# queue


@builtin("queue.Queue", "queue.SimpleQueue")
def _queue(site: CallSite) -> Operand:
    if site.count or site.keyword_nodes:
        raise site.refuse("a queue with a greatest size: it would wait for another thread")
    return Operand(site.low.opaque("WaitingQueue", Type()), call("Deque::new"))


def _items_of(low: Lowering, operand: Operand) -> Operand:
    """A queue as the deque that it is in Rust."""
    del low
    shape = operand.type.only
    assert isinstance(shape, OpaqueShape)
    return Operand(Type((ListShape(shape.cells[0], "deque"),)), operand.expr, operand.form)


@method("WaitingQueue", "put")
def _put(site: CallSite) -> Operand:
    assert site.receiver is not None
    if site.count != 1 or site.keyword_nodes:
        raise site.refuse("`put` with such arguments")
    return call_builtin_method(site.low, _items_of(site.low, site.receiver), "append", site.operands, {})


@method("WaitingQueue", "get")
def _get(site: CallSite) -> Operand:
    assert site.receiver is not None
    if site.count or site.keyword_nodes:
        raise site.refuse("`get` with such arguments")
    return call_builtin_method(site.low, _items_of(site.low, site.receiver), "popleft", [], {})


@method("WaitingQueue", "empty")
def _empty(site: CallSite) -> Operand:
    return value_method(site, "is_empty", BOOL)


@method("WaitingQueue", "qsize")
def _qsize(site: CallSite) -> Operand:
    return value_method(site, "len", integer(0, 1 << 40))
