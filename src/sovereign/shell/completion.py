"""Completion scripts for bash, zsh and fish.

Enters: the declared tree. Leaves: a script. The tree becomes an `argparse` tree, which `shtab` turns into the
three dialects; both are imported when a script is asked for, and only then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.shell.arguments import plugins
from sovereign.shell.command import SHARED, Argument, Command, Group

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from sovereign.shell.command import Option

__all__ = ["script"]


def script(root: Command | Group, prog: str, shell: str) -> str:
    """The script that makes `shell` complete `prog`; names of other rooms' commands are those installed now."""
    import argparse  # asked for once, when the user sets up a shell

    import shtab  # as above

    parser = argparse.ArgumentParser(prog=prog, add_help=False, description=_text(root.summary))
    _fill(parser, root)
    return str(shtab.complete(parser, shell)).rstrip() + "\n"


def _fill(parser: ArgumentParser, node: Command | Group) -> None:
    for each in SHARED:
        _add(parser, each)
    if isinstance(node, Command):
        for declared in node.arguments:
            _add(parser, declared)
        return
    members = parser.add_subparsers(metavar="COMMAND")
    for child in node.commands:
        _fill(members.add_parser(child.name, help=_text(child.summary), add_help=False), child)
    for name, point in plugins(node).items():
        other = members.add_parser(name, help=_text(point.summary()), add_help=False)
        for each in SHARED:
            _add(other, each)
        _add(other, Argument("ARGUMENT", "what the command takes", many=True, completes="file"))


def _add(parser: ArgumentParser, declared: Argument | Option) -> None:
    import shtab  # as in `script`

    text = _text(declared.text)
    if isinstance(declared, Argument):
        shape = "*" if declared.many else "?" if declared.optional else None
        action = parser.add_argument(
            declared.destination,
            metavar=declared.name,
            help=text,
            nargs=shape,
            choices=declared.choices or None,
        )
    elif declared.value is None:
        action = parser.add_argument(*declared.flags, help=text, action="store_true")
    else:
        action = parser.add_argument(
            *declared.flags, metavar=declared.value, help=text, choices=declared.choices or None
        )
    if declared.completes:
        # `shtab` reads this attribute, which `argparse` does not declare.
        vars(action)["complete"] = shtab.FILE if declared.completes == "file" else shtab.DIRECTORY


def _text(text: str) -> str:
    """Text that means nothing to a shell, nor to `argparse`'s own formatting."""
    return text.replace("`", "'").replace("%", "%%").replace("$", "")
