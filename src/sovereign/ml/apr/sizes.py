"""Numbers as people read them: sizes in bytes, and how much something changed."""

from __future__ import annotations

__all__ = ["change_text", "size_text"]

_UNITS = (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10))


def size_text(size_bytes: int) -> str:
    """A size in the unit that leaves it short, and in bytes.

    >>> size_text(516), size_text(3 << 20)
    ('516 bytes', '3.00 MiB (3,145,728 bytes)')
    """
    for unit, size in _UNITS:
        if size_bytes >= size:
            return f"{size_bytes / size:.2f} {unit} ({size_bytes:,} bytes)"
    return f"{size_bytes} byte{'s' if size_bytes != 1 else ''}"


def change_text(change_percent: float | None) -> str:
    """A change with its sign; empty where there is none to state.

    >>> change_text(3.57), change_text(-20.0), change_text(None)
    ('+3.57%', '-20%', '')
    """
    return "" if change_percent is None else f"{change_percent:+.4g}%"
