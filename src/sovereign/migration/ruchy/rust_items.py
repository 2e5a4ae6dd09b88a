"""Functions, closures and types of a program as items of Rust.

Enters: instances that calls asked for, and types. Leaves: items. A type of the program says to the support module what
its text is, when two of its values are equal, and, where a value of no known type may be one, its fields and methods.
Read `compile_rust.py` next.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sovereign.migration.ruchy import rust_nodes as rn
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.rust_base import Frame, Instance, Variable
from sovereign.migration.ruchy.rust_control import RustControl
from sovereign.migration.ruchy.rust_kinds import BOOL, DYN, NIL, Kind, is_copied
from sovereign.migration.ruchy.rust_places import field_name
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sovereign.migration.ruchy.names import Binding
    from sovereign.migration.ruchy.types import Var

__all__ = ["RustItems"]

_SELF = rs.SelfParameter()
_SELF_TYPE = rs.NamedType("Self")
_TEXT_TYPE = rs.NamedType("str")
_OUT = rs.Parameter("out", rs.RefType(rs.NamedType("String"), mutable=True))
_OTHER = rs.Parameter("other", rs.RefType(_SELF_TYPE))
_NAME = rs.Parameter("name", rs.RefType(_TEXT_TYPE))
_VALUES = rs.Parameter("values", rs.RefType(rs.ArrayType(rs.NamedType("Dyn"))))
_FOUND_DYN = rs.NamedType("Option<Dyn>")
_SOME_ORDER = rs.NamedType("Option<Option<Ordering>>")


class RustItems(RustControl):
    """Writes items."""

    # Functions.

    is_inner_level = False

    def function_items(self, instance: Instance) -> list[rs.Function]:
        """One function for one set of kinds; a small one that calls itself does several levels in one call."""
        names = [instance.name]
        names += [self.fresh_name(f"{instance.name}_level") for _ in range(_levels(instance, self.names.meant) - 1)]
        found = []
        for place, name in enumerate(names):
            instance.name = names[(place + 1) % len(names)]
            self.is_inner_level = place > 0
            item = self.function_item(instance)
            attributes = (rs.Attribute("inline(always)"),) if place else ()
            found.append(replace(item, name=name, attributes=attributes))
        instance.name, self.is_inner_level = names[0], False
        return found

    def function_item(self, instance: Instance) -> rs.Function:
        """One function for one set of kinds."""
        node = instance.node
        kept = self.env, self.frame, self.out
        self.env, self.out = instance.env, []
        self.frame = Frame(instance.result)
        self.frame.owners = {**instance.owners, self.names.owners[node]: instance}
        parameters: list[rs.Parameter] = []
        for binding, variable in instance.captures:
            parameters.append(rs.Parameter(variable.name, self._held_type(variable)))
            storage = "plain" if variable.storage == "borrowed" else variable.storage
            self.frame.variables[binding] = Variable(variable.name, variable.kind, storage)
        with self.collecting() as body:
            parameters += self._parameters(node.parameters, instance)
            if node in self.recursive and not self.is_inner_level:
                self.guard()
            self._contract(node.requires, node, "requires")
            value = self._ensured(node, instance) if node.ensures else self._body(node, instance)
        self.env, self.frame, self.out = kept
        result = self.result_type(instance.result)
        if value == rn.UNIT:
            value = None
        return rs.Function(
            instance.name, tuple(parameters), result, self._whole(node, body, value), line=self.line_of_name(node)
        )

    def _whole(self, node: tree.FunctionDeclaration, body: list[rs.Statement], value: rs.Expression | None) -> rs.Block:
        """The block of a function, whose value comes from its last line."""
        last = node.body.statements[-1] if isinstance(node.body, tree.Block) and node.body.statements else node
        return rs.Block(tuple(body), value, self.line(last))

    recursive: set[tree.Node]
    catches: bool

    def guard(self) -> None:
        """Begin a call that may be one of a recursion; where nothing is caught the system sees its end."""
        if self.catches:
            self.emit(rn.done(rn.call("descend_once")))
        else:
            self.emit(rn.let("_frame", rn.call("enter_watched")))

    def line_of_name(self, node: tree.FunctionDeclaration) -> int:
        """The line on which a function is declared."""
        return self.sources.line(node.name_place[0])

    def _held_type(self, variable: Variable) -> rs.Type:
        inner = self.spelled(variable.kind)
        holder = {"shared": "Captured", "late": "Awaited"}.get(variable.storage)
        return rs.NamedType(f"{holder}<{inner}>" if holder else inner)

    def _body(self, node: tree.FunctionDeclaration, instance: Instance) -> rs.Expression | None:
        assert node.body is not None
        goal = None if instance.result == NIL else instance.result
        found = self.block_as(node.body, goal)
        self.out += found.statements
        return found.value

    def _ensured(self, node: tree.FunctionDeclaration, instance: Instance) -> rs.Expression | None:
        """A body whose result is looked at on every way out."""
        assert node.body is not None
        found = self.block_as(node.body, instance.result)
        closure = rs.Closure((), rs.BlockExpression(found), self.result_type(instance.result))
        result = self.names.meant[node.ensures[0]]
        variable = self.declare(result, instance.result)
        self.emit(rn.let(variable.name, rn.call("run_once", closure)))
        self._contract(node.ensures, node, "ensures")
        return self.current(variable)

    def _contract(self, conditions: Sequence[tree.Expression], node: tree.FunctionDeclaration, word: str) -> None:
        for condition in conditions:
            source = self.sources.source(condition.place[0])
            text = source.text[condition.place[0] - source.base : condition.place[1] - source.base]
            failed = rn.call("broken_contract", rs.Text(f"`{node.name}` {word} `{text}`"))
            self.emit(rn.done(rs.If(rs.Unary("!", self.condition(condition)), rs.Block((rn.done(failed),)))))

    def _parameters(self, nodes: Sequence[tree.Parameter], instance: Instance) -> list[rs.Parameter]:
        return [self._parameter(node, kind, instance) for node, kind in zip(nodes, instance.parameters, strict=True)]

    def _parameter(self, node: tree.Parameter, kind: Kind, instance: Instance) -> rs.Parameter:
        binding = self.names.meant.get(node.pattern)
        is_plain = isinstance(node.pattern, tree.BindPattern) and binding is not None and binding.is_variable
        if is_plain and node.name == "self" and instance.binding.type is not None:
            assert binding is not None
            found = self._own_parameter(node, binding, kind, instance)
            if found is not None:
                return found
        name = self.local_name(node.name) if is_plain else self.temporary()
        typed = self.rust_type(kind)
        if instance.lent[instance.node.parameters.index(node)]:
            assert binding is not None
            self.frame.variables[binding] = Variable(name, kind, "borrowed")
            return rs.Parameter(name, rs.RefType(typed))
        value: rs.Expression = rs.Name(name)
        if node.default is not None:
            arms = (
                rs.Arm(rs.VariantPattern("Some", (rs.Bind(name),)), rs.Name(name)),
                rs.Arm(rs.VariantPattern("None"), rs.BlockExpression(self.block_as(node.default, kind))),
            )
            value, typed = rs.Match(value, arms), rs.NamedType(f"Option<{self.spelled(kind)}>")
        if not is_plain:
            self.take_apart(node.pattern, value, kind, node)
            return rs.Parameter(name, typed)
        assert binding is not None
        variable = self.declare(binding, kind)
        if variable.storage == "shared":
            self.emit(rn.let(name, rn.call("Captured::new", value)))
            return rs.Parameter(name, typed)
        if node.default is not None:
            self.emit(rn.let(name, value, mutable=binding in self.changed))
            return rs.Parameter(name, typed)
        return rs.Parameter(name, typed, mutable=binding in self.changed)

    def _own_parameter(
        self, node: tree.Parameter, binding: Binding, kind: Kind, instance: Instance
    ) -> rs.Parameter | None:
        """`self` as a reference, unless a method takes it as a value."""
        declared = instance.binding.type
        is_shared = declared is not None and declared.is_shared
        if node.mode == "value" and not is_shared:
            return None
        is_changed = instance.binding in self.ownership.changing and not is_shared
        self.frame.variables[binding] = Variable("this", kind, "borrowed")
        return rs.Parameter("this", rs.RefType(self.rust_type(kind), mutable=is_changed))

    # Closures.

    def closure_value(self, node: tree.Closure, goal: Kind | None = None) -> rs.Expression:
        """A closure as a value."""
        kind = self.natural(node)
        if kind.name != "fn":
            raise self.refuse("a closure of no known type", node)
        lets = self._kept(node)
        closure = self._closure(node, kind, is_value=True)
        made = rn.block(lets, rs.Cast(rn.call("Rc::new", closure), self.rust_type(kind)))
        return made if goal is None else self.convert(made, kind, goal, node)

    def closure_inline(self, node: tree.Closure, goal: Kind) -> rs.Expression:
        """A closure that is called while the call runs that it is given to."""
        return self._closure(node, goal, is_value=False)

    def _kept(self, node: tree.Closure) -> list[rs.Statement]:
        """What a closure that outlives its place keeps of the variables around it."""
        lets: list[rs.Statement] = []
        for binding in self._captured(node):
            for variable in self.closures.get(binding, {}).values() or [self.variable(binding, node)]:
                if variable.storage == "top" or (variable.storage == "plain" and is_copied(variable.kind)):
                    continue
                lets.append(rn.let(variable.name, rn.method(rs.Name(variable.name), "clone")))
        return lets

    def _captured(self, node: tree.Closure) -> list[Binding]:
        owner = self.names.owners[node]
        inside = {self.names.owners[each] for each in tree.walk(node) if each in self.names.owners}
        found = dict.fromkeys(binding for binding in owner.captures if not (binding.is_global and binding.is_captured))
        for each in tree.walk(node):
            used = self.names.meant.get(each)
            if used is not None and used.kind == "function" and used.owner.parent is not None:
                found.update(dict.fromkeys(self.captures_of(used)))
        return [binding for binding in found if binding.owner not in inside]

    def _closure(self, node: tree.Closure, kind: Kind, *, is_value: bool) -> rs.Expression:
        kept, self.frame = self.frame, Frame(kind.arguments[-1], self.frame)
        self.frame.owners[self.names.owners[node]] = node
        if is_value:
            for binding in self._captured(node):
                variable = kept.find(binding)
                if variable is not None and variable.storage == "borrowed":
                    self.frame.variables[binding] = Variable(variable.name, variable.kind, "plain")
        parameters: list[tuple[rs.Pattern, rs.Type | None]] = []
        with self.collecting() as body:
            for parameter, given in zip(node.parameters, kind.arguments, strict=False):
                if parameter.default is not None:
                    raise self.refuse("a closure with defaults", node)
                parameters.append(self._closure_parameter(parameter, given))
            if is_value:
                self.guard()
            value = self._closure_body(node, kind)
        self.frame = kept
        result = self.result_type(kind.arguments[-1])
        whole = rn.block(body, value)
        if result is not None and not isinstance(whole, rs.BlockExpression):
            whole = rs.BlockExpression(rs.Block((), whole))
        return rs.Closure(tuple(parameters), whole, result, moves=is_value)

    def _closure_body(self, node: tree.Closure, kind: Kind) -> rs.Expression | None:
        goal = kind.arguments[-1]
        if goal == BOOL and self.natural(node).arguments[-1] != BOOL and not isinstance(node.body, tree.Block):
            return self.condition(node.body)
        found = self.block_as(node.body, None if goal == NIL else goal)
        self.out += found.statements
        return found.value

    def _closure_parameter(self, node: tree.Parameter, given: Kind) -> tuple[rs.Pattern, rs.Type | None]:
        binding = self.names.meant.get(node.pattern)
        typed = self.rust_type(given)
        is_name = isinstance(node.pattern, tree.BindPattern) and node.pattern.inner is None
        if is_name and binding is not None and binding.is_variable and self.variable_kind(binding) == given:
            variable = self.declare(binding)
            if variable.storage == "shared":
                self.emit(rn.let(variable.name, rn.call("Captured::new", rs.Name(variable.name))))
            is_changed = binding in self.changed and variable.storage == "plain"
            return rs.Bind(variable.name, mutable=is_changed), typed
        name = self.temporary()
        self.take_apart(node.pattern, rs.Name(name), given, node)
        return rs.Bind(name), typed

    def let_closure(self, node: tree.Let, closure: tree.Closure, pattern: tree.BindPattern) -> None:
        """A closure with a name, which it may call itself; one variable for each set of kinds at which it is used."""
        binding = self.names.meant[pattern]
        if not binding.is_variable:
            raise self.refuse("a closure for a pattern", node)
        if binding.assignments or binding in self.changed or closure in self.typed.casts:
            kind = self.variable_kind(binding)
            self.closures.pop(binding, None)
            self.emit(self.bound(binding, self.value_as(closure, kind), kind, node))
            return
        inside = set(tree.walk(closure))
        is_recursive = any(self.names.meant.get(each) is binding for each in inside if each is not pattern)
        several: dict[tuple[Kind, ...], Variable] = {}
        self.closures[binding] = several
        kept = self.env
        for key, env in self._uses_of(binding, inside).items():
            self.env = env
            self._let_one(node, closure, binding, key, is_recursive=is_recursive)
            self.env = kept

    def _uses_of(self, binding: Binding, inside: set[tree.Node]) -> dict[tuple[Kind, ...], dict[Var, Kind]]:
        if self.typed.schemes.get(binding) is None:
            return {(): self.env}
        found: dict[tuple[Kind, ...], dict[Var, Kind]] = {}
        for use, meant in self.names.meant.items():
            if meant is binding and use not in inside and isinstance(use, tree.Name):
                key, env = self.closure_key(binding, use)
                found.setdefault(key, env)
        if not found:
            scheme = self.typed.schemes[binding]
            found[tuple(self.env.get(variable, DYN) for variable in self.scheme_variables(scheme))] = self.env
        return found

    def _let_one(
        self, node: tree.Let, closure: tree.Closure, binding: Binding, key: tuple[Kind, ...], *, is_recursive: bool
    ) -> None:
        kind = self.natural(closure)
        word = self.local_name(binding.name)
        several = self.closures[binding]
        name = word if not several else f"{word}_{len(several) + 1}_"
        if binding.is_global and binding.is_captured:
            variable = Variable(self.fresh_name(binding.name.upper()), kind, "top")
            self.static_items.append(variable)
        else:
            variable = Variable(name, kind, "late" if is_recursive else "plain")
        several[key] = variable
        line = self.line(node)
        if variable.storage == "late":
            self.emit(rn.let(name, rn.call(f"Awaited::<{self.spelled(kind)}>::new", rs.Text(binding.name)), line=line))
        elif variable.storage == "plain":
            del several[key]
        value = self.closure_value(closure)
        several[key] = variable
        if variable.storage == "plain":
            self.emit(rn.let(name, value, line=line))
        else:
            self.emit(rn.done(rn.method(rs.Name(variable.name), "set", value), line))

    # Literals of types.

    def struct_literal(self, node: tree.StructLiteral) -> rs.Expression:
        """`Point { x: 1, ..base }`: fields in any order, missing ones from the base or their defaults."""
        binding = self.names.meant[node]
        assert binding.type is not None
        kind = self.made_kind(node, binding.type)
        if kind.declared is not binding.type:
            raise self.refuse("a struct whose type is not known", node)
        is_variant = binding.kind == "variant"
        entries = list(getattr(binding.node, "entries", None) or ()) if is_variant else binding.type.fields()
        kinds = {entry.name: self.member_kind(kind, entry) for entry in entries}
        fields = [(field_name(each.name), self.value_as(each.value, kinds[each.name])) for each in node.entries]
        given = {each.name for each in node.entries}
        missing = [entry for entry in entries if entry.name not in given]
        path = self.variant_path(kind, binding) if is_variant else self.type_name(kind)
        with self.collecting() as body:
            if missing:
                fields = [(name, self._fresh(value)) for name, value in fields]
                fields += self._missing(node, missing, kind, kinds)
        whole = rn.block(body, self.wrapped(rs.StructLiteral(path, tuple(fields)), kind))
        return self.made(whole, kind, node)

    def _missing(
        self, node: tree.StructLiteral, missing: list[tree.FieldDeclaration], kind: Kind, kinds: dict[str, Kind]
    ) -> list[tuple[str, rs.Expression]]:
        base = self._fresh(self.value_as(node.base, kind)) if node.base is not None else None
        found: list[tuple[str, rs.Expression]] = []
        for entry in missing:
            if base is not None:
                whole = rn.method(base, "look") if kind.declared is not None and kind.declared.is_shared else base
                value = self.cloned(rs.Field(whole, field_name(entry.name)), kinds[entry.name])
            elif entry.default is not None:
                value = self.value_as(entry.default, kinds[entry.name])
            else:
                value = self.convert(rn.unit(), NIL, kinds[entry.name], node)
            found.append((field_name(entry.name), value))
        return found

    # Types.

    def type_items(self, kind: Kind) -> list[rs.Item]:
        """A type of the program."""
        assert kind.declared is not None
        node = kind.declared.node
        if isinstance(node, tree.EnumDeclaration):
            return self._enum_items(kind, node)
        entries = kind.declared.fields()
        fields = tuple(
            rs.FieldDeclaration(field_name(entry.name), self.rust_type(self.member_kind(kind, entry)))
            for entry in entries
        )
        name = self.type_name(kind)
        struct = rs.Struct(name, fields, attributes=(rs.Attribute("derive(Clone)"),), line=self.line(node))
        is_tuple = bool(getattr(node, "is_tuple", False))
        own = [(entry.name, rs.Field(rs.Name("self"), field_name(entry.name))) for entry in entries]
        theirs = [rs.Field(rs.Name("other"), field_name(entry.name)) for entry in entries]
        same = self._all_same([place for _, place in own], list(theirs))
        items: list[rs.Function | rs.Constant] = [
            self._named(kind),
            rs.Function("write_text", (_SELF, _OUT), None, self._text_of(kind.declared.name, own, is_tuple=is_tuple)),
            rs.Function("same_fields", (_SELF, _OTHER), rs.NamedType("bool"), rs.Block((), same)),
        ]
        if self.has_dynamic_fields and entries:
            names = rs.Borrow(rs.Array(tuple(rs.Text(entry.name) for entry in entries)))
            typed = rs.NamedType("&'static [&'static str]")
            items.append(rs.Constant("FIELDS", typed, names))
        items += self._field_functions(own, entries, kind)
        items += self._dispatch(kind)
        found: list[rs.Item] = [struct, rs.Impl(rs.NamedType(name), tuple(items), rs.NamedType("Declared_"))]
        return [*found, self._registered(kind)]

    def _registered(self, kind: Kind) -> rs.Item:
        """What makes values of the type values of the language."""
        assert kind.declared is not None
        name = self.type_name(kind)
        if not kind.declared.is_shared:
            return rs.MacroItem("plain_record", (rs.Name(name),))
        handle = rs.Parameter("handle", rs.RefType(rs.NamedType("Handle<Self>")))
        calls = [self._arm(kind, instance, rs.Name("handle")) for instance in self.dispatched.get(kind, {}).values()]
        body = self._by_name(calls + self.receive_arms(kind))
        function = rs.Function("call_on_handle", (handle, _NAME, _VALUES), _FOUND_DYN, rs.Block((), body))
        return rs.Impl(rs.NamedType(name), (function,), rs.NamedType("Actor"))

    dispatched: dict[Kind, dict[str, Instance]]

    def receive_arms(self, kind: Kind) -> list[rs.Arm]:
        """The messages that an actor receives."""
        raise NotImplementedError

    def _named(self, kind: Kind) -> rs.Constant:
        assert kind.declared is not None
        return rs.Constant("NAME", rs.RefType(_TEXT_TYPE, lifetime="static"), rs.Text(kind.declared.name))

    def _text_of(self, name: str, places: Sequence[tuple[str, rs.Expression]], *, is_tuple: bool) -> rs.Block:
        """The statements that write a value: fields by their names, or in parentheses."""
        opening, closing = ("(", ")") if is_tuple else (" {", "}")
        order = places if is_tuple else sorted(places, key=lambda pair: _slot(pair[0]))
        found: list[rs.Statement] = [_pushed(f"{name}{opening}")]
        for place, (word, value) in enumerate(order):
            before = ", " if place else ""
            label = "" if is_tuple else f"{_slot(word)}: "
            if before + label:
                found.append(_pushed(before + label))
            found.append(rn.done(rn.method(value, "write_debug", rs.Name("out"), rn.NO)))
        return rs.Block((*found, _pushed(closing)))

    def _all_same(self, own: list[rs.Expression], theirs: list[rs.Expression]) -> rs.Expression:
        found: rs.Expression | None = None
        for one, other in zip(own, theirs, strict=True):
            same = rn.method(one, "same", rn.borrow(other) if not isinstance(other, rs.Name) else other)
            found = same if found is None else rs.Binary("&&", found, same)
        return found if found is not None else rn.YES

    def _field_functions(
        self, own: Sequence[tuple[str, rs.Expression]], entries: Sequence[tree.FieldDeclaration], kind: Kind
    ) -> list[rs.Function | rs.Constant]:
        if not self.has_dynamic_fields or not own:
            return []
        gets, puts = [], []
        for (word, place), entry in zip(own, entries, strict=True):
            member = self.member_kind(kind, entry)
            pattern = rs.LiteralPattern(rs.Text(word))
            gets.append(rs.Arm(pattern, rn.call("Some", self.to_dyn(self.cloned(place, member), member))))
            value = self.convert(rs.Name("value"), DYN, member, entry, checked=True)
            puts.append(rs.Arm(pattern, rs.BlockExpression(rs.Block((rs.Assign(place, value),)))))
        gets.append(rs.Arm(rs.Wildcard(), rs.Name("None")))
        puts.append(rs.Arm(rs.Wildcard(), rs.Return(rn.NO)))
        given = rs.Parameter("value", rs.NamedType("Dyn"))
        put = rs.Block((rn.done(rs.Match(rs.Name("name"), tuple(puts))),), rn.YES)
        mutable = rs.SelfParameter(mutable=True)
        return [
            rs.Function("get_field", (_SELF, _NAME), _FOUND_DYN, rs.Block((), rs.Match(rs.Name("name"), tuple(gets)))),
            rs.Function("put_field", (mutable, _NAME, given), rs.NamedType("bool"), put),
        ]

    def _dispatch(self, kind: Kind) -> list[rs.Function | rs.Constant]:
        """`call_method`, for values of no known type."""
        assert kind.declared is not None
        wanted = self.dispatched.get(kind, {})
        if kind.declared.is_shared or not wanted:
            return []
        arms = [self._arm(kind, instance, rs.Name("self")) for instance in wanted.values()]
        parameters = (rs.SelfParameter(mutable=True), _NAME, _VALUES)
        return [rs.Function("call_method", parameters, _FOUND_DYN, rs.Block((), self._by_name(arms)))]

    def _by_name(self, arms: list[rs.Arm]) -> rs.Expression:
        if not arms:
            return rs.Name("None")
        return rs.Match(rs.Name("name"), (*arms, rs.Arm(rs.Wildcard(), rs.Name("None"))))

    def _arm(self, kind: Kind, instance: Instance, own: rs.Expression) -> rs.Arm:
        node = instance.node
        values: list[rs.Expression] = []
        for place, parameter in enumerate(instance.parameters[1:]):
            given = rn.method(rs.Index(rs.Name("values"), rs.Integer(place)), "clone")
            value = self.convert(given, DYN, parameter, node, checked=True)
            value = value if node.parameters[place + 1].default is None else rn.call("Some", value)
            values.append(rs.Borrow(value) if instance.lent[place + 1] else value)
        count = rs.Binary("==", rn.method(rs.Name("values"), "len"), rs.Integer(len(values)))
        is_shared = kind.declared is not None and kind.declared.is_shared
        statements: list[rs.Statement] = []
        after: list[rs.Statement] = []
        if not is_shared and self.kinds.is_recursive(kind):
            statements = [rn.let("own", rn.call("Shared::new", rn.method(own, "clone")), mutable=True)]
            own = rs.Borrow(rs.Name("own"), mutable=instance.binding in self.ownership.changing)
            after = [rs.Assign(rs.Deref(rs.Name("self")), rn.method(rs.Deref(rs.Name("own")), "clone"))]
        if instance.parameters[0] == DYN:
            own = rs.Borrow(self.to_dyn(rn.method(own, "clone"), kind))
        elif node.parameters[0].mode == "value" and not is_shared:
            own = rn.method(own if not isinstance(own, rs.Borrow) else own.operand, "clone")
        call = self.to_dyn(rs.Call(rs.Name(instance.name), (own, *values)), instance.result)
        statements += [rn.let("found", call), *after]
        body = rs.BlockExpression(rs.Block(tuple(statements), rn.call("Some", rs.Name("found"))))
        return rs.Arm(rs.LiteralPattern(rs.Text(node.name)), body, count)

    # Enums.

    def _enum_items(self, kind: Kind, node: tree.EnumDeclaration) -> list[rs.Item]:
        name = self.type_name(kind)
        variants = []
        for variant in node.variants:
            entries = variant.entries or ()
            types = tuple(self.rust_type(self.member_kind(kind, entry)) for entry in entries)
            if variant.is_tuple or not entries:
                variants.append(rs.Variant(variant.name, types))
            else:
                pairs = zip(entries, types, strict=True)
                fields = tuple(rs.FieldDeclaration(field_name(entry.name), each) for entry, each in pairs)
                variants.append(rs.Variant(variant.name, fields=fields))
        attributes = (rs.Attribute("derive(Clone)"),)
        enum = rs.Enum(name, tuple(variants), attributes=attributes, line=self.line(node))
        items: list[rs.Function | rs.Constant] = [
            self._named(kind),
            rs.Function("write_text", (_SELF, _OUT), None, rs.Block((), self._enum_text(name, node))),
            rs.Function(
                "same_fields", (_SELF, _OTHER), rs.NamedType("bool"), rs.Block((), self._enum_same(name, node))
            ),
            self._enum_order(name, node),
            self._enum_number(name, node),
            *self._dispatch(kind),
        ]
        if self.has_dynamic_fields:
            items += self._enum_fields(name, node, kind)
        found: list[rs.Item] = [enum, rs.Impl(rs.NamedType(name), tuple(items), rs.NamedType("Declared_"))]
        return [*found, rs.MacroItem("plain_record", (rs.Name(name),))]

    def _variant_pattern_of(self, name: str, variant: tree.Variant, letter: str) -> rs.Pattern:
        """The pattern that binds every value of a variant."""
        path = f"{name}::{variant.name}"
        entries = variant.entries or ()
        binds = tuple(rs.Bind(f"{letter}{place}") for place in range(len(entries)))
        if variant.is_tuple or not entries:
            return rs.VariantPattern(path, binds)
        names = [field_name(entry.name) for entry in entries]
        return rs.StructPattern(path, tuple(zip(names, binds, strict=True)))

    def _enum_text(self, name: str, node: tree.EnumDeclaration) -> rs.Expression:
        arms = []
        for variant in node.variants:
            pattern = self._variant_pattern_of(name, variant, "a")
            if variant.entries is None:
                arms.append(rs.Arm(pattern, rn.method(rs.Name("out"), "push_str", rs.Text(variant.name))))
                continue
            places = [(entry.name, rs.Name(f"a{place}")) for place, entry in enumerate(variant.entries)]
            body = self._text_of(variant.name, list(places), is_tuple=variant.is_tuple)
            arms.append(rs.Arm(pattern, rs.BlockExpression(body)))
        return rs.Match(rs.Name("self"), tuple(arms))

    def _pairs(self, name: str, variant: tree.Variant) -> tuple[rs.Pattern, list[rs.Expression], list[rs.Expression]]:
        count = len(variant.entries or ())
        pattern = rs.TuplePattern(
            (self._variant_pattern_of(name, variant, "a"), self._variant_pattern_of(name, variant, "b"))
        )
        own: list[rs.Expression] = [rs.Name(f"a{place}") for place in range(count)]
        return pattern, own, [rs.Name(f"b{place}") for place in range(count)]

    def _enum_same(self, name: str, node: tree.EnumDeclaration) -> rs.Expression:
        arms = []
        for variant in node.variants:
            pattern, own, theirs = self._pairs(name, variant)
            arms.append(rs.Arm(pattern, self._all_same(own, theirs)))
        if len(node.variants) > 1:
            arms.append(rs.Arm(rs.Wildcard(), rn.NO))
        return rs.Match(rs.Tuple((rs.Name("self"), rs.Name("other"))), tuple(arms))

    def _enum_order(self, name: str, node: tree.EnumDeclaration) -> rs.Function:
        arms = []
        equal = rn.call("Some", rs.Name("Ordering::Equal"))
        for variant in node.variants:
            pattern, own, theirs = self._pairs(name, variant)
            found: rs.Expression = equal
            for one, other in zip(reversed(own), reversed(theirs), strict=True):
                inner = (
                    rs.Arm(rs.VariantPattern("Some", (rs.LiteralPattern(rs.Name("Ordering::Equal")),)), found),
                    rs.Arm(rs.Bind("found"), rs.Name("found")),
                )
                found = rs.Match(rn.method(one, "order", other, rs.Name("operator")), inner)
            arms.append(rs.Arm(pattern, found))
        if len(node.variants) > 1:
            places = [self._places_of(name, node, word) for word in ("self", "other")]
            arms.append(rs.Arm(rs.Wildcard(), rn.call("Some", rn.method(places[0], "cmp", rs.Borrow(places[1])))))
        body = rn.call("Some", rs.Match(rs.Tuple((rs.Name("self"), rs.Name("other"))), tuple(arms)))
        operator = rs.Parameter("operator", rs.RefType(_TEXT_TYPE))
        return rs.Function("order_fields", (_SELF, _OTHER, operator), _SOME_ORDER, rs.Block((), body))

    def _places_of(self, name: str, node: tree.EnumDeclaration, word: str) -> rs.Expression:
        """Which variant a value is, counted from 0."""
        arms = []
        for place, variant in enumerate(node.variants):
            pattern = self._any_of(name, variant)
            arms.append(rs.Arm(pattern, rn.integer(place)))
        return rs.Match(rs.Name(word), tuple(arms))

    def _any_of(self, name: str, variant: tree.Variant) -> rs.Pattern:
        """The pattern of a variant whatever its values are."""
        path = f"{name}::{variant.name}"
        if variant.entries and not variant.is_tuple:
            return rs.StructPattern(path, (), rest=True)
        return rs.VariantPattern(path, (rs.Wildcard(rest=True),) if variant.entries else ())

    def _enum_number(self, name: str, node: tree.EnumDeclaration) -> rs.Function:
        arms, number = [], 0
        for variant in node.variants:
            if isinstance(variant.discriminant, tree.Integer):
                number = variant.discriminant.value
            if variant.entries is None:
                arms.append(rs.Arm(self._any_of(name, variant), rn.call("Some", rn.integer(number))))
            number += 1
        if len(arms) < len(node.variants):
            arms.append(rs.Arm(rs.Wildcard(), rs.Name("None")))
        body = rs.Block((), rs.Match(rs.Name("self"), tuple(arms)))
        return rs.Function("number", (_SELF,), rs.NamedType("Option<i64>"), body)

    def _enum_fields(self, name: str, node: tree.EnumDeclaration, kind: Kind) -> list[rs.Function | rs.Constant]:
        arms = []
        for variant in node.variants:
            for place, entry in enumerate(variant.entries or ()):
                pattern = rs.TuplePattern(
                    (self._variant_pattern_of(name, variant, "a"), rs.LiteralPattern(rs.Text(entry.name)))
                )
                member = self.member_kind(kind, entry)
                value = self.to_dyn(self.cloned(rs.Deref(rs.Name(f"a{place}")), member), member)
                arms.append(rs.Arm(pattern, rn.call("Some", value)))
        if not arms:
            return []
        arms.append(rs.Arm(rs.Wildcard(), rs.Name("None")))
        body = rs.Match(rs.Tuple((rs.Name("self"), rs.Name("name"))), tuple(arms))
        return [rs.Function("get_field", (_SELF, _NAME), _FOUND_DYN, rs.Block((), body))]


def _slot(word: str) -> str:
    return f"_{word}" if word.isdecimal() else word


def _pushed(text: str) -> rs.Statement:
    return rn.done(rn.method(rs.Name("out"), "push_str", rs.Text(text)))


_LEVELS = ((3, 2, 40), (2, 4, 80))
"""How many levels one call does: with at most so many calls of itself, in at most so many nodes."""
_WHOLE = (tree.FunctionDeclaration, tree.Closure, tree.TryCatch)


def _levels(instance: Instance, meant: Mapping[tree.Node, Binding]) -> int:
    """How many levels of its recursion one call of a function does."""
    node = instance.node
    if node.body is None or node.requires or node.ensures or instance.captures:
        return 1
    nodes = list(tree.walk(node.body))
    calls = sum(
        (isinstance(each, tree.Call) and meant.get(each.function) is instance.binding)
        or (isinstance(each, tree.MethodCall) and each.name == node.name and instance.binding.type is not None)
        for each in nodes
    )
    if not calls or any(isinstance(each, _WHOLE) for each in nodes):
        return 1
    return next((levels for levels, most, size in _LEVELS if calls <= most and len(nodes) <= size), 1)
