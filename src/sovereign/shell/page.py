"""A report as one HTML file that asks nothing of the network.

Enters: a title, then sections of text, tables and charts. Leaves: a document that reads in light and dark, on
paper and by a screen reader. Everything that comes from outside is escaped; a policy in the document forbids
scripts and requests. Read `chart.py` for the drawings.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sovereign.shell.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Page"]

_STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--quiet:#59636e;--line:#d1d9e0;--good:#116329;--bad:#a40e26;
--mark:#0b62c4;--mark-2:#a15c07;--mark-3:#7a3fa8}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--quiet:#9198a1;--line:#3d444d;--good:#56d364;
--bad:#ff7b72;--mark:#58a6ff;--mark-2:#e3a03c;--mark-3:#c79bf2}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:0 auto;
padding:1.5rem 1rem}
h1{font-size:1.6rem;margin:0 0 .5rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}
p{margin:.5rem 0}.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--quiet);padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);
overflow-wrap:break-word;min-width:5rem}
th{white-space:nowrap}.number{text-align:right;font-variant-numeric:tabular-nums}
.good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}.quiet{color:var(--quiet)}.good,.bad{white-space:nowrap}
figure{margin:1rem 0}figcaption{color:var(--quiet)}svg{max-width:100%;height:auto}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1rem}.pair>section{min-width:0}
h3{font-size:1rem;margin:.5rem 0}pre{font:12px/1.45 ui-monospace,monospace;margin:0;padding:.75rem;overflow:auto;
max-height:36rem;border:1px solid var(--line)}
svg text{fill:var(--ink);font:13px system-ui,sans-serif}
@media(max-width:30rem){th,td{padding-right:.4rem;min-width:3.5rem}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class Page:
    """One document, filled from top to bottom."""

    def __init__(self, title: str, *, language: str = "en") -> None:
        self.title = title
        self.language = language
        self._parts: list[str] = []

    def section(self, heading: str) -> None:
        """Begin a section."""
        self._parts.append(f"<h2>{_safe(heading)}</h2>")

    def text(self, paragraph: str) -> None:
        """Add a paragraph."""
        self._parts.append(f"<p>{_safe(paragraph)}</p>")

    def table(
        self,
        caption: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        right: Sequence[str] = (),
        marks: Mapping[str, str] | None = None,
    ) -> None:
        """Add a table; `marks` gives a cell of exactly that text the look `good`, `bad` or `quiet`."""
        head = "".join(f'<th scope="col"{_class("number", name in right)}>{_safe(name)}</th>' for name in columns)
        body = []
        for row in rows:
            look = [
                (marks or {}).get(cell) or ("number" if name in right else "")
                for name, cell in zip(columns, row, strict=True)
            ]
            body.append(
                "".join(
                    f"<td{_class(each, bool(each))}>{_safe(cell)}</td>" for each, cell in zip(look, row, strict=True)
                )
            )
        lines = "".join(f"<tr>{row}</tr>\n" for row in body)
        self._parts.append(
            f'<div class="scroll" tabindex="0" role="region" aria-label="{_safe(caption)}">'
            f"<table><caption>{_safe(caption)}</caption>\n"
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}</tbody></table></div>"
        )

    def sources(self, texts: Sequence[tuple[str, str]]) -> None:
        """Add texts of source beside each other, each under its name; on a narrow page below each other."""
        shown = "".join(
            f'<section><h3>{_safe(name)}</h3><pre tabindex="0" aria-label="{_safe(name)}" role="region">'
            f"<code>{_safe_lines(text)}</code></pre></section>"
            for name, text in texts
        )
        self._parts.append(f'<div class="pair">{shown}</div>')

    def figure(self, svg: str, caption: str) -> None:
        """Add a drawing of `chart.py`, which has escaped what it shows."""
        self._parts.append(f"<figure>{svg}<figcaption>{_safe(caption)}</figcaption></figure>")

    def html(self) -> str:
        """The whole document."""
        title = _safe(self.title)
        body = "\n".join(self._parts)
        return (
            f'<!doctype html>\n<html lang="{_safe(self.language)}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n"
            f"<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
        )


def _safe(text: str) -> str:
    return escape(visible(text))


def _safe_lines(text: str) -> str:
    """The text with its line breaks; tabs are four blanks."""
    return "\n".join(_safe(line) for line in text.expandtabs(4).split("\n"))


def _class(name: str, wanted: bool) -> str:  # noqa: FBT001 - private, and the call reads well
    return f' class="{name}"' if wanted else ""
