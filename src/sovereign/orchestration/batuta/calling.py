"""Functions that take more than plain data, behind ones that take plain data: a module that is written for it.

Enters: a file of Python and what is known of its project. Leaves: a `Wrapping`: the text of a module whose functions
make the arguments, call, and print what became of what can change; and why a function has none. Both sides are made of
that module, by CPython and by the translator, so that neither knows types of the other. What no annotation says is
tried as each of `GUESSES`. Read `making.py` for the arguments, `validation.py` for who compares.
"""

from __future__ import annotations

import ast
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sovereign.migration.depyler import answering, read_program
from sovereign.orchestration.batuta.making import Made, Maker, Unmade
from sovereign.shell.files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["GUESSES", "Wrapping", "known_objects", "wrapped"]

GUESSES = ("object", "float", "int", "str", "list[float]")
"""What a parameter without annotation may be, in the order in which it is tried."""
NAME = "fuzzed_calls"
_MOST_OBJECTS, _MOST_BODIES, _MOST_TEXTS, _LONGEST_TEXT = 24, 12, 64, 40
_Function = ast.FunctionDef


@dataclass(slots=True)
class Wrapping:
    """The file that was written, what its functions call, by name, and why others have none."""

    path: Path | None = None
    calls: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def wrapped(source: Path, wanted: Mapping[str, str], folder: Path, objects: Sequence[dict[str, Any]] = ()) -> Wrapping:
    """Write a module into a folder that calls functions of a file; `wanted` are those, and why they need one.

    The project's other files are brought along. Nothing is written where no function can be called this way.
    """
    tree = ast.parse(read_text(source))
    functions = dict(_functions(tree, set(wanted)))
    found = Wrapping(left_out={**dict.fromkeys(functions, ""), **wanted})
    _brought(source, folder)
    writer = _Writer(source, tree, functions, objects, folder)
    chosen: dict[str, str] = {}
    for guess in GUESSES:
        trying = {name: guess for name in functions if name not in chosen and _is_open(functions[name], guess)}
        if trying:
            served, reasons = writer.tried(trying)
            chosen |= dict.fromkeys(served, guess)
            # The first guess has the reason that a person can use, where a type is annotated.
            found.left_out |= reasons if guess == GUESSES[0] else {}
    if chosen:
        found.path, found.calls, _ = writer.written({name: chosen[name] for name in functions if name in chosen})
    found.left_out = {name: reason for name, reason in found.left_out.items() if name not in chosen and reason}
    return found


def _functions(tree: ast.Module, wanted: set[str]) -> Iterator[tuple[str, _Function]]:
    """Functions that are asked for, and methods of classes of data, by the names of what calls them."""
    for each in tree.body:
        if isinstance(each, ast.FunctionDef) and each.name in wanted:
            yield each.name, each
        elif isinstance(each, ast.ClassDef):
            for inner in each.body:
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("__") and not inner.decorator_list:
                    yield f"{each.name}.{inner.name}", inner


