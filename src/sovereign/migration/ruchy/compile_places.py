"""Variables, fields, elements; assignments and methods that change them.

Enters: expressions that name a place. Leaves: Python expressions and statements. Values are never shared for the
program: whatever changes one first makes sure that this place alone holds it, and copies it where another does. The
copy is flat, its parts are shared until they are changed themselves. No copy and no question is needed where
`ownership.py` saw that a variable is the only holder. Read `compile_calls.py` next.
"""

from __future__ import annotations

import _ast as ast

from sovereign.migration.ruchy import python_nodes as py
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.compile_operators import OperatorWriter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sovereign.migration.ruchy.names import Binding

__all__ = ["PlaceWriter"]

_VARIABLE_HOLDS = 2
_FIELD_HOLDS = 3
_INDEXED = frozenset({"list", "str"})


class PlaceWriter(OperatorWriter):
    """Writes reads and changes of places."""

    def is_only_holder(self, binding: Binding, node: tree.Node) -> bool:
        """Whether no other place can hold the value of a variable that is changed at a node."""
        raise NotImplementedError

    def value_of_binding(self, node: tree.Node, binding: Binding) -> ast.expr:
        """What a name means that is no variable."""
        raise NotImplementedError

    # Reading.

    def name(self, node: tree.Name) -> ast.expr:
        """A name on its own."""
        binding = self.names.meant.get(node)
        if binding is None:
            return self.library_constant(node.name)
        if not binding.is_variable:
            return self.value_of_binding(node, binding)
        value = self.read(binding)
        if binding is self.routine.borrowed and node.name == "self":
            # The caller's place holds it too; whoever takes it as a value gets another one.
            return py.call("copied", value)
        return value

    def path(self, node: tree.Path) -> ast.expr:
        """`Color::Red`, `f64::MAX`."""
        binding = self.names.meant[node]
        return self.value_of_binding(node, binding)

    def base(self, node: tree.Expression) -> ast.expr:
        """A value of which only a part is used: no copy of the receiver is needed."""
        if isinstance(node, tree.Name):
            binding = self.names.meant.get(node)
            if binding is not None and binding.is_variable:
                return self.read(binding)
        return self.value(node)

    def field(self, node: tree.Field) -> ast.expr:
        """`value.name`."""
        binding = self.names.meant.get(node)
        if binding is not None:
            return self.value_of_binding(node, binding)
        value = self.base(node.receiver)
        if node.is_optional:
            value = self.once(value)
            found = self._field_of(value, node)
            return py.choose(py.compare(value, (ast.Is(), py.constant(None))), py.constant(None), found)
        return self._field_of(value, node)

    def _field_of(self, value: ast.expr, node: tree.Field) -> ast.expr:
        slot = self.slot(node)
        if slot is not None:
            return self.at(py.attribute(value, slot), node)
        if self.kind(node.receiver).startswith("tuple") and node.name.isdecimal():
            return self.at(py.item(value, py.constant(int(node.name))), node)
        return self.at(py.call("field", value, py.constant(node.name)), node)

    def slot(self, node: tree.Field) -> str | None:
        """The attribute of a struct that a field is, where the struct is known."""
        declared = self.typed.declared(node.receiver)
        if declared is None or self.kind(node.receiver) != "struct":
            return None
        known = any(entry.name == node.name for entry in declared.fields())
        return slot_name(node.name) if known else None

    def index(self, node: tree.Index) -> ast.expr:
        """`value[index]` and `value[a..b]`."""
        if isinstance(node.index, tree.Range):
            return self._slice(node, node.index)
        value, index = self.in_order([lambda: self.base(node.receiver), lambda: self.value(node.index)])
        kinds = self.kind(node.receiver), self.kind(node.index)
        if (kinds[0] in _INDEXED and kinds[1] == "i64") or kinds == ("dict", "str"):
            return self.at(py.item(value, index), node)
        return self.at(py.call("subscript", value, index), node)

    def _slice(self, node: tree.Index, limits: tree.Range) -> ast.expr:
        ends = [
            lambda end=end: self.value(end) if end is not None else py.constant(None)
            for end in (limits.start, limits.stop)
        ]
        value, start, stop = self.in_order([lambda: self.base(node.receiver), *ends])
        return self.at(py.call("sliced", value, start, stop, py.constant(limits.is_inclusive)), node)

    # Owning.

    def owned(self, node: tree.Expression, depth: int = 0) -> ast.expr:
        """A value that may be changed in its place, since nobody else holds it any more."""
        if isinstance(node, tree.Name):
            return self._owned_variable(node)
        if isinstance(node, tree.Field) and self.names.meant.get(node) is None:
            return self._owned_part(node, node.receiver, depth)
        if isinstance(node, tree.Index) and not isinstance(node.index, tree.Range):
            return self._owned_part(node, node.receiver, depth)
        return self.value(node)

    def _owned_variable(self, node: tree.Name) -> ast.expr:
        binding = self.names.meant.get(node)
        if binding is None or not binding.is_variable:
            return self.value(node)
        value = self.read(binding)
        if binding is self.routine.borrowed or self.is_shared(node) or self.is_only_holder(binding, node):
            return value
        copied = py.assign(self.target(binding), py.call("copied", value))
        self.emit(py.when(self._has_others(value, _VARIABLE_HOLDS), [copied]), node)
        return value

    def _has_others(self, value: ast.expr, count: int) -> ast.expr:
        return py.compare(py.call("holders", value), (ast.Gt(), py.constant(count)))

    def is_shared(self, node: tree.Expression) -> bool:
        """Whether a value is one that several places may hold: an object of a class."""
        declared = self.typed.declared(node)
        return declared is not None and declared.is_shared

    def _owned_part(self, node: tree.Field | tree.Index, receiver: tree.Expression, depth: int) -> ast.expr:
        """A part of a value: the whole is owned first, then the part inside of it."""
        whole = self.base(receiver) if self.is_shared(receiver) else self.owned(receiver, depth + 1)
        index: ast.expr | None = None
        if isinstance(node, tree.Index):
            with self.collecting() as emitted:
                index = self.value(node.index)
            if emitted:
                whole = self.spill(whole)
                self.routine.body += emitted
            index = self.once(index)
        whole = self.once(whole) if not isinstance(whole, ast.Name) else whole
        name = f"p.{depth}"
        self.emit(py.assign(name, self._part(node, whole, index)), node)
        if self.is_shared(node):
            return py.load(name)
        copied = [
            py.assign(name, py.call("copied", py.load(name))),
            self._store_part(node, whole, index, py.load(name)),
        ]
        self.emit(py.when(self._has_others(py.load(name), _FIELD_HOLDS), copied), node)
        return py.load(name)

    def _part(self, node: tree.Field | tree.Index, whole: ast.expr, index: ast.expr | None) -> ast.expr:
        if isinstance(node, tree.Field):
            return self._field_of(whole, node)
        assert index is not None
        kinds = self.kind(node.receiver), self.kind(node.index)
        if kinds in {("list", "i64"), ("dict", "str")}:
            return py.item(whole, index)
        return py.call("subscript", whole, index)

    def _store_part(
        self, node: tree.Field | tree.Index, whole: ast.expr, index: ast.expr | None, value: ast.expr
    ) -> ast.stmt:
        if isinstance(node, tree.Field):
            slot = self.slot(node)
            if slot is not None:
                return py.assign(ast.Attribute(whole, slot, ast.Store()), value)
            return py.expression(py.call("set_field", whole, py.constant(node.name), value))
        assert index is not None
        if (self.kind(node.receiver), self.kind(node.index)) in {("list", "i64"), ("dict", "str")}:
            return py.assign(ast.Subscript(whole, index, ast.Store()), value)
        return py.expression(py.call("set_subscript", whole, index, value))

    # Assigning.

    def assign(self, node: tree.Assign) -> None:
        """`target = value`, `target += value`."""
        if node.operator:
            self._update(node)
        elif isinstance(node.target, tree.TupleLiteral | tree.ListLiteral):
            self._assign_several(node, node.target.items)
        else:
            value = self.value(node.value)
            self._assign_to(node.target, value, node)

    def _assign_to(self, target: tree.Expression, value: ast.expr, node: tree.Node) -> None:
        if isinstance(target, tree.Name | tree.Path):
            binding = self.names.meant.get(target)
            if binding is not None and binding.is_variable:
                self.emit(py.assign(self.target(binding), value), node)
                self.forget(binding)
            return
        if isinstance(target, tree.Field) and self.names.meant.get(target) is not None:
            binding = self.names.meant[target]
            self.emit(py.assign(self.target(binding), value), node)
            return
        value = value if isinstance(value, ast.Constant) else self.spill(value) if self._is_far(target) else value
        self._assign_part(target, value, node)

    def _is_far(self, target: tree.Expression) -> bool:
        """Whether reaching the place needs statements, before which the value has to be computed."""
        if isinstance(target, tree.Field | tree.Index):
            receiver = target.receiver
            if isinstance(receiver, tree.Name):
                binding = self.names.meant.get(receiver)
                is_quiet = binding is self.routine.borrowed or self.is_shared(receiver)
                is_quiet = is_quiet or (binding is not None and self.is_only_holder(binding, receiver))
                return not is_quiet or (isinstance(target, tree.Index) and not _is_plain(target.index))
        return True

    def _assign_part(self, target: tree.Expression, value: ast.expr, node: tree.Node) -> None:
        assert isinstance(target, tree.Field | tree.Index)
        receiver = target.receiver
        whole = self.base(receiver) if self.is_shared(receiver) else self.owned(receiver)
        index: ast.expr | None = None
        if isinstance(target, tree.Index):
            with self.collecting() as emitted:
                index = self.value(target.index)
            if emitted:
                whole = self.spill(whole)
                self.routine.body += emitted
        self.emit(self._store_part(target, whole, index, value), node)

    def _update(self, node: tree.Assign) -> None:
        """`target += value`: the place is read once."""
        target = node.target
        if isinstance(target, tree.Name):
            left, right = self.in_order([lambda: self.value(target), lambda: self.value(node.value)])
            value = self.at(self.operate(node.operator, left, right, target, node.value), node)
            self._assign_to(target, value, node)
            return
        assert isinstance(target, tree.Field | tree.Index)
        whole = self.base(target.receiver) if self.is_shared(target.receiver) else self.owned(target.receiver)
        whole = whole if isinstance(whole, ast.Name) else self.spill(whole)
        index = self.once(self.value(target.index)) if isinstance(target, tree.Index) else None
        old = self._part(target, whole, index)
        with self.collecting() as emitted:
            right = self.value(node.value)
        if emitted:
            old = self.spill(old)
            self.routine.body += emitted
        value = self.at(self.operate(node.operator, old, right, target, node.value), node)
        value = self.converted(node, value)
        self.emit(self._store_part(target, whole, index, value), node)

    def _assign_several(self, node: tree.Assign, targets: tuple[tree.Expression, ...]) -> None:
        """`(a, b) = (b, a)`: all values come first."""
        if isinstance(node.value, tree.TupleLiteral | tree.ListLiteral) and len(node.value.items) == len(targets):
            values = [self.spill(each) for each in self.values(node.value.items)]
        else:
            whole = self.spill(py.call("unpacked", self.value(node.value), py.constant(len(targets))))
            values = [py.item(whole, py.constant(place)) for place in range(len(targets))]
        for target, value in zip(targets, values, strict=True):
            self._assign_to(target, value, node)

    def forget(self, binding: Binding) -> None:
        """What was known about the number in a variable holds no longer."""
        raise NotImplementedError

    def assigned_value(self, node: tree.Assign) -> ast.expr:
        """An assignment as a value: what was assigned."""
        self.assign(node)
        if isinstance(node.target, tree.TupleLiteral | tree.ListLiteral):
            return py.constant(None)
        return self.value(node.target)


def slot_name(name: str) -> str:
    """The attribute of a field: those of tuples have numbers for names."""
    return f"_{name}" if name.isdecimal() else name


def _is_plain(node: tree.Expression) -> bool:
    return isinstance(node, tree.Name | tree.Integer | tree.Text)
