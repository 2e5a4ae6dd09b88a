"""Wrong programs out of a right one, to see whether they are noticed.

Enters: a tree. Leaves: `Mutant` values, each the same tree with one operator, literal or condition changed, and the
source line of the change. A harness that takes a mutant for the original has not tested that line. Read `tree.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

from sovereign.migration.rust import tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Mutant", "mutants"]

_OPERATORS = {
    "+": "-",
    "-": "+",
    "*": "+",
    "/": "*",
    "%": "+",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "==": "!=",
    "!=": "==",
    "&&": "||",
    "||": "&&",
    "&": "|",
    "|": "&",
    "^": "&",
    "<<": ">>",
    ">>": "<<",
}
_METHODS = {"min": "max", "max": "min", "first": "last", "last": "first", "is_some": "is_none", "is_none": "is_some"}

# The way to a node: names of fields, and places in tuples.
_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A program with one thing wrong, said in words, and where."""

    program: tree.Program
    what: str
    line: int | None


def mutants(program: tree.Program, *, seed: int = 0, count: int | None = None) -> list[Mutant]:
    """So many mutants of a program, all of them without a count; the same seed gives the same.

    >>> sum_ = tree.Function("f", (), None, tree.Block(value=tree.Binary("+", tree.Name("a"), tree.Name("b"))), line=3)
    >>> [(mutant.what, mutant.line) for mutant in mutants(tree.Program((sum_,)))]
    [('`+` became `-`', 3)]
    """
    sites = list(_sites(program, (), None))
    if count is not None and count < len(sites):
        chosen = set(Random(seed).sample(range(len(sites)), count))  # noqa: S311 - a sample, no secret
        sites = [site for number, site in enumerate(sites) if number in chosen]
    return [Mutant(_replaced(program, site.path, site.node), site.what, site.line) for site in sites]


@dataclass(frozen=True, slots=True)
class _Site:
    """One possible change: where, what stands there then, in words."""

    path: _Path
    node: Any
    what: str
    line: int | None


def _sites(node: Any, path: _Path, line: int | None) -> Iterator[_Site]:
    line = getattr(node, "line", None) or line
    wrong = _WRONG.get(type(node))
    for changed, what in wrong(node) if wrong else ():
        yield _Site(path, changed, what, line)
    for name, inner in _inside(node):
        yield from _sites(inner, (*path, name), line)


def _inside(node: Any) -> Iterator[tuple[str | int, Any]]:
    """What a node or tuple holds; types and patterns are left as they are."""
    if isinstance(node, tuple):
        yield from enumerate(node)
    elif is_dataclass(node) and not isinstance(node, _LEFT_ALONE):
        for part in fields(node):
            value = getattr(node, part.name)
            if isinstance(value, tuple) or is_dataclass(value):
                yield part.name, value


_LEFT_ALONE = (
    tree.NamedType,
    tree.RefType,
    tree.TupleType,
    tree.ArrayType,
    tree.FnType,
    tree.DynType,
    tree.ImplType,
    tree.Attribute,
    tree.Bind,
    tree.LiteralPattern,
    tree.RangePattern,
)


def _replaced(node: Any, path: _Path, changed: Any) -> Any:
    """The same tree with another node at the end of the path."""
    if not path:
        return changed
    first, *rest = path
    if isinstance(first, int):
        return (*node[:first], _replaced(node[first], tuple(rest), changed), *node[first + 1 :])
    return replace(node, **{first: _replaced(getattr(node, first), tuple(rest), changed)})


def _binary(node: tree.Binary) -> Iterator[tuple[Any, str]]:
    other = _OPERATORS[node.operator]
    yield replace(node, operator=other), f"`{node.operator}` became `{other}`"


def _assign(node: tree.Assign) -> Iterator[tuple[Any, str]]:
    other = _OPERATORS.get(node.operator.removesuffix("="))
    if other and other not in {"<=", ">="} and node.operator != "=":
        yield replace(node, operator=f"{other}="), f"`{node.operator}` became `{other}=`"


def _integer(node: tree.Integer) -> Iterator[tuple[Any, str]]:
    yield replace(node, value=node.value + 1), f"`{node.value}` became `{node.value + 1}`"


def _boolean(node: tree.Boolean) -> Iterator[tuple[Any, str]]:
    yield tree.Boolean(not node.value), f"`{str(node.value).lower()}` became `{str(not node.value).lower()}`"


def _text(node: tree.Text) -> Iterator[tuple[Any, str]]:
    if node.value:
        yield tree.Text(f"{node.value}."), "a text grew by a dot"


def _if(node: tree.If) -> Iterator[tuple[Any, str]]:
    if not isinstance(node.condition, tree.LetCondition):
        yield replace(node, condition=tree.Unary("!", node.condition)), "a condition was turned round"


def _range(node: tree.Range) -> Iterator[tuple[Any, str]]:
    if node.high is not None:
        yield replace(node, inclusive=not node.inclusive), "the end of a range moved by one"


def _method(node: tree.Method) -> Iterator[tuple[Any, str]]:
    if node.name in _METHODS:
        yield replace(node, name=_METHODS[node.name]), f"`{node.name}` became `{_METHODS[node.name]}`"


def _unary(node: tree.Unary) -> Iterator[tuple[Any, str]]:
    yield node.operand, f"`{node.operator}` was left out"


_WRONG: dict[type, Callable[[Any], Iterator[tuple[Any, str]]]] = {
    tree.Binary: _binary,
    tree.Assign: _assign,
    tree.Integer: _integer,
    tree.Boolean: _boolean,
    tree.Text: _text,
    tree.If: _if,
    tree.Range: _range,
    tree.Method: _method,
    tree.Unary: _unary,
}
