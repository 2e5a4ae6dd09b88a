"""Native builds that `ruchy run` keeps: run without Python, never stale, never half."""

from __future__ import annotations

import marshal
import os
import re
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from sovereign.migration.ruchy import builds
from sovereign.shell.cache import locked

if TYPE_CHECKING:
    from pathlib import Path

    from workdir import Workdir

pytestmark = pytest.mark.timeout(300)

HELLO = 'println("hello", env_args().len())\n'
SQUARES = "import shapes::area\n\nprintln(area(3))\n"


@pytest.fixture(name="cached")
def _cached(workdir: Workdir) -> Workdir:
    """A folder whose runs keep builds in a cache of their own, and wait for them."""
    workdir.environment |= {"SOVEREIGN_CACHE": str(workdir.path / "cache"), "RUCHY_BUILD": "wait"}
    return workdir


def without_python(workdir: Workdir, line: str) -> str:
    """What a command prints where Python cannot be started, so that only a build can answer."""
    answer = workdir.run(line, env={"RUCHY_PYTHON": "/nowhere/python"})
    return answer.out if answer.status == 0 else f"status {answer.status}"


def records(workdir: Workdir) -> list[Path]:
    return sorted((workdir.path / "cache" / "ruchy").glob("*.build"))


def images(workdir: Workdir) -> list[Path]:
    return sorted((workdir.path / "cache" / "ruchy").glob("*.image"))


def test_an_unchanged_program_runs_without_python(cached: Workdir) -> None:
    cached.write("hello.ruchy", HELLO)
    assert without_python(cached, "ruchy run hello.ruchy") == "status 2"
    assert cached.run("ruchy run hello.ruchy").out == "hello 0\n"
    assert without_python(cached, "ruchy run hello.ruchy") == "hello 0\n"
    assert without_python(cached, "ruchy hello.ruchy a --json") == "hello 2\n"
    assert without_python(cached, "ruchy run hello.ruchy -- a") == "hello 1\n"
    assert cached.run("ruchy --json run hello.ruchy").json["output"] == "hello 0\n"
    assert len(records(cached)) == 1


def test_the_same_file_by_another_path_is_the_same_program(cached: Workdir) -> None:
    cached.write("inner/hello.ruchy", HELLO)
    cached.run("ruchy run inner/hello.ruchy")
    (cached.path / "link.ruchy").symlink_to("inner/hello.ruchy")
    assert without_python(cached, f"ruchy {cached.path}/inner/../inner/hello.ruchy") == "hello 0\n"
    assert without_python(cached, "ruchy link.ruchy") == "hello 0\n"


def test_a_change_of_any_file_makes_a_build_void(cached: Workdir) -> None:
    cached.write("main.ruchy", SQUARES)
    cached.write("shapes.ruchy", "pub fun area(side) { side * side }\n")
    assert cached.run("ruchy main.ruchy").out == "9\n"
    assert without_python(cached, "ruchy main.ruchy") == "9\n"
    cached.write("shapes.ruchy", "pub fun area(side) { side * 4 }\n")
    assert without_python(cached, "ruchy main.ruchy") == "status 2"
    assert cached.run("ruchy main.ruchy").out == "12\n"
    assert without_python(cached, "ruchy main.ruchy") == "12\n"
    # A module that is found earlier than the one that was taken.
    cached.write("shapes/area.ruchy", "pub fun unused() { 0 }\n")
    assert without_python(cached, "ruchy main.ruchy") == "status 2"
    shutil.rmtree(cached.path / "shapes")
    assert without_python(cached, "ruchy main.ruchy") == "12\n"
    (cached.path / "shapes.ruchy").unlink()
    assert cached.run("ruchy main.ruchy").status == 1


