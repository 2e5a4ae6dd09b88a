"""Open changed model files in Python, over and over: every refusal is one of ours, and memory does not grow.

Enters: a prepared clone. Leaves: how many files were opened and how they were judged. Two processes take turns on
nothing: each changes small whole files of every layout in memory, writes them where no disk is, and does with them what
a program does: open in a mode, read metadata, tensors and payload, verify. Status 1 for an error that is not ours, for
memory that grows, and for the input that did it, which is kept in `<cargo target folder>/fuzz/crashes/files`.
"""

from __future__ import annotations

import argparse
import collections
import multiprocessing
import os
import random
import resource
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import specimens  # noqa: E402
from sovereign.errors import SovereignError  # noqa: E402
from sovereign.persistence.container import (  # noqa: E402
    Layout,
    Limits,
    LoadConfig,
    LoadingMode,
    VerificationLevel,
    crypto,
    open_file,
)
from sovereign.shell.cache import cargo_target_folder  # noqa: E402

if TYPE_CHECKING:
    from sovereign.persistence.container import ModelFile

PROCESSES = 2
# A file of a few hundred bytes justifies no more than these; the second is for the process, its start not counted.
LIMITS = Limits(metadata_bytes=1 << 20, index_bytes=1 << 20, entries=1 << 16, payload_bytes=1 << 22)
MOST_GROWTH_KIB = 64 << 10
WARM_UP = 2000


def main() -> int:
    """Share the executions out, add up what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--executions", type=int, default=1_000_000, help="files to open (default: 1,000,000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed changes files in other ways (default: 1)")
    options = parser.parse_args()
    share = -(-options.executions // PROCESSES)
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        results = pool.starmap(work, [(share, options.seed * PROCESSES + number) for number in range(PROCESSES)])
    seen: collections.Counter[str] = sum((result[0] for result in results), collections.Counter())
    growth = max(result[1] for result in results)
    for code, count in seen.most_common():
        print(f"{code}: {count}")
    is_bounded = growth <= MOST_GROWTH_KIB
    print(f"{sum(seen.values())} executions, memory grew by {growth} KiB, {'ok' if is_bounded else 'TOO MUCH'}")
    return 0 if is_bounded and not any(code.startswith("not ours") for code in seen) else 1


def work(executions: int, seed: int) -> tuple[collections.Counter[str], int]:
    """Change and open so many files; what came of them, and by how much the process's largest memory grew."""
    chance = random.Random(seed)  # noqa: S311 - the same files for the same seed
    seen = collections.Counter[str]()
    store = crypto.TrustStore("/nonexistent/trust.json")
    handle = os.memfd_create("specimen")
    before = 0
    for number in range(executions):
        if number == WARM_UP:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        _, data = specimens.mutant(chance)
        os.ftruncate(handle, 0)
        os.pwrite(handle, data, 0)
        config = LoadConfig(
            mode=chance.choice(list(LoadingMode)),
            verification=chance.choice(list(VerificationLevel)),
            limits=LIMITS,
            trust=store,
        )
        seen[judged(f"/proc/self/fd/{handle}", config, data)] += 1
    os.close(handle)
    return seen, max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, 0)


def judged(path: str, config: LoadConfig, data: bytes) -> str:
    """The code of the refusal, or that the file was used; anything else is not ours, and its input is kept."""
    try:
        with open_file(path, config) as file:
            use(file)
    except SovereignError as error:
        return error.code
    except Exception as error:  # noqa: BLE001 - this is what the campaign looks for
        kept = cargo_target_folder(ROOT) / "fuzz" / "crashes" / "files"
        kept.mkdir(parents=True, exist_ok=True)
        (kept / f"{abs(hash(data)):x}.apr").write_bytes(data)
        traceback.print_exc()
        return f"not ours: {type(error).__name__}"
    return "used"


def use(file: ModelFile) -> None:
    """Everything that a reader may ask of a file."""
    assert sum(section.length for section in file.outline.sections) == file.size_bytes
    assert isinstance(file.metadata, dict)
    for name in file:
        array = file[name]
        assert not array.flags.writeable
        assert sum(map(len, file.stream(name))) == file.place(name).length
        file.decoded(name)
    if file.inside is not None:
        assert [place.name for place in file.inside.tensors] == list(file)
    if file.layout is Layout.A1:
        assert file.header is not None
        if not file.header.is_encrypted:
            assert len(file.payload()) == file.header.uncompressed_size
            assert sum(map(len, file.payload_pieces())) == file.header.uncompressed_size
    file.verify()


if __name__ == "__main__":
    raise SystemExit(main())
