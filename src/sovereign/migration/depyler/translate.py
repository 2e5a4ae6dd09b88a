"""Python source in, Rust out.

Enters: the text of a program. Leaves: a `Translation`: the Rust tree and its text, the source map, what is refused
and what is dynamic. This is pure: `cli.py` reads and writes files. Stages: `collect.py` (names), `functions.py`
(rounds until types are known), `class_items.py` (what is no function), then the printer and the shaker of
`migration/rust`.
"""

from __future__ import annotations

import ast
import gc
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sovereign.diagnostic import Diagnostic, Level, Span
from sovereign.errors import ParameterError
from sovereign.migration.depyler import (  # noqa: F401 - handlers register themselves
    calls,
    comprehensions,
    dict_views,
    exceptions,
    expressions,
    generators,
    library,
    loops,
    matching,
    methods_bytes,
    methods_dict,
    methods_list,
    methods_number,
    methods_text,
    slices,
    statements,
    subscripts,
)
from sovereign.migration.depyler.class_items import class_items, global_item, union_item
from sovereign.migration.depyler.classes import is_exception, resolve_classes
from sovereign.migration.depyler.collect import collect
from sovereign.migration.depyler.explain import Account, accounts
from sovereign.migration.depyler.functions import run, watched_call
from sovereign.migration.depyler.library.models import model_files, model_items
from sovereign.migration.depyler.names import name_instances
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.program import NEVER_AGAIN, FunctionInfo, Global, Instance, Module, Program
from sovereign.migration.depyler.reserved import reserved
from sovereign.migration.depyler.types import Cell
from sovereign.migration.depyler.versions import both_versions, reads_numbers
from sovereign.migration.rust import mentioned, print_program, support_module
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sovereign.migration.depyler.models import EmbeddedModel
    from sovereign.migration.depyler.program import ClassInfo
    from sovereign.migration.depyler.types import Type

__all__ = ["INSTALL", "WORLD", "WORLD_TYPES", "Prepared", "Translation", "prepare", "translate"]

MAX_SETTLING = 30
ALLOW = (
    "allow(dead_code, unused_variables, unused_mut, unused_assignments, unused_parens, unused_imports, "
    "unreachable_code, non_snake_case, non_upper_case_globals, non_camel_case_types)"
)
_RECURSION = ("RecursionError", "recursion depth", "setrecursionlimit")
_USES = (("Cell", "use core::cell::Cell;\n"), ("Rc", "use std::rc::Rc;\n"), ("", "use support::*;\n\n"))
_BARE_USES = """
extern crate alloc;

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};
use core::cell::Cell;
use support::*;

"""


