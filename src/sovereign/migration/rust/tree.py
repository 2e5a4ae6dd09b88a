"""The Rust-level IR: what a translated program is before it is text.

Enters: nothing; front-ends build these nodes, `law.py` says which are valid, passes rewrite them, `printer.py` writes
them as Rust. Nodes are immutable data. They are near the language (places, moves, borrows, `Result`, `match`), hold
no text of Rust beyond names, operators and format strings, and remember the line of the source they came from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar, dataclass_transform

__all__ = [
    "Arm",
    "Array",
    "ArrayType",
    "Assign",
    "AsyncBlock",
    "Attribute",
    "Await",
    "Binary",
    "Bind",
    "Block",
    "BlockExpression",
    "Boolean",
    "Borrow",
    "Break",
    "ByteText",
    "Call",
    "Cast",
    "Character",
    "Closure",
    "Comment",
    "Constant",
    "Continue",
    "Deref",
    "DynType",
    "Enum",
    "Evaluate",
    "Expression",
    "Field",
    "FieldDeclaration",
    "Float",
    "FnType",
    "For",
    "Function",
    "GenericParameter",
    "If",
    "Impl",
    "ImplType",
    "Index",
    "Integer",
    "Item",
    "Let",
    "LetCondition",
    "LiteralPattern",
    "Loop",
    "MacroCall",
    "MacroItem",
    "Match",
    "Method",
    "Module",
    "Name",
    "NamedType",
    "OrPattern",
    "Parameter",
    "Pattern",
    "Program",
    "Range",
    "RangePattern",
    "RefType",
    "Return",
    "SelfParameter",
    "Statement",
    "Static",
    "Struct",
    "StructLiteral",
    "StructPattern",
    "Text",
    "Trait",
    "TryOperator",
    "Tuple",
    "TuplePattern",
    "TupleType",
    "Type",
    "TypeAlias_",
    "Unary",
    "Use",
    "Variant",
    "VariantPattern",
    "While",
    "Wildcard",
]

_Node = TypeVar("_Node")


@dataclass_transform(frozen_default=True)
def _node(cls: type[_Node]) -> type[_Node]:
    """What all nodes are; as a function, so that type checkers see the fields through it."""
    return dataclass(frozen=True, slots=True)(cls)


# Types


@_node
class NamedType:
    """`i64`, `Vec<T>`, `Shape`: a path with its arguments."""

    name: str
    arguments: tuple[Type, ...] = ()


@_node
class RefType:
    """`&T`, `&mut T`, `&'a T`; the lifetime without its quote."""

    inner: Type
    mutable: bool = False
    lifetime: str = ""


@_node
class TupleType:
    """`(A, B)`; without items it is the unit type."""

    items: tuple[Type, ...] = ()


@_node
class ArrayType:
    """`[T]`, or `[T; n]` where `length` is given."""

    inner: Type
    length: Expression | None = None


@_node
class FnType:
    """`Fn(A, B) -> R` as a bound, or `fn(A, B) -> R` with the trait "fn"."""

    parameters: tuple[Type, ...]
    result: Type = TupleType()
    trait: str = "Fn"


@_node
class DynType:
    """`dyn A + B`."""

    bounds: tuple[Type, ...]


@_node
class ImplType:
    """`impl A + B`."""

    bounds: tuple[Type, ...]


# Patterns


@_node
class Bind:
    """A name, `mut name`, `ref name` or `name @ pattern`."""

    name: str
    mutable: bool = False
    by_ref: bool = False
    pattern: Pattern | None = None


@_node
class Wildcard:
    """`_`, or `..` where `rest` is set."""

    rest: bool = False


@_node
class LiteralPattern:
    """A literal or a path to a constant."""

    value: Expression


@_node
class RangePattern:
    """`low..=high` or `low..high`, open where None."""

    low: Expression | None
    high: Expression | None
    inclusive: bool = True


@_node
class TuplePattern:
    """`(a, b)`; `[a, b]` where `slice` is set."""

    items: tuple[Pattern, ...]
    slice: bool = False


@_node
class VariantPattern:
    """`Some(x)`, `Op::Add(a, b)`; without items just the path."""

    path: str
    items: tuple[Pattern, ...] = ()


@_node
class StructPattern:
    """`Point { x, y: 0, .. }`."""

    path: str
    fields: tuple[tuple[str, Pattern], ...]
    rest: bool = False


@_node
class OrPattern:
    """`a | b`."""

    items: tuple[Pattern, ...]


# Expressions


@_node
class Name:
    """A variable or a path such as `i64::MAX` or `Vec::<u8>::new`."""

    path: str


@_node
class Integer:
    """An integer literal; a suffix such as `i64` where the context does not say the type."""

    value: int
    suffix: str = ""
    base: int = 10


@_node
class Float:
    """A finite float literal; infinities and NaN are names."""

    value: float
    suffix: str = ""


@_node
class Boolean:
    """`true` or `false`."""

    value: bool


@_node
class Text:
    """A string literal of type `&'static str`."""

    value: str


@_node
class Character:
    """A `char` literal."""

    value: str


@_node
class ByteText:
    """A byte string literal."""

    value: bytes


@_node
class Unary:
    """`-x` or `!x`."""

    operator: str
    operand: Expression


@_node
class Deref:
    """`*x`."""

    operand: Expression


@_node
class Borrow:
    """`&x` or `&mut x`."""

    operand: Expression
    mutable: bool = False


@_node
class Binary:
    """`left operator right`; the printer adds the parentheses that precedence asks for."""

    operator: str
    left: Expression
    right: Expression


@_node
class Call:
    """`function(arguments)`."""

    function: Expression
    arguments: tuple[Expression, ...] = ()


@_node
class Method:
    """`receiver.name::<types>(arguments)`."""

    receiver: Expression
    name: str
    arguments: tuple[Expression, ...] = ()
    types: tuple[Type, ...] = ()


@_node
class Field:
    """`operand.name`, where the name may be a tuple's number."""

    operand: Expression
    name: str


