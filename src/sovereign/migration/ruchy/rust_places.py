"""Variables, fields and elements in Rust: looked at, taken as values, changed.

Enters: expressions that name a place. Leaves: Rust expressions and statements. What several places hold is counted by
its handle and copied by Rust's own `make_mut` when one of them changes it, so that nothing is copied before it has to
be. Read `rust_calls.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.ruchy import rust_nodes as rn
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.rust_base import is_quiet
from sovereign.migration.ruchy.rust_kinds import DYN, I64, NIL, STR, Kind, is_copied, maybe_kind
from sovereign.migration.ruchy.rust_operators import RustOperators
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.ruchy.names import Binding
    from sovereign.migration.ruchy.rust_base import Variable

__all__ = ["RustPlaces", "field_name"]


class RustPlaces(RustOperators):
    """Writes reads and changes of places."""

    # What the library's functions ask of the pieces above.

    def function_argument(self, node: tree.Expression, goal: Kind) -> rs.Expression:
        """A function that is called while the call runs that it is given to."""
        raise NotImplementedError

    def spawned(self, node: tree.Expression, argument: tree.Expression) -> rs.Expression:
        """`spawn C`."""
        raise NotImplementedError

    # Looking.

    def reading(self, node: tree.Expression) -> rs.Expression:
        """An expression that is only looked at: a place where it is one."""
        if node in self.typed.casts:
            return self.value(node)
        if isinstance(node, tree.Name):
            binding = self.names.meant.get(node)
            if binding is not None and binding.is_variable:
                return self._look(self.variable(binding, node))
        if isinstance(node, tree.Field) and self.names.meant.get(node) is None and not node.is_optional:
            found = self._field_place(node, self.reading)
            if found is not None:
                return found
        if isinstance(node, tree.Index) and is_quiet(node.index) and self._is_list_element(node):
            return rs.Deref(rn.method(self.reading(node.receiver), "peek", _bare(self.value(node.index))))
        return self.value(node)

    def _is_list_element(self, node: tree.Index) -> bool:
        return (self.kind(node.receiver).name, self.kind(node.index)) == ("list", I64)

    def _look(self, variable: Variable) -> rs.Expression:
        name = rs.Name(variable.name)
        if variable.storage == "plain":
            return name
        if variable.storage == "borrowed":
            return rs.Deref(name)
        if is_copied(variable.kind) or variable.storage == "late":
            return rn.method(name, "get")
        return rs.Deref(rn.method(name, "look"))

    def current(self, variable: Variable) -> rs.Expression:
        """The value of a variable."""
        name = rs.Name(variable.name)
        if variable.storage in {"plain", "borrowed"}:
            return name if is_copied(variable.kind) else rn.method(name, "clone")
        return rn.method(name, "get")

    def name(self, node: tree.Name) -> rs.Expression:
        """A name on its own."""
        binding = self.names.meant.get(node)
        if binding is None:
            return self.made(*self.library_constant(node.name), node)
        if not binding.is_variable:
            return self.value_of_binding(node, binding)
        variable = self.variable(binding, node)
        return self.convert(self.current(variable), variable.kind, self.natural(node), node)

    def value_of_binding(self, node: tree.Node, binding: Binding) -> rs.Expression:
        """What a name means that is no variable."""
        raise NotImplementedError

    def path(self, node: tree.Path) -> rs.Expression:
        """`Color::Red`, `f64::MAX`."""
        binding = self.names.meant[node]
        if not binding.is_variable:
            return self.value_of_binding(node, binding)
        variable = self.variable(binding, node)
        return self.convert(self.current(variable), variable.kind, self.natural(node), node)

    def field(self, node: tree.Field) -> rs.Expression:
        """`value.name`."""
        binding = self.names.meant.get(node)
        if binding is not None:
            if binding.is_variable:
                variable = self.variable(binding, node)
                return self.convert(self.current(variable), variable.kind, self.natural(node), node)
            return self.value_of_binding(node, binding)
        if node.is_optional:
            return self._optional_field(node)
        found = self._field_place(node, self.reading)
        if found is not None:
            return self.made(self.cloned(found, self.field_kind(node)), self.field_kind(node), node)
        return self.made(*self._other_field(node), node)

    def _optional_field(self, node: tree.Field) -> rs.Expression:
        name = self.temporary()
        self.has_dynamic_fields = True
        found = rn.call("field_of", rs.Borrow(rs.Name(name)), rs.Text(node.name))
        chosen = rs.If(rn.method(rs.Name(name), "is_nil"), rs.Block((), rs.Name("Dyn::Nil")), rs.Block((), found))
        return self.made(rn.block([rn.let(name, self.as_dyn(node.receiver))], chosen), DYN, node)

    def _other_field(self, node: tree.Field) -> tuple[rs.Expression, Kind]:
        kind = self.kind(node.receiver)
        if kind.name == "dict" and kind.arguments[0] == STR:
            item = maybe_kind(kind.arguments[1])
            found = rn.method(self.reading(node.receiver), "get", rs.Borrow(rn.text(node.name)))
            if item.name == "maybe" and item != kind.arguments[1]:
                return found, item
            return self.convert(found, Kind("maybe", (kind.arguments[1],)), DYN, node), DYN
        self.has_dynamic_fields = True
        return rn.call("field_of", rn.borrow(self.dyn_reading(node.receiver)), rs.Text(node.name)), DYN

    def dyn_reading(self, node: tree.Expression) -> rs.Expression:
        """A value of no known type to look at."""
        return self.reading(node) if self.kind(node) == DYN else self.as_dyn(node)

    def field_kind(self, node: tree.Field) -> Kind:
        """The kind of a field of a struct or tuple."""
        kind = self.kind(node.receiver)
        if kind.name == "tuple":
            return kind.arguments[int(node.name)]
        assert kind.declared is not None
        entry = next(each for each in kind.declared.fields() if each.name == node.name)
        return self.member_kind(kind, entry)

    def _field_place(self, node: tree.Field, receive: object) -> rs.Expression | None:
        """The place of a field of a struct or tuple; None for other values."""
        kind = self.kind(node.receiver)
        if kind.name == "tuple":
            if not node.name.isdecimal() or int(node.name) >= len(kind.arguments):
                return None
            return rs.Field(rn.dotted(receive(node.receiver)), node.name)  # type: ignore[operator] # a method of ours
        if kind.name != "struct" or kind.declared is None:
            return None
        if all(entry.name != node.name for entry in kind.declared.fields()):
            return None
        whole = rn.dotted(receive(node.receiver))  # type: ignore[operator] # as above
        if kind.declared.is_shared:
            whole = rn.method(whole, "look" if receive == self.reading else "edit")
        return rs.Field(whole, field_name(node.name))

    def index(self, node: tree.Index) -> rs.Expression:
        """`value[index]` and `value[a..b]`."""
        if isinstance(node.index, tree.Range):
            return self._slice(node, node.index)
        kind, place = self.kind(node.receiver), self.kind(node.index)
        if kind.name == "list" and place == I64:
            index = self._settled(node.index)
            found: rs.Expression = rn.method(self.reading(node.receiver), "at", _bare(index))
            return self.made(self._ordered(node.index, index, found), kind.arguments[0], node)
        if (kind.name, place) == ("str", I64):
            index = self._settled(node.index)
            found = rn.call("character_at", rn.borrow(self.reading(node.receiver)), _bare(index))
            return self.made(self._ordered(node.index, index, found), STR, node)
        if kind.name == "dict" and place == kind.arguments[0]:
            index = self.reading(node.index) if is_quiet(node.index) else self._settled(node.index)
            found = rn.method(self.reading(node.receiver), "entry_of", rn.borrow(index))
            return self.made(self._ordered(node.index, index, found), kind.arguments[1], node)
        self.has_dynamic_fields = True
        values = rs.Borrow(self.as_dyn(node.receiver)), rs.Borrow(self.as_dyn(node.index))
        return self.made(rn.call("subscript", *values), DYN, node)

    def _settled(self, node: tree.Expression) -> rs.Expression:
        """An index: a temporary where computing it may change something, which `_ordered` then binds."""
        return self.value(node) if is_quiet(node) else rs.Name(self.temporary())

    def _ordered(self, node: tree.Expression, index: rs.Expression, found: rs.Expression) -> rs.Expression:
        if is_quiet(node):
            return found
        assert isinstance(index, rs.Name)
        return rn.block([rn.let(index.path, self.value(node))], found)

    def _slice(self, node: tree.Index, limits: tree.Range) -> rs.Expression:
        kind = self.kind(node.receiver)
        ends = [self._end(limits.start), self._end(limits.stop)]
        arguments = (*ends, rs.Boolean(limits.is_inclusive))
        settled = is_quiet(limits.start) and is_quiet(limits.stop)
        receive = self.reading if settled else self.value
        if kind.name == "list":
            return self.made(rn.method(receive(node.receiver), "sliced", *arguments), kind, node)
        if kind == STR:
            return self.made(rn.call("sliced_text", rn.borrow(receive(node.receiver)), *arguments), STR, node)
        return self.made(rn.call("sliced_dyn", rs.Borrow(self.as_dyn(node.receiver)), *arguments), DYN, node)

    def _end(self, node: tree.Expression | None) -> rs.Expression:
        if node is None:
            return rs.Name("None")
        if self.kind(node) != I64:
            raise self.refuse("a slice whose end is of no known type", node)
        return rn.call("Some", self.value(node))

    # Changing.

    def place(self, node: tree.Expression) -> rs.Expression:
        """A place that is changed, of the node's natural kind."""
        if isinstance(node, tree.Name):
            return self._variable_place(node)
        if isinstance(node, tree.Field) and self.names.meant.get(node) is not None:
            return self._edited(self.variable(self.names.meant[node], node))
        if isinstance(node, tree.Field) and not node.is_optional:
            found = self._field_place(node, self.place)
            if found is not None:
                return found
            return self._taken_out(node, None)
        if isinstance(node, tree.Index) and not isinstance(node.index, tree.Range):
            return self._element_place(node)
        return self.value(node)

    def _variable_place(self, node: tree.Name) -> rs.Expression:
        binding = self.names.meant.get(node)
        if binding is None or not binding.is_variable:
            return self.value(node)
        return self._edited(self.variable(binding, node))

    def _edited(self, variable: Variable) -> rs.Expression:
        if variable.storage == "plain":
            return rs.Name(variable.name)
        if variable.storage == "borrowed" and variable.kind == DYN:
            # An object of a class: another handle of the same object.
            return rn.method(rs.Name(variable.name), "clone")
        if variable.storage == "borrowed":
            return rs.Deref(rs.Name(variable.name))
        return rs.Deref(rn.method(rs.Name(variable.name), "edit"))

    def _element_place(self, node: tree.Index) -> rs.Expression:
        kind, index = self.kind(node.receiver), self.kind(node.index)
        value = self.value(node.index) if _is_constant(node.index) else self.hold(self.value(node.index))
        if kind == DYN:
            return self._taken_out(node, self.to_dyn(value, index))
        whole = self.place(node.receiver)
        if kind.name == "list" and index == I64:
            return rs.Deref(rn.method(rn.dotted(whole), "at_mut", _bare(value)))
        if kind.name == "dict" and index == kind.arguments[0]:
            return rs.Deref(rn.method(rn.dotted(whole), "owned_entry", rs.Borrow(value)))
        raise self.refuse("a change inside an element of a value of no known type", node)

    def _taken_out(self, node: tree.Field | tree.Index, index: rs.Expression | None) -> rs.Expression:
        """A part of a value of no known type: it is taken out, and `put_back` brings it back after the change."""
        self.has_dynamic_fields = True
        kind = self.kind(node.receiver)
        outer = self.place(node.receiver)
        name = self.temporary()
        if kind.name == "dict":
            assert isinstance(node, tree.Field)
            key = self.convert(rn.text(node.name), STR, kind.arguments[0], node)
            item = self.natural(node)
            found: rs.Expression = rn.method(rn.dotted(outer), "get", rs.Borrow(key))
            found = self.convert(found, Kind("maybe", (kind.arguments[1],)), item, node, checked=True)
            back: rs.Expression = rn.method(
                rn.dotted(outer), "put", key, self.convert(rs.Name(name), item, kind.arguments[1], node, checked=True)
            )
        elif index is None:
            assert isinstance(node, tree.Field)
            if kind != DYN:
                raise self.refuse(f"a change inside the field `{node.name}` of `{kind!r}`", node)
            found = rn.call("field_of", rn.borrow(outer), rs.Text(node.name))
            back = rn.call("set_field_of", rs.Borrow(outer, mutable=True), rs.Text(node.name), rs.Name(name))
        else:
            held = self.hold(index)
            found = rn.call("subscript", rn.borrow(outer), rs.Borrow(held))
            back = rn.call("set_subscript", rs.Borrow(outer, mutable=True), rs.Borrow(held), rs.Name(name))
        self.emit(rn.let(name, found, mutable=True))
        self.backs.append(rn.done(back))
        return rs.Name(name)

    def _present_place(self, node: tree.Field, wanted: str) -> rs.Expression:
        """The object in a field of an object, whose own field `wanted` is changed: it has to be there."""
        whole = self.kind(node.receiver)
        inside = isinstance(node.receiver, tree.Field) and _holds_object(whole)
        if not inside and whole.name != "dict":
            raise self.refuse(f"a change inside of the field `{node.name}` of `{whole!r}`", node)
        outer = self._present_place(node.receiver, node.name) if inside else self.place(node.receiver)  # type: ignore[arg-type] # as it says
        keys = (whole.arguments[0] if inside else whole).arguments[0]
        key = self.convert(rn.text(node.name), STR, keys, node)
        return rs.Deref(rn.method(rn.dotted(outer), "present_entry", rs.Borrow(key), rs.Text(wanted)))

    # Assigning.

    def assign(self, node: tree.Assign) -> None:
        """`target = value`, `target += value`."""
        self._assign(node)
        self.put_back()

    def _assign(self, node: tree.Assign) -> None:
        if node.operator:
            self._update(node)
        elif isinstance(node.target, tree.TupleLiteral | tree.ListLiteral):
            self._assign_several(node, node.target.items)
        else:
            goal = self.target_kind(node.target)
            self.assign_to(node.target, self.value_as(node.value, goal), node)

    def target_kind(self, target: tree.Expression) -> Kind:
        """The kind that a place takes."""
        if isinstance(target, tree.Name | tree.Path) or self.names.meant.get(target) is not None:
            binding = self.names.meant[target]
            return self.variable(binding, target).kind
        if isinstance(target, tree.Field):
            kind = self.kind(target.receiver)
            if kind.name == "dict" or _holds_object(kind):
                return (kind if kind.name == "dict" else kind.arguments[0]).arguments[1]
            return self.field_kind(target) if self._field_place(target, self.reading) is not None else DYN
        if isinstance(target, tree.Index):
            kind = self.kind(target.receiver)
            if kind.name == "list":
                return kind.arguments[0]
            return kind.arguments[1] if kind.name == "dict" else DYN
        return DYN

    def assign_to(self, target: tree.Expression, value: rs.Expression, node: tree.Node) -> None:
        """Put a value that is of the target's kind into a place."""
        line = self.line(node)
        if isinstance(target, tree.Name | tree.Path) or self.names.meant.get(target) is not None:
            variable = self.variable(self.names.meant[target], target)
            if variable.storage == "plain":
                self.emit(rs.Assign(rs.Name(variable.name), value, line=line))
            else:
                self.emit(rn.done(rn.method(rs.Name(variable.name), "set", value), line))
            return
        assert isinstance(target, tree.Field | tree.Index)
        kind = self.kind(target.receiver)
        if isinstance(target, tree.Field):
            self._assign_field(target, kind, value, line)
        else:
            self._assign_element(target, kind, value, line)

    def _assign_field(self, target: tree.Field, kind: Kind, value: rs.Expression, line: int) -> None:
        value = self.hold(value, line)
        if kind.name == "dict":
            key = self.convert(rn.text(target.name), STR, kind.arguments[0], target)
            self.emit(rn.done(rn.method(rn.dotted(self.place(target.receiver)), "put", key, value), line))
        elif isinstance(target.receiver, tree.Field) and _holds_object(kind):
            key = self.convert(rn.text(target.name), STR, kind.arguments[0].arguments[0], target)
            place = rn.dotted(self._present_place(target.receiver, target.name))
            self.emit(rn.done(rn.method(place, "put", key, value), line))
        elif kind == DYN:
            self.has_dynamic_fields = True
            whole = rs.Borrow(self.place(target.receiver), mutable=True)
            self.emit(rn.done(rn.call("set_field_of", whole, rs.Text(target.name), value), line))
        else:
            found = self._field_place(target, self.place)
            if found is None:
                raise self.refuse(f"the field `{target.name}` of `{kind!r}`", target)
            self.emit(rs.Assign(found, value, line=line))

    def _assign_element(self, target: tree.Index, kind: Kind, value: rs.Expression, line: int) -> None:
        value = self.hold(value, line)
        if isinstance(target.index, tree.Range):
            raise self.refuse("an assignment to a slice", target)
        if kind.name == "dict" and self.kind(target.index) == kind.arguments[0]:
            key = self.hold(self.value(target.index)) if not _is_constant(target.index) else self.value(target.index)
            self.emit(rn.done(rn.method(rn.dotted(self.place(target.receiver)), "put", key, value), line))
        elif kind.name == "list" and self.kind(target.index) == I64:
            self.emit(rs.Assign(self._element_place(target), value, line=line))
        elif kind == DYN:
            self.has_dynamic_fields = True
            index = self.hold(self.as_dyn(target.index))
            whole = rs.Borrow(self.place(target.receiver), mutable=True)
            self.emit(rn.done(rn.call("set_subscript", whole, rs.Borrow(index), value), line))
        elif kind == STR and is_quiet(target.index):
            self.emit(
                rn.done(rn.call("fault", rs.Text("type"), rs.Text("an element of string cannot be assigned")), line)
            )
        else:
            raise self.refuse(f"an element of `{kind!r}`", target)

    def _update(self, node: tree.Assign) -> None:
        """`target += value`."""
        target = node.target
        goal = self.target_kind(target)
        if isinstance(target, tree.Name):
            self._update_variable(node, target, goal)
            return
        if not isinstance(target, tree.Field | tree.Index):
            raise self.refuse("an assignment with an operator to this place", node)
        held = self._held_index(target)
        old, kind = self._old_value(target, held)
        may_miss = kind.name == "maybe"
        if may_miss:
            # A field of an object; where there is none, the operator says so.
            old, kind = self.to_dyn(old, kind), DYN
        old = self.hold(old) if not is_quiet(node.value) else old
        found, made = self.operated(node.operator, old, self.value(node.value), (kind, self.kind(node.value)))
        if may_miss:
            found = self.convert(found, made, goal, node, checked=True)
        else:
            found = self.convert(self.made(found, made, node), self.kind(node), goal, node)
        self._store(target, held, self.hold(found, self.line(node)), self.line(node))

    def _held_index(self, target: tree.Field | tree.Index) -> rs.Expression | None:
        if not isinstance(target, tree.Index):
            return None
        if _is_constant(target.index):
            return self.value(target.index)
        return self.hold(self.value(target.index))

    def _old_value(self, target: tree.Field | tree.Index, held: rs.Expression | None) -> tuple[rs.Expression, Kind]:
        if isinstance(target, tree.Field):
            return self.value(target), self.kind(target)
        assert held is not None
        kind, index = self.kind(target.receiver), self.kind(target.index)
        whole = self.reading(target.receiver)
        if kind.name == "list" and index == I64:
            return rn.method(rn.dotted(whole), "at", _bare(held)), kind.arguments[0]
        if kind.name == "dict" and index == kind.arguments[0]:
            return rn.method(rn.dotted(whole), "entry_of", rs.Borrow(held)), kind.arguments[1]
        if kind == DYN:
            self.has_dynamic_fields = True
            return rn.call("subscript", rn.borrow(whole), rs.Borrow(self.to_dyn(held, index))), DYN
        raise self.refuse("an assignment with an operator to an element of no known type", target)

    def _store(
        self, target: tree.Field | tree.Index, held: rs.Expression | None, value: rs.Expression, line: int
    ) -> None:
        if isinstance(target, tree.Field):
            self._assign_field(target, self.kind(target.receiver), value, line)
            return
        assert held is not None
        whole = rn.dotted(self.place(target.receiver))
        if self.kind(target.receiver) == DYN:
            index = rs.Borrow(self.to_dyn(held, self.kind(target.index)))
            place = rs.Borrow(self.place(target.receiver), mutable=True)
            self.emit(rn.done(rn.call("set_subscript", place, index, value), line))
        elif self.kind(target.receiver).name == "list":
            self.emit(rs.Assign(rs.Deref(rn.method(whole, "at_mut", _bare(held))), value, line=line))
        else:
            key = held if is_copied(self.kind(target.index)) else rn.method(held, "clone")
            self.emit(rn.done(rn.method(whole, "put", key, value), line))

    def _update_variable(self, node: tree.Assign, target: tree.Name, goal: Kind) -> None:
        variable = self.variable(self.names.meant[target], target)
        kinds = goal, self.kind(node.value)
        if node.operator == "+" and kinds[0] == STR and kinds[1].name in {"str", "i64", "f64"} and is_quiet(node.value):
            place = rs.Borrow(self._edited(variable), mutable=True)
            more = self.reading(node.value)
            if not self._mentions(node.value, self.names.meant[target]):
                self.emit(rn.done(rn.call("push_text", place, rn.borrow(more)), self.line(node)))
                return
        old = self.current(variable)
        old = old if is_quiet(node.value) else self.hold(old)
        found, made = self.operated(node.operator, old, self.value(node.value), kinds)
        found = self.convert(self.made(found, made, node), self.kind(node), goal, node)
        self.assign_to(target, found, node)

    def _mentions(self, node: tree.Node, binding: Binding) -> bool:
        return any(self.names.meant.get(each) is binding for each in tree.walk(node))

    def _assign_several(self, node: tree.Assign, targets: tuple[tree.Expression, ...]) -> None:
        """`(a, b) = (b, a)`: all values come first."""
        goals = [self.target_kind(target) for target in targets]
        if isinstance(node.value, tree.TupleLiteral | tree.ListLiteral) and len(node.value.items) == len(targets):
            pairs = zip(node.value.items, goals, strict=True)
            names = [self._fresh(self.value_as(item, goal)) for item, goal in pairs]
        else:
            names = self._unpacked(node, goals)
        for target, value in zip(targets, names, strict=True):
            self.assign_to(target, value, node)

    def _fresh(self, value: rs.Expression) -> rs.Expression:
        name = self.temporary()
        self.emit(rn.let(name, value))
        return rs.Name(name)

    def _unpacked(self, node: tree.Assign, goals: list[Kind]) -> list[rs.Expression]:
        kind = self.kind(node.value)
        if kind.name != "tuple" or len(kind.arguments) != len(goals):
            raise self.refuse("an assignment to several places of what is no tuple of that size", node)
        names = [self.temporary() for _ in goals]
        self.emit(rs.Let(rs.TuplePattern(tuple(map(rs.Bind, names))), None, self.value(node.value)))
        parts = zip(names, kind.arguments, goals, strict=True)
        return [self.convert(rs.Name(name), part, goal, node) for name, part, goal in parts]

    def assigned_value(self, node: tree.Assign) -> rs.Expression:
        """An assignment as a value: what was assigned."""
        with self.collecting() as body:
            self.assign(node)
        if isinstance(node.target, tree.TupleLiteral | tree.ListLiteral) or self.natural(node) == NIL:
            return rn.block(body, rn.unit())
        with self.collecting() as more:
            value = self.value(node.target)
        return rn.block(
            [*body, *more], self.convert(value, self.kind(node.target), self.natural(node), node, checked=True)
        )


def field_name(word: str) -> str:
    """The name of a field in Rust: those of tuples have numbers for names."""
    return f"field_{word}" if word.isdecimal() else word


def _holds_object(kind: Kind) -> bool:
    """Whether a value is an object or nil, as a field of an object is."""
    return kind.name == "maybe" and kind.arguments[0].name == "dict"


def _is_constant(node: tree.Expression) -> bool:
    return isinstance(node, tree.Integer | tree.Text | tree.Boolean)


def _bare(value: rs.Expression) -> rs.Expression:
    return rs.Integer(value.value) if isinstance(value, rs.Integer) else value
