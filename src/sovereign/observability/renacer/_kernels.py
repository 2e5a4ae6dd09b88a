"""What this room asks of the native core: a tracer in a thread of its own, and the names of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign._native import Trace, system_calls

if TYPE_CHECKING:
    from sovereign._native import TraceOutcome as TraceOutcome  # noqa: PLC0414 - handed on to the room
    from sovereign._native import TraceRequest as TraceRequest  # noqa: PLC0414 - as above

__all__ = ["Trace", "system_calls"]
