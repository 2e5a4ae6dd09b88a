"""Rules about error codes: catalogue, documentation, tests and source name the same ones (house.md §6)."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from house import tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["codes_are_catalogued", "codes_are_documented", "codes_are_tested", "codes_are_used"]

HOME = f"{tree.PACKAGE}/errors.py"
PAGES = "docs/reference/errors/"
NATIVE = "crates/sovereign-python/src/errors.rs"
SECTIONS = ("## What it means", "## Example", "## What to do")
CODE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
RUST_CODE = re.compile(rf'"({CODE.pattern})"')
RUST_PAIR = re.compile(rf'"(\w+)",\s*"({CODE.pattern})"')


class Use(NamedTuple):
    """One place that raises: where, which family (none for a function that raises for it), which code."""

    place: str
    family: str | None
    code: str | None


def catalogue(root: Path) -> dict[str, str]:
    """Code and family of each line of the catalogue, read from the source of the tree in question."""
    found: dict[str, str] = {}
    for node in ast.walk(ast.parse(tree.text(root, HOME))):
        if isinstance(node, ast.Call) and tree.dotted(node.func) == "ErrorCode":
            code, family = node.args[:2]
            if isinstance(code, ast.Constant):
                found[str(code.value)] = tree.dotted(family)
    return found


def codes_are_documented(root: Path) -> list[str]:
    """Each code has a page with the three sections, and each page has a code."""
    codes = catalogue(root)
    pages = {name: source for name, source in tree.select(root, ".md", under=PAGES) if not name.endswith("/index.md")}
    found = [f"an error code has no page: `{code}`" for code in codes if f"{PAGES}{code}.md" not in pages]
    for name, source in pages.items():
        code = name.removeprefix(PAGES).removesuffix(".md")
        if code not in codes:
            found.append(f"a page describes a code that is not in the catalogue: `{name}`")
        if not source.startswith(f"# `{code}`\n"):
            found.append(f"a page's title is not its code: `{name}`")
        found += [f"a page lacks `{section}`: `{name}`" for section in SECTIONS if section not in source]
    return found


def codes_are_tested(root: Path) -> list[str]:
    """Each code is named by a test outside the house tests."""
    tested: set[str] = set()
    for name, module in tree.modules(root, "tests/"):
        if not name.startswith("tests/house/"):
            tested.update(tree.strings(module))
    return [f"no test names an error code: `{code}`" for code in catalogue(root) if code not in tested]


def codes_are_catalogued(root: Path) -> list[str]:
    """Each code that the source raises stands in the catalogue, under the family that is raised."""
    codes = catalogue(root)
    found = []
    for use in _python_uses(root):
        if use.code is None:
            found.append(f"a code is not written out where it is raised: `{use.place}`")
        elif use.code not in codes:
            found.append(f"a code is not in the catalogue: `{use.code}` at `{use.place}`")
        elif use.family and codes[use.code] != use.family:
            found.append(f"`{use.code}` is a `{codes[use.code]}`, raised as `{use.family}` at `{use.place}`")
    return found + list(_native_strays(tree.text(root, NATIVE), codes))


def _native_strays(source: str, codes: dict[str, str]) -> Iterator[str]:
    for code in RUST_CODE.findall(source):
        if code not in codes and not code.startswith("sovereign."):
            yield f"a code is not in the catalogue: `{code}` at `{NATIVE}`"
    for family, code in RUST_PAIR.findall(source):
        if code in codes and codes[code] != family:
            yield f"`{code}` is a `{codes[code]}`, raised as `{family}` at `{NATIVE}`"


def codes_are_used(root: Path) -> list[str]:
    """Each code of the catalogue is raised somewhere."""
    used = {use.code for use in _python_uses(root)}
    for _, source in tree.select(root, ".rs", under="crates/"):
        used.update(RUST_CODE.findall(source))
    return [f"nothing raises an error code: `{code}`" for code in catalogue(root) if code not in used]


def _python_uses(root: Path) -> Iterator[Use]:
    codes = catalogue(root)
    rooms = {code.partition(".")[0] for code in codes}
    for name, module in tree.modules(root, "src/"):
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and name != HOME:
                called = tree.dotted(node.func).rpartition(".")[2]
                family = called if called in codes.values() else None
                for code in _codes(node, rooms, raises=family is not None):
                    yield Use(f"{name}:{node.lineno}", family, code)


def _codes(call: ast.Call, rooms: set[str], *, raises: bool) -> Iterator[str | None]:
    """The code that a call begins with; both of them when it chooses, None when an error's is put together."""
    first = call.args[0] if call.args else None
    for choice in [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]:
        text = choice.value if isinstance(choice, ast.Constant) and isinstance(choice.value, str) else None
        if text is not None and (raises or (CODE.fullmatch(text) and text.partition(".")[0] in rooms)):
            yield text
        # A plain name is an argument that a function hands on; its callers write the code out.
        elif raises and not isinstance(choice, ast.Name):
            yield None
