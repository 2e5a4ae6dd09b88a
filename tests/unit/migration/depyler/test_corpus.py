from __future__ import annotations

import os
from functools import cache

import pytest

import corpus_programs
from sovereign.migration.depyler import translate

# An area is twenty programs: translated, compiled as one crate, and run twice; the first compiles the support library.
pytestmark = pytest.mark.timeout(600)

WHOLE = os.environ.get("SOVEREIGN_CORPUS") == "all"
AREAS = corpus_programs.areas()
REFUSED = corpus_programs.known("refused.txt")
WRONG = corpus_programs.known("wrong.txt")


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """The verdicts of an area, found once."""

    @cache
    def judge(area: str) -> tuple[corpus_programs.Verdict, ...]:
        folder = tmp_path_factory.mktemp(area)
        # What NumPy prints is asked of all of its programs, each time.
        is_whole = WHOLE or area.startswith("numpy")
        return tuple(corpus_programs.judge(corpus_programs.programs(area, whole=is_whole), folder))

    return judge


@pytest.mark.parametrize("area", AREAS)
def test_programs_answer_as_cpython_does_or_are_refused_for_a_known_reason(area, judged):
    surprises = [
        f"{verdict.outcome} {verdict.name}: {verdict.detail}"
        for verdict in judged(area)
        if verdict.name not in WRONG
        and (verdict.outcome != "same" if verdict.name not in REFUSED else verdict.outcome != "refused")
    ]
    assert not surprises, "\n".join(surprises)


@pytest.mark.parametrize("area", AREAS)
def test_every_program_is_translated_or_refused_for_a_known_reason(area):
    """Also those whose Rust is not compiled where only a share of an area is judged."""
    surprises = []
    for path in corpus_programs.programs(area, whole=True):
        name = corpus_programs.name_of(path)
        made = translate(path.read_text(encoding="utf-8"), path.name, inline=False)
        said = made.diagnostics[0].message if made.refused else ""
        if (name in REFUSED) != made.refused or REFUSED.get(name, "") not in said:
            surprises.append(f"{name}: {said or 'translated'}")
    assert not surprises, "\n".join(surprises)


@pytest.mark.parametrize("area", AREAS)
def test_reasons_of_refusals_are_those_of_the_list(area, judged):
    for verdict in judged(area):
        if verdict.name in REFUSED and verdict.outcome == "refused":
            assert REFUSED[verdict.name] in verdict.detail, f"{verdict.name}: {verdict.detail}"


@pytest.mark.parametrize("area", AREAS)
def test_known_defects_are_taken_off_the_list_once_they_are_mended(area, judged):
    mended = [verdict.name for verdict in judged(area) if verdict.name in WRONG and verdict.outcome == "same"]
    assert not mended, f"take off `corpus/python/wrong.txt`: {mended}"


def test_the_corpus_is_large_and_each_program_is_small():
    paths = [path for area in AREAS for path in corpus_programs.programs(area, whole=True)]
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert len(paths) >= 300
    # What an engineer writes for a task, in the areas `work_...`, is longer than what shows one construct.
    assert max(count for path, count in lines.items() if not path.parent.name.startswith("work_")) <= 150
    assert max(lines.values()) <= 200


def test_the_lists_name_programs_that_exist():
    names = {corpus_programs.name_of(path) for area in AREAS for path in corpus_programs.programs(area, whole=True)}
    assert set(REFUSED) <= names
    assert set(WRONG) <= names
    assert not set(REFUSED) & set(WRONG)


def test_a_refusal_names_file_line_and_reason():
    made = translate("x = 1\nimport asyncio\n\nasyncio.run(None)\n", "given.py")
    assert made.refused
    assert made.text == ""
    (first, *_) = made.diagnostics
    assert (first.code, first.span.path, first.span.line) == ("depyler.refused", "given.py", 2)
    assert "asyncio" in first.message
