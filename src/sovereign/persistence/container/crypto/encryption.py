"""Payloads of layout A1 encrypted: to a password, to the keys of recipients, or both old ways of suite 0.

Enters: the parts of a file, a password or recipients. Leaves: a file whose payload only they can read. From suite 1 on,
header, metadata and the list of recipients are authenticated with the payload, so that nobody can pass them off with
another one; the flag that a signature follows is taken as unset, for files are signed after they were encrypted. All
numbers are little-endian; the payload section holds, in order:

| mode | bytes |
|------|-------|
| suite 0, password  | salt 16, nonce 12, ciphertext and tag |
| suite 0, recipient | ephemeral X25519 key 32, first 8 bytes of the recipient's key, nonce 12, ciphertext and tag |
| 1 password         | Argon2id: memory in KiB u32, passes u32, lanes u32, salt 16; nonce, ciphertext and tag |
| 2 recipients, 3 key encapsulation | count u16, an entry for each recipient, nonce, ciphertext and tag |

An entry is the id of the key 8, what its owner needs to agree on a key, the file's key wrapped 48; the id is the start
of the key's fingerprint. The key of a recipient is HKDF over the agreed secrets, with the label, suite, what was sent
and the recipient's key as context. A nonce is never used twice: the file key is fresh for each file.
Read `suites.py` for the algorithms.
"""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from sovereign.errors import ParameterError, SignatureError
from sovereign.persistence.container import _kernels, layout
from sovereign.persistence.container.compression import decompressed
from sovereign.persistence.container.crypto.suites import SuiteFacts, facts_of, require_suite
from sovereign.persistence.container.header import HEADER_SIZE, Flag, Header, Suite, read_header
from sovereign.persistence.container.layout import Layout, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Buffer

    from sovereign.persistence.container.crypto.keys import PrivateKey, PublicKey

__all__ = ["Argon2", "CostLimits", "Mode", "decrypted_payload", "encrypted", "plain", "require_lock"]

_LABEL = b"sovereign apr encryption v1"
_LEGACY_INFO = b"apr-v1-encrypt"
_KEY_BYTES, _TAG_BYTES, _SALT_BYTES, _ID_BYTES = 32, 16, 16, 8
_NONCES = {"aes-256-gcm": 12, "xchacha20-poly1305": 24}
_PUBLIC_BYTES = {"x25519": 32, "p-384": 97, "ml-kem-768": 1088}
_MOST_RECIPIENTS = 64
_FLAGS = 21


class Mode:
    """How a payload is encrypted; the numbers of header byte 24."""

    PASSWORD = 1
    RECIPIENT = 2
    ENCAPSULATION = 3


class CostLimits(NamedTuple):
    """The most that a file may ask for before its password is known to be right, so that none takes a machine down.

    `memory_kib` is the memory; all passes together go over at most four times as much. The default takes four times
    what we write (64 MiB, 3 passes; 19 MiB and 2 passes in suite 0) and all that OWASP advises. The first choice of RFC
    9106, 2 GiB and one pass, has to be allowed by whoever opens such a file.
    """

    memory_kib: int = 262_144
    passes: int = 16
    lanes: int = 16

    @property
    def total_kib(self) -> int:
        """Memory times passes."""
        return 4 * self.memory_kib


@dataclass(frozen=True, slots=True)
class Argon2:
    """What a password costs: memory, passes over it, lanes. The default is the second choice of RFC 9106.

    Files may ask for less or more; what is above the `CostLimits` is refused rather than computed.
    """

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 4

    def key(self, password: bytes, salt: bytes, limits: CostLimits | None = None) -> bytes:
        """The 32 bytes that belong to a password.

        Errors    SignatureError  `container.decrypt` when the costs are not ones that are computed.
        """
        self.require_bounded(limits)
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

        kdf = Argon2id(
            salt=salt, length=_KEY_BYTES, iterations=self.passes, lanes=self.lanes, memory_cost=self.memory_kib
        )
        return kdf.derive(password)

    def require_bounded(self, limits: CostLimits | None = None) -> None:
        """Refuse costs that no key is computed for.

        Errors    SignatureError  `container.decrypt`, with the costs.
        """
        most = CostLimits() if limits is None else limits
        got = f"{self.memory_kib} KiB, {self.passes} passes, {self.lanes} lanes"
        if min(self.passes, self.lanes) < 1 or self.memory_kib < 8 * self.lanes:
            _refuse(f"the costs of the password are none that Argon2 has: `{got}`")
        is_bounded = self.memory_kib <= most.memory_kib and self.passes <= most.passes and self.lanes <= most.lanes
        if not (is_bounded and self.memory_kib * self.passes <= most.total_kib):
            allowed = f"{most.memory_kib} KiB, {most.total_kib} KiB in all passes"
            fix = "if you trust the file, allow it more: `apr decrypt --max-memory MIB`"
            _refuse(f"the costs of the password are above what is allowed, {allowed}: `{got}`", fix=fix)


