"""The `.apr` model file: what it says about itself, and whether it is whole.

Enters: a path or bytes. Leaves: a checked `Header`, or a refusal with field, offset, what was expected and what was
found. `header.py` holds the layout and both operations, `reference.py` the slow plain twin. Read `header.py` first.
"""

from __future__ import annotations

from sovereign.persistence.container.header import (
    Compression,
    Flag,
    Header,
    ModelType,
    Suite,
    read_header,
    verify,
)

__all__ = ["Compression", "Flag", "Header", "ModelType", "Suite", "read_header", "verify"]
