"""Golden files: learned from recordings, written, read back, and held against what a program does now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sovereign.errors import FormatError, IntegrityError, ParameterError
from sovereign.observability.renacer.checking import check, diff_of
from sovereign.observability.renacer.effects import Form, form_of
from sovereign.observability.renacer.events import events_of
from sovereign.observability.renacer.golden import FEWEST, Golden, learn, read_golden
from traces import CREATE, TraceBook

if TYPE_CHECKING:
    from collections.abc import Callable


class Job:
    """A program that does a bit of everything; `run` is luck, and the steps can be changed before it is played."""

    def __init__(self, run: int) -> None:
        self.run = run
        self.book = TraceBook(["/usr/bin/job", "in.txt"], first_pid=3000 + 31 * run)
        self.hand = self.book.main
        self.name, self.mode, self.flags = "result.txt", 0o644, CREATE
        self.texts = ["first\n", "second\n", "third\n"]
        self.out = -1
        self.status: dict[str, Any] = {"status": 0}
        self.child = (["/usr/bin/gzip", "-9"], 0)
        self.steps: dict[str, Callable[[], None]] = {
            "settings": lambda: self.hand.path("stat", "settings.ini", None, errno="ENOENT"),
            "read": lambda: self.read("in.txt", "a b\n", "c d\n"),
            "create": self.create,
            "write": lambda: [self.hand.write(self.out, text) for text in self.texts] and None,
            "fsync": lambda: self.hand.call("fsync", {"fd": self.hand.fd(self.out)}),
            "close": lambda: self.hand.close(self.out),
            "chmod": lambda: self.hand.path("chmod", f"{self.name}.tmp", 0o600),
            "rename": lambda: self.hand.path("rename", f"{self.name}.tmp", self.name),
            "unlink": lambda: self.hand.path("unlink", "lock"),
            "child": lambda: self.start(*self.child),
            "say": lambda: self.hand.write(1, "done\n"),
            "luck": self.luck,
        }

    def read(self, name: str, *texts: str) -> None:
        source = self.hand.open(name)
        for text in texts:
            self.hand.read(source, text)
        self.hand.close(source)

    def create(self) -> None:
        self.out = self.hand.open(f"{self.name}.tmp", self.flags, self.mode)

    def start(self, argv: list[str], status: int) -> None:
        child = self.hand.fork()
        child.run(*argv, self.name)
        child.exit(status)
        self.hand.wait(child)

    def connect(self) -> None:
        self.hand.call("socket", {"family": "AF_INET", "type": ["SOCK_STREAM"], "protocol": 0}, 3)
        address = {"sa_family": "AF_INET", "sin_port": 443, "sin_addr": "192.0.2.1"}
        self.hand.call("connect", {"fd": {"fd": 3}, "uservaddr": address, "addrlen": 16})

    def fail_to_write(self) -> None:
        args = {"fd": self.hand.fd(self.out), "buf": {"text": "x", "length": 1}, "count": 1}
        self.hand.call("write", args, -28, errno="ENOSPC")

    def seek_back(self) -> None:
        self.hand.call("lseek", {"fd": self.hand.fd(self.out), "offset": 0, "whence": "SEEK_SET"}, 0)
        self.hand.write(self.out, "F")

    def luck(self) -> None:
        for _ in range(self.run % 3):
            self.hand.call("futex", {"uaddr": "0x1"})
            self.hand.call("munmap", {"addr": "0x1", "len": 4096})
        flags = ["O_RDWR", "O_CREAT", "O_EXCL"]
        temporary = self.hand.open(f"{TEMPORARY}tmp{self.run:04d}abcd", flags, 0o600)
        self.hand.write(temporary, f"{self.book.pid} at {self.run}\n")
        self.hand.close(temporary)

    def before(self, step: str, name: str, act: Callable[[], None]) -> None:
        """Put a step before another one."""
        steps = list(self.steps.items())
        at = [each for each, _ in steps].index(step)
        self.steps = dict([*steps[:at], (name, act), *steps[at:]])

    def form(self) -> Form:
        for act in self.steps.values():
            act()
        self.hand.exit(**self.status)
        return form_of(events_of(self.book.objects()), environment={"HOME": "/srv/ada"})


TEMPORARY = "/tmp/"  # noqa: S108 - a name in a made-up trace


def without(step: str) -> Callable[[Job], object]:
    return lambda job: job.steps.pop(step)


def instead(step: str, act: Callable[[Job], None]) -> Callable[[Job], object]:
    return lambda job: job.steps.update({step: lambda: act(job)})


def first(step: str, act: Callable[[Job], None]) -> Callable[[Job], object]:
    return lambda job: job.before(step, "planted", lambda: act(job))


def having(**facts: Any) -> Callable[[Job], object]:
    return lambda job: [setattr(job, name, value) for name, value in facts.items()]


CHANGES: dict[str, Callable[[Job], object]] = {
    "settings there": instead("settings", lambda job: job.hand.path("stat", "settings.ini", None)),
    "no read": without("read"),
    "other input": instead("read", lambda job: job.read("in2.txt", "a b\n", "c d\n")),
    "input differs": instead("read", lambda job: job.read("in.txt", "a c\n", "c d\n")),
    "reads less": instead("read", lambda job: job.read("in.txt", "a b\n")),
    "extra probe": first("create", lambda job: job.hand.path("stat", "/srv/ada/.secret", None, errno="ENOENT")),
    "other name": having(name="result2.txt"),
    "other folder": having(name="/srv/result.txt"),
    "append": having(flags=["O_WRONLY", "O_CREAT", "O_APPEND"]),
    "no truncate": having(flags=["O_WRONLY", "O_CREAT"]),
    "exclusive": having(flags=["O_WRONLY", "O_CREAT", "O_EXCL"]),
    "read too": having(flags=["O_RDWR", "O_CREAT", "O_TRUNC"]),
    "synchronous": having(flags=[*CREATE, "O_SYNC"]),
    "fails to create": first("create", lambda job: job.hand.open("result.txt.tmp", CREATE, errno="EACCES") and None),
    "other mode": having(mode=0o600),
    "wrong byte": having(texts=["first\n", "sEcond\n", "third\n"]),
    "line missing": having(texts=["first\n", "second\n"]),
    "line more": having(texts=["first\n", "second\n", "third\n", "fourth\n"]),
    "swapped lines": having(texts=["third\n", "second\n", "first\n"]),
    "write fails": first("fsync", Job.fail_to_write),
    "seeks back": first("fsync", Job.seek_back),
    "cuts the file": first("fsync", lambda job: job.hand.call("ftruncate", {"fd": job.hand.fd(job.out), "length": 3})),
    "renames early": lambda job: job.before("fsync", "early", job.steps.pop("rename")),
    "no fsync": without("fsync"),
    "weaker sync": instead("fsync", lambda job: job.hand.call("fdatasync", {"fd": job.hand.fd(job.out)})),
    "second fsync": first("close", lambda job: job.hand.call("fsync", {"fd": job.hand.fd(job.out)})),
    "no chmod": without("chmod"),
    "other chmod": instead("chmod", lambda job: job.hand.path("chmod", "result.txt.tmp", 0o640)),
    "no rename": without("rename"),
    "no unlink": without("unlink"),
    "unlinks other": instead("unlink", lambda job: job.hand.path("unlink", "lock2")),
    "unlinks early": lambda job: job.before("create", "early", job.steps.pop("unlink")),
    "extra file": first("child", lambda job: job.hand.close(job.hand.create("debug.log"))),
    "extra folder": first("child", lambda job: job.hand.path("mkdir", "cache", 0o755)),
    "extra connect": first("child", Job.connect),
    "no child": without("child"),
    "other argument": having(child=(["/usr/bin/gzip", "-1"], 0)),
    "child fails": having(child=(["/usr/bin/gzip", "-9"], 1)),
    "second child": first("say", lambda job: job.start(["/usr/bin/curl"], 0)),
    "signal": first("say", lambda job: job.hand.call("kill", {"pid": 1, "sig": "SIGTERM"})),
    "says other": instead("say", lambda job: job.hand.write(1, "fine\n")),
    "says on stderr": first("say", lambda job: job.hand.write(2, "done\n")),
    "many calls": first("say", lambda job: [job.hand.call("fstat", {"fd": 1}) for _ in range(100)] and None),
    "exits otherwise": having(status={"status": 1}),
    "crashes": having(status={"signal": "SIGSEGV"}),
}


def job(run: int, change: str | None = None) -> Form:
    found = Job(run)
    if change is not None:
        CHANGES[change](found)
    return found.form()


def golden() -> Golden:
    return learn([job(run) for run in range(FEWEST)])


def test_a_program_that_does_the_same_is_never_reported() -> None:
    known = golden()
    for run in range(20):
        assert check(known, job(100 + run)) == []


def test_there_are_at_least_forty_planted_changes() -> None:
    assert len(CHANGES) >= 40


@pytest.mark.parametrize("change", CHANGES)
def test_a_planted_change_is_caught(change: str) -> None:
    found = check(golden(), job(50, change))
    assert found, change
    assert all(each.sentence.startswith(f"`{each.effect}`") for each in found)
    assert "@@ " in diff_of(found)


def test_a_difference_says_what_was_and_what_is() -> None:
    first = check(golden(), job(50, "wrong byte"))[0]
    assert first.sentence == (
        '`{folder}/result.txt.tmp`, by P1: action 2 was `write 19 bytes "first\\nsecond\\nthird\\n"` and is '
        '`write 19 bytes "first\\nsEcond\\nthird\\n"`'
    )
    assert diff_of([first]).splitlines()[:4] == [
        "@@ {folder}/result.txt.tmp by P1",
        "  open write create truncate 0644",
        '- write 19 bytes "first\\nsecond\\nthird\\n"',
        '+ write 19 bytes "first\\nsEcond\\nthird\\n"',
    ]
    assert first.to_json()["effect"] == "{folder}/result.txt.tmp"


def test_what_luck_changes_is_masked_in_the_file_and_nothing_else_is() -> None:
    lines = golden().lines()
    masked = [line for line in lines if '{"*"' in line]
    assert len(masked) == 1
    assert json.loads(masked[0])["object"] == "{tmp}/{random:P1#1}"
    assert json.loads(masked[0])["does"][-1] == ["write", {"*": FEWEST}]
    bands = json.loads(lines[-1])["calls"]
    assert (bands["futex"], bands["fsync"]) == ([0, 2], [1, 1])


def test_a_file_comes_back_as_it_was_written() -> None:
    known = golden()
    again = read_golden(known.lines())
    assert again == known
    assert again.lines() == known.lines()
    assert check(again, job(50)) == []


def test_the_file_is_short_enough_to_review() -> None:
    assert len(golden().lines()) <= 14


def test_fewer_recordings_are_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        learn([job(run) for run in range(FEWEST - 1)])
    assert caught.value.code == "renacer.recordings"


def test_a_recording_that_lost_something_is_refused() -> None:
    forms = [job(run) for run in range(FEWEST)]
    forms[2].reasons = ("the tracer lost 3 events",)
    with pytest.raises(ParameterError, match="lost 3 events") as caught:
        learn(forms)
    assert caught.value.code == "renacer.recordings"


def test_work_that_goes_to_another_thread_each_time_is_known_by_what_is_done() -> None:
    def pool(swap: int, text: str = "b\n") -> Form:
        book = TraceBook()
        threads = [book.main.thread(), book.main.thread()]
        for place, name in enumerate(("a", "b")):
            hand = threads[(place + swap) % 2]
            out = hand.create(name)
            hand.write(out, f"{name}\n" if name == "a" else text)
            hand.close(out)
        book.main.exit()
        return form_of(events_of(book.objects()))

    known = learn([pool(run % 2) for run in range(FEWEST)])
    assert all(line["by"] == {"*": FEWEST} for lines in known.objects.values() for line in lines)
    assert check(known, pool(0)) == check(known, pool(1)) == []
    assert [each.effect for each in check(known, pool(1, "B\n"))] == ["{folder}/b"]


def test_threads_that_take_each_others_work_may_take_all_of_it() -> None:
    def pool(hands: str, text: str = "x\n", last: int | None = None) -> Form:
        book = TraceBook()
        threads = [book.main.thread(), book.main.thread()]
        for name, place in zip("abc", hands, strict=True):
            hand = threads[int(place)]
            out = hand.create(name)
            hand.write(out, text)
            hand.close(out)
        hand = book.main if last is None else threads[last]
        hand.close(hand.create("own"))
        book.main.exit()
        return form_of(events_of(book.objects()))

    known = learn([pool(hands) for hands in ("000", "100", "010", "110", "000")])
    assert [line["by"] for line in known.objects["{folder}/c"]] == [{"*": FEWEST}]
    assert check(known, pool("001")) == check(known, pool("101")) == []
    assert {each.effect for each in check(known, pool("001", "y\n"))} == {f"{{folder}}/{name}" for name in "abc"}
    assert {each.effect for each in check(known, pool("000", last=1))} == {"{folder}/own"}


def test_names_that_vary_are_known_by_what_they_have_in_common() -> None:
    def log(number: int, text: str = "x\n", *, more: bool = False) -> Form:
        book = TraceBook()
        for name in [f"log-{number}.txt", *([f"log-{number + 1}.txt"] if more else [])]:
            out = book.main.create(name)
            book.main.write(out, text)
            book.main.close(out)
        book.main.exit()
        return form_of(events_of(book.objects()))

    known = learn([log(run) for run in range(FEWEST)])
    assert list(known.objects) == ["{folder}/log-*.txt"]
    assert check(known, log(77)) == []
    assert [each.effect for each in check(known, log(77, "y\n"))] == ["{folder}/log-*.txt"]
    assert check(known, log(77, more=True)) != []


def test_what_is_done_at_times_is_never_judged_but_something_new_is() -> None:
    def poll(times: int, *, writes: bool = False) -> Form:
        book = TraceBook()
        book.main.write(1, "ready\n")
        for _ in range(times):
            book.main.path("stat", "flag", None, errno="ENOENT")
            book.main.close(book.main.open("flag"))
        if writes:
            book.main.path("unlink", "flag")
        book.main.exit()
        return form_of(events_of(book.objects()))

    known = learn([poll(run + 1) for run in range(FEWEST)])
    assert known.objects["{folder}/flag"][0]["always"] == ["open", "probe"]
    assert check(known, poll(9)) == []
    assert "unlink was never done" in check(known, poll(2, writes=True))[0].sentence


# hostile input


def test_a_golden_file_that_was_cut_is_refused() -> None:
    lines = golden().lines()
    for upto in range(len(lines)):
        with pytest.raises(IntegrityError) as caught:
            read_golden(lines[:upto])
        assert caught.value.code == "renacer.cut"


BROKEN: list[tuple[int, Any]] = [
    (0, {"golden": 9}),
    (0, {"golden": 1}),
    (0, "text"),
    (1, {"process": 3}),
    (1, {"object": "a", "by": "P1", "does": [[]]}),
    (1, {"object": "a", "by": "P1", "does": "x"}),
    (1, {"object": "a", "by": "P1", "does": {"*": 2}}),
    (1, {"object": "a", "does": []}),
    (1, {"before": "a", "pairs": [["x"]]}),
    (1, {"order": "P1", "steps": 3}),
    (1, {"something": "else"}),
    (1, {}),
    (1, {"calls": {"write": [1]}}),
    (1, {"calls": []}),
]


@pytest.mark.parametrize(("place", "line"), BROKEN)
def test_a_line_that_the_format_does_not_have_is_refused(place: int, line: object) -> None:
    lines = golden().lines()
    lines[place] = json.dumps(line)
    with pytest.raises(FormatError) as caught:
        read_golden(lines, "g.golden")
    assert (caught.value.code, caught.value.detail["offset"]) == ("renacer.golden", place + 1)


def test_nothing_may_follow_the_last_line() -> None:
    lines = golden().lines()
    with pytest.raises(FormatError, match=f"line {len(lines) + 1} "):
        read_golden([*lines, lines[1]])
