"""Records of a function: lines, frames, workers."""

from __future__ import annotations

import os
import socket
import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.orchestration.serverless.logs import Log, Record, frames

if TYPE_CHECKING:
    from pathlib import Path


def framed(text: str, kind: int = 0xA55A0003, time_us: int = 1) -> bytes:
    data = text.encode()
    return struct.pack(">IIQ", kind, len(data), time_us) + data


@given(st.lists(st.text(max_size=40), max_size=5), st.integers(1, 7))
def test_frames_are_whole_however_they_are_cut(texts: list[str], step: int) -> None:
    whole, held, found = b"".join(map(framed, texts)), bytearray(), []
    for start in range(0, len(whole), step):
        held += whole[start : start + step]
        found += frames(held)
    assert [each.text for each in found] == texts
    assert not held


@pytest.mark.parametrize(
    ("kind", "level", "form"),
    [
        (0xA55A0003, "", "text"),
        (0xA55A0017, "ERROR", "text"),
        (0xA55A000E, "INFO", "json"),
        (0xA55A001A, "FATAL", "json"),
    ],
)
def test_low_byte_says_form_and_level(kind: int, level: str, form: str) -> None:
    assert frames(bytearray(framed("x", kind, 5))) == [Record("frames", "x", level, form, 5)]


@pytest.mark.parametrize("data", [b"x" * 16, framed("", 0xA55A0001), framed("", 0xA55B0003)])
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no frame"):
        frames(bytearray(data))


def test_lines_and_frames_are_read_in_the_background() -> None:
    told: list[Record] = []
    log = Log(told.append)
    for read in (lambda end: log.lines_of("stdout", end), log.frames_of):
        end, start = os.pipe()
        read(end)
        os.write(start, b"one\ntwo\xff" if read != log.frames_of else framed("a\nb") + b"broken broken br")
        os.close(start)
    log.join()
    assert sorted(each.text for each in told)[:3] == ["a\nb", "no frame of a log begins like this: 0x62726f6b", "one"]
    assert log.text("stdout") == "one\ntwo\\xff"


def test_workers_connect_their_streams(tmp_path: Path) -> None:
    log = Log()
    with log.workers_of(tmp_path / "log"):
        for name in (b"first", b"second"):
            with socket.socket(socket.AF_UNIX) as worker:
                worker.connect(str(tmp_path / "log"))
                worker.sendall(name + b"\n")
        while len(log.records) < 2:
            pass
    log.join()
    assert sorted(log.text("worker").split()) == ["first", "second"]
