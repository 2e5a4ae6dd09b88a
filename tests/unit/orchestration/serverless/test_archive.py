"""The zip of a function: the same bytes each time, run bits kept, nothing outside of the folder."""

from __future__ import annotations

import stat
import zipfile
from typing import TYPE_CHECKING

import pytest

from sovereign.errors import FormatError
from sovereign.orchestration.serverless.archive import Entry, archive, unpack

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = [Entry("bootstrap", b"\x7fELF" * 100, 0o755), Entry("lib/a.py", b"x = 1\n"), Entry("empty", b"")]


def test_same_files_are_the_same_bytes_in_any_order() -> None:
    assert archive(ENTRIES) == archive(reversed(ENTRIES))


def test_other_tools_read_names_modes_and_content(tmp_path: Path) -> None:
    path = tmp_path / "f.zip"
    path.write_bytes(archive(ENTRIES))
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        assert file.namelist() == ["bootstrap", "empty", "lib/a.py"]
        facts = file.getinfo("bootstrap")
        assert facts.create_system == 3
        assert stat.S_ISREG(facts.external_attr >> 16)
        assert facts.external_attr >> 16 & 0o777 == 0o755
        assert {each.date_time for each in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_unpacked_files_are_those_that_were_packed(tmp_path: Path) -> None:
    path, folder = tmp_path / "f.zip", tmp_path / "out"
    path.write_bytes(archive(ENTRIES))
    folder.mkdir()
    unpack(path, folder)
    for each in ENTRIES:
        assert (folder / each.name).read_bytes() == each.content
        assert (folder / each.name).stat().st_mode & 0o777 == each.mode


@pytest.mark.parametrize("name", ["../out.txt", "/out.txt", "a/../../out.txt"])
def test_archive_that_reaches_out_is_refused(tmp_path: Path, name: str) -> None:
    path, folder = tmp_path / "f.zip", tmp_path / "out"
    path.write_bytes(archive([Entry(name, b"x")]))
    folder.mkdir()
    with pytest.raises(FormatError) as caught:
        unpack(path, folder)
    assert caught.value.code == "serverless.archive"
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "out.txt").exists()


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 40])
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "f.zip"
    path.write_bytes(data)
    with pytest.raises(FormatError, match="a zip file"):
        unpack(path, tmp_path)


def test_archive_that_grows_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sovereign.orchestration.serverless.archive._LIMIT_BYTES", 1000)
    path = tmp_path / "f.zip"
    path.write_bytes(archive([Entry("zeros", b"\0" * 1001)]))
    with pytest.raises(FormatError, match="at most 1,000 bytes"):
        unpack(path, tmp_path)
