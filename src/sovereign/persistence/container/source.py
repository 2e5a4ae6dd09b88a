"""A file that is read by offset and never as a whole, and that counts what was read.

Enters: a path as a user typed it. Leaves: bytes at an offset; every refusal is one sentence with the path. A file that
shrinks while it is open is noticed at the next read. Read `mapping.py` next.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sovereign.errors import FormatError, IntegrityError, ParameterError
from sovereign.shell.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike
    from typing import TypeAlias

    from typing_extensions import Buffer

    Place: TypeAlias = "Buffer | str | PathLike[str] | Source"

__all__ = ["Source", "opened"]


class Source:
    """An open file of a size that was read once, at the start; or a part of one, which is a file of its own."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = os.fspath(path)
        self.bytes_read = 0
        self.start = 0
        self._handle = _open(self.path)
        self.size = self._whole = os.fstat(self._handle).st_size

    def window(self, offset: int, length: int) -> Source:
        """So many bytes from `offset` on as an open file, whose offsets begin at 0; it is closed by itself.

        Errors    ParameterError  when this one is closed.
        """
        self._require_open()
        part = object.__new__(Source)
        part.path, part.bytes_read, part.start = self.path, 0, self.start + offset
        part.size, part._whole = length, self._whole
        part._handle = os.dup(self._handle)
        return part

    def read(self, offset: int, length: int) -> bytes:
        """So many bytes from `offset` on.

        Errors    IntegrityError  when the file has become shorter since it was opened.
                  ParameterError  when the system refuses.
        """
        self._require_open()
        pieces, at = [], self.start + offset
        end = at + length
        while at < end:
            try:
                piece = os.pread(self._handle, end - at, at)
            except OSError as error:
                raise _unreadable(self.path, error) from error
            if not piece:
                raise self.cut_short()
            pieces.append(piece)
            at += len(piece)
        self.bytes_read += length
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def read_into(self, offset: int, buffer: memoryview) -> None:
        """Fill a buffer with the bytes from `offset` on, without a copy between.

        Errors    as `read`.
        """
        self._require_open()
        done = 0
        while done < buffer.nbytes:
            try:
                count = os.preadv(self._handle, [buffer[done:]], self.start + offset + done)
            except OSError as error:
                raise _unreadable(self.path, error) from error
            if not count:
                raise self.cut_short()
            done += count
        self.bytes_read += done

    def cut_short(self) -> IntegrityError:
        """The refusal of a file that has become shorter since it was opened."""
        got = self._whole if self.is_closed else os.fstat(self._handle).st_size
        message = f"the file had {self._whole} bytes and was cut while it was open, to: `{got}`"
        detail = {"path": self.path, "field": "size", "offset": got, "expected": self._whole, "got": got}
        return IntegrityError("container.truncated", message, **detail)

    @property
    def handle(self) -> int:
        """The system's descriptor, for a map of the file."""
        return self._handle

    @property
    def is_closed(self) -> bool:
        """Whether it was given back."""
        return self._handle < 0

    def _require_open(self) -> None:
        if self.is_closed:
            message = f"the file is closed: `{self.path}`"
            raise ParameterError("container.closed", message, name="file", value=self.path, allowed="an open file")

    @contextmanager
    def named(self) -> Iterator[None]:
        """Put the path into every refusal of the bytes."""
        try:
            yield
        except FormatError as error:
            error.detail = {"path": self.path, **error.detail}
            if error.code == "container.magic" and self._is_safetensors():
                fix = "`apr convert FILE OUTPUT.apr` makes a model file of safetensors"
                error.detail = {**error.detail, "fix": fix}
            raise

    def _is_safetensors(self) -> bool:
        """Whether it begins as that format does: the length of a JSON object that lies in the file, and its brace."""
        lead = 8
        if self.is_closed or self.size <= lead:
            return False
        start = self.read(0, lead + 1)
        return start[lead:] == b"{" and int.from_bytes(start[:lead], "little") <= self.size - lead

    def close(self) -> None:
        """Give the file back; a second time does nothing."""
        if not self.is_closed:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def opened(place: str | PathLike[str] | Source) -> Iterator[Source]:
    """The source at a path, closed at the end, or one that is open already and stays so."""
    if isinstance(place, Source):
        yield place
    else:
        with Source(place) as source:
            yield source


def _open(path: str) -> int:
    try:
        # A pipe would wait for its writer, and has no length to be checked.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        read_bytes(path)  # fails in the same way, in the words of the shell
        raise _unreadable(path, error) from error
    kind = os.fstat(handle).st_mode
    if stat.S_ISREG(kind):
        return handle
    os.close(handle)
    what = "folder" if stat.S_ISDIR(kind) else "pipe or device"
    message = f"a file is needed and this is a {what}: `{Path(path)}`"
    raise ParameterError("shell.not_a_file", message, name="path", value=path, allowed="a file")


def _unreadable(path: str, error: OSError | ValueError) -> ParameterError:
    reason = (getattr(error, "strerror", None) or str(error)).lower()
    message = f"the file cannot be read, {reason}: `{path}`"
    return ParameterError("shell.unreadable", message, name="path", value=path, allowed="a readable file")
