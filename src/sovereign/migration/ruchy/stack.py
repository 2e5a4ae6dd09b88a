"""Room for recursion.

Enters: an action. Leaves: its value or its error. Programs and their trees are gone through on a thread with a large
stack, so that recursion ends in an error of the program and never of the process. Read `sources.py` next.
"""

from __future__ import annotations

import _thread
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["DEEPEST", "on_large_stack"]

DEEPEST = 50_000
"""Frames of Python, which are calls of the program and a few of ours."""
_STACKS = (1 << 30, 1 << 28, 1 << 26)


def on_large_stack(action: Callable[[], Any]) -> Any:
    """Run something that may recurse deeply, and hand on its value or its error.

    >>> on_large_stack(lambda: 1 + 1)
    2
    """
    if sys.getrecursionlimit() >= DEEPEST:
        return action()
    outcome: list[Any] = [None, None]

    def body() -> None:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(DEEPEST)
        try:
            outcome[0] = action()
        except BaseException as error:  # noqa: BLE001 - handed on to the thread that waits
            outcome[1] = error
        finally:
            sys.setrecursionlimit(limit)

    done = _thread.allocate_lock()
    done.acquire()
    _start(body, done)
    done.acquire()
    if outcome[1] is not None:
        raise outcome[1]
    return outcome[0]


def _start(body: Callable[[], None], done: _thread.LockType) -> None:
    """Begin a thread that gives a lock back at its end; `threading` would be dear to import.

    What watches the threads of a process, such as a debugger or a measurement of coverage, has imported it.
    """
    threading = sys.modules.get("threading")
    trace, profile = (threading.gettrace(), threading.getprofile()) if threading else (None, None)

    def whole() -> None:
        sys.settrace(trace)
        sys.setprofile(profile)
        try:
            body()
        finally:
            done.release()

    before = _thread.stack_size()
    try:
        for size in (*_STACKS, before):
            _thread.stack_size(size)
            try:
                _thread.start_new_thread(whole, ())
            except RuntimeError:  # so much memory may not be asked for here
                if size == before:
                    raise
                continue
            return
    finally:
        _thread.stack_size(before)
