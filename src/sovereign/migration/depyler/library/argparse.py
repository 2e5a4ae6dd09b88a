"""`argparse`: parsers are objects of the support module; what their namespaces hold is known from `add_argument`.

Enters: call sites. Leaves: operands. Parsers, groups and subparsers that fill one namespace share a cell; the types
of its attributes stand beside that cell, one for each `dest`.
"""

from __future__ import annotations

import ast
from pathlib import PurePath
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import block_of
from sovereign.migration.depyler.builtin_functions import CONSTANTS, TYPES, builtin
from sovereign.migration.depyler.function_values import inline_call
from sovereign.migration.depyler.lowering import Lowering, Operand, typed
from sovereign.migration.depyler.methods import index_argument, method
from sovereign.migration.depyler.operators import call, truth
from sovereign.migration.depyler.types import (
    BOOL,
    FLOAT,
    INT,
    NONE,
    STR,
    Cell,
    FunctionShape,
    IntShape,
    ListShape,
    OpaqueShape,
    Type,
)
from sovereign.migration.depyler.variables import static, stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite

__all__ = ["attribute_of", "namespace_attributes"]

_FORMATTERS = {
    "RawDescriptionHelpFormatter": ("raw_description",),
    "RawTextHelpFormatter": ("raw_description", "raw_text"),
    "ArgumentDefaultsHelpFormatter": ("show_defaults",),
    "MetavarTypeHelpFormatter": ("metavar_type",),
    "HelpFormatter": (),
}
for _name in _FORMATTERS:
    TYPES.add(f"argparse.{_name}")
for _name in ("ArgumentParser", "Namespace"):
    TYPES.add(f"argparse.{_name}")
CONSTANTS["argparse.SUPPRESS"] = lambda low: static("builtin", "argparse.SUPPRESS")


def _text(low: Lowering, operand: Operand) -> rs.Expression:
    """A str argument as `&str`."""
    from sovereign.migration.depyler.methods import text_of

    return text_of(low, operand)


def _optional_text(low: Lowering, operand: Operand | None) -> rs.Expression | None:
    if operand is None or operand.type == NONE:
        return None
    return call("Some", low.own(operand))


# namespaces


def _table(low: Lowering) -> list[tuple[Cell, dict[str, Cell]]]:
    table = low.program.statics.setdefault("namespaces", [])
    assert isinstance(table, list)
    return table


def namespace_attributes(low: Lowering, cell: Cell) -> dict[str, Cell]:
    """The attributes of a namespace, merged where parsers turned out to share one."""
    root = cell.find()
    root.readers.add(low.instance)
    merged: dict[str, Cell] = {}
    for key, names in _table(low):
        if key.find() is root:
            for name, held in names.items():
                if name in merged:
                    merged[name].unite(held)
                else:
                    merged[name] = held
    return merged


def _note(low: Lowering, cell: Cell, dest: str, type_: Type) -> None:
    """An attribute of the namespace may hold this."""
    names = namespace_attributes(low, cell)
    if dest not in names:
        _table(low).append((cell, {dest: Cell(type_)}))
        cell.find().readers.tell()
        return
    names[dest].join(type_)


def _shared(low: Lowering, name: str, cell: Cell | None = None) -> Type:
    """A parser or group of a namespace."""
    own = low.cell()
    if cell is not None:
        own.unite(cell)
    return Type((OpaqueShape(name, (own,)),))


def _cell_of(operand: Operand) -> Cell:
    shape = operand.type.only
    assert isinstance(shape, OpaqueShape)
    return shape.cells[0]


def _receiver(site: CallSite) -> Operand:
    assert site.receiver is not None
    return site.receiver


# parsers


