"""The syntax tree of Ruchy: what a program is before it means anything.

Enters: nothing; `parser.py` builds these nodes, `law.py` says which are valid, every later file reads them. A node
knows its `place`, the half-open range of offsets in the sources of the program, which `sources.py` turns into lines.
Nodes are compared by identity, so that names and types stand beside the tree in tables; `as_data` is what two
trees are compared by. The classes are plain, because dataclasses cost more at every start. Read `lexer.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy.lean import dataclass_transform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import ClassVar, TypeAlias

__all__ = [
    "ActorDeclaration",
    "Arm",
    "Assign",
    "Async",
    "Await",
    "Binary",
    "BindPattern",
    "Block",
    "Boolean",
    "Break",
    "Call",
    "Cast",
    "Catch",
    "Clause",
    "Closure",
    "Comprehension",
    "Continue",
    "EnumDeclaration",
    "Expression",
    "Field",
    "FieldDeclaration",
    "FieldPattern",
    "FieldValue",
    "Float",
    "For",
    "FormatText",
    "FunctionDeclaration",
    "FunctionType",
    "Hole",
    "If",
    "ImplDeclaration",
    "ImportDeclaration",
    "Index",
    "Integer",
    "Let",
    "LetCondition",
    "ListLiteral",
    "ListPattern",
    "ListRepeat",
    "ListType",
    "LiteralPattern",
    "Loop",
    "Match",
    "MethodCall",
    "ModuleDeclaration",
    "Name",
    "NamedType",
    "Nil",
    "Node",
    "ObjectLiteral",
    "OrPattern",
    "Parameter",
    "Path",
    "Pattern",
    "Place",
    "Program",
    "Range",
    "RangePattern",
    "RestPattern",
    "Return",
    "Spread",
    "StructDeclaration",
    "StructLiteral",
    "StructPattern",
    "Text",
    "Throw",
    "TraitDeclaration",
    "Try",
    "TryCatch",
    "TupleLiteral",
    "TuplePattern",
    "TupleType",
    "TypeDeclaration",
    "TypeExpression",
    "Unary",
    "Variant",
    "VariantPattern",
    "While",
    "WildcardPattern",
    "as_data",
    "children",
    "walk",
]

Place: TypeAlias = tuple[int, int]


@dataclass_transform(kw_only_default=False, eq_default=False)
class _Record:
    """What gives the nodes their constructor, in the order of their annotations."""

    fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.fields = (*cls.fields, *cls.__annotations__) if "__annotations__" in cls.__dict__ else cls.fields

    def __init__(self, *values: object, **named: object) -> None:
        self.__dict__.update(zip(self.fields, values, strict=False))
        self.__dict__.update(named)
        assert len(self.__dict__) == len(self.fields), (type(self).__name__, self.fields, values, named)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.fields if name != "place")
        return f"{type(self).__name__}({shown})"


class Node(_Record):
    """Anything that stands somewhere in a source."""

    place: Place


# Types as they are written.


class TypeExpression(Node):
    """A type as a program writes it."""


class NamedType(TypeExpression):
    """`i32`, `Vec<T>`, `m::Point`; the name holds no arguments."""

    name: str
    arguments: tuple[TypeExpression, ...]


class ListType(TypeExpression):
    """`[T]` and `[T; n]`; the size is no part of the type."""

    item: TypeExpression


class TupleType(TypeExpression):
    """`(A, B)`; `()` is nil."""

    items: tuple[TypeExpression, ...]


class FunctionType(TypeExpression):
    """`fn(A) -> B`."""

    parameters: tuple[TypeExpression, ...]
    result: TypeExpression | None


# Patterns.


class Pattern(Node):
    """What a value is held against, and what it binds."""


class WildcardPattern(Pattern):
    """`_`."""


class BindPattern(Pattern):
    """`name`, `mut name`, `name @ inner`."""

    name: str
    inner: Pattern | None


class LiteralPattern(Pattern):
    """A literal, a negative one among them."""

    value: Expression


class RangePattern(Pattern):
    """`1..5`, `1..=5`, `'a'..='z'`."""

    low: Expression | None
    high: Expression | None
    is_inclusive: bool


class TuplePattern(Pattern):
    """`(a, b)`."""

    items: tuple[Pattern, ...]


class RestPattern(Pattern):
    """`..`, `..rest`, `...rest` inside a list pattern."""

    name: str | None


class ListPattern(Pattern):
    """`[first, .., last]`."""

    items: tuple[Pattern, ...]


class FieldPattern(Node):
    """`x` or `y: pattern` inside a struct pattern."""

    name: str
    pattern: Pattern


class StructPattern(Pattern):
    """`Point { x, y: 2 }`; without a path it takes an object apart."""

    path: tuple[str, ...]
    entries: tuple[FieldPattern, ...]


class VariantPattern(Pattern):
    """`Op::Add(a, b)`, `Some(x)`, `None`, `Color::Red`; `items` is None where no parentheses stand."""

    path: tuple[str, ...]
    items: tuple[Pattern, ...] | None


class OrPattern(Pattern):
    """`a | b`."""

    options: tuple[Pattern, ...]


# Expressions.


class Expression(Node):
    """Anything that has a value; statements are expressions too."""


class Integer(Expression):
    """An integer literal; its suffix means nothing."""

    value: int


class Float(Expression):
    """A float literal."""

    value: float


class Text(Expression):
    """A string or character literal."""

    value: str


class Boolean(Expression):
    """`true`, `false`."""

    value: bool


class Nil(Expression):
    """`null`, `nil`, `()`."""


class Hole(Node):
    """`{value:spec}` inside a format text; `spec` is None where no colon stands."""

    value: Expression
    spec: str | None


class FormatText(Expression):
    """`f"..."`: text and holes by turns."""

    parts: tuple[str | Hole, ...]


class Name(Expression):
    """A name on its own."""

    name: str


class Path(Expression):
    """`Color::Red`, `math::add`, `Vec::new`."""

    parts: tuple[str, ...]


class Spread(Expression):
    """`...value` inside a list or object."""

    value: Expression


class ListLiteral(Expression):
    """`[a, ...b]`, `vec![a, b]`."""

    items: tuple[Expression, ...]


class ListRepeat(Expression):
    """`[value; count]`, `vec![value; count]`."""

    value: Expression
    count: Expression


class TupleLiteral(Expression):
    """`(a, b)`, `(a,)`."""

    items: tuple[Expression, ...]


class FieldValue(Node):
    """`key: value` inside an object or struct literal."""

    name: str
    value: Expression


class ObjectLiteral(Expression):
    """`{a: 1, "b": 2, ...rest}`."""

    entries: tuple[FieldValue | Spread, ...]


class StructLiteral(Expression):
    """`Point { x: 1, ..base }`."""

    path: tuple[str, ...]
    entries: tuple[FieldValue, ...]
    base: Expression | None


class Unary(Expression):
    """`-x`, `!x`, `~x`; `&x` and `*x` are their operand already."""

    operator: str
    operand: Expression


class Binary(Expression):
    """An infix operator, `&&`, `||`, `??`, `|>` and `in` among them."""

    operator: str
    left: Expression
    right: Expression


class Assign(Expression):
    """`target = value`, `target += value`; `operator` is empty or the arithmetic one."""

    operator: str
    target: Expression
    value: Expression


class Range(Expression):
    """`a..b`, `a..=b`; open ends only where something is indexed."""

    start: Expression | None
    stop: Expression | None
    is_inclusive: bool


class Call(Expression):
    """`function(arguments)`."""

    function: Expression
    arguments: tuple[Expression, ...]


class MethodCall(Expression):
    """`receiver.name(arguments)`; `is_optional` for `?.`."""

    receiver: Expression
    name: str
    arguments: tuple[Expression, ...]
    is_optional: bool
    types: tuple[TypeExpression, ...]


class Field(Expression):
    """`receiver.name`, `pair.0`; `is_optional` for `?.`."""

    receiver: Expression
    name: str
    is_optional: bool


class Index(Expression):
    """`receiver[index]`; a range as index is a slice."""

    receiver: Expression
    index: Expression


class Try(Expression):
    """`value?`."""

    value: Expression


class Cast(Expression):
    """`value as type`."""

    value: Expression
    type: TypeExpression


class LetCondition(Expression):
    """`let pattern = value` where a condition stands."""

    pattern: Pattern
    value: Expression


class Block(Expression):
    """`{ statements }`; its value is that of the last one."""

    statements: tuple[Expression, ...]


class If(Expression):
    """`if`, with `else if` as an `If` in `otherwise`; a ternary too."""

    condition: Expression
    then: Expression
    otherwise: Expression | None


class Arm(Node):
    """One arm of a match."""

    pattern: Pattern
    guard: Expression | None
    body: Expression


class Match(Expression):
    """`match subject { arms }`."""

    subject: Expression
    arms: tuple[Arm, ...]


class While(Expression):
    """`while condition { }`."""

    condition: Expression
    body: Block
    label: str | None


class Loop(Expression):
    """`loop { }`; `break value` gives its value."""

    body: Block
    label: str | None


class For(Expression):
    """`for pattern in iterable { }`."""

    pattern: Pattern
    iterable: Expression
    body: Block
    label: str | None


class Break(Expression):
    """`break`, `break 'label value`."""

    label: str | None
    value: Expression | None


class Continue(Expression):
    """`continue`, `continue 'label`."""

    label: str | None


class Return(Expression):
    """`return value`."""

    value: Expression | None


class Throw(Expression):
    """`throw value`."""

    value: Expression


class Catch(Node):
    """`catch e { }`."""

    name: str | None
    body: Block


class TryCatch(Expression):
    """`try { } catch e { } finally { }`."""

    body: Block
    catches: tuple[Catch, ...]
    finally_: Block | None


class Await(Expression):
    """`await value`, `value.await`."""

    value: Expression


class Async(Expression):
    """`async { }`."""

    body: Block


class Parameter(Node):
    """A parameter of a function or closure. `pattern` of `self` binds that name."""

    pattern: Pattern
    type: TypeExpression | None
    default: Expression | None
    mode: str
    """`value`, `ref` for `&self`, `mut` for `&mut self`."""

    @property
    def name(self) -> str:
        """The name that it binds, or nothing when it takes a value apart."""
        return self.pattern.name if isinstance(self.pattern, BindPattern) else ""


class Closure(Expression):
    """`|x| body`, `x => body`, `fn(x) { body }`."""

    parameters: tuple[Parameter, ...]
    result: TypeExpression | None
    body: Expression


class Clause(Node):
    """`for pattern in iterable` or `if condition` inside a comprehension; `pattern` is None for a condition."""

    pattern: Pattern | None
    value: Expression


class Comprehension(Expression):
    """`[element for x in xs if condition]`."""

    element: Expression
    clauses: tuple[Clause, ...]


class Let(Expression):
    """`let`, `var`, `const`, `static`; `keyword` says which, with `mut` after a blank."""

    keyword: str
    pattern: Pattern
    type: TypeExpression | None
    value: Expression
    otherwise: Block | None

    @property
    def is_mutable(self) -> bool:
        """Whether it was declared to change."""
        return self.keyword.endswith("mut") or self.keyword == "var"


# Declarations.


class FunctionDeclaration(Expression):
    """`fun name<T>(parameters) -> result { }`. `body` is None for a method that a trait only announces."""

    name: str
    generics: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    result: TypeExpression | None
    body: Block | None
    decorators: tuple[str, ...]
    requires: tuple[Expression, ...]
    ensures: tuple[Expression, ...]
    name_place: Place

    @property
    def takes_self(self) -> bool:
        """Whether it is a method."""
        return bool(self.parameters) and self.parameters[0].name == "self"


class FieldDeclaration(Node):
    """`name: type = default`; the type is None in a class whose fields say only a name or value."""

    name: str
    type: TypeExpression | None
    default: Expression | None


class StructDeclaration(Expression):
    """`struct P { x: i32 }`, `struct T(i32)`, `class C : B { }`; the fields of a tuple are named `0`, `1`."""

    name: str
    generics: tuple[str, ...]
    entries: tuple[FieldDeclaration, ...]
    methods: tuple[FunctionDeclaration, ...]
    base: str | None
    is_class: bool
    is_tuple: bool


class Variant(Node):
    """One variant; `fields_` is None for a unit, else names and types, named `0`, `1` for a tuple."""

    name: str
    entries: tuple[FieldDeclaration, ...] | None
    is_tuple: bool
    discriminant: Expression | None


class EnumDeclaration(Expression):
    """`enum Color { Red, Op(i32), At { x: i32 } }`."""

    name: str
    generics: tuple[str, ...]
    variants: tuple[Variant, ...]
    methods: tuple[FunctionDeclaration, ...]


class TraitDeclaration(Expression):
    """`trait Shape { fun area(&self) -> f64; }`."""

    name: str
    generics: tuple[str, ...]
    methods: tuple[FunctionDeclaration, ...]


class ImplDeclaration(Expression):
    """`impl P { }`, `impl Shape for P { }`."""

    trait: str | None
    target: str
    generics: tuple[str, ...]
    methods: tuple[FunctionDeclaration, ...]


class ModuleDeclaration(Expression):
    """`mod m { }`."""

    name: str
    body: Block


class ImportDeclaration(Expression):
    """`use a::b`, `import m`, `from m import a`: a path, and which names of it (all for `*`, none for itself)."""

    path: tuple[str, ...]
    names: tuple[tuple[str, str], ...] | None
    alias: str | None


class TypeDeclaration(Expression):
    """`type Pair = (i32, i32)`."""

    name: str
    generics: tuple[str, ...]
    type: TypeExpression


class ActorDeclaration(Expression):
    """`actor C { count: i32 = 0, receive { Inc => ... } }`."""

    name: str
    entries: tuple[FieldDeclaration, ...]
    arms: tuple[Arm, ...]
    methods: tuple[FunctionDeclaration, ...]


class Program(Node):
    """One file."""

    statements: tuple[Expression, ...]


def children(node: Node) -> Iterator[Node]:
    """The nodes right below one, in source order."""
    for name in node.fields:
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, Node))


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, parents first, without recursion."""
    pending = [node]
    while pending:
        found = pending.pop()
        yield found
        pending += reversed(list(children(found)))


def as_data(value: object, *, places: bool = False) -> object:
    """A tree as plain data, which `ast --json` prints and which says whether two trees are the same.

    >>> as_data(Binary((0, 3), "+", Integer((0, 1), 1), Name((2, 3), "x")))
    {'node': 'Binary', 'operator': '+', 'left': {'node': 'Integer', 'value': 1}, 'right': {'node': 'Name', 'name': 'x'}}
    """
    if isinstance(value, Node):
        shown = {name: as_data(getattr(value, name), places=places) for name in value.fields if "place" not in name}
        return {"node": type(value).__name__, **shown, **({"place": list(value.place)} if places else {})}
    if isinstance(value, tuple):
        return [as_data(each, places=places) for each in value]
    return value
