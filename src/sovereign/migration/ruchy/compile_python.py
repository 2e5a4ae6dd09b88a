"""The first engine's compiler: a program with its names and types becomes one Python module.

Enters: `Program`s with names, types and ownership. Leaves: a code object that defines the functions and classes of the
program and a function `rt.top` with its top-level code. Every statement carries its line, counted through all files, so
that a traceback says where a program failed. Read `engine.py` next.
"""

from __future__ import annotations

import _ast as ast

from sovereign.migration.ruchy import python_nodes as py
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.compile_base import Routine
from sovereign.migration.ruchy.compile_control import DROP, RETURN
from sovereign.migration.ruchy.compile_facts import FactWriter
from sovereign.migration.ruchy.compile_places import slot_name
from sovereign.migration.ruchy.ownership import Ownership

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import CodeType
    from typing import Any

    from sovereign.migration.ruchy.bounds import Bounds
    from sovereign.migration.ruchy.names import Binding, Declared, Function, Names
    from sovereign.migration.ruchy.sources import Sources
    from sovereign.migration.ruchy.typed import Typed

__all__ = ["FILE", "TOP", "PythonCompiler"]

FILE = "<ruchy>"
TOP = "rt.top"
_SELF = "self"


class PythonCompiler(FactWriter):
    """Compiles one program, or one input of the REPL."""

    def __init__(self, names: Names, typed: Typed, sources: Sources, *, keeps_globals: bool = False) -> None:
        super().__init__(names, typed, sources, keeps_globals=keeps_globals)
        self.facts: dict[Binding, Bounds] = {}
        self.ownership: Ownership | None = None
        self.written: set[tree.Node] = set()

    def program(
        self, programs: Sequence[tree.Program], *, gives_value: bool = False, calls_main: bool = True
    ) -> CodeType:
        """The code of a program whose files stand in the order in which they run."""
        self.ownership = Ownership(list(programs), self.names, self.typed)
        self.typed.changing_names = {method.name for method in self.ownership.changing}
        top = Routine(self.names.top, None)
        top.is_top = True
        with self.writing(top):
            for program in programs:
                self.hoist(program.statements)
            statements = [statement for program in programs for statement in program.statements]
            last = RETURN if gives_value else DROP
            for place, statement in enumerate(statements):
                self.into(statement, last if place == len(statements) - 1 else DROP)
            if calls_main:
                self._call_main(programs[-1])
        body = [*self.outside_statements(top), *top.body]
        self.module.append(py.function(TOP, py.arguments(()), body))
        module = ast.Module(self.module, [])
        py.locate(module)
        return compile(module, FILE, "exec")

    def _call_main(self, program: tree.Program) -> None:
        main = self.names.main_to_call(program)
        if main is not None:
            self.emit(py.expression(py.call(py.load(self.spelling(self.names.meant[main])))), main)

    # What the pieces below ask.

    def is_only_holder(self, binding: Binding, node: tree.Node) -> bool:
        """Whether no other place can hold the value of a variable that is changed at a node."""
        assert self.ownership is not None
        return not self.is_global(binding) and self.ownership.is_only_holder(binding, node)

    def changes_receiver(self, binding: Binding) -> bool:
        """Whether a method of the program changes the value that it is called on."""
        assert self.ownership is not None
        return binding in self.ownership.changing

    def refuse_spec(self, hole: tree.Hole) -> None:
        """The inference reported it; the run would too."""

    def value(self, node: tree.Expression) -> ast.expr:
        """The value of an expression, with statements emitted before it where they are needed."""
        handler = _VALUE.get(type(node))
        value = handler(self, node) if handler is not None else self.statement_value(node)
        return self.converted(node, value) if node in self.typed.casts else value

    # Declarations.

    def hoist(self, statements: tuple[tree.Expression, ...]) -> None:
        """Write the functions and types of a block before its statements."""
        for statement in statements:
            if isinstance(statement, tree.FunctionDeclaration):
                self._function(statement)
            elif isinstance(statement, tree.ModuleDeclaration):
                self.hoist(statement.body.statements)
            elif isinstance(statement, tree.ImplDeclaration):
                for method in statement.methods:
                    self._method(method)
        for statement in statements:
            if isinstance(
                statement, tree.StructDeclaration | tree.EnumDeclaration | tree.ActorDeclaration | tree.TraitDeclaration
            ):
                for method in statement.methods:
                    self._method(method)
                if not isinstance(statement, tree.TraitDeclaration):
                    self._type(self.names.declared(statement))

    def _function(self, node: tree.FunctionDeclaration) -> None:
        binding = self.names.meant[node]
        made = self._definition(self.spelling(binding), node)
        if binding.is_global:
            self.module.append(made)
        else:
            self.note_captured(node, made)

    def _method(self, node: tree.FunctionDeclaration) -> None:
        binding = self.names.meant.get(node)
        if node.body is None or binding is None or node in self.written:
            return
        self.written.add(node)
        self.module.append(self._definition(self.method_name(binding), node, binding))

    def _definition(self, name: str, node: tree.FunctionDeclaration, method: Binding | None = None) -> ast.stmt:
        routine = Routine(self.names.owners[node], self.routine)
        kept, self.facts = self.facts, {}
        with self.writing(routine):
            if method is not None and node.takes_self and node.parameters[0].mode != "value":
                is_shared = method.type is not None and method.type.is_shared
                routine.borrowed = None if is_shared else self.names.meant[node.parameters[0].pattern]
            parameters = self.parameters(node.parameters)
            self._contract(node.requires, node, "requires")
            assert node.body is not None
            if node.ensures:
                self._ensure(node)
            else:
                self.into(node.body, RETURN)
        self.facts = kept
        made = py.function(name, parameters, [*self.outside_statements(routine), *routine.body])
        made.lineno = self.sources.line(node.name_place[0])
        return made

    def _contract(self, conditions: tuple[tree.Expression, ...], node: tree.FunctionDeclaration, word: str) -> None:
        for condition in conditions:
            source = self.sources.source(condition.place[0])
            text = source.text[condition.place[0] - source.base : condition.place[1] - source.base]
            failed = py.expression(py.call("broken", py.constant(f"`{node.name}` {word} `{text}`")))
            self.emit(py.when(py.negated(self.condition(condition)), [failed]), condition)

    def _ensure(self, node: tree.FunctionDeclaration) -> None:
        """The body is a function of its own, so that every way out of it passes the check."""
        assert node.body is not None
        inner = Routine(self.routine.owner, self.routine)
        inner.borrowed = self.routine.borrowed
        with self.writing(inner):
            self.into(node.body, RETURN)
        name = self.temporary()
        assigned = {
            each.id
            for each in py.walk(ast.Module(inner.body, []))
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        }
        mine = [
            self.spelling(self.names.meant[each.pattern])
            for each in node.parameters
            if each.pattern in self.names.meant
        ]
        shared = [ast.Nonlocal(sorted(assigned & set(mine)))] if assigned & set(mine) else []
        self.emit(py.function(name, py.arguments(()), [*self.outside_statements(inner), *shared, *inner.body]), node)
        result = self.names.meant[node.ensures[0]]
        self.bind(result, py.call(py.load(name)), node)
        self._contract(node.ensures, node, "ensures")
        self.emit(ast.Return(self.read(result)), node)

    def parameters(self, parameters: tuple[tree.Parameter, ...]) -> ast.arguments:
        """The parameters of a function, with what has to happen to them at its start."""
        names: list[str] = []
        defaults: list[ast.expr] = []
        for parameter in parameters:
            binding = self.names.meant.get(parameter.pattern)
            is_plain = isinstance(parameter.pattern, tree.BindPattern) and binding is not None and binding.is_variable
            name = self.spelling(binding) if is_plain and binding is not None else self.temporary()
            names.append(name)
            if parameter.default is not None:
                defaults.append(py.runtime("MISSING"))
                self._default(name, parameter, parameter.default)
            elif defaults:
                defaults.append(py.runtime("MISSING"))
            self._arrive(name, parameter, is_plain=is_plain)
        return py.arguments(names, defaults)

    def _default(self, name: str, parameter: tree.Parameter, default: tree.Expression) -> None:
        with self.collecting() as body:
            self.emit(py.assign(name, self.value(default)), parameter)
        missing = py.compare(py.load(name), (ast.Is(), py.runtime("MISSING")))
        self.emit(py.when(missing, body), parameter)

    def _arrive(self, name: str, parameter: tree.Parameter, *, is_plain: bool) -> None:
        """A parameter that is a pattern takes its argument apart."""
        if not is_plain:
            self.take_apart(parameter.pattern, py.load(name), parameter)

    # Closures.

    def closure_value(self, node: tree.Closure) -> ast.expr:
        """A closure as a value: a lambda where its body is one expression, else a function of its own."""
        routine = Routine(self.names.owners[node], self.routine)
        kept, self.facts = self.facts, {}
        with self.writing(routine):
            parameters = self.parameters(node.parameters)
            with self.collecting() as body:
                value = None if _needs_statements(node.body) else self.value(node.body)
            if value is None or body:
                routine.body.clear() if not parameters.defaults and not routine.body else None
                with self.collecting() as body:
                    self.into(node.body, RETURN)
                value = None
            routine.body += body
        self.facts = kept
        if value is not None and not routine.body and not routine.outside:
            return self._capture(node, ast.Lambda(parameters, value))
        if value is not None:
            routine.body.append(ast.Return(value))
        name = self.temporary()
        made = py.function(name, parameters, [*self.outside_statements(routine), *routine.body])
        made.lineno = self.sources.line(node.place[0])
        fresh = self._fresh(node)
        if fresh:
            maker = self.temporary()
            self.emit(py.function(maker, py.arguments(fresh), [made, ast.Return(py.load(name))]), node)
            return py.call(py.load(maker), *map(py.load, fresh))
        self.emit(made, node)
        return py.load(name)

    def note_captured(self, node: tree.FunctionDeclaration, made: ast.stmt) -> None:
        """Write a function inside of a function; in a loop it keeps the variables of its round."""
        fresh = self._fresh(node)
        binding = self.names.meant[node]
        name = self.spelling(binding)
        if not fresh:
            self.emit(made, node)
            return
        maker = self.temporary()
        self.emit(py.function(maker, py.arguments(fresh), [made, ast.Return(py.load(name))]), node)
        self.emit(py.assign(name, py.call(py.load(maker), *map(py.load, fresh))), node)

    def _fresh(self, node: tree.Node) -> list[str]:
        """The captured variables that each round of a loop makes anew; a function made there keeps its own."""
        owner: Function = self.names.owners[node]
        return [
            self.spelling(binding)
            for binding in owner.captures
            if binding.loop is not None and binding.owner is self.routine.owner and not self.is_global(binding)
            and self._is_bound_by_now(binding, node)
        ]  # fmt: skip

    def _is_bound_by_now(self, binding: Binding, node: tree.Node) -> bool:
        return binding.node.place[0] <= node.place[0] and not (
            isinstance(binding.node, tree.BindPattern) and self.names.meant.get(node) is binding
        )

    def _capture(self, node: tree.Closure, made: ast.expr) -> ast.expr:
        fresh = self._fresh(node)
        if not fresh:
            return self.at(made, node)
        return py.call(ast.Lambda(py.arguments(fresh), self.at(made, node)), *map(py.load, fresh))

    # Types.

    def _type(self, declared: Declared) -> None:
        node = declared.node
        if node in self.written:
            return
        self.written.add(node)
        if isinstance(node, tree.EnumDeclaration):
            self._enum(declared, node)
        elif isinstance(node, tree.StructDeclaration):
            self._struct(declared, node)
        elif isinstance(node, tree.ActorDeclaration):
            self._actor(declared, node)

    def _methods_of(self, declared: Declared) -> ast.expr:
        """The methods of a type by their names, for calls whose receiver is known only at run time."""
        found: dict[str, Binding] = {}
        level: Declared | None = declared
        while level is not None:
            for name, binding in level.methods.items():
                if isinstance(binding.node, tree.FunctionDeclaration) and binding.node.takes_self and binding.node.body:
                    found.setdefault(name, binding)
            level = level.base
        keys: list[ast.expr | None] = [py.constant(name) for name in found]
        return ast.Dict(keys, [py.load(self.method_name(binding)) for binding in found.values()])

    def _class(self, name: str, base: ast.expr, facts: dict[str, ast.expr], slots: list[str]) -> ast.stmt:
        body: list[ast.stmt] = [py.assign("__slots__", py.constant(tuple(slots)))]
        body += [py.assign(fact, value) for fact, value in facts.items()]
        body.append(
            py.function(
                "__init__",
                py.arguments((_SELF, *slots)),
                [py.assign(ast.Attribute(py.load(_SELF), slot, ast.Store()), py.load(slot)) for slot in slots],
            )
        )
        copied = py.call(py.load(name), *(py.attribute(py.load(_SELF), slot) for slot in slots))
        body.append(py.function("ruchy_copied", py.arguments((_SELF,)), [ast.Return(copied)]))
        made: Any = ast.ClassDef(name, [base], [], body, [])
        if "type_params" in ast.ClassDef._fields:
            made.type_params = []
        return made  # type: ignore[no-any-return] # a statement

    def _struct(self, declared: Declared, node: tree.StructDeclaration) -> None:
        name = self.type_name(declared)
        slots = [slot_name(entry.name) for entry in declared.fields()]
        facts = {
            "ruchy_name": py.constant(declared.name),
            "ruchy_names": py.constant(tuple(slots)),
            "ruchy_is_tuple": py.constant(node.is_tuple),
            "ruchy_is_shared": py.constant(node.is_class),
        }
        self.module.append(self._class(name, py.runtime("Struct"), facts, slots))
        self._set_methods(name, declared)

    def _set_methods(self, name: str, declared: Declared) -> None:
        """Set at the start of the program, when every method is defined."""
        target = ast.Attribute(py.load(name), "ruchy_methods", ast.Store())
        self.emit(py.assign(target, self._methods_of(declared)), declared.node)
        if declared.base is not None:
            bases = ast.Attribute(py.load(name), "ruchy_base", ast.Store())
            self.emit(py.assign(bases, py.load(self.type_name(declared.base))), declared.node)

    def _actor(self, declared: Declared, node: tree.ActorDeclaration) -> None:
        name = self.type_name(declared)
        slots = [slot_name(entry.name) for entry in node.entries]
        facts = {
            "ruchy_name": py.constant(declared.name),
            "ruchy_names": py.constant(tuple(slots)),
            "ruchy_is_shared": py.constant(value=True),
        }
        self.module.append(self._class(name, py.runtime("Struct"), facts, slots))
        self._set_methods(name, declared)
        routine = Routine(self.names.owners[node], self.routine)
        self.spellings[self.names.selves[node]] = _SELF
        message = "m.name"
        with self.writing(routine):
            for arm in node.arms:
                self._receive(arm, message)
            self.emit(ast.Return(py.call("unreceived", py.load(_SELF), py.load(message), py.load("m.values"))), node)
        receive = py.function(
            f"{name}::receive",
            py.arguments((_SELF, message, "m.values")),
            [*self.outside_statements(routine), *routine.body],
        )
        self.module.append(receive)
        target = ast.Attribute(py.load(name), "ruchy_receive", ast.Store())
        self.emit(py.assign(target, py.load(f"{name}::receive")), node)
        with self.collecting() as made:
            values = [self.value(entry.default) if entry.default else py.constant(None) for entry in node.entries]
        starter = py.function(f"{name}::spawn", py.arguments(()), [*made, ast.Return(py.call(py.load(name), *values))])
        self.emit(starter, node)
        self.emit(
            py.assign(
                ast.Attribute(py.load(name), "ruchy_spawn", ast.Store()),
                py.call("staticmethod", py.load(f"{name}::spawn")),
            ),
            node,
        )

    def _receive(self, arm: tree.Arm, message: str) -> None:
        pattern = arm.pattern
        wanted = pattern.path[-1] if isinstance(pattern, tree.VariantPattern) else getattr(pattern, "name", "_")
        items = (pattern.items or ()) if isinstance(pattern, tree.VariantPattern) else ()
        tests: list[ast.expr] = []
        if wanted != "_":
            tests.append(py.compare(py.load(message), (ast.Eq(), py.constant(wanted))))
            tests.append(py.compare(py.call("len", py.load("m.values")), (ast.Eq(), py.constant(len(items)))))
        more, bindings = self._items(tuple(items), py.load("m.values"), tests)
        with self.collecting() as body:
            self.bind_all(bindings, arm)
            self.into(arm.body, RETURN)
        self.emit(py.when(py.both(more), body), arm)

    def _enum(self, declared: Declared, node: tree.EnumDeclaration) -> None:
        name = self.type_name(declared)
        methods = f"{name}::methods"
        self.module.append(py.assign(methods, ast.Dict([], [])))
        number = 0
        for order, variant in enumerate(node.variants):
            spelling = f"{name}::{variant.name}"
            if variant.discriminant is not None:
                number = _number(variant.discriminant, number)
            if variant.entries is None:
                facts = [declared.name, variant.name, number, order]
                unit = py.call("Unit", *map(py.constant, facts), py.load(methods))
                self.module.append(py.assign(spelling, unit))
            else:
                slots = [slot_name(entry.name) for entry in variant.entries]
                values = {
                    "ruchy_enum": py.constant(declared.name),
                    "ruchy_name": py.constant(variant.name),
                    "ruchy_names": py.constant(tuple(slots)),
                    "ruchy_is_tuple": py.constant(variant.is_tuple),
                    "ruchy_order": py.constant(order),
                    "ruchy_methods": py.load(methods),
                }
                self.module.append(self._class(spelling, py.runtime("Variant"), values, slots))
            number += 1
        update = py.call(py.attribute(py.load(methods), "update"), self._methods_of(declared))
        self.emit(py.expression(update), node)

    # Literals of types, pipelines, actors.

    def struct_literal(self, node: tree.StructLiteral) -> ast.expr:
        """`Point { x: 1, ..base }`: fields in any order, missing ones from the base or their defaults."""
        binding = self.names.meant[node]
        assert binding.type is not None
        is_variant = binding.kind == "variant"
        fields = list(getattr(binding.node, "entries", None) or ()) if is_variant else binding.type.fields()
        made = self.variant(binding) if is_variant else py.load(self.type_name(binding.type))
        parts = [entry.value for entry in node.entries]
        found = self.values([*parts, node.base] if node.base is not None else parts)
        order = [entry.name for entry in fields]
        if node.base is None and [entry.name for entry in node.entries] == order:
            return self.at(py.call(made, *found), node)
        given = {entry.name: self.spill(value) for entry, value in zip(node.entries, found, strict=False)}
        base = self.spill(found[-1]) if node.base is not None else None
        values: list[ast.expr] = []
        for entry in fields:
            if entry.name in given:
                values.append(given[entry.name])
            elif base is not None:
                values.append(py.attribute(base, slot_name(entry.name)))
            elif entry.default is not None:
                values.append(self.value(entry.default))
            else:
                values.append(py.constant(None))
        return self.at(py.call(made, *values), node)

    def pipe(self, node: tree.Binary) -> ast.expr:
        """`value |> f`, `value |> f(arguments)`, `value |> method(arguments)`: the value comes first."""
        target = node.right
        function = target.function if isinstance(target, tree.Call) else target
        arguments = target.arguments if isinstance(target, tree.Call) else ()
        binding = self.names.meant.get(function)
        if isinstance(function, tree.Name) and (binding is None or binding.kind == "builtin"):
            values = self.values([node.left, *arguments])
            return self.at(py.call("piped", py.constant(function.name), *values), node)
        if isinstance(target, tree.Call) and binding is not None and not binding.is_variable:
            return self.call_binding(target, binding, (node.left, *arguments))
        found = self.values([node.left, function, *arguments])
        return self.at(py.call("call_value", found[1], found[0], *found[2:]), node)

    def send(self, node: tree.Binary) -> ast.expr:
        """`actor ! Message(1)`, `actor <? Message`."""
        message = node.right
        name = message.function if isinstance(message, tree.Call) else message
        arguments = message.arguments if isinstance(message, tree.Call) else ()
        word = name.name if isinstance(name, tree.Name) else name.parts[-1] if isinstance(name, tree.Path) else ""
        actor = self.base(node.left)
        values = self._behind(actor, arguments)
        function = "ask" if node.operator == "<?" else "send"
        return self.at(py.call(function, values[0], py.constant(word), *values[1:]), node)

    def infix(self, node: tree.Binary) -> ast.expr:
        """Every infix operator."""
        if node.operator == "|>":
            return self.pipe(node)
        if node.operator in {"!", "<?", "<-"}:
            return self.send(node)
        return self.binary(node)

    def declaration_value(self, _node: tree.Expression) -> ast.expr:
        """A declaration is written where its block begins; it has no value."""
        return py.constant(None)

    def module_value(self, node: tree.ModuleDeclaration) -> ast.expr:
        """The statements of a module run where it stands."""
        for statement in node.body.statements:
            self.into(statement, DROP)
        return py.constant(None)


