"""Payloads locked and unlocked.

Enters: paths, a password or keys. Leaves: a file of layout A1 that only they open, or the file as it was before.
Read `difference.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from sovereign.ml.apr.facts import named
from sovereign.persistence.container import Role, Suite, crypto, outline
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
    lost: list[str]


class DecryptDocument(TypedDict):
    """What `apr decrypt --json` prints."""

    file: str
    output: str
    lost: list[str]


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
    source = read_bytes(path)
    with named(path):
        data = crypto.encrypted(source, suite, password=password, recipients=recipients)
    write_atomically(output, data, force=force)
    return {
        "file": path,
        "output": output,
        "suite": crypto.SUITES[suite].title,
        "opens_with": "keys" if recipients else "password",
        "recipients": [key.fingerprint for key in recipients],
        "lost": _lost(source),
    }


def decrypt(
    path: str,
    output: str,
    *,
    password: bytes | None = None,
    key: crypto.PrivateKey | None = None,
    limits: crypto.CostLimits | None = None,
    force: bool = False,
) -> DecryptDocument:
    """Write the file as it was before it was encrypted; `limits` bound what a password may cost.

    Errors    as `crypto.opened_file`, and ParameterError when a file is there and `force` is not given.
    """
    require_free(output, force=force)
    source = read_bytes(path)
    # A refusal says which file it is about.
    with named(path):
        data = crypto.opened_file(source, password=password, key=key, limits=limits)
    write_atomically(output, data, force=force)
    return {"file": path, "output": output, "lost": _lost(source)}


def _lost(source: bytes) -> list[str]:
    is_signed = outline(source).section(Role.SIGNATURE) is not None
    return ["the signature, because the bytes that it signed are others now"] if is_signed else []
