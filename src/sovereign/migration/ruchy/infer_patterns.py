"""What patterns say about the values that they are held against, and about the variables that they bind.

Enters: patterns with the type of their subject. Leaves: types of bindings. Read `infer_expressions.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy import types as ty
from sovereign.migration.ruchy.infer_questions import QuestionInferrer
from sovereign.migration.ruchy.types import Con, Type, Union, Var

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.ruchy.names import Binding

__all__ = ["PatternInferrer"]


class PatternInferrer(QuestionInferrer):
    """Types patterns."""

    def variable_type(self, binding: Binding) -> Type:
        """The type of a variable: one place for all that is assigned to it."""
        found = self.variables.get(binding)
        if found is None:
            kept, self.level = self.level, self.levels.get(binding.owner, 0)
            found = self.variables[binding] = self.variable(binding, "variable", binding.node.place)
            self.level = kept
        return found

    def pattern(self, node: tree.Pattern, found: Type) -> None:
        """A pattern is held against a value of a type."""
        self.types[node] = found
        _PATTERNS[type(node)](self, node, found)

    def _wildcard_pattern(self, node: tree.WildcardPattern, found: Type) -> None:
        """It says nothing."""

    def _bind_name(self, node: tree.BindPattern, found: Type) -> None:
        binding = self.names.meant[node]
        if binding.kind == "variant":
            self._against(node, found, self.type_of(binding.type) if binding.type is not None else Union())
            return
        self.flow(node, found, self.variable_type(binding), key=(binding, "variable"))
        if node.inner is not None:
            self.pattern(node.inner, found)

    def _against(self, node: tree.Pattern, found: Type, wanted: Type) -> None:
        """A value may be of another type than the pattern: then it never fits, which `check` says."""
        actual = ty.prune(found)
        if isinstance(actual, Union):
            return
        if isinstance(actual, Con) and actual.name == "maybe":
            actual = ty.prune(actual.arguments[0])
        target = ty.prune(wanted)
        if (
            isinstance(actual, Con)
            and isinstance(target, Con)
            and (actual.name != target.name or actual.declared is not target.declared)
        ):
            if {actual.name, target.name} != {"i64", "f64"} and "never" not in {actual.name, target.name}:
                self.problem(f"a value of `{ty.shown(actual)}` never fits a pattern of `{ty.shown(target)}`", node)
            return
        self.merge(node, actual, wanted)

    def _literal_pattern(self, node: tree.LiteralPattern, found: Type) -> None:
        wanted = self.infer(node.value)
        actual = ty.prune(found)
        if not isinstance(node.value, tree.Nil) and not isinstance(actual, Var):
            self._against(node, found, wanted)
        elif isinstance(actual, Var) and not isinstance(node.value, tree.Nil):
            self.merge(node, found, wanted)

    def _range_pattern(self, node: tree.RangePattern, found: Type) -> None:
        for end in (node.low, node.high):
            if end is not None:
                self._against(node, found, self.infer(end))

    def _tuple_pattern(self, node: tree.TuplePattern, found: Type) -> None:
        actual = ty.prune(found)
        if isinstance(actual, Var):
            self.merge(node, found, ty.tuple_of(*(self.fresh() for _ in node.items)))
            actual = ty.prune(found)
        if isinstance(actual, Con) and actual.name == "tuple" and len(actual.arguments) == len(node.items):
            for item, inner in zip(node.items, actual.arguments, strict=True):
                self.pattern(item, inner)
            return
        if isinstance(actual, Con) and actual.name not in {"never", "maybe"}:
            self.problem(f"a value of `{ty.shown(actual)}` is no tuple of {len(node.items)}", node)
        for item in node.items:
            self.pattern(item, Union())

    def _list_pattern(self, node: tree.ListPattern, found: Type) -> None:
        actual = ty.prune(found)
        item: Type = Union()
        if isinstance(actual, Var):
            item = self.fresh()
            self.merge(node, found, ty.list_of(item))
        elif isinstance(actual, Con) and actual.name == "list":
            item = actual.arguments[0]
        for each in node.items:
            if isinstance(each, tree.RestPattern):
                if each.name is not None:
                    self.flow(each, ty.list_of(item), self.variable_type(self.names.meant[each]))
            else:
                self.pattern(each, item)

    def _struct_pattern(self, node: tree.StructPattern, found: Type) -> None:
        binding = self.names.meant.get(node)
        if binding is None or binding.type is None:
            self._object_pattern(node, found)
            return
        wanted = self.type_of(binding.type)
        self._against(node, found, wanted)
        entries = getattr(binding.node, "entries", None) if binding.kind == "variant" else binding.type.fields()
        declared = {entry.name: entry for entry in entries or ()}
        for entry in node.entries:
            known = declared.get(entry.name)
            if known is None:
                self.problem(f"`{binding.name}` has no field like this: `{entry.name}`", entry)
                self.pattern(entry.pattern, Union())
            else:
                self.pattern(entry.pattern, self.member(binding.type, known, wanted))

    def _object_pattern(self, node: tree.StructPattern, found: Type) -> None:
        actual = ty.prune(found)
        item: Type = Union()
        if isinstance(actual, Con) and actual.name == "dict":
            item = ty.maybe_of(actual.arguments[1])
        for entry in node.entries:
            inner = item
            if isinstance(actual, Con) and actual.declared is not None:
                known = next((each for each in actual.declared.fields() if each.name == entry.name), None)
                inner = self.member(actual.declared, known, actual) if known is not None else Union()
            self.pattern(entry.pattern, inner)

    def _variant_pattern(self, node: tree.VariantPattern, found: Type) -> None:
        binding = self.names.meant.get(node)
        if binding is None:
            self._wrapper_pattern(node, found)
            return
        assert binding.type is not None
        wanted = self.type_of(binding.type)
        self._against(node, found, wanted)
        entries = getattr(binding.node, "entries", None) or ()
        if len(entries) != len(node.items or ()) and not any(
            isinstance(item, tree.RestPattern) for item in node.items or ()
        ):
            message = f"`{binding.name}` holds {len(entries)} values and the pattern has {len(node.items or ())}"
            self.problem(message, node)
        for place, item in enumerate(node.items or ()):
            if isinstance(item, tree.RestPattern):
                break
            inner = self.member(binding.type, entries[place], wanted) if place < len(entries) else Union()
            self.pattern(item, inner)

    def _wrapper_pattern(self, node: tree.VariantPattern, found: Type) -> None:
        """`Some(x)`, `None`, `Ok(x)`, `Err(e)`."""
        name = node.path[-1]
        actual = ty.prune(found)
        if isinstance(actual, Var):
            wanted = (
                ty.option_of(self.fresh()) if name in {"Some", "None"} else ty.result_of(self.fresh(), self.fresh())
            )
            self.merge(node, found, wanted)
            actual = ty.prune(found)
        inner: Type = Union()
        if isinstance(actual, Con) and actual.name in {"option", "maybe"} and name in {"Some", "None"}:
            inner = actual.arguments[0]
        elif isinstance(actual, Con) and actual.name == "result" and name in {"Ok", "Err"}:
            inner = actual.arguments[name == "Err"]
        elif isinstance(actual, Con) and actual.name != "never":
            self.problem(f"a value of `{ty.shown(actual)}` never fits `{name}`", node)
        for item in node.items or ():
            if not isinstance(item, tree.RestPattern):
                self.pattern(item, inner)

    def _alternatives_pattern(self, node: tree.OrPattern, found: Type) -> None:
        for option in node.options:
            self.pattern(option, found)


_PATTERNS: dict[type[tree.Pattern], Callable[..., None]] = {
    tree.WildcardPattern: PatternInferrer._wildcard_pattern,
    tree.BindPattern: PatternInferrer._bind_name,
    tree.LiteralPattern: PatternInferrer._literal_pattern,
    tree.RangePattern: PatternInferrer._range_pattern,
    tree.TuplePattern: PatternInferrer._tuple_pattern,
    tree.ListPattern: PatternInferrer._list_pattern,
    tree.StructPattern: PatternInferrer._struct_pattern,
    tree.VariantPattern: PatternInferrer._variant_pattern,
    tree.OrPattern: PatternInferrer._alternatives_pattern,
}
