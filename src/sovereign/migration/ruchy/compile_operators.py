"""Literals, operators, calls of the library.

Enters: expressions. Leaves: Python expressions. Where the types are known Python's own operators do the work, and an
integer result is held to 64 bits unless its bounds say that it fits; else `values.py` decides at run time. Read
`compile_places.py` next.
"""

from __future__ import annotations

import _ast as ast
from math import isfinite

from sovereign.migration.ruchy import python_nodes as py
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.bounds import EVERY, Bounds
from sovereign.migration.ruchy.compile_base import Writer
from sovereign.migration.ruchy.library import CONSTANTS
from sovereign.migration.ruchy.texts import parse_spec
from sovereign.migration.ruchy.values import LARGEST, SMALLEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["OperatorWriter"]

_ARITHMETIC: dict[str, ast.operator] = {
    "+": ast.Add(),
    "-": ast.Sub(),
    "*": ast.Mult(),
    "&": ast.BitAnd(),
    "|": ast.BitOr(),
    "^": ast.BitXor(),
}
_COMPARISONS: dict[str, ast.cmpop] = {
    "==": ast.Eq(),
    "!=": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
}
_RUNTIME = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "%": "modulo",
    "**": "power",
    "&": "bit_and",
    "|": "bit_or",
    "^": "bit_xor",
    "<<": "shift_left",
    ">>": "shift_right",
    "==": "equal",
    "<": "less",
    "<=": "at_most",
    ">": "greater",
    ">=": "at_least",
}
_NUMBERS = frozenset({"i64", "f64"})
_FEW_NODES = 20
_SMALL = (1 << 30) - 1
"""Up to here Python keeps an integer in one digit."""
_PLAIN = frozenset({"i64", "f64", "str", "bool", "nil"})
_BOOLEAN_OPERATORS = frozenset("== != < <= > >= in".split())


