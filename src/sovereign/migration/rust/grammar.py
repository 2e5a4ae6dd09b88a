"""What each kind of node may hold, whatever stands around it.

Enters: one node. Leaves: what is wrong with it, as sentences. Names are identifiers, operators exist, literals can be
written, format strings fit their arguments, what is assigned to is a place. Read `law.py` next.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from sovereign.migration.rust import tree
from sovereign.migration.rust.formats import FORMAT_MACROS, wants
from sovereign.migration.rust.words import PATH_KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["complaints"]

BINARY = frozenset("+ - * / % << >> & | ^ == != < > <= >= && ||".split())
ASSIGN = frozenset("= += -= *= /= %= <<= >>= &= |= ^=".split())
FLOATS = frozenset(("", "f32", "f64"))
_BITS = {f"{sign}{bits}": (sign, int(bits)) for sign in "iu" for bits in ("8", "16", "32", "64", "128")}
_WIDTHS = {**_BITS, "isize": ("i", 64), "usize": ("u", 64), "": ("any", 128)}
# A path may hold generic arguments, whose types are spelled as text.
_PATH = re.compile(r"[\w:<>,&' ()\[\]=+*;.-]+")
_PLACES = (tree.Name, tree.Field, tree.Index, tree.Deref)
_TOO_FEW = 2


def complaints(node: Any) -> Iterable[str]:
    """What is wrong with a node itself.

    >>> list(complaints(tree.Bind("two words")))
    ['this is no name: `two words`']
    """
    rule = _RULES.get(type(node))
    return rule(node) if rule else ()


def _is_name(name: str) -> bool:
    return name.isidentifier() and name not in PATH_KEYWORDS and name != "_"


def _named(*names: str) -> Iterator[str]:
    return (f"this is no name: `{name}`" for name in names if not _is_name(name))


def _path(path: str) -> Iterator[str]:
    if not _PATH.fullmatch(path) or not path.strip():
        yield f"this is no path: `{path}`"


def _distinct(what: str, names: Iterable[str]) -> Iterator[str]:
    return (f"a {what} stands there twice: `{name}`" for name, times in Counter(names).items() if times > 1)


def _label(label: str) -> Iterator[str]:
    if label and not _is_name(label):
        yield f"this is no label: `{label}`"


def _bind(node: tree.Bind) -> Iterator[str]:
    return _named(node.name)


def _pattern_items(node: tree.TuplePattern | tree.VariantPattern) -> Iterator[str]:
    rests = sum(isinstance(item, tree.Wildcard) and item.rest for item in node.items)
    if rests > 1:
        yield "a pattern has more than one `..`"
    if isinstance(node, tree.VariantPattern):
        yield from _path(node.path)


def _or_pattern(node: tree.OrPattern) -> Iterator[str]:
    if len(node.items) < _TOO_FEW:
        yield "a choice of patterns has fewer than two"


def _struct_pattern(node: tree.StructPattern) -> Iterator[str]:
    yield from _path(node.path)
    yield from _distinct("field", (name for name, _ in node.fields))


def _range_pattern(node: tree.RangePattern) -> Iterator[str]:
    if node.low is None and node.high is None:
        yield "a range of patterns has no end"


def _name(node: tree.Name) -> Iterator[str]:
    return _path(node.path)


def _integer(node: tree.Integer) -> Iterator[str]:
    if node.base not in {2, 8, 10, 16}:
        yield f"there are no literals of base {node.base}"
    if node.suffix not in _WIDTHS:
        yield f"there is no integer type of that name: `{node.suffix}`"
        return
    sign, bits = _WIDTHS[node.suffix]
    low = 0 if sign == "u" else -(1 << bits - 1)
    high = (1 << bits - 1) - 1 if sign == "i" else (1 << bits) - 1
    if not low <= node.value <= high:
        yield f"an integer does not fit its type: `{node.value}{node.suffix}`"


def _float(node: tree.Float) -> Iterator[str]:
    if not math.isfinite(node.value):
        yield f"a float has no literal: `{node.value}`"
    if node.suffix not in FLOATS:
        yield f"there is no float type of that name: `{node.suffix}`"


def _text(node: tree.Text) -> Iterator[str]:
    if any("\ud800" <= letter <= "\udfff" for letter in node.value):
        yield "a text holds half of a surrogate pair, which Rust cannot"


def _character(node: tree.Character) -> Iterator[str]:
    if len(node.value) != 1 or "\ud800" <= node.value <= "\udfff":
        yield f"this is not one character: {node.value!r}"


def _unary(node: tree.Unary) -> Iterator[str]:
    if node.operator not in {"-", "!"}:
        yield f"there is no such operator: `{node.operator}`"


def _binary(node: tree.Binary) -> Iterator[str]:
    if node.operator not in BINARY:
        yield f"there is no such operator: `{node.operator}`"


def _assign(node: tree.Assign) -> Iterator[str]:
    if node.operator not in ASSIGN:
        yield f"there is no such assignment: `{node.operator}`"
    if not _is_place(node.target, splits=node.operator == "="):
        yield f"this is no place to assign to: a `{type(node.target).__name__}`"


def _is_place(target: tree.Expression, *, splits: bool) -> bool:
    if isinstance(target, tree.Tuple) and splits:
        return all(_is_place(item, splits=True) for item in target.items)
    return isinstance(target, _PLACES)


def _method(node: tree.Method) -> Iterator[str]:
    return _named(node.name)


def _field(node: tree.Field) -> Iterator[str]:
    if not node.name.isdigit():
        yield from _named(node.name)
    if isinstance(node.operand, tree.Integer | tree.Float):
        yield "a number has no fields"


def _array(node: tree.Array) -> Iterator[str]:
    if node.length is not None and len(node.items) != 1:
        yield "an array of one repeated item has another number of items"


def _struct_literal(node: tree.StructLiteral) -> Iterator[str]:
    yield from _path(node.path)
    yield from _named(*(name for name, _ in node.fields if not name.isdigit()))
    yield from _distinct("field", (name for name, _ in node.fields))


def _macro_call(node: tree.MacroCall) -> Iterator[str]:
    yield from _path(node.name)
    if node.brackets not in {"(", "["}:
        yield f"a macro takes other brackets: `{node.brackets}`"
    before = FORMAT_MACROS.get(node.name)
    if before is None or len(node.arguments) <= before:
        return
    text, *arguments = node.arguments[before:]
    if not isinstance(text, tree.Text):
        yield f"a format macro has no format string: `{node.name}!`"
        return
    wanted = wants(text.value)
    if wanted is None:
        yield f"this is no format string: {text.value!r}"
    elif wanted.places != len(arguments):
        yield f"a format string takes {wanted.places} arguments and got {len(arguments)}: {text.value!r}"
    else:
        yield from _named(*sorted(wanted.names))


def _range(node: tree.Range) -> Iterator[str]:
    if node.inclusive and node.high is None:
        yield "a range to nowhere includes its end"


def _block_expression(node: tree.BlockExpression) -> Iterator[str]:
    yield from _label(node.label)
    if node.label and node.unsafe:
        yield "a block has a label and is unsafe"


def _labelled(node: tree.While | tree.For | tree.Loop) -> Iterator[str]:
    return _label(node.label)


def _declaration(
    node: tree.Function | tree.Constant | tree.Static | tree.TypeAlias_ | tree.Module | tree.Trait,
) -> Iterator[str]:
    return _named(node.name)


def _parameter(node: tree.Parameter) -> Iterator[str]:
    if node.name != "_":
        yield from _named(node.name)


def _struct(node: tree.Struct) -> Iterator[str]:
    yield from _named(node.name)
    yield from _declared(node.fields)


def _declared(fields: tuple[tree.FieldDeclaration, ...]) -> Iterator[str]:
    names = [field.name for field in fields if field.name]
    if names and len(names) < len(fields):
        yield "only some fields have names"
    yield from _named(*names)
    yield from _distinct("field", names)


def _enum(node: tree.Enum) -> Iterator[str]:
    yield from _named(node.name)
    yield from _distinct("variant", (variant.name for variant in node.variants))


def _variant(node: tree.Variant) -> Iterator[str]:
    yield from _named(node.name)
    yield from _declared(node.fields)
    if node.types and node.fields:
        yield f"a variant has types and fields: `{node.name}`"


def _generic(node: tree.GenericParameter) -> Iterator[str]:
    return _named(node.name.removeprefix("'").removeprefix("const "))


def _named_type(node: tree.NamedType) -> Iterator[str]:
    return _path(node.name)


def _attribute(node: tree.Attribute) -> Iterator[str]:
    depth = 0
    for letter in node.text:
        depth += (letter in "([") - (letter in ")]")
        if depth < 0:
            break
    if depth or not node.text.strip() or "\n" in node.text:
        yield f"this is no attribute: `{node.text}`"


_RULES: dict[type, Callable[[Any], Iterator[str]]] = {
    tree.Bind: _bind,
    tree.TuplePattern: _pattern_items,
    tree.VariantPattern: _pattern_items,
    tree.OrPattern: _or_pattern,
    tree.StructPattern: _struct_pattern,
    tree.RangePattern: _range_pattern,
    tree.Name: _name,
    tree.Integer: _integer,
    tree.Float: _float,
    tree.Text: _text,
    tree.Character: _character,
    tree.Unary: _unary,
    tree.Binary: _binary,
    tree.Assign: _assign,
    tree.Method: _method,
    tree.Field: _field,
    tree.Array: _array,
    tree.StructLiteral: _struct_literal,
    tree.MacroCall: _macro_call,
    tree.Range: _range,
    tree.BlockExpression: _block_expression,
    tree.While: _labelled,
    tree.For: _labelled,
    tree.Loop: _labelled,
    tree.Function: _declaration,
    tree.Constant: _declaration,
    tree.Static: _declaration,
    tree.TypeAlias_: _declaration,
    tree.Module: _declaration,
    tree.Trait: _declaration,
    tree.Parameter: _parameter,
    tree.Struct: _struct,
    tree.Enum: _enum,
    tree.Variant: _variant,
    tree.GenericParameter: _generic,
    tree.NamedType: _named_type,
    tree.Attribute: _attribute,
}
