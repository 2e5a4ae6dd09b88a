"""A trace in its normal form: what was done to the world, and nothing of how luck ordered and cut it.

Enters: events. Leaves: a `Form`: for each thing what each task did to it, in that task's order; what each process ran
and how it ended; which changes a task made after which; and how often each call was made. Two recordings of one
behaviour have one form. Read `golden.py` and `comparing.py` next.

The steps, in this order: tasks get names (`names.py`); descriptors become what they stand for (`descriptors.py`);
addresses fall away with the calls that carry them; times and numbers by chance fall away; paths are told in words; the
machinery is left out (`policy.py`); reads and writes that follow each other become one stream with its length and
content; all ways to look for a file become one.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sovereign.errors import FormatError
from sovereign.observability.renacer.calls_processes import HANDLERS
from sovereign.observability.renacer.names import Names, Places
from sovereign.observability.renacer.world import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sovereign.observability.renacer.events import Event, Start
    from sovereign.observability.renacer.world import Op, Task, World

__all__ = ["LOOKS", "Action", "Form", "Group", "actions_of", "form_of", "groups_of", "portable", "world_of"]

Action = list[Any]
"""A verb with its facts, as golden files hold it: `["write", {"bytes": 3, "text": "ab\\n"}]`."""

LOOKS = frozenset({"read", "probe", "list", "map", "give"})
"""Verbs that change nothing."""

_STREAMED = frozenset({"read", "write", "copy", "give"})
_REPEATED = frozenset({"probe", "list", "map"})
_LONGEST_TEXT = 200
_LONGEST_ORDER = 400
_BACK = frozenset({"rename from", "link from"})


@dataclass(slots=True)
class Form:
    """The normal form of one trace."""

    start: Start
    processes: dict[str, dict[str, Any]] = field(default_factory=dict)
    effects: dict[str, dict[str, list[Action]]] = field(default_factory=dict)
    """For each thing, for each task, what it did."""
    order: dict[str, list[str]] = field(default_factory=dict)
    """For each task its changes one after the other; what it wrote between two of them has no order."""
    crossings: dict[str, list[list[str]]] = field(default_factory=dict)
    """For each thing that several tasks touch, which of their actions came before which for certain."""
    calls: dict[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    """Why it may be other than it looks."""


@dataclass(slots=True)
class Group:
    """Operations that are one action."""

    ops: list[Op]

    @property
    def first(self) -> Op:
        """The one that began it."""
        return self.ops[0]

    @property
    def last(self) -> Op:
        """The one that ended it."""
        return self.ops[-1]


def world_of(events: Iterable[Event], path: str = "-") -> World:
    """What was done in a trace.

    Errors    FormatError renacer.empty     when it holds no call at all; that is never a pass.
    """
    world = walk(events, HANDLERS)
    if not world.calls:
        text = f"the trace holds no call: `{path}`"
        raise FormatError("renacer.empty", text, path=path, offset=1, field="event", expected="call", got=None)
    return world


def form_of(events: Iterable[Event], path: str = "-", *, environment: Mapping[str, str] | None = None) -> Form:
    """The normal form of a trace.

    Errors    FormatError renacer.empty     when it holds no call at all.
    """
    world = world_of(events, path)
    names = Names(world, Places.of(world.start, environment))
    form = Form(world.start, calls=dict(sorted(world.calls.items())))
    form.processes = _processes(world, names)
    by_thing: dict[str, dict[Task, list[Op]]] = {}
    for op in world.ops:
        # Before Python looks for modules in a folder it asks by a function that programs call too whether it is there.
        if op.verb == "probe" and op.thing[0] == "file" and op.thing[1] in op.task.run.imports:
            continue
        by_thing.setdefault(names.thing(op.thing), {}).setdefault(op.task, []).append(op)
    for thing in sorted(by_thing):
        by_task = by_thing[thing]
        groups = {task: groups_of(ops, _others(by_task, task)) for task, ops in by_task.items()}
        form.effects[thing] = {
            names.task(task): actions_of(found, names, world.doubt)
            for task, found in sorted(groups.items(), key=lambda each: names.task(each[0]))
        }
        # How far whoever writes into a pipe is ahead of whoever reads is luck; what only looks has no order.
        is_changed = any(op.verb not in LOOKS and op.facts != ("read",) for ops in by_task.values() for op in ops)
        edges = _crossings(groups, names) if is_changed and not thing.startswith("pipe ") else []
        if edges:
            form.crossings[thing] = edges
    form.order = _orders(world, names)
    form.reasons = tuple(world.reasons)
    return form


def portable(form: Form) -> Form:
    """A form without what hangs on the machine: paths outside of the working folder, where programs lie, counts."""
    effects = {name: by for name, by in form.effects.items() if not _is_outside(name)}
    order = {task: _steps_inside(steps) for task, steps in form.order.items()}
    return replace(
        form,
        processes={
            name: {key: value for key, value in facts.items() if key in {"status", "signal"}}
            for name, facts in form.processes.items()
        },
        effects=effects,
        order={task: steps for task, steps in order.items() if len(steps) > 1},
        crossings={name: pairs for name, pairs in form.crossings.items() if name in effects},
    )


def _is_outside(name: str) -> bool:
    return name.startswith(("/", "{home}"))


def _steps_inside(steps: Sequence[str]) -> list[str]:
    found = []
    for step in steps:
        verb, _, things = step.rpartition(" ") if not step.startswith("write ") else step.partition(" ")
        kept = [each for each in things.split(", ") if not _is_outside(each)]
        if kept:
            found.append(f"{verb} {', '.join(kept)}")
    return found


def _processes(world: World, names: Names) -> dict[str, dict[str, Any]]:
    found = {}
    for run in world.runs:
        facts: dict[str, Any] = {}
        if run.argv is not None:
            facts = {"program": names.path(run.program or "?"), "argv": [names.text_of(each) for each in run.argv]}
        ending = {"signal": run.signal} if run.signal is not None else {"status": run.status}
        found[names.run(run)] = {**facts, **(ending if run.is_ended else {"status": None})}
    return dict(sorted(found.items()))


# from operations to actions


def _others(by_task: Mapping[Task, Sequence[Op]], task: Task) -> list[Op]:
    return [op for other, ops in by_task.items() if other is not task for op in ops]


def groups_of(ops: Sequence[Op], others: Sequence[Op] = ()) -> list[Group]:
    """One task's operations on one thing, with those together that are one action.

    What another task did in between for certain parts what would be one otherwise.
    """
    found: list[Group] = []
    for op in ops:
        if found and _continues(found[-1], op) and not _is_parted(found[-1].last, op, others):
            found[-1].ops.append(op)
        else:
            found.append(Group([op]))
    return found


def _continues(group: Group, op: Op) -> bool:
    last = group.last
    if last.verb != op.verb or last.facts != op.facts:
        return False
    if op.verb in _REPEATED:
        return True
    if op.verb not in _STREAMED or op.content is None or last.content is None:
        return False
    return op.offset is None or last.offset is None or last.offset + last.content.length == op.offset


def _is_parted(last: Op, op: Op, others: Sequence[Op]) -> bool:
    if last.clock is op.clock:
        return False  # it learned nothing in between
    return any(last.is_before(other) and other.is_before(op) for other in others)


def actions_of(groups: Sequence[Group], names: Names, doubt: Callable[[str], None]) -> list[Action]:
    """Groups as golden files hold them."""
    found: list[Action] = []
    here = 0
    for group in groups:
        first = group.first
        action: Action = [first.verb, *_facts(first, names)]
        if first.content is not None:
            fact = _stream(group, names, doubt)
            length = sum(op.content.length for op in group.ops if op.content is not None)
            if first.offset is not None:
                if first.offset != here:
                    fact["at"] = first.offset
                here = first.offset + length
            action.append(fact)
        elif first.verb == "open":
            here = 0
        found.append(action)
    return found


def _facts(op: Op, names: Names) -> list[Any]:
    if op.verb in {"connect", "bind"}:
        family, place, port, *rest = op.facts
        shown = names.fact(place)
        return [family, f"{shown}:{names.port(port)}" if family.startswith("AF_INET") else shown, *rest]
    return [names.fact(fact) for fact in op.facts]


def _stream(group: Group, names: Names, doubt: Callable[[str], None]) -> dict[str, Any]:
    pieces = [op.content for op in group.ops if op.content is not None]
    length = sum(piece.length for piece in pieces)
    if group.first.verb in {"copy", "give"}:
        return {"bytes": length}
    whole = b"".join(piece.kept for piece in pieces)
    if len(whole) != length:
        doubt("bytes were cut off in the trace")
        return {"bytes": length, "cut": hashlib.sha256(whole).hexdigest()}
    told = names.content(whole)
    text = _short_text(told)
    if text is not None:
        return {"bytes": len(told), "text": text}
    return {"bytes": len(told), "sha256": hashlib.sha256(told).hexdigest()}


def _short_text(content: bytes) -> str | None:
    if len(content) > _LONGEST_TEXT:
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if text.replace("\n", "").replace("\t", "").isprintable() else None


# what came before what


def _crossings(groups: Mapping[Task, Sequence[Group]], names: Names) -> list[list[str]]:
    """Pairs of actions of different tasks, the one before the other for certain, none that follows from another."""
    found: set[tuple[str, int, str, int]] = set()
    for task, theirs in groups.items():
        steps = [each.last.step for each in theirs]
        for other, ours in groups.items():
            if other is task:
                continue
            upto = 0
            for place, group in enumerate(ours, 1):
                before = bisect_left(steps, group.first.clock.get(task.number, 0))
                if before > upto:
                    found.add((names.task(task), before, names.task(other), place))
                    upto = before
    return [[f"{one}:{first}", f"{two}:{second}"] for one, first, two, second in sorted(found)]


def _orders(world: World, names: Names) -> dict[str, list[str]]:
    by_task: dict[Task, list[Op]] = {}
    for op in world.ops:
        by_task.setdefault(op.task, []).append(op)
    found = {names.task(task): _order(ops, names) for task, ops in by_task.items()}
    return {task: found[task] for task in sorted(found) if len(found[task]) > 1}


def _order(ops: Sequence[Op], names: Names) -> list[str]:
    steps: list[str] = []
    written: set[str] = set()
    for op in ops:
        if op.verb in LOOKS or op.verb in _BACK or (op.verb == "open" and op.facts[:1] == ("read",)):
            continue
        if op.verb in {"write", "copy"}:
            written.add(names.thing(op.thing))
            continue
        if written:
            steps.append("write " + ", ".join(sorted(written)))
            written = set()
        steps.append(_milestone(op, names))
    if written:
        steps.append("write " + ", ".join(sorted(written)))
    if len(steps) > _LONGEST_ORDER:
        digest = hashlib.sha256("\n".join(steps).encode("utf-8", "surrogatepass")).hexdigest()
        return [f"{len(steps)} steps", f"sha256 {digest}"]
    return steps


def _milestone(op: Op, names: Names) -> str:
    if op.verb == "start":
        return f"start {names.fact(op.facts[0])}"
    return f"{op.verb} {names.thing(op.thing)}"
