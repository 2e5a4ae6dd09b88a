"""Conversions: what comes back, what is carried, what is lost, and hostile sources."""

from __future__ import annotations

import builtins
import sys
import tempfile
from pathlib import Path

import msgpack
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from safetensors import safe_open

from models import METADATA, layers_model, linear_model, linear_payload, tensor_model
from sovereign.errors import DeviceError, FormatError, NotFound, ParameterError
from sovereign.persistence.container import (
    Compression,
    ModelContent,
    ModelType,
    bundle,
    open_file,
    payload_file,
    tensor_file,
    wrapped_file,
)
from sovereign.persistence.container.convert import Content, Format, content_of, convert, read_safetensors
from specimens import Tensor, a1, a2, a4


@pytest.fixture(name="read")
def _read(tmp_path):
    """Content of a file with these bytes."""

    def content(data, name="source.apr"):
        (tmp_path / name).write_bytes(data)
        if name.endswith(".safetensors"):
            return read_safetensors(tmp_path / name)
        with open_file(tmp_path / name) as file:
            return content_of(file)

    return content


@pytest.mark.parametrize("between", [Format.A2, Format.SAFETENSORS])
@pytest.mark.parametrize("compression", list(Compression))
@pytest.mark.parametrize("kind", [ModelType.LINEAR_REGRESSION, ModelType.NGRAM_LM])
def test_a_payload_comes_back_byte_by_byte(read, between, compression, kind):
    payload = b"counts of words" if kind is ModelType.NGRAM_LM else None
    data = (
        linear_model(compression=compression)
        if payload is None
        else payload_file(
            ModelContent(payload=payload, model_type=kind, metadata=METADATA, compression=compression, quality_score=7)
        )
    )
    there, report = convert(read(data), between)
    assert report.lost == []
    back, report = convert(read(there, f"there.{between}"), Format.A1)
    assert report.lost == []
    assert back == data


def test_numbers_of_a_payload_stand_beside_it_by_their_way(read, tmp_path):
    data, report = convert(read(linear_model(1.0, 2.0)), Format.A2)
    (tmp_path / "there.apr").write_bytes(data)
    with open_file(tmp_path / "there.apr") as file:
        assert file["coefficients"].tolist() == [1.0, 2.0]
    assert report.carried == ["the payload as the tensor __payload__, its numbers as tensors beside it"]


def test_tensors_of_a_file_without_checksum_get_one(read, tmp_path):
    data, _ = convert(read(layers_model()), Format.A2)
    (tmp_path / "proved.apr").write_bytes(data)
    with open_file(tmp_path / "proved.apr") as file:
        assert file["layers.0.w"].tolist() == [1.0, 2.0]
        assert file.verify().is_proved
        assert file.metadata["by"] == "hand"


def test_a_foreign_tensor_of_our_name_stays_a_tensor(read):
    foreign = tensor_file({"__payload__": np.zeros(3, np.float32)}, {"apr1": "mine"})
    content = read(foreign)
    assert content.payload is None
    assert content.metadata["apr1"] == "mine"
    assert list(content.tensors) == ["__payload__"]


@pytest.mark.parametrize(
    "facts",
    [{}, {"model_type": 3000, "quality_score": 0, "flags": 0}, {"model_type": "a", "quality_score": 0, "flags": 0}],
)
def test_facts_that_are_none_of_a_header_are_refused(read, facts):
    hostile = tensor_file({"__payload__": np.zeros(3, np.uint8)}, {"apr1": facts})
    with pytest.raises(FormatError) as refused:
        read(hostile)
    assert refused.value.code == "container.metadata"


@pytest.mark.parametrize("custom", [{"shape": "a2/1", "family": "tensors"}, {"shape": "sovereign/1"}])
def test_a_payload_that_only_says_it_holds_tensors_is_refused(read, custom):
    data = payload_file(ModelContent(payload=linear_model(), metadata={"custom": custom}))
    with pytest.raises(FormatError) as refused:
        read(data)
    assert refused.value.code == "container.inside"


@pytest.mark.parametrize("layout", ["A8", "A1"])
def test_what_is_not_converted_is_refused(read, layout):
    data = bundle.bundled({"one": linear_model()})
    if layout == "A1":
        from sovereign.persistence.container import Suite, crypto

        data = crypto.encrypted(linear_model(), Suite.LEGACY, password=b"x")
    with pytest.raises(ParameterError) as refused:
        read(data)
    assert refused.value.code == {"A8": "container.layout", "A1": "container.encrypted"}[layout]


