"""`for` loops: over ranges as Rust ranges, over everything else as `iteration.py` says.

Enters: `for` statements and the clauses of comprehensions. Leaves: loops of the Rust tree with the targets bound.
"""

from __future__ import annotations

import ast
from contextlib import nullcontext
from typing import TYPE_CHECKING

from sovereign.migration.depyler.iteration import LENGTH, Iteration, iterate
from sovereign.migration.depyler.lowering import Local, Loop, Lowering, Operand, diverging, safe_name, statement, typed
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.operators import as_int, as_plain
from sovereign.migration.depyler.rust_types import is_copy
from sovereign.migration.depyler.statements import assign_target, close_loop, finish_loop, loop_head, lower_block
from sovereign.migration.depyler.types import (
    I64_MAX,
    I64_MIN,
    INT,
    STR,
    DictShape,
    IntShape,
    SetShape,
    TupleShape,
    Type,
    integer,
    tuple_of,
)
from sovereign.migration.depyler.variables import boxed, find_web, forget_fields, join_env, late
from sovereign.migration.depyler.views import may_view, viewed, watched
from sovereign.migration.depyler.webs import Place
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["bind_clause", "reversed_source", "source_of", "zip_source"]

FAR = 1 << 62


def source_of(low: Lowering, node: ast.expr) -> Iteration:
    """The iteration that an expression in `for x in expression` is."""
    found = known_source(low, node)
    if found is not None:
        return found
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
        found = _dict_view(low, node, node.func)
        if found is not None:
            return found
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "enumerate":
        return _enumerate(low, node)
    return iterate(low, low.expression(node))


