"""What this room asks of the native core: the facts that were baked in when it was built."""

from __future__ import annotations

from sovereign._native import build_facts

__all__ = ["build_facts"]