def _options(site: CallSite) -> rs.Expression:
    """`ParserOptions` from the keywords of a parser."""
    low = site.low
    fields: list[tuple[str, rs.Expression]] = []
    for name in ("description", "epilog", "usage"):
        value = _optional_text(low, site.keyword(name))
        if value is not None:
            fields.append((name, value))
    for name in ("add_help", "allow_abbrev", "exit_on_error"):
        operand = site.keyword(name)
        if operand is not None:
            fields.append((name, truth(low, operand)))
    style = site.keyword("formatter_class")
    if style is not None:
        fields.append(("style", _style(site, style)))
    for keyword in site.keyword_nodes:
        if keyword in {"parents", "prefix_chars", "fromfile_prefix_chars", "argument_default", "conflict_handler"}:
            raise site.refuse(f"`ArgumentParser` with `{keyword}`")
    made = call("ParserOptions::new")
    return rs.StructLiteral("ParserOptions", tuple(fields), made) if fields else made


def _style(site: CallSite, operand: Operand) -> rs.Expression:
    known = operand.static
    if known is None or known.name.removeprefix("argparse.") not in _FORMATTERS:
        raise site.refuse("a formatter class that is not of argparse")
    flags = _FORMATTERS[known.name.removeprefix("argparse.")]
    fields = tuple((flag, rs.Boolean(True)) for flag in flags)
    made = call("HelpStyle::new")
    return rs.StructLiteral("HelpStyle", fields, made) if fields else made


@builtin("argparse.ArgumentParser")
def _parser(site: CallSite) -> Operand:
    low = site.low
    prog = site.argument(0, "prog")
    text = rs.Text(PurePath(low.module.path).name) if prog is None or prog.type == NONE else _text(low, prog)
    return Operand(_shared(low, "ArgumentParser"), call("ArgumentParser::new", text, _options(site)))


@method("ArgumentParser", "add_argument_group")
def _group(site: CallSite) -> Operand:
    low = site.low
    type_ = _shared(low, "ArgumentGroup", _cell_of(_receiver(site)))
    title = _optional_text(low, site.argument(0, "title")) or rs.Name("None")
    description = _optional_text(low, site.argument(1, "description")) or rs.Name("None")
    return Operand(type_, rs.Method(low.receiver(_receiver(site)), "add_argument_group", (title, description)))


@method("ArgumentParser", "add_mutually_exclusive_group")
def _exclusive(site: CallSite) -> Operand:
    low = site.low
    type_ = _shared(low, "ExclusiveGroup", _cell_of(_receiver(site)))
    required = site.keyword("required")
    value = rs.Boolean(False) if required is None else truth(low, required)
    return Operand(type_, rs.Method(low.receiver(_receiver(site)), "add_mutually_exclusive_group", (value,)))


@method("ArgumentParser", "add_subparsers")
def _subparsers(site: CallSite) -> Operand:
    low = site.low
    cell = _cell_of(_receiver(site))
    type_ = _shared(low, "Subparsers", cell)
    fields: list[tuple[str, rs.Expression]] = []
    for name in ("title", "description", "prog", "dest", "metavar"):
        value = _optional_text(low, site.keyword(name))
        if value is not None:
            fields.append((name, value))
    required = site.keyword("required")
    if required is not None:
        fields.append(("required", truth(low, required)))
    help_ = site.keyword("help")
    if help_ is not None and help_.type == STR:
        fields.append(("help", call("ArgHelp::Text", low.own(help_))))
    dest = site.keyword("dest")
    if dest is not None and isinstance(dest.constant, str):
        sure = required is not None and required.constant is True
        _note(low, cell, dest.constant, STR if sure else STR.join(NONE))
    made: rs.Expression = call("SubparserOptions::new")
    if fields:
        made = rs.StructLiteral("SubparserOptions", tuple(fields), made)
    return Operand(type_, low.fallible(rs.Method(low.receiver(_receiver(site)), "add_subparsers", (made,))))


