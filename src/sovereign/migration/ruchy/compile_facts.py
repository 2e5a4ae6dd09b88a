"""What is known about the numbers in variables while a function is written.

Enters: conditions, assignments and loops as they are passed. Leaves: bounds, by which the compiler leaves out checks
that cannot fail: in `while i < n { ... i = i + 1 }` the sum never overflows. A variable that a closure may change has
no bounds. Read `compile_python.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.bounds import EVERY, Bounds
from sovereign.migration.ruchy.compile_control import ControlWriter
from sovereign.migration.ruchy.lean import contextmanager
from sovereign.migration.ruchy.values import LARGEST, SMALLEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from sovereign.migration.ruchy.compile_base import LoopFrame
    from sovereign.migration.ruchy.names import Binding

__all__ = ["FactWriter"]

_LENGTH = Bounds(0, 1 << 47)
_LENGTHS = frozenset({"len", "length", "count"})
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_DEEPEST = 40


class FactWriter(ControlWriter):
    """Keeps bounds of variables."""

    facts: dict[Binding, Bounds]

    def bounds(self, node: tree.Expression, depth: int = 0) -> Bounds:
        """Between which numbers an integer lies."""
        handler = _BOUNDS.get(type(node))
        return handler(self, node, depth + 1) if handler is not None and depth < _DEEPEST else EVERY

    def _literal_bounds(self, node: tree.Integer, _depth: int) -> Bounds:
        return Bounds(node.value, node.value)

    def _name_bounds(self, node: tree.Name, _depth: int) -> Bounds:
        binding = self.names.meant.get(node)
        return self.facts.get(binding, EVERY) if binding is not None else EVERY

    def _binary_bounds(self, node: tree.Binary, depth: int) -> Bounds:
        if self.kind(node.left) != "i64" or self.kind(node.right) != "i64":
            return EVERY
        left, right = self.bounds(node.left, depth), self.bounds(node.right, depth)
        if node.operator in {"+", "-", "*"}:
            return left.combined(node.operator, right).cut()
        if node.operator == "%" and right.low > 0:
            high = right.high - 1
            return Bounds(0 if left.low >= 0 else -high, min(high, left.high) if left.low >= 0 else high)
        if node.operator == "/" and right.low > 0:
            return Bounds(min(left.low, 0), max(left.high, 0))
        if node.operator == "&" and (left.low >= 0 or right.low >= 0):
            return Bounds(0, min(each.high for each in (left, right) if each.low >= 0))
        return EVERY

    def _method_bounds(self, node: tree.MethodCall, _depth: int) -> Bounds:
        if node.name in _LENGTHS and self.kind(node.receiver) in {"list", "str", "dict", "set"}:
            return _LENGTH
        return EVERY

    def _call_bounds(self, node: tree.Call, _depth: int) -> Bounds:
        binding = self.names.meant.get(node.function)
        return _LENGTH if binding is not None and binding.kind == "builtin" and binding.name == "len" else EVERY

    def _if_bounds(self, node: tree.If, depth: int) -> Bounds:
        if node.otherwise is None:
            return EVERY
        return self.bounds(node.then, depth).joined(self.bounds(node.otherwise, depth))

    def _block_bounds(self, node: tree.Block, depth: int) -> Bounds:
        return self.bounds(node.statements[0], depth) if len(node.statements) == 1 else EVERY

    # Learning.

    def _is_followed(self, binding: Binding) -> bool:
        return binding.is_variable and not (binding.is_captured and binding.assignments) and not self.is_global(binding)

    def forget(self, binding: Binding) -> None:
        """What was known about a variable holds no longer."""
        self.facts.pop(binding, None)

    def learn(self, binding: Binding, bounds: Bounds) -> None:
        """A variable lies between these numbers from here on."""
        if self._is_followed(binding) and bounds != EVERY:
            self.facts[binding] = bounds
        else:
            self.facts.pop(binding, None)

    def learn_let(self, node: tree.Let) -> None:
        """Remember between which numbers a fresh variable lies."""
        if isinstance(node.pattern, tree.BindPattern) and self.kind(node.value) == "i64" and node.type is None:
            self.learn(self.names.meant[node.pattern], self.bounds(node.value))

    def learn_behind(self, statement: tree.Expression) -> None:
        """Behind `if condition { return }` the condition does not hold."""
        if isinstance(statement, tree.If) and statement.otherwise is None and _leaves(statement.then):
            self._learn_condition(statement.condition, holds=False)

    def learn_loop(self, binding: Binding, iterable: tree.Expression) -> None:  # type: ignore[override] # it is one
        """The variable of a loop over a range lies inside of it."""
        if isinstance(iterable, tree.MethodCall) and iterable.name in {"rev", "step_by"}:
            iterable = iterable.receiver
        if not isinstance(iterable, tree.Range) or iterable.start is None or binding.assignments:
            return
        high = self.bounds(iterable.stop).high if iterable.stop is not None else LARGEST
        low = self.bounds(iterable.start).low
        self.learn(binding, Bounds(low, max(high - (not iterable.is_inclusive), low)))

    def assign(self, node: tree.Assign) -> None:
        """`target = value`, with what it says about the target."""
        binding = self.names.meant.get(node.target)
        found = EVERY
        if binding is not None and self.kind(node.target) == "i64" and self.kind(node.value) == "i64":
            found = self.bounds(node.value)
            if node.operator:
                whole = tree.Binary(node.place, node.operator, node.target, node.value)
                found = self._binary_bounds(whole, 0)
        super().assign(node)
        if binding is not None:
            self.learn(binding, found)

    # Branches and loops.

    def facts_when(self, condition: tree.Expression, *, holds: bool) -> AbstractContextManager[None]:
        """Know more about numbers while a `with` block runs under a condition."""
        return self._facts_under(condition, holds=holds)

    def branch(self) -> AbstractContextManager[None]:
        """Write what may not run at all while a `with` block runs: what is learned there holds only there."""
        return self._facts_under(None, holds=True)

    def forget_assigned(self, node: tree.Node) -> None:
        """What a node assigns is unknown from here on."""
        for binding in self._assigned_in(node):
            self.forget(binding)

    @contextmanager
    def _facts_under(self, condition: tree.Expression | None, *, holds: bool) -> Iterator[None]:
        kept = dict(self.facts)
        if condition is not None:
            self._learn_condition(condition, holds=holds)
        entered = dict(self.facts)
        try:
            yield
        finally:
            # What was assigned in the branch is unknown behind it.
            changed = {each for each in {*entered, *self.facts} if self.facts.get(each) != entered.get(each)}
            self.facts = {binding: found for binding, found in kept.items() if binding not in changed}

    def _learn_condition(self, condition: tree.Expression, *, holds: bool) -> None:
        if not any(isinstance(each, tree.Assign) for each in tree.walk(condition)):
            self._refine(condition, holds=holds)

    def _refine(self, condition: tree.Expression, *, holds: bool) -> None:
        if isinstance(condition, tree.Unary) and condition.operator == "!":
            self._refine(condition.operand, holds=not holds)
        elif isinstance(condition, tree.Binary):
            if condition.operator == ("&&" if holds else "||"):
                self._refine(condition.left, holds=holds)
                self._refine(condition.right, holds=holds)
            elif condition.operator in _MIRRORED:
                operator = condition.operator if holds else _OPPOSITE[condition.operator]
                self._refine_side(condition.left, operator, condition.right)
                self._refine_side(condition.right, _MIRRORED[operator], condition.left)

    def _refine_side(self, node: tree.Expression, operator: str, other: tree.Expression) -> None:
        binding = self.names.meant.get(node) if isinstance(node, tree.Name) else None
        if binding is None or self.kind(node) != "i64" or self.kind(other) != "i64" or not self._is_followed(binding):
            return
        limit = self.bounds(other)
        limits = {
            "<": Bounds(SMALLEST, limit.high - 1),
            "<=": Bounds(SMALLEST, limit.high),
            ">": Bounds(limit.low + 1, LARGEST),
            ">=": Bounds(limit.low, LARGEST),
            "==": limit,
        }
        if operator in limits:
            self.learn(binding, self.facts.get(binding, EVERY).met(limits[operator]))

    @contextmanager
    def looping(self, frame: LoopFrame, node: tree.Node) -> Iterator[None]:
        """Be inside of a loop while a `with` block runs: of what it assigns, what each round keeps is known."""
        assigned = self._assigned_in(node)
        for binding, nodes in assigned.items():
            self._keep_one_side(binding, nodes)
        entered = dict(self.facts)
        self.routine.loops.append(frame)
        try:
            yield
        finally:
            self.routine.loops.pop()
            self.facts = {
                binding: found
                for binding, found in entered.items()
                if binding in assigned or self.facts.get(binding) == found
            }

    def _assigned_in(self, node: tree.Node) -> dict[Binding, list[tree.Assign]]:
        found: dict[Binding, list[tree.Assign]] = {}
        for each in tree.walk(node):
            if isinstance(each, tree.Assign):
                whole = each.target
                targets = whole.items if isinstance(whole, tree.TupleLiteral | tree.ListLiteral) else (whole,)
                for target in targets:
                    binding = self.names.meant.get(target)
                    if binding is not None:
                        found.setdefault(binding, []).append(each)
        return found

    def _keep_one_side(self, binding: Binding, nodes: list[tree.Assign]) -> None:
        """A variable that only grows stays above its first value, one that only shrinks below it."""
        known = self.facts.pop(binding, None)
        if known is None:
            return
        steps = [self._step(binding, node) for node in nodes]
        if all(step > 0 for step in steps):
            self.learn(binding, Bounds(known.low, LARGEST))
        elif all(step < 0 for step in steps):
            self.learn(binding, Bounds(SMALLEST, known.high))

    def _step(self, binding: Binding, node: tree.Assign) -> int:
        """1 when an assignment only makes a variable larger, -1 when smaller, 0 when nothing is known."""
        if not isinstance(node.target, tree.Name):
            return 0
        operator, step = node.operator, node.value
        if not operator and isinstance(step, tree.Binary):
            left = self.names.meant.get(step.left) if isinstance(step.left, tree.Name) else None
            if left is not binding:
                return 0
            operator, step = step.operator, step.right
        if not isinstance(step, tree.Integer) or step.value < 0:
            return 0
        return {"+": 1, "-": -1}.get(operator, 0)


def _leaves(node: tree.Expression) -> bool:
    """Whether nothing behind a node is reached from it."""
    if isinstance(node, tree.Block):
        return bool(node.statements) and _leaves(node.statements[-1])
    return isinstance(node, tree.Return | tree.Break | tree.Continue | tree.Throw)


_BOUNDS: dict[type[tree.Expression], Callable[..., Bounds]] = {
    tree.Integer: FactWriter._literal_bounds,
    tree.Name: FactWriter._name_bounds,
    tree.Binary: FactWriter._binary_bounds,
    tree.MethodCall: FactWriter._method_bounds,
    tree.Call: FactWriter._call_bounds,
    tree.If: FactWriter._if_bounds,
    tree.Block: FactWriter._block_bounds,
}
