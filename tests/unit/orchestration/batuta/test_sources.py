"""Which files belong to a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sovereign.errors import ParameterError
from sovereign.orchestration.batuta import sources

if TYPE_CHECKING:
    from pathlib import Path


def test_what_tools_and_stages_made_does_not_belong_to_a_project(tmp_path: Path) -> None:
    for name in (
        "main.py",
        "data/a.csv",
        "__pycache__/main.pyc",
        ".git/config",
        ".hidden",
        "rust/translation.json",
        "rust/src/main.rs",
        "report.html",
        "node_modules/a.js",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("x = 1\n\ny = 2\n")
    found = sources.project_files(tmp_path)
    assert [(each.name, each.language, each.lines) for each in found] == [
        ("main.py", "Python", 2),
        ("data/a.csv", "", 0),
    ]


def test_a_whole_disk_is_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LIMIT", 2)
    for name in "abc":
        (tmp_path / name).write_text("")
    with pytest.raises(ParameterError) as refused:
        sources.project_files(tmp_path)
    assert refused.value.code == "batuta.too_large"


def test_packages_are_those_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import json, numpy.linalg\nfrom own import x\nfrom sklearn import y\n")
    (tmp_path / "own.py").write_text("import numpy\n")
    (tmp_path / "torn.py").write_text("import (\n")
    (tmp_path / "requirements.txt").write_text("# none\nNumPy>=1\npandas==2\n")
    names = ["main.py", "own.py", "torn.py", "requirements.txt"]
    found = sources.imported_packages(tmp_path, names)
    assert found == {
        "NumPy": ["requirements.txt"],
        "numpy": ["main.py", "own.py"],
        "pandas": ["requirements.txt"],
        "sklearn": ["main.py"],
    }


def test_a_fingerprint_follows_names_content_and_facts(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = sources.digest_of(tmp_path, ["a"], "fact")
    assert sources.digest_of(tmp_path, ["a"], "fact") == first
    assert sources.digest_of(tmp_path, ["a"], "other") != first
    assert sources.digest_of(tmp_path, ["a", "b"], "fact") != first
    (tmp_path / "a").write_text("2")
    assert sources.digest_of(tmp_path, ["a"], "fact") != first
