"""`ruchy` as a user meets it: what each command shows and how it ends."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from sovereign.migration.ruchy.cli import GROUP
from sovereign.shell.command import Command, walk
from sovereign.shell.entry import complete_tree

if TYPE_CHECKING:
    from workdir import Workdir

COMMANDS = [" ".join(path) for path, node in walk(complete_tree(GROUP)) if isinstance(node, Command)]


@pytest.fixture(autouse=True)
def _programs(workdir: Workdir) -> None:
    workdir.write("hello.ruchy", 'println("Hello, World!")\n')
    workdir.write("words.ruchy", "for w in env_args() { println(w) }\n")
    workdir.write("broken.ruchy", 'let x = )\nlet z = (1\nprintln("end")\n')


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(workdir: Workdir, command: str) -> None:
    answer = workdir.run(f"{command} --help")
    assert answer.status == 0
    assert "usage" in answer.out.lower()


def test_a_file_runs_by_its_name_and_by_run(workdir: Workdir) -> None:
    for line in ("ruchy hello.ruchy", "ruchy run hello.ruchy", "ruchy ./hello.ruchy"):
        answer = workdir.run(line)
        assert (answer.status, answer.out, answer.err) == (0, "Hello, World!\n", "")


def test_words_behind_a_program_are_its_own(workdir: Workdir) -> None:
    answer = workdir.run("ruchy words.ruchy a --json -- -q")
    assert answer.out == "a\n--json\n--\n-q\n"


def test_a_program_comes_from_standard_input(workdir: Workdir) -> None:
    with (workdir.path / "hello.ruchy").open("rb") as file:
        assert workdir.run("ruchy run -", stdin=file).out == "Hello, World!\n"


def test_a_text_is_run_and_its_value_printed(workdir: Workdir) -> None:
    assert workdir.run(["ruchy", "-e", "1 + 2"]).out == "3\n"
    assert workdir.run(["ruchy", "-e", 'println("a"); "b"']).out == "a\nb\n"
    assert workdir.run(["ruchy", "eval", "null"]).out == ""


def test_the_status_is_that_of_the_program(workdir: Workdir) -> None:
    assert workdir.run(["ruchy", "-e", "exit(7)"]).status == 7
    answer = workdir.run(["ruchy", "-e", 'print("before"); panic!("no")'])
    assert (answer.status, answer.out) == (1, "before")
    assert answer.err.splitlines()[0] == "Error: Evaluation error: panic: no"


def test_a_run_that_is_stopped_shows_what_it_printed_and_says_so(workdir: Workdir) -> None:
    workdir.write("slow.ruchy", 'println("begun")\nwrite_file("there", "")\nsleep(100000)\n')
    program = subprocess.Popen(
        workdir.words("ruchy slow.ruchy"),
        cwd=workdir.path,
        env=workdir.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not (workdir.path / "there").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    program.terminate()
    out, err = program.communicate(timeout=60)
    assert (program.returncode, out) == (2, "begun\n")
    assert "SIGTERM" in err


def test_every_error_of_a_file_is_reported_in_one_run(workdir: Workdir) -> None:
    answer = workdir.run("ruchy broken.ruchy")
    assert answer.status == 1
    assert answer.out == ""
    assert answer.err.count("error:") == 2
    assert "broken.ruchy:3:1: error: `)` is missing before `println` [ruchy.syntax]" in answer.err


def test_a_name_that_means_nothing_is_pointed_at_with_what_was_meant(workdir: Workdir) -> None:
    workdir.write("a.ruchy", "let total = 1\nprintln(totl + 1)\n")
    answer = workdir.run("ruchy a.ruchy")
    assert answer.status == 1
    assert "a.ruchy:2:9: error: there is no name like this: `totl` [ruchy.name]" in answer.err
    assert "^^^^" in answer.err
    assert "did you mean `total`" in answer.err


def test_a_run_time_error_says_where_it_was(workdir: Workdir) -> None:
    workdir.write("a.ruchy", "fun f(n) {\n    10 / n\n}\nprintln(f(5))\nprintln(f(0))\n")
    answer = workdir.run("ruchy a.ruchy")
    assert (answer.status, answer.out) == (1, "2\n")
    assert answer.err == "Error: Evaluation error: division: division by zero\n  --> a.ruchy:2:5\n"


def test_contradictions_point_at_both_places(workdir: Workdir) -> None:
    workdir.write("a.ruchy", 'let n: i32 = "one"\nprintln(1 + true)\n')
    answer = workdir.run("ruchy check a.ruchy")
    assert answer.status == 1
    assert answer.err.count("[ruchy.type]") == 2
    assert "a.ruchy:1:8: this says `i64`" in answer.err
    assert "a.ruchy:2:13: this is `bool`" in answer.err


def test_check_reports_what_run_lets_pass(workdir: Workdir) -> None:
    workdir.write("a.ruchy", "fun f(a) { a }\nif false { println([1].lenght(), f(1, 2)) }\n")
    assert workdir.run("ruchy a.ruchy").status == 0
    answer = workdir.run("ruchy check a.ruchy")
    assert answer.status == 1
    assert answer.err.count("[ruchy.doubt]") == 2
    assert "did you mean `length`?" in answer.err


def test_strict_reports_places_of_several_types(workdir: Workdir) -> None:
    workdir.write("a.ruchy", 'let mut x = 1\nx = "one"\nprintln(x)\n')
    assert workdir.run("ruchy check a.ruchy").status == 0
    answer = workdir.run("ruchy check --strict --json a.ruchy")
    assert answer.status == 1
    found = answer.json["files"][0]["diagnostics"]
    assert [each["code"] for each in found] == ["ruchy.dynamic"]
    assert "i64 | str" in found[0]["message"]


def test_parse_prints_the_tree(workdir: Workdir) -> None:
    tree = workdir.run("ruchy parse --json hello.ruchy").json
    assert tree["statements"][0]["node"] == "Call"
    assert workdir.run("ruchy ast --json hello.ruchy").json == tree


def test_tokens_are_listed_with_those_of_the_layout(workdir: Workdir) -> None:
    workdir.write("a.ruchy", "if true:\n    1\n")
    kinds = [(each["kind"], each["text"]) for each in workdir.run("ruchy tokens --json a.ruchy").json]
    assert kinds == [
        ("name", "if"),
        ("name", "true"),
        ("layout", "{"),
        ("integer", "1"),
        ("layout", "}"),
        ("end", ""),
    ]


def test_fmt_writes_checks_and_shows(workdir: Workdir) -> None:
    path = workdir.write("a.ruchy", "fun f( a ){\nprintln( a )  // c\n}\n")
    assert workdir.run("ruchy fmt --check a.ruchy").status == 1
    assert workdir.run("ruchy fmt --diff a.ruchy").out.count("\n+") == 3
    assert workdir.run("ruchy fmt a.ruchy").out == "a.ruchy: changed\n"
    assert path.read_text() == "fun f(a) {\n    println(a) // c\n}\n"
    assert workdir.run("ruchy fmt --check a.ruchy").status == 0
    assert workdir.run("ruchy fmt --style indent --stdout a.ruchy").out == "fun f(a):\n    println(a) // c\n"


def test_a_failed_check_of_the_layout_has_its_code(workdir: Workdir) -> None:
    workdir.write("a.ruchy", "let  x=1\n")
    assert workdir.run("ruchy fmt --check --json a.ruchy").json["error"]["code"] == "ruchy.layout_differs"


def test_tests_of_a_program_run_apart(workdir: Workdir) -> None:
    workdir.write(
        "a.ruchy",
        "let mut n = 0\n@test\nfun one() { n += 1; assert_eq(n, 1) }\n#[test]\nfun two() { n += 1; assert_eq(n, 1) }\n"
        '@test\nfun bad() { assert_eq(1 + 1, 3) }\nfun main() { println("never") }\n',
    )
    answer = workdir.run("ruchy test a.ruchy")
    assert answer.status == 1
    assert answer.out.splitlines()[-1] == "2 passed, 1 failed"
    assert "never" not in answer.out
    assert workdir.run("ruchy test --filter one a.ruchy").status == 0
    assert workdir.run("ruchy test --json a.ruchy").json["error"]["code"] == "ruchy.test_failed"


def test_lint_remarks_and_mends(workdir: Workdir) -> None:
    path = workdir.write("a.ruchy", "let mut x = 1\nprintln(x)\nlet y = 2\n")
    answer = workdir.run("ruchy lint a.ruchy")
    assert answer.status == 1
    assert "[lint.needless_mut]" in answer.err
    assert "[lint.unused_variable]" in answer.err
    assert workdir.run("ruchy lint --fix --rule needless_mut a.ruchy").status == 0
    assert path.read_text() == "let x = 1\nprintln(x)\nlet y = 2\n"
    assert workdir.run("ruchy lint --rule nothing a.ruchy").status == 2


def test_a_new_project_runs_and_passes_its_test(workdir: Workdir) -> None:
    assert workdir.run("ruchy new app").status == 0
    assert workdir.run("ruchy app/main.ruchy").out == "Hello, world!\n"
    assert workdir.run("ruchy test app/main_test.ruchy").out.splitlines()[-1] == "1 passed, 0 failed"
    assert workdir.run("ruchy new app").status == 2


def test_the_prompt_keeps_what_was_typed(workdir: Workdir) -> None:
    inputs = workdir.write("inputs", 'let x = 20\nfun f(n) {\n  n + 1\n}\nf(x) * 2\n"a"\n:type [1]\nx + y\n:quit\n')
    with inputs.open("rb") as file:
        answer = workdir.run("ruchy", stdin=file)
    assert answer.status == 0
    assert answer.out == '20\n42\n"a"\n[i64]\n'
    assert "there is no name like this: `y`" in answer.err


def test_modules_are_files_beside_the_program(workdir: Workdir) -> None:
    workdir.write("shapes.ruchy", "pub fun area(w, h) { w * h }\n")
    workdir.write("a.ruchy", "import shapes\nfrom shapes import area\nprintln(shapes::area(2, 3), area(1, 5))\n")
    assert workdir.run("ruchy a.ruchy").out == "6 5\n"
    workdir.write("b.ruchy", "import nothing\n")
    answer = workdir.run("ruchy b.ruchy")
    assert answer.status == 1
    assert "[ruchy.import]" in answer.err


def test_the_files_beside_a_handler_are_part_of_its_program(workdir: Workdir) -> None:
    workdir.write("api/handler.ruchy", "fun handler(event, context):\n    create_user(event.name)\n")
    answer = workdir.run("ruchy check api/handler.ruchy")
    assert answer.status == 1
    assert "there is no name like this: `create_user`" in answer.err
    workdir.write("api/users.ruchy", 'fun create_user(name) { f"user {name}" }\n')
    assert workdir.run("ruchy check api/handler.ruchy").status == 0


def test_a_missing_program_is_named(workdir: Workdir) -> None:
    answer = workdir.run("ruchy run nothing.ruchy")
    assert answer.status == 2
    assert "there is no such file" in answer.err


HOSTILE = {
    "binary": bytes(range(256)) * 40,
    "zero": b"let x = 1\0",
    "long": b"x" * 10_000_000,
    "nested": b"(" * 100_000,
    "closed": b"let x = " + b"(" * 45_000 + b"1" + b")" * 45_000,
    "lists": b"\n".join([b"["] * 100_000),
    "blocks": b"if true {\n" * 100_000,
    "minus": b"- " * 50_000 + b"1",
    "chain": b"let x = " + b"1 +\n" * 50_000 + b"1",
    "fields": b"x" + b".a" * 40_000,
    "open": b'println("',
    "types": b"let x: " + b"Vec<" * 20_000,
    "errors": b"let x = [\n" * 5_000,
}


def test_a_program_that_is_no_text_is_found_wrong(workdir: Workdir) -> None:
    workdir.write("hostile.ruchy", HOSTILE["binary"])
    answer = workdir.run("ruchy check hostile.ruchy")
    assert answer.status == 1
    assert "not UTF-8 text at byte 128" in answer.err


@pytest.mark.parametrize("name", HOSTILE)
def test_malformed_input_ends_in_a_diagnostic_soon(workdir: Workdir, name: str) -> None:
    workdir.write("hostile.ruchy", HOSTILE[name])
    start = time.perf_counter()
    answer = workdir.run("ruchy hostile.ruchy")
    assert answer.status == 1
    assert "error:" in answer.err
    assert "Traceback" not in answer.err
    assert time.perf_counter() - start < 10
