"""The second engine's compiler: a program with its names and types becomes one file of Rust.

Enters: a checked program. Leaves: a `Compiled`: the Rust tree and its text with the part of the support module that it
needs, or what is refused. Every function that is reached is written once for each set of kinds. Read `native.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sovereign.diagnostic import Diagnostic, Level
from sovereign.migration.ruchy import rust_nodes as rn
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.ownership import Ownership
from sovereign.migration.ruchy.rust_base import Frame, Instance, Refused, Variable
from sovereign.migration.ruchy.rust_items import RustItems
from sovereign.migration.ruchy.rust_kinds import DYN, NIL, Kind, is_actor
from sovereign.migration.rust import mentioned, print_program, support_module
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sovereign.migration.ruchy.names import Binding, Declared
    from sovereign.migration.ruchy.program import Checked
    from sovereign.migration.ruchy.types import Var

__all__ = ["Compiled", "RustCompiler", "compile_checked"]

ALLOW = (
    "allow(dead_code, unused_variables, unused_mut, unused_assignments, unused_parens, unused_imports, "
    "unused_must_use, unused_labels, unreachable_code, non_snake_case, non_upper_case_globals, "
    "non_camel_case_types, path_statements)"
)
_USES = "\nuse core::cmp::Ordering;\nuse std::rc::Rc;\nuse support::*;\n\n"


class Compiled(NamedTuple):
    """The result of one compilation: `text` is the whole file, `lines` the source line of each line of it."""

    text: str
    lines: tuple[int | None, ...]
    program_lines: int
    unwinds: bool
    """Whether the program catches errors, so that it has to be built to unwind."""
    diagnostics: list[Diagnostic]

    @property
    def is_refused(self) -> bool:
        """Whether something is not compiled."""
        return bool(self.diagnostics)


class RustCompiler(RustItems):
    """Compiles one program."""

    attributes: tuple[rs.Attribute, ...] = ()

    def __init__(self, checked: Checked) -> None:
        ownership = Ownership(list(checked.programs), checked.names, checked.typed)
        checked.typed.changing_names = {method.name for method in ownership.changing}
        super().__init__(checked, ownership)
        self.recursive = self._recursive_functions()
        self.catches = any(isinstance(node, tree.TryCatch) for each in checked.programs for node in tree.walk(each))
        self.dispatched: dict[Kind, dict[str, Instance]] = {}
        self.actor_arms: dict[Kind, list[rs.Arm]] = {}

    def value(self, node: tree.Expression) -> rs.Expression:
        """The value of an expression, of its `kind`."""
        handler = _VALUE.get(type(node))
        if handler is None:
            value = self.value_as(node, self.natural(node)) if node not in self.typed.casts else self._inner(node)
        else:
            value = handler(self, node)
        if node in self.typed.casts:
            return self.convert(value, self.natural(node), self.kind(node), node, checked=True)
        return value

    def _inner(self, node: tree.Expression) -> rs.Expression:
        cast = self.typed.casts.pop(node)
        value = self.value_as(node, self.natural(node))
        self.typed.casts[node] = cast
        return value

    def program(self) -> rs.Program:
        """The items of the whole program."""
        if not self.typed.is_sound:
            raise self.refuse("a program whose types contradict each other", self.checked.programs[-1])
        body = self._top()
        functions: list[rs.Function] = []
        while self.waiting or self._more_dispatch():
            while self.waiting:
                functions += self.function_items(self.waiting.pop(0))
        types = self._types()
        while self.waiting or self._more_dispatch():
            while self.waiting:
                functions += self.function_items(self.waiting.pop(0))
            types = self._types()
        statics = [
            rs.Static(
                each.name,
                rs.NamedType(f"Topmost<{self.spelled(each.kind)}>"),
                rn.call("Topmost::new", rs.Text(each.name.lower())),
            )
            for each in self.static_items
        ]
        functions.sort(key=lambda item: item.line or 0)
        own = (*statics, *self.lasting.values(), *types, *functions, body)
        return rs.Program((*own, *self.ending()), attributes=(*self.attributes, rs.Attribute(ALLOW)))

    def ending(self) -> tuple[rs.Item, ...]:
        """What stands below the program's own items: here the function that begins it."""
        start = rn.call("run_ruchy", rs.Name("program"), rs.Borrow(rs.Name("PLACES_OF_PROGRAM")))
        return (rs.Function("main", (), None, rs.Block((rn.done(start),))),)

    def _types(self) -> list[rs.Item]:
        """The types of the program; writing one may ask for others."""
        found: list[rs.Item] = []
        written: set[Kind] = set()
        while len(written) < len(self.type_names):
            for kind in list(self.type_names):
                if kind not in written:
                    written.add(kind)
                    found += self.type_items(kind)
        return found

    def _top(self) -> rs.Function:
        self.frame = Frame(NIL)
        self.frame.is_top = True
        self.frame.owners = {self.names.top: "top"}
        with self.collecting() as body:
            for program in self.checked.programs:
                for statement in program.statements:
                    self.statement(statement)
            self.call_entry(self.checked.programs[-1])
        return rs.Function("program", (), None, rs.Block(tuple(body)))

    def call_entry(self, program: tree.Program) -> None:
        """Call what the top does not call itself: `main`, where there is one."""
        main = self.names.main_to_call(program)
        if main is not None:
            found = self.instance(self.names.meant[main], main)
            absent = tuple(rs.Name("None") for _ in main.parameters)
            self.emit(rn.done(rs.Call(rs.Name(found.name), absent)))

    # Methods that are looked up while the program runs.

    def _more_dispatch(self) -> bool:
        """Ask for the methods that a value of no known type may be asked for; whether there are new ones."""
        before = sum(map(len, self.dispatched.values()))
        for kind in list(self.type_names):
            assert kind.declared is not None
            known = self.dispatched.setdefault(kind, {})
            for name in sorted(self.dynamic_names):
                method = kind.declared.method(name)
                if name in known or method is None:
                    continue
                node = method.node
                if isinstance(node, tree.FunctionDeclaration) and node.takes_self and node.body is not None:
                    env = self._env_of(method, kind)
                    scheme = self.typed.schemes.get(method)
                    variables = self.scheme_variables(scheme) if scheme is not None else []
                    found = self.instance_for(method, env, tuple(env.get(each, DYN) for each in variables))
                    is_own = kind.declared in self.kinds.extended and found.parameters[:1] == (DYN,)
                    if is_own or found.parameters[:1] == (kind,):
                        known[name] = found
        return sum(map(len, self.dispatched.values())) > before or bool(self.waiting)

    def _env_of(self, method: Binding, kind: Kind) -> dict[Var, Kind]:
        """What the open types of a method stand for when its receiver is of a kind."""
        from sovereign.migration.ruchy import types as ty

        found = ty.prune(self.typed.functions[method])
        env: dict[Var, Kind] = {}
        if isinstance(found, ty.Con) and found.arguments:
            self._match(found.arguments[0], kind, env)
        return env

    # Actors.

    def receive_arms(self, kind: Kind) -> list[rs.Arm]:
        """The messages that an actor receives."""
        assert kind.declared is not None
        node = kind.declared.node
        return [self._receive(arm, kind, node) for arm in node.arms] if isinstance(node, tree.ActorDeclaration) else []

    def _receive(self, arm: tree.Arm, kind: Kind, node: tree.ActorDeclaration) -> rs.Arm:
        pattern = arm.pattern
        is_variant = isinstance(pattern, tree.VariantPattern)
        word = pattern.path[-1] if isinstance(pattern, tree.VariantPattern) else getattr(pattern, "name", "_")
        items = (pattern.items or ()) if isinstance(pattern, tree.VariantPattern) else ()
        del is_variant
        if arm.guard is not None or word == "_":
            raise self.refuse("a message with a condition, or any message", arm)
        kept, self.frame, self.env = self.frame, Frame(DYN), {}
        self.frame.owners = {self.names.owners[node]: kind}
        self.frame.variables[self.names.selves[node]] = Variable("handle", kind, "borrowed")
        with self.collecting() as body:
            for place, item in enumerate(items):
                value = rn.method(rs.Index(rs.Name("values"), rs.Integer(place)), "clone")
                self.take_apart(item, value, DYN, arm)
            found = self.block_as(arm.body, DYN)
        self.frame = kept
        whole = rs.Block((*body, *found.statements), found.value)
        closure = rs.Closure((), rs.BlockExpression(whole), rs.NamedType("Dyn"))
        count = rs.Binary("==", rn.method(rs.Name("values"), "len"), rs.Integer(len(items)))
        made = rn.call("Some", rn.call("run_once", closure))
        return rs.Arm(rs.LiteralPattern(rs.Text(word)), made, count)

    def send(self, node: tree.Binary) -> rs.Expression:
        """`actor ! Message(1)`, `actor <? Message`: the actor answers before the sender goes on."""
        message = node.right
        name = message.function if isinstance(message, tree.Call) else message
        arguments = message.arguments if isinstance(message, tree.Call) else ()
        word = name.name if isinstance(name, tree.Name) else name.parts[-1] if isinstance(name, tree.Path) else ""
        self.dynamic_names.add(word)
        values = rs.Borrow(rs.Array(tuple(self.as_dyn(each) for each in arguments)))
        found = rn.call("ask_actor", rs.Borrow(self.as_dyn(node.left)), rs.Text(word), values)
        return found if node.operator == "<?" else rn.block([rn.done(found)], rn.unit())

    def spawned(self, node: tree.Expression, argument: tree.Expression) -> rs.Expression:
        """`spawn C`: an actor with its first fields; of anything else the value."""
        binding = self.names.meant.get(argument)
        if binding is None or binding.kind != "type" or binding.type is None:
            kind = self.kind(argument)
            if kind.name == "fn" and len(kind.arguments) == 1:
                return self.call_value(node, argument, ())
            return self.made(self.value(argument), kind, node)
        if not is_actor(binding.type):
            raise self.refuse("`spawn` of what is no actor", node)
        kind = Kind("struct", (), binding.type)
        entries = binding.type.fields()
        values = [
            self.value_as(entry.default, self.member_kind(kind, entry))
            if entry.default is not None
            else self.convert(rn.unit(), NIL, self.member_kind(kind, entry), node)
            for entry in entries
        ]
        return self.made(self.make_struct(kind, values), kind, node)

    def pipe(self, node: tree.Binary) -> rs.Expression:
        """`value |> f`, `value |> f(arguments)`, `value |> method(arguments)`."""
        target = node.right
        function = target.function if isinstance(target, tree.Call) else target
        arguments = target.arguments if isinstance(target, tree.Call) else ()
        binding = self.names.meant.get(function)
        if isinstance(function, tree.Name) and (binding is None or binding.kind == "builtin"):
            kind = self.kind(node.left)
            from sovereign.migration.ruchy.library import METHODS

            if binding is None or function.name in METHODS.get(kind.name, {}):
                return self.call_by_kind(node, function.name, node.left, arguments)
            return self.call_library(node, function.name, (node.left, *arguments))
        if isinstance(target, tree.Call) and binding is not None and not binding.is_variable:
            return self.call_binding(node, function, binding, (node.left, *arguments))
        if binding is not None and not binding.is_variable:
            return self.call_binding(node, function, binding, (node.left,))
        return self.call_value(node, function, (node.left, *arguments))

    # Recursion.

    def _recursive_functions(self) -> set[tree.Node]:
        """Functions that may call themselves."""
        by_name: dict[str, list[tree.Node]] = {}
        for declared in self.names.types:
            for method in declared.methods.values():
                by_name.setdefault(method.name, []).append(method.node)
        nodes = [node for node in self.names.owners if isinstance(node, tree.FunctionDeclaration)]
        uses = {node: self._called_from(node, by_name) for node in nodes}
        return {node for node in nodes if self._reaches_itself(node, uses)}

    def _called_from(self, node: tree.Node, by_name: dict[str, list[tree.Node]]) -> set[tree.Node]:
        found: set[tree.Node] = set()
        for each in tree.walk(node):
            used = self.names.meant.get(each)
            if used is not None and isinstance(used.node, tree.FunctionDeclaration) and each is not node:
                found.add(used.node)
            if used is not None and used.kind == "type" and used.type is not None:
                found.update(by_name.get("new", ()))
            if isinstance(each, tree.MethodCall):
                found.update(by_name.get(each.name, ()))
        return found

    def _reaches_itself(self, node: tree.Node, uses: dict[tree.FunctionDeclaration, set[tree.Node]]) -> bool:
        seen: set[tree.Node] = set()
        pending = [node]
        while pending:
            for target in uses.get(pending.pop(), ()):  # type: ignore[call-overload] # other nodes have no uses
                if target is node:
                    return True
                if target not in seen:
                    seen.add(target)
                    pending.append(target)
        return False


