"""What a valid Rust tree is, as far as a tree shows without types.

Enters: a `Program`. Leaves: every `Violation`, in the order of the program. Front-ends are tested against it, and check
each program that they emit while they are debugged. Rules about one node stand in `grammar.py`; here are those that ask
where a node stands: labels, jumps, `?`, values of blocks, names that are bound. Read `shake.py` next.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from sovereign.errors import InternalError
from sovereign.migration.rust import tree
from sovereign.migration.rust.grammar import complaints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = ["Violation", "check", "require_valid"]

UNIT = tree.TupleType()
_LITERALS = (tree.Integer, tree.Float, tree.Boolean, tree.Text, tree.Character, tree.ByteText)
_CHILDREN: dict[type, tuple[str, ...]] = {}
# What a function of a value cannot end with, since it would go on behind it.
_GOES_ON = (tree.Let, tree.Assign, tree.For)


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that one node breaks, with the source line of the statement or item around it."""

    text: str
    line: int | None


def check(program: tree.Program) -> list[Violation]:
    """Every violation of the tree.

    >>> loose = tree.Function("f", (), None, tree.Block((tree.Evaluate(tree.Break("rows"), 3),)))
    >>> check(tree.Program((loose,)))
    [Violation(text="a jump has no target: `'rows`", line=3)]
    """
    return list(_Judge().items(program.items, _Place(aliases=_result_aliases(program.items))))


