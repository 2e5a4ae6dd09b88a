"""The prompt: reads inputs from a terminal or a pipe and shows what a `Session` answers.

Enters: standard input. Leaves: answers on standard output. History and completion come from `readline` where it is
there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.migration.ruchy.library import FUNCTIONS
from sovereign.migration.ruchy.repl import Session, is_unfinished
from sovereign.migration.ruchy.stack import on_large_stack
from sovereign.migration.ruchy.values import Leave

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.ruchy.repl import Answer
    from sovereign.shell.console import Console

__all__ = ["converse"]

_FIRST, _NEXT = ">> ", ".. "
_HISTORY_LENGTH = 2000


def converse(console: Console) -> int:
    """Read and answer until the input ends; the status of `exit`, else 0."""
    session = Session()
    is_terminal = sys.stdin is not None and sys.stdin.isatty()
    keep = _history(console, session) if is_terminal else None
    if is_terminal:
        console.write("Ruchy. `:help` lists the commands, `:quit` ends.")
    try:
        found = on_large_stack(lambda: _loop(console, session, is_terminal=is_terminal))
        assert isinstance(found, int)
        return found
    finally:
        if keep is not None:
            keep()


def _loop(console: Console, session: Session, *, is_terminal: bool) -> int:
    while True:
        text = _read(is_terminal=is_terminal)
        if text is None:
            return 0
        try:
            answer = session.answer(text)
        except Leave as leave:
            return leave.code
        except KeyboardInterrupt:
            console.log("stopped")
            continue
        if answer.ends:
            return 0
        _show(console, session, answer)


def _show(console: Console, session: Session, answer: Answer) -> None:
    if answer.text:
        console.put(answer.text + "\n")
    console.finish()
    if answer.findings:
        from sovereign.shell.render import render

        def read(path: str) -> bytes:
            return session.texts.get(path, "").encode()

        for each in answer.findings:
            console.log(render(each, read=read, width=console.width, colour=console.colour(console.err)))


def _read(*, is_terminal: bool) -> str | None:
    """One input, of several lines where brackets or blocks are open; None at the end."""
    lines: list[str] = []
    while True:
        try:
            line = input(_NEXT if lines else _FIRST) if is_terminal else _plain_line()
        except EOFError:
            return "\n".join(lines) if lines else None
        except KeyboardInterrupt:
            sys.stdout.write("\n")
            lines = []
            continue
        lines.append(line)
        text = "\n".join(lines)
        if not is_unfinished(text + ("\n" if line == "" else "")):
            return text


def _plain_line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")


def _history(console: Console, session: Session) -> Callable[[], None] | None:
    try:
        import readline
    except ImportError:  # a Python without it
        return None
    state = console.environment.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")  # noqa: PTH111, PTH118 - text for readline
    path = Path(state) / "sovereign" / "ruchy_history"
    try:
        readline.read_history_file(path)
    except OSError:
        readline.clear_history()
    readline.set_history_length(_HISTORY_LENGTH)

    def complete(start: str, state: int) -> str | None:
        names = sorted({*session.checked.names.scope.names, *FUNCTIONS})
        fitting = [name for name in names if name.startswith(start)]
        return fitting[state] if state < len(fitting) else None

    readline.set_completer(complete)
    readline.parse_and_bind("tab: complete")

    def keep() -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(path)
        except OSError:  # a home that cannot be written keeps no history
            return

    return keep
