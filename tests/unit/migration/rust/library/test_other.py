"""`struct`, `format` of the library's types, `copy`, `uuid`, `secrets`, `subprocess` and `logging`."""

from __future__ import annotations

import datetime as dt
import json
import logging
import struct
import subprocess
import uuid
from typing import TYPE_CHECKING, Any

from library_probe import chance, said

if TYPE_CHECKING:
    import random

    from library_probe import Library

Case = tuple[tuple[object, ...], object]


def written(value: Any) -> str:
    if isinstance(value, bool):
        return f"t:{value}"
    if isinstance(value, int):
        return f"i:{value}"
    return f"f:{value!r}" if isinstance(value, float) else f"b:{value.hex()}"


def layout(draw: random.Random) -> str:
    codes = "xcbB?hHiIlLqQfdsp"
    fields = [f"{draw.choice(('', '', '0', '2', '3'))}{draw.choice(codes)}" for _ in range(draw.randint(0, 5))]
    # CPython cannot unpack a Pascal string of no length.
    fields = [field for field in fields if field != "0p"]
    return draw.choice(["", "<", ">", "=", "!", "@"]) + draw.choice(["", " "]).join(fields)


def value(draw: random.Random) -> Any:
    return draw.choice(
        (
            draw.randint(-130, 300),
            draw.randint(-(2**33), 2**33),
            draw.randint(-(2**65), 2**65),
            draw.choice((True, False)),
            draw.choice((0.5, -1.25, 1e300, 3.0)),
            draw.randbytes(draw.randint(0, 4)),
            1,
        )
    )


def fitting(draw: random.Random, form: str) -> list[Any]:
    """Values that mostly fit."""
    size = struct.calcsize(form)
    return list(struct.unpack(form, draw.randbytes(size)))


def row(values: Any) -> str:
    return " ".join(map(repr, values))


def test_packed_values(library: Library) -> None:
    draw = chance(1)
    cases: list[Case] = []
    for _ in range(3000):
        form = layout(draw)
        values = fitting(draw, form) if draw.random() < 0.6 else [value(draw) for _ in range(draw.randint(0, 4))]
        if any(isinstance(each, float) and each != each for each in values):  # noqa: PLR0124 - NaN alone
            continue
        packed = said(struct.pack, form, *values)
        cases.append(
            (("struct.pack", form, *map(written, values)), packed.hex() if isinstance(packed, bytes) else packed)
        )
        size = struct.calcsize(form)
        data = draw.randbytes(draw.choice((size, size, size + 1, max(size - 1, 0), size * 2)))
        offset = draw.randint(-4, 4)
        cases += [
            (("struct.calcsize", form), str(size)),
            (("struct.unpack", form, data), said(lambda form=form, data=data: row(struct.unpack(form, data)))),
            (
                ("struct.unpack_from", form, data, offset),
                said(lambda form=form, data=data, offset=offset: row(struct.unpack_from(form, data, offset))),
            ),
            (
                ("struct.iter_unpack", form, data),
                said(lambda form=form, data=data: "|".join(map(row, struct.iter_unpack(form, data)))),
            ),
        ]
    cases += [
        (("struct.calcsize", form), str(said(struct.calcsize, form))) for form in ("z", "3", "<n", "i3", " ", "<>i")
    ]
    library.agree(cases)


def test_formats(library: Library) -> None:
    cases: list[Case] = []
    for text in ("2024-01-31T12:30:45.123456", "0999-12-01T00:00:00"):
        moment = dt.datetime.fromisoformat(text)
        for spec in ("", "%Y/%m/%d", "%H:%M", "x", "%%"):
            expected = f"{format(moment.date(), spec)} {format(moment, spec)} {moment.time()}"
            cases.append((("bridge.date", text, spec), expected))
    for document in ("1", "2.5", "true", '"text"', "null", "[1]", "{}"):
        specs = ("", "5", ".2f", "<8", "d", "s", ">10", ",", "%")
        cases += [(("bridge.json", document, spec), said(format, json.loads(document), spec)) for spec in specs]
    cases += [(("bridge.delta", spec), said(format, dt.timedelta(seconds=90), spec)) for spec in ("", "s")]
    library.agree(cases)


def test_copies(library: Library) -> None:
    cases: list[Case] = [(("copy.shared",), "[1] [[1, 2], [1, 2]]")]
    for document in ("[1, [2], {}]", "[]"):
        held = json.loads(document)
        cases.append((("copy.json", document), f"{[*held, None]!r} {held!r}"))
    library.agree(cases)


def told(text: str) -> str:
    value = uuid.UUID(text)
    return f"{value!r} {value} {value.hex} {value.int} {value.version!r}"


def test_identifiers(library: Library) -> None:
    texts = [
        *(
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "{6BA7B810-9DAD-41D1-80B4-00C04FD430C8}",
            "urn:uuid:" + "0" * 32,
            "f" * 32,
        ),
        *("x", "", "g" * 32, "6ba7b810", "6ba7b8109dad51d100b400c04fd430c8"),
    ]
    cases: list[Case] = [(("uuid.parse", text), said(told, text)) for text in texts]
    for name in ("", "python.org", "é", "a" * 200):
        cases += [
            (("uuid.uuid3", name), str(uuid.uuid3(uuid.NAMESPACE_DNS, name))),
            (("uuid.uuid5", name), str(uuid.uuid5(uuid.NAMESPACE_URL, name))),
        ]
    cases += [(("uuid.uuid4",), "4"), (("secrets", 5), "10")]
    library.agree(cases)


def ran(words: list[str], text: str, *, checks: bool, shell: bool) -> str:
    command: Any = words[0] if shell else words
    done = subprocess.run(command, capture_output=True, text=True, check=checks, shell=shell, input=text)
    return repr(done)


def test_programs(library: Library) -> None:
    cases: list[Case] = []
    for words, text, checks, shell in (
        (["echo", "a b", "c"], "", True, False),
        (["cat"], "line\nno end", False, False),
        (["false"], "", False, False),
        (["false"], "", True, False),
        (["no-such-program-here"], "", True, False),
        (["exit 3"], "", True, True),
        (["echo out; echo err >&2; exit 4"], "", False, True),
        (["kill -9 $$"], "", True, True),
    ):
        expected = said(ran, words, text, checks=checks, shell=shell)
        cases.append((("subprocess.run", "", checks, shell, text, *words), expected))
    library.agree(cases)


def record(form: str, level: int, datefmt: str | None) -> str:
    made = logging.LogRecord("a.b", level, "", 0, "said", None, None)
    made.created, made.msecs = 1_700_000_000.045, 45
    return logging.Formatter(form, datefmt, validate=False).format(made)


def test_log_records(library: Library) -> None:
    forms = [
        *(
            "%(message)s",
            "%(levelname)s:%(name)s:%(message)s",
            "%(asctime)s - %(levelname)-8s|%(name)10s|",
            "%% %(levelno)03d",
        ),
        *("[%(levelname).1s] %(message)s", "%(msecs)03d"),
    ]
    cases: list[Case] = [
        (("logging.filled", form, level, datefmt), said(record, form, level, datefmt))
        for form in forms
        for level in (10, 20, 30, 40, 50, 35, 0)
        for datefmt in (None, "%H:%M")
    ]
    cases += [
        (("logging.levels", 10), "30 10 10 <Logger q.r.s (DEBUG)> True"),
        (("logging.levels", 0), "30 30 30 <Logger q.r.s (WARNING)> False"),
    ]
    library.agree(cases)
