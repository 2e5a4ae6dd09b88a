"""What tasks, things and paths are called, so that two recordings of one behaviour call them alike.

Enters: a `World`. Leaves: `P1` and `P1/sort#1` for processes, `P1.T2` for threads, `{folder}/out.txt` for paths, and
names like these for all that the kernel numbers by chance. Numbers count what one task made, in its own order, and
never who was first among several. Read `effects.py` next.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sovereign.observability.renacer.world import Place, Run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sovereign.observability.renacer.descriptors import Thing
    from sovereign.observability.renacer.events import Start
    from sovereign.observability.renacer.world import Task, World

__all__ = ["Names", "Places"]

_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{3,}(?![0-9A-Za-z])")
_SHORTEST = 5
_TEXT_ENDS = rb"(?![A-Za-z0-9_-])"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders that have words of their own in golden files."""

    folder: str
    home: str | None = None
    temporary: str | None = "/tmp"  # noqa: S108 - its name, nothing is put there

    @classmethod
    def of(cls, start: Start, environment: Mapping[str, str] | None = None) -> Places:
        """Those of a trace, read by whoever has this environment."""
        told = os.environ if environment is None else environment
        return cls(start.folder, told.get("HOME") or None, (told.get("TMPDIR") or "/tmp").rstrip("/"))  # noqa: S108

    def words(self) -> list[tuple[str, str]]:
        """Each folder with its word, the longest first."""
        named = ((self.folder, "{folder}"), (self.home, "{home}"), (self.temporary, "{tmp}"))
        found = [(path.rstrip("/"), word) for path, word in named if path and path.rstrip("/")]
        return sorted(found, key=lambda each: -len(each[0]))


