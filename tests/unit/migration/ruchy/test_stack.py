"""The thread with a large stack."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from sovereign.migration.ruchy.stack import on_large_stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@pytest.fixture(name="kept")
def _kept() -> Iterator[None]:
    trace, profile = threading.gettrace(), threading.getprofile()
    yield
    threading.settrace(trace)
    threading.setprofile(profile)


def test_value_and_error_are_handed_on() -> None:
    assert on_large_stack(threading.get_ident) != threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        on_large_stack(lambda: 1 // 0)


@pytest.mark.usefixtures("kept")
def test_those_who_watch_threads_see_it() -> None:
    seen = set()

    def watch(frame: FrameType, _event: str, _argument: object) -> None:
        seen.add(frame.f_code.co_name)

    def watched() -> int:
        return 1

    threading.settrace(watch)
    on_large_stack(watched)
    assert "watched" in seen
    seen.clear()
    threading.settrace(None)
    threading.setprofile(watch)
    on_large_stack(watched)
    assert "watched" in seen
    assert sys.getrecursionlimit() < 50_000