@method("Subparsers", "add_parser")
def _add_parser(site: CallSite) -> Operand:
    low = site.low
    type_ = _shared(low, "ArgumentParser", _cell_of(_receiver(site)))
    first = site.argument(0, "name")
    assert first is not None
    aliases: list[rs.Expression] = []
    node = site.keyword_node("aliases")
    if isinstance(node, ast.List | ast.Tuple):
        for item in node.elts:
            if not (isinstance(item, ast.Constant) and isinstance(item.value, str)):
                raise site.refuse("aliases that are not known while translating")
            aliases.append(rs.Text(item.value))
    elif node is not None:
        raise site.refuse("aliases that are not known while translating")
    help_ = _optional_text(low, site.keyword("help")) or rs.Name("None")
    prog = _optional_text(low, site.keyword("prog")) or rs.Name("None")
    arguments = (_text(low, first), rs.Borrow(rs.Array(tuple(aliases))), help_, prog, _options(site))
    return Operand(type_, low.fallible(rs.Method(low.receiver(_receiver(site)), "add_parser", arguments)))


# arguments


def _dest(site: CallSite, names: list[str]) -> str:
    given = site.keyword("dest")
    if given is not None and isinstance(given.constant, str):
        return given.constant
    long = next((n for n in names if n.startswith("--")), names[0])
    return long.lstrip("-").replace("-", "_")


def _constant_text(site: CallSite, name: str) -> str | None:
    operand = site.keyword(name)
    if operand is None or operand.type == NONE:
        return None
    if not isinstance(operand.constant, str):
        raise site.refuse(f"`{name}` that is not known while translating")
    return operand.constant


@method("ArgumentParser", "add_argument")
def _add_argument(site: CallSite) -> Operand:
    low = site.low
    names = [o.constant for o in site.operands]
    if not all(isinstance(n, str) for n in names) or not names:
        raise site.refuse("an argument whose name is not known while translating")
    texts = [str(n) for n in names]
    built: rs.Expression = call("ArgSpec::new", rs.Borrow(rs.Array(tuple(rs.Text(t) for t in texts))))
    action = _constant_text(site, "action") or "store"
    if site.keyword("action") is not None:
        built = rs.Method(built, "action", (rs.Text(action),))
    built, item = _typed(site, built)
    built, nargs = _nargs(site, built)
    built = _further(site, built)
    built, default = _default(site, built)
    _note_argument(site, texts, action, item, nargs, default)
    expr = rs.Method(low.receiver(_receiver(site)), "add_argument", (built,))
    return Operand(NONE, low.fallible(expr))


for _name in ("ArgumentGroup", "ExclusiveGroup"):
    method(_name, "add_argument")(_add_argument)
method("ArgumentGroup", "add_mutually_exclusive_group")(_exclusive)


def _typed(site: CallSite, built: rs.Expression) -> tuple[rs.Expression, Type]:
    """`type=`: the converter, and what it gives."""
    low = site.low
    kind = site.keyword("type")
    if kind is None:
        return built, STR
    known = kind.static
    if known is not None and known.kind == "builtin" and known.name in {"int", "float", "str", "bool"}:
        method_name = {"int": "int", "float": "float", "bool": "boolean"}.get(known.name)
        type_ = {"int": INT, "float": FLOAT, "bool": BOOL, "str": STR}[known.name]
        return (rs.Method(built, method_name) if method_name else built), type_
    name = known.name if known is not None else "function"
    if name.startswith("lambda"):
        name = "<lambda>"
    variable = low.fresh("text")
    frames, low.frames = low.frames, []
    low.closure_depth += 1
    with low.capture() as statements:
        result = stored(low, inline_call(low, kind, [Operand(STR, rs.Name(variable), "ref")]))
        value = _arg_value(low, result)
    low.closure_depth -= 1
    low.frames = frames
    closure = rs.Closure(
        ((rs.Bind(variable), rs.RefType(rs.NamedType("Str"))),), block_of(statements, call("Ok", value))
    )
    return rs.Method(built, "converter", (rs.Text(name), closure)), result.type