def compile_checked(checked: Checked, *, inline: bool = True) -> Compiled:
    """Compile a program; `inline` says whether the support module stands in the text, else it is a crate."""
    compiler = RustCompiler(checked)
    try:
        program = compiler.program()
    except Refused as refused:
        message = f"this is not compiled yet: {refused.reason}"
        span = checked.sources.span(refused.place)
        return Compiled(
            "", (), 0, unwinds=False, diagnostics=[Diagnostic("ruchy.not_compiled", Level.ERROR, message, span)]
        )
    printed = print_program(program)
    own = {getattr(item, "name", "") for item in program.items} | {"PLACES_OF_PROGRAM"}
    module = support_module({*mentioned(printed.text), "Places"}, own=own) if inline else ""
    first, head, rest = printed.text.partition(f"#![{ALLOW}]\n")
    begin = rest.lstrip("\n")
    above = (first + head).count("\n")
    below = above + len(rest) - len(begin)
    lines = (*printed.lines[:above], *(None for _ in _USES.splitlines()), *printed.lines[below:])
    text = f"{first}{head}{_USES}{begin}\n{print_program(rs.Program((_places(checked, lines),))).text}"
    return Compiled(f"{text}\n{module}" if inline else text, lines, len(lines), compiler.unwinds, [])


