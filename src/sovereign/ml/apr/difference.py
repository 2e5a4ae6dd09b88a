"""What differs between two model files: facts, tensors, numbers, and what the models answer.

Enters: two paths. Leaves: a document. Numbers of layout A1 are compared by their way through the payload, those of the
other layouts by the names of their tensors; what cannot be decoded is compared byte by byte, so that two files are the
same only when nothing in them is left uncompared. How a model answers is known to the rooms that run models: they
register a predictor, and until one does, predictions are not assessed. Read `conversion.py` next.
"""

from __future__ import annotations

import itertools
import math
import struct
from collections import Counter
from typing import TYPE_CHECKING, Any, Protocol, TypedDict

from sovereign.errors import FormatError, SovereignError
from sovereign.ml.apr.facts import plain, suite_code, suite_title
from sovereign.ml.apr.sizes import change_text, size_text
from sovereign.ml.apr.tensors import payload_tensors
from sovereign.persistence.container import (
    Layout,
    LoadConfig,
    ModelFile,
    Role,
    Source,
    TensorPlace,
    convert,
    crypto,
    embedded,
    open_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from os import PathLike

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["DiffDocument", "Predictor", "boxes", "compare", "register_predictor"]


class Predictor(Protocol):
    """Gives the answers of a model to samples, or None for a model that it does not run."""

    def __call__(self, file: ModelFile, X: NDArray[np.float32]) -> NDArray[Any] | None:
        """X (n, d) float32; returns (n,) or (n, k)."""
        ...


def _by_the_core(file: ModelFile, X: NDArray[np.float32]) -> NDArray[Any] | None:
    """What the native core says, which is imported when there are rows to ask it about."""
    from sovereign.ml.apr.running import answers

    return answers(file, X)


_predictors: list[Predictor] = [_by_the_core]


def register_predictor(predictor: Predictor) -> None:
    """Let `compare` ask this predictor, after those that were registered before it."""
    _predictors.append(predictor)


class ChangeDocument(TypedDict):
    """A fact that is not the same, with `change_percent` for numbers.

    `change` is `added`, `removed` or `changed`: it tells a side that has no such fact from one where it is null. In the
    name of a fact of the metadata, dots lead into maps; a dot or a backslash of a key has a backslash before it.
    """

    name: str
    change: str
    old: Any
    new: Any
    change_percent: float | None


class TensorChangeDocument(TypedDict):
    """A tensor of both files whose type or shape is not the same."""

    name: str
    old: str
    new: str


class WeightsDocument(TypedDict):
    """A tensor of both files with one type and shape; differences over the numbers that are finite in both."""

    name: str
    size: int
    equal_bits: bool
    differing: int
    max_absolute: float
    max_relative: float


class PredictionsDocument(TypedDict):
    """How the models answer the data that is embedded in one of the files."""

    state: str
    samples: int | None
    differing: int | None
    max_absolute: float | None


class DiffDocument(TypedDict):
    """What `apr diff --json` prints."""

    old: str
    new: str
    is_same: bool
    facts: list[ChangeDocument]
    metadata: list[ChangeDocument]
    tensors_added: list[str]
    tensors_removed: list[str]
    tensors_changed: list[TensorChangeDocument]
    weights: list[WeightsDocument]
    payload: str
    undecoded: list[str]
    """Sections that are not decoded and whose bytes differ."""
    predictions: PredictionsDocument


def compare(old: str | PathLike[str], new: str | PathLike[str], config: LoadConfig | None = None) -> DiffDocument:
    """Compare two files of any layout.

    Errors    as `open_file`, and as reading tensors and payloads does.
    Cost      reads both files; tensors one pair at a time.
    """
    with open_file(old, config) as left, open_file(new, config) as right:
        before, after = _Side(left), _Side(right)
        facts = list(_changes(_facts(left), _facts(right)))
        metadata = list(_changes(dict(_flat(left.metadata)), dict(_flat(right.metadata))))
        shared = [name for name in before.places if name in after.places]
        kinds = {name: (_kind(before.places[name]), _kind(after.places[name])) for name in shared}
        changed: list[TensorChangeDocument] = [
            {"name": name, "old": was, "new": now} for name, (was, now) in kinds.items() if was != now
        ]
        alike = [name for name, (was, now) in kinds.items() if was == now]
        document: DiffDocument = {
            "old": left.path,
            "new": right.path,
            "is_same": False,
            "facts": facts,
            "metadata": metadata,
            "tensors_added": [name for name in after.places if name not in before.places],
            "tensors_removed": [name for name in before.places if name not in after.places],
            "tensors_changed": changed,
            "weights": [_weights(name, before, after) for name in alike],
            "payload": _payloads(left, right),
            "undecoded": [],
            "predictions": _predictions(left, right),
        }
        document["undecoded"] = _undecoded(left, right, is_alike=_is_same(document))
    document["is_same"] = _is_same(document)
    return document


class _Side:
    """The tensors of one file, wherever its layout keeps them."""

    def __init__(self, file: ModelFile) -> None:
        self._file = file
        self._inside: dict[str, NDArray[Any]] = {}
        self.places = {name: file.place(name) for name in file}
        if file.header is not None and not file.header.is_encrypted and file.expanded is None:
            for place, numbers in payload_tensors(file):
                self.places[place.name], self._inside[place.name] = place, numbers

    def numbers(self, name: str) -> NDArray[Any]:
        if name in self._inside:
            return self._inside[name]
        return self._file[name] if self.places[name].dtype in convert.DTYPES else self._file.decoded(name)

    def stored(self, name: str) -> Iterator[bytes]:
        """The bytes of a tensor, in pieces: blocks of other bytes may expand to the same numbers."""
        if name in self._inside:
            yield self._inside[name].tobytes()
        else:
            yield from map(bytes, self._file.stream(name))


def _facts(file: ModelFile) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "layout": str(file.layout),
        "size_bytes": file.size_bytes,
        "version": ".".join(map(str, file.outline.version)),
        "flags": f"{file.outline.flags:#x}",
    }
    if file.header is not None:
        facts |= {
            "model_type": file.header.model_type.name.lower(),
            "compression": file.header.compression.name.lower(),
            "quality_score": file.header.quality_score,
            "uncompressed_size": file.header.uncompressed_size,
        }
        if not file.header.is_encrypted:
            facts |= {f"payload.{name}": value for name, value in _single(_values(file)).items()}
    facts["signature"] = "present" if file.outline.section(Role.SIGNATURE) else "none"
    facts |= _signer(file)
    if file.outline.entries:
        facts["models"] = [entry.name for entry in file.outline.entries]
    return facts


