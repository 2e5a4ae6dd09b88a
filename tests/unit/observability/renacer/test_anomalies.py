"""Calls that stand out: found where they were put in, and hardly ever where nothing was."""

from __future__ import annotations

import random

import pytest

from sovereign.errors import ParameterError
from sovereign.observability.renacer.anomalies import Anomaly, Detector, Severity, anomalies, kind_of
from sovereign.observability.renacer.events import Call, events_of
from traces import TraceBook

KINDS = {"openat": (12.0, 0.3), "close": (4.0, 0.2), "read file": (7.0, 0.4), "fstat": (5.0, 0.25), "mmap": (9.0, 0.35)}


def clean(count: int, seed: int, *, tail: float = 0.0) -> list[tuple[str, float]]:
    """Calls as a machine makes them: log-normal times of each kind, and at times an interruption."""
    luck = random.Random(seed)  # noqa: S311 - a test's own luck
    found = []
    for _ in range(count):
        kind = luck.choice(list(KINDS))
        usual, spread = KINDS[kind]
        time_us = usual * luck.lognormvariate(0, spread)
        if luck.random() < tail:
            time_us += 1_000 * luck.lognormvariate(0, 0.7)
        found.append((kind, time_us))
    return found


def run(calls: list[tuple[str, float]]) -> tuple[list[Anomaly], Detector]:
    detector = Detector()
    found = [detector.check(kind, time_us) for kind, time_us in calls]
    return [each for each in found if each is not None], detector


@pytest.mark.parametrize("tail", [0.0, 0.001, 0.01, 0.05])
def test_a_clean_run_raises_at_most_one_alarm_in_ten_thousand_calls(tail: float) -> None:
    alarms = sum(len(run(clean(20_000, seed, tail=tail))[0]) for seed in range(3))
    assert alarms <= 6, alarms


@pytest.mark.parametrize("tail", [0.0, 0.01])
def test_delays_of_five_deviations_and_more_are_found_and_little_else(tail: float) -> None:
    planted_in_all = hits = alarms = 0
    for seed in range(4):
        calls = clean(20_000, seed, tail=tail)
        _, learned = run(calls)
        luck = random.Random(seed)  # noqa: S311 - a test's own luck
        planted = set(luck.sample(range(2_000, len(calls)), 25))
        for place in planted:
            kind, _ = calls[place]
            # From 5 deviations on, as the detector itself measures them on the clean run.
            calls[place] = kind, learned.duration_at(kind, luck.uniform(5, 9))
        found = {each.place for each in run(calls)[0]}
        planted_in_all, hits, alarms = planted_in_all + 25, hits + len(found & planted), alarms + len(found)
    assert hits / planted_in_all >= 0.9
    assert hits / alarms >= 0.9


def test_severities_follow_the_deviations() -> None:
    assert [Severity.of(each) for each in (3.0, 4.0, 4.01, 5.0, 5.01)] == ["low", "low", "medium", "medium", "high"]
    detector = Detector()
    for kind, time_us in clean(5_000, 3):
        detector.check(kind, time_us)
    for deviations, severity in ((3.5, Severity.LOW), (4.5, Severity.MEDIUM), (6.0, Severity.HIGH)):
        found = detector.check("close", detector.duration_at("close", deviations))
        assert found is not None
        assert found.severity is severity
        assert found.usual_us == pytest.approx(4.0, rel=0.3)


def test_a_kind_is_judged_only_when_enough_is_known() -> None:
    detector = Detector()
    assert all(detector.check("openat", 10.0) is None for _ in range(10))
    assert detector.check("close", 1e9) is None
    assert detector.check("openat", 1e6) is not None


def test_calls_that_wait_for_others_are_not_judged() -> None:
    book = TraceBook()
    hand = book.main
    out = hand.create("out")
    hand.write(out, "x")
    hand.write(1, "x")
    hand.call("futex", {"uaddr": "0x1"})
    hand.call("getppid", {}, 1)
    hand.call("getppid", {}, 1, unfinished=True)
    calls = [each for each in events_of(book.objects()) if isinstance(each, Call)]
    assert [kind_of(each) for each in calls] == ["openat", "write file", None, None, "getppid", None]


def test_a_slow_call_of_a_trace_is_told_with_its_line() -> None:
    book = TraceBook()
    book.main.frame = {"file": "job.py", "line": 7, "function": "main"}
    for place in range(400):
        book.main.call("getppid", {}, 1, duration_us=90_000.0 if place == 300 else 20.0 + place % 3)
    found = list(anomalies(events_of(book.objects())))
    assert [each.place for each in found] == [300]
    told = found[0].to_json()
    assert (told["severity"], told["python"]) == ("high", {"file": "job.py", "line": 7, "function": "main"})


@pytest.mark.parametrize(("window", "threshold"), [(9, 3.0), (100, 0.0), (100, float("nan"))])
def test_a_window_that_cannot_tell_anything_is_refused(window: int, threshold: float) -> None:
    with pytest.raises(ParameterError) as caught:
        Detector(window=window, threshold=threshold)
    assert caught.value.code == "renacer.window"
