"""Tensors inside a payload: handed out as those of A2 are, and only when every byte around them is accounted for."""

from __future__ import annotations

import struct
from pathlib import Path

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import linear_model
from sovereign.errors import FormatError, NotFound, ParameterError
from sovereign.persistence.container import (
    Compression,
    Limits,
    LoadConfig,
    LoadingMode,
    ModelContent,
    ModelType,
    Suite,
    VerificationLevel,
    crypto,
    inside,
    open_file,
    payload_file,
    save,
    tensor_file,
    verify,
    wrapped_file,
)
from specimens import Tensor, a1, a1_tensors, a2

HOSTILE = sorted((Path(__file__).parents[3] / "hostile" / "inside").glob("*.apr"))
TENSORS = {
    "coef": np.arange(6, dtype=np.float64).reshape(2, 3),
    "classes": np.array([3, 5], np.int64),
    "scalar": np.array(2.5, np.float32),
    "none": np.zeros((0, 4), np.uint8),
}
METADATA = {"custom": {"family": "linear", "estimator": "Ridge"}, "created_at": "2025-12-08T14:32:00Z"}


@pytest.fixture(name="path")
def _path(tmp_path):
    path = tmp_path / "model.apr"
    path.write_bytes(wrapped_file(TENSORS, METADATA))
    return path


@pytest.mark.parametrize("mode", list(LoadingMode))
@pytest.mark.parametrize("compression", list(Compression))
def test_tensors_are_those_that_were_written(tmp_path, mode, compression):
    (tmp_path / "model.apr").write_bytes(wrapped_file(TENSORS, METADATA, compression=compression))
    config = LoadConfig(mode=mode, verification=VerificationLevel.PARANOID)
    with open_file(tmp_path / "model.apr", config) as file:
        assert list(file) == sorted(TENSORS)
        assert len(file) == 4
        assert "coef" in file
        assert "cof" not in file
        for name, array in TENSORS.items():
            assert (file[name].dtype, file[name].shape) == (array.dtype, array.shape)
            assert file[name].tobytes() == array.tobytes() == b"".join(file.stream(name))
            assert not file[name].flags.writeable
            assert file.place(name).shape == array.shape
            assert file.place(name).offset % 64 == 0
        kept = file["coef"]
        assert file.metadata["custom"] == {**METADATA["custom"], "shape": "sovereign/1"}
    assert kept.tolist() == TENSORS["coef"].tolist()


def test_the_same_content_gives_the_same_bytes_in_any_order(path):
    other = dict(reversed(list(TENSORS.items())))
    assert wrapped_file(other, dict(reversed(list(METADATA.items())))) == path.read_bytes()


def test_a_missing_name_is_refused_with_its_like(path):
    with open_file(path) as file, pytest.raises(NotFound) as refused:
        file["cof"]
    assert refused.value.detail["nearest"] == ["coef"]


def test_the_payload_is_expanded_once(path, monkeypatch):
    from sovereign.persistence.container import file as module

    calls = []
    expand = module.decompressed
    monkeypatch.setattr(module, "decompressed", lambda *given: calls.append(given) or expand(*given))
    with open_file(path) as file:
        assert calls == []
        for name in file:
            file.decoded(name)
        assert len(calls) == 1
        assert file.bytes_held >= file.header.uncompressed_size


def test_a_payload_is_not_expanded_beyond_the_memory_that_may_be_used(path):
    config = LoadConfig(max_memory_bytes=100)
    with open_file(path, config) as file:
        with pytest.raises(ParameterError) as refused:
            list(file)
        assert refused.value.code == "container.memory"


def test_the_index_takes_no_more_of_the_payload_than_it_needs(tmp_path):
    chance = np.random.default_rng(1)
    large = {f"t{n}": chance.standard_normal(100_000) for n in range(4)}
    for compression in (Compression.NONE, Compression.ZSTD):
        (tmp_path / "large.apr").write_bytes(wrapped_file(large, {}, compression=compression))
        with open_file(tmp_path / "large.apr", LoadConfig(mode=LoadingMode.LAZY_SECTION)) as file:
            assert [place.name for place in file.inside.tensors] == list(large)
            assert file.bytes_read < 200_000 < file.size_bytes // 10


