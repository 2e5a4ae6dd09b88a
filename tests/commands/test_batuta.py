"""`batuta` as a user meets it: its commands, its plugins, and the bad input that every command refuses."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from sovereign.orchestration.batuta.cli import GROUP
from sovereign.shell.command import Command, walk
from sovereign.shell.entry import complete_tree

if TYPE_CHECKING:
    from workdir import Plugin, Workdir

FINE = 'yield Evidence("planted", State.OK, "seen")'
BROKEN = 'yield Evidence("planted", State.BROKEN, "it fell", "mend it")'
ALL_THAT_PRINT = ["--help", "--version", "stack check --only planted", "completion bash", "man", "--json man"]
# Every command of the tree, so that a new one joins by being declared; `completion` needs its argument.
COMMANDS = [
    " ".join(path[1:]).replace("completion", "completion bash")
    for path, node in walk(complete_tree(GROUP))
    if isinstance(node, Command)
]


def test_help_lists_own_commands_and_ends_with_zero(workdir: Workdir) -> None:
    answer = workdir.run("batuta --help")
    assert (answer.status, answer.err) == (0, "")
    for line in ("  stack       Look at the installed stack.", "  -q, --quiet    print errors only"):
        assert line in answer.out


def test_version_is_that_of_the_distribution(workdir: Workdir) -> None:
    answer = workdir.run("batuta --version")
    assert answer.out.startswith("batuta ")
    assert workdir.run("batuta stack check --version --json").json["version"] == answer.out.split()[1]


def test_a_planted_self_test_is_run_and_shown(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", FINE)
    answer = workdir.run("batuta stack check --only planted")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out == "check    state  evidence\nplanted  ok     seen\n"


def test_a_broken_self_test_ends_with_one_and_says_what_mends_it(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", BROKEN)
    answer = workdir.run("batuta stack check --only planted")
    assert answer.status == 1
    assert "planted  broken  it fell   mend it\n" in answer.out
    assert answer.err == "batuta stack check: error: 1 of 1 checks is broken: `planted` [stack.broken]\n"


def test_a_broken_self_test_breaks_the_whole_check(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", BROKEN)
    answer = workdir.run("batuta stack check --json")
    assert answer.status == 1
    assert "planted" in answer.json["error"]["message"]
    assert {"planted", "locks"} <= {each["name"] for each in answer.json["checks"]}


@pytest.mark.parametrize(
    ("body", "evidence"),
    [
        ("raise RuntimeError('on purpose')", "it raised `RuntimeError: on purpose`"),
        ("raise SystemExit(0)", "it raised `SystemExit: 0`"),
        ("return iter(())", "the self-test reported nothing"),
        ("yield 'fine'", "it raised `TypeError: it reported a `str` where `Evidence` is expected`"),
    ],
)
def test_a_self_test_that_does_not_report_is_broken(workdir: Workdir, plugin: Plugin, body: str, evidence: str) -> None:
    plugin.selftest("planted", body)
    answer = workdir.run("batuta stack check --only planted --json")
    assert answer.status == 1
    assert answer.json["checks"][0]["evidence"][0]["evidence"] == evidence


def test_what_a_self_test_prints_does_not_mix_with_the_json(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", f"print('noise'); {FINE}")
    answer = workdir.run("batuta stack check --only planted --json")
    assert answer.json["checks"][0]["evidence"][0]["state"] == "ok"
    assert "noise" in answer.err


def test_evidence_seen_before_a_crash_is_kept(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", f"{FINE}; raise RuntimeError('then')")
    answer = workdir.run("batuta stack check --only planted --json")
    assert [each["state"] for each in answer.json["checks"][0]["evidence"]] == ["ok", "broken"]


def test_an_absent_ability_does_not_break_the_stack(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", 'yield Evidence("planted", State.ABSENT, "no target", "add it")')
    answer = workdir.run("batuta stack check --only planted")
    assert answer.status == 0
    assert "add it" in answer.out


def test_an_unknown_self_test_is_refused_with_its_like(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", FINE)
    answer = workdir.run("batuta stack check --only plantd --json")
    assert answer.status == 2
    assert answer.json["error"]["code"] == "stack.unknown"
    assert answer.json["error"]["detail"]["nearest"] == ["planted"]


def test_a_stack_without_self_tests_is_never_a_pass(workdir: Workdir) -> None:
    source = (
        "import sys\n"
        "from sovereign.shell import installed\n"
        "from sovereign.orchestration.batuta import stack\n"
        "stack.entry_points = lambda group: {}\n"
        "from sovereign.orchestration.batuta.cli import main\n"
        "sys.exit(main(['stack', 'check']))\n"
    )
    finished = subprocess.run([sys.executable, "-c", source], env=workdir.environment, capture_output=True, check=False)
    assert finished.returncode == 2
    assert b"[stack.empty]" in finished.stderr


def test_the_page_is_written_whole_also_when_the_answer_is_no(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", BROKEN)
    assert workdir.run("batuta stack check --only planted --html report.html").status == 1
    page = (workdir.path / "report.html").read_text()
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>\n")
    assert '<td class="bad">broken</td>' in page


def test_the_page_is_not_written_over_without_force(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", FINE)
    workdir.write("report.html", "mine")
    line = "batuta stack check --only planted --html report.html"
    answer = workdir.run(line)
    assert answer.status == 2
    assert "[shell.exists]" in answer.err
    assert answer.out == ""
    assert (workdir.path / "report.html").read_text() == "mine"
    assert workdir.run(f"{line} --force").status == 0
    assert (workdir.path / "report.html").read_text().startswith("<!doctype html>")


def test_a_planted_command_is_listed_with_its_first_line(workdir: Workdir, plugin: Plugin) -> None:
    plugin.command("hello")
    answer = workdir.run("batuta --help")
    assert re.search(r"^  hello +Say hello from a plugin\.$", answer.out, re.MULTILINE)
    assert "Further text" not in answer.out


def test_a_planted_command_is_called_with_its_words_and_name(workdir: Workdir, plugin: Plugin) -> None:
    plugin.command("hello")
    answer = workdir.run("batuta --json hello --depth 3 -- x")
    assert answer.json == {"argv": ["--json", "--depth", "3", "--", "x"], "prog": "batuta hello"}
    assert workdir.run("batuta hello --no").status == 1


def test_a_planted_command_is_imported_only_when_it_is_called(workdir: Workdir, plugin: Plugin) -> None:
    plugin.command("trap", '"""A trap."""\nraise RuntimeError("sprung")\n')
    assert workdir.run("batuta --help").status == 0
    answer = workdir.run("batuta trap")
    assert answer.status == 2
    assert "RuntimeError: sprung" in answer.err


def test_a_command_that_cannot_be_loaded_says_whose_it_is(workdir: Workdir, plugin: Plugin) -> None:
    plugin.offer("sovereign.commands", "gone", "nowhere.cli:main")
    answer = workdir.run("batuta gone")
    assert answer.status == 2
    assert "`gone` of `planted-rooms` cannot be loaded" in answer.err
    assert "[shell.plugin]" in answer.err


@pytest.mark.parametrize("name", ["batuta", "stack"])
def test_no_plugin_takes_the_name_of_an_own_command(workdir: Workdir, plugin: Plugin, name: str) -> None:
    plugin.command(name)
    assert "Say hello" not in workdir.run("batuta --help").out
    assert "argv" not in workdir.run(f"batuta {name} --help").out


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_refused(workdir: Workdir, command: str) -> None:
    answer = workdir.run(f"batuta {command} --jsno")
    assert (answer.status, answer.out) == (2, "")
    assert f"error: `batuta {command.removesuffix(' bash')}` has no option of that name: `--jsno`" in answer.err
    assert "did you mean `--json`" in answer.err


@pytest.mark.parametrize("command", [*COMMANDS, ""])
def test_an_argument_that_is_not_utf8_is_refused(workdir: Workdir, command: str) -> None:
    answer = workdir.run(["batuta", *command.split(), b"caf\xe9"])
    assert (answer.status, answer.out) == (2, "")
    assert "an argument is not UTF-8: `caf\\xe9` [shell.not_utf8]" in answer.err


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("gone/a.html", "not_found"),
        ("file/a.html", "not_a_folder"),
        ("folder", "not_a_file"),
        ("/proc/a", "cannot_write"),
    ],
)
def test_a_page_that_has_no_place_is_refused_and_nothing_is_left(
    workdir: Workdir, plugin: Plugin, place: str, code: str
) -> None:
    plugin.selftest("planted", FINE)
    workdir.write("file")
    (workdir.path / "folder").mkdir()
    before = workdir.files()
    answer = workdir.run(f"batuta stack check --only planted --html {place}")
    assert answer.status == 2
    assert f"[shell.{code}]" in answer.err
    assert [each for each in workdir.files() if "__pycache__" not in each] == before


def test_a_page_that_meets_the_end_of_its_room_is_refused_and_nothing_is_left(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", FINE)
    workdir.run("batuta stack check --only planted")  # what Python caches is written before the room is limited
    before = workdir.files()
    # A limit of our own and no full device: run as root, a defect here would replace a device of the machine.
    answer = workdir.run(
        "batuta stack check --only planted --html a.html",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512)),
    )
    assert answer.status == 2
    assert "the file cannot be written, file too large: `a.html` [shell.cannot_write]" in answer.err
    assert workdir.files() == before


@pytest.mark.requires("full-device")
@pytest.mark.parametrize("line", ALL_THAT_PRINT)
def test_a_full_disk_behind_standard_output_is_told(workdir: Workdir, plugin: Plugin, line: str) -> None:
    plugin.selftest("planted", FINE)
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device, and its descriptor is what counts
        answer = workdir.run(f"batuta {line}", stdout=full)
    assert answer.status == 2
    assert "standard output cannot be written: no space left on device [shell.cannot_write]" in answer.err
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize("line", ALL_THAT_PRINT)
def test_a_closed_standard_output_is_told(workdir: Workdir, plugin: Plugin, line: str) -> None:
    plugin.selftest("planted", FINE)
    answer = workdir.run(f"batuta {line}", preexec_fn=lambda: os.close(1))
    assert answer.status == 2
    assert answer.err.endswith("standard output cannot be written: it is closed [shell.cannot_write]\n")


def test_a_closed_standard_output_does_not_matter_to_a_quiet_command(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", FINE)
    answer = workdir.run("batuta stack check -q --only planted --html a.html", preexec_fn=lambda: os.close(1))
    assert (answer.status, answer.err) == (0, "")
    assert (workdir.path / "a.html").read_text().endswith("</html>\n")


@pytest.mark.parametrize("line", ["--help", "--json man", "completion bash", "stack check --only planted --json"])
def test_a_reader_that_went_away_is_no_failure(workdir: Workdir, plugin: Plugin, line: str) -> None:
    plugin.selftest("planted", BROKEN)
    reading, writing = os.pipe()
    os.close(reading)
    answer = workdir.run(f"batuta {line}", stdout=writing)
    os.close(writing)
    assert (answer.status, answer.err) == (0, "")


def test_a_standard_error_that_is_full_or_closed_changes_nothing(workdir: Workdir) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - as above
        assert workdir.run("batuta --nonsense", stderr=full).status == 2
    assert workdir.run("batuta --nonsense", preexec_fn=lambda: os.close(2)).status == 2


def test_quiet_says_only_what_is_broken(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", BROKEN)
    answer = workdir.run("batuta stack check --quiet --only planted")
    assert (answer.status, answer.out) == (1, "")
    assert "`planted`" in answer.err


def test_a_pipe_gets_no_colour_and_force_color_gets_it(workdir: Workdir) -> None:
    assert "\x1b" not in workdir.run("batuta --nonsense").err
    assert "\x1b[1;31m" in workdir.run("batuta --nonsense", env={"FORCE_COLOR": "1"}).err
    assert "\x1b" not in workdir.run("batuta --nonsense", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).err


def test_a_latin_terminal_shows_escapes_instead_of_failing(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", 'yield Evidence("planted", State.OK, "漢字")')
    answer = workdir.run("batuta stack check --only planted", env={"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"})
    assert answer.status == 0
    assert "\\u6f22\\u5b57" in answer.out


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_one_sentence_and_leaves_nothing(workdir: Workdir, plugin: Plugin, sent: signal.Signals) -> None:
    body = f'open("begun", "w").close(); import time; time.sleep(20); {FINE}'
    plugin.selftest("planted", body)
    words = workdir.words("batuta stack check --only planted --html page.html")
    with subprocess.Popen(words, cwd=workdir.path, env=workdir.environment, stderr=subprocess.PIPE) as process:
        while not (workdir.path / "begun").exists():
            time.sleep(0.02)
        process.send_signal(sent)
        _, err = process.communicate()
    assert process.returncode == 2
    assert sent.name.encode() in err
    assert b"[shell.interrupted]" in err
    assert len(err.splitlines()) == 1
    assert not (workdir.path / "page.html").exists()


def test_a_closed_standard_output_is_filled_so_that_no_file_takes_its_place(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", f"import os; os.fstat(1); {FINE}")
    answer = workdir.run("batuta stack check -q --only planted", preexec_fn=lambda: os.close(1))
    assert (answer.status, answer.err) == (0, "")


def test_what_a_child_of_a_self_test_prints_stays_out_of_the_answer(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", f"import os; os.system('echo from-a-child'); {FINE}")
    answer = workdir.run("batuta stack check --only planted --json")
    assert json.loads(answer.out)["checks"][0]["name"] == "planted"
    assert "from-a-child" in answer.err


def test_an_empty_path_for_the_page_is_refused(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", FINE)
    answer = workdir.run(["batuta", "stack", "check", "--only", "planted", "--html", ""])
    assert answer.status == 2
    assert "[shell." in answer.err


def test_flags_may_be_written_as_one_word_in_every_place(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("planted", FINE)
    for line in ("batuta -qv stack check --only planted", "batuta stack check --only planted -qv"):
        answer = workdir.run(line)
        assert (answer.status, answer.out) == (0, "")
    assert "no option of that name: `-qx`" in workdir.run("batuta -qx stack check").err
