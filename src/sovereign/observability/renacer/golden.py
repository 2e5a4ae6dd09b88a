"""Golden files: what a program does, learned from several recordings and kept as lines that a person reviews.

Enters: the normal forms of at least `FEWEST` recordings. Leaves: a `Golden`, and its lines. What differed among the
recordings is kept as `{"*": n}` and never judged again. Read `checking.py` next.

| line | fields |
|---|---|
| head | `golden` (version), `tool kernel arch command settings environment recordings policy dropped` |
| `process` | its name, `program argv status` or `signal`; `seen` where not all recordings had it |
| `object` | what was acted on, `by` whom, `does` what; or `always` and `sometimes` where what is done differs |
| `before` | an object, and `pairs` of actions of different tasks in their certain order |
| `order` | a task, and the `steps` by which it changed things |
| `calls` | for each call the fewest and the most that were seen |
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from sovereign.errors import FormatError, IntegrityError, ParameterError
from sovereign.observability.renacer.masks import ANY, below, general, learned, learned_actions, mark
from sovereign.observability.renacer.policy import DROPPED_CALLS
from sovereign.observability.renacer.policy import VERSION as POLICY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sovereign.observability.renacer.effects import Action, Form

__all__ = ["FEWEST", "VERSION", "Golden", "learn", "read_golden", "require_whole"]

VERSION = 1
FEWEST = 5
"""So many recordings tell what differs by luck from what does not."""

_HEAD = "golden tool kernel arch command settings environment recordings policy dropped".split()


@dataclass(slots=True)
class Golden:
    """What is known of a program's behaviour."""

    head: dict[str, Any]
    processes: dict[str, dict[str, Any]] = field(default_factory=dict)
    objects: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """For each thing the lines about it: each a task's actions, or one line that says what is done at times."""
    before: dict[str, Any] = field(default_factory=dict)
    order: dict[str, Any] = field(default_factory=dict)
    calls: dict[str, list[int]] = field(default_factory=dict)

    @property
    def recordings(self) -> int:
        """How many recordings it was learned from."""
        return int(self.head["recordings"])

    @property
    def command(self) -> list[str]:
        """The command that was recorded."""
        return list(self.head["command"])

    @property
    def settings(self) -> dict[str, Any]:
        """How it was recorded: `stdin` and `from`."""
        return dict(self.head["settings"])

    def lines(self) -> list[str]:
        """The file, line by line; the same knowledge gives the same lines."""
        found: list[Mapping[str, Any]] = [self.head]
        found += [{"process": name, **facts} for name, facts in self.processes.items()]
        found += [{"object": name, **line} for name, lines in self.objects.items() for line in lines]
        found += [{"before": name, "pairs": pairs} for name, pairs in self.before.items()]
        found += [{"order": name, "steps": steps} for name, steps in self.order.items()]
        found.append({"calls": self.calls})
        return [json.dumps(each, ensure_ascii=False) + "\n" for each in found]


