"""Who made a file, and who may read it: signatures, trust and encryption.

Enters: files of layout A1 and A2, keys in PEM files, passwords. Leaves: signed or encrypted files, and the state of a
signature. `suites.py` is the table of algorithms, `keys.py` makes and reads keys, `trust.py` keeps whose are believed,
`signing.py` and `encryption.py` work on files. All cryptography is that of the `cryptography`, `nacl` and `blake3`
packages. Read `suites.py` first.
"""

from __future__ import annotations

from sovereign.persistence.container.crypto.encryption import (
    Argon2,
    CostLimits,
    decrypted_payload,
    encrypted,
    opened_file,
    require_lock,
)
from sovereign.persistence.container.crypto.keys import (
    PrivateKey,
    PublicKey,
    generate,
    read_private,
    read_public,
    suite_for,
)
from sovereign.persistence.container.crypto.signing import (
    Signature,
    SignatureState,
    check,
    require_trusted,
    signed,
    validate_crypto,
)
from sovereign.persistence.container.crypto.suites import SUITES
from sovereign.persistence.container.crypto.trust import TrustedKey, TrustStore, default_store

__all__ = [
    "SUITES",
    "Argon2",
    "CostLimits",
    "PrivateKey",
    "PublicKey",
    "Signature",
    "SignatureState",
    "TrustStore",
    "TrustedKey",
    "check",
    "decrypted_payload",
    "default_store",
    "encrypted",
    "generate",
    "opened_file",
    "read_private",
    "read_public",
    "require_lock",
    "require_trusted",
    "signed",
    "suite_for",
    "validate_crypto",
]
