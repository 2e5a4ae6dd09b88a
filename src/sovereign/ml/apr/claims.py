"""Whether the flags in a header claim what is in the file, and leave nothing out.

Enters: an open file. Leaves: its flags in three lists. A flag that claims what nothing in the file bears out is a
finding: a program that trusts it reads the file wrongly. Content without its flag is worth a warning only, because
programs that encrypt set no other flag. Read `validation.py` next.

| flag | is borne out by |
|------|-----------------|
| ENCRYPTED, SIGNED | what the layout demands beside them, which the structure checks |
| LICENSED, HAS_MODEL_CARD | `license`, `model_card` in the metadata |
| QUANTIZED | a tensor of blocks (Q4, Q8, Q4_K, Q6_K); one of bytes where the metadata have `quantization` |
| SHARDED | `sharding` in the metadata |
| HAS_VOCAB, HAS_FILTERBANK | a tensor or a fact named so; `vocab_size` alone is none |
| LZ4, ZSTD in A2; STREAMING, TRUENO_NATIVE | nothing: no layout that is read has such content |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sovereign.errors import SovereignError
from sovereign.persistence.container import Flag, Layout, TensorFlag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sovereign.persistence.container import ModelFile, Outline

__all__ = ["Claims", "claims_of"]

_BLOCKS = {"Q4", "Q8", "Q4_K", "Q6_K"}
_BYTES = {"I8", "U8"}
# Of datasets in one block; the other flags have sections of their own.
_DATASET = {0x10: "TRUENO_NATIVE"}


class Claims(NamedTuple):
    """Flags by name: those that nothing bears out, those that are missing, and those of which nobody can say."""

    empty: list[str]
    missing: list[str]
    unknown: list[str]


def claims_of(file: ModelFile) -> Claims:
    """Hold the flags of a file to its content, and those of the tensors inside its payload to theirs.

    Errors    FormatError     when the metadata cannot be read.
    """
    found = Claims([], [], [])
    if file.layout is Layout.A1:
        _payload_flags(file, found)
    elif file.layout is Layout.A2:
        _tensor_flags(file.outline, file.metadata, found)
    elif file.layout is Layout.ALD_BLOCK:
        found.empty.extend(name for bit, name in _DATASET.items() if file.outline.flags & bit)
    return found


def _payload_flags(file: ModelFile, found: Claims) -> None:
    header = file.header
    assert header is not None  # the layout has one
    tensors = _tensors_inside(file)
    is_seen = tensors is not None or _is_decoded(file)
    there = {
        Flag.LICENSED: bool(file.metadata.get("license")),
        Flag.HAS_MODEL_CARD: bool(file.metadata.get("model_card")),
        Flag.QUANTIZED: tensors is not None and _is_quantized(tensors, file.metadata),
        Flag.STREAMING: False,
        Flag.TRUENO_NATIVE: False,
    }
    for flag, is_there in there.items():
        name = str(flag.name)
        if flag in header.flags and not is_there:
            (found.unknown if flag is Flag.QUANTIZED and not is_seen else found.empty).append(name)
        elif is_there and flag not in header.flags and flag is not Flag.QUANTIZED:
            found.missing.append(name)
    if tensors is not None:
        _tensor_flags(tensors, file.metadata, found, " of the tensors inside")


def _tensors_inside(file: ModelFile) -> Outline | None:
    try:
        return file.inside
    except SovereignError:  # the check of the payload says why
        return None


def _is_decoded(file: ModelFile) -> bool:
    """Whether all numbers of the payload are known, of which none is quantized."""
    try:
        return file.payload_values() is not None
    except SovereignError:
        return False


def _tensor_flags(outline: Outline, metadata: Mapping[str, Any], found: Claims, where: str = "") -> None:
    flags = TensorFlag(outline.flags)
    names = [name.lower() for name in [*metadata, *(place.name for place in outline.tensors)] if name != "vocab_size"]
    there = {
        TensorFlag.LZ4: False,
        TensorFlag.ZSTD: False,
        TensorFlag.STREAMING: False,
        TensorFlag.SHARDED: bool(metadata.get("sharding")),
        TensorFlag.QUANTIZED: _is_quantized(outline, metadata),
        TensorFlag.HAS_FILTERBANK: any("filterbank" in name or "mel_filters" in name for name in names),
        TensorFlag.HAS_MODEL_CARD: bool(metadata.get("model_card")),
        TensorFlag.HAS_VOCAB: any("vocab" in name or "tokenizer" in name for name in names),
    }
    told = TensorFlag.HAS_MODEL_CARD | TensorFlag.SHARDED | TensorFlag.QUANTIZED
    for flag, is_there in there.items():
        if flag in flags and not is_there:
            found.empty.append(f"{flag.name}{where}")
        elif is_there and flag not in flags and flag in told and not where:
            found.missing.append(str(flag.name))


def _is_quantized(outline: Outline, metadata: Mapping[str, Any]) -> bool:
    dtypes = {place.dtype for place in outline.tensors}
    return bool(dtypes & _BLOCKS) or (bool(dtypes & _BYTES) and bool(metadata.get("quantization")))