def learn(
    forms: Sequence[Form],
    *,
    command: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Golden:
    """Learn what a program does from recordings of it.

    Errors    ParameterError renacer.recordings   when there are fewer than `FEWEST`, or one is not to be relied on.
    """
    if len(forms) < FEWEST:
        text = f"a golden file is learned from at least {FEWEST} recordings: `{len(forms)}`"
        raise ParameterError("renacer.recordings", text, name="recordings", value=len(forms), allowed=[FEWEST])
    for form in forms:
        require_whole(form)
    start = forms[0].start
    head = {
        "golden": VERSION,
        "tool": start.tool,
        "kernel": start.kernel,
        "arch": start.arch,
        "command": list(command or start.command),
        "settings": dict(settings or {}),
        "environment": dict(sorted((environment or {}).items())),
        "recordings": len(forms),
        "policy": POLICY,
        "dropped": list(DROPPED_CALLS),
    }
    effects, orders = _renamed(forms)
    return Golden(
        head,
        _processes(forms),
        _objects(effects),
        _paired(forms),
        _steps(orders),
        _bands([form.calls for form in forms]),
    )


def require_whole(form: Form) -> None:
    """See that a recording tells all that was done.

    Errors    ParameterError renacer.recordings   when it does not.
    """
    if form.reasons:
        text = f"a recording does not tell all that was done, {form.reasons[0]}"
        raise ParameterError("renacer.recordings", text, name="recordings", value=list(form.reasons), allowed=[])


def _processes(forms: Sequence[Form]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in sorted({name for form in forms for name in form.processes}):
        seen = [form.processes[name] for form in forms if name in form.processes]
        fields = [key for key in ("program", "argv", "status", "signal") if any(key in each for each in seen)]
        found[name] = {key: learned([each.get(key) for each in seen]) for key in fields}
        if len(seen) < len(forms):
            found[name]["seen"] = [len(seen), len(forms)]
    return found


Effects = dict[str, dict[str, list["Action"]]]


def _renamed(forms: Sequence[Form]) -> tuple[list[Effects], list[dict[str, list[str]]]]:
    """Effects and orders, in which things that have another name each time go by what their names have in common."""
    common = set.intersection(*(set(form.effects) for form in forms))
    strays = [[name for name in form.effects if name not in common] for form in forms]
    shapes = [(general, _steady([Counter(map(general, names)) for names in strays]))]
    lower = lambda name: below(name, common)  # noqa: E731 - one line that is handed on
    left = [[name for name in names if general(name) not in shapes[0][1]] for names in strays]
    shapes.append((lower, _steady([Counter(map(lower, names)) for names in left])))
    effects, orders = [], []
    for form, names in zip(forms, strays, strict=True):
        counted: Counter[str] = Counter()
        swaps: dict[str, str] = {}
        for name in sorted(names):
            for shape_of, steady in shapes:
                shape = shape_of(name)
                if shape in steady:
                    counted[shape] += 1
                    swaps[name] = shape if steady[shape] == 1 else f"{shape}#{counted[shape]}"
                    break
        effects.append({swaps.get(name, name): by for name, by in form.effects.items()})
        orders.append({task: [_swapped(step, swaps) for step in steps] for task, steps in form.order.items()})
    return effects, orders


def _steady(counts: Sequence[Counter[str]]) -> dict[str, int]:
    """Open names that are there equally often each time; one that is there at times does not vary, it is absent."""
    return {
        name: count for name, count in counts[0].items() if ANY in name and all(each[name] == count for each in counts)
    }


def _swapped(step: str, swaps: Mapping[str, str]) -> str:
    for name, shape in swaps.items():
        step = step.replace(name, shape)
    return step


def _objects(recorded: Sequence[Effects]) -> dict[str, list[dict[str, Any]]]:
    names = sorted({name for effects in recorded for name in effects})
    found = {name: [effects.get(name) for effects in recorded] for name in names}
    swapping = _swapping(found.values())
    return {name: _object(each, swapping) for name, each in found.items()}


def _swapping(things: Iterable[Sequence[dict[str, list[Action]] | None]]) -> set[str]:
    """The tasks that take each other's work: what they did alike each time may go to another one as well."""
    found: set[str] = set()
    for recorded in things:
        first, *others = [set(each) for each in recorded if each is not None]
        found |= first.union(*others) - first.intersection(*others)
    return found


def _object(recorded: Sequence[dict[str, list[Action]] | None], swapping: set[str]) -> list[dict[str, Any]]:
    """The lines about one thing."""
    seen = [each for each in recorded if each is not None]
    if len(seen) == len(recorded):
        is_swapped = all(swapping.issuperset(each) for each in seen)
        found = (_other_tasks(seen) if is_swapped else None) or _same_tasks(seen) or _other_tasks(seen)
        if found is not None:
            return found
    verbs = [{action[0] for actions in each.values() for action in actions} for each in seen]
    always = sorted(set.intersection(*verbs)) if len(seen) == len(recorded) else []
    line: dict[str, Any] = {
        "by": mark([sorted(each) for each in seen]),
        "does": mark(seen),
        "always": always,
        "sometimes": sorted(set.union(*verbs) - set(always)),
    }
    return [line if len(seen) == len(recorded) else {**line, "seen": [len(seen), len(recorded)]}]


def _same_tasks(seen: Sequence[dict[str, list[Action]]]) -> list[dict[str, Any]] | None:
    if len({tuple(sorted(each)) for each in seen}) > 1:
        return None
    found = []
    for task in sorted(seen[0]):
        does = learned_actions([each[task] for each in seen])
        if does is None:
            return None
        found.append({"by": task, "does": does})
    exact = all(each == seen[0] for each in seen)
    # Facts that differ may only have gone to another task.
    return found if exact else _other_tasks(seen, exact_only=True) or found


def _other_tasks(seen: Sequence[dict[str, list[Action]]], *, exact_only: bool = False) -> list[dict[str, Any]] | None:
    """The same actions by different tasks each time."""
    listed = [sorted(each.values(), key=_sorting) for each in seen]
    if len({len(each) for each in listed}) > 1:
        return None
    found = []
    for column in zip(*listed, strict=True):
        does = learned_actions(column)
        if does is None or (exact_only and does != column[0]):
            return None
        found.append({"by": {ANY: len(column)}, "does": does})
    return found


def _sorting(actions: list[Action]) -> str:
    return json.dumps(actions, sort_keys=True)


def _paired(forms: Sequence[Form]) -> dict[str, Any]:
    """The order between tasks, where it was there each time."""
    names = sorted({name for form in forms for name in form.crossings})
    found = {}
    for name in names:
        seen = [form.crossings.get(name, []) for form in forms]
        pairs = [pair for pair in seen[0] if all(pair in each for each in seen)]
        if pairs:
            found[name] = pairs
    return found


def _steps(orders: Sequence[dict[str, list[str]]]) -> dict[str, Any]:
    common = set.intersection(*(set(order) for order in orders))
    return {name: learned([order[name] for order in orders]) for name in sorted(common)}


def _bands(counts: Sequence[Mapping[str, int]]) -> dict[str, list[int]]:
    names = sorted({name for each in counts for name in each})
    return {
        name: [min(each.get(name, 0) for each in counts), max(each.get(name, 0) for each in counts)] for name in names
    }


# reading


def read_golden(lines: Iterable[str], path: str = "-") -> Golden:
    """A golden file read back.

    Errors    FormatError renacer.golden    when a line is not what the format says; `offset` is its number.
              IntegrityError renacer.cut    when the last line, that of `calls`, is missing.
    """
    found: Golden | None = None
    is_whole = False
    number = 0
    for number, line in enumerate(lines, 1):
        fields = _fields(line, number, path)
        if found is None:
            found = Golden(_head(fields, number, path))
            continue
        if is_whole:
            _refuse(number, path, "line", "nothing after `calls`")
        is_whole = _take(found, fields, number, path)
    if found is None or not is_whole:
        text = f"the golden file ends after line {number}, without its last line `calls`: `{path}`"
        raise IntegrityError("renacer.cut", text, path=path, offset=number, field="line", expected="calls", got=None)
    return found


def _fields(line: str, number: int, path: str) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        _refuse(number, path, "line", "an object in JSON")
    if not isinstance(fields, dict):
        _refuse(number, path, "line", "an object in JSON")
    return fields


def _refuse(number: int, path: str, name: str, expected: str) -> NoReturn:
    text = f"line {number} of the golden file is wrong in `{name}`, {expected} is needed: `{path}`"
    raise FormatError("renacer.golden", text, path=path, offset=number, field=name, expected=expected, got=None)


def _head(fields: dict[str, Any], number: int, path: str) -> dict[str, Any]:
    if fields.get("golden") != VERSION:
        _refuse(number, path, "golden", f"version {VERSION}")
    for name in _HEAD:
        if name not in fields:
            _refuse(number, path, name, "a value")
    for name, kind in (("command", list), ("settings", dict), ("recordings", int)):
        if not isinstance(fields[name], kind):
            _refuse(number, path, name, f"a {kind.__name__}")
    if not fields["command"] or not all(isinstance(word, str) for word in fields["command"]):
        _refuse(number, path, "command", "a list of words")
    return fields


def _take(golden: Golden, fields: dict[str, Any], number: int, path: str) -> bool:
    """One line after the head; returns whether it was the last."""
    kind = next(iter(fields), "")
    name = fields.pop(kind, None)
    if kind == "calls":
        golden.calls = _read_bands(name, number, path)
        return True
    if not isinstance(name, str):
        _refuse(number, path, kind or "line", "a name")
    if kind == "process":
        golden.processes[name] = fields
    elif kind == "object":
        golden.objects.setdefault(name, []).append(_read_object(fields, number, path))
    elif kind == "before" and _are_pairs(fields.get("pairs")):
        golden.before[name] = fields["pairs"]
    elif kind == "order" and isinstance(fields.get("steps"), list | dict):
        golden.order[name] = fields["steps"]
    else:
        _refuse(number, path, kind or "line", "a line of the format")
    return False


def _are_pairs(found: Any) -> bool:
    return isinstance(found, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair)  # noqa: PLR2004
        for pair in found
    )


def _read_object(fields: dict[str, Any], number: int, path: str) -> dict[str, Any]:
    does = fields.get("does")
    if isinstance(does, list):
        if not all(isinstance(action, list) and action and isinstance(action[0], str) for action in does):
            _refuse(number, path, "does", "a list of actions")
    elif not isinstance(does, dict) or not all(isinstance(fields.get(each), list) for each in ("always", "sometimes")):
        _refuse(number, path, "does", "a list of actions, or `always` and `sometimes`")
    if not isinstance(fields.get("by"), str | dict):
        _refuse(number, path, "by", "a task")
    return fields


def _read_bands(found: Any, number: int, path: str) -> dict[str, list[int]]:
    if not isinstance(found, dict):
        _refuse(number, path, "calls", "the fewest and the most for each call")
    for band in found.values():
        if not isinstance(band, list) or len(band) != 2 or not all(type(each) is int for each in band):  # noqa: PLR2004
            _refuse(number, path, "calls", "the fewest and the most for each call")
    return found
