"""Expressions.

Enters: a cursor at an expression. Leaves: `Expression`s. Operators stand in one table, loosest first. Where a struct
literal could not be told from a block, in the head of `if`, `while`, `for` and `match`, none is read; where `=>`
belongs to an arm, no closure is. Read `parse_blocks.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.cursor import RESERVED
from sovereign.migration.ruchy.findings import Stopped
from sovereign.migration.ruchy.lean import contextmanager
from sovereign.migration.ruchy.parse_patterns import PatternParser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sovereign.migration.ruchy.lexer import Token
    from sovereign.migration.ruchy.tree import Expression

__all__ = ["ASSIGNMENTS", "MACROS", "ExpressionParser"]

ASSIGNMENTS = frozenset("= += -= *= /= %= **= &= |= ^= <<= >>= &&= ||=".split())
MACROS = frozenset(
    "println print eprintln eprint format vec assert assert_eq assert_ne panic unreachable todo unimplemented dbg df"
    .split()
)  # fmt: skip
_LEVELS = (
    ("|>",),
    ("||",),
    ("??",),
    ("&&",),
    ("|",),
    ("^",),
    ("..", "..="),
    ("&",),
    ("==", "!="),
    ("<", "<=", ">", ">=", "in", "!", "<?", "<-"),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "%"),
)
_LEVEL = {operator: level for level, operators in enumerate(_LEVELS) for operator in operators}
_RANGES = frozenset({"..", "..="})
_ENDS = frozenset({")", "]", "}", ",", ";", "=>", ":", ""})
_UNSUPPORTED_PREFIX = {"++": "`++`", "--": "`--`"}
_LONGEST_CHAIN = 2000
_SECTION_ENDS = frozenset({";", ",", "=>", "{", "}", ")", "]"})


class ExpressionParser(PatternParser):
    """Reads expressions; statements and blocks come from `BlockParser`, which stands on this."""

    is_bare = False
    """Whether a brace here begins a block and never the fields of a struct."""
    takes_arrow = True
    """Whether `x =>` begins a closure here."""
    takes_in = True
    """Whether `in` asks for an element here; behind `let x = value` it may begin a body."""

    def block(self) -> tree.Block:
        """`{ statements }`."""
        raise NotImplementedError

    def statement(self) -> Expression:
        """One statement."""
        raise NotImplementedError

    def labelled(self) -> Expression:
        """A loop with a label."""
        raise NotImplementedError

    def declaration(self) -> Expression | None:
        """A declaration, if one stands here."""
        raise NotImplementedError

    def compound(self) -> Expression | None:
        """An expression that begins with a keyword, if one stands here."""
        raise NotImplementedError

    @contextmanager
    def context(self, *, is_bare: bool, takes_arrow: bool = True, takes_in: bool = True) -> Iterator[None]:
        """Read under other rules while a `with` block runs."""
        kept = self.is_bare, self.takes_arrow, self.takes_in
        self.is_bare, self.takes_arrow, self.takes_in = is_bare, takes_arrow, takes_in
        try:
            yield
        finally:
            self.is_bare, self.takes_arrow, self.takes_in = kept

    def head(self) -> Expression:
        """The condition or subject before a block."""
        with self.context(is_bare=True):
            if self.is_word("let"):
                return self._let_condition()
            return self.expression()

    def _let_condition(self) -> Expression:
        start = self.advance().place[0]
        pattern = self.pattern()
        self.expect("=", "after the pattern")
        value = self.binary(_LEVEL["&&"] + 1)
        return tree.LetCondition(self.since(start), pattern, value)

    def expression(self) -> Expression:
        """One expression, an assignment or ternary among them."""
        with self.nested():
            start = self.token.place[0]
            left = self.binary(0)
            if self.token.kind == "operator" and self.token.text in ASSIGNMENTS:
                return self._assignment(start, left)
            if self.is_at("?") and self._is_ternary():
                return self._ternary(start, left)
            return left

    def _assignment(self, start: int, target: Expression) -> Expression:
        operator = self.advance().text[:-1]
        if not isinstance(
            target, tree.Name | tree.Field | tree.Index | tree.TupleLiteral | tree.ListLiteral | tree.Path
        ):
            self.refuse("this cannot be assigned to", place=target.place)
        with self.context(is_bare=self.is_bare):
            value = self.expression()
        return tree.Assign(self.since(start), operator, target, value)

    def _ternary(self, start: int, condition: Expression) -> Expression:
        self.advance()
        with self.context(is_bare=False):
            then = self.expression()
            self.expect(":", "in `condition ? a : b`")
            otherwise = self.expression()
        return tree.If(self.since(start), condition, then, otherwise)

    def _is_ternary(self) -> bool:
        """Whether a colon follows before the expression ends; else the question mark hands an error on."""
        after = self.peek()
        if after.is_first or after.text in _ENDS or after.text in {".", "?"}:
            return False
        depth, distance = 0, 1
        while True:
            token = self.peek(distance)
            if token.kind == "end" or token.is_virtual or (not depth and token.text in _SECTION_ENDS - {"{"}):
                return False
            if token.kind == "operator" and token.text in "([{":
                depth += 1
            elif token.kind == "operator" and token.text in ")]}":
                depth -= 1
            elif token.text == ":" and token.kind == "operator" and not depth:
                return True
            if token.is_first and not depth and token.text != "?":
                return False
            distance += 1

    # Operators.

    def binary(self, level: int) -> Expression:
        """Everything of this level and tighter ones."""
        start = self.token.place[0]
        left = self._open_range(start) if self.token.text in _RANGES else self.unary()
        length = 0
        while True:
            operator = self._infix()
            found = _LEVEL.get(operator, -1)
            if found < level:
                return left
            length += 1
            self.require_short(length)
            self._take_infix(operator)
            if operator in _RANGES:
                stop = self.binary(found + 1) if self._starts_expression() else None
                left = tree.Range(self.since(start), left, stop, operator == "..=")
            else:
                right = self.binary(found + 1)
                if operator == "in" and self.token.text in _RANGES:
                    # `x in 1..5` asks a range, though `..` binds looser.
                    is_inclusive = self.advance().text == "..="
                    stop = self.binary(found + 1)
                    right = tree.Range(self.since(right.place[0]), right, stop, is_inclusive)
                left = tree.Binary(self.since(start), operator, left, right)

    def require_short(self, length: int) -> None:
        """Refuse a chain of operators or calls that is longer than any that a person writes.

        Errors    Stopped  beyond `_LONGEST_CHAIN`.
        """
        if length > _LONGEST_CHAIN:
            message = f"an expression has more than {_LONGEST_CHAIN} operators in a row"
            self.findings.error("ruchy.limit", message, self.token.place)
            raise Stopped

    def _infix(self) -> str:
        token = self.token
        if token.kind == "name":
            return "in" if token.text == "in" and self.takes_in else ""
        if token.kind != "operator":
            return ""
        if token.text == "<" and self.peek().place[0] == token.place[1]:
            after = self.peek()
            if after.text == "?":
                return "<?"
            if after.text == "-" and self.peek(2).text[:1].isupper() and self.peek(2).place[0] > after.place[1]:
                return "<-"
        if token.text == "!" and (token.is_first or self.peek().is_first):
            return ""
        return token.text if token.text in _LEVEL else ""

    def _take_infix(self, operator: str) -> None:
        self.advance()
        if operator in {"<?", "<-"}:
            self.advance()

    def _open_range(self, start: int) -> Expression:
        is_inclusive = self.advance().text == "..="
        stop = self.binary(_LEVEL[".."] + 1) if self._starts_expression() else None
        return tree.Range(self.since(start), None, stop, is_inclusive)

    def _starts_expression(self) -> bool:
        token = self.token
        if token.text == "{" and self.is_bare:
            return False
        return not (token.text in _ENDS or token.is_first or token.text in {"if", "for"})

    def unary(self) -> Expression:
        """A prefix operator and its operand; `**` binds tighter than a minus on its left."""
        token = self.token
        if token.kind != "operator" or token.text not in {"-", "!", "~", "&", "&&", "*", "++", "--"}:
            return self._power()
        with self.nested():
            self.advance()
            if token.text in _UNSUPPORTED_PREFIX:
                self.unsupported(_UNSUPPORTED_PREFIX[token.text], token.place, "write `x += 1` or `x -= 1`")
            if token.text in {"&", "&&"}:
                self.accept_word("mut")
                return self.unary()
            operand = self.unary()
            if token.text == "*":
                return operand
            if token.text == "-" and isinstance(operand, tree.Integer | tree.Float):
                return self._negated(token, operand)
            self._require_range(operand)
            return tree.Unary(self.since(token.place[0]), token.text, operand)

    def _negated(self, token: Token, operand: tree.Integer | tree.Float) -> Expression:
        place = self.since(token.place[0])
        if isinstance(operand, tree.Integer):
            return tree.Integer(place, -operand.value)
        return tree.Float(place, -operand.value)

    def _require_range(self, value: Expression) -> None:
        if isinstance(value, tree.Integer) and value.value > (1 << 63) - 1:
            self.refuse("an integer is larger than 9223372036854775807", place=value.place)

    def _power(self) -> Expression:
        start = self.token.place[0]
        base = self.postfix()
        if not self.is_at("**"):
            if isinstance(base, tree.Integer) and not (self.at and self.tokens[self.at - 2].text == "-"):
                self._require_range(base)
            return base
        self.advance()
        with self.nested():
            exponent = self.unary()
        return tree.Binary(self.since(start), "**", base, exponent)

    # What stands behind a value.

    def postfix(self) -> Expression:
        """A primary expression with fields, calls, indexes, `?` and `as` behind it."""
        start = self.token.place[0]
        found = self.primary()
        length = 0
        while True:
            token = self.token
            length += 1
            self.require_short(length)
            if token.kind == "name":
                if token.text != "as":
                    return found
                self.advance()
                found = tree.Cast(self.since(start), found, self.type())
                continue
            reader = self._suffix(token)
            if reader is None:
                return found
            found = reader(self, start, found)

    def _suffix(self, token: Token) -> _Suffix | None:
        if token.kind != "operator":
            return None
        if token.text in {"(", "["}:
            return None if token.is_first else (_call if token.text == "(" else _index)
        if token.text in {".", "?."}:
            return _member
        if token.text == "?":
            return None if token.is_first or self._is_ternary() else _try
        if token.text in _UNSUPPORTED_PREFIX and not token.is_first:
            self.unsupported(_UNSUPPORTED_PREFIX[token.text], token.place, "write `x += 1` or `x -= 1`")
        return None

    def arguments(self) -> tuple[Expression, ...]:
        """`(a, b)`."""
        opened = self.advance()
        found: list[Expression] = []
        with self.context(is_bare=False):
            while not self.is_at(")"):
                if self.token.kind == "name" and self.peek().text == ":" and self.peek().kind == "operator":
                    self.unsupported("an argument by name", self.token.place, "give the arguments in their order")
                found.append(self._spread_or_expression())
                if not self.accept(","):
                    break
        self.expect_close(")", opened)
        return tuple(found)

    def _spread_or_expression(self) -> Expression:
        if self.is_at("..."):
            start = self.advance().place[0]
            value = self.expression()
            return tree.Spread(self.since(start), value)
        return self.expression()

    # Primary expressions.

    def primary(self) -> Expression:
        """A literal, a name, brackets, a closure, or what begins with a keyword."""
        token = self.token
        reader = _PRIMARY.get(token.kind)
        if reader is not None:
            return reader(self)
        reader = _PRIMARY.get(token.text) if token.kind == "operator" else None
        if reader is None:
            if token.text == ":" and self.peek().kind == "name" and self.peek().place[0] == token.place[1]:
                self.unsupported(
                    "atoms", (token.place[0], self.peek().place[1]), f'write a text: `"{self.peek().text}"`'
                )
            self.refuse("an expression is missing", found=True)
        return reader(self)

    def _literal(self) -> Expression:
        token, after = self.token, self.peek()
        if token.text == '""' and after.text.startswith('"') and after.place[0] == token.place[1]:
            self.unsupported(
                "texts in triple quotes", (token.place[0], after.place[1]), "a plain text may have many lines"
            )
        return self.literal()

    def _format(self) -> Expression:
        token = self.advance()
        parts: list[str | tree.Hole] = []
        assert isinstance(token.value, tuple)
        for piece in token.value:
            if piece.place is None:
                parts.append(piece.text)
            else:
                parts.append(tree.Hole(piece.place, self.hole(piece.place[0], piece.place[1]), piece.spec))
        return tree.FormatText(token.place, tuple(parts))

    def hole(self, start: int, end: int) -> Expression:
        """The expression in a hole of a format text."""
        raise NotImplementedError

    def _word(self) -> Expression:
        compound = self.compound() or (self.declaration() if self.is_word("let") else None)
        if compound is not None:
            return compound
        token = self.token
        after = self.peek()
        if token.text in {"true", "false", "null", "nil"}:
            return self.literal()
        if token.text in RESERVED:
            self.refuse(f"an expression is missing, here stands the keyword `{token.text}`")
        if after.text == "!" and after.place[0] == token.place[1] and self.peek(2).text in {"(", "[", "{"}:
            return self._macro()
        if after.text == "=>" and self.takes_arrow and after.kind == "operator":
            return self._arrow_of_name()
        return self._name()

    def _name(self) -> Expression:
        token = self.advance()
        parts = [token.text]
        while self.is_at("::"):
            self.advance()
            if self.is_at("<"):
                self.type_arguments()
                continue
            if self.token.kind != "name":
                self.refuse("a name is missing after `::`", found=True)
            parts.append(self.advance().text)
        if self.is_at("{") and not self.is_bare and not self.token.is_virtual and self._begins_fields(parts[-1]):
            return self._struct_literal(token.place[0], tuple(parts))
        if len(parts) > 1:
            return tree.Path(self.since(token.place[0]), tuple(parts))
        return tree.Name(token.place, token.text)

    def _begins_fields(self, name: str) -> bool:
        if not name[0].isupper() or self.token.is_first:
            return False
        first, second = self.peek(), self.peek(2)
        if first.text in {"}", "..", "..."} and first.kind == "operator":
            return True
        return first.kind in {"name", "text"} and second.text in {":", ",", "}"} and second.kind == "operator"

    def _struct_literal(self, start: int, path: tuple[str, ...]) -> Expression:
        opened = self.advance()
        entries: list[tree.FieldValue] = []
        base = None
        with self.context(is_bare=False):
            while not self.is_at("}"):
                if self.token.text in {"..", "..."}:
                    self.advance()
                    base = self.expression()
                    break
                entries.append(self._field_value())
                if not self.accept(",") and not (self.token.is_first and self.token.kind == "name"):
                    break
        self.expect_close("}", opened)
        return tree.StructLiteral(self.since(start), path, tuple(entries), base)

    def _field_value(self) -> tree.FieldValue:
        token = self.advance()
        if token.kind not in {"name", "text"}:
            self.refuse("the name of a field is missing", place=token.place)
        name = str(token.value) if token.kind == "text" else token.text
        if self.accept(":"):
            return tree.FieldValue(self.since(token.place[0]), name, self.expression())
        return tree.FieldValue(token.place, name, tree.Name(token.place, name))

    def _macro(self) -> Expression:
        token = self.advance()
        if token.text not in MACROS:
            self.unsupported(f"the macro `{token.text}!`", token.place, "define a function instead")
        self.advance()
        if self.token.text == "(":
            if token.text == "vec":
                return self._list_of(")", token.place[0])
            arguments = self.arguments()
            return tree.Call(self.since(token.place[0]), tree.Name(token.place, token.text), arguments)
        if token.text == "vec":
            return self._list_of("]" if self.is_at("[") else "}", token.place[0])
        return self._columns(token)

    def _columns(self, token: Token) -> Expression:
        """`df![ "a" => [1, 2], b => [3] ]`."""
        opened = self.advance()
        closing = "]" if opened.text == "[" else "}"
        pairs: list[Expression] = []
        with self.context(is_bare=False):
            while not self.is_at(closing):
                key = self.advance()
                name = str(key.value) if key.kind == "text" else key.text
                self.expect("=>", "after the name of a column")
                value = self.expression()
                pairs.append(tree.TupleLiteral(self.since(key.place[0]), (tree.Text(key.place, name), value)))
                if not self.accept(","):
                    break
        self.expect_close(closing, opened)
        place = self.since(token.place[0])
        return tree.Call(place, tree.Name(token.place, token.text), (tree.ListLiteral(place, tuple(pairs)),))

    # Brackets.

    def _list(self) -> Expression:
        return self._list_of("]", self.token.place[0])

    def _list_of(self, closing: str, start: int) -> Expression:
        opened = self.advance()
        with self.context(is_bare=False):
            if self.is_at(closing):
                self.advance()
                return tree.ListLiteral(self.since(start), ())
            first = self._spread_or_expression()
            if self.accept(";"):
                count = self.expression()
                self.expect_close(closing, opened)
                return tree.ListRepeat(self.since(start), first, count)
            if self.is_word("for"):
                clauses = self._clauses()
                self.expect_close(closing, opened)
                return tree.Comprehension(self.since(start), first, clauses)
            items = [first]
            while self.accept(",") and not self.is_at(closing):
                items.append(self._spread_or_expression())
        self.expect_close(closing, opened)
        return tree.ListLiteral(self.since(start), tuple(items))

    def _clauses(self) -> tuple[tree.Clause, ...]:
        found: list[tree.Clause] = []
        while self.is_word("for", "if"):
            word = self.advance()
            pattern = None
            if word.text == "for":
                pattern = self.loop_pattern()
            found.append(tree.Clause(self.since(word.place[0]), pattern, self.expression()))
        return tuple(found)

    def loop_pattern(self) -> tree.Pattern:
        """The pattern of a loop up to and with `in`; `k, v` is a pair without its parentheses."""
        start = self.token.place[0]
        items = [self.single_pattern()]
        while self.accept(","):
            items.append(self.single_pattern())
        if not self.accept_word("in"):
            self.refuse("`in` is missing after the variable of the loop", found=True)
        return items[0] if len(items) == 1 else tree.TuplePattern(self.since(start), tuple(items))

    def _parenthesis(self) -> Expression:
        if self.takes_arrow and self._is_arrow_list():
            return self._arrow_of_list()
        opened = self.advance()
        with self.context(is_bare=False):
            if self.accept(")"):
                return tree.Nil(self.since(opened.place[0]))
            items = [self.expression()]
            has_comma = False
            while self.accept(","):
                has_comma = True
                if self.is_at(")"):
                    break
                items.append(self.expression())
        self.expect_close(")", opened)
        place = self.since(opened.place[0])
        if has_comma:
            return tree.TupleLiteral(place, tuple(items))
        return items[0]

    def _brace(self) -> Expression:
        if self.begins_object():
            return self._object()
        if self.peek().text == "}" and not self.token.is_virtual:
            opened = self.advance()
            self.advance()
            return tree.ObjectLiteral(self.since(opened.place[0]), ())
        return self.block()

    def begins_object(self) -> bool:
        """Whether the brace here begins an object and no block."""
        if self.token.is_virtual:
            return False
        first, second = self.peek(), self.peek(2)
        if first.text == "..." and first.kind == "operator":
            return True
        if first.kind in {"integer", "float", "text"} and second.text == ",":
            self.unsupported("a set literal", self.since(self.token.place[0]), "write a list: `[1, 2]`")
        return first.kind in {"name", "text", "integer"} and second.text in {":", ","} and second.kind == "operator"

    def _object(self) -> Expression:
        opened = self.advance()
        entries: list[tree.FieldValue | tree.Spread] = []
        with self.context(is_bare=False):
            while not self.is_at("}"):
                if self.is_at("..."):
                    start = self.advance().place[0]
                    value = self.expression()
                    entries.append(tree.Spread(self.since(start), value))
                elif self.token.kind == "integer":
                    self.unsupported("a number as key of an object", self.token.place, 'write it as text: `"1"`')
                else:
                    entries.append(self._field_value())
                if self.is_word("for"):
                    self.unsupported("a comprehension of an object", self.token.place, "fill it in a loop")
                if not self.accept(","):
                    break
        self.expect_close("}", opened)
        return tree.ObjectLiteral(self.since(opened.place[0]), tuple(entries))

    # Closures.

    def _bars(self) -> Expression:
        opened = self.advance()
        parameters: list[tree.Parameter] = []
        if opened.text == "|":
            while not self.is_at("|"):
                parameters.append(self.parameter(is_closure=True))
                if not self.accept(","):
                    break
            self.expect("|", "after the parameters of a closure")
        return self.closure(opened.place[0], tuple(parameters))

    def closure(self, start: int, parameters: tuple[tree.Parameter, ...]) -> Expression:
        """What follows the parameters: a result type and the body."""
        result = self.type() if self.accept("->") else None
        with self.context(is_bare=self.is_bare):
            body = self.body_expression()
        return tree.Closure(self.since(start), parameters, result, body)

    def body_expression(self) -> Expression:
        """The body of a closure or an arm, where `{}` is an empty block."""
        if self.is_at("{") and not self.begins_object():
            return self.postfix_of_block()
        return self.expression()

    def postfix_of_block(self) -> Expression:
        """A block where a brace never begins an empty object."""
        return self.block()

    def parameter(self, *, is_closure: bool = False) -> tree.Parameter:
        """One parameter of a function or closure."""
        start = self.token.place[0]
        mode = "value"
        while self.token.text in {"&", "&&"}:
            self.advance()
            mode = "ref"
            if self.token.kind == "label":
                self.advance()
        if self.is_word("mut"):
            self.advance()
            mode = "mut" if mode == "ref" else mode
        pattern = self.single_pattern() if is_closure else self.pattern()
        written = self.type() if self.accept(":") else None
        default = self.expression() if self.accept("=") else None
        return tree.Parameter(self.since(start), pattern, written, default, mode)

    def _arrow_of_name(self) -> Expression:
        token = self.name("a parameter")
        parameter = tree.Parameter(token.place, tree.BindPattern(token.place, token.text, None), None, None, "value")
        self.expect("=>", "after the parameter")
        return self.closure(token.place[0], (parameter,))

    def _arrow_of_list(self) -> Expression:
        opened = self.advance()
        parameters: list[tree.Parameter] = []
        while not self.is_at(")"):
            parameters.append(self.parameter(is_closure=True))
            if not self.accept(","):
                break
        self.expect_close(")", opened)
        self.expect("=>", "after the parameters")
        return self.closure(opened.place[0], tuple(parameters))

    def _is_arrow_list(self) -> bool:
        """Whether the bracket that is closed is followed by `=>`; only names, commas and types stand between."""
        closing = self.closing()
        if closing is None or self.peek(closing + 1).text != "=>" or self.peek(closing + 1).kind != "operator":
            return False
        between = (self.peek(distance) for distance in range(1, closing))
        return not any(token.text in {";", "{", "=>"} or token.is_virtual for token in between)


def _call(parser: ExpressionParser, start: int, found: Expression) -> Expression:
    arguments = parser.arguments()
    return tree.Call(parser.since(start), found, arguments)


def _index(parser: ExpressionParser, start: int, found: Expression) -> Expression:
    opened = parser.advance()
    with parser.context(is_bare=False):
        if parser.is_at("]"):
            parser.refuse("an index is missing", found=True)
        index = parser.expression()
    parser.expect_close("]", opened)
    return tree.Index(parser.since(start), found, index)


def _try(parser: ExpressionParser, start: int, found: Expression) -> Expression:
    parser.advance()
    return tree.Try(parser.since(start), found)


def _member(parser: ExpressionParser, start: int, found: Expression) -> Expression:
    is_optional = parser.advance().text == "?."
    token = parser.token
    if token.kind == "float":
        # `pair.0.1` reads `0.1` as one number.
        parser.advance()
        first, _, second = token.text.partition(".")
        inner = tree.Field((start, token.place[0] + len(first)), found, first, is_optional)
        return tree.Field(parser.since(start), inner, second, is_optional=False)
    if token.kind == "integer":
        parser.advance()
        return tree.Field(parser.since(start), found, token.text, is_optional)
    if token.kind != "name":
        parser.refuse("a name is missing after `.`", found=True)
    parser.advance()
    if token.text == "await" and not parser.is_at("("):
        return tree.Await(parser.since(start), found)
    types: tuple[tree.TypeExpression, ...] = ()
    if parser.is_at("::") and parser.peek().text == "<":
        parser.advance()
        types = parser.type_arguments()
    if parser.is_at("(") and not parser.token.is_first:
        arguments = parser.arguments()
        return tree.MethodCall(parser.since(start), found, token.text, arguments, is_optional, types)
    return tree.Field(parser.since(start), found, token.text, is_optional)


if TYPE_CHECKING:
    from collections.abc import Callable

    _Suffix = Callable[[ExpressionParser, int, Expression], Expression]
    _Primary = Callable[[ExpressionParser], Expression]

_PRIMARY: dict[str, _Primary] = {
    "integer": ExpressionParser._literal,
    "float": ExpressionParser._literal,
    "text": ExpressionParser._literal,
    "format": ExpressionParser._format,
    "name": ExpressionParser._word,
    "(": ExpressionParser._parenthesis,
    "[": ExpressionParser._list,
    "{": ExpressionParser._brace,
    "label": lambda parser: parser.labelled(),
    "|": ExpressionParser._bars,
    "||": ExpressionParser._bars,
}
