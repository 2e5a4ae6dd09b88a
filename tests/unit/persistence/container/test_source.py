"""A file that is read by offset: what it counts, what it refuses, and that it notices a file which shrinks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models import tensor_model
from sovereign.errors import FormatError, IntegrityError, NotFound, ParameterError
from sovereign.persistence.container import LoadConfig, LoadingMode, Source, open_file, verify


@pytest.fixture(name="path")
def _path(tmp_path):
    path = tmp_path / "numbers.bin"
    path.write_bytes(bytes(range(100)))
    return path


def test_bytes_are_read_by_offset_and_counted(path):
    with Source(path) as source:
        assert (source.size, source.path) == (100, str(path))
        assert source.read(10, 3) == b"\x0a\x0b\x0c"
        assert source.read(100, 0) == b""
        buffer = bytearray(4)
        source.read_into(96, memoryview(buffer))
        assert bytes(buffer) == b"\x60\x61\x62\x63"
        assert source.bytes_read == 7


def test_a_file_that_was_cut_is_noticed_at_the_next_read(path):
    with Source(path) as source:
        os.truncate(path, 50)
        assert source.read(0, 50) == bytes(range(50))
        for read in (lambda: source.read(40, 20), lambda: source.read_into(40, memoryview(bytearray(20)))):
            with pytest.raises(IntegrityError) as caught:
                read()
            assert caught.value.code == "container.truncated"
            assert caught.value.detail == {
                "path": str(path),
                "field": "size",
                "offset": 50,
                "expected": 100,
                "got": 50,
            }
        with pytest.raises(IntegrityError):
            verify(source)


def test_a_closed_file_is_not_read(path):
    source = Source(path)
    source.close()
    source.close()
    assert source.is_closed
    for read in (lambda: source.read(0, 1), lambda: source.read_into(0, memoryview(bytearray(1)))):
        with pytest.raises(ParameterError) as caught:
            read()
        assert caught.value.code == "container.closed"


def test_a_handle_is_given_back_whatever_happens(path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        with pytest.raises(FormatError):
            verify(path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_refusal_of_the_bytes_carries_the_path(path):
    with pytest.raises(FormatError) as caught:
        verify(path)
    assert caught.value.detail["path"] == str(path)
    assert caught.value.code == "container.magic"


@pytest.mark.parametrize(
    ("name", "error", "code"),
    [
        ("missing", NotFound, "shell.not_found"),
        ("", ParameterError, "shell.not_a_file"),
        ("numbers.bin/below", NotFound, "shell.not_found"),
        ("a\0b", ParameterError, "shell.unreadable"),
    ],
)
def test_what_is_no_file_is_told_as_by_every_command(path, name, error, code):
    with pytest.raises(error) as caught:
        Source(f"{path.parent}/{name}")
    assert caught.value.code == code


def test_devices_are_refused():
    with pytest.raises(ParameterError) as caught:
        Source("/dev/zero")
    assert caught.value.code == "shell.not_a_file"


def test_what_the_system_refuses_to_read_is_told(path):
    with Source(path) as source:
        with pytest.raises(ParameterError) as caught:
            source.read(-1, 1)
        assert caught.value.code == "shell.unreadable"


@pytest.mark.parametrize("mode", list(LoadingMode))
@pytest.mark.parametrize("offset", [1, 4095, 4096, 5000])
def test_a_part_of_a_file_is_a_file_of_its_own(tmp_path, mode, offset):
    path, data = tmp_path / "whole", tensor_model()
    path.write_bytes(b"x" * offset + data + b"y" * 9)
    with Source(path) as whole:
        part = whole.window(offset, len(data))
        within = part.window(4, 2)
    with part, within:
        assert part.read(0, 4) == b"APR\0"
        assert within.read(0, 2) == bytes([2, 0])
        with open_file(part, LoadConfig(mode=mode)) as file:
            file.verify()
            kept = file["weight"]
        assert not part.is_closed
    assert kept.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_part_of_a_file_that_was_cut_says_how_long_the_file_was(tmp_path):
    path = tmp_path / "whole"
    path.write_bytes(bytes(100))
    with Source(path) as whole, whole.window(50, 40) as part:
        os.truncate(path, 60)
        with pytest.raises(IntegrityError) as refused:
            part.read(0, 40)
    assert (refused.value.detail["expected"], refused.value.detail["got"]) == (100, 60)
