"""Calls: of functions, constructors, closures, methods and the library.

Enters: call expressions. Leaves: Python calls; where the receiver's type is known the method is called straight, else
it is looked up at run time. Read `compile_patterns.py` next.
"""

from __future__ import annotations

import _ast as ast

from sovereign.migration.ruchy import python_nodes as py
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.compile_places import PlaceWriter
from sovereign.migration.ruchy.lean import pattern
from sovereign.migration.ruchy.library import CONSTANTS, METHODS, MUTATING
from sovereign.migration.ruchy.values import SMALLEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sovereign.migration.ruchy.names import Binding, Declared

__all__ = ["CallWriter"]

_HOLE = pattern(r"\{\{|\}\}|\{([^{}]*)\}")
_TABLES = frozenset({"str", "list", "i64", "f64", "bool", "dict", "set"})
_IDENTITY = frozenset("iter into_iter collect copied cloned clone to_vec to_array as_slice".split())
_CASES = frozenset({"option", "result"})


class CallWriter(PlaceWriter):
    """Writes calls."""

    def changes_receiver(self, binding: Binding) -> bool:
        """Whether a method of the program changes the value that it is called on."""
        raise NotImplementedError

    def closure_value(self, node: tree.Closure) -> ast.expr:
        """A closure as a value."""
        raise NotImplementedError

    def value_of_binding(self, node: tree.Node, binding: Binding) -> ast.expr:
        """What a name means that is no variable."""
        if binding.is_variable:
            return self.read(binding)
        if binding.kind == "builtin":
            return self._library_value(binding.name)
        if binding.kind == "variant":
            return self.variant(binding)
        if binding.kind == "type" and binding.type is not None:
            return self.constructor(binding.type)
        return py.load(self.spelling(binding))

    def _library_value(self, name: str) -> ast.expr:
        if name == "None":
            return py.runtime("NONE")
        if name in CONSTANTS:
            return self.library_constant(name)
        return py.runtime(f"function.{name}")

    def variant(self, binding: Binding) -> ast.expr:
        """The class of a variant with a payload, or the one object of a unit."""
        assert binding.type is not None
        return py.load(f"{self.type_name(binding.type)}::{binding.name}")

    def type_name(self, declared: Declared) -> str:
        """The Python name of a type."""
        return self.spelling(self.names.meant[declared.node])

    def constructor(self, declared: Declared) -> ast.expr:
        """What makes a value of a type when the type is called: its `new`, or its fields in their order."""
        if not getattr(declared.node, "is_tuple", False):
            for name in ("new", "init"):
                found = declared.method(name)
                if found is not None:
                    return py.load(self.method_name(found))
        return py.load(self.type_name(declared))

    def method_name(self, binding: Binding) -> str:
        """The Python name of a function that belongs to a type."""
        assert binding.type is not None
        return f"{self.type_name(binding.type)}::{binding.name}()"

    # Calls of functions.

    def call(self, node: tree.Call) -> ast.expr:
        """`function(arguments)`."""
        binding = self.names.meant.get(node.function)
        if binding is None:
            return self._call_value(node, node.function, node.arguments)
        return self.call_binding(node, binding, node.arguments)

    def call_binding(self, node: tree.Expression, binding: Binding, arguments: Sequence[tree.Expression]) -> ast.expr:
        """A call of what a name means."""
        if binding.is_variable:
            values = self.values(arguments)
            function = self.read(binding)
            return self._called(node, function, values, is_known=self.typed.is_function_of(binding, len(values)))
        if binding.kind == "builtin":
            return self._call_library(node, binding.name, arguments)
        values = self.values(arguments)
        if binding.kind == "method":
            return self.at(py.call(py.load(self.method_name(binding)), *values), node)
        function = self.value_of_binding(node, binding)
        return self._called(node, function, values, is_known=self._takes(binding, len(values)))

    def _takes(self, binding: Binding, count: int) -> bool:
        declaration = binding.node
        if isinstance(declaration, tree.FunctionDeclaration):
            least = sum(parameter.default is None for parameter in declaration.parameters)
            return least <= count <= len(declaration.parameters)
        return True

    def _called(self, node: tree.Node, function: ast.expr, values: list[ast.expr], *, is_known: bool) -> ast.expr:
        if is_known and not any(isinstance(each, ast.Starred) for each in values):
            return self.at(py.call(function, *values), node)
        return self.at(py.call("call_value", function, *values), node)

    def _call_value(self, node: tree.Node, function: tree.Expression, arguments: Sequence[tree.Expression]) -> ast.expr:
        found = self.values([function, *arguments])
        return self._called(node, found[0], found[1:], is_known=isinstance(function, tree.Closure))

    # Calls of the library.

    def _call_library(self, node: tree.Expression, name: str, arguments: Sequence[tree.Expression]) -> ast.expr:
        special = _LIBRARY.get(name)
        if special is not None:
            found = special(self, node, arguments)
            if found is not None:
                return found
        values = self.values(arguments)
        return self.at(py.call(f"function.{name}", *values), node)

    def shown(self, node: tree.Expression, value: ast.expr) -> ast.expr:
        """A value as text, as `println` shows it."""
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value
        return value if self.kind(node) == "str" else py.call("show", value)

    def line(self, node: tree.Node, arguments: Sequence[tree.Expression], end: str) -> ast.expr | None:  # noqa: PLR0911 - one way out for each case
        """The text that `println` prints, with what stands at its end; None where only the run can tell."""
        if not arguments:
            return py.constant(end)
        first = arguments[0]
        if len(arguments) > 1:
            if not isinstance(first, tree.Text):
                return None
            return self._filled(node, first.value, arguments[1:], end)
        value = self.value(first)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return py.constant(value.value + end)
        if isinstance(value, ast.JoinedStr):
            return ast.JoinedStr([*value.values, py.constant(end)]) if end else value
        if self.kind(first) == "i64":
            return ast.JoinedStr([ast.FormattedValue(value, -1, None), py.constant(end)])
        shown = self.shown(first, value)
        return py.binary(shown, ast.Add(), py.constant(end)) if end else shown

    def _filled(
        self, node: tree.Node, template: str, arguments: Sequence[tree.Expression], end: str
    ) -> ast.expr | None:
        """A template with plain holes, filled by the compiler."""
        holes = [found for found in _HOLE.finditer(template) if found.group() not in {"{{", "}}"}]
        if any(found[1] and not found[1].startswith(":") for found in holes) or len(holes) > len(arguments):
            return None
        values = self.values(arguments)
        parts: list[ast.expr] = []
        at, used = 0, 0
        for found in _HOLE.finditer(template):
            parts.append(py.constant(template[at : found.start()]))
            at = found.end()
            if found[1] is None:
                parts.append(py.constant(found.group()[0]))
                continue
            parts.append(ast.FormattedValue(self._placed(node, found[1], arguments[used], values[used]), -1, None))
            used += 1
        parts.append(py.constant(template[at:]))
        for argument, value in zip(arguments[used:], values[used:], strict=True):
            parts += [py.constant(" "), ast.FormattedValue(self.shown(argument, value), -1, None)]
        return ast.JoinedStr([*parts, py.constant(end)])

    def _placed(self, node: tree.Node, spec: str, argument: tree.Expression, value: ast.expr) -> ast.expr:
        if spec.strip(": "):
            return self.at(py.call("formatted", value, py.constant(spec[1:])), node)
        return value if self.kind(argument) == "i64" else self.shown(argument, value)

    def _print(self, node: tree.Expression, arguments: Sequence[tree.Expression], name: str) -> ast.expr | None:
        text = self.line(node, arguments, "\n" if name.endswith("ln") else "")
        if text is None:
            return None
        # A statement, because what Python's `write` gives is no value of the program.
        self.emit(py.expression(self.at(py.call("write", text), node)), node)
        return py.constant(None)

    def _length(self, _node: tree.Expression, arguments: Sequence[tree.Expression]) -> ast.expr | None:
        if len(arguments) == 1 and self.kind(arguments[0]) in {"list", "dict", "tuple"}:
            return py.call("len", self.base(arguments[0]))
        return None

    # Calls of methods.

    def method_call(self, node: tree.MethodCall) -> ast.expr:
        """`receiver.name(arguments)`."""
        binding = self.names.meant.get(node)
        if binding is not None:
            return self.call_binding(node, binding, node.arguments)
        if node.is_optional:
            receiver = self.once(self.value(node.receiver))
            with self.branch():
                values = self.values(node.arguments)
            found = self.at(py.call("call_method", receiver, py.constant(node.name), *values), node)
            return py.choose(py.compare(receiver, (ast.Is(), py.constant(None))), py.constant(None), found)
        declared = self.typed.declared(node.receiver)
        if declared is not None:
            return self._call_known(node, declared)
        return self._call_by_kind(node)

    def _call_known(self, node: tree.MethodCall, declared: Declared) -> ast.expr:
        method = declared.method(node.name)
        if method is None:
            return self._call_unknown(node)
        if self.changes_receiver(method) and not declared.is_shared:
            receiver = self.owned(node.receiver)
        else:
            receiver = self.base(node.receiver)
        values = self._behind(receiver, node.arguments)
        if declared.is_shared and self.typed.is_overridden(method):
            return self.at(py.call("call_method", values[0], py.constant(node.name), *values[1:]), node)
        return self.at(py.call(py.load(self.method_name(method)), *values), node)

    def _behind(self, receiver: ast.expr, arguments: Sequence[tree.Expression]) -> list[ast.expr]:
        return self.in_order([lambda: receiver, *(lambda node=node: self.value(node) for node in arguments)])

    def _call_by_kind(self, node: tree.MethodCall) -> ast.expr:  # noqa: PLR0911 - one way out for each case
        kind = self.kind(node.receiver)
        if kind not in _TABLES or (kind == "str" and node.name in MUTATING):
            return self._call_unknown(node)
        if node.name in MUTATING and kind in {"list", "dict", "set"} and node.name in METHODS[kind]:
            return self._change(node, kind)
        if node.name not in METHODS[kind] or not self._fits(kind, node):
            return self._call_unknown(node)
        if kind == "list" and node.name in {"map", "filter"}:
            inlined = self._comprehended(node)
            if inlined is not None:
                return inlined
        special = _METHODS.get((kind, node.name))
        if node.name == "parse" and node.types:
            value = self.base(node.receiver)
            return py.call("parse_as", value, py.constant(self.cast_goal(node.types[0])))
        receiver = self.base(node.receiver)
        values = self._behind(receiver, node.arguments)
        if special is not None:
            return self.at(special(self, node, values), node)
        if kind == "list" and node.name in _IDENTITY:
            return values[0]
        return self.at(py.call(f"{kind}.{node.name}", *values), node)

    def _comprehended(self, node: tree.MethodCall) -> ast.expr | None:
        """`map` and `filter` with a closure that is one expression, as a comprehension that calls nothing."""
        closure = node.arguments[0] if len(node.arguments) == 1 else None
        if not isinstance(closure, tree.Closure) or len(closure.parameters) != 1 or closure.result is not None:
            return None
        taken = closure.parameters[0].pattern
        binding = self.names.meant.get(taken)
        if not isinstance(taken, tree.BindPattern) or taken.inner is not None or binding is None:
            return None
        if binding.is_captured or binding.assignments or not binding.is_variable or _leaves(closure.body):
            return None
        receiver = self.base(node.receiver)
        outside = dict(self.routine.outside)
        with self.collecting() as emitted:
            body = self.value(closure.body) if node.name == "map" else self.condition(closure.body)
        if emitted:
            # It is written once more, in a function of its own: what this try noted is not so.
            self.routine.outside = outside
            return self._mapped(node, receiver)
        # Python allows no binding inside of what a comprehension goes through.
        whole = self.once(receiver)
        name = self.spelling(binding)
        element, tests = (body, []) if node.name == "map" else (py.load(name), [body])
        return self.at(ast.ListComp(element, [ast.comprehension(py.store(name), whole, tests, 0)]), node)

    def _mapped(self, node: tree.MethodCall, receiver: ast.expr) -> ast.expr:
        values = self._behind(receiver, node.arguments)
        return self.at(py.call(f"list.{node.name}", *values), node)

    def _fits(self, kind: str, node: tree.MethodCall) -> bool:
        """Whether the number of arguments is right, so that no look at run time is needed."""
        return any(_count(signature) in {len(node.arguments), -1} for signature in METHODS[kind][node.name])

    def _change(self, node: tree.MethodCall, kind: str) -> ast.expr:
        if any(map(_may_change, node.arguments)) and _is_variable_place(node.receiver):
            # An argument may change the receiver, which is then another list: it is held after all of them.
            arguments = [self.spill(each) for each in self.values(node.arguments)]
            values = [self.owned(node.receiver), *arguments]
        else:
            values = self._behind(self.owned(node.receiver), node.arguments)
        if kind == "list" and node.name in {"push", "push_back"} and len(values) == 2:  # noqa: PLR2004 - receiver and element
            return self.at(py.call(py.attribute(values[0], "append"), values[1]), node)
        if not self._fits(kind, node):
            return self.at(py.call("call_method", values[0], py.constant(node.name), *values[1:]), node)
        return self.at(py.call(f"changing.{kind}.{node.name}", *values), node)

    def _call_unknown(self, node: tree.MethodCall) -> ast.expr:
        name = py.constant(node.name)
        is_changing = node.name in MUTATING
        if not is_changing and not self.typed.may_change(node.name):
            values = self._behind(self.base(node.receiver), node.arguments)
            return self.at(py.call("call_method", values[0], name, *values[1:]), node)
        receiver = self.owned(node.receiver)
        values = self._behind(receiver, node.arguments)
        if not is_changing or not self._is_place(node.receiver):
            function = "call_method" if not is_changing else "call_changed"
            return self.at(py.call(function, values[0], name, *values[1:]), node)
        pair = self.temporary()
        self.emit(py.assign(pair, self.at(py.call("call_changing", values[0], name, *values[1:]), node)), node)
        self._store_back(node.receiver, pair)
        return py.item(py.load(pair), py.constant(1))

    def _is_place(self, node: tree.Expression) -> bool:
        if isinstance(node, tree.Name):
            binding = self.names.meant.get(node)
            return binding is not None and binding.is_variable and binding is not self.routine.borrowed
        return isinstance(node, tree.Field | tree.Index) and self.names.meant.get(node) is None

    def _store_back(self, node: tree.Expression, pair: str) -> None:
        """A text is another one after it was changed; a list is the same, and storing it again changes nothing."""
        value = py.item(py.load(pair), py.constant(0))
        if isinstance(node, tree.Name):
            self.emit(py.assign(self.target(self.names.meant[node]), value), node)
        elif self.kind(node) not in {"list", "dict", "set"}:
            self._assign_part(node, value, node)


