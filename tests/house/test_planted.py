"""Every rule catches what it forbids, and stays silent on what only looks like it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from house import tree
from house.book import RULES
from house.planted import CASES, Case
from house.rules import names, skips

if TYPE_CHECKING:
    from pathlib import Path


def plant(root: Path, files: dict[str, str]) -> Path:
    for name, source in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return root


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case.rule}" for number, case in enumerate(CASES)])
def test_rule_finds_what_is_planted(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "ALLOWED", {})  # what is allowed stands in our tree and in no planted one
    violations = RULES[case.rule](plant(tmp_path, case.files))
    if case.found is None:
        assert violations == []
    else:
        assert len(violations) == 1
        assert case.found in violations[0]


def test_every_rule_has_a_case_of_either_kind() -> None:
    assert {case.rule for case in CASES if case.found} == set(RULES)
    assert {case.rule for case in CASES if case.found is None} | {"ci_can_be_run"} == set(RULES)


def test_runner_with_its_run_bit_is_accepted(tmp_path: Path) -> None:
    (plant(tmp_path, {".ci/run": ""}) / ".ci" / "run").chmod(0o755)
    assert RULES["ci_can_be_run"](tmp_path) == []


def test_built_files_are_not_seen_when_there_is_no_git(tmp_path: Path) -> None:
    built = {".venv/a.py": "", "target/b.rs": "", "src/__pycache__/c.pyc": "", "src/d.so": "", "src/e.py": ""}
    assert tree.files(plant(tmp_path, built)) == ("src/e.py",)


def test_bytes_that_are_not_text_are_passed_by(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\xff\xfe TO" + b"DO")
    assert RULES["debt_is_not_marked"](tmp_path) == []


def test_allowed_name_must_stand_in_the_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "ALLOWED", {"a/test_final.py": "the field's term", "gone/final.py": "was here"})
    found = RULES["names_say_what"](plant(tmp_path, {"a/test_final.py": ""}))
    assert found == ["an allowed name is not in the tree: `gone/final.py`"]


@pytest.mark.parametrize(("today", "count"), [(date(2027, 1, 31), 0), (date(2027, 2, 1), 1)])
def test_skip_holds_through_its_day(today: date, count: int, tmp_path: Path) -> None:
    root = plant(tmp_path, {"tests/test_a.py": "pytest.skip('#12 until 2027-01-31: why')\n"})
    assert len(list(skips.judged(root, today))) == count
