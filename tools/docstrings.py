"""Turn our docstring template into Markdown for the reference pages.

Enters: a docstring with lines such as `Shapes    X (n, d)` and doctests. Leaves: the same text with those lines as a
list and the doctests as code. mkdocs loads this file through the extensions of mkdocstrings (`mkdocs.yml`).
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from griffe import Extension

if TYPE_CHECKING:
    from collections.abc import Iterator

    from griffe import Object

FACT = re.compile(r"^(?P<name>[A-Z][a-z]+) {2,}(?P<text>\S.*)$")
ERROR = re.compile(r"^(?P<name>[A-Z]\w+) {2,}(?P<text>\S.*)$")
NEXT = re.compile(r"^ {4,}\S")


class Template(Extension):
    """The hook by which griffe hands over each object that it has read."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Rewrite the docstring of one object."""
        if obj.docstring:
            obj.docstring.value = as_markdown(obj.docstring.value)


def as_markdown(docstring: str) -> str:
    r"""The docstring with its facts as a list and its examples as code.

    >>> print(as_markdown("Sum it.\n\nShapes    x (n,)\nErrors    ShapeError  when x is\n          not flat."))
    Sum it.
    <BLANKLINE>
    - **Shapes:** x (n,)
    - **Errors:**
        - `ShapeError` when x is not flat.
    >>> as_markdown("Add.\n\n>>> 1 + 1\n2").splitlines()[2:4]
    ['```pycon', '>>> 1 + 1']
    """
    blocks = re.split(r"\n[ \t]*\n", docstring.strip("\n"))
    shown = [text for kind, group in groupby(blocks, key=_kind) for text in _render(kind, list(group))]
    return "\n\n".join(shown)


def _kind(block: str) -> str:
    if block.startswith(">>>"):
        return "example"
    return "facts" if FACT.match(block.partition("\n")[0]) else "prose"


def _render(kind: str, blocks: list[str]) -> list[str]:
    if kind == "example":
        return ["```pycon\n" + "\n\n".join(blocks) + "\n```"]
    if kind == "facts":
        return ["\n".join(line for block in blocks for line in _facts(block.splitlines()))]
    return blocks


def _facts(lines: list[str]) -> Iterator[str]:
    """List items: a line that begins a fact, with the indented lines that go on below it."""
    facts: list[list[str]] = []
    for line in lines:
        if NEXT.match(line) and facts:
            facts[-1].append(line.strip())
        else:
            facts.append([line])
    for first, *more in facts:
        found = FACT.match(first)
        if not found:
            yield first
            continue
        texts = [found["text"], *more]
        errors = list(_errors(texts))
        yield f"- **{found['name']}:**" + ("" if errors else " " + " ".join(texts))
        yield from errors


def _errors(texts: list[str]) -> Iterator[str]:
    """Nested items when each entry begins with the name of a class."""
    if not ERROR.match(texts[0]):
        return
    items: list[str] = []
    for text in texts:
        found = ERROR.match(text)
        if found:
            items.append(f"    - `{found['name']}` {found['text']}")
        else:
            items[-1] += " " + text
    yield from items
