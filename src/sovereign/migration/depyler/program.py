"""What a program consists of while it is translated, and the loop that runs until nothing new is learned.

Enters: parsed modules. Leaves: instances, that is functions specialised to the types they are called with, each with
its part of the Rust tree. A function is lowered with the types known so far; what it learns about others makes them
dirty, and they are lowered again. Types only grow, so this ends; the trees of the last round are the translation.
Read `lowering.py` for one round of one function.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sovereign.migration.depyler.types import Cell, Readers, Type

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Mapping

    from sovereign.migration.depyler.models import EmbeddedModel
    from sovereign.migration.depyler.scopes import Scope
    from sovereign.migration.depyler.webs import Web, Webs
    from sovereign.migration.rust import tree as rs

__all__ = [
    "ANYTHING",
    "ClassInfo",
    "FieldInfo",
    "FunctionInfo",
    "FunctionValue",
    "Global",
    "Instance",
    "Module",
    "Program",
    "Refuse",
    "Union",
    "View",
]

MAX_INSTANCES = 60
MAX_ROUNDS = 4000
NEVER_AGAIN = 1 << 62
"""The moment of what has not changed."""
MAX_ACTIVE = 8
"""How many instances may be in the middle of being lowered, each for the call of the one before."""


class Refuse(Exception):  # noqa: N818 - a verdict about a program, not a defect
    """Something that is not translated: where and why."""

    def __init__(self, node: ast.AST, reason: str) -> None:
        super().__init__(reason)
        self.node = node
        self.reason = reason


@dataclass(eq=False)
class FieldInfo:
    """A field of a class: what it holds, and whether it is assigned again after it was made."""

    name: str
    cell: Cell = field(default_factory=Cell)
    late: bool = False

    def reassigned(self, reader: Instance | None) -> bool:
        """Whether the field is assigned after its object exists."""
        return self.cell.has(f"reassigned {self.name}", reader)


@dataclass(eq=False)
class ClassInfo:
    """A class of the program, of exactly this name; subclasses have fields and methods of their bases themselves."""

    name: str
    unique: str
    node: ast.ClassDef
    scope: Scope
    module: Module
    bases: list[ClassInfo] = field(default_factory=list)
    builtin_base: str = ""
    methods: dict[str, FunctionInfo] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    globals: dict[str, Global] = field(default_factory=dict)
    undeclared: set[str] = field(default_factory=set)
    fields: dict[str, FieldInfo] = field(default_factory=dict)
    dataclass: dict[str, object] | None = None
    enum_members: dict[str, ast.expr] | None = None
    enum_aliases: dict[str, str] = field(default_factory=dict)
    named_tuple: bool = False
    nested: dict[str, ClassInfo] = field(default_factory=dict)
    instances: dict[str, list[Instance]] = field(default_factory=dict)
    subclasses: list[ClassInfo] = field(default_factory=list)
    made: bool = False
    environment: Instance | None = None
    readers: Readers = field(default_factory=Readers)
    counters: Readers = field(default_factory=Readers)
    order: list[ClassInfo] | None = None

    def mro(self) -> list[ClassInfo]:
        """The class and its bases in the order in which attributes are looked up (C3)."""
        if self.order is None:
            self.order = _linearize(self)
        return self.order

    def forget_order(self) -> None:
        """Its bases have changed."""
        self.order = None
        for cls in self.subclasses:
            cls.forget_order()

    def find_method(self, name: str) -> tuple[ClassInfo, FunctionInfo] | None:
        """The class that defines a method, and the method."""
        for cls in self.mro():
            if name in cls.methods:
                return cls, cls.methods[name]
        return None

    def is_subclass(self, other: ClassInfo) -> bool:
        """Whether instances of this class are instances of the other."""
        return other in self.mro()

    def builtin_root(self) -> str:
        """The builtin class that it comes from, such as `Exception`; empty for plain classes."""
        return next((c.builtin_base for c in self.mro() if c.builtin_base), "")

    def field_of(self, name: str) -> FieldInfo:
        """The field of this name, made where it is new."""
        if name not in self.fields:
            self.fields[name] = FieldInfo(name)
            self.counters.tell()
        return self.fields[name]


def _linearize(cls: ClassInfo) -> list[ClassInfo]:
    lists = [_linearize(base) for base in cls.bases] + [list(cls.bases)]
    result = [cls]
    while any(lists):
        for candidates in lists:
            if candidates and not any(candidates[0] in other[1:] for other in lists):
                chosen = candidates[0]
                break
        else:
            return result
        result.append(chosen)
        lists = [[c for c in other if c is not chosen] for other in lists]
    return result


@dataclass(eq=False)
class Global:
    """A variable of a module or class that functions see."""

    name: str
    rust_name: str
    cell: Cell = field(default_factory=Cell)
    constant: ast.expr | None = None


@dataclass(eq=False)
class Module:
    """One source file."""

    name: str
    path: str
    source: str
    tree: ast.Module
    scope: Scope
    functions: dict[str, FunctionInfo] = field(default_factory=dict)
    classes: dict[str, ClassInfo] = field(default_factory=dict)
    globals: dict[str, Global] = field(default_factory=dict)
    imports: dict[str, object] = field(default_factory=dict)
    comments: dict[int, tuple[str, bool]] = field(default_factory=dict)


@dataclass(eq=False)
class FunctionInfo:
    """A function or lambda as written."""

    name: str
    node: ast.FunctionDef | ast.Lambda | ast.Module
    scope: Scope
    module: Module
    cls: ClassInfo | None = None
    kind: str = "function"
    decorators: list[ast.expr] = field(default_factory=list)
    webs: Webs | None = None
    called_last: frozenset[str] | None = None
    readers: Readers = field(default_factory=Readers)
    increments: dict[str, object] = field(default_factory=dict)
    instances: dict[object, Instance] = field(default_factory=dict)

    @property
    def is_generator(self) -> bool:
        """Whether it has `yield`."""
        return self.scope.is_generator


@dataclass(eq=False)
class FunctionValue:
    """A function with what it was defined in; `bound` is the receiver of a bound method."""

    info: FunctionInfo
    environment: Instance | None = None
    bound: object = None

    @property
    def key(self) -> object:
        """What tells function values apart."""
        return (self.info, self.environment)


ANYTHING = "anything"
"""What an instance changes that calls something unknown."""


@dataclass(eq=False)
class View:
    """A loop that borrows a list: how it is remembered that it must not, what its body changes and whom it calls."""

    key: object
    cell: Cell | None
    changes: set[object]
    calls: list[Instance]

    def is_spoilt(self) -> bool:
        """Whether the body changes the list, itself or by those whom it calls."""
        assert self.cell is not None
        root = self.cell.find()
        seen: set[Instance] = set()
        waiting, found = list(self.calls), self.changes
        while not _holds(found, root):
            if not waiting:
                return False
            instance = waiting.pop()
            found = set() if instance in seen else instance.changes
            if instance not in seen:
                seen.add(instance)
                waiting.extend(instance.calls)
        return True


def _holds(changes: set[object], root: Cell) -> bool:
    return ANYTHING in changes or any(isinstance(cell, Cell) and cell.find() is root for cell in changes)


@dataclass(eq=False)
class Instance:
    """A function specialised to the types of its arguments."""

    info: FunctionInfo
    key: object
    program: Program
    environment: Instance | None = None
    self_class: ClassInfo | None = None
    parameters: dict[str, Cell] = field(default_factory=dict)
    result: Cell = field(default_factory=Cell)
    variables: dict[Web, Cell] = field(default_factory=dict)
    captured: dict[str, Cell] = field(default_factory=dict)
    cells: dict[object, Cell] = field(default_factory=dict)
    heads: dict[ast.AST, dict[object, Type]] = field(default_factory=dict)
    memory: dict[object, object] = field(default_factory=dict)
    calls: list[Instance] = field(default_factory=list)
    raises: bool = False
    stale: int = 0
    faded: int = NEVER_AGAIN
    begun: int = 0
    taken_back: list[tuple[int, int]] = field(default_factory=list)
    runs: int = 0
    rust_name: str = ""
    watched_call: str = ""
    item: rs.Function | None = None
    nested: list[Instance] = field(default_factory=list)
    self_as_value: bool = False
    passes: dict[str, bool] = field(default_factory=dict)
    readers: Readers = field(default_factory=Readers)
    receivers: int = 0
    big_operations: int = 0
    changes: set[object] = field(default_factory=set)
    views: list[View] = field(default_factory=list)

    @property
    def dirty(self) -> bool:
        """Whether what it was lowered with has changed."""
        return self.stale != NEVER_AGAIN

    @dirty.setter
    def dirty(self, value: bool) -> None:
        self.stale = min(self.stale, Cell.now) if value else NEVER_AGAIN

    def begin(self) -> None:
        """A new round: what was read before does not count."""
        Cell.now += 1
        self.begun = Cell.now
        self.taken_back.clear()
        self.stale = self.faded = NEVER_AGAIN
        self.runs += 1

    def take_back(self, moment: int) -> None:
        """Forget what was read since a moment, because it is read again."""
        Cell.now += 1
        self.taken_back = [span for span in self.taken_back if span[0] < moment]
        self.taken_back.append((moment, Cell.now))
        if self.stale >= moment:
            self.stale = NEVER_AGAIN
        if self.faded >= moment:
            self.faded = NEVER_AGAIN

    def holds(self, since: int) -> bool:
        """Whether what was read at a moment belongs to the last round."""
        if since < self.begun:
            return False
        for start, end in self.taken_back:  # noqa: SIM110 - asked for each reading
            if start <= since < end:
                return False
        return True

    def mark_raises(self) -> None:
        """Note that it can raise."""
        if not self.raises:
            self.raises = True
            self.tell()

    def give_up_views(self) -> bool:
        """Look for loops that borrow a list which they change; they are to be written anew."""
        spoilt = [view for view in self.views if not self.memory.get(view.key) and view.is_spoilt()]
        for view in spoilt:
            self.memory[view.key] = True
            self.dirty = True
        return bool(spoilt)

    def tell(self) -> None:
        """Make those who called it look again."""
        self.readers.tell()

    def variable(self, web: Web) -> Cell:
        """What a local variable holds over its whole life."""
        if web not in self.variables:
            self.variables[web] = Cell()
        return self.variables[web]


@dataclass(eq=False)
class Union:
    """An enum made for this program, because a value is of several types."""

    name: str
    type: Type
    variants: dict[str, str] = field(default_factory=dict)


def _nothing(instance: Instance) -> None:
    del instance


class Program:
    """All modules, classes and instances of one translation."""

    def __init__(self, reserved: frozenset[str] = frozenset(), run: Callable[[Instance], None] | None = None) -> None:
        self.run = run or _nothing
        self.active: list[Instance] = []
        self.names: dict[str, set[str]] = {}
        self.rounds = 0
        self.modules: dict[str, Module] = {}
        self.classes: list[ClassInfo] = []
        self.instances: list[Instance] = []
        self.unions: dict[object, Union] = {}
        self.refusals: dict[tuple[str, int, int, str], Refuse] = {}
        self.main: Instance | None = None
        self.main_name = "__main__"
        self.roots: list[Instance] = []
        self.guards_recursion = False
        self.small_arguments = False
        self.reserved = reserved
        self.class_assignments: set[str] | None = None
        self.dynamic: list[tuple[str, int, str]] = []
        self.statics: dict[str, object] = {}
        self.shared_defaults: dict[object, tuple[Global, FunctionInfo, ast.expr]] = {}
        self.definition_defaults: dict[ast.expr, Global] = {}
        self.models: Mapping[str, EmbeddedModel] = {}
        self.loaded: dict[str, EmbeddedModel] = {}

    def instance(
        self,
        info: FunctionInfo,
        key: object,
        environment: Instance | None = None,
        self_class: ClassInfo | None = None,
    ) -> Instance:
        """The specialisation of a function for a key, made on first request."""
        full = (environment, self_class, key)
        found = info.instances.get(full)
        if found is not None:
            return found
        if len(info.instances) >= MAX_INSTANCES:
            full = (environment, self_class, "any")
            if full in info.instances:
                return info.instances[full]
        made = Instance(info, key, self, environment, self_class)
        info.instances[full] = made
        self.instances.append(made)
        return made

    def module_info(self, module: Module) -> FunctionInfo:
        """The statements of a module as a function."""
        found = self.statics.get(f"module {module.name}")
        if not isinstance(found, FunctionInfo):
            found = FunctionInfo("module", module.tree, module.scope, module)
            self.statics[f"module {module.name}"] = found
        return found

    def solve(self) -> None:
        """Lower instances until nothing changes any more; callees come before their callers."""
        pending = True
        while pending and self.rounds < MAX_ROUNDS:
            pending = False
            for instance in self.callees_first():
                if instance.dirty:
                    pending = True
                    self.lower(instance)
            if not pending:
                pending = sum(instance.give_up_views() for instance in self.reachable()) > 0

    def lower(self, instance: Instance) -> None:
        """Lower an instance with what is known now."""
        self.rounds += 1
        self.active.append(instance)
        outer, Cell.watcher = Cell.watcher, instance
        instance.begin()
        try:
            self.run(instance)
        finally:
            Cell.watcher = outer
            self.active.pop()

    def lower_first(self, instance: Instance) -> None:
        """Lower an instance that is new before its caller goes on, so that the caller knows what comes out of it."""
        if not instance.runs and len(self.active) < MAX_ACTIVE:
            self.lower(instance)

    def is_open(self, instance: Instance, caller: Instance) -> bool:
        """Whether what an instance gives is not known yet, because it was never lowered to its end."""
        return not instance.runs or (instance.runs == 1 and instance is not caller and instance in self.active)

    def callees_first(self) -> list[Instance]:
        """The instances that the main program calls, each behind those that it calls."""
        order: list[Instance] = []
        seen: set[Instance] = set()
        stack: list[tuple[Instance, bool]] = [(root, False) for root in (*self.roots, self.main) if root is not None]
        while stack:
            instance, is_left = stack.pop()
            if is_left:
                order.append(instance)
            elif instance not in seen:
                seen.add(instance)
                stack.append((instance, True))
                stack.extend((callee, False) for callee in reversed(instance.calls) if callee not in seen)
        return order

    def reachable(self) -> list[Instance]:
        """The instances that the main program calls, directly or not, in the order of first call."""
        found: dict[Instance, None] = {}
        stack = [*self.roots, self.main] if self.main else []
        while stack:
            instance = stack.pop()
            if instance in found:
                continue
            found[instance] = None
            stack.extend(reversed(instance.calls))
        return list(found)
