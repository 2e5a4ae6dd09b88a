"""Every code block of the documents is run and prints what the page says, or the page says why it is not run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from docs.fences import blocks, fits, run, unmarked

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
OUTPUT = "```python\nprint({})\n```\n\n<!-- output -->\n```text\n{}\n```\n"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_blocks_are_run_or_marked(page: Path) -> None:
    assert unmarked(page.read_text(encoding="utf-8")) == []


RUN = [page for page in PAGES if any(block.is_run for block in blocks(page.read_text(encoding="utf-8")))]


# Some pages compile programs, one a whole function twice.
@pytest.mark.timeout(400)
@pytest.mark.parametrize("page", RUN, ids=[page.relative_to(ROOT).as_posix() for page in RUN])
def test_blocks_print_what_the_page_says(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("COVERAGE_PROCESS_")]:
        monkeypatch.delenv(name)  # where coverage is measured, Python reads and writes files of its own
    found = run(page.read_text(encoding="utf-8"), tmp_path)
    assert not found, "\n\n".join(map(str, found))


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("```python\n1\n```\n", 0),
        ("```console\n$ true\n```\n", 0),
        ("<!-- not run: it waits for a key -->\n```console\n$ cat\n```\n", 0),
        ("<!-- output -->\n```text\nx\n```\n", 0),
        ("- a\n\n  <!-- not run: a file -->\n  ```toml\n  x = 1\n  ```\n", 0),
        ("```sh\nls\n```\n", 1),
        ("```\nls\n```\n", 1),
        ("```text\nls\n```\n", 1),
        ("<!-- not run: -->\n```sh\nls\n```\n", 1),
        ("<!-- not run: far away -->\n\ntext\n\n```sh\nls\n```\n", 1),
        ("<!-- output -->\n```sh\nls\n```\n", 1),
        ("```python\n1\n", 1),
    ],
)
def test_unmarked_block_is_refused(source: str, count: int) -> None:
    assert len(unmarked(source)) == count


@pytest.mark.parametrize(
    ("source", "count"),
    [
        (OUTPUT.format("6 * 7", "42"), 0),
        (OUTPUT.format("6 * 7", "43"), 1),
        ("```python\nx = 6\n```\n\n" + OUTPUT.format("x * 7", "..."), 0),
        ("```console\n$ echo a b\na b\n$ printf 'x\\ny\\nz'\nx\n...\nz\n```\n", 0),
        ("```console\n$ echo a\nb\n```\n", 1),
        ("```console\n$ echo a\n```\n", 1),
        ("```console\n$ exit 2\n[exit 2]\n```\n", 0),
        ("```console\n$ exit 1\n[exit 2]\n```\n", 1),
        ("```console\n$ exit 1\n```\n", 1),
        ("```console\n$ exit 1\n...\n```\n", 1),
        ("```console\n$ echo x > f\n$ cat f\nx\n```\n", 0),
        ("```console\nls\n```\n", 1),
        ("```console\nabove\n$ true\n```\n", 1),
        ("<!-- not run: it fails -->\n```console\n$ false\n```\n", 0),
        ("```console\n$ command -v python | grep -c bin\n1\n```\n", 0),
    ],
)
def test_page_is_run_and_compared(source: str, count: int, tmp_path: Path) -> None:
    assert len(run(source, tmp_path)) == count


def test_mismatch_names_the_line_of_its_command(tmp_path: Path) -> None:
    page = "# A\n\n```console\n$ echo a\na\n$ echo b\nc\n```\n\n```python\n1\n```\n\n<!-- output -->\n```text\n2\n```\n"
    assert [found.line for found in run(page, tmp_path)] == [6, 14]


def test_block_that_raises_fails_its_page(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        run("```python\n1 / 0\n```\n", tmp_path)


def test_dots_stand_for_anything_but_the_rest_must_be_there() -> None:
    assert fits("a ... c\n", "a b c")
    assert not fits("a ... c", "a b")
    assert not fits("a", "a b")
