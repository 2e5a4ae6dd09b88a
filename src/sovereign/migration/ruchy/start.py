"""The first thing that the command `ruchy` runs: a program that only has to be run is run without anything else.

Enters: the words of the shell. Leaves: an exit code. `ruchy run FILE` and `ruchy FILE` need no table of commands, no
parser of options and no console; what goes wrong, and every other command, is handed to `cli.py`, which says it as all
commands do. Read `running.py` next.
"""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.migration.ruchy.program import Checked
    from sovereign.migration.ruchy.running import Ending

__all__ = ["main"]

_SIGTERM = 15
_YOUNG_OBJECTS = 50_000
"""So many new objects make the collector look for cycles, which few programs of the language can make."""


class _Stopped(KeyboardInterrupt):
    """SIGTERM came."""


def main(words: Sequence[str] | None = None, image: str = "") -> int:
    """Run with these words, or with those of the shell; `image` is where an image is missed."""
    words = list(sys.argv[1:] if words is None else words)
    asked = _program_of(words)
    if asked is None or None in {sys.stdin, sys.stdout, sys.stderr}:
        from sovereign.migration.ruchy.cli import main as main_of_all

        return main_of_all(words)
    return _run(*asked, image)


def _program_of(words: list[str]) -> tuple[str, list[str]] | None:
    """The file of a program that is to be run, and its arguments; none where the words ask for anything else."""
    if not words or not all(map(_is_text, words)):
        return None
    is_named = words[0] == "run"
    rest = words[is_named:]
    if not rest or rest[0].startswith("-") or not (is_named or rest[0].endswith(".ruchy") or "/" in rest[0]):
        return None
    return rest[0], rest[1 + (rest[1:2] == ["--"]) :]


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _run(path: str, arguments: list[str], image: str) -> int:
    import _signal  # type: ignore[import-not-found] # of Python's own, without types

    def stop(*_: object) -> None:
        raise _Stopped

    if _signal.getsignal(_SIGTERM) is _signal.SIG_DFL:
        _signal.signal(_SIGTERM, stop)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr] # they are text streams
    try:
        ending = _ending(path, arguments, image)
        if ending.message is None:
            sys.stdout.flush()
            return _left(ending.status, image)
    except BaseException as error:  # noqa: BLE001 - whatever it is, all commands end it in one way
        return _told(error)
    return _told(ending)


def _ending(path: str, arguments: list[str], image: str) -> Ending:
    # Nothing of the compiler's is ever let go of while it works, so nothing has to be looked for.
    gc.disable()
    from sovereign.migration.ruchy.builds import begin, mode, run_kept

    run_kept(path, arguments)
    from sovereign.migration.ruchy.functions import World
    from sovereign.migration.ruchy.running import run_file

    def before(checked: Checked) -> None:
        if image and mode() == "wait":
            from sovereign.migration.ruchy.image import write

            write(image)
        begin(path, checked, arguments)
        gc.freeze()
        gc.set_threshold(_YOUNG_OBJECTS, *gc.get_threshold()[1:])
        gc.enable()

    return run_file(path, World(sys.stdout.write, tuple(arguments)), before=before)


def _left(status: int, image: str) -> int:
    """Leave at once where nobody waits for the end of Python, as libraries with threads of their own do."""
    from sovereign.migration.ruchy.builds import mode, start_apart

    if image and mode() == "background":
        start_apart("image", image)
    if "threading" not in sys.modules:
        os._exit(status)
    return status


def _told(outcome: Ending | BaseException) -> int:
    """Say what went wrong as every command does."""
    from sovereign.migration.ruchy.cli import end_run

    if isinstance(outcome, _Stopped):
        import _signal

        _signal.signal(_SIGTERM, _signal.SIG_DFL)
        return end_run(lambda: os.kill(os.getpid(), _SIGTERM))  # type: ignore[arg-type, return-value] # gives nothing: it stops
    return end_run(outcome)
