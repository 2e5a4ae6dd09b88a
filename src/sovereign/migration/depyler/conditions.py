"""Conditions, and what is known about variables where they hold and where they do not.

Enters: an expression used for its truth. Leaves: a Rust `bool`, whether the answer is known while translating, and
the types of variables on both ways: `x is None`, `isinstance`, bounds of integers.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovereign.migration.depyler import intervals
from sovereign.migration.depyler.alternatives import block_of
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.operators import truth
from sovereign.migration.depyler.registry import ABSTRACT
from sovereign.migration.depyler.type_values import CLASS
from sovereign.migration.depyler.types import NONE, InstanceShape, IntShape, Shape, StaticShape, Type
from sovereign.migration.depyler.variables import boxed, find_web, join_env
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Condition", "condition", "instance_test", "kinds_of", "subject_key", "tag_test"]

Env = dict[object, Type] | None


@dataclass
class Condition:
    """A condition: `known` is True or False where it is decided while translating."""

    expr: rs.Expression
    when_true: Env
    when_false: Env
    known: bool | None = None


def _copy(env: Env) -> Env:
    return None if env is None else dict(env)


def _known(low: Lowering, value: bool, effect: Operand | None = None) -> Condition:
    expr: rs.Expression = rs.Boolean(value)
    if effect is not None:
        expr = low.after(effect, expr)
    return Condition(expr, _copy(low.env) if value else None, None if value else _copy(low.env), value)


def condition(low: Lowering, node: ast.expr) -> Condition:
    """The condition that an expression is."""
    match node:
        case ast.Constant():
            return _known(low, bool(node.value))
        case ast.UnaryOp(op=ast.Not()):
            inner = condition(low, node.operand)
            known = None if inner.known is None else not inner.known
            return Condition(_negated(inner.expr), inner.when_false, inner.when_true, known)
        case ast.BoolOp():
            return _bool_op(low, node)
        case ast.Compare(ops=[op], comparators=[right]):
            found = _comparison(low, node, op, right)
            if found is not None:
                return found
        case ast.Call(func=ast.Name(id="isinstance"), args=[subject, kinds]):
            return _isinstance(low, subject, kinds)
        case ast.Name() | ast.NamedExpr():
            return _truthiness(low, node)
        case _:
            pass
    return _of_value(low, low.expression(node))


def _of_value(low: Lowering, operand: Operand) -> Condition:
    """The condition that a value is by its truth."""
    if operand.static is not None:
        return _known(low, True)
    if isinstance(operand.constant, bool) and operand.type.only is not None and operand.type.only.tag == "bool":
        return _known(low, operand.constant, operand)
    if operand.type == NONE:
        return _known(low, False, operand)
    expr = truth(low, operand)
    return Condition(expr, _copy(low.env), _copy(low.env))


def _bool_op(low: Lowering, node: ast.BoolOp) -> Condition:
    conjunction = isinstance(node.op, ast.And)
    result = condition(low, node.values[0])
    for value in node.values[1:]:
        going = result.when_true if conjunction else result.when_false
        if result.known is (not conjunction) or (going is None and low.env is not None):
            break
        low.env = _copy(going)
        with low.capture() as statements:
            second = condition(low, value)
        expr = block_of(statements, second.expr)
        result = _combine(result, second, expr, conjunction=conjunction)
    return result


def _combine(first: Condition, second: Condition, expr: rs.Expression, *, conjunction: bool) -> Condition:
    if first.known is conjunction and isinstance(first.expr, rs.Boolean):
        combined = expr
    elif second.known is conjunction and isinstance(expr, rs.Boolean):
        combined = first.expr
    else:
        combined = rs.Binary("&&" if conjunction else "||", first.expr, expr)
    known = (
        second.known if first.known is conjunction else (not conjunction if second.known is (not conjunction) else None)
    )
    if conjunction:
        return Condition(combined, second.when_true, join_env(first.when_false, second.when_false), known)
    return Condition(combined, join_env(first.when_true, second.when_true), second.when_false, known)


def subject_key(low: Lowering, node: ast.expr) -> object | None:
    """What the environment calls a variable, where its type can be narrowed."""
    if isinstance(node, ast.NamedExpr):
        node = node.target
    if isinstance(node, ast.Attribute):
        return _field_key(low, node)
    if not isinstance(node, ast.Name) or any(node.id in names for names in low.locals):
        return None
    if node.id in low.info.scope.globals or boxed(low, node.id):
        return None
    return find_web(low, node, node.id)


def _field_key(low: Lowering, node: ast.Attribute) -> object | None:
    """A field that never changes, of an object in a variable."""
    from sovereign.migration.depyler.attributes import field_kind

    if not isinstance(node.value, ast.Name) or any(node.value.id in names for names in low.locals):
        return None
    web = find_web(low, node.value, node.value.id)
    if web is None or web.definitions != 1 or boxed(low, web.name) or low.new_object is not None:
        return None
    owner = low.instance.variable(web).read(low.instance).only
    if not isinstance(owner, InstanceShape) or node.attr not in owner.cls.fields:
        return None
    plain = field_kind(low, owner.cls, owner.cls.fields[node.attr]) == "plain"
    return ("field", low.rust_name(web), node.attr) if plain else None


def _with(env: Env, key: object | None, type_: Type) -> Env:
    if env is None:
        return None
    copy = dict(env)
    if key is not None:
        copy[key] = type_
    return copy


def _split(low: Lowering, node: ast.expr, operand: Operand, yes: Type, no: Type, expr: rs.Expression) -> Condition:
    """A test that parts the alternatives of an operand in two."""
    if operand.type.never:
        return Condition(expr, _copy(low.env), _copy(low.env))
    if no.never:
        return _known(low, True, operand)
    if yes.never:
        return _known(low, False, operand)
    key = subject_key(low, node)
    return Condition(expr, _with(low.env, key, yes), _with(low.env, key, no))


# None


def _comparison(low: Lowering, node: ast.Compare, op: ast.cmpop, right: ast.expr) -> Condition | None:
    if (
        isinstance(right, ast.Constant)
        and right.value is None
        and isinstance(op, ast.Is | ast.IsNot | ast.Eq | ast.NotEq)
    ):
        return _is_none(low, node.left, negated=isinstance(op, ast.IsNot | ast.NotEq))
    if _is_type_call(node.left) and isinstance(op, ast.Is | ast.IsNot | ast.Eq | ast.NotEq):
        assert isinstance(node.left, ast.Call)
        found = _exact_type(low, node.left.args[0], right)
        return found if found is None or isinstance(op, ast.Is | ast.Eq) else _swapped(found)
    if isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE | ast.Eq | ast.NotEq):
        return _bounds(low, node, op, right)
    return None


def _swapped(found: Condition) -> Condition:
    known = None if found.known is None else not found.known
    return Condition(_negated(found.expr), found.when_false, found.when_true, known)


def _negated(expr: rs.Expression) -> rs.Expression:
    return rs.Boolean(not expr.value) if isinstance(expr, rs.Boolean) else rs.Unary("!", expr)


def _is_none(low: Lowering, node: ast.expr, *, negated: bool) -> Condition:
    operand = low.expression(node)
    if operand.static is not None:
        return _known(low, negated)
    yes = operand.type.restrict(("none",))
    no = operand.type.without("none")
    expr = rs.Method(operand.expr, "is_some" if negated else "is_none")
    if negated:
        yes, no = no, yes
    return _split(low, node, operand, yes, no, expr)


# isinstance


def _truthiness(low: Lowering, node: ast.expr) -> Condition:
    operand = low.expression(node)
    if operand.static is not None:
        return _known(low, True)
    if operand.type == NONE:
        return _known(low, False, operand)
    key = subject_key(low, node)
    always = {"none"}
    yes, no = operand.type.without(*always), operand.type
    if _always_true(operand.type):
        return _known(low, True, operand)
    if operand.type.get("none") is not None and all(_always_true(Type((s,))) for s in yes):
        return Condition(rs.Method(operand.expr, "is_some"), _with(low.env, key, yes), _with(low.env, key, NONE))
    return Condition(truth(low, operand), _with(low.env, key, yes), _with(low.env, key, no))


def _always_true(type_: Type) -> bool:
    return not type_.never and all(
        isinstance(s, InstanceShape)
        and s.cls.enum_members is None
        and not s.cls.named_tuple
        and not s.cls.find_method("__bool__")
        and not s.cls.find_method("__len__")
        for s in type_
    )


def instance_test(shape: Shape, kind: Operand) -> bool:
    """Whether a value of this shape is an instance of a class."""
    static = kind.static
    if static is None:
        return False
    if static.kind == "class":
        cls = static.what
        return isinstance(shape, InstanceShape) and shape.cls.is_subclass(cls)
    name = static.name.split(".")[-1]
    if name in {"object", shape.tag}:
        return True
    if name == "int":
        return shape.tag in {"int", "bool"}
    if name == "dict":
        return shape.tag in ABSTRACT["Mapping"]
    if isinstance(shape, InstanceShape):
        root = shape.cls.builtin_root()
        return root == name
    return shape.tag in ABSTRACT.get(name, ())


def kinds_of(low: Lowering, node: ast.expr) -> list[Operand]:
    """The classes that an expression in `isinstance` or a class pattern names."""
    if isinstance(node, ast.Tuple):
        return [kind for item in node.elts for kind in kinds_of(low, item)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return kinds_of(low, node.left) + kinds_of(low, node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type":
        operand = low.expression(node.args[0])
        if operand.static is None and operand.type.only is not None:
            shape = operand.type.only
            if isinstance(shape, InstanceShape):
                return [Operand(Type((StaticShape("class", shape.cls.unique, shape.cls),)), rs.Tuple())]
            return [Operand(Type((StaticShape("builtin", shape.tag),)), rs.Tuple())]
    if isinstance(node, ast.Constant) and node.value is None:
        return [Operand(Type((StaticShape("builtin", "none"),)), rs.Tuple())]
    operand = low.expression(node)
    if operand.static is None:
        raise low.refuse(node, "`isinstance` with a class that is not known while translating")
    return [operand]


def _isinstance(low: Lowering, subject: ast.expr, kinds: ast.expr) -> Condition:
    classes = kinds_of(low, kinds)
    operand = low.expression(subject)
    if operand.static is not None:
        return _known(
            low, operand.static.kind == "class" and any(k.static and k.static.name == "type" for k in classes)
        )
    if operand.type.get("exception") is not None:
        from sovereign.migration.depyler.exceptions import exception_test

        return exception_test(low, operand, classes)
    if operand.type.get("Argument") is not None:
        raise low.refuse(subject, "`isinstance` of an argument of an exception")
    yes = Type(s for s in operand.type if any(instance_test(s, kind) for kind in classes))
    no = Type(s for s in operand.type if s not in yes.shapes)
    return _split(low, subject, operand, yes, no, tag_test(low, operand, yes))


def _is_type_call(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "type"
        and len(node.args) == 1
    )


def _exact_type(low: Lowering, subject: ast.expr, kind: ast.expr) -> Condition | None:
    if _is_type_call(kind) and isinstance(kind, ast.Call) and low.expression(kind.args[0]).type.only is None:
        return None
    operand = low.expression(subject)
    if operand.static is not None or low.expression(kind).type == CLASS:
        return None
    classes = kinds_of(low, kind)
    if operand.type.get("exception") is not None:
        return exact_exception_test(low, operand, classes)

    def exact(shape: Shape, cls: Operand) -> bool:
        static = cls.static
        assert static is not None
        if isinstance(shape, InstanceShape):
            return static.what is shape.cls
        return shape.tag == static.name

    yes = Type(s for s in operand.type if any(exact(s, cls) for cls in classes))
    no = Type(s for s in operand.type if s not in yes.shapes)
    return _split(low, subject, operand, yes, no, tag_test(low, operand, yes))


def exact_exception_test(low: Lowering, operand: Operand, classes: list[Operand]) -> Condition:
    """`type(error) is Kind`."""
    from sovereign.migration.depyler.exceptions import exception_test

    if operand.type.only is None:
        raise low.refuse(low.node, "`type` of an exception or something else, compared")
    return exception_test(low, operand, classes, question="is_exactly")


def tag_test(low: Lowering, operand: Operand, yes: Type) -> rs.Expression:
    """A Rust test of which alternative an operand is."""
    from sovereign.migration.depyler.rust_types import is_option, union_of

    if operand.type.only is not None or operand.type.never:
        return rs.Boolean(True)
    rest = operand.type.without("none")
    if is_option(operand.type) and rest.only is not None:
        return rs.Method(operand.expr, "is_none" if yes == NONE else "is_some")
    union = union_of(rest, low.program)
    patterns: list[rs.Pattern] = []
    for shape in yes:
        if shape.tag == "none":
            patterns.append(rs.VariantPattern("None"))
            continue
        pattern: rs.Pattern = rs.VariantPattern(f"{union.name}::{union.variants[shape.tag]}", (rs.Wildcard(),))
        patterns.append(rs.VariantPattern("Some", (pattern,)) if is_option(operand.type) else pattern)
    joined = patterns[0] if len(patterns) == 1 else rs.OrPattern(tuple(patterns))
    arms = (rs.Arm(joined, rs.Boolean(True)), rs.Arm(rs.Wildcard(), rs.Boolean(False)))
    return rs.Match(low.borrow(operand), arms)


# bounds of integers


def _less(a: IntShape, b: IntShape) -> tuple[IntShape, IntShape]:
    top = None if b.high is None else b.high - 1
    bottom = None if a.low is None else a.low + 1
    return intervals.intersect(a, None, top), intervals.intersect(b, bottom, None)


def _less_equal(a: IntShape, b: IntShape) -> tuple[IntShape, IntShape]:
    return intervals.intersect(a, None, b.high), intervals.intersect(b, a.low, None)


def _greater(a: IntShape, b: IntShape) -> tuple[IntShape, IntShape]:
    second, first = _less(b, a)
    return first, second


def _greater_equal(a: IntShape, b: IntShape) -> tuple[IntShape, IntShape]:
    second, first = _less_equal(b, a)
    return first, second


def _equal(a: IntShape, b: IntShape) -> tuple[IntShape, IntShape]:
    return intervals.intersect(a, b.low, b.high), intervals.intersect(b, a.low, a.high)


def _different(a: IntShape, b: IntShape) -> tuple[IntShape, IntShape]:
    return _trim(a, b), _trim(b, a)


def _trim(a: IntShape, b: IntShape) -> IntShape:
    if b.low is None or b.low != b.high or a.low == a.high:
        return a
    if a.low == b.low:
        return IntShape(b.low + 1, a.high)
    return IntShape(a.low, b.low - 1) if a.high == b.low else a


_WHEN: dict[type, tuple[Callable[..., tuple[IntShape, IntShape]], Callable[..., tuple[IntShape, IntShape]]]] = {
    ast.Lt: (_less, _greater_equal),
    ast.LtE: (_less_equal, _greater),
    ast.Gt: (_greater, _less_equal),
    ast.GtE: (_greater_equal, _less),
    ast.Eq: (_equal, _different),
    ast.NotEq: (_different, _equal),
}


def _bounds(low: Lowering, node: ast.Compare, op: ast.cmpop, right: ast.expr) -> Condition | None:
    from sovereign.migration.depyler.operators import SYMBOLS, compare

    left_key, right_key = subject_key(low, node.left), subject_key(low, right)
    if left_key is None and right_key is None:
        return None
    a, b = low.expressions([node.left, right])
    result = compare(low, SYMBOLS[type(op)], a, b)
    expr = truth(low, result)
    x, y = a.type.only, b.type.only
    env = low.env
    if result.type.never:
        return Condition(expr, _copy(env), _copy(env))
    if isinstance(result.constant, bool):
        return _known(low, result.constant, result)
    if not isinstance(x, IntShape) or not isinstance(y, IntShape):
        return Condition(expr, _copy(env), _copy(env))
    envs = []
    for narrow in _WHEN[type(op)]:
        first, second = narrow(x, y)
        envs.append(_with(_with(env, left_key, Type((first,))), right_key, Type((second,))))
    return Condition(expr, envs[0], envs[1])
