"""The manual page of a command, as roff for `man -l`.

Enters: a node of the declared tree. Leaves: one page with the sections that manual pages have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.shell.command import SHARED, Command, Group, paragraphs
from sovereign.shell.help import exits, rows, usage

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["manual"]


def manual(node: Command | Group, prog: str, *, version: str = "") -> str:
    """The page of one node; `prog` is how it is called, `version` stands in the footer."""
    title = prog.replace(" ", "-")
    footer = f"{prog.split(maxsplit=1)[0]} {version}".rstrip()
    lines = [
        f'.TH "{_escaped(title).upper()}" "1" "" "{_escaped(footer)}" "Sovereign"',
        ".nh",
        *_section("NAME", [f"{_escaped(title)} \\- {_escaped(node.summary.rstrip('.'))}"]),
        *_section("SYNOPSIS", [_line(usage(node, prog))]),
        *_section("DESCRIPTION", _joined(paragraphs(node.text))),
    ]
    if isinstance(node, Group):
        lines += _section("COMMANDS", _tagged([(each.name, each.summary) for each in node.commands]))
    else:
        lines += _section("ARGUMENTS", _tagged(rows(node.positionals)))
        lines += _section("OPTIONS", _tagged(rows(node.options)))
    lines += _section("COMMON OPTIONS", _tagged(rows(SHARED)))
    lines += _section("EXIT STATUS", _tagged([(str(code), text) for code, text in exits(node)]))
    if isinstance(node, Group):
        below = [f"\\fB{_escaped(f'{title}-{each.name}')}\\fR(1)" for each in node.commands]
        lines += _section("SEE ALSO", [", ".join(below)])
    return "\n".join(lines) + "\n"


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [f'.SH "{title}"', *lines] if lines else []


def _tagged(entries: Sequence[tuple[str, str]]) -> list[str]:
    return [line for name, text in entries for line in (".TP", f"\\fB{_escaped(name)}\\fR", _line(text))]


def _joined(blocks: Sequence[str]) -> list[str]:
    lines = []
    for block in blocks:
        lines += [".PP", _line(block)]
    return lines[1:]


def _line(text: str) -> str:
    """A line of text that roff cannot take for a request."""
    safe = _escaped(text)
    return f"\\&{safe}" if safe.startswith((".", "'")) else safe


def _escaped(text: str) -> str:
    r"""Text with roff's own characters as escapes.

    >>> _escaped("--json \\ `x`")
    '\\-\\-json \\e \\(gax\\(ga'
    """
    marks = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", '"': "\\(dq", "^": "\\(ha", "~": "\\(ti"}
    return "".join(marks.get(each, each) for each in text)