def _signer(file: ModelFile) -> dict[str, Any]:
    """Suite and key, unproved; a block that holds no key of its suite is compared by its bytes alone."""
    code = suite_code(file)
    if code is None:
        return {}
    found: dict[str, Any] = {"cipher_suite": suite_title(code)}
    facts = next((facts for suite, facts in crypto.SUITES.items() if suite == code), None)
    if facts is not None and file.outline.section(Role.SIGNATURE) is not None:
        try:
            block = bytes(file.section(Role.SIGNATURE))
            found["signer"] = crypto.PublicKey.of_raw(facts.signers, block[facts.signature_bytes :]).fingerprint
        except SovereignError:
            pass
    return found


def _values(file: ModelFile) -> dict[str, Any]:
    """The payload as names and values; none where its shape is not known, or is that of another version."""
    file.payload()  # damage is refused here, before a shape that does not fit is forgiven
    try:
        return file.payload_values() or {}
    except FormatError:
        return {}


def _single(values: Mapping[str, Any]) -> dict[str, Any]:
    """The single numbers of a payload; arrays are compared as tensors, trees by their number of nodes."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict | list) and _nodes(value):
            found[f"{name}.nodes"] = _nodes(value)
        elif isinstance(value, bool | int | float | str) or value is None:
            found[name] = plain(value)
    return found


def _nodes(value: Any) -> int:
    """How many nodes of trees are in a decoded payload, counted without recursion."""
    count, left = 0, [value]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            count += "threshold" in each or "class_label" in each
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)
    return count


def _flat(facts: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Nested facts by the way to them, which no two facts share; an empty map is a fact of its own."""
    for name, value in facts.items():
        way = above + str(plain(name)).replace("\\", r"\\").replace(".", r"\.")
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{way}.")
        else:
            yield way, value


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ChangeDocument]:
    for name in dict.fromkeys((*old, *new)):
        if name in old and name in new and _exact(old[name]) == _exact(new[name]):
            continue
        was, now = plain(old.get(name)), plain(new.get(name))
        change = "added" if name not in old else "removed" if name not in new else "changed"
        yield {"name": name, "change": change, "old": was, "new": now, "change_percent": _percent(was, now)}


