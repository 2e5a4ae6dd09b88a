"""A recording held against a golden file: what differs, where, and how.

Enters: a `Golden` and the `Form` of a new recording. Leaves: `Difference`s, each with the effect that it is about; none
when the program still does what it did. Read `comparing.py` next.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sovereign.observability.renacer.masks import ANY, agrees, below, general, is_any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sovereign.observability.renacer.effects import Action, Form
    from sovereign.observability.renacer.golden import Golden

__all__ = ["TIMED_CALLS", "Difference", "check", "diff_of", "shown"]

TIMED_CALLS = frozenset(
    """futex futex_waitv sched_yield sched_getaffinity sched_setaffinity membarrier rseq set_robust_list mmap munmap
    mremap brk mprotect madvise mincore clock_gettime clock_nanosleep nanosleep gettimeofday time times getrandom poll
    ppoll select pselect6 epoll_wait epoll_pwait epoll_pwait2 epoll_ctl rt_sigprocmask rt_sigaction rt_sigreturn
    sigaltstack rt_sigtimedwait restart_syscall wait4 waitid read readv recvfrom recvmsg accept accept4 sendto
    sendmsg getpid gettid getrusage sysinfo prlimit64 getcpu io_getevents pause clone clone3 exit kill
    tgkill""".split()
)
"""Calls whose number depends on who is faster, on memory that is free, or on how bytes were cut: never judged."""

_SLACK = 2
_SHARE = 10
_MOST_ALIGNED = 400
_NUMBERED = re.compile(r"#\d+$")


class Difference(NamedTuple):
    """One effect that is not as it was."""

    effect: str
    by: str
    expected: tuple[str, ...]
    found: tuple[str, ...]
    what: str

    @property
    def sentence(self) -> str:
        """It in one sentence."""
        by = f", by {self.by}" if self.by else ""
        return f"`{self.effect}`{by}: {self.what}"

    def to_json(self) -> dict[str, object]:
        """It as data."""
        return {
            "effect": self.effect,
            "by": self.by,
            "expected": list(self.expected),
            "found": list(self.found),
            "what": self.what,
        }


def check(golden: Golden, form: Form) -> list[Difference]:
    """Everything in which a recording is not what was learned, processes first and counts last."""
    names = _matched(golden, form)
    return [
        *_processes(golden, form),
        *_objects(golden, form, names),
        *_before(golden, form),
        *_order(golden, form, names),
        *_calls(golden, form),
    ]


# processes


def _processes(golden: Golden, form: Form) -> Iterator[Difference]:
    for name, facts in golden.processes.items():
        found = form.processes.get(name)
        if found is None:
            if "seen" not in facts:
                yield Difference(name, "", (_ran(facts),), (), "this process is not started any more")
            continue
        for key in ("program", "argv", "status", "signal"):
            expected, got = facts.get(key), found.get(key)
            if not agrees(expected, got) and not (key == "program" and "argv" in facts):
                what = f"`{key}` was `{_short(expected)}` and is `{_short(got)}`"
                yield Difference(name, "", (f"{key} {_short(expected)}",), (f"{key} {_short(got)}",), what)
    for name, found in form.processes.items():
        if name not in golden.processes:
            yield Difference(name, "", (), (_ran(found),), "this process was not started before")


def _ran(facts: Mapping[str, Any]) -> str:
    argv = facts.get("argv")
    return " ".join(argv) if isinstance(argv, list) else "a process that ran no other program"


def _short(value: Any) -> str:
    if is_any(value):
        return "anything"
    return "none" if value is None else json.dumps(value, ensure_ascii=False)


# objects


def _matched(golden: Golden, form: Form) -> dict[str, str]:
    """For each thing of a recording the name that the golden file has for it."""
    found: dict[str, str] = {}
    open_names = {_NUMBERED.sub("", name) for name in golden.objects if ANY in name}
    counted: dict[str, int] = {}
    for name in sorted(form.effects):
        shapes = [shape for shape in (general(name), below(name, golden.objects)) if shape in open_names]
        if name in golden.objects or not shapes:
            found[name] = name
            continue
        shape = shapes[0]
        counted[shape] = counted.get(shape, 0) + 1
        found[name] = shape if shape in golden.objects and counted[shape] == 1 else f"{shape}#{counted[shape]}"
    return found


def _objects(golden: Golden, form: Form, names: Mapping[str, str]) -> Iterator[Difference]:
    by_name = {names[name]: by for name, by in form.effects.items()}
    for name, lines in golden.objects.items():
        by = by_name.get(name)
        if "always" in lines[0]:
            yield from _at_times(name, lines[0], by)
        elif by is None:
            told = tuple(shown(action) for line in lines for action in line["does"])
            yield Difference(name, _whom(lines[0]["by"]), told, (), "nothing is done to it any more")
        elif all(isinstance(line["by"], str) for line in lines):
            yield from _by_task(name, lines, by)
        else:
            yield from _by_anyone(name, lines, by)
    for name, by in by_name.items():
        if name not in golden.objects:
            for task, actions in by.items():
                told = tuple(map(shown, actions))
                yield Difference(name, task, (), told, "nothing was done to it before")


def _whom(by: Any) -> str:
    return by if isinstance(by, str) else ""


def _at_times(name: str, line: Mapping[str, Any], by: Mapping[str, Sequence[Action]] | None) -> Iterator[Difference]:
    verbs = {action[0] for actions in (by or {}).values() for action in actions}
    missing = sorted(set(line["always"]) - verbs) if by is not None or "seen" not in line else []
    fresh = sorted(verbs - set(line["always"]) - set(line["sometimes"]))
    if missing or fresh:
        words = [f"{', '.join(missing)} was always done and is not"] if missing else []
        words += [f"{', '.join(fresh)} was never done and is"] if fresh else []
        yield Difference(name, "", tuple(missing), tuple(fresh), "; ".join(words))


def _by_task(name: str, lines: Sequence[Mapping[str, Any]], by: Mapping[str, list[Action]]) -> Iterator[Difference]:
    expected = {line["by"]: line["does"] for line in lines}
    for task in {**expected, **by}:
        yield from _actions(name, task, expected.get(task, []), by.get(task, []))


def _by_anyone(name: str, lines: Sequence[Mapping[str, Any]], by: Mapping[str, list[Action]]) -> Iterator[Difference]:
    """Whoever does it: each line needs one task that does just that."""
    left = dict(by)
    lacking = []
    for line in lines:
        task = next((task for task, actions in left.items() if agrees(line["does"], actions)), None)
        if task is None:
            lacking.append(line["does"])
        else:
            left.pop(task)
    for place, (task, actions) in enumerate(left.items()):
        yield from _actions(name, task, lacking[place] if place < len(lacking) else [], actions)
    for does in lacking[len(left) :]:
        yield from _actions(name, "", does, [])


def _actions(name: str, by: str, expected: Sequence[Action], found: Sequence[Action]) -> Iterator[Difference]:
    if agrees(list(expected), list(found)):
        return
    place = next(
        (at for at, pair in enumerate(zip(expected, found, strict=False)) if not agrees(*pair)),
        min(len(expected), len(found)),
    )
    was = shown(expected[place]) if place < len(expected) else None
    done = shown(found[place]) if place < len(found) else None
    if was is None:
        what = f"`{done}` is done as action {place + 1}, and nothing was there before"
    elif done is None:
        what = f"`{was}` was done as action {place + 1}, and is not any more"
    else:
        what = f"action {place + 1} was `{was}` and is `{done}`"
    yield Difference(name, by, tuple(map(shown, expected)), tuple(map(shown, found)), what)


def shown(action: Action) -> str:
    r"""An action as a person reads it.

    >>> shown(["open", "write", "create", "0644"]), shown(["write", {"bytes": 3, "text": "ab\n"}])
    ('open write create 0644', 'write 3 bytes "ab\\n"')
    """
    return " ".join(str(action[0:1][0]).split() + [_fact(fact) for fact in action[1:]])


def _fact(fact: Any) -> str:
    if is_any(fact):
        return "<anything>"
    if isinstance(fact, dict) and "bytes" in fact:
        text = json.dumps(fact["text"], ensure_ascii=False) if isinstance(fact.get("text"), str) else ""
        digest = f"sha256 {str(fact['sha256'])[:16]}" if "sha256" in fact else ""
        place = f"at {fact['at']}" if "at" in fact else ""
        return " ".join(part for part in (f"{fact['bytes']} bytes", place, text, digest) if part)
    if isinstance(fact, list):
        return " ".join(map(_fact, fact))
    return str(fact)


# order and counts


def _before(golden: Golden, form: Form) -> Iterator[Difference]:
    for name, pairs in golden.before.items():
        found = form.crossings.get(name, [])
        for pair in pairs:
            if pair not in found:
                what = f"action {pair[0]} came before action {pair[1]} for certain, and does not any more"
                yield Difference(name, "", (" before ".join(pair),), (), what)


def _order(golden: Golden, form: Form, names: Mapping[str, str]) -> Iterator[Difference]:
    swaps = {name: shape for name, shape in names.items() if name != shape}
    for task, steps in golden.order.items():
        if is_any(steps):
            continue
        found = []
        for step in form.order.get(task, []):
            for name, shape in swaps.items():
                step = step.replace(name, shape)  # noqa: PLW2901 - the step in the golden file's words
            found.append(step)
        if found != steps:
            place = next((at for at, (a, b) in enumerate(zip(steps, found, strict=False)) if a != b), None)
            at = min(len(steps), len(found)) if place is None else place
            was = steps[at] if at < len(steps) else "the end"
            now = found[at] if at < len(found) else "the end"
            what = f"step {at + 1} of its changes was `{was}` and is `{now}`"
            yield Difference("order", task, tuple(steps), tuple(found), what)


def _calls(golden: Golden, form: Form) -> Iterator[Difference]:
    if golden.settings.get("portable") is True:
        return  # how often calls are made hangs on the machine
    for name in sorted({*golden.calls, *form.calls} - TIMED_CALLS):
        low, high = golden.calls.get(name, [0, 0])
        slack = max(_SLACK, high // _SHARE, high - low)
        count = form.calls.get(name, 0)
        if not low - slack <= count <= high + slack:
            band = str(low) if low == high else f"{low} to {high}"
            what = f"it was called {band} times and is called {count} times"
            yield Difference(f"calls of {name}", "", (band,), (str(count),), what)


# as a diff


def diff_of(differences: Sequence[Difference]) -> str:
    """All differences as a diff, thing by thing."""
    lines: list[str] = []
    for each in differences:
        lines.append(f"@@ {each.effect}{f' by {each.by}' if each.by else ''}")
        lines += _aligned(each.expected, each.found)
    return "\n".join(lines)


def _aligned(expected: Sequence[str], found: Sequence[str]) -> list[str]:
    if len(expected) > _MOST_ALIGNED or len(found) > _MOST_ALIGNED:
        return [f"- {len(expected)} lines", f"+ {len(found)} lines"]
    from difflib import SequenceMatcher

    lines: list[str] = []
    for tag, low, high, first, last in SequenceMatcher(None, expected, found, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [f"  {each}" for each in expected[low:high]]
        else:
            lines += [f"- {each}" for each in expected[low:high]]
            lines += [f"+ {each}" for each in found[first:last]]
    return lines
