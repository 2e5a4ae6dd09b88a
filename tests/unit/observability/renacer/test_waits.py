"""The critical path through children, pipes, threads and locks."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sovereign.observability.renacer.events import events_of
from sovereign.observability.renacer.waits import CriticalPath, critical_path, timelines
from traces import TraceBook


def path(book: TraceBook) -> CriticalPath:
    return critical_path(timelines(events_of(book.objects())))


def told(found: CriticalPath) -> list[tuple[str, str, float]]:
    return [(each.task.name, each.after, round(each.duration_s, 3)) for each in found.stretches]


def works(book: TraceBook, seconds: float) -> None:
    book.now += seconds


def test_one_task_is_its_own_path() -> None:
    book = TraceBook()
    works(book, 0.5)
    book.main.write(1, "x")
    book.main.exit()
    found = path(book)
    assert told(found) == [("job", "its start", 0.503)]
    assert found.by_call()["running"] == pytest.approx(0.503, abs=1e-3)


def test_a_child_that_is_waited_for_is_on_the_path_and_an_idle_one_is_not() -> None:
    book = TraceBook()
    idle = book.main.fork()
    idle.run("/bin/idle")
    idle.exit()
    child = book.main.fork()
    child.run("/bin/slow")
    since = book._tick()
    works(book, 2.0)
    child.exit()
    book.main.waited("wait4", {"upid": -1, "s": 0, "o": [], "ru": None}, child.pid, since)
    works(book, 0.5)
    book.main.exit()
    found = path(book)
    assert [name for name, _, _ in told(found)] == ["job", "slow", "job"]
    assert found.by_process()[child.pid] == pytest.approx(2.0, abs=0.01)
    assert idle.pid not in found.by_process()
    assert found.duration_s == pytest.approx(2.5, abs=0.02)


def test_a_read_from_a_pipe_leads_to_whoever_wrote_last() -> None:
    book = TraceBook()
    reader, writer = book.main.pipe()
    child = book.main.fork()
    child.run("/bin/maker")
    since = book._tick()
    works(book, 1.0)
    child.write(writer, "late\n")
    book.main.waited("read", {"fd": book.main.fd(reader), "buf": {"text": "late\n", "length": 5}, "n": 9}, 5, since)
    works(book, 0.25)
    book.main.exit()
    found = path(book)
    assert told(found)[-1][:2] == ("job", "maker wrote")
    assert found.by_process()[child.pid] == pytest.approx(1.0, abs=0.01)


def test_whoever_wakes_a_thread_is_on_its_path() -> None:
    book = TraceBook()
    thread = book.main.thread()
    since = book._tick()
    works(book, 1.0)
    thread.call("futex", {"uaddr": "0x10", "op": ["FUTEX_WAKE"], "val": 1}, 1)
    book.main.waited("futex", {"uaddr": "0x10", "op": ["FUTEX_WAIT"], "val": 0}, 0, since)
    works(book, 0.5)
    thread.exit()
    book.main.exit()
    found = path(book)
    assert told(found)[-1][:2] == ("job", "a thread of job woke it")
    spent = sum(each.duration_s for each in found.stretches if each.task.tid == thread.tid)
    assert spent == pytest.approx(1.0, abs=0.02)


def test_a_thread_that_is_joined_is_on_the_path() -> None:
    book = TraceBook()
    thread = book.main.thread()
    since = book._tick()
    works(book, 0.5)
    thread.exit()
    book.main.waited("futex", {"uaddr": "0x20", "op": ["FUTEX_WAIT"], "val": 0}, 0, since)
    book.main.exit()
    found = path(book)
    assert [after for _, after, _ in told(found)] == ["its start", "it was made by job", "job ended"]
    assert found.stretches[1].duration_s == pytest.approx(0.5, abs=0.02)


def test_the_path_has_no_gaps_and_runs_from_start_to_end() -> None:
    book = TraceBook()
    reader, writer = book.main.pipe()
    for _ in range(5):
        child = book.main.fork()
        since = book._tick()
        works(book, 0.1)
        child.write(writer, "x")
        book.main.waited("read", {"fd": book.main.fd(reader), "buf": {"text": "x", "length": 1}, "n": 1}, 1, since)
        child.exit()
        book.main.wait(child)
    book.main.exit()
    found = path(book)
    assert all(one.end == two.start for one, two in pairwise(found.stretches))
    tasks = timelines(events_of(book.objects()))
    assert found.stretches[0].start == tasks[0].begin
    assert found.stretches[-1].end == tasks[0].end
    assert found.duration_s == pytest.approx(tasks[0].end - tasks[0].begin)


def test_a_sleep_belongs_to_whoever_sleeps() -> None:
    book = TraceBook()
    since = book._tick()
    works(book, 1.0)
    book.main.waited("clock_nanosleep", {"clock": "CLOCK_REALTIME", "f": [], "r": {}, "m": None}, 0, since)
    book.main.exit()
    found = path(book)
    assert len(found.stretches) == 1
    assert found.by_call()["clock_nanosleep"] == pytest.approx(1.001, abs=1e-3)


def test_no_tasks_have_no_path() -> None:
    assert critical_path([]).stretches == ()
