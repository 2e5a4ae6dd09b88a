"""`sovereign.migration.depyler.translate`: the same text each time, a valid tree, and where each line came from."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from sovereign.migration.depyler import translate
from sovereign.migration.rust import check

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = textwrap.dedent('''
    """Words of a text."""

    from collections import Counter


    class Words:
        """A text taken apart."""

        def __init__(self, text):
            self.words = text.lower().split()

        def most(self, count):
            # the most frequent first
            return Counter(self.words).most_common(count)


    def shortest(words, default=None):
        try:
            return min(words, key=len)
        except ValueError:
            return default


    seen = {word for word in ["b", "a", "c"]}
    mixed = [1, "a", 2.5, None]
    for word, count in Words("the cat saw the dog").most(2):
        print(f"{word:>5} {count}", shortest([word]), shortest([], "none"))
    print(mixed, len(seen), sum(i * i for i in range(10)))
''')
SCRIPT = "import sys; from sovereign.migration.depyler import translate; print(translate(sys.stdin.read()).text)"


def test_the_text_does_not_depend_on_hash_seeds() -> None:
    texts = set()
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        ran = subprocess.run(
            [sys.executable, "-c", SCRIPT], input=PROGRAM, env=environment, capture_output=True, text=True, check=True
        )
        texts.add(ran.stdout)
    assert len(texts) == 1
    assert "fn shortest" in texts.pop()


def test_the_tree_is_valid_and_holds_what_the_text_says() -> None:
    translation = translate(PROGRAM)
    assert translation.program is not None
    assert check(translation.program) == []
    assert "/// A text taken apart." in translation.text
    assert "// the most frequent first" in translation.text


def test_each_line_of_the_program_knows_the_line_that_it_is_from() -> None:
    translation = translate("def double(n):\n    return n * 2\n\n\nprint(double(4))\nprint('end')\n")
    rust = translation.text.splitlines()
    origin = {rust[i].strip(): line for i, line in enumerate(translation.lines) if line is not None}
    assert origin["fn double(n: i64) -> i64 {"] == 1
    assert origin['say!("{}", double(4));'] == 5
    assert origin['say!("end");'] == 6
    assert len(translation.lines) == translation.program_lines
    assert rust[translation.program_lines - 1] == "}", "the program ends there and the support module begins"


def test_values_of_several_types_are_counted() -> None:
    assert translate("xs = [1, 2]\nprint(xs)\n").dynamic == []
    assert len(translate("xs = [1, 'a']\nprint(xs)\n").dynamic) >= 1


@pytest.mark.parametrize(
    ("source", "places"),
    [
        ("exec('1')\n", [(1, 1)]),
        ("import asyncio\n\nx = 1\neval('x')\n", [(1, 1), (4, 1)]),
    ],
)
def test_every_refusal_is_named_in_the_order_of_the_text(source: str, places: list[tuple[int, int]]) -> None:
    translation = translate(source, "tool.py")
    assert translation.refused
    assert (translation.program, translation.text) == (None, "")
    spans = [each.span for each in translation.diagnostics]
    assert [(span.line, span.column) for span in spans] == places
    assert {span.path for span in spans} == {"tool.py"}


def test_modules_beside_the_program_are_translated_with_it(tmp_path: Path) -> None:
    modules = {"tool": (str(tmp_path / "tool.py"), "def twice(x):\n    return x + x\n")}
    translation = translate("import tool\n\nprint(tool.twice(2), tool.twice('a'))\n", modules=modules)
    assert not translation.refused
    assert translation.text.count("fn twice") == 2, "one for each type that it is called with"
