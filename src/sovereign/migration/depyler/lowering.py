"""One function on its way to Rust: names, types at this point, and what holds a value.

Enters: an instance whose parameters have types. Leaves: statements of the Rust tree, and what was learned about the
functions that it calls. An `Operand` is an expression with its type: a place (a variable, not moved by reading), a
reference, or a value of its own; `own`, `borrow` and `convert` are the only ways from one to another. The handlers of
each construct register themselves in `EXPRESSIONS` and `STATEMENTS`.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from sovereign.migration.depyler.program import NEVER_AGAIN, Refuse
from sovereign.migration.depyler.registry import clash
from sovereign.migration.depyler.rust_types import is_copy, is_option, is_union, rust, shape_rust, union_of
from sovereign.migration.depyler.types import (
    NEVER,
    NONE,
    Atom,
    Cell,
    DictShape,
    FunctionCell,
    IntShape,
    IterShape,
    ListShape,
    OpaqueShape,
    SeqShape,
    SetShape,
    StaticShape,
    TupleShape,
    Type,
)
from sovereign.migration.depyler.webs import Place
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sovereign.migration.depyler.generators import Talk
    from sovereign.migration.depyler.program import FunctionInfo, Instance, Module, Program, View
    from sovereign.migration.depyler.webs import Web

__all__ = [
    "EXPRESSIONS",
    "STATEMENTS",
    "Attempt",
    "Local",
    "Loop",
    "Lowering",
    "Operand",
    "expression",
    "free_name",
    "narrowed",
    "statement",
    "typed",
]

_Function = TypeVar("_Function")
_State: TypeAlias = "tuple[list[Loop | Attempt], int, int, bool, frozenset[str], int]"


@dataclass(frozen=True, slots=True)
class Operand:
    """An expression with its type; `form` is "value", "place" or "ref"."""

    type: Type
    expr: rs.Expression
    form: str = "value"
    constant: object = None

    @property
    def static(self) -> StaticShape | None:
        """What is known of it while translating: a function, class, module or builtin."""
        only = self.type.only
        return only if isinstance(only, StaticShape) else None


@dataclass(frozen=True, slots=True)
class Local:
    """A variable of a comprehension or a lambda written in place; of form "slot" where lambdas see it change."""

    rust_name: str
    type: Type
    form: str = "place"


@dataclass
class Loop:
    """A loop around the present statement."""

    label: str
    breaks: list[dict[object, Type]] = field(default_factory=list)
    continues: list[dict[object, Type]] = field(default_factory=list)
    label_used: bool = False
    flag: str = ""

    def mark(self) -> tuple[Any, ...]:
        """What `take_back` returns to."""
        return len(self.breaks), len(self.continues), self.label_used

    def take_back(self, mark: tuple[Any, ...]) -> None:
        """Forget what came since."""
        del self.breaks[mark[0] :], self.continues[mark[1] :]
        self.label_used = mark[2]


@dataclass
class Attempt:
    """A `try` around the present statement: errors leave its block by `break`."""

    label: str
    catches: bool = True
    raised: bool = False
    states: list[dict[object, Type]] = field(default_factory=list)
    is_final: bool = False
    flow: set[str] = field(default_factory=set)

    def mark(self) -> tuple[Any, ...]:
        """What `take_back` returns to."""
        return len(self.states), self.raised, set(self.flow)

    def take_back(self, mark: tuple[Any, ...]) -> None:
        """Forget what came since."""
        del self.states[mark[0] :]
        self.raised, self.flow = mark[1:]


class Capture:
    """Collects what is emitted within `with`."""

    __slots__ = ("_low", "_outer")

    def __init__(self, low: Lowering) -> None:
        self._low = low

    def __enter__(self) -> list[rs.Statement]:
        self._outer, self._low.out = self._low.out, []
        return self._low.out

    def __exit__(self, *error: object) -> None:
        self._low.out = self._outer


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment within a round, and what can be undone since."""

    moment: int
    counts: tuple[int, int, int, int]
    env: dict[object, Type] | None
    frames: list[tuple[Any, ...]]
    name_counts: defaultdict[str, int]
    allocations: defaultdict[ast.AST, int]
    plain: dict[str, object]
    made: dict[str, object]


