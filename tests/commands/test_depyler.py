"""`depyler` as a user meets it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from workdir import Answer, Workdir

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "03_translation" / "orders.py"
GREETING = '"""Greet."""\n\nimport sys\n\nprint("hello", *sys.argv[1:])\nsys.exit(len(sys.argv))\n'
REFUSED = "import asyncio\n\nprint(1)\nexec('print(2)')\n"


def code_of(answer: Answer) -> str:
    """The one code that the errors of a command carry."""
    found = set(re.findall(r"\[([a-z0-9_.]+)\]$", answer.err, re.MULTILINE))
    assert len(found) == 1, answer.err
    return found.pop()


def test_transpile_writes_one_file_and_says_how_long_it_is(workdir: Workdir) -> None:
    workdir.write("greet.py", GREETING)
    answer = workdir.run("depyler transpile greet.py")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.startswith("greet.rs: ")
    assert answer.out.endswith(" lines from 4\n")
    text = (workdir.path / "greet.rs").read_text(encoding="utf-8")
    assert "fn main() {" in text
    assert "mod support {" in text


def test_transpile_writes_where_it_is_told(workdir: Workdir) -> None:
    workdir.write("greet.py", GREETING)
    assert workdir.run("depyler transpile greet.py -o other.rs").status == 0
    assert workdir.files() == ["greet.py", "other.rs"]
    answer = workdir.run("depyler transpile greet.py -o no/where.rs")
    assert (answer.status, code_of(answer)) == (2, "shell.not_found")


@pytest.mark.parametrize("command", ["transpile", "compile"])
def test_what_is_there_stays_without_force(workdir: Workdir, command: str) -> None:
    workdir.write("greet.py", GREETING)
    workdir.write("kept", "mine")
    answer = workdir.run(f"depyler {command} greet.py -o kept")
    assert (answer.status, code_of(answer)) == (2, "shell.exists")
    assert (workdir.path / "kept").read_text(encoding="utf-8") == "mine"
    assert workdir.run("depyler transpile greet.py -o kept --force").status == 0
    assert "fn main()" in (workdir.path / "kept").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["transpile", "compile", "run"])
def test_a_refusal_names_every_place_and_writes_nothing(workdir: Workdir, command: str) -> None:
    workdir.write("tasks.py", REFUSED)
    answer = workdir.run(f"depyler {command} tasks.py")
    assert (answer.status, answer.out, code_of(answer)) == (2, "", "depyler.refused")
    assert "tasks.py:1:1: error: the module `asyncio` is not translated" in answer.err
    assert "tasks.py:4:1: error: `exec` is not translated" in answer.err
    assert workdir.files() == ["tasks.py"]


def test_check_answers_no_where_something_would_be_refused(workdir: Workdir) -> None:
    workdir.write("tasks.py", REFUSED)
    answer = workdir.run("depyler check tasks.py --json")
    assert answer.status == 1
    assert [(each["line"], each["path"]) for each in answer.json["refused"]] == [(1, "tasks.py"), (4, "tasks.py")]
    workdir.write("greet.py", GREETING)
    answer = workdir.run("depyler check greet.py --json")
    assert (answer.status, answer.err, answer.json["refused"]) == (0, "", [])
    assert answer.json["source_lines"] == 4
    assert "translates to" in workdir.run("depyler check greet.py").out
    assert workdir.files() == ["greet.py", "tasks.py"]


def test_compile_makes_a_program_that_does_the_same(workdir: Workdir) -> None:
    workdir.write("greet.py", GREETING)
    found = workdir.run("depyler compile greet.py --profile debug --json").json
    assert found["output"] == "greet"
    assert found["size_bytes"] == (workdir.path / "greet").stat().st_size
    ran = subprocess.run([workdir.path / "greet", "you"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "hello you\n", "")


def test_run_hands_arguments_and_status_on(workdir: Workdir) -> None:
    workdir.write("greet.py", GREETING)
    answer = workdir.run("depyler run greet.py --profile debug -- you --there")
    assert (answer.status, answer.out, answer.err) == (3, "hello you --there\n", "")
    assert workdir.files() == ["greet.py"]


def test_an_error_that_nobody_catches_ends_the_program_as_python_does(workdir: Workdir) -> None:
    workdir.write("fails.py", "print([1][0])\nprint({'a': 1}['b'])\n")
    answer = workdir.run("depyler run fails.py --profile debug")
    assert (answer.status, answer.out) == (1, "1\n")
    assert answer.err.endswith("KeyError: 'b'\n")


def test_a_folder_is_a_program_of_several_files(workdir: Workdir) -> None:
    workdir.write("app/main.py", "from shapes.square import area\n\nprint(area(3))\n")
    workdir.write("app/shapes/__init__.py", "")
    workdir.write("app/shapes/square.py", "def area(side):\n    return side * side\n")
    answer = workdir.run("depyler run app --profile debug")
    assert (answer.status, answer.out, answer.err) == (0, "9\n", "")
    assert workdir.run("depyler compile app --profile debug --json").json["output"] == "app.out"


def test_a_refusal_in_an_imported_file_names_that_file(workdir: Workdir) -> None:
    workdir.write("app/main.py", "from tool import work\n\nprint(work('1'))\n")
    workdir.write("app/tool.py", "def work(text):\n    return eval(text)\n")
    answer = workdir.run("depyler transpile app -o app.rs")
    assert (answer.status, answer.out) == (2, "")
    assert "app/tool.py:2:" in answer.err


@pytest.mark.parametrize("command", ["transpile", "compile", "check", "run"])
def test_every_input_that_is_no_program_is_named(workdir: Workdir, command: str) -> None:
    workdir.write("empty/notes.txt", "nothing")
    (workdir.path / "latin.py").write_bytes(b"# caf\xe9\n")
    for name, code in (("missing.py", "shell.not_found"), ("empty", "depyler.no_main"), ("latin.py", "shell.not_utf8")):
        answer = workdir.run(f"depyler {command} {name}")
        assert (answer.status, answer.out, code_of(answer)) == (2, "", code)
    answer = workdir.run(f"depyler {command} --nix missing.py")
    assert (answer.status, code_of(answer)) == (2, "shell.usage")
    workdir.write("torn.py", "def f(:\n    pass\n")
    answer = workdir.run(f"depyler {command} torn.py")
    assert (answer.status, code_of(answer)) == (1 if command == "check" else 2, "depyler.syntax")
    assert "torn.py:1:7: error: this is no Python: invalid syntax" in answer.err


def test_a_target_that_nobody_knows_is_refused(workdir: Workdir) -> None:
    workdir.write("greet.py", GREETING)
    answer = workdir.run("depyler compile greet.py --target moon")
    assert (answer.status, code_of(answer)) == (2, "targets.unknown")
    assert workdir.files() == ["greet.py"]


def test_the_example_of_the_documents_does_the_same_as_python(workdir: Workdir) -> None:
    python = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=True)
    answer = workdir.run(f"depyler run {EXAMPLE} --profile debug")
    assert (answer.status, answer.out, answer.err) == (0, python.stdout, python.stderr)
    assert "refused, lamp: 2 asked, 1 there" in answer.out


SERVICE = '''"""Greet by events."""


def handler(event, context):
    return {"greeting": f"hello {event['name']}", "count": len(event), "by": context.function_name}
'''


SUMS = """import sys