def test_a_payload_of_something_else_has_no_tensors(tmp_path):
    for data in (linear_model(), a1(b"\x80", b"12345", kind=255), a2()):
        (tmp_path / "other.apr").write_bytes(data)
        with open_file(tmp_path / "other.apr") as file:
            assert file.inside is None
            assert (file.expanded is None) is True


def test_only_a_custom_model_may_hold_tensors(tmp_path):
    content = ModelContent(
        payload=tensor_file(TENSORS),
        model_type=ModelType.KNN,
        metadata={"custom": {"family": "neighbors", "shape": "sovereign/1"}},
    )
    save(tmp_path / "model.apr", content)
    with open_file(tmp_path / "model.apr") as file:
        assert list(file) == []


def test_files_from_before_the_shape_had_our_name_are_read(tmp_path):
    content = ModelContent(payload=tensor_file(TENSORS), metadata={"custom": {"family": "tensors", "shape": "a2/1"}})
    save(tmp_path / "model.apr", content)
    with open_file(tmp_path / "model.apr") as file:
        assert file["coef"].tolist() == TENSORS["coef"].tolist()


def test_an_encrypted_payload_says_so_instead_of_having_no_tensors(path, tmp_path):
    locked = crypto.encrypted(path.read_bytes(), Suite.LEGACY, password=b"secret")
    (tmp_path / "locked.apr").write_bytes(locked)
    with open_file(tmp_path / "locked.apr") as file:
        assert list(file) == []
        with pytest.raises(ParameterError) as refused:
            file["coef"]
        assert refused.value.code == "container.encrypted"


def test_a_wrapped_file_can_be_signed_as_a_whole(path, tmp_path):
    key = crypto.generate(Suite.STANDARD_2025)
    store = crypto.TrustStore(tmp_path / "trust.json")
    store.add("me", key.public)
    (tmp_path / "signed.apr").write_bytes(crypto.signed(path.read_bytes(), key))
    with open_file(tmp_path / "signed.apr", LoadConfig(trust=store)) as file:
        file.verify()
        assert file["coef"].tolist() == TENSORS["coef"].tolist()


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda path: path.stem)
def test_a_hostile_payload_is_refused_as_its_readme_says(hostile):
    lines = (hostile.parent / "README.md").read_text().splitlines()
    (code,) = (line.split("|")[2].strip(" `") for line in lines if line.startswith(f"| `{hostile.name}` |"))
    assert verify(hostile).is_proved  # the file around it is whole
    with open_file(hostile) as file:
        for look in (list, lambda file: file["weights"], lambda file: file.expanded):
            with pytest.raises(FormatError) as refused:
                look(file)
            assert refused.value.code == code
            assert refused.value.detail["inside"] == "payload"
            assert refused.value.detail["path"] == str(hostile)
            assert str(refused.value).startswith("the file of tensors inside the payload is refused, ")


