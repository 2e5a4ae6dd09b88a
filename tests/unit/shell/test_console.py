"""What a command speaks with."""

from __future__ import annotations

import io
import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sovereign.diagnostic import ByteRange, Diagnostic, Level
from sovereign.errors import DeviceError, GateFailed, InternalError, NotFound, SourceError
from sovereign.shell import files
from sovereign.shell.console import Console, OutputGone, as_json

if TYPE_CHECKING:
    from pathlib import Path


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Failing(io.StringIO):
    """A stream whose flush fails as told."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def flush(self) -> None:
        raise self.error


def opened(out: io.StringIO | None = None, err: io.StringIO | None = None, **flags: Any) -> Console:
    flags.setdefault("environment", {})
    return Console("batuta", out=out or io.StringIO(), err=err or io.StringIO(), **flags)


def text_of(stream: object) -> str:
    assert isinstance(stream, io.StringIO)
    return stream.getvalue()


def test_text_is_printed_without_what_a_terminal_acts_on() -> None:
    console = opened()
    console.write("a\tb\x1b[31m\r\n\x9b2Jé")
    assert text_of(console.out) == "a\tb\\x1b[31m\\r\n\\x9b2Jé\n"


def test_json_holds_no_control_characters() -> None:
    found = as_json({"a\x9b": "\x7f\x80é"})
    assert found == '{\n  "a\\u009b": "\\u007f\\u0080é"\n}'
    assert json.loads(found) == {"a\x9b": "\x7f\x80é"}


def test_a_finding_about_a_large_file_reads_a_row_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(1 << 40)
    monkeypatch.setattr(files, "read_bytes", lambda _path: pytest.fail("the whole file is read"))
    console = opened()
    console.diagnose([Diagnostic("a.b", Level.ERROR, "wrong", ByteRange(str(tmp_path / "large"), 1 << 39, 1 << 40))])
    assert "  8000000000 | 00 00 00 00" in text_of(console.err)


def test_text_is_printed_with_its_line_break() -> None:
    console = opened()
    console.write("one")
    console.write("two\n")
    console.emit({"ignored": True})
    console.finish()
    assert text_of(console.out) == "one\ntwo\n"


def test_json_is_alone_on_standard_output() -> None:
    console = opened(json=True)
    console.write("text")
    console.table(["a"], [["1"]])
    console.emit({"a": 1})
    assert text_of(console.out) == ""
    console.finish()
    console.finish()
    assert json.loads(text_of(console.out)) == {"a": 1}


def test_quiet_leaves_the_json_and_takes_the_text() -> None:
    console = opened(json=True, quiet=True)
    console.emit({})
    console.finish()
    assert text_of(console.out) == "{}\n"
    silent = opened(quiet=True)
    silent.write("text")
    silent.table(["a"], [["1"]])
    assert text_of(silent.out) == ""


def test_a_second_document_is_a_defect() -> None:
    console = opened(json=True)
    console.emit({})
    with pytest.raises(InternalError, match="two JSON documents"):
        console.emit({})


@pytest.mark.parametrize(
    ("environment", "terminal", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, False, True),
    ],
)
def test_colour_follows_the_environment_then_the_stream(
    environment: dict[str, str],
    terminal: bool,  # noqa: FBT001 - a table of cases
    expected: bool,  # noqa: FBT001 - as above
) -> None:
    stream = Terminal() if terminal else io.StringIO()
    assert opened(stream, environment=environment).colour(stream) is expected


def test_a_closed_stream_is_no_terminal() -> None:
    stream = io.StringIO()
    console = opened(stream)
    stream.close()
    assert not console.colour(stream)
    assert not console.colour(None)


@pytest.mark.parametrize(("columns", "width"), [("40", 40), ("0", 80), ("wide", 80), ("", 80), ("²", 80)])
def test_the_width_is_that_of_columns_when_it_is_one(columns: str, width: int) -> None:
    assert opened(environment={"COLUMNS": columns}).width == width


@pytest.mark.parametrize(("columns", "mark"), [("100", "─"), ("20", "check: a")])
def test_a_terminal_gets_a_drawn_table_or_blocks(columns: str, mark: str) -> None:
    console = opened(Terminal(), environment={"COLUMNS": columns})
    console.table(["check", "evidence"], [["a", "long enough to need some room"]])
    assert mark in text_of(console.out)


def test_a_pipe_gets_aligned_text() -> None:
    console = opened(environment={"COLUMNS": "10"})
    console.table(["check", "evidence"], [["a", "long enough to need some room"]])
    assert text_of(console.out) == "check  evidence\na      long enough to need some room\n"


def test_an_error_is_one_sentence_on_standard_error() -> None:
    console = opened()
    console.fail(NotFound("shell.not_found", "gone: `x`", name="x", nearest=["y"]))
    assert text_of(console.err) == "batuta: error: gone: `x` [shell.not_found]\n  help: did you mean `y`?\n"
    assert text_of(console.out) == ""


def test_an_error_takes_the_place_of_the_document() -> None:
    console = opened(json=True)
    console.emit({"half": "done"})
    console.fail(NotFound("shell.not_found", "gone: `x`", name=PurePosixPath("x"), nearest=["y"]))
    assert text_of(console.err) == ""
    assert json.loads(text_of(console.out)) == {
        "error": {
            "code": "shell.not_found",
            "level": "error",
            "message": "gone: `x`",
            "span": None,
            "labels": [],
            "help": "did you mean `y`?",
            "detail": {"name": "x", "nearest": ["y"]},
        }
    }


def test_a_failed_gate_keeps_its_evidence() -> None:
    console = opened(json=True)
    console.emit({"checks": [1]})
    console.fail(GateFailed("stack.broken", "no: `x`", rule="r", measured=1, required=0))
    document = json.loads(text_of(console.out))
    assert document["checks"] == [1]
    assert document["error"]["detail"] == {"rule": "r", "measured": 1, "required": 0}


def test_a_source_error_tells_every_finding() -> None:
    found = tuple(Diagnostic(f"d.{each}", Level.ERROR, each) for each in ("one", "two"))
    error = SourceError("d.refused", "two findings: `a.py`", diagnostics=found)
    console = opened(json=True)
    console.fail(error)
    document = json.loads(text_of(console.out))["error"]
    assert document["code"] == "d.refused"
    assert [each["code"] for each in document["diagnostics"]] == ["d.one", "d.two"]
    plain = opened()
    plain.fail(error)
    assert text_of(plain.err).count("error:") == 2


def test_a_reader_that_went_away_is_told_apart_from_a_full_disk() -> None:
    with pytest.raises(OutputGone):
        opened(Failing(BrokenPipeError())).finish()
    with pytest.raises(DeviceError, match="no space left") as caught:
        opened(Failing(OSError(28, "No space left on device"))).finish()
    assert caught.value.code == "shell.cannot_write"


def test_a_closed_standard_output_is_a_typed_error_once_something_is_to_be_said() -> None:
    console = Console("batuta", out=None, err=io.StringIO(), environment={})
    console.finish()
    with pytest.raises(DeviceError, match="it is closed"):
        console.write("text")


def test_a_standard_error_that_fails_or_is_closed_is_passed_over() -> None:
    opened(err=Failing(OSError(28, "full"))).log("text")
    Console("batuta", out=None, err=None, environment={}).log("text")


def test_a_terminal_that_cannot_show_unicode_gets_escaped_json() -> None:
    binary = io.BytesIO()
    out = io.TextIOWrapper(binary, encoding="latin-1")
    console = Console("batuta", out=out, err=None, json=True, environment={})
    console.emit({"a": "漢"})
    console.finish()
    assert json.loads(binary.getvalue()) == {"a": "漢"}


def test_json_takes_what_commands_hold() -> None:
    document = {"array": np.arange(2), "path": PurePosixPath("a"), "set": {2, 1}, "level": Level.NOTE, "other": 1j}
    assert json.loads(as_json(document)) == {
        "array": [0, 1],
        "path": "a",
        "set": [1, 2],
        "level": "note",
        "other": "1j",
    }


def test_a_number_that_json_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        as_json({"a": float("nan")})


def test_progress_is_for_terminals_alone() -> None:
    assert opened(err=Terminal()).progress("x").shown
    assert not opened().progress("x").shown
    assert not opened(err=Terminal(), quiet=True).progress("x").shown
    assert not opened(err=Terminal(), environment={"TERM": "dumb"}).progress("x").shown
