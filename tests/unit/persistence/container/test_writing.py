"""New files: the same bytes on every run, whole or not there, and read back as they were written."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import specimens
from sovereign.errors import FormatError, ParameterError
from sovereign.persistence.container import (
    Compression,
    Flag,
    ModelContent,
    ModelType,
    open_file,
    outline,
    payload_file,
    read_header,
    reference,
    save,
    tensor_file,
    verify,
)

GOLDEN = {
    "weights": np.array([1, 2, 0.5, -0.5, 4, -2, 0.25, 8], np.float32),
    "bias": np.array([0.125], np.float32),
}
GOLDEN_METADATA = {
    "model_type": "linear_regression",
    "name": "golden-v2",
    "version": "0.0.0-golden",
    "created_at": "1700000000",
    "total_size": 36,
    "param_count": 8,
}
DTYPES = [np.float32, np.float16, np.float64, np.int32, np.int64, np.int8, np.uint8]


def test_the_golden_model_of_the_peer_has_as_many_bytes_as_with_the_peer():
    data = tensor_file(GOLDEN, GOLDEN_METADATA)
    assert len(data) == 516
    described = specimens.json.dumps(GOLDEN_METADATA, sort_keys=True, separators=(",", ":")).encode()
    tensors = [specimens.Tensor(name, 0, GOLDEN[name].shape, GOLDEN[name].tobytes()) for name in sorted(GOLDEN)]
    assert data == specimens.a2(tuple(tensors), described)


def test_a_file_of_a_payload_is_that_of_the_table():
    data = payload_file(
        ModelContent(
            payload=b"12345",
            model_type=ModelType.K_MEANS,
            metadata={"created_at": "x", "aprender_version": "y"},
            compression=Compression.NONE,
        )
    )
    expected = b"\x82\xb0aprender_version\xa1y\xaacreated_at\xa1x"
    assert data == specimens.a1(expected)


SCRIPT = """
import sys
import numpy as np
from sovereign.persistence.container import ModelContent, bundle, payload_file, tensor_file
names = {"alpha", "beta", "gamma", "delta"}
tensors = {name: np.arange(5, dtype=np.float32) for name in names}
metadata = {name: {other: 1 for other in names} for name in names}
one = payload_file(ModelContent(payload=b"x" * 1000, metadata=metadata))
two = tensor_file(tensors, metadata)
sys.stdout.buffer.write(one + two + bundle.bundled({"b": two, "a": one}))
"""


def test_the_same_content_gives_the_same_bytes_in_every_process():
    seen = set()
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1700000000"}
        seen.add(
            subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, check=True).stdout
        )
    assert len(seen) == 1
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000001"}
    seen.add(subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, check=True).stdout)
    assert len(seen) == 2
    assert seen.pop().count(b"2023-11-14T22:13:2") == 4


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
        st.sampled_from(DTYPES).flatmap(
            lambda d: arrays.arrays(d, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5))
        ),
        max_size=6,
    )
)
def test_any_arrays_come_back_as_they_were(tmp_path_factory, tensors):
    path = tmp_path_factory.mktemp("m") / "m.apr"
    save(path, tensors)
    found, is_proved = reference.verify(path.read_bytes())
    assert is_proved
    assert all(offset % 64 == 0 for _, _, _, offset, _ in found["tensors"])
    with open_file(path) as file:
        assert set(file) == set(tensors)
        for name, expected in tensors.items():
            assert file[name].dtype == expected.dtype
            assert file[name].shape == expected.shape
            assert file[name].tobytes() == expected.tobytes()


@pytest.mark.parametrize(
    "make",
    [lambda x: x.T, lambda x: x[::2], lambda x: x[:, ::-1], lambda x: x.astype(">f4"), np.asfortranarray],
)
def test_arrays_of_any_layout_are_stored_in_order(tmp_path, make):
    array = make(np.arange(12, dtype=np.float32).reshape(4, 3))
    save(tmp_path / "m.apr", {"w": array})
    with open_file(tmp_path / "m.apr") as file:
        assert np.array_equal(file["w"], array)
        assert file["w"].dtype == np.dtype("<f4")


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(2, bool),
        np.zeros(2, np.uint16),
        np.zeros(2, complex),
        np.zeros(2, object),
        np.array("text"),
        np.zeros(2, "M8[s]"),
        np.zeros(2, np.longdouble),
    ],
)
def test_types_that_the_layout_does_not_have_are_refused(array):
    with pytest.raises(ParameterError) as caught:
        tensor_file({"w": array})
    assert caught.value.code == "container.dtype"
    assert caught.value.detail["name"] == "w"


@pytest.mark.parametrize("name", ["", "x" * 257, "ä" * 129])
def test_names_that_are_empty_or_too_long_are_refused(name):
    with pytest.raises(FormatError) as caught:
        tensor_file({name: np.zeros(1, np.float32)})
    assert caught.value.detail["field"] == "tensor.name_size"


def test_a_tensor_of_too_many_dimensions_is_refused():
    with pytest.raises(FormatError) as caught:
        tensor_file({"w": np.zeros((1,) * 9, np.float32)})
    assert caught.value.detail["field"] == "tensor.dimensions"


def test_flags_follow_from_the_metadata():
    content = ModelContent(payload=b"", metadata={"license": {"tier": "x"}, "model_card": {}}, flags=Flag.QUANTIZED)
    assert read_header(payload_file(content)).flags == Flag.LICENSED | Flag.QUANTIZED
    content = ModelContent(payload=b"", metadata={"model_card": {"a": 1}})
    assert read_header(payload_file(content)).flags == Flag.HAS_MODEL_CARD


@pytest.mark.parametrize(("score", "flags", "field"), [(101, 0, "quality_score"), (0, 0x80, "flags")])
def test_a_header_that_no_reader_takes_is_not_written(score, flags, field):
    with pytest.raises(FormatError) as caught:
        payload_file(ModelContent(payload=b"", metadata={}, quality_score=score, flags=flags))
    assert caught.value.detail["field"] == field


def test_a_payload_beyond_the_layout_is_refused():
    class Huge(bytes):
        def __len__(self):
            return (1 << 30) + 1

    with pytest.raises(ParameterError) as caught:
        payload_file(ModelContent(payload=Huge(), metadata={}))
    assert caught.value.code == "container.parameter"


def test_a_file_is_not_overwritten_unless_told(tmp_path):
    path = tmp_path / "m.apr"
    save(path, {"w": np.zeros(1, np.float32)})
    before = path.read_bytes()
    with pytest.raises(ParameterError) as caught:
        save(path, {"w": np.ones(1, np.float32)})
    assert caught.value.code == "shell.exists"
    assert path.read_bytes() == before
    save(path, {"w": np.ones(1, np.float32)}, force=True)
    assert path.read_bytes() != before


def test_nothing_is_left_of_content_that_cannot_be_written(tmp_path):
    path = tmp_path / "m.apr"
    save(path, {"w": np.zeros(1, np.float32)})
    before = path.read_bytes()
    for content in ({"w": np.zeros(1, bool)}, {"": np.zeros(1, np.float32)}):
        with pytest.raises((ParameterError, FormatError)):
            save(path, content, force=True)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == before


# Saves over and over, large enough that a kill mostly comes while it writes.
SAVER = """
import sys
import numpy as np
from sovereign.persistence.container import save
path, value = sys.argv[1], float(sys.argv[2])
content = {f"w{n}": np.full(1 << 16, value, np.float32) for n in range(8)}
print("ready", flush=True)
while True:
    save(path, content, force=True)
