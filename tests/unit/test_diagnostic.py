"""What a message consists of."""

from __future__ import annotations

import json

import pytest

from sovereign.diagnostic import ByteRange, Diagnostic, Label, Level, Span

SPAN = Span("a.py", 1, 2, 3, 4)


def test_a_diagnostic_is_the_same_object_as_json() -> None:
    label = Label(ByteRange("m.apr", 4, 8), "written here")
    diagnostic = Diagnostic("a.b", Level.WARNING, "a sentence", SPAN, (label,), "do this")
    assert json.loads(json.dumps(diagnostic.to_json())) == {
        "code": "a.b",
        "level": "warning",
        "message": "a sentence",
        "span": {"path": "a.py", "line": 1, "column": 2, "end_line": 3, "end_column": 4},
        "labels": [{"span": {"path": "m.apr", "start": 4, "end": 8}, "text": "written here"}],
        "help": "do this",
    }


def test_the_keys_are_the_same_whether_or_not_they_hold_something() -> None:
    full = Diagnostic("a.b", Level.ERROR, "m", SPAN, (Label(SPAN, "x"),), "h")
    assert Diagnostic("a.b", Level.ERROR, "m").to_json().keys() == full.to_json().keys()


def test_diagnostics_are_values() -> None:
    assert Diagnostic("a", Level.ERROR, "m", SPAN) == Diagnostic("a", Level.ERROR, "m", Span("a.py", 1, 2, 3, 4))
    with pytest.raises(AttributeError):
        SPAN.line = 2  # type: ignore[misc]
