"""Calls with known arguments are decoded to exactly these."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from probes import PLAIN, STRUCTURED

SOURCE = Path(__file__).resolve().parents[3] / "corpus" / "traced" / "probes.c"


@pytest.fixture(scope="module", name="program")
def _program(tmp_path_factory):
    program = tmp_path_factory.mktemp("probes") / "probes"
    subprocess.run(["gcc", "-O1", "-o", str(program), str(SOURCE)], check=True)
    return program


def traced(program, name, folder):
    """The events of one probe, and what it told."""
    trace = folder.parent / f"{name}.jsonl"
    command = [sys.executable, "-m", "sovereign.observability.renacer", "trace", "--format", "jsonl", "-o", str(trace)]
    done = subprocess.run([*command, "--", str(program), name], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = dict(line.split("=") for line in done.stdout.splitlines())
    return [json.loads(line) for line in trace.read_text().splitlines()], {"folder": str(folder)} | {
        word: int(number) for word, number in told.items()
    }


def filled(wanted, told):
    """The expectation with what the probe told put in."""
    if isinstance(wanted, str) and wanted.startswith("$"):
        word, slash, rest = wanted[1:].partition("/")
        return f"{told[word]}/{rest}" if slash else told[word]
    if isinstance(wanted, list):
        return [filled(item, told) for item in wanted]
    if isinstance(wanted, dict):
        return {key: filled(item, told) for key, item in wanted.items()}
    return wanted


def at(value, path):
    """What stands at a path of names and places."""
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def differences(events, call, wanted, told):
    """The calls of that name that are nearest to what is wanted: what differs in the best of them."""
    found = [event["args"] for event in events if event["event"] == "call" and event["name"] == call]
    assert found, f"no {call}"

    def of(args):
        wrong = {}
        for path, value in wanted.items():
            try:
                seen = at(args, path)
            except (KeyError, IndexError, TypeError):
                seen = "nothing"
            if seen != filled(value, told):
                wrong[path] = (seen, filled(value, told))
        return wrong

    return min((of(args) for args in found), key=len)


@pytest.mark.requires("ptrace")
@pytest.mark.parametrize("name", PLAIN | STRUCTURED)
def test_a_call_is_decoded_to_its_arguments(program, name, tmp_path):
    call, wanted = (PLAIN | STRUCTURED)[name]
    folder = tmp_path / "work"
    folder.mkdir()
    events, told = traced(program, name, folder)
    assert differences(events, call, wanted, told) == {}


def test_there_are_enough_of_them():
    assert len(PLAIN) >= 45
    assert len(STRUCTURED) >= 40
