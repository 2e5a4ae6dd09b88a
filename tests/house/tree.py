"""The tree that a house rule looks at: this checkout, or a small planted one in a temporary folder.

A rule is a function `rule(root: Path) -> list[str]` that returns one sentence per violation and nothing on a
good tree. The same function judges the checkout (`test_tree.py`) and is proved on planted trees
(`test_planted.py`). Read `rules/` next.
"""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUILT = {".git", ".venv", "target", "dist", "site", "__pycache__", "node_modules"}
LOCKS = {
    "Cargo.lock",
    "crates/container/fuzz/Cargo.lock",
    "requirements/bench.lock",
    "requirements/bootstrap.lock",
    "requirements/develop.lock",
}
LAYERS = ("compute", "persistence", "ml", "observability", "migration", "agency", "orchestration")
PACKAGE = "src/sovereign"

Rule = Callable[[Path], list[str]]


@cache
def files(root: Path) -> tuple[str, ...]:
    """Every file that is or would be committed, relative to `root`, sorted."""
    found = _from_git(root) if (root / ".git").exists() else _from_disk(root)
    return tuple(sorted(name for name in found if (root / name).is_file()))


def _from_git(root: Path) -> list[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name]


def _from_disk(root: Path) -> list[str]:
    names = (path.relative_to(root) for path in root.rglob("*"))
    return [name.as_posix() for name in names if not any(_is_built(word) for word in name.parts)]


def _is_built(word: str) -> bool:
    return word in BUILT or word.endswith(("_cache", ".so")) or word in {".hypothesis", ".coverage"}


def select(root: Path, *endings: str, under: str = "") -> Iterator[tuple[str, str]]:
    """Name and text of each file below `under` with one of these endings; bytes that are not text are passed by."""
    for name in files(root):
        if name.startswith(under) and name.endswith(endings or ("",)):
            try:
                yield name, (root / name).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def text(root: Path, name: str) -> str:
    """The text of one file, or nothing where it is missing."""
    path = root / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def toml(root: Path, name: str) -> dict[str, Any]:
    """One TOML file, or nothing where it is missing."""
    return tomllib.loads(text(root, name))


@cache
def _syntax(source: str) -> ast.Module:
    return ast.parse(source)


def modules(root: Path, under: str) -> Iterator[tuple[str, ast.Module]]:
    """Name and syntax tree of each Python file below `under`."""
    for name, source in select(root, ".py", under=under):
        yield name, _syntax(source)


def rooms(root: Path) -> list[str]:
    """Every room as `layer/room`: a folder of a layer that holds an `__init__.py`."""
    found = []
    for name in files(root):
        words = name.removeprefix(PACKAGE + "/").split("/")
        if name.startswith(PACKAGE) and len(words) == 3 and words[0] in LAYERS and words[2] == "__init__.py":
            found.append(f"{words[0]}/{words[1]}")
    return found


def imports(tree: ast.AST) -> Iterator[tuple[int, str, str | None]]:
    """Line, module and name of each import below `tree`; the name is None for `import module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, None
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.lineno, node.module, alias.name


def dotted(node: ast.expr) -> str:
    """`pytest.mark.skip` of an attribute chain, or nothing when it does not begin with a name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def strings(tree: ast.AST) -> Iterator[str]:
    """Every string constant below `tree`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