class OperatorWriter(Writer):
    """Writes literals, operators and format texts."""

    def bounds(self, node: tree.Expression) -> Bounds:
        """Between which numbers an integer lies."""
        raise NotImplementedError

    # Literals.

    def literal(self, node: tree.Integer | tree.Float | tree.Text | tree.Boolean) -> ast.expr:
        """A number, a text, a truth."""
        return py.constant(node.value)

    def nil(self, _node: tree.Nil) -> ast.expr:
        """Nil."""
        return py.constant(None)

    def library_constant(self, name: str) -> ast.expr:
        """`f64::MAX` and its like."""
        value = CONSTANTS[name][1]
        return py.constant(value) if isfinite(value) else py.runtime(f"constant.{name}")

    def list_literal(self, node: tree.ListLiteral) -> ast.expr:
        """`[a, ...b]`."""
        makers: list[Callable[[], ast.expr]] = []
        for each in node.items:
            if isinstance(each, tree.Spread):
                makers.append(lambda each=each: ast.Starred(py.call("items_of", self.value(each.value)), ast.Load()))  # type: ignore[misc] # as in_order
            else:
                makers.append(lambda each=each: self.value(each))  # type: ignore[misc] # as above
        return ast.List(self.in_order(makers), ast.Load())

    def list_repeat(self, node: tree.ListRepeat) -> ast.expr:
        """`[value; count]`: the elements are one value until one of them is changed."""
        value, count = self.values([node.value, node.count])
        if self.kind(node.count) != "i64":
            count = py.call("count", count)
        return py.binary(ast.List([value], ast.Load()), ast.Mult(), count)

    def tuple_literal(self, node: tree.TupleLiteral) -> ast.expr:
        """`(a, b)`."""
        return ast.Tuple(self.values(node.items), ast.Load())

    def object_literal(self, node: tree.ObjectLiteral) -> ast.expr:
        """`{a: 1, ...rest}`."""
        values = self.values([entry.value for entry in node.entries])
        keys = [None if isinstance(entry, tree.Spread) else py.constant(entry.name) for entry in node.entries]
        return ast.Dict(keys, values)

    def range_value(self, node: tree.Range) -> ast.expr:
        """`a..b` as a value."""
        ends: list[ast.expr] = []
        makers = [
            lambda end=end: self.value(end) if end is not None else py.constant(None) for end in (node.start, node.stop)
        ]
        ends = self.in_order(makers)
        return py.call("RangeValue", *ends, py.constant(node.is_inclusive))

    def format_text(self, node: tree.FormatText) -> ast.expr:
        """`f"..."`."""
        holes = [part for part in node.parts if isinstance(part, tree.Hole)]
        values = iter(self.values([hole.value for hole in holes]))
        parts: list[ast.expr] = []
        for part in node.parts:
            if isinstance(part, str):
                parts.append(py.constant(part))
            else:
                parts.append(self._hole(part, next(values)))
        return ast.JoinedStr(parts)

    def _hole(self, hole: tree.Hole, value: ast.expr) -> ast.expr:
        kind = self.kind(hole.value)
        if hole.spec is None or not hole.spec.strip():
            shown = value if kind in {"str", "i64"} else py.call("loose", value)
        else:
            spec = parse_spec(hole.spec)
            if spec is None:
                self.refuse_spec(hole)
            shown = self.at(py.call("formatted", value, py.constant(hole.spec)), hole)
        return ast.FormattedValue(shown, -1, None)

    def refuse_spec(self, hole: tree.Hole) -> None:
        """Report a format spec that is none."""
        raise NotImplementedError

    # Operators.

    def binary(self, node: tree.Binary) -> ast.expr:
        """An infix operator with two values."""
        special = _SPECIAL.get(node.operator)
        if special is not None:
            return special(self, node)
        if node.operator in _COMPARISONS:
            return self._comparison(node)
        left, right = self.values([node.left, node.right])
        return self.at(self.operate(node.operator, left, right, node.left, node.right), node)

    def operate(  # noqa: PLR0911 - one way out for each case
        self, operator: str, left: ast.expr, right: ast.expr, first: tree.Expression, second: tree.Expression
    ) -> ast.expr:
        """An arithmetic operator on values that are computed already."""
        kinds = self.kind(first), self.kind(second)
        if kinds == ("i64", "i64"):
            return self._integers(operator, left, right, self.bounds(first), self.bounds(second))
        if operator in {"+", "-", "*"} and "f64" in kinds and _NUMBERS.issuperset(kinds):
            return py.binary(left, _ARITHMETIC[operator], right)
        if operator == "/" and "f64" in kinds and _NUMBERS.issuperset(kinds):
            return self._float_divided(left, right, second)
        if operator == "+" and kinds in {("str", "str"), ("list", "list")}:
            return py.binary(left, ast.Add(), right)
        if operator == "+" and kinds == ("str", "i64"):
            return ast.JoinedStr([_shown(left), _shown(right)])
        if operator in {"&", "|", "^"} and kinds == ("bool", "bool"):
            return py.binary(left, _ARITHMETIC[operator], right)
        return py.call(_RUNTIME[operator], left, right)

    def _float_divided(self, left: ast.expr, right: ast.expr, second: tree.Expression) -> ast.expr:
        """Division of floats, where Python refuses zero and the language does not."""
        plain = py.binary(left, ast.Div(), right)
        if isinstance(right, ast.Constant):
            return plain if right.value else py.call("float_divide", left, right)
        if self.kind(second) == "i64" and self.bounds(second).low > 0:
            return plain
        # Written twice and computed once; a long operand is not worth it.
        if py.is_simple(right) and sum(1 for _ in py.walk(left)) < _FEW_NODES:
            return py.choose(right, plain, py.call("float_divide", left, right))
        first, by = self.temporary(), self.temporary()
        # The first is computed first; it is a number, so that asking whether it is nil says yes to everything.
        is_there = py.compare(py.walrus(first, left), (ast.IsNot(), py.constant(None)))
        quotient = py.binary(py.load(first), ast.Div(), py.load(by))
        otherwise = py.call("float_divide", py.load(first), py.load(by))
        return py.choose(py.both([is_there, py.walrus(by, right)]), quotient, otherwise)

    def _integers(self, operator: str, left: ast.expr, right: ast.expr, first: Bounds, second: Bounds) -> ast.expr:
        if operator in {"&", "|", "^"}:
            return py.binary(left, _ARITHMETIC[operator], right)
        if operator in {"+", "-", "*"}:
            value = py.binary(left, _ARITHMETIC[operator], right)
            return self.checked(value, operator, first.combined(operator, second))
        if operator in {"/", "%"} and second.low > 0:
            return self._divided(operator, left, right, first)
        if operator in {"/", "%"} and py.is_simple(right):
            return self._divided_by_any(operator, left, right)
        return py.call(_RUNTIME[operator], left, right)

    def _divided(self, operator: str, left: ast.expr, right: ast.expr, first: Bounds) -> ast.expr:
        """Division by a positive number, which Python rounds as wanted where the other is not negative."""
        kind: ast.operator = ast.FloorDiv() if operator == "/" else ast.Mod()
        if first.low >= 0:
            return py.binary(left, kind, right)
        if not py.is_simple(right):
            return py.call(_RUNTIME[operator], left, right)
        name = self.temporary() if not py.is_simple(left) else ""
        value = py.walrus(name, left) if name else left
        again = py.load(name) if name else left
        minus = ast.UnaryOp(ast.USub(), py.binary(ast.UnaryOp(ast.USub(), again), kind, right))
        is_positive = py.compare(value, (ast.GtE(), py.constant(0)))
        return py.choose(is_positive, py.binary(again, kind, right), minus)

    def _divided_by_any(self, operator: str, left: ast.expr, right: ast.expr) -> ast.expr:
        """Division that is Python's own where nothing is negative, which is seen faster than a call is made."""
        kind: ast.operator = ast.FloorDiv() if operator == "/" else ast.Mod()
        zero = py.constant(0)
        name = self.temporary() if not py.is_simple(left) else ""
        again = py.load(name) if name else left
        is_positive = py.both(
            [
                py.compare(py.walrus(name, left) if name else left, (ast.GtE(), zero)),
                py.compare(right, (ast.Gt(), zero)),
            ]
        )
        return py.choose(is_positive, py.binary(again, kind, right), py.call(_RUNTIME[operator], again, right))

    def checked(self, value: ast.expr, operator: str, bounds: Bounds) -> ast.expr:
        """A result that is an error when it leaves 64 bits, on the sides where it can."""
        if bounds.fits:
            return value
        name = self.temporary()
        found = py.walrus(name, value)
        above = (ast.LtE(), py.constant(LARGEST))
        if bounds.low >= SMALLEST:
            fits = py.compare(found, above)
        elif bounds.high <= LARGEST:
            fits = py.compare(py.constant(SMALLEST), (ast.LtE(), found))
        else:
            # Python compares small numbers five times as fast as large ones, and most numbers are small.
            is_small = py.compare(py.constant(-_SMALL), (ast.Lt(), found), (ast.Lt(), py.constant(_SMALL)))
            fits = py.either([is_small, py.compare(py.constant(SMALLEST), (ast.LtE(), py.load(name)), above)])
        return py.choose(fits, py.load(name), py.call("overflow", py.constant(operator)))

    def _comparison(self, node: tree.Binary) -> ast.expr:
        left, right = self.values([node.left, node.right])
        kinds = self.kind(node.left), self.kind(node.right)
        operator = node.operator
        is_plain = _NUMBERS.issuperset(kinds) or (kinds[0] == kinds[1] and kinds[0] in {"str", "bool"})
        if operator in {"==", "!="}:
            if isinstance(node.right, tree.Nil) or isinstance(node.left, tree.Nil):
                other = left if isinstance(node.right, tree.Nil) else right
                test: ast.cmpop = ast.Is() if operator == "==" else ast.IsNot()
                return py.compare(other, (test, py.constant(None)))
            if is_plain:
                return py.compare(left, (_COMPARISONS[operator], right))
            found = py.call("equal", left, right)
            return found if operator == "==" else py.negated(found)
        if is_plain and "bool" not in kinds:
            return py.compare(left, (_COMPARISONS[operator], right))
        return self.at(py.call(_RUNTIME[operator], left, right), node)

    def condition(self, node: tree.Expression) -> ast.expr:
        """A value where only its truth matters."""
        if isinstance(node, tree.Binary) and node.operator in {"&&", "||"}:
            with self.collecting() as before:
                left = self.condition(node.left)
            with self.branch(), self.collecting() as emitted:
                right = self.condition(node.right)
            self.routine.body += before
            if not emitted:
                return py.both([left, right]) if node.operator == "&&" else py.either([left, right])
            name = self.temporary()
            self.emit(py.assign(name, left))
            emitted.append(py.assign(name, right))
            test = py.load(name) if node.operator == "&&" else py.negated(py.load(name))
            self.emit(py.when(test, emitted), node)
            return py.load(name)
        if isinstance(node, tree.Unary) and node.operator == "!":
            return py.negated(self.condition(node.operand))
        value = self.value(node)
        return value if self.is_boolean(node) else self.truth(value)

    def truth(self, value: ast.expr) -> ast.expr:
        """Whether a value of any type is true."""
        return py.call("is_true", value)

    def is_boolean(self, node: tree.Expression) -> bool:
        """Whether a value is `true` or `false` for certain."""
        if isinstance(node, tree.Boolean) or self.kind(node) == "bool":
            return True
        if isinstance(node, tree.Binary):
            if node.operator in {"&&", "||"}:
                return self.is_boolean(node.left) and self.is_boolean(node.right)
            return node.operator in _BOOLEAN_OPERATORS
        return isinstance(node, tree.Unary) and node.operator == "!"

    def _logical(self, node: tree.Binary) -> ast.expr:
        """`&&` and `||` give one of their operands."""
        if self.is_boolean(node):
            return self.condition(node)
        left = self.value(node.left)
        with self.branch(), self.collecting() as emitted:
            right = self.value(node.right)
        name = self.temporary()
        if not emitted:
            test = self.truth(py.walrus(name, left))
            first = py.load(name)
            return py.choose(test, right, first) if node.operator == "&&" else py.choose(test, first, right)
        self.emit(py.assign(name, left))
        emitted.append(py.assign(name, right))
        test = self.truth(py.load(name))
        self.emit(py.when(test if node.operator == "&&" else py.negated(test), emitted), node)
        return py.load(name)

    def _otherwise(self, node: tree.Binary) -> ast.expr:
        """`a ?? b`: `b` where `a` is nil."""
        left = self.value(node.left)
        with self.branch(), self.collecting() as emitted:
            right = self.value(node.right)
        name = self.temporary()
        if not emitted:
            test = py.compare(py.walrus(name, left), (ast.IsNot(), py.constant(None)))
            return py.choose(test, py.load(name), right)
        self.emit(py.assign(name, left))
        emitted.append(py.assign(name, right))
        self.emit(py.when(py.compare(py.load(name), (ast.Is(), py.constant(None))), emitted), node)
        return py.load(name)

    def _contained(self, node: tree.Binary) -> ast.expr:
        """`a in b`."""
        left, right = self.values([node.left, node.right])
        return self.at(py.call("contained", left, right), node)

    def unary(self, node: tree.Unary) -> ast.expr:
        """`-x`, `!x`, `~x`."""
        if node.operator == "!":
            return py.negated(self.condition(node.operand))
        kind = self.kind(node.operand)
        value = self.value(node.operand)
        if node.operator == "-":
            if kind == "f64" or (kind == "i64" and self.bounds(node.operand).low > SMALLEST):
                return ast.UnaryOp(ast.USub(), value)
            return self.at(py.call("negate", value), node)
        if kind == "i64":
            return ast.UnaryOp(ast.Invert(), value)
        return self.at(py.call("invert", value), node)

    def cast(self, node: tree.Cast) -> ast.expr:
        """`value as type`."""
        value = self.value(node.value)
        goal = self.cast_goal(node.type)
        kind = self.kind(node.value)
        if kind == goal and kind in _PLAIN:
            return value
        if (kind, goal) == ("i64", "f64"):
            return py.call("float", value)
        if (kind, goal) == ("f64", "i64"):
            return py.call("truncated", value)
        return self.at(py.call("cast", value, py.constant(goal)), node)

    def cast_goal(self, node: tree.TypeExpression) -> str:
        """To what a cast leads: all widths of integers are one type."""
        name = node.name.rpartition("::")[2] if isinstance(node, tree.NamedType) else ""
        if name in {"f32", "f64", "float"}:
            return "f64"
        if name in {"char", "bool"}:
            return name
        return "str" if name in {"str", "String", "string"} else "i64"

    # What every value is, for the pieces that stand on this.

    def every(self) -> Bounds:
        """The bounds of an integer of which nothing is known."""
        return EVERY


def _shown(value: ast.expr) -> ast.expr:
    if isinstance(value, ast.Constant):
        return py.constant(str(value.value))
    return ast.FormattedValue(value, -1, None)


_SPECIAL: dict[str, Callable[[OperatorWriter, tree.Binary], ast.expr]] = {
    "&&": OperatorWriter._logical,
    "||": OperatorWriter._logical,
    "??": OperatorWriter._otherwise,
    "in": OperatorWriter._contained,
}
