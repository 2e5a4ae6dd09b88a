"""A store of keys and values in files: append, load, compact, in a folder of its own."""

import json
import os
import shutil
import tempfile
from pathlib import Path


class Store:
    def __init__(self, folder):
        self.path = Path(folder) / "store.log"
        self.values = {}
        if self.path.exists():
            self.load()

    def load(self):
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                kind, key, value = line.rstrip("\n").split("\t")
                if kind == "set":
                    self.values[key] = value
                else:
                    self.values.pop(key, None)

    def log(self, kind, key, value=""):
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(f"{kind}\t{key}\t{value}\n")

    def put(self, key, value):
        self.values[key] = value
        self.log("set", key, value)

    def remove(self, key):
        if key not in self.values:
            raise KeyError(key)
        del self.values[key]
        self.log("del", key)

    def compact(self):
        fresh = self.path.with_suffix(".new")
        lines = [f"set\t{key}\t{value}\n" for key, value in sorted(self.values.items())]
        fresh.write_text("".join(lines), encoding="utf-8")
        os.replace(fresh, self.path)


folder = tempfile.mkdtemp()
try:
    store = Store(folder)
    for number in range(4):
        store.put(f"key{number}", f"value {number * number}")
    store.put("key1", "changed")
    store.remove("key2")
    try:
        store.remove("key9")
    except KeyError as error:
        print("no key", error)
    print(len(store.path.read_text().splitlines()), os.path.getsize(store.path))
    again = Store(folder)
    print(again.values == store.values, sorted(again.values))
    again.compact()
    print(store.path.read_text(), end="")
    print(sorted(os.listdir(folder)), store.path.name, store.path.suffix, store.path.stem)
    report = Path(folder, "sub", "report.json")
    report.parent.mkdir()
    report.write_text(json.dumps(again.values, indent=1))
    print(json.loads(report.read_text())["key3"], report.exists(), report.parent.is_dir())
    print(sorted(p.relative_to(folder).as_posix() for p in Path(folder).rglob("*") if p.is_file()))
    os.remove(report)
    print(report.exists(), os.path.isdir(os.path.join(folder, "sub")))
finally:
    shutil.rmtree(folder)
print(os.path.exists(folder))
try:
    open(os.path.join("no", "such", "file.txt"))
except FileNotFoundError as error:
    print(error.errno, error.strerror)
