"""`os.path`, `pathlib`, `fnmatch` on texts; `os`, `shutil` and paths on a folder, step by step beside CPython."""

from __future__ import annotations

import fnmatch
import operator
import os
import shutil
from pathlib import Path, PosixPath
from typing import TYPE_CHECKING, Any

from library_probe import chance, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from library_probe import Library

Case = tuple[tuple[object, ...], object]
PIECES = ["a", "b.txt", "c.tar.gz", ".hidden", "..", ".", "", "/", "//", "///", "d.", "é", ".a.b", "x y", "..."]
ONE = ("split", "basename", "dirname", "splitext", "normpath", "isabs", "abspath")


def shown(value: object) -> object:
    return value if isinstance(value, str) and value.startswith("!") else repr(value)


def whole(path: Path) -> str:
    parts = (
        path.name,
        path.stem,
        path.suffix,
        path.suffixes,
        path.parent,
        list(path.parents),
        path.parts,
        path.is_absolute(),
    )
    return f"{path!r} {path} " + " ".join(map(repr, parts))


def test_texts_of_paths(library: Library) -> None:
    draw = chance(1)
    cases: list[Case] = []
    for _ in range(1500):
        a, b = ("".join(draw.choice([*PIECES, "/", "/"]) for _ in range(draw.randint(0, 6))) for _ in range(2))
        cases += [((f"ospath.{name}", a), shown(said(getattr(os.path, name), a))) for name in ONE]
        cases += [
            (("ospath.join", a, b, "c"), repr(os.path.join(a, b, "c"))),  # noqa: PTH118 - it is what is tested
            (("ospath.relpath", a, b or "."), shown(said(os.path.relpath, a, b or "."))),
            (("ospath.commonprefix", a, b), repr(os.path.commonprefix([a, b]))),  # noqa: RUF071
            (("ospath.commonpath", a, b), shown(said(os.path.commonpath, [a, b]))),
            (("path.all", a), whole(PosixPath(a))),
            (("path.join", a, b), repr(PosixPath(a) / PosixPath(b))),
            (("path.with_name", a, "n.x"), shown(said(PosixPath(a).with_name, "n.x"))),
            (("path.with_stem", a, "s"), shown(said(PosixPath(a).with_stem, "s"))),
            (("path.with_suffix", a, ".x"), shown(said(PosixPath(a).with_suffix, ".x"))),
            (("path.relative_to", a, b), shown(said(PosixPath(a).relative_to, b))),
            (("path.match", a, b), shown(said(PosixPath(a).match, b))),
            (("path.lt", a, b), repr(PosixPath(a) < PosixPath(b))),
            (("path.eq", a, b), repr(PosixPath(a) == PosixPath(b))),
        ]
    for bad in ("", "a/b", ".", "/"):
        cases += [
            ((f"path.{name}", "p/q.txt", bad), shown(said(getattr(PosixPath("p/q.txt"), name), bad)))
            for name in ("with_name", "with_suffix")
        ]
    library.agree(cases)


def test_patterns_of_names(library: Library) -> None:
    draw = chance(2)
    cases: list[Case] = []
    for _ in range(4000):
        pattern = "".join(
            draw.choice(["a", "b", "*", "?", "[", "]", "!", "-", "[ab]", "[!a]", "[a-c]", "."])
            for _ in range(draw.randint(0, 6))
        )
        name = "".join(draw.choice("abc.-[]!") for _ in range(draw.randint(0, 5)))
        cases.append((("ospath.fnmatch", name, pattern), repr(fnmatch.fnmatchcase(name, pattern))))
    library.agree(cases)


def walked(top: str) -> str:
    out = []
    for folder, folders, files in os.walk(top):
        folders.sort()
        out.append(repr((folder, folders, sorted(files))))
    return " ".join(out)


def spread(paths: Any) -> str:
    return " ".join(sorted(map(str, paths)))