@_node
class Index:
    """`operand[index]`."""

    operand: Expression
    index: Expression


@_node
class TryOperator:
    """`operand?`."""

    operand: Expression


@_node
class Await:
    """`operand.await`."""

    operand: Expression


@_node
class Cast:
    """`operand as type`."""

    operand: Expression
    type: Type


@_node
class Tuple:
    """`(a, b)`."""

    items: tuple[Expression, ...] = ()


@_node
class Array:
    """`[a, b]`, or `[a; length]` where `length` is given and one item."""

    items: tuple[Expression, ...]
    length: Expression | None = None


@_node
class StructLiteral:
    """`Point { x: 1, y: 2, ..base }`."""

    path: str
    fields: tuple[tuple[str, Expression], ...]
    base: Expression | None = None


@_node
class MacroCall:
    """`name!(arguments)`; a format macro has the format string, in Rust's notation, as a `Text` first argument.

    `brackets` is "(" or "[".
    """

    name: str
    arguments: tuple[Expression, ...] = ()
    brackets: str = "("


@_node
class Range:
    """`low..high` or `low..=high`, open where None."""

    low: Expression | None
    high: Expression | None
    inclusive: bool = False


@_node
class Closure:
    """`move |parameters| -> result body`."""

    parameters: tuple[tuple[Pattern, Type | None], ...]
    body: Expression
    result: Type | None = None
    moves: bool = False


@_node
class BlockExpression:
    """`'label: { ... }`; `unsafe` where set."""

    block: Block
    label: str = ""
    unsafe: bool = False


@_node
class AsyncBlock:
    """`async move { ... }`."""

    block: Block
    moves: bool = True


@_node
class LetCondition:
    """`let pattern = value` as a condition of `if` and `while`."""

    pattern: Pattern
    value: Expression


@_node
class If:
    """`if condition { } else { }`; `orelse` is a block, another `If`, or nothing."""

    condition: Expression
    then: Block
    orelse: Block | If | None = None


@_node
class Arm:
    """One arm of a `match`."""

    pattern: Pattern
    body: Expression
    guard: Expression | None = None


@_node
class Match:
    """`match subject { arms }`."""

    subject: Expression
    arms: tuple[Arm, ...]


@_node
class Return:
    """`return value`."""

    value: Expression | None = None


@_node
class Break:
    """`break 'label value`."""

    label: str = ""
    value: Expression | None = None


@_node
class Continue:
    """`continue 'label`."""

    label: str = ""


# Statements


@_node
class Let:
    """`let pattern: type = value;`."""

    pattern: Pattern
    type: Type | None = None
    value: Expression | None = None
    line: int | None = None


@_node
class Assign:
    """`target = value;`, `target += value;`."""

    target: Expression
    value: Expression
    operator: str = "="
    line: int | None = None


@_node
class Evaluate:
    """An expression as a statement; control flow needs no semicolon, the printer knows."""

    value: Expression
    line: int | None = None


@_node
class While:
    """`'label: while condition { }`."""

    condition: Expression
    body: Block
    label: str = ""
    line: int | None = None


@_node
class For:
    """`'label: for pattern in values { }`."""

    pattern: Pattern
    values: Expression
    body: Block
    label: str = ""
    line: int | None = None


@_node
class Loop:
    """`'label: loop { }`."""

    body: Block
    label: str = ""
    line: int | None = None


@_node
class Comment:
    """Lines of `//` comment where they stood, without the slashes; `trailing` stands behind the statement before it.

    Without text it is a blank line.
    """

    text: str
    trailing: bool = False


@_node
class Block:
    """Statements, and the value of the block where it has one, which comes from a line of the source."""

    statements: tuple[Statement, ...] = ()
    value: Expression | None = None
    line: int | None = None


