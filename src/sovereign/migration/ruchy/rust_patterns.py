"""Patterns in Rust: what they ask of a value, and what they bind.

Enters: patterns and the place they are held against. Leaves: `Step`s, one inside the other: conditions, patterns of
Rust that reach into a value, bindings. Read `rust_control.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sovereign.migration.ruchy import rust_nodes as rn
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.rust_base import Variable
from sovereign.migration.ruchy.rust_calls import RustCalls
from sovereign.migration.ruchy.rust_kinds import DYN, F64, I64, STR, Kind, maybe_kind
from sovereign.migration.ruchy.rust_places import field_name
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sovereign.migration.ruchy.names import Binding

__all__ = ["RustPatterns", "Step"]


class Step(NamedTuple):
    """One step into a pattern: a condition, which may bind names of ours, or a variable and its value."""

    condition: rs.Expression | None = None
    binding: Binding | None = None
    value: rs.Expression | None = None
    kind: Kind | None = None
    word: str = ""
    """A name of ours that is bound to the value."""


class RustPatterns(RustCalls):
    """Writes tests and bindings of patterns."""

    def steps(self, pattern: tree.Pattern, subject: rs.Expression, kind: Kind) -> list[Step]:
        """What a pattern asks of a place that is looked at again and again."""
        return _STEPS[type(pattern)](self, pattern, subject, kind)

    def _wildcard(self, _pattern: tree.WildcardPattern, _subject: rs.Expression, _kind: Kind) -> list[Step]:
        return []

    def _bind(self, pattern: tree.BindPattern, subject: rs.Expression, kind: Kind) -> list[Step]:
        binding = self.names.meant[pattern]
        if binding.kind == "variant":
            return self._variant(pattern, binding, None, subject, kind)
        inner = self.steps(pattern.inner, subject, kind) if pattern.inner is not None else []
        return [*inner, Step(binding=binding, value=subject, kind=kind)]

    def _literal(self, pattern: tree.LiteralPattern, subject: rs.Expression, kind: Kind) -> list[Step]:
        node = pattern.value
        if isinstance(node, tree.Nil):
            return [Step(rn.method(_plain(subject), "is_nil"))]
        wanted = self.kind(node)
        if wanted == kind == STR and isinstance(node, tree.Text):
            return [Step(rs.Binary("==", rn.method(_plain(subject), "as_str"), rs.Text(node.value)))]
        if wanted == kind and kind.name in {"i64", "f64", "bool"}:
            return [Step(rs.Binary("==", subject, self.value(node)))]
        if kind == F64 and wanted == I64:
            return [Step(rs.Binary("==", subject, self.convert(self.value(node), I64, F64, node)))]
        if kind.name in {"dyn", "maybe"} or {kind.name, wanted.name} == {"i64", "f64"}:
            mine = self.to_dyn(self.cloned(subject, kind), kind)
            return [Step(rn.method(mine, "same", rs.Borrow(self.as_dyn(node))))]
        return [Step(rn.NO)]

    def _range(self, pattern: tree.RangePattern, subject: rs.Expression, kind: Kind) -> list[Step]:
        ends = [self.value(end) if end is not None else None for end in (pattern.low, pattern.high)]
        wanted = {self.kind(end) for end in (pattern.low, pattern.high) if end is not None}
        upper = "<=" if pattern.is_inclusive else "<"
        if wanted == {kind} and kind.name in {"i64", "f64"}:
            low, high = ends
            found = [] if low is None else [Step(rs.Binary("<=", low, subject))]
            return found if high is None else [*found, Step(rs.Binary(upper, subject, high))]
        limits = [
            rs.Name("None") if end is None else rn.call("Some", self.as_dyn(end)) for end in (pattern.low, pattern.high)
        ]
        mine = rs.Borrow(self.to_dyn(self.cloned(subject, kind), kind))
        return [Step(rn.call("is_between", mine, *limits, rs.Boolean(pattern.is_inclusive)))]

    def _tuple(self, pattern: tree.TuplePattern, subject: rs.Expression, kind: Kind) -> list[Step]:
        if kind.name == "tuple" and len(kind.arguments) == len(pattern.items):
            found: list[Step] = []
            for place, (item, part) in enumerate(zip(pattern.items, kind.arguments, strict=True)):
                found += self.steps(item, rs.Field(_plain(subject), str(place)), part)
            return found
        if kind == DYN:
            return self._dyn_items("Tuple", pattern.items, subject, rest=None, binding=None)
        return [Step(rn.NO), *self._unreached(pattern)]

    def _unreached(self, pattern: tree.Pattern) -> list[Step]:
        """What a pattern binds that never fits."""
        for node in tree.walk(pattern):
            if isinstance(node, tree.BindPattern | tree.RestPattern) and self.names.meant.get(node) is not None:
                raise self.refuse("a pattern that never fits", pattern)
        return []

    def _dyn_items(
        self,
        variant: str,
        items: Sequence[tree.Pattern],
        subject: rs.Expression,
        rest: int | None,
        binding: Binding | None,
    ) -> list[Step]:
        """The items of a list or tuple of no known type."""
        name = self.temporary()
        reach = rs.LetCondition(rs.VariantPattern(f"Dyn::{variant}", (rs.Bind(name),)), rn.borrow(subject))
        found = [Step(reach)]
        count = len(items) - (rest is not None)
        length = rn.method(rs.Name(name), "len")
        found.append(Step(rs.Binary("==" if rest is None else ">=", length, rs.Integer(count))))
        for place, item in enumerate(items):
            if place == rest:
                continue
            found += self.steps(item, rs.Index(rs.Name(name), self._place_of(name, place, rest, len(items))), DYN)
        if binding is not None and rest is not None:
            part = self._rest(name, rest, len(items))
            found.append(Step(binding=binding, value=self.to_dyn(part, Kind("list", (DYN,))), kind=DYN))
        return found

    def _place_of(self, name: str, place: int, rest: int | None, count: int) -> rs.Expression:
        if rest is None or place < rest:
            return rs.Integer(place)
        return rs.Binary("-", rn.method(rs.Name(name), "len"), rs.Integer(count - place))

    def _rest(self, name: str, rest: int, count: int) -> rs.Expression:
        behind = count - rest - 1
        end = rn.method(rs.Name(name), "len")
        stop = rs.Binary("-", end, rs.Integer(behind)) if behind else end
        return rn.call("Array::of", rn.method(rs.Index(rs.Name(name), rs.Range(rs.Integer(rest), stop)), "to_vec"))

    def _list(self, pattern: tree.ListPattern, subject: rs.Expression, kind: Kind) -> list[Step]:
        rest = next((place for place, each in enumerate(pattern.items) if isinstance(each, tree.RestPattern)), None)
        found_rest = pattern.items[rest] if rest is not None else None
        binding = self.names.meant.get(found_rest) if found_rest is not None else None
        if kind == DYN:
            return self._dyn_items("List", pattern.items, subject, rest, binding)
        if kind.name != "list":
            return [Step(rn.NO), *self._unreached(pattern)]
        name = self.temporary()
        found = [Step(word=name, value=rn.borrow(subject))]
        count = len(pattern.items) - (rest is not None)
        length = rn.method(rs.Name(name), "len")
        if rest is None or count:
            found.append(Step(rs.Binary("==" if rest is None else ">=", length, rs.Integer(count))))
        for place, item in enumerate(pattern.items):
            if place != rest:
                index = rs.Index(rs.Name(name), self._place_of(name, place, rest, len(pattern.items)))
                found += self.steps(item, index, kind.arguments[0])
        if binding is not None and rest is not None:
            found.append(
                Step(binding=binding, value=self._rest(name, rest, len(pattern.items)), kind=kind, word="fresh")
            )
        return found

    def _struct(self, pattern: tree.StructPattern, subject: rs.Expression, kind: Kind) -> list[Step]:
        binding = self.names.meant.get(pattern)
        if binding is not None and binding.kind == "variant":
            return self._variant_fields(pattern, binding, subject, kind)
        if kind.name == "struct" and kind.declared is not None and (binding is None or binding.type is kind.declared):
            found: list[Step] = []
            entries = {entry.name: entry for entry in kind.declared.fields()}
            whole = rn.method(_plain(subject), "look") if kind.declared.is_shared else _plain(subject)
            for entry in pattern.entries:
                part = self.member_kind(kind, entries[entry.name])
                found += self.steps(entry.pattern, rs.Field(whole, field_name(entry.name)), part)
            return found
        if binding is None and kind.name == "dict" and kind.arguments[0] == STR:
            return self._object(pattern, subject, kind)
        if binding is None and kind == DYN:
            return self._dyn_object(pattern, subject)
        raise self.refuse("a struct pattern for a value of no known type", pattern)

    def _dyn_object(self, pattern: tree.StructPattern, subject: rs.Expression) -> list[Step]:
        """An object pattern for a value of no known type."""
        self.has_dynamic_fields = True
        found = [Step(rn.call("is_object_value", rn.borrow(subject)))]
        for entry in pattern.entries:
            name = self.temporary()
            found.append(Step(word=name, value=rn.call("field_of", rn.borrow(subject), rs.Text(entry.name))))
            found += self.steps(entry.pattern, rs.Name(name), DYN)
        return found

    def _object(self, pattern: tree.StructPattern, subject: rs.Expression, kind: Kind) -> list[Step]:
        found: list[Step] = []
        item = maybe_kind(kind.arguments[1])
        for entry in pattern.entries:
            name = self.temporary()
            value: rs.Expression = rn.method(_plain(subject), "get", rs.Borrow(rn.text(entry.name)))
            if item == kind.arguments[1]:
                value = self.convert(value, Kind("maybe", (item,)), DYN, pattern)
                if item != DYN:
                    raise self.refuse("an object of values that may be nil in a pattern", pattern)
            found.append(Step(word=name, value=value))
            found += self.steps(entry.pattern, rs.Name(name), item)
        return found

    def _opened(self, subject: rs.Expression, kind: Kind) -> rs.Expression:
        """A reference to an enum itself, behind the handle that it may have."""
        if self.kinds.is_recursive(kind):
            return rs.Borrow(rs.Deref(subject))
        return rn.borrow(subject)

    def _variant_fields(
        self, pattern: tree.StructPattern, binding: Binding, subject: rs.Expression, kind: Kind
    ) -> list[Step]:
        if kind.name != "enum" or kind.declared is not binding.type:
            raise self.refuse("a pattern of a variant for a value of no known type", pattern)
        entries = {entry.name: entry for entry in binding.node.entries or ()}  # type: ignore[attr-defined] # a variant
        names = {entry.name: self.temporary() for entry in pattern.entries}
        fields = tuple((word, rs.Bind(name)) for word, name in names.items())
        reach = rs.StructPattern(self.variant_path(kind, binding), fields, rest=True)
        found = [Step(rs.LetCondition(reach, self._opened(subject, kind)))]
        for entry in pattern.entries:
            part = self.member_kind(kind, entries[entry.name])
            found += self.steps(entry.pattern, rs.Deref(rs.Name(names[entry.name])), part)
        return found

    def _variant_pattern(self, pattern: tree.VariantPattern, subject: rs.Expression, kind: Kind) -> list[Step]:
        binding = self.names.meant.get(pattern)
        if binding is None:
            return self._wrapper(pattern, subject, kind)
        if binding.kind == "type":
            return self._tuple_struct(pattern, binding, subject, kind)
        return self._variant(pattern, binding, pattern.items, subject, kind)

    def _tuple_struct(
        self, pattern: tree.VariantPattern, binding: Binding, subject: rs.Expression, kind: Kind
    ) -> list[Step]:
        if kind.declared is None or kind.declared is not binding.type:
            raise self.refuse("a pattern of a struct for a value of no known type", pattern)
        found: list[Step] = []
        entries = kind.declared.fields()
        for entry, item in zip(entries, pattern.items or (), strict=False):
            if isinstance(item, tree.RestPattern):
                break
            found += self.steps(item, rs.Field(_plain(subject), field_name(entry.name)), self.member_kind(kind, entry))
        return found

    def _variant(
        self,
        pattern: tree.Pattern,
        binding: Binding,
        items: Sequence[tree.Pattern] | None,
        subject: rs.Expression,
        kind: Kind,
    ) -> list[Step]:
        if kind.name != "enum" or kind.declared is not binding.type:
            raise self.refuse("a pattern of a variant for a value of no known type", pattern)
        entries = binding.node.entries or ()  # type: ignore[attr-defined] # a variant
        path = self.variant_path(kind, binding)
        opened = self._opened(subject, kind)
        if not entries:
            return [Step(rs.LetCondition(rs.VariantPattern(path), opened))]
        rest = next((place for place, each in enumerate(items or ()) if isinstance(each, tree.RestPattern)), None)
        taken = list(items or ())[: rest if rest is not None else len(items or ())]
        if len(taken) > len(entries) or (rest is None and len(taken) != len(entries)):
            raise self.refuse("a pattern of a variant with another number of values", pattern)
        names = [self.temporary() if not isinstance(each, tree.WildcardPattern) else "" for each in taken]
        binds = [rs.Bind(name) if name else rs.Wildcard() for name in names]
        binds += [rs.Wildcard() for _ in entries[len(taken) :]]
        if not binding.node.is_tuple:  # type: ignore[attr-defined] # as above
            raise self.refuse("a variant with fields in a pattern of places", pattern)
        found = [Step(rs.LetCondition(rs.VariantPattern(path, tuple(binds)), opened))]
        for name, item, entry in zip(names, taken, entries, strict=False):
            if name:
                found += self.steps(item, rs.Deref(rs.Name(name)), self.member_kind(kind, entry))
        return found

    def _wrapper(self, pattern: tree.VariantPattern, subject: rs.Expression, kind: Kind) -> list[Step]:
        """`Some(x)`, `None`, `Ok(x)`, `Err(e)`; a value that may be nil counts as an Option."""
        name = pattern.path[-1]
        if name == "None":
            return [Step(self._is_none(pattern, subject, kind))]
        item = (pattern.items or (tree.WildcardPattern(pattern.place),))[0]
        inner = "" if isinstance(item, tree.WildcardPattern | tree.RestPattern) else self.temporary()
        bind: rs.Pattern = rs.Bind(inner) if inner else rs.Wildcard()
        if kind == DYN:
            reach: rs.Pattern = rs.VariantPattern(f"Dyn::{name}", (bind,))
            target: rs.Expression = rs.Deref(rs.Deref(rs.Name(inner or "_")))
            part = DYN
        elif kind.name in {"option", "result"} and (kind.name == "option") == (name == "Some"):
            reach, target = rs.VariantPattern(name, (bind,)), rs.Deref(rs.Name(inner or "_"))
            part = kind.arguments[name == "Err"]
        elif kind.name == "maybe" and name == "Some":
            reach = rs.VariantPattern("Maybe", (rs.VariantPattern("Some", (bind,)),))
            target, part = rs.Deref(rs.Name(inner or "_")), kind.arguments[0]
        else:
            return [Step(rn.NO), *self._unreached(pattern)]
        found = [Step(rs.LetCondition(reach, rn.borrow(subject)))]
        return [*found, *self.steps(item, target, part)] if inner else found

    def _is_none(self, pattern: tree.Pattern, subject: rs.Expression, kind: Kind) -> rs.Expression:
        if kind.name == "option":
            return rn.method(_plain(subject), "is_none")
        if kind.name == "maybe":
            return rn.method(_plain(subject), "is_nil")
        if kind == DYN:
            return rn.call("is_none_or_nil", rn.borrow(subject))
        return rs.Boolean(kind.name == "nil")

    def _or(self, pattern: tree.OrPattern, subject: rs.Expression, kind: Kind) -> list[Step]:
        found: rs.Expression | None = None
        for option in pattern.options:
            one = self.fits(self.steps(option, subject, kind), option)
            found = one if found is None else rs.Binary("||", found, one)
        assert found is not None
        return [Step(found)]

    def fits(self, steps: list[Step], node: tree.Node) -> rs.Expression:
        """Steps that bind nothing of the program, as a condition."""
        found: rs.Expression = rn.YES
        for step in reversed(steps):
            if step.binding is not None:
                raise self.refuse("alternatives of a pattern that bind names", node)
            if step.condition is None:
                assert step.value is not None
                found = rn.block([rn.let(step.word, step.value)], found)
            elif isinstance(step.condition, rs.LetCondition):
                found = rs.If(step.condition, rs.Block((), found), rs.Block((), rn.NO))
            else:
                found = step.condition if found == rn.YES else rs.Binary("&&", step.condition, found)
        return found

    def alternatives(self, pattern: tree.Pattern) -> list[tree.Pattern]:
        """The patterns that a pattern stands for: more than one where alternatives bind names."""
        if isinstance(pattern, tree.OrPattern) and any(
            isinstance(node, tree.BindPattern) and self.names.meant[node].is_variable for node in tree.walk(pattern)
        ):
            return [each for option in pattern.options for each in self.alternatives(option)]
        return [pattern]

    def nested(self, steps: list[Step], body: Callable[[], list[rs.Statement]]) -> list[rs.Statement]:
        """The statements of a body inside of the steps that lead to it."""
        lets = [self._declared(step) for step in steps]
        found = body()
        for step, bound in zip(reversed(steps), reversed(lets), strict=True):
            if bound is not None:
                found = [bound, *found]
            elif step.condition != rn.YES:
                assert step.condition is not None
                found = [rn.done(rs.If(step.condition, rs.Block(tuple(found))))]
        return found

    def _declared(self, step: Step) -> rs.Statement | None:
        if step.binding is None:
            return rn.let(step.word, step.value) if step.condition is None and step.value is not None else None
        assert step.value is not None
        assert step.kind is not None
        if (
            not step.word
            and self.can_be_lent(step.binding, step.kind)
            and self.variable_kind(step.binding) == step.kind
        ):
            name = self.local_name(step.binding.name)
            self.frame.variables[step.binding] = Variable(name, step.kind, "borrowed")
            return rn.let(name, rn.borrow(step.value), line=self.line(step.binding.node))
        value = step.value if step.word else self.cloned(step.value, step.kind)
        return self.bound(step.binding, value, step.kind, step.binding.node)

    def bound(self, binding: Binding, value: rs.Expression, kind: Kind, node: tree.Node) -> rs.Statement:
        """The statement that binds a variable."""
        variable = self.declare(binding)
        value = self.convert(value, kind, variable.kind, node)
        line = self.line(node)
        if variable.storage == "top":
            return rn.done(rn.method(rs.Name(variable.name), "set", value), line)
        if variable.storage == "shared":
            return rn.let(variable.name, rn.call("Captured::new", value), line=line)
        typed = self.rust_type(variable.kind) if isinstance(value, rs.Closure) else None
        return rn.let(variable.name, value, mutable=binding in self.changed, kind=typed, line=line)

    def take_apart(self, pattern: tree.Pattern, value: rs.Expression, kind: Kind, node: tree.Node) -> None:
        """Bind a pattern that has to fit."""
        if isinstance(pattern, tree.WildcardPattern):
            self.emit(rn.done(value, self.line(node)))
            return
        if isinstance(pattern, tree.BindPattern) and pattern.inner is None and self.names.meant[pattern].is_variable:
            self.emit(self.bound(self.names.meant[pattern], value, kind, node))
            return
        name = self.temporary()
        self.emit(rn.let(name, value, line=self.line(node)))
        otherwise = rn.call("no_fit", rs.Borrow(rs.Name(name)))
        self.bind_or(pattern, rs.Name(name), kind, rs.Block((rn.done(otherwise),)))

    def bind_or(self, pattern: tree.Pattern, subject: rs.Expression, kind: Kind, otherwise: rs.Block) -> None:
        """Bind a pattern, or run a block that does not come back."""
        for step in self.steps(pattern, subject, kind):
            bound = self._declared(step)
            if bound is not None:
                self.emit(bound)
            elif isinstance(step.condition, rs.LetCondition):
                self._reach(step.condition, otherwise)
            else:
                assert step.condition is not None
                self.emit(rn.done(rs.If(rs.Unary("!", step.condition), otherwise)))

    def _reach(self, condition: rs.LetCondition, otherwise: rs.Block) -> None:
        """What a pattern of Rust reaches, bound for the statements behind it."""
        names = _names(condition.pattern)
        value: rs.Expression = rs.Tuple(tuple(map(rs.Name, names)))
        target: rs.Pattern = rs.TuplePattern(tuple(map(rs.Bind, names)))
        if len(names) == 1:
            value, target = rs.Name(names[0]), rs.Bind(names[0])
        found = rs.If(condition, rs.Block((), value), otherwise)
        self.emit(rs.Let(target, None, found) if names else rn.done(found))


def _names(pattern: rs.Pattern) -> list[str]:
    if isinstance(pattern, rs.Bind):
        return [pattern.name]
    if isinstance(pattern, rs.VariantPattern | rs.TuplePattern):
        return [name for item in pattern.items for name in _names(item)]
    if isinstance(pattern, rs.StructPattern):
        return [name for _, item in pattern.fields for name in _names(item)]
    return []


def _plain(subject: rs.Expression) -> rs.Expression:
    """A place before a dot."""
    if isinstance(subject, rs.Deref) and isinstance(subject.operand, rs.Name):
        return subject.operand
    return subject


_STEPS: dict[type[tree.Pattern], Callable[..., list[Step]]] = {
    tree.WildcardPattern: RustPatterns._wildcard,
    tree.RestPattern: RustPatterns._wildcard,
    tree.BindPattern: RustPatterns._bind,
    tree.LiteralPattern: RustPatterns._literal,
    tree.RangePattern: RustPatterns._range,
    tree.TuplePattern: RustPatterns._tuple,
    tree.ListPattern: RustPatterns._list,
    tree.StructPattern: RustPatterns._struct,
    tree.VariantPattern: RustPatterns._variant_pattern,
    tree.OrPattern: RustPatterns._or,
}
