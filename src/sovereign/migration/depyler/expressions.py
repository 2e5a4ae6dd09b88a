"""Expressions: literals, displays, operators, attributes, subscripts, f-strings.

Enters: nodes of `ast`. Leaves: operands. Calls stand in `calls.py`, comprehensions in `comprehensions.py`, subscripts
and slices in `subscripts.py`, text with values in `formatting.py`.
"""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING

from sovereign.migration.depyler import intervals
from sovereign.migration.depyler.alternatives import block_of, distribute, join_branches
from sovereign.migration.depyler.conditions import condition
from sovereign.migration.depyler.lowering import Lowering, Operand, expression
from sovereign.migration.depyler.operators import (
    ELEMENTWISE,
    SYMBOLS,
    as_int,
    binary,
    call,
    compare,
    equals,
    python_type_name,
    truth,
)
from sovereign.migration.depyler.rust_types import is_option
from sovereign.migration.depyler.type_values import CLASS, as_class_value
from sovereign.migration.depyler.types import (
    BOOL,
    BYTES,
    FLOAT,
    NEVER,
    NONE,
    STR,
    DictShape,
    InstanceShape,
    IntShape,
    ListShape,
    SetShape,
    TupleShape,
    Type,
    join_all,
    seq_of,
    tuple_of,
)
from sovereign.migration.depyler.variables import join_env, stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.types import Cell

__all__ = ["constant", "contains", "make_list", "make_tuple", "spread_items"]

MAX_TUPLE = 12


@expression(ast.Constant)
def _constant(low: Lowering, node: ast.Constant) -> Operand:
    return constant(low, node.value)


def constant(low: Lowering, value: object) -> Operand:
    """The operand of a constant."""
    match value:
        case bool():
            return Operand(BOOL, rs.Boolean(value), constant=value)
        case int():
            return _integer(value)
        case float():
            return Operand(FLOAT, _float(value), constant=value)
        case str():
            return Operand(STR, call("Str::literal", rs.Text(value)), constant=value)
        case bytes():
            return Operand(BYTES, call("Bytes::from", rs.ByteText(value)), constant=value)
        case None:
            return Operand(NONE, rs.Tuple())
        case _:
            raise low.refuse(low.node, f"a constant of type `{type(value).__name__}`")


def _integer(value: int) -> Operand:
    type_ = Type((IntShape(value, value),))
    if type_.shapes[0].small:  # type: ignore[union-attr]
        expr: rs.Expression = rs.Integer(value) if value >= 0 else rs.Unary("-", rs.Integer(-value))
        return Operand(type_, expr if value > -(1 << 63) else rs.Name("i64::MIN"), constant=value)
    return Operand(type_, call("Int::parse_literal", rs.Text(str(value))), constant=value)


def _float(value: float) -> rs.Expression:
    if math.isnan(value):
        return rs.Name("f64::NAN")
    if value in (float("inf"), float("-inf")):
        return rs.Name("f64::INFINITY" if value > 0 else "f64::NEG_INFINITY")
    return rs.Float(value)


# displays


@expression(ast.Tuple)
def _tuple(low: Lowering, node: ast.Tuple) -> Operand:
    if not any(isinstance(item, ast.Starred) for item in node.elts):
        return make_tuple(low, _items(low, node.elts))
    values = low.expressions([item.value if isinstance(item, ast.Starred) else item for item in node.elts])
    parts = [(value, isinstance(item, ast.Starred)) for value, item in zip(values, node.elts, strict=True)]
    if low.pending and any(star and value.type.never for value, star in parts):
        return low.never()
    if any(star and not isinstance(value.type.only, TupleShape) for value, star in parts):
        return spread_items(low, parts)
    opened = []
    for value, star in parts:
        shape = value.type.only
        known = star and isinstance(shape, TupleShape)
        opened.extend(low.tuple_parts(value, shape) if known else [stored(low, value)])  # type: ignore[arg-type]
    return make_tuple(low, opened)


