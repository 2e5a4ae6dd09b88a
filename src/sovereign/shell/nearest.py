"""The names that a mistyped one may have meant."""

from __future__ import annotations

TYPE_CHECKING = False  # as in `sovereign`
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["nearest"]


def nearest(name: str, names: Iterable[str], *, limit: int = 3) -> list[str]:
    """Find the names most like `name`, best first; none when nothing is alike.

    >>> nearest("chekc", ["check", "demo", "completion"])
    ['check']
    """
    import difflib  # only a mistake pays for it

    return difflib.get_close_matches(name, sorted(names), n=limit, cutoff=0.6)
