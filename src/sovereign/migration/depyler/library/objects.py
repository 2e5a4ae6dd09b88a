"""Types of the library that are objects of their own: what their attributes, methods and operators give, as tables.

Enters: the name of a type and of its members. Leaves: handlers in the tables of the translator. Read `dates.py` for a
use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler import registry
from sovereign.migration.depyler.attributes import LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import TYPES
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import index_argument, method, text_argument, value_method
from sovereign.migration.depyler.operators import LIBRARY_OPERATORS, call, truth
from sovereign.migration.depyler.types import BOOL, NONE, IntShape, OpaqueShape, Type
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite

__all__ = [
    "arguments_within",
    "attributes",
    "comparisons",
    "condition",
    "enlist",
    "methods",
    "operation",
    "optional_integer",
    "path_text",
    "required",
]


def enlist(tag: str, name: str, sample: object = None, *, shown: str = "", also: tuple[str, ...] = ()) -> Type:
    """A type of the library: `tag` in Rust, `name` in Python; `also` are subclasses that `isinstance` takes for it."""
    TYPES.add(name)
    registry.enlist(tag, name, shown or name, {tag, *also}, sample)
    return Type((OpaqueShape(tag),))


def _getter(name: str, result: Type) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        arguments_within(site, 0)
        return value_method(site, name, result)

    return handler


def attributes(tag: str, result: Type, *names: str, as_method: bool = False) -> None:
    """Attributes, or methods without arguments, that are getters of the same name in Rust."""
    for name in names:
        if as_method:
            method(tag, name)(_getter(name, result))
        else:
            LIBRARY_ATTRIBUTES[tag, name] = lambda low, operand, name=name: Operand(  # type: ignore[misc]
                result, rs.Method(low.receiver(operand), name)
            )


def methods(tag: str, result: Type, *names: str, take: str = "", raises: bool = False) -> None:
    """Methods whose arguments are texts (`t`), integers (`i`), or the operand itself by reference (`r`)."""

    def argument(site: CallSite, index: int, kind: str) -> rs.Expression:
        given = required(site, index)
        if kind == "t":
            return text_argument(site, index)
        return index_argument(site, index) if kind == "i" else site.low.borrow(stored(site.low, given))

    def handler(site: CallSite, name: str) -> Operand:
        arguments_within(site, len(take))
        given = tuple(argument(site, index, kind) for index, kind in enumerate(take))
        return value_method(site, name, result, *given, raises=raises)

    for name in names:
        method(tag, name)(lambda site, name=name: handler(site, name))  # type: ignore[misc]


def arguments_within(site: CallSite, most: int, *keywords: str) -> None:
    """Refuse a call with more arguments, or with other keywords.

    Raises:
        Refuse: It has.
    """
    unknown = [k for k in (site.keyword_nodes if site.given is None else site.given[1]) if k not in keywords]
    if site.count > most or unknown:
        raise site.refuse("this call with these arguments")


def required(site: CallSite, index: int, name: str = "") -> Operand:
    """An argument that must be there.

    Raises:
        Refuse: It is not.
    """
    found = site.argument(index, name)
    if found is None:
        raise site.refuse(f"this call without the argument `{name or index + 1}`")
    return found


def path_text(site: CallSite, index: int, name: str = "", default: str | None = None) -> rs.Expression:
    """The path that an argument names, a text or a `Path`, as `&str`."""
    found = site.argument(index, name)
    if found is not None and found.type.tags() == {"PosixPath"}:
        return rs.Borrow(rs.Method(site.low.receiver(found), "as_posix"))
    if found is None and default is None:
        raise site.refuse(f"this call without the argument `{name or index + 1}`")
    return text_argument(site, index, name, default, wrong="expected str, bytes or os.PathLike object, not {}")


def condition(site: CallSite, index: int, name: str, *, default: bool = False) -> rs.Expression:
    """An argument as a Rust `bool`."""
    found = site.argument(index, name)
    return rs.Boolean(default) if found is None else truth(site.low, stored(site.low, found))


def optional_integer(site: CallSite, index: int, name: str) -> rs.Expression:
    """An integer argument as `Option<i64>`; None where it is not given."""
    found = site.argument(index, name)
    if found is None:
        return rs.Name("None")
    if not isinstance(found.type.only, IntShape):
        raise site.refuse(f"`{name}` that is no integer")
    return call("Some", index_argument(site, index, name))


def operation(
    left: str, symbol: str, right: str, name: str, result: Type, *, raises: bool = False, swapped: bool = False
) -> None:
    """An operator of two such objects as a method that takes a reference."""

    def handler(low: Lowering, a: Operand, b: Operand) -> Operand:
        if swapped:
            a, b = low.named(b), low.named(a)
        value = rs.Method(low.receiver(a), name, (low.borrow(b),))
        return Operand(result, low.fallible(value) if raises else value)

    LIBRARY_OPERATORS[left, symbol, right] = handler


def comparisons(tag: str) -> None:
    """`<`, `<=`, `>` and `>=` of two such objects by their order."""
    for symbol, name in (("<", "less"), ("<=", "less_equal"), (">", "greater"), (">=", "greater_equal")):
        LIBRARY_OPERATORS[tag, symbol, tag] = lambda low, a, b, name=name: Operand(  # type: ignore[misc]
            BOOL, call(name, low.borrow(a), low.borrow(b))
        )


def nothing(value: Operand | None) -> bool:
    """Whether an argument is absent or None."""
    return value is None or value.type == NONE
