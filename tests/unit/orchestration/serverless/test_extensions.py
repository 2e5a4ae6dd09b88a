"""The extensions' API: registration, events, refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from runtimes import Later, Talker
from sovereign.orchestration.serverless.contract import Facts, Invocation
from sovereign.orchestration.serverless.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

API = "/2020-01-01/extension"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(Facts(timeout_s=20)) as found:
        found.extensions.external = frozenset({"outer"})
        yield found


def register(emulator: Emulator, name: str, events: Any, **headers: str) -> tuple[int, dict[str, str], Any]:
    named = {"Lambda-Extension-Name": name, **{key.replace("_", "-"): value for key, value in headers.items()}}
    body = events if isinstance(events, bytes) else json.dumps({"events": events}).encode()
    status, found, reply = Talker(emulator).ask("POST", f"{API}/register", body, named)
    return status, found, json.loads(reply)


def next_event(emulator: Emulator, identifier: str) -> Any:
    headers = {"Lambda-Extension-Identifier": identifier}
    return json.loads(Talker(emulator).ask("GET", f"{API}/event/next", b"", headers)[2])


def test_registered_extension_is_told_of_events_and_of_the_end(emulator: Emulator) -> None:
    status, headers, body = register(emulator, "outer", ["INVOKE", "SHUTDOWN"])
    assert status == 200
    assert set(body) == {"functionName", "functionVersion", "handler"}
    identifier = headers["lambda-extension-identifier"]
    told = Later(next_event, emulator, identifier)
    job = emulator.submit(Invocation(b"1", trace_id="Root=1"))
    talker = Talker(emulator)
    talker.next()
    event = told.result()
    assert (event["eventType"], event["requestId"]) == ("INVOKE", job.invocation.request_id)
    assert event["tracing"]["value"] == "Root=1"
    talker.post(job.invocation.request_id, "response")
    Later(talker.next)
    # The invocation is not over while an extension works on it.
    assert job.done.wait(10)
    assert not job.ended.wait(0.3)
    told = Later(next_event, emulator, identifier)
    assert job.ended.wait(10)
    emulator.extensions.tell_shutdown("SPINDOWN")
    assert told.result()["shutdownReason"] == "SPINDOWN"


def test_account_is_told_where_it_is_asked_for(emulator: Emulator) -> None:
    body = register(emulator, "outer", [], Lambda_Extension_Accept_Feature="accountId")[2]
    assert body["accountId"] == "000000000000"


@pytest.mark.parametrize(
    ("name", "events", "status", "kind"),
    [
        ("", [], 400, "Extension.InvalidExtensionName"),
        ("outer", ["NEVER"], 400, "InvalidEventType"),
        ("outer", b"{", 400, "InvalidRequestFormat"),
        ("inner", ["SHUTDOWN"], 400, "ShutdownEventNotSupportedForInternalExtension"),
    ],
)
def test_registrations_that_make_no_sense_are_refused(
    emulator: Emulator, name: str, events: Any, status: int, kind: str
) -> None:
    found, _, body = register(emulator, name, events)
    assert (found, body["errorType"]) == (status, kind)


def test_name_is_registered_once(emulator: Emulator) -> None:
    register(emulator, "outer", [])
    assert register(emulator, "outer", [])[0] == 403


@pytest.mark.parametrize("path", ["event/next", "init/error", "exit/error"])
def test_unknown_identifier_is_refused(emulator: Emulator, path: str) -> None:
    method = "GET" if path == "event/next" else "POST"
    for headers, kind in (({}, "Missing"), ({"Lambda-Extension-Identifier": "x"}, "Unknown")):
        status, _, body = Talker(emulator).ask(method, f"{API}/{path}", b"", headers)
        assert status == 403
        assert json.loads(body)["errorType"] == f"Extension.{kind}ExtensionIdentifier"


def test_error_of_an_extension_is_kept(emulator: Emulator) -> None:
    identifier = register(emulator, "outer", [])[1]["lambda-extension-identifier"]
    headers = {"Lambda-Extension-Identifier": identifier, "Lambda-Extension-Function-Error-Type": "Extension.Bad"}
    assert Talker(emulator).ask("POST", f"{API}/exit/error", b"{}", headers)[0] == 202
    assert emulator.extensions.registered[identifier].failed == "Extension.Bad"


def test_time_to_end_depends_on_who_is_registered(emulator: Emulator) -> None:
    assert emulator.extensions.shutdown_budget_s == 0
    register(emulator, "inner", [])
    assert emulator.extensions.shutdown_budget_s == 0.5
    register(emulator, "outer", [])
    assert emulator.extensions.shutdown_budget_s == 2


@pytest.mark.parametrize("path", ["/2022-07-01/telemetry", "/2020-08-15/logs"])
def test_subscriptions_are_taken(emulator: Emulator, path: str) -> None:
    assert Talker(emulator).ask("PUT", path, b"{}")[0] == 200