def _may_change(node: tree.Expression) -> bool:
    return any(isinstance(each, tree.Call | tree.MethodCall | tree.Assign) for each in tree.walk(node))


def _is_variable_place(node: tree.Expression) -> bool:
    while isinstance(node, tree.Field | tree.Index):
        if isinstance(node, tree.Index) and not isinstance(node.index, tree.Name | tree.Integer | tree.Text):
            return False
        node = node.receiver
    return isinstance(node, tree.Name)


def _leaves(node: tree.Expression) -> bool:
    """Whether a body has a way out of the function that it is, which it would not have elsewhere."""
    return any(isinstance(each, tree.Return | tree.Try | tree.Closure | tree.Assign) for each in tree.walk(node))


def _count(signature: str) -> int:
    """How many arguments a signature of the library takes; -1 for any number."""
    inside = signature[3 : _closing(signature, 2)]
    if ".." in inside:
        return -1
    depth, count = 0, 1 if inside else 0
    for character in inside:
        depth += (character in "(<") - (character in ")>")
        count += character == "," and not depth
    return count


def _closing(text: str, at: int) -> int:
    depth = 0
    for index in range(at, len(text)):
        depth += (text[index] == "(") - (text[index] == ")")
        if not depth:
            return index
    return len(text)


def _contained(_writer: CallWriter, _node: tree.MethodCall, values: list[ast.expr]) -> ast.expr:
    return py.compare(values[1], (ast.In(), values[0]))


