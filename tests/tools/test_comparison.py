"""Comparisons of the benchmarks: who is checked, what counts as met, and which limit stands beside a row."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from sovereign.compute.trueno.calibration import Level

ROOT = Path(__file__).resolve().parents[2]
LEVELS = (Level("L1", 1000, 500, 100.0), Level("L2", 10_000, 5000, 50.0), Level("DRAM", None, 100_000, 10.0))


@pytest.fixture(name="comparison")
def _comparison(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    spec = importlib.util.spec_from_file_location("comparison", ROOT / "benchmarks" / "comparison.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "comparison", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROUNDS", 3)
    monkeypatch.setattr(module, "FEWER_ROUNDS", 3)
    monkeypatch.setattr(module, "ROUND_S", 1e-4)
    return module


def row(comparison, bars, **facts):
    statements = {"trueno": "1", "quick": "1", "slow": "sum(range(2000))"}
    return comparison.Comparison("a row", statements, {}, bars, **facts)


@pytest.mark.parametrize(
    ("bars", "facts", "held"),
    [
        ({}, {}, None),
        ({"slow": 5.0}, {}, True),
        ({"slow": 5.0, "quick": 50.0}, {}, False),
        ({"slow": 5.0, "quick": 50.0}, {"any_of": True}, True),
        ({"quick": 50.0}, {"any_of": True}, False),
    ],
)
def test_a_row_is_met_when_its_bars_hold(comparison, capsys, bars, facts, held):
    (kept,) = comparison.compare([row(comparison, bars, **facts)], comparison.Limits(1, 10.0, LEVELS))
    assert kept["held"] is held
    assert kept["peers"]["slow"]["ratio"] > 5
    assert kept["peers"]["slow"]["bar"] == bars.get("slow")
    shown = capsys.readouterr().out
    assert shown.startswith({True: "ok ", False: "MISSED ", None: "   "}[held])


def test_a_row_at_the_limit_of_the_machine_does_not_fail_the_run(comparison, tmp_path, capsys):
    limits = comparison.Limits(1, 10.0, LEVELS)
    (tmp_path / "race").mkdir()
    # More bytes than can be read in the time of the statement: no code is faster.
    kept = comparison.compare([row(comparison, {"quick": 50.0}, bytes_moved=100_000)], limits)
    assert (kept[0]["held"], kept[0]["at_limit"]) == (False, True)
    assert capsys.readouterr().out.startswith("limit ")
    assert comparison.finish(tmp_path / "race", kept, [comparison.as_json(limits)], ["numpy"]) == 0


def test_a_wrong_answer_ends_the_run_before_the_clock_runs(comparison, capsys):
    wrong = row(comparison, {}, wrong=lambda name: "it is off" if name == "slow" else None)
    with pytest.raises(SystemExit) as end:
        comparison.compare([wrong], comparison.Limits(1, 10.0, LEVELS))
    assert end.value.code == 2
    assert capsys.readouterr().err == "not measured, `a row` of slow is wrong: it is off\n"


@pytest.mark.parametrize(
    ("bytes_moved", "operations", "limit_ns", "limit"),
    [
        (1000, 0, 10.0, "read L1"),
        (1001, 0, 20.02, "read L2"),
        (100_000, 0, 10_000.0, "read DRAM"),
        (1000, 200, 20.0, "multiply-adds"),
    ],
)
def test_the_limit_is_that_of_the_level_in_which_the_arrays_lie(comparison, bytes_moved, operations, limit_ns, limit):
    one = row(comparison, {}, bytes_moved=bytes_moved, operations=operations)
    (kept,) = comparison.compare([one], comparison.Limits(1, 10.0, LEVELS))
    assert kept["limit_ns"] == pytest.approx(limit_ns)
    assert kept["limit"] == limit


def test_a_run_is_kept_and_its_status_is_that_of_its_bars(comparison, tmp_path, capsys):
    limits = comparison.Limits(1, 10.0, LEVELS)
    folder = tmp_path / "race"
    folder.mkdir()
    for least, status in ((5.0, 0), (1e9, 1)):
        kept = comparison.compare([row(comparison, {"slow": least})], limits)
        assert comparison.finish(folder, kept, [comparison.as_json(limits)], ["numpy"]) == status
    assert "bars missed: a row" in capsys.readouterr().out
    (file,) = (folder / "results").glob("*.json")
    result = json.loads(file.read_text())
    assert result["comparisons"][0]["held"] is False
    assert result["limits"][0]["levels"][2] == {"name": "DRAM", "holds_bytes": None, **LEVELS[2]._asdict()}
    assert set(result["peers"]) == {"numpy"}


def test_a_peer_that_is_not_installed_is_left_out(comparison):
    assert comparison.peer("json") is json
    assert comparison.peer("no_such_peer_at_all") is None
