"""The licence in the metadata of a file: who may use the model, how many, and until when.

Enters: the map under `license`, which nobody vouches for, or a `Licence` to be written. Leaves: plain data, or
findings. A licence is a statement and no lock: only a signature over the file says that nobody changed it.

| key      | holds |
|----------|-------|
| uuid     | which licence it is, as RFC 9562 writes it |
| hash     | SHA-256 of its terms, 64 hex digits |
| expiry   | the moment from which on it is over, RFC 3339, or seconds since 1970; left out for ever |
| seats    | how many may use it, at least 1; left out for any number |
| licensee | whose it is |
| tier     | its kind, in a word |
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sovereign.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Licence", "findings", "read_licence"]

_HASH = re.compile(r"[0-9a-f]{64}")
_KEYS = ("uuid", "hash", "expiry", "seats", "licensee", "tier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """What a licence says; the table of the module tells what each field holds."""

    uuid: str
    hash: str
    expiry: dt.datetime | None = None
    seats: int | None = None
    licensee: str | None = None
    tier: str | None = None

    def __post_init__(self) -> None:
        wrong = next(_problems(self.to_metadata()), None)
        if wrong is not None:
            message = f"a licence cannot be written so, {wrong[1]}"
            raise ParameterError("container.parameter", message, name=wrong[0], value=None, allowed="a licence")

    def to_metadata(self) -> dict[str, Any]:
        """The map for `license`, without what is left out."""
        facts = {name: getattr(self, name) for name in _KEYS}
        if self.expiry is not None and self.expiry.tzinfo is not None:
            facts["expiry"] = self.expiry.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {name: value for name, value in facts.items() if value is not None}


def read_licence(metadata: Mapping[str, Any]) -> Licence | None:
    """The licence of a file, None where there is none or it is not well-formed; `findings` says why.

    >>> read_licence({}) is None
    True
    """
    facts = metadata.get("license")
    if not isinstance(facts, dict) or next(_problems(facts), None) is not None:
        return None
    known = {name: facts[name] for name in _KEYS if facts.get(name) is not None}
    return Licence(**{**known, "expiry": _moment(facts.get("expiry"))})


def findings(metadata: Mapping[str, Any], *, now: dt.datetime | None = None) -> list[str]:
    """What is wrong with the licence of a file, none where it holds or there is none.

    >>> findings({"license": {"uuid": "1", "hash": "00"}})[0]
    'the uuid of the licence is none: `1`'
    """
    facts = metadata.get("license")
    if facts is None or isinstance(facts, str):  # layout A2 names a licence by a text such as `MIT`
        return []
    if not isinstance(facts, dict):
        return [f"the licence should be a map, it is: `{type(facts).__name__}`"]
    found = [text for _, text in _problems(facts)]
    expiry = _moment(facts.get("expiry"))
    if expiry is not None and expiry <= (now or dt.datetime.now(dt.UTC)):
        found.append(f"the licence is over since: `{facts['expiry']}`")
    return found


def _problems(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields that do not hold what they should, with a sentence for each."""
    if not _is_uuid(facts.get("uuid")):
        yield "uuid", f"the uuid of the licence is none: `{facts.get('uuid')}`"
    if not (isinstance(facts.get("hash"), str) and _HASH.fullmatch(facts["hash"])):
        yield "hash", f"the hash of the licence should be 64 hex digits, it is: `{facts.get('hash')}`"
    if facts.get("expiry") is not None and _moment(facts["expiry"]) is None:
        yield "expiry", f"the expiry of the licence is no moment with a time zone: `{facts['expiry']}`"
    seats = facts.get("seats")
    if seats is not None and not (isinstance(seats, int) and not isinstance(seats, bool) and seats >= 1):
        yield "seats", f"the seats of the licence should be at least 1, they are: `{seats}`"
    for name in ("licensee", "tier"):
        value = facts.get(name)
        if value is not None and not (isinstance(value, str) and value.strip()):
            yield name, f"the {name} of the licence should be a text, it is: `{value}`"


def _is_uuid(value: object) -> bool:
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


def _moment(value: object) -> dt.datetime | None:
    """A moment as either program writes it, None for anything else."""
    if isinstance(value, int | str) and not isinstance(value, bool) and str(value).isdecimal():
        try:
            return dt.datetime.fromtimestamp(int(value), dt.UTC)
        except (OverflowError, OSError, ValueError):
            return None
    try:
        found = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
