"""Reading with typed errors, and writing whole files or none."""

from __future__ import annotations

import errno
import os
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from sovereign.errors import DeviceError, NotFound, ParameterError, SovereignError
from sovereign.shell import files

if TYPE_CHECKING:
    from pathlib import Path


def refused(action: object, *arguments: object, **named: object) -> SovereignError:
    assert callable(action)
    with pytest.raises(SovereignError) as caught:
        action(*arguments, **named)
    return caught.value


def test_bytes_come_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\r\n\xff")
    assert files.read_bytes(tmp_path / "a") == b"\r\n\xff"


def test_text_keeps_its_line_breaks(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("é\r\n".encode())
    assert files.read_text(tmp_path / "a") == "é\r\n"


def test_a_missing_file_names_its_like(tmp_path: Path) -> None:
    (tmp_path / "model.apr").touch()
    error = refused(files.read_bytes, tmp_path / "modle.apr")
    assert isinstance(error, NotFound)
    assert error.code == "shell.not_found"
    assert error.detail["nearest"] == [str(tmp_path / "model.apr")]
    assert str(error) == f"there is no such file: `{tmp_path / 'modle.apr'}`"


def test_a_path_below_a_file_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert refused(files.read_bytes, tmp_path / "a" / "b").code == "shell.not_found"


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    error = refused(files.read_bytes, tmp_path)
    assert isinstance(error, ParameterError)
    assert error.code == "shell.not_a_file"


@pytest.mark.parametrize("read", [files.read_bytes, lambda path: files.read_part(path, 0, 1)])
def test_a_pipe_or_device_is_not_waited_for(tmp_path: Path, read: object) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "/dev/zero"):
        error = refused(read, path)
        assert error.code == "shell.not_a_file"
        assert str(error) == f"a file is needed and this is a pipe or device: `{path}`"
    assert refused(read, tmp_path).code == "shell.not_a_file"


def test_a_descriptor_that_is_open_is_read_to_its_end() -> None:
    reader, writer = os.pipe()

    def write() -> None:
        os.write(writer, b"abc")
        os.close(writer)

    late = threading.Timer(0.05, write)
    late.start()
    assert files.read_bytes(f"/dev/fd/{reader}") == b"abc"
    late.join()
    os.close(reader)


def test_a_part_comes_with_the_size_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")
    assert files.read_part(tmp_path / "a", 3, 4) == (b"3456", 10)
    assert files.read_part(tmp_path / "a", 1 << 70, 4) == (b"", 10)


def test_a_file_that_the_system_withholds_is_unreadable() -> None:
    # Even root gets an I/O error at offset zero of its own address space.
    error = refused(files.read_bytes, "/proc/self/mem")
    assert error.code == "shell.unreadable"
    assert str(error) == "the file cannot be read, input/output error: `/proc/self/mem`"


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    assert refused(files.read_bytes, tmp_path / ("x" * 300)).code == "shell.unreadable"
    assert refused(files.write_atomically, tmp_path / ("x" * 300), b"").code == "shell.cannot_write"


def test_bytes_that_are_not_text_say_where(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"ab\xff")
    error = refused(files.read_text, tmp_path / "a")
    assert error.code == "shell.not_utf8"
    assert "at byte 2" in str(error)


def test_a_new_file_is_whole_with_the_mode_of_the_mask(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        files.write_atomically(tmp_path / "a", "é")
    finally:
        os.umask(mask)
    assert (tmp_path / "a").read_bytes() == "é".encode()
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_an_older_file_stays_without_force(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    error = refused(files.write_atomically, tmp_path / "a", "new")
    assert error.code == "shell.exists"
    assert error.detail["fix"] == "`--force` writes over it"
    assert (tmp_path / "a").read_text() == "old"


def test_an_older_file_is_replaced_with_force_and_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o600)
    files.write_atomically(tmp_path / "a", "new", force=True)
    assert (tmp_path / "a").read_text() == "new"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    files.write_atomically(tmp_path / "link", "new", force=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_link_to_nothing_makes_its_target(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")
    files.write_atomically(tmp_path / "link", "new")
    assert (tmp_path / "real").read_text() == "new"


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "require_free", lambda *_a, **_k: (tmp_path / "a").write_text("theirs"))
    assert refused(files.write_atomically, tmp_path / "a", "ours").code == "shell.exists"
    assert (tmp_path / "a").read_text() == "theirs"
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_a_file_system_without_hard_links_is_written_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    files.write_atomically(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "new"
    monkeypatch.setattr(files, "require_free", lambda *_a, **_k: None)
    assert refused(files.write_atomically, tmp_path / "a", "newer").code == "shell.exists"
    assert (tmp_path / "a").read_text() == "new"


def test_nothing_is_left_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "a").write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    error = refused(files.write_atomically, tmp_path / "a", "new", force=True)
    assert isinstance(error, DeviceError)
    assert error.code == "shell.cannot_write"
    assert "no space left on device" in str(error)
    assert (tmp_path / "a").read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_nothing_is_left_when_the_user_stops_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        files.write_atomically(tmp_path / "a", "new")
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_is_written_straight_and_never_replaced(tmp_path: Path) -> None:
    # A pipe of our own and no device: run as root, a defect here would replace a device of the machine.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    files.write_atomically(pipe, b"whole")
    assert pipe.is_fifo()
    assert os.read(reading, 100) == b"whole"
    os.close(reading)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("gone/a", "shell.not_found"),
        ("file/a", "shell.not_a_folder"),
        ("file/b/c", "shell.not_a_folder"),
        ("folder", "shell.not_a_file"),
    ],
)
def test_a_place_that_cannot_hold_the_file_is_refused(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    assert refused(files.require_free, tmp_path / name, force=True).code == code
    assert refused(files.write_atomically, tmp_path / name, b"", force=True).code == code


@pytest.mark.parametrize("old", [None, 0o644])
def test_a_file_that_must_have_a_mode_has_it(tmp_path, old):
    path = tmp_path / "key"
    if old is not None:
        path.write_text("old")
        path.chmod(old)
    files.write_atomically(path, "secret", force=True, mode=0o600)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
