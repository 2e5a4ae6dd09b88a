"""From tokens to the tree of a file.

Enters: a `Source`. Leaves: `Program`, and findings, all of the file in one run. The parsers of types, patterns,
expressions and blocks stand below this one, which reads declarations. Words are keywords only where they begin
something: `handler`, `type` and their like are names elsewhere. Read `law.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.findings import Stopped
from sovereign.migration.ruchy.law import bound_names
from sovereign.migration.ruchy.layout import lay_out
from sovereign.migration.ruchy.lexer import lex
from sovereign.migration.ruchy.parse_blocks import BlockParser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.ruchy.findings import Findings
    from sovereign.migration.ruchy.lexer import Token
    from sovereign.migration.ruchy.sources import Source, Sources
    from sovereign.migration.ruchy.tree import Expression

__all__ = ["Parser", "parse"]

_DECLARATIONS = frozenset("fun fn struct class enum trait impl mod module actor type use import from".split())
_EXOTIC = {
    "effect": "effects",
    "handle": "effects",
    "infra": "`infra` blocks",
    "signal": "signals",
    "yield": "`yield`",
    "lazy": "`lazy`",
    "macro": "macro definitions",
    "macro_rules": "macro definitions",
    "export": "`export`",
    "extend": "`extend`",
    "interface": "`interface`",
    "mixin": "mixins",
    "sealed": "sealed classes",
    "abstract": "abstract classes",
    "extern": "foreign functions",
    "union": "unions",
    "property": "properties",
    "operator": "operator overloading",
}
_INSTEAD = {"interface": "write `trait`", "extend": "write `impl`", "lazy": "write a closure: `|| value`"}
_VISIBILITY = frozenset("pub public private protected final override open static async unsafe default".split())


class Parser(BlockParser):
    """Reads a whole file."""

    sources: Sources

    def program(self) -> tree.Program:
        """Every statement of the file."""
        statements: list[Expression] = []
        while self.token.kind != "end":
            statements += self.statements("")
        return tree.Program((self.source.base, self.source.base + len(self.source.text)), tuple(statements))

    def hole(self, start: int, end: int) -> Expression:
        """The expression in a hole of a format text, read by a parser of its own."""
        base = self.source.base
        tokens = lex(self.source, self.findings, start=start - base, end=end - base)
        if len(tokens) == 1:
            self.refuse("a hole in a format text is empty", place=(start - 1, end + 1))
        inner = Parser(self.source, tokens, self.findings)
        inner.depth = self.depth
        with inner.nested():
            value = inner.expression()
        if inner.token.kind != "end":
            inner.refuse("the hole should end before " + inner.shown())
        return value

    def declaration(self) -> Expression | None:
        """A declaration, if one stands here."""
        if self.token.kind == "label":
            return self.labelled()
        decorators: tuple[str, ...] = ()
        if self.token.text in {"#", "@"} and self.token.kind == "operator":
            decorators = tuple(token.text for token in self.skip_attributes() if token.kind == "name")
        if self.token.kind != "name":
            return None
        start = self.token.place[0]
        self._visibility()
        reader = _DECLARE.get(self.token.text)
        found = reader(self, start, decorators) if reader is not None else None
        if found is None and self.token.text in _EXOTIC:
            self._exotic()
        if found is None and self.tokens[self.at - 1].text == "async":
            self.jump(self.at - 1)
        return found

    def _visibility(self) -> None:
        while self.token.text in _VISIBILITY and self.peek().kind in {"name", "operator"}:
            after = self.peek()
            if self.token.text == "pub" and after.text == "(":
                self.advance()
                opened = self.advance()
                self.advance()
                self.expect_close(")", opened)
                continue
            known = after.text in _DECLARATIONS or after.text in _VISIBILITY or after.text in {"let", "const", "new"}
            if after.kind != "name" or after.is_first or not (known or self.token.text == "pub"):
                return
            if self.token.text == "static" and after.text not in _DECLARATIONS:
                return
            self.advance()

    def _exotic(self) -> None:
        token, after = self.token, self.peek()
        begins_value = after.kind in {"name", "integer", "float", "text", "format"} or after.text in {"{", "!"}
        if after.is_first or not begins_value or after.text in {"in", "as"}:
            return
        self.unsupported(_EXOTIC[token.text], token.place, _INSTEAD.get(token.text))

    # Bindings.

    def _let(self, start: int, _decorators: tuple[str, ...]) -> Expression | None:
        word = self.token.text
        after = self.peek()
        if word != "let" and (
            after.kind not in {"name", "operator"} or after.is_first or after.text in {"=", ".", "("}
        ):
            return None
        if word != "let" and after.kind == "operator" and after.text not in {"[", "{"}:
            return None
        self.advance()
        is_mutable = self.accept_word("mut")
        pattern = self.pattern()
        written = self.type() if self.accept(":") else None
        if not self.is_at("="):
            self.refuse("`=` and a value are missing after the name", found=True)
        self.advance()
        with self.context(is_bare=self.is_bare, takes_in=False):
            value = self.expression()
        otherwise = None
        if self.is_word("in"):
            return self._let_in(start, word, pattern, written, value)
        if self.is_word("else"):
            self.advance()
            otherwise = self.block()
        keyword = f"{word} mut" if is_mutable else word
        return tree.Let(self.since(start), keyword, pattern, written, value, otherwise)

    def _let_in(
        self,
        start: int,
        word: str,
        pattern: tree.Pattern,
        written: tree.TypeExpression | None,
        value: Expression,
    ) -> Expression:
        """`let x = value in body` where the body speaks of `x`; else `in` asks whether a list holds the value."""
        self.advance()
        body = self.body_expression()
        names = set(bound_names(pattern))
        speaks = any(isinstance(each, tree.Name) and each.name in names for each in tree.walk(body))
        if speaks or isinstance(body, tree.Block):
            made = tree.Let(self.since(start), word, pattern, written, value, None)
            return tree.Block(self.since(start), (made, body))
        found = tree.Binary((value.place[0], body.place[1]), "in", value, body)
        return tree.Let(self.since(start), word, pattern, written, found, None)

    # Functions.

    def _function(self, start: int, decorators: tuple[str, ...]) -> Expression | None:
        if self.peek().kind != "name":
            return None
        self.advance()
        return self._function_after_word(start, decorators, is_announced=False)

    def _function_after_word(
        self, start: int, decorators: tuple[str, ...], *, is_announced: bool
    ) -> tree.FunctionDeclaration:
        token = self.name("the name of the function")
        generics = self.generics()
        parameters = self.parameters()
        result = self.type() if self.accept("->") else None
        self.where()
        requires, ensures = self._contracts()
        body = None if is_announced and not self.is_at("{") else self.block()
        return tree.FunctionDeclaration(
            self.since(start),
            token.text,
            generics,
            parameters,
            result,
            body,
            decorators,
            requires,
            ensures,
            token.place,
        )

    def _contracts(self) -> tuple[tuple[Expression, ...], tuple[Expression, ...]]:
        found: dict[str, list[Expression]] = {"requires": [], "ensures": []}
        while self.is_word("requires", "ensures", "decreases", "invariant"):
            word = self.advance()
            if word.text not in found:
                self.unsupported(f"`{word.text}`", word.place, "write `requires` or `ensures`")
            with self.context(is_bare=True):
                found[word.text].append(self.expression())
        return tuple(found["requires"]), tuple(found["ensures"])

    def _methods_and_fields(
        self, methods: list[tree.FunctionDeclaration], entries: list[tree.FieldDeclaration]
    ) -> None:
        """One member of a struct, class or impl."""
        decorators = tuple(token.text for token in self.skip_attributes() if token.kind == "name")
        start = self.token.place[0]
        self._visibility()
        if self.is_word("pub", "let", "mut") and self.peek().kind == "name":
            self.advance()
        if self.is_word("fun", "fn"):
            self.advance()
            methods.append(self._function_after_word(start, decorators, is_announced=True))
        elif self.is_word("new", "init") and self.peek().text == "(":
            methods.append(self._function_after_word(start, decorators, is_announced=False))
        elif self.is_word("type", "const") and self.peek().kind == "name":
            self.unsupported("constants and types inside a declaration", self.token.place)
        else:
            entries.append(self._field_declaration(start))

    def _field_declaration(self, start: int) -> tree.FieldDeclaration:
        if self.token.text in _EXOTIC:
            self._exotic()
        token = self.name("the name of a field")
        written = self.type() if self.accept(":") else None
        default = self.expression() if self.accept("=") else None
        return tree.FieldDeclaration(self.since(start), token.text, written, default)

    def _members(self) -> tuple[tuple[tree.FieldDeclaration, ...], tuple[tree.FunctionDeclaration, ...]]:
        if not self.is_at("{"):
            self.refuse("the body of the declaration is missing", found=True)
        opened = self.advance()
        methods: list[tree.FunctionDeclaration] = []
        entries: list[tree.FieldDeclaration] = []
        with self.nested():
            while not self.is_at("}") and self.token.kind != "end":
                self._methods_and_fields(methods, entries)
                is_separated = self.accept(",") or self.accept(";") or self.token.is_first
                if not is_separated and not self.is_at("}") and self.tokens[self.at - 1].text != "}":
                    self.refuse("`,` is missing after the field", found=True)
        self.expect_close("}", opened)
        return tuple(entries), tuple(methods)

    # Structs, classes, enums, traits.

    def _struct(self, start: int, _decorators: tuple[str, ...]) -> Expression | None:
        if self.peek().kind != "name":
            return None
        is_class = self.advance().text == "class"
        name = self.name("the name of the type").text
        generics = self.generics()
        if self.is_at("("):
            entries = self._tuple_fields()
            self.accept(";")
            return tree.StructDeclaration(self.since(start), name, generics, entries, (), None, is_class, is_tuple=True)
        base = None
        if self.accept(":") or self.accept_word("extends"):
            base = self.name("the name of the class that it extends").text
            while self.accept(",") or self.accept("+"):
                self.name("the name of a trait")
        self.where()
        if not self.is_at("{"):
            self.accept(";")
            return tree.StructDeclaration(self.since(start), name, generics, (), (), base, is_class, is_tuple=False)
        entries, methods = self._members()
        return tree.StructDeclaration(
            self.since(start), name, generics, entries, methods, base, is_class, is_tuple=False
        )

    def _tuple_fields(self) -> tuple[tree.FieldDeclaration, ...]:
        opened = self.advance()
        found: list[tree.FieldDeclaration] = []
        while not self.is_at(")"):
            start = self.token.place[0]
            self.accept_word("pub")
            if self.token.kind == "name" and self.peek().text == ":" and self.peek().kind == "operator":
                self.advance()
                self.advance()
            written = self.type()
            found.append(tree.FieldDeclaration(self.since(start), str(len(found)), written, None))
            if not self.accept(","):
                break
        self.expect_close(")", opened)
        return tuple(found)

    def _enum(self, start: int, _decorators: tuple[str, ...]) -> Expression | None:
        if self.peek().kind != "name":
            return None
        self.advance()
        name = self.name("the name of the enum").text
        generics = self.generics()
        opened = self.expect("{", "before the variants")
        variants: list[tree.Variant] = []
        methods: list[tree.FunctionDeclaration] = []
        while not self.is_at("}") and self.token.kind != "end":
            self.skip_attributes()
            if self.is_word("fun", "fn", "pub"):
                self._methods_and_fields(methods, [])
            else:
                variants.append(self._variant())
            if not self.accept(",") and not self.token.is_first and self.tokens[self.at - 1].text != "}":
                break
        self.expect_close("}", opened)
        return tree.EnumDeclaration(self.since(start), name, generics, tuple(variants), tuple(methods))

    def _variant(self) -> tree.Variant:
        start = self.token.place[0]
        token = self.name("the name of a variant") if not self.is_word("None") else self.advance()
        entries: tuple[tree.FieldDeclaration, ...] | None = None
        is_tuple = self.is_at("(")
        if is_tuple:
            entries = self._tuple_fields()
        elif self.is_at("{"):
            entries, _ = self._members()
        discriminant = self.expression() if self.accept("=") else None
        return tree.Variant(self.since(start), token.text, entries, is_tuple, discriminant)

    def _trait(self, start: int, _decorators: tuple[str, ...]) -> Expression | None:
        if self.peek().kind != "name":
            return None
        self.advance()
        name = self.name("the name of the trait").text
        generics = self.generics()
        if self.accept(":"):
            self._bounds()
        self.where()
        entries, methods = self._members()
        if entries:
            self.refuse("a trait has methods only", place=entries[0].place)
        return tree.TraitDeclaration(self.since(start), name, generics, methods)

    def _impl(self, start: int, _decorators: tuple[str, ...]) -> Expression | None:
        if self.peek().kind != "name" and self.peek().text != "<":
            return None
        self.advance()
        generics = self.generics()
        first = self.type()
        target = first
        trait = None
        if self.accept_word("for"):
            trait = first.name if isinstance(first, tree.NamedType) else ""
            target = self.type()
        self.where()
        if not isinstance(target, tree.NamedType):
            self.refuse("an `impl` needs the name of a type", place=target.place)
        entries, methods = self._members()
        if entries:
            self.refuse("an `impl` has functions only", place=entries[0].place)
        return tree.ImplDeclaration(self.since(start), trait, target.name, generics, methods)

    # Modules, imports, types, actors.

    def _module(self, start: int, _decorators: tuple[str, ...]) -> Expression | None:
        if self.peek().kind != "name" or self.peek(2).text not in {"{", ";"}:
            return None
        self.advance()
        name = self.name("the name of the module").text
        if self.accept(";"):
            return tree.ImportDeclaration(self.since(start), (name,), None, None)
        body = self.block()
        return tree.ModuleDeclaration(self.since(start), name, body)

    def _use(self, start: int, _decorators: tuple[str, ...]) -> Expression | None:
        after = self.peek()
        if after.kind == "text":
            self.unsupported("an import from an address", after.place, "put the file beside the program: `import name`")
        if after.kind not in {"name", "text"} or after.is_first:
            return None
        self.advance()
        path = self._import_path()
        names = None
        alias = None
        if self.accept("::") or self.accept("."):
            names = self._import_names()
        elif self.token.is_first:
            pass  # `from` on the next line begins another import
        elif self.accept_word("as"):
            alias = self.name("the other name of the module").text
        elif self.accept_word("from"):
            names, path = tuple((name, name) for name in path), self._import_path()
        return tree.ImportDeclaration(self.since(start), path, names, alias)

    def _import_path(self) -> tuple[str, ...]:
        words = [self.advance().text]
        while self.token.text in {"::", "."} and self.peek().kind == "name":
            self.advance()
            words.append(self.advance().text)
        return tuple(words)

    def _import_names(self) -> tuple[tuple[str, str], ...]:
        if self.accept("*"):
            return (("*", "*"),)
        if not self.is_at("{"):
            self.refuse("the names to import are missing", found=True)
        opened = self.advance()
        return self._names_to_import("}", opened)

    def _names_to_import(self, closing: str, opened: Token | None) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        while not (closing and self.is_at(closing)):
            token = self.advance()
            if token.kind != "name":
                self.refuse("a name to import is missing", place=token.place)
            name = token.text
            while self.accept("::"):
                name = self.advance().text
            found.append((name, self.name("the other name").text if self.accept_word("as") else name))
            if not self.accept(","):
                break
        if opened is not None:
            self.expect_close(closing, opened)
        return tuple(found)

    def _from(self, start: int, _decorators: tuple[str, ...]) -> Expression | None:
        if self.peek().kind != "name" or self.peek().is_first:
            return None
        self.advance()
        path = self._import_path()
        if not self.accept_word("import"):
            self.refuse("`import` is missing after the module", found=True)
        names = (("*", "*"),) if self.accept("*") else self._names_to_import("", None)
        return tree.ImportDeclaration(self.since(start), path, names, None)

    def _type_alias(self, start: int, _decorators: tuple[str, ...]) -> Expression | None:
        if self.peek().kind != "name" or self.peek(2).text not in {"=", "<"} or self.peek().is_first:
            return None
        self.advance()
        name = self.name("the name of the type").text
        generics = self.generics()
        self.expect("=", "after the name of the type")
        return tree.TypeDeclaration(self.since(start), name, generics, self.type())

    def _actor(self, start: int, _decorators: tuple[str, ...]) -> Expression | None:
        if self.peek().kind != "name" or self.peek(2).text != "{":
            return None
        self.advance()
        name = self.name("the name of the actor").text
        opened = self.advance()
        entries: list[tree.FieldDeclaration] = []
        methods: list[tree.FunctionDeclaration] = []
        arms: tuple[tree.Arm, ...] = ()
        with self.nested():
            while not self.is_at("}") and self.token.kind != "end":
                if self.is_word("receive") and self.peek().text == "{":
                    self.advance()
                    inner = self.advance()
                    arms += self.arms()
                    self.expect_close("}", inner)
                elif self.is_word("receive"):
                    at = self.advance().place[0]
                    methods.append(self._function_after_word(at, ("receive",), is_announced=False))
                elif self.is_word("state") and self.peek().text == "{":
                    self.advance()
                    inner = self.advance()
                    while not self.is_at("}"):
                        self._methods_and_fields(methods, entries)
                        self.accept(",")
                    self.expect_close("}", inner)
                else:
                    self._methods_and_fields(methods, entries)
                if not self.accept(","):
                    self.accept(";")
        self.expect_close("}", opened)
        return tree.ActorDeclaration(self.since(start), name, tuple(entries), arms, tuple(methods))


_DECLARE: dict[str, Callable[[Parser, int, tuple[str, ...]], Expression | None]] = {
    "let": Parser._let,
    "var": Parser._let,
    "const": Parser._let,
    "static": Parser._let,
    "fun": Parser._function,
    "fn": Parser._function,
    "struct": Parser._struct,
    "class": Parser._struct,
    "enum": Parser._enum,
    "trait": Parser._trait,
    "impl": Parser._impl,
    "mod": Parser._module,
    "module": Parser._module,
    "use": Parser._use,
    "import": Parser._use,
    "from": Parser._from,
    "type": Parser._type_alias,
    "actor": Parser._actor,
}


def parse(source: Source, sources: Sources, findings: Findings) -> tree.Program | None:
    """The tree of a file, or of what of it could be read; None where reading had to stop.

    >>> from sovereign.migration.ruchy.findings import Findings
    >>> from sovereign.migration.ruchy.sources import Sources
    >>> sources = Sources()
    >>> parse(sources.add("a.ruchy", "1 + 2"), sources, Findings(sources)).statements
    (Binary(operator='+', left=Integer(value=1), right=Integer(value=2)),)
    """
    try:
        tokens = lay_out(lex(source, findings), sources, findings)
        return Parser(source, tokens, findings).program()
    except Stopped:
        return None