def _needs_statements(node: tree.Expression) -> bool:
    """Whether a body is written as statements for certain, so that trying an expression is no use."""
    return isinstance(node, tree.Block) and len(node.statements) > 1


def _number(node: tree.Expression, otherwise: int) -> int:
    return node.value if isinstance(node, tree.Integer) else otherwise


_VALUE: dict[type[tree.Expression], Callable[..., ast.expr]] = {
    tree.Integer: PythonCompiler.literal,
    tree.Float: PythonCompiler.literal,
    tree.Text: PythonCompiler.literal,
    tree.Boolean: PythonCompiler.literal,
    tree.Nil: PythonCompiler.nil,
    tree.FormatText: PythonCompiler.format_text,
    tree.Name: PythonCompiler.name,
    tree.Path: PythonCompiler.path,
    tree.ListLiteral: PythonCompiler.list_literal,
    tree.ListRepeat: PythonCompiler.list_repeat,
    tree.TupleLiteral: PythonCompiler.tuple_literal,
    tree.ObjectLiteral: PythonCompiler.object_literal,
    tree.StructLiteral: PythonCompiler.struct_literal,
    tree.Range: PythonCompiler.range_value,
    tree.Unary: PythonCompiler.unary,
    tree.Binary: PythonCompiler.infix,
    tree.Assign: PythonCompiler.assigned_value,
    tree.Call: PythonCompiler.call,
    tree.MethodCall: PythonCompiler.method_call,
    tree.Field: PythonCompiler.field,
    tree.Index: PythonCompiler.index,
    tree.Try: PythonCompiler.try_,
    tree.Cast: PythonCompiler.cast,
    tree.Block: PythonCompiler.block_value,
    tree.If: PythonCompiler.if_value,
    tree.Closure: PythonCompiler.closure_value,
    tree.Comprehension: PythonCompiler.comprehension,
    tree.Await: lambda writer, node: writer.value(node.value),
    tree.FunctionDeclaration: PythonCompiler.declaration_value,
    tree.StructDeclaration: PythonCompiler.declaration_value,
    tree.EnumDeclaration: PythonCompiler.declaration_value,
    tree.TraitDeclaration: PythonCompiler.declaration_value,
    tree.ImplDeclaration: PythonCompiler.declaration_value,
    tree.ActorDeclaration: PythonCompiler.declaration_value,
    tree.ImportDeclaration: PythonCompiler.declaration_value,
    tree.TypeDeclaration: PythonCompiler.declaration_value,
    tree.ModuleDeclaration: PythonCompiler.module_value,
    tree.LetCondition: lambda writer, node: writer.let_condition_value(node),
}
