"""The native reader of the header against its twin in plain Python."""

from __future__ import annotations

import os
import struct
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sovereign.errors import FormatError, IntegrityError, NotFound, ParameterError
from sovereign.persistence.container import (
    Compression,
    Flag,
    Header,
    ModelType,
    Suite,
    _kernels,
    read_header,
    reference,
    verify,
)

BYTE = st.integers(0, 255)


def header(**values):
    fields = {
        "magic": b"APRN",
        "version_major": 1,
        "version_minor": 0,
        "model_type": 6,
        "metadata_size": 3,
        "payload_size": 5,
        "uncompressed_size": 5,
        "compression": 0,
        "flags": 0,
        "quality_score": 95,
        "cipher_suite": 0,
        "cipher_mode": 0,
        "reserved": bytes(7),
        **values,
    }
    return struct.pack("<4sBBHIIIBBBBB7s", *fields.values())


def seal(content):
    return content + struct.pack("<I", zlib.crc32(content))


def file(body=b"\x81\xa1a\x01\x02\x03\x04\x05", **values):
    return seal(header(**values) + body)


def verify_header(data):
    """The header of a whole file, as the native core reads it."""
    return Header.of(_kernels.verify_trailer(data))


def outcome(read, data):
    """What a reader makes of bytes: the header, or code, field and offset of the refusal."""
    try:
        found = read(data)
    except FormatError as error:
        return error.code, error.detail["field"], error.detail["offset"]
    return found if isinstance(found, Header) else Header.of(found)


def same(data):
    """What both readers make of a file."""
    native = outcome(verify_header, data)
    assert native == outcome(reference.verify_trailer, data)
    assert outcome(read_header, data) == outcome(reference.parse_header, data)
    return native


def test_a_valid_file_gives_its_header():
    found = verify_header(file(flags=Flag.LICENSED | Flag.QUANTIZED))
    assert found == Header(
        version_major=1,
        version_minor=0,
        model_type=ModelType.K_MEANS,
        metadata_size=3,
        payload_size=5,
        uncompressed_size=5,
        compression=Compression.NONE,
        flags=Flag.LICENSED | Flag.QUANTIZED,
        quality_score=95,
        cipher_suite=Suite.LEGACY,
        cipher_mode=0,
    )
    assert (found.is_signed, found.is_encrypted) == (False, False)
    assert read_header(header(flags=3)).is_signed
    assert read_header(header(flags=3)).is_encrypted


@pytest.mark.parametrize("kind", [*ModelType, *Compression, *Suite])
def test_every_code_is_read_as_its_member(kind):
    name = {ModelType: "model_type", Compression: "compression", Suite: "cipher_suite"}[type(kind)]
    assert getattr(same(file(**{"version_minor": 1, name: kind})), name) is kind


@pytest.mark.parametrize("length", range(65))
def test_every_length_is_refused_as_too_short_or_something_else(length):
    good = file()
    short = good[:length] if length < len(good) else good + bytes(length - len(good))
    expected = ("container.truncated", "size", length)
    if length > len(good):
        expected = ("container.surplus", "size", len(good))
    assert same(short) == expected if length != len(good) else isinstance(same(short), Header)
    assert same(bytes(length))[0] == ("container.magic" if length else "container.truncated")


@pytest.mark.parametrize("values", [{}, {"flags": 2}, {"version_minor": 1, "cipher_suite": 1}])
def test_every_flipped_bit_is_noticed_by_both(values):
    body = b"\x81\xa1a\x01\x02\x03\x04\x05" + (bytes(96) if values.get("flags") else b"")
    good = file(body, **values)
    assert isinstance(same(good), Header)
    for bit in range(8 * len(good)):
        bad = bytearray(good)
        bad[bit // 8] ^= 1 << (bit % 8)
        assert not isinstance(same(bytes(bad)), Header), bit


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "version_major": st.integers(0, 3),
            "version_minor": st.integers(0, 3),
            "model_type": st.integers(0, 0x1FF),
            "metadata_size": st.sampled_from([0, 3, 4, 2**31, 2**32 - 1]),
            "payload_size": st.sampled_from([0, 5, 101, 2**32 - 40, 2**32 - 1]),
            "uncompressed_size": st.sampled_from([0, 2**30, 2**30 + 1, 2**32 - 1]),
            "compression": BYTE,
            "flags": BYTE,
            "quality_score": BYTE,
            "cipher_suite": st.one_of(BYTE, st.sampled_from([0, 1, 2, 3, 4, 5, 255])),
            "cipher_mode": st.integers(0, 5),
            "reserved": st.sampled_from([bytes(7), b"\1" + bytes(6), bytes(6) + b"\1"]),
        },
    )
)
@example({"metadata_size": 2**32 - 1, "payload_size": 2**32 - 1})
@example({"metadata_size": 2**32 - 32, "payload_size": 0})
@example({"metadata_size": 2**32 - 36, "payload_size": 8})
def test_both_readers_agree_on_any_header(values):
    same(file(**values))


