"""`match` statements: each case a test of the subject, the names that it binds, and its body.

Enters: `Match` nodes. Leaves: a chain of `if` and `else`, or a labelled block where a guard may send on to the next
case. What a pattern says of the subject's type holds in its case, and what it leaves over in the cases after it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import block_of, distribute
from sovereign.migration.depyler.conditions import condition, instance_test, kinds_of, subject_key, tag_test
from sovereign.migration.depyler.lowering import Attempt, Lowering, Operand, statement
from sovereign.migration.depyler.operators import truth
from sovereign.migration.depyler.statements import declare, lower_block
from sovereign.migration.depyler.synthesis import field_list
from sovereign.migration.depyler.types import (
    BOOL,
    NONE,
    DictShape,
    InstanceShape,
    ListShape,
    SeqShape,
    TupleShape,
    Type,
)
from sovereign.migration.depyler.variables import assign_name, merge_envs
from sovereign.migration.depyler.webs import Place
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Test"]

_ITSELF = frozenset("bool bytearray bytes dict float frozenset int list set str tuple".split())
"""Builtin classes whose one positional pattern is the value itself."""


@dataclass
class Test:
    """What a pattern asks of a value: the test, the value where it holds, and the names that it binds."""

    expr: rs.Expression
    yes: Type
    no: Type
    binds: list[tuple[ast.pattern, str, Callable[[], Operand]]] = field(default_factory=list)

    @property
    def known(self) -> bool | None:
        """The answer, where it is known while translating."""
        return self.expr.value if isinstance(self.expr, rs.Boolean) else None


@dataclass
class _Case:
    test: rs.Expression
    body: list[rs.Statement]


@statement(ast.Match)
def _match(low: Lowering, node: ast.Match) -> None:  # noqa: C901 - the steps of one statement, in order
    subject = low.expression(node.subject)
    if subject.type.never:
        low.emit(rs.Evaluate(subject.expr, node.lineno))
        low.ends_here(subject)
        return
    key = subject_key(low, node.subject)
    place = subject if key is not None and subject.form != "value" else low.named(subject, "subject")
    label = low.label("matched")
    is_guarded = any(case.guard is not None for case in node.cases)
    ends: list[dict[object, Type] | None] = []
    made: list[_Case] = []
    left = place.type
    if is_guarded:
        low.frames.append(Attempt(label, catches=False))
    for case in node.cases:
        if low.env is None or left.never:
            break
        before = dict(low.env)
        found = _Patterns(low).test(case.pattern, _seen(low, place, left), left)
        if found.known is False:
            continue
        if key is not None:
            low.env[key] = found.yes
        made.append(_case(low, case, found, label if is_guarded else ""))
        ends.append(low.env)
        low.env = before
        if case.guard is None:
            left = found.no if found.known is not True else Type(())
            if left.never:
                low.env = None
            elif key is not None:
                low.env[key] = left
    if is_guarded:
        low.frames.pop()
    _emit(low, made, label if is_guarded else "", node.lineno)
    low.env = merge_envs([*ends, low.env])


def _seen(low: Lowering, place: Operand, type_: Type) -> Callable[[], Operand]:
    """The value of a place as one of the types that are left."""
    return lambda: low.narrow(place, type_) if place.type != type_ else place


def _case(low: Lowering, case: ast.match_case, found: Test, label: str) -> _Case:
    outer = low.place
    with low.capture() as statements:
        low.place = Place(id(case.body), -1)
        declare(low, low.place)
        for node, name, get in found.binds:
            assign_name(low, node, name, get(), low.place)
        if case.guard is not None:
            _guarded(low, case, label)
        else:
            lower_block(low, case.body)
            if label and low.env is not None:
                low.emit(rs.Evaluate(rs.Break(label)))
    low.place = outer
    return _Case(found.expr, statements)


def _guarded(low: Lowering, case: ast.match_case, label: str) -> None:
    assert case.guard is not None
    test = condition(low, case.guard)
    low.env = test.when_true
    with low.capture() as body:
        if low.env is not None:
            lower_block(low, case.body)
        if low.env is not None:
            low.emit(rs.Evaluate(rs.Break(label)))
    low.emit(rs.Evaluate(rs.If(test.expr, rs.Block(tuple(body)))))


def _emit(low: Lowering, cases: list[_Case], label: str, line: int) -> None:
    if label:
        parts = [_one(case) for case in cases]
        low.emit(rs.Evaluate(rs.BlockExpression(rs.Block(tuple(parts)), label), line))
        return
    rest: rs.Block | rs.If | None = None
    for case in reversed(cases):
        body = rs.Block(tuple(case.body))
        rest = body if case.test == rs.Boolean(True) else rs.If(case.test, body, rest)
    if rest is not None:
        low.emit(rs.Evaluate(rs.BlockExpression(rest) if isinstance(rest, rs.Block) else rest, line))


def _one(case: _Case) -> rs.Statement:
    body = rs.Block(tuple(case.body))
    return rs.Evaluate(rs.BlockExpression(body) if case.test == rs.Boolean(True) else rs.If(case.test, body))


class _Patterns:
    """The tests of the patterns of one case."""

    def __init__(self, low: Lowering) -> None:
        self.low = low

    def test(self, node: ast.pattern, get: Callable[[], Operand], type_: Type) -> Test:
        """What a pattern asks of a value of a type; `get` evaluates the value wherever it is needed."""
        match node:
            case ast.MatchValue():
                return self._value(node, get, type_)
            case ast.MatchSingleton():
                return self._singleton(node, get, type_)
            case ast.MatchAs():
                return self._capture(node, get, type_)
            case ast.MatchOr():
                return self._either(node, get, type_)
            case ast.MatchClass():
                return self._class(node, get, type_)
            case ast.MatchSequence():
                return self._sequence(node, get, type_)
            case ast.MatchMapping():
                return self._mapping(node, get, type_)
            case _:
                raise self.low.refuse(node, f"the pattern `{ast.unparse(node)}`")

    def _within(self, make: Callable[[], rs.Expression]) -> rs.Expression:
        with self.low.capture() as statements:
            value = make()
        return block_of(statements, value)

    def _value(self, node: ast.MatchValue, get: Callable[[], Operand], type_: Type) -> Test:
        from sovereign.migration.depyler.expressions import comparison

        def make() -> rs.Expression:
            result = comparison(self.low, ast.Eq(), get(), self.low.expression(node.value))
            if isinstance(result.constant, bool):
                return rs.Boolean(result.constant)
            return truth(self.low, result)

        return Test(self._within(make), type_, type_)

    def _singleton(self, node: ast.MatchSingleton, get: Callable[[], Operand], type_: Type) -> Test:
        tag = "none" if node.value is None else "bool"
        yes, no = type_.restrict((tag,)), type_.without(tag)
        if yes.never:
            return Test(rs.Boolean(False), yes, type_)
        if node.value is None:
            return Test(rs.Boolean(True) if no.never else rs.Method(get().expr, "is_none"), NONE, no)
        test = self._narrowed(get, type_, yes)

        def value() -> rs.Expression:
            flag = self.low.own(self.low.narrow(get(), yes))
            return flag if node.value else rs.Unary("!", flag)

        return Test(_both(test, self._within(value)), yes, type_)

    def _narrowed(self, get: Callable[[], Operand], type_: Type, yes: Type) -> rs.Expression:
        if yes.never:
            return rs.Boolean(False)
        return rs.Boolean(True) if yes == type_ else self._within(lambda: tag_test(self.low, get(), yes))

    def _capture(self, node: ast.MatchAs, get: Callable[[], Operand], type_: Type) -> Test:
        found = Test(rs.Boolean(True), type_, Type(()))
        if node.pattern is not None:
            found = self.test(node.pattern, get, type_)
        if node.name is not None:
            yes = found.yes
            found.binds.append((node, node.name, lambda: self.low.narrow(get(), yes)))
        return found

    def _either(self, node: ast.MatchOr, get: Callable[[], Operand], type_: Type) -> Test:
        result = Test(rs.Boolean(False), Type(()), type_)
        for pattern in node.patterns:
            left = result.no
            if left.never:
                break
            found = self.test(pattern, lambda left=left: self.low.narrow(get(), left), left)  # type: ignore[misc]
            if found.binds:
                raise self.low.refuse(pattern, "names bound in the alternatives of a pattern")
            if found.known is False:
                continue
            # Only a test that is asked of all alternatives is one of the whole value.
            expr = rs.Boolean(True) if found.known and left == type_ else self._again(pattern, get, type_)
            result = Test(_one_of(result.expr, expr), result.yes.join(found.yes), found.no)
            if found.known:
                result.no = Type(())
        return result

    def _again(self, pattern: ast.pattern, get: Callable[[], Operand], type_: Type) -> rs.Expression:
        return self.test(pattern, get, type_).expr

    def _class(self, node: ast.MatchClass, get: Callable[[], Operand], type_: Type) -> Test:
        classes = kinds_of(self.low, node.cls)
        yes = Type(s for s in type_ if any(instance_test(s, kind) for kind in classes))
        no = Type(s for s in type_ if s not in yes.shapes)
        result = Test(self._narrowed(get, type_, yes), yes, no)
        if yes.never:
            return result
        parts: list[tuple[ast.pattern, Callable[[], Operand]]] = []

        def inner() -> Operand:
            return self.low.narrow(get(), yes)

        name = classes[0].static.name if classes[0].static is not None else ""
        if name in _ITSELF and len(node.patterns) == 1:
            parts.append((node.patterns[0], inner))
        else:
            names = self._positional(node, yes)
            parts += [(p, self._attribute(inner, n)) for p, n in zip(node.patterns, names, strict=False)]
        parts += [(p, self._attribute(inner, n)) for p, n in zip(node.kwd_patterns, node.kwd_attrs, strict=True)]
        return self._all(result, parts, type_)

    def _positional(self, node: ast.MatchClass, yes: Type) -> list[str]:
        """The attributes that positional patterns stand for: `__match_args__`, or the fields of a dataclass."""
        if not node.patterns:
            return []
        shape = yes.shapes[0]
        if not isinstance(shape, InstanceShape):
            raise self.low.refuse(node, f"positional patterns of `{ast.unparse(node.cls)}`")
        names = match_arguments(shape)
        if names is None or len(names) < len(node.patterns):
            raise self.low.refuse(node, f"more positional patterns than `{shape.cls.name}` takes")
        return names

    def _attribute(self, get: Callable[[], Operand], name: str) -> Callable[[], Operand]:
        from sovereign.migration.depyler.attributes import attribute

        return lambda: attribute(self.low, get(), name)

    def _all(self, result: Test, parts: list[tuple[ast.pattern, Callable[[], Operand]]], type_: Type) -> Test:
        """The test and all those of the parts of the value."""
        for pattern, get in parts:
            with self.low.capture():
                part_type = get().type
            if part_type.never:
                # Nothing is ever there, as in an empty list: the pattern does not match.
                return Test(rs.Boolean(False), Type(()), type_)
            found = self.test(pattern, get, part_type)
            result.expr = _both(result.expr, found.expr)
            result.binds += found.binds
            if found.known is not True:
                result.no = type_
        return result

    def _sequence(self, node: ast.MatchSequence, get: Callable[[], Operand], type_: Type) -> Test:
        low = self.low
        stars = [i for i, p in enumerate(node.patterns) if isinstance(p, ast.MatchStar)]
        fixed = len(node.patterns) - len(stars)
        shapes = [s for s in type_ if isinstance(s, ListShape | TupleShape | SeqShape)]
        fitting = [s for s in shapes if not isinstance(s, TupleShape) or _fits(len(s.items), fixed, bool(stars))]
        yes = Type(fitting)
        result = Test(self._narrowed(get, type_, yes), yes, Type(s for s in type_ if s not in fitting))
        if yes.never:
            return result

        def inner() -> Operand:
            return low.narrow(get(), yes)

        if (fixed or not stars) and not all(isinstance(s, TupleShape) for s in fitting):
            symbol = ">=" if stars else "=="
            result.expr = _both(result.expr, self._within(lambda: _long_enough(low, inner(), symbol, fixed)))
            result.no = type_
        star = stars[0] if stars else len(node.patterns)
        parts: list[tuple[ast.pattern, Callable[[], Operand]]] = []
        for index, pattern in enumerate(node.patterns):
            if not isinstance(pattern, ast.MatchStar):
                place = index if index < star else index - len(node.patterns)
                parts.append((pattern, lambda place=place: _item(low, inner(), place)))  # type: ignore[misc]
            elif pattern.name is not None:
                after = len(node.patterns) - star - 1
                result.binds.append((pattern, pattern.name, lambda after=after: _rest(low, inner(), star, after)))  # type: ignore[misc]
        return self._all(result, parts, type_)

    def _mapping(self, node: ast.MatchMapping, get: Callable[[], Operand], type_: Type) -> Test:
        from sovereign.migration.depyler.expressions import contains
        from sovereign.migration.depyler.subscripts import item_of

        low = self.low
        shapes = [s for s in type_ if isinstance(s, DictShape)]
        if len(shapes) > 1:
            raise low.refuse(node, "a mapping pattern for a value that may be of several kinds of dict")
        yes = Type(shapes)
        result = Test(self._narrowed(get, type_, yes), yes, Type(s for s in type_ if s not in shapes))
        if yes.never:
            return result

        def inner() -> Operand:
            return low.narrow(get(), yes)

        parts: list[tuple[ast.pattern, Callable[[], Operand]]] = []
        for key, pattern in zip(node.keys, node.patterns, strict=True):

            def held(key: ast.expr = key) -> rs.Expression:
                return truth(low, contains(low, inner(), low.expression(key)))

            def value(key: ast.expr = key) -> Operand:
                return item_of(low, inner(), low.expression(key))

            result.expr = _both(result.expr, self._within(held))
            result.no = type_
            parts.append((pattern, value))
        found = self._all(result, parts, type_)
        if node.rest is not None:
            found.binds.append((node, node.rest, lambda: self._others(node, inner)))
        return found

    def _others(self, node: ast.MatchMapping, inner: Callable[[], Operand]) -> Operand:
        low = self.low
        whole = inner()
        copy = low.named(Operand(whole.type, rs.Method(whole.expr, "copy")), "rest")
        shape = whole.type.shapes[0]
        assert isinstance(shape, DictShape)
        key_type = low.contents(shape.key)
        for key in node.keys:
            name = low.convert(low.expression(key), key_type)
            low.emit(rs.Evaluate(low.fallible(rs.Method(copy.expr, "del_item", (rs.Borrow(name),)))))
        return copy


def _long_enough(low: Lowering, value: Operand, symbol: str, count: int) -> rs.Expression:
    """Whether a sequence has as many items as a pattern asks for; of tuples that is known."""

    def one(operand: Operand) -> Operand:
        if isinstance(operand.type.only, TupleShape):
            return Operand(BOOL, rs.Boolean(True))
        return Operand(BOOL, rs.Binary(symbol, rs.Method(operand.expr, "len"), rs.Integer(count)))

    return distribute(low, value, one).expr


def _item(low: Lowering, value: Operand, index: int) -> Operand:
    """The item at an index, from the end where that is negative, of a sequence that has it."""

    def one(operand: Operand) -> Operand:
        shape = operand.type.shapes[0]
        if isinstance(shape, TupleShape):
            return low.tuple_parts(operand, shape)[index]
        assert isinstance(shape, ListShape | SeqShape)
        place = rs.Integer(index) if index >= 0 else rs.Binary("-", rs.Method(operand.expr, "len"), rs.Integer(-index))
        return Operand(_item_type(low, shape), rs.Method(operand.expr, "at", (place,)))

    return distribute(low, value, one)


def _item_type(low: Lowering, shape: ListShape | SeqShape) -> Type:
    return low.contents(shape.cell) if isinstance(shape, ListShape) else shape.item


def _rest(low: Lowering, value: Operand, start: int, after: int) -> Operand:
    """A list of what stands between the first items and the last ones."""
    from sovereign.migration.depyler.expressions import make_list

    def one(operand: Operand) -> Operand:
        shape = operand.type.shapes[0]
        if isinstance(shape, TupleShape):
            return make_list(low, low.tuple_parts(operand, shape)[start : len(shape.items) - after], low.list_of())
        assert isinstance(shape, ListShape | SeqShape)
        end = rs.Binary("-", rs.Method(operand.expr, "len"), rs.Integer(after))
        rest = rs.Method(operand.expr, "part", (rs.Integer(start), end))
        return Operand(low.list_of(_item_type(low, shape)), rest)

    return distribute(low, value, one)


def _fits(count: int, fixed: int, starred: bool) -> bool:
    return count >= fixed if starred else count == fixed


def _both(first: rs.Expression, second: rs.Expression) -> rs.Expression:
    if rs.Boolean(False) in (first, second) or second == rs.Boolean(True):
        return rs.Boolean(False) if second != rs.Boolean(True) else first
    return second if first == rs.Boolean(True) else rs.Binary("&&", first, second)


def _one_of(first: rs.Expression, second: rs.Expression) -> rs.Expression:
    if rs.Boolean(True) in (first, second):
        return rs.Boolean(True)
    return second if first == rs.Boolean(False) else rs.Binary("||", first, second)


def match_arguments(shape: InstanceShape) -> list[str] | None:
    """What the positional patterns of a class stand for."""
    for cls in shape.cls.mro():
        given = cls.constants.get("__match_args__")
        if isinstance(given, ast.Tuple):
            return [str(item.value) for item in given.elts if isinstance(item, ast.Constant)]
    if shape.cls.dataclass is not None or shape.cls.named_tuple:
        return [field.name for field in field_list(shape.cls) if field.init and not field.keyword_only]
    return None
