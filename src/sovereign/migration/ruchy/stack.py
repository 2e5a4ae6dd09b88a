"""Room for recursion.

Enters: an action. Leaves: its value or its error. Programs and their trees are gone through on a thread with a large
stack, so that recursion ends in an error of the program and never of the process. Read `sources.py` next.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

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

    _start(body).join()
    if outcome[1] is not None:
        raise outcome[1]
    return outcome[0]


def _start(body: Callable[[], None]) -> threading.Thread:
    before = threading.stack_size()
    try:
        for size in _STACKS:
            threading.stack_size(size)
            thread = threading.Thread(target=body, daemon=True)
            try:
                thread.start()
            except RuntimeError:  # so much memory may not be asked for here
                continue
            return thread
    finally:
        threading.stack_size(before)
    thread = threading.Thread(target=body, daemon=True)
    thread.start()
    return thread