_LEGACY_COST = Argon2(memory_kib=19_456, passes=2, lanes=1)


def encrypted(
    data: bytes,
    suite: Suite,
    *,
    password: bytes | None = None,
    recipients: Sequence[PublicKey] = (),
    cost: Argon2 | None = None,
) -> bytes:
    """The A1 file with its payload encrypted; a signature it had is gone, because the bytes it signed are.

    Errors    ParameterError  when neither or both of password and recipients are given, a recipient's key is not of the
                              suite, or the file is encrypted already or of another layout.
              FormatError     when the data is no whole file.
    """
    if bool(password) == bool(recipients):
        message = "a file is encrypted either to a password or to recipients, given were: `both or neither`"
        raise ParameterError("container.key", message, name="password", value="both or neither", allowed="one of them")
    facts = require_suite(suite)
    header, metadata, payload = plain(data)
    mode = Mode.PASSWORD if password else _recipient_mode(facts, recipients)
    stored_mode = 0 if suite is Suite.LEGACY else mode
    overhead = _overhead(facts, mode, len(recipients))
    start = _a1_start(header, metadata, len(payload) + overhead, suite, stored_mode)
    # Suite 0 authenticates nothing but the payload, as its readers expect.
    context = b"" if suite is Suite.LEGACY else start
    if password:
        section = _lock_password(facts, payload, password, context, cost)
    elif suite is Suite.LEGACY:
        section = _lock_legacy(payload, recipients)
    else:
        section = _lock_recipients(facts, payload, recipients, context)
    assert len(section) == len(payload) + overhead
    content = start + section
    return content + _kernels.crc32(content).to_bytes(4, "little")


def decrypted_payload(
    data: bytes, *, password: bytes | None = None, key: PrivateKey | None = None, limits: CostLimits | None = None
) -> tuple[Header, bytes, bytes]:
    """Header, metadata and payload as it is stored in a file that is not encrypted: still compressed.

    Errors    SignatureError  `container.decrypt` when password or key do not open it, the bytes were changed, or the
                              password costs more than `limits` allow.
              ParameterError  when neither or both are given, or the file is not encrypted.
    """
    if (password is None) == (key is None):
        message = "a file is opened either with a password or with a key, given were: `both or neither`"
        raise ParameterError("container.key", message, name="password", value="both or neither", allowed="one of them")
    header, metadata, section = _parts(data)
    if not header.is_encrypted:
        message = "the file is not encrypted, its payload can be read as it is: `A1`"
        raise ParameterError("container.layout", message, name="file", value="not encrypted", allowed="encrypted")
    facts = require_suite(header.cipher_suite)
    context = b"" if header.cipher_suite is Suite.LEGACY else _unsigned_start(data, header)
    if header.cipher_suite is Suite.LEGACY:
        payload = _open_legacy(section, password, key, limits)
    elif header.cipher_mode == Mode.PASSWORD:
        payload = _open_password(facts, section, _given(password, "a password"), context, limits)
    else:
        payload = _open_recipient(facts, section, _given(key, "a key"), context)
    return header, metadata, payload


def require_lock(header: Header, section: Buffer) -> None:
    """Check what an encrypted payload says in clear: its size, how many recipients, the costs of its password.

    Errors    SignatureError  `container.decrypt` when no password or key could open it; `container.suite` for RSA,
                              which encrypts nothing.
    """
    facts, mode, clear = facts_of(header.cipher_suite), header.cipher_mode, bytes(memoryview(section)[:12])
    size, count = memoryview(section).nbytes, 0
    if not facts.agreers:
        require_suite(facts.suite)
    if facts.suite is Suite.LEGACY:
        mode = Mode.PASSWORD  # nothing tells which of the two ways it is, and this is the shorter one
    elif mode == Mode.PASSWORD and len(clear) == struct.calcsize("<III"):
        Argon2(*struct.unpack("<III", clear)).require_bounded()
    elif mode != Mode.PASSWORD:
        count = int.from_bytes(clear[:2], "little")
        if not 1 <= count <= _MOST_RECIPIENTS:
            _refuse(f"the encrypted payload should name 1 to {_MOST_RECIPIENTS} recipients, it names: `{count}`")
    least = _overhead(facts, mode, count)
    if size < least:
        _refuse(f"the encrypted payload should have at least {least} bytes, it has: `{size}`")


