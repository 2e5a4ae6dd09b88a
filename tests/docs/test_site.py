"""The site builds without a warning, asks no other host for anything, and its generated pages are up to date."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

# The whole site is built once, in the set-up of whichever test comes first: 20 s on a quiet machine.
pytestmark = pytest.mark.timeout(300)

ROOT = Path(__file__).resolve().parents[2]
LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("object", "data"), ("use", "href")}


class Loads(HTMLParser):
    """What a browser fetches for a page by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.needs_diagrams = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found += [value for name, value in given.items() if (tag, name) in LOADED]
        if tag == "link" and given.get("rel") in {"stylesheet", "icon", "preload", "preconnect", "modulepreload"}:
            self.found.append(given["href"])
        # The theme fetches its diagram library from elsewhere when a page holds a diagram.
        self.needs_diagrams |= "mermaid" in given.get("class", "").split()


def loads(page: str) -> Loads:
    parser = Loads()
    parser.feed(page)
    return parser


def is_foreign(address: str) -> bool:
    return address.startswith(("http:", "https:", "//"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "--strict", "-d", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    assert built.stderr == ""
    return folder


def test_site_asks_no_other_host(site: Path) -> None:
    for page in site.rglob("*.html"):
        found = loads(page.read_text(encoding="utf-8"))
        assert not [address for address in found.found if is_foreign(address)], page
        assert not found.needs_diagrams, page


def test_styles_ask_no_other_host(site: Path) -> None:
    for style in site.rglob("*.css"):
        addresses = re.findall(r"(?:url\(|@import )\s*[\"']?([^\"')]+)", style.read_text(encoding="utf-8"))
        assert not [address for address in addresses if is_foreign(address)], style


def test_site_shows_every_room_command_and_error(site: Path) -> None:
    from sovereign import catalogue

    for entry in catalogue():
        assert (site / "reference" / "errors" / f"{entry.code}.html").is_file()
    assert (site / "reference" / "commands" / "batuta-stack-check.html").is_file()
    rooms = (site / "reference" / "python" / "index.html").read_text(encoding="utf-8")
    assert "sovereign.persistence.container" in rooms


@pytest.mark.parametrize(
    "page",
    [
        '<script src="https://x.y/a.js"></script>',
        '<link rel="stylesheet" href="//x.y/a.css">',
        '<img alt="" src="http://x.y/a.png">',
    ],
)
def test_foreign_address_is_seen_when_a_page_has_one(page: str) -> None:
    assert [address for address in loads(page).found if is_foreign(address)]


def test_link_for_a_reader_is_not_a_request() -> None:
    assert loads('<a href="https://x.y">x</a><link rel="canonical" href="https://x.y">').found == []


def test_generated_pages_are_what_their_sources_give() -> None:
    command = [sys.executable, "tools/docs.py", "--check"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
