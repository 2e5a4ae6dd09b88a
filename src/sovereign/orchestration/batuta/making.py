"""Types of Python that are no plain data, made out of plain data by Python that is written for it.

Enters: annotations, and the classes of a module. Leaves: for each a `Made`: the plain type that random inputs have, and
the expression that makes the value of it; the helpers that those expressions call are collected as text. Lists get up
to `LONGEST` items, texts are at times one of those that the module itself knows, objects of JSON are known ones with
values changed, gone or added. Read `calling.py` next.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["LONGEST", "Made", "Maker", "Unmade"]

LONGEST = 48
OBJECT = "tuple[int, list[tuple[int, int, float, str]]]"
_ATOMS = frozenset({"int", "float", "bool", "bytes"})
_LISTS = {"list": "list", "List": "list", "Sequence": "list", "Iterable": "list"}
_OBJECTS = frozenset({"dict", "Dict", "Mapping", "Any", "object"})
_HELPERS = {
    "date": """def made_date(number: int) -> date:
    return date.fromordinal(1 + number % 3652059)
""",
    "datetime": """def made_datetime(number: int, second: int) -> datetime:
    day = date.fromordinal(1 + number % 3652059)
    return datetime(day.year, day.month, day.day, second // 3600 % 24, second // 60 % 60, second % 60)
""",
    "timedelta": """def made_timedelta(days: int, seconds: int) -> timedelta:
    return timedelta(days=days % 200000 - 100000, seconds=seconds % 86400)
""",
    "text": """def made_text(number: int, text: str) -> str:
    return text if number % 3 == 0 else TEXTS[number % len(TEXTS)]
""",
    "object": """def made_object(known: int, changes: list[tuple[int, int, float, str]]):
    pairs = [f"{json.dumps(name)}: {text}" for name, text in OBJECTS[known % len(OBJECTS)]]
    for place, kind, number, text in changes:
        words = ["null", "true", "0", "[]", "{}", json.dumps(number), json.dumps(text), str(place)]
        spot = place % (len(pairs) + 2)
        if spot < len(pairs) and kind % 9 == 8:
            pairs.pop(spot)
        elif spot < len(pairs):
            pairs[spot] = pairs[spot].partition(":")[0] + ": " + words[kind % len(words)]
        else:
            pairs.append(f"{json.dumps(text)}: {words[kind % len(words)]}")
    value = json.loads("{" + ", ".join(pairs) + "}")
    if not isinstance(value, dict):
        raise TypeError("it is no object")
    return value
""",
}
_NEEDS = {"date": ("date",), "datetime": ("date", "datetime"), "timedelta": ("timedelta",)}


class Unmade(Exception):  # noqa: N818 - it ends in a line of the report
    """Why a value of a type is not made."""


@dataclass(frozen=True, slots=True)
class Made:
    """A plain type, and the expression that makes the value out of one that the name in the braces holds."""

    plain: str
    expression: str = "{0}"
    can_change: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to make."""
        return self.expression == "{0}"


@dataclass(slots=True)
class Maker:
    """Makes values of the types of one module, and remembers what it needs for that.

    `objects` are known objects of JSON, `texts` those that the module knows.
    """

    module: str
    tree: ast.Module
    objects: Sequence[dict[str, Any]]
    texts: Sequence[str]
    helpers: dict[str, str] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)

    def of(self, annotation: ast.expr | None, guess: str = "object") -> Made:
        """What makes a value of an annotated type; of the guessed one where there is none.

        Raises:
            Unmade: There is no way.
        """
        if annotation is None:
            return self._object() if guess == "object" else self.of(ast.parse(guess, mode="eval").body)
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            return self.of(ast.parse(annotation.value, mode="eval").body)
        if isinstance(annotation, ast.Constant) and annotation.value is None:
            return Made("None")
        if isinstance(annotation, ast.BinOp):
            return self._optional([annotation.left, annotation.right])
        if isinstance(annotation, ast.Subscript):
            return self._generic(_name(annotation.value), _parts(annotation.slice))
        return self._named(_name(annotation))

    def _named(self, name: str) -> Made:
        if name in _ATOMS:
            return Made(name)
        if name == "str":
            return self._helped("text", "tuple[int, str]", 2) if self.texts else Made("str")
        if name == "date":
            return self._helped(name, "int", 1)
        if name in {"datetime", "timedelta"}:
            return self._helped(name, "tuple[int, int]", 2)
        if name in _OBJECTS:
            return self._object()
        found = next((each for each in self.tree.body if isinstance(each, ast.ClassDef) and each.name == name), None)
        if found is None:
            raise Unmade(f"values of the type `{name}` are not made")
        return self.of_class(found)

    def _helped(self, helper: str, plain: str, count: int) -> Made:
        self.helpers[helper] = _HELPERS[helper]
        self.imports.update(_NEEDS.get(helper, ()))
        given = ", ".join(f"{{0}}[{place}]" for place in range(count)) if count > 1 else "{0}"
        return Made(plain, f"made_{helper}({given})")

    def _object(self) -> Made:
        self.imports.add("json")
        made = self._helped("object", OBJECT, 2)
        return Made(made.plain, made.expression, can_change=True)

    def _optional(self, members: Sequence[ast.expr]) -> Made:
        present = [each for each in members if not (isinstance(each, ast.Constant) and each.value is None)]
        if len(present) != 1 or len(members) != len(present) + 1:
            raise Unmade(f"values of several types, `{' | '.join(map(ast.unparse, members))}`, are not made")
        inner = self.of(present[0])
        if inner.is_plain:
            return Made(f"{inner.plain} | None")
        made = inner.expression.format("given")
        result = ast.unparse(present[0])
        name = self._written(
            f"maybe_{_word(result)}",
            f"(given: {inner.plain} | None) -> {self._spelt(present[0])} | None:\n"
            f"    if given is None:\n        return None\n    return {made}\n",
        )
        return Made(f"{inner.plain} | None", f"{name}({{0}})", can_change=inner.can_change)

    def _generic(self, name: str, parts: Sequence[ast.expr]) -> Made:
        if name in {"Optional", "Union"}:
            none = [ast.Constant(None)] if name == "Optional" else []
            return self._optional([*parts, *none])
        if name in _LISTS:
            return self._list(parts[0])
        if name in {"set", "frozenset", "dict", "Dict", "tuple", "Tuple"}:
            return self._plain_inside(name.lower(), parts)
        raise Unmade(f"values of the type `{name}` are not made")

    def _list(self, item: ast.expr) -> Made:
        inner = self.of(item)
        made = inner.expression.format("items[place % len(items)]")
        name = self._written(
            f"list_{_word(ast.unparse(item))}",
            f"(length: int, items: list[{inner.plain}]) -> list[{self._spelt(item)}]:\n"
            f"    return [{made} for place in range(length % {LONGEST})] if items else []\n",
        )
        return Made(f"tuple[int, list[{inner.plain}]]", f"{name}({{0}}[0], {{0}}[1])", can_change=True)

    def _plain_inside(self, name: str, parts: Sequence[ast.expr]) -> Made:
        """A container whose items are plain themselves; a dict of anything is an object."""
        if name == "dict" and not _is_atomic(parts):
            return self._object()
        if not _is_atomic(parts):
            raise Unmade(f"values of the type `{name}` of what is no plain data are not made")
        return Made(f"{name}[{', '.join(map(ast.unparse, parts))}]")

    def of_class(self, found: ast.ClassDef) -> Made:
        """What makes an instance of a class of data, or a member of an enumeration.

        Raises:
            Unmade: There is no way.
        """
        if _bases(found) & {"Enum", "IntEnum", "StrEnum"}:
            return self._member(found)
        fields = list(_fields(found))
        made = [self.of(annotation) for _, annotation in fields]
        if not made:
            raise Unmade(f"values of the class `{found.name}` are not made")
        plain = f"tuple[{', '.join(each.plain for each in made)}]"
        values = ", ".join(
            f"{name}=" + each.expression.format(f"given[{place}]")
            for place, ((name, _), each) in enumerate(zip(fields, made, strict=True))
        )
        spelt = f"{self.module}.{found.name}"
        name = self._written(f"of_{found.name}", f"(given: {plain}) -> {spelt}:\n    return {spelt}({values})\n")
        return Made(plain, f"{name}({{0}})", can_change=True)

    def _member(self, found: ast.ClassDef) -> Made:
        names = [each.targets[0] for each in found.body if isinstance(each, ast.Assign)]
        spelt = f"{self.module}.{found.name}"
        members = ", ".join(f"{spelt}.{each.id}" for each in names if isinstance(each, ast.Name))
        name = self._written(
            f"of_{found.name}",
            f"(number: int) -> {spelt}:\n    members = [{members}]\n    return members[number % len(members)]\n",
        )
        return Made("int", f"{name}({{0}})")

    def _written(self, name: str, text: str) -> str:
        self.helpers[name] = f"def made_{name}{text}"
        return f"made_{name}"

    def _spelt(self, annotation: ast.expr) -> str:
        """An annotation as the other module writes it."""
        own = {each.name for each in self.tree.body if isinstance(each, ast.ClassDef)}

        class Qualified(ast.NodeTransformer):
            def visit_Name(self, node: ast.Name) -> ast.expr:
                return ast.parse(f"{module}.{node.id}", mode="eval").body if node.id in own else node

        module = self.module
        return ast.unparse(Qualified().visit(ast.parse(ast.unparse(annotation), mode="eval")))

    def text(self) -> Iterator[str]:
        """The part of the module that makes: imports, what is known, helpers."""
        dates = sorted(self.imports & {"date", "datetime", "timedelta"})
        yield from ["import json"] if "json" in self.imports else []
        yield from [f"from datetime import {', '.join(dates)}"] if dates else []
        yield f"import {self.module}\n"
        known: list[list[tuple[str, str]]] = [
            [(name, json.dumps(value)) for name, value in each.items()] for each in self.objects
        ]
        yield from [f"OBJECTS: list[list[tuple[str, str]]] = {known!r}\n"] if "object" in self.helpers else []
        yield from [f"TEXTS: list[str] = {list(self.texts)!r}\n"] if "text" in self.helpers else []
        yield from (f"\n{each}" for each in self.helpers.values())


def _fields(found: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """Names and types of what an instance is made of."""
    marks = {_name(each.func if isinstance(each, ast.Call) else each) for each in found.decorator_list}
    bases = _bases(found)
    if not ("dataclass" in marks and not bases) and bases != {"NamedTuple"}:
        raise Unmade(f"values of the class `{found.name}` are not made")
    for each in found.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            if _name(each.annotation) in {"ClassVar", "InitVar"} or "init=False" in ast.unparse(each):
                raise Unmade(f"values of the class `{found.name}` are not made")
            yield each.target.id, each.annotation


def _bases(found: ast.ClassDef) -> set[str]:
    return {_name(each) for each in found.bases}


def _name(node: ast.expr) -> str:
    """The last word of a name."""
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _parts(node: ast.expr) -> Sequence[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _is_atomic(parts: Sequence[ast.expr]) -> bool:
    allowed: Callable[[ast.expr], bool] = lambda each: (  # noqa: E731 - one line that is used twice
        _name(each) in _ATOMS | {"str"} or (isinstance(each, ast.Constant) and each.value is ...)
    )
    return all(map(allowed, parts))


def _word(text: str) -> str:
    """A type as part of a name."""
    return "".join(each if each.isalnum() else "_" for each in text)