def _exact(value: Any) -> Any:
    """What two values share only when they are the same type for type and bit for bit: no 1 is true, no zero is -0."""
    if isinstance(value, dict):
        return "map", {(type(name), name): _exact(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return "list", [_exact(each) for each in value]
    return type(value), struct.pack("<d", value) if isinstance(value, float) else value


def _percent(old: Any, new: Any) -> float | None:
    """By how much a number changed; None for what is no number, and from zero."""
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in (old, new)) or not old:
        return None
    change = (new - old) / abs(old) * 100
    return float(change) if math.isfinite(change) else None


def _kind(place: TensorPlace) -> str:
    return f"{place.dtype} {' x '.join(map(str, place.shape)) or 'scalar'}"


def _weights(name: str, before: _Side, after: _Side) -> WeightsDocument:
    """Differences in double precision; relative ones to the larger of the two numbers."""
    import numpy as np

    old, new = before.numbers(name), after.numbers(name)
    equal_bits = all(was == now for was, now in itertools.zip_longest(before.stored(name), after.stored(name)))
    largest = relative = 0.0
    differing = 0
    if not equal_bits:
        was, now = old.ravel().astype(np.float64), new.ravel().astype(np.float64)
        differing = int(np.count_nonzero((was != now) & ~(np.isnan(was) & np.isnan(now))))
        finite = np.isfinite(was) & np.isfinite(now)
        was, now = was[finite], now[finite]
        with np.errstate(over="ignore"):
            # The gap of two huge numbers of opposite signs is none that a document can hold.
            gap = np.minimum(np.abs(was - now), np.finfo(np.float64).max)
        size = np.maximum(np.abs(was), np.abs(now))
        largest = float(gap.max(initial=0.0))
        relative = float(np.divide(gap, size, out=np.zeros_like(gap), where=size > 0).max(initial=0.0))
    return {
        "name": name,
        "size": int(old.size),
        "equal_bits": equal_bits,
        "differing": differing,
        "max_absolute": largest,
        "max_relative": relative,
    }


def _payloads(left: ModelFile, right: ModelFile) -> str:
    """Whether the payloads are the same bytes when expanded; those of which nobody can say are compared as stored."""
    if left.header is None or right.header is None:
        return "none to compare"
    if left.header.is_encrypted or right.header.is_encrypted:
        return "not decoded: encrypted"
    return "equal" if left.payload() == right.payload() else "different"


# Expanded, walked or named elsewhere, or known from the rest.
_DECODED = {
    Layout.A1: {Role.METADATA, Role.PAYLOAD},
    Layout.A2: {Role.METADATA, Role.TENSOR},
    Layout.A3: {Role.METADATA, Role.TENSOR},
}
_DERIVED = {Role.PADDING, Role.CHECKSUM}
_TOLD_LAST = {Role.HEADER, Role.INDEX, Role.METADATA, Role.TENSOR}
_PIECE = 1 << 20


def _undecoded(left: ModelFile, right: ModelFile, *, is_alike: bool) -> list[str]:
    """Sections that nothing else compares, and that are not the same bytes.

    Headers and indexes change with what they describe, so they are told only where all else is alike; so are metadata
    and tensors of layouts in which two may have one name, of which one is compared by it.
    """
    if left.layout is not right.layout:
        return []  # which is a difference already
    was, now = _opaque(left), _opaque(right)
    names = dict.fromkeys((*was, *now))
    with Source(left.path) as old, Source(right.path) as new:
        found = [name for name in names if not _is_equal(old, was.get(name), new, now.get(name))]
    telling = [name for name in found if name.split()[0] not in _TOLD_LAST]
    return telling or (found if is_alike else [])


def _opaque(file: ModelFile) -> dict[str, tuple[int, int]]:
    """Where the sections are that are compared by their bytes; of several with one role, numbered from 1 on."""
    decoded = _DERIVED | _DECODED.get(file.layout, set())
    if file.header is not None and file.header.is_encrypted:
        decoded = decoded - {Role.PAYLOAD}
    count: Counter[Role] = Counter()
    found: dict[str, tuple[int, int]] = {}
    for section in file.outline.sections:
        if section.role in decoded:
            continue
        count[section.role] += 1
        number = f" {count[section.role]}" if count[section.role] > 1 else ""
        found[f"{section.role}{number}"] = section.offset, section.length
    return found


def _is_equal(old: Source, was: tuple[int, int] | None, new: Source, now: tuple[int, int] | None) -> bool:
    if was is None or now is None or was[1] != now[1]:
        return False
    steps = ((at, min(_PIECE, was[1] - at)) for at in range(0, was[1], _PIECE))
    return all(old.read(was[0] + at, length) == new.read(now[0] + at, length) for at, length in steps)


def _predictions(left: ModelFile, right: ModelFile) -> PredictionsDocument:
    unknown: PredictionsDocument = {
        "state": "not assessed",
        "samples": None,
        "differing": None,
        "max_absolute": None,
    }
    if not _predictors:
        return {**unknown, "state": "not assessed: no room that runs models is installed"}
    X = _samples(left.metadata)
    X = _samples(right.metadata) if X is None else X
    if X is None:
        return {**unknown, "state": "not assessed: no data is embedded in either file"}
    before, after = _answers(left, X), _answers(right, X)
    if before is None or after is None:
        return {**unknown, "state": "not assessed: a model of this kind is not run"}
    return _answer_gap(before, after)


def _samples(metadata: Mapping[str, Any]) -> NDArray[np.float32] | None:
    custom = metadata.get("custom")
    facts = custom.get("test_data") if isinstance(custom, dict) else None
    if not isinstance(facts, dict):
        return None
    try:
        return embedded.read_data(facts).X
    except SovereignError:  # `apr validate` says what is wrong with it
        return None


def _answers(file: ModelFile, X: NDArray[np.float32]) -> NDArray[Any] | None:
    return next((found for predictor in _predictors if (found := predictor(file, X)) is not None), None)


def _answer_gap(before: NDArray[Any], after: NDArray[Any]) -> PredictionsDocument:
    import numpy as np

    if before.shape != after.shape:
        state = f"different: answers of shape {before.shape} and {after.shape}"
        return {"state": state, "samples": len(before), "differing": None, "max_absolute": None}
    gap = np.abs(before.astype(np.float64) - after.astype(np.float64)).reshape(len(before), -1)
    differing = int(np.count_nonzero(gap.any(axis=1)))
    return {
        "state": "different" if differing else "equal",
        "samples": len(before),
        "differing": differing,
        "max_absolute": float(gap.max(initial=0.0)),
    }


def _is_same(document: DiffDocument) -> bool:
    lists = ("facts", "metadata", "tensors_added", "tensors_removed", "tensors_changed", "undecoded")
    has_change = any(document[name] for name in lists)  # type: ignore[literal-required] # keys of the document
    has_change |= not all(each["equal_bits"] for each in document["weights"])
    return (
        not has_change
        and document["payload"] != "different"
        and not document["predictions"]["state"].startswith("different")
    )


def boxes(document: DiffDocument) -> list[tuple[str, list[tuple[str, str]]]]:
    """The document as facts under headings; headings without a difference are left out."""
    found = [
        ("FACTS", [_told(change) for change in document["facts"]]),
        ("METADATA CHANGES", [_told(change) for change in document["metadata"]]),
        ("STRUCTURAL CHANGES", list(_structure_facts(document))),
        ("WEIGHTS", [_weight_fact(each) for each in document["weights"] if not each["equal_bits"]]),
        ("NOT DECODED", [(name, "the bytes differ") for name in document["undecoded"]]),
    ]
    equal = sum(each["equal_bits"] for each in document["weights"])
    verdict = [
        ("Tensors with equal bits", f"{equal} of {len(document['weights'])} that both have"),
        ("Payload", document["payload"]),
        ("Predictions", _prediction_text(document["predictions"])),
        ("Answer", "the same" if document["is_same"] else "different"),
    ]
    return [each for each in found if each[1]] + [("ALTOGETHER", verdict)]


def _told(change: ChangeDocument) -> tuple[str, str]:
    percent = change_text(change["change_percent"])
    old = "nothing" if change["change"] == "added" else _short(change["name"], change["old"])
    new = "nothing" if change["change"] == "removed" else _short(change["name"], change["new"])
    return change["name"], f"{old} → {new}{f' ({percent})' if percent else ''}"


_LONGEST = 80


def _short(name: str, value: Any) -> str:
    if name == "size_bytes" and isinstance(value, int):
        return size_text(value)
    text = "null" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _structure_facts(document: DiffDocument) -> Iterator[tuple[str, str]]:
    for change in document["tensors_changed"]:
        yield change["name"], f"{change['old']} → {change['new']}"
    for heading, names in (("added", document["tensors_added"]), ("removed", document["tensors_removed"])):
        for name in names:
            yield name, heading


def _weight_fact(each: WeightsDocument) -> tuple[str, str]:
    numbers = f"{each['differing']} of {each['size']} numbers differ"
    gap = f"by at most {each['max_absolute']:.6g}, relative {each['max_relative']:.3g}"
    return each["name"], f"{numbers}, {gap}" if each["differing"] else "the numbers are equal, their bits are not"


def _prediction_text(predictions: PredictionsDocument) -> str:
    if predictions["differing"]:
        return (
            f"{predictions['differing']} of {predictions['samples']} samples differ, "
            f"by at most {predictions['max_absolute']:.6g}"
        )
    return predictions["state"]
