"""The one-file HTML page."""

from __future__ import annotations

from html.parser import HTMLParser

from sovereign.shell.chart import bars
from sovereign.shell.page import Page

EVIL = '<script src="http://e.example/x.js">&\x00\x1b'


class Reader(HTMLParser):
    """Collects tags, and fails on one that is not closed in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def full_page(text: str) -> str:
    page = Page(text, language="en")
    page.section(text)
    page.text(text)
    page.table(text, [text, "n"], [[text, "7"]], right=["n"], marks={text: "bad"})
    page.figure(bars(text, [(text, 1.0)], unit=text), text)
    return page.html()


def read(document: str) -> Reader:
    reader = Reader()
    reader.feed(document)
    reader.close()
    assert reader.open == []
    return reader


def test_everything_from_outside_is_escaped() -> None:
    document = full_page(EVIL)
    assert "script" not in read(document).seen
    assert "<script" not in document
    assert "\x00" not in document
    assert "\x1b" not in document


def test_the_page_asks_nothing_of_the_network() -> None:
    reader = read(full_page("plain"))
    assert not {"script", "link", "img", "iframe", "object"} & set(reader.seen)
    assert not {"src", "href", "srcset", "onclick"} & {name for name, _ in reader.attributes}
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in reader.attributes
    assert "url(" not in full_page("plain")
    assert "@import" not in full_page("plain")


def test_the_page_names_its_title_language_and_headings() -> None:
    document = full_page("A & B")
    reader = read(document)
    assert ("lang", "en") in reader.attributes
    assert "<title>A &amp; B</title>" in document
    assert [tag for tag in reader.seen if tag in {"h1", "h2", "caption", "figcaption"}] == [
        "h1",
        "h2",
        "caption",
        "figcaption",
    ]
    assert ("scope", "col") in reader.attributes


def test_numbers_and_marks_have_their_look() -> None:
    document = full_page("x")
    assert '<td class="bad">x</td><td class="number">7</td>' in document


def test_the_page_knows_light_and_dark() -> None:
    assert "prefers-color-scheme:dark" in full_page("x")
    assert "color-scheme:light dark" in full_page("x")
