"""Run every checker of the project, two at a time, and say which held.

Enters: a prepared clone. Leaves: one line per checker, the output of those that failed, and status 1 if any did.
`--root` checks another tree with this clone's tools, which is how `make soak` proves that planted violations
are caught.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from sovereign.shell.cache import cargo_target_folder  # noqa: E402

BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
CHECKERS: dict[str, list[str]] = {
    # The slow ones first, so that the two workers end together.
    "clippy": ["cargo", "clippy", "-q", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"],
    "clippy no_std": [
        *("cargo", "clippy", "-q", "-p", "support", "-p", "bootstrap", "--no-default-features"),
        *("--features", "support/bare", "--locked", "--", "-D", "warnings"),
    ],
    "mypy --strict": [PYTHON, "-m", "mypy"],
    "house tests": [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/house"],
    "docs checks": [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/docs"],
    "stubtest": [PYTHON, "-m", "mypy.stubtest", "sovereign._native._core"],
    "import-linter": [str(BIN / "lint-imports"), "--no-cache"],
    "ruff check": [str(BIN / "ruff"), "check", "-q"],
    "ruff format": [str(BIN / "ruff"), "format", "-q", "--check"],
    "rustfmt": ["cargo", "fmt", "--all", "--check"],
    "codespell": [str(BIN / "codespell")],
    "changelog": [str(BIN / "towncrier"), "build", "--draft", "--version", "next"],
}


@dataclass(frozen=True)
class Outcome:
    """How one checker ended."""

    name: str
    status: int
    seconds: float
    output: str


def main() -> int:
    """Run the chosen checkers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=CHECKERS, help="run this checker alone; repeatable")
    parser.add_argument("--root", type=Path, default=ROOT, help="the tree to check")
    options = parser.parse_args()
    names = options.only or list(CHECKERS)
    failed: list[Outcome] = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for future in as_completed([pool.submit(check, name, options.root) for name in names]):
            outcome = future.result()
            verdict = "FAILED" if outcome.status else "ok"
            print(f"{verdict:<7}{outcome.name:<16}{outcome.seconds:6.1f} s", flush=True)
            if outcome.status:
                failed.append(outcome)
    for outcome in failed:
        print(f"\n--- {outcome.name} ---\n{outcome.output.rstrip()}")
    print(f"\n{len(names) - len(failed)} of {len(names)} checks hold")
    return 1 if failed else 0


def check(name: str, root: Path) -> Outcome:
    """Run one checker in `root`; a checker that cannot start has failed."""
    started = time.monotonic()
    environment = {
        **os.environ,
        "CARGO_TARGET_DIR": str(cargo_target_folder(ROOT)),
        "NO_COLOR": "1",
        "NO_MKDOCS_2_WARNING": "1",
        # The tools come from this clone, the package that they judge from the tree.
        "PYTHONPATH": str(root / "src"),
    }
    try:
        finished = subprocess.run(
            CHECKERS[name],
            cwd=root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        status, output = finished.returncode, finished.stdout
    except OSError as error:
        status, output = 2, str(error)
    return Outcome(name, status, time.monotonic() - started, output)


if __name__ == "__main__":
    raise SystemExit(main())
