"""What a run lost against the kept one: a bar, a claim, or more of a ratio than runs of a quiet machine differ."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(name="measure")
def _measure():
    spec = importlib.util.spec_from_file_location("measure_of_benchmarks", ROOT / "benchmarks" / "measure.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def claim(measured, *, held=True, most=None):
    return {"what": "a", "measured": measured, "held": held, "most": most}


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (claim(100.0), claim(96.0), ""),
        (claim(100.0), claim(94.0), "a: more than 5% worse: 94, kept is 100"),
        (claim(100.0), claim(300.0), ""),
        (claim(100.0, most=200), claim(104.0, most=200), ""),
        (claim(100.0, most=200), claim(106.0, most=200), "a: more than 5% worse: 106, kept is 100"),
        (claim(100.0, most=200), claim(10.0, most=200), ""),
        (claim(51.0), claim(49.9, held=False), "a: the bar was held before: 49.9, kept is 51"),
        (claim(7.0, held=False), claim(6.9, held=False), ""),
        (claim(7.0, held=False), claim(6.0, held=False), "a: more than 5% worse: 6, kept is 7"),
        (claim(0.0, most=0), claim(1.0, held=False, most=0), "a: the bar was held before: 1, kept is 0"),
    ],
)
def test_what_is_lost_is_told(measure, before, now, told):
    assert measure.worse([before], [now]) == ([told] if told else [])


def test_a_claim_that_is_gone_is_lost_and_a_new_one_is_not(measure):
    assert measure.worse([claim(1.0)], []) == ["a: it is not measured any more"]
    assert measure.worse([], [claim(1.0)]) == []


def test_the_kept_run_is_that_of_this_processor(measure, tmp_path):
    assert measure.kept(tmp_path) == {}
    path = measure.write(tmp_path, {"claims": [claim(1.0)]})
    assert path.parent.name == "results"
    assert measure.kept(tmp_path)["claims"] == [claim(1.0)]
