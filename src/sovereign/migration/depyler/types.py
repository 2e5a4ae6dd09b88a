"""What an expression may be: types as sets of alternatives, and the cells in which they grow.

Enters: nothing. A `Type` is an immutable set of shapes: `int` with its range, `str`, `list` of a cell and so on. What
a mutable object holds stands in a `Cell`; two cells that may be the same object are united, so that contents agree
wherever the object is seen. Types and cells only grow, which is why the analysis ends. Read `rust_types.py` for how a
type is held in Rust, `program.py` for who asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sovereign.migration.depyler.program import ClassInfo, FunctionValue, Instance

__all__ = [
    "BOOL",
    "BYTES",
    "EXCEPTION",
    "FLOAT",
    "I64_MAX",
    "I64_MIN",
    "INT",
    "NEVER",
    "NONE",
    "STR",
    "Atom",
    "Cell",
    "DictShape",
    "FunctionCell",
    "FunctionShape",
    "InstanceShape",
    "IntShape",
    "IterShape",
    "ListShape",
    "OpaqueShape",
    "Readers",
    "SeqShape",
    "SetShape",
    "Shape",
    "StaticShape",
    "TupleShape",
    "Type",
    "dict_of",
    "integer",
    "iter_of",
    "join_all",
    "list_of",
    "seq_of",
    "set_of",
    "tuple_of",
]

I64_MIN = -(1 << 63)
I64_MAX = (1 << 63) - 1
WIDEN_AFTER = 3
KEY_DEPTH = 5


class Readers:
    """Who relies on something, each with the moment since when it does."""

    __slots__ = ("_since",)

    def __init__(self) -> None:
        self._since: dict[Instance, int] = {}

    def add(self, reader: Instance) -> None:
        """Note that a reader relies on it from now on."""
        since = self._since.get(reader)
        if since is None or since < reader.begun or (reader.taken_back and not reader.holds(since)):
            self._since[reader] = Cell.now

    def take_in(self, others: Readers) -> None:
        """Add all readers of another."""
        mine = self._since
        for reader, since in others._since.items():
            old = mine.get(reader)
            if old is None or not reader.holds(old) or (since < old and reader.holds(since)):
                mine[reader] = since

    def tell(self) -> None:
        """Make those look again that still rely on it."""
        for reader, since in self._since.items():
            if since < reader.stale and reader.holds(since):
                reader.stale = since

    def tell_later(self) -> None:
        """The same, but it is enough that they look when all types are known: only their text relies on it."""
        for reader, since in self._since.items():
            if since < reader.faded and reader.holds(since):
                reader.faded = since


class Cell:
    """What one or more objects hold, found through `find`; grows by `join`, and tells those who read it."""

    __slots__ = ("_parent", "_type", "changes", "facts", "namers", "readers", "watchers")
    now: ClassVar[int] = 0
    """The present moment; it moves on where an instance is begun, and where a part of one is taken back."""
    watcher: ClassVar[Instance | None] = None
    """The instance that is being lowered: what it reads without saying so, its text relies on."""

    def __init__(self, type_: Type | None = None) -> None:
        self._parent: Cell | None = None
        self._type = type_ or NEVER
        self.readers = Readers()
        self.watchers: Readers | None = None
        self.namers: Readers | None = None
        self.changes = 0
        self.facts: set[str] = set()

    def find(self) -> Cell:
        """The cell that stands for all that were united with this one."""
        cell = self
        while cell._parent is not None:
            cell = cell._parent
        step: Cell = self
        while step._parent is not None and step._parent is not cell:
            step._parent, step = cell, step._parent
        return cell

    def read(self, reader: Instance | None) -> Type:
        """The type so far; the reader is run again when it grows."""
        root = self
        while root._parent is not None:
            root = root._parent
        if reader is not None:
            root.readers.add(reader)
        elif Cell.watcher is not None:
            if root.watchers is None:
                root.watchers = Readers()
            root.watchers.add(Cell.watcher)
        return root._type

    def identity(self) -> int:
        """What tells it from others as long as they are not united; who asked looks again when they are."""
        root = self.find()
        if Cell.watcher is not None:
            if root.namers is None:
                root.namers = Readers()
            root.namers.add(Cell.watcher)
        return id(root)

    def join(self, type_: Type) -> bool:
        """Take further alternatives in; True where that changed the cell."""
        root = self.find()
        new = root._type.join(type_)
        root = root.find()
        if new is root._type or new == root._type:
            return False
        root.changes += 1
        if root.changes > WIDEN_AFTER:
            new = root._type.widen(new)
        old, root._type = root._type, new
        root._tell(is_held_alike(old, new))
        return True

    def mark(self, fact: str) -> None:
        """Note a fact about the objects; it never goes away."""
        root = self.find()
        if fact not in root.facts:
            root.facts.add(fact)
            root._tell(is_held_alike=False)

    def has(self, fact: str, reader: Instance | None = None) -> bool:
        """Whether a fact was noted; the reader is run again when that changes."""
        root = self.find()
        if reader is not None:
            root.readers.add(reader)
        return fact in root.facts

    def unite(self, other: Cell) -> None:
        """From now on both are one."""
        a, b = self.find(), other.find()
        if a is b:
            return
        b._parent = a
        same = a._type == b._type and a.facts == b.facts
        a.readers.take_in(b.readers)
        a.watchers = _together(a.watchers, b.watchers)
        if b.namers is not None:
            b.namers.tell_later()
        a.namers = _together(a.namers, b.namers)
        a.facts |= b.facts
        a.changes = max(a.changes, b.changes)
        joined = a._type.join(b._type)
        a = a.find()
        if joined != a._type:
            a._type = joined
        if not same:
            a._tell(is_held_alike=False)

    def _tell(self, is_held_alike: bool) -> None:
        self.readers.tell()
        if self.watchers is not None and not is_held_alike:
            self.watchers.tell_later()


def _together(mine: Readers | None, theirs: Readers | None) -> Readers | None:
    if mine is None or theirs is None:
        return mine or theirs
    mine.take_in(theirs)
    return mine


class FunctionCell:
    """The functions that a value may be, what they are called with and what they give."""

    __slots__ = ("_parent", "candidates", "parameters", "readers", "result")

    def __init__(self) -> None:
        self._parent: FunctionCell | None = None
        self.candidates: dict[object, FunctionValue] = {}
        self.parameters: list[Cell] | None = None
        self.result = Cell()
        self.readers = Readers()

    def find(self) -> FunctionCell:
        """The cell that stands for all that were united with this one."""
        cell = self
        while cell._parent is not None:
            cell = cell._parent
        return cell

    def unite(self, other: FunctionCell) -> None:
        """From now on both are one."""
        a, b = self.find(), other.find()
        if a is b:
            return
        b._parent = a
        a.candidates |= b.candidates
        a.result.unite(b.result)
        if a.parameters is None:
            a.parameters = b.parameters
        elif b.parameters is not None:
            for mine, theirs in zip(a.parameters, b.parameters, strict=False):
                mine.unite(theirs)
        a.readers.take_in(b.readers)
        a.readers.tell()

    def identity(self) -> int:
        """What tells it from others as long as they are not united; who asked looks again when they are."""
        root = self.find()
        if Cell.watcher is not None:
            root.readers.add(Cell.watcher)
        return id(root)


# Shapes


@dataclass(frozen=True, slots=True)
class Atom:
    """A type without contents: float, bool, str, bytes, None, range and the like."""

    name: str

    @property
    def tag(self) -> str:
        """What alternatives are told apart by."""
        return self.name


@dataclass(frozen=True, slots=True)
class IntShape:
    """An integer between two bounds, None where there is none."""

    low: int | None
    high: int | None
    tag: ClassVar[str] = "int"

    @property
    def small(self) -> bool:
        """Whether every value fits into 64 bits."""
        return self.low is not None and self.high is not None and self.low >= I64_MIN and self.high <= I64_MAX

    @property
    def wide(self) -> bool:
        """Whether every value fits into 128 bits, with room to spare."""
        return self.low is not None and self.high is not None and self.low >= -(1 << 126) and self.high <= 1 << 126


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list; `kind` is "list" or "deque"."""

    cell: Cell
    kind: str = "list"

    @property
    def tag(self) -> str:
        """What alternatives are told apart by."""
        return self.kind


