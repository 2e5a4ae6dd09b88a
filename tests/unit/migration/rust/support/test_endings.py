from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from twins import example

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.timeout(600)

PROGRAMS = {
    "nothing": "",
    "prints": """
        import sys
        print("a", end="")
        print(" b", 1)
        print("to errors", file=sys.stderr)
        print("é", ["x\\n", "'"])
    """,
    "value_error": """
        print("before")
        raise ValueError("bad value")
    """,
    "key_error": """{}[1, "it's"]""",
    "bare": "raise RuntimeError",
    "many": """
        class OddError(ValueError): pass
        raise OddError(1, "two")
    """,
    "own": """
        class OddError(ValueError): pass
        class DeepError(KeyError, AttributeError): pass
        try:
            raise DeepError("deep")
        except Exception as exc:
            print(isinstance(exc, LookupError), isinstance(exc, AttributeError), isinstance(exc, ValueError))
            print(exc, repr(exc))
            raise OddError("then") from exc
    """,
    "exit_bare": "raise SystemExit",
    "exit_none": "print('leaving'); raise SystemExit(None)",
    "exit_three": "print('leaving'); raise SystemExit(3)",
    "exit_large": "print('leaving'); raise SystemExit(-1)",
    "exit_true": "print('leaving'); raise SystemExit(True)",
    "exit_text": "print('leaving'); raise SystemExit('3')",
    "exit_float": "print('leaving'); raise SystemExit(2.5)",
    "deep": """
        def fall(depth):
            return fall(depth + 1) + depth
        print(fall(0))
    """,
    "asks": """
        import sys
        print("hello", repr(input("name? ")))
        for line in sys.stdin:
            print(repr(line))
        input()
    """,
    "missing_file": """open("/nowhere/it's")""",
    "folder_file": "open('/')",
    "not_readable": """
        file = open("out.txt", "w")
        file.write("x")
        file.read()
    """,
    "files": """
        file = open("notes.txt", "w", newline="")
        print(file.write("one\\ntwo é\\n"))
        file.writelines(["three\\r\\n", "four"])
        file.close()
        with open("notes.txt", "a") as file:
            file.write(" and more")
        file = open("notes.txt")
        for line in file:
            print(repr(line))
        print(repr(file.read()), repr(file.readline()))
        file.seek(0)
        print(repr(file.read(5)), repr(file.readline()), repr(file.readlines()))
        file.close()
        with open("notes.txt", "rb") as file:
            print(file.readline(), file.read())
        with open("notes.txt", "r+", newline="") as file:
            file.write("ONE")
        with open("notes.txt", newline="") as file:
            print(repr(file.read()))
        import io
        buffer = io.StringIO()
        buffer.write("in memory")
        print(repr(buffer.getvalue()), file.closed)
        file.read()
    """,
    "generators": """
        def count():
            for number in range(5):
                try:
                    yield number
                except BaseException as exc:
                    print("left by", repr(exc))
                    raise
        counted = count()
        print(next(counted), next(counted))
        counted.close()
        print(list(counted))
        def echo():
            said, count = "start", 0
            while True:
                try:
                    sent = yield said
                    if sent is None:
                        return count
                    said = sent.upper()
                except KeyError:
                    said = "caught"
                count += 1
        echoing = echo()
        print(next(echoing))
        print(echoing.send("a"), echoing.throw(KeyError("k")))
        try:
            next(echoing)
        except StopIteration as exc:
            print(repr(exc), exc.value)
        def unstarted():
            yield ""
        unstarted().send("too early")
    """,
    "stop_inside": """
        def inner():
            yield 1
            next(iter([]))
        print(list(inner()))
    """,
    "changes": """
        numbers = {number: number for number in range(3)}
        for key in numbers:
            print(key)
            numbers[key + 10] = 0
    """,
    "arguments": "import sys; print(sys.argv[1:])",
}


def outcome(command: list[str], folder: Path) -> tuple[str, str, int]:
    """What a program prints, the last line of its errors, and its exit code."""
    folder.mkdir()
    given = "Ada\nsecond\r\nlast"
    ended = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, check=False, timeout=60)
    return ended.stdout, "".join(ended.stderr.splitlines()[-1:]), ended.returncode


@pytest.mark.parametrize("name", list(PROGRAMS))
def test_programs_end_as_in_cpython(name, tmp_path):
    lines = PROGRAMS[name].splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    script = tmp_path / "script.py"
    script.write_text("\n".join(line[indent:] for line in lines))
    expected = outcome([sys.executable, "-X", "utf8", str(script), name], tmp_path / "python")
    assert outcome([example("endings"), name], tmp_path / "rust") == expected