_PLAIN = ("raise_count", "big_operations", "pending", "gave_plainly", "new_object", "_labels")

EXPRESSIONS: dict[type, Callable[[Lowering, ast.expr], Operand]] = {}
STATEMENTS: dict[type, Callable[[Lowering, ast.stmt], None]] = {}


def expression(*kinds: type) -> Callable[[_Function], _Function]:
    """Register the handler of kinds of expressions."""

    def register(function: _Function) -> _Function:
        for kind in kinds:
            EXPRESSIONS[kind] = function  # type: ignore[assignment]
        return function

    return register


def statement(*kinds: type) -> Callable[[_Function], _Function]:
    """Register the handler of kinds of statements."""

    def register(function: _Function) -> _Function:
        for kind in kinds:
            STATEMENTS[kind] = function  # type: ignore[assignment]
        return function

    return register


class Lowering:
    """One round of one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.program: Program = instance.program
        self.info: FunctionInfo = instance.info
        self.module: Module = instance.info.module
        self.env: dict[object, Type] | None = {}
        self.out: list[rs.Statement] = []
        self.frames: list[Loop | Attempt] = []
        self.locals: list[dict[str, Local]] = []
        self.calls: dict[Instance, None] = {}
        self.node: ast.AST = instance.info.node
        self.line: int | None = None
        self.place = Place(0, 0)
        self.refusals: dict[tuple[str, int, int, str], Refuse] = {}
        self.raise_count = 0
        self.big_operations = 0
        self.changes: set[object] = set()
        self.views: list[View] = []
        self.borrowed: set[Web] = set()
        self.handling: list[str] = []
        self.caught: list[tuple[str, str]] = []
        self.pending = False
        known = instance.memory.setdefault("raising", {})
        assert isinstance(known, dict)
        self.raising: dict[ast.expr, None] = known
        self.raising_found = False
        self.gave_plainly = False
        self.yielding: Cell | None = None
        self.talk: Talk | None = None
        self.in_generator = False
        self.owned: frozenset[str] = frozenset()
        self.produced: dict[Cell, Type] = {}
        self.closure_depth = 0
        self.new_object: object = None
        self.clause_names: dict[str, Local] | None = None
        self.allocations: defaultdict[ast.AST, int] = defaultdict(int)
        self.name_counts: defaultdict[str, int] = defaultdict(int)
        self._labels = 0

    def state(self) -> _State:
        """What a refusal in the middle of a construct leaves changed."""
        return self.frames, len(self.frames), len(self.locals), self.in_generator, self.owned, self.closure_depth

    def restore(self, state: _State) -> None:
        """Return to a state after a refusal."""
        self.frames, frames, local_scopes, self.in_generator, self.owned, self.closure_depth = state
        del self.frames[frames:]
        del self.locals[local_scopes:]

    def mark(self) -> Mark:
        """A moment to which `take_back` returns."""
        Cell.now += 1
        frames = [frame.mark() for frame in self.frames]
        counts = len(self.out), len(self.calls), len(self.refusals), len(self.views)
        env = None if self.env is None else dict(self.env)
        plain = {name: getattr(self, name) for name in _PLAIN}
        made = {} if self.new_object is None else dict(vars(self.new_object))
        made = {name: value.copy() if isinstance(value, dict) else value for name, value in made.items()}
        return Mark(Cell.now, counts, env, frames, self.name_counts.copy(), self.allocations.copy(), plain, made)

    def spoilt_since(self, mark: Mark) -> bool:
        """Whether what was written since then relies on what has changed since, and nothing before does."""
        return mark.moment <= self.instance.stale != NEVER_AGAIN

    def take_back(self, mark: Mark) -> None:
        """Undo what was written since a moment; what was learned stays."""
        self.instance.take_back(mark.moment)
        out, calls, refusals, views = mark.counts
        del self.out[out:], self.views[views:]
        while len(self.calls) > calls:
            self.calls.popitem()
        while len(self.refusals) > refusals:
            self.refusals.popitem()
        self.env = mark.env
        for frame, values in zip(self.frames, mark.frames, strict=True):
            frame.take_back(values)
        self.name_counts, self.allocations = mark.name_counts, mark.allocations
        for name, value in mark.plain.items():
            setattr(self, name, value)
        for name, value in mark.made.items():
            setattr(self.new_object, name, value)

    # statements and names

    def emit(self, item: rs.Statement) -> None:
        """Append a statement."""
        self.out.append(item)

    def capture(self) -> Capture:
        """Collect what is emitted within apart."""
        return Capture(self)

    def fresh(self, base: str) -> str:
        """A new name for a temporary variable."""
        while True:
            self.name_counts[base] += 1
            count = self.name_counts[base]
            name = base if count == 1 else f"{base}_{count}"
            if not self.is_taken(name):
                return name

    def is_taken(self, name: str) -> bool:
        """Whether a temporary must not have this name."""
        scope = self.info.scope
        return name in scope.bound or name in scope.used or name in scope.free or name in self.program.reserved

    def label(self, base: str) -> str:
        """A new label, without its quote."""
        self._labels += 1
        return base if self._labels == 1 else f"{base}_{self._labels}"

    def refuse(self, node: ast.AST, reason: str) -> Refuse:
        """The refusal of a construct, to be raised."""
        return Refuse(node, reason)

    def sequence(self, thunks: list[Callable[[], Operand]]) -> list[Operand]:
        """Operands in Python's order: one that needs statements of its own comes after those before it."""
        done: list[Operand] = []
        for thunk in thunks:
            with self.capture() as statements:
                operand = thunk()
            if statements:
                done = [self.settled(earlier) for earlier in done]
                self.out.extend(statements)
            done.append(operand)
        return done

    def settled(self, operand: Operand) -> Operand:
        """The operand in a variable, where evaluating it later could make a difference."""
        if operand.static is not None or operand.form != "value" or operand.constant is not None:
            return operand
        return operand if isinstance(operand.expr, rs.Name | rs.Tuple) else self.named(operand)

    # allocations: the same object of the source has the same cell in each round

    def cell(self, type_: Type = NEVER) -> Cell:
        """The cell of something that the present node makes."""
        number = self.allocations[self.node]
        self.allocations[self.node] += 1
        key = (self.node, number, len(self.locals))
        found = self.instance.cells.get(key)
        if found is None:
            found = Cell()
            self.instance.cells[key] = found
        found.join(type_)
        return found

    def forget_allocations(self) -> None:
        """What is lowered next is what was lowered before: its objects have the same cells."""
        self.allocations.clear()

    def function_cell(self) -> FunctionCell:
        """The function cell of the present node."""
        number = self.allocations[self.node]
        self.allocations[self.node] += 1
        key = ("function", self.node, number)
        found = self.instance.memory.get(key)
        if found is None:
            found = FunctionCell()
            self.instance.memory[key] = found
        assert isinstance(found, FunctionCell)
        return found

    def _filled(self, item: Type) -> Cell:
        """The cell of a new container that holds such items already."""
        cell = self.cell(item)
        if not item.never:
            self.produced[cell] = item
        return cell

    def builtin(self, make: Callable[[], Operand]) -> Operand:
        """What a builtin gives; where a new container is to hold more than the builtin puts in, it is widened.

        A handler that asks what its container holds has seen to that itself.
        """
        outer, self.produced = self.produced, {}
        try:
            made = make()
            produced = self.produced
        finally:
            self.produced = outer
        shape = made.type.only
        if made.form != "value" or not isinstance(shape, ListShape | SetShape | DictShape):
            return made
        cells = (shape.key, shape.value) if isinstance(shape, DictShape) else (shape.cell,)
        if any(cell not in produced for cell in cells):
            return made
        given = [produced[cell] for cell in cells]
        held = [self.contents(cell) for cell in cells]
        same = all(self.rust(a) == self.rust(b) for a, b in zip(given, held, strict=True))
        if not same and isinstance(shape, SetShape):
            raise self.refuse(self.node, "a set made by a builtin that is to hold other types, too")
        return made if same else Operand(made.type, self._widened(made, given, held))

    def _widened(self, made: Operand, given: list[Type], held: list[Type]) -> rs.Expression:
        """A container whose items are converted."""
        names = [self.fresh("item") for _ in given]
        values = [self.convert_apart(Operand(a, rs.Name(n)), b) for a, b, n in zip(given, held, names, strict=True)]
        pattern: rs.Pattern = rs.Bind(names[0]) if len(names) == 1 else rs.TuplePattern(tuple(map(rs.Bind, names)))
        body = values[0] if len(values) == 1 else rs.Tuple(tuple(values))
        items = rs.Method(made.expr, "iter" if len(names) == 1 else "items")
        mapped = rs.Method(items, "map", (rs.Closure(((pattern, None),), body),))
        return rs.Method(mapped, "collect", (), (self.rust(made.type),))

    def list_of(self, item: Type = NEVER, kind: str = "list") -> Type:
        """A new list at the present node."""
        return Type((ListShape(self._filled(item), kind),))

    def set_of(self, item: Type = NEVER, kind: str = "set") -> Type:
        """A new set at the present node."""
        return Type((SetShape(self._filled(item), kind),))

    def dict_of(self, key: Type = NEVER, value: Type = NEVER, kind: str = "dict") -> Type:
        """A new dict at the present node."""
        return Type((DictShape(self._filled(key), self._filled(value), kind),))

    def iter_of(self, item: Type = NEVER) -> Type:
        """A new iterator at the present node."""
        return Type((IterShape(self.cell(item)),))

    def opaque(self, name: str, *contents: Type) -> Type:
        """A new object of a library type at the present node."""
        return Type((OpaqueShape(name, tuple(self.cell(content) for content in contents)),))

    def contents(self, cell: Cell) -> Type:
        """What a cell holds; this instance is run again when it grows.

        Raises:
            Refuse: It holds values that may be equal to each other and are of types that do not know each other.
        """
        self.produced.pop(cell, None)
        held = cell.read(self.instance)
        if len(held.shapes) > 1 and clash(held.tags()):
            raise self.refuse(self.node, "numbers or texts of NumPy's beside others in one container")
        return held

    def put(self, operand: Operand, cell: Cell) -> rs.Expression:
        """A value of its own as a cell holds it."""
        self.produced.pop(cell, None)
        return self.convert(operand, cell.read(None))

    # errors

    def fallible(self, expr: rs.Expression) -> rs.Expression:
        """The value of a `Result`; an error goes to the innermost `try`, or to the caller."""
        self.raise_count += 1
        if self._tells_context():
            error = rs.Method(rs.Name("raised"), "while_handling", (rs.Borrow(rs.Name(self.handling[-1])),))
            expr = rs.Method(expr, "map_err", (rs.Closure(((rs.Bind("raised"), None),), error),))
        attempt = self.innermost_attempt()
        if attempt is None:
            if not self.closure_depth:
                self.instance.mark_raises()
            return rs.TryOperator(expr)
        self.note_raise(attempt)
        return rs.MacroCall("attempt", (rs.Name(f"'{attempt.label}"), expr))

    def _tells_context(self) -> bool:
        """Whether an error that comes up here must know the one that is handled, because the program asks for it."""
        return bool(self.handling) and not self.closure_depth and "asks context" in self.program.statics

    def innermost_attempt(self) -> Attempt | None:
        """The `try` that errors go to."""
        return next((f for f in reversed(self.frames) if isinstance(f, Attempt) and f.catches), None)

    def note_raise(self, attempt: Attempt) -> None:
        """Remember the types at a place from which an error may come."""
        attempt.raised = True
        if self.env is not None:
            attempt.states.append(dict(self.env))

    def throw(self, error: rs.Expression) -> rs.Expression:
        """An expression that leaves with an error."""
        self.raise_count += 1
        if self._tells_context():
            error = rs.Method(error, "while_handling", (rs.Borrow(rs.Name(self.handling[-1])),))
        attempt = self.innermost_attempt()
        failed = rs.Call(rs.Name("Err"), (error,))
        if attempt is None:
            if not self.closure_depth:
                self.instance.mark_raises()
            return rs.Return(failed)
        self.note_raise(attempt)
        return rs.Break(attempt.label, failed)

    def new_error(self, kind: str, text: str) -> rs.Expression:
        """An exception of a builtin class with a fixed text."""
        return rs.Call(rs.Name("Exc::new"), (rs.Borrow(rs.Name(kind)), rs.Text(text)))

    def type_error(self, text: str, kind: str = "TYPE_ERROR") -> Operand:
        """An operation that always raises; nothing comes out of it.

        Raises:
            Refuse: It would be an error of a type of NumPy's, which may do more than is known here.
        """
        if "numpy." in text:
            raise self.refuse(self.node, f"something that would be an error: {text}")
        return Operand(NEVER, self.throw(self.new_error(kind, text)))

    def never(self) -> Operand:
        """An operation on something that never arrives."""
        return Operand(NEVER, rs.MacroCall("unreachable"))

    # expressions

    def expression(self, node: ast.expr, *, wide: bool = False) -> Operand:
        """The operand of an expression; only arithmetic takes one that is a temporary of 128 bits (`wide`)."""
        handler = EXPRESSIONS.get(type(node))
        if handler is None:
            raise self.refuse(node, f"`{type(node).__name__}` is not translated")
        outer = self.node
        self.node = node
        try:
            operand = (self._raised(node) if self.raising else None) or handler(self, node)
        finally:
            self.node = outer
        if operand.type.never and isinstance(node, ast.Call) and node not in self.raising:
            self.raising[node] = None
            self.raising_found = True
        return operand if wide else narrowed(operand)

    def _raised(self, node: ast.expr) -> Operand | None:
        from sovereign.migration.depyler.ordering import until_raised

        return until_raised(self, node)

    def expressions(self, nodes: list[ast.expr], *, wide: bool = False) -> list[Operand]:
        """The operands of several expressions, in order."""
        return self.sequence([lambda node=node: self.expression(node, wide=wide) for node in nodes])  # type: ignore[misc]

    def ends_here(self, operand: Operand) -> None:
        """Nothing comes out of this: what follows is not reached, unless that only is not known yet."""
        if operand.type.never and not self.pending and operand.form == "value":
            self.env = None

    # values

    def rust(self, type_: Type) -> rs.Type:
        """The Rust type that holds a type."""
        return rust(type_, self.program)

    def own(self, operand: Operand) -> rs.Expression:
        """A value of its own."""
        if operand.form == "value":
            return operand.expr
        if operand.form == "wide":
            return narrowed(operand).expr
        if is_copy(operand.type):
            return rs.Deref(operand.expr) if operand.form == "ref" and operand.expr != _SELF else operand.expr
        self._note_self(operand)
        return rs.Method(operand.expr, "clone")

    def borrow(self, operand: Operand) -> rs.Expression:
        """A shared reference to it."""
        self._note_self(operand)
        return operand.expr if operand.form == "ref" else rs.Borrow(operand.expr)

    def _note_self(self, operand: Operand) -> None:
        """`self` as a value: the method needs the counted pointer."""
        if operand.expr == _SELF:
            self.needs_pointer()

    def needs_pointer(self) -> None:
        """Note that the method needs the counted pointer to its object."""
        if not self.instance.self_as_value:
            self.instance.self_as_value = True
            self.instance.tell()

    @contextmanager
    def owning(self, captures: list[rs.Statement]) -> Iterator[None]:
        """Within, what was cloned for a closure is a variable of its own, no reference any more."""
        outer = self.owned
        names = {s.pattern.name for s in captures if isinstance(s, rs.Let) and isinstance(s.pattern, rs.Bind)}
        self.owned = outer | names
        try:
            yield
        finally:
            self.owned = outer

    def clone_named(self, name: str) -> rs.Statement:
        """`let x = x.clone();`, for a closure that takes the variable with it; the receiver becomes `this`."""
        if name == "self":
            self._note_self(Operand(NEVER, _SELF))
        return rs.Let(rs.Bind("this" if name == "self" else name), None, rs.Method(rs.Name(name), "clone"))

    def held(self, operand: Operand) -> Operand:
        """The operand as a closure has it that owns what it uses."""
        if operand.expr == _SELF and "this" in self.owned:
            return Operand(operand.type, rs.Name("this"), "place")
        is_owned = operand.form == "ref" and isinstance(operand.expr, rs.Name) and operand.expr.path in self.owned
        return Operand(operand.type, operand.expr, "place", operand.constant) if is_owned else operand

    def receiver(self, operand: Operand) -> rs.Expression:
        """It before a dot."""
        return operand.expr

    def copied(self, operand: Operand) -> rs.Expression:
        """It in arithmetic: the value where it is `Copy`, else a reference."""
        if is_copy(operand.type):
            return self.own(operand)
        return self.borrow(operand)

    def named(self, operand: Operand, base: str = "value") -> Operand:
        """The same in a variable, so that it may be used more than once."""
        if operand.form != "value" and isinstance(operand.expr, rs.Name):
            return operand
        if operand.constant is not None and isinstance(operand.expr, rs.Integer | rs.Float | rs.Boolean):
            return operand
        name = self.fresh(base)
        unclear = isinstance(operand.expr, rs.BlockExpression | rs.Call | rs.Integer | rs.Unary) or operand.type == NONE
        declared = self.rust(operand.type) if unclear and not operand.type.never and operand.form == "value" else None
        self.emit(rs.Let(rs.Bind(name), declared, self.own(operand)))
        return Operand(operand.type, rs.Name(name), "place", operand.constant)

    def convert(self, operand: Operand, target: Type) -> rs.Expression:
        """A value of its own in the representation of another type that includes this one, or is included."""
        operand = narrowed(operand)
        source = operand.type
        if target.never:
            return operand.expr
        if source.never:
            return diverging(operand.expr)
        if source is target or self.rust(source) == self.rust(target):
            return self.own(operand)
        if target.get("none") is not None:
            return self._convert_to_option(operand, target)
        if is_option(source):
            inner = Operand(source.without("none"), rs.Method(self.own(operand), "unwrap"))
            return self.convert(inner, target)
        if is_union(source):
            return self._convert_from_union(operand, target)
        if is_union(target):
            return self._convert_to_union(operand, target)
        return self._convert_shape(operand, target)

    def convert_apart(self, operand: Operand, target: Type) -> rs.Expression:
        """`convert` where its statements belong to it: in an arm of a match, or a closure."""
        with self.capture() as statements:
            value = self.convert(operand, target)
        return rs.BlockExpression(rs.Block(tuple(statements), value)) if statements else value

    def _convert_to_option(self, operand: Operand, target: Type) -> rs.Expression:
        source = operand.type
        rest = target.without("none")
        if source.without("none").never:
            return self.after(operand, rs.Tuple() if rest.never else rs.Name("None"))
        if rest.never:
            return self.after(operand, rs.Tuple())
        if source.get("none") is None:
            return rs.Call(rs.Name("Some"), (self.convert(operand, rest),))
        name = self.fresh("inner")
        body = self.convert_apart(Operand(source.without("none"), rs.Name(name)), rest)
        return rs.Method(self.own(operand), "map", (rs.Closure(((rs.Bind(name), None),), body),))

    def after(self, operand: Operand, value: rs.Expression) -> rs.Expression:
        """`value`, once the operand was evaluated for what it does."""
        if operand.form != "value" or isinstance(operand.expr, rs.Tuple | rs.Name | rs.Boolean | rs.Integer):
            return value
        return rs.BlockExpression(rs.Block((rs.Evaluate(operand.expr),), value))

    def _convert_from_union(self, operand: Operand, target: Type) -> rs.Expression:
        union = union_of(operand.type, self.program)
        arms = []
        missing = False
        for shape in operand.type:
            kept = target.get(shape.tag)
            if kept is None:
                missing = True
                continue
            name = self.fresh("inner")
            body = self.convert_apart(Operand(Type((shape,)), rs.Name(name)), target)
            arms.append(rs.Arm(rs.VariantPattern(f"{union.name}::{union.variants[shape.tag]}", (rs.Bind(name),)), body))
        if missing:
            arms.append(rs.Arm(rs.Wildcard(), rs.MacroCall("unreachable")))
        return rs.Match(self.own(operand), tuple(arms))

    def _convert_to_union(self, operand: Operand, target: Type) -> rs.Expression:
        union = union_of(target, self.program)
        shape = operand.type.shapes[0]
        kept = target.get(shape.tag)
        if kept is None:
            return operand.expr
        value = self.convert(operand, Type((kept,)))
        return rs.Call(rs.Name(f"{union.name}::{union.variants[shape.tag]}"), (value,))

    def _convert_shape(self, operand: Operand, target: Type) -> rs.Expression:
        source, wanted = operand.type.shapes[0], target.shapes[0]
        match source, wanted:
            case IntShape(), IntShape():
                return self._convert_int(operand, wanted)
            case TupleShape(), TupleShape() if len(source.items) == len(wanted.items):
                parts = self.tuple_parts(operand, source)
                return rs.Tuple(tuple(self.convert(p, t) for p, t in zip(parts, wanted.items, strict=True)))
            case TupleShape(), SeqShape():
                parts = self.tuple_parts(operand, source)
                items = tuple(self.convert(p, wanted.item) for p in parts)
                return rs.Call(rs.Name("Seq::from"), (rs.Array(items),))
            case SeqShape(), SeqShape() if source.item.never:
                return self.after(operand, rs.Call(rs.Name("Seq::from"), (rs.Array(()),)))
            case SeqShape(), TupleShape():
                place = self.named(operand, "parts")
                taken = [
                    Operand(source.item, rs.Method(place.expr, "at", (rs.Integer(i),)))
                    for i in range(len(wanted.items))
                ]
                return rs.Tuple(tuple(self.convert(o, t) for o, t in zip(taken, wanted.items, strict=True)))
            case SeqShape(), SeqShape():
                name = self.fresh("inner")
                body = self.convert_apart(Operand(source.item, rs.Name(name)), wanted.item)
                mapped = rs.Method(
                    rs.Method(operand.expr, "iter"), "map", (rs.Closure(((rs.Bind(name), None),), body),)
                )
                return rs.Method(mapped, "collect", (), (self.rust(target),))
            case _:
                return self.own(operand)

    def _convert_int(self, operand: Operand, wanted: IntShape) -> rs.Expression:
        if wanted.small:
            return rs.Method(operand.expr, "to_small")
        return rs.Call(rs.Name("Int::from"), (typed(self.own(operand)),))

    def tuple_parts(self, operand: Operand, shape: TupleShape) -> list[Operand]:
        """The values of a tuple one by one."""
        if isinstance(operand.expr, rs.Tuple):
            return [Operand(t, e) for t, e in zip(shape.items, operand.expr.items, strict=True)]
        place = self.named(operand, "parts")
        return [Operand(t, rs.Field(place.expr, str(i)), "place") for i, t in enumerate(shape.items)]

    def narrow(self, stored: Operand, type_: Type) -> Operand:
        """A stored value seen as the narrower type that is known at this point."""
        if stored.type is type_:
            return stored
        if type_.never or stored.type == type_ or self.rust(stored.type) == self.rust(type_):
            return Operand(type_ if not type_.never else stored.type, stored.expr, stored.form)
        if is_option(stored.type) and not is_option(type_) and type_ != NONE and not is_copy(stored.type):
            inner = rs.Method(rs.Method(stored.expr, "as_ref"), "unwrap")
            return self.narrow(Operand(stored.type.without("none"), inner, "ref"), type_)
        if type_ == NONE:
            return Operand(NONE, rs.Tuple())
        return Operand(type_, self.convert(stored, type_))

    def returned(self) -> rs.Type:
        """The Rust type of what `return` gives, without its `Result`."""
        if self.in_generator:
            return rs.TupleType() if self.talk is None else self.rust(self.talk.result.read(None))
        return self.rust(self.instance.result.read(None))

    def wrap_result(self, value: rs.Expression) -> rs.Expression:
        """What `return` gives: in `Ok` where the function can raise."""
        if self.instance.raises:
            return rs.Call(rs.Name("Ok"), (value,))
        self.gave_plainly = True
        return value

    # variables

    def rust_name(self, web: Web) -> str:
        """The name of a web in Rust."""
        if web.is_parameter and web.name == self.instance.memory.get("receiver"):
            return "this" if self.in_generator or "this" in self.owned else "self"
        name = safe_name(web.name, self.program)
        if web.number and (web.hoisted or web.overlaps):
            return f"{name}_{web.number + 1}"
        return name

    def define(self, name: str, web: Web | None, operand: Operand) -> None:
        """Let a name, or one of its webs, stand for something known while translating."""
        if web is not None:
            self.instance.memory["definition", web] = operand
        if name not in self.info.scope.rebound:
            self.instance.memory["definition", name] = operand

    def web_of(self, node: ast.AST) -> Web | None:
        """The web that a name node belongs to."""
        return self.info.webs.of_node.get(node) if self.info.webs else None

    def shape_type(self, operand: Operand, tag: str) -> Operand:
        """The operand as the one alternative of this tag."""
        shape = operand.type.get(tag)
        assert shape is not None
        return self.narrow(operand, Type((shape,)))

    def shape_rust(self, type_: Type) -> rs.Type:
        """The Rust type of the only alternative."""
        return shape_rust(type_.shapes[0], self.program)