@dataclass(frozen=True, slots=True)
class SetShape:
    """A set; `kind` is "set" or "frozenset"."""

    cell: Cell
    kind: str = "set"

    @property
    def tag(self) -> str:
        """What alternatives are told apart by."""
        return self.kind


@dataclass(frozen=True, slots=True)
class DictShape:
    """A dict; `kind` is "dict", "defaultdict", "Counter" or "OrderedDict"."""

    key: Cell
    value: Cell
    kind: str = "dict"

    @property
    def tag(self) -> str:
        """What alternatives are told apart by."""
        return self.kind


@dataclass(frozen=True, slots=True)
class IterShape:
    """An iterator that is an object of its own, generators among them."""

    cell: Cell
    tag: ClassVar[str] = "iterator"


@dataclass(frozen=True, slots=True)
class TupleShape:
    """A tuple of known length."""

    items: tuple[Type, ...]
    tag: ClassVar[str] = "tuple"


@dataclass(frozen=True, slots=True)
class SeqShape:
    """A tuple of unknown length whose items are of one type."""

    item: Type
    tag: ClassVar[str] = "tuple"


@dataclass(frozen=True, slots=True)
class InstanceShape:
    """An instance of exactly this class of the program."""

    cls: ClassInfo

    @property
    def tag(self) -> str:
        """What alternatives are told apart by."""
        return f"instance {self.cls.unique}"


