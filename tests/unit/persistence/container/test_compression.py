"""Payloads compressed and expanded to exactly the declared size, and bombs stopped before they grow."""

from __future__ import annotations

import subprocess
import sys

import lz4.block
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

import specimens
from sovereign.errors import FormatError, IntegrityError, ParameterError
from sovereign.persistence.container import Compression, LoadConfig, ModelContent, _kernels, open_file, payload_file
from sovereign.persistence.container.compression import compressed

CONTENT = bytes(range(256)) * 40 + b"the end"
WAYS = list(Compression)


def write(tmp_path, data):
    path = tmp_path / "m.apr"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("payload", [b"", b"x", CONTENT, bytes(300_000)], ids=len)
def test_a_payload_comes_back_whole_and_in_pieces(tmp_path, way, payload):
    data = payload_file(ModelContent(payload=payload, metadata={}, compression=way))
    with open_file(write(tmp_path, data), LoadConfig(buffer_bytes=1000)) as file:
        assert file.payload() == payload
        pieces = list(file.payload_pieces())
    assert b"".join(pieces) == payload
    assert all(len(piece) <= 1000 for piece in pieces)


@given(st.sampled_from(WAYS), st.binary(max_size=5000))
def test_whatever_is_compressed_expands_to_itself(way, payload):
    codec = {Compression.NONE: "stored", Compression.LZ4: "lz4-sized"}.get(way, "zstd")
    stored = compressed(payload, way)
    assert _kernels.decompress(codec, stored, len(payload), 0) == payload
    assert stored == compressed(payload, way)


def test_streams_are_those_of_other_programs():
    assert zstandard.ZstdDecompressor().decompressobj().decompress(compressed(CONTENT, Compression.ZSTD)) == CONTENT
    assert lz4.block.decompress(compressed(CONTENT, Compression.LZ4)) == CONTENT
    frame = compressed(CONTENT, Compression.ZSTD_MAX)
    assert zstandard.frame_content_size(frame) == -1
    assert not zstandard.get_frame_parameters(frame).has_checksum


@pytest.mark.parametrize("checksum", [True, False])
@pytest.mark.parametrize("size", [True, False])
@pytest.mark.parametrize("level", [1, 3, 19, 22])
def test_frames_of_any_settings_are_read(level, size, checksum):
    writer = zstandard.ZstdCompressor(level=level, write_content_size=size, write_checksum=checksum)
    assert _kernels.decompress("zstd", writer.compress(CONTENT), len(CONTENT), 0) == CONTENT


def code_of(codec, stored, declared):
    with pytest.raises(IntegrityError) as caught:
        _kernels.decompress(codec, stored, declared, 7)
    return caught.value.code


@pytest.mark.parametrize(
    ("way", "codec"), [(Compression.ZSTD, "zstd"), (Compression.LZ4, "lz4-sized"), (Compression.NONE, "stored")]
)
@pytest.mark.parametrize("declared", [len(CONTENT) - 1, len(CONTENT) + 1, 0])
def test_a_stream_of_another_size_than_declared_is_refused(way, codec, declared):
    assert code_of(codec, compressed(CONTENT, way), declared) in {"container.expansion", "container.stream"}


@pytest.mark.parametrize("cut", range(12))
def test_a_shortened_stream_is_refused(cut):
    stored = compressed(b"12345" * 9, Compression.ZSTD)
    assert code_of("zstd", stored[: len(stored) * cut // 12], 45) in {"container.stream", "container.expansion"}
    stored = compressed(b"12345" * 9, Compression.LZ4)
    assert code_of("lz4-sized", stored[: len(stored) * cut // 12], 45) in {"container.stream", "container.expansion"}


def test_bytes_behind_a_stream_are_refused(tmp_path):
    stored = compressed(CONTENT, Compression.ZSTD)
    assert code_of("zstd", stored + b"\0", len(CONTENT)) == "container.surplus"
    data = specimens.a1(b"\x80", stored + b"\0", raw=len(CONTENT), compression=1)
    with open_file(write(tmp_path, data)) as file:
        for read in (file.payload, lambda: list(file.payload_pieces())):
            with pytest.raises(IntegrityError):
                read()


def test_an_lz4_block_that_claims_more_than_it_can_hold_asks_for_no_memory():
    assert code_of("lz4-block", b"\xf0" * 100, 1 << 30) == "container.expansion"


def test_only_the_known_codecs_are_called():
    with pytest.raises(TypeError):
        _kernels.decompress("gzip", b"", 0, 0)


def test_an_lz4_payload_in_pieces_needs_the_memory_of_all(tmp_path):
    data = payload_file(ModelContent(payload=bytes(5000), metadata={}, compression=Compression.LZ4))
    with open_file(write(tmp_path, data), LoadConfig(max_memory_bytes=4999)) as file:
        with pytest.raises(ParameterError) as caught:
            next(file.payload_pieces())
        assert caught.value.code == "container.memory"


def bomb(expanded):
    """A zstd frame of about `expanded` / 32,768 bytes: blocks that each repeat one byte 131,072 times."""
    blocks = expanded >> 17
    block = lambda is_last: ((1 << 17) << 3 | 1 << 1 | is_last).to_bytes(3, "little") + b"\0"  # noqa: E731
    return b"\x28\xb5\x2f\xfd\x00\x58" + block(0) * (blocks - 1) + block(1)


def test_the_bomb_is_one():
    assert zstandard.ZstdDecompressor().decompressobj().decompress(bomb(1 << 20)) == bytes(1 << 20)


BOMBED = """
import sys
from pathlib import Path
from sovereign.errors import IntegrityError
from sovereign.persistence.container import LoadConfig, open_file

def resident():
    Path("/proc/self/clear_refs").write_text("5")
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines["VmHWM"].split()[0])

def read(path, way):
    with open_file(path, LoadConfig()) as file:
        try:
            file.payload() if way == "whole" else sum(map(len, file.payload_pieces()))
        except IntegrityError as error:
            return error.code
    return "whole"

path, calm, way = sys.argv[1:]
read(calm, way)
before = resident()
code = read(path, way)
lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(code, int(lines["VmHWM"].split()[0]) - before)
"""


@pytest.mark.parametrize("way", ["whole", "pieces"])
@pytest.mark.parametrize("expanded", [10 << 30, 320 << 20])
def test_a_bomb_is_stopped_before_it_grows(tmp_path, way, expanded):
    stored = bomb(expanded)
    calm = write(tmp_path, payload_file(ModelContent(payload=bytes(1000), metadata={}))).rename(tmp_path / "calm.apr")
    path = write(tmp_path, specimens.a1(b"\x80", stored, raw=1 << 20, compression=1))
    words = [sys.executable, "-c", BOMBED, str(path), str(calm), way]
    finished = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    assert finished[0] == "container.expansion"
    assert int(finished[1]) < 8 << 10, f"{finished[1]} KiB"


def test_a_bomb_inside_a_compressed_file_is_stopped():
    data = b"APR2\2" + (1 << 20).to_bytes(4, "little") + bomb(10 << 30)
    with pytest.raises(FormatError) as caught:
        _kernels.decompress_a4(data)
    assert caught.value.code == "container.expansion"
