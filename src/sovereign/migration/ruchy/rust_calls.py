"""Calls in Rust: of functions, constructors, closures, methods and the library.

Enters: call expressions. Leaves: Rust calls. A closure that a method of the library calls is written where it stands
and is no value; any other is a counted pointer to a function. Read `rust_patterns.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.ruchy import rust_nodes as rn
from sovereign.migration.ruchy import signatures, tree
from sovereign.migration.ruchy import types as ty
from sovereign.migration.ruchy.library import CONSTANTS, MUTATING
from sovereign.migration.ruchy.library import FUNCTIONS as SIGNATURES
from sovereign.migration.ruchy.library import METHODS as METHOD_SIGNATURES
from sovereign.migration.ruchy.rust_base import is_quiet
from sovereign.migration.ruchy.rust_functions import LIBRARY
from sovereign.migration.ruchy.rust_kinds import BOOL, DYN, I64, STR, Given, Kind, is_copied
from sovereign.migration.ruchy.rust_library import CHANGES, FUNCTIONS, METHODS, Form
from sovereign.migration.ruchy.rust_methods import SPECIAL
from sovereign.migration.ruchy.rust_places import RustPlaces, field_name
from sovereign.migration.ruchy.types import Var
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.migration.ruchy.names import Binding, Declared

__all__ = ["RustCalls"]

_TABLES = frozenset(METHODS)


class RustCalls(RustPlaces):
    """Writes calls."""

    def closure_value(self, node: tree.Closure, goal: Kind | None = None) -> rs.Expression:
        """A closure as a value."""
        raise NotImplementedError

    def closure_inline(self, node: tree.Closure, goal: Kind) -> rs.Expression:
        """A closure that is called while the call runs that it is given to."""
        raise NotImplementedError

    # What names mean.

    def value_of_binding(self, node: tree.Node, binding: Binding) -> rs.Expression:
        """What a name means that is no variable."""
        if binding.kind == "builtin":
            return self._library_value(node, binding.name)
        if binding.kind == "variant":
            return self._variant_value(node, binding)
        if binding.kind in {"function", "method"}:
            return self._function_value(node, binding)
        if binding.kind == "type" and binding.type is not None:
            return self._constructor_value(node, binding.type)
        raise self.refuse(f"`{binding.name}` as a value", node)

    def _library_value(self, node: tree.Node, name: str) -> rs.Expression:
        if name == "None":
            kind = self.natural(node)
            if kind.name != "option":
                return self.made(rs.Name("Dyn::None"), DYN, node)
            return rs.Name(f"None::<{self.spelled(kind.arguments[0])}>")
        if name in CONSTANTS:
            return self.made(*self.library_constant(name), node)
        raise self.refuse(f"the library's `{name}` as a value", node)

    def variant_path(self, kind: Kind, binding: Binding) -> str:
        """The path of a variant."""
        return f"{self.type_name(kind)}::{binding.name}"

    def wrapped(self, value: rs.Expression, kind: Kind) -> rs.Expression:
        """A fresh value of a type of the program in the handle that it has."""
        assert kind.declared is not None
        if kind.declared.is_shared:
            return rn.call("Handle::new", value)
        return rn.call("Shared::new", value) if self.kinds.is_recursive(kind) else value

    def _unit_variant(self, kind: Kind, binding: Binding) -> rs.Expression:
        """A variant without values: one for all, where it would stand on the heap."""
        path = rs.Name(self.variant_path(kind, binding))
        if not self.kinds.is_recursive(kind):
            return self.wrapped(path, kind)
        if (kind, binding) not in self.lasting:
            name = self.fresh_name(f"{self.type_name(kind)}_{binding.name}".upper())
            typed = rs.NamedType(f"Lasting<{self.type_name(kind)}>")
            self.lasting[kind, binding] = rs.Static(name, typed, rn.call("Lasting::new", path))
        return rn.call("Shared::lasting", rs.Borrow(rs.Name(self.lasting[kind, binding].name)))

    def _variant_value(self, node: tree.Node, binding: Binding) -> rs.Expression:
        entries = getattr(binding.node, "entries", None)
        kind = self.natural(node)
        if entries is None:
            if kind.name != "enum":
                raise self.refuse("a variant where its type is not known", node)
            return self._unit_variant(kind, binding)
        if kind.name != "fn":
            raise self.refuse("a variant with values as a value of no known type", node)
        names = [self.temporary() for _ in entries]
        made = self.make_variant(kind.arguments[-1], binding, [rs.Name(name) for name in names])
        return self._boxed(names, made, kind)

    def make_variant(self, kind: Kind, binding: Binding, values: list[rs.Expression]) -> rs.Expression:
        """A variant with its values in their order."""
        path = self.variant_path(kind, binding)
        entries = binding.node.entries  # type: ignore[attr-defined] # a variant
        if not entries:
            return self._unit_variant(kind, binding)
        if binding.node.is_tuple:  # type: ignore[attr-defined] # as above
            return self.wrapped(rs.Call(rs.Name(path), tuple(values)), kind)
        fields = tuple((entry.name, value) for entry, value in zip(entries, values, strict=True))
        return self.wrapped(rs.StructLiteral(path, fields), kind)

    def _boxed(self, names: list[str], body: rs.Expression, kind: Kind) -> rs.Expression:
        """A function of these parameters as a value."""
        *parameters, result = kind.arguments
        pairs = zip(names, parameters, strict=True)
        typed = tuple((rs.Bind(name), self.rust_type(parameter)) for name, parameter in pairs)
        closure = rs.Closure(typed, body, self.result_type(result), moves=True)
        return rs.Cast(rn.call("Rc::new", closure), self.rust_type(kind))

    def _function_value(self, node: tree.Node, binding: Binding) -> rs.Expression:
        if not isinstance(binding.node, tree.FunctionDeclaration):
            raise self.refuse(f"`{binding.name}` as a value", node)
        goal = self.natural(node)
        if goal.name != "fn":
            raise self.refuse(f"the function `{binding.name}` where its type is not known", node)
        found = self.instance(binding, node)
        if len(found.parameters) != len(goal.arguments) - 1:
            raise self.refuse(f"the function `{binding.name}` with defaults as a value", node)
        names = [self.temporary() for _ in found.parameters]
        captured = [self._captured_argument(each, node) for each, _ in found.captures]
        kept = [self.temporary() for _ in captured]
        values = [
            self.convert(rs.Name(name), kind, wanted, node)
            for name, kind, wanted in zip(names, goal.arguments, found.parameters, strict=False)
        ]
        values = [rs.Borrow(value) if is_lent else value for value, is_lent in zip(values, found.lent, strict=True)]
        inner = [rn.method(rs.Name(name), "clone") for name in kept]
        if binding.node.takes_self and binding.node.parameters[0].mode != "value":
            raise self.refuse("a method as a value", node)
        body = self.convert(rs.Call(rs.Name(found.name), (*inner, *values)), found.result, goal.arguments[-1], node)
        lets = [rn.let(name, value) for name, value in zip(kept, captured, strict=True)]
        return rn.block(lets, self._boxed(names, body, goal))

    def _captured_argument(self, binding: Binding, node: tree.Node) -> rs.Expression:
        """A captured variable as the argument of a nested function."""
        variable = self.variable(binding, node)
        if variable.storage == "plain":
            return self.current(variable)
        return rn.method(rs.Name(variable.name), "clone")

    def _constructor_value(self, node: tree.Node, declared: Declared) -> rs.Expression:
        kind = self.natural(node)
        if kind.name != "fn" or not getattr(declared.node, "is_tuple", False):
            raise self.refuse(f"the type `{declared.name}` as a value", node)
        names = [self.temporary() for _ in kind.arguments[:-1]]
        return self._boxed(names, self.make_struct(kind.arguments[-1], list(map(rs.Name, names))), kind)

    def make_struct(self, kind: Kind, values: list[rs.Expression]) -> rs.Expression:
        """A struct with its fields in their order."""
        assert kind.declared is not None
        entries = kind.declared.fields()
        fields = tuple((field_name(entry.name), value) for entry, value in zip(entries, values, strict=True))
        name = self.type_name(kind)
        return self.wrapped(rs.StructLiteral(name, fields) if fields else rs.StructLiteral(name, ()), kind)

    # Calls of functions.

    def call(self, node: tree.Call) -> rs.Expression:
        """`function(arguments)`."""
        binding = self.names.meant.get(node.function)
        if binding is None:
            return self.call_value(node, node.function, node.arguments)
        return self.call_binding(node, node.function, binding, node.arguments)

    def call_binding(
        self, node: tree.Expression, use: tree.Node, binding: Binding, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        """A call of what a name means."""
        if any(isinstance(each, tree.Spread) for each in arguments):
            raise self.refuse("a spread among the arguments of a call", node)
        if binding.is_variable:
            assert isinstance(use, tree.Expression)
            return self.call_value(node, use, arguments)
        if binding.kind == "builtin":
            return self.call_library(node, binding.name, arguments)
        if binding.kind in {"function", "method"}:
            return self.call_function(node, use, binding, arguments)
        if binding.kind == "variant":
            return self._call_variant(node, binding, arguments)
        if binding.kind == "type" and binding.type is not None:
            return self._call_constructor(node, use, binding.type, arguments)
        raise self.refuse(f"a call of `{binding.name}`", node)

    def call_value(
        self, node: tree.Expression, function: tree.Expression, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        """A call of a value."""
        kind = self.kind(function)
        if kind.name == "fn" and len(kind.arguments) == len(arguments) + 1:
            callee = self.reading(function)
            is_settled = all(map(is_quiet, arguments)) or isinstance(callee, rs.Name)
            if isinstance(callee, rs.Deref) or not is_settled:
                callee = self.value(function)
            values = [self.value_as(each, goal) for each, goal in zip(arguments, kind.arguments, strict=False)]
            return self.made(rs.Call(callee, tuple(values)), kind.arguments[-1], node)
        values = [self.as_dyn(each) for each in arguments]
        found = rn.call("call_dyn", rs.Borrow(self.as_dyn(function)), rs.Borrow(rs.Array(tuple(values))))
        return self.made(found, DYN, node)

    def call_function(
        self, node: tree.Expression, use: tree.Node, binding: Binding, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        """A call of a function of the program."""
        declaration = binding.node
        assert isinstance(declaration, tree.FunctionDeclaration)
        found = self.instance(binding, use, [self.kind(each) for each in arguments])
        if not self._takes(declaration, len(arguments)):
            raise self.refuse(f"a call of `{binding.name}` with {len(arguments)} arguments", node)
        if declaration.takes_self:
            return self.call_method_of(node, binding, arguments[0], arguments[1:], use)
        values: list[rs.Expression] = [self._captured_argument(each, node) for each, _ in found.captures]
        values += self._given(declaration.parameters, found.parameters, arguments, found.lent)
        return self.made(rs.Call(rs.Name(found.name), tuple(values)), found.result, node)

    def _takes(self, declaration: tree.FunctionDeclaration, count: int) -> bool:
        least = sum(parameter.default is None for parameter in declaration.parameters)
        return least <= count <= len(declaration.parameters)

    def _given(
        self,
        parameters: Sequence[tree.Parameter],
        kinds: Sequence[Kind],
        arguments: Sequence[tree.Expression],
        lent: Sequence[bool],
    ) -> list[rs.Expression]:
        """The arguments of a call: with a default in an Option, by reference where they are only looked at."""
        values: list[rs.Expression] = []
        are_quiet = all(map(is_quiet, arguments))
        for place, (parameter, kind) in enumerate(zip(parameters, kinds, strict=True)):
            if place >= len(arguments):
                values.append(rs.Name("None"))
            elif lent[place]:
                values.append(self._lent_argument(arguments[place], kind, are_quiet=are_quiet))
            else:
                value = self.value_as(arguments[place], kind)
                values.append(value if parameter.default is None else rn.call("Some", value))
        return values

    def _lent_argument(self, node: tree.Expression, kind: Kind, *, are_quiet: bool) -> rs.Expression:
        """An argument that is only looked at: the place itself, where nothing can change it meanwhile."""
        if are_quiet and self.kind(node) == kind and self._is_own_place(node):
            return rn.borrow(self.reading(node))
        return rs.Borrow(self.value_as(node, kind))

    def _is_own_place(self, node: tree.Expression) -> bool:
        """Whether an expression is a part of a local variable that no other function reaches."""
        while isinstance(node, tree.Field | tree.Index):
            receiver = self.kind(node.receiver)
            if self.names.meant.get(node) is not None or receiver.name not in {"list", "tuple", "struct"}:
                return False
            if receiver.declared is not None and receiver.declared.is_shared:
                return False
            node = node.receiver
        binding = self.names.meant.get(node)
        if not isinstance(node, tree.Name) or binding is None or not binding.is_variable:
            return False
        return self.variable(binding, node).storage in {"plain", "borrowed"}

    def _held_argument(self, value: rs.Expression) -> rs.Expression:
        """An argument that is computed before the receiver is held."""
        if isinstance(value, rs.Borrow):
            return rs.Borrow(
                self.hold(value.operand if isinstance(value.operand, rs.Call) else rn.method(value.operand, "clone"))
            )
        return self.hold(value)

    def _call_variant(
        self, node: tree.Expression, binding: Binding, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        kind = self.natural(node)
        entries = getattr(binding.node, "entries", None) or ()
        if kind.name != "enum" or len(entries) != len(arguments):
            raise self.refuse(f"a call of the variant `{binding.name}` with {len(arguments)} values", node)
        values = [
            self.value_as(each, self.member_kind(kind, entry)) for each, entry in zip(arguments, entries, strict=True)
        ]
        return self.make_variant(kind, binding, values)

    def _call_constructor(
        self, node: tree.Expression, use: tree.Node, declared: Declared, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        if not getattr(declared.node, "is_tuple", False):
            for name in ("new", "init"):
                found = declared.method(name)
                if found is not None:
                    return self.call_function(node, use, found, arguments)
        kind = self.made_kind(node, declared)
        entries = declared.fields()
        if kind.declared is not declared or len(entries) != len(arguments):
            raise self.refuse(f"a call of `{declared.name}` with {len(arguments)} values", node)
        values = [
            self.value_as(each, self.member_kind(kind, entry)) for each, entry in zip(arguments, entries, strict=True)
        ]
        return self.made(self.make_struct(kind, values), kind, node)

    def made_kind(self, node: tree.Node, declared: Declared) -> Kind:
        """The kind of a fresh value of a type, also where a class hierarchy hides it."""
        if declared in self.kinds.extended:
            return Kind("struct", (), declared)
        return self.natural(node)

    # Calls of methods.

    def method_call(self, node: tree.MethodCall) -> rs.Expression:
        """`receiver.name(arguments)`."""
        binding = self.names.meant.get(node)
        if binding is not None:
            return self.call_binding(node, node, binding, node.arguments)
        if node.is_optional:
            return self._optional_call(node)
        kind = self.kind(node.receiver)
        if kind.declared is not None:
            return self._call_declared(node, kind.declared)
        return self.call_by_kind(node, node.name, node.receiver, node.arguments)

    def _optional_call(self, node: tree.MethodCall) -> rs.Expression:
        name = self.temporary()
        found = self._dynamic(node, node.name, rs.Name(name), node.arguments)
        chosen = rs.If(rn.method(rs.Name(name), "is_nil"), rs.Block((), rs.Name("Dyn::Nil")), rs.Block((), found))
        return self.made(rn.block([rn.let(name, self.as_dyn(node.receiver))], chosen), DYN, node)

    def _call_declared(self, node: tree.MethodCall, declared: Declared) -> rs.Expression:
        method = declared.method(node.name)
        if method is not None:
            return self.call_method_of(node, method, node.receiver, node.arguments, node)
        kind = self.kind(node.receiver)
        if node.name == "to_string" and not node.arguments:
            return self.made(rn.call("shown_text", rn.borrow(self.reading(node.receiver))), STR, node)
        if node.name == "clone" and not node.arguments:
            return self.made(self.value(node.receiver), kind, node)
        entry = (
            next((each for each in declared.fields() if each.name == node.name), None)
            if kind.name == "struct"
            else None
        )
        if entry is not None and self.member_kind(kind, entry).name == "fn":
            field = tree.Field(node.place, node.receiver, node.name, is_optional=False)
            function = self.member_kind(kind, entry)
            callee = self.cloned(self._field_place(field, self.reading) or rn.unit(), function)
            pairs = zip(node.arguments, function.arguments, strict=False)
            values = tuple(self.value_as(each, goal) for each, goal in pairs)
            if len(values) != len(function.arguments) - 1:
                raise self.refuse("a call with another number of arguments", node)
            return self.made(rs.Call(callee, values), function.arguments[-1], node)
        raise self.refuse(f"the method `{node.name}` of `{declared.name}`", node)

    def call_method_of(
        self,
        node: tree.Expression,
        method: Binding,
        receiver: tree.Expression,
        arguments: Sequence[tree.Expression],
        use: tree.Node,
    ) -> rs.Expression:
        """A call of a method of the program."""
        declaration = method.node
        assert isinstance(declaration, tree.FunctionDeclaration)
        if declaration.body is None:
            raise self.refuse(f"the method `{method.name}` that a trait only announces", node)
        kinds = [self.kind(receiver), *(self.kind(each) for each in arguments)]
        found = self.instance(method, use, kinds)
        if not declaration.takes_self:
            raise self.refuse(f"`{method.name}` as a method, which takes no `self`", node)
        if not self._takes(declaration, len(arguments) + 1):
            raise self.refuse(f"a call of `{method.name}` with {len(arguments)} arguments", node)
        with self.collecting() as body:
            mode = self._mode(declaration, method, receiver, found.parameters[0])
            if mode == "changed":
                given = self._given(declaration.parameters[1:], found.parameters[1:], arguments, found.lent[1:])
                values = [self._held_argument(each) for each in given]
                own: rs.Expression = rs.Borrow(self.place(receiver), mutable=True)
            else:
                own = self._own(receiver, mode, found.parameters[0], arguments)
                values = self._given(declaration.parameters[1:], found.parameters[1:], arguments, found.lent[1:])
            called = self.after_backs(rs.Call(rs.Name(found.name), (own, *values)))
        return self.made(rn.block(body, called), found.result, node)

    def _mode(
        self, declaration: tree.FunctionDeclaration, method: Binding, receiver: tree.Expression, goal: Kind
    ) -> str:
        """How a method takes its receiver: as a value, to look at, or to change."""
        is_shared = goal.declared is not None and goal.declared.is_shared
        if declaration.parameters[0].mode == "value" and not is_shared:
            return "value"
        if method in self.ownership.changing and not is_shared:
            if self.kind(receiver) != goal:
                raise self.refuse(f"a change of what is a `{self.kind(receiver)!r}` here", receiver)
            return "changed"
        return "read"

    def _own(
        self, receiver: tree.Expression, mode: str, goal: Kind, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        """A receiver that is not changed."""
        if mode == "value":
            return self.value_as(receiver, goal)
        if self.kind(receiver) != goal:
            return rs.Borrow(self.value_as(receiver, goal))
        if all(map(is_quiet, arguments)):
            return rn.borrow(self.reading(receiver))
        return rs.Borrow(self.value(receiver))

    def call_by_kind(  # noqa: PLR0911 - one way out for each case
        self, node: tree.Expression, word: str, receiver: tree.Expression, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        """A method of the library, chosen by the kind of its receiver."""
        kind = self.kind(receiver)
        special = SPECIAL.get((kind.name, word))
        if special is not None:
            found = special(self, node, receiver, arguments)
            if found is not None:
                return found
        if kind.name == "maybe":
            return self._call_maybe(node, word, receiver, arguments)
        if kind.name == "range" and word not in METHODS["range"]:
            listed = rn.method(self.reading(receiver), "to_array")
            return self._library_method(node, word, Kind("list", (I64,)), arguments, held=listed)
        if word in MUTATING and kind.name in CHANGES and word in CHANGES[kind.name]:
            return self._change(node, word, receiver, kind, arguments)
        if kind.name in _TABLES and word in METHODS[kind.name]:
            return self._library_method(node, word, kind, arguments, receiver=receiver)
        if kind.name == "dict":
            return self._call_entry(node, word, receiver, arguments)
        if kind.name in {"tuple", "fn", "nil"} and not arguments:
            return self._plain_method(node, word, receiver, kind)
        return self.dynamic_call(node, word, receiver, arguments)

    def _plain_method(self, node: tree.Expression, word: str, receiver: tree.Expression, kind: Kind) -> rs.Expression:
        if word == "to_string":
            return self.made(rn.call("shown_text", rn.borrow(self.reading(receiver))), STR, node)
        if word == "clone":
            return self.made(self.value(receiver), kind, node)
        if word == "len" and kind.name == "tuple":
            return self.made(rn.block([rn.done(self.value(receiver))], rn.integer(len(kind.arguments))), I64, node)
        return self.dynamic_call(node, word, receiver, ())

    def _call_entry(
        self, node: tree.Expression, word: str, receiver: tree.Expression, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        """A function that an object holds under a name."""
        return self.dynamic_call(node, word, receiver, arguments)

    def dynamic_call(
        self, node: tree.Expression, word: str, receiver: tree.Expression, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        """A method that the run looks up."""
        if word in MUTATING or self.typed.may_change(word):
            with self.collecting() as body:
                values = [self.hold(self.as_dyn(each)) for each in arguments]
                if self.kind(receiver) != DYN:
                    raise self.refuse(f"the method `{word}` of `{self.kind(receiver)!r}`", node)
                place = rs.Borrow(self.place(receiver), mutable=True)
                self.dynamic_names.add(word)
                found = self.after_backs(rn.call("call_on", place, rs.Text(word), rs.Borrow(rs.Array(tuple(values)))))
            return self.made(rn.block(body, found), DYN, node)
        return self.made(self._dynamic(node, word, self.dyn_reading(receiver), arguments), DYN, node)

    def _dynamic(
        self, node: tree.Expression, word: str, value: rs.Expression, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        self.dynamic_names.add(word)
        values = tuple(self.as_dyn(each) for each in arguments)
        return rn.call("call_of", rn.borrow(value), rs.Text(word), rs.Borrow(rs.Array(values)))

    def _call_maybe(  # noqa: PLR0911 - one way out for each case
        self, node: tree.Expression, word: str, receiver: tree.Expression, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        """A method of a value that may be nil."""
        inner = self.kind(receiver).arguments[0]
        if word in MUTATING and word in CHANGES.get(inner.name, ()):
            return self._change_present(node, word, receiver, inner, arguments)
        if word == "is_nil":
            return self.made(rn.method(self.reading(receiver), "is_nil"), BOOL, node)
        if word in {"is_some", "is_none"} and not arguments:
            found: rs.Expression = rn.method(self.reading(receiver), "is_nil")
            return self.made(found if word == "is_none" else rs.Unary("!", found), BOOL, node)
        if word == "unwrap_or" and inner.name not in {"option", "result"}:
            value = self.value_as(arguments[0], inner)
            return self.made(rn.method(self.value(receiver), "or_value", value), inner, node)
        if word in {"unwrap", "expect"} and inner.name not in {"option", "result"}:
            return self.made(rn.method(self.value(receiver), "present", rs.Text(word)), inner, node)
        if word in {"to_string", "clone"}:
            return self._plain_method(node, word, receiver, self.kind(receiver))
        if (
            inner.name in _TABLES
            and word in METHODS[inner.name]
            and word not in MUTATING
            and all(map(is_quiet, arguments))
        ):
            present = rn.method(self.value(receiver), "present", rs.Text(word))
            return self._library_method(node, word, inner, arguments, held=present)
        if inner.declared is not None:
            return self._present_method(node, word, receiver, inner, arguments)
        return self.dynamic_call(node, word, receiver, arguments)

    def _change_present(
        self,
        node: tree.Expression,
        word: str,
        receiver: tree.Expression,
        inner: Kind,
        arguments: Sequence[tree.Expression],
    ) -> rs.Expression:
        """A method that changes a value that may be nil, and then has no such method."""
        form = self.form_for(CHANGES[inner.name][word], len(arguments))
        found = self.signature(METHOD_SIGNATURES[inner.name].get(word, ()), self.letters(inner), arguments)
        if form is None or found is None:
            raise self.refuse(f"the method `{word}` of `{inner!r}` with these arguments", node)
        parameters, result = found
        with self.collecting() as body:
            settled = not any(self.ownership.is_change(part) for each in arguments for part in tree.walk(each))
            values = [
                self._before(receiver, each, settled=settled) for each in self.arguments(form, parameters, arguments)
            ]
            place = rn.call("present_place", rs.Borrow(self.place(receiver), mutable=True), rs.Text(word))
            if form.item.startswith("."):
                made: rs.Expression = rn.method(place, form.item[1:], *values)
            else:
                made = rn.call(form.item, place, *values)
            made = self.after_backs(made)
        return self.made(rn.block(body, made), result, node)

    def _present_method(
        self,
        node: tree.Expression,
        word: str,
        receiver: tree.Expression,
        inner: Kind,
        arguments: Sequence[tree.Expression],
    ) -> rs.Expression:
        raise self.refuse(f"the method `{word}` of a `{inner!r}` that may be nil", node)

    # Methods of the library.

    def form_for(self, forms: Sequence[Form], count: int) -> Form | None:
        """The form for a number of arguments."""
        return next((form for form in forms if len(form.modes) == count), None)

    def signature(
        self, texts: Sequence[str], known: dict[str, Kind], arguments: Sequence[tree.Expression]
    ) -> tuple[list[Kind], Kind] | None:
        """The kinds of the parameters and of the result of something of the library, at one call."""
        letters: dict[str, ty.Type] = {letter: Given(kind) for letter, kind in known.items()}
        for text in texts:
            fresh: dict[str, ty.Type] = dict(letters)
            found = signatures.read(text, fresh, lambda _name: Var(0))
            if len(found.parameters) != len(arguments):
                continue
            env: dict[Var, Kind] = {}
            if not all(
                self._match(one, self.kind(each), env) for one, each in zip(found.parameters, arguments, strict=True)
            ):
                continue
            return [self.kinds.of(each, env) for each in found.parameters], self._result_kind(found.result, env)
        return None

    def _result_kind(self, found: ty.Type, env: dict[Var, Kind]) -> Kind:
        """The kind of a result as the support module gives it: a `Maybe` whatever it holds."""
        whole = ty.prune(found)
        if isinstance(whole, ty.Con) and whole.name == "maybe":
            return Kind("maybe", (self.kinds.of(whole.arguments[0], env),))
        return self.kinds.of(found, env)

    def _match(self, wanted: ty.Type, kind: Kind, env: dict[Var, Kind]) -> bool:
        """Learn what the letters of a signature stand for; whether the kind can be an argument at all."""
        wanted = ty.prune(wanted)
        if isinstance(wanted, Var):
            env.setdefault(wanted, kind)
            return True
        if not isinstance(wanted, ty.Con):
            return True
        if wanted.name != kind.name or len(wanted.arguments) != len(kind.arguments):
            return "fn" not in {wanted.name, kind.name}
        pairs = list(zip(wanted.arguments, kind.arguments, strict=True))
        return sum(self._match(one, other, env) for one, other in pairs) == len(pairs)

    def letters(self, kind: Kind) -> dict[str, Kind]:
        """What the letters in the signatures of a kind's methods stand for."""
        names = {"dict": ("K", "V"), "result": ("T", "E")}.get(kind.name, ("T",))
        return dict(zip(names, kind.arguments, strict=False))

    def _library_method(
        self,
        node: tree.Expression,
        word: str,
        kind: Kind,
        arguments: Sequence[tree.Expression],
        *,
        held: rs.Expression | None = None,
        receiver: tree.Expression | None = None,
    ) -> rs.Expression:
        form = self.form_for(METHODS[kind.name].get(word, ()), len(arguments))
        texts = METHOD_SIGNATURES[kind.name].get(word, ())
        found = self.signature(texts, self.letters(kind), arguments)
        if form is None or found is None:
            raise self.refuse(f"the method `{word}` of `{kind!r}` with these arguments", node)
        parameters, result = found
        result = self._exact_result(word, kind, parameters, result)
        takes_itself = form.item.startswith("=")
        values = self.arguments(form, parameters, arguments)
        if held is None:
            assert receiver is not None
            is_held = (
                takes_itself or ("f" in form.modes and not is_copied(kind)) or not all(map(_is_harmless, arguments))
            )
            held = self.value(receiver) if is_held else self.reading(receiver)
        return self.made(self.applied(form.item, held, values, takes_itself=takes_itself), result, node)

    def _exact_result(self, word: str, kind: Kind, parameters: list[Kind], result: Kind) -> Kind:
        """A result whose kind in Rust says more than its signature."""
        if (kind.name, word) == ("list", "group_by") and parameters[0].name == "fn":
            return Kind("dict", (parameters[0].arguments[-1], kind))
        return result

    def applied(
        self, item: str, receiver: rs.Expression, values: Sequence[rs.Expression], *, takes_itself: bool
    ) -> rs.Expression:
        """A call of an item with a receiver."""
        item = item.removeprefix("=")
        if item == ".clone":
            return receiver
        if item.startswith("."):
            return rn.method(receiver if not isinstance(receiver, rs.Deref) else receiver.operand, item[1:], *values)
        return rn.call(item, receiver if takes_itself else rn.borrow(receiver), *values)

    def arguments(
        self, form: Form, parameters: Sequence[Kind], arguments: Sequence[tree.Expression]
    ) -> list[rs.Expression]:
        """The arguments of an item, with those that the program leaves out."""
        values: list[rs.Expression] = []
        for mode, kind, each in zip(form.modes, parameters, arguments, strict=True):
            values.append(self._argument(mode, kind, each))
        return [*values, *map(_added, form.added)]

    def _argument(self, mode: str, kind: Kind, node: tree.Expression) -> rs.Expression:
        if mode == "f":
            return self.function_argument(node, kind)
        if mode == "v":
            return self.value_as(node, kind)
        if kind == STR and isinstance(node, tree.Text):
            return rs.Borrow(rn.text(node.value))
        if self.kind(node) == kind:
            return rn.borrow(self.reading(node)) if is_quiet(node) else rs.Borrow(self.value(node))
        return rs.Borrow(self.value_as(node, kind))

    def function_argument(self, node: tree.Expression, goal: Kind) -> rs.Expression:
        """A function that is called while the call runs that it is given to."""
        if goal.name != "fn":
            raise self.refuse("a function of no known type", node)
        if isinstance(node, tree.Closure) and len(node.parameters) == len(goal.arguments) - 1:
            return self.closure_inline(node, goal)
        function = self.value_as(node, goal)
        names = [self.temporary() for _ in goal.arguments[:-1]]
        held = self.temporary()
        typed = tuple((rs.Bind(name), self.rust_type(kind)) for name, kind in zip(names, goal.arguments, strict=False))
        closure = rs.Closure(typed, rs.Call(rs.Name(held), tuple(map(rs.Name, names))), None, moves=True)
        return rn.block([rn.let(held, function)], closure)

    def _change(
        self,
        node: tree.Expression,
        word: str,
        receiver: tree.Expression,
        kind: Kind,
        arguments: Sequence[tree.Expression],
    ) -> rs.Expression:
        """A method of the library that changes its receiver."""
        form = self.form_for(CHANGES[kind.name][word], len(arguments))
        texts = METHOD_SIGNATURES[kind.name].get(word, ()) or _CHANGING_SIGNATURES.get((kind.name, word), ())
        found = self.signature(texts, self.letters(kind), arguments)
        if form is None or found is None:
            raise self.refuse(f"the method `{word}` of `{kind!r}` with these arguments", node)
        parameters, result = found
        with self.collecting() as body:
            settled = not any(self.ownership.is_change(part) for each in arguments for part in tree.walk(each))
            values = [
                self._before(receiver, each, settled=settled) for each in self.arguments(form, parameters, arguments)
            ]
            place = self.place(receiver)
            made: rs.Expression
            if form.item.startswith("."):
                made = rn.method(rn.dotted(place), form.item[1:], *values)
            else:
                made = rn.call(form.item, rs.Borrow(place, mutable=True), *values)
            made = self.after_backs(made)
        return self.made(rn.block(body, made), result, node)

    def _before(self, receiver: tree.Expression, value: rs.Expression, *, settled: bool) -> rs.Expression:
        """An argument, computed before the receiver is held where both could meet."""
        if isinstance(value, rs.Borrow):
            inner = self.hold(value.operand) if not isinstance(value.operand, rs.MacroCall) else value.operand
            return rs.Borrow(inner)
        if isinstance(value, rs.MacroCall):
            return value
        if isinstance(receiver, tree.Name) and settled:
            binding = self.names.meant.get(receiver)
            if binding is not None and binding.is_variable and self.variable(binding, receiver).storage == "plain":
                # Rust computes the arguments of a method before it takes hold of the receiver.
                return value
        return self.hold(value)

    # Functions of the library.

    def call_library(self, node: tree.Expression, name: str, arguments: Sequence[tree.Expression]) -> rs.Expression:
        """A call of a function of the library."""
        special = LIBRARY.get(name)
        if special is not None:
            return special(self, node, arguments)
        if name in _AS_METHODS and arguments:
            return self.call_by_kind(node, name, arguments[0], arguments[1:])
        form = self.form_for(FUNCTIONS.get(name, ()), len(arguments))
        found = self.signature(SIGNATURES.get(name, ()), {}, arguments)
        if form is None or found is None:
            raise self.refuse(f"the library's `{name}` with {len(arguments)} arguments", node)
        parameters, result = found
        values = self._function_arguments(form, name, parameters, arguments)
        return self.made(rn.call(form.item, *values), result, node)

    def _function_arguments(
        self, form: Form, name: str, parameters: Sequence[Kind], arguments: Sequence[tree.Expression]
    ) -> list[rs.Expression]:
        values = self.arguments(Form(form.item, form.modes), parameters, arguments)
        added = list(map(_added, form.added))
        if name == "range":
            return [added[0], values[0], added[1]] if len(values) == 1 else [*values, *added]
        return [*values, *added]


def _is_harmless(node: tree.Expression) -> bool:
    return is_quiet(node) or isinstance(node, tree.Closure)


def _added(word: str) -> rs.Expression:
    if word.startswith('"') or word == "blank":
        return rs.Text(" " if word == "blank" else word[1:-1])
    return rs.Integer(int(word)) if word.lstrip("-").isdigit() else rs.Name(word)


_CHANGING_SIGNATURES: dict[tuple[str, str], tuple[str, ...]] = {
    ("dict", "extend"): ("fn(Dict<K, V>) -> ()",),
}
_AS_METHODS = frozenset("reverse sort zip enumerate unique flatten sum product map filter reduce join len".split())