STEPS: dict[str, Callable[..., Any]] = {
    "listdir": lambda path: sorted(os.listdir(path)),  # noqa: PTH208 - it is what is tested
    "mkdir": os.mkdir,
    "makedirs": lambda path, exist_ok: os.makedirs(path, exist_ok=exist_ok),  # noqa: PTH103
    "remove": os.remove,
    "rmdir": os.rmdir,
    "rename": os.rename,
    "rmtree": shutil.rmtree,
    "copy": shutil.copy,
    "getsize": os.path.getsize,
    "kinds": lambda path: (Path(path).exists(), Path(path).is_file(), Path(path).is_dir()),
    "write_text": lambda path, text: Path(path).write_text(text),
    "read_text": lambda path: Path(path).read_text(),
    "path_mkdir": lambda path, parents, exist_ok: Path(path).mkdir(parents=parents, exist_ok=exist_ok),
    "unlink": lambda path, missing_ok: Path(path).unlink(missing_ok=missing_ok),
    "touch": lambda path, exist_ok: Path(path).touch(exist_ok=exist_ok),
}
SEEN: dict[str, Callable[..., str]] = {
    "walk": walked,
    "iterdir": lambda path: spread(Path(path).iterdir()),
    "glob": lambda path, pattern: spread(Path(path).glob(pattern)),
    "rglob": lambda path, pattern: spread(Path(path).rglob(pattern)),
}


def test_steps_on_a_folder(library: Library, tmp_path: Path) -> None:
    draw = chance(3)
    ours, theirs = tmp_path / "a", tmp_path / "b"
    ours.mkdir()
    theirs.mkdir()
    names = ["x", "y", "x/u", "x/u/v", "y/w.txt", "z.txt", "x/z.txt", "no/such"]
    patterns = ["*", "*.txt", "**/*.txt", "x/*", "**", "*/", "[xy]", "**/u", "", "x/u", "*/z.txt"]
    arguments: dict[str, Callable[[], list[object]]] = {
        "makedirs": lambda: [draw.random() < 0.5],
        "write_text": lambda: [draw.choice(["", "text\n", "a\r\nb\rc", "é"])],
        "path_mkdir": lambda: [draw.random() < 0.5, draw.random() < 0.5],
        "unlink": lambda: [draw.random() < 0.5],
        "touch": lambda: [draw.random() < 0.5],
        "glob": lambda: [draw.choice(patterns)],
        "rglob": lambda: [draw.choice(patterns[:-4])],
    }
    questions: list[tuple[object, ...]] = []
    expected: list[object] = []
    for _ in range(900):
        name = draw.choice([*STEPS, *SEEN, "write_text", "makedirs", "path_mkdir"])
        inner, more = draw.choice(names), arguments.get(name, list)()
        targets = [draw.choice(names)] if name in ("rename", "copy") else []
        questions.append((f"disk.{name}", str(ours / inner), *(str(ours / target) for target in targets), *more))
        step = [str(theirs / inner), *(str(theirs / target) for target in targets), *more]
        answer = said(SEEN[name], *step) if name in SEEN else shown(said(STEPS[name], *step))
        expected.append(str(answer).replace(str(theirs), str(ours)))
    # What CPython words its own way: copies onto themselves, trees that are files, the size of a folder.
    own = ("SameFileError", "NotADirectoryError", "IsADirectoryError", "are the same file", "4096")
    compared(library, questions, expected, own)


def compared(
    library: Library, questions: list[tuple[object, ...]], expected: list[object], own: tuple[str, ...]
) -> None:
    """All steps are taken; those that CPython words its own way are not compared."""
    answers = library.ask(questions)
    wrong = [
        f"{question}: {answer} instead of {wanted}"
        for question, answer, wanted in zip(questions, answers, expected, strict=True)
        if not any(word in str(wanted) for word in own)
        and answer != str(wanted).replace("\\", "\\\\").replace("\n", "\\n")
    ]
    assert not wrong, "\n".join(wrong[:10])


def test_orders(library: Library) -> None:
    cases: list[Case] = [
        (("path.lt", a, b), repr(operator.lt(PosixPath(a), PosixPath(b)))) for a in PIECES for b in PIECES
    ]
    library.agree(cases)
