"""`re`: matches, groups, replacements and error texts, over written and over random patterns."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from library_probe import chance, said

if TYPE_CHECKING:
    from library_probe import Library

Case = tuple[tuple[object, ...], object]

TEXTS = [
    "",
    "a",
    "ab",
    "abc",
    "aaa",
    "aab",
    "abab",
    "foo bar",
    "foo_bar baz",
    "2024-01-31",
    "a\nb\nc",
    "\n",
    "a\n",
    "The quick brown fox jumps over the lazy dog",
    "x=1, y=22; z=333",
    "key: value # comment",
    "  indented\n\tline ",
    "user@example.com, other.name@host.org",
    "((a)(b))",
    "aXbXc",
    "AbCaBc",
    "grüße Straße ÉCOLE",
    "日本語 text 123",
    "\U0001f600 emoji \U0001f601",
    "\u0130stanbul \u0131i Kk\u212a s\u017f",
    "١٢٣ 456",
    "foo--bar---baz",
    "<a><b></b></a>",
    "'it''s'",
]
PATTERNS = [
    "",
    "a",
    "a*",
    "a+?",
    "a??b",
    "(a)(b)?",
    "(a|b)*",
    "(?:a|ab)(c|bcd)?",
    r"\w+",
    r"\d+",
    r"\s*",
    r"\b\w",
    r"\B",
    r"\Bo",
    "^",
    "$",
    "^a",
    "a$",
    r"\A\w",
    r"\w\Z",
    ".",
    ".*",
    ".+?",
    "[abc]+",
    "[^a-c]",
    r"[\w.]+@[\w.]+",
    "[]a]",
    "[^]a]",
    "[a-]",
    r"(\d{4})-(\d{2})-(\d{2})",
    r"(?P<key>\w+)\s*[=:]\s*(?P<value>\w+)",
    r"(\w)\1",
    r"(?P<x>a)(?P=x)",
    "(?=a)a",
    "a(?!b)",
    "(?<=a)b",
    "(?<!a)b",
    "(?<=ab)c",
    "(a)?(?(1)b|c)",
    "(?i)ABC",
    "(?i:A)b",
    "(?s).b",
    "(?m)^b",
    "(?x) a b # c\n c",
    "a{2}",
    "a{1,2}",
    "a{2,}?",
    "a{,2}",
    "a{}",
    "a{x}",
    "{",
    "a|b|",
    "|a",
    "(?:)",
    "(?:)*",
    "(a*)*",
    "(a*)+",
    "(a*?)*?",
    "(a|b*)*c",
    "((a)|b)*",
    "(?:(a)|b)*",
    "(?:(a)|(b))*?c",
    "(?>a+)b",
    "a++b",
    "(?:ab)++c",
    "(?:a|ab)*+c",
    "a?+a",
    "a{1,2}+b",
    r"\x41\u0042\101",
    r"[\x41-\x43]",
    r"\0",
    r"[\b]",
    r"(?a)\w+",
    r"(?a)\s",
    "(?i)straße",
    "(?i)[é-ü]+",
    "(?i)k",
    "(?i)s",
    "(?i)\u0131",
    "(?i)i",
    "(?i)[^i]",
    "(?i)[s-z]",
    "(?-i:a)",
    "(?i)a(?-i:B)c",
    "<(\\w)>.*</\\1>",
    "(['\"])(.*?)\\1",
    "(a(b(c)?)?)?",
    "(?:(?:a|b)(?:c|d))*",
    r"(?:\s|^)(\w+)(?=\s|$)",
    "(?#comment)a",
    r"\$\.\*",
    "[.$*]",
    r"[^\W\d_]+",
    r"[\s\S]",
    r"[\d\-x]+",
    "(.)(.)(.)?",
    "(?:.*)b",
    "(?:x|y|z)=(\\d+)",
    "(a+|b+)*?b",
    "(?:a{1,2}){2}",
    "(?:a?){3}",
    "(?:(\\w)-?)+",
    "(?<!\\w)o",
]
FLAGS = [0, re.IGNORECASE, re.MULTILINE, re.DOTALL, re.ASCII, re.IGNORECASE | re.ASCII, re.MULTILINE | re.DOTALL]
BROKEN = [
    "(",
    ")",
    "a)",
    "(a",
    "[",
    "[a",
    "[b-a]",
    "[a-\\d]",
    "*",
    "a**",
    "a+*",
    "+a",
    "?",
    "(?",
    "(?P",
    "(?P<",
    "(?P<>a)",
    "(?P<1>a)",
    "(?P<a",
    "(?P=x)",
    "(?P<x>a)(?P<x>b)",
    "(?Px)",
    "(?<a)",
    "(?z)",
    "(?i",
    "(?i-",
    "(?-:a)",
    "(?i-i:a)",
    "a(?i)",
    "(?iz)",
    "(?L)",
    "(?au)",
    "(?-a:b)",
    "\\",
    "a\\",
    "\\q",
    "[\\q]",
    "\\1",
    "(\\1)",
    "(a\\1)",
    "\\8",
    "\\400",
    "[\\400]",
    "\\x1",
    "\\u12",
    "\\U1",
    "\\U00110000",
    "a{2,1}",
    "(?<=a*)b",
    "(?<=a|bc)d",
    "(?(1)a)",
    "(?(0)a)",
    "(?(x)a)",
    "(?(1)a|b|c)",
    "(?(1",
    "(?#a",
    "(?P<x>a)(?(y)b)",
    "(?=a",
    "(?<=(a)\\1)",
    "a\n(",
    "a\nb\n[",
    "^*",
    "$+",
    "(?:a",
    "x{99999999999}",
    "(a)(?<=(?(1)b|c))",
    "\\b*",
    "[a-\\",
    "(?!",
    "(?<",
    "(?(a!)b)",
    "(?>a",
    "a|*",
    "(|*)",
    "(?P<n>a)(?P=n",
    "(?P<n\u00e9>a)\\2",
]


def shown(found: re.Match[str] | None) -> str:
    if found is None:
        return "None"
    spans = "".join(str(found.span(group)) for group in range(found.re.groups + 1))
    return f"{spans} {found.lastindex!r} {list(found.groups())!r}"


def both(pattern: str, flags: int, text: str) -> list[Case]:
    """All that a pattern does to a text."""
    compiled = re.compile(pattern, flags)
    here = (pattern, int(flags), text)
    cases: list[Case] = [
        (("re.search", *here), shown(compiled.search(text))),
        (("re.match", *here), shown(compiled.match(text))),
        (("re.fullmatch", *here), shown(compiled.fullmatch(text))),
        (("re.finditer", *here), ";".join(map(shown, compiled.finditer(text)))),
        (("re.split", *here, 0), repr(compiled.split(text))),
        (("re.split", *here, 2), repr(compiled.split(text, 2))),
        (("re.sub", *here, r"<\g<0>>", 0), repr(compiled.subn(r"<\g<0>>", text))),
        (("re.sub_with", *here, 1), repr(compiled.subn(lambda found: f"<{found.group()}>", text, 1))),
        (("re.search_between", *here, 1, 4), shown(compiled.search(text, 1, 4))),
    ]
    if compiled.groups < 3:
        cases.append((("re.findall", *here), repr(compiled.findall(text))))
    return cases


@pytest.mark.parametrize("flags", FLAGS, ids=str)
def test_written_patterns(library: Library, flags: int) -> None:
    cases: list[Case] = []
    for pattern in PATTERNS:
        for text in TEXTS:
            cases += both(pattern, flags, text)
    library.agree(cases)


def random_pattern(draw: Any, depth: int = 0) -> str:
    atoms = ["a", "b", "c", ".", "[ab]", "[^a]", r"\w", r"\b", "^", "$", "x", r"\s", "(?=a)", "(?!b)", "(?<=a)", r"\d"]
    kinds = ["atom"] * 5 + ["repeat"] * 3 + ["group", "plain", "branch", "back", "atomic"]
    pieces = []
    for _ in range(draw.randint(1, 3)):
        kind = draw.choice(kinds) if depth < 3 else "atom"
        if kind == "atom":
            pieces.append(draw.choice(atoms))
        elif kind == "back":
            pieces.append(r"\1" if draw.random() < 0.3 else "a")
        elif kind == "branch":
            pieces.append(f"(?:{random_pattern(draw, depth + 1)}|{random_pattern(draw, depth + 1)})")
        elif kind == "repeat":
            body = draw.choice(
                [
                    "a",
                    "b",
                    ".",
                    "[ab]",
                    f"(?:{random_pattern(draw, depth + 1)})",
                    f"({random_pattern(draw, depth + 1)})",
                ]
            )
            pieces.append(
                body + draw.choice(["*", "+", "?", "{2}", "{1,2}", "{0,3}", "*?", "+?", "??", "{1,3}?", "*+", "?+"])
            )
        else:
            mark = {"group": "(", "plain": "(?:", "atomic": "(?>"}[kind]
            pieces.append(mark + random_pattern(draw, depth + 1) + ")")
    return "".join(pieces)


def test_random_patterns(library: Library) -> None:
    draw = chance(11)
    cases: list[Case] = []
    while len(cases) < 20000:
        pattern = random_pattern(draw)
        try:
            re.compile(pattern)
        except re.error as error:
            cases.append((("re.search", pattern, 0, ""), f"!error: {error}"))
            continue
        for _ in range(3):
            text = "".join(draw.choice("aabbcx 1\n") for _ in range(draw.randint(0, 9)))
            cases += both(pattern, draw.choice((0, 0, int(re.MULTILINE))), text)
    library.agree(cases)


def test_broken_patterns(library: Library) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cases = [
            (("re.search", pattern, 0, "a"), said(lambda pattern=pattern: shown(re.compile(pattern).search("a"))))
            for pattern in BROKEN
        ]
    cases.append((("re.search", "a", int(re.ASCII | re.UNICODE), ""), said(re.compile, "a", re.ASCII | re.UNICODE)))
    cases.append((("re.search", "a", int(re.LOCALE), ""), said(re.compile, "a", re.LOCALE)))
    library.agree(cases)


def test_templates(library: Library) -> None:
    pattern, text = r"(?P<first>\w)(\w)?", "ab c"
    templates = [
        "",
        "x",
        r"\1",
        r"\2\1",
        r"\g<1>",
        r"\g<first>!",
        r"\g<0>",
        r"\0",
        r"\01",
        r"\101",
        r"\n\t",
        r"\\",
        r"\.",
        r"\q",
        r"\3",
        r"\g",
        r"\g<",
        r"\g<>",
        r"\g<x>",
        r"\g<9>",
        r"\g<a!>",
        r"\400",
        r"\11",
        "a\\",
        r"\g<01>",
        r"\&",
        "\n\\9",
        r"\12",
        r"\007",
    ]
    compiled = re.compile(pattern)
    cases = []
    for template in templates:
        expected = said(lambda template=template: repr(compiled.subn(template, text)))
        cases.append((("re.sub", pattern, 0, text, template, 0), expected))
    library.agree(cases)


def test_what_matches_and_patterns_say(library: Library) -> None:
    cases: list[Case] = []
    for pattern in ("a", "a'b", "\n", r"(?P<word>\w+) (?P<other>x)?", "x" * 300):
        cases += [(("re.repr", pattern, int(flags)), repr(re.compile(pattern, flags))) for flags in FLAGS]
    for text in ("word ", "long " * 30, "  ", "a x"):
        pattern = r"(?P<word>\w+) (?P<other>x)?"
        found = re.search(pattern, text)
        cases.append((("re.match_repr", r"(?s).*", 0, text), repr(re.search(r"(?s).*", text))))
        cases.append(
            (("re.groupdict", pattern, 0, text), f"{found.groupdict()!r} {found.lastgroup!r}" if found else "None")
        )
    for group in (0, 1, 2, 3, -1, "word", "other", "none"):
        found = re.search(r"(?P<word>\w+) (?P<other>x)?", "a ")
        assert found
        cases.append(
            (
                ("re.group", r"(?P<word>\w+) (?P<other>x)?", 0, "a ", group),
                said(lambda group=group, found=found: repr(found.group(group))),
            )
        )
    cases += [(("re.escape", text), re.escape(text)) for text in [*TEXTS, *PATTERNS, *BROKEN]]
    library.agree(cases)


def test_long_texts_need_no_stack(library: Library) -> None:
    text = "ab" * 20000
    cases = [
        (("re.match", pattern, 0, text), shown(re.match(pattern, text)))
        for pattern in ("(?:ab)*", "(?:a|b)*", "(?:a|b)*?$", "(a|b)*c", "(?:.b)+a?", ".*b")
    ]
    library.agree(cases)