def known_source(low: Lowering, node: ast.expr) -> Iteration | None:
    """The iteration of `range`, `enumerate`, `zip` or `reversed`, where it needs no iterator object."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.keywords:
        return None
    handler = _SOURCES.get(node.func.id)
    if handler is None or not _is_builtin(low, node.func.id) or any(isinstance(a, ast.Starred) for a in node.args):
        return None
    return handler(low, node)


def _is_builtin(low: Lowering, name: str) -> bool:
    scope = low.info.scope
    return scope.owner(name) is None and not any(name in names for names in low.locals)


def _bound(low: Lowering, operand: Operand, *, stop: bool = False) -> tuple[rs.Expression, IntShape]:
    operand = as_int(low, as_plain(low, operand))
    shape = operand.type.only
    if not isinstance(shape, IntShape):
        if operand.type.never:
            return diverging(operand.expr), IntShape(0, 0)
        error = low.type_error("'float' object cannot be interpreted as an integer")
        return error.expr, IntShape(0, 0)
    if shape.small:
        return low.own(operand), shape
    bound = rs.Method(operand.expr, "loop_stop") if stop else low.fallible(rs.Method(operand.expr, "loop_start"))
    return bound, IntShape(
        max(shape.low, -FAR) if shape.low is not None else -FAR, min(shape.high, FAR) if shape.high is not None else FAR
    )


def _range(low: Lowering, node: ast.Call) -> Iteration | None:
    if not 1 <= len(node.args) <= 3:
        return None
    operands = low.expressions(node.args)
    if any(len(o.type.shapes) > 1 or o.static is not None for o in operands):
        return None
    if any(_is_far(operand) for operand in operands):
        return _far_range(low, operands)
    end = 0 if len(operands) == 1 else 1
    bounds = [_bound(low, operand, stop=place == end) for place, operand in enumerate(operands)]
    start, stop, step = _three(bounds)
    if step[1].low == step[1].high == 1:
        item = integer(start[1].low, _before(stop[1].high, start[1].low))
        if isinstance(start[0], rs.Integer) and isinstance(stop[0], rs.Integer):
            return Iteration(item, rs.Range(start[0], typed(stop[0])))
        return Iteration(item, rs.Range(start[0], stop[0]))
    item = integer(*_stepped(start[1], stop[1], step[1]))
    if step[1].low == step[1].high and (step[1].low or 0) > 0:
        by = rs.Method(rs.Range(start[0], stop[0]), "step_by", (rs.Integer(step[1].low or 1),))
        return Iteration(item, by)
    if step[1].low == step[1].high == -1:
        return Iteration(item, _downward(start[0], stop))
    if (step[1].low or 0) > 0 or (step[1].high is not None and step[1].high < 0):
        return Iteration(item, rs.Method(rs.Call(rs.Name("steps"), (start[0], stop[0], step[0])), "into_iter"))
    made = low.fallible(rs.Call(rs.Name("Range::new"), (start[0], stop[0], step[0])))
    return Iteration(item, rs.Method(made, "into_iter"))


def _downward(start: rs.Expression, stop: tuple[rs.Expression, IntShape]) -> rs.Expression:
    """A range by steps of -1, as the reverse of one that counts up."""
    low_end: rs.Expression = rs.Binary("+", stop[0], rs.Integer(1))
    if isinstance(stop[0], rs.Unary) and stop[1].low == stop[1].high == -1:
        low_end = rs.Integer(0)
    if isinstance(start, rs.Binary) and start.operator == "-" and start.right == rs.Integer(1):
        return rs.Method(rs.Range(low_end, start.left, inclusive=False), "rev")
    return rs.Method(rs.Range(low_end, start, inclusive=True), "rev")


def _is_far(operand: Operand) -> bool:
    """Whether an integer is proved not to fit into 64 bits."""
    shape = operand.type.only
    return isinstance(shape, IntShape) and (
        (shape.low is not None and shape.low > I64_MAX) or (shape.high is not None and shape.high < I64_MIN)
    )


def _far_range(low: Lowering, operands: list[Operand]) -> Iteration:
    """A range whose numbers are big integers."""
    wide = [rs.Borrow(low.convert(as_int(low, operand), INT)) for operand in operands]
    zero, one = (rs.Borrow(low.convert(Operand(integer(n, n), rs.Integer(n)), INT)) for n in (0, 1))
    start, stop = (wide[0], wide[1]) if len(wide) > 1 else (zero, wide[0])
    step = wide[2] if len(wide) > 2 else one
    return Iteration(INT, low.fallible(rs.Call(rs.Name("big_range"), (start, stop, step))))


def _three(
    bounds: list[tuple[rs.Expression, IntShape]],
) -> tuple[tuple[rs.Expression, IntShape], tuple[rs.Expression, IntShape], tuple[rs.Expression, IntShape]]:
    zero = (rs.Integer(0), IntShape(0, 0))
    one = (rs.Integer(1), IntShape(1, 1))
    if len(bounds) == 1:
        return zero, bounds[0], one
    return bounds[0], bounds[1], bounds[2] if len(bounds) == 3 else one


def _before(high: int | None, start: int | None) -> int | None:
    return None if high is None else max(high - 1, start if start is not None else high - 1)


def _stepped(start: IntShape, stop: IntShape, step: IntShape) -> tuple[int | None, int | None]:
    if step.low is not None and step.low > 0:
        return start.low, _before(stop.high, start.low)
    if step.high is not None and step.high < 0:
        bottom = None if stop.low is None else stop.low + 1
        return (bottom if start.high is None or bottom is None else min(bottom, start.high)), start.high
    ends = [x for x in (start.low, start.high, stop.low, stop.high) if x is not None]
    return (min(ends), max(ends)) if len(ends) == 4 else (None, None)


def _enumerate(low: Lowering, node: ast.Call) -> Iteration:
    inner = source_of(low, node.args[0])
    start: rs.Expression = rs.Integer(0)
    shape = IntShape(0, 0)
    extra = [*node.args[1:], *(k.value for k in node.keywords)]
    if extra:
        start, shape = _bound(low, low.expression(extra[0]))
    top = None if shape.high is None else min(shape.high + LENGTH, FAR)
    item = tuple_of(integer(shape.low, top), inner.item)
    if inner.fallible:
        return Iteration(item, rs.Method(inner.iterator, "enumerated", (start,)), fallible=True)
    return Iteration(item, rs.Call(rs.Name("enumerate"), (inner.iterator, start)))


def zip_source(low: Lowering, node: ast.Call) -> Iteration | None:
    """`zip` of two or three that cannot fail."""
    if len(node.args) < 2 or node.keywords:
        return None
    sources = [source_of(low, argument) for argument in node.args]
    if any(source.fallible for source in sources):
        return None
    item = tuple_of(*(source.item for source in sources))
    if len(sources) == 2:
        return Iteration(item, rs.Method(_into(sources[0].iterator), "zip", (sources[1].iterator,)))
    if len(sources) == 3:
        return Iteration(item, rs.Call(rs.Name("zip3"), tuple(_into(s.iterator) for s in sources)))
    return None


def _into(iterator: rs.Expression) -> rs.Expression:
    return rs.Method(iterator, "into_iter") if isinstance(iterator, rs.Array) else iterator


def reversed_source(low: Lowering, node: ast.Call) -> Iteration | None:
    """`reversed` of a range or a sequence."""
    if len(node.args) != 1:
        return None
    inner = node.args[0]
    if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "range":
        found = _range(low, inner)
        if found is not None and isinstance(found.iterator, rs.Range):
            return Iteration(found.item, rs.Method(found.iterator, "rev"))
        return None
    operand = low.expression(inner)
    shape = operand.type.only
    if shape is None or shape.tag not in {"list", "str", "tuple", "deque"} or isinstance(shape, TupleShape):
        return None
    each = iterate(low, operand)
    return Iteration(each.item, rs.Method(low.receiver(operand), "reversed"))


def _dict_view(low: Lowering, node: ast.Call, func: ast.Attribute) -> Iteration | None:
    if func.attr not in {"items", "keys", "values", "split"}:
        return None
    operand = low.expression(func.value)
    shape = operand.type.only
    if func.attr == "split":
        if operand.type != STR:
            return iterate(low, low.expression(node))
        return Iteration(STR, rs.Method(low.receiver(operand), "words"))
    if not isinstance(shape, DictShape):
        return None
    key, value = low.contents(shape.key), low.contents(shape.value)
    item = {"items": tuple_of(key, value), "keys": key, "values": value}[func.attr]
    del node
    return Iteration(item, rs.Method(low.receiver(operand), func.attr))


_SOURCES: dict[str, Callable[[Lowering, ast.Call], Iteration | None]] = {
    "range": _range,
    "enumerate": _enumerate,
    "zip": zip_source,
    "reversed": reversed_source,
}


# targets


def bind_clause(low: Lowering, target: ast.expr, item: Type) -> tuple[rs.Pattern, dict[str, Local]]:
    """The pattern and names that a comprehension's target binds; what that needs is written before the body."""
    names: dict[str, Local] = {}

    def pattern(node: ast.expr, type_: Type) -> rs.Pattern:
        if isinstance(node, ast.Name):
            if node.id == "_":
                return rs.Wildcard()
            rust_name = safe_name(node.id, low.program)
            names[node.id] = Local(rust_name, type_)
            return rs.Bind(rust_name)
        shape = type_.only
        if isinstance(node, ast.Tuple | ast.List) and isinstance(shape, TupleShape):
            if len(shape.items) != len(node.elts) or any(isinstance(e, ast.Starred) for e in node.elts):
                raise _Complex
            return rs.TuplePattern(tuple(pattern(n, t) for n, t in zip(node.elts, shape.items, strict=True)))
        if type_.never:
            for name in walk(node):
                if isinstance(name, ast.Name):
                    names[name.id] = Local(safe_name(name.id, low.program), type_)
            return rs.Wildcard()
        raise _Complex

    try:
        return pattern(target, item), names
    except _Complex:
        return _complex(low, target, item)


