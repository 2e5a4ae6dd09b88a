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
    "delegation": """
        def inner():
            total = 0
            for number in range(2):
                sent = yield number
                total += 100 if sent is None else sent
            return f"sum {total}"
        def outer():
            print((yield from inner()))
            try:
                yield from inner()
            except ValueError as exc:
                print("caught", repr(exc))
            yield -1
        running = outer()
        print(next(running), running.send(5), next(running))
        print(running.throw(ValueError("thrown")))
        print(list(running))
        def finishing():
            try:
                for number in range(3):
                    yield number
            finally:
                print("finally")
        begun = finishing()
        print(next(begun))
        del begun
        print("dropped")
        def unstarted():
            yield 1
        unstarted().throw(KeyError("early"))
    """,
    "loops": """
        xs = list(range(6))
        for x in xs:
            if x % 2 == 0:
                xs.remove(x)
            elif len(xs) < 9:
                xs.append(x + 10)
        print(xs)
        for x in reversed(xs):
            if x == 13:
                xs.clear()
            print(x, end=" ")
        print(xs)
        pairs = zip("abc", range(5, 9))
        print(next(pairs))
        print(list(pairs), next(pairs, ("", -1)))
        print(list(enumerate(filter(lambda x: x % 3 == 0, range(10)), 1)))
        once = iter([1, 2])
        print(list(once), list(once), str(any(once)).lower())
    """,
    "orders": """
        nan = float("nan")
        print([1.0, nan, 3.0] < [1.0, 2.0, 4.0])
        print((1, "b") < (1, "c"))
        print(min([3, 1, 2]), max(["b", "é", "a"]))
        print(min([], default=7))
        a, b = {1, 2}, {1, 2, 3}
        print(a < b, b < a, a <= b)
        max([])
    """,
    "nested": """
        inner = [(1, "a"), (2, "b'")]
        made = {(0, 1): inner}
        print(made, len(made))
        print((1.5, True, None, "x", None, b"z\\0", frozenset([1])))
        print(((), (1,), set(), {}, frozenset()))
        print(hash((1, 2)), hash((1.0, (True, -1))))
        print(hash(frozenset([1, 5, -3])))
        first, *rest, last = [1, 2, 3, 4]
        print(first, rest, last)
        a, b = [1]
    """,
    "handled": """
        try:
            try:
                raise ValueError("first")
            except ValueError as failed:
                failed.add_note("a note")
                raise TypeError("second")
        except TypeError:
            try:
                raise OSError(2, "No such thing") from None
            except OSError as third:
                print(repr(third), third)
            raise RuntimeError("")
    """,
}


def outcome(command: list[str], folder: Path) -> tuple[str, str, int]:
    """What a program prints, its errors less where they were raised, and its exit code."""
    folder.mkdir()
    given = "Ada\nsecond\r\nlast"
    ended = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, check=False, timeout=60)
    told = [line for line in ended.stderr.splitlines() if not line.startswith("  ")]
    return ended.stdout, "\n".join(told), ended.returncode


@pytest.mark.parametrize("name", list(PROGRAMS))
def test_programs_end_as_in_cpython(name, tmp_path):
    lines = PROGRAMS[name].splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    script = tmp_path / "script.py"
    script.write_text("\n".join(line[indent:] for line in lines))
    expected = outcome([sys.executable, "-X", "utf8", str(script), name], tmp_path / "python")
    assert outcome([example("endings"), name], tmp_path / "rust") == expected
