"""Claims about a run that a build can stop on: `renacer.toml` and its verdicts.

Enters: the text of `renacer.toml`, and the events of a trace. Leaves: one `Outcome` per assertion: it holds, it does
not, or it could not be measured. Read `commands_judge.py` for the command.

| type | fields | what is measured |
|---|---|---|
| `critical_path` | `max_duration_ms`, `trace_name_pattern` | the time of the chain that the end depended on |
| `span_count` | `max_spans`, `span_name_pattern` | how many calls there are, of that name |
| `memory_usage` | `max_bytes`, `tracking_mode` | `rss` as the kernel counts; `allocations` as asked for |
| `anti_pattern` | `pattern`, `threshold`, `process_name_pattern` | the share that the pattern has; see below |
| `custom` | `expression` | whatever the expression says; see `expressions.py` |

A name pattern leaves out what has another name. Each has `name`, `fail_on_violation = true` and `enabled = true`.
`GodProcess`: one of at least two processes has more than the threshold of the critical path. `TightLoop`: one task
makes the same call more than a thousand times in a row, and such rows are more than the threshold of its calls.
`PcieBottleneck`: calls on accelerators are more than the threshold of all time in calls.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn

from sovereign.errors import DeviceError, ParameterError
from sovereign.observability.renacer.events import events_of
from sovereign.observability.renacer.expressions import evaluate
from sovereign.observability.renacer.measures import DEVICES, Measures, Unmeasured
from sovereign.shell.exit import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sovereign.observability.renacer.events import Call

__all__ = ["Assertion", "Outcome", "State", "exit_code", "judge", "judged", "read_assertions"]

_SHARED: Mapping[str, type] = {"name": str, "type": str, "fail_on_violation": bool, "enabled": bool}
_FIELDS: Mapping[str, Mapping[str, type]] = {
    "critical_path": {"max_duration_ms": float, "trace_name_pattern": str},
    "span_count": {"max_spans": int, "span_name_pattern": str},
    "memory_usage": {"max_bytes": int, "tracking_mode": str},
    "anti_pattern": {"pattern": str, "threshold": float, "process_name_pattern": str},
    "custom": {"expression": str},
}
_NEEDED = {
    "critical_path": "max_duration_ms",
    "span_count": "max_spans",
    "memory_usage": "max_bytes",
    "anti_pattern": "pattern",
    "custom": "expression",
}
_CHOICES = {"tracking_mode": ("rss", "allocations"), "pattern": ("GodProcess", "TightLoop", "PcieBottleneck")}
_KINDS = {str: "a text", bool: "true or false", int: "a whole number from 0 on", float: "a number from 0 on"}
_LONG_ROW = 1000
_FEWEST_PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Assertion:
    """One claim, as `renacer.toml` makes it."""

    name: str
    kind: str
    fields: Mapping[str, Any]
    fails: bool = True
    is_enabled: bool = True


class State(StrEnum):
    """What became of a claim."""

    HOLDS = "holds"
    VIOLATED = "violated"
    WARNING = "warning"
    UNMEASURED = "could not be measured"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One verdict, with what was measured and what was wanted."""

    name: str
    kind: str
    state: State
    measured: float | None
    required: float | None
    what: str

    def require(self) -> None:
        """Insist that it was measured.

        Errors    DeviceError renacer.unmeasured   when it was not.
        """
        if self.state is State.UNMEASURED:
            text = f"the assertion `{self.name}` could not be measured, {self.what}"
            raise DeviceError("renacer.unmeasured", text, backend="trace", reason=self.what)

    def to_json(self) -> dict[str, object]:
        """It as data."""
        return {
            "name": self.name,
            "type": self.kind,
            "state": str(self.state),
            "measured": self.measured,
            "required": self.required,
            "what": self.what,
        }


# reading


def read_assertions(text: str, path: str = "renacer.toml") -> list[Assertion]:
    """The assertions of a file.

    Errors    ParameterError renacer.settings   when it is no TOML, or an assertion is none that exists.
    """
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        _refuse(f"the file of assertions is no TOML, {error}", path)
    entries = found.get("assertion", [])
    if not isinstance(entries, list) or not entries:
        _refuse("the file holds no `[[assertion]]`", path)
    assertions = [_assertion(entry, path) for entry in entries]
    names = [each.name for each in assertions]
    for name in names:
        if names.count(name) > 1:
            _refuse(f"two assertions have one name, `{name}`", path)
    return assertions