def _is_open(function: _Function, guess: str) -> bool:
    """Whether a guess makes a difference: the first is that of all functions."""
    names = [each for each in function.args.args if each.arg != "self"]
    return guess == GUESSES[0] or any(each.annotation is None for each in names)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the module of a file, with functions of it and guesses of their types."""

    source: Path
    tree: ast.Module
    functions: Mapping[str, _Function]
    objects: Sequence[dict[str, Any]]
    folder: Path

    def tried(self, guesses: Mapping[str, str]) -> tuple[set[str], dict[str, str]]:
        """Which functions are answered with these guesses, and why others are not."""
        path, calls, reasons = self.written(guesses)
        if not calls:
            return set(), reasons
        sources = read_program(path)
        found = answering(sources.text, str(sources.path), modules=sources.modules)
        if found.translation.diagnostics:
            reason = f"the file is not translated: {found.translation.diagnostics[0].message}"
            return set(), reasons | dict.fromkeys(calls.values(), reason)
        served = {calls[each.name] for each in found.signatures if each.name in calls}
        return served, reasons | {calls[name]: reason for name, reason in found.left_out.items() if name in calls}

    def written(self, guesses: Mapping[str, str]) -> tuple[Path, dict[str, str], dict[str, str]]:
        """The module, the functions that it calls by the names of its own, and why it does not call others."""
        names, texts = _known_words(self.tree)
        texts += [json.dumps(each) for each in self.objects[:_MOST_BODIES]]
        maker = Maker(self.source.stem, self.tree, list(self.objects) or [dict.fromkeys(names, 1.5)], texts)
        calls: dict[str, str] = {}
        reasons: dict[str, str] = {}
        bodies = []
        for name, guess in guesses.items():
            try:
                bodies.append(_caller(maker, name, self.functions[name], guess))
                calls[name.replace(".", "_")] = name
            except Unmade as reason:
                reasons[name] = str(reason)
        path = self.folder / f"{NAME}.py"
        path.write_text("\n".join([*maker.text(), *bodies]), encoding="utf-8")
        return path, calls, reasons


def _caller(maker: Maker, name: str, function: _Function, guess: str) -> str:
    """The function that makes the arguments of another, calls it, and prints what can have changed."""
    arguments = function.args
    if function.decorator_list:
        raise Unmade("it is decorated")
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
        raise Unmade("it takes arguments by name alone, or any number of them")
    owner, _, method = name.rpartition(".")
    made: list[tuple[str, Made]] = []
    for each in arguments.args:
        if owner and not made:
            found = next(one for one in maker.tree.body if isinstance(one, ast.ClassDef) and one.name == owner)
            made.append((each.arg, maker.of_class(found)))
        else:
            made.append((each.arg, maker.of(each.annotation, guess)))
    given = [f"given_{place}" for place in range(len(made))]
    lines = [
        f"    {each} = {how.expression.format(word)}" for each, (word, how) in zip(given, _spelt(made), strict=True)
    ]
    called = f"{given[0]}.{method}({', '.join(given[1:])})" if owner else f"{maker.module}.{name}({', '.join(given)})"
    shown = [each for each, (_, how) in zip(given, made, strict=True) if how.can_change]
    head = ", ".join(f"{word}: {how.plain}" for word, how in _spelt(made))
    lines.append(f"    result = {called}")
    lines += [f"    print(repr({each}))" for each in shown]
    lines.append("    return result" if _is_given_back(function.returns) else "    print(repr(result))")
    return f"\ndef {name.replace('.', '_')}({head}):\n" + "\n".join(lines) + "\n"


def _spelt(made: Sequence[tuple[str, Made]]) -> list[tuple[str, Made]]:
    return [(f"plain_{word}", how) for word, how in made]


def _is_given_back(returns: ast.expr | None) -> bool:
    """Whether a result is given as it is; of what words do not say, the repr is printed."""
    if returns is None:
        return True
    words = {each.id for each in ast.walk(returns) if isinstance(each, ast.Name)}
    return words <= {"int", "float", "str", "bool", "bytes", "list", "dict", "tuple", "set", "frozenset"}


def _brought(source: Path, folder: Path) -> None:
    """Put the file and what it imports of its project into a folder."""
    program = read_program(source)
    root = source.parent
    for path in (program.path, *(Path(path) for path, _ in program.modules.values())):
        place = folder / path.relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)


def _known_words(tree: ast.Module) -> tuple[list[str], list[str]]:
    """Names that a module looks up in objects, and all texts that it knows, short ones."""
    names: dict[str, None] = {}
    texts: dict[str, None] = {}
    for node in ast.walk(tree):
        looked: ast.expr | None = None
        if isinstance(node, ast.Subscript):
            looked = node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            looked = node.args[0] if node.args else None
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
            looked = node.left
        if isinstance(looked, ast.Constant) and isinstance(looked.value, str):
            names[looked.value] = None
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= _LONGEST_TEXT:
            texts[node.value] = None
    return list(names), list(texts)[:_MOST_TEXTS]


def known_objects(events: Sequence[bytes]) -> list[dict[str, Any]]:
    """Objects of JSON that stand in events, inside of their texts too: one for each set of names."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for event in events:
        for each in _objects(event.decode("utf-8", "replace")):
            found.setdefault(tuple(sorted(each)), each)
    largest = sorted(found.values(), key=len, reverse=True)
    return largest[:_MOST_OBJECTS]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            inner = json.loads(value)
        except ValueError:
            return
        yield from _objects(inner)
    elif isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)