def spread_items(low: Lowering, parts: list[tuple[Operand, bool]]) -> Operand:
    """A tuple of unknown length from values, and from what can be iterated (True)."""
    from sovereign.migration.depyler.iteration import iterate

    name = low.fresh("items")
    type_ = low.list_of()
    shape = type_.only
    assert isinstance(shape, ListShape)
    with low.capture() as statements:
        for value, is_star in parts:
            if not is_star:
                _append(low, name, shape.cell, stored(low, value))
                continue
            iterate(low, value).loop(low, "item", lambda item: _append(low, name, shape.cell, item))
    item = low.contents(shape.cell)
    low.emit(rs.Let(rs.Bind(name), low.rust(type_), call("List::new")))
    low.out.extend(statements)
    return Operand(seq_of(item), rs.Method(rs.Method(rs.Name(name), "iter"), "collect", (), (low.rust(seq_of(item)),)))


def _append(low: Lowering, name: str, cell: Cell, value: Operand) -> None:
    cell.join(value.type)
    low.emit(rs.Evaluate(rs.Method(rs.Name(name), "append", (low.put(value, cell),))))


def _items(low: Lowering, nodes: list[ast.expr]) -> list[Operand]:
    """Items of a display without `*`."""
    return [stored(low, item) for item in low.expressions(nodes)]


def make_tuple(low: Lowering, items: list[Operand]) -> Operand:
    """A tuple of operands; the empty one is of unknown length, because Rust's `()` is None here."""
    if not items:
        return Operand(seq_of(NEVER), call("Seq::<()>::from", rs.Array(())))
    if len(items) > MAX_TUPLE:
        joined = join_all(item.type for item in items)
        values = tuple(low.convert(item, joined) for item in items)
        return Operand(seq_of(joined), call("Seq::from", rs.Array(values)))
    return Operand(tuple_of(*(item.type for item in items)), rs.Tuple(tuple(low.own(item) for item in items)))


@expression(ast.List)
def _list(low: Lowering, node: ast.List) -> Operand:
    return _display(low, node.elts, "list")


@expression(ast.Set)
def _set(low: Lowering, node: ast.Set) -> Operand:
    return _display(low, node.elts, "set")


def _display(low: Lowering, nodes: list[ast.expr], kind: str) -> Operand:
    type_ = low.list_of() if kind == "list" else low.set_of()
    shape = type_.only
    assert isinstance(shape, ListShape | SetShape)
    if any(isinstance(item, ast.Starred) for item in nodes):
        return _spread(low, nodes, type_, shape.cell)
    made = make_list(low, [stored(low, item) for item in low.expressions(nodes)], type_)
    if kind == "set" and len(nodes) > 2 and all(map(_is_constant, nodes)) and isinstance(made.expr, rs.Call):
        return Operand(type_, call("Set::literal", *made.expr.arguments))
    return made


def _is_constant(node: ast.expr) -> bool:
    """Whether the compiler of CPython knows the value, so that a set of such is made out of a constant."""
    match node:
        case ast.UnaryOp():
            return _is_constant(node.operand)
        case ast.BinOp():
            return _is_constant(node.left) and _is_constant(node.right)
        case ast.Tuple():
            return all(map(_is_constant, node.elts))
        case _:
            return isinstance(node, ast.Constant)


def make_list(low: Lowering, items: list[Operand], type_: Type) -> Operand:
    """A new list or set of operands; the type was made with `list_of` or `set_of`."""
    shape = type_.only
    assert isinstance(shape, ListShape | SetShape)
    for item in items:
        shape.cell.join(item.type)
    held = low.contents(shape.cell)
    name = {"list": "List", "set": "Set", "deque": "Deque", "frozenset": "FrozenSet"}[shape.kind]
    if not items:
        return Operand(type_, call(f"{name}::<()>::new" if held.never else f"{name}::new"))
    values = tuple(low.convert(item, held) for item in items)
    if shape.kind == "list":
        return Operand(type_, call("List::from", rs.MacroCall("vec", values, "[")))
    return Operand(type_, call(f"{name}::from", rs.MacroCall("vec", values, "[")))


