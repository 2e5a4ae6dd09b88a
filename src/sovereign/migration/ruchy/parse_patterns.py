"""Patterns.

Enters: a cursor at a pattern. Leaves: `Pattern`s. Read `parse_expressions.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.parse_types import TypeParser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sovereign.migration.ruchy.tree import Expression, Pattern

__all__ = ["PatternParser"]

_LITERALS = frozenset({"integer", "float", "text"})
_WORDS = frozenset({"true", "false", "null", "nil"})
_SHORT_VARIANTS = frozenset({"Some", "None", "Ok", "Err"})


class PatternParser(TypeParser):
    """Reads patterns of `match`, `let`, `for`, parameters and `if let`."""

    def pattern(self) -> Pattern:
        """One pattern with its alternatives."""
        start = self.token.place[0]
        self.accept("|")
        options = [self.single_pattern()]
        while self.accept("|"):
            options.append(self.single_pattern())
        return options[0] if len(options) == 1 else tree.OrPattern(self.since(start), tuple(options))

    def single_pattern(self) -> Pattern:
        """One pattern without alternatives."""
        with self.nested():
            while self.token.text in {"&", "&&"}:
                self.advance()
            start = self.token.place[0]
            if self._is_literal():
                return self._literal_pattern(start)
            if self.is_at("..") or self.is_at("..."):
                self.refuse("`..` stands only inside a list pattern")
            if self.is_at("..="):
                self.advance()
                return tree.RangePattern(self.since(start), None, self._pattern_bound(), is_inclusive=True)
            if self.is_at("("):
                return self._tuple_pattern()
            if self.is_at("["):
                return self._list_pattern()
            if self.is_at("{"):
                return tree.StructPattern(self.since(start), (), self._pattern_fields())
            return self._named_pattern(start)

    def _is_literal(self) -> bool:
        kind = self.token.kind
        return kind in _LITERALS or self.is_at("-") or (kind == "name" and self.token.text in _WORDS)

    def _literal_pattern(self, start: int) -> Pattern:
        value = self._pattern_bound()
        if self.token.text in {"..", "..=", "..."} and self.token.kind == "operator":
            is_inclusive = self.advance().text == "..="
            high = self._pattern_bound() if self._is_literal() else None
            return tree.RangePattern(self.since(start), value, high, is_inclusive)
        return tree.LiteralPattern(self.since(start), value)

    def _pattern_bound(self) -> Expression:
        start = self.token.place[0]
        if self.accept("-"):
            value = self._pattern_bound()
            if not isinstance(value, tree.Integer | tree.Float):
                self.refuse("a number is missing after `-`", place=value.place)
            return tree.Unary(self.since(start), "-", value)
        return self.literal()

    def literal(self) -> Expression:
        """A literal that is one token."""
        token = self.token
        if token.kind == "integer" and isinstance(token.value, int):
            self.advance()
            return tree.Integer(token.place, token.value)
        if token.kind == "float" and isinstance(token.value, float):
            self.advance()
            return tree.Float(token.place, token.value)
        if token.kind == "text" and isinstance(token.value, str):
            self.advance()
            return tree.Text(token.place, token.value)
        return self._word_literal()

    def _word_literal(self) -> Expression:
        token = self.token
        if token.text in {"true", "false"}:
            self.advance()
            return tree.Boolean(token.place, token.text == "true")
        if token.text in {"null", "nil"}:
            self.advance()
            return tree.Nil(token.place)
        self.refuse("a literal is missing", found=True)

    def _tuple_pattern(self) -> Pattern:
        opened = self.advance()
        items: list[Pattern] = []
        has_comma = False
        while not self.is_at(")"):
            items.append(self.pattern())
            if not self.accept(","):
                break
            has_comma = True
        self.expect_close(")", opened)
        if len(items) == 1 and not has_comma:
            return items[0]
        if not items:
            place = self.since(opened.place[0])
            return tree.LiteralPattern(place, tree.Nil(place))
        return tree.TuplePattern(self.since(opened.place[0]), tuple(items))

    def _list_pattern(self) -> Pattern:
        opened = self.advance()
        items: list[Pattern] = []
        while not self.is_at("]"):
            items.append(self._rest_pattern() if self.token.text in {"..", "..."} else self.pattern())
            if not self.accept(","):
                break
        self.expect_close("]", opened)
        if sum(isinstance(item, tree.RestPattern) for item in items) > 1:
            self.refuse("a list pattern has one `..` at most", place=self.since(opened.place[0]))
        return tree.ListPattern(self.since(opened.place[0]), tuple(items))

    def _rest_pattern(self) -> Pattern:
        start = self.advance().place[0]
        name = self.advance().text if self.token.kind == "name" else None
        return tree.RestPattern(self.since(start), name)

    def _pattern_fields(self) -> tuple[tree.FieldPattern, ...]:
        opened = self.advance()
        found: list[tree.FieldPattern] = []
        while not self.is_at("}"):
            if self.token.text in {"..", "..."}:
                self.advance()
                break
            found.append(self._pattern_field())
            if not self.accept(","):
                break
        self.expect_close("}", opened)
        return tuple(found)

    def _pattern_field(self) -> tree.FieldPattern:
        start = self.token.place[0]
        self.accept_word("mut")
        token = self.advance()
        if token.kind not in {"name", "text"}:
            self.refuse("the name of a field is missing", place=token.place)
        name = str(token.value) if token.kind == "text" else token.text
        pattern = self.pattern() if self.accept(":") else tree.BindPattern(token.place, name, None)
        return tree.FieldPattern(self.since(start), name, pattern)

    def _named_pattern(self, start: int) -> Pattern:
        if self.is_word("mut", "ref") and self.peek().kind == "name":
            self.advance()
            return self._named_pattern(start)
        token = self.name("a pattern")
        if token.text == "_":
            return tree.WildcardPattern(token.place)
        path = [token.text]
        while self.is_at("::") or (self.is_at(".") and token.text[0].isupper()):
            self.advance()
            path.append(self.name("the name of a variant").text)
        if self.is_at("(") and not self.token.is_first:
            opened = self.advance()
            items: list[Pattern] = []
            while not self.is_at(")"):
                items.append(self._rest_pattern() if self.token.text in {"..", "..."} else self.pattern())
                if not self.accept(","):
                    break
            self.expect_close(")", opened)
            return tree.VariantPattern(self.since(start), tuple(path), tuple(items))
        return self._after_name(start, path)

    def _after_name(self, start: int, path: list[str]) -> Pattern:
        is_type = len(path) > 1 or path[0][0].isupper()
        if is_type and self.is_at("{") and not self.token.is_virtual and self._looks_like_fields():
            return tree.StructPattern(self.since(start), tuple(path), self._pattern_fields())
        if len(path) > 1 or path[0] in _SHORT_VARIANTS:
            return tree.VariantPattern(self.since(start), tuple(path), None)
        if self.accept("@"):
            return tree.BindPattern(self.since(start), path[0], self.single_pattern())
        return tree.BindPattern(self.since(start), path[0], None)

    def _looks_like_fields(self) -> bool:
        """Whether the brace here begins fields: in `if let P { x } = p`, never in `match x { A => {} }`."""
        return self.peek().text in {"..", "}"} or self.peek(2).text in {",", ":", "}"}
