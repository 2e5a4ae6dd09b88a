"""The canonical levels 1 to 7 and 10 of the specification: each has a program of the corpus, and each passes."""

from __future__ import annotations

import pytest

import corpus_programs

pytestmark = pytest.mark.timeout(300)

LEVELS = (1, 2, 3, 4, 5, 6, 7, 10)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """What became of the program of each level, by its number."""
    paths = corpus_programs.programs("levels", whole=True)
    judged = corpus_programs.judge(paths, tmp_path_factory.mktemp("levels"))
    return {int(path.stem.split("_")[1]): verdict for path, verdict in zip(paths, judged, strict=True)}


def test_each_level_has_its_program(verdicts):
    assert tuple(sorted(verdicts)) == LEVELS


@pytest.mark.parametrize("level", LEVELS)
def test_level_answers_as_cpython_does(level, verdicts):
    assert verdicts[level].outcome == "same", verdicts[level].detail
