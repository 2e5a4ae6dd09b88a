"""The evidence for the eye."""

from __future__ import annotations

from sovereign.orchestration.batuta.report import document, table
from sovereign.orchestration.batuta.stack import Check
from sovereign.shell.selftest import Evidence, State

GOOD = Evidence("core", State.OK, "seen <b>")
BAD = Evidence("lock", State.BROKEN, "differs", "mend it")


def test_the_column_of_fixes_is_there_when_one_is_needed() -> None:
    assert table([Check("a", (GOOD,), 1.0)]) == (["check", "state", "evidence"], [["core", "ok", "seen <b>"]])
    assert table([Check("a", (GOOD, BAD), 1.0)])[1][1] == ["lock", "broken", "differs", "mend it"]


def test_the_page_tells_verdict_evidence_and_time() -> None:
    page = document([Check("a", (GOOD, BAD), 1234.5), Check("b", (GOOD,), 2.0)])
    assert "<p>Broken: lock.</p>" in page
    assert "seen &lt;b&gt;" in page
    assert '<td class="good">ok</td>' in page
    assert "<desc>a: 1234 ms; b: 2 ms</desc>" in page


def test_the_page_of_a_whole_stack_says_so() -> None:
    assert "<p>Nothing is broken.</p>" in document([Check("a", (GOOD,), 1.0)])
