"""Assertions of `renacer.toml`: each type with a run that holds, one that does not, and one that cannot tell."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.errors import DeviceError, ParameterError
from sovereign.observability.renacer.assertions import Outcome, State, exit_code, judge, read_assertions
from sovereign.observability.renacer.expressions import evaluate
from sovereign.shell.exit import ExitCode
from traces import TraceBook

Trace = list[dict[str, Any]]


def calm() -> Trace:
    """A quick program with a little of everything."""
    book = TraceBook(["/bin/calm"])
    book.main.open("in.txt")
    book.main.write(1, "ok\n")
    page = {"addr": None, "len": 8192, "prot": ["PROT_READ", "PROT_WRITE"], "flags": ["MAP_PRIVATE", "MAP_ANONYMOUS"]}
    book.main.call("mmap", {**page, "fd": -1, "off": 0}, 0x10000)
    child = book.main.fork()
    child.run("/bin/half")
    since = book.now
    book.now += 0.02
    child.exit()
    book.main.waited("wait4", {"upid": -1, "stat_addr": 0, "options": [], "ru": None}, child.pid, since)
    book.now += 0.02
    book.main.exit(max_rss=50 << 20)
    return book.objects()


def god() -> Trace:
    """One process does everything, and asks the same thing over and over."""
    book = TraceBook(["/bin/god"])
    child = book.main.fork()
    child.run("/bin/idle")
    child.exit()
    page = {
        "addr": None,
        "len": 1 << 30,
        "prot": ["PROT_READ", "PROT_WRITE"],
        "flags": ["MAP_PRIVATE", "MAP_ANONYMOUS"],
    }
    book.main.call("mmap", {**page, "fd": -1, "off": 0}, 0x10000)
    for _ in range(3000):
        book.main.call("getppid", {}, 1)
    book.main.call("ioctl", {"fd": {"fd": 9, "is": "/dev/nvidia0"}, "cmd": "0x2a", "arg": 0}, duration_us=1e6)
    book.main.exit(max_rss=600 << 20)
    return book.objects()


def outcome(body: str, trace: Trace) -> Outcome:
    return judge(read_assertions(f'[[assertion]]\nname = "it"\n{body}\n'), trace)[0]


BODIES = {
    "critical_path": 'type = "critical_path"\nmax_duration_ms = 500',
    "span_count": 'type = "span_count"\nmax_spans = 2000',
    "span_count of one name": 'type = "span_count"\nmax_spans = 2\nspan_name_pattern = "^getppid$"',
    "rss": 'type = "memory_usage"\nmax_bytes = 524288000\ntracking_mode = "rss"',
    "allocations": 'type = "memory_usage"\nmax_bytes = 524288000\ntracking_mode = "allocations"',
    "GodProcess": 'type = "anti_pattern"\npattern = "GodProcess"\nthreshold = 0.8',
    "TightLoop": 'type = "anti_pattern"\npattern = "TightLoop"\nthreshold = 0.7',
    "PcieBottleneck": 'type = "anti_pattern"\npattern = "PcieBottleneck"\nthreshold = 0.5',
    "custom": 'type = "custom"\nexpression = \'calls < 2000 and count("openat") == 1\'',
}


@pytest.mark.parametrize("body", BODIES)
def test_each_type_holds_for_one_program_and_not_for_another(body: str) -> None:
    assert outcome(BODIES[body], calm()).state is State.HOLDS
    found = outcome(BODIES[body], god())
    assert found.state is State.VIOLATED
    assert found.measured is not None
    assert found.required is not None
    assert found.measured > found.required
    assert outcome(BODIES[body] + "\nfail_on_violation = false", god()).state is State.WARNING
    assert outcome(BODIES[body] + "\nenabled = false", god()).state is State.DISABLED


LIMITS = [
    ('type = "critical_path"\nmax_duration_ms = {}', 1.0),
    ('type = "span_count"\nmax_spans = {}', 1),
    ('type = "memory_usage"\nmax_bytes = {}', 1),
    ('type = "memory_usage"\ntracking_mode = "allocations"\nmax_bytes = {}', 1),
]


@pytest.mark.parametrize(("body", "step"), LIMITS)
def test_a_limit_just_below_what_is_measured_turns_the_verdict(body: str, step: float) -> None:
    measured = outcome(body.format(0), calm()).measured
    assert measured is not None
    at = type(step)(measured) if isinstance(step, int) else measured
    assert outcome(body.format(at), calm()).state is State.HOLDS
    assert outcome(body.format(at - step), calm()).state is State.VIOLATED


def test_memory_that_was_given_back_does_not_count() -> None:
    book = TraceBook()
    page = {"addr": None, "len": 100 << 20, "prot": ["PROT_WRITE"], "flags": ["MAP_ANONYMOUS"], "fd": -1, "off": 0}
    for _ in range(5):
        book.main.call("mmap", page, 0x7F0000000000)
        book.main.call("munmap", {"addr": "0x7f0000000000", "len": 100 << 20})
    book.main.call("brk", {"brk": 0}, 0x1000)
    book.main.call("brk", {"brk": "0x5000"}, 0x5000)
    book.main.exit()
    found = outcome('type = "memory_usage"\nmax_bytes = 0\ntracking_mode = "allocations"', book.objects())
    assert found.measured == 100 << 20


def test_what_the_trace_does_not_hold_is_neither_passed_nor_failed() -> None:
    book = TraceBook()
    book.main.write(1, "x")
    book.lost = 5
    for body in BODIES.values():
        found = outcome(body, book.objects())
        if found.state is not State.UNMEASURED:
            assert "custom" in body
    found = outcome(BODIES["rss"], book.objects())
    assert (found.state, exit_code([found])) == (State.UNMEASURED, ExitCode.CANNOT)
    with pytest.raises(DeviceError) as caught:
        found.require()
    assert caught.value.code == "renacer.unmeasured"


def test_the_exit_code_tells_the_worst() -> None:
    def made(state: State) -> Outcome:
        return Outcome("a", "custom", state, None, None, "")

    assert exit_code([made(State.HOLDS), made(State.WARNING), made(State.DISABLED)]) is ExitCode.OK
    assert exit_code([made(State.HOLDS), made(State.UNMEASURED)]) is ExitCode.CANNOT
    assert exit_code([made(State.UNMEASURED), made(State.VIOLATED)]) is ExitCode.NO


def test_the_critical_path_of_one_program_is_chosen_by_its_name() -> None:
    body = 'type = "critical_path"\nmax_duration_ms = 1000\ntrace_name_pattern = "{}"'
    half = outcome(body.format("^half$"), calm()).measured
    whole = outcome(body.format("."), calm()).measured
    assert half is not None
    assert whole is not None
    assert 0 < half < whole
    assert outcome(body.format("nobody"), calm()).state is State.UNMEASURED


REFUSED = [
    "",
    "not toml [",
    "[ci]\nfail_fast = true",
    "assertion = 3",
    '[[assertion]]\ntype = "span_count"\nmax_spans = 3',
    '[[assertion]]\nname = "a"\ntype = "speed"',
    '[[assertion]]\nname = "a"\ntype = "span_count"',
    '[[assertion]]\nname = "a"\ntype = "span_count"\nmax_spans = "3"',
    '[[assertion]]\nname = "a"\ntype = "span_count"\nmax_spans = -3',
    '[[assertion]]\nname = "a"\ntype = "span_count"\nmax_spans = true',
    '[[assertion]]\nname = "a"\ntype = "span_count"\nmax_spans = 3\nmax_bytes = 3',
    '[[assertion]]\nname = "a"\ntype = "span_count"\nmax_spans = 3\nspan_name_pattern = "("',
    '[[assertion]]\nname = "a"\ntype = "anti_pattern"\npattern = "Goddess"',
    '[[assertion]]\nname = "a"\ntype = "memory_usage"\nmax_bytes = 3\ntracking_mode = "guess"',
    '[[assertion]]\nname = "a"\ntype = "custom"\nexpression = "1"\nenabled = 1',
    '[[assertion]]\nname = "a"\ntype = "custom"\nexpression = "1"\n[[assertion]]\nname = "a"\ntype = "custom"\nexpression = "1"',  # noqa: E501
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_assertion_is_refused(text: str) -> None:
    with pytest.raises(ParameterError) as caught:
        read_assertions(text, "my.toml")
    assert caught.value.code == "renacer.settings"
    assert str(caught.value).endswith("`my.toml`")


def test_sections_of_other_tools_may_stand_beside() -> None:
    text = '[[assertion]]\nname = "a"\ntype = "custom"\nexpression = "1"\n[ci]\nfail_fast = true\n'
    assert [each.name for each in read_assertions(text)] == ["a"]


# expressions

VALUES = {"calls": 12.0, "errors": 0.0}
FUNCTIONS = {"count": lambda name: float(len(name))}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("-(2 - 5) / 2", 1.5),
        ("calls == 12 and not errors", True),
        ("1 < calls < 12 or errors > 0", False),
        ("1 < calls <= 12 != 3", True),
        ('count("open") >= 4', True),
    ],
)
def test_an_expression_has_the_value_that_python_gives(text: str, value: float) -> None:
    assert evaluate(text, VALUES, FUNCTIONS) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "1 / errors",
        "1e400",
        "9" * 400,
        "2 ** 9999999",
        "unknown < 3",
        "nobody('x')",
        "count(3)",
        "count('a', 'b')",
        "calls.real",
        "[1][0]",
        "(lambda: 1)()",
        "__import__('os').system('true')",
        "'a' * 3",
        "calls if errors else 1",
        "x := 3",
        "1 is 1",
        "True",
        "~3",
        "(" * 300 + "1" + ")" * 300,
        "-" * 200 + "1",
        "1" + " + 1" * 400,
    ],
)
def test_what_is_not_in_the_language_is_refused(text: str) -> None:
    with pytest.raises(ParameterError) as caught:
        evaluate(text, VALUES, FUNCTIONS)
    assert caught.value.code == "renacer.expression"


@given(st.text(max_size=80))
def test_no_text_does_anything_but_give_a_number_or_a_refusal(text: str) -> None:
    with suppress(ParameterError):
        assert isinstance(evaluate(text, VALUES, FUNCTIONS), float | bool)


def test_a_custom_assertion_that_cannot_be_read_is_not_measured() -> None:
    found = outcome('type = "custom"\nexpression = "callz < 3"', calm())
    assert found.state is State.UNMEASURED
    assert "callz" in found.what
