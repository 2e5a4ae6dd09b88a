"""Keys: made, written to PEM files that OpenSSL reads, and read again.

Enters: the name of a suite, or a PEM file. Leaves: a `PrivateKey` or a `PublicKey`, each a tuple of keys of the
`cryptography` package in the order of the suite; a hybrid file holds two PEM blocks one behind the other. Private
keys are PKCS 8, encrypted when a password is given; public keys are SubjectPublicKeyInfo. Read `signing.py` next.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sovereign.errors import DeviceError, ParameterError, SignatureError
from sovereign.persistence.container.crypto.suites import SUITES, SuiteFacts
from sovereign.persistence.container.header import Suite
from sovereign.shell.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

__all__ = ["PrivateKey", "PublicKey", "generate", "read_private", "read_public", "suite_for"]

_RAW_SIZES = {"ed25519": 32, "ml-dsa-65": 1952, "x25519": 32, "ml-kem-768": 1184, "p-384": 97, "rsa-2048": 256}
_SIGNATURE_SIZES = {"ed25519": 64, "ml-dsa-65": 3309, "p-384": 96, "rsa-2048": 256}
_P384_BYTES = 48

_ED25519_PRIME = 2**255 - 19
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDERS = {0, 1, _ED25519_PRIME - 1, _ORDER_8, _ED25519_PRIME - _ORDER_8}
"""The y coordinates of the points whose order divides 8: a signature under one of them holds for many messages."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What is known to all: keys that verify signatures, or to which one can encrypt."""

    algorithms: tuple[str, ...]
    keys: tuple[Any, ...]

    @property
    def raw(self) -> bytes:
        """The keys one behind the other, as a signature block carries them."""
        return b"".join(map(_raw, self.algorithms, self.keys))

    @property
    def fingerprint(self) -> str:
        """By which people and the trust store know it: SHA-256 over the algorithms and the raw keys, 64 hex digits."""
        named = "+".join(self.algorithms).encode() + b"\0" + self.raw
        return hashlib.sha256(named).hexdigest()

    def to_pem(self) -> bytes:
        """One SubjectPublicKeyInfo block per key."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return b"".join(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) for key in self.keys)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether every one of the signatures holds; a hybrid needs both, and each has its exact length."""
        try:
            parts = _split(signature, [_SIGNATURE_SIZES[name] for name in self.algorithms])
        except ValueError:
            return False
        checks = zip(self.algorithms, self.keys, parts, strict=True)
        # A list, so that both are computed whatever the first says.
        return all([_verifies(name, key, part, message) for name, key, part in checks])  # noqa: C419

    @classmethod
    def of_raw(cls, algorithms: tuple[str, ...], raw: bytes) -> PublicKey:
        """The keys that a signature block carries.

        Errors    SignatureError  when the bytes are no keys of these algorithms.
        """
        try:
            keys = tuple(map(_of_raw, algorithms, _split(raw, [_RAW_SIZES[name] for name in algorithms])))
        except ValueError as error:
            message = f"the signature block carries no key of its suite: `{'+'.join(algorithms)}`"
            raise SignatureError("container.signature", message, field="public_key", offset=0) from error
        return cls(algorithms, keys)


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What only its owner knows: keys that sign, or that open what was encrypted to their public halves."""

    algorithms: tuple[str, ...]
    keys: tuple[Any, ...]

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        return PublicKey(self.algorithms, tuple(key.public_key() for key in self.keys))

    def sign(self, message: bytes) -> bytes:
        """The signatures one behind the other."""
        return b"".join(_signature(name, key, message) for name, key in zip(self.algorithms, self.keys, strict=True))

    def to_pem(self, password: bytes | None = None) -> bytes:
        """One PKCS 8 block per key, encrypted when a password is given."""
        from cryptography.hazmat.primitives.serialization import (
            BestAvailableEncryption,
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        lock = BestAvailableEncryption(password) if password else NoEncryption()
        return b"".join(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock) for key in self.keys)


def generate(suite: Suite, *, to_encrypt: bool = False) -> PrivateKey:
    """Make a key for signing with a suite, or one to which others can encrypt.

    Errors    ParameterError  `container.key` for RSA, of which no new keys are made.
    """
    facts = SUITES[suite]
    algorithms = facts.agreers if to_encrypt else facts.signers
    if suite is Suite.LEGACY_RSA:
        message = f"no new keys are made for the suite: `{facts.title}`"
        raise ParameterError("container.key", message, name="suite", value=facts.title, allowed="suites 0 to 4")
    return PrivateKey(algorithms, tuple(map(_generated, algorithms)))


def read_private(path: str | PathLike[str], password: bytes | None = None) -> PrivateKey:
    """A private key from its PEM file.

    Errors    ParameterError  `container.key` when it is no such file, or the password does not open it.
              NotFound        when there is no such file.
    """
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    blocks = _blocks(path)
    try:
        keys = tuple(load_pem_private_key(block, password) for block in blocks)
    except (ValueError, TypeError) as error:
        raise _no_key(path, "a private key that opens with the password", error) from error
    return PrivateKey(tuple(_name(path, key) for key in keys), keys)


def read_public(path: str | PathLike[str]) -> PublicKey:
    """A public key from its PEM file; of a private key without password, its public half.

    Errors    ParameterError  `container.key` when it is no such file.
              NotFound        when there is no such file.
    """
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    blocks = _blocks(path)
    if b"PRIVATE KEY" in blocks[0]:
        return read_private(path).public
    try:
        keys = tuple(load_pem_public_key(block) for block in blocks)
    except (ValueError, TypeError) as error:
        raise _no_key(path, "a public key", error) from error
    return PublicKey(tuple(_name(path, key) for key in keys), keys)


def suite_for(key: PrivateKey | PublicKey) -> SuiteFacts:
    """The newest suite whose signatures such a key makes.

    Errors    ParameterError  `container.key` when no suite signs with it.
    """
    found = [facts for facts in SUITES.values() if facts.signers == key.algorithms]
    if not found:
        names = "+".join(key.algorithms)
        message = f"the key should be one that signs, it is: `{names}`"
        raise ParameterError("container.key", message, name="key", value=names, allowed="ed25519, ml-dsa-65, p-384")
    return found[-1]


def _generated(algorithm: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, mlkem, x25519

    makers: dict[str, Callable[[], Any]] = {
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "x25519": x25519.X25519PrivateKey.generate,
        "ml-dsa-65": mldsa.MLDSA65PrivateKey.generate,
        "ml-kem-768": mlkem.MLKEM768PrivateKey.generate,
        "p-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    }
    try:
        return makers[algorithm]()
    except Exception as error:
        from cryptography.exceptions import UnsupportedAlgorithm

        if not isinstance(error, UnsupportedAlgorithm):
            raise
        message = f"the installed `cryptography` lacks the algorithm: `{algorithm}`"
        raise DeviceError("container.suite_missing", message, backend="cryptography", reason=str(error)) from error


def _name(path: str | PathLike[str], key: Any) -> str:
    """The algorithm of a key, told by its class, of which there are a private and a public one."""
    kind = type(key).__name__
    known = {"Ed25519": "ed25519", "X25519": "x25519", "MLDSA65": "ml-dsa-65", "MLKEM768": "ml-kem-768"}
    found = next((name for start, name in known.items() if kind.startswith(start)), None)
    curve = getattr(getattr(key, "curve", None), "name", None)
    if found is None and curve == "secp384r1":
        found = "p-384"
    if found is None and kind.startswith("RSA") and key.key_size == 8 * _RAW_SIZES["rsa-2048"]:
        found = "rsa-2048"
    if found is None:
        raise _no_key(path, "of an algorithm that a suite uses", ValueError(kind))
    return found


def _raw(algorithm: str, key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if algorithm == "p-384":
        return bytes(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    if algorithm == "rsa-2048":
        return int(key.public_numbers().n).to_bytes(256)
    return bytes(key.public_bytes_raw())


def _of_raw(algorithm: str, raw: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, mlkem, rsa, x25519

    makers: dict[str, Callable[[bytes], Any]] = {
        "ed25519": ed25519.Ed25519PublicKey.from_public_bytes,
        "x25519": x25519.X25519PublicKey.from_public_bytes,
        "ml-dsa-65": mldsa.MLDSA65PublicKey.from_public_bytes,
        "ml-kem-768": mlkem.MLKEM768PublicKey.from_public_bytes,
        "p-384": lambda raw: ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP384R1(), raw),
        # The block has no room for the exponent, which is the usual one.
        "rsa-2048": lambda raw: rsa.RSAPublicNumbers(65537, int.from_bytes(raw)).public_key(),
    }
    return makers[algorithm](raw)


def _signature(algorithm: str, key: Any, message: bytes) -> bytes:
    if algorithm == "p-384":
        from cryptography.hazmat.primitives.asymmetric import ec, utils
        from cryptography.hazmat.primitives.hashes import SHA384

        r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(SHA384())))
        return r.to_bytes(_P384_BYTES) + s.to_bytes(_P384_BYTES)
    if algorithm in {"ed25519", "ml-dsa-65"}:
        return bytes(key.sign(message))
    text = f"a key of this algorithm does not sign: `{algorithm}`"
    raise ParameterError("container.key", text, name="key", value=algorithm, allowed="ed25519, ml-dsa-65, p-384")


def _verifies(algorithm: str, key: Any, signature: bytes, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature

    if algorithm == "ed25519" and _has_small_order(key):
        return False
    try:
        if algorithm == "p-384":
            from cryptography.hazmat.primitives.asymmetric import ec, utils
            from cryptography.hazmat.primitives.hashes import SHA384

            r, s = int.from_bytes(signature[:_P384_BYTES]), int.from_bytes(signature[_P384_BYTES:])
            key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(SHA384()))
        elif algorithm == "rsa-2048":
            from cryptography.hazmat.primitives.asymmetric import padding
            from cryptography.hazmat.primitives.hashes import SHA256

            key.verify(signature, message, padding.PKCS1v15(), SHA256())
        else:
            key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _has_small_order(key: Any) -> bool:
    # The highest bit is the sign of x; OpenSSL takes such keys.
    y = int.from_bytes(key.public_bytes_raw(), "little") & (2**255 - 1)
    return y % _ED25519_PRIME in _SMALL_ORDERS


def _split(block: bytes, sizes: list[int]) -> list[bytes]:
    if len(block) != sum(sizes):
        message = f"{sum(sizes)} bytes are needed, there are {len(block)}"
        raise ValueError(message)
    starts = [sum(sizes[:place]) for place in range(len(sizes))]
    return [block[start : start + size] for start, size in zip(starts, sizes, strict=True)]


_BEGIN = b"-----BEGIN "


def _blocks(path: str | PathLike[str]) -> list[bytes]:
    content = read_bytes(str(path))
    blocks = [_BEGIN + block for block in content.split(_BEGIN)[1:]]
    if not blocks:
        raise _no_key(path, "a PEM file", ValueError("no block begins in it"))
    return blocks


def _no_key(path: str | PathLike[str], needed: str, error: Exception) -> ParameterError:
    reason = " ".join(str(error).split())
    message = f"the key file should hold {needed}, {reason[:120]}: `{path}`"
    return ParameterError("container.key", message, name="key", value=str(path), allowed=needed)