# Items


@_node
class Attribute:
    """`#[text]`, such as `derive(Clone)`."""

    text: str


@_node
class GenericParameter:
    """`T: A + B` or `'a`."""

    name: str
    bounds: tuple[Type, ...] = ()


@_node
class SelfParameter:
    """`self`, `&self`, `&mut self`, or `self: type`."""

    borrowed: bool = True
    mutable: bool = False
    type: Type | None = None


@_node
class Parameter:
    """`mut name: type`."""

    name: str
    type: Type
    mutable: bool = False


@_node
class Function:
    """A function; inside an `Impl` a method. Without a body it is a declaration of a trait."""

    name: str
    parameters: tuple[SelfParameter | Parameter, ...]
    result: Type | None
    body: Block | None
    generics: tuple[GenericParameter, ...] = ()
    docs: str = ""
    attributes: tuple[Attribute, ...] = ()
    public: bool = False
    constant: bool = False
    line: int | None = None


@_node
class FieldDeclaration:
    """A field of a struct; the name is empty in a tuple struct."""

    name: str
    type: Type
    docs: str = ""
    public: bool = False


@_node
class Struct:
    """`struct Name { fields }`, or `struct Name(types);` where the fields have no names."""

    name: str
    fields: tuple[FieldDeclaration, ...] = ()
    generics: tuple[GenericParameter, ...] = ()
    docs: str = ""
    attributes: tuple[Attribute, ...] = ()
    public: bool = False
    line: int | None = None


@_node
class Variant:
    """A variant of an enum: with types, with fields, or plain, perhaps with a number."""

    name: str
    types: tuple[Type, ...] = ()
    fields: tuple[FieldDeclaration, ...] = ()
    value: Expression | None = None
    docs: str = ""


@_node
class Enum:
    """`enum Name { variants }`."""

    name: str
    variants: tuple[Variant, ...]
    generics: tuple[GenericParameter, ...] = ()
    docs: str = ""
    attributes: tuple[Attribute, ...] = ()
    public: bool = False
    line: int | None = None


@_node
class Impl:
    """`impl<generics> trait for type { items }`."""

    type: Type
    items: tuple[Function | Constant | TypeAlias_, ...]
    trait: Type | None = None
    generics: tuple[GenericParameter, ...] = ()
    line: int | None = None


@_node
class Trait:
    """`trait name<generics>: supers { items }`; its functions need no body."""

    name: str
    items: tuple[Function | Constant | TypeAlias_, ...]
    supers: tuple[Type, ...] = ()
    generics: tuple[GenericParameter, ...] = ()
    docs: str = ""
    public: bool = False
    line: int | None = None


@_node
class Constant:
    """`const NAME: type = value;`."""

    name: str
    type: Type
    value: Expression
    docs: str = ""
    public: bool = False
    line: int | None = None


@_node
class Static:
    """`static NAME: type = value;`."""

    name: str
    type: Type
    value: Expression
    docs: str = ""
    line: int | None = None


@_node
class TypeAlias_:  # noqa: N801 - `TypeAlias` is taken
    """`type Name = type;`."""

    name: str
    type: Type
    docs: str = ""


@_node
class Use:
    """`use path;`."""

    path: str
    public: bool = False


@_node
class Module:
    """`mod name { items }`."""

    name: str
    items: tuple[Item, ...]
    docs: str = ""
    attributes: tuple[Attribute, ...] = ()


@_node
class Program:
    """A whole file: inner attributes, documentation, items in order."""

    items: tuple[Item, ...]
    docs: str = ""
    attributes: tuple[Attribute, ...] = field(default=())


@_node
class MacroItem:
    """`name! { arguments }` among the items."""

    name: str
    arguments: tuple[Expression, ...] = ()


Type: TypeAlias = NamedType | RefType | TupleType | ArrayType | FnType | DynType | ImplType
Pattern: TypeAlias = (
    Bind | Wildcard | LiteralPattern | RangePattern | TuplePattern | VariantPattern | StructPattern | OrPattern
)
Expression: TypeAlias = (
    Name
    | Integer
    | Float
    | Boolean
    | Text
    | Character
    | ByteText
    | Unary
    | Deref
    | Borrow
    | Binary
    | Call
    | Method
    | Field
    | Index
    | TryOperator
    | Await
    | Cast
    | Tuple
    | Array
    | StructLiteral
    | MacroCall
    | Range
    | Closure
    | BlockExpression
    | AsyncBlock
    | LetCondition
    | If
    | Match
    | Return
    | Break
    | Continue
)
Item: TypeAlias = (
    Function | Struct | Enum | Impl | Trait | Constant | Static | TypeAlias_ | Use | Module | Comment | MacroItem
)
Statement: TypeAlias = Let | Assign | Evaluate | While | For | Loop | Comment | Item
