"""The files of a program: its main file and what it imports from beside it.

Enters: a path. Leaves: a `Sources`: the main text and the modules by name. Modules that are not found beside the
program are those of the library, or are refused when they are imported.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sovereign.errors import NotFound
from sovereign.migration.depyler.nodes import walk
from sovereign.shell.files import read_text

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Sources", "read_program"]

_MAINS = ("__main__.py", "main.py", "app.py")


@dataclass
class Sources:
    """A program as read: `modules` are path and text by dotted name."""

    path: Path
    text: str
    modules: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def line_count(self) -> int:
        """Lines of all files that hold something other than white space."""
        texts = [self.text, *(text for _, text in self.modules.values())]
        return sum(1 for text in texts for line in text.splitlines() if line.strip())


def read_program(path: Path) -> Sources:
    """Read a program: a file, or a folder with a main file.

    Errors    NotFound depyler.no_main   when a folder has none of `__main__.py`, `main.py`, `app.py`.
              NotFound, ParameterError   as `shell.files.read_text`.
    """
    main = _main_of(path) if path.is_dir() else path
    sources = Sources(main, read_text(main))
    root = main.parent
    waiting = [("__main__", sources.text, "")]
    while waiting:
        _, text, package = waiting.pop()
        for name in _imported(text, package):
            file = _file_of(root, name)
            if file is not None and name not in sources.modules and file != main:
                sources.modules[name] = (str(file), read_text(file))
                inner = name if file.name == "__init__.py" else name.rpartition(".")[0]
                waiting.append((name, sources.modules[name][1], inner))
    return sources


def _main_of(folder: Path) -> Path:
    for name in _MAINS:
        if (folder / name).is_file():
            return folder / name
    text = f"a folder to be translated has one of `{'`, `'.join(_MAINS)}`; found none in: `{folder}`"
    raise NotFound("depyler.no_main", text, name=str(folder), nearest=[])


def _file_of(root: Path, name: str) -> Path | None:
    base = root.joinpath(*name.split("."))
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def _imported(text: str, package: str) -> list[str]:
    """Dotted names that a module may import, packages above them first."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    names: list[str] = []
    for node in walk(tree):
        if isinstance(node, ast.Import):
            names.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            names.append(base)
            names.extend(f"{base}.{alias.name}" if base else alias.name for alias in node.names)
    found: dict[str, None] = {}
    for name in names:
        parts = name.split(".")
        found.update(dict.fromkeys(".".join(parts[: i + 1]) for i in range(len(parts)) if parts[0]))
    return list(found)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".") if package else []
    base = parts[: len(parts) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)
