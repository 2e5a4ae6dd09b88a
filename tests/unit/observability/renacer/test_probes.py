"""Calls with known arguments are decoded to exactly these."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from probes import OLD, PLAIN, STRUCTURED
from sovereign.observability.renacer import record

SOURCE = Path(__file__).resolve().parents[3] / "corpus" / "traced" / "probes.c"


@pytest.fixture(scope="module", name="program")
def _program(tmp_path_factory):
    program = tmp_path_factory.mktemp("probes") / "probes"
    subprocess.run(["gcc", "-O1", "-o", str(program), str(SOURCE)], check=True)
    return program


def traced(program, name, folder):
    """The events of one probe, and what it told."""
    told = folder.parent / "told.txt"
    with told.open("w") as stdout:
        events = list(record([program, name], folder=folder, stdout=stdout, limit_bytes=32))
    lines = dict(line.split("=") for line in told.read_text().splitlines())
    return events, {"folder": str(folder)} | {word: int(number) for word, number in lines.items()}


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


@pytest.mark.requires("ptrace", "x86_64", "gcc")
@pytest.mark.parametrize("name", PLAIN | STRUCTURED)
def test_a_call_is_decoded_to_its_arguments(program, name, tmp_path):
    call, wanted = (PLAIN | STRUCTURED)[name]
    folder = tmp_path / "work"
    folder.mkdir()
    events, told = traced(program, name, folder)
    assert differences(events, call, wanted, told) == {}


@pytest.mark.requires("ptrace", "x86_64", "gcc", "i386")
@pytest.mark.parametrize("name", OLD)
def test_a_call_of_32_bits_is_decoded_by_its_own_table(program, name, tmp_path):
    call, wanted = OLD[name]
    folder = tmp_path / "work"
    folder.mkdir()
    events, told = traced(program, name, folder)
    old = [event for event in events if event.get("abi") == "i386"]
    assert differences(old, call, wanted, told) == {}


@pytest.mark.requires("ptrace", "x86_64", "gcc")
def test_a_folder_is_decoded_to_its_entries(program, tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    events, _ = traced(program, "list_folder", folder)
    [entries] = [event["args"]["dirent"] for event in events if event.get("name") == "getdents64"]
    assert {(each["d_name"], each["d_type"]) for each in entries} == {
        (".", "DT_DIR"),
        ("..", "DT_DIR"),
        ("file", "DT_REG"),
    }
    assert all(each["d_ino"] > 0 and each["d_reclen"] % 8 == 0 for each in entries)


def test_there_are_enough_of_them():
    assert len(PLAIN) >= 45
    assert len(STRUCTURED) >= 40
