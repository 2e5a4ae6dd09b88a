"""Boxes fit their width whatever they hold."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from sovereign.shell.box import drawn_box, plain_box
from sovereign.shell.text import cells

FACTS = [("Name", "a value that is longer than the box is wide"), ("Empty", ""), ("漢字", "漢字漢字漢字漢字漢字漢字")]


@pytest.mark.parametrize("width", [24, 30, 80])
def test_every_line_is_as_wide_as_the_box(width):
    lines = drawn_box("HEADING", FACTS, width=width).splitlines()
    assert {cells(line) for line in lines} == {width}


@given(facts=st.lists(st.tuples(st.text(), st.text())), width=st.integers(20, 60))
def test_no_text_breaks_the_frame_or_reaches_the_terminal(facts, width):
    shown = drawn_box("HEADING", facts, width=width)
    assert not set("\x1b\x07\x9b\r") & set(shown)
    assert len({cells(line) for line in shown.split("\n")[:-1]}) == 1


def test_a_pipe_gets_one_line_a_fact():
    assert plain_box("H", [("a", "x\ny"), ("long name", "z")]) == "H\n  a:          x\\ny\n  long name:  z\n"
