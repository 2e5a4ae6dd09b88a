"""The processes of a trace as they go along: what each has open, where it stands, what it has done, and after what.

Enters: events. Leaves: a `World` with one `Op` for each thing that was done to something outside of a process, each
with what happened before it for certain. The calls themselves are taken apart in `calls_*.py`. Read `effects.py` next.

Before, for certain, are: what the same task did earlier, what its maker had done when it was made, what a process had
done when its end was waited for, and what was written into a pipe when it was read out of it. That one call merely came
later in the trace says nothing: with other luck it comes earlier.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sovereign.observability.renacer.descriptors import Opened, Table, Thing, number_of
from sovereign.observability.renacer.events import (
    Call,
    End,
    Exec,
    Exit,
    Process,
    Signal,
    Start,
    content_of,
)
from sovereign.observability.renacer.policy import is_bytecode, is_import, is_machinery, is_python, is_quiet_device

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sovereign.observability.renacer.events import Content, Event

__all__ = ["Op", "Place", "Run", "Task", "World", "walk"]

_EMPTY: Mapping[int, int] = {}
_BARELY_HEARD = frozenset({"SIGCHLD", "SIGWINCH", "SIGURG", "SIGPROF", "SIGCONT", "SIGSTOP", "SIGTRAP"})
_RELEASING = frozenset(
    """write writev pwrite64 pwritev pwritev2 sendto sendmsg sendmmsg sendfile splice kill tgkill close
    close_range""".split()
)
"""Calls after whose start others can go on: a number that is being closed may be given out before the call is back."""


class Place(str):
    """A path as a program named it, to be told in the words of golden files."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Run:
    """One process, from its first task to its last."""

    number: int
    pid: int
    table: Table
    folder: str
    parent: Task | None
    how: str
    program: str | None = None
    argv: tuple[str, ...] | None = None
    status: int | None = None
    signal: str | None = None
    is_ended: bool = False
    knows_frames: bool = False
    failed: list[Op] = field(default_factory=list)
    """Programs that could not be started, as long as none was."""
    imports: set[str] = field(default_factory=set)
    """Where Python looked for modules."""
    looks: list[Op] = field(default_factory=list)
    """Where it looked whether something is there, since its program began."""
    last: Mapping[int, int] = field(default_factory=dict)
    """What had happened for certain when it ended."""

    @property
    def is_python(self) -> bool:
        """Whether it runs the Python interpreter."""
        return is_python(self.program)


@dataclass(slots=True, eq=False)
class Task:
    """One thread of one process; `birth` counts what its maker had made before it."""

    number: int
    run: Run
    parent: Task | None
    birth: int
    clock: Mapping[int, int] = field(default_factory=dict)
    """For each other task how many of its steps came before, for certain."""
    steps: int = 0
    born: int = 0

    def seen(self) -> Mapping[int, int]:
        """What has happened for certain at this moment, its own steps included."""
        return {**self.clock, self.number: self.steps}

    def learn(self, seen: Mapping[int, int]) -> None:
        """Know that something came before from now on."""
        news = {task: steps for task, steps in seen.items() if task != self.number and steps > self.clock.get(task, 0)}
        if news:
            # A new one, because the steps so far share the old one.
            self.clock = {**self.clock, **news}


class Op(NamedTuple):
    """One thing that was done: by whom, as which step, after what, to what."""

    task: Task
    step: int
    clock: Mapping[int, int]
    thing: Thing
    verb: str
    facts: tuple[Any, ...] = ()
    content: Content | None = None
    offset: int | None = None

    def is_before(self, other: Op) -> bool:
        """Whether it came before the other for certain."""
        if self.task is other.task:
            return self.step < other.step
        return other.clock.get(self.task.number, 0) > self.step


@dataclass(slots=True)
class _Pipe:
    """How many bytes went in and out, and what was known when they went in."""

    written: list[tuple[int, Mapping[int, int]]] = field(default_factory=list)
    taken: int = 0


