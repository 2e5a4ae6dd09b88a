"""Signatures over files: made, checked, and told apart from trust.

Enters: a file of layout A1 or A2 and a key. Leaves: a signed file, or a `Signature` in one of four states. A signature
that holds says that the file is what the owner of the key signed; whether that owner is believed is for the trust store
to say, so a good signature under an unknown key is not a valid one. What is signed is every byte before the block.
Read `encryption.py` next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sovereign.errors import FormatError, ParameterError, SignatureError
from sovereign.persistence.container import _kernels, layout
from sovereign.persistence.container.crypto.keys import PrivateKey, PublicKey, suite_for
from sovereign.persistence.container.crypto.suites import SUITES, SuiteFacts, message_to_sign, require_suite
from sovereign.persistence.container.header import HEADER_SIZE, Flag, Suite, read_header
from sovereign.persistence.container.layout import Layout, Role
from sovereign.persistence.container.source import Source, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from sovereign.persistence.container.crypto.trust import TrustStore
    from sovereign.persistence.container.layout import Outline

__all__ = ["Signature", "SignatureState", "check", "require_trusted", "signed", "validate_crypto"]

_PIECE = 1 << 20
# Where layout A2 keeps what a signature changes.
_A2_FLAGS, _A2_CHECKSUM, _A2_SUITE, _A2_SIGNATURE = 6, 40, 44, 48
_A2_SIGNED = 0x008
_A2_HEADER = 64


class SignatureState(StrEnum):
    """What a signature says."""

    UNSIGNED = "unsigned"
    TRUSTED = "trusted"
    """It holds, and its key is in the trust store."""
    UNKNOWN_KEY = "unknown key"
    """It holds, and nobody knows by whom."""
    INVALID = "invalid"
    """It does not hold: the file is not what was signed."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The state of a file's signature, and whose it is as far as that is known."""

    state: SignatureState
    suite: Suite | None = None
    fingerprint: str | None = None
    signer: str | None = None

    @property
    def is_trusted(self) -> bool:
        """Whether the file may be believed to come from somebody who is known."""
        return self.state is SignatureState.TRUSTED


def validate_crypto(suite_code: int, *, allow_rsa: bool = False) -> SuiteFacts:
    """Refuse a suite that is unknown, no longer believed, or missing here, before anything is done with it.

    Errors    SignatureError  `container.suite`.
              DeviceError     `container.suite_missing`.
    """
    return require_suite(suite_code, allow_rsa=allow_rsa)


def check(path: str | PathLike[str] | Source, store: TrustStore, *, allow_rsa: bool = False) -> Signature:
    """Find out what the signature of a file says.

    Errors    FormatError     as `layout.outline`.
              SignatureError  `container.suite` when the suite is not believed.
              ParameterError  `container.layout` for layouts whose signatures are not read.
    Cost      one pass, in pieces of 1 MiB for suites from 1 on; suite 0 signs the bytes themselves, all held at once.
    """
    with opened(path) as source, source.named():
        outline = layout.outline(source)
        suite_code = _suite_code(source, outline)
        if suite_code is None:
            return Signature(SignatureState.UNSIGNED)
        facts = validate_crypto(suite_code, allow_rsa=allow_rsa)
        section = outline.section(Role.SIGNATURE)
        if section is None:
            return Signature(SignatureState.UNSIGNED)
        block = source.read(section.offset, section.length)
        key = PublicKey.of_raw(facts.signers, block[facts.signature_bytes :])
        message = message_to_sign(facts.suite, _pieces(source, section.offset))
    if not key.verify(block[: facts.signature_bytes], message):
        return Signature(SignatureState.INVALID, facts.suite, key.fingerprint)
    signer = store.name_of(key)
    state = SignatureState.TRUSTED if signer else SignatureState.UNKNOWN_KEY
    return Signature(state, facts.suite, key.fingerprint, signer)


def require_trusted(signature: Signature, path: str) -> None:
    """Refuse a signed file whose signature does not hold, or whose signer nobody knows; unsigned files pass.

    Errors    SignatureError  `container.signature`, `container.unknown_key`.
    """
    if signature.state is SignatureState.INVALID:
        message = f"the signature does not hold, so the file is not what was signed: `{path}`"
        raise SignatureError("container.signature", message, path=path, field="signature", got=signature.fingerprint)
    if signature.state is SignatureState.UNKNOWN_KEY:
        message = f"the file is signed by a key that is not trusted, its fingerprint is: `{signature.fingerprint}`"
        raise SignatureError("container.unknown_key", message, path=path, field="public_key", got=signature.fingerprint)


