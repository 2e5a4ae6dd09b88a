"""Keys and who is trusted: new key pairs in PEM files, and the list of names and fingerprints.

Enters: the name of a suite and paths. Leaves: two files, of which the private one only its owner can read, and
documents. Read `signing.py` next.
"""

from __future__ import annotations

import shlex
import stat
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from sovereign.errors import ParameterError
from sovereign.persistence.container import Suite, crypto
from sovereign.shell.files import require_free, write_atomically
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from sovereign.ml.apr.passwords import PasswordSource

__all__ = [
    "SUITE_NAMES",
    "KeygenDocument",
    "TrustDocument",
    "TrustListDocument",
    "keygen",
    "private_key",
    "public_beside",
    "suite_named",
    "trusted",
]

_PRIVATE_MODE, _OTHERS = 0o600, 0o077
SUITE_NAMES = tuple(facts.title for suite, facts in crypto.SUITES.items() if suite is not Suite.LEGACY_RSA)


class KeygenDocument(TypedDict):
    """What `apr keygen --json` prints."""

    private_key: str
    public_key: str
    fingerprint: str
    suite: str
    algorithms: list[str]
    purpose: str
    is_encrypted: bool


class TrustDocument(TypedDict):
    """What `apr trust add` and `apr trust remove` print under `--json`."""

    name: str
    fingerprint: str | None
    store: str


class TrustedKeyDocument(TypedDict):
    """One key that is trusted."""

    name: str
    fingerprint: str
    algorithms: list[str]
    added_at: str


class TrustListDocument(TypedDict):
    """What `apr trust list --json` prints."""

    store: str
    keys: list[TrustedKeyDocument]


def suite_named(name: str) -> Suite:
    """The suite of a name such as `hybrid`.

    Errors    ParameterError  `container.key` when there is none.
    """
    found = next((suite for suite, facts in crypto.SUITES.items() if facts.title == name), None)
    if found is None:
        like = nearest(name, SUITE_NAMES)
        message = f"no cipher suite has this name: `{name}`"
        raise ParameterError("container.key", message, name="suite", value=name, allowed=SUITE_NAMES, nearest=like)
    return found


def public_beside(path: str) -> str:
    """Where the public half of a key goes.

    >>> public_beside("keys/maria.pem"), public_beside("maria")
    ('keys/maria.pub.pem', 'maria.pub')
    """
    place = Path(path)
    return str(place.with_name(f"{place.stem}.pub{place.suffix}"))


def keygen(
    path: str, suite: Suite, *, to_encrypt: bool = False, password: bytes | None = None, force: bool = False
) -> KeygenDocument:
    """Make a key pair: the private half at `path`, for its owner alone, the public one beside it.

    Errors    ParameterError  when a file is there and `force` is not given.
              DeviceError     when the system refuses, or the libraries lack the algorithms.
    """
    public_path = public_beside(path)
    for place in (path, public_path):
        require_free(place, force=force)
    key = crypto.generate(suite, to_encrypt=to_encrypt)
    write_atomically(path, key.to_pem(password), force=force, mode=_PRIVATE_MODE)
    write_atomically(public_path, key.public.to_pem(), force=force)
    return {
        "private_key": path,
        "public_key": public_path,
        "fingerprint": key.public.fingerprint,
        "suite": crypto.SUITES[suite].title,
        "algorithms": list(key.algorithms),
        "purpose": "encryption" if to_encrypt else "signing",
        "is_encrypted": password is not None,
    }


def private_key(path: str, source: PasswordSource) -> crypto.PrivateKey:
    """A private key from its file; a password is asked for only when the file needs one.

    As `ssh` does, a key that others may read is refused: whoever has read it signs in its owner's name. One that a
    password protects is of no use to them and is taken.

    Errors    as `crypto.read_private` and `PasswordSource.password`; ParameterError `container.key` when others may
              read it.
    """
    from sovereign.shell.files import read_bytes

    needs_one = b"ENCRYPTED PRIVATE KEY" in read_bytes(path)
    mode = Path(path).stat().st_mode
    if mode & _OTHERS and stat.S_ISREG(mode) and not needs_one:
        message = f"a private key should be readable by its owner alone, its mode is {stat.S_IMODE(mode):04o}: `{path}`"
        fix = f"`chmod 600 {shlex.quote(path)}`, and a new key if somebody may have read it"
        raise ParameterError("container.key", message, name="key", value=path, allowed="mode 0600", fix=fix)
    return crypto.read_private(path, source.password(f"password of {path}") if needs_one else None)


def trusted(store: crypto.TrustStore) -> TrustListDocument:
    """The keys that are trusted, by name."""
    keys: list[TrustedKeyDocument] = [
        {"name": key.name, "fingerprint": mark, "algorithms": list(key.algorithms), "added_at": key.added_at}
        for mark, key in store.keys().items()
    ]
    return {"store": str(store.path), "keys": keys}
