"""The checkers that the house leans on catch what is planted, with the configuration of this project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from house import tree

BIN = Path(sys.executable).parent
DOOR = "from sovereign._native import crc32\n\n__all__ = ['crc32']\n"
FIRST = '"""A planted module."""\n\nfrom __future__ import annotations\n\n'


def checked(root: Path, tool: str, *arguments: str) -> tuple[int, str]:
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "NO_COLOR": "1", "COLUMNS": "200"}
    command = [str(BIN / tool), *arguments]
    finished = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    return finished.returncode, finished.stdout + finished.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and the configuration of this checkout, to be spoilt."""
    shutil.copy(tree.ROOT / "pyproject.toml", tmp_path)
    for name in tree.files(tree.ROOT):
        if name.startswith(tree.PACKAGE):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(tree.ROOT / name, tmp_path / name)
    return tmp_path


def spoil(copy: Path, name: str, source: str) -> None:
    (copy / tree.PACKAGE / name).write_text(FIRST + source, encoding="utf-8")


def test_layers_hold_when_nothing_is_planted(copy: Path) -> None:
    status, output = checked(copy, "lint-imports", "--no-cache")
    assert status == 0, output


@pytest.mark.parametrize(
    ("name", "source", "edge"),
    [
        (
            "persistence/container/planted.py",
            "from sovereign.orchestration.batuta import cli\n",
            "sovereign.persistence.container.planted -> sovereign.orchestration.batuta",
        ),
        (
            "shell/planted.py",
            "def f() -> None:\n    import sovereign.compute.trueno\n",
            "sovereign.shell.planted -> sovereign.compute.trueno",
        ),
        (
            "migration/rust/planted.py",
            "from sovereign import catalogue\n",
            "sovereign.migration.rust.planted -> sovereign",
        ),
        ("persistence/planted.py", "", "planted"),
    ],
    ids=["upward", "upward-in-function", "front-door", "unlisted-child"],
)
def test_import_linter_catches_a_planted_import(copy: Path, name: str, source: str, edge: str) -> None:
    spoil(copy, name, source)
    status, output = checked(copy, "lint-imports", "--no-cache")
    assert status != 0
    assert edge in output.replace("\n", " ")


@pytest.mark.parametrize(
    ("name", "source", "rule"),
    [
        ("persistence/container/planted.py", DOOR, "TID251"),
        ("shell/planted.py", "import numpy as np\n", "TID253"),
        ("shell/planted.py", "from rich.table import Table\n", "TID253"),
        ("shell/planted.py", "from . import cache\n", "TID252"),
        (
            "shell/planted.py",
            "def f(x: int) -> int:\n" + "".join(f"    if x == {n}:\n        x += 1\n" for n in range(10)),
            "C901",
        ),
    ],
    ids=["door", "numpy", "rich", "relative", "complexity"],
)
def test_ruff_catches_a_planted_line(copy: Path, name: str, source: str, rule: str) -> None:
    spoil(copy, name, source)
    status, output = checked(
        copy, "ruff", "check", "--no-cache", "--output-format", "concise", f"{tree.PACKAGE}/{name}"
    )
    assert status == 1
    assert rule in output


def test_ruff_lets_kernels_open_the_door(copy: Path) -> None:
    spoil(copy, "persistence/container/_kernels.py", DOOR)
    _, output = checked(copy, "ruff", "check", "--no-cache", f"{tree.PACKAGE}/persistence/container/_kernels.py")
    assert "TID251" not in output
