"""Whether a file is whole and what it says it is: every proof that its layout allows, each with a verdict.

Enters: a path and the keys that are trusted. Leaves: a document of checks. A check that fails does not keep the others
from being made, as far as they can be. A file is valid when no check failed and a checksum covers its content; what
could not be looked at is "not assessed", and says why. Read `tensors.py` next.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from sovereign.errors import FormatError, GateFailed, ParameterError, SovereignError
from sovereign.ml.apr import claims
from sovereign.ml.apr.facts import ErrorDocument, error_document
from sovereign.persistence.container import (
    Compression,
    Layout,
    LoadConfig,
    LoadingMode,
    Role,
    VerificationLevel,
    bundle,
    card,
    compression,
    convert,
    crypto,
    embedded,
    inside,
    licence,
    open_file,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from os import PathLike

    from sovereign.persistence.container import Header, ModelFile, Source

__all__ = [
    "Check",
    "Examined",
    "ValidateDocument",
    "Verdict",
    "document_of",
    "examine",
    "is_valid",
    "require_valid",
    "validate",
]


class Verdict(StrEnum):
    """How a check ended."""

    OK = "ok"
    FAILED = "failed"
    WARNING = "warning"
    """It is not as it should be, and nothing is wrong because of it."""
    NOT_PROVABLE = "not provable"
    """The layout has nothing that could prove it."""
    NOT_ASSESSED = "not assessed"
    """It was not looked at, and the evidence says why."""


class Check(NamedTuple):
    """One line of the answer: what was checked, how it ended, and what was seen."""

    name: str
    verdict: Verdict
    evidence: str
    code: str | None = None
    offset: int | None = None


class CheckDocument(TypedDict):
    """A check as JSON; `code` and `offset` belong to a failure."""

    name: str
    verdict: str
    evidence: str
    code: str | None
    offset: int | None


class Examined(NamedTuple):
    """A file with its checks, or with the error because of which there are none."""

    path: str
    layout: Layout | None
    checks: list[Check]
    error: SovereignError | None = None


class FileDocument(TypedDict):
    """The checks of one file; `error` says why it could not be read."""

    file: str
    layout: str | None
    is_valid: bool
    checks: list[CheckDocument]
    error: ErrorDocument | None


class ValidateDocument(TypedDict):
    """What `apr validate --json` prints."""

    files: list[FileDocument]
    is_valid: bool


_UNCHECKED = LoadConfig(mode=LoadingMode.LAZY_SECTION, verification=VerificationLevel.UNSAFE_SKIP)
# A bundle may hold bundles; each level is a call deeper, and nobody needs many.
_MOST_LEVELS = 8
_DATASET_SIZE, _DATASET_COMPRESSION = slice(16, 20), 20


def validate(
    path: str | PathLike[str], store: crypto.TrustStore, *, allow_unknown: bool = False
) -> tuple[Layout | None, list[Check]]:
    """Make every check of a file; the layout is None where its headers are none.

    `allow_unknown` accepts a signature that holds under a key that is not trusted.

    Errors    NotFound        when there is no such file.
              ParameterError  when it may not be read.
    Cost      reads the file about three times; the payload is expanded in memory.
    """
    return _validate(path, store, allow_unknown=allow_unknown, level=1)


def examine(path: str, store: crypto.TrustStore, *, allow_unknown: bool = False) -> Examined:
    """As `validate`, but a file that cannot be read keeps nobody from looking at the next."""
    try:
        return Examined(path, *validate(path, store, allow_unknown=allow_unknown))
    except SovereignError as error:
        return Examined(path, None, [], error)


def _validate(
    path: str | PathLike[str] | Source, store: crypto.TrustStore, *, allow_unknown: bool, level: int
) -> tuple[Layout | None, list[Check]]:
    """The checks of a file that stands in `level - 1` bundles."""
    try:
        file = open_file(path, _UNCHECKED)
    except FormatError as error:
        return None, [_failure("structure", error)]
    with file:
        content = _content(file)
        checks = [_metadata(file)]
        checks += _payload(file)
        checks += _flags(file)
        checks += [_signature(file, store, allow_unknown=allow_unknown), *_statements(file)]
        if file.layout is Layout.A8:
            inside, proved = _models(file, store, allow_unknown=allow_unknown, level=level)
            content, checks = _beside_models(content, proved, len(file.outline.entries)), checks + inside
        return file.layout, [_structure(file), content, *checks]


def is_valid(checks: Sequence[Check]) -> bool:
    """Whether nothing failed and the content is proved."""
    return not any(check.verdict in {Verdict.FAILED, Verdict.NOT_PROVABLE} for check in checks)


def document_of(files: Sequence[Examined]) -> ValidateDocument:
    """The checks of several files."""
    told = [_file(each) for each in files]
    return {"files": told, "is_valid": all(file["is_valid"] for file in told)}


def _file(found: Examined) -> FileDocument:
    told: list[CheckDocument] = [
        {
            "name": check.name,
            "verdict": str(check.verdict),
            "evidence": check.evidence,
            "code": check.code,
            "offset": check.offset,
        }
        for check in found.checks
    ]
    return {
        "file": found.path,
        "layout": found.layout and str(found.layout),
        "is_valid": found.error is None and is_valid(found.checks),
        "checks": told,
        "error": None if found.error is None else error_document(found.error),
    }


def require_valid(document: ValidateDocument) -> None:
    """Refuse files that are not valid.

    Errors    GateFailed  `apr.invalid`, with the first of them.
    """
    wrong = [file["file"] for file in document["files"] if not file["is_valid"]]
    if wrong:
        count, whole = len(wrong), len(document["files"])
        message = (
            f"{count} of {whole} files {'is' if count == 1 else 'are'} not proved valid, the first is: `{wrong[0]}`"
        )
        raise GateFailed("apr.invalid", message, rule="valid", measured=whole - count, required=whole)


def _structure(file: ModelFile) -> Check:
    """Opening read the headers and indexes, which holds the rules of `layout.outline`."""
    count = len(file.outline.sections)
    return Check("structure", Verdict.OK, f"{file.layout}, {count} sections fill all {file.size_bytes} bytes")


def _content(file: ModelFile) -> Check:
    """Padding and checksum, over every byte."""
    try:
        verdict = file.verify()
    except FormatError as error:
        return _failure("checksum" if error.code == "container.checksum" else "content", error)
    if verdict.is_proved:
        return Check("checksum", Verdict.OK, "it holds over every byte before it")
    return Check("checksum", Verdict.NOT_PROVABLE, "no checksum: not provable")


def _metadata(file: ModelFile) -> Check:
    try:
        facts = file.metadata
    except FormatError as error:
        return _failure("metadata", error)
    return Check("metadata", Verdict.OK, f"well-formed, {len(facts)} facts" if facts else "the file has none")


_FLAGS_AT = {Layout.A1: 21, Layout.A2: 6, Layout.ALD_BLOCK: 21}


def _flags(file: ModelFile) -> Iterator[Check]:
    """Whether the flags in the header claim what is in the file; layouts without flags have no such check."""
    if file.layout not in _FLAGS_AT:
        return
    try:
        found = claims.claims_of(file)
    except FormatError:  # `_metadata` says why
        return
    if found.empty:
        evidence = f"claimed, and nothing of it is in the file: {', '.join(found.empty)}"
        yield Check("flags", Verdict.FAILED, evidence, "container.field", _FLAGS_AT[file.layout])
    elif found.missing:
        yield Check("flags", Verdict.WARNING, f"in the file, and no flag says so: {', '.join(found.missing)}")
    elif found.unknown:
        evidence = f"claimed of a payload that is not decoded: {', '.join(found.unknown)}"
        yield Check("flags", Verdict.NOT_ASSESSED, evidence)
    else:
        yield Check("flags", Verdict.OK, "each is borne out by the content")


def _payload(file: ModelFile) -> Iterator[Check]:
    """Whether the payload is what the header says: its size when expanded, its shape, all of its bytes used."""
    if file.layout is Layout.A4 or file.outline.tensors:
        yield _tensors(file)
    if file.layout is Layout.ALD_BLOCK:
        yield from _rows(file)
    elif file.layout in _NOT_EXPANDED:
        yield Check("payload", Verdict.NOT_ASSESSED, _NOT_EXPANDED[file.layout])
    if file.header is None:
        return
    if file.header.is_encrypted:
        yield _locked(file, file.header)
        return
    if _claims_tensors(file, file.header):
        yield from _inside(file, file.header)
        return
    try:
        values = file.payload_values()
    except FormatError as error:
        yield _failure("payload", error)
        return
    yield _expanded(file.header)
    if values is None:
        kind = file.header.model_type.name.lower()
        yield Check("payload shape", Verdict.NOT_ASSESSED, f"no shape is known for the type {kind}")
    else:
        yield Check("payload shape", Verdict.OK, "its fields use up every byte")


def _expanded(header: Header) -> Check:
    return Check("payload", Verdict.OK, f"{header.uncompressed_size} bytes when expanded, as declared")


def _claims_tensors(file: ModelFile, header: Header) -> bool:
    try:
        return inside.is_claimed(header, file.metadata)
    except FormatError:  # `_metadata` says why
        return False


def _inside(file: ModelFile, header: Header) -> Iterator[Check]:
    """Whether the payload is the file of tensors that it should be, from its first byte to its own checksum."""
    try:
        assert file.expanded is not None  # the metadata claim it
        outline = inside.outline_of(file.expanded[0], _UNCHECKED.limits)
    except FormatError as error:
        is_inside = "inside" in error.detail
        if is_inside:
            yield _expanded(header)
        yield _failure("payload shape" if is_inside else "payload", error)
        return
    yield _expanded(header)
    count = len(outline.sections)
    evidence = f"{outline.layout}, {count} sections fill all {outline.size} bytes, its checksum holds"
    yield Check("payload shape", Verdict.OK, f"a file of tensors: {evidence}")
    yield _tensors(file)


_NOT_EXPANDED = {
    Layout.A6: "as long as its algorithm says, its numbers were not looked at",
    Layout.ALD_STREAM: "its chunks were not expanded",
}


def _locked(file: ModelFile, header: Header) -> Check:
    """What an encrypted payload says in clear; the rest nobody sees without the key."""
    try:
        crypto.require_lock(header, file.section(Role.PAYLOAD) if header.payload_size else b"")
    except SovereignError as error:
        return _failure("payload", error)
    return Check("payload", Verdict.NOT_ASSESSED, "it is encrypted")


def _rows(file: ModelFile) -> Iterator[Check]:
    """Whether the rows of a dataset expand to the size in its header; what they say is not read."""
    if file.outline.section(Role.ENCRYPTION):
        yield Check("payload", Verdict.NOT_ASSESSED, "it is encrypted")
        return
    head, found = bytes(file.section(Role.HEADER)), file.outline.section(Role.PAYLOAD)
    size, way = int.from_bytes(head[_DATASET_SIZE], "little"), Compression(head[_DATASET_COMPRESSION])
    try:
        rows = file.section(Role.PAYLOAD) if found else b""
        compression.require_rows(rows, way, size, found.offset if found else len(head))
    except FormatError as error:
        yield _failure("payload", error)
        return
    yield Check("payload", Verdict.OK, f"{size} bytes when expanded, as declared")
    yield Check("payload shape", Verdict.NOT_ASSESSED, "schema and rows of a dataset are not read")


def _tensors(file: ModelFile) -> Check:
    """Names, overlaps and sizes were checked with the index; those of A4 are there once it is expanded."""
    try:
        count = len(file)
    except FormatError as error:
        return _failure("tensors", error)
    return Check("tensors", Verdict.OK, f"{count} with names of their own, each as large as its shape and type say")


def _signature(file: ModelFile, store: crypto.TrustStore, *, allow_unknown: bool) -> Check:
    try:
        found = crypto.check(file.source, store)
    except SovereignError as error:
        return _failure("signature", error)
    match found.state:
        case crypto.SignatureState.UNSIGNED:
            return Check("signature", Verdict.OK, "the file is not signed")
        case crypto.SignatureState.TRUSTED:
            return Check("signature", Verdict.OK, f"trusted, by {found.signer}")
        case crypto.SignatureState.UNKNOWN_KEY:
            verdict = Verdict.OK if allow_unknown else Verdict.FAILED
            evidence = f"it holds under a key that is not trusted: {found.fingerprint}"
            return Check("signature", verdict, evidence, None if allow_unknown else "container.unknown_key")
    return Check("signature", Verdict.FAILED, "it does not hold", "container.signature")


def _statements(file: ModelFile) -> Iterator[Check]:
    """What the metadata states and can be held to: licence, model card, embedded data."""
    try:
        metadata = file.metadata
    except FormatError:
        return
    if not isinstance(metadata.get("license"), str | None):  # layout A2 names a licence by a text such as `MIT`
        yield _held("licence", licence.findings(metadata))
    if metadata.get("model_card") is not None:
        malformed = [text for text in card.findings(metadata) if "does not answer" not in text]
        yield _held("model card", malformed)
    custom = metadata.get("custom")
    if isinstance(custom, dict) and custom.get("test_data") is not None:
        yield _embedded(custom["test_data"])
    yield from _counted(file, metadata)


def _counted(file: ModelFile, metadata: Mapping[str, object]) -> Iterator[Check]:
    """Whether the metadata states as many numbers as there are, where the tensors are listed.

    The bytes of a payload that was carried over from layout A1 count as numbers where `apr convert` has counted. A
    count that came along from A1 is that of the model, which has more than its lists of numbers.
    """
    told = metadata.get("param_count")
    if told is None:
        return
    try:
        if not (file.layout is Layout.A4 or file.outline.tensors or file.inside):
            return
        count = sum(math.prod(file.place(name).shape) for name in file)
    except FormatError:  # `_tensors` says why
        return
    beside = count - _carried_bytes(file, metadata)
    if type(told) is int and told in {count, beside}:
        yield Check("parameter count", Verdict.OK, f"{told}, as stated")
    elif type(told) is int and told > 0 and beside != count and not _is_counted_here(metadata):
        evidence = f"the model in the payload should have {told}, of which {beside} are listed"
        yield Check("parameter count", Verdict.NOT_ASSESSED, evidence)
    else:
        evidence = f"the metadata should state {count} parameters, as many as the tensors have, it states: `{told}`"
        yield Check("parameter count", Verdict.FAILED, evidence, "container.metadata")


def _carried_bytes(file: ModelFile, metadata: Mapping[str, object]) -> int:
    """Bytes of a payload of layout A1 that stands among the tensors; 0 where there is none."""
    is_carried = isinstance(metadata.get("apr1"), dict) and convert.PAYLOAD in file
    return math.prod(file.place(convert.PAYLOAD).shape) if is_carried else 0


def _is_counted_here(metadata: Mapping[str, object]) -> bool:
    """Whether the number was added when the payload was carried over, so that it counts all."""
    facts = metadata.get("apr1")
    added = facts.get("added") if isinstance(facts, dict) else None
    return isinstance(added, list) and "param_count" in added


def _held(name: str, findings: Sequence[str]) -> Check:
    return Check(name, Verdict.FAILED if findings else Verdict.OK, "; ".join(findings) or "well-formed")


def _embedded(facts: object) -> Check:
    try:
        if not isinstance(facts, dict):
            message = f"the embedded data should be a map, it is: `{type(facts).__name__}`"
            raise FormatError("container.data", message, field="custom.test_data", offset=0)
        data = embedded.read_data(facts)
    except SovereignError as error:
        return _failure("embedded data", error)
    rows, columns = data.X.shape
    return Check("embedded data", Verdict.OK, f"{rows} samples of {columns} features, from {data.provenance.source}")


def _models(file: ModelFile, store: crypto.TrustStore, *, allow_unknown: bool, level: int) -> tuple[list[Check], int]:
    """Each model of a bundle, checked where it stands as a file of its own; how many a checksum proves."""
    if level >= _MOST_LEVELS and file.outline.entries:
        name = file.outline.entries[0].name
        message = f"models should stand in at most {_MOST_LEVELS - 1} bundles, deeper is: `{name}`"
        return [Check("models", Verdict.FAILED, message, "container.limit", file.outline.entries[0].offset)], 0
    told, proved = [], 0
    for entry, part in bundle.each_part(file.source):
        _, checks = _validate(part, store, allow_unknown=allow_unknown, level=level + 1)
        proved += any(check.name == "checksum" and check.verdict is Verdict.OK for check in checks)
        told += [
            check._replace(name=f"{entry.name}: {check.name}", offset=_moved(check.offset, entry.offset))
            for check in checks
        ]
    return told, proved


def _beside_models(content: Check, proved: int, count: int) -> Check:
    """A bundle has no checksum over its names and description, however well its models are proved: that is said."""
    if content.verdict is not Verdict.NOT_PROVABLE or not count:
        return content
    evidence = f"no checksum over names and description: not provable; {proved} of {count} models are proved"
    return content._replace(evidence=evidence)


def _moved(offset: int | None, start: int) -> int | None:
    return None if offset is None else offset + start


def _failure(name: str, error: SovereignError) -> Check:
    if isinstance(error, ParameterError) and error.code == "container.layout":
        return Check(name, Verdict.NOT_ASSESSED, str(error))
    # An offset in a payload is none in the file.
    offset = None if "inside" in error.detail else error.detail.get("offset")
    return Check(name, Verdict.FAILED, str(error), error.code, offset if isinstance(offset, int) else None)