def _text_contains(writer: CallWriter, node: tree.MethodCall, values: list[ast.expr]) -> ast.expr:
    if writer.kind(node.arguments[0]) != "str":
        return py.call("str.contains", *values)
    return py.compare(values[1], (ast.In(), values[0]))


def _square_root(writer: CallWriter, node: tree.Expression, arguments: Sequence[tree.Expression]) -> ast.expr | None:
    if len(arguments) != 1 or writer.kind(arguments[0]) != "f64":
        return None
    return writer.at(_root(writer, writer.value(arguments[0])), node)


def _root(writer: CallWriter, value: ast.expr) -> ast.expr:
    """A square root: Python's own where the number is not negative."""
    name = writer.temporary() if not py.is_simple(value) else ""
    again = py.load(name) if name else value
    is_positive = py.compare(py.walrus(name, value) if name else value, (ast.GtE(), py.constant(0.0)))
    return py.choose(is_positive, py.call("sqrt", again), py.call("f64.sqrt", again))


def _absolute(writer: CallWriter, node: tree.MethodCall, values: list[ast.expr]) -> ast.expr:
    """`n.abs()`: that of the smallest integer is none."""
    if writer.bounds(node.receiver).low > SMALLEST:
        return py.call("abs", values[0])
    name = writer.temporary() if not py.is_simple(values[0]) else ""
    again = py.load(name) if name else values[0]
    is_positive = py.compare(py.walrus(name, values[0]) if name else values[0], (ast.GtE(), py.constant(0)))
    return py.choose(is_positive, again, py.call("i64.abs", again))


