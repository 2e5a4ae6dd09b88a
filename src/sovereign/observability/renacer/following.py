"""The command's trace: the output where it belongs, the signals of the person at the keyboard, the end mirrored.

Enters: a request and where its output goes. Leaves: what became of the program. A program that was started gets Ctrl-C
itself, and the trace goes on until it ends; a second one, or `SIGTERM`, leaves it. Read `recording.py` next.
"""

from __future__ import annotations

import os
import resource
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from sovereign.errors import DeviceError
from sovereign.observability.renacer.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sovereign.observability.renacer._kernels import TraceOutcome, TraceRequest

__all__ = ["end_like", "follow", "opened"]


@contextmanager
def opened(path: str | None) -> Iterator[int]:
    """The descriptor that a trace goes to: of this file, or standard error.

    Errors    DeviceError  when the file cannot be written.
    """
    if path is None:
        yield 2
        return
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    except OSError as error:
        message = f"the file cannot be written, {(error.strerror or '').lower()}: `{path}`"
        raise DeviceError("shell.cannot_write", message, backend="file", reason=str(error)) from error
    try:
        yield number
    finally:
        os.close(number)


def follow(wanted: TraceRequest, take: Callable[[bytes], object]) -> TraceOutcome:
    """Run a trace to its end; `take` gets the batches of one that gives them.

    Errors    TraceError  where the trace cannot be made or written.
    """
    with Recording(wanted) as recording, _signals(recording, is_started=bool(wanted["command"])):
        while True:
            try:
                take(recording.batch())
            except StopIteration:
                break
        outcome = recording.outcome
    assert outcome is not None
    return outcome


@contextmanager
def _signals(recording: Recording, *, is_started: bool) -> Iterator[None]:
    pressed = 0

    def interrupt(*_: object) -> None:
        nonlocal pressed
        pressed += 1
        if not is_started or pressed > 1:
            recording.stop()

    def leave(*_: object) -> None:
        recording.stop()

    handlers = {signal.SIGINT: interrupt, signal.SIGQUIT: interrupt, signal.SIGTERM: leave, signal.SIGHUP: leave}
    # What is ignored stays so, since the program inherits it: under `nohup` it is to live on as it would without us.
    kept = {
        number: signal.signal(number, handler)
        for number, handler in handlers.items()
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def end_like(outcome: TraceOutcome, *, is_started: bool) -> NoReturn:
    """End as the program did: with its status, or by the signal that ended it.

    Errors    DeviceError  where the program was left and has not ended.
    """
    if outcome["is_detached"] and is_started and outcome["status"] is None and outcome["signal"] is None:
        message = "the trace was stopped from outside, and the program goes on without it: `renacer`"
        raise DeviceError("shell.interrupted", message, backend="renacer", reason="stopped")
    number = outcome["signal"]
    if number is not None:
        # One file of memory is enough: that of the program.
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
        if number not in {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    raise SystemExit(outcome["status"] or 0)
