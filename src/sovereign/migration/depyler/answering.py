"""A translation that answers calls of its functions, for comparison with the original on inputs nobody thought of.

Enters: the text of a program. Leaves: an `Answering`: Rust whose `main` runs the statements of the module as an import
would and then answers calls by the protocol of `migration/equivalence`; the signatures that it answers; and which
functions it leaves out, with the reason. Types are those with which the program calls its functions, or else their
annotations; an integer is any integer here, whatever range the program's own calls have.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sovereign.migration.depyler.annotations import annotated_types
from sovereign.migration.depyler.lowering import free_name
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.rust_types import is_union, rust, union_of
from sovereign.migration.depyler.translate import Prepared, Translation, prepare
from sovereign.migration.depyler.types import (
    BOOL,
    BYTES,
    FLOAT,
    INT,
    NONE,
    STR,
    Atom,
    Cell,
    DictShape,
    IntShape,
    ListShape,
    SeqShape,
    SetShape,
    TupleShape,
    Type,
    dict_of,
    list_of,
    seq_of,
    set_of,
    tuple_of,
)
from sovereign.migration.equivalence import Plain, Signature
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.migration.depyler.program import FunctionInfo, Instance
    from sovereign.migration.depyler.types import Shape

__all__ = ["Answering", "answering"]

NAME = "fuzzed"
"""`__name__` of the module, so that its own run does not begin; the original is imported under this name too."""
MOST_PARAMETERS = 8
"""The words of so many arguments can be written as one tuple."""
_ATOMS = {"float": FLOAT, "str": STR, "bool": BOOL, "bytes": BYTES, "none": NONE, "int": INT}


@dataclass
class Answering:
    """A program that answers calls, the signatures of the functions it has, and why it has no others."""

    translation: Translation
    signatures: tuple[Signature, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)


def answering(
    source: str, path: str = "main.py", *, modules: dict[str, tuple[str, str]] | None = None, inline: bool = True
) -> Answering:
    """Translate a program so that it answers calls of the functions of its main module.

    Args:
        source: The text of the main module.
        path: Its name in messages.
        modules: Further modules of the program: name to path and text.
        inline: As for `translate`.

    Returns:
        The translation, refused where the program itself is; without signatures where no function takes plain data.
    """
    first = prepare(source, path, modules=modules)
    if first.diagnostics:
        return Answering(Translation(None, "", diagnostics=first.diagnostics))
    left_out: dict[str, str] = {}
    wanted = _wanted(first, left_out)
    while True:
        prepared = prepare(source, path, modules=modules, name=NAME, roots=wanted)
        refused = _refused(prepared)
        if not refused:
            break
        if refused.keys().isdisjoint(wanted):
            return Answering(Translation(None, "", diagnostics=prepared.diagnostics), (), left_out)
        left_out |= refused
        wanted = {name: types for name, types in wanted.items() if name not in refused}
    served = _served(prepared, wanted, left_out)
    translation = prepared.finish(inline=inline, ending=_ending(prepared, served))
    signatures = tuple(Signature(name, _parameters(instance)) for name, instance in served.items())
    return Answering(translation, signatures, left_out)


# which functions, with which types


def _wanted(prepared: Prepared, left_out: dict[str, str]) -> dict[str, dict[str, Type]]:
    called: dict[FunctionInfo, Instance] = {}
    for instance in prepared.program.reachable():
        called.setdefault(instance.info, instance)
    wanted = {}
    for name, info in prepared.main.functions.items():
        found = _types(prepared, info, called.get(info))
        if isinstance(found, str):
            left_out[name] = found
        else:
            wanted[name] = found
    return wanted


def _types(prepared: Prepared, info: FunctionInfo, called: Instance | None) -> dict[str, Type] | str:
    """A type for each parameter, or why there is none."""
    assert isinstance(info.node, ast.FunctionDef)
    arguments = info.node.args
    if info.decorators:
        return "it is decorated"
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
        return "it takes arguments by name alone, or any number of them"
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    if len(names) > MOST_PARAMETERS:
        return f"it takes more than {MOST_PARAMETERS} arguments"
    if called is not None:
        known = {name: called.parameters[name].read(None) for name in names}
    else:
        annotated = all(argument.annotation is not None for argument in (*arguments.posonlyargs, *arguments.args))
        found = annotated_types(prepared.program, info) if annotated else None
        if found is None:
            return "nothing calls it, and its annotations do not say its types"
        known = found
    types = {}
    for name, type_ in known.items():
        plain = _plain(type_)
        if plain is None:
            return f"its parameter `{name}` is no plain data"
        types[name] = _typed(plain)
    return types


def _refused(prepared: Prepared) -> dict[str, str]:
    """The functions that were asked for and lead to something that is not translated, with the first reason."""
    if not prepared.diagnostics:
        return {}
    refusals = {getattr(each, "instance", None): each.reason for each in prepared.program.refusals.values()}
    found = {}
    for name, root in prepared.roots.items():
        reason = next((refusals[each] for each in _reached(root) if each in refusals), None)
        if reason is not None:
            found[name] = f"with these types something is not translated: {reason}"
    # What no function leads to belongs to the program itself.
    return found or {"": "the program"}


def _reached(root: Instance) -> list[Instance]:
    found: dict[Instance, None] = {}
    stack = [root]
    while stack:
        instance = stack.pop()
        if instance not in found:
            found[instance] = None
            stack.extend(instance.calls)
    return list(found)


def _served(prepared: Prepared, wanted: dict[str, dict[str, Type]], left_out: dict[str, str]) -> dict[str, Instance]:
    """The instances whose parameters and results are plain data in the end."""
    served = {}
    for name in wanted:
        instance = prepared.roots[name]
        if not _is_written(instance.result.read(None)):
            left_out[name] = f"it gives what is no plain data: `{instance.result.read(None)!r}`"
        elif any(_plain(cell.read(None)) is None for cell in instance.parameters.values()):
            left_out[name] = "it turns its arguments into what is no plain data"
        else:
            served[name] = instance
    return served


def _unions(prepared: Prepared, served: dict[str, Instance]) -> list[rs.Item]:
    """How the enums are written that stand for values of several types in what functions give."""
    found: dict[str, rs.Item] = {}
    waiting = [instance.result.read(None) for instance in served.values()]
    while waiting:
        type_ = waiting.pop()
        waiting.extend(inner for shape in type_ for inner in _inside(shape) or ())
        if is_union(type_):
            union = union_of(type_.without("none"), prepared.program)
            variants = (rs.Name(union.variants[shape.tag]) for shape in union.type)
            found[union.name] = rs.MacroItem("wire_union", (rs.Name(union.name), *variants))
    return list(found.values())


def _parameters(instance: Instance) -> tuple[Plain, ...]:
    found = [_plain(cell.read(None)) for cell in instance.parameters.values()]
    return tuple(each for each in found if each is not None)


# types on both sides


def _plain(type_: Type, above: tuple[Shape, ...] = ()) -> Plain | None:
    """The type of plain data that says the same; None where there is none, as for what holds values of its own type."""
    if type_.get("none") is not None and type_.only is None:
        inner = _plain(type_.without("none"), above)
        return None if inner is None else Plain("optional", (inner,))
    only = type_.only
    if only is None or any(only is each for each in above):
        return None
    return _shape_plain(only, (*above, only))


def _is_written(type_: Type, above: tuple[Shape, ...] = ()) -> bool:
    """Whether words say every value: plain data, of several types too, or nothing at all; what holds itself is not."""
    for shape in type_:
        if any(shape is each for each in above):
            return False
        inside = () if _shape_plain(shape) is not None else _inside(shape)
        if inside is None or not all(_is_written(each, (*above, shape)) for each in inside):
            return False
    return True


def _inside(shape: Shape) -> tuple[Type, ...] | None:
    """The types of what a container of plain data holds; None where it is none."""
    match shape:
        case ListShape(kind="list") | SetShape():
            return (shape.cell.read(None),)
        case DictShape(kind="dict"):
            return (shape.key.read(None), shape.value.read(None))
        case SeqShape():
            return (shape.item,)
        case TupleShape() if 0 < len(shape.items) <= MOST_PARAMETERS:
            return shape.items
        case _:
            return None


def _shape_plain(shape: Shape, above: tuple[Shape, ...] = ()) -> Plain | None:
    match shape:
        case IntShape():
            return Plain("int")
        case Atom() if shape.name in _ATOMS:
            return Plain(shape.name)
        case ListShape(kind="list"):
            return _container("list", above, shape.cell)
        case SetShape():
            return _container(shape.kind, above, shape.cell)
        case DictShape(kind="dict"):
            return _container("dict", above, shape.key, shape.value)
        case SeqShape():
            inner = _plain(shape.item, above)
            return None if inner is None else Plain("sequence", (inner,))
        case TupleShape() if 0 < len(shape.items) <= MOST_PARAMETERS:
            items = [_plain(item, above) for item in shape.items]
            known = tuple(item for item in items if item is not None)
            return Plain("tuple", known) if len(known) == len(items) else None
        case _:
            return None


def _container(kind: str, above: tuple[Shape, ...], *cells: Cell) -> Plain | None:
    items = [_plain(cell.read(None), above) for cell in cells]
    known = tuple(item for item in items if item is not None)
    return Plain(kind, known) if len(known) == len(items) else None


def _typed(plain: Plain) -> Type:
    """A type of the translator, with contents of its own."""
    if plain.kind in _ATOMS:
        return _ATOMS[plain.kind]
    items = [_typed(item) for item in plain.items]
    match plain.kind:
        case "optional":
            return items[0].join(NONE)
        case "list":
            return list_of(items[0])
        case "dict":
            return dict_of(items[0], items[1])
        case "sequence":
            return seq_of(items[0])
        case "tuple":
            return tuple_of(*items)
        case _:
            return set_of(items[0], plain.kind)


# the Rust that answers


def _ending(prepared: Prepared, served: dict[str, Instance]) -> list[rs.Item]:
    """A function that answers for each function, one that chooses among them, and `main`."""
    program = prepared.program
    taken = {instance.rust_name for instance in program.reachable()}
    spelt = free_name("words", program, taken)
    words = rs.Parameter(spelt, rs.RefType(rs.NamedType("WireWords"), mutable=True))
    reply = rs.NamedType("Option", (rs.NamedType("String"),))
    given = [free_name(f"given_{number}", program, taken) for number in range(1, MOST_PARAMETERS + 1)]
    items: list[rs.Item] = []
    arms = []
    for name, instance in served.items():
        answer = free_name(f"answer_{name}", program, taken)
        items.append(rs.Function(answer, (words,), reply, _answer(prepared, instance, spelt, given)))
        arms.append(rs.Arm(rs.LiteralPattern(rs.Text(name)), call(answer, rs.Name(spelt))))
    arms.append(rs.Arm(rs.Wildcard(), rs.Name("None")))
    chooser, server = free_name("answer_call", program, taken), free_name("answer_calls", program, taken)
    asked = rs.Parameter("name", rs.RefType(rs.NamedType("str")))
    chosen = rs.Block((), rs.Match(rs.Name("name"), tuple(arms)))
    started = rs.Evaluate(rs.TryOperator(call("program")))
    nothing = rs.NamedType("Result", (rs.TupleType(), rs.NamedType("Exc")))
    serving = rs.Block((started,), call("serve_calls", rs.Name(chooser)))
    running = rs.Block((rs.Evaluate(call("run_main", rs.Name(server))),))
    return [
        *_unions(prepared, served),
        *items,
        rs.Function(chooser, (asked, words), reply, chosen),
        rs.Function(server, (), nothing, serving),
        rs.Function("main", (), None, running),
    ]


def _answer(prepared: Prepared, instance: Instance, words: str, given: Sequence[str]) -> rs.Block:
    """Take the arguments off the words, call, and say what came of it."""
    item = instance.item
    assert item is not None
    taken: list[rs.Statement] = []
    arguments: list[rs.Expression] = []
    names: list[rs.Expression] = []
    for parameter, cell, spelt in zip(item.parameters, instance.parameters.values(), given, strict=False):
        assert isinstance(parameter, rs.Parameter)
        name = rs.Name(spelt)
        value = rs.TryOperator(rs.Method(rs.Name(words), "take"))
        taken.append(rs.Let(rs.Bind(name.path), rust(cell.read(None), prepared.program), value))
        by_reference = isinstance(parameter.type, rs.RefType)
        arguments.append(rs.Borrow(name) if by_reference else rs.Method(name, "clone"))
        names.append(name)
    result: rs.Expression = call(instance.rust_name, *arguments)
    if not instance.raises:
        result = call("Ok", result)
    gives = rust(instance.result.read(None), prepared.program)
    kind = rs.NamedType("Result", (gives, rs.NamedType("Exc")))
    left: rs.Expression = rs.Borrow(call("wire_text", rs.Borrow(rs.Tuple(tuple(names)))))
    if not names:
        left = rs.Text("t0")
    reply = call("wire_reply", rs.Borrow(rs.Name("result")), left)
    return rs.Block((*taken, rs.Let(rs.Bind("result"), kind, result)), call("Some", reply))