def total(limit):
    seen = 0
    for n in range(limit):
        seen += n
    return seen


def either(n):
    return n if n else "none"


print(total(int(sys.argv[1])), either(3))
"""


def test_transpile_writes_projects(workdir: Workdir) -> None:
    workdir.write("greet.py", GREETING)
    answer = workdir.run("depyler transpile greet.py --project")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.startswith("greet-rust: ")
    assert workdir.files() == ["greet-rust/Cargo.toml", "greet-rust/src/main.rs", "greet.py"]
    again = workdir.run("depyler transpile greet.py --project")
    assert (again.status, code_of(again)) == (2, "shell.exists")
    assert workdir.run("depyler transpile greet.py --project --force").status == 0


def test_transpile_writes_a_handler_for_a_world_without_an_operating_system(workdir: Workdir) -> None:
    workdir.write("app.py", SERVICE)
    answer = workdir.run("depyler transpile app.py --handler handler --no-std -o service")
    assert (answer.status, answer.err) == (0, "")
    text = (workdir.path / "service" / "src" / "lib.rs").read_text(encoding="utf-8")
    assert "#![no_std]" in text
    signature = "pub fn handle(ctx: &Context, event: &[u8], out: &mut Writer) -> Result<(), HandlerError> {"
    assert signature in text
    assert (workdir.path / "service" / "bootstrap" / "src" / "lib.rs").is_file()
    answer = workdir.run("depyler transpile app.py --handler other -o none")
    assert (answer.status, code_of(answer)) == (2, "depyler.refused")
    assert not (workdir.path / "none").exists()


def test_transpile_explains_what_it_found_out(workdir: Workdir) -> None:
    workdir.write("sums.py", SUMS)
    answer = workdir.run("depyler transpile sums.py --explain")
    rows = [re.split(r" {2,}", line.strip()) for line in answer.out.splitlines()]
    assert rows[0] == ["line", "function", "takes", "gives", "raises", "slower for"]
    assert ["4", "total", "limit: int (any size)", "int (any size)", "no"] in [row[:5] for row in rows]
    assert any(row[:3] == ["11", "either", "n: int"] and row[3] == "int | str" for row in rows)
    functions = workdir.run("depyler check sums.py --json").json["functions"]
    assert {each["function"] for each in functions} == {"(the module)", "total", "either"}
