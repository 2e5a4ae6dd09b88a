"""Traces read line by line, and refused by the number of the line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sovereign.errors import FormatError, IntegrityError
from sovereign.observability.renacer.effects import form_of
from sovereign.observability.renacer.events import Call, Content, End, Exit, Start, content_of, events_of, read_events
from traces import TraceBook


def book() -> TraceBook:
    found = TraceBook()
    found.main.write(1, "hello\n")
    found.main.exit(3)
    return found


def test_every_kind_of_event_is_read_with_its_types() -> None:
    events = list(read_events(book().lines()))
    assert [type(each).__name__ for each in events] == ["Start", "Process", "Exec", "Call", "Exit", "End"]
    start, call, ending, end = events[0], events[3], events[4], events[5]
    assert isinstance(start, Start)
    assert isinstance(call, Call)
    assert isinstance(ending, Exit)
    assert isinstance(end, End)
    assert (start.folder, start.command) == ("/srv/ada/jobs", ("/usr/bin/job",))
    assert (call.name, call.arg(2), call.arg(9), call.result) == ("write", 6, None, 6)
    assert call.end == pytest.approx(call.start + 20e-6)
    assert (ending.status, ending.max_rss) == (3, 1 << 20)
    assert end.calls == 1


def test_objects_and_lines_give_the_same_events() -> None:
    assert list(events_of(book().objects())) == list(read_events(book().lines()))


def test_bytes_that_are_no_text_come_back() -> None:
    assert content_of({"bytes": "/wA=", "length": 9}) == Content(b"\xff\x00", 9)
    assert content_of({"bytes": "no base64!"}) is None
    assert content_of({"fault": "0x10"}) is None
    assert content_of(7) is None


def test_a_trace_without_its_end_is_cut() -> None:
    lines = book().lines()
    for upto in range(len(lines)):
        with pytest.raises(IntegrityError) as caught:
            list(read_events(lines[:upto], "t.jsonl"))
        assert (caught.value.code, caught.value.detail["offset"]) == ("renacer.cut", upto)


def test_a_trace_that_ends_within_a_line_is_cut() -> None:
    lines = book().lines()
    lines[3] = lines[3][: len(lines[3]) // 2]
    with pytest.raises(IntegrityError, match="within line 4") as caught:
        list(read_events(lines[:4]))
    assert caught.value.code == "renacer.cut"


BROKEN: list[tuple[int, str, Any, str]] = [
    (0, "version", 2, "version"),
    (0, "command", "ls", "command"),
    (0, "event", "process", "time"),
    (1, "event", "trace", "version"),
    (1, "event", ["call"], "event"),
    (1, "tid", "7", "tid"),
    (1, "time", None, "time"),
    (1, "time", True, "time"),
    (1, "time", 1e300, "time"),
    (2, "argv", [1], "argv"),
    (3, "duration_us", -1, "duration_us"),
    (3, "args", [], "args"),
    (3, "result", 1.5, "result"),
    (3, "python", {"file": 3}, "file"),
    (4, "status", "0", "status"),
    (5, "lost", -1, "lost"),
]


@pytest.mark.parametrize(("place", "name", "value", "field"), BROKEN)
def test_a_wrong_field_is_refused_by_line_and_name(place: int, name: str, value: object, field: str) -> None:
    objects = book().objects()
    objects[place] = {**objects[place], name: value}
    with pytest.raises(FormatError) as caught:
        list(read_events([json.dumps(each) + "\n" for each in objects], "t.jsonl"))
    assert (caught.value.code, caught.value.detail["offset"]) == ("renacer.trace", place + 1)
    assert caught.value.detail["field"] == field
    assert str(caught.value).endswith("`t.jsonl`")


@pytest.mark.parametrize("line", ["", "{", "[]", "7", "nul", '{"event": NaN}', "deep", "long"])
def test_a_line_that_is_no_object_is_refused(line: str) -> None:
    line = {"deep": "[" * 100_000, "long": "9" * 5000}.get(line, line)
    lines = book().lines()
    with pytest.raises(FormatError) as caught:
        list(read_events([*lines[:2], line + "\n", *lines[2:]]))
    assert (caught.value.code, caught.value.detail["offset"]) == ("renacer.trace", 3)


def test_nothing_may_follow_the_end() -> None:
    lines = book().lines()
    with pytest.raises(FormatError, match="line 7"):
        list(read_events([*lines, lines[3]]))


def test_a_trace_without_a_call_is_an_error() -> None:
    with pytest.raises(FormatError) as caught:
        form_of(events_of(TraceBook().objects()))
    assert caught.value.code == "renacer.empty"
