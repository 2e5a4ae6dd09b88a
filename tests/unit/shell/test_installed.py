"""What is installed, read from its files."""

from __future__ import annotations

import importlib.metadata
import sys
from typing import TYPE_CHECKING

import pytest

from sovereign.errors import DeviceError, NotFound
from sovereign.shell.installed import Distribution, EntryPoint, distributions, entry_points, normalised

if TYPE_CHECKING:
    from pathlib import Path

POINTS = """[console_scripts]
a = wrong:main

[sovereign.commands]
# a comment
apr = sovereign.ml.apr.cli:main
spaced   =   some.room.cli : main [extra]

[sovereign.commands.further]
third = wrong:main
"""


def plant(folder: Path, name: str, points: str = "") -> str:
    info = folder / f"{name}.dist-info"
    info.mkdir(parents=True)
    (info / "entry_points.txt").write_text(points)
    return str(folder)


def test_entry_points_of_a_group_are_read(tmp_path: Path) -> None:
    path = [plant(tmp_path, "Some_Rooms-1.2", POINTS)]
    assert entry_points("sovereign.commands", path) == {
        "apr": EntryPoint("apr", "sovereign.ml.apr.cli", "main", "some-rooms"),
        "spaced": EntryPoint("spaced", "some.room.cli", "main", "some-rooms"),
    }


def test_another_group_stays_empty(tmp_path: Path) -> None:
    assert entry_points("sovereign.selftests", [plant(tmp_path, "a-1", POINTS)]) == {}


def test_the_first_distribution_of_a_name_hides_the_others(tmp_path: Path) -> None:
    path = [plant(tmp_path / "one", "my.room-2"), plant(tmp_path / "two", "My_Room-1", POINTS)]
    assert list(distributions(path)) == [Distribution("my-room", "2", f"{path[0]}/my.room-2.dist-info")]
    assert entry_points("sovereign.commands", path) == {}


def test_of_two_entry_points_of_one_name_the_first_counts(tmp_path: Path) -> None:
    path = [plant(tmp_path / "one", "b-1", "[g]\nx = b:main"), plant(tmp_path / "two", "a-1", "[g]\nx = a:main")]
    assert entry_points("g", path)["x"].module == "b"


def test_places_that_are_no_folder_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "archive.zip").touch()
    assert list(distributions([str(tmp_path / "archive.zip"), str(tmp_path / "gone")])) == []


def test_entry_points_that_are_not_text_are_passed_over(tmp_path: Path) -> None:
    path = [plant(tmp_path, "a-1")]
    (tmp_path / "a-1.dist-info" / "entry_points.txt").write_bytes(b"[g]\n\xff")
    assert entry_points("g", path) == {}


@pytest.mark.parametrize("group", ["console_scripts", "pytest11"])
def test_the_answer_is_that_of_the_standard_library(group: str) -> None:
    theirs = {each.name: each.value.replace(" ", "") for each in importlib.metadata.entry_points(group=group)}
    ours = {name: f"{each.module}:{each.attribute}".rstrip(":") for name, each in entry_points(group).items()}
    assert theirs
    assert ours == {name: value.split("[")[0] for name, value in theirs.items()}


def test_versions_are_those_of_the_standard_library() -> None:
    ours = {each.name: each.version for each in distributions()}
    assert ours["numpy"] == importlib.metadata.version("numpy")
    assert ours["pytest-timeout"] == importlib.metadata.version("pytest-timeout")


@pytest.mark.parametrize(
    ("source", "summary"),
    [
        ('"""One line."""', "One line."),
        ('#!/usr/bin/python\n# comment\n\n"""First.\n\nMore."""', "First."),
        ("'Short.'", "Short."),
        ('r"""\n"""', ""),
        ('"""A \x1b[31mred line."""', "A \\x1b[31mred line."),
        ("import os\n", ""),
        ("", ""),
    ],
)
def test_a_summary_is_the_first_line_of_the_docstring(tmp_path: Path, source: str, summary: str) -> None:
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "cli.py").write_text(source)
    assert EntryPoint("x", "room.cli", "main", "d").summary([str(tmp_path / "gone"), str(tmp_path)]) == summary


def test_a_summary_does_not_import_the_room(tmp_path: Path) -> None:
    (tmp_path / "trap.py").write_text('"""A trap."""\nraise SystemExit')
    assert EntryPoint("x", "trap", "main", "d").summary([str(tmp_path)]) == "A trap."
    assert "trap" not in sys.modules


def test_a_module_that_is_not_there_has_no_summary(tmp_path: Path) -> None:
    assert EntryPoint("x", "gone.cli", "main", "d").summary([str(tmp_path)]) == ""


def test_an_entry_point_hands_out_its_object() -> None:
    assert EntryPoint("x", "sovereign.shell.installed", "EntryPoint.load", "d").load() is EntryPoint.load


@pytest.mark.parametrize(("module", "attribute"), [("sovereign.nowhere", "main"), ("sovereign.errors", "nothing")])
def test_an_entry_point_that_leads_nowhere_is_a_typed_error(module: str, attribute: str) -> None:
    with pytest.raises(DeviceError, match="`x` of `d` cannot be loaded") as caught:
        EntryPoint("x", module, attribute, "d").load()
    assert caught.value.code == "shell.plugin"


def test_an_error_of_ours_passes_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = 'from sovereign.errors import NotFound\nraise NotFound("x.y", "gone", name="a", nearest=[])'
    (tmp_path / "refusing_room.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(NotFound, match="gone"):
        EntryPoint("x", "refusing_room", "main", "d").load()


def test_names_are_compared_in_normal_form() -> None:
    assert normalised("A.b__C") == "a-b-c"