@dataclass(frozen=True, slots=True)
class FunctionShape:
    """A function as a value."""

    cell: FunctionCell
    tag: ClassVar[str] = "function"


@dataclass(frozen=True, slots=True)
class StaticShape:
    """What is known while translating and has no value at run time: a module, a class, a builtin."""

    kind: str
    name: str
    what: Any = field(default=None, compare=False, hash=False)

    @property
    def tag(self) -> str:
        """What alternatives are told apart by."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class OpaqueShape:
    """A type of the library with a Rust type of its own, such as a compiled pattern; `cells` are its contents."""

    name: str
    cells: tuple[Cell, ...] = ()

    @property
    def tag(self) -> str:
        """What alternatives are told apart by."""
        return self.name


Shape: TypeAlias = (
    Atom
    | IntShape
    | ListShape
    | SetShape
    | DictShape
    | IterShape
    | TupleShape
    | SeqShape
    | InstanceShape
    | FunctionShape
    | StaticShape
    | OpaqueShape
)


def _low(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else min(a, b)


def _high(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else max(a, b)


def _join_tuples(a: TupleShape | SeqShape, b: TupleShape | SeqShape) -> TupleShape | SeqShape:
    if isinstance(a, TupleShape) and isinstance(b, TupleShape) and len(a.items) == len(b.items):
        items = tuple(x.join(y) for x, y in zip(a.items, b.items, strict=True))
        return a if all(x is y for x, y in zip(items, a.items, strict=True)) else TupleShape(items)
    items_a = a.items if isinstance(a, TupleShape) else (a.item,)
    items_b = b.items if isinstance(b, TupleShape) else (b.item,)
    joined = join_all((*items_a, *items_b))
    return a if isinstance(a, SeqShape) and joined == a.item else SeqShape(joined)


def _join_shapes(a: Shape, b: Shape) -> Shape:
    """The two, which have the same tag, as one; contents are united."""
    match a, b:
        case IntShape(), IntShape():
            low, high = _low(a.low, b.low), _high(a.high, b.high)
            return a if (low, high) == (a.low, a.high) else IntShape(low, high)
        case ((TupleShape() | SeqShape()), (TupleShape() | SeqShape())):
            return _join_tuples(a, b)
        case ListShape(), ListShape():
            a.cell.unite(b.cell)
        case SetShape(), SetShape():
            a.cell.unite(b.cell)
        case IterShape(), IterShape():
            a.cell.unite(b.cell)
        case DictShape(), DictShape():
            a.key.unite(b.key)
            a.value.unite(b.value)
        case FunctionShape(), FunctionShape():
            a.cell.unite(b.cell)
        case OpaqueShape(), OpaqueShape():
            for mine, theirs in zip(a.cells, b.cells, strict=True):
                mine.unite(theirs)
        case _:
            pass
    return a


class Type:
    """An immutable set of shapes, at most one of each tag; empty where nothing arrives (yet, or ever)."""

    __slots__ = ("never", "only", "shapes")

    def __init__(self, shapes: Iterable[Shape] = ()) -> None:
        self.shapes: tuple[Shape, ...] = tuple(shapes)
        self.never = not self.shapes
        """Whether nothing arrives here."""
        self.only: Shape | None = self.shapes[0] if len(self.shapes) == 1 else None
        """The one shape, where there is just one."""

    def __iter__(self) -> Iterator[Shape]:
        return iter(self.shapes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Type) and (self is other or _same(self.shapes, other.shapes))

    def __hash__(self) -> int:
        return hash(tuple(shape.tag for shape in self.shapes))

    def __repr__(self) -> str:
        return " | ".join(describe(shape) for shape in self.shapes) or "never"

    def tags(self) -> set[str]:
        """The tags of all alternatives."""
        return {shape.tag for shape in self.shapes}

    def get(self, tag: str) -> Shape | None:
        """The alternative of this tag."""
        for shape in self.shapes:
            if shape.tag == tag:
                return shape
        return None

    def without(self, *tags: str) -> Type:
        """All alternatives but these."""
        return Type(shape for shape in self.shapes if shape.tag not in tags)

    def restrict(self, tags: Iterable[str]) -> Type:
        """Only these alternatives."""
        wanted = set(tags)
        return Type(shape for shape in self.shapes if shape.tag in wanted)

    def join(self, other: Type) -> Type:
        """Either of the two; contents of alternatives with the same tag are united."""
        if self is other or not other.shapes:
            return self
        if not self.shapes:
            return other
        mine = {shape.tag: shape for shape in self.shapes}
        changed = False
        for shape in other.shapes:
            old = mine.get(shape.tag)
            new = shape if old is None else _join_shapes(old, shape)
            if new is not old:
                mine[shape.tag] = new
                changed = True
        return Type(sorted(mine.values(), key=_order)) if changed else self

    def widen(self, new: Type) -> Type:
        """`new`, where bounds of integers that still move are given up."""
        return Type(_widen(self.get(shape.tag), shape) for shape in new.shapes)

    def key(self, depth: int = KEY_DEPTH) -> object:
        """What tells specialisations apart: the type without ranges."""
        return tuple(_shape_key(shape, depth) for shape in self.shapes)


_ORDER = {"none": 9, "bool": 1, "int": 2, "float": 3, "str": 4}


def _order(shape: Shape) -> tuple[int, str]:
    return (_ORDER.get(shape.tag, 5), shape.tag)


def _same(a: tuple[Shape, ...], b: tuple[Shape, ...]) -> bool:
    return len(a) == len(b) and all(map(_same_shape, a, b))


def _same_shape(a: Shape, b: Shape) -> bool:
    if a is b:
        return True
    match a, b:
        case ListShape(), ListShape():
            return a.kind == b.kind and a.cell.find() is b.cell.find()
        case SetShape(), SetShape():
            return a.kind == b.kind and a.cell.find() is b.cell.find()
        case IterShape(), IterShape():
            return a.cell.find() is b.cell.find()
        case DictShape(), DictShape():
            return a.kind == b.kind and a.key.find() is b.key.find() and a.value.find() is b.value.find()
        case FunctionShape(), FunctionShape():
            return a.cell.find() is b.cell.find()
        case OpaqueShape(), OpaqueShape():
            return a.name == b.name and all(x.find() is y.find() for x, y in zip(a.cells, b.cells, strict=True))
        case _:
            return a == b


def is_held_alike(a: Type, b: Type) -> bool:
    """Whether Rust holds both in the same way: they differ at most in bounds that fit into 64 bits, or in none."""
    return len(a.shapes) == len(b.shapes) and all(map(_is_shape_alike, a.shapes, b.shapes))


def _is_shape_alike(a: Shape, b: Shape) -> bool:
    match a, b:
        case IntShape(), IntShape():
            return a.small == b.small
        case TupleShape(), TupleShape():
            return len(a.items) == len(b.items) and all(map(is_held_alike, a.items, b.items))
        case SeqShape(), SeqShape():
            return is_held_alike(a.item, b.item)
        case _:
            return _same_shape(a, b)


_STEPS = (0, 1, 255, 1 << 14, 1 << 31, 1 << 48, 1 << 62, I64_MAX)


def _widen_high(old: int | None, new: int | None) -> int | None:
    if old is None or new is None or new <= old:
        return old if new is not None else None
    return next((step for step in _STEPS if step >= new), None)


def _widen_low(old: int | None, new: int | None) -> int | None:
    if old is None or new is None or new >= old:
        return old if new is not None else None
    return next((-step for step in _STEPS if -step <= new), None)


def _widen(old: Shape | None, new: Shape) -> Shape:
    if isinstance(new, IntShape) and isinstance(old, IntShape):
        return IntShape(_widen_low(old.low, new.low), _widen_high(old.high, new.high))
    if isinstance(new, TupleShape) and isinstance(old, TupleShape) and len(new.items) == len(old.items):
        return TupleShape(tuple(a.widen(b) for a, b in zip(old.items, new.items, strict=True)))
    if isinstance(new, SeqShape) and isinstance(old, SeqShape):
        return SeqShape(old.item.widen(new.item))
    return new


def _shape_key(shape: Shape, depth: int) -> object:
    if depth == 0:
        return shape.tag
    match shape:
        case ListShape() | SetShape() | IterShape():
            return (shape.tag, shape.cell.read(None).key(depth - 1))
        case DictShape():
            return (shape.tag, shape.key.read(None).key(depth - 1), shape.value.read(None).key(depth - 1))
        case TupleShape():
            return (shape.tag, tuple(item.key(depth - 1) for item in shape.items))
        case SeqShape():
            return ("seq", shape.item.key(depth - 1))
        case OpaqueShape():
            return (shape.tag, tuple(cell.read(None).key(depth - 1) for cell in shape.cells))
        case FunctionShape():
            return (shape.tag, shape.cell.identity())
        case _:
            return shape.tag


def describe(shape: Shape, depth: int = 3) -> str:
    """A shape as people write it; deep contents as `...`."""

    def inner(type_: Type) -> str:
        if depth == 0:
            return "..."
        return " | ".join(describe(s, depth - 1) for s in type_.shapes) or "never"

    match shape:
        case ListShape() | SetShape() | IterShape():
            return f"{shape.tag}[{inner(shape.cell.read(None))}]"
        case DictShape():
            return f"{shape.tag}[{inner(shape.key.read(None))}, {inner(shape.value.read(None))}]"
        case TupleShape():
            return f"tuple[{', '.join(map(inner, shape.items))}]"
        case SeqShape():
            return f"tuple[{inner(shape.item)}, ...]"
        case InstanceShape():
            return shape.cls.name
        case _:
            return shape.tag


def join_all(types: Iterable[Type]) -> Type:
    """Any of them."""
    result = NEVER
    for type_ in types:
        result = result.join(type_)
    return result


def integer(low: int | None = None, high: int | None = None) -> Type:
    """An integer between bounds."""
    return Type((IntShape(low, high),))


def tuple_of(*items: Type) -> Type:
    """A tuple of known length."""
    return Type((TupleShape(items),))


def seq_of(item: Type) -> Type:
    """A tuple of unknown length."""
    return Type((SeqShape(item),))


def list_of(item: Type, kind: str = "list") -> Type:
    """A new list, or deque, of such items."""
    return Type((ListShape(Cell(item), kind),))


def set_of(item: Type, kind: str = "set") -> Type:
    """A new set, or frozenset, of such items."""
    return Type((SetShape(Cell(item), kind),))


def dict_of(key: Type, value: Type, kind: str = "dict") -> Type:
    """A new dict of such keys and values."""
    return Type((DictShape(Cell(key), Cell(value), kind),))


def iter_of(item: Type) -> Type:
    """An iterator over such items."""
    return Type((IterShape(Cell(item)),))


NEVER = Type()
NONE = Type((Atom("none"),))
BOOL = Type((Atom("bool"),))
FLOAT = Type((Atom("float"),))
STR = Type((Atom("str"),))
BYTES = Type((Atom("bytes"),))
INT = integer()
EXCEPTION = Type((Atom("exception"),))