def plain(data: bytes) -> tuple[Header, bytes, bytes]:
    """Header, metadata and stored payload of an A1 file that is not encrypted.

    Errors    ParameterError  when it is encrypted, or of another layout.
    """
    header, metadata, payload = _parts(data)
    if header.is_encrypted:
        message = "the file is encrypted already, decrypt it first: `A1`"
        raise ParameterError("container.encrypted", message, name="file", value="encrypted", allowed="not encrypted")
    return header, metadata, payload


def opened_file(
    data: bytes, *, password: bytes | None = None, key: PrivateKey | None = None, limits: CostLimits | None = None
) -> bytes:
    """The file as it was before it was encrypted, without its signature.

    Errors    as `decrypted_payload`, and IntegrityError when the payload does not expand to its declared size.
    """
    header, metadata, payload = decrypted_payload(data, password=password, key=key, limits=limits)
    decompressed(payload, header, HEADER_SIZE + header.metadata_size)
    content = _a1_start(header, metadata, len(payload), Suite.LEGACY, 0, is_encrypted=False) + payload
    return content + _kernels.crc32(content).to_bytes(4, "little")


def _parts(data: bytes) -> tuple[Header, bytes, bytes]:
    outline = layout.verify(data).outline
    if outline.layout is not Layout.A1:
        message = f"only layout A1 is encrypted, the file is: `{outline.layout}`"
        raise ParameterError("container.layout", message, name="layout", value=str(outline.layout), allowed="A1")
    header = read_header(data)
    payload = outline.section(Role.PAYLOAD)
    start = HEADER_SIZE + header.metadata_size
    return header, data[HEADER_SIZE:start], data[payload.offset : payload.end] if payload else b""


def _unsigned_start(data: bytes, header: Header) -> bytes:
    """Header and metadata as they were when the payload was locked: a signature may have come afterwards."""
    start = bytearray(data[: HEADER_SIZE + header.metadata_size])
    start[_FLAGS] &= ~Flag.SIGNED
    return bytes(start)


def _a1_start(
    header: Header, metadata: bytes, payload_size: int, suite: Suite, mode: int, *, is_encrypted: bool = True
) -> bytes:
    """Header and metadata of the file as it will be; the header has the size of the encrypted payload already."""
    flags = header.flags & ~(Flag.SIGNED | Flag.ENCRYPTED) | (Flag.ENCRYPTED if is_encrypted else Flag(0))
    start = struct.pack(
        "<4sBBHIIIBBBBB7x",
        b"APRN",
        1,
        int(suite is not Suite.LEGACY),
        header.model_type,
        len(metadata),
        payload_size,
        header.uncompressed_size,
        header.compression,
        flags,
        header.quality_score,
        suite,
        mode,
    )
    return start + metadata


def _overhead(facts: SuiteFacts, mode: int, recipients: int) -> int:
    sealed = _NONCES[facts.aead] + _TAG_BYTES
    if mode == Mode.PASSWORD:
        return (_SALT_BYTES if facts.suite is Suite.LEGACY else 12 + _SALT_BYTES) + sealed
    if facts.suite is Suite.LEGACY:
        return 32 + _ID_BYTES + sealed
    return 2 + recipients * _entry_bytes(facts) + sealed


def _entry_bytes(facts: SuiteFacts) -> int:
    return _ID_BYTES + sum(_PUBLIC_BYTES[name] for name in facts.agreers) + _KEY_BYTES + _TAG_BYTES


def _recipient_mode(facts: SuiteFacts, recipients: Sequence[PublicKey]) -> int:
    wrong = next((key for key in recipients if key.algorithms != facts.agreers), None)
    most = 1 if facts.suite is Suite.LEGACY else _MOST_RECIPIENTS
    if wrong is not None or len(recipients) > most:
        needed, got = "+".join(facts.agreers), "+".join(wrong.algorithms) if wrong else f"{len(recipients)} of them"
        message = f"the suite `{facts.title}` should be given at most {most} keys of {needed}, given was: `{got}`"
        raise ParameterError("container.key", message, name="recipients", value=got, allowed=needed)
    return Mode.ENCAPSULATION if facts.is_post_quantum else Mode.RECIPIENT


