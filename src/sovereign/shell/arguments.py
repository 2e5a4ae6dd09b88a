"""From the words of a command line to a command and its options.

Enters: a tree of `command.py` and the words. Leaves: `Call`, or `shell.usage` as one sentence that names the
nearest right word. `argparse` takes the options apart; places and values are ours, so that the sentences are
the same on every Python. Read `entry.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.errors import ParameterError
from sovereign.shell.command import SHARED, Argument, Command, Group, Option, Options
from sovereign.shell.installed import entry_points
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable, Sequence

    from sovereign.shell.installed import EntryPoint

__all__ = ["Call", "locate", "misuse", "parse", "plugins"]

_SHARED_BY_FLAG = {flag: each for each in SHARED for flag in each.flags}


class Call:
    """Which node of the tree was called, how it was reached, and the words that are left for it."""

    def __init__(self, node: Command | Group | EntryPoint, path: tuple[str, ...]) -> None:
        self.node = node
        self.path = path
        self.words: list[str] = []
        self.shared: list[str] = []


def locate(root: Command | Group, words: Sequence[str], prog: str) -> Call:
    """Walk down the tree by the words that name a member, setting shared options aside.

    Errors    ParameterError  for a word that names no member and for an option that no group has.
    """
    call = Call(root, (prog,))
    for place, word in enumerate(words):
        if not isinstance(call.node, Group):
            call.words = list(words[place:])
            break
        if word.startswith("-"):
            flags = _apart(word)
            if not _SHARED_BY_FLAG.keys() >= set(flags):
                raise _unknown_option(word, _SHARED_BY_FLAG, call.path)
            call.shared += flags
        else:
            call.node = _member(call.node, word, call.path)
            call.path = (*call.path, word)
    return call


def _apart(word: str) -> list[str]:
    """One word of flags taken apart: `-qv` is `-q -v`."""
    return [word] if word.startswith("--") else [f"-{letter}" for letter in word[1:]] or [word]


def _member(group: Group, word: str, path: tuple[str, ...]) -> Command | Group | EntryPoint:
    found = group.find(word)
    offered = plugins(group) if found is None else {}
    if found is not None or word in offered:
        return found or offered[word]
    names = [*(each.name for each in group.commands), *offered]
    raise misuse(f"`{' '.join(path)}` has no command of that name", word, path, names=names)


def plugins(group: Group) -> dict[str, EntryPoint]:
    """The commands of other distributions and rooms that join `group`, without those it has itself."""
    if group.plugins is None:
        return {}
    own = {group.name, *(each.name for each in group.commands)}
    return {name: point for name, point in sorted(entry_points(group.plugins).items()) if name not in own}


def parse(command: Command, words: Sequence[str], path: tuple[str, ...]) -> Options:
    """The values of one command, converted, with defaults for what was left out.

    Errors    ParameterError  for an unknown option, a missing or surplus value, and one that is not allowed.
    """
    words = list(words)
    cut = words.index("--") if "--" in words else len(words)
    options, rest = _split(command, words[:cut], path)
    for word in rest:
        if word.startswith("-") and word != "-":
            known = [flag for each in (*SHARED, *command.options) for flag in each.flags]
            raise _unknown_option(word, known, path)
    _place(command, options, rest + words[cut + 1 :], path)
    for declared in command.arguments:
        _convert(declared, options, path)
    return options


def _split(command: Command, words: list[str], path: tuple[str, ...]) -> tuple[Options, list[str]]:
    import argparse  # `--help` does not pay for it

    options = Options()
    try:
        _, rest = _option_parser(command, path).parse_known_args(words, options)
    except argparse.ArgumentError as error:
        shown = (error.argument_name or "").split("/")[-1]
        if "expected" in error.message:
            raise misuse("the option needs a value", shown, path) from error
        raise misuse("the option takes no value", shown, path) from error
    return options, rest


def _option_parser(command: Command, path: tuple[str, ...]) -> ArgumentParser:
    import argparse  # as above

    parser = argparse.ArgumentParser(prog=" ".join(path), add_help=False, allow_abbrev=False, exit_on_error=False)
    for each in (*SHARED, *command.options):
        if each.value is None:
            parser.add_argument(*each.flags, dest=each.destination, action="store_true")
        elif each.many:
            parser.add_argument(*each.flags, dest=each.destination, action="append")
        else:
            parser.add_argument(*each.flags, dest=each.destination, default=each.default)
    return parser


def _place(command: Command, options: Options, words: list[str], path: tuple[str, ...]) -> None:
    left = list(words)
    places = command.positionals
    for index, declared in enumerate(places):
        # What comes after takes its own share first, so that `SOURCE... TARGET` works.
        kept = sum(not each.optional for each in places[index + 1 :])
        share = len(left) - kept if declared.many else min(1, len(left) - kept * declared.optional)
        taken, left = left[: max(share, 0)], left[max(share, 0) :]
        if not taken and not declared.optional:
            raise misuse("an argument is missing", declared.name, path)
        setattr(options, declared.destination, taken if declared.many else next(iter(taken), None))
    if left:
        raise misuse("there is one argument too many", left[0], path)


def _convert(declared: Argument | Option, options: Options, path: tuple[str, ...]) -> None:
    found = getattr(options, declared.destination)
    if declared.many:
        setattr(options, declared.destination, [_converted(declared, each, path) for each in found or []])
    elif isinstance(found, str):
        setattr(options, declared.destination, _converted(declared, found, path))


def _converted(declared: Argument | Option, word: str, path: tuple[str, ...]) -> object:
    shown = declared.name if isinstance(declared, Argument) else declared.flags[-1]
    if declared.choices and word not in declared.choices:
        allowed = ", ".join(f"`{each}`" for each in declared.choices)
        raise misuse(f"`{shown}` must be one of {allowed}", word, path, names=declared.choices)
    if declared.convert is None:
        return word
    try:
        return declared.convert(word)
    except ValueError as error:
        raise misuse(f"`{shown}` does not take this value, {error}", word, path) from error


def _unknown_option(word: str, known: Iterable[str], path: tuple[str, ...]) -> ParameterError:
    name = word.split("=", maxsplit=1)[0]
    return misuse(f"`{' '.join(path)}` has no option of that name", name, path, names=known)


def misuse(problem: str, value: str, path: tuple[str, ...], *, names: Iterable[str] = ()) -> ParameterError:
    """The refusal of a command line in one sentence, with the names that may have been meant."""
    return ParameterError(
        "shell.usage",
        f"{problem}: `{value}`",
        name=" ".join(path),
        value=value,
        nearest=nearest(value, names),
        fix=f"`{' '.join(path)} --help` lists what there is",
    )
