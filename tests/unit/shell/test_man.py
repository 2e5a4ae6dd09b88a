"""The manual page."""

from __future__ import annotations

import subprocess

import pytest

from atelier import TREE
from sovereign.shell.command import walk
from sovereign.shell.man import manual

NODES = {" ".join(path): node for path, node in walk(TREE)}


def test_a_page_has_the_sections_of_its_kind() -> None:
    page = manual(NODES["atelier wall paint"], "atelier wall paint", version="1.2")
    assert page.startswith('.TH "ATELIER\\-WALL\\-PAINT" "1" "" "atelier 1.2" "Sovereign"\n')
    titles = [line.split('"')[1] for line in page.splitlines() if line.startswith(".SH")]
    assert titles == ["NAME", "SYNOPSIS", "DESCRIPTION", "ARGUMENTS", "OPTIONS", "COMMON OPTIONS", "EXIT STATUS"]
    assert "\\fB\\-c, \\-\\-colour NAME\\fR" in page


def test_a_group_points_to_the_pages_below_it() -> None:
    assert "\\fBatelier\\-wall\\fR(1), \\fBatelier\\-judge\\fR(1)" in manual(TREE, "atelier")


@pytest.mark.requires("groff")
@pytest.mark.parametrize("name", NODES)
def test_groff_has_nothing_to_complain_about(name: str) -> None:
    page = manual(NODES[name], name, version="1.2")
    finished = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-rLL=70n"], input=page.encode(), capture_output=True, check=True
    )
    assert finished.stderr == b""
    assert b"it was done" in finished.stdout
