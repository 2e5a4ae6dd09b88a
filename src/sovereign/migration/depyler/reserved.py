"""Names of the support module that a program's own names must not take.

Enters: nothing. Leaves: the names, read from the sources of the support module once per process.
"""

from __future__ import annotations

from functools import cache

from sovereign.migration.rust import support_names

__all__ = ["reserved"]

_OURS = frozenset({"Rc", "Cell", "Vec", "String", "Option", "Result", "Box", "support", "program", "vec", "format"})
"""What the text of each program may mention beside the support module."""


@cache
def reserved() -> frozenset[str]:
    """The names that are taken."""
    return _OURS | support_names()
