"""The demo's handler in Ruchy does what its golden trace says, and a handler that does something else is noticed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from sovereign.orchestration.batuta.starting import SERVICE
from sovereign.orchestration.batuta.traces import MODES, differing, golden_path, learned, traced
from sovereign.orchestration.serverless import Prepared, events_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.requires("ptrace"), pytest.mark.timeout(120)]
EVENTS = events_of(None, str(SERVICE / "ruchy" / "events.jsonl"))[:5]
ECHO = """
import os, socket
host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
wire = socket.create_connection((host, int(port)))
while True:
    wire.sendall(f"GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: {host}\\r\\n\\r\\n".encode())
    head = wire.recv(65536).decode()
    name = head.lower().split("aws-request-id: ")[1].split("\\r")[0]
    wire.sendall(f"POST /2018-06-01/runtime/invocation/{name}/response HTTP/1.1\\r\\nHost: {host}\\r\\n"
                 "Content-Length: 2\\r\\n\\r\\n{}".encode())
    wire.recv(65536)
"""


@pytest.fixture(name="handler")
def _handler(tmp_path: Path) -> Path:
    shutil.copytree(SERVICE / "ruchy", tmp_path / "ruchy")
    return tmp_path / "ruchy" / "handler.ruchy"


@pytest.fixture(name="native")
def _native(tmp_path: Path) -> Prepared:
    """Something that speaks to the platform, in place of the compiled handler, whose own trace `make demo` checks."""
    import sys

    (tmp_path / "echo.py").write_text(ECHO)
    return Prepared((sys.executable, "-S", "-E", str(tmp_path / "echo.py")), tmp_path, "bootstrap")


def test_the_handler_does_what_its_golden_trace_says_and_another_one_does_not(handler: Path, native: Prepared) -> None:
    form = traced(handler, "handler", native, EVENTS, "run")
    assert differing(handler, form, "run") == []
    users = handler.with_name("users.ruchy")
    users.write_text(users.read_text().replace("user-", "person-"))
    found = differing(handler, traced(handler, "handler", native, EVENTS, "run"), "run")
    assert any("stdout" in each for each in found)


def test_what_a_function_says_to_the_platform_repeats_to_the_byte(handler: Path, native: Prepared) -> None:
    forms = [traced(handler, "handler", native, EVENTS[:2], "function") for _ in range(5)]
    golden_path(handler, "function").write_text("".join(learned(forms, "function").lines()))
    again = traced(handler, "handler", native, EVENTS[:2], "function")
    assert differing(handler, again, "function") == []
    fewer = traced(handler, "handler", native, EVENTS[:1], "function")
    assert any("socket" in each for each in differing(handler, fewer, "function"))


def test_both_modes_have_a_golden_file_in_the_package() -> None:
    assert all(golden_path(SERVICE / "ruchy" / "handler.ruchy", mode).is_file() for mode in MODES)