def test_every_flipped_bit_of_the_inner_file_is_noticed_under_a_right_outer_checksum(tmp_path):
    image, path = a2(), tmp_path / "flipped.apr"
    unnoticed = []
    for bit in range(8 * len(image)):
        changed = bytearray(image)
        changed[bit // 8] ^= 1 << (bit % 8)
        path.write_bytes(a1_tensors(bytes(changed)))
        with open_file(path) as file:
            try:
                list(file)
            except FormatError:
                continue
        unnoticed.append(bit)
    assert unnoticed == []


@pytest.mark.parametrize("compression", [Compression.NONE, Compression.ZSTD, Compression.LZ4])
def test_a_damaged_stream_is_told_of_the_payload_and_not_of_the_tensors(tmp_path, compression):
    data = bytearray(wrapped_file(TENSORS, {}, compression=compression))
    data[16:20] = (int.from_bytes(data[16:20], "little") + 1).to_bytes(4, "little")
    (tmp_path / "wrong.apr").write_bytes(data)
    if compression is Compression.NONE:
        with pytest.raises(FormatError):
            open_file(tmp_path / "wrong.apr")
        return
    with open_file(tmp_path / "wrong.apr") as file:
        with pytest.raises(FormatError) as refused:
            list(file)
        assert refused.value.code == "container.expansion"
        assert "inside" not in refused.value.detail


def test_a_level_that_checks_nothing_hands_out_changed_numbers(tmp_path):
    changed = bytearray(a2())
    changed[a2().index(struct.pack("<2f", 1.0, 2.0))] ^= 1
    (tmp_path / "changed.apr").write_bytes(a1_tensors(bytes(changed)))
    with open_file(tmp_path / "changed.apr", LoadConfig(verification=VerificationLevel.UNSAFE_SKIP)) as file:
        assert file["weights"].tolist() != [1.0, 2.0]


def test_an_index_that_is_larger_than_allowed_is_refused(tmp_path):
    many = tuple(Tensor(f"t{number:04}", 7, (1,), b"\1") for number in range(100))
    (tmp_path / "many.apr").write_bytes(a1_tensors(a2(many)))
    with open_file(tmp_path / "many.apr", LoadConfig(limits=Limits(entries=99))) as file:
        for look in (list, lambda file: file.inside):
            with pytest.raises(FormatError) as refused:
                look(file)
            assert refused.value.code == "container.limit"


PLAIN = st.recursive(
    st.none() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["family", "shape", "custom", "n"]), inner, max_size=4)
        | st.fixed_dictionaries(
            {"family": st.sampled_from(["tensors", "linear"]), "shape": st.sampled_from(["sovereign/1", "a2/1"])},
            optional={"custom": inner, "n": inner},
        )
    ),
    max_leaves=6,
)


@given(PLAIN, st.booleans())
def test_custom_comes_back_from_around_whatever_it_is(custom, is_there):
    outside = inside.around(custom if is_there else None, is_there=is_there)
    assert outside["shape"] == "sovereign/1"
    assert inside.own(outside) == ({"custom": custom} if is_there else {})


@given(PLAIN.filter(lambda value: isinstance(value, dict) and value.get("shape") == "sovereign/1"))
def test_custom_around_tensors_comes_back_from_theirs(outside):
    theirs = inside.own(outside)
    assert inside.around(theirs.get("custom"), is_there=bool(theirs)) == outside


@pytest.mark.parametrize(
    ("given_custom", "written"),
    [
        ({"family": "linear"}, {"family": "linear", "shape": "sovereign/1"}),
        ({"k": 1}, {"family": "tensors", "shape": "sovereign/1", "custom": {"k": 1}}),
        (None, {"family": "tensors", "shape": "sovereign/1", "custom": None}),
        (
            {"family": "linear", "shape": "mine"},
            {"family": "tensors", "shape": "sovereign/1", "custom": {"family": "linear", "shape": "mine"}},
        ),
    ],
)
def test_custom_says_what_the_tensors_are(tmp_path, given_custom, written):
    (tmp_path / "model.apr").write_bytes(wrapped_file(TENSORS, {"custom": given_custom}))
    with open_file(tmp_path / "model.apr") as file:
        assert file.metadata["custom"] == written
        assert list(file) == sorted(TENSORS)


def test_metadata_that_cannot_be_read_are_refused_before_the_payload(tmp_path):
    packed = msgpack.packb({"custom": {"shape": "sovereign/1"}})[:-1]
    (tmp_path / "model.apr").write_bytes(a1(packed, a2(), kind=255))
    with open_file(tmp_path / "model.apr") as file, pytest.raises(FormatError) as refused:
        list(file)
    assert refused.value.code == "container.metadata"


def test_a_payload_that_only_says_it_holds_tensors_is_refused(tmp_path):
    custom = {"custom": {"shape": "a2/1", "family": "tensors"}}
    (tmp_path / "model.apr").write_bytes(payload_file(ModelContent(payload=linear_model(), metadata=custom)))
    with open_file(tmp_path / "model.apr") as file, pytest.raises(FormatError) as refused:
        list(file)
    assert refused.value.code == "container.inside"
