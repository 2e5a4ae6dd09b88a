"""What this room asks of the native core: a tracer in a thread of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign._native import Trace

if TYPE_CHECKING:
    from sovereign._native._core import TraceOutcome, TraceRequest

    __all__ = ["Trace", "TraceOutcome", "TraceRequest"]
else:
    __all__ = ["Trace"]
