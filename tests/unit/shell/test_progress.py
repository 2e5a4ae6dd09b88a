"""Progress that only a waiting person sees."""

from __future__ import annotations

import io
import threading

from sovereign.shell.progress import Progress


class Screen(io.StringIO):
    """A terminal that says when it was drawn on."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        count = super().write(text)
        if "training" in text:
            self.drawn.set()
        return count


def test_a_quick_work_shows_nothing() -> None:
    screen = Screen()
    with Progress("training", stream=screen, shown=True, steps=2, patience_s=60) as progress:
        progress.advance()
    assert screen.getvalue() == ""


def test_a_long_work_is_shown_with_the_steps_done_before() -> None:
    screen = Screen()
    with Progress("training", stream=screen, shown=True, steps=2, patience_s=0) as progress:
        progress.advance()
        assert screen.drawn.wait(20)
        progress.advance()
    assert "/2" in screen.getvalue()
    assert "0:00:0" in screen.getvalue()


def test_a_work_of_unknown_length_is_shown_without_a_count() -> None:
    screen = Screen()
    with Progress("training", stream=screen, shown=True, patience_s=0):
        assert screen.drawn.wait(20)
    assert "/" not in screen.getvalue()


def test_a_pipe_sees_nothing_however_long_it_takes() -> None:
    stream = io.StringIO()
    with Progress("training", stream=stream, shown=False, patience_s=0) as progress:
        progress.advance()
    assert stream.getvalue() == ""


def test_a_timer_that_fires_at_the_end_draws_nothing() -> None:
    screen = Screen()
    with Progress("training", stream=screen, shown=True, patience_s=60) as progress:
        pass
    progress._begin()
    assert screen.getvalue() == ""
