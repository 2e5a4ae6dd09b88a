"""The help text of a command, for a terminal.

Enters: a node of the declared tree. Leaves: usage, what it does, its arguments and options, the shared options
and what the exit codes mean, fitted to the width. `man.py` and `reference.py` walk the same tree.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from sovereign.shell.arguments import plugins
from sovereign.shell.command import SHARED, Argument, Command, Group, paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.shell.command import Option

__all__ = ["exits", "help_text", "rows", "usage"]

_LONGEST_NAME = 26
_WIDEST = 100
_OK = "it was done"
_CANNOT = "it could not be done: usage, a missing file or tool, nothing measured"


def help_text(node: Command | Group, prog: str, *, width: int = 80) -> str:
    """The text that `--help` prints."""
    width = min(width, _WIDEST)
    blocks = [_hanging("Usage: ", usage(node, prog), width)]
    blocks += [textwrap.fill(_unquoted(each), width) for each in paragraphs(node.text)]
    if isinstance(node, Group):
        members = [(each.name, each.summary) for each in node.commands]
        blocks.append(_section("Commands", members, width))
        offered = [(name, point.summary()) for name, point in plugins(node).items()]
        blocks.append(_section("Commands of other rooms", offered, width))
    else:
        blocks.append(_section("Arguments", rows(node.positionals), width))
        blocks.append(_section("Options", rows(node.options), width))
    blocks.append(_section("Options of every command", rows(SHARED), width))
    blocks.append(_section("Exit codes", [(str(code), text) for code, text in exits(node)], width))
    return "\n\n".join(filter(None, blocks)) + "\n"


def usage(node: Command | Group, prog: str) -> str:
    """The usage line without its heading.

    >>> usage(Group("loud", "Make noise.", ()), "loud")
    'loud COMMAND ...'
    """
    if isinstance(node, Group):
        return f"{prog} COMMAND ..."
    parts = [*(each.usage for each in node.options), *(each.usage for each in node.positionals)]
    return " ".join([prog, *parts])


def rows(declared: Sequence[Argument | Option]) -> list[tuple[str, str]]:
    """Names and texts of arguments or options, with choices and defaults as they are declared."""
    found = []
    for each in declared:
        name = each.name if isinstance(each, Argument) else each.signature
        notes = [f"one of {', '.join(each.choices)}"] if each.choices else []
        if not isinstance(each, Argument) and each.value and each.default is not None:
            notes.append(f"default {each.default}")
        found.append((name, f"{each.text} ({'; '.join(notes)})" if notes else each.text))
    return found


def exits(node: Command | Group) -> list[tuple[int, str]]:
    """What each exit code means for this node."""
    no = [(1, node.no)] if isinstance(node, Command) and node.no else []
    return [(0, _OK), *no, (2, _CANNOT)]


def _section(title: str, lines: Sequence[tuple[str, str]], width: int) -> str:
    if not lines:
        return ""
    column = min(max(len(name) for name, _ in lines), _LONGEST_NAME, max(width // 3, 8)) + 4
    shown = [f"{title}:"]
    for name, text in lines:
        lead = f"  {name}"
        if len(lead) > column - 2:
            shown.append(lead)
            lead = ""
        shown.append(_hanging(lead.ljust(column), _unquoted(text), width).rstrip())
    return "\n".join(shown)


def _hanging(lead: str, text: str, width: int) -> str:
    wide = max(width, len(lead) + 12)
    filled = textwrap.fill(text, wide, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)
    return filled or lead


def _unquoted(text: str) -> str:
    return text.replace("`", "'")
