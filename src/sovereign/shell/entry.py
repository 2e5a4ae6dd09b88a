"""The rim of every command: from the words of the shell to an exit code.

Enters: a declared tree. Leaves: `main`, for `[project.scripts]`. Here every error becomes one sentence, a reader
that went away becomes success, output is flushed before the answer is given, and a defect of ours says so.
Read `arguments.py` for the words and `console.py` for the output.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from sovereign.errors import DeviceError, GateFailed, InternalError, NotFound, ParameterError, SovereignError
from sovereign.shell.arguments import Call, locate, misuse, parse, plugins
from sovereign.shell.command import SHARED, Command, Group, Options, argument
from sovereign.shell.console import Console, OutputGone, abandon
from sovereign.shell.exit import ExitCode
from sovereign.shell.installed import EntryPoint, distributions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Main", "complete_tree", "entry"]

_SHARED_NAMES = tuple(each.destination for each in SHARED)
_SHELLS = ("bash", "zsh", "fish")


class Main(Protocol):
    """What a `cli.py` offers as `main`."""

    def __call__(self, argv: Sequence[str] | None = None, prog: str | None = None) -> int:
        """Run with these words, or with those of the shell, and return the exit code."""


def entry(root: Group | Command) -> Main:
    """Make the `main` of a command out of its declaration; `completion` and `man` join a group here."""
    tree = complete_tree(root)

    def main(argv: Sequence[str] | None = None, prog: str | None = None) -> int:
        words = list(sys.argv[1:] if argv is None else argv)
        console = _open_console(prog or tree.name, words)
        return int(_end(console, lambda: _answer(tree, words, console)))

    return main


def complete_tree(root: Group | Command) -> Group | Command:
    """The tree with the commands that every group has; a single command joins a group by its entry point."""
    return root if isinstance(root, Command) else _with_manners(root)


def _with_manners(root: Group) -> Group:

    def completion(console: Console, options: Options) -> ExitCode:
        """Print the completion script for a shell.

        Load it where the shell starts: `eval "$(NAME completion bash)"` in `~/.bashrc`, the same with `zsh` in
        `~/.zshrc` after `compinit`, or `NAME completion fish | source` in `config.fish`.
        """
        from sovereign.shell.completion import script  # brings shtab, for this command alone

        text = script(tree, tree.name, options.shell)
        console.emit({"shell": options.shell, "script": text})
        console.write(text)
        return ExitCode.OK

    def man(console: Console, options: Options) -> ExitCode:
        """Print the manual page of a command, as roff.

        Read it with `man -l`, or store it where `man` looks for pages of section 1.
        """
        from sovereign.shell.man import manual  # for this command alone

        call = locate(tree, options.command, tree.name)
        if isinstance(call.node, EntryPoint) or call.words:
            raise misuse("the manual has no page of that name", " ".join(options.command), (tree.name, "man"))
        text = manual(call.node, " ".join(call.path), version=_version(tree.distribution))
        console.emit({"command": " ".join(call.path), "roff": text})
        console.write(text)
        return ExitCode.OK

    tree = root.joined(
        Command("completion", completion, (argument("SHELL", "which shell", choices=_SHELLS),)),
        Command("man", man, (argument("COMMAND", "whose page; the whole when left out", many=True, optional=True),)),
    )
    return tree


def _open_console(prog: str, words: Sequence[str]) -> Console:
    _open_missing_descriptors()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            # A character that the terminal's encoding lacks is shown as an escape, never a crash.
            stream.reconfigure(errors="backslashreplace")
    named = words[: words.index("--")] if "--" in words else words
    # Known before the words are understood, because a refusal of them has to be JSON as well.
    return Console(prog, out=sys.stdout, err=sys.stderr, json="--json" in named, verbose="--verbose" in named)


def _open_missing_descriptors() -> None:
    """Fill closed standard descriptors, so that the next opened file does not become standard output."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _answer(tree: Group | Command, words: list[str], console: Console) -> ExitCode | int:
    for word in words:
        if not word.isascii() and not _is_text(word):
            shown = os.fsencode(word).decode("utf-8", "backslashreplace")
            raise ParameterError("shell.not_utf8", f"an argument is not UTF-8: `{shown}`", name="argument", value=shown)
    call = locate(tree, words, console.prog)
    if isinstance(call.node, EntryPoint):
        return _hand_over(call)
    if isinstance(call.node, Group):
        options = Options(**dict.fromkeys(_SHARED_NAMES, False))
    else:
        # `--help` and `--version` are answered even where the rest of the line is wrong.
        ends = {"--help", "-h", "--version"}.intersection([*call.shared, *_before_rest(call.words)])
        options = Options(**dict.fromkeys(_SHARED_NAMES, False)) if ends else parse(call.node, call.words, call.path)
        call.shared += ends
    for flag in call.shared:
        setattr(options, next(each.destination for each in SHARED if flag in each.flags), True)
    return _call(tree, call, options, console)


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _before_rest(words: list[str]) -> list[str]:
    return words[: words.index("--")] if "--" in words else words