def _lock_password(facts: SuiteFacts, payload: bytes, password: bytes, context: bytes, cost: Argon2 | None) -> bytes:
    salt = secrets.token_bytes(_SALT_BYTES)
    if facts.suite is Suite.LEGACY:
        return salt + _seal(facts.aead, _LEGACY_COST.key(password, salt), payload, context)
    cost = cost or Argon2()
    key = cost.key(password, salt)
    return (
        struct.pack("<III", cost.memory_kib, cost.passes, cost.lanes) + salt + _seal(facts.aead, key, payload, context)
    )


def _open_password(
    facts: SuiteFacts, section: bytes, password: bytes, context: bytes, limits: CostLimits | None
) -> bytes:
    head = 12 + _SALT_BYTES
    if len(section) < head:
        _refuse(f"the encrypted payload is too short to hold its salt: `{len(section)}`")
    cost = Argon2(*struct.unpack_from("<III", section))
    return _unseal(facts.aead, cost.key(password, section[12:head], limits), section[head:], context)


def _lock_recipients(facts: SuiteFacts, payload: bytes, recipients: Sequence[PublicKey], context: bytes) -> bytes:
    file_key = secrets.token_bytes(_KEY_BYTES)
    out = [struct.pack("<H", len(recipients))]
    for recipient in recipients:
        pairs = zip(recipient.algorithms, recipient.keys, strict=True)
        secret_parts, sent_parts = zip(*[_agree(name, key) for name, key in pairs], strict=True)
        sent = b"".join(sent_parts)
        wrap_key = _derive(facts, b"".join(secret_parts), sent, recipient)
        # The key that wraps is used once, so a nonce of zeros is used once too.
        wrapped = _aead(facts.aead, wrap_key).encrypt(bytes(_NONCES[facts.aead]), file_key, _LABEL)
        out += [_key_id(recipient), sent, wrapped]
    entries = b"".join(out)
    return entries + _seal(facts.aead, file_key, payload, context + entries)


def _open_recipient(facts: SuiteFacts, section: bytes, key: PrivateKey, context: bytes) -> bytes:
    if key.algorithms != facts.agreers:
        needed, got = "+".join(facts.agreers), "+".join(key.algorithms)
        message = f"the file is encrypted to keys of {needed}, the key is: `{got}`"
        raise ParameterError("container.key", message, name="key", value=got, allowed=needed)
    count, public = int.from_bytes(section[:2], "little"), key.public
    entry, sent_bytes = _entry_bytes(facts), sum(_PUBLIC_BYTES[name] for name in facts.agreers)
    if not 1 <= count <= _MOST_RECIPIENTS or len(section) < 2 + count * entry:
        _refuse(f"the encrypted payload should name 1 to {_MOST_RECIPIENTS} recipients, it names: `{count}`")
    starts = (2 + place * entry for place in range(count))
    start = next((start for start in starts if section[start : start + _ID_BYTES] == _key_id(public)), None)
    if start is None:
        _refuse(f"the file is not encrypted to the key: `{public.fingerprint}`")
    sent = section[start + _ID_BYTES : start + _ID_BYTES + sent_bytes]
    wrapped = section[start + _ID_BYTES + sent_bytes : start + entry]
    wrap_key = _derive(facts, _agreed(key, sent), sent, public)
    file_key = _decrypt(facts.aead, wrap_key, bytes(_NONCES[facts.aead]), wrapped, _LABEL)
    head = 2 + count * entry
    return _unseal(facts.aead, file_key, section[head:], context + section[:head])


def _lock_legacy(payload: bytes, recipients: Sequence[PublicKey]) -> bytes:
    secret, sent = _agree("x25519", recipients[0].keys[0])
    key = _hkdf("SHA256", secret, None, _LEGACY_INFO)
    return sent + recipients[0].raw[:_ID_BYTES] + _seal("aes-256-gcm", key, payload, b"")


def _open_legacy(section: bytes, password: bytes | None, key: PrivateKey | None, limits: CostLimits | None) -> bytes:
    """Nothing in the file tells which of the two ways it is; what the caller has decides."""
    if password is not None:
        return _unseal(
            "aes-256-gcm",
            _LEGACY_COST.key(password, section[:_SALT_BYTES].ljust(_SALT_BYTES, b"\0"), limits),
            section[_SALT_BYTES:],
            b"",
        )
    assert key is not None
    if key.algorithms != ("x25519",):
        got = "+".join(key.algorithms)
        message = f"the file is encrypted to a key of x25519, the key is: `{got}`"
        raise ParameterError("container.key", message, name="key", value=got, allowed="x25519")
    sent, mark, sealed = section[:32], section[32:40], section[40:]
    if mark != key.public.raw[:_ID_BYTES]:
        _refuse(f"the file is not encrypted to the key: `{key.public.fingerprint}`")
    return _unseal("aes-256-gcm", _hkdf("SHA256", _agreed(key, sent), None, _LEGACY_INFO), sealed, b"")


