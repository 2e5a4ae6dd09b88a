"""What a value is in compiled code: the types of the inference with every variable answered.

Enters: types, and what the variables of generalised functions stand for at one use. Leaves: `Kind`s and their spelling
in Rust. A place that holds values of several types is `dyn`; so is an object of a class that others extend, because
only the run knows which of them it is. Read `rust_base.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy import types as ty
from sovereign.migration.ruchy.types import Con, Type, Var

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sovereign.migration.ruchy.names import Declared, Names

__all__ = [
    "BOOL", "DYN", "F64", "I64", "NEVER", "NIL", "RANGE", "STR", "Given", "Kind", "Kinds", "dict_kind", "function_kind",
    "is_copied", "list_kind", "maybe_kind", "option_kind", "result_kind", "set_kind", "tuple_kind",
]  # fmt: skip

_MOST_PARTS = 8
_MOST_PARAMETERS = 6
_DEEPEST = 16


class Kind(NamedTuple):
    """What a value is: a name, the kinds of its parts, and the declaration of a type of the program."""

    name: str
    arguments: tuple[Kind, ...] = ()
    declared: Declared | None = None

    def __repr__(self) -> str:
        name = self.declared.name if self.declared is not None else self.name
        return f"{name}<{', '.join(map(repr, self.arguments))}>" if self.arguments else name


I64, F64, BOOL, STR, NIL, NEVER, RANGE, DYN = map(Kind, ("i64", "f64", "bool", "str", "nil", "never", "range", "dyn"))


class Given(Type):
    """A kind where a type is wanted."""

    __slots__ = ("kind",)

    def __init__(self, kind: Kind) -> None:
        self.kind = kind


def list_kind(item: Kind) -> Kind:
    """A list."""
    return Kind("list", (item,))


def dict_kind(key: Kind, value: Kind) -> Kind:
    """An object."""
    return Kind("dict", (key, value))


def set_kind(item: Kind) -> Kind:
    """A set."""
    return Kind("set", (item,))


def tuple_kind(*items: Kind) -> Kind:
    """A tuple, or a value of no known type where it has too many parts."""
    return Kind("tuple", items) if len(items) <= _MOST_PARTS else DYN


def option_kind(item: Kind) -> Kind:
    """An Option."""
    return Kind("option", (item,))


def result_kind(good: Kind, bad: Kind) -> Kind:
    """A Result."""
    return Kind("result", (good, bad))


def maybe_kind(item: Kind) -> Kind:
    """A value or nil."""
    return item if item.name in {"maybe", "dyn", "nil"} else Kind("maybe", (item,))


def function_kind(parameters: tuple[Kind, ...], result: Kind) -> Kind:
    """A function; the result stands last."""
    return Kind("fn", (*parameters, result)) if len(parameters) <= _MOST_PARAMETERS else DYN


def is_copied(kind: Kind) -> bool:
    """Whether a value is copied by reading it."""
    return kind.name in {"i64", "f64", "bool", "nil"}


class Kinds:
    """The kinds of one program, and how they are spelled."""

    def __init__(self, names: Names) -> None:
        self.extended: set[Declared] = set()
        """Classes that extend another one or are extended."""
        for declared in names.types:
            if declared.base is not None:
                self.extended |= {declared, declared.base}
        self.type_names: dict[Kind, str] = {}
        self.name_type: Callable[[Kind], str] = lambda kind: kind.declared.name if kind.declared else ""
        self._recursive: dict[Kind, bool] = {}
        self.fields: Callable[[Kind], list[Kind]] = lambda _kind: []

    def of(self, found: Type | None, known: Mapping[Var, Kind], depth: int = 0) -> Kind:
        """The kind of a type."""
        if found is None or depth > _DEEPEST:
            return DYN
        found = ty.prune(found)
        if isinstance(found, Given):
            return found.kind
        if isinstance(found, Var):
            return known.get(found, DYN)
        if not isinstance(found, Con):
            return DYN
        if found.declared is not None and found.declared in self.extended:
            return DYN
        parts = tuple(self.of(each, known, depth + 1) for each in found.arguments)
        maker = _MAKERS.get(found.name)
        return maker(parts) if maker is not None else Kind(found.name, parts, found.declared)

    def is_recursive(self, kind: Kind) -> bool:
        """Whether values of a type of the program can hold others of it without a list or an object between."""
        if kind not in self._recursive:
            self._recursive[kind] = False
            self._recursive[kind] = self._reaches(kind, kind, set())
        return self._recursive[kind]

    def _reaches(self, kind: Kind, wanted: Kind, seen: set[Kind]) -> bool:
        for field in self.fields(kind):
            for part in self._inline(field):
                if part == wanted:
                    return True
                if part not in seen:
                    seen.add(part)
                    if self._reaches(part, wanted, seen):
                        return True
        return False

    def _inline(self, kind: Kind) -> list[Kind]:
        """The types of the program that a value holds in itself."""
        if kind.declared is not None:
            return [] if kind.declared.is_shared else [kind]
        if kind.name in {"tuple", "option", "result", "maybe"}:
            return [found for part in kind.arguments for found in self._inline(part)]
        return []

    def spelled(self, kind: Kind) -> str:
        """The Rust type of a kind."""
        if kind.declared is not None:
            name = self.name_type(kind)
            if kind.declared.is_shared:
                return f"Handle<{name}>"
            return f"Shared<{name}>" if self.is_recursive(kind) else name
        parts = [self.spelled(each) for each in kind.arguments]
        return _SPELLED[kind.name](parts)


def is_actor(declared: Declared) -> bool:
    """Whether a type is an actor."""
    return isinstance(declared.node, tree.ActorDeclaration)


_MAKERS: dict[str, Callable[[tuple[Kind, ...]], Kind]] = {
    "tuple": lambda parts: tuple_kind(*parts) if parts else NIL,
    "maybe": lambda parts: maybe_kind(parts[0]),
    "fn": lambda parts: function_kind(parts[:-1], parts[-1]),
}

_SPELLED: dict[str, Callable[[list[str]], str]] = {
    "i64": lambda _: "i64",
    "f64": lambda _: "f64",
    "bool": lambda _: "bool",
    "str": lambda _: "Str",
    "nil": lambda _: "()",
    "never": lambda _: "()",
    "range": lambda _: "Extent",
    "dyn": lambda _: "Dyn",
    "list": lambda parts: f"Array<{parts[0]}>",
    "dict": lambda parts: f"Table<{parts[0]}, {parts[1]}>",
    "set": lambda parts: f"Bag<{parts[0]}>",
    "tuple": lambda parts: f"({', '.join(parts)}{',' if len(parts) == 1 else ''})",
    "option": lambda parts: f"Option<{parts[0]}>",
    "result": lambda parts: f"Result<{parts[0]}, {parts[1]}>",
    "maybe": lambda parts: f"Maybe<{parts[0]}>",
    "fn": lambda parts: f"Rc<dyn Fn({', '.join(parts[:-1])})" + (f" -> {parts[-1]}>" if parts[-1] != "()" else ">"),
}
