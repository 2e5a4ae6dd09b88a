"""Blocks, conditions, matches, loops, errors.

Enters: expressions that steer. Leaves: Python statements, whose value goes where it is wanted: out of the function,
into a variable, or nowhere. Read `compile_python.py` next.
"""

from __future__ import annotations

import _ast as ast

from sovereign.migration.ruchy import python_nodes as py
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.compile_base import LoopFrame
from sovereign.migration.ruchy.compile_patterns import PatternWriter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DROP", "RETURN", "ControlWriter"]

DROP, RETURN = "", "return"
"""Where a value goes: nowhere, out of the function; any other text is a variable."""

_ENDS = (ast.Return, ast.Break, ast.Continue, ast.Raise)


class ControlWriter(PatternWriter):
    """Writes control flow."""

    # Where values go.

    def deliver(self, value: ast.expr, sink: str, node: tree.Node) -> None:
        """Send a value where it is wanted."""
        if self.body and isinstance(self.body[-1], _ENDS):
            return
        if sink == RETURN:
            self.emit(ast.Return(value), node)
        elif sink != DROP:
            self.emit(py.assign(sink, value), node)
        elif not isinstance(value, ast.Constant | ast.Name) or isinstance(value, ast.Starred):
            self.emit(py.expression(value), node)

    def into(self, node: tree.Expression, sink: str) -> None:
        """Compute an expression and send its value somewhere."""
        handler = _INTO.get(type(node))
        if handler is not None:
            handler(self, node, sink)
        else:
            self.deliver(self.value(node), sink, node)

    def statement_value(self, node: tree.Expression) -> ast.expr:
        """The value of something that is written as statements."""
        name = self.temporary()
        self.into(node, name)
        return py.load(name)

    # Blocks.

    def block(self, node: tree.Block, sink: str) -> None:
        """`{ statements }`."""
        self.hoist(node.statements)
        if not node.statements:
            self.deliver(py.constant(None), sink, node)
        for statement in node.statements[:-1]:
            self.into(statement, DROP)
            self.learn_behind(statement)
        for statement in node.statements[-1:]:
            self.into(statement, sink)

    def learn_behind(self, statement: tree.Expression) -> None:
        """Remember what holds behind a statement that has been written."""
        raise NotImplementedError

    def hoist(self, statements: tuple[tree.Expression, ...]) -> None:
        """Write the functions and types of a block before its statements."""
        raise NotImplementedError

    def block_value(self, node: tree.Block) -> ast.expr:
        """A block as a value."""
        if len(node.statements) == 1 and not isinstance(node.statements[0], tree.Let | tree.FunctionDeclaration):
            return self.value(node.statements[0])
        return self.statement_value(node)

    def let(self, node: tree.Let, sink: str) -> None:
        """`let pattern = value`; its value is that of the variable."""
        if isinstance(node.value, tree.Closure) and isinstance(node.pattern, tree.BindPattern):
            binding = self.names.meant[node.pattern]
            value = self.closure_value(node.value)
            self.bind(binding, value, node)
            self.deliver(self.read(binding), sink, node)
            return
        value = self.value(node.value)
        if node.otherwise is not None:
            self._let_else(node, value)
        else:
            self.take_apart(node.pattern, value, node, self.kind(node.value))
        self.learn_let(node)
        if sink != DROP:
            is_name = isinstance(node.pattern, tree.BindPattern) and node.pattern.inner is None
            shown = self.read(self.names.meant[node.pattern]) if is_name else py.constant(None)
            self.deliver(shown, sink, node)

    def learn_let(self, node: tree.Let) -> None:
        """Remember between which numbers a fresh variable lies."""
        raise NotImplementedError

    def _let_else(self, node: tree.Let, value: ast.expr) -> None:
        assert node.otherwise is not None
        subject = self.once(value)
        tests, bindings = self.test(node.pattern, subject, self.kind(node.value))
        with self.branch(), self.collecting() as otherwise:
            self.into(node.otherwise, DROP)
        self.emit(py.when(py.negated(py.both(tests)), otherwise), node)
        self.bind_all(bindings, node)

    # Conditions.

    def if_(self, node: tree.If, sink: str) -> None:
        """`if`, as statements."""
        if isinstance(node.condition, tree.LetCondition):
            self._if_let(node, node.condition, sink)
            return
        condition = self.condition(node.condition)
        with self.facts_when(node.condition, holds=True), self.collecting() as yes:
            self.into(node.then, sink)
        with self.facts_when(node.condition, holds=False), self.collecting() as no:
            self._otherwise_into(node, sink)
        self.emit(py.when(condition, yes, no), node)

    def forget_assigned(self, node: tree.Node) -> None:
        """What a node assigns is unknown from here on."""
        raise NotImplementedError

    def facts_when(self, condition: tree.Expression, *, holds: bool) -> _Facts:
        """Know more about numbers while a `with` block runs under a condition."""
        raise NotImplementedError

    def _otherwise_into(self, node: tree.If, sink: str) -> None:
        if node.otherwise is not None:
            self.into(node.otherwise, sink)
        elif sink != DROP:
            self.deliver(py.constant(None), sink, node)

    def _if_let(self, node: tree.If, condition: tree.LetCondition, sink: str) -> None:
        subject = self.once(self.value(condition.value))
        tests, bindings = self.test(condition.pattern, subject, self.kind(condition.value))
        with self.branch(), self.collecting() as yes:
            self.bind_all(bindings, node)
            self.into(node.then, sink)
        with self.branch(), self.collecting() as no:
            self._otherwise_into(node, sink)
        self.emit(py.when(py.both(tests), yes, no), node)

    def if_value(self, node: tree.If) -> ast.expr:
        """`if` as a value: one expression where both branches are."""
        if isinstance(node.condition, tree.LetCondition):
            return self.statement_value(node)
        condition = self.condition(node.condition)
        with self.facts_when(node.condition, holds=True), self.collecting() as yes:
            then = self.value(node.then)
        with self.facts_when(node.condition, holds=False), self.collecting() as no:
            otherwise = self.value(node.otherwise) if node.otherwise is not None else py.constant(None)
        if not yes and not no:
            return py.choose(condition, then, otherwise)
        name = self.temporary()
        for branch, value, source in ((yes, then, node.then), (no, otherwise, node.otherwise or node)):
            with self.collecting() as rest:
                self.routine.body = branch
                self.deliver(value, name, source)
                self.routine.body = rest
        self.emit(py.when(condition, yes, no), node)
        return py.load(name)

    # Match.

    def match(self, node: tree.Match, sink: str) -> None:
        """`match`: a chain of `if`s, or one after the other where a guard needs statements."""
        kind = self.kind(node.subject)
        subject = self._subject(node.subject)
        arms = []
        for arm in node.arms:
            tests, bindings = self.test(arm.pattern, subject, kind)
            with self.branch(), self.collecting() as before:
                guard = self.condition(arm.guard) if arm.guard is not None else None
            arms.append((arm, tests, bindings, before, guard))
        if any(
            before or (guard is not None and any(self.is_boxed(name) for name, _ in bindings))
            for _, _, bindings, before, guard in arms
        ):
            self._match_in_turn(node, subject, kind, sink)
            return
        chain: list[ast.stmt] = []
        self._no_arm(subject, node, chain)
        for arm, tests, bindings, _, guard in reversed(arms):
            conditions = list(tests)
            with self.branch(), self.collecting() as body:
                if guard is None:
                    self.bind_all(bindings, arm)
                self.into(arm.body, sink)
            if guard is not None:
                bound = [py.walrus(self.spelling(binding), value) for binding, value in bindings]
                for binding, _ in bindings:
                    self.note_outside(binding, self.spelling(binding))
                conditions += [ast.Tuple(bound, ast.Load())] if bound else []
                conditions.append(guard)
            if not conditions:
                chain = body or [ast.Pass()]
                continue
            statement = py.when(py.both(conditions), body, chain)
            statement.lineno = self.sources.line(arm.place[0])
            chain = [statement]
        self.routine.body += chain

    def _no_arm(self, subject: ast.expr, node: tree.Match, chain: list[ast.stmt]) -> None:
        failed = py.expression(self.at(py.call("no_arm", subject), node))
        failed.lineno = self.sources.line(node.place[0])
        chain.append(failed)

    def _subject(self, node: tree.Expression) -> ast.expr:
        if isinstance(node, tree.Name):
            binding = self.names.meant.get(node)
            if binding is not None and binding.is_variable and not binding.assignments and not self.is_boxed(binding):
                return self.read(binding)
        value = self.value(node)
        return value if isinstance(value, ast.Constant) else self.spill(value)

    def _match_in_turn(self, node: tree.Match, subject: ast.expr, kind: str, sink: str) -> None:
        done = self.temporary()
        self.emit(py.assign(done, py.constant(value=False)), node)
        for arm in node.arms:
            tests, bindings = self.test(arm.pattern, subject, kind)
            with self.branch(), self.collecting() as body:
                self.bind_all(bindings, arm)
                guard = self.condition(arm.guard) if arm.guard is not None else None
                with self.collecting() as chosen:
                    self.emit(py.assign(done, py.constant(value=True)), arm)
                    self.into(arm.body, sink)
                if guard is None:
                    self.routine.body += chosen
                else:
                    self.emit(py.when(guard, chosen), arm)
            self.emit(py.when(py.both([py.negated(py.load(done)), *tests]), body), arm)
        failed: list[ast.stmt] = []
        self._no_arm(subject, node, failed)
        self.emit(py.when(py.negated(py.load(done)), failed), node)

    # Loops.

    def while_(self, node: tree.While, sink: str) -> None:
        """`while`, and `while let`."""
        frame = LoopFrame(node.label, None)
        with self.looping(frame, node), self.collecting() as body:
            if isinstance(node.condition, tree.LetCondition):
                test: ast.expr = py.constant(value=True)
                self._while_let(node, node.condition)
            else:
                test = self._loop_test(node.condition)
                with self.facts_when(node.condition, holds=True):
                    self.into(node.body, DROP)
        self._finish_loop(ast.While(test, body or [ast.Pass()], []), frame, node)
        self.deliver_nil(sink, node)

    def deliver_nil(self, sink: str, node: tree.Node) -> None:
        """A loop has no value."""
        if sink != DROP:
            self.deliver(py.constant(None), sink, node)

    def _loop_test(self, condition: tree.Expression) -> ast.expr:
        with self.collecting() as before:
            test = self.condition(condition)
        if not before:
            return test
        self.routine.body += before
        self.emit(py.when(py.negated(test), [ast.Break()]), condition)
        return py.constant(value=True)

    def _while_let(self, node: tree.While, condition: tree.LetCondition) -> None:
        subject = self.once(self.value(condition.value))
        tests, bindings = self.test(condition.pattern, subject, self.kind(condition.value))
        self.emit(py.when(py.negated(py.both(tests)), [ast.Break()]), node)
        self.bind_all(bindings, node)
        self.into(node.body, DROP)

    def loop(self, node: tree.Loop, sink: str) -> None:
        """`loop`; `break value` gives its value."""
        result = self.temporary() if sink != DROP else None
        if result is not None:
            self.emit(py.assign(result, py.constant(None)), node)
        frame = LoopFrame(node.label, result)
        with self.looping(frame, node), self.collecting() as body:
            self.into(node.body, DROP)
        self._finish_loop(ast.While(py.constant(value=True), body or [ast.Pass()], []), frame, node)
        if result is not None:
            self.deliver(py.load(result), sink, node)

    def for_(self, node: tree.For, sink: str) -> None:
        """`for pattern in iterable`."""
        iterable = self.iterable(node.iterable)
        frame = LoopFrame(node.label, None)
        with self.looping(frame, node), self.collecting() as body:
            target = self.loop_target(node.pattern, node.iterable, node)
            self.into(node.body, DROP)
        loop = ast.For(target, iterable, body or [ast.Pass()], [])
        self._finish_loop(loop, frame, node)
        self.deliver_nil(sink, node)

    def loop_target(self, pattern: tree.Pattern, iterable: tree.Expression, node: tree.Node) -> ast.expr:
        """The variable of a loop; a pattern is taken apart in the body."""
        if isinstance(pattern, tree.WildcardPattern):
            return py.store(self.temporary())
        if isinstance(pattern, tree.BindPattern) and pattern.inner is None:
            binding = self.names.meant[pattern]
            if binding.is_variable and not self.is_boxed(binding):
                self.learn_loop(binding, iterable)
                self.note_outside(binding, self.spelling(binding))
                return py.store(self.spelling(binding))
        name = self.temporary()
        self.take_apart(pattern, py.load(name), node, self.typed.item_kind(iterable))
        return py.store(name)

    def learn_loop(self, binding: object, iterable: tree.Expression) -> None:
        """Remember between which numbers the variable of a loop lies."""
        raise NotImplementedError

    def iterable(self, node: tree.Expression) -> ast.expr:
        """What Python goes through for a value."""
        if isinstance(node, tree.Range):
            return self._range(node)
        if isinstance(node, tree.MethodCall) and self.names.meant.get(node) is None:
            found = self._stepped(node)
            if found is not None:
                return found
        value = self.base(node)
        return value if self.kind(node) in {"list", "str"} else self.at(py.call("items_of", value), node)

    def _range(self, node: tree.Range) -> ast.expr:
        if node.stop is None:
            return self.at(py.call("count_from", self.value(node.start or node)), node)
        assert node.start is not None
        start, stop = self.values([node.start, node.stop])
        if node.is_inclusive:
            known = isinstance(stop, ast.Constant) and isinstance(stop.value, int)
            stop = py.constant(stop.value + 1) if known else py.binary(stop, ast.Add(), py.constant(1))  # type: ignore[attr-defined] # known says so
        if self.kind(node.start) == "i64" and self.kind(node.stop) == "i64":
            if isinstance(start, ast.Constant) and start.value == 0:
                return py.call("range", stop)
            return py.call("range", start, stop)
        return self.at(py.call("integer_range", start, stop), node)

    def _stepped(self, node: tree.MethodCall) -> ast.expr | None:
        """`(a..b).rev()`, `(a..b).step_by(n)` and `xs.enumerate()` without a list of their own."""
        if node.name == "enumerate" and not node.arguments and self.kind(node.receiver) in {"list", "str"}:
            return py.call("enumerate", self.base(node.receiver))
        inner = node.receiver
        if not isinstance(inner, tree.Range) or inner.stop is None or inner.start is None:
            return None
        if self.kind(inner.start) != "i64" or self.kind(inner.stop) != "i64":
            return None
        if node.name == "rev" and not node.arguments:
            return py.call("reversed", self._range(inner))
        if node.name == "step_by" and len(node.arguments) == 1 and isinstance(node.arguments[0], tree.Integer):
            step = node.arguments[0].value
            return py.item(self._range(inner), ast.Slice(None, None, py.constant(step))) if step > 0 else None
        return None

    def looping(self, frame: LoopFrame, node: tree.Node) -> _Facts:
        """Be inside of a loop while a `with` block runs."""
        raise NotImplementedError

    def _finish_loop(self, loop: ast.stmt, frame: LoopFrame, node: tree.Node) -> None:
        """Emit a loop, and behind it the jumps that go further out."""
        if frame.flag is not None:
            self.emit(py.assign(frame.flag, py.constant(0)), node)
        self.emit(loop, node)
        self._go_on(node)

    def _go_on(self, node: tree.Node) -> None:
        """Behind an inner loop: a jump to a loop further out leaves this one too."""
        if not self.routine.loops:
            return
        here = self.routine.loops[-1]
        passing = [outer for outer in self.routine.loops if outer.flag is not None]
        for outer in passing:
            flag = py.load(outer.flag or "")
            if outer is here:
                leave = py.compare(flag, (ast.Eq(), py.constant(1)))
                again = [
                    py.assign(outer.flag or "", py.constant(0)),
                    ast.Continue(),
                ]
                repeat = py.when(py.compare(flag, (ast.Eq(), py.constant(2))), again)
                self.emit(py.when(leave, [ast.Break()], [repeat]), node)
            else:
                self.emit(py.when(flag, [ast.Break()]), node)

    def break_(self, node: tree.Break, _sink: str) -> None:
        """`break`, out of an outer loop too."""
        frame = self._frame(node.label)
        if node.value is not None:
            value = self.value(node.value)
            if frame.result is not None:
                self.emit(py.assign(frame.result, value), node)
            else:
                self.deliver(value, DROP, node)
        self._jump(frame, 1, ast.Break(), node)

    def continue_(self, node: tree.Continue, _sink: str) -> None:
        """`continue`, of an outer loop too."""
        self._jump(self._frame(node.label), 2, ast.Continue(), node)

    def _frame(self, label: str | None) -> LoopFrame:
        if label is None:
            return self.routine.loops[-1]
        return next(frame for frame in reversed(self.routine.loops) if frame.label == label)

    def _jump(self, frame: LoopFrame, code: int, statement: ast.stmt, node: tree.Node) -> None:
        if frame is self.routine.loops[-1]:
            self.emit(statement, node)
            return
        if frame.flag is None:
            frame.flag = self.temporary()
        self.emit(py.assign(frame.flag, py.constant(code)), node)
        self.emit(ast.Break(), node)

    def assign_into(self, node: tree.Assign, sink: str) -> None:
        """An assignment as a statement; its value is only read where it is wanted."""
        if sink == DROP:
            self.assign(node)
        else:
            self.deliver(self.assigned_value(node), sink, node)

    # Leaving.

    def return_(self, node: tree.Return, _sink: str) -> None:
        """`return value`."""
        if node.value is None:
            self.emit(ast.Return(py.constant(None)), node)
        else:
            self.into(node.value, RETURN)

    def throw(self, node: tree.Throw, _sink: str) -> None:
        """`throw value`."""
        value = self.value(node.value)
        self.emit(ast.Raise(py.call("Thrown", value), None), node)

    def try_(self, node: tree.Try) -> ast.expr:
        """`value?`: an error or None leaves the function."""
        value = self.value(node.value)
        name = self.temporary()
        self.emit(py.assign(name, value), node)
        is_good = py.call("is_good", py.load(name))
        leave: ast.stmt = ast.Return(py.load(name))
        if self.routine.is_top:
            leave = py.expression(py.call("failed", py.load(name)))
        self.emit(py.when(py.negated(is_good), [leave]), node)
        return py.call("payload", py.load(name))

    def try_catch(self, node: tree.TryCatch, sink: str) -> None:
        """`try`, `catch`, `finally`."""
        with self.branch(), self.collecting() as body:
            self.into(node.body, sink)
        # An error may leave the body anywhere.
        self.forget_assigned(node.body)
        handlers = []
        for catch in node.catches[:1]:
            error = self.temporary()
            with self.branch(), self.collecting() as caught:
                if catch.name is not None:
                    binding = self.names.meant[catch]
                    self.bind(binding, py.call("caught", py.load(error)), catch)
                else:
                    self.emit(py.expression(py.call("caught", py.load(error))), catch)
                self.into(catch.body, sink)
            handlers.append(ast.ExceptHandler(py.runtime("CAUGHT"), error, caught))
            self.forget_assigned(catch.body)
        with self.collecting() as finally_:
            if node.finally_ is not None:
                self.into(node.finally_, DROP)
        self.emit(ast.Try(body or [ast.Pass()], handlers, [], finally_), node)

    # Comprehensions.

    def comprehension(self, node: tree.Comprehension) -> ast.expr:
        """`[element for x in xs if condition]`."""
        result = self.temporary()
        self.emit(py.assign(result, ast.List([], ast.Load())), node)
        self._clauses(node, 0, result)
        return py.load(result)

    def _clauses(self, node: tree.Comprehension, place: int, result: str) -> None:
        if place == len(node.clauses):
            element = self.value(node.element)
            self.emit(py.expression(py.call(py.attribute(py.load(result), "append"), element)), node)
            return
        clause = node.clauses[place]
        if clause.pattern is None:
            condition = self.condition(clause.value)
            with self.collecting() as body:
                self._clauses(node, place + 1, result)
            self.emit(py.when(condition, body), clause)
            return
        iterable = self.iterable(clause.value)
        with self.looping(LoopFrame(None, None), node), self.collecting() as body:
            target = self.loop_target(clause.pattern, clause.value, clause)
            self._clauses(node, place + 1, result)
        self.emit(ast.For(target, iterable, body, []), clause)


if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    _Facts = AbstractContextManager[None]

_INTO: dict[type[tree.Expression], Callable[..., None]] = {
    tree.Block: ControlWriter.block,
    tree.Let: ControlWriter.let,
    tree.If: ControlWriter.if_,
    tree.Match: ControlWriter.match,
    tree.While: ControlWriter.while_,
    tree.Loop: ControlWriter.loop,
    tree.For: ControlWriter.for_,
    tree.Break: ControlWriter.break_,
    tree.Continue: ControlWriter.continue_,
    tree.Return: ControlWriter.return_,
    tree.Throw: ControlWriter.throw,
    tree.TryCatch: ControlWriter.try_catch,
    tree.Assign: ControlWriter.assign_into,
    tree.Async: lambda writer, node, sink: writer.into(node.body, sink),
}