def _refuse(problem: str, path: str, allowed: Iterable[str] = ()) -> NoReturn:
    text = f"{problem}: `{path}`"
    raise ParameterError("renacer.settings", text, name="assertion", value=path, allowed=list(allowed))


def _assertion(entry: Any, path: str) -> Assertion:
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not name:
        _refuse("an assertion has no name", path)
    kind = entry.get("type")
    if not isinstance(kind, str) or kind not in _FIELDS:
        _refuse(f"the assertion `{name}` has a type that does not exist, `{kind}`", path, _FIELDS)
    known = {**_SHARED, **_FIELDS[kind]}
    for field, value in entry.items():
        if field not in known:
            _refuse(f"the assertion `{name}` has a field that its type does not take, `{field}`", path, known)
        if not _is_kind(value, known[field]):
            _refuse(f"the assertion `{name}` needs {_KINDS[known[field]]} in `{field}`", path)
        if field in _CHOICES and value not in _CHOICES[field]:
            _refuse(f"the assertion `{name}` has no such `{field}`, `{value}`", path, _CHOICES[field])
        if field.endswith("_pattern"):
            _pattern(name, value, path)
    if _NEEDED[kind] not in entry:
        _refuse(f"the assertion `{name}` lacks `{_NEEDED[kind]}`", path)
    fields = {field: value for field, value in entry.items() if field not in _SHARED}
    return Assertion(name, kind, fields, entry.get("fail_on_violation", True), entry.get("enabled", True))


def _is_kind(value: Any, kind: type) -> bool:
    if kind is float:
        return type(value) in {int, float} and value >= 0
    if kind is int:
        return type(value) is int and value >= 0
    return type(value) is kind


def _pattern(name: str, value: str, path: str) -> None:
    try:
        re.compile(value)
    except (re.error, RecursionError):
        _refuse(f"the assertion `{name}` has a pattern that is no regular expression, `{value}`", path)


# judging


def judge(assertions: Sequence[Assertion], trace: Iterable[Mapping[str, Any]]) -> list[Outcome]:
    """Hold a trace, as `record` yields it, to every assertion."""
    return judged(assertions, Measures(list(events_of(trace))))


def judged(assertions: Sequence[Assertion], measures: Measures) -> list[Outcome]:
    """Hold what was measured to every assertion."""
    return [_outcome(each, measures) for each in assertions]


def exit_code(outcomes: Sequence[Outcome]) -> ExitCode:
    """1 when a claim does not hold, 2 when one could not be measured, else 0."""
    states = {each.state for each in outcomes}
    if State.VIOLATED in states:
        return ExitCode.NO
    return ExitCode.CANNOT if State.UNMEASURED in states else ExitCode.OK


def _outcome(assertion: Assertion, measures: Measures) -> Outcome:
    if not assertion.is_enabled:
        return Outcome(assertion.name, assertion.kind, State.DISABLED, None, None, "it is switched off")
    try:
        measured, required, what = _JUDGES[assertion.kind](assertion.fields, measures)
    except (Unmeasured, ParameterError) as error:
        if isinstance(error, ParameterError) and assertion.kind != "custom":
            raise
        return Outcome(assertion.name, assertion.kind, State.UNMEASURED, None, None, str(error))
    broken = State.VIOLATED if assertion.fails else State.WARNING
    state = State.HOLDS if measured <= required else broken
    return Outcome(assertion.name, assertion.kind, state, measured, required, what)


Judgement = tuple[float, float, str]


def _critical_path(fields: Mapping[str, Any], measures: Measures) -> Judgement:
    limit_ms = float(fields["max_duration_ms"])
    pattern = fields.get("trace_name_pattern")
    stretches = measures.path.stretches
    if pattern is not None:
        if not any(re.search(pattern, task.name) for task in measures.tasks):
            message = f"no process has a name like `{pattern}`"
            raise Unmeasured(message)
        stretches = tuple(each for each in stretches if re.search(pattern, each.task.name))
    spent_ms = sum(each.duration_s for each in stretches) * 1e3
    return spent_ms, limit_ms, f"the critical path takes {spent_ms:.3f} ms of at most {limit_ms:g} ms"