class World:
    """All processes of one trace."""

    def __init__(self, start: Start) -> None:
        self.start = start
        self.end: End | None = None
        self.runs: list[Run] = []
        self.tasks: list[Task] = []
        self.ops: list[Op] = []
        self.calls: Counter[str] = Counter()
        self.reasons: list[str] = []
        """Why the effects may be other than they look; a comparison is not possible then."""
        self.chosen: list[tuple[str, Task]] = []
        """Paths that were named by chance, with who made them."""
        self.ports: dict[int, tuple[Task, int]] = {}
        """Ports that the kernel chose, with whom it chose them for."""
        self._by_tid: dict[int, Task] = {}
        self._by_pid: dict[int, Run] = {}
        self._pipes: dict[Thing, _Pipe] = {}
        self._strangers: dict[str, Opened] = {}
        self._made: Counter[tuple[int, str]] = Counter()

    # tasks

    def task(self, pid: int, tid: int) -> Task:
        """The task of a number; one that was never announced was there before the tracer."""
        found = self._by_tid.get(tid)
        return found if found is not None else self.begin(Process(0.0, pid, tid, None, "attach", None))

    def begin(self, event: Process) -> Task:
        """A task appears."""
        maker = self._by_tid.get(event.parent) if event.parent is not None else None
        if event.how == "thread" and event.pid in self._by_pid:
            run = self._by_pid[event.pid]
        else:
            run = self._run(event, maker)
        task = Task(len(self.tasks), run, maker, 0)
        if maker is not None:
            maker.born += 1
            task.birth = maker.born
            task.clock = dict(maker.seen())
        self.tasks.append(task)
        self._by_tid[event.tid] = task
        return task

    def _run(self, event: Process, maker: Task | None) -> Run:
        table = maker.run.table.copy() if maker else Table.of_a_command() if event.how == "start" else Table()
        folder = maker.run.folder if maker else self.start.folder
        run = Run(len(self.runs), event.pid, table, folder, maker, event.how, event.program)
        if maker is not None:
            run.program = run.program or maker.run.program
            self.add(maker, ("children",), "start", run)
        if event.how == "attach":
            self.doubt("a process was running already when the tracer came to it")
        self.runs.append(run)
        self._by_pid[event.pid] = run
        return run

    def become(self, event: Exec) -> None:
        """A process runs another program; only its first task is left."""
        task = self.task(event.pid, event.pid)
        for other in self.tasks:
            if other.run is task.run and other is not task:
                task.learn(other.seen())
        run = task.run
        run.program, run.argv = event.program, event.argv
        run.table.close_for_program()
        # To look for a program, and to try it in other folders, is part of starting it.
        named = {("file", path) for path in (event.program, *event.argv[:1])}
        sought = {id(op) for op in run.failed} | {id(op) for op in run.looks if op.thing in named}
        if sought:
            self.ops = [op for op in self.ops if id(op) not in sought]
        run.failed.clear()
        run.looks.clear()

    def finish(self, event: Exit) -> None:
        """A task ends, and its process with its leader."""
        task = self._by_tid.get(event.tid)
        if task is None:
            return
        run = task.run
        run.last = _joined(run.last, task.seen())
        if event.tid == event.pid:
            run.status, run.signal, run.is_ended = event.status, event.signal, True

    def hear(self, event: Signal) -> None:
        """A signal is delivered."""
        sender = self._by_pid.get(event.sender) if event.sender is not None else None
        task = self.task(event.pid, event.tid)
        # A signal that a process sends itself, or that ends it, is told elsewhere.
        if event.signal not in _BARELY_HEARD and sender is not task.run:
            self.add(task, ("signals",), "receive", event.signal)

    def waited(self, task: Task, pid: int) -> None:
        """A task learns of a child's end."""
        run = self._by_pid.get(pid)
        if run is not None and run.is_ended:
            task.learn(run.last)

    def run_of(self, pid: int) -> Run | None:
        """The process of a number."""
        return self._by_pid.get(pid)

    # things

    def made(self, task: Task, kind: str) -> Thing:
        """A name for what a task makes: its kind, the task, and how many it made before."""
        self._made[task.number, kind] += 1
        return (kind, task.number, self._made[task.number, kind])

    def opened(self, task: Task, value: Any) -> Opened | None:
        """What a descriptor argument stands for; what was open before the tracer came is known by what it is."""
        number = number_of(value)
        if number is None or number < 0:
            return None
        found = task.run.table.opened.get(number)
        if found is None:
            told = value.get("is") if isinstance(value, dict) else None
            found = self._stranger(number, told if isinstance(told, str) else "")
            task.run.table.put(number, found)
        return found

    def _stranger(self, number: int, told: str) -> Opened:
        if told.startswith("/") and not told.startswith("/dev/") and not told.startswith("/memfd:"):
            return Opened(("file", told.removesuffix(" (deleted)")), told)
        if told.startswith(("pipe:", "socket:")):
            kind = told.partition(":")[0]
            return self._strangers.setdefault(told, Opened((kind, "inherited", number)))
        return Opened(("other", told), is_quiet=True)

    def path(self, task: Task, folder: Any, value: Any) -> str | None:
        """The whole path that an argument means; `folder` is the descriptor that it starts from, if any."""
        content = content_of(value)
        if content is None or not content.is_whole:
            return None
        text = content.kept.decode("utf-8", "surrogateescape")
        if not text.startswith("/"):
            text = posixpath.join(self.folder(task, folder), text)
        # Two slashes at the start mean something to POSIX and nothing to Linux.
        return "/" + posixpath.normpath(text).lstrip("/")

    def folder(self, task: Task, value: Any) -> str:
        """The folder that a descriptor argument means."""
        number = number_of(value)
        if value is None or number == -100:  # noqa: PLR2004 - AT_FDCWD
            return task.run.folder
        opened = self.opened(task, value)
        return opened.path if opened is not None and opened.path is not None else task.run.folder

    def counts(self, task: Task, call: Call, path: str, *, is_look: bool, is_listing: bool = False) -> bool:
        """Whether what a call does to a path is the program's business."""
        if is_quiet_device(path):
            return False
        run = task.run
        if not is_look:
            return not (run.is_python and is_bytecode(path))
        if is_machinery(path):
            return False
        if run.is_python and is_import(path, call.python, knows_frames=run.knows_frames, is_listing=is_listing):
            run.imports.add(path)
            return False
        return True

    # what is done

    def add(
        self,
        task: Task,
        thing: Thing,
        verb: str,
        *facts: Any,
        content: Content | None = None,
        offset: int | None = None,
    ) -> Op:
        """Note that a task did something."""
        op = Op(task, task.steps, task.clock, thing, verb, facts, content, offset)
        task.steps += 1
        self.ops.append(op)
        if verb == "probe":
            task.run.looks.append(op)
        return op

    def doubt(self, reason: str) -> None:
        """Note why the effects may be other than they look."""
        if reason not in self.reasons:
            self.reasons.append(reason)

    def passed(self, task: Task, thing: Thing, length: int, *, is_written: bool) -> None:
        """Bytes went into a pipe or out of it: who takes them knows what whoever put them there knew."""
        pipe = self._pipes.setdefault(thing, _Pipe())
        if is_written:
            before = pipe.written[-1][0] if pipe.written else 0
            pipe.written.append((before + length, task.seen()))
            return
        first, pipe.taken = pipe.taken, pipe.taken + length
        for upto, seen in pipe.written:
            # How much one read takes is luck; that its first byte was there is not, and at the end all of it was.
            if length == 0 or upto > first:
                task.learn(seen)
                if length:
                    return


