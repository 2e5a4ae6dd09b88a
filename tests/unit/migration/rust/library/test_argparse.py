"""`argparse`: values, help, usage, errors and exit codes of written and of random parsers."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from library_probe import chance

if TYPE_CHECKING:
    import random

    from library_probe import Library

Spec = dict[str, Any]
STYLES = {
    "raw_description": argparse.RawDescriptionHelpFormatter,
    "raw_text": argparse.RawTextHelpFormatter,
    "defaults": argparse.ArgumentDefaultsHelpFormatter,
    "metavar_type": argparse.MetavarTypeHelpFormatter,
}


def even(text: str) -> int:
    number = int(text)
    if number % 2:
        raise argparse.ArgumentTypeError(f"{number} is odd")
    return number


TYPES = {"int": int, "float": float, "bool": bool, "even": even}


def options(spec: Spec) -> dict[str, Any]:
    made = {name: spec[name] for name in ("usage", "description", "epilog") if name in spec}
    if "style" in spec:
        made["formatter_class"] = STYLES[spec["style"]]
    made["allow_abbrev"] = not spec.get("no_abbrev")
    made["add_help"] = not spec.get("no_help")
    made["exit_on_error"] = not spec.get("no_exit")
    return made


def argument(spec: Spec) -> dict[str, Any]:
    made = {name: value for name, value in spec.items() if name not in ("names", "group", "exclusive")}
    made = {name: argparse.SUPPRESS if value == "==SUPPRESS==" else value for name, value in made.items()}
    if "type" in made:
        made["type"] = TYPES[made["type"]]
    if made.get("action") == "BooleanOptionalAction":
        made["action"] = argparse.BooleanOptionalAction
    if isinstance(made.get("metavar"), list):
        made["metavar"] = tuple(made["metavar"])
    return made


def fill(parser: argparse.ArgumentParser, spec: Spec) -> None:
    groups = [parser.add_argument_group(each.get("title"), each.get("description")) for each in spec.get("groups", [])]
    exclusives = []
    for each in spec.get("exclusives", []):
        outer: Any = parser if each.get("group") is None else groups[each["group"]]
        exclusives.append(outer.add_mutually_exclusive_group(required=each.get("required", False)))
    for each in spec.get("args", []):
        owner: Any = parser
        if each.get("exclusive") is not None:
            owner = exclusives[each["exclusive"]]
        elif each.get("group") is not None:
            owner = groups[each["group"]]
        owner.add_argument(*each["names"], **argument(each))
    parser.set_defaults(**spec.get("defaults", {}))
    if "sub" in spec:
        subparsers = parser.add_subparsers(**{name: value for name, value in spec["sub"].items() if name != "parsers"})
        for each in spec["sub"]["parsers"]:
            named = {"help": each["help"]} if "help" in each else {}
            inner = subparsers.add_parser(each["name"], aliases=each.get("aliases", []), **named, **options(each))
            fill(inner, each)


def cpython(name: str, spec: Spec, words: list[str]) -> tuple[str, str]:
    """What comes out and what goes to standard error."""
    printed, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complained):
        try:
            parser = argparse.ArgumentParser(prog=spec["prog"], **options(spec))
            fill(parser, spec)
            run = {
                "parse": lambda: repr(parser.parse_args(words)),
                "known": lambda: repr(parser.parse_known_args(words)),
                "help": parser.format_help,
            }
            result = run[name]()
        except SystemExit as error:
            result = f"!SystemExit: {error.code}"
        except Exception as error:  # noqa: BLE001 - the type is part of the answer
            result = f"!{type(error).__name__}: {error}"
    return printed.getvalue() + result, complained.getvalue()


def agree(library: Library, cases: list[tuple[str, Spec, list[str]]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    expected = [cpython(*case) for case in cases]
    questions = [(f"argparse.{name}", json.dumps(spec), *words) for name, spec, words in cases]
    library.agree(zip(questions, (answer for answer, _ in expected), strict=True))
    complaints = library.complaints.split("\x01\n")[:-1]
    wrong = [
        f"{question!r}:\n{complaint}instead of\n{wanted}"
        for question, complaint, (_, wanted) in zip(questions, complaints, expected, strict=True)
        if complaint != wanted
    ]
    assert not wrong, f"{len(wrong)} of {len(cases)} complain otherwise\n" + "\n".join(wrong[:6])


CALCULATOR: Spec = {
    "prog": "calc.py",
    "description": "A calculator that adds, and that has a description which is longer than one line of eighty.",
    "epilog": "Run %(prog)s with care.",
    "args": [
        {"names": ["numbers"], "type": "int", "nargs": "+", "help": "numbers to add"},
        {"names": ["-v", "--verbose"], "action": "store_true", "help": "say more"},
        {
            "names": ["-o", "--output"],
            "metavar": "FILE",
            "default": "out.txt",
            "help": "where to write (default: %(default)s)",
        },
        {"names": ["--scale"], "type": "float", "default": 1.0, "help": "factor; " + "very long " * 12},
        {"names": ["--mode"], "choices": ["fast", "slow"], "default": "fast"},
        {"names": ["-q"], "action": "count", "default": 0, "help": "quieter"},
        {"names": ["--version"], "action": "version", "version": "%(prog)s 1.0"},
        {"names": ["--a-very-long-option-name-indeed"], "help": "long"},
        {"names": ["--hidden"], "help": "==SUPPRESS=="},
    ],
}
GIT: Spec = {
    "prog": "git.py",
    "args": [{"names": ["--root"], "default": ".", "help": "root folder"}],
    "defaults": {"mode": "none"},
    "sub": {
        "dest": "command",
        "help": "what to do",
        "title": "commands",
        "parsers": [
            {
                "name": "add",
                "help": "add files",
                "aliases": ["a"],
                "args": [{"names": ["files"], "nargs": "*"}, {"names": ["-f", "--force"], "action": "store_true"}],
                "defaults": {"mode": "adding"},
            },
            {"name": "commit", "help": "record", "args": [{"names": ["-m"], "required": True, "help": "message"}]},
            {"name": "log", "args": [{"names": ["-n"], "type": "int", "default": "10"}]},
        ],
    },
}
GROUPED: Spec = {
    "prog": "grouped",
    "style": "defaults",
    "groups": [{"title": "network", "description": "How to reach it."}, {"title": "empty"}],
    "exclusives": [{"required": True}, {"required": False, "group": 0}],
    "args": [
        {"names": ["--on"], "action": "store_true", "exclusive": 0, "help": "switch on"},
        {"names": ["--off"], "action": "store_true", "exclusive": 0, "help": "switch off"},
        {"names": ["--host"], "group": 0, "default": "localhost", "help": "name"},
        {"names": ["--tcp"], "exclusive": 1, "type": "int", "help": "port"},
        {"names": ["--udp"], "exclusive": 1, "type": "int", "help": "port"},
        {"names": ["--color"], "action": "BooleanOptionalAction", "help": "colors"},
        {"names": ["pair"], "nargs": 2, "metavar": ["A", "B"], "help": "two"},
    ],
}
WORDS: dict[str, tuple[Spec, list[str]]] = {
    "calculator": (
        CALCULATOR,
        [
            *(
                "1 2 3",
                "",
                "1 x",
                "-v",
                "1 -v --verbose",
                "1 --output=f -qqq",
                "1 -of --scale 2.5",
                "1 --scale=x",
                "1 --mode fast",
            ),
            *(
                "1 --mode other",
                "--help",
                "-h",
                "--version",
                "1 --verb",
                "1 --ver",
                "1 --unknown 5",
                "-5 -6",
                "1 -o",
                "1 -- 2",
                "-- -1",
            ),
            *(
                "1 -vq",
                "1 -vx",
                "1 --verbose=1",
                "1 --a",
                "1 --hid x",
                "1 -qo out",
                "1 --scale 1e400",
                "1 --scale nan",
                "1 -q=5",
            ),
        ],
    ),
    "git": (
        GIT,
        [
            *(
                "",
                "add",
                "a x y",
                "add -f --root",
                "commit",
                "commit -m hi",
                "log",
                "log -n 5",
                "log -n x",
                "other",
                "--root r log",
            ),
            *("add --help", "commit -h", "-h", "add x --unknown", "log 1", "--roo=1 add -f"),
        ],
    ),
    "grouped": (
        GROUPED,
        [
            *(
                "",
                "--on 1 2",
                "--on --off 1 2",
                "--off 1",
                "--on 1 2 3",
                "--on 1 2 --tcp 1 --udp 2",
                "--on 1 2 --no-color",
                "-h",
            ),
            *("--on 1 2 --color", "--on 1 2 --col", "--on 1 2 --host h --udp 7"),
        ],
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_written_parsers(library: Library, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec, lines = WORDS[name]
    cases = [("parse", spec, line.split()) for line in lines] + [("known", spec, line.split()) for line in lines]
    agree(library, [*cases, ("help", spec, [])], monkeypatch)


def random_option(draw: random.Random, number: int) -> Spec:
    names = draw.choice(
        [[f"-{'abcdefg'[number]}"], [f"--{'abcdefg'[number]}-word"], [f"-{'abcdefg'[number]}", f"--word-{number}"]]
    )
    kind = draw.choice(
        ["store", "store", "store", "store_true", "store_false", "append", "count", "store_const", "extend"]
    )
    spec: Spec = {"names": names}
    if kind in ("store", "append", "extend"):
        spec["nargs"] = draw.choice([None, None, "?", "*", "+", 2]) if kind != "extend" else draw.choice(["*", "+", 2])
        spec["type"] = draw.choice([None, "int", "float", "even"])
        if spec["nargs"] == "?" and draw.random() < 0.7:
            spec["const"] = draw.choice([7, "8"])
        if draw.random() < 0.3 and spec["type"] in ("int", None):
            spec["choices"] = [1, 2, 3] if spec["type"] else ["x", "yy", "1"]
        spec["metavar"] = draw.choice([None, None, "M"])
    if kind == "store_const":
        spec["const"] = draw.choice([1, "c"])
    if kind != "store":
        spec["action"] = kind
    if kind not in ("extend", "append", "store_true", "store_false"):
        spec["default"] = draw.choice([None, None, 5, "6", "x", 2.5] if kind == "store" else [None, 5])
    spec["required"] = True if draw.random() < 0.1 else None
    spec["help"] = draw.choice(
        [None, "help text", "a longer help text, %(prog)s, goes on and on to wrap", "==SUPPRESS=="]
    )
    return {name: value for name, value in spec.items() if value is not None}


def random_positional(draw: random.Random, number: int) -> Spec:
    spec: Spec = {"names": [f"pos{number}"], "nargs": draw.choice([None, None, None, "?", "*", "+", 2, "..."])}
    spec["type"] = draw.choice([None, None, "int"])
    if spec["nargs"] in ("?", "*") and draw.random() < 0.5:
        spec["default"] = draw.choice([4, "4", "d"])
    if draw.random() < 0.2 and spec["nargs"] not in ("*", "..."):
        spec["choices"] = [1, 2, 3] if spec["type"] else ["x", "yy", "1"]
    spec["help"] = draw.choice([None, "position", "p " * 60])
    return {name: value for name, value in spec.items() if value is not None}


def random_parser(draw: random.Random) -> Spec:
    spec: Spec = {
        "prog": draw.choice(["prog", "a_program_with_a_name_that_is_so_long_that_usage_goes_on_a_new_line.py"])
    }
    spec["args"] = [random_option(draw, number) for number in range(draw.randint(0, 6))]
    spec["args"] += [random_positional(draw, number) for number in range(draw.randint(0, 3))]
    draw.shuffle(spec["args"])
    if draw.random() < 0.4:
        spec["exclusives"] = [{"required": draw.random() < 0.5}]
        for each in spec["args"]:
            if each["names"][0].startswith("-") and not each.get("required") and draw.random() < 0.5:
                each["exclusive"] = 0
        if not any("exclusive" in each for each in spec["args"]):
            del spec["exclusives"]
    if draw.random() < 0.3:
        spec["style"] = draw.choice(["raw_description", "raw_text", "defaults"])
    if draw.random() < 0.4:
        spec["description"] = "Some words.\n  And  more of them, " + "so many " * draw.randint(0, 12)
    return spec


def random_words(draw: random.Random, spec: Spec) -> list[str]:
    names = [name for each in spec["args"] for name in each["names"] if name.startswith("-")] or ["-x"]
    words: list[str] = []
    for _ in range(draw.randint(0, 7)):
        name = draw.choice(names)
        words += draw.choice(
            [
                ["1"], ["2"], ["x"], ["yy"], ["4"], [name], [name, "2"], [name, "x"], [f"{name}=2"], [f"{name}2"],
                ["--"], ["-3"], [name[:6]], [name, "1", "2"], [""], ["-"], [name + "x"], ["a b"], ["-1.5"],
            ]
        )  # fmt: skip
    return words


def test_random_parsers(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = chance(5)
    cases: list[tuple[str, Spec, list[str]]] = []
    for _ in range(400):
        spec = random_parser(draw)
        cases.append(("help", spec, []))
        cases += [(draw.choice(("parse", "parse", "known")), spec, random_words(draw, spec)) for _ in range(5)]
    agree(library, cases, monkeypatch)


def test_parsers_that_cannot_be(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    specs: list[Spec] = [
        {"prog": "p", "args": [{"names": ["-x"]}, {"names": ["-x"]}]},
        {"prog": "p", "args": [{"names": ["-h", "--help"]}]},
        {"prog": "p", "args": [{"names": ["-x"], "nargs": 0}]},
        {"prog": "p", "args": [{"names": ["-x"], "const": 1}]},
        {"prog": "p", "exclusives": [{}], "args": [{"names": ["x"], "exclusive": 0}]},
        {"prog": "p", "no_exit": True, "args": [{"names": ["-x"], "type": "int"}]},
        {"prog": "p", "no_help": True, "args": [{"names": ["-x"], "type": "int"}]},
        {"prog": "p", "no_abbrev": True, "args": [{"names": ["--long"]}]},
        {
            "prog": "p",
            "usage": "%(prog)s [things]",
            "style": "metavar_type",
            "args": [{"names": ["--n"], "type": "int"}],
        },
    ]
    lines = [[], ["-x", "y"], ["-h"], ["--lo", "1"]]
    agree(library, [(name, spec, line) for spec in specs for line in lines for name in ("parse", "help")], monkeypatch)