def signed(data: bytes, key: PrivateKey, suite: Suite | None = None) -> bytes:
    """A file with a signature of that key in place of the one it has, if any.

    Errors    FormatError     when the data is no whole file.
              ParameterError  `container.key` when the key does not sign for the suite, `container.layout` for layouts
                              other than A1 and A2.
    """
    outline = layout.verify(data).outline
    facts = SUITES[suite] if suite is not None else suite_for(key)
    if facts.signers != key.algorithms:
        got = "+".join(key.algorithms)
        message = f"the suite `{facts.title}` should be signed with {'+'.join(facts.signers)}, the key is: `{got}`"
        raise ParameterError("container.key", message, name="key", value=got, allowed="+".join(facts.signers))
    start = _a1_start(data, outline, facts.suite) if outline.layout is Layout.A1 else _a2_start(data, outline, facts)
    content = start + key.sign(message_to_sign(facts.suite, [start])) + key.public.raw
    return content + _kernels.crc32(content).to_bytes(4, "little")


def _a1_start(data: bytes, outline: Outline, suite: Suite) -> bytes:
    """Header, metadata and payload, the header saying that a signature of the suite follows."""
    header = read_header(data)
    if header.is_encrypted and header.cipher_suite != suite:
        message = f"the file is encrypted by another suite than the one to sign with: `{header.cipher_suite.name}`"
        raise ParameterError(
            "container.suite_mixed", message, name="suite", value=int(suite), allowed=header.cipher_suite
        )
    payload = outline.section(Role.PAYLOAD)
    end = payload.end if payload else HEADER_SIZE + header.metadata_size
    start = bytearray(data[:end])
    start[5] = int(suite is not Suite.LEGACY)
    start[21] |= Flag.SIGNED
    start[23] = suite
    return bytes(start)


def _a2_start(data: bytes, outline: Outline, facts: SuiteFacts) -> bytes:
    """Everything up to the signature, the header saying where it is."""
    if outline.layout is not Layout.A2:
        message = f"only layouts A1 and A2 are signed, the file is: `{outline.layout}`"
        raise ParameterError("container.layout", message, name="layout", value=str(outline.layout), allowed="A1, A2")
    if facts.suite is Suite.LEGACY:
        message = f"layout A2 has no signatures without a suite, the suite is: `{facts.title}`"
        raise ParameterError("container.key", message, name="suite", value=facts.title, allowed="suites 1 to 4")
    old = outline.section(Role.SIGNATURE) or outline.section(Role.CHECKSUM)
    assert old is not None  # the outline of a whole file has a checksum
    start = bytearray(data[: old.offset])
    flags = int.from_bytes(start[_A2_FLAGS : _A2_FLAGS + 2], "little") | _A2_SIGNED
    start[_A2_FLAGS : _A2_FLAGS + 2] = flags.to_bytes(2, "little")
    start[_A2_SUITE] = facts.suite
    start[_A2_SIGNATURE : _A2_SIGNATURE + 8] = len(start).to_bytes(8, "little")
    head = _kernels.crc32(start[_A2_SUITE:_A2_HEADER], start=_kernels.crc32(start[:_A2_CHECKSUM]))
    start[_A2_CHECKSUM : _A2_CHECKSUM + 4] = head.to_bytes(4, "little")
    return bytes(start)


def _suite_code(source: Source, outline: Outline) -> int | None:
    """The suite of a signed file, None where it is not signed."""
    if outline.section(Role.SIGNATURE) is None:
        return None
    if outline.layout is Layout.A1:
        return int(read_header(source.read(0, HEADER_SIZE)).cipher_suite)
    if outline.layout is Layout.A2:
        return source.read(_A2_SUITE, 1)[0]
    if outline.layout is Layout.ALD_BLOCK:
        return int(Suite.LEGACY)
    message = f"signatures of this layout are not read: `{outline.layout}`"
    raise FormatError("container.unsupported", message, field="signature", offset=0)


def _pieces(source: Source, end: int) -> Iterator[bytes]:
    for at in range(0, end, _PIECE):
        yield source.read(at, min(_PIECE, end - at))
