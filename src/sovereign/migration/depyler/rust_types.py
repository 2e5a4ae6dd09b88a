"""How a type is held in Rust.

Enters: a `Type`. Leaves: the Rust type, whether it is `Copy`, a value to begin with, and the enum that stands for
several types at once. The table of representations is in `docs/decisions/`; the support module has the types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.program import Union
from sovereign.migration.depyler.types import (
    Atom,
    DictShape,
    FunctionShape,
    InstanceShape,
    IntShape,
    IterShape,
    ListShape,
    OpaqueShape,
    SeqShape,
    SetShape,
    Shape,
    StaticShape,
    TupleShape,
    Type,
)
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.program import Program

__all__ = [
    "UNIT",
    "default_value",
    "is_copy",
    "is_option",
    "is_union",
    "rust",
    "shape_rust",
    "union_of",
    "variant_name",
]

UNIT = rs.TupleType()
_ATOMS = {
    "float": "f64",
    "bool": "bool",
    "str": "Str",
    "bytes": "Bytes",
    "bytearray": "ByteArray",
    "complex": "Complex",
    "range": "Range",
    "exception": "Exc",
    "ExceptionType": "Exc",
    "type": "TypeObject",
    "slice": "SliceObject",
    "none": "()",
}
_WORD, _BIG = rs.NamedType("i64"), rs.NamedType("Int")
_HELD: dict[str, rs.Type] = {name: UNIT if name == "none" else rs.NamedType(held) for name, held in _ATOMS.items()}
WITHOUT_ARGUMENTS = {
    "CsvDictRows",
    "ArgumentParser",
    "ArgumentGroup",
    "ExclusiveGroup",
    "Subparsers",
    "Model",
    "Namespace",
    "Pattern",
    "Match",
}
"""Types of the library whose cells are no arguments of the Rust type."""
_LISTS = {"list": "List", "deque": "Deque"}
_SETS = {"set": "Set", "frozenset": "FrozenSet"}
_DICTS = {"dict": "Dict", "defaultdict": "Dict", "Counter": "Dict", "OrderedDict": "Dict"}
_COPY_ATOMS = {"float", "bool", "none", "range", "complex", "type", "slice"}


def rust(type_: Type, program: Program) -> rs.Type:
    """The Rust type that holds any value of a type."""
    only = type_.only
    if only is not None:
        return shape_rust(only, program)
    if type_.never:
        return UNIT
    if type_.get("none") is not None:
        return rs.NamedType("Option", (rust(type_.without("none"), program),))
    return rs.NamedType(union_of(type_, program).name)


def shape_rust(shape: Shape, program: Program) -> rs.Type:  # noqa: C901, PLR0912 - one case for each shape
    """The Rust type of one alternative."""
    match shape:
        case IntShape():
            return _WORD if shape.small else _BIG
        case Atom():
            return _HELD.get(shape.name) or rs.NamedType(shape.name)
        case ListShape():
            return rs.NamedType(_LISTS[shape.kind], (rust(shape.cell.read(None), program),))
        case SetShape():
            return rs.NamedType(_SETS[shape.kind], (rust(shape.cell.read(None), program),))
        case DictShape():
            pair = (rust(shape.key.read(None), program), rust(shape.value.read(None), program))
            return rs.NamedType(_DICTS[shape.kind], pair)
        case IterShape():
            return rs.NamedType("Iter", (rust(shape.cell.read(None), program),))
        case TupleShape():
            return rs.TupleType(tuple(rust(item, program) for item in shape.items))
        case SeqShape():
            return rs.NamedType("Seq", (rust(shape.item, program),))
        case InstanceShape():
            name = rs.NamedType(shape.cls.unique)
            return name if shape.cls.enum_members is not None else rs.NamedType("Rc", (name,))
        case FunctionShape():
            return _function(shape, program)
        case OpaqueShape():
            if shape.name == "BinaryFile":
                return rs.NamedType("File")
            arguments = () if shape.name in WITHOUT_ARGUMENTS else shape.cells
            return rs.NamedType(shape.name, tuple(rust(cell.read(None), program) for cell in arguments))
        case StaticShape():
            return UNIT


def _function(shape: FunctionShape, program: Program) -> rs.Type:
    cell = shape.cell.find()
    shape.cell.identity()
    parameters = tuple(rust(p.read(None), program) for p in cell.parameters or ())
    result = rs.NamedType("Result", (rust(cell.result.read(None), program), rs.NamedType("Exc")))
    return rs.NamedType("Rc", (rs.DynType((rs.FnType(parameters, result),)),))


def is_option(type_: Type) -> bool:
    """Whether it is held as `Option`."""
    return type_.get("none") is not None and len(type_.shapes) > 1


def is_union(type_: Type) -> bool:
    """Whether it is held as an enum of the program; `None` apart."""
    return len(type_.without("none").shapes) > 1


def is_copy(type_: Type) -> bool:
    """Whether the Rust type is `Copy`."""
    return all(_copy(shape) for shape in type_.shapes) and not is_union(type_)


def _copy(shape: Shape) -> bool:
    match shape:
        case IntShape():
            return shape.small
        case Atom():
            return shape.name in _COPY_ATOMS
        case TupleShape():
            return all(is_copy(item) for item in shape.items)
        case InstanceShape():
            return shape.cls.enum_members is not None
        case StaticShape():
            return True
        case _:
            return False


def default_value(type_: Type, program: Program) -> rs.Expression | None:
    """Something to put into a variable before it is assigned; None where there is nothing."""
    if type_.never:
        return rs.Tuple()
    if type_.get("none") is not None:
        return rs.Tuple() if type_.only else rs.Name("None")
    if type_.only is None:
        return None
    return _default_shape(type_.shapes[0], program)


def _default_shape(shape: Shape, program: Program) -> rs.Expression | None:
    match shape:
        case IntShape():
            return rs.Integer(0) if shape.small else rs.Call(rs.Name("Int::from"), (rs.Integer(0, "i64"),))
        case Atom(name="float"):
            return rs.Float(0.0)
        case Atom(name="bool"):
            return rs.Boolean(False)
        case Atom(name="str"):
            return rs.Call(rs.Name("Str::new"))
        case ListShape() | SetShape() | DictShape():
            named = shape_rust(shape, program)
            assert isinstance(named, rs.NamedType)
            return rs.Call(rs.Name(f"{named.name}::new"))
        case TupleShape():
            items = [default_value(item, program) for item in shape.items]
            known = tuple(item for item in items if item is not None)
            return rs.Tuple(known) if len(known) == len(items) else None
        case _:
            return None


def variant_name(shape: Shape) -> str:
    """The name of the alternative in an enum."""
    if isinstance(shape, InstanceShape):
        return shape.cls.unique
    names = {"int": "Int", "str": "Str", "float": "Float", "bool": "Bool", "dict": "Dict", "list": "List"}
    word = names.get(shape.tag, shape.tag)
    return "".join(part[:1].upper() + part[1:] for part in word.replace(".", " ").split())


def _identity(shape: Shape) -> object:
    """What tells enums apart: contents by their cell, because a value may hold itself."""
    match shape:
        case IntShape():
            return ("int", shape.small)
        case ListShape() | SetShape() | IterShape():
            return (shape.tag, shape.cell.identity())
        case DictShape():
            return (shape.tag, shape.key.identity(), shape.value.identity())
        case TupleShape():
            return ("tuple", tuple(tuple(map(_identity, item.shapes)) for item in shape.items))
        case SeqShape():
            return ("seq", tuple(map(_identity, shape.item.shapes)))
        case FunctionShape():
            return ("function", shape.cell.identity())
        case OpaqueShape():
            return (shape.tag, tuple(cell.identity() for cell in shape.cells))
        case _:
            return shape.tag


def union_of(type_: Type, program: Program) -> Union:
    """The enum of the program for a type of several alternatives, `None` not among them."""
    key = tuple(_identity(shape) for shape in type_.shapes)
    found = program.unions.get(key)
    if found is not None:
        found.type = type_
        return found
    variants = {shape.tag: variant_name(shape) for shape in type_.shapes}
    name = "Or".join(variants.values())
    if len(name) > 40:
        name = f"{next(iter(variants.values()))}OrOther"
    taken = {union.name for union in program.unions.values()} | {cls.unique for cls in program.classes}
    base, number = name, 1
    while name in taken:
        number += 1
        name = f"{base}{number}"
    made = Union(name, type_, variants)
    program.unions[key] = made
    return made
