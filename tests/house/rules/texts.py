"""Rules about what may not stand in any file: debt markers, machine paths, registry hosts, hand-made copies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from house import tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "debt_is_not_marked",
    "generated_files_name_their_tool",
    "machines_are_not_named",
    "registries_are_not_named",
    "rust_is_not_included",
]

# Each list is put together here, so that this file does not hold what it forbids.
DEBT = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK"]) + r")\b")
HOLLOW = re.compile(r"\b(?:" + "|".join(["unimplemented", "to" + "do"]) + r")!\s*[(\[{]")
MACHINE = re.compile(r"(?<![\w.~-])/(?:work|root|home|farm)(?:/|(?![\w.-]))")
HOSTS = re.compile(
    r"\b(?:"
    + "|".join(
        r"\.".join(words)
        for words in [
            ("crates", "io"),
            ("pypi", "org"),
            ("python" + "hosted", "org"),
            ("npmjs", "(?:org|com)"),
            ("deb", "debian", "org"),
            ("static", "rust-lang", "org"),
        ]
    )
    + r")\b"
)
INCLUDE = re.compile(r"\binclude!\s*[(\[{]")
GENERATED = re.compile(r"(?i)\b(?:do not edit|auto(?:matically)?[ -]?generated|@generated|generated (?:by|from))\b")
HEAD_LINES = 6


def debt_is_not_marked(root: Path) -> list[str]:
    """Work that is left lives in issues, never in a comment or an empty macro."""
    return _lines(root, DEBT, "a debt marker belongs in an issue") + _lines(
        root, HOLLOW, "a macro stands where code is missing", ".rs"
    )


def machines_are_not_named(root: Path) -> list[str]:
    """No absolute path of somebody's machine."""
    return _lines(root, MACHINE, "a path of one machine")


def registries_are_not_named(root: Path) -> list[str]:
    """No host of a package registry: the user's own configuration decides where packages come from."""
    return _lines(root, HOSTS, "a registry host is named")


def rust_is_not_included(root: Path) -> list[str]:
    """Rust source is a module, never text that another file includes."""
    return _lines(root, INCLUDE, "Rust source is included as text", ".rs")


def _lines(root: Path, pattern: re.Pattern[str], problem: str, *endings: str) -> list[str]:
    return [
        f"{problem}: `{name}:{number}`"
        for name, source in tree.select(root, *endings)
        if name not in tree.LOCKS
        for number, line in enumerate(source.splitlines(), 1)
        if pattern.search(line)
    ]


def generated_files_name_their_tool(root: Path) -> list[str]:
    """A file that says it is generated names the script of `tools/` that does it, and the script is there."""
    found = []
    for name, head in _heads(root):
        tools = re.findall(r"tools/[\w.]+\.(?:py|sh)", head)
        if not tools:
            found.append(f"a generated file does not name its tool: `{name}`")
        found += [f"`{name}` names a tool that is not there: `{tool}`" for tool in tools if not (root / tool).is_file()]
    return found


def _heads(root: Path) -> Iterator[tuple[str, str]]:
    for name, source in tree.select(root):
        head = "\n".join(source.splitlines()[:HEAD_LINES])
        if name not in tree.LOCKS and GENERATED.search(head):
            yield name, head