class Names:
    """The names of one trace."""

    def __init__(self, world: World, places: Places) -> None:
        self._words = places.words()
        self._chance: dict[str, str] = {path: "{random}" for path, _ in world.chosen}
        self._pids: dict[str, str] = {}
        self._ports: dict[int, str] = {}
        self._swaps: list[tuple[re.Pattern[bytes], bytes]] | None = None
        self._runs: dict[int, str] = {}
        self._tasks: dict[int, str] = {}
        self._label(world)
        self._name_chance(world)
        self._pids = {str(run.pid): f"{{pid:{self._runs[run.number]}}}" for run in world.runs}
        counted: Counter[str] = Counter()
        for port, (task, _) in world.ports.items():
            owner = self._tasks[task.number]
            counted[owner] += 1
            self._ports[port] = f"{{port:{owner}#{counted[owner]}}}"
        self._folder = places.folder
        self._swaps = None

    # tasks

    def _label(self, world: World) -> None:
        children: dict[int, list[Run]] = {}
        threads: dict[int, list[Task]] = {}
        leaders: dict[int, Task] = {}
        for task in world.tasks:
            if task.run.number in leaders:
                threads.setdefault(task.run.number, []).append(task)
            leaders.setdefault(task.run.number, task)
        for run in world.runs:
            if run.parent is not None:
                children.setdefault(run.parent.run.number, []).append(run)
        roots = [run for run in world.runs if run.parent is None]
        waiting = [(run, f"P{place}") for place, run in enumerate(roots, 1)]
        while waiting:
            run, label = waiting.pop()
            self._runs[run.number] = label
            self._label_tasks(leaders.get(run.number), threads.get(run.number, []), label)
            waiting += self._label_children(children.get(run.number, []), leaders, label)

    def _label_tasks(self, leader: Task | None, threads: Sequence[Task], label: str) -> None:
        if leader is not None:
            self._tasks[leader.number] = label
        counted: Counter[str] = Counter()
        for task in threads:  # makers come before what they made
            maker = self._tasks.get(task.parent.number, label) if task.parent is not None else label
            counted[maker] += 1
            self._tasks[task.number] = f"{maker}.T{counted[maker]}"

    def _label_children(
        self, children: Sequence[Run], leaders: Mapping[int, Task], label: str
    ) -> list[tuple[Run, str]]:
        def place(run: Run) -> tuple[Any, ...]:
            assert run.parent is not None
            words = tuple(map(self.text_of, run.argv or ()))
            birth = leaders[run.number].birth if run.number in leaders else 0
            return _called(run), words, self._tasks[run.parent.number], birth

        found = []
        counted: Counter[str] = Counter()
        for run in sorted(children, key=place):
            counted[_called(run)] += 1
            found.append((run, f"{label}/{_called(run)}#{counted[_called(run)]}"))
        return found

    def task(self, task: Task) -> str:
        """The name of a thread; that of a process's first one is the process's."""
        return self._tasks[task.number]

    def run(self, run: Run) -> str:
        """The name of a process."""
        return self._runs[run.number]

    # paths

    def _name_chance(self, world: World) -> None:
        counted: Counter[str] = Counter()
        named: dict[str, str] = {}
        for path, task in world.chosen:
            if path not in named:
                owner = self._tasks[task.number]
                counted[owner] += 1
                named[path] = f"{{random:{owner}#{counted[owner]}}}"
        self._chance = named

    def path(self, path: str) -> str:
        """A path in words that hold on every machine."""
        head, rest = path, ""
        while head not in {"", "/"}:
            if head in self._chance:
                return self.path(head.rpartition("/")[0]) + f"/{self._chance[head]}" + rest
            head, _, name = head.rpartition("/")
            rest = f"/{name}{rest}"
        for folder, word in self._words:
            if path == folder or path.startswith(f"{folder}/"):
                return word + self._without_pids(path[len(folder) :])
        return self._without_pids(path) or "/"

    def _without_pids(self, text: str) -> str:
        return _NUMBER.sub(lambda found: self._pids.get(found[0], found[0]), text)

    def text_of(self, text: str) -> str:
        """A text that may hold paths, such as an argument of a command."""
        if text.startswith("/"):
            return self.path(text)
        found = self.content(text.encode("utf-8", "surrogateescape"))
        return found.decode("utf-8", "surrogateescape")

    def content(self, content: bytes) -> bytes:
        """Bytes with the working folder and names by chance in them told in their words."""
        if self._swaps is None:
            self._swaps = self._swapped()
        for pattern, word in self._swaps:
            content = pattern.sub(word, content)
        return content

    def _swapped(self) -> list[tuple[re.Pattern[bytes], bytes]]:
        named: dict[str, str] = {}
        for path in self._chance:
            named[path] = self.path(path)
            named[path.rpartition("/")[2]] = self._chance[path]
        folder = next((path for path, word in self._words if word == "{folder}"), "")
        if len(folder) >= _SHORTEST:
            named[folder] = "{folder}"
        pairs = sorted(named.items(), key=lambda each: -len(each[0]))
        return [
            (re.compile(re.escape(os.fsencode(raw)) + _TEXT_ENDS), word.encode().replace(b"\\", rb"\\"))
            for raw, word in pairs
        ]

    # the rest

    def thing(self, thing: Thing) -> str:
        """The name of what effects are done to; that of a file is its path."""
        kind, *rest = thing
        if not rest:
            return str(kind)
        if kind == "file" and rest[0] == "unnamed":
            kind, *rest = rest
        if kind == "file":
            return self.path(str(rest[0]))
        if kind == "stream":
            return str(rest[0])
        owner = self._tasks.get(rest[0], "?") if isinstance(rest[0], int) else rest[0]
        return f"{kind} {owner}#{rest[-1]}"

    def fact(self, fact: Any) -> Any:
        """A fact of an effect as golden files hold it."""
        if isinstance(fact, Run):
            return self.run(fact)
        if isinstance(fact, Place):
            return self.path(fact) if fact.startswith("/") else self.text_of(str(fact))
        if isinstance(fact, tuple):
            is_words = all(isinstance(each, str) for each in fact) and (not fact or fact[0] not in _KINDS)
            return [self.text_of(each) for each in fact] if is_words else self.thing(fact)
        return fact

    def port(self, port: int) -> str:
        """A port, by its number or by who was given it."""
        return self._ports.get(port, str(port))


_KINDS = frozenset({"file", "stream", "pipe", "socket", "other", "unnamed"})


def _called(run: Run) -> str:
    if run.argv:
        return run.argv[0].rpartition("/")[2] or "?"
    if run.program is not None and run.how == "start":
        return run.program.rpartition("/")[2]
    return "fork"
