"""Run libFuzzer against what reads and runs model files: any bytes, with AddressSanitizer and overflow checks on.

Enters: a prepared clone, a C++ compiler, and a Rust toolchain that ships the sanitizer's run-time. Leaves: how often
each target ran, and the input of every crash in `<cargo target folder>/fuzz/crashes`. What libFuzzer found worth
keeping stays beside it, so that the next run goes on from there. Status 1 for a crash, 2, "not measured", where the
toolchain cannot do it.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools"), str(ROOT / "tests")]

import numpy as np  # noqa: E402, TID253 - seeds are arrays

import specimens  # noqa: E402
from sanitize import runtime_folder  # noqa: E402
from sovereign.ml.aprender.image import Family, Image, Link  # noqa: E402
from sovereign.shell.cache import cargo_target_folder  # noqa: E402

CRATE = ROOT / "crates" / "container" / "fuzz"
TARGETS = ("layouts", "streams", "payloads", "numbers", "models")
HOSTILE = ROOT / "tests" / "hostile" / "container"
# What `cargo fuzz` passes too; with RUSTC_BOOTSTRAP the stable compiler takes it.
FLAGS = [
    "-Zsanitizer=address",
    "-Cpasses=sancov-module",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
    *(f"-Cllvm-args=-sanitizer-coverage-{each}" for each in ("level=4", "inline-8bit-counters", "pc-table")),
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
]
# The largest input that is tried, and what a single one may take: a bomb or a loop shows as a crash.
LIMITS = ["-max_len=4096", "-timeout=10", "-rss_limit_mb=1024", "-malloc_limit_mb=256"]


def main() -> int:
    """Build the targets and run each for its share of the seconds, or so many times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for all targets together (default: 60)")
    parser.add_argument("--executions", type=int, help="so many for all targets together, however long they take")
    parser.add_argument("--target", action="append", choices=TARGETS, help="this one alone; repeatable")
    options = parser.parse_args()
    rustc = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True)
    host = next(line.removeprefix("host: ") for line in rustc.stdout.splitlines() if line.startswith("host: "))
    if not any(runtime_folder(host).glob("librustc*_rt.asan.a")) or not shutil.which("c++"):
        print("not measured: it takes a C++ compiler and Rust's AddressSanitizer run-time", file=sys.stderr)
        return 2
    folder = cargo_target_folder(ROOT) / "fuzz"
    build(folder, host)
    targets = options.target or TARGETS
    share = (options.executions or options.seconds) // len(targets)
    limit = f"-runs={share}" if options.executions else f"-max_total_time={max(share, 1)}"
    statuses = [run(folder, host, target, limit) for target in targets]
    return 1 if any(statuses) else 0


def build(folder: Path, host: str) -> None:
    """Build the targets under the sanitizer, in a target folder of their own."""
    environment = {
        **os.environ,
        "RUSTC_BOOTSTRAP": "1",
        "RUSTFLAGS": " ".join(FLAGS),
        "CARGO_TARGET_DIR": str(folder),
    }
    command = ["cargo", "build", "-q", "--release", "--locked", "--target", host]
    subprocess.run([*command, "--manifest-path", str(CRATE / "Cargo.toml")], env=environment, check=True)


def run(folder: Path, host: str, target: str, limit: str) -> int:
    """Run one target, and say how often."""
    corpus, seeds, crashes = (folder / name / target for name in ("corpus", "seeds", "crashes"))
    for place in (corpus, seeds, crashes):
        place.mkdir(parents=True, exist_ok=True)
    for name, data in seeds_of(target).items():
        (seeds / name).write_bytes(data)
    command = [str(folder / host / "release" / target), str(corpus), str(seeds), limit, *LIMITS]
    command += [f"-artifact_prefix={crashes}/", "-print_final_stats=1", "-verbosity=0"]
    finished = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    told = re.search(r"stat::number_of_executed_units:\s*(\d+)", finished.stderr)
    peak = re.search(r"stat::peak_rss_mb:\s*(\d+)", finished.stderr)
    print(
        f"{target}: {told[1] if told else 'unknown'} executions, at most {peak[1] if peak else 'unknown'} MiB, "
        f"{'a crash' if finished.returncode else 'no crash'}",
        flush=True,
    )
    if finished.returncode:
        print(finished.stderr[-4000:], file=sys.stderr)
    return finished.returncode