def _places(checked: Checked, lines: Sequence[int | None]) -> rs.Static:
    """The table by which a native program says where it failed."""
    rows: list[rs.Expression] = []
    known: int | None = 0
    for number, line in enumerate(lines, 1):
        if line != known:
            column = checked.sources.line_span(line).column if line else 0
            rows.append(rs.Tuple((rs.Integer(number), rs.Integer(line or 0), rs.Integer(column))))
        known = line
    files = [rs.Tuple((rs.Text(each.path), rs.Integer(each.first_line))) for each in checked.sources.files]
    tables = (rs.Borrow(rs.Array(tuple(files))), rs.Borrow(rs.Array(tuple(rows))))
    return rs.Static("PLACES_OF_PROGRAM", rs.NamedType("Places"), rn.call("Places::new", *tables))


def declared_of(kind: Kind) -> Declared | None:
    """The declaration behind a kind."""
    return kind.declared


def _await(writer: RustCompiler, node: tree.Await) -> rs.Expression:
    return writer.convert(writer.value(node.value), writer.kind(node.value), writer.natural(node), node, checked=True)


_VALUE: dict[type[tree.Expression], Callable[..., rs.Expression]] = {
    tree.Integer: RustCompiler.integer_literal,
    tree.Float: RustCompiler.float_literal,
    tree.Text: RustCompiler.text_literal,
    tree.Boolean: RustCompiler.boolean_literal,
    tree.Nil: RustCompiler.nil,
    tree.FormatText: RustCompiler.format_text,
    tree.Name: RustCompiler.name,
    tree.Path: RustCompiler.path,
    tree.ListLiteral: RustCompiler.list_literal,
    tree.ListRepeat: RustCompiler.list_repeat,
    tree.TupleLiteral: RustCompiler.tuple_literal,
    tree.ObjectLiteral: RustCompiler.object_literal,
    tree.StructLiteral: RustCompiler.struct_literal,
    tree.Range: RustCompiler.range_value,
    tree.Unary: RustCompiler.unary,
    tree.Binary: RustCompiler.binary,
    tree.Assign: RustCompiler.assigned_value,
    tree.Call: RustCompiler.call,
    tree.MethodCall: RustCompiler.method_call,
    tree.Field: RustCompiler.field,
    tree.Index: RustCompiler.index,
    tree.Try: RustCompiler.try_,
    tree.Cast: RustCompiler.cast,
    tree.Closure: RustCompiler.closure_value,
    tree.Comprehension: RustCompiler.comprehension,
    tree.Await: _await,
    tree.LetCondition: RustCompiler.let_condition,
    **dict.fromkeys(
        (
            tree.FunctionDeclaration, tree.StructDeclaration, tree.EnumDeclaration, tree.TraitDeclaration,
            tree.ImplDeclaration, tree.ActorDeclaration, tree.ImportDeclaration, tree.TypeDeclaration,
        ),
        lambda _writer, _node: rn.unit(),
    ),
}  # fmt: skip
