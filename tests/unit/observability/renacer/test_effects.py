"""The normal form of a trace: the same for the same behaviour, whatever luck did to it."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.observability.renacer.effects import Form, form_of
from sovereign.observability.renacer.events import events_of
from traces import CREATE, Hand, TraceBook


def form(book: TraceBook) -> Form:
    return form_of(events_of(book.objects()), environment={"HOME": "/srv/ada"})


def facts(found: Form) -> tuple[Any, ...]:
    return found.processes, found.effects, found.order, found.crossings, found.reasons


def test_a_word_count_is_a_few_lines() -> None:
    book = TraceBook(["/usr/bin/wc", "in.txt"])
    hand = book.main
    source = hand.open("in.txt")
    hand.read(source, "a b c d\n")
    hand.read(source, "")
    hand.close(source)
    target = hand.create("out.txt")
    for piece in ("wor", "ds ", "4", "\n"):
        hand.write(target, piece)
    hand.close(target)
    hand.write(1, "words ")
    hand.write(1, "4\n")
    hand.exit(3)
    found = form(book)
    assert found.effects == {
        "stdout": {"P1": [["write", {"bytes": 8, "text": "words 4\n"}]]},
        "{folder}/in.txt": {"P1": [["open", "read"], ["read", {"bytes": 8, "text": "a b c d\n"}]]},
        "{folder}/out.txt": {
            "P1": [["open", "write", "create", "truncate", "0666"], ["write", {"bytes": 8, "text": "words 4\n"}]]
        },
    }
    assert found.processes == {"P1": {"program": "/usr/bin/wc", "argv": ["/usr/bin/wc", "in.txt"], "status": 3}}
    assert found.order == {"P1": ["open {folder}/out.txt", "write stdout, {folder}/out.txt"]}


def test_all_ways_to_look_are_one() -> None:
    book = TraceBook()
    hand = book.main
    hand.path("stat", "in.txt", None)
    hand.path("access", "in.txt", [])
    at = {"fd": -100, "is": book.folder}
    hand.call("newfstatat", {"dfd": at, "filename": "in.txt", "statbuf": {}, "flag": []})
    hand.call("statx", {"dfd": at, "filename": "in.txt", "flags": [], "mask": [], "buffer": {}})
    hand.call("newfstatat", {"dfd": hand.fd(1), "filename": "", "statbuf": {}, "flag": ["AT_EMPTY_PATH"]})
    hand.open("nothing", errno="ENOENT")
    hand.path("stat", "nothing", None, errno="ENOENT")
    hand.path("stat", "secret", None, errno="EACCES")
    assert form(book).effects == {
        "{folder}/in.txt": {"P1": [["probe", "exists"]]},
        "{folder}/nothing": {"P1": [["probe", "absent"]]},
        "{folder}/secret": {"P1": [["probe", "EACCES"]]},
    }


def test_machinery_is_left_out_and_what_changes_never_is() -> None:
    book = TraceBook()
    hand = book.main
    for path in ("/etc/ld.so.cache", "/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/locale/C.utf8/LC_CTYPE", "/dev/null"):
        hand.close(hand.open(path))
    hand.path("access", "/etc/ld.so.preload", [], errno="ENOENT")
    hand.path("unlink", "/usr/lib/locale/mine")
    assert form(book).effects == {"/usr/lib/locale/mine": {"P1": [["unlink"]]}}


def test_to_look_for_a_program_is_part_of_starting_it() -> None:
    book = TraceBook()
    hand = book.main
    for name in ("job", "other"):
        hand.path("access", f"/opt/tools/{name}", [])
    hand.run("/opt/tools/job", "-v")
    hand.path("access", "/opt/tools/late", [])
    looked = {"P1": [["probe", "exists"]]}
    assert form(book).effects == {"/opt/tools/other": looked, "/opt/tools/late": looked}


@pytest.mark.parametrize("knows_frames", [True, False])
def test_what_python_reads_to_import_is_left_out(knows_frames: bool) -> None:  # noqa: FBT001 - a parameter
    book = TraceBook(["/usr/bin/python3", "job.py"])
    hand = book.main
    hand.close(hand.open("/usr/lib/python3.11/os.py"))
    hand.close(hand.open("job.py"))
    hand.frame = {"file": "<frozen importlib._bootstrap_external>", "line": 1, "function": "get_data"}
    hand.frame = hand.frame if knows_frames else None
    hand.close(hand.open("__pycache__/mine.cpython-311.pyc"))
    hand.close(hand.open("__pycache__/mine.cpython-311.pyc.12345", CREATE, 0o644))
    hand.path("rename", "__pycache__/mine.cpython-311.pyc.12345", "__pycache__/mine.cpython-311.pyc")
    hand.close(hand.open("mine.py"))
    hand.frame = {"file": "/srv/ada/jobs/job.py", "line": 3, "function": "main"} if knows_frames else None
    hand.close(hand.open("data.txt"))
    hand.close(hand.open("data.py"))
    wanted = {"{folder}/data.txt"} | ({"{folder}/data.py"} if knows_frames else set())
    assert set(form(book).effects) == wanted


def test_a_folder_of_modules_is_no_effect_however_it_is_found() -> None:
    book = TraceBook(["/usr/bin/python3", "job.py"])
    hand = book.main
    hand.frame = {"file": "<frozen genericpath>", "line": 19, "function": "exists"}
    for folder in ("/srv/ada/modules", "/srv/ada/data"):
        hand.path("stat", folder, {})
    hand.frame = {"file": "<frozen importlib._bootstrap_external>", "line": 147, "function": "_path_stat"}
    hand.path("stat", "/srv/ada/modules", {})
    assert form(book).effects == {"{home}/data": {"P1": [["probe", "exists"]]}}


def test_copies_of_a_descriptor_share_its_offset() -> None:
    book = TraceBook()
    hand = book.main
    target = hand.create("out")
    hand.dup2(target, 9)
    hand.write(target, "one ")
    hand.write(9, "two ")
    hand.call("pwrite64", {"fd": hand.fd(9), "buf": {"text": "X", "length": 1}, "count": 1, "pos": 2}, 1)
    hand.write(9, "three")
    found = form(book).effects["{folder}/out"]["P1"]
    assert found[1:] == [
        ["write", {"bytes": 8, "text": "one two "}],
        ["write", {"bytes": 1, "text": "X", "at": 2}],
        ["write", {"bytes": 5, "text": "three", "at": 8}],
    ]


def test_a_number_that_another_thread_gets_before_its_close_is_back_is_the_new_file() -> None:
    book = TraceBook()
    hand = book.main
    thread = hand.thread()
    number = hand.create("old")
    since = book._tick()
    hand.fds.pop(number)
    again = thread.create("new")
    hand.fds[again] = "/srv/ada/jobs/old"
    hand.waited("close", {"fd": hand.fd(again)}, 0, since)
    hand.fds[again] = "/srv/ada/jobs/new"
    thread.write(again, "x")
    assert again == number
    assert form(book).effects["{folder}/new"]["P1.T1"][1:] == [["write", {"bytes": 1, "text": "x"}]]


def test_failures_and_retries_are_told_apart() -> None:
    book = TraceBook()
    hand = book.main
    hand.write(1, "a")
    hand.call("write", {"fd": hand.fd(1), "buf": {"text": "b", "length": 1}, "count": 1}, -4, errno="EINTR")
    hand.write(1, "b")
    hand.call("write", {"fd": hand.fd(1), "buf": {"text": "c", "length": 1}, "count": 1}, -28, errno="ENOSPC")
    assert form(book).effects["stdout"]["P1"] == [["write", {"bytes": 2, "text": "ab"}], ["write", "ENOSPC"]]


def test_a_child_that_is_waited_for_has_its_order() -> None:
    book = TraceBook()
    hand = book.main
    log = hand.open("log", ["O_WRONLY", "O_CREAT", "O_APPEND"])
    hand.write(log, "head\n")
    child = hand.fork()
    child.run("/usr/bin/tee", "-a", "log")
    child.write(log, "middle\n")
    child.exit(0)
    hand.wait(child)
    hand.write(log, "foot\n")
    found = form(book)
    assert found.effects["{folder}/log"]["P1"][1:] == [
        ["write", {"bytes": 5, "text": "head\n"}],
        ["write", {"bytes": 5, "text": "foot\n"}],
    ]
    assert found.crossings == {"{folder}/log": [["P1:2", "P1/tee#1:1"], ["P1/tee#1:1", "P1:3"]]}


def test_tracing_that_left_something_out_says_so() -> None:
    book = TraceBook()
    book.options = {"filter": "trace=write"}
    book.lost = 3
    book.main.call("write", {"fd": book.main.fd(1), "buf": {"text": "ab", "length": 900}, "count": 900}, 900)
    assert set(form(book).reasons) == {
        "the tracer lost 3 events",
        "only some calls were traced",
        "bytes were cut off in the trace",
        "the end of the program was not seen",
    }


def test_sockets_are_called_by_who_made_them_and_chosen_ports_by_whose_they_are() -> None:
    book = TraceBook()
    hand = book.main
    hand.fds[3] = "socket:[9]"
    hand.call("socket", {"family": "AF_INET", "type": ["SOCK_STREAM"], "protocol": 0}, 3)
    address = {"sa_family": "AF_INET", "sin_port": 0, "sin_addr": "127.0.0.1"}
    hand.call("bind", {"fd": hand.fd(3), "umyaddr": address, "addrlen": 16})
    hand.call("getsockname", {"fd": hand.fd(3), "usockaddr": {**address, "sin_port": 41234}, "usockaddr_len": 16})
    hand.call("socket", {"family": "AF_INET", "type": ["SOCK_STREAM"], "protocol": 0}, 4)
    hand.call("connect", {"fd": {"fd": 4}, "uservaddr": {**address, "sin_port": 41234}, "addrlen": 16})
    assert form(book).effects == {
        "socket P1#1": {"P1": [["bind", "AF_INET", "127.0.0.1:0"]]},
        "socket P1#2": {"P1": [["connect", "AF_INET", "127.0.0.1:{port:P1#1}"]]},
    }


# properties

TEMPORARY = "/tmp/"  # noqa: S108 - a name in a made-up trace
STEPS = st.lists(
    st.sampled_from(["write a", "write b", "out", "unlink", "mkdir", "pipe", "probe", "temporary", "read"]), max_size=6
)


def act(hand: Hand, step: str, held: dict[str, int], ends: tuple[int, int]) -> None:
    """One step of a made-up program."""
    kind, _, name = step.partition(" ")
    if kind == "write":
        if name not in held:
            held[name] = hand.create(f"{name}{hand.tid % 7}")
        hand.write(held[name], f"{name} by {hand.tid % 7}\n")
    elif kind == "out":
        hand.write(1, "out\n")
    elif kind == "pipe":
        hand.write(ends[1], "through\n")
    elif kind == "temporary":
        name = f"{TEMPORARY}tmp{hand.book.seed.choices('abcdefgh0123', k=8)}"  # type: ignore[attr-defined]
        hand.close(hand.open(name.replace("'", "").replace(", ", ""), ["O_RDWR", "O_CREAT", "O_EXCL"], 0o600))
    elif kind == "read":
        hand.close(hand.open("shared.txt"))
    else:
        hand.path({"unlink": "unlink", "mkdir": "mkdir", "probe": "stat"}[kind], f"{kind}{hand.tid % 7}", 0o755)


class Played(TraceBook):
    """A trace whose tasks take turns by luck, with numbers that a seed chooses."""

    def __init__(self, seed: int, **how: Any) -> None:
        super().__init__(["/usr/bin/job"], **how)
        self.seed = random.Random(seed)  # noqa: S311 - a test's own luck


def play(
    programs: list[list[str]], seed: int, *, threads: bool, folder: str = "/srv/ada/jobs", pid: int = 4000
) -> Form:
    book = Played(seed, folder=folder, first_pid=pid)
    main = book.main
    ends = main.pipe()
    helpers = []
    for _ in programs[1:]:
        helper = main.thread() if threads else main.fork()
        helpers.append(helper)
    hands = [main, *helpers]
    # Who writes what must not hang on the numbers.
    roles = {id(hand): place for place, hand in enumerate(hands)}
    left = [list(program) for program in programs]
    held: list[dict[str, int]] = [{} for _ in programs]
    while any(left):
        place = book.seed.choice([at for at, each in enumerate(left) if each])
        hand = hands[place]
        tid, hand.tid = hand.tid, hand.tid
        act(_Role(hand, roles[id(hand)]), left[place].pop(0), held[place], ends)
        assert hand.tid == tid
    order = list(helpers)
    book.seed.shuffle(order)
    for helper in order:
        helper.exit(0)
    for helper in helpers:
        if not threads:
            main.wait(helper)
    main.write(1, "end\n")
    main.exit(0)
    return form_of(events_of(book.objects()), environment={"HOME": "/srv/ada"})


class _Role:
    """A hand whose names hang on its part in the play and not on its number."""

    def __init__(self, hand: Hand, role: int) -> None:
        self._hand = hand
        self.tid = role

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hand, name)


@given(st.lists(STEPS, min_size=1, max_size=4), st.integers(0, 1 << 30), st.integers(0, 1 << 30), st.booleans())
@settings(max_examples=60, deadline=None)
def test_who_comes_first_by_luck_never_changes_the_form(
    programs: list[list[str]],
    one: int,
    two: int,
    threads: bool,  # noqa: FBT001 - generated
) -> None:
    assert facts(play(programs, one, threads=threads)) == facts(play(programs, two, threads=threads))


@given(st.lists(STEPS, min_size=1, max_size=3), st.integers(0, 1 << 30), st.integers(1000, 4_000_000))
@settings(max_examples=40, deadline=None)
def test_numbers_and_folders_by_luck_never_change_the_form(programs: list[list[str]], seed: int, pid: int) -> None:
    here = play(programs, seed, threads=False)
    there = play(programs, seed + 1, threads=False, folder="/builds/17/work", pid=pid)
    assert facts(here) == facts(there)


@given(st.lists(STEPS, min_size=1, max_size=3), st.integers(0, 1 << 30), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_how_bytes_are_cut_never_changes_the_form(programs: list[list[str]], seed: int, luck: random.Random) -> None:
    book = Played(seed)
    ends = book.main.pipe()
    for step in [step for program in programs for step in program]:
        act(book.main, step, {}, ends)
    whole = book.objects()
    cut: list[dict[str, Any]] = []
    for event in whole:
        if event.get("name") != "write" or event["result"] < 2:
            cut.append(event)
            continue
        text = event["args"]["buf"]["text"]
        at = luck.randrange(1, len(text))
        for part in (text[:at], text[at:]):
            piece = copy.deepcopy(event)
            piece["args"]["buf"] = {"text": part, "length": len(part)}
            piece["result"] = len(part)
            cut.append(piece)
    assert facts(form_of(events_of(cut))) == facts(form_of(events_of(whole)))
