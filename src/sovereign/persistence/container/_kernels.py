"""The native functions of this room."""

from __future__ import annotations

from sovereign._native import crc32, parse_header, verify_trailer

__all__ = ["crc32", "parse_header", "verify_trailer"]
