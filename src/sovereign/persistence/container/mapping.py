"""A file in memory as the system maps it, which raises when the file becomes shorter instead of ending the process.

Enters: an open `Source`. Leaves: read-only views of its pages. A page that is gone when it is touched reads as zero,
and the next line of Python raises `IntegrityError`; whatever was computed from it must not be used, and every later
access to the map raises too. Read `crates/sovereign-python/src/mapping.rs` next.
"""

from __future__ import annotations

import mmap
import weakref
from typing import TYPE_CHECKING

from sovereign.errors import ParameterError
from sovereign.persistence.container import _kernels

if TYPE_CHECKING:
    from sovereign.persistence.container.source import Source

__all__ = ["Mapping"]


class Mapping:
    """The pages of a file.

    Views of it keep it alive: `close` gives the pages back when the last view is gone, so a view is never left
    without its memory.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._pages: mmap.mmap | None = None
        self._guard: int | None = None
        # A map begins at a page, a part of a file where it will.
        self._lead = source.start % mmap.ALLOCATIONGRANULARITY
        if source.size:
            size, start = self._lead + source.size, source.start - self._lead
            try:
                self._pages = mmap.mmap(source.handle, size, access=mmap.ACCESS_READ, offset=start)
            except ValueError as error:  # the file is shorter than it was when it was opened
                raise source.cut_short() from error
            self._guard = _kernels.guard_map(self._pages)

    def view(self, offset: int, length: int) -> memoryview:
        """Read-only bytes of the file, not copied.

        Errors    IntegrityError  when pages of the file were found to be gone.
                  ParameterError  when the map is closed.
        """
        self.check()
        if self._pages is None:
            return memoryview(b"")
        at = self._lead + offset
        return memoryview(self._pages)[at : at + length]

    def check(self) -> None:
        """Refuse a map of which pages were gone.

        Errors    as `view`.
        """
        if self._guard is None and self._source.size:
            message = f"the file is closed: `{self._source.path}`"
            raise ParameterError(
                "container.closed", message, name="file", value=self._source.path, allowed="an open file"
            )
        if self._guard is not None and _kernels.is_map_damaged(self._guard):
            raise self._source.cut_short()

    def close(self) -> None:
        """Let go of the pages; those in use stay until their views are gone."""
        pages, self._pages = self._pages, None
        guard, self._guard = self._guard, None
        if pages is None or guard is None:
            return
        try:
            pages.close()
        except BufferError:  # views are alive: the map goes with the last of them, and stays guarded till then
            weakref.finalize(pages, _kernels.release_map, guard)
        else:
            _kernels.release_map(guard)
