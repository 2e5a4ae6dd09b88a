"""Plant every violation of the house at once in a copy of the tree, and see `make check`'s checkers catch each.

Enters: this clone, prepared. Leaves: one line per planted violation, and status 1 if one was not caught.
`make soak` runs it: `.venv/bin/python tests/house/plant_all.py`. The copy lives in a temporary folder and is
checked with the tools of this clone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from house import tree  # noqa: E402

CHECKERS = ("house tests", "import-linter")


class Plant(NamedTuple):
    """One violation: what it is called, how it is planted, and what the checkers must print of it."""

    name: str
    put: Callable[[Path], None]
    caught: str


def _write(name: str, source: str) -> Callable[[Path], None]:
    def put(root: Path) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")

    return put


def _replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def put(root: Path) -> None:
        source = (root / name).read_text(encoding="utf-8")
        assert old in source, f"`{name}` has changed, nothing to spoil: `{old}`"
        (root / name).write_text(source.replace(old, new, 1), encoding="utf-8")

    return put


def _second_pyo3(root: Path) -> None:
    manifest = '[package]\nname = "planted"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n'
    _write("crates/planted/Cargo.toml", manifest + 'py = { package = "pyo3", version = "*" }\n')(root)
    _write("crates/planted/src/lib.rs", "#![no_std]\n")(root)


PLANTS = (
    Plant(
        "an upward import",
        _write("src/sovereign/shell/planted.py", "import sovereign.orchestration.batuta\n"),
        "sovereign.shell.planted -> sovereign.orchestration.batuta",
    ),
    Plant("a second pyo3 crate", _second_pyo3, "a crate may not depend on `pyo3`: `crates/planted`"),
    Plant(
        "a banned file name",
        _write("docs/session-notes.md", "# Notes\n"),
        "a name says when, not what: `docs/session-notes.md`",
    ),
    Plant(
        "an undocumented error code",
        _replace("src/sovereign/errors.py", "= (\n", '= (\n    ErrorCode("shell.planted", ParameterError, "x"),\n'),
        "an error code has no page: `shell.planted`",
    ),
    Plant(
        "a README command that CI does not run",
        _replace("README.md", "make demo\n", "make planted\n"),
        "a command of README is not run by `.ci/run`: `make planted`",
    ),
)


def plant(root: Path) -> None:
    """Copy what would be committed to `root` and spoil it in every way."""
    for name in tree.files(ROOT):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for one in PLANTS:
        one.put(root)


def check(root: Path) -> tuple[int, str]:
    """Status and output of the checkers of `make check` on the tree at `root`."""
    chosen = [word for name in CHECKERS for word in ("--only", name)]
    command = [sys.executable, str(ROOT / "tools" / "check.py"), "--root", str(root), *chosen]
    # import-linter must see the copy's package, not the one that is installed here.
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    finished = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return finished.returncode, finished.stdout + finished.stderr


def main() -> int:
    """Plant, check, and say what was caught."""
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        plant(Path(folder))
        status, output = check(Path(folder))
    missed = [one.name for one in PLANTS if one.caught not in " ".join(output.split())]
    for one in PLANTS:
        print(f"{'MISSED' if one.name in missed else 'caught':<7}{one.name}")
    if missed or status == 0:
        print(output)
    return 1 if missed or status == 0 else 0


if __name__ == "__main__":
    raise SystemExit(main())
