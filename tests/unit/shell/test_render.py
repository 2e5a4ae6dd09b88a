"""The one renderer of diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.diagnostic import ByteRange, Diagnostic, Label, Level, Span
from sovereign.errors import FormatError, NotFound, SourceError, SovereignError
from sovereign.shell.files import read_bytes
from sovereign.shell.render import as_diagnostic, diagnostics_of, render
from sovereign.shell.text import cells

if TYPE_CHECKING:
    from pathlib import Path


def finding(column: int, end: int, line: int = 1, end_line: int | None = None) -> Diagnostic:
    span = Span("a.py", line, column, end_line or line, end)
    return Diagnostic("depyler.range", Level.ERROR, "it does not fit: `300`", span)


def shown(source: str, diagnostic: Diagnostic, width: int = 80) -> list[str]:
    return render(diagnostic, read=lambda _path: source.encode(), width=width).splitlines()


def test_a_finding_shows_place_line_and_caret() -> None:
    assert shown("x = int8(300)\n", finding(10, 13)) == [
        "a.py:1:10: error: it does not fit: `300` [depyler.range]",
        "  1 | x = int8(300)",
        "    |          ^^^",
    ]


def test_the_caret_stands_right_behind_tabs() -> None:
    assert shown("\tx\t= 1", finding(4, 5))[1:] == ["  1 |     x   = 1", "    |         ^"]


def test_the_caret_is_two_cells_wide_under_a_wide_character() -> None:
    assert shown("a漢b", finding(2, 3))[1:] == ["  1 | a漢b", "    |  ^^"]


def test_the_caret_skips_wide_characters_before_it() -> None:
    assert shown("漢字x", finding(3, 4))[2] == "    |     ^"


def test_control_characters_in_the_source_are_shown_and_measured() -> None:
    assert shown("\x1bx", finding(2, 3))[1:] == ["  1 | \\x1bx", "    |     ^"]


def test_bytes_that_are_not_utf8_are_shown_as_escapes() -> None:
    text = render(finding(1, 2), read=lambda _path: b"\xff = 1")
    assert "  1 | \\xff = 1" in text


def test_an_empty_span_still_has_one_caret() -> None:
    assert shown("abc", finding(4, 4))[2] == "    |    ^"


def test_a_span_of_several_lines_shows_the_first_and_the_last() -> None:
    source = "one(\n    two,\n    three,\n)\nx"
    assert shown(source, finding(4, 2, 1, 4))[1:] == [
        "  1 | one(",
        "    |    ^",
        "  .",
        "  4 | )",
        "    | ^",
    ]


def test_neighbouring_lines_have_no_dots_between_them() -> None:
    assert "  ." not in shown("a(\n b)", finding(2, 3, 1, 2))


def test_the_gutter_is_as_wide_as_the_longest_number() -> None:
    assert shown("\n" * 9 + "x", finding(1, 2, 9, 10))[1].startswith("   9 | ")


def test_a_long_line_is_cut_round_what_is_meant() -> None:
    lines = shown("a" * 500 + "MEANT" + "b" * 500, finding(501, 506), width=60)
    assert "MEANT" in lines[1]
    assert all(cells(line) <= 60 for line in lines[1:])
    assert lines[2].index("^") == lines[1].index("MEANT")
    assert lines[2].count("^") == 5


@pytest.mark.parametrize("span", [finding(1, 2, 7), finding(90, 95), finding(5, 2)])
def test_a_place_outside_the_file_does_not_break_the_report(span: Diagnostic) -> None:
    assert shown("abc", span)[0].endswith("it does not fit: `300` [depyler.range]")


@given(
    st.text("ab\t漢\u0301\x1b\u202e", max_size=60),
    st.integers(1, 70),
    st.integers(1, 70),
    st.integers(30, 120),
)
def test_every_line_fits_the_width_for_any_source(source: str, column: int, end: int, width: int) -> None:
    lines = shown(source, finding(column, end), width=width)
    assert all(cells(line) <= width for line in lines[1:])
    assert lines[2].count("^") >= 1


def test_without_the_file_the_finding_stands_alone(tmp_path: Path) -> None:
    diagnostic = Diagnostic("x.y", Level.WARNING, "gone", Span(str(tmp_path / "gone.py"), 1, 1, 1, 2))
    assert render(diagnostic, read=read_bytes) == f"{tmp_path}/gone.py:1:1: warning: gone [x.y]\n"


def test_a_byte_range_shows_offset_and_bytes() -> None:
    content = bytes(range(64, 96))
    diagnostic = Diagnostic("c.magic", Level.ERROR, "not `APRN`", ByteRange("m.apr", 17, 19))
    assert render(diagnostic, read=lambda _path: content).splitlines() == [
        "m.apr: byte 17: error: not `APRN` [c.magic]",
        "  00000010 | 50 51 52 53 54 55 56 57 58 59 5a 5b 5c 5d 5e 5f  PQRSTUVWXYZ[\\]^_",
        "           |    ^^^^^",
    ]


def test_a_byte_range_that_reaches_into_the_next_row_is_marked_to_the_end_of_its_row() -> None:
    diagnostic = Diagnostic("c", Level.ERROR, "m", ByteRange("m", 14, 40))
    assert render(diagnostic, read=lambda _path: bytes(64)).splitlines()[2].count("^") == 5


def test_a_byte_range_behind_the_end_says_where_the_file_ends() -> None:
    diagnostic = Diagnostic("c", Level.ERROR, "m", ByteRange("m", 40, 44))
    assert render(diagnostic, read=lambda _path: bytes(8)).splitlines()[1] == "  the file ends at byte 8"


def test_labels_and_help_follow_the_excerpt() -> None:
    label = Label(Span("a.py", 2, 1, 2, 2), "it was bound here")
    diagnostic = Diagnostic("x.y", Level.NOTE, "m", Span("a.py", 1, 1, 1, 2), (label,), "rename it")
    assert shown("x\ny", diagnostic) == [
        "a.py:1:1: note: m [x.y]",
        "  1 | x",
        "    | ^",
        "a.py:2:1: it was bound here",
        "  2 | y",
        "    | ^",
        "  help: rename it",
    ]


def test_nothing_in_a_message_reaches_the_terminal_raw() -> None:
    span = Span("\x1b]0;evil\x07.py", 1, 1, 1, 1)
    text = render(Diagnostic("x", Level.ERROR, "\x1b[2J", span, (Label(span, "\x1b"),), "\x1b"))
    assert "\x1b" not in text
    assert "\x07" not in text


def test_colour_is_there_only_when_asked_for() -> None:
    assert "\x1b[1;31m" in render(finding(1, 2), colour=True)
    assert "\x1b" not in render(finding(1, 2))


def test_an_error_without_place_names_the_program() -> None:
    diagnostic = as_diagnostic(SovereignError("shell.usage", "no"))
    assert render(diagnostic, prog="batuta") == "batuta: error: no [shell.usage]\n"


def test_nearest_names_and_fix_become_help() -> None:
    error = NotFound("x.y", "m", name="a", nearest=["b", "c"], fix="look")
    assert as_diagnostic(error).help == "did you mean `b` or `c`? look"


def test_an_error_without_help_has_none() -> None:
    assert as_diagnostic(NotFound("x.y", "m", name="a", nearest=[])).help is None


def test_path_and_offset_of_a_format_error_become_its_place() -> None:
    error = FormatError("container.magic", "m", path="m.apr", offset=4)
    assert as_diagnostic(error).span == ByteRange("m.apr", 4, 5)


def test_a_source_error_is_all_its_findings() -> None:
    both = (finding(1, 2), finding(3, 4))
    assert diagnostics_of(SourceError("depyler.refused", "two", diagnostics=both)) == both


def test_a_source_error_without_findings_is_still_told() -> None:
    assert [each.code for each in diagnostics_of(SourceError("d.r", "none", diagnostics=()))] == ["d.r"]
