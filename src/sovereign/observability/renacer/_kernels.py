"""What this room asks of the native core: a tracer in a thread of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign._native import Trace, system_calls

if TYPE_CHECKING:
    from sovereign._native._core import TraceOutcome, TraceRequest

    __all__ = ["Trace", "TraceOutcome", "TraceRequest", "system_calls"]
else:
    __all__ = ["Trace", "system_calls"]
