"""What a room's self-test reports."""

from __future__ import annotations

from sovereign.shell.selftest import Evidence, State


def test_evidence_is_an_object_with_the_same_keys_for_each_state() -> None:
    found = Evidence("native", State.OK, "seen").to_json()
    assert found == {"check": "native", "state": "ok", "evidence": "seen", "fix": None}
    assert Evidence("native", State.BROKEN, "fell", "mend it").to_json().keys() == found.keys()


def test_the_states_have_the_names_that_programs_read() -> None:
    assert [each.value for each in State] == ["ok", "broken", "absent"]