def _span_count(fields: Mapping[str, Any], measures: Measures) -> Judgement:
    measures.require_all()
    pattern = fields.get("span_name_pattern")
    count = sum(pattern is None or re.search(pattern, call.name) is not None for call in measures.calls)
    of = f" like `{pattern}`" if pattern is not None else ""
    return float(count), float(fields["max_spans"]), f"{count} calls{of} of at most {fields['max_spans']}"


def _memory_usage(fields: Mapping[str, Any], measures: Measures) -> Judgement:
    mode = fields.get("tracking_mode", "rss")
    used = measures.max_rss if mode == "rss" else measures.allocations
    return float(used), float(fields["max_bytes"]), f"{used:,} bytes ({mode}) of at most {fields['max_bytes']:,}"


def _custom(fields: Mapping[str, Any], measures: Measures) -> Judgement:
    text = fields["expression"]
    values = {name: measure() for name, measure in measures.names.items() if re.search(rf"\b{name}\b", text)}
    missing = dict.fromkeys(measures.names.keys() - values.keys(), 0.0)
    value = evaluate(text, {**missing, **values}, measures.functions)
    told = ", ".join(f"{name} = {value:g}" for name, value in values.items())
    what = f"`{text}` is {'true' if value else 'false'}" + (f", with {told}" if told else "")
    return (0.0 if value else 1.0), 0.0, what


def _anti_pattern(fields: Mapping[str, Any], measures: Measures) -> Judgement:
    measures.require_all()
    threshold = float(fields.get("threshold", 0.8))
    share, what = _PATTERNS[fields["pattern"]](fields.get("process_name_pattern"), measures)
    return share, threshold, f"{what}, {share:.0%} of at most {threshold:.0%}"


def _god_process(pattern: str | None, measures: Measures) -> tuple[float, str]:
    spent = measures.path.by_process()
    names = {task.pid: task.name for task in measures.tasks}
    chosen = [pid for pid in spent if pattern is None or re.search(pattern, names[pid])]
    if len(names) < _FEWEST_PROCESSES or not chosen:
        return 0.0, "there is only one process"
    total = sum(spent.values())
    worst = max(chosen, key=lambda pid: spent[pid])
    return (spent[worst] / total if total else 0.0), f"`{names[worst]}` has the most of the critical path"


def _tight_loop(pattern: str | None, measures: Measures) -> tuple[float, str]:
    share, what = 0.0, "no call is made more than a thousand times in a row"
    for task in measures.tasks:
        if pattern is not None and not re.search(pattern, task.name):
            continue
        rows = _rows(task.calls)
        found = sum(length for _, length in rows) / len(task.calls) if rows else 0.0
        if found > share:
            name, length = max(rows, key=lambda row: row[1])
            share, what = found, f"`{task.name}` calls `{name}` {length:,} times in a row"
    return share, what


def _rows(calls: Sequence[Call]) -> list[tuple[str, int]]:
    """The same call over and over, where that is more than a thousand times."""
    found: list[tuple[str, int]] = []
    name, length = "", 0
    for each in [*(call.name for call in calls), ""]:
        if each == name:
            length += 1
            continue
        if length > _LONG_ROW:
            found.append((name, length))
        name, length = each, 1
    return found


def _pcie_bottleneck(pattern: str | None, measures: Measures) -> tuple[float, str]:
    names = {task.pid: task.name for task in measures.tasks}
    calls = [call for call in measures.calls if pattern is None or re.search(pattern, names.get(call.pid, "?"))]
    total = sum(call.duration_us for call in calls)
    spent = sum(call.duration_us for call in calls if _is_on_device(call))
    return (spent / total if total else 0.0), "time in calls on accelerators"


def _is_on_device(call: Call) -> bool:
    told = [value.get("is") for value in call.values if isinstance(value, dict)]
    return any(isinstance(each, str) and DEVICES.match(each) for each in told)


_PATTERNS: Mapping[str, Callable[[str | None, Measures], tuple[float, str]]] = {
    "GodProcess": _god_process,
    "TightLoop": _tight_loop,
    "PcieBottleneck": _pcie_bottleneck,
}
_JUDGES: Mapping[str, Callable[[Mapping[str, Any], Measures], Judgement]] = {
    "critical_path": _critical_path,
    "span_count": _span_count,
    "memory_usage": _memory_usage,
    "anti_pattern": _anti_pattern,
    "custom": _custom,
}
