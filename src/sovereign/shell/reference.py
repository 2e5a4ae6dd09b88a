"""The documentation pages of a command, as Markdown.

Enters: the declared tree of one command. Leaves: one page per node, by file name. `tools/docs.py` writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.shell.command import SHARED, Command, Group, paragraphs, walk
from sovereign.shell.entry import complete_tree
from sovereign.shell.help import exits, rows, usage

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["pages"]


def pages(root: Group | Command) -> dict[str, str]:
    """One Markdown page per command and group, by file name, parents first; a single command is called by `batuta`.

    >>> list(pages(Group("loud", "Make noise.", ())))
    ['loud.md', 'loud-completion.md', 'loud-man.md']
    """
    above = ("batuta",) if isinstance(root, Command) else ()
    return {f"{'-'.join(path)}.md": _page(node, path) for path, node in walk(complete_tree(root), above)}


def _page(node: Command | Group, path: tuple[str, ...]) -> str:
    prog = " ".join(path)
    blocks = [f"# `{prog}`", *paragraphs(node.text), "## Usage", f"    {usage(node, prog)}"]
    if isinstance(node, Group):
        blocks += _members(node, path)
    else:
        blocks += _table("Arguments", "argument", rows(node.positionals))
        blocks += _table("Options", "option", rows(node.options))
    blocks += _table("Options of every command", "option", rows(SHARED))
    blocks += _table("Exit codes", "code", [(str(code), text) for code, text in exits(node)])
    return "\n\n".join(blocks) + "\n"


def _members(node: Group, path: tuple[str, ...]) -> list[str]:
    lines = ["| command | what it does |", "|---|---|"]
    for each in node.commands:
        name = "-".join((*path, each.name))
        lines.append(f"| [`{' '.join((*path, each.name))}`]({name}.md) | {_cell(each.summary)} |")
    blocks = ["## Commands", "\n".join(lines)]
    if node.plugins:
        blocks.append(
            f"Commands that an installed distribution offers in the entry-point group `{node.plugins}` join these; "
            "each has a page of its own."
        )
    return blocks


def _table(title: str, first: str, entries: Sequence[tuple[str, str]]) -> list[str]:
    if not entries:
        return []
    lines = [f"| {first} | meaning |", "|---|---|"]
    lines += [f"| `{_cell(name)}` | {_cell(text)} |" for name, text in entries]
    return [f"## {title}", "\n".join(lines)]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
