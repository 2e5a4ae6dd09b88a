"""`renacer golden`, `assert`, `compare`, `anomalies` and `report` as a user meets them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from traces import TraceBook

if TYPE_CHECKING:
    from workdir import Answer, Workdir

pytestmark = pytest.mark.timeout(120)

SCRIPT = """cat in.txt | sort > out.txt
echo "$(wc -l < in.txt) lines"
rm -f lock
"""
ROOT = Path(__file__).resolve().parents[2]


def code_of(answer: Answer) -> str:
    """The one code that the errors of a command carry."""
    found = set(re.findall(r"\[([a-z0-9_.]+)\]$", answer.err, re.MULTILINE))
    assert len(found) == 1, answer.err
    return found.pop()


def laid_out(workdir: Workdir) -> None:
    workdir.write("start/in.txt", "b\na\n")
    workdir.write("start/lock", "")
    workdir.write("start/job.sh", SCRIPT)


def trace(workdir: Workdir, name: str, text: str = "done\n", *, calls: int = 3) -> None:
    """A trace that nobody had to record."""
    book = TraceBook(["/usr/bin/job"])
    for _ in range(calls):
        book.main.call("getppid", {}, 1)
    book.main.write(1, text)
    book.main.exit(0)
    workdir.write(name, "".join(book.lines()))


@pytest.mark.requires("ptrace")
def test_a_golden_file_is_recorded_checked_and_updated(workdir: Workdir) -> None:
    laid_out(workdir)
    answer = workdir.run("renacer golden record --portable --start start -o job.golden -- sh job.sh")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.startswith("job.golden: ")
    lines = [json.loads(line) for line in (workdir.path / "job.golden").read_text(encoding="utf-8").splitlines()]
    objects = {line["object"]: line for line in lines if "object" in line}
    assert objects["stdout"]["does"] == [["write", {"bytes": 8, "text": "2 lines\n"}]]
    assert "{folder}/out.txt" in objects
    # The runs had copies: what they start from is as it was.
    assert workdir.files() == ["job.golden", "start/in.txt", "start/job.sh", "start/lock"]

    answer = workdir.run("renacer golden check job.golden")
    assert (answer.status, answer.out, answer.err) == (0, "job.golden: equal\n", "")
    workdir.write("start/job.sh", SCRIPT.replace("rm -f lock", ""))
    answer = workdir.run("renacer golden check job.golden")
    assert answer.status == 1
    assert "differs at `P1/rm#1`" in answer.out
    told = workdir.run("renacer golden check job.golden --json")
    assert told.status == 1
    assert told.json["files"]["job.golden"]["verdict"] == "differs"

    answer = workdir.run("renacer golden update job.golden")
    assert answer.status == 0
    assert '-{"process": "P1/rm#1"' in answer.out
    assert workdir.run("renacer golden check job.golden").status == 0
    answer = workdir.run("renacer golden show job.golden")
    assert '"2 lines\\n"' in answer.out
    answer = workdir.run("renacer golden report job.golden -o page.md")
    assert answer.status == 0
    assert (workdir.path / "page.md").read_text(encoding="utf-8").startswith("# Golden traces\n")


@pytest.mark.requires("ptrace")
def test_what_cannot_be_recorded_is_one_sentence(workdir: Workdir) -> None:
    answer = workdir.run("renacer golden record -o a.golden -- ./nothing")
    assert (answer.status, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert not (workdir.path / "a.golden").exists()
    workdir.write("a.golden", "mine")
    answer = workdir.run("renacer golden record -o a.golden -- true")
    assert (answer.status, code_of(answer)) == (2, "shell.exists")
    answer = workdir.run("renacer golden record -n 3 -- true")
    assert (answer.status, code_of(answer)) == (2, "shell.usage")
    answer = workdir.run("renacer golden record --start nowhere -o b.golden -- true")
    assert (answer.status, code_of(answer)) == (2, "shell.not_found")


def test_a_golden_file_that_is_none_is_refused(workdir: Workdir) -> None:
    workdir.write("a.golden", "mine")
    for command in ("check", "show", "update"):
        answer = workdir.run(f"renacer golden {command} a.golden")
        assert (answer.status, code_of(answer)) == (2, "renacer.golden")
    answer = workdir.run("renacer golden check nothing.golden")
    assert (answer.status, code_of(answer)) == (2, "shell.not_found")


def test_assertions_answer_with_their_status(workdir: Workdir) -> None:
    trace(workdir, "t.jsonl")
    workdir.write("renacer.toml", '[[assertion]]\nname = "few"\ntype = "span_count"\nmax_spans = 4\n')
    answer = workdir.run("renacer assert --trace t.jsonl")
    assert (answer.status, answer.err) == (0, "")
    assert "4 calls of at most 4" in answer.out
    workdir.write("renacer.toml", '[[assertion]]\nname = "few"\ntype = "span_count"\nmax_spans = 3\n')
    answer = workdir.run("renacer assert --trace t.jsonl --json")
    assert answer.status == 1
    assert answer.json["assertions"][0]["state"] == "violated"
    workdir.write("other.toml", '[[assertion]]\nname = "x"\ntype = "custom"\nexpression = "callz < 3"\n')
    assert workdir.run("renacer assert -a other.toml --trace t.jsonl").status == 2
    workdir.write("other.toml", "[[assertion]]\n")
    answer = workdir.run("renacer assert -a other.toml --trace t.jsonl")
    assert (answer.status, code_of(answer)) == (2, "renacer.settings")
    answer = workdir.run("renacer assert")
    assert (answer.status, code_of(answer)) == (2, "shell.usage")


@pytest.mark.requires("ptrace")
def test_the_shipped_assertions_hold_for_a_small_program(workdir: Workdir) -> None:
    workdir.write("renacer.toml", (ROOT / "renacer.toml").read_bytes())
    answer = workdir.run("renacer assert --json -- sh -c 'echo hello'")
    states = {each["name"]: each["state"] for each in answer.json["assertions"]}
    assert len(states) == 6
    assert states["ultra_strict_latency"] == "disabled"
    # A busy machine may be slow; all else must hold.
    assert {each for name, each in states.items() if "latency" not in name} <= {"holds", "warning"}
    assert answer.err == "hello\n"


def test_two_traces_are_compared(workdir: Workdir) -> None:
    trace(workdir, "a.jsonl")
    trace(workdir, "b.jsonl", calls=30)
    trace(workdir, "c.jsonl", "gone\n")
    answer = workdir.run("renacer compare a.jsonl b.jsonl")
    assert (answer.status, answer.out, answer.err) == (0, "equal\n", "")
    answer = workdir.run("renacer compare a.jsonl c.jsonl")
    assert answer.status == 1
    assert answer.out.startswith("differs at `stdout`: byte 1, in line 1, `done` and `gone`")
    assert workdir.run("renacer compare a.jsonl c.jsonl --leave-out stdout").status == 0
    workdir.write("empty.jsonl")
    answer = workdir.run("renacer compare a.jsonl empty.jsonl")
    assert (answer.status, code_of(answer)) == (2, "renacer.cut")
    lines = (workdir.path / "a.jsonl").read_text(encoding="utf-8").replace('"lost": 0', '"lost": 1')
    workdir.write("lost.jsonl", lines)
    answer = workdir.run("renacer compare a.jsonl lost.jsonl")
    assert (answer.status, answer.out) == (2, "not comparable (the tracer lost 1 events, in the second)\n")


def test_calls_that_stand_out_are_shown(workdir: Workdir) -> None:
    book = TraceBook()
    for place in range(300):
        book.main.call("getppid", {}, 1, duration_us=2e5 if place == 250 else 20.0)
    book.main.exit(0)
    workdir.write("t.jsonl", "".join(book.lines()))
    answer = workdir.run("renacer anomalies --trace t.jsonl")
    assert answer.status == 1
    assert "getppid  high" in answer.out
    trace(workdir, "u.jsonl")
    answer = workdir.run("renacer anomalies --trace u.jsonl")
    assert (answer.status, answer.out) == (0, "no call took longer than calls like it do\n")


@pytest.mark.requires("ptrace")
def test_a_run_is_shown_on_a_page_that_asks_for_nothing(workdir: Workdir) -> None:
    answer = workdir.run("renacer report -o page.html -- sh -c 'sort /etc/passwd | head -1 > out'")
    assert (answer.status, answer.err) == (0, "")
    page = (workdir.path / "page.html").read_text(encoding="utf-8")
    for heading in ("Timeline", "Critical path", "Calls", "Files", "Sockets", "Processes"):
        assert f"<h2>{heading}</h2>" in page
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=|url\(|@import", page)
    answer = workdir.run("renacer report -o page.html -- true")
    assert (answer.status, code_of(answer)) == (2, "shell.exists")
