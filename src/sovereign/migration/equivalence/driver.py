r"""The side of a fuzzed comparison that runs Python: `python -m sovereign.migration.equivalence.driver FILE`.

Enters: lines on standard input, each a function's name, a tab, and the words of its arguments as a tuple. Leaves: for
each line one reply. What the function prints stands before the reply, on the same stream:

    \x01r TAB words of the result TAB words of the arguments after the call
    \x01x TAB name of the exception TAB its text in hexadecimal TAB words of the arguments after the call
    \x01u                           the arguments cannot be said in the types of this side
    \x01ready                       once, before the first line is read; where the file cannot be imported, the
                                    exception stands instead, without arguments

The translated side speaks the same. Read `drive.py` next.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sovereign.migration.equivalence.plain import decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["answer", "load", "main"]

# Not "__main__", so that a program's own run does not begin.
NAME = "fuzzed"


def main(arguments: list[str] | None = None) -> int:
    """Answer calls until the input ends."""
    (path,) = sys.argv[1:] if arguments is None else arguments
    try:
        module = load(Path(path))
    except BaseException as error:  # noqa: BLE001 - a program may end by itself
        _reply(f"x\t{_told(error)}")
        return 1
    _reply("ready")
    for line in sys.stdin:
        name, _, words = line.rstrip("\n").partition("\t")
        _reply(answer(_found(module, name), words))
    return 0


def load(path: Path) -> Any:
    """Import a file under a name of its own."""
    spec = importlib.util.spec_from_file_location(NAME, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(module)
    return module


def _found(module: Any, name: str) -> Callable[..., Any]:
    found = module
    for word in name.split("."):
        found = getattr(found, word)
    assert callable(found)
    function: Callable[..., Any] = found
    return function


def answer(function: Callable[..., Any], words: str) -> str:
    r"""Call the function; the reply says what it gave or raised, and what became of its arguments.

    >>> answer(abs, "t1 i-3")
    'r\ti3\tt1 i-3'
    """
    arguments = decode(words)
    try:
        result = encode(function(*arguments))
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the answer
        return f"x\t{_told(error)}\t{encode(arguments)}"
    return f"r\t{result}\t{encode(arguments)}"


def _told(error: BaseException) -> str:
    text = str(error).encode("utf-8", "surrogatepass").hex()
    return f"{type(error).__name__}\t{text}"


def _reply(text: str) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(f"\x01{text}\n".encode())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    raise SystemExit(main())
