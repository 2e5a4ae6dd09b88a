"""Types, and how two of them are made one.

Enters: nothing. Leaves: `Type`s: constructors with arguments, variables that are still open, and unions for places
that really hold values of several types. `unify` makes two types one or says where they disagree. A union takes
everything; it is the gradual part of the system, and `check --strict` lists where one came to be. Read `signatures.py`
next.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sovereign.migration.ruchy.names import Declared

__all__ = [
    "BASES",
    "BOOL",
    "F64",
    "GENERIC",
    "I64",
    "NEVER",
    "NIL",
    "RANGE",
    "STR",
    "Con",
    "Conflict",
    "Key",
    "Type",
    "Union",
    "Var",
    "dict_of",
    "function_of",
    "last_key",
    "list_of",
    "maybe_of",
    "open_variables",
    "option_of",
    "prune",
    "released",
    "result_of",
    "set_of",
    "shown",
    "tuple_of",
    "unify",
]

Key = tuple[object, str]
"""Which place of a program a variable of the inference stands for: a node or binding, and its role there."""

GENERIC = 1 << 30
"""The level of a variable that a function was generalised over."""


class Type:
    """Any type."""

    __slots__ = ()


class Con(Type):
    """A type constructor with its arguments; `declared` for types of the program."""

    __slots__ = ("arguments", "declared", "name")

    def __init__(self, name: str, arguments: tuple[Type, ...] = (), declared: Declared | None = None) -> None:
        self.name = name
        self.arguments = arguments
        self.declared = declared


class Var(Type):
    """A type that is not known yet; `link` when it is."""

    __slots__ = ("key", "level", "link")

    def __init__(self, level: int, key: Key | None = None) -> None:
        self.link: Type | None = None
        self.level = level
        self.key = key


class Union(Type):
    """Several types in one place."""

    __slots__ = ("key", "link", "members")

    def __init__(self, key: Key | None = None) -> None:
        self.link: Union | None = None
        self.members: dict[str, Type] = {}
        self.key = key

    def add(self, member: Type) -> None:
        """Note that values of this type get here."""
        self.members.setdefault(shown(member), member)


I64, F64, BOOL, STR, NIL, NEVER, RANGE = map(Con, ("i64", "f64", "bool", "str", "nil", "never", "range"))
BASES = frozenset("i64 f64 bool str list dict set tuple fn range option result struct enum".split())
"""The names of the types that values are told apart by."""


def list_of(item: Type) -> Con:
    """`[T]`."""
    return Con("list", (item,))


def dict_of(key: Type, value: Type) -> Con:
    """`{K: V}`."""
    return Con("dict", (key, value))


def set_of(item: Type) -> Con:
    """A set."""
    return Con("set", (item,))


def tuple_of(*items: Type) -> Con:
    """`(A, B)`."""
    return Con("tuple", items)


def option_of(item: Type) -> Con:
    """`Option<T>`."""
    return Con("option", (item,))


def result_of(good: Type, bad: Type) -> Con:
    """`Result<T, E>`."""
    return Con("result", (good, bad))


def maybe_of(item: Type) -> Con:
    """A value or nil."""
    return Con("maybe", (item,))


def function_of(parameters: tuple[Type, ...], result: Type) -> Con:
    """`fn(A, B) -> C`: the result stands last."""
    return Con("fn", (*parameters, result))


def prune(found: Type) -> Type:
    """What a type is, behind all links."""
    while isinstance(found, Var | Union) and found.link is not None:
        found = found.link
    return found


class Conflict(Exception):  # noqa: N818 - an answer, caught where two types were to be one
    """Two types disagree: the parts that do, and the variables that last led to them."""

    def __init__(self, first: Type, second: Type, keys: tuple[Key | None, Key | None]) -> None:
        super().__init__(first, second)
        self.first = first
        self.second = second
        self.keys = keys


def last_key(found: Type) -> Key | None:
    """The key of the last variable on the way to a type."""
    key = None
    while isinstance(found, Var | Union) and found.link is not None:
        key = found.key or key
        found = found.link
    return key


def unify(first: Type, second: Type) -> None:
    """Make two types one.

    Errors    Conflict  at the first place where they disagree.
    """
    keys = last_key(first), last_key(second)
    first, second = prune(first), prune(second)
    if first is second:
        return
    if isinstance(first, Var):
        _bind(first, second, keys)
    elif isinstance(second, Var):
        _bind(second, first, keys)
    elif isinstance(first, Union) or isinstance(second, Union):
        _merge(first, second)
    else:
        assert isinstance(first, Con)
        assert isinstance(second, Con)
        _unify_constructors(first, second, keys)


def _merge(first: Type, second: Type) -> None:
    if isinstance(first, Union) and isinstance(second, Union):
        second.link = first
        first.members.update(second.members)
    elif isinstance(first, Union):
        first.add(second)
        released(second)
    elif isinstance(second, Union):
        second.add(first)
        released(first)


def released(found: Type) -> None:
    """A value of this type gets where nothing is known of it: the functions in it may be called with anything."""
    pending = [prune(found)]
    while pending:
        each = pending.pop()
        if not isinstance(each, Con):
            continue
        gives = each.arguments
        if each.name == "fn":
            *parameters, result = each.arguments
            gives = (result,)
            for parameter in map(prune, parameters):
                if isinstance(parameter, Var) and parameter.level != GENERIC:
                    parameter.link = Union(parameter.key)
        pending += map(prune, gives)


def _unify_constructors(first: Con, second: Con, keys: tuple[Key | None, Key | None]) -> None:
    if "never" in {first.name, second.name}:
        return
    same = first.name == second.name and first.declared is second.declared
    if not same and _are_related(first, second):
        return
    if not same or len(first.arguments) != len(second.arguments):
        raise Conflict(first, second, keys)
    pairs = list(zip(first.arguments, second.arguments, strict=True))
    if first.name == "fn":
        for given, wanted in pairs[:-1]:
            _unify_parameter(given, wanted)
        pairs = pairs[-1:]
    for one, other in pairs:
        unify(one, other)


def _unify_parameter(given: Type, wanted: Type) -> None:
    """A parameter of a function that is given, and of the one that is wanted: arguments go the other way."""
    inner, outer = prune(given), prune(wanted)
    key = last_key(given)
    if key is not None and isinstance(inner, Con) and isinstance(outer, Union):
        # What the body says of its parameter is less than what it will be called with.
        raise Conflict(outer, inner, (None, key))
    unify(wanted, given)


def _are_related(first: Con, second: Con) -> bool:
    """Whether one class extends the other."""
    for one, other in ((first, second), (second, first)):
        declared = one.declared
        while declared is not None:
            if declared is other.declared:
                return True
            declared = declared.base
    return False


def _bind(variable: Var, found: Type, keys: tuple[Key | None, Key | None]) -> None:
    if _occurs(variable, found):
        raise Conflict(variable, found, (variable.key or keys[0], keys[1]))
    _lower(found, variable.level)
    variable.link = found


def _parts(found: Type) -> tuple[Type, ...]:
    found = prune(found)
    return found.arguments if isinstance(found, Con) else ()


def _occurs(variable: Var, found: Type) -> bool:
    pending = [found]
    while pending:
        each = prune(pending.pop())
        if each is variable:
            return True
        pending += _parts(each)
    return False


def _lower(found: Type, level: int) -> None:
    """What a variable of an outer level is bound to cannot be generalised further in."""
    pending = [found]
    while pending:
        each = prune(pending.pop())
        if isinstance(each, Var) and each.level > level:
            each.level = level
        pending += _parts(each)


def open_variables(found: Type) -> Iterator[Var]:
    """The variables in a type that are not known."""
    pending = [found]
    while pending:
        each = prune(pending.pop())
        if isinstance(each, Var):
            yield each
        pending += reversed(_parts(each))


def shown(found: Type, depth: int = 0) -> str:
    """A type as a message shows it.

    >>> shown(function_of((I64, list_of(STR)), option_of(F64)))
    'fn(i64, [str]) -> Option<f64>'
    """
    found = prune(found)
    if isinstance(found, Var):
        return "_"
    if isinstance(found, Union):
        members = sorted(found.members)
        return "any" if len(members) < 2 or depth else " | ".join(members)  # noqa: PLR2004 - one type is no union
    assert isinstance(found, Con)
    writer = _SHOWN.get(found.name)
    parts = [shown(each, depth + 1) for each in found.arguments] if depth < _DEEPEST else ["..."] * len(found.arguments)
    if writer is not None:
        return writer(parts)
    name = found.declared.name if found.declared is not None else found.name
    return f"{name}<{', '.join(parts)}>" if parts else name


_DEEPEST = 6
_SHOWN: dict[str, Callable[[list[str]], str]] = {
    "list": lambda parts: f"[{parts[0]}]",
    "dict": lambda parts: f"{{{parts[0]}: {parts[1]}}}",
    "set": lambda parts: f"Set<{parts[0]}>",
    "tuple": lambda parts: f"({', '.join(parts)})",
    "option": lambda parts: f"Option<{parts[0]}>",
    "result": lambda parts: f"Result<{parts[0]}, {parts[1]}>",
    "maybe": lambda parts: f"{parts[0]} or nil",
    "fn": lambda parts: f"fn({', '.join(parts[:-1])}) -> {parts[-1]}",
}
