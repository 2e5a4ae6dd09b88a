"""Whose keys are believed: a file of names and public keys that its owner can read and edit.

Enters: public keys with the names that a person gives them. Leaves: who a fingerprint belongs to. The store is one JSON
file, `trust.json` in the folder that `SOVEREIGN_CONFIG` names, else in the user's configuration folder; it is written
in one step, for its owner alone, and programs that change it wait for one another. A key that is not in it is unknown,
however well it signs.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError, FormatError, NotFound, ParameterError
from sovereign.persistence.container.crypto.keys import PublicKey
from sovereign.persistence.container.metadata import created_at
from sovereign.shell.files import read_text, write_atomically
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

__all__ = ["TrustStore", "TrustedKey", "default_store"]

_VERSION = 1


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A key that is believed: whose it is, and since when."""

    name: str
    algorithms: tuple[str, ...]
    public_key: str
    """The raw keys in Base64."""
    added_at: str

    @property
    def key(self) -> PublicKey:
        """The key itself."""
        return PublicKey.of_raw(self.algorithms, base64.b64decode(self.public_key))


class TrustStore:
    """The keys that one person believes."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = Path(path)

    def keys(self) -> dict[str, TrustedKey]:
        """The trusted keys by fingerprint, sorted by name; none where there is no file.

        Errors    FormatError  `container.trust` when the file is not what this module writes.
        """
        if not self.path.exists():
            return {}
        try:
            found = json.loads(read_text(self.path))
            keys = {
                mark: TrustedKey(**{**entry, "algorithms": tuple(entry["algorithms"])})
                for mark, entry in found["keys"].items()
            }
            wrong = next((mark for mark, key in keys.items() if key.key.fingerprint != mark), None)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise self._malformed(reason) from error
        if wrong is not None or found.get("version") != _VERSION:
            raise self._malformed("a key does not fit its fingerprint" if wrong else "it is of another version")
        return dict(sorted(keys.items(), key=lambda item: item[1].name))

    def name_of(self, key: PublicKey) -> str | None:
        """Whose key it is, None where it is not known."""
        found = self.keys().get(key.fingerprint)
        return found.name if found else None

    def add(self, name: str, key: PublicKey) -> str:
        """Believe a key from now on; its fingerprint.

        Errors    ParameterError  `container.parameter` when the name is empty or belongs to another key, or the key
                                  has another name.
                  DeviceError     when the folder cannot be written.
        """
        if not name.strip():
            raise _no_name("a key needs a name of its own", name)
        with self._alone():
            keys = self.keys()
            known = keys.get(key.fingerprint)
            if known is not None and known.name != name:
                raise _no_name("the key is trusted already, remove it first to rename it, its name is", known.name)
            if known is None and any(other.name == name for other in keys.values()):
                raise _no_name("the name belongs to another key, remove that one first", name)
            raw = base64.b64encode(key.raw).decode()
            keys[key.fingerprint] = TrustedKey(name, key.algorithms, raw, created_at())
            self._write(keys)
        return key.fingerprint

    def remove(self, name: str) -> None:
        """Believe a key no longer, found by its name or its fingerprint.

        Errors    NotFound     `container.trust_unknown` when there is none.
                  DeviceError  when the folder cannot be written.
        """
        if not self.path.exists():  # so that asking for a key makes no folder
            raise _unknown(name, {})
        with self._alone():
            self._remove(name)

    def _remove(self, name: str) -> None:
        keys = self.keys()
        found = next((mark for mark, known in keys.items() if name in {known.name, mark}), None)
        if found is None:
            raise _unknown(name, keys)
        del keys[found]
        self._write(keys)

    def _write(self, keys: dict[str, TrustedKey]) -> None:
        content = {"version": _VERSION, "keys": {mark: asdict(key) for mark, key in sorted(keys.items())}}
        write_atomically(self.path, json.dumps(content, indent=2) + "\n", force=True, mode=0o600)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the store from reading to writing; the lock is a file beside it, for the store itself is replaced."""
        lock = self.path.with_name(f".{self.path.name}.lock")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            message = f"the file cannot be written, {reason}: `{lock}`"
            raise DeviceError("shell.cannot_write", message, backend="file", reason=reason) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _malformed(self, reason: str) -> FormatError:
        message = f"the trust store is not as it was written, {reason}: `{self.path}`"
        return FormatError("container.trust", message, path=str(self.path), field="keys", offset=0)


def _unknown(name: str, keys: dict[str, TrustedKey]) -> NotFound:
    message = f"no trusted key has this name: `{name}`"
    like = nearest(name, [known.name for known in keys.values()])
    return NotFound("container.trust_unknown", message, name=name, nearest=like)


def _no_name(problem: str, name: str) -> ParameterError:
    return ParameterError("container.parameter", f"{problem}: `{name}`", name="name", value=name, allowed="a new name")


def default_store() -> TrustStore:
    """The store of the user who runs the program."""
    named = os.environ.get("SOVEREIGN_CONFIG")
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return TrustStore(Path(named or Path(base) / "sovereign") / "trust.json")
