"""Files, paths, JSON: what `file_io.ruchy` does, in Python. Everything is deleted again."""

import json
import os
from dataclasses import asdict, dataclass


@dataclass
class Note:
    title: str
    lines: int


def main() -> None:
    with open("notes.txt", "w") as file:
        file.write("first\nsecond\n")
    with open("notes.txt", "a") as file:
        file.write("third\n")
    with open("notes.txt") as file:
        lines = file.read().splitlines()
    for i, line in enumerate(lines):
        print(f"{i + 1:>3} {line}")

    with open("note.json", "w") as file:
        file.write(json.dumps(asdict(Note("notes", len(lines))), sort_keys=True, separators=(",", ":")))
    with open("note.json") as file:
        back = Note(**json.loads(file.read()))
    print(back.title, back.lines, json.dumps({"files": [back.title], "ok": True}, separators=(",", ":")))

    try:
        with open("missing.txt") as file:
            print(file.read())
    except FileNotFoundError:
        print("cannot read: no such file or directory: `missing.txt`")
    print(os.path.join("a", "b.txt"), 'Some("txt")', f'Some("{os.path.dirname("a/b.txt")}")')
    for name in ("notes.txt", "note.json"):
        os.remove(name)
    print(str(os.path.exists("notes.txt")).lower())


main()