def narrowed(operand: Operand) -> Operand:
    """A temporary of 128 bits as an integer that can be kept; other operands as they are."""
    if operand.form != "wide":
        return operand
    return Operand(operand.type, rs.Call(rs.Name("Int::from"), (operand.expr,)))


def typed(expr: rs.Expression) -> rs.Expression:
    """An integer literal that says its type."""
    if isinstance(expr, rs.Integer) and not expr.suffix:
        return rs.Integer(expr.value, "i64")
    if isinstance(expr, rs.Unary) and expr.operator == "-":
        return rs.Unary("-", typed(expr.operand))
    return expr


def diverging(expr: rs.Expression) -> rs.Expression:
    """An expression from which nothing comes back, where a value is expected."""
    if isinstance(expr, rs.Return | rs.Break | rs.Continue) or (
        isinstance(expr, rs.MacroCall) and expr.name == "unreachable"
    ):
        return expr
    return rs.BlockExpression(rs.Block((rs.Evaluate(expr),), rs.MacroCall("unreachable")))


_SELF = rs.Name("self")
_NEVER_RAW = frozenset(("self", "Self", "super", "crate", "_"))


def safe_name(name: str, program: Program) -> str:
    """A Python name as a Rust name: no clash with the support module, and writable as an identifier."""
    if name in _NEVER_RAW or name in program.reserved or name in {"Ok", "Err", "Some", "None", "main", "str"}:
        return f"{name}_"
    if not name.isascii():
        name = "".join(c if c.isascii() else f"u{ord(c):x}" for c in name)
    return name


def free_name(name: str, program: Program, taken: set[str]) -> str:
    """A safe name that is not taken yet; it is then."""
    name = safe_name(name, program)
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def atom(type_: Type) -> str:
    """The name of the only shape where that is an atom, else empty."""
    only = type_.only
    return only.name if isinstance(only, Atom) else ""
