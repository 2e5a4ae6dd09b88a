"""What inspection reads, and that it reads no more."""

from __future__ import annotations

import json

import numpy as np
import pytest

import specimens
from models import layers_model, linear_model, tensor_model
from sovereign.errors import IntegrityError
from sovereign.ml.apr import inspect
from sovereign.ml.apr.inspection import boxes
from sovereign.persistence.container import Compression, Source, Suite, bundle, crypto, wrapped_file


@pytest.fixture(name="reads")
def _reads(monkeypatch):
    """The ranges of the file that are read, as they are asked for."""
    found = []
    read = Source.read

    def counted(self, offset, length):
        found.append((offset, offset + length))
        return read(self, offset, length)

    monkeypatch.setattr(Source, "read", counted)
    return found


def test_only_header_and_metadata_of_a_payload_file_are_read(tmp_path, reads):
    path = tmp_path / "large.apr"
    numbers = np.random.default_rng(0).standard_normal(100_000).astype(np.float32)
    path.write_bytes(linear_model(*numbers.tolist(), compression=Compression.NONE))
    document = inspect(path)
    end = document["sizes"]["header"] + document["sizes"]["metadata"]
    assert document["sizes"]["header"] == 32
    assert max(stop for _, stop in reads) <= end
    assert document["bytes_read"] == sum(stop - start for start, stop in reads) < 1000
    assert path.stat().st_size > 400_000


def test_only_header_metadata_and_index_of_a_tensor_file_are_read(tmp_path, reads):
    path = tmp_path / "large.apr"
    path.write_bytes(tensor_model(large=np.zeros(100_000, np.float32)))
    document = inspect(path)
    assert max(stop for _, stop in reads) <= 512
    assert document["structure"]["parameters"] == 100_011


@pytest.mark.parametrize("compression", [Compression.NONE, Compression.ZSTD])
def test_only_the_beginning_of_a_payload_of_tensors_is_read(tmp_path, reads, compression):
    path = tmp_path / "large.apr"
    numbers = np.random.default_rng(0).standard_normal(1_000_000)
    path.write_bytes(wrapped_file({"coef": numbers, "bias": np.zeros(2)}, {}, compression=compression))
    document = inspect(path)
    assert (document["structure"]["tensors"], document["structure"]["parameters"]) == (2, 1_000_002)
    assert dict(boxes(document)[-1][1])["Content"] == "inside the payload, of which the index was read"
    assert document["bytes_read"] == sum(stop - start for start, stop in reads) < 200_000 < path.stat().st_size // 10


def test_a_payload_that_is_not_the_tensors_it_should_be_leaves_the_rest(tmp_path):
    path = tmp_path / "model.apr"
    path.write_bytes(specimens.a1_tensors(linear_model()))
    document = inspect(path)
    assert "it should be of layout A2, it is: `A1`" in document["structure"]["problem"]
    assert dict(boxes(document)[-1][1])["Problem"] == document["structure"]["problem"]


def test_a_changed_payload_is_not_noticed_and_nothing_else_is_claimed(tmp_path):
    path = tmp_path / "changed.apr"
    data = bytearray(linear_model())
    data[-10] ^= 1
    path.write_bytes(data)
    document = inspect(path)
    assert document["header"]["checksum"] == "present, not checked"
    assert document["header"]["signature"] == "none"


@pytest.mark.parametrize(
    ("data", "layout"),
    [
        (linear_model(), "A1"),
        (tensor_model(), "A2"),
        (layers_model(), "A5"),
        (bundle.bundled({"one": linear_model()}), "A8"),
    ],
)
def test_each_layout_is_named(tmp_path, data, layout):
    path = tmp_path / "model.apr"
    path.write_bytes(data)
    document = inspect(path)
    assert document["layout"] == layout
    assert dict(boxes(document)[0][1])["Layout"].startswith(f"{layout}, ")


def test_metadata_that_cannot_be_read_leave_the_rest(tmp_path):
    path = tmp_path / "model.apr"
    data = bytearray(linear_model())
    data[32] = 0xC1
    path.write_bytes(data)
    document = inspect(path)
    assert document["metadata"] == {}
    assert "MessagePack" in document["metadata_problem"]
    assert "METADATA" in [heading for heading, _ in boxes(document)]


def test_a_file_that_was_cut_is_refused(tmp_path):
    path = tmp_path / "model.apr"
    path.write_bytes(linear_model()[:-1])
    with pytest.raises(IntegrityError) as refused:
        inspect(path)
    assert refused.value.code == "container.truncated"


@pytest.mark.parametrize(
    ("data", "magic", "content"),
    [
        (specimens.ald_tensors(), "ALD\\0", None),
        (specimens.ald_block(), "ALDF", "inside the payload, which was not read"),
        (specimens.a2(()), "APR\\0", "none"),
        (specimens.a6(), "APR\\0", "one model without tensors"),
        (linear_model(), "APRN", "inside the payload, which was not read"),
    ],
)
def test_magic_and_content_are_those_of_the_layout(tmp_path, data, magic, content):
    path = tmp_path / "model.apr"
    path.write_bytes(data)
    document = inspect(path)
    assert document["header"]["magic"] == magic
    assert dict(dict(boxes(document))["STRUCTURE"]).get("Content") == content


@pytest.mark.parametrize("model", [linear_model(), tensor_model()])
def test_a_suite_is_told_only_where_one_is_used(tmp_path, model):
    path = tmp_path / "model.apr"
    path.write_bytes(model)
    assert inspect(path)["header"]["cipher_suite"] is None
    path.write_bytes(crypto.signed(model, crypto.generate(Suite.STANDARD_2025)))
    document = inspect(path)
    assert document["header"]["cipher_suite"] == "standard"
    assert ("Suite", "standard") in dict(boxes(document))["SIGNATURE"]


def test_the_text_of_many_facts_is_bounded(tmp_path):
    path = tmp_path / "model.apr"
    path.write_bytes(specimens.a2(metadata=json.dumps({f"n{count}": count for count in range(1234)}).encode()))
    document = inspect(path)
    facts = dict(boxes(document))["METADATA"]
    assert len(facts) == 101
    assert facts[-1] == ("And", "1,134 further facts, `--json` has all")
    assert len(document["metadata"]) == 1234
    path.write_bytes(specimens.a2(metadata=json.dumps({f"n{count}": count for count in range(100)}).encode()))
    assert len(dict(boxes(inspect(path)))["METADATA"]) == 100
