"""The cipher suites: which algorithms sign, agree on keys and encrypt, and how large what they make is.

Enters: the number of a suite. Leaves: its algorithms by name, and what they sign. No cryptography is implemented here;
this file only says which well-kept primitive a suite uses, and in which order its bytes stand.

| suite | signature | sizes: signature, key | keys agreed by | AEAD | hash |
|-------|-----------|-----------------------|----------------|------|------|
| 0 legacy         | Ed25519 over the bytes   | 64, 32     | X25519          | AES-256-GCM        | SHA-256 |
| 1 standard       | Ed25519                  | 64, 32     | X25519          | XChaCha20-Poly1305 | BLAKE3 |
| 2 post-quantum   | ML-DSA-65                | 3309, 1952 | ML-KEM-768      | AES-256-GCM        | SHA3-256 |
| 3 hybrid         | Ed25519 and ML-DSA-65    | 3373, 1984 | X25519 and ML-KEM-768 | AES-256-GCM  | SHA3-256 |
| 4 high assurance | ECDSA P-384, raw r and s | 96, 97     | ECDH P-384      | AES-256-GCM        | SHA-384 |
| 255 RSA          | RSA-2048 PKCS 1, reading only | 256, 256 | -            | -                  | SHA-256 |

From suite 1 on, what is signed is a label, the number of the suite and the hash of the bytes, so that a signature of
one suite is never one of another. Read `keys.py` next.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sovereign.errors import DeviceError, SignatureError
from sovereign.persistence.container.header import Suite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["SUITES", "Hasher", "SuiteFacts", "facts_of", "message_to_sign", "require_suite"]

_LABEL = b"sovereign apr signature v1"


class Hasher(Protocol):
    """A hash that takes bytes in pieces."""

    def update(self, data: bytes, /) -> object:
        """Take more bytes."""
        ...

    def digest(self) -> bytes:
        """The hash of what was taken."""
        ...


def _blake3() -> Hasher:
    import blake3

    hasher: Hasher = blake3.blake3()
    return hasher


@dataclass(frozen=True, slots=True)
class SuiteFacts:
    """One suite as data: algorithms by the names of `keys.py`, in the order in which their bytes stand.

    `signers` make the signature, `agreers` the keys of recipients; sizes are in bytes.
    """

    suite: Suite
    title: str
    signers: tuple[str, ...]
    agreers: tuple[str, ...]
    hash: Callable[[], Hasher]
    hash_name: str
    aead: str
    signature_bytes: int
    key_bytes: int
    is_post_quantum: bool = False

    @property
    def block_bytes(self) -> int:
        """Bytes of the signature block: signatures, then public keys."""
        return self.signature_bytes + self.key_bytes


_ED, _ML = ("ed25519",), ("ml-dsa-65",)
_X, _KEM = ("x25519",), ("ml-kem-768",)
SUITES = {
    facts.suite: facts
    for facts in (
        SuiteFacts(Suite.LEGACY, "legacy", _ED, _X, hashlib.sha256, "SHA256", "aes-256-gcm", 64, 32),
        SuiteFacts(Suite.STANDARD_2025, "standard", _ED, _X, _blake3, "SHA256", "xchacha20-poly1305", 64, 32),
        SuiteFacts(
            Suite.POST_QUANTUM_2030,
            "post-quantum",
            _ML,
            _KEM,
            hashlib.sha3_256,
            "SHA3_256",
            "aes-256-gcm",
            3309,
            1952,
            is_post_quantum=True,
        ),
        SuiteFacts(
            Suite.HYBRID_2028,
            "hybrid",
            _ED + _ML,
            _X + _KEM,
            hashlib.sha3_256,
            "SHA3_256",
            "aes-256-gcm",
            64 + 3309,
            32 + 1952,
            is_post_quantum=True,
        ),
        SuiteFacts(
            Suite.GOV_HIGH_ASSURANCE,
            "high-assurance",
            ("p-384",),
            ("p-384",),
            hashlib.sha384,
            "SHA384",
            "aes-256-gcm",
            96,
            97,
        ),
        SuiteFacts(Suite.LEGACY_RSA, "rsa", ("rsa-2048",), (), hashlib.sha256, "SHA256", "", 256, 256),
    )
}


def facts_of(suite: Suite) -> SuiteFacts:
    """The facts of a suite."""
    return SUITES[suite]


def require_suite(code: int, *, allow_rsa: bool = False) -> SuiteFacts:
    """The suite that a file names, if it may be believed and this installation has its algorithms.

    Errors    SignatureError  `container.suite` for an unknown number, and for RSA, which is refused unless allowed.
              DeviceError     `container.suite_missing` when the installed `cryptography` lacks an algorithm.
    """
    if code not in set(Suite):
        known = ", ".join(str(int(suite)) for suite in Suite)
        message = f"the cipher suite should be one of {known}, it is: `{code}`"
        raise SignatureError("container.suite", message, field="cipher_suite", offset=23, expected=known, got=code)
    suite = Suite(code)
    if suite is Suite.LEGACY_RSA and not allow_rsa:
        message = f"RSA is no longer believed, sign the file again with another suite than: `{code}`"
        raise SignatureError("container.suite", message, field="cipher_suite", offset=23, expected="0 to 4", got=code)
    _require_algorithms(suite)
    return SUITES[suite]


def _require_algorithms(suite: Suite) -> None:
    """Refuse a suite whose algorithms are newer than the installed package."""
    if not SUITES[suite].is_post_quantum:
        return
    import importlib

    try:
        for module in ("mldsa", "mlkem"):
            importlib.import_module(f"cryptography.hazmat.primitives.asymmetric.{module}")
    except ImportError as error:
        message = f"the installed `cryptography` lacks the algorithms of the suite: `{SUITES[suite].title}`"
        raise DeviceError("container.suite_missing", message, backend="cryptography", reason=str(error)) from error


def message_to_sign(suite: Suite, pieces: Iterable[bytes]) -> bytes:
    """What the algorithms of a suite sign for these bytes, which come in pieces of any size."""
    if suite in {Suite.LEGACY, Suite.LEGACY_RSA}:
        return b"".join(pieces)
    hasher = SUITES[suite].hash()
    for piece in pieces:
        hasher.update(piece)
    return _LABEL + bytes([suite]) + hasher.digest()