def _spread(low: Lowering, nodes: list[ast.expr], type_: Type, cell: Cell) -> Operand:
    from sovereign.migration.depyler.iteration import iterate

    shape = type_.only
    assert isinstance(shape, ListShape | SetShape)
    name = low.fresh("items")
    made = "List" if isinstance(shape, ListShape) else "Set"
    add = "append" if isinstance(shape, ListShape) else "add"
    low.emit(rs.Let(rs.Bind(name), low.rust(type_), call(f"{made}::new")))
    for item in nodes:
        if isinstance(item, ast.Starred):
            each = iterate(low, low.expression(item.value))
            cell.join(each.item)
            held = low.contents(cell)

            def body(value: Operand, held: Type = held) -> None:
                low.emit(rs.Evaluate(rs.Method(rs.Name(name), add, (low.convert(value, held),))))

            each.loop(low, "item", body)
        else:
            value = stored(low, low.expression(item))
            cell.join(value.type)
            converted = low.put(value, cell)
            low.emit(rs.Evaluate(rs.Method(rs.Name(name), add, (converted,))))
    return Operand(type_, rs.Name(name), "place")


@expression(ast.Dict)
def _dict(low: Lowering, node: ast.Dict) -> Operand:
    type_ = low.dict_of()
    shape = type_.only
    assert isinstance(shape, DictShape)
    pairs: list[tuple[Operand, Operand]] = []
    spread = any(key is None for key in node.keys)
    if spread:
        return _spread_dict(low, node, type_, shape)
    flat = [part for pair in zip(node.keys, node.values, strict=True) for part in pair if part is not None]
    operands = [stored(low, operand) for operand in low.expressions(flat)]
    for key, value in zip(operands[::2], operands[1::2], strict=True):
        shape.key.join(key.type)
        shape.value.join(value.type)
        pairs.append((key, value))
    if not pairs:
        nothing = low.contents(shape.key).never and low.contents(shape.value).never
        return Operand(type_, call("Dict::<(), ()>::new" if nothing else "Dict::new"))
    keys, values = low.contents(shape.key), low.contents(shape.value)
    items = tuple(rs.Tuple((low.convert(k, keys), low.convert(v, values))) for k, v in pairs)
    return Operand(type_, call("Dict::from", rs.MacroCall("vec", items, "[")))


def _spread_dict(low: Lowering, node: ast.Dict, type_: Type, shape: DictShape) -> Operand:
    name = low.fresh("merged")
    low.emit(rs.Let(rs.Bind(name), low.rust(type_), call("Dict::new")))
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = stored(low, low.expression(value_node))
        if key_node is None:
            inner = value.type.only
            if not isinstance(inner, DictShape):
                raise low.refuse(value_node, "`**` with a value that is no dict")
            shape.key.unite(inner.key)
            shape.value.unite(inner.value)
            low.emit(rs.Evaluate(rs.Method(rs.Name(name), "update", (rs.Method(low.receiver(value), "items"),))))
            continue
        key = stored(low, low.expression(key_node))
        shape.key.join(key.type)
        shape.value.join(value.type)
        arguments = (low.put(key, shape.key), low.put(value, shape.value))
        low.emit(rs.Evaluate(rs.Method(rs.Name(name), "set_item", arguments)))
    return Operand(type_, rs.Name(name), "place")


# operators


@expression(ast.BinOp)
def _binop(low: Lowering, node: ast.BinOp) -> Operand:
    left, right = low.expressions([node.left, node.right], wide=True)
    if left.static is not None and right.static is not None and isinstance(node.op, ast.BitOr):
        return left
    return binary(low, SYMBOLS[type(node.op)], left, right, wide=True)


