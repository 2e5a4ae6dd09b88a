"""A small command that is declared for the tests of the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.errors import FormatError, GateFailed
from sovereign.shell.command import Command, Group, Options, argument, option
from sovereign.shell.exit import ExitCode

if TYPE_CHECKING:
    from sovereign.shell.console import Console


def whole(word: str) -> int:
    """A number, or the phrase that a refusal carries."""
    try:
        return int(word)
    except ValueError:
        message = "it is not a whole number"
        raise ValueError(message) from None


def paint(console: Console, options: Options) -> ExitCode:
    """Paint `sources` onto a target.

    The colour is mixed first. It
    dries slowly.

    Nothing is spilt.
    """
    console.emit(vars(options))
    console.write(f"{options.source} -> {options.target} {options.colour} {options.layers} {options.tag}")
    return ExitCode.OK


def judge(console: Console, options: Options) -> ExitCode:
    """Judge, and end as told."""
    console.emit({"seen": options.how})
    console.write(f"seen: {options.how}")
    if options.how == "no":
        raise GateFailed("stack.broken", "the answer is no: `no`", rule="r", measured=1, required=0)
    if options.how == "bytes":
        raise FormatError("container.magic", "not a model: `x`", path="x", offset=0)
    if options.how == "crash":
        raise ZeroDivisionError("secret\nmore")
    if options.how == "stop":
        raise KeyboardInterrupt
    if options.how == "pipe":
        raise BrokenPipeError
    if options.how == "twice":
        console.emit({})
    return ExitCode.OK


PAINT = Command(
    "paint",
    paint,
    (
        argument("SOURCE", "what to take", many=True),
        argument("TARGET", "where it goes", completes="folder"),
        option("-c", "--colour", text="which one", value="NAME", default="red", choices=("red", "blue")),
        option("--layers", text="how many", value="N", default=1, convert=whole),
        option("--tag", text="a label; may be repeated", value="TEXT", many=True),
        option("--dry-run", text="only say it"),
    ),
    no="the wall is wet",
)
TREE = Group(
    "atelier",
    """Paint and judge.

    A second paragraph.
    """,
    (
        Group(
            "wall",
            "Work on walls.",
            (PAINT,),
        ),
        Command("judge", judge, (argument("HOW", "how to end", optional=True),)),
    ),
)