def _joined(one: Mapping[int, int], other: Mapping[int, int]) -> Mapping[int, int]:
    return {key: max(one.get(key, 0), other.get(key, 0)) for key in {*one, *other}}


def walk(events: Iterable[Event], handlers: Mapping[str, Callable[[World, Task, Call], None]]) -> World:
    """Let a trace pass, and note what was done in it."""
    found = list(events)
    assert found
    assert isinstance(found[0], Start)
    world = World(found[0])
    framed = {event.pid for event in found if isinstance(event, Call) and event.python is not None}
    for event in _in_order(found):
        if isinstance(event, Call):
            _call(world, event, handlers)
        elif isinstance(event, Process):
            run = world.begin(event).run
            run.knows_frames = event.pid in framed
        elif isinstance(event, Exec):
            world.become(event)
        elif isinstance(event, Exit):
            world.finish(event)
        elif isinstance(event, Signal):
            world.hear(event)
        elif isinstance(event, End):
            world.end = event
    _doubts(world)
    return world


def _call(world: World, call: Call, handlers: Mapping[str, Callable[[World, Task, Call], None]]) -> None:
    world.calls[call.name] += 1
    handler = handlers.get(call.name)
    if handler is not None and not call.is_unfinished:
        handler(world, world.task(call.pid, call.tid), call)


def _doubts(world: World) -> None:
    options = world.start.options
    if world.end is not None and world.end.lost:
        world.doubt(f"the tracer lost {world.end.lost} events")
    if options.get("filter"):
        world.doubt("only some calls were traced")
    if world.runs and not world.runs[0].is_ended:
        world.doubt("the end of the program was not seen")


def _moment(event: Process | Exec | Call | Signal | Exit) -> float:
    if isinstance(event, Call):
        return event.start if event.name in _RELEASING else event.end
    return event.time


def _in_order(events: Sequence[Event]) -> list[Event]:
    """What lets others go on before what waits for it: a write counts from its start, a read from its end."""
    last: dict[int, float] = {}
    keys: list[float] = []
    for event in events:
        if isinstance(event, Start | End):
            keys.append(float("-inf") if isinstance(event, Start) else float("inf"))
            continue
        moment = _moment(event)
        # A task's own calls keep their order, whatever rounding did to their times.
        moment = max(moment, last.get(event.tid, float("-inf")))
        last[event.tid] = moment
        keys.append(moment)
    return [events[place] for place in sorted(range(len(events)), key=keys.__getitem__)]
