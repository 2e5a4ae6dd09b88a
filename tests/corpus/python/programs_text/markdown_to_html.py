"""A small translator from Markdown to HTML: headings, lists, emphasis, links and code."""

import html
import re

TEXT = """\
# A *small* page

Some text with **bold** words, `code <b>` and a [link](https://example.org/?a=1&b=2).
It goes on here.

## List

- first item
- second _item_
- third

1. one
2. two

```
if a < b:
    print("x")
```

Done & dusted."""

INLINE = [
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<!\w)[*_](.+?)[*_](?!\w)"), r"<em>\1</em>"),
    (re.compile(r"\[([^\]]*)\]\(([^)]+)\)"), r'<a href="\2">\1</a>'),
]


def inline(text):
    text = html.escape(text, quote=False)
    for pattern, replacement in INLINE:
        text = pattern.sub(replacement, text)
    return text


def blocks(text):
    for fence, part in enumerate(re.split(r"^```$\n?", text, flags=re.MULTILINE)):
        if fence % 2:
            yield "code", [part.rstrip("\n")]
        else:
            for block in re.split(r"\n{2,}", part.strip("\n")):
                if block:
                    yield "text", block.split("\n")


def render(kind, lines):
    if kind == "code":
        return f"<pre>{html.escape(lines[0])}</pre>"
    heading = re.match(r"(#+)\s+(.*)", lines[0])
    if heading:
        level = len(heading.group(1))
        return f"<h{level}>{inline(heading[2])}</h{level}>"
    for marker, tag in ((r"[-*]\s+", "ul"), (r"\d+\.\s+", "ol")):
        if all(re.match(marker, line) for line in lines):
            items = "".join(f"<li>{inline(re.sub(marker, '', line, count=1))}</li>" for line in lines)
            return f"<{tag}>{items}</{tag}>"
    return f"<p>{inline(' '.join(lines))}</p>"


for kind, lines in blocks(TEXT):
    print(render(kind, lines))
print(html.escape("\"quoted\" 'single'"))
