"""How a command is declared: once, as data, from which all else comes.

Enters: the `cli.py` of a room, which builds a `Group` of `Command`s. Leaves: the tree that `arguments.py` parses
by, and that `help.py`, `man.py`, `completion.py` and `reference.py` walk. The text of a command is the docstring
of its `run`. The nodes are named tuples, because dataclasses cost more at every start.
Read `entry.py` next.


>>> from sovereign.shell.exit import ExitCode
>>> def shout(console, options):
...     '''Print a word in capitals.'''
...     console.write(options.word.upper())
...     return ExitCode.OK
>>> tree = Group("loud", "Make noise.", (Command("shout", shout, (argument("WORD", "what to print"),)),))
>>> tree.commands[0].summary
'Print a word in capitals.'
"""

from __future__ import annotations

from textwrap import dedent
from types import SimpleNamespace
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sovereign.shell.console import Console
    from sovereign.shell.exit import ExitCode

__all__ = ["SHARED", "Argument", "Command", "Group", "Option", "Options", "argument", "option", "walk"]

Completes = Literal["file", "folder"]
Options = SimpleNamespace
"""What a command's `run` receives: one attribute per argument and option, by `destination`."""


class Argument(NamedTuple):
    """A value given by its place. `many` takes all that are left, and none of them is needed when `optional`."""

    name: str
    text: str
    many: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()
    convert: Callable[[str], object] | None = None
    completes: Completes | None = None

    @property
    def destination(self) -> str:
        """The attribute of `Options` that holds it: a list when `many`, None when it was left out."""
        return self.name.lower().replace("-", "_")

    @property
    def usage(self) -> str:
        """How the usage line shows it."""
        shown = f"{self.name}..." if self.many else self.name
        return f"[{shown}]" if self.optional else shown


class Option(NamedTuple):
    """A value given by a name; without `value` it is a switch. `many` may be repeated and holds a list."""

    flags: tuple[str, ...]
    text: str
    value: str | None = None
    default: object = None
    many: bool = False
    choices: tuple[str, ...] = ()
    convert: Callable[[str], object] | None = None
    completes: Completes | None = None

    @property
    def destination(self) -> str:
        """The attribute of `Options` that holds it."""
        return self.flags[-1].lstrip("-").replace("-", "_")

    @property
    def usage(self) -> str:
        """How the usage line shows it."""
        shown = f"{self.flags[-1]} {self.value}" if self.value else self.flags[-1]
        return f"[{shown}] ..." if self.many else f"[{shown}]"

    @property
    def signature(self) -> str:
        """How a list of options shows it: every name, and the value once."""
        return ", ".join(self.flags) + (f" {self.value}" if self.value else "")


def argument(
    name: str,
    text: str,
    *,
    many: bool = False,
    optional: bool = False,
    choices: tuple[str, ...] = (),
    convert: Callable[[str], object] | None = None,
    completes: Completes | None = None,
) -> Argument:
    """Declare a value given by its place; `convert` raises ValueError with a phrase such as `not a number`."""
    return Argument(name, text, many, optional, choices, convert, completes)


def option(
    *flags: str,
    text: str,
    value: str | None = None,
    default: object = None,
    many: bool = False,
    choices: tuple[str, ...] = (),
    convert: Callable[[str], object] | None = None,
    completes: Completes | None = None,
) -> Option:
    """Declare a value given by a name, the long one last; `convert` as for `argument`."""
    return Option(flags, text, value, default, many, choices, convert, completes)


SHARED: tuple[Option, ...] = (
    option("--json", text="print one JSON document on standard output and nothing else there"),
    option("-q", "--quiet", text="print errors only; the exit code says the rest"),
    option("-v", "--verbose", text="log what is done, and show where an unexpected error came from"),
    option("--version", text="print the version and end"),
    option("-h", "--help", text="print this text and end"),
)
"""The options of every command; they stand before or after the command's name."""


class Command(NamedTuple):
    """One thing to do: `run`, what it takes, and what exit code 1 means where it has a meaning."""

    name: str
    run: Callable[[Console, Options], ExitCode]
    arguments: tuple[Argument | Option, ...] = ()
    no: str | None = None
    distribution: str = "sovereign-stack"

    @property
    def text(self) -> str:
        """The whole help text, as `run` documents it."""
        return self.run.__doc__ or ""

    @property
    def summary(self) -> str:
        """The first line of the help text."""
        return paragraphs(self.text)[0]

    @property
    def positionals(self) -> tuple[Argument, ...]:
        """The values given by place, in their order."""
        return tuple(each for each in self.arguments if isinstance(each, Argument))

    @property
    def options(self) -> tuple[Option, ...]:
        """The values given by name, without the shared ones."""
        return tuple(each for each in self.arguments if isinstance(each, Option))


class Group(NamedTuple):
    """Commands under one name. `plugins` is the entry-point group whose commands join it when it is called."""

    name: str
    text: str
    commands: tuple[Command | Group, ...]
    plugins: str | None = None
    distribution: str = "sovereign-stack"

    @property
    def summary(self) -> str:
        """The first line of the help text."""
        return paragraphs(self.text)[0]

    def find(self, name: str) -> Command | Group | None:
        """The member of that name."""
        return next((each for each in self.commands if each.name == name), None)

    def joined(self, *further: Command) -> Group:
        """The same group with further commands at its end."""
        return self._replace(commands=(*self.commands, *further))


def paragraphs(text: str) -> list[str]:
    r"""The paragraphs of a docstring, each on one line; one empty paragraph when there is no text.

    >>> paragraphs("First line.\n\n    Two\n    lines.\n    ")
    ['First line.', 'Two lines.']
    """
    first, _, rest = text.partition("\n")
    blocks = f"{first.strip()}\n{dedent(rest)}".split("\n\n")
    return [" ".join(block.split()) for block in blocks if block.strip()] or [""]


def walk(node: Command | Group, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Command | Group]]:
    """Every node of the tree with its path of names, parents first."""
    path = (*above, node.name)
    yield path, node
    if isinstance(node, Group):
        for child in node.commands:
            yield from walk(child, path)