def _arg_value(low: Lowering, operand: Operand) -> rs.Expression:
    """A value as an `ArgValue`."""
    if operand.type == NONE:
        return rs.Name("ArgValue::None")
    if _plain(low, operand.type):
        return call("ArgValue::from", typed(low.own(operand)))
    if operand.type.get("function") is not None:
        return call("ArgValue::opaque", low.own(operand))
    if len(operand.type.without("none").shapes) > 1:
        from sovereign.migration.depyler.alternatives import distribute

        value = OpaqueShape("ArgValue")
        return distribute(low, operand, lambda one: Operand(Type((value,)), _arg_value(low, one))).expr
    return call("ArgValue::other", low.own(operand))


def _plain(low: Lowering, type_: Type) -> bool:
    rest = type_.without("none")
    only = rest.only
    if only is None:
        return False
    if isinstance(only, ListShape) and only.kind == "list":
        inner = low.contents(only.cell)
        return inner.never or _plain(low, inner)
    return isinstance(only, IntShape) or only.tag in {"str", "float", "bool"}


def _nargs(site: CallSite, built: rs.Expression) -> tuple[rs.Expression, object]:
    operand = site.keyword("nargs")
    if operand is None or operand.type == NONE:
        return built, None
    if isinstance(operand.constant, str):
        return rs.Method(built, "nargs", (rs.Text(operand.constant),)), operand.constant
    if isinstance(operand.constant, int):
        return rs.Method(built, "nargs_count", (rs.Integer(operand.constant),)), operand.constant
    raise site.refuse("`nargs` that is not known while translating")


def _further(site: CallSite, built: rs.Expression) -> rs.Expression:
    """`choices`, `required`, `help`, `metavar`, `dest`, `const`, `version`."""
    low = site.low
    choices = site.keyword("choices")
    if choices is not None and choices.type != NONE:
        built = rs.Method(built, "choices", (_choices(site, choices),))
    required = site.keyword("required")
    if required is not None:
        built = rs.Method(built, "required", (truth(low, required),))
    help_ = site.keyword("help")
    if help_ is not None and help_.static is not None:
        built = rs.Method(built, "help_suppressed")
    elif help_ is not None and help_.type == STR:
        built = rs.Method(built, "help", (_text(low, help_),))
    for name in ("dest", "version"):
        operand = site.keyword(name)
        if operand is not None and operand.type == STR:
            built = rs.Method(built, name, (_text(low, operand),))
    built = _metavar(site, built)
    constant = site.keyword("const")
    if constant is not None:
        built = rs.Method(built, "constant", (_arg_value(low, stored(low, constant)),))
    return built


def _metavar(site: CallSite, built: rs.Expression) -> rs.Expression:
    metavar = site.keyword("metavar")
    if metavar is None or metavar.type == NONE:
        return built
    if metavar.type == STR:
        return rs.Method(built, "metavar", (_text(site.low, metavar),))
    node = site.keyword_nodes["metavar"]
    if not isinstance(node, ast.Tuple) or not all(isinstance(e, ast.Constant) for e in node.elts):
        raise site.refuse("`metavar` that is not known while translating")
    texts = tuple(rs.Text(str(e.value)) for e in node.elts if isinstance(e, ast.Constant))
    return rs.Method(built, "metavars", (rs.Borrow(rs.Array(texts)),))


def _choices(site: CallSite, choices: Operand) -> rs.Expression:
    from sovereign.migration.depyler.iteration import iterate

    low = site.low
    node = site.keyword_node("choices")
    if isinstance(node, ast.List | ast.Tuple):
        values = [_arg_value(low, stored(low, o)) for o in low.expressions(list(node.elts))]
        return rs.MacroCall("vec", tuple(values), "[")
    each = iterate(low, choices)
    if each.fallible or not _plain(low, each.item):
        raise site.refuse("such `choices`")
    source = rs.Method(each.iterator, "into_iter") if isinstance(each.iterator, rs.Array) else each.iterator
    mapped = rs.Method(source, "map", (rs.Name("ArgValue::from"),))
    return rs.Method(mapped, "collect", (), (rs.NamedType("Vec", (rs.NamedType("ArgValue"),)),))


