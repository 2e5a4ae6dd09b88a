from __future__ import annotations

import tomllib

import pytest

from sovereign.errors import ParameterError
from sovereign.migration.rust.project import manifest, write_project


def test_a_project_holds_its_files_and_a_manifest(tmp_path):
    write_project(tmp_path, "my-shapes", {"src/main.rs": "fn main() {}\n"}, dependencies={"libm": "0.2"})
    assert (tmp_path / "src/main.rs").read_text() == "fn main() {}\n"
    read = tomllib.loads((tmp_path / "Cargo.toml").read_text())
    assert read["package"] == {"name": "my-shapes", "version": "0.1.0", "edition": "2021"}
    assert read["dependencies"] == {"libm": "0.2"}
    assert read["profile"]["release-ultra"] == {
        "inherits": "release", "opt-level": "z", "lto": "fat", "incremental": False
    }  # fmt: skip


def test_a_dependency_may_be_a_table():
    text = manifest("a", {"predict": '{ path = "../predict", default-features = false }'})
    assert tomllib.loads(text)["dependencies"]["predict"] == {"path": "../predict", "default-features": False}


@pytest.mark.parametrize("name", ["", "1a", "a b", "a/b"])
def test_a_name_that_cargo_does_not_take_is_refused(tmp_path, name):
    with pytest.raises(ParameterError) as caught:
        write_project(tmp_path, name, {})
    assert caught.value.code == "rust.project"


@pytest.mark.parametrize("place", ["/etc/passwd", "../outside", "src/../../outside"])
def test_a_file_outside_of_the_project_is_refused(tmp_path, place):
    with pytest.raises(ParameterError):
        write_project(tmp_path / "inside", "a", {place: ""})
    assert not (tmp_path / "inside").exists()
