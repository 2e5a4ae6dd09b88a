"""How a trace is written where the core does not write it itself.

Enters: batches of JSON lines. Leaves: the bytes of a format. Text, JSON lines and the summary are written by the core,
so that nothing comes here. The formats of other tools are in `exports`.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sovereign.observability.renacer.exports import Export

__all__ = ["EXPORTS", "writer"]

EXPORTS = ("csv", "chrome", "perfetto", "otlp")


@contextmanager
def writer(name: str, output: int, endpoint: str = "") -> Iterator[Callable[[bytes], object]]:
    """What takes the batches of a format, and ends its document when the context is left."""
    if name in EXPORTS:
        export = _export(name, endpoint)
        yield lambda batch: _hand_over(export, batch, output)
        _write(output, export.end())
        return
    if name != "json":
        yield _nothing
        return
    is_first = True

    def take(batch: bytes) -> None:
        nonlocal is_first
        lines = batch.replace(b"}\n", b"},\n").removesuffix(b",\n")
        _write(output, (b"[\n" if is_first else b",\n") + lines)
        is_first = False

    yield take
    _write(output, b"[]\n" if is_first else b"\n]\n")


def _export(name: str, endpoint: str) -> Export:
    from sovereign.observability.renacer.exports import Chrome, Csv, Otlp, Perfetto

    if name == "otlp":
        return Otlp(endpoint)
    plain: dict[str, type[Csv | Chrome | Perfetto]] = {"csv": Csv, "chrome": Chrome, "perfetto": Perfetto}
    return plain[name]()


def _hand_over(export: Export, batch: bytes, output: int) -> None:
    from sovereign.observability.renacer.exports import parsed

    _write(output, b"".join(export.take(event) for event in parsed(batch)))


def _nothing(_: bytes) -> None:
    """The core writes by itself."""


def _write(output: int, content: bytes) -> None:
    left = memoryview(content)
    try:
        while left:
            left = left[os.write(output, left) :]
    except OSError as error:
        message = f"the trace cannot be written: `{(error.strerror or '').lower()}`"
        raise DeviceError("shell.cannot_write", message, backend="file", reason=str(error)) from error
