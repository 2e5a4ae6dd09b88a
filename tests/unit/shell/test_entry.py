"""The rim of every command."""

from __future__ import annotations

import io
import json
import sys

import pytest

from atelier import TREE
from sovereign.shell.entry import entry
from sovereign.shell.exit import ExitCode

main = entry(TREE)


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def answer(capsys: pytest.CaptureFixture[str], line: str) -> tuple[int, str, str]:
    status = main(line.split())
    out, err = capsys.readouterr()
    return status, out, err


def test_a_command_gets_its_values_and_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "wall paint a b --layers 2") == (0, "['a'] -> b red 2 []\n", "")


@pytest.mark.parametrize("line", ["--json wall paint a b", "wall --json paint a b", "wall paint a --json b"])
def test_a_shared_option_stands_anywhere(capsys: pytest.CaptureFixture[str], line: str) -> None:
    status, out, _ = answer(capsys, line)
    assert status == ExitCode.OK
    assert json.loads(out)["target"] == "b"


@pytest.mark.parametrize("line", ["-q wall paint a b", "wall paint a b --quiet"])
def test_quiet_prints_nothing_but_errors(capsys: pytest.CaptureFixture[str], line: str) -> None:
    assert answer(capsys, line) == (0, "", "")


def test_json_behind_two_dashes_is_a_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "wall paint a -- --json")[1] == "['a'] -> --json red 1 []\n"
    assert answer(capsys, "wall paint -- --help b")[1] == "['--help'] -> b red 1 []\n"


def test_a_wrong_word_is_one_sentence_with_its_like(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = answer(capsys, "wall piant")
    assert (status, out) == (2, "")
    assert err == (
        "atelier: error: `atelier wall` has no command of that name: `piant` [shell.usage]\n"
        "  help: did you mean `paint`? `atelier wall --help` lists what there is\n"
    )


def test_a_refusal_of_words_is_json_when_json_was_among_them(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = answer(capsys, "--json wall piant")
    assert (status, err) == (2, "")
    assert json.loads(out)["error"]["code"] == "shell.usage"


def test_a_group_alone_asks_for_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = answer(capsys, "")
    assert status == 2
    assert "a command is missing, one of wall, judge, completion, man: `atelier`" in err


@pytest.mark.parametrize("line", ["--help", "-h", "--help --quiet"])
def test_help_is_printed_for_the_node_that_was_named(capsys: pytest.CaptureFixture[str], line: str) -> None:
    for path in ("", "wall ", "wall paint "):
        status, out, _ = answer(capsys, path + line)
        assert status == 0
        assert out.startswith(f"Usage: atelier {path}".rstrip())


def test_help_is_answered_where_the_rest_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "wall paint --nonsense --help")[0] == 0
    assert answer(capsys, "--help wall paint")[1].startswith("Usage: atelier wall paint")


def test_help_under_json_is_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(answer(capsys, "--json --help")[1])["help"].startswith("Usage: atelier")


def test_a_failed_gate_ends_with_one_and_keeps_its_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = answer(capsys, "judge no")
    assert (status, out) == (1, "seen: no\n")
    assert err == "atelier judge: error: the answer is no: `no` [stack.broken]\n"
    status, out, _ = answer(capsys, "judge no --json")
    assert status == 1
    assert json.loads(out)["seen"] == "no"
    assert json.loads(out)["error"]["code"] == "stack.broken"


def test_another_error_of_ours_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "judge bytes")[0] == 2
    document = json.loads(answer(capsys, "judge bytes --json")[1])
    assert list(document) == ["error"]
    assert document["error"]["span"] == {"path": "x", "start": 0, "end": 1}


def test_an_unexpected_error_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = answer(capsys, "judge crash")
    assert status == 2
    assert "ended the command: `ZeroDivisionError: secret` [shell.internal]" in err
    assert "Traceback" not in err


def test_an_unexpected_error_shows_its_trace_when_verbose(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = answer(capsys, "judge crash --verbose --json")
    assert status == 2
    assert "Traceback" in err
    assert json.loads(out)["error"]["code"] == "shell.internal"


def test_a_second_document_is_an_internal_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert "shell.internal" in answer(capsys, "judge twice")[2]


def test_an_interrupt_is_told_and_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answer(capsys, "judge stop --json")
    assert status == 2
    assert json.loads(out)["error"]["code"] == "shell.interrupted"


def test_a_broken_pipe_elsewhere_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = answer(capsys, "judge pipe")
    assert status == 2
    assert "BrokenPipeError" in err


def test_an_argument_that_is_not_utf8_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", "caf\udce9"]) == 2
    assert "an argument is not UTF-8: `caf\\xe9` [shell.not_utf8]" in capsys.readouterr().err
    assert main(["judge", "café"]) == 0


def test_the_words_of_the_shell_are_taken_by_default(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["atelier", "judge", "yes"])
    assert main() == 0
    assert capsys.readouterr().out == "seen: yes\n"


def test_the_name_it_was_called_by_stands_in_its_messages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", "no"], prog="batuta atelier") == 1
    assert capsys.readouterr().err.startswith("batuta atelier judge: error:")


def test_a_closed_standard_output_is_told_on_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    err = io.StringIO()
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", err)
    assert main(["judge"]) == 2
    assert err.getvalue().endswith("error: standard output cannot be written: it is closed [shell.cannot_write]\n")
    assert main(["judge", "bytes", "--json"]) == 2
    assert "[container.magic]" in err.getvalue()


def test_man_and_completion_belong_to_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answer(capsys, "completion bash")
    assert status == 0
    assert "atelier" in out
    assert answer(capsys, "completion ksh")[0] == 2
    assert answer(capsys, "man wall gone")[0] == 2
    assert answer(capsys, "man judge more")[0] == 2