@expression(ast.UnaryOp)
def _unary(low: Lowering, node: ast.UnaryOp) -> Operand:
    if isinstance(node.op, ast.Not):
        found = condition(low, node)
        low.env = join_env(found.when_true, found.when_false)
        return Operand(BOOL, found.expr, constant=found.known)
    operand = low.expression(node.operand)
    if (
        isinstance(node.op, ast.USub)
        and isinstance(operand.constant, int | float)
        and not isinstance(operand.constant, bool)
    ):
        return constant(low, -operand.constant)
    return distribute(low, operand, lambda a: _unary_one(low, node.op, a))


_UNARY = {ast.USub: ("-", "__neg__"), ast.UAdd: ("+", "__pos__"), ast.Invert: ("~", "__invert__")}


def _unary_one(low: Lowering, op: ast.unaryop, a: Operand) -> Operand:
    from sovereign.migration.depyler.calls import call_method, has_method

    symbol, dunder = _UNARY[type(op)]
    a = as_int(low, a)
    shape = a.type.shapes[0]
    if isinstance(shape, InstanceShape) and has_method(a, dunder):
        return call_method(low, a, dunder, [])
    if isinstance(shape, IntShape):
        return _unary_int(low, symbol, a, shape)
    if a.type == FLOAT and symbol != "~":
        return Operand(FLOAT, low.own(a) if symbol == "+" else rs.Unary("-", low.own(a)))
    if shape.tag == "Counter" and symbol in "+-":
        name = "counter_positive" if symbol == "+" else "counter_negative"
        return Operand(a.type, call(name, low.borrow(a)))
    library = LIBRARY_UNARY.get((symbol, shape.tag))
    if library is not None:
        return library(low, a)
    return low.type_error(f"bad operand type for unary {symbol}: '{python_type_name(shape)}'")


LIBRARY_UNARY: dict[tuple[str, str], Callable[[Lowering, Operand], Operand]] = {}


def _unary_int(low: Lowering, symbol: str, a: Operand, shape: IntShape) -> Operand:
    if symbol == "+":
        return a
    result = intervals.negate(shape)
    if symbol == "~":
        result = intervals.subtract(result, IntShape(1, 1))
    type_ = Type((result,))
    if shape.small and result.small:
        return Operand(type_, rs.Unary("-" if symbol == "-" else "!", low.own(a)))
    wide = rs.Borrow(low.convert(a, Type((IntShape(None, None),)))) if shape.small else low.borrow(a)
    value = rs.Unary("-", wide) if symbol == "-" else call("int_invert", wide)
    return Operand(type_, rs.Method(value, "to_small") if result.small else value)


@expression(ast.BoolOp)
def _bool_op(low: Lowering, node: ast.BoolOp) -> Operand:
    conjunction = isinstance(node.op, ast.And)
    return _fold(low, list(node.values), conjunction=conjunction)


def _fold(low: Lowering, values: list[ast.expr], *, conjunction: bool) -> Operand:
    """`a and b and c` as values, from the left."""
    if len(values) == 1:
        return stored(low, low.expression(values[0]))
    first_node = values[0]
    test = condition(low, first_node) if _is_test(first_node) else None
    if test is not None:
        low.env = test.when_true if conjunction else test.when_false
        if test.known is (not conjunction):
            low.env = join_env(test.when_true, test.when_false)
            return Operand(BOOL, test.expr, constant=test.known)
        with low.capture() as statements:
            rest = _fold(low, values[1:], conjunction=conjunction)
        if test.known is conjunction:
            low.out.extend(statements)
            return rest
        other = test.when_false if conjunction else test.when_true
        low.env = join_env(low.env, other)
        if rest.type == BOOL:
            expr = rs.Binary("&&" if conjunction else "||", test.expr, block_of(statements, low.own(rest)))
            return Operand(BOOL, expr)
        return _either(low, Operand(BOOL, test.expr), (statements, rest), conjunction=conjunction)
    left = low.named(stored(low, low.expression(first_node)), "left")
    sure = _sure_truth(left)
    if sure is not None:
        return _fold(low, values[1:], conjunction=conjunction) if sure is conjunction else left
    saved = None if low.env is None else dict(low.env)
    with low.capture() as statements:
        rest = _fold(low, values[1:], conjunction=conjunction)
    low.env = join_env(saved, low.env)
    return _either(low, left, (statements, rest), conjunction=conjunction)


