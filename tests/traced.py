"""What tests of the tracer share: programs to trace, and the command as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus" / "traced"
RENACER = [sys.executable, "-c", "import sys; from sovereign.observability.renacer.cli import main; sys.exit(main())"]
SECONDS = 100


@cache
def program(name: str, folder: Path) -> Path:
    """The compiled program of this name; compiled once in a run."""
    built = folder / name
    source = CORPUS / f"{name}.c"
    subprocess.run(["gcc", "-O1", "-Wall", "-pthread", "-o", built, source], check=True, timeout=SECONDS)
    return built


def renacer(*words: str | os.PathLike[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder; the trace is in its standard error."""
    return run(*RENACER, *words, folder=folder)


def run(*words: str | os.PathLike[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, with an environment that does not change from run to run."""
    environment = {**os.environ, "LC_ALL": "C", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
