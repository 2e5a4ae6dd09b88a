"""Signatures made and looked at.

Enters: paths, a private key, the keys that are trusted. Leaves: a signed file, or the state of each signature:
unsigned, trusted, unknown key, invalid. Only a trusted one is a yes. Read `encryption.py` next.
"""

from __future__ import annotations

from string import hexdigits
from typing import TYPE_CHECKING, TypedDict

from sovereign.errors import GateFailed, ParameterError, SignatureError, SovereignError
from sovereign.ml.apr.facts import ErrorDocument, error_document
from sovereign.persistence.container import Outline, Role, Suite, crypto
from sovereign.persistence.container import verify as verify_content
from sovereign.shell.files import read_bytes, require_free, write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SignDocument", "VerifyDocument", "require_verified", "sign", "verify"]

_FINGERPRINT_DIGITS = 64


class SignDocument(TypedDict):
    """What `apr sign --json` prints."""

    file: str
    output: str
    suite: str
    fingerprint: str


class SignatureDocument(TypedDict):
    """The signature of one file; `is_accepted` says whether it answers the question that was asked.

    `not_signed` names what stands outside of the signature and is trusted by nobody, None where that is nothing.
    `error` says why a file could not be read; its state is `not read` then.
    """

    file: str
    state: str
    suite: str | None
    fingerprint: str | None
    signer: str | None
    not_signed: str | None
    is_accepted: bool
    error: ErrorDocument | None


class VerifyDocument(TypedDict):
    """What `apr verify --json` prints."""

    files: list[SignatureDocument]
    is_accepted: bool


def sign(
    path: str, key: crypto.PrivateKey, output: str, *, suite: Suite | None = None, force: bool = False
) -> SignDocument:
    """Write the file with a signature of the key.

    Errors    as `crypto.signed`, and ParameterError when a file is there and `force` is not given.
    """
    require_free(output, force=force)
    used = suite if suite is not None else crypto.suite_for(key).suite
    write_atomically(output, crypto.signed(read_bytes(path), key, used), force=force)
    return {
        "file": path,
        "output": output,
        "suite": crypto.SUITES[used].title,
        "fingerprint": key.public.fingerprint,
    }


def verify(
    paths: Sequence[str], store: crypto.TrustStore, *, allow_unknown: bool = False, fingerprint: str | None = None
) -> tuple[VerifyDocument, list[SovereignError]]:
    """Check the signature of each file; beside the document, why some could not be read, in their order.

    `fingerprint` names the one key that counts, whoever is trusted; `allow_unknown` accepts any key that signs well,
    and content that stands outside of the signature.

    A file whose signature block holds no key of its suite is invalid; one whose checksum does not hold is not read,
    whatever its signature says.

    Errors    ParameterError  when `fingerprint` is none.
    """
    if fingerprint is not None:
        fingerprint = _whole(fingerprint)
    files: list[SignatureDocument] = []
    errors: list[SovereignError] = []
    for path in paths:
        try:
            files.append(_checked(path, store, allow_unknown=allow_unknown, fingerprint=fingerprint))
        except SovereignError as error:
            errors.append(error)
            files.append(_not_read(path, error))
    return {"files": files, "is_accepted": all(file["is_accepted"] for file in files)}, errors


def _not_read(path: str, error: SovereignError) -> SignatureDocument:
    return {
        "file": path,
        "state": "not read",
        "suite": None,
        "fingerprint": None,
        "signer": None,
        "not_signed": None,
        "is_accepted": False,
        "error": error_document(error),
    }


def _checked(path: str, store: crypto.TrustStore, *, allow_unknown: bool, fingerprint: str | None) -> SignatureDocument:
    not_signed = _not_signed(verify_content(path).outline)
    try:
        found = crypto.check(path, store)
    except SignatureError as error:
        if error.code != "container.signature":
            raise
        found = crypto.Signature(crypto.SignatureState.INVALID)
    states = crypto.SignatureState
    if fingerprint is not None:
        holds = found.state in {states.TRUSTED, states.UNKNOWN_KEY}
        is_accepted = holds and found.fingerprint == fingerprint
    else:
        is_accepted = found.is_trusted or (allow_unknown and found.state is states.UNKNOWN_KEY)
    is_accepted = is_accepted and (allow_unknown or not_signed is None)
    return {
        "file": path,
        "state": str(found.state),
        "suite": None if found.suite is None else crypto.SUITES[found.suite].title,
        "fingerprint": found.fingerprint,
        "signer": found.signer,
        "not_signed": not_signed,
        "is_accepted": is_accepted,
        "error": None,
    }


def _not_signed(outline: Outline) -> str | None:
    """What follows the signature in datasets; the checksum covers it, but whoever changes it can make that anew."""
    signature, licence = outline.section(Role.SIGNATURE), outline.section(Role.LICENCE)
    if signature is None or licence is None or licence.offset < signature.end:
        return None
    return f"the licence after the signature is not signed, bytes {licence.offset} to {licence.end - 1}"


def _whole(fingerprint: str) -> str:
    # The start of one would be easy to match by another key.
    digits = fingerprint.lower().replace(":", "")
    if len(digits) != _FINGERPRINT_DIGITS or not set(digits) <= set(hexdigits):
        message = f"a fingerprint should be of {_FINGERPRINT_DIGITS} hexadecimal digits, it is: `{fingerprint}`"
        allowed = f"{_FINGERPRINT_DIGITS} hexadecimal digits"
        raise ParameterError("container.parameter", message, name="fingerprint", value=fingerprint, allowed=allowed)
    return digits


def require_verified(document: VerifyDocument) -> None:
    """Refuse files whose signature does not answer the question.

    Errors    GateFailed  `apr.untrusted`, with the first of them and its state.
    """
    wrong = [file for file in document["files"] if not file["is_accepted"]]
    if wrong:
        count, whole, first = len(wrong), len(document["files"]), wrong[0]
        state = f"{first['state']}, and {first['not_signed']}" if first["not_signed"] else first["state"]
        message = f"{count} of {whole} signatures not accepted, the first is {state}: `{first['file']}`"
        raise GateFailed("apr.untrusted", message, rule="signature", measured=first["state"], required="trusted")
