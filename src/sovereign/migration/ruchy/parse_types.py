"""Types as they are written.

Enters: a cursor at a type. Leaves: `TypeExpression`s. References and lifetimes are read and mean nothing, since values
are never shared. Read `parse_patterns.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.cursor import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sovereign.migration.ruchy.tree import TypeExpression

__all__ = ["TypeParser"]


class TypeParser(Cursor):
    """Reads types, type parameters and type arguments."""

    def type(self) -> TypeExpression:
        """One type, with any `?` behind it."""
        with self.nested():
            start = self.token.place[0]
            found = self._type()
            while self.is_at("?"):
                self.advance()
                found = tree.NamedType(self.since(start), "Option", (found,))
            return found

    def _type(self) -> TypeExpression:
        if self.token.text in {"&", "&&"} or self.token.kind == "label":
            self._skip_reference()
            return self._type()
        if self.is_at("["):
            return self._list_type()
        if self.is_at("("):
            return self._tuple_type()
        if self.token.text in {"|", "||"}:
            return self._bars_type()
        if self.is_word("fn", "fun", "Fn", "FnMut", "FnOnce") and self.peek().text == "(":
            return self._function_type()
        return self._named_type()

    def _skip_reference(self) -> None:
        self.advance()
        if self.token.kind == "label":
            self.advance()
        self.accept_word("mut")

    def _list_type(self) -> TypeExpression:
        opened = self.advance()
        item = self.type()
        if self.accept(";"):
            if self.token.kind not in {"integer", "name"}:
                self.refuse("the size of an array is missing", found=True)
            self.advance()
        self.expect_close("]", opened)
        return tree.ListType(self.since(opened.place[0]), item)

    def _tuple_type(self) -> TypeExpression:
        opened = self.advance()
        items: list[TypeExpression] = []
        has_comma = False
        while not self.is_at(")"):
            items.append(self.type())
            if not self.accept(","):
                break
            has_comma = True
        self.expect_close(")", opened)
        if len(items) == 1 and not has_comma:
            return items[0]
        return tree.TupleType(self.since(opened.place[0]), tuple(items))

    def _function_type(self) -> TypeExpression:
        start = self.advance().place[0]
        opened = self.advance()
        parameters = self._types(")")
        self.expect_close(")", opened)
        return tree.FunctionType(self.since(start), parameters, self.type() if self.accept("->") else None)

    def _bars_type(self) -> TypeExpression:
        opened = self.advance()
        parameters: tuple[TypeExpression, ...] = ()
        if opened.text == "|":
            parameters = self._types("|")
            self.expect("|", "after the parameters of a function type")
        return tree.FunctionType(self.since(opened.place[0]), parameters, self.type() if self.accept("->") else None)

    def _types(self, closing: str) -> tuple[TypeExpression, ...]:
        found: list[TypeExpression] = []
        while not self.is_at(closing):
            found.append(self.type())
            if not self.accept(","):
                break
        return tuple(found)

    def _named_type(self) -> TypeExpression:
        start = self.token.place[0]
        if self.is_word("impl", "dyn") and self.peek().kind == "name":
            self.advance()
            return self._type()
        words = [self._type_name()]
        while self.is_at("::") and self.peek().kind == "name":
            self.advance()
            words.append(self.advance().text)
        self.accept("::")
        arguments = self.type_arguments() if self.is_at("<") else ()
        return tree.NamedType(self.since(start), "::".join(words), arguments)

    def _type_name(self) -> str:
        if self.token.kind != "name":
            self.refuse("a type is missing", found=True)
        return self.advance().text

    def type_arguments(self) -> tuple[TypeExpression, ...]:
        """`<A, B>`, whose end may be the first half of `>>`."""
        self.advance()
        found: list[TypeExpression] = []
        while not self.token.text.startswith(">"):
            if self.token.kind in {"label", "integer"}:
                self.advance()
            else:
                found.append(self.type())
                if self.accept("="):
                    found[-1] = self.type()
            if not self.accept(","):
                break
        self._close_angle()
        return tuple(found)

    def _close_angle(self) -> None:
        token = self.token
        if token.kind != "operator" or not token.text.startswith(">"):
            self.refuse("`>` is missing after the arguments of a type", found=True)
        if token.text == ">":
            self.advance()
            return
        # `>>` closes two lists: take its first half away, here and in the list of tokens.
        rest = token._replace(text=token.text[1:], place=(token.place[0] + 1, token.place[1]))
        self.tokens[self.at] = self.token = rest

    def generics(self) -> tuple[str, ...]:
        """`<T: Bound, U>` behind the name of a declaration; bounds mean nothing."""
        if not self.accept("<"):
            return ()
        names: list[str] = []
        while not self.token.text.startswith(">"):
            token = self.advance()
            if token.text == "const":
                token = self.advance()
            if token.kind == "name":
                names.append(token.text)
            if self.accept(":"):
                self._bounds()
            if self.accept("="):
                self.type()
            if not self.accept(","):
                break
        self._close_angle()
        return tuple(names)

    def _bounds(self) -> None:
        while True:
            if self.token.kind == "label":
                self.advance()
            else:
                self.type()
            if not self.accept("+"):
                return

    def where(self) -> None:
        """`where T: Bound`, which means nothing."""
        if not self.accept_word("where"):
            return
        while self.token.kind in {"name", "label"}:
            self.type()
            self.expect(":", "in a `where` clause")
            self._bounds()
            if not self.accept(","):
                return