def _sure_truth(operand: Operand) -> bool | None:
    """Whether a value surely counts as true, or as false; None where that is not known."""
    if operand.type == NONE:
        return False
    if isinstance(operand.constant, str | int | float):
        return bool(operand.constant)
    return None


def _is_test(node: ast.expr) -> bool:
    return (
        (
            isinstance(node, ast.Compare | ast.BoolOp)
            and (not isinstance(node, ast.BoolOp) or all(map(_is_test, node.values)))
        )
        or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance")
    )


def _either(low: Lowering, left: Operand, right: tuple[list[rs.Statement], Operand], *, conjunction: bool) -> Operand:
    if left.type == BOOL and not isinstance(left.expr, rs.Name):
        left = low.named(left, "left")
    kept = left
    if is_option(left.type) and not conjunction:
        kept = low.narrow(left, left.type.without("none"))
    branches = [([], kept), right]
    joined, (first, second) = join_branches(low, branches)
    test = truth(low, left)
    yes, no = (second, first) if conjunction else (first, second)
    return Operand(joined, rs.If(test, rs.Block(tuple(yes[0]), yes[1]), rs.Block(tuple(no[0]), no[1])))


@expression(ast.IfExp)
def _if_exp(low: Lowering, node: ast.IfExp) -> Operand:
    test = condition(low, node.test)
    if test.known is not None:
        low.env = test.when_true if test.known else test.when_false
        return low.expression(node.body if test.known else node.orelse)
    branches = []
    envs = []
    for env, part in ((test.when_true, node.body), (test.when_false, node.orelse)):
        low.env = env
        with low.capture() as statements:
            operand = stored(low, low.expression(part))
        envs.append(low.env)
        branches.append((statements, operand))
    low.env = join_env(envs[0], envs[1])
    joined, (yes, no) = join_branches(low, branches)
    then, orelse = rs.Block(tuple(yes[0]), yes[1]), rs.Block(tuple(no[0]), no[1])
    return Operand(joined, rs.If(test.expr, then, orelse))


@expression(ast.NamedExpr)
def _named(low: Lowering, node: ast.NamedExpr) -> Operand:
    from sovereign.migration.depyler.statements import assign_target

    value = low.named(stored(low, low.expression(node.value)), "value")
    assign_target(low, node.target, value)
    return value


@expression(ast.Compare)
def _compare(low: Lowering, node: ast.Compare) -> Operand:
    if len(node.ops) == 1:
        if not _special(node):
            left, right = low.expressions([node.left, node.comparators[0]])
            return comparison(low, node.ops[0], left, right)
        found = condition(low, node)
        low.env = join_env(found.when_true, found.when_false)
        return Operand(BOOL, found.expr, constant=found.known)
    return Operand(BOOL, _chained(low, low.expression(node.left), list(zip(node.ops, node.comparators, strict=True))))


def _chained(low: Lowering, left: Operand, rest: list[tuple[ast.cmpop, ast.expr]]) -> rs.Expression:
    """`a < b < c`: what stands in the middle is evaluated once, what follows only where it counts."""
    op, node = rest[0]
    right = low.expression(node)
    if len(rest) == 1:
        return low.own(comparison(low, op, left, right))
    right = low.named(right, "middle")
    test = low.own(comparison(low, op, left, right))
    with low.capture() as statements:
        following = _chained(low, right, rest[1:])
    return rs.Binary("&&", test, block_of(statements, following))


