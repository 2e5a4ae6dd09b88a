"""What people and programs read of every command: help, manual, findings, tables, pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from atelier import TREE
from sovereign.diagnostic import ByteRange, Diagnostic, Label, Level, Span
from sovereign.shell.chart import bars, lines
from sovereign.shell.command import walk
from sovereign.shell.entry import complete_tree
from sovereign.shell.man import manual
from sovereign.shell.page import Page
from sovereign.shell.reference import pages
from sovereign.shell.render import render
from sovereign.shell.table import aligned, blocks, drawn

HERE = Path(__file__).resolve().parent
SOURCE = "def load(path):\n\treturn pikcle.load(path)  # 漢字\n".encode()
UNKNOWN = Diagnostic(
    "shell.not_found",
    Level.ERROR,
    "no module has this name: `pikcle`",
    Span("load.py", 2, 9, 2, 15),
    (Label(Span("load.py", 1, 10, 1, 14), "the argument that it reads"),),
    "did you mean `pickle`?",
)
CHANGED = Diagnostic(
    "container.checksum", Level.WARNING, "the checksum differs: `0x0badcafe`", ByteRange("model.apr", 20, 24)
)
COLUMNS = ["check", "state", "evidence"]
ROWS = [["native core", "ok", "loads, 3 functions"], ["targets", "absent", "no linker for wasm32 was found here"]]


def test_reference_page(golden):
    for name, text in pages(TREE).items():
        golden(f"shell/reference.{Path(name).name}", text)


@pytest.mark.parametrize("place", range(3))
def test_manual(golden, place):
    path, node = list(walk(complete_tree(TREE)))[place]
    golden(f"shell/{'_'.join(path)}.1", manual(node, " ".join(path), version="1.2.3"))


@pytest.mark.parametrize("width", [80, 30])
def test_findings(golden, width):
    shown = [render(each, read=lambda _: SOURCE, width=width) for each in (UNKNOWN, CHANGED)]
    golden(f"shell/findings_{width}.txt", "\n".join(shown))


def test_findings_in_colour(golden):
    golden("shell/findings_colour.txt", render(UNKNOWN, read=lambda _: SOURCE, colour=True))


def test_tables(golden):
    shown = [
        aligned(COLUMNS, ROWS),
        drawn(COLUMNS, ROWS, width=60, colour=False),
        blocks(COLUMNS, ROWS, width=24),
    ]
    golden("shell/tables.txt", "\n".join(shown))


def test_page(golden):
    page = Page("Evidence <of> a check")
    page.section("What ran")
    page.text("Text & <b>markup</b> from outside.")
    page.table("Checks", COLUMNS, ROWS, marks={"ok": "good", "absent": "quiet"})
    page.figure(bars("Times", [("ours", 1.5), ("theirs", 4.0)], unit="us"), "Lower is faster.")
    page.figure(lines("Growth", {"a": [(1, 1), (2, 4)], "b": [(1, 2), (2, 3)]}, across="n", up="us"), "By size.")
    text = page.html()
    assert not re.search(r"(?:src|href)=|https?://(?!www\.w3\.org/)", text)
    golden("shell/page.html", text)


def test_every_golden_file_has_its_test():
    named = Path(__file__).read_text(encoding="utf-8")
    for path in sorted((HERE / "shell").iterdir()):
        assert path.name.split(".")[0].split("_")[0] in named, f"no test writes `{path.name}`"