class _Complex(Exception):  # noqa: N818 - a way out, not a defect
    """The target takes apart what no Rust pattern can."""


def _complex(low: Lowering, target: ast.expr, item: Type) -> tuple[rs.Pattern, dict[str, Local]]:
    """A target that is taken apart by statements, which come first in the body of the loop."""
    variable = low.fresh("parts")
    outer, low.clause_names = low.clause_names, {}
    assign_target(low, target, Operand(item, rs.Name(variable), "place"))
    names, low.clause_names = low.clause_names, outer
    return rs.Bind(variable), names


_RESIZING = {"pop", "popitem", "clear", "update", "setdefault", "add", "remove", "discard"}


def _guarded(low: Lowering, node: ast.For) -> Iteration | None:
    """A loop over a dict or a set whose size its body may change, which raises; None where that is not seen."""
    inner = node.iter
    view = ""
    if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and not inner.args:
        view, inner = inner.func.attr, inner.func.value
    if view not in {"", "keys", "values", "items"} or not isinstance(inner, ast.Name | ast.Attribute):
        return None
    if not _resized(ast.dump(inner), node):
        return None
    held = low.expression(inner)
    shape = held.type.only
    if isinstance(shape, SetShape) and shape.kind == "set" and not view:
        made = rs.Method(low.receiver(held), "checked")
        return Iteration(low.contents(shape.cell), rs.Call(rs.Name("Iter::fallible"), (made,)), fallible=True)
    if not isinstance(shape, DictShape):
        return None
    key, value = low.contents(shape.key), low.contents(shape.value)
    if key.never:
        return None
    held = low.named(held, "entries")
    view = view or "keys"
    item = {"items": tuple_of(key, value), "keys": key, "values": value}[view]
    made = rs.Method(low.receiver(held), "checked", (rs.Method(low.receiver(held), view),))
    return Iteration(item, rs.Call(rs.Name("Iter::fallible"), (made,)), fallible=True)


