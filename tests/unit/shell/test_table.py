"""Tables that fit where they are shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sovereign.shell.table import aligned, blocks, drawn, fits
from sovereign.shell.text import cells

COLUMNS = ["check", "state", "evidence"]
ROWS = [["native", "ok", "core 0.1.0 built by rustc 1.95"], ["targets", "absent", "[not] installed"]]


def test_a_pipe_gets_one_line_per_row() -> None:
    assert aligned(COLUMNS, ROWS).splitlines() == [
        "check    state   evidence",
        "native   ok      core 0.1.0 built by rustc 1.95",
        "targets  absent  [not] installed",
    ]


def test_a_cell_never_breaks_its_line() -> None:
    assert aligned(["a"], [["one\ntwo"]]) == "a\none\\ntwo\n"


@given(st.lists(st.text("ab漢 \n", min_size=1), min_size=1))
def test_columns_end_on_one_edge_for_wide_characters(names: list[str]) -> None:
    lines = aligned(["name", "n"], [[name, "7"] for name in names], right=["n"]).splitlines()
    assert len({cells(line) for line in lines}) == 1


def test_a_table_without_rows_is_its_header() -> None:
    assert aligned(["a", "b"], []) == "a  b\n"


def test_a_drawn_table_fits_the_terminal_and_keeps_brackets() -> None:
    text = drawn(COLUMNS, ROWS, width=40)
    assert all(cells(line) <= 40 for line in text.splitlines())
    assert "[not]" in text
    assert "\x1b" not in text


def test_a_drawn_table_has_colour_when_it_is_wanted() -> None:
    text = drawn(COLUMNS, ROWS, width=80, colour=True, styles={"ok": "green"})
    assert "\x1b[32mok" in text


def test_columns_fit_only_when_none_becomes_a_sliver() -> None:
    assert fits(COLUMNS, ROWS, 80)
    assert not fits(COLUMNS, ROWS, 30)


def test_a_narrow_terminal_gets_a_block_per_row() -> None:
    lines = blocks(COLUMNS, [["native", "", "core 0.1.0 built by rustc"]], width=24).splitlines()
    assert lines == ["check: native", "  evidence: core 0.1.0", "    built by rustc"]