@dataclass
class Translation:
    """The result of one translation.

    `program` is the tree without the support module, `text` the whole Rust file, `lines` the source line of each line
    of the program part, `diagnostics` what is refused, `dynamic` the enums for values of several types, `accounts` what
    was found out about each function. A program that loads `models` is a Cargo project, and these are its `files`.
    """

    program: rs.Program | None
    text: str
    lines: tuple[int | None, ...] = ()
    program_lines: int = 0
    diagnostics: list[Diagnostic] = field(default_factory=list)
    dynamic: list[str] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    models: Mapping[str, EmbeddedModel] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether something is not translated."""
        return any(d.level == Level.ERROR for d in self.diagnostics)


@dataclass
class Prepared:
    """A program that is typed and lowered, before it is put together.

    `roots` are the instances that were asked for beside the program's own calls, by the names of their functions.
    """

    program: Program
    main: Module
    roots: dict[str, Instance] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def finish(
        self,
        *,
        inline: bool = True,
        no_std: bool = False,
        ending: Sequence[rs.Item] | None = None,
        general: Prepared | None = None,
    ) -> Translation:
        """The translation; `ending` stands for the usual `main`, or `run` where there is no operating system.

        `general` is the same program for larger arguments than this one takes; then both stand in the text.
        """
        if self.diagnostics:
            return Translation(None, "", diagnostics=self.diagnostics)
        usual = _BARE_ENDING if no_std else _ENDING
        tree = _assemble(self.program, self.main, usual if ending is None else ending, no_std=no_std)
        if general is not None:
            other = _assemble(general.program, general.main, _ENDING, no_std=False)
            names = {getattr(item, "name", "") for item in (*other.items, *tree.items)}
            tree = both_versions(tree, other, self.program.reserved | names)
        return _print(tree, self.program, inline=inline, no_std=no_std)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cycles: nearly all that a translation makes lives until its end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_uncollected()
def translate(
    source: str,
    path: str = "main.py",
    *,
    modules: dict[str, tuple[str, str]] | None = None,
    inline: bool = True,
    no_std: bool = False,
    versions: bool = False,
    models: Mapping[str, EmbeddedModel] | None = None,
) -> Translation:
    """Translate a program.

    Args:
        source: The text of the main module.
        path: Its name in messages.
        modules: Further modules of the program: name to path and text.
        inline: Whether the support module stands in the text; else the text says `use support::*;` of a crate.
        no_std: Whether the Rust does without an operating system; it is a library with a function `run` then.
        versions: Whether a program that takes numbers on its command line gets a version for small ones beside the
            general one; that is faster and twice as long.
        models: The models that it loads, by the paths that it names.

    Returns:
        The translation; its text is empty where something is refused.
    """
    prepared = prepare(source, path, modules=modules, models=models)
    if versions and not prepared.diagnostics and reads_numbers(m.tree for m in prepared.program.modules.values()):
        faster = prepare(source, path, modules=modules, small=True, models=models)
        # Where the arithmetic is the same, a second version only takes room.
        if not faster.diagnostics and _big_operations(faster.program) < _big_operations(prepared.program):
            return faster.finish(inline=inline, general=prepared)
    return prepared.finish(inline=inline, no_std=no_std)


def _big_operations(program: Program) -> int:
    """How often the program computes with integers that have no bounds."""
    return sum(instance.big_operations for instance in program.reachable())


def prepare(
    source: str,
    path: str = "main.py",
    *,
    modules: dict[str, tuple[str, str]] | None = None,
    name: str = "__main__",
    roots: Mapping[str, Mapping[str, Type]] | None = None,
    small: bool = False,
    models: Mapping[str, EmbeddedModel] | None = None,
) -> Prepared:
    """Type and lower a program.

    Args:
        source: The text of the main module.
        path: Its name in messages.
        modules: Further modules of the program: name to path and text.
        name: What the main module has as `__name__`.
        roots: Functions of the main module that are called from outside, with the types of their parameters.
        small: Whether numbers of the command line are taken to be small.
        models: The models that it loads, by the paths that it names.

    Returns:
        The program; with diagnostics where something is refused.
    """
    program = Program(reserved(), run)
    program.main_name = name
    program.small_arguments = small
    program.models = models or {}
    try:
        main = collect("__main__", path, source, program)
        for module, (file, text) in (modules or {}).items():
            collect(module, file, text, program)
    except SyntaxError as error:
        return Prepared(program, _nothing(path), diagnostics=[_syntax(path, error)])
    texts = [source, *(text for _, text in (modules or {}).values())]
    # Deep recursion is watched where the program speaks of it; elsewhere a stack of a gigabyte is the limit. Calls from
    # outside may go deep with any argument.
    program.guards_recursion = roots is not None or any(word in text for text in texts for word in _RECURSION)
    prepared = Prepared(program, main)
    try:
        resolve_classes(program)
        _solve(prepared, roots or {})
    except RecursionError:
        # A type without an end: a container whose items are the container, and nothing else.
        text = "a container that can hold itself and nothing else, or a program that is nested too deep"
        prepared.diagnostics = [Diagnostic("depyler.refused", Level.ERROR, text, Span(path, 1, 1, 1, 2))]
        return prepared
    prepared.diagnostics = _diagnostics(program, path)
    return prepared


def _nothing(path: str) -> Module:
    """The module of a text that cannot be read."""
    return collect("__main__", path, "", Program())


def _syntax(path: str, error: SyntaxError) -> Diagnostic:
    line, column = error.lineno or 1, error.offset or 1
    span = Span(path, line, column, line, column + 1)
    return Diagnostic("depyler.syntax", Level.ERROR, f"this is no Python: {error.msg}", span)


def _main_instance(program: Program, module: Module) -> Instance:
    info = FunctionInfo("program" if module.name == "__main__" else "module", module.tree, module.scope, module)
    return program.instance(info, module.name)


def _solve(prepared: Prepared, roots: Mapping[str, Mapping[str, Type]]) -> None:
    """Run until nothing is learned, then once more with the final names."""
    program, main = prepared.program, prepared.main
    program.main = _main_instance(program, main)
    program.solve()
    for name, types in roots.items():
        prepared.roots[name] = _root(program, main.functions[name], types)
    for info in _uncalled(program, main):
        _call_by_annotation(program, info)
    program.solve()
    _settle(program)


def _settle(program: Program) -> None:
    """Give names, and run again those whose text relies on what came after it, until there are none.

    An instance found early may have been for types that grew.
    """
    for _ in range(MAX_SETTLING):
        name_instances(program)
        old = [instance for instance in program.reachable() if _is_old(instance)]
        for instance in old:
            instance.dirty = True
        if not old:
            return
        program.solve()
    name_instances(program)


def _is_old(instance: Instance) -> bool:
    return instance.faded != NEVER_AGAIN or watched_call(instance) != instance.watched_call


def _uncalled(program: Program, main: Module) -> list[FunctionInfo]:
    """Functions that nothing calls, in a program that does nothing but define them: its library."""
    reachable = {instance.info for instance in program.reachable()}
    if any(
        not isinstance(s, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Expr)
        for s in main.tree.body
    ):
        return []
    if any(isinstance(s, ast.Expr) and not isinstance(s.value, ast.Constant) for s in main.tree.body):
        return []
    return [info for info in main.functions.values() if info not in reachable and not info.decorators]


def _call_by_annotation(program: Program, info: FunctionInfo) -> None:
    """Specialise a function that nothing calls to its annotations."""
    from sovereign.migration.depyler.annotations import annotated_types

    types = annotated_types(program, info)
    if types is not None and program.main is not None:
        _root(program, info, types)


def _root(program: Program, info: FunctionInfo, types: Mapping[str, Type]) -> Instance:
    """A function as called from outside with such arguments."""
    instance = program.instance(info, tuple(t.key() for t in types.values()))
    for name, type_ in types.items():
        instance.parameters.setdefault(name, Cell()).join(type_)
    program.roots.append(instance)
    return instance


def _diagnostics(program: Program, path: str) -> list[Diagnostic]:
    reachable = set(program.reachable())
    found = []
    for refusal in program.refusals.values():
        instance = getattr(refusal, "instance", None)
        if instance is not None and instance not in reachable:
            continue
        node = refusal.node
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
        end = getattr(node, "end_lineno", line) or line
        end_column = (getattr(node, "end_col_offset", column) or column) + 1
        where = instance.info.module.path if instance is not None else path
        span = Span(where, line, column, end, max(end_column, column + 1) if end == line else end_column)
        found.append(Diagnostic("depyler.refused", Level.ERROR, refusal.reason, span))
    found.sort(key=lambda d: (d.span.path, d.span.line, d.span.column) if isinstance(d.span, Span) else ("", 0, 0))
    return found


# assembly


_ENDING = (rs.Function("main", (), None, rs.Block((rs.Evaluate(call("run_main", rs.Name("program"))),))),)


WORLD_TYPES = rs.Use("support::{Fault, PathKind, Platform, Stream}", public=True)
WORLD = rs.Parameter("world", rs.RefType(rs.DynType((rs.NamedType("Platform"),)), lifetime="static"))
INSTALL = rs.Evaluate(call("install_platform", rs.Name("world")))
_BARE_ENDING = (
    WORLD_TYPES,
    rs.Function(
        "run",
        (WORLD,),
        rs.NamedType("i32"),
        rs.Block((INSTALL,), call("run_main", rs.Name("program"))),
        docs="Run the program to its end in a world that gives it output, files and a clock; its exit code.",
        public=True,
    ),
)


def _assemble(program: Program, main: Module, ending: Sequence[rs.Item], *, no_std: bool) -> rs.Program:
    """All items in the order in which the source has them."""
    reachable = program.reachable()
    items: list[rs.Item] = []
    methods: dict[ClassInfo, list[Instance]] = {}
    functions: dict[object, list[Instance]] = {}
    for instance in reachable:
        if instance.self_class is not None:
            methods.setdefault(instance.self_class, []).append(instance)
        elif not isinstance(instance.info.node, ast.Module):
            functions.setdefault(instance.info, []).append(instance)
    for module in program.modules.values():
        items.extend(_module_items(program, module, functions, methods))
    for instance in reachable:
        if isinstance(instance.info.node, ast.Module) and instance is not program.main and instance.item is not None:
            flag = rs.Static(
                f"{instance.item.name.upper()}_STARTED",
                rs.NamedType("Single", (rs.NamedType("bool"),)),
                call("Single::new", rs.Boolean(False)),
            )
            items.extend((flag, instance.item))
    nested = [i for info, group in functions.items() for i in group if i.environment is not None]
    items.extend(i.item for i in nested if i.item is not None)
    for cls in program.classes:
        if cls.environment is not None and _needed(cls, methods):
            items.extend(_class(program, cls, methods))
    assert program.main is not None
    body = program.main.item
    assert body is not None
    items.append(_program_function(program, body))
    items.extend(model_items(program))
    items.extend(_unions(program, items))
    items.extend(ending)
    attributes = (*([rs.Attribute("no_std")] if no_std else []), rs.Attribute(ALLOW))
    return rs.Program(tuple(items), docs=ast.get_docstring(main.tree) or "", attributes=attributes)


def _unions(program: Program, items: list[rs.Item]) -> list[rs.Item]:
    """The enums that the items name, and those that these name."""
    if not program.unions:
        return []
    made: dict[str, list[rs.Item]] = {}
    text = print_program(rs.Program(tuple(items))).text
    while True:
        # Most unions of a program were needed only while less was known.
        written = [u for u in program.unions.values() if u.name in text and u.name not in made]
        names = mentioned(text) if written else frozenset[str]()
        wanted = [union for union in written if union.name in names]
        if not wanted:
            return [item for group in made.values() for item in group]
        for union in wanted:
            made[union.name] = union_item(program, union.name, union.type, union.variants)
            text += print_program(rs.Program(tuple(made[union.name]))).text


def _program_function(program: Program, body: rs.Function) -> rs.Function:
    """`fn program() -> Result<(), Exc>`: the statements of the module."""
    assert program.main is not None
    block = body.body
    assert block is not None
    all_statements = (*_default_statements(program), *block.statements)
    result = rs.NamedType("Result", (rs.TupleType(), rs.NamedType("Exc")))
    value = block.value if program.main.raises and block.value is not None else call("Ok", rs.Tuple())
    return rs.Function("program", (), result, rs.Block(all_statements, value))


def _default_statements(program: Program) -> list[rs.Statement]:
    """Defaults that can change are made when the program starts."""
    from sovereign.migration.depyler.lowering import Lowering
    from sovereign.migration.depyler.variables import stored

    assert program.main is not None
    low = Lowering(program.main)
    for variable, _, node in program.shared_defaults.values():
        with low.capture():
            variable.cell.join(stored(low, low.expression(node)).type)
        low.forget_allocations()
        value = stored(low, low.expression(node))
        low.emit(
            rs.Evaluate(rs.Method(rs.Name(variable.rust_name), "set", (low.convert(value, variable.cell.read(None)),)))
        )
    return low.out


def _needed(cls: ClassInfo, methods: dict[ClassInfo, list[Instance]]) -> bool:
    if is_exception(cls) and any(sub.made for sub in _below(cls)):
        return True
    held = any(v.constant is None and not v.cell.read(None).never for v in cls.globals.values())
    return cls.made or cls in methods or cls.enum_members is not None or held


def _below(cls: ClassInfo) -> list[ClassInfo]:
    return [inner for sub in cls.subclasses for inner in (sub, *_below(sub))]


def _module_items(
    program: Program,
    module: Module,
    functions: dict[object, list[Instance]],
    methods: dict[ClassInfo, list[Instance]],
) -> list[rs.Item]:
    items: list[rs.Item] = [global_item(program, variable) for variable in _statics(program, module)]
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in module.functions:
            group = functions.get(module.functions[node.name], [])
            items.extend(_with_comments(module, node, [i.item for i in group if i.item is not None]))
        elif isinstance(node, ast.ClassDef) and node.name in module.classes:
            cls = module.classes[node.name]
            if _needed(cls, methods):
                items.extend(_with_comments(module, node, _class(program, cls, methods)))
    for cls in program.classes:
        top = module.classes.get(cls.name) is cls
        if cls.module is module and not top and cls.environment is None and _needed(cls, methods):
            items.extend(_class(program, cls, methods))
    return items


def _statics(program: Program, module: Module) -> list[Global]:
    """Variables of a module that are held in statics: its own, and defaults of its functions that can change."""
    own = [v for v in module.globals.values() if v.constant is None and not v.cell.read(None).never]
    return [*own, *(shared for shared, info, _ in program.shared_defaults.values() if info.module is module)]


def _class(program: Program, cls: ClassInfo, methods: dict[ClassInfo, list[Instance]]) -> list[rs.Item]:
    made = class_items(program, cls, methods.get(cls, []))
    statics = [
        global_item(program, variable)
        for variable in cls.globals.values()
        if variable.constant is None and not variable.cell.read(None).never
    ]
    return [*statics, *made]


def _with_comments(module: Module, node: ast.stmt, items: list[rs.Item]) -> list[rs.Item]:
    """Items with the comments that stand above their definition."""
    if not items:
        return []
    line = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
    texts = []
    while line in module.comments and not module.comments[line][1]:
        texts.append(module.comments[line][0])
        line -= 1
    return [*(rs.Comment(text) for text in reversed(texts)), *items]


def _print(tree: rs.Program, program: Program, *, inline: bool, no_std: bool) -> Translation:
    printed = print_program(tree)
    text = printed.text
    names = mentioned(text)
    own = {getattr(item, "name", "") for item in tree.items}
    own |= {each.name for item in tree.items if isinstance(item, rs.Impl | rs.Trait) for each in item.items}
    try:
        module = support_module(names, own=own, no_std=no_std, without="ruchy") if inline else ""
    except ParameterError as error:
        lost = error.detail["value"]
        assert isinstance(lost, list)
        return Translation(tree, "", diagnostics=_worldly(program, frozenset(lost)))
    body = f"{text}\n{module}" if inline else text
    # What a macro becomes is not seen here, so that it may need any of them.
    needs = names | ({"Cell", "Rc"} if any(isinstance(item, rs.MacroItem) for item in tree.items) else {""})
    uses = _BARE_USES if no_std else "\n" + "".join(line for name, line in _USES if not name or name in needs)
    first, head, rest = body.partition(f"#![{ALLOW}]\n")
    begin = rest.lstrip("\n")
    whole = f"{first}{head}{uses}{begin}"
    above = (first + head).count("\n")
    below = above + len(rest) - len(begin)
    lines = (*printed.lines[:above], *(None for _ in uses.splitlines()), *printed.lines[below:])
    dynamic = [union.name for union in program.unions.values() if union.name in names]
    return Translation(
        tree,
        whole,
        lines,
        program_lines=len(lines),
        dynamic=dynamic,
        accounts=accounts(program),
        models=program.loaded,
        files=model_files(program),
    )


def _worldly(program: Program, lost: frozenset[str]) -> list[Diagnostic]:
    """Where a program without an operating system uses what needs one."""
    found = {}
    for instance in program.reachable():
        if instance.item is None:
            continue
        printed = print_program(rs.Program((instance.item,)))
        for text, line in zip(printed.text.splitlines(), printed.lines, strict=False):
            for name in sorted(mentioned(text) & lost):
                said = f"it needs an operating system, which the translation is to do without (`{name}`)"
                span = Span(instance.info.module.path, line or 1, 1, line or 1, 2)
                found[span, name] = Diagnostic("depyler.refused", Level.ERROR, said, span)
    return list(found.values())
