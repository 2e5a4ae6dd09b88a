"""Hold our use of cryptography against the vectors of Wycheproof: what they call invalid must not pass through us.

Enters: the folder `testvectors_v1` of the Wycheproof project, by `--folder` or the variable `WYCHEPROOF`; the vectors
are no part of this repository. Leaves: for each file how many vectors went through the functions that read signed and
encrypted files, and how many came out wrong. Sizes of keys, nonces and tags that no suite has are counted apart. Status
1 for a wrong one, 2, "not measured", without the folder or one of its files.
"""

# ruff: noqa: SLF001 - the functions that files go through are judged, and no others made for this

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from cryptography.hazmat.primitives.asymmetric import ec, mlkem, x25519  # noqa: E402

from sovereign.errors import SignatureError  # noqa: E402
from sovereign.persistence.container.crypto import encryption  # noqa: E402
from sovereign.persistence.container.crypto.keys import PrivateKey, PublicKey  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Vector = dict[str, Any]

NOT_MEASURED = 2
OK, WRONG, NOT_OURS = "ok", "wrong", "of no suite"


def main() -> int:
    """Run the vectors of every file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", default=os.environ.get("WYCHEPROOF"), help="the folder `testvectors_v1`")
    options = parser.parse_args()
    folder = Path(options.folder) if options.folder else None
    missing = [name for name in JUDGES if folder is None or not (folder / f"{name}_test.json").is_file()]
    if folder is None or missing:
        print(f"not measured: the vectors are not there, name their folder in WYCHEPROOF: `{missing[0]}_test.json`")
        return NOT_MEASURED
    total, digest = Counter[str](), hashlib.sha256()
    for name, judge in JUDGES.items():
        data = (folder / f"{name}_test.json").read_bytes()
        digest.update(data)
        seen = Counter(judged(name, judge, vector) for vector in vectors(json.loads(data)))
        print(f"{name}: {seen[OK]} as they should be, {seen[WRONG]} wrong, {seen[NOT_OURS]} {NOT_OURS}")
        total += seen
    print(f"{total.total()} vectors of {len(JUDGES)} files, together of the SHA-256 {digest.hexdigest()}")
    print(f"{total[OK]} as they should be, {total[WRONG]} wrong, {total[NOT_OURS]} {NOT_OURS}")
    return 1 if total[WRONG] else 0


def vectors(document: Vector) -> Iterator[Vector]:
    """Each vector with the facts of its group."""
    for group in document["testGroups"]:
        shared = {name: value for name, value in group.items() if name != "tests"}
        yield from ({**shared, **vector} for vector in group["tests"])


def judged(name: str, judge: Callable[[Vector], bool | None], vector: Vector) -> str:
    """Whether a vector came out as it should: `judge` says whether it passed, None where no suite has such a one."""
    passed = judge(vector)
    if passed is None:
        return NOT_OURS
    if vector["result"] == "acceptable" or passed == (vector["result"] == "valid"):
        return OK
    print(f"WRONG: {name} {vector['tcId']}, {vector['result']}: {vector.get('comment')} {vector.get('flags')}")
    return WRONG


def signature(algorithm: str, key: Callable[[Vector], str]) -> Callable[[Vector], bool | None]:
    """Verify as a signature block does: raw key, raw signature."""

    def judge(vector: Vector) -> bool | None:
        if vector.get("ctx"):
            return None  # our signatures have no context string
        try:
            public = PublicKey.of_raw((algorithm,), bytes.fromhex(key(vector)))
        except SignatureError:
            return False
        return public.verify(bytes.fromhex(vector["sig"]), bytes.fromhex(vector["msg"]))

    return judge


def aead(name: str, key_bits: int, nonce_bits: int) -> Callable[[Vector], bool | None]:
    """Decrypt as a payload is, and encrypt what is valid."""

    def judge(vector: Vector) -> bool | None:
        if (vector["keySize"], vector["ivSize"], vector["tagSize"]) != (key_bits, nonce_bits, 128):
            return None
        key, nonce, context = (bytes.fromhex(vector[name]) for name in ("key", "iv", "aad"))
        plain, sealed = bytes.fromhex(vector["msg"]), bytes.fromhex(vector["ct"] + vector["tag"])
        try:
            opened = encryption._decrypt(name, key, nonce, sealed, context)
        except SignatureError:
            return False
        return opened == plain and encryption._aead(name, key).encrypt(nonce, plain, context) == sealed

    return judge


def agreed(key: PrivateKey, sent: str, shared: str) -> bool:
    """Whether the secrets are agreed on, and are those."""
    try:
        return encryption._agreed(key, bytes.fromhex(sent)) == bytes.fromhex(shared)
    except SignatureError:
        return False


def agreement_x25519(vector: Vector) -> bool | None:
    """A secret of zeros is refused, any other has to be the one of the vector."""
    key = x25519.X25519PrivateKey.from_private_bytes(bytes.fromhex(vector["private"]))
    is_agreed = agreed(PrivateKey(("x25519",), (key,)), vector["public"], vector["shared"])
    if int(vector["shared"], 16) == 0:
        vector["result"] = "invalid"
    elif vector["result"] == "acceptable":
        vector["result"] = "valid"
    return is_agreed


def agreement_p384(vector: Vector) -> bool | None:
    """Points off the curve, at infinity or malformed are refused."""
    key = ec.derive_private_key(int(vector["private"], 16), ec.SECP384R1())
    return agreed(PrivateKey(("p-384",), (key,)), vector["public"], vector["shared"])


def derivation(hash_name: str) -> Callable[[Vector], bool | None]:
    """Our keys have 32 bytes, which are the first of any longer output."""

    def judge(vector: Vector) -> bool | None:
        if vector["result"] != "valid":
            return None  # a size that no derivation has
        secret, salt, info = (bytes.fromhex(vector[name]) for name in ("ikm", "salt", "info"))
        ours, theirs = encryption._hkdf(hash_name, secret, salt, info), bytes.fromhex(vector["okm"])
        return theirs.startswith(ours) if len(theirs) >= len(ours) else ours.startswith(theirs)

    return judge


def decapsulation(vector: Vector) -> bool | None:
    """A key from its seed, the secret in what was sent to it."""
    try:
        key = PrivateKey(("ml-kem-768",), (mlkem.MLKEM768PrivateKey.from_seed_bytes(bytes.fromhex(vector["seed"])),))
    except ValueError:
        return False
    is_key = "ek" not in vector or key.public.raw == bytes.fromhex(vector["ek"])
    return is_key and agreed(key, vector["c"], vector.get("K", ""))


def encapsulation(vector: Vector) -> bool | None:
    """Whether a key is one that can be encrypted to."""
    try:
        key = PublicKey.of_raw(("ml-kem-768",), bytes.fromhex(vector["ek"]))
        secret, sent = encryption._agree("ml-kem-768", key.keys[0])
    except (SignatureError, ValueError):
        return False
    return (len(secret), len(sent)) == (32, 1088)


JUDGES: dict[str, Callable[[Vector], bool | None]] = {
    "ed25519": signature("ed25519", lambda vector: vector["publicKey"]["pk"]),
    "ecdsa_secp384r1_sha384_p1363": signature("p-384", lambda vector: vector["publicKey"]["uncompressed"]),
    "mldsa_65_verify": signature("ml-dsa-65", lambda vector: vector["publicKey"]),
    "x25519": agreement_x25519,
    "ecdh_secp384r1_ecpoint": agreement_p384,
    "mlkem_768": decapsulation,
    "mlkem_768_encaps": encapsulation,
    "xchacha20_poly1305": aead("xchacha20-poly1305", 256, 192),
    "aes_gcm": aead("aes-256-gcm", 256, 96),
    "hkdf_sha256": derivation("SHA256"),
    "hkdf_sha384": derivation("SHA384"),
}


if __name__ == "__main__":
    raise SystemExit(main())
