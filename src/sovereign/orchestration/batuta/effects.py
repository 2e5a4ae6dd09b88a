"""The seam to the tracer: what both sides do to files, network and processes.

Enters: two commands as a person would run them. Leaves: what `sovereign.observability.renacer` says, as plain data.
While that room is not installed, nothing is traced and nothing is claimed: `require_tracer` refuses in one sentence.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

from sovereign.errors import DeviceError

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["ROOM", "is_traceable", "require_tracer"]

ROOM = "sovereign.observability.renacer"
_WANTED = "compare"


def is_traceable() -> bool:
    """Whether the room that traces is installed."""
    try:
        return importlib.util.find_spec(ROOM) is not None
    except ModuleNotFoundError:  # the layer above it is not there either
        return False


def require_tracer() -> Any:
    """The comparison of the tracing room.

    Errors    DeviceError batuta.no_tracer   when the room is not installed, or compares nothing yet.
    """
    module: ModuleType | None = importlib.import_module(ROOM) if is_traceable() else None
    compare = getattr(module, _WANTED, None)
    if compare is None:
        text = f"system calls are traced by a room that is not installed, leave `--trace-syscalls` out: `{ROOM}`"
        raise DeviceError("batuta.no_tracer", text, backend="renacer", reason="not installed")
    return compare
