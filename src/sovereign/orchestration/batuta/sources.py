"""The files of a project: which belong to it, in which language each is, what they import, and their fingerprint.

Enters: a folder. Leaves: `ProjectFile`s by path, and digests by which the stages know what changed. Nothing is run.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import ParameterError
from sovereign.migration.rust import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["ProjectFile", "digest_of", "imported_packages", "project_files", "tools_digest"]

_LANGUAGES = {
    ".py": "Python",
    ".ruchy": "Ruchy",
    ".rs": "Rust",
    ".c": "C",
    ".h": "C",
    ".cc": "C++",
    ".cpp": "C++",
    ".hpp": "C++",
    ".js": "JavaScript",
    ".ts": "TypeScript",
    ".go": "Go",
    ".java": "Java",
    ".sh": "Shell",
}
_SKIPPED = frozenset("__pycache__ node_modules target dist build site venv".split())
"""Folders that tools make; those that begin with a dot are left out as well."""
_MADE = ("translation.json", "report.html")
"""What a stage writes; a folder with the first of them holds a translation."""
LIMIT = 20_000
"""So many files may a project have; more is somebody's whole disk."""
_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """One file: its path inside the project, its language (empty for data), and its lines that are not blank."""

    name: str
    language: str
    lines: int


def project_files(folder: Path) -> list[ProjectFile]:
    """The files of a project, without what tools and stages made.

    Errors    ParameterError batuta.too_large   when there are more than `LIMIT`.
    """
    found = []
    for path in _walk(folder):
        language = _LANGUAGES.get(path.suffix, "")
        lines = 0
        if language:
            lines = sum(1 for line in path.read_bytes().splitlines() if line.strip())
        found.append(ProjectFile(path.relative_to(folder).as_posix(), language, lines))
        if len(found) > LIMIT:
            text = f"a project has up to {LIMIT:,} files, name a folder with less: `{folder}`"
            raise ParameterError("batuta.too_large", text, name="folder", value=str(folder), allowed=LIMIT)
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = sorted(
            each
            for each in folders
            if each not in _SKIPPED and not each.startswith(".") and not (here / each / _MADE[0]).is_file()
        )
        for name in sorted(names):
            path = here / name
            if name not in _MADE and not name.startswith(".") and path.is_file():
                yield path


def digest_of(folder: Path, names: Sequence[str], *facts: object) -> str:
    """The fingerprint of files and of what else a result depends on."""
    digest = hashlib.sha256(repr(facts).encode())
    for name in names:
        path = folder / name
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


@cache
def tools_digest() -> str:
    """The fingerprint of what translates, builds and compares: another version of it makes kept results void."""
    package = FOLDER.parents[2]
    digest = hashlib.sha256(sys.version.encode())
    for part in ("migration", "orchestration", "observability", "ml", "_native"):
        for path in sorted((package / part).rglob("*")):
            if path.suffix in {".py", ".rs", ".ld", ".so"}:
                facts = path.stat()
                digest.update(f"{path.relative_to(package)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def imported_packages(folder: Path, names: Sequence[str]) -> dict[str, list[str]]:
    """The packages from elsewhere that Python files import, each with the files that do; the library is left out.

    What the files of requirements name counts as well, with the file that names it.
    """
    own = {Path(name).parts[0].removesuffix(".py") for name in names}
    found: dict[str, list[str]] = {}
    for name in names:
        path = folder / name
        wanted: list[str] = []
        if path.suffix == ".py":
            wanted = [each for each in _imports(path) if each not in own and each not in sys.stdlib_module_names]
        elif path.name.startswith("requirements") and path.suffix == ".txt":
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            wanted = [match[1] for line in lines if (match := _REQUIREMENT.match(line))]
        for package in dict.fromkeys(wanted):
            found.setdefault(package, []).append(name)
    return dict(sorted(found.items()))


def _imports(path: Path) -> Iterator[str]:
    try:
        module = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (each.name.split(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]