def seeds_of(target: str) -> dict[str, bytes]:
    """Where the fuzzer begins: whole files and hostile ones."""
    if target == "layouts":
        whole = {name: b"\1" + data for name, data in specimens.WHOLE.items()}
        return whole | {path.name: b"\1" + path.read_bytes() for path in HOSTILE.glob("*.a*")}
    if target == "streams":
        return {"lz4": b"\2\5\0" + specimens.literals(b"12345"), "zstd": b"\1\5\0" + specimens.ZSTD}
    if target == "payloads":
        return {"linear": b"\0" + b"\1" + (2).to_bytes(8, "little") + bytes(8 + 4 + 1)}
    if target == "models":
        return {name: b"\1" + image.to_bytes() for name, image in small_models().items()}
    return {"zeros": b"\0" + bytes(4 + 32)}


def small_models() -> dict[str, Image]:
    """A model of each family that has arrays of its own; inside another one where that is how it is met."""
    matrix, vector = np.arange(4, dtype=np.float32).reshape(2, 2), np.arange(4, 6, dtype=np.float32)
    places, borders = np.arange(2, dtype=np.int32), np.array([0, 3, 6], np.int32)
    words = {"terms": np.frombuffer(b"foxthe", np.uint8), "term_offsets": borders}
    table = {"contexts": np.array([[-1, -1], [-1, 0]], np.int32), "starts": borders // 3, "next": places}
    kinds = {"categories": np.array([0.0, 1.0, 0.0, 1.0]), "offsets": borders // 3 * 2}

    def model(family: Family, extra: tuple[int, ...] = (), **arrays: Any) -> Image:
        """Two features, two outputs, two classes."""
        given = {name.replace("_of_", "."): array for name, array in arrays.items()}
        link = Link.LOG_JOINT if family is Family.GAUSSIAN_NB else Link.IDENTITY
        features, classes = (0 if family is Family.TEXT else 2), (2 if family is Family.NEIGHBORS else 0)
        return Image.describe(
            family, n_features=features, n_outputs=2, n_classes=classes, link=link, extra=extra, arrays=given
        )

    linear = model(Family.LINEAR, coef=matrix, intercept=vector)
    scaling = model(Family.SCALING, shift=vector, factor=vector)
    text = model(Family.TEXT, (0, 1, 2, 2), columns=places, **words)
    piped = Image.nested([text, linear])
    return {
        "linear": linear,
        "scaling": scaling,
        "projection": model(Family.PROJECTION, mean=vector, components=matrix),
        "k_means": model(Family.K_MEANS, centroids=matrix),
        "neighbors": model(Family.NEIGHBORS, (1, 1), points=matrix, targets=places),
        "gaussian_nb": model(Family.GAUSSIAN_NB, mean=matrix, variance=matrix + 1, log_prior=vector),
        "mlp": model(Family.MLP, (1, 1), weight_of_0=matrix, bias_of_0=vector),
        "categories": model(Family.CATEGORIES, (1, 1), **kinds),
        "text": Image.describe(Family.PIPELINE, n_features=0, n_outputs=2, extra=(2,), arrays=piped),
        "ngram": model(Family.NGRAM, (2,), counts=places + 1, **words, **table),
        "imputing": model(Family.IMPUTING, fill=vector),
        "row_norm": model(Family.ROW_NORM, (1,)),
        "vote": model(Family.VOTE, (2,), **Image.nested([linear, scaling])),
    }


if __name__ == "__main__":
    raise SystemExit(main())