@pytest.mark.parametrize("data", [b"", b"no safetensors", tensor_model()])
def test_a_file_that_is_no_safetensors_is_refused(read, data):
    with pytest.raises(FormatError) as refused:
        read(data, "wrong.safetensors")
    assert refused.value.code == "container.safetensors"


def test_a_missing_package_is_named_with_what_brings_it(monkeypatch, read):
    imported = builtins.__import__

    def without(name, *others):
        if name.partition(".")[0] == "safetensors":
            raise ImportError(name)
        return imported(name, *others)

    monkeypatch.delitem(sys.modules, "safetensors", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DeviceError) as refused:
        convert(read(tensor_model()), Format.SAFETENSORS)
    assert refused.value.code == "container.library"
    assert "sovereign-stack[safetensors]" in str(refused.value)


@pytest.mark.parametrize("own", ["important text", {"shape": "other", "family": "mine", "k": 1}, {"custom": 1}, None])
def test_the_users_own_custom_comes_back_from_a1(read, own):
    source = tensor_file({"w": np.zeros(2, np.float32)}, {"custom": own})
    there, report = convert(read(source), Format.A1)
    assert (report.carried[0], report.lost) == ("the metadata custom as custom.custom", [])
    back = read(there)
    assert back.metadata["custom"] == own
    assert list(back.tensors) == ["w"]


def test_a_payload_of_another_family_stays_a_payload(read):
    inside = tensor_model()
    metadata = {"custom": {"shape": "a2/1", "family": "mine"}}
    content = read(payload_file(ModelContent(payload=inside, metadata=metadata)))
    assert content.payload == inside
    assert content.metadata["custom"] == metadata["custom"]


def test_what_a_payload_of_tensors_holds_beside_them_is_told(read):
    brain = (Tensor("w", 2, (2,), bytes(4)),)
    inside = a2(brain, metadata=b'{"note":"mine","param_count":2}', flags=0x420)
    custom = {"shape": "a2/1", "family": "tensors", "k": 1}
    report = read(payload_file(ModelContent(payload=inside, metadata={"custom": custom}))).report
    assert report.carried == ["the tensor w of type BF16 as numbers of type F32"]
    assert report.lost == [
        "the flags of the header: QUANTIZED",
        "the metadata of the file inside the payload: note",
        "facts of `custom` beside those of the payload: k",
    ]


def test_flags_of_the_header_of_tensors_are_lost(read):
    assert read(a2(flags=0x471)).report.lost == ["the flags of the header: LZ4, SHARDED, QUANTIZED, HAS_FILTERBANK"]
    assert read(a2()).report.lost == []


def test_the_types_of_layers_are_lost(read):
    assert read(layers_model()).report.lost == ["the model type `mlp` and the types of the layers"]


def test_compressed_metadata_come_along(read):
    assert read(a4()).metadata == {"model_type": "mlp"}


@pytest.mark.parametrize("target", [Format.A2, Format.SAFETENSORS])
def test_facts_of_a_header_around_tensors_come_along(read, target):
    data = wrapped_file({"w": np.zeros(2)}, {"custom": {"family": "linear"}}, quality_score=7)
    there, report = convert(read(data), target)
    assert report.lost == []
    assert "the facts of the header as the metadata apr1" in report.carried
    assert convert(read(there, f"there.{target}"), Format.A1)[0] == data


def test_metadata_of_the_name_of_the_facts_of_a_header_come_along(read):
    data = linear_model(metadata={"apr1": "mine", "created_at": ""})
    there, report = convert(read(data), Format.A2)
    assert (report.lost, report.carried[0]) == ([], "the metadata apr1 as apr1.own")
    assert convert(read(there), Format.A1)[0] == data


@pytest.mark.parametrize("text", ["json:5", "json:true", "json:", "plain"])
def test_a_text_stays_a_text_through_safetensors(read, text):
    there, report = convert(read(tensor_file({"w": np.zeros(2, np.float32)}, {"note": text})), Format.SAFETENSORS)
    assert ("note" in report.carried[0]) == (text != "plain")
    assert read(there, "there.safetensors").metadata["note"] == text


@pytest.mark.parametrize("target", list(Format))
def test_binary_metadata_become_texts(read, target):
    packed = msgpack.packb({"t": b"\xff\xfe", "deep": [{"u": b""}]})
    data, report = convert(read(a1(kind=255, metadata=packed)), target)
    assert "binary metadata as texts in base64: deep.0.u, t" in report.carried
    assert read(data, f"there.{target}").metadata["t"] == "//4="


