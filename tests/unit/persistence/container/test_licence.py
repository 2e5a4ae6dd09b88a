"""Licences: what is written comes back, and what does not hold is found."""

from __future__ import annotations

import datetime as dt

import pytest

from sovereign.errors import ParameterError
from sovereign.persistence.container.licence import Licence, findings, read_licence

FACTS = {"uuid": "0b5b4bd4-9f1c-4d36-8a51-0c2f3a4b5c6d", "hash": "ab" * 32}
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def test_a_licence_comes_back_as_it_was_written():
    expiry = dt.datetime(2027, 5, 4, 3, 2, 1, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    written = Licence(**FACTS, expiry=expiry, seats=3, licensee="Anna", tier="team")
    facts = written.to_metadata()
    assert facts["expiry"] == "2027-05-04T01:02:01Z"
    assert read_licence({"license": facts}) == written
    assert findings({"license": facts}, now=NOW) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"uuid": "no"}, "uuid"),
        ({"uuid": 3}, "uuid"),
        ({"hash": "AB" * 32}, "hash"),
        ({"expiry": "2027-01-01T00:00:00"}, "time zone"),
        ({"expiry": "soon"}, "time zone"),
        ({"expiry": 10**30}, "time zone"),
        ({"seats": 0}, "seats"),
        ({"seats": True}, "seats"),
        ({"licensee": " "}, "licensee"),
        ({"tier": ["a"]}, "tier"),
    ],
)
def test_what_is_malformed_is_found_and_not_read(change, said):
    facts = {**FACTS, **change}
    (found,) = findings({"license": facts}, now=NOW)
    assert said in found
    assert read_licence({"license": facts}) is None


@pytest.mark.parametrize("expiry", ["2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", 1767225600, "1767225600"])
def test_a_licence_is_over_from_its_expiry_on(expiry):
    assert findings({"license": {**FACTS, "expiry": expiry}}, now=NOW) == [f"the licence is over since: `{expiry}`"]


def test_a_licence_by_name_is_no_map_and_fine():
    assert findings({"license": "MIT"}) == []
    assert findings({"license": ["MIT"]}) == ["the licence should be a map, it is: `list`"]


@pytest.mark.parametrize("change", [{"seats": 0}, {"uuid": "1"}, {"expiry": dt.datetime(2027, 1, 1)}])  # noqa: DTZ001 - what is refused
def test_a_malformed_licence_is_not_written(change):
    with pytest.raises(ParameterError) as refused:
        Licence(**{**FACTS, **change})
    assert refused.value.code == "container.parameter"
