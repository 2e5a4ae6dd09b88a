"""The record of what was done with a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sovereign.errors import FormatError
from sovereign.orchestration.batuta import state

if TYPE_CHECKING:
    from pathlib import Path


def test_a_state_comes_back_as_it_was_written(tmp_path: Path) -> None:
    record = state.Record(state.Ending.DONE, "key", state.now(), 1.5, {"n": [1]}, command="batuta analyze")
    state.save(state.State("/a", "/b", {"analyze": record}), tmp_path)
    assert state.load(tmp_path) == state.State("/a", "/b", {"analyze": record})
    assert state.reset(tmp_path)
    assert not state.reset(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2}', '{"format": 1}', '{"format": 1, "stages": {"a": {}}}'])
def test_what_is_no_state_is_refused(tmp_path: Path, text: str) -> None:
    state.state_path(tmp_path).parent.mkdir()
    state.state_path(tmp_path).write_text(text)
    with pytest.raises(FormatError) as refused:
        state.load(tmp_path)
    assert refused.value.code == "batuta.state"


def test_the_time_can_be_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert state.now() == "1970-01-01T00:00:00+00:00"
