"""What a microcontroller runs of a model: no heap, no path that panics, and no more stack than is promised."""

from __future__ import annotations

import os
import re
import struct
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from sovereign.migration.rust import require
from sovereign.shell.cache import cargo_target_folder

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TRIPLE, COMMON = "thumbv7em-none-eabihf", "x86_64-unknown-linux-gnu"
# Models inside models, as `image.rs` of `crates/predict` has it.
DEPTH = 3
# The objects of what a prediction calls; the others are those of `core`, of which most is never reached.
OURS = ("microcontroller-", "predict-", "libm-")


class Member(NamedTuple):
    """One object of an archive."""

    name: str
    content: bytes


def members(archive: bytes) -> list[Member]:
    """The objects of an archive, under their long names."""
    assert archive.startswith(b"!<arch>\n")
    at, names, found = 8, b"", []
    while at + 60 <= len(archive):
        head, size = archive[at : at + 60], int(archive[at + 48 : at + 58])
        content, label = archive[at + 60 : at + 60 + size], head[:16].decode().strip()
        if label == "//":
            names = content
        elif label.startswith("/") and label[1:].isdigit():
            found.append(Member(names[int(label[1:]) :].split(b"/\n")[0].decode(), content))
        elif label != "/":
            found.append(Member(label.rstrip("/"), content))
        at += 60 + size + size % 2
    return found


def stack_sizes(content: bytes) -> dict[str, int]:
    """Bytes of stack of each function, by its mangled name: every `.stack_sizes` section is linked to one function."""
    assert content[:5] == b"\x7fELF\x01", "an object of 32 bits"
    offset = struct.unpack_from("<I", content, 32)[0]
    width, count, names_at = struct.unpack_from("<HHH", content, 46)
    heads = [struct.unpack_from("<10I", content, offset + width * place) for place in range(count)]
    names = heads[names_at]

    def name(head: tuple[int, ...]) -> str:
        start = names[4] + head[0]
        return content[start : content.index(b"\0", start)].decode()

    found = {}
    for head in heads:
        if name(head) == ".stack_sizes":
            size, shift = 0, 0
            for byte in content[head[4] + 4 : head[4] + head[5]]:
                size, shift = size | (byte & 127) << shift, shift + 7
            found[name(heads[head[6]]).removeprefix(".text.")] = size
    return found


def objects(triple: str, **profile: str) -> list[Member]:
    """What is built of our crates for this target; `profile` changes how."""
    recipe = require(triple)
    folder = cargo_target_folder(ROOT) / "microcontroller" / "-".join(profile.values())
    source = folder / "source"
    (source / "src").mkdir(parents=True, exist_ok=True)
    manifest = (HERE / "microcontroller" / "Cargo.toml").read_text(encoding="utf-8")
    (source / "Cargo.toml").write_text(manifest.replace("../../..", ROOT.as_posix()), encoding="utf-8")
    # The crates of the workspace's lock, from which cargo drops those that are not used.
    for path, place in ((ROOT / "Cargo.lock", source), (HERE / "microcontroller" / "src" / "lib.rs", source / "src")):
        (place / path.name).write_bytes(path.read_bytes())
    environment = {**os.environ, **recipe.environment, "CARGO_TARGET_DIR": str(folder), "RUSTC_BOOTSTRAP": "1"}
    environment |= {f"CARGO_PROFILE_RELEASE_{name.upper()}": value for name, value in profile.items()}
    # Where a recipe has flags of its own, they are the only ones that count.
    encoded = "CARGO_ENCODED_RUSTFLAGS"
    flags, between = (encoded, "\x1f") if encoded in environment else ("RUSTFLAGS", " ")
    environment[flags] = between.join([*filter(None, [environment.get(flags)]), "-Zemit-stack-sizes"])
    command = recipe.build_command("-q", "--release")
    if "--offline" not in command:
        command.append("--offline")
    finished = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    (archive,) = folder.glob(f"{triple}/release/libmicrocontroller.a")
    return [member for member in members(archive.read_bytes()) if member.name.startswith(OURS)]


@pytest.mark.timeout(300)
@pytest.mark.xdist_group("core crates")
@pytest.mark.parametrize("triple", [pytest.param(each, marks=pytest.mark.requires(each)) for each in (TRIPLE, COMMON)])
def test_no_object_asks_for_a_panic_or_for_memory(triple):
    # Joined into one object, so that only what can be reached is looked at, the functions of other crates too.
    found = objects(triple, lto="fat", codegen_units="1")
    assert max(len(member.content) for member in found) > 20_000, "the families are inside"
    for member in found:
        # The handler that every program must have is the only one who names what it handles.
        for word in (b"9panicking", b"slice_index_fail", b"unwrap_failed", b"__rust_alloc", b"__rust_dealloc"):
            assert word not in member.content, f"{member.name} names {word.decode()}"


@pytest.mark.timeout(300)
@pytest.mark.requires(TRIPLE)
@pytest.mark.xdist_group("core crates")
def test_a_prediction_takes_no_more_stack_than_is_promised():
    frames: dict[str, int] = {}
    for member in objects(TRIPLE, lto="off", codegen_units="16"):
        frames |= stack_sizes(member.content)
    is_number = {name: size for name, size in frames.items() if "4text" not in name}

    def most(*patterns: str) -> int:
        sizes = [size for name, size in is_number.items() if any(re.search(each, name) for each in patterns)]
        assert sizes, patterns
        return max(sizes)

    composites = ("8pipeline", "4vote")
    # Each model inside a model adds these at most, whichever it is; then come one family, and what it calls.
    nested = most(*composites) + most("9ModelView")
    simple = [size for name, size in is_number.items() if not any(each in name for each in composites)]
    deepest = most("14predict_no_std") + 2 * DEPTH * nested + sum(sorted(simple)[-3:])
    source = (ROOT / "src/sovereign/migration/rust/predict/model.rs").read_text(encoding="utf-8")
    promised = re.search(r"MAX_STACK_BYTES: usize = (\d+);", source)
    assert promised is not None
    assert deepest <= int(promised.group(1)), f"{deepest} bytes"