def _resized(name: str, loop: ast.For) -> bool:
    """Whether a loop puts something into what has this name, or takes something out; `d[key] = ...` does neither."""
    target_ = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) and loop.target.elts else loop.target
    key = target_.id if isinstance(target_, ast.Name) else ""
    for node in (inner for statement_ in loop.body for inner in walk(statement_)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _RESIZING:
            target: ast.expr = node.func.value
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            if isinstance(node.ctx, ast.Store) and isinstance(node.slice, ast.Name) and node.slice.id == key:
                continue
            target = node.value
        else:
            continue
        if _loaded(target) == name:
            return True
    return False


def _loaded(node: ast.expr) -> str:
    return ast.dump(node) if isinstance(node, ast.Name | ast.Attribute) else ""


@statement(ast.For)
def _for(low: Lowering, node: ast.For) -> None:
    source = _guarded(low, node) or source_of(low, node.iter)
    head = loop_head(low, node)
    leaving = head.known
    loop = Loop(low.label("outer"))
    if node.orelse:
        loop.flag = low.fresh("completed")
        low.emit(rs.Let(rs.Bind(loop.flag, mutable=True), None, rs.Boolean(True)))
    low.frames.append(loop)
    outer = low.place
    low.place = Place(id(node.body), -1)
    borrows = may_view(low, node, source) and _is_borrowed(low, node.target, source.item)
    with low.capture() as statements, watched(low, node, source) if borrows else nullcontext():
        pattern = _target(low, node.target, source.item)
        lower_block(low, node.body)
    if borrows:
        source.iterator = viewed(source)
    low.place = outer
    low.frames.pop()
    close_loop(low, head, [low.env, *loop.continues])
    leaving_env = low.instance.heads.get(node)
    label = loop.label if loop.label_used else ""
    low.line = node.lineno
    low.emit(source.statement(low, pattern, statements, label))
    if source.fallible and loop.breaks:
        _let_go(low)
    finish_loop(low, node, loop, join_env(leaving, leaving_env))


def _let_go(low: Lowering) -> None:
    """A generator that a loop leaves early runs its `finally` parts there, if nothing else holds it."""
    match low.out[-2:]:
        case [rs.Let(pattern=rs.Bind(name=name)), rs.While()]:
            low.emit(rs.Evaluate(rs.Call(rs.Name("drop"), (rs.Name(name),))))


def _is_borrowed(low: Lowering, target: ast.expr, item: Type) -> bool:
    """Whether nothing but the loop binds the name, so that it may be a reference; then it becomes one."""
    assert isinstance(target, ast.Name)
    web = find_web(low, target, target.id)
    scope = low.info.scope
    if (
        web is None
        or web.definitions > 1
        or target.id in scope.captured
        or target.id in scope.globals | scope.nonlocals
    ):
        return False
    if not scope.is_function and target.id in low.module.globals:
        return False
    held = low.instance.variable(web)
    held.join(item)
    type_ = held.read(None)
    if web.place != low.place or late(web, low) or low.rust(type_) != low.rust(item):
        return False
    if not is_copy(item):
        low.borrowed.add(web)
    return True


def _target(low: Lowering, target: ast.expr, item: Type) -> rs.Pattern:
    """The pattern of a `for` loop; what it cannot bind directly is assigned at the head of the body."""
    if isinstance(target, ast.Name):
        return _name_target(low, target, item)
    shape = item.only
    if (
        isinstance(target, ast.Tuple | ast.List)
        and isinstance(shape, TupleShape)
        and not _starred(target)
        and len(shape.items) == len(target.elts)
    ):
        return rs.TuplePattern(tuple(_target(low, t, i) for t, i in zip(target.elts, shape.items, strict=True)))
    name = low.fresh("item")
    assign_target(low, target, Operand(item, rs.Name(name), "place"))
    return rs.Bind(name)


def _starred(target: ast.Tuple | ast.List) -> bool:
    return any(isinstance(t, ast.Starred) for t in target.elts)


def _name_target(low: Lowering, target: ast.Name, item: Type) -> rs.Pattern:
    web = find_web(low, target, target.id)
    scope = low.info.scope
    plain = web is not None and target.id not in scope.globals and target.id not in scope.nonlocals
    if plain and not scope.is_function and target.id in low.module.globals:
        plain = False
    if plain:
        assert web is not None
        cell = low.instance.variable(web)
        cell.join(item)
        held = cell.read(None)
        direct = web.place == Place(low.place.block, -1) and not boxed(low, target.id) and not late(web, low)
        if direct and low.rust(held) == low.rust(item):
            forget_fields(low, low.rust_name(web))
            if low.env is not None:
                low.env[web] = item
            if target.id == "_":
                return rs.Wildcard()
            return rs.Bind(low.rust_name(web), mutable=web.definitions > 1)
    name = low.fresh(f"next_{target.id}" if target.id != "_" else "_unused")
    assign_target(low, target, Operand(item, rs.Name(name), "place"))
    return rs.Bind(name)
