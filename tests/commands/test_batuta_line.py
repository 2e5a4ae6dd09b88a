"""The line of a project as a user walks it: new, analyze, transpile, validate, build, status, report, reset."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schemas import problems

if TYPE_CHECKING:
    from workdir import Workdir

PROJECTS = Path(__file__).resolve().parents[1] / "corpus" / "projects"
pytestmark = pytest.mark.timeout(300)


def take(workdir: Workdir, name: str) -> None:
    shutil.copytree(PROJECTS / name, workdir.path, dirs_exist_ok=True)


def test_several_modules_become_one_program_that_does_the_same(workdir: Workdir) -> None:
    take(workdir, "several_modules")
    seen = workdir.run("batuta analyze --json")
    assert problems(seen.json, "batuta-analyze") == []
    assert (seen.json["primary_language"], seen.json["recommended_transpiler"]) == ("Python", "depyler")
    assert seen.json["tdg"] == "not measured"
    made = workdir.run("batuta transpile --optimize none --json")
    assert (made.status, made.err) == (0, "")
    assert problems(made.json, "batuta-transpile") == []
    assert [each["outcome"] for each in made.json["files"]].count("translated") == made.json["translated"] == 6
    assert [each["file"] for each in made.json["files"] if each["outcome"] == "copied"] == ["cases.json"]
    compared = workdir.run("batuta validate --original . --transpiled rust --json")
    assert compared.status == 0, compared.err
    assert problems(compared.json, "batuta-validate-projects") == []
    assert (compared.json["verdict"], compared.json["compared"][0]["count"]) == ("same", 5)
    built = workdir.run("batuta build --json")
    assert problems(built.json, "batuta-build") == []
    (program,) = built.json["programs"]
    answer = subprocess.run([program["path"], "apple=3"], cwd=workdir.path, capture_output=True, check=False)
    assert (answer.returncode, answer.stdout.splitlines()[-1]) == (0, b"total            1.35")


def test_nothing_is_done_twice_until_a_line_changes(workdir: Workdir) -> None:
    take(workdir, "several_modules")
    assert workdir.run("batuta transpile --optimize none").status == 0
    assert "nothing changed" in workdir.run("batuta transpile --optimize none").out
    states = {each["stage"]: each["state"] for each in workdir.run("batuta status --json").json["stages"]}
    assert states == {"analyze": "done", "transpile": "done"}
    prices = workdir.path / "shop" / "prices.py"
    prices.write_text(prices.read_text().replace("45", "46"))
    states = {each["stage"]: each["state"] for each in workdir.run("batuta status --json").json["stages"]}
    assert states == {"analyze": "changed since", "transpile": "changed since"}
    assert "nothing changed" not in workdir.run("batuta transpile --optimize none").out
    assert "46" in (workdir.path / "rust" / "src" / "bin" / "main.rs").read_text()
    page = workdir.run("batuta report")
    assert (page.status, page.err) == (0, "")
    assert "batuta transpile" in (workdir.path / "report.html").read_text()
    assert workdir.run("batuta reset --json").json == {"is_forgotten": True}
    assert workdir.run("batuta reset --json").json == {"is_forgotten": False}


def test_a_refused_file_stops_the_line_until_it_is_kept(workdir: Workdir) -> None:
    take(workdir, "one_refused")
    refused = workdir.run("batuta transpile --optimize none")
    assert refused.status == 2
    assert "mail.py:3:1: error: the module `smtplib` is not translated [batuta.refused]" in refused.err
    assert [line.split()[:2] for line in refused.out.splitlines()[1:]] == [
        ["cases.json", "copied"],
        ["mail.py", "refused"],
        ["words.py", "translated"],
    ]
    kept = workdir.run("batuta transpile --optimize none --json")
    assert (kept.json["refused"], kept.json["error"]["code"]) == (1, "batuta.refused")
    stopped = workdir.run("batuta build")
    assert stopped.status == 1
    assert "the line stands still since `transpile` failed" in stopped.err
    settings = workdir.path / "batuta.toml"
    settings.write_text(settings.read_text().replace('name = "counts"', 'name = "counts"\nkeep = ["mail.py"]'))
    assert workdir.run("batuta transpile --optimize none").status == 0
    assert (workdir.path / "rust" / "copied" / "mail.py").is_file()
    assert workdir.run("batuta validate --original . --transpiled rust").status == 0


def test_python_and_ruchy_in_one_project(workdir: Workdir) -> None:
    take(workdir, "mixed")
    made = workdir.run("batuta transpile --optimize none --json")
    assert {each["name"]: (each["language"], len(each["files"])) for each in made.json["programs"]} == {
        "primes": ("Python", 1),
        "squares": ("Ruchy", 2),
    }
    compared = workdir.run("batuta validate --original . --transpiled rust --json")
    assert (compared.status, compared.json["verdict"], len(compared.json["compared"])) == (0, "same", 2)


def test_the_commands_of_the_specification_work_from_the_folder_above(workdir: Workdir) -> None:
    shutil.copytree(PROJECTS / "mixed", workdir.path / "my_ml_project")
    for line in (
        "batuta analyze --languages --tdg my_ml_project/",
        "batuta transpile --source my_ml_project/ --output my_ml_rust/ --optimize none",
        "batuta validate --benchmark --original my_ml_project/ --transpiled my_ml_rust/",
        "batuta build",
    ):
        answer = workdir.run(line)
        assert (answer.status, answer.err) == (0, ""), line
    assert (workdir.path / "my_ml_rust" / "target" / "debug" / "primes").is_file()


def test_a_translation_that_somebody_changed_differs(workdir: Workdir) -> None:
    workdir.write("main.py", "print(42)\n")
    assert workdir.run("batuta transpile --optimize none").status == 0
    rust = workdir.path / "rust" / "src" / "bin" / "main.rs"
    rust.write_text(rust.read_text().replace("42", "43"))
    answer = workdir.run("batuta validate --original . --transpiled rust --json")
    assert (answer.status, answer.json["verdict"], answer.json["error"]["code"]) == (1, "different", "batuta.different")
    assert "42" in answer.json["compared"][0]["note"]
    assert workdir.run("batuta build").status == 1


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        ("batuta validate --original project --transpiled empty", 2, "batuta.no_translation"),
        ("batuta transpile --source empty --output rust", 2, "batuta.nothing"),
        ("batuta transpile --source project --output full", 2, "batuta.output"),
        ("batuta transpile --source handler --output rust", 2, "batuta.no_model"),
        ("batuta transpile --source wrong --output rust", 2, "batuta.settings"),
        ("batuta analyze nowhere", 2, "shell.not_found"),
        ("batuta analyze project/main.py", 2, "shell.not_a_folder"),
        ("batuta new full", 2, "batuta.output"),
        ("batuta build project", 1, "batuta.stopped"),
        ("batuta status torn", 2, "batuta.state"),
        ("batuta bundle", 2, "shell.usage"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(workdir: Workdir, line: str, status: int, code: str) -> None:
    workdir.write("project/main.py", "print(1)\n")
    workdir.write("full/mine.txt", "mine")
    workdir.write("handler/handler.py", "def handler(event, context):\n    return event\n")
    workdir.write("handler/batuta.toml", '[function]\nhandler = "handler.py"\nmodels = ["model.apr"]\n')
    workdir.write("wrong/batuta.toml", "[project\n")
    workdir.write("torn/.batuta/state.json", "[")
    (workdir.path / "empty").mkdir()
    answer = workdir.run(f"{line} --json")
    assert answer.status == status
    told = json.dumps(answer.json)
    assert code in told


def test_a_function_without_events_is_no_pass(workdir: Workdir) -> None:
    workdir.write("handler.py", "def handler(event, context):\n    return event\n")
    assert workdir.run("batuta transpile").status == 0
    answer = workdir.run("batuta validate --original . --transpiled rust")
    assert answer.status == 2
    assert "[serverless.no_events]" in answer.err
    workdir.write("events.jsonl", "")
    assert workdir.run("batuta validate --original . --transpiled rust --events events.jsonl").status == 2


@pytest.mark.requires("ptrace")
def test_a_function_is_held_together_on_events_and_on_what_it_does_to_the_system(workdir: Workdir) -> None:
    body = 'print(event["n"] + 1)\n    return {"n": event["n"] * 2}'
    workdir.write("handler.py", f"def handler(event, context):\n    {body}\n")
    workdir.write("events.jsonl", '{"n": 1}\n{"n": "a"}\n{}\n')
    assert workdir.run("batuta transpile").status == 0
    answer = workdir.run("batuta validate --original . --transpiled rust --fuzz --trace-syscalls --json")
    assert answer.status == 0, answer.out
    found = {each["kind"]: (each["verdict"], each["count"]) for each in answer.json["compared"]}
    assert found == {"events": ("same", 3), "traced events": ("same", 1), "mutated events": ("same", 300)}
    workdir.write("handler.py", f"def handler(event, context):\n    {body.replace('* 2', '* 3')}\n")
    answer = workdir.run("batuta validate --original . --transpiled rust --json")
    assert (answer.status, answer.json["compared"][0]["verdict"]) == (1, "different")
    assert "event 1, reply" in answer.json["compared"][0]["note"]


def test_a_new_project_can_be_bundled_by_its_settings(workdir: Workdir) -> None:
    assert workdir.run("batuta new triage").status == 0
    inside = type(workdir)(workdir.path / "triage")
    refused = inside.run("batuta transpile")
    assert "a model of the function is not there, train it first" in refused.err
    assert refused.status == 2