def _agree(algorithm: str, key: Any) -> tuple[bytes, bytes]:
    """A fresh secret shared with the owner of a key, and what must be sent for it."""
    from cryptography.hazmat.primitives.asymmetric import ec, x25519
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if algorithm == "ml-kem-768":
        secret, sent = key.encapsulate()
        return bytes(secret), bytes(sent)
    if algorithm == "x25519":
        fresh = x25519.X25519PrivateKey.generate()
        return fresh.exchange(key), fresh.public_key().public_bytes_raw()
    curve_key = ec.generate_private_key(ec.SECP384R1())
    sent = curve_key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return curve_key.exchange(ec.ECDH(), key), sent


def _agreed(key: PrivateKey, sent: bytes) -> bytes:
    """The same secrets on the side of the key's owner.

    Errors    SignatureError  `container.decrypt` when what was sent is no key of the algorithm.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, x25519

    found, at = [], 0
    expected = sum(_PUBLIC_BYTES[name] for name in key.algorithms)
    if len(sent) != expected:
        _refuse(f"what was sent to agree on a key should have {expected} bytes, it has: `{len(sent)}`")
    try:
        for algorithm, private in zip(key.algorithms, key.keys, strict=True):
            part = sent[at : at + _PUBLIC_BYTES[algorithm]]
            at += len(part)
            if algorithm == "ml-kem-768":
                found.append(bytes(private.decapsulate(part)))
            elif algorithm == "x25519":
                found.append(private.exchange(x25519.X25519PublicKey.from_public_bytes(part)))
            else:
                point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP384R1(), part)
                found.append(private.exchange(ec.ECDH(), point))
    except ValueError as error:
        _refuse(f"what was sent to agree on a key is none: `{'+'.join(key.algorithms)}`", error)
    return b"".join(found)


def _derive(facts: SuiteFacts, secret: bytes, sent: bytes, recipient: PublicKey) -> bytes:
    info = _LABEL + bytes([facts.suite]) + sent + recipient.raw
    return _hkdf(facts.hash_name, secret, None, info)


def _hkdf(hash_name: str, secret: bytes, salt: bytes | None, info: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return bytes(HKDF(algorithm=getattr(hashes, hash_name)(), length=_KEY_BYTES, salt=salt, info=info).derive(secret))


def _key_id(key: PublicKey) -> bytes:
    return bytes.fromhex(key.fingerprint)[:_ID_BYTES]


def _seal(aead: str, key: bytes, payload: bytes, context: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCES[aead])
    return nonce + bytes(_aead(aead, key).encrypt(nonce, payload, context))


def _unseal(aead: str, key: bytes, sealed: bytes, context: bytes) -> bytes:
    nonce = _NONCES[aead]
    if len(sealed) < nonce + _TAG_BYTES:
        _refuse(f"the encrypted payload is too short to hold nonce and tag: `{len(sealed)}`")
    return _decrypt(aead, key, sealed[:nonce], sealed[nonce:], context)


def _decrypt(aead: str, key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        return bytes(_aead(aead, key).decrypt(nonce, sealed, context))
    except InvalidTag as error:
        _refuse("the password or key does not open the file, or it was changed: `A1`", error)


def _aead(name: str, key: bytes) -> Any:
    if name == "aes-256-gcm":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(key)
    return _XChaCha(key)


class _XChaCha:
    """XChaCha20-Poly1305 in the manner of `cryptography`, which lacks it."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encrypt(self, nonce: bytes, data: bytes, context: bytes) -> bytes:
        from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt

        return crypto_aead_xchacha20poly1305_ietf_encrypt(data, context, nonce, self._key)

    def decrypt(self, nonce: bytes, data: bytes, context: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag
        from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
        from nacl.exceptions import CryptoError

        try:
            return crypto_aead_xchacha20poly1305_ietf_decrypt(data, context, nonce, self._key)
        except CryptoError as error:
            raise InvalidTag from error


def _given(value: Any, what: str) -> Any:
    if value is None:
        message = f"the file is encrypted so that it opens with: `{what}`"
        raise ParameterError("container.key", message, name="password", value=None, allowed=what)
    return value


def _refuse(problem: str, cause: Exception | None = None, **more: str) -> NoReturn:
    raise SignatureError("container.decrypt", problem, field="payload", offset=HEADER_SIZE, **more) from cause
