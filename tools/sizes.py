"""Print lines per room and what this branch adds: information for the reviewer, never a gate.

Enters: this checkout; `--base` chooses what to compare with, `main` by default. Leaves:
one line per room and crate with files, code lines (neither blank nor comment), the longest file, and the lines added
and removed since the base. The standard library and git alone.
"""

from __future__ import annotations

import argparse
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COUNTED = {".py": "#", ".pyi": "#", ".rs": "//"}


@dataclass
class Size:
    """What one room holds and what changed in it."""

    files: int = 0
    lines: int = 0
    longest: tuple[int, str] = (0, "")
    added: int = 0
    removed: int = 0

    def count(self, name: str, lines: int) -> None:
        """Take one file in."""
        self.files += 1
        self.lines += lines
        self.longest = max(self.longest, (lines, Path(name).name))


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="main", help="the commit to compare with")
    options = parser.parse_args()
    sizes: defaultdict[str, Size] = defaultdict(Size)
    for name in git("ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        if Path(name).suffix in COUNTED and (ROOT / name).is_file():
            sizes[room(name)].count(name, code_lines(name))
    for added, removed, name in changes(options.base):
        sizes[room(name)].added += added
        sizes[room(name)].removed += removed
    show(sizes, options.base)
    return 0


def git(*arguments: str) -> str:
    """What git prints in this checkout; nothing where it has no answer, as for an unknown base."""
    finished = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return finished.stdout


def room(name: str) -> str:
    """The room, crate or top folder that a file belongs to.

    >>> room("src/sovereign/persistence/container/header.py"), room("crates/trueno/src/lib.rs"), room("tools/docs.py")
    ('persistence/container', 'crates/trueno', 'tools')
    """
    words = name.split("/")
    if name.startswith("src/sovereign/"):
        return "/".join(words[2:-1][:2]) or "sovereign"
    return "/".join(words[:-1][:2]) or "."


def code_lines(name: str) -> int:
    """Lines that are neither blank nor a comment from their first character on."""
    comment = COUNTED[Path(name).suffix]
    lines = (line.strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return sum(bool(line) and not line.startswith(comment) for line in lines)


def changes(base: str) -> list[tuple[int, int, str]]:
    """Lines added and removed per counted file since this branch left `base`; new files count before a commit too."""
    start = git("merge-base", base, "HEAD").strip() or "HEAD"
    rows = [line.split("\t") for line in git("diff", "--numstat", "--no-renames", start).splitlines()]
    found = [(int(a), int(r), name) for a, r, name in rows if a != "-" and Path(name).suffix in COUNTED]
    fresh = git("ls-files", "--others", "--exclude-standard").splitlines()
    new = [(len((ROOT / n).read_bytes().splitlines()), 0, n) for n in fresh if Path(n).suffix in COUNTED]
    return found + new


def show(sizes: dict[str, Size], base: str) -> None:
    """One aligned line per room, and the sum."""
    print(f"{'room':<32}{'files':>6}{'lines':>8}  {'longest file':<34}{'since ' + base:>16}")
    for name, size in sorted(sizes.items()):
        lines, longest = size.longest
        change = f"+{size.added} -{size.removed}" if size.added or size.removed else ""
        print(f"{name:<32}{size.files:>6}{size.lines:>8}  {f'{longest} {lines}':<34}{change:>16}")
    total = f"+{sum(s.added for s in sizes.values())} -{sum(s.removed for s in sizes.values())}"
    files, lines = sum(s.files for s in sizes.values()), sum(s.lines for s in sizes.values())
    print(f"{'all':<32}{files:>6}{lines:>8}  {'':<34}{total:>16}")


if __name__ == "__main__":
    raise SystemExit(main())
