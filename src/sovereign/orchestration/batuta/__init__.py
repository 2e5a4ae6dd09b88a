"""Batuta conducts the rooms: it offers their commands as its own and proves that the installed stack works.

Enters: what the installed distributions offer in the entry-point groups `sovereign.commands` and
`sovereign.selftests`. Leaves: evidence, as lines, JSON or an HTML page. Read `stack.py` first, then `report.py`
and `demo.py`; `cli.py` declares the commands, `selftest.py` is this room's own self-test.
"""

from __future__ import annotations

# Nothing stands above the conductor, and whatever is imported here is paid at the start of every `batuta` call.
__all__ = ()
