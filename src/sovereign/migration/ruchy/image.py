"""The compiled files of this room in one, which a start reads in place of a hundred others.

Enters: the modules that a run needs, as Python compiles them. Leaves: a file in the cache, and the start from it.
`crates/launcher` starts Python without `site` on the code that stands first in an image; that looks whether every file
is still as it was, and else Python is started as usual. An image is written behind the first run that had none, by a
process of its own. Read `start.py` next.

An image is the line `ruchy image 2 VERSION`, with the number of Python's version, and then what `marshal` makes of a
dictionary:

    start      the code of this file
    path       where modules that are not in it are looked for
    states     path, size and time in nanoseconds of every file in it
    modules    for each name the path, whether it is a package, and its code as bytes
    patterns   the tables of regular expressions, as `lean.py` takes them
"""

from __future__ import annotations

import marshal
import posix
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["begin", "main", "write"]

_HEAD = f"ruchy image 2 {sys.hexversion}\n".encode()
_WANTED = ("start", "running", "builds", "cli", "checking")
"""Where the search for modules begins."""


class _Finder:
    """Gives the modules of an image, to the machinery of imports."""

    def __init__(self, modules: dict[str, Any]) -> None:
        self.modules = modules
        self.spec: Any = type(sys.__spec__)

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> Any:
        """Where a module comes from; None for one that is not in the image."""
        found = self.modules.get(name)
        if found is None:
            return None
        path, is_package, _ = found
        spec = self.spec(name, self, origin=path, is_package=is_package)
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [path.rpartition("/")[0]]
        return spec

    def create_module(self, _spec: Any) -> None:
        """As usual."""

    def exec_module(self, module: Any) -> None:
        """Run the code of a module."""
        exec(marshal.loads(self.modules[module.__name__][2]), module.__dict__)  # noqa: S102, S302 - compiled from our own files


def begin(image: dict[str, Any]) -> bool:
    """Take modules from an image from now on; False when a file is not as it was."""
    try:
        if any(_state(path) != (size, time) for path, size, time in image["states"]):
            return False
    except OSError:
        return False
    sys.path[:] = image["path"]
    sys.meta_path.insert(0, _Finder(image["modules"]))
    from sovereign.migration.ruchy.lean import TABLES

    TABLES.update(image["patterns"])
    return True


def _state(path: str) -> tuple[int, int]:
    facts = posix.stat(path)
    return facts.st_size, facts.st_mtime_ns


# writing


def main() -> int:
    """Write an image at the path that is the only argument."""
    write(sys.argv[1])
    return 0


def write(place: str) -> None:
    """Write an image of the files of this room and of what a run of a program needs of others."""
    import importlib
    from pathlib import Path

    from sovereign.shell.files import write_atomically

    for name in _WANTED:
        importlib.import_module(f"sovereign.migration.ruchy.{name}")
    modules: dict[str, tuple[str, bool, bytes]] = {}
    states = []
    for name, module in sorted(sys.modules.items()):
        path = (getattr(module, "__file__", None) or "") if name.partition(".")[0] == "sovereign" else ""
        if path.endswith(".py"):
            states.append((path, *_state(path)))
            # Compiled anew: what lies in a `__pycache__` may be older than the file.
            code = compile(_text(path), path, "exec", dont_inherit=True)
            modules[name] = (path, hasattr(module, "__path__"), marshal.dumps(code))
    image = {
        "start": compile(_text(__file__), __file__, "exec", dont_inherit=True),
        "path": sys.path,
        "states": [*states, (__file__, *_state(__file__))],
        "modules": modules,
        "patterns": _patterns(),
    }
    Path(place).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(place, [_HEAD, marshal.dumps(image)], force=True)


def _text(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - a start does without pathlib
        return file.read()


def _patterns() -> dict[tuple[str, int], tuple[Any, ...]]:
    """What `re` hands to its engine for each expression of this room; nothing where it does not tell."""
    import _sre  # type: ignore[import-not-found] # as in `lean.py`
    from re import _compiler, _parser  # type: ignore[attr-defined] # of Python's own, and held against it below

    from sovereign.migration.ruchy.lean import ASKED

    found = {}
    for text, flags in ASKED:
        parsed = _parser.parse(text, flags)
        names = dict(parsed.state.groupdict)
        order: list[str | None] = [None] * parsed.state.groups
        for name, number in names.items():
            order[number] = name
        table = (
            int(flags | parsed.state.flags),
            [int(each) for each in _compiler._code(parsed, flags)],
            parsed.state.groups - 1,
            names,
            tuple(order),
        )
        import re

        if _sre.compile(text, *table) == re.compile(text, flags):
            found[text, flags] = table
    return found


if __name__ == "__main__":
    raise SystemExit(main())
