"""Measure how long model files take to be checked, opened and loaded, beside safetensors, against `method.md`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))

import measure  # noqa: E402

from sovereign.persistence.container import LoadConfig, LoadingMode, open_file, read_header, save  # noqa: E402
from sovereign.shell.cache import cargo_target_folder  # noqa: E402

TENSORS, NUMBERS = 100, 1 << 18
ROUNDS = 15
HEADER = b"APRN" + bytes([1, 0, 6, 0]) + bytes(24)


def main() -> int:
    """Measure, report, judge."""
    measure.refuse_handicaps()
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = f"{folder}/m.apr", f"{folder}/m.safetensors"
        write(ours, theirs)
        names = {"ours": ours, "theirs": theirs, "load": load, "load_peer": load_peer, "names_of": names_of}
        names |= {"names_of_peer": names_of_peer, "read_header": read_header, "header": HEADER}
        headers = measure.interleaved({"read_header": "read_header(header)"}, names, rounds=ROUNDS, calls=20_000)
        opening = {"open, names, metadata": "names_of(ours)", "safe_open, names, metadata": "names_of_peer(theirs)"}
        loading = {"load, checksum": "load(ours)", "safetensors load": "load_peer(theirs)"}
        opens = measure.interleaved(opening, names, rounds=ROUNDS, calls=200)
        loads = measure.interleaved(loading, names, rounds=ROUNDS, calls=1)
        modes = {str(mode): child(ours, str(mode)) for mode in LoadingMode}
        growth = child(ours, "names")["opened_kib"]
    bars = {
        "header check, native, us": (native_ns() / 1e3, 1.0),
        "header check, Python, us": (headers["read_header"].median_ns / 1e3, 5.0),
        "open, names, metadata / safetensors": (measure.paired_ratio(opens, *opening), 1.5),
        "memory grown by opening, KiB": (growth, 1024.0),
        "load with checksum / safetensors without": (measure.paired_ratio(loads, *loading), 1.0),
    }
    rows = headers | opens | loads
    for name, row in rows.items():
        print(f"{name:<28}{row.median_ns / 1e3:12.2f} us   ({row.fastest_ns / 1e3:.2f} to {row.slowest_ns / 1e3:.2f})")
    for mode, facts in modes.items():
        print(f"{mode:<28}" + ", ".join(f"{name} {value:.0f}" for name, value in facts.items()))
    for name, (measured, most) in bars.items():
        print(f"{'ok' if measured <= most else 'MISSED':<7}{name}: {measured:.3f}, at most {most}")
    kept = {
        "rows": {name: row._asdict() for name, row in rows.items()},
        "ratios": {" / ".join(pair): measure.paired_ratio(rows, *pair) for pair in (tuple(opening), tuple(loading))},
        "modes": modes,
        "bars": {name: {"measured": measured, "most": most} for name, (measured, most) in bars.items()},
    }
    print(f"kept in {measure.write(HERE, kept).relative_to(HERE.parent)}")
    return 1 if any(measured > most for measured, most in bars.values()) else 0


def write(ours: str, theirs: str) -> None:
    """The same 100 tensors of 1 MiB in both formats, in the system's cache."""
    import safetensors.numpy

    chance = np.random.default_rng(1)
    tensors = {f"layer.{n}.weight": chance.standard_normal(NUMBERS, np.float32) for n in range(TENSORS)}
    save(ours, tensors, metadata={"name": "benchmark"})
    safetensors.numpy.save_file(tensors, theirs, {"name": "benchmark"})
    for path in (ours, theirs):
        Path(path).read_bytes()


def names_of(path: str) -> int:
    """What a program does to see what is in a file."""
    with open_file(path) as file:
        return len(list(file)) + len(file.metadata)


def names_of_peer(path: str) -> int:
    """The same with safetensors."""
    import safetensors

    with safetensors.safe_open(path, framework="np") as file:
        return len(list(file.keys())) + len(file.metadata())


def load(path: str) -> int:
    """All tensors in memory, their checksum computed and compared."""
    with open_file(path, LoadConfig(mode=LoadingMode.EAGER)) as file:
        return len({name: file[name] for name in file})


def load_peer(path: str) -> int:
    """All tensors in memory; the format has no checksum."""
    import safetensors.numpy

    return len(safetensors.numpy.load_file(path))


# A process of its own, so that nothing it holds was there before; the warm-up has imported everything.
CHILD = """
import json, sys
from pathlib import Path
from sovereign.persistence.container import LoadConfig, LoadingMode, open_file, save
import numpy as np, tempfile

def anonymous():
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines["RssAnon"].split()[0])

path, how = sys.argv[1:]
mode = LoadingMode.MAPPED_DEMAND if how == "names" else LoadingMode(how)
with tempfile.TemporaryDirectory() as folder:
    save(folder + "/w", {"w": np.ones(4, np.float32)})
    with open_file(folder + "/w", LoadConfig(mode=mode)) as warm:
        list(warm), warm.metadata, warm["w"].sum()
before = anonymous()
file = open_file(path, LoadConfig(mode=mode))
names, facts = list(file), file.metadata
opened, read = anonymous() - before, file.bytes_read
total = sum(float(file[name].sum()) for name in names) if how != "names" else 0.0
print(json.dumps({
    "opened_kib": opened, "opened_read_bytes": read,
    "used_kib": anonymous() - before, "used_read_bytes": file.bytes_read, "held_bytes": file.bytes_held,
}))
"""


def child(path: str, how: str) -> dict[str, float]:
    """What a mode costs in memory and bytes read: after opening, and after each tensor was added up once."""
    import json

    words = [sys.executable, "-c", CHILD, path, how]
    found: dict[str, float] = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
    return found


def native_ns() -> float:
    """Nanoseconds of the native check of a header, which a small Rust program measures."""
    environment = {**os.environ, "CARGO_TARGET_DIR": str(cargo_target_folder(ROOT))}
    words = ["cargo", "run", "-q", "--release", "--locked", "-p", "container", "--example", "header_check"]
    finished = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return float(finished.stdout)


if __name__ == "__main__":
    raise SystemExit(main())
