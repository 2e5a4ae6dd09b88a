"""Facts of a file made fit for JSON and for a line of text, whoever wrote them, and the suite that a file names."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypedDict

from sovereign.errors import FormatError, SovereignError
from sovereign.persistence.container import Layout, Role, Suite, crypto

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sovereign.persistence.container import ModelFile

__all__ = ["ErrorDocument", "error_document", "named", "plain", "suite_code", "suite_title"]

_A2_SUITE = 44


class ErrorDocument(TypedDict):
    """Why a file could not be read, where others are told of in the same document."""

    code: str
    message: str


def error_document(error: SovereignError) -> ErrorDocument:
    """The error as a document holds it."""
    return {"code": error.code, "message": str(error)}


@contextmanager
def named(path: str) -> Iterator[None]:
    """Put the path into refusals of bytes that were read before they were looked at."""
    try:
        yield
    except SovereignError as error:
        if isinstance(error, FormatError):
            error.detail = {"path": path, **error.detail}
        # The layout stands in the place of a name where only bytes are known.
        error.message = error.message.replace(": `A1`", f": `{path}`")
        raise


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


def suite_code(file: ModelFile) -> int | None:
    """The number of the cipher suite that a file names, None where it is neither signed nor encrypted."""
    is_signed = file.outline.section(Role.SIGNATURE) is not None
    if file.header is not None:
        return int(file.header.cipher_suite) if is_signed or file.header.is_encrypted else None
    if not is_signed:
        return None
    return file.section(Role.HEADER)[_A2_SUITE] if file.layout is Layout.A2 else int(Suite.LEGACY)


def suite_title(code: int | None) -> str | None:
    """The name of a suite, or its number where it has none.

    >>> suite_title(1), suite_title(9), suite_title(None)
    ('standard', '0x09', None)
    """
    if code is None:
        return None
    return next((facts.title for suite, facts in crypto.SUITES.items() if suite == code), f"{code:#04x}")
