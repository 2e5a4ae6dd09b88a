"""Two programs held against each other: a Python program and its translation make other calls for the same effects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sovereign.errors import FormatError, IntegrityError, NotFound
from sovereign.observability.renacer.comparing import Answer, compare
from traces import CREATE, TraceBook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Trace = list[dict[str, Any]]


class Side:
    """One of the two programs, which does things as its language does them."""

    def __init__(self, *, is_python: bool) -> None:
        self.is_python = is_python
        command = ["/usr/bin/python3", "job.py"] if is_python else ["/srv/ada/jobs/job"]
        self.book = TraceBook(command, first_pid=5000 if is_python else 90)
        self.hand = self.book.main
        if is_python:
            self.hand.close(self.hand.open("/usr/lib/python3.11/os.py"))
            self.hand.close(self.hand.open("job.py"))
            self.hand.frame = {"file": "/srv/ada/jobs/job.py", "line": 1, "function": "<module>"}
        else:
            self.hand.close(self.hand.open("/proc/self/maps"))

    def _around_open(self, number: int) -> None:
        if self.is_python:
            self.hand.call("newfstatat", {"dfd": self.hand.fd(number), "f": "", "b": {}, "flag": ["AT_EMPTY_PATH"]})
            self.hand.call("ioctl", {"fd": self.hand.fd(number), "cmd": "TCGETS", "arg": None}, -25, errno="ENOTTY")
            self.hand.call("lseek", {"fd": self.hand.fd(number), "offset": 0, "whence": "SEEK_CUR"}, 0)
        else:
            dfd = self.hand.fd(number)
            self.hand.call("statx", {"dfd": dfd, "f": "", "flags": ["AT_EMPTY_PATH"], "mask": [], "buffer": {}})

    def read(self, path: str, text: str) -> None:
        number = self.hand.open(path)
        self._around_open(number)
        step = 4 if self.is_python else 64
        for at in range(0, len(text), step):
            self.hand.read(number, text[at : at + step])
        self.hand.read(number, "")
        self.hand.close(number)

    def write(self, path: str, text: str, flags: list[str] | None = None) -> None:
        number = self.hand.open(path, flags or CREATE)
        self._around_open(number)
        step = 64 if self.is_python else 3
        for at in range(0, len(text), step):
            self.hand.write(number, text[at : at + step])
        self.hand.close(number)

    def say(self, text: str, stream: int = 1) -> None:
        for piece in [text] if self.is_python else text.splitlines(keepends=True):
            self.hand.write(stream, piece)

    def miss(self, path: str) -> None:
        if self.is_python:
            self.hand.path("stat", path, None, errno="ENOENT")
        else:
            self.hand.open(path, errno="ENOENT")

    def folder(self, path: str) -> None:
        if self.is_python:
            self.hand.path("mkdir", path, 0o777)
        else:
            self.hand.path("stat", path, None, errno="ENOENT")
            self.hand.path("mkdir", path, 0o777)

    def folder_of(self) -> str:
        return self.book.folder

    def start(self, argv: list[str], status: int = 0) -> None:
        ends = self.hand.pipe() if self.is_python else None
        child = self.hand.fork()
        child.run("/usr/bin/" + argv[0], *argv[1:])
        child.exit(status)
        if ends is not None:
            self.hand.read(ends[0], "")
        self.hand.wait(child)

    def end(self, status: int = 0, signal: str | None = None) -> Trace:
        self.hand.frame = None
        self.hand.exit(status, signal)
        return self.book.objects()


def sides(one: Callable[[Side], object], two: Callable[[Side], object] | None = None) -> tuple[Trace, Trace]:
    python, rust = Side(is_python=True), Side(is_python=False)
    one(python)
    (two or one)(rust)
    return python.end(), rust.end()


def words(side: Side) -> None:
    side.read("in.txt", "a b c d\n")
    side.miss("settings.ini")
    side.folder("out")
    side.write("out/words.txt", "words 4\nlines 1\n")
    side.start(["sort", "-r"])
    side.say("words 4\nlines 1\n")
    side.say("done\n", 2)


def test_the_same_behaviour_in_two_languages_is_equal() -> None:
    verdict = compare(*sides(words))
    assert (verdict.answer, verdict.sentence, verdict.differences) == (Answer.EQUAL, "equal", ())


AGREE: dict[str, Callable[[Side], object]] = {
    "nothing but a line": lambda side: side.say("hello\n"),
    "append": lambda side: side.write("log", "x\n", ["O_WRONLY", "O_CREAT", "O_APPEND"]),
    "exclusive": lambda side: side.write("new", "x\n", ["O_WRONLY", "O_CREAT", "O_EXCL"]),
    "remove": lambda side: side.hand.path("unlink", "old"),
    "absent file": lambda side: side.miss("nothing"),
    "child that fails": lambda side: side.start(["false"], 1),
    "much output": lambda side: side.say("".join(f"{n}\n" for n in range(500))),
    "bytes in pieces": lambda side: side.write("big", "0123456789" * 40),
}


@pytest.mark.parametrize("what", AGREE)
def test_one_thing_done_in_two_ways_is_equal(what: str) -> None:
    verdict = compare(*sides(AGREE[what]))
    assert verdict.sentence == "equal"


DIFFER: dict[str, tuple[Callable[[Side], object], str]] = {
    "a byte of the output": (lambda side: side.say("words 5\n"), "stdout"),
    "a line more": (lambda side: side.say("words 4\n\n"), "stdout"),
    "nothing said": (Side.folder_of, "stdout"),
    "on the other stream": (lambda side: side.say("words 4\n", 2), "stdout"),
    "a file more": (lambda side: (side.say("words 4\n"), side.write("debug", "")), "{folder}/debug"),
    "a file looked for": (lambda side: (side.say("words 4\n"), side.miss(".rc")), "{folder}/.rc"),
    "a file read": (lambda side: (side.say("words 4\n"), side.read("other", "x")), "{folder}/other"),
    "a file removed": (lambda side: (side.say("words 4\n"), side.hand.path("unlink", "x")), "{folder}/x"),
    "a child": (lambda side: (side.say("words 4\n"), side.start(["rm", "x"])), "children"),
}


@pytest.mark.parametrize("what", DIFFER)
def test_one_thing_done_otherwise_differs_there(what: str) -> None:
    other, effect = DIFFER[what]
    verdict = compare(*sides(lambda side: side.say("words 4\n"), other))
    assert verdict.answer is Answer.DIFFERS
    assert verdict.differences[0].effect == effect
    assert verdict.sentence.startswith(f"differs at `{effect}`")


def test_the_way_a_file_is_opened_and_where_bytes_go_count() -> None:
    append = ["O_WRONLY", "O_CREAT", "O_APPEND"]
    verdict = compare(*sides(lambda side: side.write("a", "x"), lambda side: side.write("a", "x", append)))
    assert "open write create truncate 0666" in verdict.sentence
    assert "open write create append 0666" in verdict.sentence


def test_where_two_streams_part_is_said_by_byte_and_line() -> None:
    verdict = compare(*sides(lambda side: side.say("one\ntwo\n"), lambda side: side.say("one\ntoo\n")))
    assert verdict.sentence == "differs at `stdout`: byte 6, in line 2, `two` and `too`, of 8 and 8 bytes"


def test_the_end_counts() -> None:
    python, rust = Side(is_python=True), Side(is_python=False)
    python.say("x")
    rust.say("x")
    assert compare(python.end(1), rust.end(101)).differences[0].effect == "exit"


def test_numbers_may_differ_only_where_that_is_asked() -> None:
    traces = sides(lambda side: side.say("mean 0.1 of 3\n"), lambda side: side.say("mean 0.10000000001 of 3\n"))
    assert compare(*traces).answer is Answer.DIFFERS
    assert compare(*traces, tolerance=1e-9).answer is Answer.EQUAL
    assert compare(*traces, tolerance=1e-12).answer is Answer.DIFFERS


def test_an_uncaught_exception_is_compared_by_its_class() -> None:
    trace = 'Traceback (most recent call last):\n  File "job.py", line 3, in <module>\nValueError: no: 7\n'
    traces = sides(lambda side: side.say(trace, 2), lambda side: side.say("ValueError: no: 7\n", 2))
    assert compare(*traces).sentence == "equal"
    other = sides(lambda side: side.say(trace, 2), lambda side: side.say("KeyError: 7\n", 2))
    assert compare(*other).differences[0].effect == "stderr"


def test_lines_of_threads_have_no_order() -> None:
    def threads(*texts: str) -> Callable[[Side], object]:
        def act(side: Side) -> None:
            for text in texts:
                side.hand.thread().write(1, text)

        return act

    assert compare(*sides(threads("a\n", "b\n"), threads("b\n", "a\n"))).sentence == "equal"
    assert compare(*sides(threads("a\n", "b\n"), threads("b\n", "c\n"))).answer is Answer.DIFFERS


def test_what_the_kernel_copies_on_one_side_cannot_be_compared() -> None:
    def copies(side: Side) -> None:
        source, target = side.hand.open("in"), side.hand.create("out")
        args = {"out_fd": side.hand.fd(target), "in_fd": side.hand.fd(source), "offset": None, "count": 5}
        side.hand.call("sendfile", args, 5)

    def writes(side: Side) -> None:
        source, target = side.hand.open("in"), side.hand.create("out")
        side.hand.read(source, "hello")
        side.hand.write(target, "hello")

    assert compare(*sides(copies)).sentence == "equal"
    verdict = compare(*sides(copies, writes))
    assert verdict.answer is Answer.NOT_COMPARABLE
    assert verdict.sentence.startswith("not comparable (`{folder}/out`: the kernel copied bytes")


def test_a_trace_that_lost_something_is_not_comparable() -> None:
    python, rust = Side(is_python=True), Side(is_python=False)
    python.say("x")
    rust.say("x")
    rust.book.lost = 2
    verdict = compare(python.end(), rust.end())
    assert verdict.sentence == "not comparable (the tracer lost 2 events, in the second)"
    assert verdict.to_json()["verdict"] == "not comparable"


def test_a_missing_cut_or_empty_trace_is_an_error_and_never_equal(tmp_path: Path) -> None:
    whole = tmp_path / "whole.jsonl"
    whole.write_text("".join(json.dumps(each) + "\n" for each in sides(words)[0]), encoding="utf-8")
    with pytest.raises(NotFound) as missing:
        compare(whole, tmp_path / "nothing.jsonl")
    assert missing.value.code == "shell.not_found"
    for text, code in (("", "renacer.cut"), (whole.read_text(encoding="utf-8")[:-30], "renacer.cut")):
        (tmp_path / "other.jsonl").write_text(text, encoding="utf-8")
        with pytest.raises(IntegrityError) as cut:
            compare(whole, tmp_path / "other.jsonl")
        assert cut.value.code == code
    with pytest.raises(FormatError) as empty:
        compare(whole, TraceBook().objects())
    assert empty.value.code == "renacer.empty"
    assert compare(whole, str(whole)).sentence == "equal"
