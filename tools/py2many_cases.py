"""Make a folder of cases for `corpus_report.py` out of the test programs of py2many.

Enters: the git directory of a copy of `github.com/py2many/py2many`. Leaves: a folder with one case for each program of
its `tests/cases` and `tests/ext_cases` that CPython runs alone, with the output and exit code that it gives twice under
different hash seeds. What CPython cannot run (a module of py2many itself, or of another distribution) or what answers
differently each time is left out, and listed with its reason. Nothing of the programs stands in this repository.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDERS = ("tests/cases", "tests/ext_cases")
PATIENCE_S = 20


@dataclass(frozen=True)
class Answer:
    """What a run of CPython gave."""

    code: int
    stdout: bytes
    stderr: str


def sources(repository: Path) -> dict[str, str]:
    """The programs by their names."""
    found = {}
    listing = _git(repository, "ls-tree", "-r", "--name-only", "HEAD", *FOLDERS)
    for path in listing.splitlines():
        if path.endswith(".py"):
            found[path.removeprefix("tests/").removesuffix(".py").replace("/", "__")] = _git(
                repository, "show", f"HEAD:{path}"
            )
    return found


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def ask(source: str, seed: str) -> Answer:
    """What CPython says."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "main.py").write_text(source, encoding="utf-8")
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": folder,
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "COLUMNS": "80",
            "PYTHONHASHSEED": seed,
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        finished = subprocess.run(
            [sys.executable, "main.py"],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=PATIENCE_S,
        )
    return Answer(finished.returncode, finished.stdout, finished.stderr.decode("utf-8", "replace"))


def case_of(source: str) -> tuple[Answer | None, str]:
    """What CPython answers, or why this is no case."""
    try:
        compile(source, "main.py", "exec")
        first, second = ask(source, "0"), ask(source, "7919")
    except SyntaxError:
        return None, "no Python"
    except subprocess.TimeoutExpired:
        return None, "no end"
    if "ModuleNotFoundError" in first.stderr or "ImportError" in first.stderr:
        return None, "a module that CPython does not have"
    if (first.code, first.stdout) != (second.code, second.stdout):
        return None, "another answer each time"
    return first, ""


def main() -> int:
    """Write the cases, and say what was left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path, help="the git directory of a copy of py2many")
    parser.add_argument("out", type=Path, help="the folder to write; one that is there is replaced")
    options = parser.parse_args()
    shutil.rmtree(options.out, ignore_errors=True)
    left_out: dict[str, list[str]] = collections.defaultdict(list)
    kept = 0
    for name, source in sources(options.repository).items():
        answer, reason = case_of(source)
        if answer is None:
            left_out[reason].append(name)
            continue
        kept += 1
        folder = options.out / name
        folder.mkdir(parents=True)
        (folder / "main.py").write_text(source, encoding="utf-8")
        (folder / "stdout").write_bytes(answer.stdout)
        (folder / "case.json").write_text(json.dumps({"name": name, "argv": [], "exit_code": answer.code}) + "\n")
    print(f"{kept} cases in {options.out}")
    for reason, names in left_out.items():
        print(f"left out, {reason}: {', '.join(names)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