def _default(site: CallSite, built: rs.Expression) -> tuple[rs.Expression, Type | None]:
    operand = site.keyword("default")
    if operand is None:
        return built, None
    if operand.static is not None and operand.static.name == "argparse.SUPPRESS":
        return rs.Method(built, "default_suppressed"), Type()
    operand = stored(site.low, operand)
    if isinstance(operand.type.only, ListShape):
        operand = site.low.named(operand, "default")
    return rs.Method(built, "default", (_arg_value(site.low, operand),)), operand.type


def _note_argument(
    site: CallSite, names: list[str], action: str, item: Type, nargs: object, default: Type | None
) -> None:
    """What the attribute of an argument may hold."""
    low = site.low
    cell = _cell_of(_receiver(site))
    dest = _dest(site, names)
    required = site.keyword("required")
    sure = not names[0].startswith("-") or (required is not None and required.constant is True)
    _note(low, cell, dest, _value_type(site, action, item, nargs, default, sure=sure))


def _value_type(site: CallSite, action: str, item: Type, nargs: object, default: Type | None, *, sure: bool) -> Type:
    low = site.low
    constant = site.keyword("const")
    if action in {"store_true", "store_false"}:
        return BOOL if default is None else BOOL.join(default)
    if action == "count":
        return Type((IntShape(0, 1 << 40),)).join(default if default is not None else NONE)
    if action in {"version", "help"}:
        return Type()
    if action == "store_const":
        held = constant.type if constant is not None else NONE
        return held.join(default if default is not None else NONE)
    if action in {"append", "extend", "append_const"}:
        inner = low.list_of(item) if nargs in {"+", "*"} and action == "append" else item
        return low.list_of(inner).join(default if default is not None else NONE)
    if nargs in {"+", "*"} or isinstance(nargs, int):
        several = low.list_of(item)
        if default is not None:
            return several.join(default)
        return several if sure else several.join(NONE)
    return _single_type(item, constant, nargs, default, sure=sure)


def _single_type(item: Type, constant: Operand | None, nargs: object, default: Type | None, *, sure: bool) -> Type:
    value = item
    if nargs == "?":
        value = value.join(constant.type) if constant is not None else value
        sure = False
    if default is not None:
        if default == STR and item != STR:
            return value
        return value.join(default)
    return value if sure else value.join(NONE)


# parsing


@method("ArgumentParser", "parse_args")
def _parse_args(site: CallSite) -> Operand:
    low = site.low
    type_ = _shared(low, "Namespace", _cell_of(_receiver(site)))
    given = site.argument(0, "args")
    value: rs.Expression = rs.Name("None")
    if given is not None and given.type != NONE:
        from sovereign.migration.depyler.builtin_functions import list_from

        is_maybe = given.type.get("none") is not None
        value = low.own(given) if is_maybe else call("Some", low.own(list_from(low, given)))
    return Operand(type_, low.fallible(rs.Method(low.receiver(_receiver(site)), "parse_args", (value,))))


@method("ArgumentParser", "set_defaults")
def _set_defaults(site: CallSite) -> Operand:
    low = site.low
    cell = _cell_of(_receiver(site))
    for name in site.keyword_nodes:
        operand = site.keyword(name)
        assert operand is not None
        value = stored(low, operand)
        _note(low, cell, name, value.type)
        held = low.contents(namespace_attributes(low, cell)[name])
        converted = Operand(held, low.convert(value, held))
        arguments = (rs.Text(name), _arg_value(low, converted))
        low.emit(rs.Evaluate(rs.Method(low.receiver(_receiver(site)), "set_defaults", arguments)))
    return Operand(NONE, rs.Tuple())


