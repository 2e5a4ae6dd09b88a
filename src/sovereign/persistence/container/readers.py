"""The four ways in which content comes from an open file, behind one narrow protocol.

Enters: an open `Source` and a `LoadConfig`. Leaves: read-only buffers for stretches of the file. This is the seam that
paging, eviction and prefetch take over: whoever gives `view`, `check`, `bytes_held` and `close` can stand behind a
`ModelFile`. Read `file.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sovereign.compute.trueno import Vector
from sovereign.errors import ParameterError
from sovereign.persistence.container.mapping import Mapping
from sovereign.persistence.container.modes import LoadConfig, LoadingMode

if TYPE_CHECKING:
    from sovereign.persistence.container.source import Source

__all__ = ["Reader", "reader_for"]


class Reader(Protocol):
    """Gives stretches of a file."""

    def view(self, offset: int, length: int) -> memoryview:
        """Read-only bytes; they stay valid as long as the view lives."""
        ...

    def check(self) -> None:
        """Refuse when what was handed out can no longer be believed."""
        ...

    @property
    def bytes_held(self) -> int:
        """Bytes of content in memory of this process."""
        ...

    def close(self) -> None:
        """Give back what is held."""
        ...


def reader_for(source: Source, config: LoadConfig) -> Reader:
    """The reader of a mode.

    Errors    ParameterError  `container.memory` when the mode holds more than may be used.
    """
    match config.mode:
        case LoadingMode.EAGER:
            return _Whole(source, config)
        case LoadingMode.MAPPED_DEMAND:
            return _Mapped(source)
        case LoadingMode.STREAMING:
            return _Fresh(source, config)
        case LoadingMode.LAZY_SECTION:
            return _Kept(source, config)


def _filled(source: Source, offset: int, length: int, config: LoadConfig) -> memoryview:
    """Content of the file in a buffer of the pool, or in fresh memory."""
    buffer = config.buffer_pool(length) if config.buffer_pool else _pooled(length)
    if buffer.nbytes < length or buffer.readonly:
        message = f"the buffer pool should give {length} writable bytes, it gave: `{buffer.nbytes}`"
        raise ParameterError(
            "container.parameter", message, name="buffer_pool", value=buffer.nbytes, allowed=f"{length} writable bytes"
        )
    content = buffer.cast("B")[:length]
    source.read_into(offset, content)
    return content.toreadonly()


def _pooled(length: int) -> memoryview:
    """Memory of the kernels' own pool: aligned to 64 bytes, and reused, so that its pages need not be made anew."""
    return memoryview(Vector.empty(length, dtype="uint8"))


class _Whole:
    """All of the file, read at once."""

    def __init__(self, source: Source, config: LoadConfig) -> None:
        config.require_memory(source.size, "the file")
        self._content = _filled(source, 0, source.size, config)

    def view(self, offset: int, length: int) -> memoryview:
        return self._content[offset : offset + length]

    def check(self) -> None:
        pass

    @property
    def bytes_held(self) -> int:
        return self._content.nbytes

    def close(self) -> None:
        self._content = memoryview(b"")


class _Mapped:
    """Pages of the system's cache."""

    def __init__(self, source: Source) -> None:
        self._mapping = Mapping(source)

    def view(self, offset: int, length: int) -> memoryview:
        return self._mapping.view(offset, length)

    def check(self) -> None:
        self._mapping.check()

    @property
    def bytes_held(self) -> int:
        return 0

    def close(self) -> None:
        self._mapping.close()


class _Fresh:
    """Read anew each time, and kept only by whoever asked."""

    def __init__(self, source: Source, config: LoadConfig) -> None:
        self._source, self._config = source, config

    def view(self, offset: int, length: int) -> memoryview:
        self._config.require_memory(length, "the section")
        return _filled(self._source, offset, length, self._config)

    def check(self) -> None:
        pass

    @property
    def bytes_held(self) -> int:
        return 0

    def close(self) -> None:
        pass


class _Kept:
    """Read when first asked for, and kept while all of it fits; what was asked for longest ago goes first."""

    def __init__(self, source: Source, config: LoadConfig) -> None:
        self._source, self._config = source, config
        self._kept: dict[tuple[int, int], memoryview] = {}
        self._held = 0

    def view(self, offset: int, length: int) -> memoryview:
        place = (offset, length)
        found = self._kept.pop(place, None)
        if found is None:
            self._config.require_memory(length, "the section")
            found = _filled(self._source, offset, length, self._config)
            self._held += length
            self._make_room()
        self._kept[place] = found
        return found

    def _make_room(self) -> None:
        most = self._config.max_memory_bytes
        while most is not None and self._held > most and self._kept:
            oldest = next(iter(self._kept))
            self._held -= self._kept.pop(oldest).nbytes

    def check(self) -> None:
        pass

    @property
    def bytes_held(self) -> int:
        return self._held

    def close(self) -> None:
        self._kept.clear()
        self._held = 0
