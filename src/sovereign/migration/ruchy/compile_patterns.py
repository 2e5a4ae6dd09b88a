"""Patterns: what they ask of a value, and what they bind.

Enters: patterns and the value they are held against. Leaves: a condition and bindings. Read `compile_control.py` next.
"""

from __future__ import annotations

import _ast as ast

from sovereign.migration.ruchy import python_nodes as py
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.compile_calls import CallWriter
from sovereign.migration.ruchy.compile_places import slot_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.ruchy.names import Binding

    Bindings = list[tuple[Binding, ast.expr]]

__all__ = ["PatternWriter"]

_WRAPPERS = {"Some": "Some", "Ok": "Ok", "Err": "Err"}


class PatternWriter(CallWriter):
    """Writes tests and bindings of patterns."""

    def test(self, pattern: tree.Pattern, value: ast.expr, kind: str = "") -> tuple[list[ast.expr], Bindings]:
        """The conditions under which a pattern fits a value that is simple to read again, and what it then binds."""
        return _TESTS[type(pattern)](self, pattern, value, kind)

    def _wildcard(
        self, _pattern: tree.WildcardPattern, _value: ast.expr, _kind: str
    ) -> tuple[list[ast.expr], Bindings]:
        return [], []

    def _bind_pattern(self, pattern: tree.BindPattern, value: ast.expr, kind: str) -> tuple[list[ast.expr], Bindings]:
        binding = self.names.meant[pattern]
        if binding.kind == "variant":
            return [py.compare(value, (ast.Is(), self.variant(binding)))], []
        if pattern.inner is None:
            return [], [(binding, value)]
        tests, bindings = self.test(pattern.inner, value, kind)
        return tests, [(binding, value), *bindings]

    def _literal_pattern(
        self, pattern: tree.LiteralPattern, value: ast.expr, kind: str
    ) -> tuple[list[ast.expr], Bindings]:
        wanted = self.value(pattern.value)
        if isinstance(pattern.value, tree.Nil):
            return [py.compare(value, (ast.Is(), wanted))], []
        if isinstance(pattern.value, tree.Text) or kind in {"i64", "f64"}:
            return [py.compare(value, (ast.Eq(), wanted))], []
        if isinstance(pattern.value, tree.Boolean):
            return [py.compare(value, (ast.Is(), wanted))], []
        return [py.call("equal", value, wanted)], []

    def _range_pattern(self, pattern: tree.RangePattern, value: ast.expr, kind: str) -> tuple[list[ast.expr], Bindings]:
        low = self.value(pattern.low) if pattern.low is not None else py.constant(None)
        high = self.value(pattern.high) if pattern.high is not None else py.constant(None)
        if kind in {"i64", "f64"} and pattern.low is not None and pattern.high is not None:
            upper: ast.cmpop = ast.LtE() if pattern.is_inclusive else ast.Lt()
            return [py.compare(low, (ast.LtE(), value), (upper, high))], []
        return [py.call("in_range", value, low, high, py.constant(pattern.is_inclusive))], []

    def _tuple_pattern(self, pattern: tree.TuplePattern, value: ast.expr, kind: str) -> tuple[list[ast.expr], Bindings]:
        tests: list[ast.expr] = [py.call("is_tuple", value, py.constant(len(pattern.items)))]
        if kind == f"tuple:{len(pattern.items)}":
            tests = []
        return self._items(pattern.items, value, tests)

    def _items(
        self, items: tuple[tree.Pattern, ...], value: ast.expr, tests: list[ast.expr]
    ) -> tuple[list[ast.expr], Bindings]:
        bindings: Bindings = []
        for place, each in enumerate(items):
            more, bound = self.test(each, py.item(value, py.constant(place)))
            tests += more
            bindings += bound
        return tests, bindings

    def _list_pattern(self, pattern: tree.ListPattern, value: ast.expr, _kind: str) -> tuple[list[ast.expr], Bindings]:
        rest = next((place for place, each in enumerate(pattern.items) if isinstance(each, tree.RestPattern)), None)
        count = len(pattern.items) - (rest is not None)
        tests: list[ast.expr] = [py.call("is_list", value, py.constant(count), py.constant(rest is not None))]
        if rest is None:
            return self._items(pattern.items, value, tests)
        tests, bindings = self._items(pattern.items[:rest], value, tests)
        behind = len(pattern.items) - rest - 1
        for place, each in enumerate(pattern.items[rest + 1 :]):
            more, bound = self.test(each, py.item(value, py.constant(place - behind)))
            tests += more
            bindings += bound
        found = pattern.items[rest]
        if isinstance(found, tree.RestPattern) and found.name is not None:
            stop = py.constant(-behind) if behind else None
            part = py.item(value, ast.Slice(py.constant(rest), stop))
            bindings.append((self.names.meant[found], part))
        return tests, bindings

    def _struct_pattern(
        self, pattern: tree.StructPattern, value: ast.expr, _kind: str
    ) -> tuple[list[ast.expr], Bindings]:
        binding = self.names.meant.get(pattern)
        tests: list[ast.expr] = []
        if binding is None:
            tests.append(py.call("is_object", value))
        else:
            wanted = self.variant(binding) if binding.kind == "variant" else self._class_of(binding)
            tests.append(py.call("isinstance", value, wanted))
        bindings: Bindings = []
        for entry in pattern.entries:
            part = (
                py.call("field", value, py.constant(entry.name))
                if binding is None
                else py.attribute(value, slot_name(entry.name))
            )
            more, bound = self.test(entry.pattern, part)
            tests += more
            bindings += bound
        return tests, bindings

    def _class_of(self, binding: Binding) -> ast.expr:
        assert binding.type is not None
        return py.load(self.type_name(binding.type))

    def _variant_pattern(
        self, pattern: tree.VariantPattern, value: ast.expr, kind: str
    ) -> tuple[list[ast.expr], Bindings]:
        binding = self.names.meant.get(pattern)
        if binding is None:
            return self._wrapper_pattern(pattern, value, kind)
        if binding.kind == "type":
            return self._fields_in_order(pattern, value, self._class_of(binding))
        if pattern.items is None and getattr(binding.node, "entries", None) is None:
            return [py.compare(value, (ast.Is(), self.variant(binding)))], []
        return self._fields_in_order(pattern, value, self.variant(binding))

    def _fields_in_order(
        self, pattern: tree.VariantPattern, value: ast.expr, wanted: ast.expr
    ) -> tuple[list[ast.expr], Bindings]:
        tests: list[ast.expr] = [py.call("isinstance", value, wanted)]
        bindings: Bindings = []
        for place, each in enumerate(pattern.items or ()):
            if isinstance(each, tree.RestPattern):
                break
            more, bound = self.test(each, py.attribute(value, f"_{place}"))
            tests += more
            bindings += bound
        return tests, bindings

    def _wrapper_pattern(
        self, pattern: tree.VariantPattern, value: ast.expr, kind: str
    ) -> tuple[list[ast.expr], Bindings]:
        """`Some(x)`, `None`, `Ok(x)`, `Err(e)`; a value that may be nil counts as an Option."""
        name = pattern.path[-1]
        if name == "None":
            return [py.compare(value, (ast.In(), ast.Tuple([py.runtime("NONE"), py.constant(None)], ast.Load())))], []
        if name == "Some" and kind == "maybe":
            inner = (pattern.items or (tree.WildcardPattern(pattern.place),))[0]
            tests, bindings = self.test(inner, value)
            return [py.compare(value, (ast.IsNot(), py.constant(None))), *tests], bindings
        return self._fields_in_order(pattern, value, py.runtime(_WRAPPERS[name]))

    def _or_pattern(self, pattern: tree.OrPattern, value: ast.expr, kind: str) -> tuple[list[ast.expr], Bindings]:
        found = [self.test(option, value, kind) for option in pattern.options]
        if not any(bindings for _, bindings in found):
            return [py.either([py.both(tests) for tests, _ in found])], []
        # Each alternative binds the same names: bind them where it is seen that it fits.
        options = []
        for tests, bindings in found:
            bound = [py.walrus(self.spelling(binding), part) for binding, part in bindings]
            options.append(py.both([*tests, ast.Tuple(bound, ast.Load())]))
        first = found[0][1]
        return [py.either(options)], [(binding, py.load(self.spelling(binding))) for binding, _ in first]

    def bind_all(self, bindings: Bindings, node: tree.Node) -> None:
        """Bind what a pattern found."""
        for binding, value in bindings:
            if isinstance(value, ast.Name) and value.id == self.spelling(binding) and not self.is_boxed(binding):
                continue
            self.bind(binding, value, node)

    def take_apart(self, pattern: tree.Pattern, value: ast.expr, node: tree.Node, kind: str = "") -> None:
        """Bind a pattern that has to fit."""
        if isinstance(pattern, tree.BindPattern) and pattern.inner is None:
            binding = self.names.meant[pattern]
            if binding.is_variable:
                self.bind(binding, value, node)
                return
        subject = self.once(value)
        tests, bindings = self.test(pattern, subject, kind)
        if tests:
            failed = py.expression(py.call("no_fit", subject))
            self.emit(py.when(py.negated(py.both(tests)), [failed]), node)
        self.bind_all(bindings, node)


_TESTS: dict[type[tree.Pattern], Callable[..., tuple[list[ast.expr], Bindings]]] = {
    tree.WildcardPattern: PatternWriter._wildcard,
    tree.BindPattern: PatternWriter._bind_pattern,
    tree.LiteralPattern: PatternWriter._literal_pattern,
    tree.RangePattern: PatternWriter._range_pattern,
    tree.TuplePattern: PatternWriter._tuple_pattern,
    tree.ListPattern: PatternWriter._list_pattern,
    tree.StructPattern: PatternWriter._struct_pattern,
    tree.VariantPattern: PatternWriter._variant_pattern,
    tree.OrPattern: PatternWriter._or_pattern,
}