def _hand_over(call: Call) -> int:
    assert isinstance(call.node, EntryPoint)
    main: Callable[..., int] = call.node.load()  # type: ignore[assignment] # what the group promises
    return int(main([*call.shared, *call.words], prog=" ".join(call.path)) or 0)


def _call(tree: Group | Command, call: Call, options: Options, console: Console) -> ExitCode:
    assert not isinstance(call.node, EntryPoint)
    console.json, console.quiet = console.json or options.json, options.quiet
    console.verbose = options.verbose
    if options.help:
        from sovereign.shell.help import help_text  # for `--help` alone

        text = help_text(call.node, " ".join(call.path), width=console.width)
        console.emit({"help": text})
        console.quiet = False
        console.write(text)
        return ExitCode.OK
    if options.version:
        version = _version(tree.distribution)
        console.emit({"name": tree.name, "version": version})
        console.quiet = False
        console.write(f"{tree.name} {version}")
        return ExitCode.OK
    if isinstance(call.node, Group):
        names = [*(each.name for each in call.node.commands), *plugins(call.node)]
        raise misuse(f"a command is missing, one of {', '.join(names)}", " ".join(call.path), call.path)
    if console.verbose:
        _log_to(console)
    console.prog = " ".join(call.path)
    return call.node.run(console, options)


def _version(distribution: str) -> str:
    for each in distributions():
        if each.name == distribution:
            return each.version
    message = f"the distribution is not installed: `{distribution}`"
    raise NotFound("shell.not_found", message, name=distribution, nearest=[])


def _log_to(console: Console) -> None:
    import logging  # for `--verbose` alone

    logging.basicConfig(stream=console.err, level=logging.DEBUG, format="%(name)s: %(message)s", force=True)


class _Stopped(KeyboardInterrupt):
    """SIGTERM came: as after Ctrl-C, every `finally` is passed, so that nothing unfinished is left on the disk."""


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM end the command as Ctrl-C does; where somebody else listens to it, they go on doing so."""

    def stop(*_: object) -> None:
        raise _Stopped

    try:
        is_ours = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        if is_ours:
            signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not the main thread, which alone gets signals
        is_ours = False
    try:
        yield
    finally:
        if is_ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(console: Console, action: Callable[[], ExitCode | int]) -> ExitCode | int:
    """Run the command to its end and turn whatever comes out of it into an exit code."""
    try:
        with _stoppable():
            code = action()
        console.finish()
    except OutputGone:
        abandon(console.out)
        return ExitCode.OK
    except SovereignError as error:
        return _refuse(console, error)
    except _Stopped:
        return _refuse(console, DeviceError("shell.interrupted", "the command was stopped from outside: `SIGTERM`"))
    except KeyboardInterrupt:
        return _refuse(console, DeviceError("shell.interrupted", "the command was stopped by Ctrl-C: `SIGINT`"))
    except Exception as error:  # noqa: BLE001 - the rim: nothing unexpected leaves it as a traceback
        return _refuse(console, _unexpected(console, error))
    return code


def _unexpected(console: Console, error: Exception) -> InternalError:
    if console.verbose:
        import traceback  # for `--verbose` alone

        console.log("".join(traceback.format_exception(error)))
    where = f"{type(error).__name__}: {error}".splitlines()[0]
    return InternalError(
        "shell.internal",
        f"an unexpected error ended the command: `{where}`",
        where=where,
        fix="`--verbose` shows where it came from; please report it",
    )


def _refuse(console: Console, error: SovereignError) -> ExitCode:
    try:
        if not console.json:
            console.finish()  # what was printed before the error stands before it
        console.fail(error)
    except OutputGone:
        abandon(console.out)
        return ExitCode.OK
    except SovereignError as further:
        from sovereign.shell.render import diagnostics_of

        # Standard output is what failed, so standard error has to say it.
        for each in (error, further)[error.code == further.code :]:
            console.diagnose(diagnostics_of(each))
        abandon(console.out)
        return ExitCode.CANNOT
    return ExitCode.NO if isinstance(error, GateFailed) else ExitCode.CANNOT
