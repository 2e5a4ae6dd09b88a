"""What a function says: lines of its standard streams, and records of the framed log descriptor.

Enters: descriptors that a process writes to. Leaves: `Record`s in the order in which they came. Frames keep a record of
many lines together; lines are what a pipe without frames can tell apart. Read `sandbox.py` first.

    offset  size  type          meaning
    0       4     u32 big       0xA55A0003 for text, 0xA55A0002 for JSON; the low byte may hold a level
    4       4     u32 big       bytes of the message
    8       8     u64 big       microseconds since 1970
    16      n     UTF-8         the message
"""

from __future__ import annotations

import os
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Log", "Record", "frames"]

_HEAD = struct.Struct(">IIQ")
_MARK = 0xA55A0000
_MARK_MASK = 0xFFFF0000
_LEVELS = {0x04: "TRACE", 0x08: "DEBUG", 0x0C: "INFO", 0x10: "WARN", 0x14: "ERROR", 0x18: "FATAL"}
_FORMS = {0x02: "json", 0x03: "text"}
_READ = 1 << 16


class Record(NamedTuple):
    """One record: where it came from (`stdout`, `stderr`, `frames`, `worker`), its text, and what its frame says."""

    source: str
    text: str
    level: str = ""
    form: str = "text"
    time_us: int = 0


def frames(data: bytearray) -> list[Record]:
    r"""Take the whole frames from the front of a buffer.

    Errors    ValueError   when the bytes are no frame.

    >>> held = bytearray(bytes.fromhex("a55a0003 00000002 0000000000000007") + b"hi" + b"\xa5")
    >>> frames(held), bytes(held)
    ([Record(source='frames', text='hi', level='', form='text', time_us=7)], b'\xa5')
    """
    found: list[Record] = []
    while len(data) >= _HEAD.size:
        kind, size, time_us = _HEAD.unpack_from(data)
        form = _FORMS.get(kind & 0x03)
        if kind & _MARK_MASK != _MARK or form is None:
            if found:
                break  # it is refused by the next call, and what came before it is not lost
            message = f"no frame of a log begins like this: {kind:#010x}"
            raise ValueError(message)
        if len(data) < _HEAD.size + size:
            break
        text = data[_HEAD.size : _HEAD.size + size].decode("utf-8", "backslashreplace")
        found.append(Record("frames", text, _LEVELS.get(kind & 0xFC, ""), form, time_us))
        del data[: _HEAD.size + size]
    return found


class Log:
    """Everything that a function said. `told` is called for each record, from the thread that read it."""

    def __init__(self, told: Callable[[Record], None] | None = None) -> None:
        self.records: list[Record] = []
        self._told = told or (lambda _record: None)
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def add(self, record: Record) -> None:
        """Keep a record."""
        with self._lock:
            self.records.append(record)
        self._told(record)

    def text(self, *sources: str) -> str:
        """The texts of all records, or of those from some sources, a line each."""
        with self._lock:
            return "\n".join(each.text for each in self.records if not sources or each.source in sources)

    def lines_of(self, source: str, descriptor: int) -> None:
        """Read lines of a descriptor until it is closed on the other side; in the background."""
        self._start(self._read_lines, source, descriptor)

    def frames_of(self, descriptor: int) -> None:
        """Read frames of a descriptor; in the background."""
        self._start(self._read_frames, descriptor)

    @contextmanager
    def workers_of(self, path: Path) -> Iterator[None]:
        """Listen where workers of one environment connect their standard streams."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(path))
            listener.listen(256)
            self._start(self._accept, listener)
            yield
            # A thread that sleeps in `accept` is woken by the shutdown, not by the close.
            listener.shutdown(socket.SHUT_RDWR)

    def join(self, timeout_s: float = 5.0) -> None:
        """Wait until everything that was written is read."""
        for each in list(self._threads):
            each.join(timeout_s)

    def _start(self, action: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=action, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _read_lines(self, source: str, descriptor: int) -> None:
        with os.fdopen(descriptor, "rb") as stream:
            for line in stream:
                self.add(Record(source, line.rstrip(b"\n").decode("utf-8", "backslashreplace")))

    def _read_frames(self, descriptor: int) -> None:
        held = bytearray()
        try:
            while data := os.read(descriptor, _READ):
                held += data
                while found := frames(held):
                    for record in found:
                        self.add(record)
        except ValueError as error:
            self.add(Record("frames", str(error), "FATAL"))
        finally:
            os.close(descriptor)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connected, _ = listener.accept()
                self._start(self._read_lines, "worker", connected.detach())