def require_valid(program: tree.Program) -> None:
    """Refuse a tree with violations; a defect of the front-end that built it.

    Errors    InternalError rust.invalid_tree   with the first violation, `detail` holds all.
    """
    found = check(program)
    if found:
        first = found[0]
        where = f"line {first.line}" if first.line else "the program"
        raise InternalError(
            "rust.invalid_tree", f"a front-end built an invalid tree: {first.text}", where=where, violations=found
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """What surrounds a node. A result of None stands for one that is not written, as a closure's may be."""

    line: int | None = None
    result: tree.Type | None = None
    asks: bool = False
    in_implementation: bool = False
    in_trait: bool = False
    loops: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    in_loop: bool = False
    takes_value: bool = False
    in_condition: bool = False
    aliases: frozenset[str] = frozenset()


class _Judge:
    """Walks the tree and says what is wrong."""

    # Items

    def items(self, items: Sequence[Any], place: _Place) -> Iterator[Violation]:
        seen: set[tuple[str, str]] = set()
        for item in items:
            name = getattr(item, "name", "")
            if name and not isinstance(item, tree.MacroItem):
                if (_space(item), name) in seen:
                    yield Violation(f"a name is defined twice: `{name}`", getattr(item, "line", None) or place.line)
                seen.add((_space(item), name))
        for item in items:
            yield from self.node(item, place)

    def function(self, node: tree.Function, place: _Place) -> Iterator[Violation]:
        names = [item.name for item in node.parameters if isinstance(item, tree.Parameter)]
        yield from _told(place, _twice("parameter", names))
        selves = [number for number, item in enumerate(node.parameters) if isinstance(item, tree.SelfParameter)]
        if selves and (selves != [0] or not place.in_implementation):
            yield Violation(f"`self` is no parameter of a method's first place: `{node.name}`", place.line)
        yield from self.each((node.parameters, node.result, node.generics), place)
        if node.body is None:
            if not place.in_trait:
                yield Violation(f"a function has no body: `{node.name}`", place.line)
            return
        result = node.result or UNIT
        inside = _Place(place.line, result, asks=_can_ask(result, place.aliases), aliases=place.aliases)
        yield from self.node(node.body, inside)
        yield from _told(inside, _value_complaints(node.body, result, node.name))

    def implementation(self, node: tree.Impl, place: _Place) -> Iterator[Violation]:
        yield from self.each((node.type, node.trait, node.generics), place)
        yield from self.items(node.items, replace(place, in_implementation=True))

    def trait(self, node: tree.Trait, place: _Place) -> Iterator[Violation]:
        yield from self.each((node.supers, node.generics), place)
        yield from self.items(node.items, replace(place, in_implementation=True, in_trait=True))

    # Statements and expressions

    def let(self, node: tree.Let, place: _Place) -> Iterator[Violation]:
        yield from self.binding(node.pattern, place)
        yield from self.each((node.type, node.value), place)

    def loop(self, node: tree.Loop, place: _Place) -> Iterator[Violation]:
        yield from self.body(node.body, place, node.label, takes_value=True)

    def while_(self, node: tree.While, place: _Place) -> Iterator[Violation]:
        yield from self.node(node.condition, replace(place, in_condition=True))
        yield from self.body(node.body, place, node.label)

    def for_(self, node: tree.For, place: _Place) -> Iterator[Violation]:
        yield from self.binding(node.pattern, place)
        yield from self.node(node.values, place)
        yield from self.body(node.body, place, node.label)

    def body(self, body: tree.Block, place: _Place, label: str, *, takes_value: bool = False) -> Iterator[Violation]:
        """The body of a loop, which has no value."""
        loops = (*place.loops, label) if label else place.loops
        yield from self.node(body, replace(place, loops=loops, in_loop=True, takes_value=takes_value))
        if isinstance(body.value, _LITERALS):
            yield Violation("the body of a loop has a value", place.line)

    def closure(self, node: tree.Closure, place: _Place) -> Iterator[Violation]:
        yield from self.binding(tree.TuplePattern(tuple(pattern for pattern, _ in node.parameters)), place)
        yield from self.each((tuple(kind for _, kind in node.parameters), node.result), place)
        asks = node.result is None or _can_ask(node.result, place.aliases)
        yield from self.node(node.body, _Place(place.line, node.result, asks=asks, aliases=place.aliases))

    def async_block(self, node: tree.AsyncBlock, place: _Place) -> Iterator[Violation]:
        yield from self.node(node.block, _Place(place.line, None, asks=True, aliases=place.aliases))

    def block_expression(self, node: tree.BlockExpression, place: _Place) -> Iterator[Violation]:
        blocks = (*place.blocks, node.label) if node.label else place.blocks
        yield from self.node(node.block, replace(place, blocks=blocks))

    def if_(self, node: tree.If, place: _Place) -> Iterator[Violation]:
        yield from self.node(node.condition, replace(place, in_condition=True))
        yield from self.each((node.then, node.orelse), place)
        if node.orelse is None and isinstance(node.then.value, _LITERALS):
            yield Violation("an `if` without `else` has a value", place.line)

    def let_condition(self, node: tree.LetCondition, place: _Place) -> Iterator[Violation]:
        if not place.in_condition:
            yield Violation("`let` stands outside of a condition", place.line)
        yield from self.binding(node.pattern, place)
        yield from self.node(node.value, replace(place, in_condition=False))

    def arm(self, node: tree.Arm, place: _Place) -> Iterator[Violation]:
        yield from self.binding(node.pattern, place)
        yield from self.each((node.guard, node.body), place)

    def return_(self, node: tree.Return, place: _Place) -> Iterator[Violation]:
        if node.value is not None and place.result == UNIT and isinstance(node.value, _LITERALS):
            yield Violation("a function without a result returns a value", place.line)
        if node.value is None and place.result not in {None, UNIT}:
            yield Violation("a function with a result returns none", place.line)
        yield from self.each((node.value,), place)

    def break_(self, node: tree.Break, place: _Place) -> Iterator[Violation]:
        yield from _told(place, _jump_complaints(node.label, place, may_leave_block=True))
        if node.value is not None and not node.label and place.in_loop and not place.takes_value:
            yield Violation("only `loop` and labelled blocks take the value of a `break`", place.line)
        yield from self.each((node.value,), place)

    def continue_(self, node: tree.Continue, place: _Place) -> Iterator[Violation]:
        yield from _told(place, _jump_complaints(node.label, place, may_leave_block=False))

    def try_operator(self, node: tree.TryOperator, place: _Place) -> Iterator[Violation]:
        if not place.asks:
            yield Violation("`?` stands in a function whose result is no `Result`", place.line)
        yield from self.node(node.operand, place)

    # Patterns

    def binding(self, pattern: tree.Pattern, place: _Place) -> Iterator[Violation]:
        yield from _told(place, _twice("pattern", _bound(pattern)))
        yield from self.node(pattern, place)

    def or_pattern(self, node: tree.OrPattern, place: _Place) -> Iterator[Violation]:
        first, *others = [frozenset(_bound(item)) for item in node.items] or [frozenset()]
        if any(names != first for names in others):
            yield Violation("alternatives of a pattern bind different names", place.line)
        yield from self.each((node.items,), place)

    # Any node

    def node(self, node: Any, place: _Place) -> Iterator[Violation]:
        line = getattr(node, "line", None)
        if line is not None:
            place = replace(place, line=line)
        yield from _told(place, complaints(node))
        if place.in_condition and not isinstance(node, tree.LetCondition):
            place = replace(place, in_condition=False)
        special = _SPECIAL.get(type(node))
        if special is not None:
            yield from special(self, node, place)
        else:
            yield from self.each([getattr(node, name) for name in _children(type(node))], place)

    def each(self, values: Iterable[Any], place: _Place) -> Iterator[Violation]:
        for value in values:
            if isinstance(value, tuple):
                yield from self.each(value, place)
            elif is_dataclass(value):
                yield from self.node(value, place)


def _children(kind: type) -> tuple[str, ...]:
    """The fields of a node that may hold nodes."""
    found = _CHILDREN.get(kind)
    if found is None:
        plain = {"str", "bool", "int", "float", "bytes", "int | None"}
        found = _CHILDREN[kind] = tuple(part.name for part in fields(kind) if part.type not in plain)
    return found


def _told(place: _Place, texts: Iterable[str]) -> Iterator[Violation]:
    return (Violation(text, place.line) for text in texts)


def _space(item: Any) -> str:
    """Types and modules share a space of names; functions and constants share another."""
    return "type" if isinstance(item, tree.Struct | tree.Enum | tree.Trait | tree.TypeAlias_ | tree.Module) else "value"


def _twice(where: str, names: Iterable[str]) -> Iterator[str]:
    return (f"a {where} binds a name twice: `{name}`" for name, times in Counter(names).items() if times > 1)


def _bound(pattern: Any) -> list[str]:
    """The names that a pattern binds; those of the first alternative where it has several."""
    if isinstance(pattern, tree.Bind):
        return [pattern.name, *(_bound(pattern.pattern) if pattern.pattern else ())]
    if isinstance(pattern, tree.StructPattern):
        return [name for _, value in pattern.fields for name in _bound(value)]
    if isinstance(pattern, tree.OrPattern):
        return _bound(pattern.items[0]) if pattern.items else []
    return [name for item in getattr(pattern, "items", ()) for name in _bound(item)]


def _jump_complaints(label: str, place: _Place, *, may_leave_block: bool) -> Iterator[str]:
    targets = place.loops + (place.blocks if may_leave_block else ())
    if label and label not in targets:
        yield f"a jump has no target: `'{label}`"
    if not label and not place.in_loop:
        yield "a jump stands outside of a loop"


def _can_ask(result: tree.Type, aliases: frozenset[str]) -> bool:
    """Whether `?` may leave a function of that result."""
    if isinstance(result, tree.ImplType):
        return True
    name = result.name.rpartition("::")[2] if isinstance(result, tree.NamedType) else ""
    return name in {"Result", "Option", "Poll", "ControlFlow"} or name in aliases


def _result_aliases(items: Iterable[Any]) -> frozenset[str]:
    """The aliases of results that the program defines."""
    aliases = [item for item in items if isinstance(item, tree.TypeAlias_)]
    return frozenset(item.name for item in aliases if _can_ask(item.type, frozenset()))


def _value_complaints(body: tree.Block, result: tree.Type, name: str) -> Iterator[str]:
    """A body and the result of its function, as far as statements show."""
    if result == UNIT:
        if isinstance(body.value, _LITERALS):
            yield f"a function without a result has a value: `{name}`"
        return
    said = [statement for statement in body.statements if not isinstance(statement, tree.Comment)]
    if body.value is None and (not said or isinstance(said[-1], _GOES_ON)):
        yield f"a function with a result ends without a value: `{name}`"


_SPECIAL: dict[type, Callable[[_Judge, Any, _Place], Iterator[Violation]]] = {
    tree.Function: _Judge.function,
    tree.Impl: _Judge.implementation,
    tree.Trait: _Judge.trait,
    tree.Module: lambda judge, node, place: judge.items(node.items, place),
    tree.Let: _Judge.let,
    tree.Loop: _Judge.loop,
    tree.While: _Judge.while_,
    tree.For: _Judge.for_,
    tree.Closure: _Judge.closure,
    tree.AsyncBlock: _Judge.async_block,
    tree.BlockExpression: _Judge.block_expression,
    tree.If: _Judge.if_,
    tree.LetCondition: _Judge.let_condition,
    tree.Arm: _Judge.arm,
    tree.Return: _Judge.return_,
    tree.Break: _Judge.break_,
    tree.Continue: _Judge.continue_,
    tree.TryOperator: _Judge.try_operator,
    tree.OrPattern: _Judge.or_pattern,
}
