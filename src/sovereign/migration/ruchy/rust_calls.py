"""Calls in Rust: of functions, constructors, closures, methods and the library.

Enters: call expressions. Leaves: Rust calls. A closure that a method of the library calls is written where it stands
and is no value; any other is a counted pointer to a function. Read `rust_patterns.py` next.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sovereign.migration.ruchy import rust_nodes as rn
from sovereign.migration.ruchy import signatures, tree
from sovereign.migration.ruchy import types as ty
from sovereign.migration.ruchy.library import CONSTANTS, MUTATING
from sovereign.migration.ruchy.library import FUNCTIONS as SIGNATURES
from sovereign.migration.ruchy.library import METHODS as METHOD_SIGNATURES
from sovereign.migration.ruchy.rust_kinds import (
    BOOL,
    DYN,
    F64,
    I64,
    NIL,
    STR,
    Given,
    Kind,
    function_kind,
    is_copied,
    maybe_kind,
)  # fmt: skip
from sovereign.migration.ruchy.rust_library import CHANGES, FUNCTIONS, METHODS, Form
from sovereign.migration.ruchy.rust_operators import cast_goal, escaped
from sovereign.migration.ruchy.rust_places import RustPlaces, is_quiet
from sovereign.migration.ruchy.types import Var
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sovereign.migration.ruchy.names import Binding, Declared

__all__ = ["RustCalls"]

_HOLE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
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

    def _variant_value(self, node: tree.Node, binding: Binding) -> rs.Expression:
        entries = getattr(binding.node, "entries", None)
        kind = self.natural(node)
        if entries is None:
            if kind.name != "enum":
                raise self.refuse("a variant where its type is not known", node)
            return self.wrapped(rs.Name(self.variant_path(kind, binding)), kind)
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
            return self.wrapped(rs.Name(path), kind)
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
        fields = tuple((field_of(entry.name), value) for entry, value in zip(entries, values, strict=True))
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
        if binding.type is not None and binding.type in self.kinds.extended:
            raise self.refuse("a class that extends another one", node)
        found = self.instance(binding, use, [self.kind(each) for each in arguments])
        if not self._takes(declaration, len(arguments)):
            raise self.refuse(f"a call of `{binding.name}` with {len(arguments)} arguments", node)
        if declaration.takes_self:
            return self.call_method_of(node, binding, arguments[0], arguments[1:], use)
        values: list[rs.Expression] = [self._captured_argument(each, node) for each, _ in found.captures]
        values += self._given(declaration.parameters, found.parameters, arguments)
        return self.made(rs.Call(rs.Name(found.name), tuple(values)), found.result, node)

    def _takes(self, declaration: tree.FunctionDeclaration, count: int) -> bool:
        least = sum(parameter.default is None for parameter in declaration.parameters)
        return least <= count <= len(declaration.parameters)

    def _given(
        self, parameters: Sequence[tree.Parameter], kinds: Sequence[Kind], arguments: Sequence[tree.Expression]
    ) -> list[rs.Expression]:
        """The arguments of a call; a parameter with a default takes an Option."""
        values: list[rs.Expression] = []
        for place, (parameter, kind) in enumerate(zip(parameters, kinds, strict=True)):
            if place < len(arguments):
                value = self.value_as(arguments[place], kind)
                values.append(value if parameter.default is None else rn.call("Some", value))
            else:
                values.append(rs.Name("None"))
        return values

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
        if declared in self.kinds.extended:
            raise self.refuse("a class that extends another one", node)
        if not getattr(declared.node, "is_tuple", False):
            for name in ("new", "init"):
                found = declared.method(name)
                if found is not None:
                    return self.call_function(node, use, found, arguments)
        kind = self.natural(node)
        entries = declared.fields()
        if kind.declared is not declared or len(entries) != len(arguments):
            raise self.refuse(f"a call of `{declared.name}` with {len(arguments)} values", node)
        values = [
            self.value_as(each, self.member_kind(kind, entry)) for each, entry in zip(arguments, entries, strict=True)
        ]
        return self.make_struct(kind, values)

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
                given = self._given(declaration.parameters[1:], found.parameters[1:], arguments)
                values = [self.hold(each) for each in given]
                own: rs.Expression = rs.Borrow(self.place(receiver), mutable=True)
            else:
                own = self._own(receiver, mode, found.parameters[0], arguments)
                values = self._given(declaration.parameters[1:], found.parameters[1:], arguments)
        made = rn.block(body, rs.Call(rs.Name(found.name), (own, *values)))
        return self.made(made, found.result, node)

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

    def call_by_kind(
        self, node: tree.Expression, word: str, receiver: tree.Expression, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        """A method of the library, chosen by the kind of its receiver."""
        kind = self.kind(receiver)
        special = _SPECIAL.get((kind.name, word))
        if special is not None:
            found = special(self, node, receiver, arguments)
            if found is not None:
                return found
        if kind.name == "maybe":
            return self._call_maybe(node, word, receiver, arguments)
        if kind.name == "range" and word not in METHODS["range"]:
            listed = rn.method(self.reading(receiver), "to_array")
            return self._library_method(node, word, listed, Kind("list", (I64,)), arguments)
        if word in MUTATING and kind.name in CHANGES and word in CHANGES[kind.name]:
            return self._change(node, word, receiver, kind, arguments)
        if kind.name in _TABLES and word in METHODS[kind.name]:
            return self._library_method(node, word, None, kind, arguments, receiver)
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
                found = rn.call("call_on", place, rs.Text(word), rs.Borrow(rs.Array(tuple(values))))
            return self.made(rn.block(body, found), DYN, node)
        return self.made(self._dynamic(node, word, self.dyn_reading(receiver), arguments), DYN, node)

    def _dynamic(
        self, node: tree.Expression, word: str, value: rs.Expression, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        self.dynamic_names.add(word)
        values = tuple(self.as_dyn(each) for each in arguments)
        return rn.call("call_of", rn.borrow(value), rs.Text(word), rs.Borrow(rs.Array(values)))

    def _call_maybe(
        self, node: tree.Expression, word: str, receiver: tree.Expression, arguments: Sequence[tree.Expression]
    ) -> rs.Expression:
        """A method of a value that may be nil."""
        inner = self.kind(receiver).arguments[0]
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
            return self._library_method(node, word, present, inner, arguments)
        if inner.declared is not None:
            return self._present_method(node, word, receiver, inner, arguments)
        return self.dynamic_call(node, word, receiver, arguments)

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
            return [self.kinds.of(each, env) for each in found.parameters], self.kinds.of(found.result, env)
        return None

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
        names = {"dict": "KV", "result": "TE"}.get(kind.name, "T")
        return dict(zip(names, kind.arguments, strict=False))

    def _library_method(
        self, node: tree.Expression, word: str, held: rs.Expression | None, kind: Kind, arguments: Sequence[tree.Expression],
        receiver: tree.Expression | None = None,
    ) -> rs.Expression:  # fmt: skip
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
            values = [self._before(receiver, each) for each in self.arguments(form, parameters, arguments)]
            place = self.place(receiver)
            made: rs.Expression
            if form.item.startswith("."):
                made = rn.method(_dotted(place), form.item[1:], *values)
            else:
                made = rn.call(form.item, rs.Borrow(place, mutable=True), *values)
        return self.made(rn.block(body, made), result, node)

    def _before(self, receiver: tree.Expression, value: rs.Expression) -> rs.Expression:
        """An argument, computed before the receiver is held where both could meet."""
        if isinstance(value, rs.Borrow):
            inner = self.hold(value.operand) if not isinstance(value.operand, rs.MacroCall) else value.operand
            return rs.Borrow(inner)
        if isinstance(value, rs.MacroCall):
            return value
        if isinstance(receiver, tree.Name):
            binding = self.names.meant.get(receiver)
            if binding is not None and binding.is_variable and self.variable(binding, receiver).storage == "plain":
                # Rust computes the arguments of a method before it takes hold of the receiver.
                return value
        return self.hold(value)

    # Functions of the library.

    def call_library(self, node: tree.Expression, name: str, arguments: Sequence[tree.Expression]) -> rs.Expression:
        """A call of a function of the library."""
        special = _LIBRARY.get(name)
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

    def printed(self, node: tree.Expression, arguments: Sequence[tree.Expression], macro: str) -> rs.Expression:
        """`println` and its like."""
        template, values = self.line_parts(arguments)
        return rs.MacroCall(macro, (rs.Text(template), *values))

    def line_parts(self, arguments: Sequence[tree.Expression]) -> tuple[str, list[rs.Expression]]:
        """What `println` prints, as the arguments of a format macro."""
        if not arguments:
            return "", []
        first = arguments[0]
        if len(arguments) > 1:
            if isinstance(first, tree.Text):
                return self._filled(first.value, arguments[1:])
            values = tuple(self.as_dyn(each) for each in arguments)
            return "{}", [rn.call("line_of", rs.Borrow(rs.Array(values)))]
        if isinstance(first, tree.Text):
            return escaped(first.value), []
        if isinstance(first, tree.FormatText):
            return self.format_parts(first)
        return "{}", [self.piece(first)]

    def _filled(self, template: str, arguments: Sequence[tree.Expression]) -> tuple[str, list[rs.Expression]]:
        """A template with holes, filled by the compiler where they are plain."""
        holes = [found for found in _HOLE.finditer(template) if found.group() not in {"{{", "}}"}]
        if any(found[1] for found in holes) or len(holes) > len(arguments) or re.search(r"(?<!\{)\{[^{}]*\{", template):
            values = tuple(self.as_dyn(each) for each in arguments)
            return "{}", [rn.call("filled", rs.Text(template), rs.Borrow(rs.Array(values)))]
        if "{" not in template or "}" not in template:
            text = escaped(template)
        else:
            text = template if _is_balanced(template) else ""
            if not text:
                values = tuple(self.as_dyn(each) for each in arguments)
                return "{}", [rn.call("filled", rs.Text(template), rs.Borrow(rs.Array(values)))]
        rest = " {}" * (len(arguments) - len(holes))
        return text + rest, [self.piece(each) for each in arguments]

    def line_text(self, arguments: Sequence[tree.Expression]) -> rs.Expression:
        """What `println` would print, as a text."""
        template, values = self.line_parts(arguments)
        if not values:
            return rn.text(template.replace("{{", "{").replace("}}", "}"))
        return rn.call("Str::from", rs.MacroCall("format", (rs.Text(template), *values)))


def field_of(word: str) -> str:
    """The Rust name of a field."""
    from sovereign.migration.ruchy.rust_places import field_name

    return field_name(word)


def _is_balanced(template: str) -> bool:
    """Whether a template is one for Rust as it stands."""
    from sovereign.migration.rust.formats import wants

    return wants(template) is not None


def _is_harmless(node: tree.Expression) -> bool:
    return is_quiet(node) or isinstance(node, tree.Closure)


def _dotted(value: rs.Expression) -> rs.Expression:
    return value.operand if isinstance(value, rs.Deref) else value


def _added(word: str) -> rs.Expression:
    if word.startswith('"'):
        return rs.Text(word[1:-1]) if len(word) > 1 else rs.Text(" ")
    return rs.Integer(int(word)) if word.lstrip("-").isdigit() else rs.Name(word)


_CHANGING_SIGNATURES: dict[tuple[str, str], tuple[str, ...]] = {
    ("dict", "extend"): ("fn(Dict<K, V>) -> ()",),
}
_AS_METHODS = frozenset("reverse sort zip enumerate unique flatten sum product map filter reduce join len".split())


def _print_with(macro: str) -> Callable[[RustCalls, tree.Expression, Sequence[tree.Expression]], rs.Expression]:
    return lambda writer, node, arguments: writer.printed(node, arguments, macro)


def _wrap(name: str) -> Callable[[RustCalls, tree.Expression, Sequence[tree.Expression]], rs.Expression]:
    def made(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        kind = writer.natural(node)
        if len(arguments) != 1:
            raise writer.refuse(f"`{name}` with {len(arguments)} values", node)
        if kind.name == "dyn":
            inner = rn.call("Rc::new", writer.as_dyn(arguments[0]))
            return rn.call(f"Dyn::{name}", inner)
        place = 1 if name == "Err" else 0
        value = writer.value_as(arguments[0], kind.arguments[place])
        types = ", ".join(map(writer.spelled, kind.arguments))
        return rn.call(f"{name}::<{types}>", value)

    return made


def _failing(
    kind: str, prefix: str, otherwise: str
) -> Callable[[RustCalls, tree.Expression, Sequence[tree.Expression]], rs.Expression]:
    def made(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        if not arguments:
            return rn.call("fault", rs.Text(kind), rs.Text(otherwise))
        template, values = writer.line_parts(arguments)
        if not values:
            return rn.call("fault", rs.Text(kind), rs.Text(prefix + template.replace("{{", "{").replace("}}", "}")))
        return rn.call("fault", rs.Text(kind), rs.MacroCall("format", (rs.Text(escaped(prefix) + template), *values)))

    return made


def _assert(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if not arguments:
        raise writer.refuse("`assert` without a condition", node)
    failed = _failing("assertion", "", "assertion failed")(writer, node, arguments[1:])
    return rs.If(rs.Unary("!", writer.condition(arguments[0])), rs.Block((rn.done(failed),)))


def _assert_pair(item: str) -> Callable[[RustCalls, tree.Expression, Sequence[tree.Expression]], rs.Expression]:
    def made(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        if len(arguments) < 2:
            raise writer.refuse(f"`{item}` without two values", node)
        one, other = writer.kind(arguments[0]), writer.kind(arguments[1])
        if one == other:
            sides = [rs.Borrow(writer.value(each)) for each in arguments[:2]]
        else:
            sides = [rs.Borrow(writer.as_dyn(each)) for each in arguments[:2]]
        if len(arguments) == 2:
            return rn.call(item, *sides, rs.Name("None"))
        return rn.call(item, *sides, rn.call("Some", writer.line_text(arguments[2:])))

    return made


def _number_function(
    whole: str, real: str
) -> Callable[[RustCalls, tree.Expression, Sequence[tree.Expression]], rs.Expression]:
    """A function of one number: an item for integers and one for floats; `=` where an integer stays itself."""

    def made(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        if len(arguments) != 1 or writer.kind(arguments[0]).name not in {"i64", "f64"}:
            raise writer.refuse("a function of numbers with these arguments", node)
        value = writer.value(arguments[0])
        if writer.kind(arguments[0]) == F64:
            return _by_item(real, value)
        if whole == "float":
            return _by_item(real, rs.Cast(value, rs.NamedType("f64")))
        return value if whole == "=" else _by_item(whole, value)

    return made


def _by_item(item: str, value: rs.Expression) -> rs.Expression:
    outer, _, inner = item.partition(" ")
    if inner:
        return rn.call(outer, _by_item(inner, value))
    return rn.method(value, outer[1:]) if outer.startswith(".") else rn.call(outer, value)


def _logarithm(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) == 1:
        return _number_function("float", "natural_log")(writer, node, arguments)
    values = [writer.convert(writer.value(each), writer.kind(each), F64, node) for each in arguments]
    return rn.call("log_to", *values)


def _round(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) == 1:
        return _number_function("=", "whole_of rounded_half")(writer, node, arguments)
    if writer.kind(arguments[0]) != F64 or writer.kind(arguments[1]) != I64:
        raise writer.refuse("`round` of these arguments", node)
    return rn.call("rounded_to", *writer.values(arguments))


def _power(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    kinds = tuple(writer.kind(each).name for each in arguments)
    if kinds == ("i64", "i64"):
        return writer.made(rn.call("method_power", *writer.values(arguments)), I64, node)
    if len(kinds) == 2 and {"i64", "f64"}.issuperset(kinds):
        values = [writer.convert(writer.value(each), writer.kind(each), F64, node) for each in arguments]
        return writer.made(rn.call("platform_power", *values), F64, node)
    raise writer.refuse("`pow` of values of no known type", node)


def _extreme(item: str, order: str) -> Callable[[RustCalls, tree.Expression, Sequence[tree.Expression]], rs.Expression]:
    def made(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        if len(arguments) == 1 and writer.kind(arguments[0]).name == "list":
            kind = writer.kind(arguments[0]).arguments[0]
            found = rn.method(writer.reading(arguments[0]), "extreme", rs.Name(f"Ordering::{order}"))
            return writer.made(found, maybe_kind(kind), node)
        kinds = {writer.kind(each) for each in arguments}
        if len(arguments) != 2 or len(kinds) != 1:
            values = [writer.as_dyn(each) for each in arguments]
            if len(values) != 2:
                raise writer.refuse(f"`{item}` of {len(values)} values", node)
            return writer.made(rn.call(item, *values), DYN, node)
        return writer.made(rn.call(item, *writer.values(arguments)), next(iter(kinds)), node)

    return made


def _of_any(
    item: str, result: Kind
) -> Callable[[RustCalls, tree.Expression, Sequence[tree.Expression]], rs.Expression]:
    """A function of one value of any kind."""

    def made(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        if len(arguments) != 1:
            raise writer.refuse("a function of one value with several", node)
        return writer.made(rn.call(item, rn.borrow(writer.reading(arguments[0]))), result, node)

    return made


def _of_dyn(
    item: str, result: Kind
) -> Callable[[RustCalls, tree.Expression, Sequence[tree.Expression]], rs.Expression]:
    def made(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        values = [rs.Borrow(writer.as_dyn(each)) for each in arguments]
        return writer.made(rn.call(item, *values), result, node)

    return made


def _to_integer(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) == 1 and writer.kind(arguments[0]) == F64:
        return rn.call("truncated", writer.value(arguments[0]))
    if len(arguments) == 1 and writer.kind(arguments[0]) == I64:
        return writer.value(arguments[0])
    return _of_dyn("to_integer", I64)(writer, node, arguments)


def _truth(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) != 1:
        raise writer.refuse("`bool` of several values", node)
    return writer.condition(arguments[0])


def _exit(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if not arguments:
        return rn.call("leave", rs.Integer(0))
    return rn.call(
        "leave", writer.convert(writer.value(arguments[0]), writer.kind(arguments[0]), I64, node, checked=True)
    )


def _empty(table: str) -> Callable[[RustCalls, tree.Expression, Sequence[tree.Expression]], rs.Expression]:
    def made(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        kind = writer.natural(node)
        before = [
            rn.done(value)
            for each, value in zip(arguments, writer.values(arguments), strict=True)
            if not is_quiet(each)
        ]
        if kind.name == "dyn":
            raise writer.refuse("an empty collection of no known type", node)
        parts = ", ".join(map(writer.spelled, kind.arguments))
        return rn.block(before, rn.call(f"{table}::<{parts}>::new"))

    return made


def _same(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) != 1:
        raise writer.refuse("a box of several values", node)
    return writer.made(writer.value(arguments[0]), writer.kind(arguments[0]), node)


def _sleep(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) != 1:
        raise writer.refuse("`sleep` of several values", node)
    return rn.call(
        "sleep_for", writer.convert(writer.value(arguments[0]), writer.kind(arguments[0]), F64, node, checked=True)
    )


def _dbg(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) != 1:
        raise writer.refuse("`dbg` of several values", node)
    return writer.made(rn.call("debugged", writer.value(arguments[0])), writer.kind(arguments[0]), node)


def _pushed(writer: RustCalls, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    kind = writer.kind(arguments[0])
    if kind.name != "list" or len(arguments) != 2:
        raise writer.refuse("`push` of values of no known type", node)
    item = rn.call("Array::of", rs.MacroCall("vec", (writer.value_as(arguments[1], kind.arguments[0]),), "["))
    return writer.made(rn.method(writer.reading(arguments[0]), "joined_with", rs.Borrow(item)), kind, node)


_LIBRARY: dict[str, Callable[[RustCalls, tree.Expression, Sequence[tree.Expression]], rs.Expression]] = {
    "println": _print_with("say"),
    "print": _print_with("say_raw"),
    "eprintln": _print_with("complain"),
    "eprint": _print_with("complain_raw"),
    "format": lambda writer, _node, arguments: writer.line_text(arguments),
    "Some": _wrap("Some"),
    "Ok": _wrap("Ok"),
    "Err": _wrap("Err"),
    "dbg": _dbg,
    "panic": _failing("panic", "", "explicit panic"),
    "unreachable": _failing("panic", "entered unreachable code: ", "entered unreachable code"),
    "todo": _failing("panic", "not implemented: ", "not implemented"),
    "unimplemented": _failing("panic", "not implemented: ", "not implemented"),
    "exit": _exit,
    "process::exit": _exit,
    "assert": _assert,
    "assert_eq": _assert_pair("require_same"),
    "assert_ne": _assert_pair("require_other"),
    "sqrt": _number_function("float", "square_root"),
    "abs": _number_function("magnitude_of", ".abs"),
    "floor": _number_function("=", "whole_of .floor"),
    "ceil": _number_function("=", "whole_of .ceil"),
    "sin": _number_function("float", ".sin"),
    "cos": _number_function("float", ".cos"),
    "tan": _number_function("float", ".tan"),
    "exp": _number_function("float", ".exp"),
    "log10": _number_function("float", ".log10"),
    "log2": _number_function("float", ".log2"),
    "log": _logarithm,
    "round": _round,
    "pow": _power,
    "min": _extreme("least_of", "Less"),
    "max": _extreme("greatest_of", "Greater"),
    "str": _of_any("shown_text", STR),
    "String::from": _of_any("shown_text", STR),
    "type_of": _of_any("type_text", STR),
    "typeof": _of_any("type_text", STR),
    "is_nil": lambda writer, _node, arguments: rn.method(writer.reading(arguments[0]), "is_nil"),
    "int": _to_integer,
    "float": _of_dyn("to_real", F64),
    "bool": _truth,
    "sleep": _sleep,
    "push": _pushed,
    "Vec::new": _empty("Array"),
    "Vec::with_capacity": _empty("Array"),
    "VecDeque::new": _empty("Array"),
    "HashMap::new": _empty("Table"),
    "BTreeMap::new": _empty("Table"),
    "Object::new": _empty("Table"),
    "HashSet::new": _empty("Bag"),
    "BTreeSet::new": _empty("Bag"),
    "Vec::from": _same,
    "Box::new": _same,
    "Rc::new": _same,
    "Arc::new": _same,
    "String::new": lambda _writer, _node, _arguments: rn.text(""),
    "String::with_capacity": lambda _writer, _node, _arguments: rn.text(""),
    "json_parse": _of_dyn("read_json_value", DYN),
    "parse_json": _of_dyn("read_json_value", DYN),
    "json_stringify": _of_dyn("json_line", STR),
    "json_pretty": _of_dyn("json_lines", STR),
}


# Methods of the library whose kinds a signature cannot say.


def _reduced(
    writer: RustCalls, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    """`reduce(f)`, `reduce(start, f)` and `reduce(f, start)`."""
    kind = writer.kind(receiver)
    item = I64 if kind.name == "range" else kind.arguments[0]
    value = writer.value(receiver)
    if kind.name == "range":
        value = rn.method(value, "to_array")
    if len(arguments) == 1:
        step = writer.function_argument(arguments[0], function_kind((item, item), item))
        return writer.made(rn.method(value, "reduced", step), maybe_kind(item), node)
    if len(arguments) != 2:
        return None
    start, step_node = arguments if writer.kind(arguments[1]).name == "fn" else reversed(arguments)
    if writer.kind(step_node).name != "fn":
        return None
    goal = writer.natural(node)
    with writer.collecting() as body:
        if step_node is arguments[0] and not is_quiet(start):
            raise writer.refuse("a fold whose start changes something", node)
        first = writer.value_as(start, goal)
        step = writer.function_argument(step_node, function_kind((goal, item), goal))
    return rn.block(body, rn.method(value, "folded", first, step))


def _summed(
    writer: RustCalls, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    kind = writer.kind(receiver)
    if arguments or kind.name != "list":
        return None
    item = kind.arguments[0]
    value = writer.reading(receiver)
    if item == I64:
        return writer.made(rn.method(_dotted(value), "total"), I64, node)
    if item == F64:
        return writer.made(rn.call("float_total", rn.borrow(value)), F64, node)
    return writer.made(rn.call("dyn_total", rs.Borrow(rn.method(_dotted(value), "to_dyn_items"))), DYN, node)


def _multiplied(
    writer: RustCalls, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    kind = writer.kind(receiver)
    if arguments or kind.name not in {"list", "range"}:
        return None
    value = writer.reading(receiver)
    if kind.name == "range":
        return writer.made(rn.method(rn.method(_dotted(value), "to_array"), "product"), I64, node)
    item = kind.arguments[0]
    if item == I64:
        return writer.made(rn.method(_dotted(value), "product"), I64, node)
    if item == F64:
        return writer.made(rn.call("float_product", rn.borrow(value)), F64, node)
    return writer.made(rn.call("dyn_product", rs.Borrow(rn.method(_dotted(value), "to_dyn_items"))), DYN, node)


def _flattened(
    writer: RustCalls, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    kind = writer.kind(receiver)
    inner = kind.arguments[0]
    value = _dotted(writer.reading(receiver))
    if inner.name == "list":
        return writer.made(rn.method(value, "flattened"), inner, node)
    if inner.name == "option":
        return writer.made(rn.method(value, "present_items"), Kind("list", inner.arguments), node)
    raise writer.refuse("`flatten` of a list of values of several types", node)


def _parsed(
    writer: RustCalls, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    value = rn.borrow(writer.reading(receiver))
    if isinstance(node, tree.MethodCall) and node.types:
        goal = cast_goal(node.types[0])
        items = {"i64": ("parse_as_integer", I64), "f64": ("parse_as_float", F64), "bool": ("parse_as_bool", BOOL)}
        if goal not in items:
            raise writer.refuse("`parse` to this type", node)
        item, kind = items[goal]
        return writer.made(rn.call(item, value), Kind("result", (kind, STR)), node)
    return writer.made(rn.call("parse_number", value), DYN, node)


def _sorted_by(
    writer: RustCalls, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    kind = writer.kind(receiver)
    function = writer.kind(arguments[0]) if arguments else NIL
    if len(arguments) != 1 or function.name != "fn":
        return None
    item = kind.arguments[0]
    count = len(function.arguments) - 1
    goal = function_kind((item,) * count, function.arguments[-1])
    step = writer.function_argument(arguments[0], goal)
    return writer.made(
        rn.method(writer.value(receiver), "sorted_by" if count == 1 else "sorted_with", step), kind, node
    )


def _filter_mapped(
    writer: RustCalls, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    function = writer.kind(arguments[0]) if len(arguments) == 1 else NIL
    if function.name == "fn" and function.arguments[-1].name != "option":
        raise writer.refuse("`filter_map` with a function that gives no Option", node)
    return None


def _flat_mapped(
    writer: RustCalls, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    function = writer.kind(arguments[0]) if len(arguments) == 1 else NIL
    if function.name == "fn" and function.arguments[-1].name != "list":
        raise writer.refuse("`flat_map` with a function that gives no list", node)
    return None


def _tested(
    writer: RustCalls, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    """`filter`, `any` and their like: the function may give any value, of which the truth counts."""
    return None


def _zipped(
    writer: RustCalls, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    if len(arguments) != 1 or writer.kind(arguments[0]).name == "list":
        return None
    kind = writer.kind(receiver)
    item = writer.item_kind(writer.kind(arguments[0]))
    found = rn.method(_dotted(writer.reading(receiver)), "zipped", rs.Borrow(writer.items_of(arguments[0])))
    return writer.made(found, Kind("list", (Kind("tuple", (kind.arguments[0], item)),)), node)


def _float_power(
    writer: RustCalls, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    if len(arguments) != 1:
        return None
    exponent = writer.convert(writer.value(arguments[0]), writer.kind(arguments[0]), F64, node, checked=True)
    return writer.made(rn.call("platform_power", writer.value(receiver), exponent), F64, node)


_SPECIAL: dict[
    tuple[str, str],
    Callable[[RustCalls, tree.Expression, tree.Expression, Sequence[tree.Expression]], rs.Expression | None],
] = {
    ("list", "reduce"): _reduced,
    ("list", "fold"): _reduced,
    ("range", "reduce"): _reduced,
    ("range", "fold"): _reduced,
    ("list", "sum"): _summed,
    ("list", "product"): _multiplied,
    ("range", "product"): _multiplied,
    ("list", "flatten"): _flattened,
    ("list", "sort_by"): _sorted_by,
    ("list", "filter_map"): _filter_mapped,
    ("list", "flat_map"): _flat_mapped,
    ("list", "zip"): _zipped,
    ("str", "parse"): _parsed,
    ("f64", "pow"): _float_power,
}