@given(st.binary(max_size=80))
def test_both_readers_agree_on_any_bytes(data):
    same(data)
    same(b"APRN" + data)
    same(b"APRN\1\0" + data)


def test_sizes_near_the_end_of_32_bits_do_not_wrap():
    with pytest.raises(IntegrityError) as caught:
        verify(file(metadata_size=2**32 - 1, payload_size=2**32 - 1, compression=1))
    assert caught.value.detail["expected"] == 2**33 - 2 + 36


@pytest.mark.parametrize(
    ("values", "code", "field", "offset", "message"),
    [
        ({"magic": b"PK\3\4"}, "container.magic", "magic", 0, r"begins with: `PK\x03\x04`"),
        ({"version_major": 2}, "container.version", "version_major", 4, "is not one that is read, it is: `2`"),
        ({"model_type": 0x300}, "container.field", "model_type", 6, "should be a known model type, it is: `768`"),
        ({"quality_score": 101}, "container.field", "quality_score", 22, "from `0` to `100`, it is: `101`"),
        ({"cipher_suite": 7}, "container.field", "cipher_suite", 23, "should be a known cipher suite, it is: `7`"),
        ({"reserved": b"\0\0\1\0\0\0\0"}, "container.field", "reserved", 27, "should be `0`, it is: `1`"),
    ],
)
def test_a_refusal_names_field_offset_and_value(values, code, field, offset, message):
    with pytest.raises(FormatError) as caught:
        verify(file(**values))
    error = caught.value
    assert (error.code, error.detail["field"], error.detail["offset"]) == (code, field, offset)
    assert {"expected", "got"} <= set(error.detail)
    assert message in str(error)


def test_another_checksum_is_told_with_both(tmp_path):
    bad = bytearray(file())
    bad[-1] ^= 0x80
    path = tmp_path / "bad.apr"
    path.write_bytes(bad)
    stored, actual = struct.unpack("<I", bad[-4:])[0], zlib.crc32(bad[:-4])
    for source in (bytes(bad), bad, memoryview(bad), path, str(path)):
        with pytest.raises(IntegrityError) as caught:
            verify(source)
        error = caught.value
        assert error.code == "container.checksum"
        assert (error.detail["expected"], error.detail["got"], error.detail["offset"]) == (stored, actual, 40)
        assert str(error) == f"the file carries the checksum `{stored:#010x}`, its bytes have: `{actual:#010x}`"


@given(st.integers(0, 3), st.sampled_from([0, 5, (1 << 20) - 36, (1 << 20) - 35, (1 << 20) + 1, 3 << 20]))
def test_a_file_is_read_as_its_bytes_are(tmp_path_factory, flips, payload_size):
    path = tmp_path_factory.mktemp("files") / "model.apr"
    content = bytearray(file(os.urandom(payload_size), metadata_size=0, payload_size=payload_size))
    for _ in range(flips):
        content[-5] ^= 1 << flips
    path.write_bytes(content)
    for read in (verify, verify_header):
        results = []
        for place in (path, bytes(content)):
            try:
                results.append(read(place if read is verify else bytes(content)))
            except FormatError as error:
                results.append((error.code, error.detail["field"], error.detail["offset"]))
        assert results[0] == results[1]


def test_paths_that_hold_no_file_are_told_as_by_every_command(tmp_path):
    with pytest.raises(NotFound):
        verify(tmp_path / "missing.apr")
    with pytest.raises(ParameterError):
        verify(tmp_path)


@pytest.mark.parametrize("wrong", [None, 3, [1], memoryview(bytes(100))[::2]])
def test_what_is_no_buffer_is_an_error_of_python_s_own(wrong):
    with pytest.raises((TypeError, BufferError)):
        verify(wrong)
    with pytest.raises((TypeError, BufferError)):
        read_header(wrong)


def test_a_path_that_cannot_be_read_is_told_by_its_code():
    with pytest.raises(ParameterError) as caught:
        verify("a\0b")
    assert caught.value.code == "shell.unreadable"


@pytest.mark.timeout(10)
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ParameterError) as caught:
        verify(tmp_path / "pipe")
    assert caught.value.code == "shell.not_a_file"
