"""Payloads locked and unlocked.

Enters: paths, a password or keys. Leaves: a file of layout A1 that only they open, or the file as it was before.
Read `difference.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from sovereign.persistence.container import Suite, crypto
from sovereign.shell.files import read_bytes, require_free, write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DecryptDocument", "EncryptDocument", "decrypt", "encrypt"]


class EncryptDocument(TypedDict):
    """What `apr encrypt --json` prints."""

    file: str
    output: str
    suite: str
    opens_with: str
    recipients: list[str]


class DecryptDocument(TypedDict):
    """What `apr decrypt --json` prints."""

    file: str
    output: str


def encrypt(
    path: str,
    output: str,
    suite: Suite,
    *,
    password: bytes | None = None,
    recipients: Sequence[crypto.PublicKey] = (),
    force: bool = False,
) -> EncryptDocument:
    """Write the file with its payload encrypted; a signature that it has is left out.

    Errors    as `crypto.encrypted`, and ParameterError when a file is there and `force` is not given.
    """
    require_free(output, force=force)
    data = crypto.encrypted(read_bytes(path), suite, password=password, recipients=recipients)
    write_atomically(output, data, force=force)
    return {
        "file": path,
        "output": output,
        "suite": crypto.SUITES[suite].title,
        "opens_with": "keys" if recipients else "password",
        "recipients": [key.fingerprint for key in recipients],
    }


def decrypt(
    path: str,
    output: str,
    *,
    password: bytes | None = None,
    key: crypto.PrivateKey | None = None,
    force: bool = False,
) -> DecryptDocument:
    """Write the file as it was before it was encrypted.

    Errors    as `crypto.opened_file`, and ParameterError when a file is there and `force` is not given.
    """
    require_free(output, force=force)
    write_atomically(output, crypto.opened_file(read_bytes(path), password=password, key=key), force=force)
    return {"file": path, "output": output}