@pytest.mark.parametrize(
    ("name", "error", "code"),
    [("gone", NotFound, "shell.not_found"), ("folder", ParameterError, "shell.not_a_file")],
)
def test_a_safetensors_that_is_no_file_is_refused(tmp_path, name, error, code):
    (tmp_path / "folder").mkdir()
    with pytest.raises(error) as refused:
        read_safetensors(tmp_path / name)
    assert refused.value.code == code


# Values that conversions add themselves, and what somebody may have under the same names.
OURS = {"model_type": "linear_regression", "param_count": 29}
FACTS = {"model_type": 255, "quality_score": 7, "flags": 0x20, "compression": 3}
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["custom", "shape", "k"]), inner),
    max_leaves=4,
)
METADATAS = st.fixed_dictionaries(
    {},
    optional={
        "model_type": st.sampled_from(["linear_regression", "custom"]) | VALUES,
        "param_count": st.sampled_from([2, 3, 26, 29]) | VALUES,
        "created_at": st.sampled_from(["", "2025-12-08T14:32:00Z"]) | VALUES,
        "aprender_version": st.sampled_from(["0.1.0"]) | VALUES,
        "custom": st.sampled_from(
            [
                {"family": "tensors", "shape": "sovereign/1"},
                {"family": "linear", "shape": "sovereign/1", "custom": 1},
                {"family": "tensors", "shape": "a2/1"},
            ]
        )
        | VALUES,
        "apr1": st.sampled_from([FACTS, FACTS | {"own": 1}, FACTS | {"added": ["model_type"]}, {}]) | VALUES,
        "added": VALUES,
        "note": VALUES,
    },
)
ARRAYS = {"w": np.arange(2, dtype=np.float32)}


def source(kind: str, metadata: dict[str, object]) -> bytes:
    """A file with these metadata and no others."""
    if kind == "a2":
        return tensor_file(ARRAYS, metadata, is_complete=True)
    if kind == "safetensors":
        content = Content(dict(ARRAYS), dict(metadata))
        return convert(content, Format.SAFETENSORS)[0]
    if kind == "wrapped":
        custom = {"family": "linear", "shape": "sovereign/1", "theirs": metadata.get("custom")}
        payload, kept, model = tensor_file(ARRAYS, is_complete=True), {**metadata, "custom": custom}, ModelType.CUSTOM
    else:
        payload, model = linear_payload(1.0, 2.0, 3.0), ModelType.LINEAR_REGRESSION
        kept = metadata
    new = ModelContent(payload=payload, model_type=model, metadata=kept, is_complete=True, quality_score=3)
    return payload_file(new)


def content_in(folder: str, data: bytes, layout: str) -> Content:
    path = Path(folder) / f"m.{layout}"
    path.write_bytes(data)
    if layout == "safetensors":
        return read_safetensors(path)
    with open_file(path) as file:
        return content_of(file)


WAYS = [
    ("a2", ["a1"]),
    ("a2", ["safetensors"]),
    ("payload", ["a2"]),
    ("payload", ["safetensors"]),
    ("wrapped", ["a2", "a1", "safetensors", "a2"]),
    ("safetensors", ["a1"]),
    ("safetensors", ["a2", "a1"]),
]


@pytest.mark.parametrize(("kind", "ways"), WAYS)
@given(metadata=METADATAS)
@example(metadata=OURS)
@example(metadata={"model_type": "custom", "param_count": 2})
@example(metadata={"model_type": "linear_regression", "param_count": 3, "aprender_version": "0.1.0"})
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_metadata_come_back_as_they_were(kind, ways, metadata):
    data = source(kind, metadata)
    home = {"a2": "a2", "safetensors": "safetensors"}.get(kind, "a1")
    with tempfile.TemporaryDirectory() as folder:
        current, layout = data, home
        for target in [*ways, home]:
            current, report = convert(content_in(folder, current, layout), Format(target))
            assert report.lost == []
            layout = target
        assert stored(folder, current, home) == stored(folder, data, home)
        if home == "a1":
            assert current == data


def stored(folder: str, data: bytes, layout: str) -> str:
    """The metadata of a file as it has them, each value with its type."""
    path = Path(folder) / f"m.{layout}"
    path.write_bytes(data)
    if layout == "safetensors":
        with safe_open(path, "np") as file:
            return repr(sorted((file.metadata() or {}).items()))
    with open_file(path) as file:
        return repr(sorted(file.metadata.items()))