def _entry_or(_writer: CallWriter, node: tree.MethodCall, values: list[ast.expr]) -> ast.expr:
    """`object.get(key)` and `object.get(key, default)`."""
    return py.call(py.attribute(values[0], "get"), *values[1:])


_LIBRARY: dict[str, Callable[[CallWriter, tree.Expression, Sequence[tree.Expression]], ast.expr | None]] = {
    "println": lambda writer, node, arguments: writer._print(node, arguments, "println"),
    "print": lambda writer, node, arguments: writer._print(node, arguments, "print"),
    "format": lambda writer, node, arguments: writer.line(node, arguments, ""),
    "len": CallWriter._length,
    "sqrt": _square_root,
}


def _float_total(name: str) -> Callable[[CallWriter, tree.MethodCall, list[ast.expr]], ast.expr]:
    """`sum` and `product`: of no floats they are a float too."""

    def made(writer: CallWriter, node: tree.MethodCall, values: list[ast.expr]) -> ast.expr:
        found = py.call(f"list.{name}", *values)
        return py.call("float", found) if writer.typed.item_kind(node.receiver) == "f64" else found

    return made


_METHODS: dict[tuple[str, str], Callable[[CallWriter, tree.MethodCall, list[ast.expr]], ast.expr]] = {
    ("i64", "abs"): _absolute,
    ("f64", "sqrt"): lambda writer, _node, values: _root(writer, values[0]),
    ("dict", "get"): _entry_or,
    ("dict", "get_or"): _entry_or,
    ("list", "sum"): _float_total("sum"),
    ("list", "product"): _float_total("product"),
    ("list", "len"): lambda _writer, _node, values: py.call("len", values[0]),
    ("list", "length"): lambda _writer, _node, values: py.call("len", values[0]),
    ("dict", "len"): lambda _writer, _node, values: py.call("len", values[0]),
    ("i64", "to_string"): lambda _writer, _node, values: ast.JoinedStr([ast.FormattedValue(values[0], -1, None)]),
    ("str", "to_string"): lambda _writer, _node, values: values[0],
    ("str", "clone"): lambda _writer, _node, values: values[0],
    ("dict", "has_key"): _contained,
    ("dict", "contains_key"): _contained,
    ("dict", "contains"): _contained,
    ("set", "contains"): _contained,
    ("str", "contains"): _text_contains,
    ("list", "is_empty"): lambda _writer, _node, values: py.negated(values[0]),
    ("str", "is_empty"): lambda _writer, _node, values: py.negated(values[0]),
}
