"""Text from values: f-strings, `str`, `repr`, `format`, `%`, `print`.

Enters: nodes and operands. Leaves: operands of type str, or a line on stdout. What is known while translating becomes
one Rust format string; specifications of Python's mini-language are parsed by the support module where Rust's own do
not agree.
"""

from __future__ import annotations

import ast
import re
import string
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.enum_values import as_value_of_enum, is_value_enum
from sovereign.migration.depyler.lowering import Lowering, Operand, expression, typed
from sovereign.migration.depyler.operators import call, python_type_name
from sovereign.migration.depyler.types import (
    BOOL,
    FLOAT,
    NONE,
    STR,
    Cell,
    DictShape,
    InstanceShape,
    IntShape,
    ListShape,
    OpaqueShape,
    SeqShape,
    SetShape,
    StaticShape,
    TupleShape,
    Type,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite

__all__ = ["format_value", "percent", "print_call", "str_format", "to_repr", "to_str"]


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


class Pieces:
    """A format string under construction, with its arguments."""

    def __init__(self) -> None:
        self.text = ""
        self.arguments: list[rs.Expression] = []

    def literal(self, text: str) -> None:
        """Add fixed text."""
        self.text += _escaped(text)

    def hole(self, expr: rs.Expression) -> None:
        """Add a value that Rust displays as Python would."""
        self.text += "{}"
        self.arguments.append(expr)

    def as_str(self) -> rs.Expression:
        """The text as a `Str`."""
        if not self.arguments:
            return call("Str::literal", rs.Text(self.text.replace("{{", "{").replace("}}", "}")))
        return call("Str::from", rs.MacroCall("format", (rs.Text(self.text), *self.arguments)))


def _display(low: Lowering, operand: Operand, pieces: Pieces) -> None:
    """`str(operand)` as a hole, or as text where it is known."""
    constant = operand.constant
    if isinstance(constant, str):
        pieces.literal(constant)
        return
    if isinstance(constant, int | float) and not operand.type.never:
        pieces.literal(str(constant))
        return
    if operand.type.never:
        low.emit(rs.Evaluate(operand.expr, low.line))
        return
    operand = _plain(low, operand)
    only = operand.type.only
    if operand.type == STR or isinstance(only, IntShape):
        pieces.hole(operand.expr)
        return
    pieces.hole(call("show", low.borrow(operand)))


def _plain(low: Lowering, operand: Operand) -> Operand:
    """The operand as something that the support module can show."""
    operand = _class_text(low, operand)
    only = operand.type.only
    if isinstance(only, InstanceShape):
        return to_str(low, operand)
    return _named_dict(low, operand) or operand


def _class_text(low: Lowering, operand: Operand) -> Operand:
    known = operand.static
    if known is None:
        return operand
    if known.kind == "class":
        name = f"<class '__main__.{known.name}'>"
        what = getattr(known.what, "enum_members", None)
        if what is not None:
            name = f"<enum '{known.name}'>"
        return Operand(STR, call("Str::literal", rs.Text(name)), constant=name)
    if known.kind == "builtin" and known.name != "NotImplemented":
        name = f"<class '{known.name}'>"
        return Operand(STR, call("Str::literal", rs.Text(name)), constant=name)
    return stored(low, operand)


NO_TEXT = {
    "CalendarNames",
    "CsvDictRows",
    "CsvDictWriter",
    "CsvWriter",
    "DecimalContext",
    "Environment",
    "Hash",
    "Hmac",
    "IsoDate",
    "LogFormatter",
    "LogHandler",
    "StringTemplate",
    "Random",
}
"""Types of the library whose text is not that of what holds them in Rust."""
_NAMED_DICTS = {"Counter", "OrderedDict", "defaultdict"}


def _named_dict(low: Lowering, operand: Operand) -> Operand | None:
    """The text of a dict that shows its class; None where the operand has none within.

    Raises:
        Refuse: One stands within another value, whose text is that of the support module.
    """
    if not _holds_named_dict(low, operand.type, set()):
        return None
    shape = operand.type.only
    if not isinstance(shape, DictShape) or shape.kind not in _NAMED_DICTS:
        raise low.refuse(low.node, f"the text of {operand.type!r}, or of what it holds")
    inner = low.contents(shape.key).join(low.contents(shape.value))
    if _holds_named_dict(low, inner, set()):
        raise low.refuse(low.node, f"the text of a `{shape.kind}` that holds another such dict")
    operand = low.named(operand, "shown")
    if inner.never:
        empty = f"defaultdict({_factory_text(low, shape)}, {{}})" if shape.kind == "defaultdict" else f"{shape.kind}()"
        return Operand(STR, call("Str::literal", rs.Text(empty)))
    if shape.kind == "OrderedDict":
        return Operand(STR, call("ordered_repr", low.borrow(operand)))
    if shape.kind == "defaultdict":
        return Operand(STR, call("default_repr", rs.Text(_factory_text(low, shape)), low.borrow(operand)))
    count = low.contents(shape.value).only
    if count is not None and not (isinstance(count, IntShape) and count.small):
        raise low.refuse(low.node, "the text of a `Counter` whose counts are no small integers")
    return Operand(STR, call("counter_repr", low.borrow(operand)))


def _factory_text(low: Lowering, shape: DictShape) -> str:
    """The repr of the factory of a `defaultdict`."""
    known = low.program.statics.get("factories", [])
    assert isinstance(known, list)
    root = shape.value.find()
    found = {factory.static for cell, factory in known if cell.find() is root}
    factory = found.pop() if len(found) == 1 else None
    if factory is None or factory.kind != "builtin" or "." in factory.name:
        raise low.refuse(low.node, "the text of a `defaultdict` whose factory is no builtin class")
    return f"<class '{factory.name}'>"


def _holds_named_dict(low: Lowering, type_: Type, seen: set[object]) -> bool:
    """Whether a `Counter`, an `OrderedDict` or a `defaultdict` is in what the support module would show."""

    def cell(inner: Cell) -> bool:
        root = inner.find()
        if root in seen:
            return False
        seen.add(root)
        return _holds_named_dict(low, low.contents(root), seen)

    for shape in type_:
        match shape:
            case DictShape():
                found = shape.kind in _NAMED_DICTS or cell(shape.key) or cell(shape.value)
            case ListShape() | SetShape():
                found = cell(shape.cell)
            case TupleShape():
                found = any(_holds_named_dict(low, item, seen) for item in shape.items)
            case SeqShape():
                found = _holds_named_dict(low, shape.item, seen)
            case OpaqueShape():
                found = shape.name in NO_TEXT
            case _:
                found = False
        if found:
            return True
    return False


def to_str(low: Lowering, operand: Operand) -> Operand:
    """`str(operand)`."""
    operand = _class_text(low, operand)
    if operand.type == STR:
        return operand
    return distribute(low, operand, lambda one: _str_one(low, one))


def _str_one(low: Lowering, operand: Operand) -> Operand:
    from sovereign.migration.depyler.calls import call_method, has_method

    shape = operand.type.shapes[0]
    if operand.type == STR:
        return operand
    if isinstance(shape, InstanceShape):
        name = "__str__" if has_method(operand, "__str__") else "__repr__"
        if shape.cls.enum_members is not None and not has_method(operand, "__str__"):
            return Operand(STR, call("str_of", low.borrow(operand)))
        if has_method(operand, name):
            return _text_of_method(low, call_method(low, operand, name, []), name)
        if not _has_text(shape):
            raise low.refuse(low.node, f"the text of an object of the class `{shape.cls.name}`: it holds an address")
    if shape.tag in {"function", "iterator", "Generator"}:
        raise low.refuse(low.node, f"the text of a {shape.tag}: it holds an address")
    if operand.type == BOOL or isinstance(shape, IntShape) or operand.type == NONE:
        constant = operand.constant
        if operand.type == NONE:
            return Operand(STR, call("Str::literal", rs.Text("None")), constant="None")
        if isinstance(constant, int):
            return Operand(STR, call("Str::literal", rs.Text(str(constant))), constant=str(constant))
    return _named_dict(low, operand) or Operand(STR, call("str_of", low.borrow(operand)))


def _text_of_method(low: Lowering, result: Operand, name: str) -> Operand:
    """What `__str__` or `__repr__` gives; anything but a text is an error."""
    if result.type == STR or result.type.never:
        return result

    def one(a: Operand) -> Operand:
        if a.type == STR:
            return a
        kind = python_type_name(a.type.shapes[0])
        return low.type_error(f"{name} returned non-string (type {kind})")

    return distribute(low, result, one)


def _has_text(shape: InstanceShape) -> bool:
    from sovereign.migration.depyler.classes import is_exception

    return is_exception(shape.cls) or shape.cls.enum_members is not None


def to_repr(low: Lowering, operand: Operand) -> Operand:
    """`repr(operand)`."""
    operand = _class_text(low, operand)
    return distribute(low, operand, lambda one: _repr_one(low, one))


def _repr_one(low: Lowering, operand: Operand) -> Operand:
    from sovereign.migration.depyler.calls import call_method, has_method

    shape = operand.type.shapes[0]
    if isinstance(operand.constant, str):
        text = repr(operand.constant)
        return Operand(STR, call("Str::literal", rs.Text(text)), constant=text)
    if isinstance(shape, InstanceShape):
        if has_method(operand, "__repr__"):
            return _text_of_method(low, call_method(low, operand, "__repr__", []), "__repr__")
        if not _has_text(shape):
            raise low.refuse(low.node, f"the text of an object of the class `{shape.cls.name}`: it holds an address")
    if shape.tag in {"function", "iterator", "Generator"}:
        raise low.refuse(low.node, f"the text of a {shape.tag}: it holds an address")
    return _named_dict(low, operand) or Operand(STR, call("repr_of", low.borrow(operand)))


# f-strings


@expression(ast.JoinedStr)
def _joined(low: Lowering, node: ast.JoinedStr) -> Operand:
    pieces = Pieces()
    _collect(low, node, pieces)
    if not pieces.arguments:
        text = pieces.text.replace("{{", "{").replace("}}", "}")
        return Operand(STR, call("Str::literal", rs.Text(text)), constant=text)
    return Operand(STR, pieces.as_str())


def _collect(low: Lowering, node: ast.JoinedStr, pieces: Pieces) -> None:
    parts = node.values
    formatted = [p for p in parts if isinstance(p, ast.FormattedValue)]
    operands = dict(zip(formatted, low.sequence([lambda p=p: _formatted(low, p) for p in formatted]), strict=True))  # type: ignore[misc]
    for part in parts:
        if isinstance(part, ast.Constant):
            pieces.literal(str(part.value))
        else:
            assert isinstance(part, ast.FormattedValue)
            _display(low, operands[part], pieces)


def _formatted(low: Lowering, part: ast.FormattedValue) -> Operand:
    operand = stored_or_class(low, low.expression(part.value))
    if part.conversion in {ord("r"), ord("a")}:
        operand = to_repr(low, operand)
    elif part.conversion == ord("s"):
        operand = to_str(low, operand)
    if part.format_spec is None:
        only = operand.type.only
        if part.conversion == -1 and any(isinstance(shape, InstanceShape) for shape in operand.type):
            return to_format(low, operand)
        return to_str(low, operand) if isinstance(only, InstanceShape) else operand
    assert isinstance(part.format_spec, ast.JoinedStr)
    return format_value(low, operand, _joined(low, part.format_spec))


def stored_or_class(low: Lowering, operand: Operand) -> Operand:
    """The operand, a class as the text that it prints."""
    return _class_text(low, operand) if operand.static is not None else operand


def format_value(low: Lowering, operand: Operand, spec: Operand | None) -> Operand:
    """`format(operand, spec)`."""
    operand = stored_or_class(low, operand)
    if spec is None or spec.constant == "":
        return to_format(low, operand)
    return distribute(low, operand, lambda one: _format_one(low, one, spec))


def to_format(low: Lowering, operand: Operand) -> Operand:
    """`format(operand)`: that of its own `__format__`, or its text."""
    from sovereign.migration.depyler.calls import has_method

    if not any(has_method(Operand(Type((shape,)), operand.expr), "__format__") for shape in operand.type):
        return to_str(low, operand)
    nothing = Operand(STR, call("Str::literal", rs.Text("")), constant="")

    def one(alternative: Operand) -> Operand:
        own = has_method(alternative, "__format__")
        return _format_one(low, alternative, nothing) if own else to_str(low, alternative)

    return distribute(low, operand, one)


def _format_one(low: Lowering, operand: Operand, spec: Operand) -> Operand:
    from sovereign.migration.depyler.builtin_functions import FUNCTIONS
    from sovereign.migration.depyler.calls import CallSite, call_method, has_method

    shape = operand.type.shapes[0]
    if has_method(operand, "__format__"):
        return call_method(low, operand, "__format__", [spec])
    text = rs.Text(spec.constant) if isinstance(spec.constant, str) else low.borrow(spec)
    if isinstance(shape, IntShape) or operand.type in (FLOAT, BOOL, STR):
        borrowed = rs.Borrow(typed(operand.expr)) if operand.form != "ref" else operand.expr
        return Operand(STR, low.fallible(call("format_value", borrowed, text)))
    handler = FUNCTIONS.get(f"{shape.tag}.__format__")
    if handler is not None:
        site = CallSite(low, low.node, operand)  # type: ignore[arg-type]
        site.given = ([operand, spec], {})
        return handler(site)
    if isinstance(shape, InstanceShape) and shape.cls.enum_members is not None:
        if is_value_enum(shape.cls):
            return _format_one(low, as_value_of_enum(low, operand), spec)
        return Operand(STR, low.fallible(call("format_value", rs.Borrow(to_str(low, operand).expr), text)))
    if isinstance(shape, OpaqueShape):
        raise low.refuse(low.node, f"a format specification for `{python_type_name(shape)}`")
    return low.type_error(f"unsupported format string passed to {python_type_name(shape)}.__format__")


# str.format


def str_format(site: CallSite) -> Operand:
    """`"...".format(...)` whose text is known while translating."""
    low = site.low
    assert site.receiver is not None
    text = site.receiver.constant
    if not isinstance(text, str):
        raise site.refuse("`format` of a text that is not known while translating")
    pieces = Pieces()
    count = 0
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError as error:
        return low.type_error(str(error), "VALUE_ERROR")
    for literal, written, spec, conversion in fields:
        pieces.literal(literal)
        if written is None:
            continue
        name = written
        if name == "" or name[0] in ".[":
            name = f"{count}{name}"
            count += 1
        operand = _format_field(site, name)
        if conversion == "r":
            operand = to_repr(low, operand)
        elif conversion == "s":
            operand = to_str(low, operand)
        if spec:
            operand = format_value(low, operand, _nested_spec(site, spec, count))
        elif not conversion:
            operand = to_format(low, operand)
        _display(low, to_str(low, operand), pieces)
    return Operand(STR, pieces.as_str())


def _nested_spec(site: CallSite, spec: str, count: int) -> Operand:
    if "{" not in spec:
        return Operand(STR, call("Str::literal", rs.Text(spec)), constant=spec)
    pieces = Pieces()
    for literal, name, _, _ in string.Formatter().parse(spec):
        pieces.literal(literal)
        if name is not None:
            _display(site.low, to_str(site.low, _format_field(site, name or str(count))), pieces)
            count += name == ""
    return Operand(STR, pieces.as_str())


def _field_parts(name: str) -> tuple[int | str, list[tuple[bool, int | str]]]:
    """`0.x[key]` as its first word and what follows: attributes (True) and keys."""
    first = re.match(r"[^.\[]*", name)
    assert first is not None
    rest: list[tuple[bool, int | str]] = []
    for dotted, key in re.findall(r"\.([^.\[]+)|\[([^\]]*)\]", name[first.end() :]):
        rest.append((True, dotted) if dotted else (False, int(key) if key.isdigit() else key))
    head = first.group()
    return (int(head) if head.isdigit() else head), rest


def _format_field(site: CallSite, name: str) -> Operand:
    from sovereign.migration.depyler.attributes import attribute
    from sovereign.migration.depyler.expressions import constant
    from sovereign.migration.depyler.subscripts import item_of

    low = site.low
    first, rest = _field_parts(name)
    if isinstance(first, int):
        operand = site.argument(first)
        if operand is None:
            return low.type_error(f"Replacement index {first} out of range for positional args tuple", "INDEX_ERROR")
    else:
        found = site.keyword(first)
        if found is None:
            raise site.refuse(f"`format` with the name `{first}` that is no argument")
        operand = found
    operand = stored_or_class(low, operand)
    for is_attribute, part in rest:
        operand = attribute(low, operand, str(part)) if is_attribute else item_of(low, operand, constant(low, part))
    return operand


# percent


def percent(low: Lowering, a: Operand, b: Operand) -> Operand | None:
    """`text % values` whose text is known while translating."""
    text = a.constant
    if not isinstance(text, str):
        raise low.refuse(low.node, "`%` of a text that is not known while translating")
    shape = b.type.only
    values = low.tuple_parts(b, shape) if isinstance(shape, TupleShape) else [b]
    if isinstance(shape, SeqShape) and shape.item.never:
        values = []
    pieces = Pieces()
    index = 0
    for literal, written in _percent_parts(text):
        pieces.literal(literal)
        if written is None:
            continue
        if written == "%":
            pieces.literal("%")
            continue
        key, conversion = "", written
        if conversion.startswith("("):
            key, _, conversion = conversion[1:].partition(")")
            operand = _percent_key(low, b, key)
        else:
            if index >= len(values):
                return low.type_error("not enough arguments for format string")
            if "*" in conversion:
                raise low.refuse(low.node, "`*` in a `%` format")
            operand = values[index]
            index += 1
        _display(low, _percent_value(low, stored_or_class(low, operand), conversion), pieces)
    if index < len(values) and not (isinstance(shape, DictShape) and index == 0):
        return low.type_error("not all arguments converted during string formatting")
    return Operand(STR, pieces.as_str())


def _percent_key(low: Lowering, values: Operand, key: str) -> Operand:
    from sovereign.migration.depyler.expressions import constant
    from sovereign.migration.depyler.subscripts import item_of

    return item_of(low, values, constant(low, key))


def _percent_parts(text: str) -> list[tuple[str, str | None]]:
    """Literal text and the conversion behind it, one pair each."""
    parts: list[tuple[str, str | None]] = []
    literal = ""
    position = 0
    while position < len(text):
        if text[position] != "%":
            literal += text[position]
            position += 1
            continue
        end = position + 1
        if end < len(text) and text[end] == "(":
            end = text.index(")", end) + 1
        while end < len(text) and text[end] in "#0- +*.123456789lhL":
            end += 1
        parts.append((literal, text[position + 1 : end + 1]))
        literal = ""
        position = end + 1
    parts.append((literal, None))
    return parts


def _percent_value(low: Lowering, operand: Operand, conversion: str) -> Operand:
    kind = conversion[-1]
    flags = conversion[:-1]
    if kind in "sra":
        operand = to_str(low, operand) if kind == "s" else to_repr(low, operand)
        if not flags:
            return operand
        return Operand(STR, low.fallible(call("percent_text", low.borrow(operand), rs.Text(flags))))
    if not flags and kind in "di" and isinstance(operand.type.only, IntShape):
        return operand
    return distribute(low, operand, lambda one: _percent_number(low, one, flags, kind))


def _percent_number(low: Lowering, operand: Operand, flags: str, kind: str) -> Operand:
    from sovereign.migration.depyler.operators import as_float, as_int
    from sovereign.migration.depyler.types import INT

    spec = rs.Text(flags + kind)
    operand = as_int(low, operand)
    shape = operand.type.shapes[0]
    if kind in "eEfFgG" and (isinstance(shape, IntShape) or operand.type == FLOAT):
        return Operand(STR, low.fallible(call("percent_float", as_float(low, operand), spec)))
    if kind in "dioxXu" and isinstance(shape, IntShape):
        return Operand(STR, low.fallible(call("percent_int", rs.Borrow(low.convert(operand, INT)), spec)))
    if kind in "diu" and operand.type == FLOAT:
        whole = low.fallible(call("int_of_float", low.own(operand)))
        return Operand(STR, low.fallible(call("percent_int", rs.Borrow(whole), spec)))
    if kind == "c":
        if operand.type == STR:
            return operand
        return Operand(STR, low.fallible(call("chr", low.own(operand))))
    if isinstance(shape, OpaqueShape):
        raise low.refuse(low.node, f"`%{kind}` of `{python_type_name(shape)}`")
    name = python_type_name(shape)
    if kind in "eEfFgG":
        return low.type_error(f"must be real number, not {name}")
    need = "a real number is required" if kind in "diu" else "an integer is required"
    return low.type_error(f"%{kind} format: {need}, not {name}")


# print


def print_call(site: CallSite) -> Operand:
    """`print(...)`."""
    low = site.low
    file = site.keyword("file")
    macro = "say"
    if file is not None and file.type != NONE:
        if file.static is not None and file.static.name == "sys.stderr":
            macro = "complain"
        elif file.static is None or file.static.name != "sys.stdout":
            return _print_to(site, file)
    separator, end = site.keyword("sep"), site.keyword("end")
    site.keyword("flush")
    if site.given is None and any(isinstance(a, ast.Starred) for a in site.nodes):
        return _print_star(site, macro, separator, end)
    pieces = Pieces()
    if site.given is None and len(site.nodes) == 1 and isinstance(site.nodes[0], ast.JoinedStr):
        _collect(low, site.nodes[0], pieces)
    else:
        for index, operand in enumerate(_printed(site)):
            if index:
                _separate(low, pieces, separator, " ")
            _display(low, operand, pieces)
    _finish(low, macro, pieces, end)
    return Operand(NONE, rs.Tuple())


def _printed(site: CallSite) -> list[Operand]:
    low = site.low
    if site.given is not None:
        return [_shown(low, o) for o in site.operands]
    operands = [stored_or_class(low, operand) for operand in low.expressions(site.nodes)]
    if any(_is_written(operand.type) for operand in operands[:-1]):
        # Python makes the texts after it has all values: a call further right may change an object further left.
        operands = [low.settled(operand) for operand in operands]
    return low.sequence([lambda operand=operand: _shown(low, operand) for operand in operands])  # type: ignore[misc]


def _is_written(type_: Type) -> bool:
    """Whether the text of such a value is made before it is printed."""
    return any(isinstance(shape, InstanceShape) or shape.tag == "defaultdict" for shape in type_)


def _shown(low: Lowering, operand: Operand) -> Operand:
    """What print shows: objects of the program as their text, at once."""
    operand = stored_or_class(low, operand)
    only = operand.type.only
    if isinstance(only, InstanceShape):
        return to_str(low, operand)
    if only is not None and only.tag in {"function", "iterator", "Generator"}:
        raise low.refuse(low.node, f"the text of a {only.tag}: it holds an address")
    if any(isinstance(s, InstanceShape | StaticShape) for s in operand.type):
        return to_str(low, operand)
    return operand


def _separate(low: Lowering, pieces: Pieces, separator: Operand | None, default: str) -> None:
    if separator is None or separator.type == NONE:
        pieces.literal(default)
    elif isinstance(separator.constant, str):
        pieces.literal(separator.constant)
    else:
        _display(low, separator, pieces)


def _finish(low: Lowering, macro: str, pieces: Pieces, end: Operand | None) -> None:
    if end is not None and end.type != NONE:
        _separate(low, pieces, end, "\n")
        macro = f"{macro}_raw"
    if macro.endswith("_raw") and pieces.text.endswith("\n"):
        pieces.text = pieces.text[:-1]
        macro = macro.removesuffix("_raw")
    if not pieces.text and macro.endswith("_raw"):
        return
    arguments = (rs.Text(pieces.text), *pieces.arguments)
    low.emit(rs.Evaluate(rs.MacroCall(macro, arguments), low.line))


def _print_star(site: CallSite, macro: str, separator: Operand | None, end: Operand | None) -> Operand:
    """`print(*xs)`: the texts joined."""
    from sovereign.migration.depyler.iteration import iterate

    low = site.low
    parts = low.fresh("parts")
    vector = rs.NamedType("Vec", (rs.NamedType("Str"),))
    low.emit(rs.Let(rs.Bind(parts, mutable=True), vector, call("Vec::new")))

    def push(item: Operand) -> None:
        low.emit(rs.Evaluate(rs.Method(rs.Name(parts), "push", (low.own(to_str(low, item)),))))

    for node in site.nodes:
        if isinstance(node, ast.Starred):
            iterate(low, low.expression(node.value)).loop(low, "item", push)
        else:
            push(stored_or_class(low, low.expression(node)))
    pieces = Pieces()
    glue: rs.Expression = call("Str::literal", rs.Text(" "))
    if separator is not None and separator.type != NONE:
        glue = separator.expr
    pieces.hole(rs.Method(glue, "join", (rs.Name(parts),)))
    _finish(low, macro, pieces, end)
    return Operand(NONE, rs.Tuple())


def _print_to(site: CallSite, file: Operand) -> Operand:
    """`print(..., file=f)`."""
    low = site.low
    separator, end = site.keyword("sep"), site.keyword("end")
    site.keyword("flush")
    pieces = Pieces()
    for index, operand in enumerate(_printed(site)):
        if index:
            _separate(low, pieces, separator, " ")
        _display(low, operand, pieces)
    if end is None or end.type == NONE:
        pieces.literal("\n")
    else:
        _separate(low, pieces, end, "\n")
    from sovereign.migration.depyler.methods import call_builtin_method

    result = call_builtin_method(low, file, "write", [Operand(STR, pieces.as_str())], {})
    low.emit(rs.Evaluate(result.expr, low.line))
    return Operand(NONE, rs.Tuple())
