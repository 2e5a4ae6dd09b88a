"""The line of stages: what is kept, what stops it, what an interruption leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sovereign.errors import GateFailed
from sovereign.orchestration.batuta.line import Line
from sovereign.orchestration.batuta.state import Ending, load

if TYPE_CHECKING:
    from pathlib import Path


def test_a_stage_is_done_once_for_what_it_depends_on(tmp_path: Path) -> None:
    calls: list[str] = []

    def action() -> dict[str, Any]:
        calls.append("x")
        return {"count": len(calls)}

    first = Line(tmp_path, tmp_path).run("analyze", "a", action)
    again = Line(tmp_path, tmp_path).run("analyze", "a", action)
    other = Line(tmp_path, tmp_path).run("analyze", "b", action)
    lost = Line(tmp_path, tmp_path).run("analyze", "b", action, holds=lambda _document: False)
    fresh = Line(tmp_path, tmp_path, is_fresh=True).run("analyze", "b", action)
    assert [each.document["count"] for each in (first, again, other, lost, fresh)] == [1, 1, 2, 3, 4]
    assert [each.is_kept for each in (first, again, other, lost, fresh)] == [False, True, False, False, False]


def test_a_failure_keeps_what_was_found_and_stops_what_comes_after(tmp_path: Path) -> None:
    line = Line(tmp_path, tmp_path)

    def judge(_document: dict[str, Any]) -> None:
        raise GateFailed("batuta.different", "they differ", rule="same", measured=1, required=0)

    with pytest.raises(GateFailed):
        line.run("validate", "a", lambda: {"verdict": "different"}, judge=judge)
    record = load(tmp_path).stages["validate"]
    assert (record.ending, record.document, record.error) == (
        Ending.FAILED,
        {"verdict": "different"},
        "they differ [batuta.different]",
    )
    line.require_open("transpile")
    with pytest.raises(GateFailed) as stopped:
        Line(tmp_path, tmp_path).require_open("build")
    assert stopped.value.code == "batuta.stopped"
    assert "they differ" in str(stopped.value)
    line.run("transpile", "b", dict)
    line.require_open("build")


def test_an_interruption_is_in_the_record_and_the_next_run_goes_on(tmp_path: Path) -> None:
    line = Line(tmp_path, tmp_path)
    line.run("analyze", "a", lambda: {"n": 1})

    def stopped() -> dict[str, Any]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        line.run("transpile", "a", stopped)
    assert load(tmp_path).stages["transpile"].ending is Ending.INTERRUPTED
    again = Line(tmp_path, tmp_path)
    assert again.run("analyze", "a", stopped).is_kept
    assert not again.run("transpile", "a", lambda: {"n": 2}).is_kept


def test_another_project_begins_with_an_empty_line(tmp_path: Path) -> None:
    Line(tmp_path, tmp_path / "a").run("analyze", "a", dict)
    assert Line(tmp_path, tmp_path / "b").state.stages == {}
