"""Random Rust trees: well formed by the grammar, without any meaning.

Enters: a seed. Leaves: a `Program` that uses every kind of node, nested and long enough to need more than a line.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sovereign.migration.rust import tree

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Trees", "random_program"]

NAMES = (
    "a n x index total accumulated_value type match very_long_name_of_a_variable_that_takes_room self_ r größe".split()
)
PATHS = ("x", "i64::MAX", "List::<i64>::new", "shapes::type", "support::floor_div", "<i64 as Default>::default")
TYPES = "i64 f64 Str Int Exc".split()
LETTERS = "ab \"'\\\n\t{}\x00\u202eé😀%"


def random_program(seed: int, functions: int = 4) -> tree.Program:
    """A program of a few items."""
    trees = Trees(seed)
    items = [trees.item() for _ in range(functions)]
    return tree.Program(tuple(items), docs=trees.maybe(trees.words, ""), attributes=(tree.Attribute("allow(unused)"),))


class Trees:
    """A source of random nodes."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - trees, no secrets

    def one(self, *choices):
        return self.random.choice(choices)

    def flip(self) -> bool:
        return self.random.random() < 0.5

    def many(self, make: Callable, low: int = 0, high: int = 3) -> tuple:
        return tuple(make() for _ in range(self.random.randint(low, high)))

    def maybe(self, make: Callable, otherwise=None):
        return make() if self.random.random() < 0.4 else otherwise

    def name(self) -> str:
        return self.random.choice(NAMES)

    def words(self) -> str:
        return "".join(self.random.choice(LETTERS) for _ in range(self.random.randint(1, 30)))

    def text(self) -> tree.Text:
        return tree.Text(self.words())

    # Types and patterns

    def type(self, depth: int = 2) -> tree.Type:
        if depth == 0 or self.random.random() < 0.4:
            return tree.NamedType(self.random.choice(TYPES))

        def inner() -> tree.Type:
            return self.type(depth - 1)

        return self.one(
            lambda: tree.NamedType("Dict", (inner(), inner())),
            lambda: tree.RefType(inner(), mutable=self.flip(), lifetime=self.one("", "a")),
            lambda: tree.RefType(tree.DynType((tree.NamedType("Object"), tree.NamedType("'static")))),
            lambda: tree.TupleType(self.many(inner)),
            lambda: tree.ArrayType(inner(), self.maybe(lambda: tree.Integer(4))),
            lambda: tree.NamedType("Rc", (tree.DynType((tree.FnType(self.many(inner), inner()),)),)),
            lambda: tree.FnType(self.many(inner), inner(), "fn"),
            lambda: tree.ImplType((tree.NamedType("Iterator", (inner(),)), tree.NamedType("Clone"))),
        )()

    def pattern(self, depth: int = 2) -> tree.Pattern:
        if depth == 0 or self.random.random() < 0.4:
            return self.one(tree.Bind(self.name(), mutable=self.flip()), tree.Wildcard(), tree.Bind("x", by_ref=True))

        def inner() -> tree.Pattern:
            return self.pattern(depth - 1)

        return self.one(
            lambda: tree.Bind(self.name(), pattern=inner()),
            lambda: tree.LiteralPattern(self.one(tree.Integer(-7), self.text(), tree.Name("MAX"))),
            lambda: tree.RangePattern(tree.Integer(-3), tree.Integer(9), inclusive=self.flip()),
            lambda: tree.RangePattern(tree.Integer(3), None),
            lambda: tree.TuplePattern((*self.many(inner), tree.Wildcard(rest=True)), slice=self.flip()),
            lambda: tree.TuplePattern(self.many(inner)),
            lambda: tree.VariantPattern("Some", self.many(inner)),
            lambda: tree.StructPattern("Point", (("x", inner()), ("type", tree.Bind("type"))), rest=self.flip()),
            lambda: tree.OrPattern(self.many(inner, 2, 3)),
        )()

    # Expressions

    def leaf(self) -> tree.Expression:
        return self.one(
            lambda: tree.Name(self.name()),
            lambda: tree.Name(self.random.choice(PATHS)),
            lambda: tree.Integer(self.random.randint(-300, 2**64), self.one("", "", "i64"), self.one(10, 10, 16, 2, 8)),
            lambda: tree.Float(self.random.choice((0.1, -2.5, 1e300, -0.0, 5e-324, 1e16)), self.one("", "f64")),
            lambda: tree.Boolean(value=self.flip()),
            self.text,
            lambda: tree.Character(self.random.choice(LETTERS)),
            lambda: tree.ByteText(self.words().encode()),
        )()

    def expression(self, depth: int = 4) -> tree.Expression:
        if depth == 0 or self.random.random() < 0.1:
            return self.leaf()

        def inner() -> tree.Expression:
            return self.expression(depth - 1)

        return self.random.choice((self.operation, self.operation, self.access, self.compound, self.control))(
            inner, depth
        )

    def operation(self, inner: Callable, depth: int) -> tree.Expression:
        operators = "+ - * / % << >> & | ^ == != < > <= >= && ||".split()
        return self.one(
            lambda: tree.Binary(self.random.choice(operators), inner(), inner()),
            lambda: tree.Binary(self.random.choice(operators), inner(), inner()),
            lambda: tree.Binary("<", tree.Cast(inner(), tree.NamedType("u64")), inner()),
            lambda: tree.Unary(self.one("-", "!"), inner()),
            lambda: tree.Deref(inner()),
            lambda: tree.Borrow(inner(), mutable=self.flip()),
            lambda: tree.Cast(inner(), tree.NamedType(self.random.choice(TYPES))),
            lambda: tree.Range(inner(), inner(), inclusive=self.flip()),
            lambda: tree.Range(self.maybe(inner), self.maybe(inner)),
        )()

    def access(self, inner: Callable, depth: int) -> tree.Expression:
        return self.one(
            lambda: tree.Call(inner(), self.many(inner)),
            lambda: tree.Method(inner(), self.name(), self.many(inner), self.one((), (self.type(),))),
            lambda: tree.Method(inner(), self.name(), self.many(inner, 1, 6)),
            lambda: tree.Field(tree.Call(inner()), self.one("x", "type", "0")),
            lambda: tree.Index(inner(), inner()),
            lambda: tree.TryOperator(inner()),
            lambda: tree.Await(inner()),
        )()

    def compound(self, inner: Callable, depth: int) -> tree.Expression:
        return self.one(
            lambda: tree.Tuple(self.many(inner)),
            lambda: tree.Array(self.many(inner, 0, 12)),
            lambda: tree.Array((inner(),), length=tree.Integer(3)),
            lambda: tree.StructLiteral("Point", (("x", inner()), ("type", inner())), self.maybe(inner)),
            lambda: tree.MacroCall("println", (tree.Text("{} {} {{}}"), inner(), inner())),
            lambda: tree.MacroCall("vec", self.many(inner), "["),
        )()

    def control(self, inner: Callable, depth: int) -> tree.Expression:
        return self.one(
            lambda: tree.Closure(
                self.many(lambda: (self.pattern(1), self.maybe(self.type))), inner(), None, moves=self.flip()
            ),
            lambda: tree.Closure((), tree.BlockExpression(self.block(depth - 1)), self.type(), moves=True),
            lambda: tree.BlockExpression(self.block(depth - 1), unsafe=self.flip()),
            lambda: tree.BlockExpression(self.block(depth - 1), "outer"),
            lambda: tree.AsyncBlock(self.block(depth - 1)),
            lambda: self.if_(depth),
            lambda: tree.Match(inner(), self.many(lambda: self.arm(inner))),
            lambda: tree.Return(self.maybe(inner)),
            lambda: tree.Break(self.one("", "outer"), self.maybe(inner)),
            lambda: tree.Continue(self.one("", "outer")),
        )()

    def arm(self, inner: Callable) -> tree.Arm:
        return tree.Arm(self.pattern(), inner(), self.maybe(inner))

    def condition(self, depth: int) -> tree.Expression:
        return self.one(
            lambda: self.expression(depth - 1),
            lambda: tree.LetCondition(self.pattern(), self.expression(depth - 1)),
        )()

    def if_(self, depth: int) -> tree.If:
        orelse = self.one(
            lambda: None, lambda: self.block(depth - 1), lambda: self.if_(depth - 1) if depth > 1 else None
        )()
        return tree.If(self.condition(depth), self.block(depth - 1), orelse)

    # Statements and items

    def block(self, depth: int) -> tree.Block:
        if depth <= 0:
            return tree.Block((), self.maybe(self.leaf))
        return tree.Block(self.many(lambda: self.statement(depth)), self.maybe(lambda: self.expression(depth - 1)))

    def statement(self, depth: int) -> tree.Statement:
        line = self.random.randint(1, 500)

        def value() -> tree.Expression:
            return self.expression(depth - 1)

        return self.one(
            lambda: tree.Let(self.pattern(), self.maybe(self.type), self.maybe(value), line=line),
            lambda: tree.Assign(tree.Name(self.name()), value(), self.one("=", "+=", "<<="), line=line),
            lambda: tree.Evaluate(value(), line=line),
            lambda: tree.Evaluate(value(), line=line),
            lambda: tree.While(self.condition(depth), self.block(depth - 1), self.one("", "outer"), line=line),
            lambda: tree.For(self.pattern(), value(), self.block(depth - 1), line=line),
            lambda: tree.Loop(self.block(depth - 1), "outer", line=line),
            lambda: tree.Comment(self.words(), trailing=self.flip()),
        )()

    def function(self) -> tree.Function:
        parameters = [tree.Parameter(name, self.type(), self.flip()) for name in NAMES[: self.random.randint(0, 8)]]
        generics = self.one((), (tree.GenericParameter("'a"), tree.GenericParameter("T", (tree.NamedType("Object"),))))
        return tree.Function(
            self.name(),
            tuple(parameters),
            self.maybe(self.type),
            self.block(4),
            generics,
            docs=self.maybe(self.words, ""),
            attributes=self.one((), (tree.Attribute("inline"),)),
            public=self.flip(),
            line=self.random.randint(1, 500),
        )

    def fields(self) -> tuple[tree.FieldDeclaration, ...]:
        return self.many(lambda: tree.FieldDeclaration(self.name(), self.type(), self.maybe(self.words, "")), 1)

    def item(self) -> tree.Item:
        return self.one(
            self.function,
            self.function,
            self.function,
            lambda: tree.Struct(
                self.name(), self.fields(), docs=self.words(), attributes=(tree.Attribute("derive(Clone)"),)
            ),
            lambda: tree.Struct(self.name(), (tree.FieldDeclaration("", self.type()),)),
            lambda: tree.Enum(
                self.name(),
                (
                    tree.Variant("A", self.many(self.type)),
                    tree.Variant("B", fields=self.fields()),
                    tree.Variant("C", value=tree.Integer(3), docs=self.words()),
                ),
            ),
            lambda: tree.Impl(tree.NamedType("Point"), (self.method(), self.constant(), self.method()), line=7),
            lambda: tree.Impl(tree.NamedType("Point"), (), tree.NamedType("Object")),
            lambda: tree.Trait(
                self.name(), (self.method(), self.declared()), self.one((), (self.type(0),)), docs=self.words()
            ),
            self.constant,
            lambda: tree.Static(self.name(), self.type(), self.expression(2)),
            lambda: tree.TypeAlias_(self.name(), self.type()),
            lambda: tree.Use(f"std::fmt::{{self, {self.random.choice(TYPES)}}}"),
            lambda: tree.Module(self.name(), (self.function(),), docs=self.words()),
            lambda: tree.Comment(self.words()),
        )()

    def method(self) -> tree.Function:
        receiver = tree.SelfParameter(self.flip(), self.flip())
        return tree.Function("act", (receiver, tree.Parameter("x", self.type())), None, self.block(2))

    def declared(self) -> tree.Function:
        return tree.Function("need", (tree.SelfParameter(),), self.maybe(self.type), None)

    def constant(self) -> tree.Constant:
        return tree.Constant(self.name(), self.type(), self.expression(2), public=True)