def _special(node: ast.Compare) -> bool:
    return (
        True if isinstance(node.ops[0], ast.Is | ast.IsNot) and _is_none(node.comparators[0]) else _is_type_test(node)
    )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_type_test(node: ast.Compare) -> bool:
    left = node.left
    return (
        isinstance(left, ast.Call)
        and isinstance(left.func, ast.Name)
        and left.func.id == "type"
        and len(left.args) == 1
    )


def comparison(low: Lowering, op: ast.cmpop, left: Operand, right: Operand) -> Operand:
    """One comparison, membership and identity among them."""
    match op:
        case ast.In():
            return contains(low, right, left)
        case ast.NotIn():
            found = contains(low, right, left)
            return Operand(BOOL, rs.Unary("!", low.own(found))) if not found.type.never else found
        case ast.Is():
            return identity(low, left, right, negated=False)
        case ast.IsNot():
            return identity(low, left, right, negated=True)
        case ast.Eq() | ast.NotEq() if CLASS in (left.type, right.type):
            return class_equals(low, left, right, negated=isinstance(op, ast.NotEq))
        case _:
            return compare(low, SYMBOLS[type(op)], left, right)


def identity(low: Lowering, left: Operand, right: Operand, *, negated: bool) -> Operand:
    """`is` and `is not`: the same object; for numbers and text, equality."""
    if CLASS in (left.type, right.type):
        return class_equals(low, left, right, negated=negated)
    if left.static is not None or right.static is not None:
        same = left.static is not None and right.static is not None and left.static.name == right.static.name
        return Operand(BOOL, rs.Boolean(same is not negated), constant=same is not negated)

    def one(a: Operand, b: Operand) -> Operand:
        x, y = a.type.shapes[0], b.type.shapes[0]
        if x.tag != y.tag:
            return Operand(BOOL, low.after(a, low.after(b, rs.Boolean(negated))), constant=negated)
        if x.tag in ELEMENTWISE:
            raise low.refuse(low.node, f"`is` of `{python_type_name(x)}`")
        if isinstance(x, ListShape | DictShape | SetShape) or (
            isinstance(x, InstanceShape) and x.cls.enum_members is None
        ):
            expr = call("same_object", low.borrow(a), low.borrow(b))
            return Operand(BOOL, rs.Unary("!", expr) if negated else expr)
        return equals(low, a, b, negated=negated)

    from sovereign.migration.depyler.alternatives import distribute_both

    return distribute_both(low, left, right, one)


def class_equals(low: Lowering, left: Operand, right: Operand, *, negated: bool) -> Operand:
    """`type(a) == type(b)` where one is known at run time only."""
    a, b = as_class_value(low, left), as_class_value(low, right)
    if a is None or b is None:
        raise low.refuse(low.node, "a class that is not known while translating, compared with something else")
    same = rs.Method(a.expr, "equals", (rs.Borrow(b.expr),))
    return Operand(BOOL, rs.Unary("!", same) if negated else same)


def contains(low: Lowering, container: Operand, item: Operand) -> Operand:
    """`item in container`."""
    from sovereign.migration.depyler.methods import membership

    return distribute(low, container, lambda c: membership(low, c, item))


@expression(ast.Starred)
def _starred(low: Lowering, node: ast.Starred) -> Operand:
    raise low.refuse(node, "`*` here")


@expression(ast.Slice)
def _slice(low: Lowering, node: ast.Slice) -> Operand:
    """One of several indexes, as in `a[1:, 0]`."""
    from sovereign.migration.depyler.slices import slice_value

    return slice_value(low, node)


@expression(ast.Await)
def _await(low: Lowering, node: ast.Await) -> Operand:
    raise low.refuse(node, "`await`: asyncio is not translated yet")