def _printing(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        if site.count or site.keywords:
            raise site.refuse(f"`{name}` to a file")
        return Operand(NONE, site.low.fallible(rs.Method(site.low.receiver(_receiver(site)), name)))

    return handler


for _name in ("print_help", "print_usage"):
    method("ArgumentParser", _name)(_printing(_name))


@method("ArgumentParser", "format_help", "format_usage")
def _format(site: CallSite) -> Operand:
    func = site.node.func
    name = func.attr if isinstance(func, ast.Attribute) else "format_help"
    return Operand(STR, site.low.fallible(rs.Method(site.low.receiver(_receiver(site)), name)))


@method("ArgumentParser", "error")
def _error(site: CallSite) -> Operand:
    low = site.low
    message = site.argument(0, "message")
    assert message is not None
    made = rs.Method(low.receiver(_receiver(site)), "error", (_text(low, message),))
    return Operand(Type(), low.throw(made))


@method("ArgumentParser", "exit")
def _exit(site: CallSite) -> Operand:
    low = site.low
    message = site.argument(1, "message")
    text = rs.Text("") if message is None or message.type == NONE else _text(low, message)
    made = rs.Method(low.receiver(_receiver(site)), "exit", (index_argument(site, 0, "status", 0), text))
    return Operand(Type(), low.throw(made))


# attributes of the namespace


def attribute_of(low: Lowering, operand: Operand, name: str) -> Operand:
    """`args.name`."""
    cell = _cell_of(operand)
    names = namespace_attributes(low, cell)
    if name not in names:
        return low.type_error(f"'Namespace' object has no attribute '{name}'", "ATTRIBUTE_ERROR")
    type_ = low.contents(names[name])
    if type_.never:
        return Operand(
            type_, low.fallible(rs.Method(operand.expr, "get", (rs.Text(name),), (rs.NamedType("ArgValue"),)))
        )
    if isinstance(type_.only, FunctionShape):
        opaque = rs.Method(operand.expr, "get_opaque", (rs.Text(name),), (low.rust(type_),))
        return Operand(type_, low.fallible(opaque))
    if _plain(low, type_):
        return Operand(type_, low.fallible(rs.Method(operand.expr, "get", (rs.Text(name),), (low.rust(type_),))))
    got = low.fallible(rs.Method(operand.expr, "get", (rs.Text(name),), (rs.NamedType("ArgValue"),)))
    return Operand(type_, _from_arg(low, got, type_))


def assign_attribute_of(low: Lowering, operand: Operand, name: str, value: Operand) -> None:
    """`args.name = value`."""
    if not _plain(low, value.type):
        raise low.refuse(low.node, f"an assignment of {value.type!r} to `{name}` of `Namespace`")
    _note(low, _cell_of(operand), name, value.type)
    put = rs.Method(operand.expr, "set", (rs.Text(name), _arg_value(low, value)))
    low.emit(rs.Evaluate(put, low.line))


_VARIANTS = {"bool": "Bool", "int": "Int", "float": "Float", "str": "Text"}


def _from_arg(low: Lowering, value: rs.Expression, type_: Type) -> rs.Expression:
    """An `ArgValue` as a value of several types."""
    arms = []
    for shape in type_:
        name = low.fresh("inner")
        if shape.tag == "none":
            arms.append(rs.Arm(rs.VariantPattern("ArgValue::None"), low.convert(Operand(NONE, rs.Tuple()), type_)))
            continue
        if shape.tag not in _VARIANTS:
            raise low.refuse(low.node, f"an argument that is {type_!r}")
        source = INT if isinstance(shape, IntShape) else Type((shape,))
        body = low.convert(Operand(source, rs.Name(name)), type_)
        arms.append(rs.Arm(rs.VariantPattern(f"ArgValue::{_VARIANTS[shape.tag]}", (rs.Bind(name),)), body))
    arms.append(rs.Arm(rs.Wildcard(), rs.MacroCall("unreachable")))
    return rs.Match(value, tuple(arms))
