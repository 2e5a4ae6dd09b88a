"""Text as a terminal shows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.shell.text import cells, clip, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\u202eb", "a\\u202eb"),
        ("\x9b1m", "\\x9b1m"),
        ("\udcff", "\\udcff"),
        ("tab\there\n", "tab\\there\\n"),
        ("plain 漢字 é", "plain 漢字 é"),
    ],
)
def test_what_a_terminal_would_act_on_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_visible_text_is_safe_for_any_input(text: str) -> None:
    shown = visible(text)
    shown.encode()
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in shown)
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("text", "count"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("\uff21", 2), ("\u200b", 0), ("", 0)]
)
def test_cells_count_what_a_terminal_moves(text: str, count: int) -> None:
    assert cells(text) == count


@given(st.text("ab漢é\u0301"), st.integers(1, 20))
def test_clipped_text_fits_and_is_kept_when_it_did(text: str, width: int) -> None:
    shown = clip(text, width)
    assert cells(shown) <= width
    assert shown == text or (cells(text) > width and shown.endswith("…"))
