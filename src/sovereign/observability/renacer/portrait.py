"""A trace as far as two programs in two languages can be held against each other.

Enters: a `World`. Leaves: a `Portrait`: for each thing outside of the program what was done to it, whoever did it; how
it ended; what it started. How often was looked, how bytes were cut, what was read to start and by which task something
was done are not in it: they differ between programs that do the same. Read `comparing.py` next.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from sovereign.observability.renacer.effects import groups_of
from sovereign.observability.renacer.names import Names, Places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sovereign.observability.renacer.descriptors import Thing
    from sovereign.observability.renacer.world import Op, Run, World

__all__ = ["Deed", "Portrait", "portrait_of"]

_LOOKING = frozenset({"read", "list", "map", "give"})
_MAKING = frozenset({"mkdir", "symlink", "mknod", "rename from", "link from"})
_NAME_SERVICE = 53


class Deed(NamedTuple):
    """One thing that was done, with the bytes where bytes were moved."""

    verb: str
    facts: tuple[Any, ...] = ()
    content: bytes | None = None
    length: int = 0
    offset: int | None = None


@dataclass(slots=True)
class Portrait:
    """What a program did, as it can be compared."""

    deeds: dict[str, list[Deed]] = field(default_factory=dict)
    unordered: set[str] = field(default_factory=set)
    """Things that several tasks acted on in no certain order."""
    children: list[tuple[str, ...]] = field(default_factory=list)
    """What was started, with how it ended."""
    status: int | None = None
    signal: str | None = None
    is_ended: bool = False
    reasons: list[str] = field(default_factory=list)
    is_python: bool = False


def portrait_of(world: World, environment: Mapping[str, str] | None = None) -> Portrait:
    """The comparable side of what was done in a trace."""
    names = Names(world, Places.of(world.start, environment))
    root = world.runs[0]
    found = Portrait(
        status=root.status, signal=root.signal, is_ended=root.is_ended, reasons=world.reasons, is_python=root.is_python
    )
    by_thing: dict[Thing, list[Op]] = {}
    for op in world.ops:
        by_thing.setdefault(op.thing, []).append(op)
        if op.verb == "map" and op.facts == ("shared",):
            found.reasons.append("a file is written through memory, which no call shows")
    called = _sockets(by_thing, names)
    for thing, ops in by_thing.items():
        name = called.get(thing) or names.thing(thing)
        kept = [op for op in ops if _is_kept(op)] if thing[0] not in {"pipe", "children"} and name != _DROPPED else []
        if kept:
            found.deeds.setdefault(name, []).extend(_deeds(kept, thing, names, found))
            if _is_unordered(kept):
                found.unordered.add(name)
    found.children = _children(world, names)
    return found


def _is_kept(op: Op) -> bool:
    """Whether an operation is told about at all."""
    if op.verb == "probe":
        return op.facts != ("exists",)
    if op.verb == "mkdir" and op.facts[-1:] == ("EEXIST",):
        return False  # it says only that something is there
    if op.verb in {"send", "receive"}:
        return op.verb == "send" and op.facts[1:2] != ("itself",)
    return not (op.thing[0] == "socket" and op.verb == "read")


def _deeds(ops: Sequence[Op], thing: Thing, names: Names, portrait: Portrait) -> list[Deed]:
    plain = [_plain(op) for op in ops]
    found: list[Deed] = []
    for group in groups_of(plain):
        first = group.first
        facts = tuple(_fact(fact, names) for fact in first.facts)
        if first.content is None:
            deed = Deed(first.verb, facts)
        else:
            deed = _moved(group.ops, facts, names, portrait)
            if thing[0] != "file" or any(op.facts[-1:] == ("append",) for op in ops[:1]):
                deed = deed._replace(offset=None)
        if deed.verb in {"look", "probe"} and deed in found:
            continue  # how often is nobody's business
        found.append(deed)
    # What is made was not there: whether that was asked before is nobody's business either.
    return [deed for deed, after in zip(found, [*found[1:], None], strict=True) if not _is_asked(deed, after)]


def _is_asked(deed: Deed, after: Deed | None) -> bool:
    if deed != Deed("probe", ("absent",)) or after is None:
        return False
    return after.verb in _MAKING or (after.verb == "open" and "create" in after.facts)


def _plain(op: Op) -> Op:
    """An operation in the words of both languages."""
    if op.verb in _LOOKING or (op.verb == "open" and op.facts == ("read",)):
        return op._replace(verb="look", facts=(), content=None, offset=None)
    if op.verb == "mkdir" and op.facts[-1:] == ("ENOENT",):
        return op._replace(verb="probe", facts=("absent",))  # to try is one way to ask for what is above
    if op.verb == "open":
        return op._replace(facts=tuple(fact for fact in op.facts if fact != "nofollow"))
    return op


def _moved(ops: Sequence[Op], facts: tuple[Any, ...], names: Names, portrait: Portrait) -> Deed:
    pieces = [op.content for op in ops if op.content is not None]
    length = sum(piece.length for piece in pieces)
    whole = b"".join(piece.kept for piece in pieces)
    if ops[0].verb == "copy":
        return Deed("copy", facts, None, length, ops[0].offset)
    if len(whole) != length:
        portrait.reasons.append("bytes were cut off in the trace")
    told = names.content(whole)
    return Deed(ops[0].verb, facts, told, len(told), ops[0].offset)


def _fact(fact: Any, names: Names) -> Any:
    found = names.fact(fact)
    return tuple(found) if isinstance(found, list) else found


def _is_unordered(ops: Sequence[Op]) -> bool:
    """Whether two tasks changed a thing, and luck said who was first."""
    changes = [op for op in map(_plain, ops) if op.verb not in {"look", "probe"}]
    return any(one.task is not two.task and not one.is_before(two) for one, two in pairwise(changes))


# sockets


_DROPPED = "a name service"
_ADDRESSED = re.compile(r"connect|bind|accept")


def _sockets(by_thing: Mapping[Thing, Sequence[Op]], names: Names) -> dict[Thing, str]:
    """Sockets by whom they talk to, since their numbers depend on what else is opened."""
    counted: Counter[str] = Counter()
    found: dict[Thing, str] = {}
    for thing, ops in by_thing.items():
        if thing[0] != "socket":
            continue
        op = next((each for each in ops if _ADDRESSED.fullmatch(each.verb)), None)
        if op is None:
            continue
        if op.verb == "accept":
            peer = f"accepted from {found.get(op.facts[0], names.thing(op.facts[0]))}"
        else:
            _, place, port = op.facts[:3]
            if port == _NAME_SERVICE:
                found[thing] = _DROPPED
                continue
            peer = f"{op.verb} {names.fact(place)}:{names.port(port)}"
        counted[peer] += 1
        found[thing] = f"{peer}#{counted[peer]}"
    return found


# children


def _children(world: World, names: Names) -> list[tuple[str, ...]]:
    """What was started, in the order of each process; what could not be is one line, however it was tried."""
    failed: dict[int, list[Op]] = {}
    for op in world.ops:
        if op.verb == "run fails":
            failed.setdefault(op.task.run.number, []).append(op)
    found = []
    for run in world.runs[1:]:
        if run.argv is not None:
            ending = run.signal if run.signal is not None else f"status {run.status}"
            found.append(("start", *map(names.text_of, _words(run)), ending if run.is_ended else "not ended"))
        elif run.number in failed:
            last = failed[run.number][-1]
            words = last.facts[1] or (str(last.facts[0]),)
            found.append(("run fails", *words, last.facts[2]))
        elif run.how != "attach":
            found.append(("fork", run.signal if run.signal is not None else f"status {run.status}"))
    return [*found, *(("run fails", *op.facts[1], op.facts[2]) for op in failed.get(0, []))]


def _words(run: Run) -> tuple[str, ...]:
    assert run.argv is not None
    return (run.argv[0].rpartition("/")[2], *run.argv[1:]) if run.argv else ()