def test_a_torn_record_or_build_is_never_run(cached: Workdir) -> None:
    cached.write("hello.ruchy", HELLO)
    cached.run("ruchy run hello.ruchy")
    (record,) = records(cached)
    (program,) = (cached.path / "cache" / "ruchy" / "programs").iterdir()
    whole, binary = record.read_bytes(), program.read_bytes()
    for torn in (b"", whole[:20], whole[:-1], whole + b"x", whole.replace(b"hello", b"hallo", 1)):
        record.write_bytes(torn)
        assert without_python(cached, "ruchy run hello.ruchy") == "status 2", torn
        assert builds.find(str(cached.path / "hello.ruchy")) is None
    record.write_bytes(whole)
    program.write_bytes(binary[:-1])
    assert without_python(cached, "ruchy run hello.ruchy") == "status 2"
    assert cached.run("ruchy run hello.ruchy").out == "hello 0\n"
    assert without_python(cached, "ruchy run hello.ruchy") == "hello 0\n"
    program.chmod(0o777)  # others may have written into it
    assert without_python(cached, "ruchy run hello.ruchy") == "status 2"


def test_both_readers_of_records_agree(cached: Workdir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOVEREIGN_CACHE", cached.environment["SOVEREIGN_CACHE"])
    place = str(cached.write("h\u00e9llo w\u00f6rld.ruchy", HELLO).resolve())
    assert cached.run(["ruchy", place]).status == 0
    found = builds.find(place)
    assert found is not None
    assert subprocess.run([found], capture_output=True, check=True).stdout == b"hello 0\n"
    assert without_python(cached, f"ruchy '{place}'") == "hello 0\n"


def test_what_the_second_engine_refuses_is_not_tried_again(cached: Workdir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOVEREIGN_CACHE", cached.environment["SOVEREIGN_CACHE"])
    text = "let frame = df![a => [1, 2], b => [3, 4]]\nprintln(frame.filter(|row| row.a > 1).to_csv())\n"
    place = str(cached.write("frame.ruchy", text).resolve())
    first = cached.run("ruchy frame.ruchy")
    assert first.status == 0
    if builds.find(place) is None:
        assert builds.is_known(place)
        assert cached.run("ruchy frame.ruchy") == first


def test_off_neither_builds_nor_runs_a_build(cached: Workdir) -> None:
    cached.write("hello.ruchy", HELLO)
    cached.environment["RUCHY_BUILD"] = "off"
    assert cached.run("ruchy hello.ruchy").out == "hello 0\n"
    assert records(cached) == []
    cached.run("ruchy hello.ruchy", env={"RUCHY_BUILD": "wait"})
    assert len(records(cached)) == 1
    assert without_python(cached, "ruchy hello.ruchy") == "status 2"
    answer = cached.run("ruchy hello.ruchy", env={"RUCHY_BUILD": "later", "SOVEREIGN_CACHE": "elsewhere"})
    assert (answer.status, answer.out) == (2, "")
    assert re.search(r"\[([a-z_.]+)\]$", answer.err.strip())[1] == "ruchy.build_mode"


def test_the_background_build_is_made_while_the_first_run_is_over(cached: Workdir) -> None:
    cached.write("hello.ruchy", HELLO)
    cached.environment["RUCHY_BUILD"] = "background"
    assert cached.run("ruchy hello.ruchy").out == "hello 0\n"
    deadline = time.monotonic() + 240
    while not records(cached) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert without_python(cached, "ruchy hello.ruchy") == "hello 0\n"


def test_one_build_at_a_time(cached: Workdir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOVEREIGN_CACHE", cached.environment["SOVEREIGN_CACHE"])
    place = str(cached.write("hello.ruchy", HELLO).resolve())
    command = [sys.executable, "-P", "-m", "sovereign.migration.ruchy.builds", place]
    with locked(cached.path / "cache" / "ruchy" / "lock"):
        assert subprocess.run(command, check=False).returncode == 1
    assert records(cached) == []
    assert subprocess.run(command, check=False).returncode == 0
    assert len(records(cached)) == 1


def test_the_exit_status_and_the_errors_are_those_of_the_program(cached: Workdir) -> None:
    cached.write("ends.ruchy", 'println("so far")\nif env_args().len() > 0 { exit(7) }\npanic!("no")\n')
    for _ in range(2):
        answer = cached.run("ruchy ends.ruchy")
        assert (answer.status, answer.out) == (1, "so far\n")
        assert "no" in answer.err
        assert cached.run("ruchy ends.ruchy x").status == 7


def test_without_a_compiler_nothing_is_started(cached: Workdir) -> None:
    cached.write("hello.ruchy", HELLO)
    cached.environment["PATH"] = "/nowhere"
    assert cached.run("ruchy hello.ruchy").out == "hello 0\n"
    assert records(cached) == []


@pytest.fixture(name="unmeasured")
def _unmeasured(cached: Workdir) -> Workdir:
    """A folder whose runs may start from an image, as those do not whose coverage is measured."""
    for name in [name for name in cached.environment if name.startswith("COVERAGE_PROCESS_")]:
        del cached.environment[name]
    return cached


def test_a_start_from_an_image_does_as_one_without(unmeasured: Workdir) -> None:
    unmeasured.write("words.ruchy", 'println(env_args())\nprintln(f"{1.5:>6}", "a\\n".len())\n')
    unmeasured.write("wrong.ruchy", "println(totl)\n")
    lines = ("ruchy run words.ruchy a -- b", "ruchy wrong.ruchy", "ruchy missing.ruchy", "ruchy --help", "ruchy -e 1+1")
    without = [unmeasured.run(line, env={"RUCHY_BUILD": "off"}) for line in lines]
    assert images(unmeasured) == []
    unmeasured.run("ruchy words.ruchy")
    assert len(images(unmeasured)) == 1
    assert [unmeasured.run(line, env={"RUCHY_BUILD": "off"}) for line in lines] == without


def test_an_image_that_does_not_hold_is_written_anew(unmeasured: Workdir) -> None:
    unmeasured.write("hello.ruchy", HELLO)
    unmeasured.run("ruchy run hello.ruchy")
    (image,) = images(unmeasured)
    whole = image.read_bytes()
    head = whole.index(b"\n") + 1
    for broken in (b"", whole[:20], whole[:head], b"ruchy image 2 7\n" + whole[head:], whole[:-1]):
        image.write_bytes(broken)
        assert unmeasured.run("ruchy run hello.ruchy", env={"RUCHY_BUILD": "off"}).out == "hello 0\n", broken[:20]
    stale = marshal.loads(whole[head:]) | {"states": [(str(image), 1, 1)], "modules": {}}  # noqa: S302 - our own
    image.write_bytes(whole[:head] + marshal.dumps(stale))
    unmeasured.write("other.ruchy", HELLO)
    assert unmeasured.run("ruchy run other.ruchy").out == "hello 0\n"
    assert image.read_bytes()[:head] == whole[:head]
    assert len(image.read_bytes()) > len(whole) // 2
    image.chmod(0o666)  # others may have written into it
    image.write_bytes(whole[:head] + marshal.dumps({"start": "raise SystemExit(9)"}))
    assert unmeasured.run("ruchy run hello.ruchy", env={"RUCHY_BUILD": "off"}).out == "hello 0\n"


def test_old_builds_go(cached: Workdir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOVEREIGN_CACHE", cached.environment["SOVEREIGN_CACHE"])
    monkeypatch.setattr(builds, "_KEPT", 1)
    for name in ("a", "b"):
        cached.write(f"{name}.ruchy", f'println("{name}")\n')
        assert builds.build(str((cached.path / f"{name}.ruchy").resolve()))
        os.utime(records(cached)[0], (1, 1))
    assert len(records(cached)) == 1
    assert without_python(cached, "ruchy b.ruchy") == "b\n"
    programs = list((cached.path / "cache" / "ruchy" / "programs").iterdir())
    for program in programs:
        os.utime(program, (1, 1))
    assert builds.build(str((cached.path / "b.ruchy").resolve()))
    assert len(list((cached.path / "cache" / "ruchy" / "programs").iterdir())) == 1
