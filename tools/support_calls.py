"""Ask rustc which methods each function of the support module calls, and write the table that the shaker reads.

Enters: the sources of the support module. Leaves: `support/calls.json` beside them; with `--check` nothing is written,
and status 1 says that the table is not what rustc finds now. A table that is older than the sources is safe: the
functions that changed since are not in it, and bring too much. Read `sovereign/migration/rust/calls.py` next.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from sovereign.migration.rust import FOLDER  # noqa: E402
from sovereign.migration.rust.calls import TABLE, unit_key  # noqa: E402
from sovereign.migration.rust.units import WHOLE, read, units  # noqa: E402

# `rustc` prints the bodies of functions, with every call resolved, only where unstable options are allowed.
_OPTIONS = ("-Zunpretty=mir", "-Zmir-opt-level=0", "-Ztrim-diagnostic-paths=no")
_BODY = re.compile(r"^(?:fn|const|static) ([^\n]*)\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_HEAD = re.compile(r"(?:mut )?(\w+)::(?:<impl at [^>]*?\.rs:(\d+):\d+: \d+:\d+>::)?(\w+)(?:::(\w+))?")
_SEGMENT = re.compile(r"::(\w+)")
# In another file than that of the type, its blocks are paths of their own.
_TYPE = re.compile(r"::(?:<impl (?:\w+::)*)?([A-Z]\w*)(?:(?:::)?<.*>)?>?$", re.DOTALL)
_TRAIT = re.compile(r"(?:dyn )?(\w+)::(?:\w+::)*?([A-Z]\w*)")


def main() -> int:
    """Write the table, or compare it."""
    text = table(bodies(mir()))
    path = FOLDER / TABLE
    if "--check" not in sys.argv:
        path.write_text(text, encoding="utf-8")
        return 0
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return 0
    print(f"old: `{path.relative_to(ROOT)}`, write it with `python tools/support_calls.py`", file=sys.stderr)
    return 1


def mir() -> str:
    """All functions of the support module as rustc has them once types are known."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["rustc", "--edition", "2021", "--crate-type", "lib", "--crate-name", "support", *_OPTIONS]
        command += ["--cfg", 'feature="std"', str(FOLDER / "lib.rs")]
        environment = {**os.environ, "RUSTC_BOOTSTRAP": "1"}
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout


def bodies(text: str) -> dict[tuple[str, int, str], dict[str, set[str]]]:
    """The methods of ours that each function calls, with their owners, by its file, the line of its block, its name."""
    modules = frozenset(re.findall(r"^(?:pub )?mod (\w+);", (FOLDER / "lib.rs").read_text(), re.MULTILINE))
    found: dict[tuple[str, int, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for body in _BODY.finditer(text):
        head = _HEAD.match(body[1])
        if head is None:
            continue
        file, line, one, two = head.groups()
        # Inside a trait's own block, the trait stands before the name; what follows the name is a closure in it.
        name = f"{one}.{two}" if not line and one[0].isupper() and two else one
        calls = found[file, int(line or 0), name]
        for part in (body[1], body[2]):
            for segment in _SEGMENT.finditer(part):
                path = _path_before(part, segment.start())
                if path in modules:
                    calls[segment[1]].add("")
                elif owner := _owner(path, modules):
                    calls[segment[1]].add(owner)
    return found


def _path_before(text: str, end: int) -> str:
    """The path of which the last `::` stands at a place."""
    start = end
    while start > 0:
        if text[start - 1] == ">" and text[start - 2] != "-":
            start = _opening(text, start)
        elif text[start - 1].isalnum() or text[start - 1] == "_":
            while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
                start -= 1
        else:
            break
        if text[start - 2 : start] != "::":
            break
        start -= 2
    return text[start:end]


def _opening(text: str, end: int) -> int:
    """Where the angle bracket opens that closes right before a place."""
    depth = 0
    for place in range(end - 1, -1, -1):
        if text[place] == "<":
            depth -= 1
        elif text[place] == ">" and text[place - 1] != "-":
            depth += 1
        if depth == 0:
            return place
    return 0


def _owner(path: str, modules: frozenset[str]) -> str:
    """The type or trait of ours that a path ends in; nothing for those of others."""
    if path.startswith("<"):
        inside = path[1 : _closing(path)]
        trait = _TRAIT.match(_behind_as(inside))
        return trait[2] if trait and trait[1] in modules else ""
    first = re.match(r"\w+", path)
    kind = _TYPE.search(path)
    return kind[1] if first and first[0] in modules and kind else ""


def _closing(path: str) -> int:
    """Where the angle bracket closes that opens a path."""
    depth = 0
    for place, letter in enumerate(path):
        depth += (letter == "<") - (letter == ">" and path[place - 1] != "-")
        if depth == 0:
            return place
    return len(path)


def _behind_as(inside: str) -> str:
    """The trait in `type as trait`, or the type where no trait is named."""
    depth = 0
    for place, letter in enumerate(inside):
        depth += (letter in "<([") - (letter in ")]" or (letter == ">" and inside[place - 1] != "-"))
        if depth == 0 and inside.startswith(" as ", place):
            return inside[place + 4 :]
    return inside


def table(found: dict[tuple[str, int, str], dict[str, set[str]]]) -> str:
    """The table as text: by file, functions by their keys."""
    files: dict[str, dict[str, str]] = defaultdict(dict)
    blocks: dict[tuple[str, int], list[dict[str, set[str]]]] = defaultdict(list)
    for (file, line, _), calls in found.items():
        blocks[file, line].append(calls)
    for unit in units(read(FOLDER, no_std=False)[0]):
        if any("macro_rules!" in level.opening for level in unit.levels):
            continue  # it calls other things for each type that the macro is used for
        if unit.name == WHOLE and (unit.file, unit.line) in blocks:
            files[unit.file][unit_key(unit)] = _written(*blocks[unit.file, unit.line])
        place = (unit.file, unit.line, unit.name)
        if place not in found:
            # What a trait gives itself stands behind its name.
            place = (unit.file, 0, f"{unit.owner}.{unit.name}")
        if unit.name and place in found:
            files[unit.file][unit_key(unit)] = _written(found[place])
    return json.dumps(files, indent=0, sort_keys=True) + "\n"


def _written(*calls: dict[str, set[str]]) -> str:
    """All that is called: `name` for a function, `Owner.name` for a method."""
    pairs = [(owner, name) for each in calls for name, owners in each.items() for owner in owners]
    return " ".join(sorted({f"{owner}.{name}" if owner else name for owner, name in pairs}))


if __name__ == "__main__":
    raise SystemExit(main())
