"""A program followed while it runs: what it asks of the kernel, one event after the other.

Enters: a command, or the numbers of processes. Leaves: events as dictionaries, as `events.py` describes them, while the
program runs; what became of it in the end. The tracer is a thread of the native core, which waits where nobody takes
its events. Read `events.py` next.
"""

from __future__ import annotations

import functools
import json
import os
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from sovereign.errors import ParameterError
from sovereign.observability.renacer._kernels import Trace
from sovereign.observability.renacer.choice import choose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType
    from typing import IO

    from sovereign.observability.renacer._kernels import TraceOutcome, TraceRequest

__all__ = ["Recording", "attach", "record", "request"]

_Stream: TypeAlias = "int | IO[Any] | None"
_UNLIMITED = 1 << 40
_LONGEST_PATH = 4096
_A_WHILE = 3600.0
_DEVNULL = -3
"""`subprocess.DEVNULL`, whose module a start does without."""


class Recording:
    """Events of a trace that is under way: an iterator, and a context that ends the trace when it is left.

    A program that is left runs on without us; behind a filter it is followed to its end without a word.
    """

    def __init__(self, request: TraceRequest) -> None:
        self._trace = Trace.start(request)
        self._lines: Iterator[bytes] = iter(())

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self

    def __next__(self) -> dict[str, Any]:
        line = next(self._lines, None)
        while line is None:
            self._lines = iter(self.batch().splitlines())
            line = next(self._lines, None)
        found: dict[str, Any] = json.loads(line)
        return found

    def batch(self) -> bytes:
        """The next events as JSON lines, which is quicker where they are only passed on.

        Errors    StopIteration  at the end.
                  TraceError     where the trace cannot be made.
        """
        batch = self._trace.read(_A_WHILE)
        if batch is None:
            raise StopIteration
        return batch

    @property
    def outcome(self) -> TraceOutcome | None:
        """How many calls there were, and what became of the program, once the events have ended."""
        return self._trace.outcome

    def stop(self) -> None:
        """Leave the traced tasks; the events up to here still come."""
        self._trace.stop()

    def close(self) -> None:
        """Leave the traced tasks, and forget what was not read."""
        self._trace.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def record(
    command: Sequence[str | os.PathLike[str]],
    *,
    folder: str | os.PathLike[str] | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: _Stream = None,
    stdout: _Stream = None,
    stderr: _Stream = None,
    limit_bytes: int | None = None,
    hashes: bool = False,
    chosen: str = "",
    follow: bool = True,
    python: bool = True,
) -> Recording:
    """Start a program and yield what it does, from its first call to its end.

    Units     `limit_bytes` is how much of a buffer is kept, all of it when None; its true length is always there,
              and with `hashes` the SHA-256 of the whole of it.
    Streams   files or descriptors that become the program's, or `subprocess.DEVNULL`; None leaves it ours.
    Errors    ParameterError  for an empty command, and for names in `chosen` that no call has.
              TraceError      at the first event, where the program does not start or the kernel refuses.

    >>> events = list(record(["true"], chosen="execve"))
    >>> [each["event"] for each in events]
    ['trace', 'process', 'exec', 'call', 'exit', 'end']
    """
    if not command:
        raise ParameterError("renacer.command", "a command has at least one word", name="command", value=[])
    wanted = request(limit_bytes=limit_bytes, chosen=chosen, follow=follow, python=python)
    wanted["hash"] = hashes
    wanted["command"] = [os.fsencode(word) for word in command]
    wanted["streams"] = (_number(stdin), _number(stdout), _number(stderr))
    wanted["folder"] = None if folder is None else os.fsencode(folder)
    if environment is not None:
        wanted["environment"] = [os.fsencode(f"{name}={value}") for name, value in environment.items()]
    return Recording(wanted)


def attach(
    *pids: int, limit_bytes: int | None = None, chosen: str = "", follow: bool = True, python: bool = True
) -> Recording:
    """Yield what running processes do, until they end or the recording is stopped; parameters as for `record`.

    Errors    TraceError  at the first event, where there is no such process or the kernel refuses.
    """
    wanted = request(limit_bytes=limit_bytes, chosen=chosen, follow=follow, python=python)
    wanted["pids"] = list(pids)
    return Recording(wanted)


def request(*, limit_bytes: int | None, chosen: str, follow: bool, python: bool) -> TraceRequest:
    """What the core is asked for, with nothing to trace yet; the first line of the events says the same."""
    facts = {"follow": follow, "filter": chosen or None, "limit": limit_bytes, "python": python}
    return {
        "command": [],
        "pids": [],
        "environment": None,
        "folder": None,
        "streams": (None, None, None),
        "follow": follow,
        "chosen": choose(chosen) if chosen else None,
        "filter": True,
        "limits": (_LONGEST_PATH, _UNLIMITED if limit_bytes is None else limit_bytes, _UNLIMITED),
        "python": python,
        "hash": False,
        "form": "events",
        "facts": json.dumps(facts),
        "output": -1,
        "order": "time",
        "durations": False,
        "times": False,
        "numbers": False,
        "is_prompt": False,
    }


def _number(stream: _Stream) -> int | None:
    if stream == _DEVNULL:
        return _nothing()
    return stream if stream is None or isinstance(stream, int) else stream.fileno()


@functools.cache
def _nothing() -> int:
    return os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
