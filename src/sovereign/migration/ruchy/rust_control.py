"""Blocks, conditions, matches, loops and errors in Rust.

Enters: expressions that steer. Leaves: Rust statements and expressions; where a value is wanted its kind is the goal,
where none is the goal is None. Read `rust_items.py` next.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from sovereign.migration.ruchy import rust_nodes as rn
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.rust_base import LoopFrame, TryFrame, Variable, is_quiet
from sovereign.migration.ruchy.rust_kinds import DYN, I64, NIL, Kind, is_copied
from sovereign.migration.ruchy.rust_patterns import RustPatterns
from sovereign.migration.ruchy.rust_views import used_by_elements
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sovereign.migration.ruchy.names import Binding

__all__ = ["RustControl"]

_DECLARATIONS = (
    tree.FunctionDeclaration, tree.StructDeclaration, tree.EnumDeclaration, tree.TraitDeclaration, tree.ImplDeclaration,
    tree.ActorDeclaration, tree.ImportDeclaration, tree.TypeDeclaration,
)  # fmt: skip


class RustControl(RustPatterns):
    """Writes control flow."""

    # Where values go.

    def value_as(self, node: tree.Expression, goal: Kind) -> rs.Expression:
        """The value of an expression where a kind is wanted."""
        if isinstance(node, tree.Closure) and goal.name == "fn" and node not in self.typed.casts:
            return self.closure_value(node, goal)
        into = _INTO.get(type(node))
        if into is not None and node not in self.typed.casts:
            return into(self, node, goal)
        if goal == NIL and self.kind(node) != NIL and self.kind(node).name != "maybe":
            return rn.block([rn.done(self.value(node))], rn.unit())
        return self.convert(self.value(node), self.kind(node), goal, node)

    def statement(self, node: tree.Expression) -> None:
        """An expression whose value nobody wants."""
        if isinstance(node, _DECLARATIONS):
            return
        handler = _STATEMENTS.get(type(node))
        if handler is not None:
            handler(self, node)
            return
        into = _INTO.get(type(node))
        value = into(self, node, None) if into is not None else self.value(node)
        if isinstance(value, rs.Name | rs.Integer | rs.Float | rs.Boolean) or value == rn.UNIT:
            return
        self.emit(rn.done(value, self.line(node)))

    def block_as(self, node: tree.Expression, goal: Kind | None) -> rs.Block:
        """An expression as a block whose value is of a kind; without a value where there is no goal."""
        # What a value is brought to does not matter where nobody wants it.
        is_open = isinstance(node, tree.Block) and (goal is None or node not in self.typed.casts)
        statements = node.statements if isinstance(node, tree.Block) and is_open else (node,)
        with self.collecting() as body:
            value = self.statements(statements, goal)
        if isinstance(value, rs.BlockExpression) and not value.label:
            return rs.Block((*body, *value.block.statements), value.block.value, value.block.line)
        return rs.Block(tuple(body), value, self.line(statements[-1]) if statements else None)

    def statements(self, statements: Sequence[tree.Expression], goal: Kind | None) -> rs.Expression | None:
        """Emit statements; the value of the last one where a goal wants it."""
        for statement in statements[:-1]:
            self.statement(statement)
        if goal is None:
            for statement in statements[-1:]:
                self.statement(statement)
            return None
        if not statements:
            return self.convert(rn.unit(), NIL, goal, self.checked.programs[-1])
        return self._last(statements[-1], goal)

    def _last(self, node: tree.Expression, goal: Kind) -> rs.Expression:
        if isinstance(node, tree.Let):
            self.let(node)
            return self._let_value(node, goal)
        if isinstance(node, tree.Assign) and goal == NIL:
            self.assign(node)
            return rn.unit()
        if isinstance(node, _DECLARATIONS):
            return self.convert(rn.unit(), NIL, goal, node)
        if goal == NIL and type(node) in _STATEMENTS:
            self.statement(node)
            return rn.unit()
        return self.value_as(node, goal)

    def _let_value(self, node: tree.Let, goal: Kind) -> rs.Expression:
        if isinstance(node.pattern, tree.BindPattern) and node.pattern.inner is None:
            variable = self.variable(self.names.meant[node.pattern], node)
            if goal == NIL:
                return rn.unit()
            return self.convert(self.current(variable), variable.kind, goal, node)
        return self.convert(rn.unit(), NIL, goal, node)

    def block(self, node: tree.Block, goal: Kind | None) -> rs.Expression:
        """`{ statements }`."""
        return rs.BlockExpression(self.block_as(node, goal))

    def module(self, node: tree.ModuleDeclaration) -> None:
        """The statements of a module run where it stands."""
        for statement in node.body.statements:
            self.statement(statement)

    def let(self, node: tree.Let) -> None:
        """`let pattern = value`."""
        if isinstance(node.value, tree.Closure) and isinstance(node.pattern, tree.BindPattern):
            self.let_closure(node, node.value, node.pattern)
            return
        if node.otherwise is not None:
            name = self.temporary()
            self.emit(rn.let(name, self.value(node.value), line=self.line(node)))
            self.bind_or(node.pattern, rs.Name(name), self.kind(node.value), self.block_as(node.otherwise, None))
            return
        binding = self.names.meant.get(node.pattern)
        if (
            isinstance(node.pattern, tree.BindPattern)
            and node.pattern.inner is None
            and binding is not None
            and binding.is_variable
        ):
            kind = self.variable_kind(binding)
            if kind == NIL or self.kind(node.value).name == "never":
                self.statement(node.value)
                self.emit(self.bound(binding, rn.unit(), kind, node))
                return
            self.emit(self.bound(binding, self.value_as(node.value, kind), kind, node))
            return
        self.take_apart(node.pattern, self.value(node.value), self.kind(node.value), node)

    def let_closure(self, node: tree.Let, closure: tree.Closure, pattern: tree.BindPattern) -> None:
        """A closure with a name, which it may call itself."""
        raise NotImplementedError

    # Conditions.

    def if_(self, node: tree.If, goal: Kind | None) -> rs.Expression:
        """`if`."""
        if isinstance(node.condition, tree.LetCondition):
            return self._if_let(node, node.condition, goal)
        condition = self.condition(node.condition)
        then = self.block_as(node.then, goal)
        return rs.If(condition, then, self._orelse(node, goal))

    def _orelse(self, node: tree.If, goal: Kind | None) -> rs.Block | rs.If | None:
        if node.otherwise is None:
            return None if goal is None else rs.Block((), self.convert(rn.unit(), NIL, goal, node))
        if isinstance(node.otherwise, tree.If) and node.otherwise not in self.typed.casts:
            found = self.if_(node.otherwise, goal)
            return found if isinstance(found, rs.If) else rs.Block((), found)
        return self.block_as(node.otherwise, goal)

    def _if_let(self, node: tree.If, condition: tree.LetCondition, goal: Kind | None) -> rs.Expression:
        label = self.label("found")
        kind = self.kind(condition.value)
        with self.collecting() as body:
            subject = self.hold(self.value(condition.value))
            for pattern in self.alternatives(condition.pattern):
                steps = self.steps(pattern, subject, kind)
                self.out += self.nested(steps, lambda: self._chosen(node.then, goal, label))
            value = self._otherwise_value(node, goal)
        return rn.block(body, value, label)

    def _otherwise_value(self, node: tree.If, goal: Kind | None) -> rs.Expression | None:
        if node.otherwise is None:
            return None if goal is None else self.convert(rn.unit(), NIL, goal, node)
        found = self.block_as(node.otherwise, goal)
        self.out += found.statements
        return found.value

    def _chosen(self, node: tree.Expression, goal: Kind | None, label: str) -> list[rs.Statement]:
        """The body of an arm, which leaves its match with its value."""
        self.frame.loops.append(_BARRIER)
        found = self.block_as(node, goal)
        self.frame.loops.pop()
        return [*found.statements, rn.done(rs.Break(label, found.value))]

    def let_condition(self, node: tree.LetCondition) -> rs.Expression:
        """`let pattern = value` as a truth."""
        raise self.refuse("`let` as a value", node)

    # Match.

    def match(self, node: tree.Match, goal: Kind | None) -> rs.Expression:
        """`match`: the arms one after the other, each leaving with its value."""
        label = self.label("arm")
        kind = self.kind(node.subject)
        is_total = False
        with self.collecting() as body:
            subject = self._subject(node.subject)
            for arm in node.arms:
                for pattern in self.alternatives(arm.pattern):
                    steps = self.steps(pattern, subject, kind)
                    self.out += self.nested(steps, partial(self._guarded, arm, goal, label))
                    is_total = arm.guard is None and all(step.condition is None for step in steps)
                if is_total:
                    break
            value = None
            if not is_total:
                value = rn.call("no_arm", rn.borrow(subject))
        if is_total:
            return self._total(body, label)
        return rn.block(body, value, label)

    def _total(self, body: list[rs.Statement], label: str) -> rs.Expression:
        """A match whose last arm fits everything: its value is that of the block."""
        last = body[-1]
        assert isinstance(last, rs.Evaluate)
        assert isinstance(last.value, rs.Break)
        return rn.block(body[:-1], last.value.value, label)

    def _guarded(self, arm: tree.Arm, goal: Kind | None, label: str) -> list[rs.Statement]:
        if arm.guard is None:
            return self._chosen(arm.body, goal, label)
        guard = self.condition(arm.guard)
        return [rn.done(rs.If(guard, rs.Block(tuple(self._chosen(arm.body, goal, label)))), self.line(arm))]

    def _subject(self, node: tree.Expression) -> rs.Expression:
        if isinstance(node, tree.Name) and node not in self.typed.casts:
            binding = self.names.meant.get(node)
            if binding is not None and binding.is_variable and binding not in self.changed:
                variable = self.variable(binding, node)
                if variable.storage == "plain":
                    return rs.Name(variable.name)
                if variable.storage == "borrowed":
                    return rs.Deref(rs.Name(variable.name))
        name = self.temporary()
        self.emit(rn.let(name, self.value(node)))
        return rs.Name(name)

    # Loops.

    def _open(self, label: str | None, goal: Kind | None = None, outer: str = "") -> LoopFrame:
        frame = LoopFrame(label, self.label(label or "loop"), goal, outer)
        self.frame.loops.append(frame)
        return frame

    def _close(self) -> None:
        self.frame.loops.pop()

    @contextmanager
    def viewing(self, node: tree.Node) -> Iterator[list[rs.Statement]]:
        """See lists that a loop uses only by their elements as slices; what makes those has to run before it."""
        changing = {method.name for method in self.ownership.changing}
        kept: dict[Binding, Variable] = {}
        lets: list[rs.Statement] = []
        for binding, is_changed in used_by_elements(node, self.names.meant, self._is_part, changing).items():
            variable = self.frame.variables.get(binding)
            if variable is None or variable.kind.name != "list" or variable.is_view:
                continue
            if variable.storage != "plain" and (variable.storage != "borrowed" or is_changed):
                continue
            name = self.temporary()
            way = "view" if is_changed else "sight"
            lets.append(rn.let(name, rn.method(rs.Name(variable.name), way), mutable=is_changed))
            kept[binding] = variable
            self.frame.variables[binding] = Variable(name, variable.kind, "plain", is_view=True)
        yield lets
        self.frame.variables.update(kept)

    def _is_part(self, node: tree.Index) -> bool:
        name = node.receiver
        return name not in self.typed.casts and (self.kind(name).name, self.kind(node.index)) == ("list", I64)

    def while_(self, node: tree.While) -> None:
        """`while`, and `while let`."""
        with self.viewing(node) as lets:
            self.out += lets
            self._while(node)

    def _while(self, node: tree.While) -> None:
        line = self.line(node)
        frame = self._open(node.label)
        if isinstance(node.condition, tree.LetCondition):
            body = self._while_let(node, node.condition, frame)
            self.emit(rs.Loop(rs.Block(tuple(body)), frame.name, line))
        else:
            condition = self.condition(node.condition)
            body_block = self.block_as(node.body, None)
            self.emit(rs.While(condition, body_block, frame.name if frame.is_used else "", line))
        self._close()

    def _while_let(self, node: tree.While, condition: tree.LetCondition, frame: LoopFrame) -> list[rs.Statement]:
        kind = self.kind(condition.value)
        with self.collecting() as body:
            subject = self.hold(self.value(condition.value))
            for pattern in self.alternatives(condition.pattern):
                steps = self.steps(pattern, subject, kind)
                self.out += self.nested(steps, lambda: self._round(node.body, frame))
            self.emit(rn.done(rs.Break(frame.name)))
        return body

    def _round(self, body: tree.Block, frame: LoopFrame) -> list[rs.Statement]:
        found = self.block_as(body, None)
        return [*found.statements, rn.done(rs.Continue(frame.name))]

    def loop(self, node: tree.Loop, goal: Kind | None) -> rs.Expression:
        """`loop`; `break value` gives its value."""
        outer = self.label("value")
        with self.viewing(node) as lets:
            frame = self._open(node.label, goal, outer)
            body = self.block_as(node.body, None)
            self._close()
        loop = rs.Loop(body, frame.name if frame.is_used else "", self.line(node))
        return rn.block([*lets, loop], None, outer if goal is not None else "")

    def for_(self, node: tree.For) -> None:
        """`for pattern in iterable`."""
        with self.viewing(node) as lets:
            self.out += lets
            self._for(node)

    def _for(self, node: tree.For) -> None:
        frame = self._open(node.label)
        self.frame.loops.pop()
        values, kind = self.iterated(node.iterable, node.body)
        self.frame.loops.append(frame)
        pattern, lets = self._loop_pattern(node.pattern, kind, node)
        body = self.block_as(node.body, None)
        whole = rs.Block((*lets, *body.statements), body.value)
        self._close()
        self.emit(rs.For(pattern, values, whole, frame.name if frame.is_used else "", self.line(node)))

    def _loop_pattern(
        self, pattern: tree.Pattern, kind: Kind, node: tree.Node
    ) -> tuple[rs.Pattern, list[rs.Statement]]:
        if isinstance(pattern, tree.WildcardPattern):
            return rs.Wildcard(), []
        if isinstance(pattern, tree.BindPattern) and pattern.inner is None:
            binding = self.names.meant[pattern]
            is_held = binding.is_captured and (binding in self.changed or binding.is_global)
            if binding.is_variable and self.variable_kind(binding) == kind and not is_held:
                variable = self.declare(binding)
                return rs.Bind(variable.name, mutable=binding in self.changed), []
        if (
            isinstance(pattern, tree.TuplePattern)
            and kind.name == "tuple"
            and len(kind.arguments) == len(pattern.items)
        ):
            parts = [
                self._loop_pattern(item, part, node) for item, part in zip(pattern.items, kind.arguments, strict=True)
            ]
            return rs.TuplePattern(tuple(part for part, _ in parts)), [each for _, lets in parts for each in lets]
        name = self.temporary()
        with self.collecting() as lets:
            self.take_apart(pattern, rs.Name(name), kind, node)
        return rs.Bind(name), lets

    def iterated(self, node: tree.Expression, body: tree.Node) -> tuple[rs.Expression, Kind]:
        """What a loop goes through, and the kind of each value."""
        if isinstance(node, tree.Range):
            return self._counted(node), I64
        if isinstance(node, tree.MethodCall) and self.names.meant.get(node) is None:
            found = self._stepped(node, body)
            if found is not None:
                return found
        kind = self.kind(node)
        item = self.item_kind(kind)
        if kind.name == "list" and self._stays(node, body):
            copied = "copied" if is_copied(item) else "cloned"
            return rn.method(rn.method(rn.dotted(self.reading(node)), "iter"), copied), item
        if kind.name == "range":
            return rn.method(self.value(node), "numbers"), I64
        return rn.method(self.items_of(node), "into_items"), item

    def _stays(self, node: tree.Expression, body: tree.Node) -> bool:
        """Whether a loop goes through a variable that its body does not change."""
        if not isinstance(node, tree.Name) or node in self.typed.casts:
            return False
        binding = self.names.meant.get(node)
        if binding is None or not binding.is_variable:
            return False
        storage = self.variable(binding, node).storage
        if storage == "borrowed":
            return binding.kind == "parameter" and binding not in self.changed
        if storage != "plain":
            return False
        if binding not in self.changed:
            return True
        return not any(self.names.meant.get(each) is binding for each in tree.walk(body))

    def _counted(self, node: tree.Range) -> rs.Expression:
        if node.start is None or self.kind(node.start) != I64:
            raise self.refuse("a loop over a range of other values than integers", node)
        if node.stop is None:
            return rn.call("count_up", self.value(node.start))
        if self.kind(node.stop) != I64:
            raise self.refuse("a loop over a range of other values than integers", node)
        return rs.Range(self.value(node.start), self.value(node.stop), node.is_inclusive)

    def _stepped(self, node: tree.MethodCall, body: tree.Node) -> tuple[rs.Expression, Kind] | None:
        """`(a..b).rev()`, `(a..b).step_by(n)` and `xs.enumerate()` without a list of their own."""
        inner = node.receiver
        if node.name == "enumerate" and not node.arguments and self.kind(inner).name == "list":
            values, item = self.iterated(inner, body)
            return rn.call("numbered_from_zero", values), Kind("tuple", (I64, item))
        if not isinstance(inner, tree.Range) or inner.start is None or inner.stop is None:
            return None
        if node.name == "rev" and not node.arguments:
            return rn.method(self._counted(inner), "rev"), I64
        if node.name == "step_by" and len(node.arguments) == 1 and isinstance(node.arguments[0], tree.Integer):
            step = node.arguments[0].value
            if step > 0:
                return rn.method(self._counted(inner), "step_by", rs.Integer(step)), I64
        return None

    def comprehension(self, node: tree.Comprehension) -> rs.Expression:
        """`[element for x in xs if condition]`."""
        kind = self.natural(node)
        item = kind.arguments[0]
        name = self.temporary()
        with self.collecting() as body:
            self.emit(rn.let(name, rn.call(f"Array::<{self.spelled(item)}>::new"), mutable=True))
            self._clauses(node, 0, name, item)
        return rn.block(body, rs.Name(name))

    def _clauses(self, node: tree.Comprehension, place: int, name: str, item: Kind) -> None:
        if place == len(node.clauses):
            self.emit(rn.done(rn.method(rs.Name(name), "push", self.value_as(node.element, item))))
            return
        clause = node.clauses[place]
        if clause.pattern is None:
            condition = self.condition(clause.value)
            with self.collecting() as body:
                self._clauses(node, place + 1, name, item)
            self.emit(rn.done(rs.If(condition, rs.Block(tuple(body)))))
            return
        values, kind = self.iterated(clause.value, node)
        pattern, lets = self._loop_pattern(clause.pattern, kind, clause)
        with self.collecting() as body:
            self.out += lets
            self._clauses(node, place + 1, name, item)
        self.emit(rs.For(pattern, values, rs.Block(tuple(body))))

    # Leaving.

    def _target(self, label: str | None, node: tree.Node) -> tuple[int, LoopFrame]:
        for place in range(len(self.frame.loops) - 1, -1, -1):
            frame = self.frame.loops[place]
            if frame is not _BARRIER and label in {None, frame.label}:
                return place, frame
        raise self.refuse("a jump out of what is no loop here", node)

    def break_(self, node: tree.Break, _goal: Kind | None) -> rs.Expression:
        """`break`, out of an outer loop too."""
        place, frame = self._target(node.label, node)
        if self._crosses_try(place):
            if node.value is not None or frame.outer:
                raise self.refuse("a jump out of a `try` with a value", node)
            return self._jumped(frame, goes_on=False)
        if frame.outer and frame.goal is not None:
            value = (
                self.value_as(node.value, frame.goal)
                if node.value is not None
                else self.convert(rn.unit(), NIL, frame.goal, node)
            )
            return rs.Break(frame.outer, value)
        before = [rn.done(self.value(node.value))] if node.value is not None and not is_quiet(node.value) else []
        frame.is_used = True
        return rn.block(before, rs.Break(frame.name))

    def continue_(self, node: tree.Continue, _goal: Kind | None) -> rs.Expression:
        """`continue`, of an outer loop too."""
        place, frame = self._target(node.label, node)
        if self._crosses_try(place):
            return self._jumped(frame, goes_on=True)
        frame.is_used = True
        return rs.Continue(frame.name)

    def _jumped(self, frame: LoopFrame, *, goes_on: bool) -> rs.Expression:
        """Leave the innermost `try` for a loop around it."""
        jumps = self.frame.tries[-1].jumps
        if (frame, goes_on) not in jumps:
            jumps.append((frame, goes_on))
        number = jumps.index((frame, goes_on))
        return rs.Return(rn.call("Ended::Jumped", rs.Integer(number)))

    def _jumps(self, jumps: list[tuple[LoopFrame, bool]], name: str) -> rs.Expression:
        """Behind a `try`: go where a jump out of it leads."""
        found: rs.Expression = rs.MacroCall("unreachable", ())
        for number in range(len(jumps) - 1, -1, -1):
            frame, goes_on = jumps[number]
            place = self.frame.loops.index(frame)
            if self._crosses_try(place):
                jump = self._jumped(frame, goes_on=goes_on)
            else:
                frame.is_used = True
                jump = rs.Continue(frame.name) if goes_on else rs.Break(frame.name)
            if number == len(jumps) - 1:
                found = jump
            else:
                test = rs.Binary("==", rs.Name(name), rs.Integer(number))
                found = rs.If(test, rs.Block((), jump), rs.Block((), found))
        return found

    def _crosses_try(self, place: int) -> bool:
        return bool(self.frame.tries) and place < self.frame.tries[-1].depth

    def return_(self, node: tree.Return, _goal: Kind | None) -> rs.Expression:
        """`return value`."""
        if self.frame.is_top:
            raise self.refuse("`return` at the top of the program", node)
        value = None
        if node.value is not None:
            value = self.value_as(node.value, self.frame.result)
        elif self.frame.result != NIL:
            value = self.convert(rn.unit(), NIL, self.frame.result, node)
        return self.leaving(value)

    def leaving(self, value: rs.Expression | None) -> rs.Expression:
        """Leave the function with a value."""
        if self.frame.tries:
            for each in self.frame.tries:
                each.returns = True
            return rs.Return(rn.call("Ended::Returned", value if value is not None else rn.unit()))
        return rs.Return(None if value == rn.UNIT else value) if self.frame.result == NIL else rs.Return(value)

    def throw(self, node: tree.Throw, _goal: Kind | None) -> rs.Expression:
        """`throw value`."""
        return rn.call("throw", self.as_dyn(node.value))

    def try_(self, node: tree.Try) -> rs.Expression:
        """`value?`: an error or None leaves the function."""
        kind = self.kind(node.value)
        name, bad = self.temporary(), self.temporary()
        result = self.frame.result
        value = self.value(node.value)
        if kind.name == "result":
            failed: rs.Expression = rn.call("Err", rs.Name(bad))
            if result.name == "result":
                failed = rn.call(
                    f"Err::<{', '.join(map(self.spelled, result.arguments))}>",
                    self.convert(rs.Name(bad), kind.arguments[1], result.arguments[1], node),
                )
            elif not self.frame.is_top:
                failed = self.convert(
                    rn.call(f"Err::<{', '.join(map(self.spelled, kind.arguments))}>", rs.Name(bad)), kind, result, node
                )
            else:
                failed = rn.call(f"Err::<{', '.join(map(self.spelled, kind.arguments))}>", rs.Name(bad))
            arms = (
                rs.Arm(rs.VariantPattern("Ok", (rs.Bind(name),)), rs.Name(name)),
                rs.Arm(rs.VariantPattern("Err", (rs.Bind(bad),)), self._left(failed)),
            )
            return self.made(rs.Match(value, arms), kind.arguments[0], node)
        if kind.name == "option":
            none: rs.Expression = rs.Name(f"None::<{self.spelled(kind.arguments[0])}>")
            failed = none if self.frame.is_top or result.name != "option" else rs.Name("None")
            if not self.frame.is_top and result.name != "option":
                failed = self.convert(none, kind, result, node)
            arms = (
                rs.Arm(rs.VariantPattern("Some", (rs.Bind(name),)), rs.Name(name)),
                rs.Arm(rs.Wildcard(), self._left(failed)),
            )
            return self.made(rs.Match(value, arms), kind.arguments[0], node)
        if kind.name == "maybe":
            nil = rn.unit() if self.frame.is_top else self.convert(rn.unit(), NIL, result, node, checked=True)
            arms = (
                rs.Arm(rs.VariantPattern("Some", (rs.Bind(name),)), rs.Name(name)),
                rs.Arm(rs.VariantPattern("None"), self._left(nil)),
            )
            return self.made(rs.Match(rs.Field(value, "0"), arms), kind.arguments[0], node)
        if kind == DYN:
            left = self._left(
                self.convert(rs.Name(bad), DYN, result, node, checked=True) if not self.frame.is_top else rs.Name(bad)
            )
            arms = (
                rs.Arm(rs.VariantPattern("Ok", (rs.Bind(name),)), rs.Name(name)),
                rs.Arm(rs.VariantPattern("Err", (rs.Bind(bad),)), left),
            )
            return self.made(rs.Match(rn.call("good_part", value), arms), DYN, node)
        raise self.refuse(f"`?` on `{kind!r}`", node)

    def _left(self, value: rs.Expression) -> rs.Expression:
        return rn.call("failed_top", rs.Borrow(value)) if self.frame.is_top else self.leaving(value)

    def try_catch(self, node: tree.TryCatch, goal: Kind | None) -> rs.Expression:
        """`try`, `catch`, `finally`: the body is a function that an error leaves for here."""
        self.unwinds = True
        frame = TryFrame(len(self.frame.loops))
        self.frame.tries.append(frame)
        body = self._attempted(node.body, goal)
        catches = [self._caught(catch, goal, is_guarded=node.finally_ is not None) for catch in node.catches[:1]]
        self.frame.tries.pop()
        if not node.catches or node.finally_ is not None:
            return self._finally(node, body, catches, frame, goal)
        # Without `finally` the catch runs outside of the attempt.
        name = self.temporary()
        catch = node.catches[0]
        with self.collecting() as statements:
            handled = self._catch_block(catch, goal)
        arms = (
            *self._endings(name, frame),
            rs.Arm(rs.VariantPattern("Err", (rs.Bind(f"{name}e"),)), self._with_error(catch, f"{name}e", handled)),
        )
        return rn.block(statements, rs.Match(body, arms))

    def _attempted(self, node: tree.Expression, goal: Kind | None) -> rs.Expression:
        found = self.block_as(node, goal)
        value = rn.call("Ended::Finished", found.value if found.value is not None else rn.unit())
        kind = goal if goal is not None else NIL
        result = rs.NamedType(f"Ended<{self.spelled(kind)}, {self.spelled(self.frame.result)}>")
        return rn.call("attempt_body", rs.Closure((), rs.BlockExpression(rs.Block(found.statements, value)), result))

    def _catch_block(self, catch: tree.Catch, goal: Kind | None) -> rs.Block:
        if catch.name is not None:
            self.declare(self.names.meant[catch], DYN)
        return self.block_as(catch.body, goal)

    def _with_error(self, catch: tree.Catch, name: str, block: rs.Block) -> rs.Expression:
        found = rn.call("caught", rs.Name(name))
        if catch.name is None:
            before: rs.Statement = rn.done(found)
        else:
            variable = self.variable(self.names.meant[catch], catch)
            value = rn.call("Captured::new", found) if variable.storage == "shared" else found
            before = rn.let(variable.name, value, mutable=True)
        return rs.BlockExpression(rs.Block((before, *block.statements), block.value))

    def _caught(self, catch: tree.Catch, goal: Kind | None, *, is_guarded: bool) -> rs.Expression:
        if not is_guarded:
            return rn.unit()
        block = self._catch_block(catch, goal)
        value = rn.call("Ended::Finished", block.value if block.value is not None else rn.unit())
        return self._with_error(catch, "raised_", rs.Block(block.statements, value))

    def _endings(self, name: str, frame: TryFrame) -> list[rs.Arm]:
        done = rs.VariantPattern("Ok", (rs.VariantPattern("Ended::Finished", (rs.Bind(name),)),))
        left = rs.VariantPattern("Ok", (rs.VariantPattern("Ended::Returned", (rs.Bind(name),)),))
        gone = rs.VariantPattern("Ok", (rs.VariantPattern("Ended::Jumped", (rs.Bind(name),)),))
        return [
            rs.Arm(done, rs.Name(name)),
            rs.Arm(left, self._returned(name)),
            rs.Arm(gone, self._jumps(frame.jumps, name)),
        ]

    def _finally(
        self,
        node: tree.TryCatch,
        body: rs.Expression,
        catches: list[rs.Expression],
        frame: TryFrame,
        goal: Kind | None,
    ) -> rs.Expression:
        kind = goal if goal is not None else NIL
        name, ended = self.temporary(), self.temporary()
        statements: list[rs.Statement] = [rn.let(name, body)]
        result = rs.NamedType(f"Ended<{self.spelled(kind)}, {self.spelled(self.frame.result)}>")
        for made in catches:
            again = rn.call("attempt_body", rs.Closure((), made, result))
            arms = (
                rs.Arm(rs.VariantPattern("Err", (rs.Bind("raised_"),)), again),
                rs.Arm(rs.Bind(ended), rs.Name(ended)),
            )
            statements.append(rn.let(name, rs.Match(rs.Name(name), arms)))
        assert node.finally_ is not None or not catches
        if node.finally_ is not None:
            statements += self.block_as(node.finally_, None).statements
        finished = rs.Arm(rs.VariantPattern("Ended::Finished", (rs.Bind(ended),)), rs.Name(ended))
        returned = rs.Arm(rs.VariantPattern("Ended::Returned", (rs.Bind(ended),)), self._returned(ended))
        gone = rs.Arm(rs.VariantPattern("Ended::Jumped", (rs.Bind(ended),)), self._jumps(frame.jumps, ended))
        return rn.block(statements, rs.Match(rn.call("handed_on", rs.Name(name)), (finished, returned, gone)))

    def _returned(self, name: str) -> rs.Expression:
        if self.frame.is_top:
            return rs.MacroCall("unreachable", ())
        return self.leaving(rs.Name(name))


_BARRIER = LoopFrame("", "")
"""A block with a label between a jump and its loop; Rust wants the jump to name the loop then."""


def _as_value(
    maker: Callable[[RustControl, Any], None],
) -> Callable[[RustControl, tree.Expression, Kind | None], rs.Expression]:
    """A statement without a value where one is wanted."""

    def made(writer: RustControl, node: tree.Expression, goal: Kind | None) -> rs.Expression:
        with writer.collecting() as body:
            maker(writer, node)
        return rn.block(body, None if goal is None else writer.convert(rn.unit(), NIL, goal, node))

    return made


def _let_as_value(writer: RustControl, node: tree.Let, goal: Kind | None) -> rs.Expression:
    writer.let(node)
    return rn.unit() if goal is None else writer._let_value(node, goal)


_STATEMENTS: dict[type[tree.Expression], Callable[..., None]] = {
    tree.Let: RustControl.let,
    tree.While: RustControl.while_,
    tree.For: RustControl.for_,
    tree.Assign: RustControl.assign,
    tree.ModuleDeclaration: RustControl.module,
}

_INTO: dict[type[tree.Expression], Callable[..., rs.Expression]] = {
    tree.Block: RustControl.block,
    tree.If: RustControl.if_,
    tree.Match: RustControl.match,
    tree.Loop: RustControl.loop,
    tree.While: _as_value(RustControl.while_),
    tree.For: _as_value(RustControl.for_),
    tree.Break: RustControl.break_,
    tree.Continue: RustControl.continue_,
    tree.Return: RustControl.return_,
    tree.Throw: RustControl.throw,
    tree.TryCatch: RustControl.try_catch,
    tree.Let: _let_as_value,
    tree.Async: lambda writer, node, goal: rs.BlockExpression(writer.block_as(node.body, goal)),
}