"""


def start(path, value):
    words = [sys.executable, "-c", SAVER, str(path), str(value)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_killed_writer_leaves_the_old_file_or_the_new_one(tmp_path):
    path, chance = tmp_path / "m.apr", random.Random(8)  # noqa: S311 - delays
    save(path, {f"w{n}": np.full(1 << 16, -1, np.float32) for n in range(8)})
    unfinished = 0
    for round_number in range(8):
        process = start(path, round_number)
        time.sleep(chance.random() * 0.03)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert verify(path).is_proved
        with open_file(path) as file:
            values = {float(value) for name in file for value in np.unique(file[name])}
        assert len(values) == 1
        beside = [each for each in tmp_path.iterdir() if each != path]
        unfinished += len(beside)
        for each in beside:
            each.unlink()
    assert unfinished > 0, "no kill came while a file was written"


def test_two_writers_at_once_do_not_mix(tmp_path):
    path = tmp_path / "m.apr"
    save(path, {f"w{n}": np.full(1 << 16, 1, np.float32) for n in range(8)})
    writers, seen = [start(path, 1), start(path, 2)], set()
    try:
        until = time.monotonic() + 1
        while time.monotonic() < until:
            with open_file(path) as file:
                file.verify()
                values = {float(value) for name in file for value in (file[name][0], file[name][-1])}
            assert len(values) == 1
            seen |= values
    finally:
        for process in writers:
            process.kill()
            process.wait()
            process.stdout.close()
    assert seen == {1.0, 2.0}


def test_what_is_written_is_accepted_by_the_twin():
    for data in (tensor_file(GOLDEN), payload_file(ModelContent(payload=b"x", metadata={}))):
        assert reference.verify(data)[1]
        assert outline(data) == verify(data).outline


def test_metadata_beside_a_content_that_has_its_own_is_refused(tmp_path):
    content = ModelContent(payload=b"weights", metadata={})
    with pytest.raises(ParameterError) as caught:
        save(tmp_path / "m.apr", content, metadata={"name": "lost"})
    assert caught.value.code == "container.parameter"
    assert not (tmp_path / "m.apr").exists()
