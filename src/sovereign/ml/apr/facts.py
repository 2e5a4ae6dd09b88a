"""Facts of a file made fit for JSON and for a line of text, whoever wrote them."""

from __future__ import annotations

import math
from typing import Any

__all__ = ["plain"]


def plain(value: Any) -> Any:
    r"""The value with what JSON does not have as text: numbers that are not finite, and bytes.

    >>> plain({"loss": float("nan"), "salt": b"\x01", "n": [1, 2.5]})
    {'loss': 'nan', 'salt': '01', 'n': [1, 2.5]}
    """
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
