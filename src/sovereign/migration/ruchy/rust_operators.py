"""Literals, operators and format texts as Rust.

Enters: expressions. Leaves: Rust expressions of the kind that the inference gives them. Read `rust_places.py` next.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from sovereign.migration.ruchy import rust_nodes as rn
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.library import CONSTANTS
from sovereign.migration.ruchy.rust_base import RustWriter, is_quiet
from sovereign.migration.ruchy.rust_kinds import BOOL, DYN, F64, I64, NIL, STR, Kind
from sovereign.migration.ruchy.texts import parse_spec
from sovereign.migration.rust import tree as rs
from sovereign.migration.rust import wants

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["RustOperators", "escaped"]

_CHECKED = {"+": "plus", "-": "minus", "*": "times", "/": "quotient", "%": "remainder"}
_SHIFTS = {"<<": "shifted_left", ">>": "shifted_right"}
_BITS = frozenset("&|^")
_NUMBERS = frozenset({"i64", "f64"})
_COMPARISONS = frozenset("== != < <= > >=".split())
_NATIVE = frozenset({"i64", "f64", "bool", "str"})
_ORDERED = frozenset({"i64", "f64", "str"})
_EXACT = 1 << 53
_HOLE_ROOM = 12
"""The bytes that a value in a format text is expected to have."""
_HOLE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_DIRECT = frozenset({"i64", "bool", "str"})


def escaped(text: str) -> str:
    """A text as a part of a format string."""
    return text.replace("{", "{{").replace("}", "}}")


class RustOperators(RustWriter):
    """Writes literals, operators and format texts."""

    def value(self, node: tree.Expression) -> rs.Expression:
        """The value of an expression, of its `kind`."""
        raise NotImplementedError

    def reading(self, node: tree.Expression) -> rs.Expression:
        """An expression that is only looked at: a place where it is one."""
        raise NotImplementedError

    def value_as(self, node: tree.Expression, goal: Kind) -> rs.Expression:
        """The value of an expression where a kind is wanted."""
        raise NotImplementedError

    def as_dyn(self, node: tree.Expression) -> rs.Expression:
        """The value of an expression where its type is not known."""
        return self.to_dyn(self.value(node), self.kind(node))

    def made(self, value: rs.Expression, kind: Kind, node: tree.Node) -> rs.Expression:
        """What a node gives, brought to the kind that the inference gave it."""
        return self.convert(value, kind, self.natural(node), node, checked=True)

    # Literals.

    def integer_literal(self, node: tree.Integer) -> rs.Expression:
        """An integer; a float where one is wanted."""
        return rn.integer(node.value)

    def float_literal(self, node: tree.Float) -> rs.Expression:
        """A float."""
        return _float(node.value)

    def text_literal(self, node: tree.Text) -> rs.Expression:
        """A text."""
        return rn.text(node.value)

    def boolean_literal(self, node: tree.Boolean) -> rs.Expression:
        """A truth."""
        return rs.Boolean(node.value)

    def nil(self, _node: tree.Nil) -> rs.Expression:
        """Nil."""
        return rn.unit()

    def library_constant(self, name: str) -> tuple[rs.Expression, Kind]:
        """`f64::MAX` and its like."""
        kind, value = CONSTANTS[name]
        return (rn.integer(int(value)), I64) if kind == "i64" else (_float(float(value)), F64)

    def list_literal(self, node: tree.ListLiteral) -> rs.Expression:
        """`[a, ...b]`."""
        kind = self.natural(node)
        if kind.name != "list":
            kind = Kind("list", (DYN,))
        item = kind.arguments[0]
        if any(isinstance(each, tree.Spread) for each in node.items):
            return self.made(self._spread_list(node, item), kind, node)
        if not node.items:
            return self.made(rn.call(f"Array::<{self.spelled(item)}>::new"), kind, node)
        items = tuple(self.value_as(each, item) for each in node.items)
        return self.made(rn.call("Array::of", rs.MacroCall("vec", items, "[")), kind, node)

    def _spread_list(self, node: tree.ListLiteral, item: Kind) -> rs.Expression:
        name = self.temporary()
        with self.collecting() as body:
            self.emit(rn.let(name, rn.call(f"Array::<{self.spelled(item)}>::new"), mutable=True))
            for each in node.items:
                if isinstance(each, tree.Spread):
                    more = self.convert(
                        self.items_of(each.value), self._list_of_items(each.value), Kind("list", (item,)), each
                    )
                    self.emit(rn.done(rn.method(rs.Name(name), "extend_with", rs.Borrow(more))))
                else:
                    self.emit(rn.done(rn.method(rs.Name(name), "push", self.value_as(each, item))))
        return rn.block(body, rs.Name(name))

    def _list_of_items(self, node: tree.Expression) -> Kind:
        return Kind("list", (self.item_kind(self.kind(node)),))

    def item_kind(self, kind: Kind) -> Kind:
        """The kind of what a loop over a value goes through."""
        if kind.name in {"list", "set", "option"}:
            return kind.arguments[0]
        if kind.name == "dict":
            return Kind("tuple", kind.arguments)
        return {"range": I64, "str": STR}.get(kind.name, DYN)

    def items_of(self, node: tree.Expression) -> rs.Expression:
        """What a loop over a value goes through, as a list."""
        kind = self.kind(node)
        value = self.reading(node)
        makers: dict[str, Callable[[], rs.Expression]] = {
            "list": lambda: self.cloned(value, kind) if _is_place(value) else value,
            "str": lambda: rn.call("characters", rn.borrow(value)),
            "dict": lambda: rn.method(value, "items"),
            "set": lambda: rn.method(value, "to_array"),
            "range": lambda: rn.method(value, "to_array"),
            "option": lambda: rn.call("option_items", rn.borrow(value)),
        }
        if kind.name in makers:
            return makers[kind.name]()
        return rn.call("items_of", rs.Borrow(self.as_dyn(node)))

    def list_repeat(self, node: tree.ListRepeat) -> rs.Expression:
        """`[value; count]`."""
        item = self.natural(node).arguments[0] if self.natural(node).name == "list" else DYN
        value = self.value_as(node.value, item)
        count = self.value(node.count)
        if self.kind(node.count) != I64:
            count = rn.call("whole_count", rs.Borrow(self.as_dyn(node.count)))
        return self.made(rn.call("Array::filled", value, count), Kind("list", (item,)), node)

    def tuple_literal(self, node: tree.TupleLiteral) -> rs.Expression:
        """`(a, b)`."""
        kind = self.natural(node)
        if kind.name != "tuple":
            raise self.refuse("a tuple of more than eight parts", node)
        items = zip(node.items, kind.arguments, strict=True)
        return rs.Tuple(tuple(self.value_as(item, part) for item, part in items))

    def object_literal(self, node: tree.ObjectLiteral) -> rs.Expression:
        """`{a: 1, ...rest}`."""
        kind = self.natural(node)
        key, item = kind.arguments if kind.name == "dict" else (STR, DYN)
        table = f"Table::<{self.spelled(key)}, {self.spelled(item)}>"
        if not node.entries:
            return self.made(rn.call(f"{table}::new"), Kind("dict", (key, item)), node)
        name = self.temporary()
        with self.collecting() as body:
            self.emit(rn.let(name, rn.call(f"{table}::new"), mutable=True))
            for entry in node.entries:
                if isinstance(entry, tree.Spread):
                    more = self.value_as(entry.value, Kind("dict", (key, item)))
                    self.emit(rn.done(rn.method(rs.Name(name), "extend_with", rs.Borrow(more))))
                else:
                    word = self.convert(rn.text(entry.name), STR, key, entry)
                    self.emit(rn.done(rn.method(rs.Name(name), "put", word, self.value_as(entry.value, item))))
        return self.made(rn.block(body, rs.Name(name)), Kind("dict", (key, item)), node)

    def range_value(self, node: tree.Range) -> rs.Expression:
        """`a..b` as a value."""
        if node.start is None or node.stop is None:
            raise self.refuse("a range with an open end as a value", node)
        if self.kind(node.start) != I64 or self.kind(node.stop) != I64:
            raise self.refuse("a range of other values than integers", node)
        ends = self.value(node.start), self.value(node.stop)
        return rn.call("Extent::new", *ends, rs.Boolean(node.is_inclusive))

    # Format texts.

    def format_text(self, node: tree.FormatText) -> rs.Expression:
        """`f"..."`."""
        plain = self._pushed_text(node)
        if plain is not None:
            return plain
        template, values = self.format_parts(node)
        if not values:
            return rn.text("".join(part for part in node.parts if isinstance(part, str)))
        return rn.call("Str::from", rs.MacroCall("format", (rs.Text(template), *values)))

    def _pushed_text(self, node: tree.FormatText) -> rs.Expression | None:
        """A format text of texts and integers, which are written one behind the other; None for others."""
        holes = [part for part in node.parts if not isinstance(part, str)]
        if not holes or any(part.spec and part.spec.strip() for part in holes):
            return None
        if not {"i64", "str"}.issuperset(self.kind(part.value).name for part in holes):
            return None
        name = self.temporary()
        out = rs.Borrow(rs.Name(name), mutable=True)
        room = rs.Integer(sum(len(part.encode()) if isinstance(part, str) else _HOLE_ROOM for part in node.parts))
        with self.collecting() as body:
            self.emit(rn.let(name, rn.call("String::with_capacity", room), mutable=True))
            for part in node.parts:
                if isinstance(part, str):
                    self.emit(rn.done(rn.method(rs.Name(name), "push_str", rs.Text(part))))
                elif self.kind(part.value) == I64:
                    self.emit(rn.done(rn.call("push_whole", out, self.value(part.value))))
                else:
                    self.emit(rn.done(rn.method(rs.Name(name), "push_str", rn.borrow(self.reading(part.value)))))
        return rn.block(body, rn.call("Str::from", rs.Name(name)))

    def format_parts(self, node: tree.FormatText) -> tuple[str, list[rs.Expression]]:
        """A format text as the arguments of a format macro."""
        template = ""
        values: list[rs.Expression] = []
        holes = [part.value for part in node.parts if not isinstance(part, str)]
        for part in node.parts:
            if isinstance(part, str):
                template += escaped(part)
                continue
            template += "{}"
            if part.spec is None or not part.spec.strip():
                values.append(self.piece(part.value, "loose", beside=holes))
            elif parse_spec(part.spec) is None:
                raise self.refuse(f"the format spec `{part.spec}`", part)
            else:
                values.append(rn.call("formatted", rs.Borrow(self.as_dyn(part.value)), rs.Text(part.spec)))
        return template, values

    def piece(
        self, node: tree.Expression, function: str = "shown", *, beside: Sequence[tree.Expression] = ()
    ) -> rs.Expression:
        """A value as an argument of a format macro, with others beside it."""
        value = self.reading(node) if all(map(is_quiet, beside)) else self.value(node)
        if self.kind(node).name in _DIRECT:
            return rs.Text(node.value) if isinstance(node, tree.Text) else value
        return rn.call(function, rn.borrow(value))

    def printed(self, node: tree.Expression, arguments: Sequence[tree.Expression], macro: str) -> rs.Expression:
        """`println` and its like."""
        template, values = self.line_parts(arguments)
        return rs.MacroCall(macro, (rs.Text(template), *values))

    def line_parts(self, arguments: Sequence[tree.Expression]) -> tuple[str, list[rs.Expression]]:
        """What `println` prints, as the arguments of a format macro."""
        if not arguments:
            return "", []
        first = arguments[0]
        if len(arguments) > 1:
            if isinstance(first, tree.Text):
                return self._filled(first.value, arguments[1:])
            values = tuple(self.as_dyn(each) for each in arguments)
            return "{}", [rn.call("line_of", rs.Borrow(rs.Array(values)))]
        if isinstance(first, tree.Text):
            return escaped(first.value), []
        if isinstance(first, tree.FormatText):
            return self.format_parts(first)
        return "{}", [self.piece(first)]

    def _filled(self, template: str, arguments: Sequence[tree.Expression]) -> tuple[str, list[rs.Expression]]:
        """A template with holes, filled by the compiler where they are plain."""
        holes = [found for found in _HOLE.finditer(template) if found.group() not in {"{{", "}}"}]
        if any(found[1] for found in holes) or len(holes) > len(arguments) or re.search(r"(?<!\{)\{[^{}]*\{", template):
            values = tuple(self.as_dyn(each) for each in arguments)
            return "{}", [rn.call("filled", rs.Text(template), rs.Borrow(rs.Array(values)))]
        if "{" not in template or "}" not in template:
            text = escaped(template)
        else:
            text = template if _is_balanced(template) else ""
            if not text:
                values = tuple(self.as_dyn(each) for each in arguments)
                return "{}", [rn.call("filled", rs.Text(template), rs.Borrow(rs.Array(values)))]
        rest = " {}" * (len(arguments) - len(holes))
        return text + rest, [self.piece(each, beside=arguments) for each in arguments]

    def line_text(self, arguments: Sequence[tree.Expression]) -> rs.Expression:
        """What `println` would print, as a text."""
        template, values = self.line_parts(arguments)
        if not values:
            return rn.text(template.replace("{{", "{").replace("}}", "}"))
        return rn.call("Str::from", rs.MacroCall("format", (rs.Text(template), *values)))

    # Operators.

    def binary(self, node: tree.Binary) -> rs.Expression:
        """An infix operator with two values."""
        special = _SPECIAL.get(node.operator)
        if special is not None:
            return special(self, node)
        if node.operator in _COMPARISONS:
            return self._comparison(node)
        if node.operator == "**" and self.natural(node) == I64:
            return rn.integer(node.left.value**node.right.value)  # type: ignore[attr-defined] # the inference says so
        return self.made(*self.operate(node.operator, node.left, node.right), node)

    def operate(self, operator: str, left: tree.Expression, right: tree.Expression) -> tuple[rs.Expression, Kind]:
        """An arithmetic operator on two expressions, with the kind of the result."""
        kinds = self.kind(left), self.kind(right)
        if kinds[0] == STR and operator == "+" and kinds[1].name in {"str", "i64", "f64"} and is_quiet(right):
            return rn.call("joined_text", rn.borrow(self.reading(left)), rn.borrow(self.reading(right))), STR
        return self.operated(operator, self.value(left), self.value(right), kinds)

    def operated(  # noqa: PLR0911 - one way out for each case
        self, operator: str, left: rs.Expression, right: rs.Expression, kinds: tuple[Kind, Kind]
    ) -> tuple[rs.Expression, Kind]:
        """An arithmetic operator on values that are computed already."""
        names = kinds[0].name, kinds[1].name
        if names == ("i64", "i64") and operator != "**":
            return self._integers(operator, left, right), I64
        if "f64" in names and _NUMBERS.issuperset(names):
            left, right = self._as_float(left, kinds[0]), self._as_float(right, kinds[1])
            if operator == "**":
                return rn.call("platform_power", left, right), F64
            if operator in _CHECKED:
                return rs.Binary(operator, left, right), F64
        if names == ("bool", "bool") and operator in _BITS:
            return rs.Binary(operator, left, right), BOOL
        if operator == "+" and names in {
            ("i64", "str"),
            ("f64", "str"),
            ("str", "str"),
            ("str", "i64"),
            ("str", "f64"),
        }:
            return rn.call("joined_text", rs.Borrow(left), rs.Borrow(right)), STR
        if operator == "+" and names == ("list", "list") and kinds[0] == kinds[1]:
            return rn.method(left, "joined_with", rs.Borrow(right)), kinds[0]
        if operator == "*" and names == ("str", "i64"):
            return rn.call("repeated_text", rs.Borrow(left), right), STR
        if operator == "*" and names == ("list", "i64"):
            return rn.method(left, "repeated", right), kinds[0]
        found = rn.call("operate", rs.Text(operator), self.to_dyn(left, kinds[0]), self.to_dyn(right, kinds[1]))
        return found, DYN

    def _integers(self, operator: str, left: rs.Expression, right: rs.Expression) -> rs.Expression:
        if operator in _BITS:
            return rs.Binary(operator, left, right)
        return rn.call(_CHECKED.get(operator) or _SHIFTS[operator], _bare(left), _bare(right))

    def _as_float(self, value: rs.Expression, kind: Kind) -> rs.Expression:
        if kind == F64:
            return value
        return _float(float(value.value)) if isinstance(value, rs.Integer) else rs.Cast(value, rs.NamedType("f64"))

    def _comparison(self, node: tree.Binary) -> rs.Expression:
        kinds = self.kind(node.left), self.kind(node.right)
        if node.operator in {"==", "!="}:
            return self._equality(node, kinds)
        mixed = self._mixed_numbers(node, kinds)
        if mixed is not None:
            return rs.Binary(node.operator, *mixed)
        if kinds[0] == kinds[1] and kinds[0].name in _ORDERED:
            return rs.Binary(node.operator, *self._readings(node))
        if kinds[0] == kinds[1] and kinds[0] != DYN:
            left, right = self._readings(node)
            return rn.call("is_ordered", rn.borrow(left), rn.borrow(right), rs.Text(node.operator))
        values = rs.Borrow(self.as_dyn(node.left)), rs.Borrow(self.as_dyn(node.right))
        return rn.call("is_ordered", *values, rs.Text(node.operator))

    def _readings(self, node: tree.Binary) -> tuple[rs.Expression, rs.Expression]:
        left = self.reading(node.left) if is_quiet(node.right) else self.value(node.left)
        return left, self.reading(node.right)

    def _mixed_numbers(self, node: tree.Binary, kinds: tuple[Kind, Kind]) -> list[rs.Expression] | None:
        """A float beside a small integer literal: both as floats."""
        if {kind.name for kind in kinds} != _NUMBERS:
            return None
        sides = []
        for side, kind in zip((node.left, node.right), kinds, strict=True):
            if kind == F64:
                sides.append(self.value(side))
            elif isinstance(side, tree.Integer) and abs(side.value) < _EXACT:
                sides.append(_float(float(side.value)))
            else:
                return None
        return sides

    def _equality(self, node: tree.Binary, kinds: tuple[Kind, Kind]) -> rs.Expression:
        if isinstance(node.left, tree.Nil) or isinstance(node.right, tree.Nil):
            other = node.left if isinstance(node.right, tree.Nil) else node.right
            found: rs.Expression = rn.method(self.reading(other), "is_nil")
            return found if node.operator == "==" else rs.Unary("!", found)
        mixed = self._mixed_numbers(node, kinds)
        if mixed is not None:
            return rs.Binary(node.operator, *mixed)
        if kinds[0] == kinds[1] and kinds[0].name in _NATIVE:
            return rs.Binary(node.operator, *self._readings(node))
        if kinds[0] == kinds[1]:
            left, right = self._readings(node)
            found = rn.method(left, "same", rn.borrow(right))
        else:
            found = rn.method(self.as_dyn(node.left), "same", rs.Borrow(self.as_dyn(node.right)))
        return found if node.operator == "==" else rs.Unary("!", found)

    def condition(self, node: tree.Expression) -> rs.Expression:
        """A value where only its truth matters."""
        if isinstance(node, tree.Binary) and node.operator in {"&&", "||"}:
            return rs.Binary(node.operator, self.condition(node.left), self.condition(node.right))
        if isinstance(node, tree.Unary) and node.operator == "!":
            return rs.Unary("!", self.condition(node.operand))
        if self.kind(node) == BOOL:
            return self.value(node)
        if self.kind(node).name == "never":
            return self.value(node)
        return rn.call("truth_of", rn.borrow(self.reading(node)))

    def _logical(self, node: tree.Binary) -> rs.Expression:
        """`&&` and `||` give one of their operands."""
        goal = self.natural(node)
        if goal == BOOL and self.kind(node.left) == BOOL and self.kind(node.right) == BOOL:
            return self.condition(node)
        name = self.temporary()
        kind = self.kind(node.left)
        left = self.convert(rs.Name(name), kind, goal, node)
        right = self.block_as(node.right, goal)
        yes, no = (right, rs.Block((), left)) if node.operator == "&&" else (rs.Block((), left), right)
        chosen = rs.If(rn.call("truth_of", rs.Borrow(rs.Name(name))), yes, no)
        return rn.block([rn.let(name, self.value(node.left))], chosen)

    def block_as(self, node: tree.Expression, goal: Kind | None) -> rs.Block:
        """An expression as a block whose value is of a kind; without a value where there is no goal."""
        raise NotImplementedError

    def _otherwise(self, node: tree.Binary) -> rs.Expression:
        """`a ?? b`: `b` where `a` is nil."""
        goal, kind = self.natural(node), self.kind(node.left)
        right = self.block_as(node.right, goal)
        if kind == NIL:
            return rn.block([rn.done(self.value(node.left))], rs.BlockExpression(right))
        name = self.temporary()
        if kind.name == "maybe":
            some = rs.VariantPattern("Maybe", (rs.VariantPattern("Some", (rs.Bind(name),)),))
            found = self.convert(rs.Name(name), kind.arguments[0], goal, node)
            return rs.If(rs.LetCondition(some, self.value(node.left)), rs.Block((), found), right)
        if kind == DYN:
            present = rs.Block((), self.convert(rs.Name(name), kind, goal, node))
            return rn.block(
                [rn.let(name, self.value(node.left))], rs.If(rn.method(rs.Name(name), "is_nil"), right, present)
            )
        return self.value_as(node.left, goal)

    def _contained(self, node: tree.Binary) -> rs.Expression:
        """`a in b`."""
        part, whole = self.kind(node.left), self.kind(node.right)
        left, right = self._readings(node)
        if whole.name == "list" and whole.arguments[0] == part:
            return rn.method(right, "has_item", rn.borrow(left))
        if whole.name in {"dict", "set"} and whole.arguments[0] == part:
            return rn.method(right, "has", rn.borrow(left))
        if (part, whole.name) == (I64, "range"):
            return rn.method(right, "holds", left)
        return rn.call("is_contained", rs.Borrow(self.as_dyn(node.left)), rs.Borrow(self.as_dyn(node.right)))

    def unary(self, node: tree.Unary) -> rs.Expression:  # noqa: PLR0911 - one way out for each case
        """`-x`, `!x`, `~x`."""
        if node.operator == "!":
            return rs.Unary("!", self.condition(node.operand))
        kind = self.kind(node.operand)
        if node.operator == "-":
            if isinstance(node.operand, tree.Integer) and kind == I64:
                return self.made(rn.integer(-node.operand.value), I64, node)
            if kind == I64:
                return self.made(rn.call("negated_whole", self.value(node.operand)), I64, node)
            if kind == F64:
                return self.made(rs.Unary("-", self.value(node.operand)), F64, node)
            return self.made(rn.call("negate_dyn", rs.Borrow(self.as_dyn(node.operand))), DYN, node)
        if kind == I64:
            return self.made(rs.Unary("!", self.value(node.operand)), I64, node)
        return self.made(rn.call("invert_dyn", rs.Borrow(self.as_dyn(node.operand))), DYN, node)

    def cast(self, node: tree.Cast) -> rs.Expression:
        """`value as type`."""
        goal = cast_goal(node.type)
        kind = self.kind(node.value)
        if kind.name == goal and goal in _NATIVE:
            return self.value(node.value)
        if (kind.name, goal) == ("i64", "f64"):
            return self._as_float(self.value(node.value), kind)
        if (kind.name, goal) == ("f64", "i64"):
            return rn.call("truncated", self.value(node.value))
        if (kind.name, goal) == ("bool", "i64"):
            return rn.call("i64::from", self.value(node.value))
        return rn.call(_CASTS[goal], rs.Borrow(self.as_dyn(node.value)))

    def pipe(self, node: tree.Binary) -> rs.Expression:
        """`value |> f`."""
        raise NotImplementedError

    def send(self, node: tree.Binary) -> rs.Expression:
        """`actor ! Message`."""
        raise NotImplementedError

    def values(self, nodes: Sequence[tree.Expression]) -> list[rs.Expression]:
        """The values of several expressions."""
        return [self.value(node) for node in nodes]


def _is_balanced(template: str) -> bool:
    """Whether a template is one for Rust as it stands."""
    return wants(template) is not None


def cast_goal(node: tree.TypeExpression) -> str:
    """To what a cast leads: all widths of integers are one type."""
    name = node.name.rpartition("::")[2] if isinstance(node, tree.NamedType) else ""
    if name in {"f32", "f64", "float"}:
        return "f64"
    if name in {"char", "bool"}:
        return name
    return "str" if name in {"str", "String", "string"} else "i64"


_CASTS = {
    "i64": "cast_to_integer",
    "f64": "cast_to_float",
    "bool": "cast_to_bool",
    "str": "cast_to_text",
    "char": "cast_to_character",
}


def _float(value: float) -> rs.Expression:
    if math.isfinite(value):
        return rs.Float(value, "f64")
    return rs.Name("f64::NAN" if math.isnan(value) else "f64::INFINITY" if value > 0 else "f64::NEG_INFINITY")


def _bare(value: rs.Expression) -> rs.Expression:
    """An integer where its type is known from its place."""
    return rs.Integer(value.value) if isinstance(value, rs.Integer) else value


def _is_place(value: rs.Expression) -> bool:
    return isinstance(value, rs.Name | rs.Field | rs.Deref | rs.Index)


_SPECIAL: dict[str, Callable[[RustOperators, tree.Binary], rs.Expression]] = {
    "&&": RustOperators._logical,
    "||": RustOperators._logical,
    "??": RustOperators._otherwise,
    "in": RustOperators._contained,
    "|>": lambda writer, node: writer.pipe(node),
    "!": lambda writer, node: writer.send(node),
    "<?": lambda writer, node: writer.send(node),
    "<-": lambda writer, node: writer.send(node),
}
