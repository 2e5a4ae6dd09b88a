"""From words to a command and its options."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atelier import PAINT, TREE, paint
from sovereign.errors import ParameterError
from sovereign.shell.arguments import locate, parse
from sovereign.shell.command import Command, Group, Options, argument


def parsed(line: str) -> Options:
    return parse(PAINT, line.split(), ("atelier", "wall", "paint"))


def refusal(line: str) -> ParameterError:
    with pytest.raises(ParameterError) as caught:
        parsed(line)
    assert caught.value.code == "shell.usage"
    return caught.value


def test_values_are_placed_and_defaults_filled() -> None:
    options = parsed("a b")
    assert (options.source, options.target) == (["a"], "b")
    assert (options.colour, options.layers, options.tag, options.dry_run) == ("red", 1, [], False)


def test_options_stand_anywhere_among_the_values() -> None:
    options = parsed("a --tag x b -c blue c --tag=y --dry-run --layers 3")
    assert (options.source, options.target) == (["a", "b"], "c")
    assert (options.colour, options.layers, options.tag, options.dry_run) == ("blue", 3, ["x", "y"], True)


def test_after_two_dashes_all_words_are_values() -> None:
    options = parsed("--json a -- --quiet -- b")
    assert (options.source, options.target) == (["a", "--quiet", "--"], "b")
    assert (options.json, options.quiet) == (True, False)


def test_a_single_dash_is_a_value() -> None:
    assert parsed("- b").source == ["-"]


@given(st.lists(st.from_regex(r"[a-z]{1,3}", fullmatch=True), min_size=2))
def test_every_word_lands_in_one_place(words: list[str]) -> None:
    options = parse(PAINT, words, ("x",))
    assert [*options.source, options.target] == words


@pytest.mark.parametrize(
    ("line", "sentence", "near"),
    [
        ("a b --colr red", "`atelier wall paint` has no option of that name: `--colr`", ["--colour"]),
        ("a b --colr=red", "`atelier wall paint` has no option of that name: `--colr`", ["--colour"]),
        ("a b -x", "`atelier wall paint` has no option of that name: `-x`", []),
        ("a b --col red", "`atelier wall paint` has no option of that name: `--col`", ["--colour"]),
        ("a", "an argument is missing: `SOURCE`", []),
        ("", "an argument is missing: `SOURCE`", []),
        ("a b --colour rde", "`--colour` must be one of `red`, `blue`: `rde`", ["red"]),
        ("a b --layers two", "`--layers` does not take this value, it is not a whole number: `two`", []),
        ("a b --tag", "the option needs a value: `--tag`", []),
        ("a b --tag --json", "the option needs a value: `--tag`", []),
        ("a b --dry-run=yes", "the option takes no value: `--dry-run`", []),
    ],
)
def test_a_wrong_line_is_refused_in_one_sentence(line: str, sentence: str, near: list[str]) -> None:
    error = refusal(line)
    assert str(error) == sentence
    assert [each for each in error.detail["nearest"] if each in near] == near  # type: ignore[attr-defined]
    assert error.detail["fix"] == "`atelier wall paint --help` lists what there is"


def test_a_surplus_value_is_refused() -> None:
    command = Command("one", paint, (argument("A", "a", optional=True),))
    assert parse(command, [], ("one",)).a is None
    assert parse(command, ["x"], ("one",)).a == "x"
    with pytest.raises(ParameterError, match="one argument too many: `y`"):
        parse(command, ["x", "y"], ("one",))


def test_an_optional_value_waits_for_a_needed_one_behind_it() -> None:
    command = Command("copy", paint, (argument("A", "a", optional=True), argument("B", "b")))
    alone, both = parse(command, ["x"], ("copy",)), parse(command, ["x", "y"], ("copy",))
    assert (alone.a, alone.b, both.a, both.b) == (None, "x", "x", "y")


def test_many_optional_values_may_be_none() -> None:
    command = Command("all", paint, (argument("A", "a", many=True, optional=True),))
    assert parse(command, [], ("all",)).a == []


def test_every_value_of_many_is_converted_and_checked() -> None:
    command = Command("sum", paint, (argument("N", "n", many=True, convert=int),))
    assert parse(command, ["1", "2"], ("sum",)).n == [1, 2]
    with pytest.raises(ParameterError, match="`N` does not take this value"):
        parse(command, ["1", "x"], ("sum",))


def test_shared_options_are_set_aside_before_and_between_the_names() -> None:
    call = locate(TREE, ["--json", "wall", "-q", "paint", "a", "--quiet"], "atelier")
    assert call.node is PAINT
    assert call.path == ("atelier", "wall", "paint")
    assert (call.shared, call.words) == (["--json", "-q"], ["a", "--quiet"])


@pytest.mark.parametrize(
    ("words", "sentence", "near"),
    [
        (["wal"], "`atelier` has no command of that name: `wal`", ["wall"]),
        (["wall", "piant"], "`atelier wall` has no command of that name: `piant`", ["paint"]),
        (["--jsno"], "`atelier` has no option of that name: `--jsno`", ["--json"]),
    ],
)
def test_a_wrong_name_is_refused_with_its_like(words: list[str], sentence: str, near: list[str]) -> None:
    with pytest.raises(ParameterError) as caught:
        locate(TREE, words, "atelier")
    assert str(caught.value) == sentence
    assert caught.value.detail["nearest"] == near


def test_a_group_without_plugins_never_looks_at_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sovereign.shell.arguments.entry_points", None)
    with pytest.raises(ParameterError, match="has no command"):
        locate(Group("g", "G.", ()), ["x"], "g")
