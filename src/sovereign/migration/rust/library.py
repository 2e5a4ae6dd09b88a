"""The support module as a library, compiled once, so that small programs compile fast.

Enters: a profile. Leaves: the path of an rlib that a program names as `support`. It stands in the user's cache under
the digest of its sources and its compiler. Programs that are handed out carry the sources instead (`shake.py`).
Read `project.py` next.
"""

from __future__ import annotations

import functools
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

from sovereign.migration.rust.build import Profile, options_of, recipe_for
from sovereign.migration.rust.findings import SourceMap, refused
from sovereign.migration.rust.shake import FOLDER
from sovereign.shell.cache import cache_folder, locked

__all__ = ["HEADER", "support_library"]

# What a program begins with that is linked with the library.
HEADER = "#![allow(warnings)]\nuse support::*;\n"


def support_library(
    profile: Profile = Profile.DEBUG, *, target: str | None = None, folder: Path = FOLDER, unwinds: bool = False
) -> Path:
    """The compiled support module, built now unless it is in the cache.

    Errors    SourceError rust.rejected    when its sources do not compile.
              DeviceError targets.missing  when the target cannot be built here.
    Cost      some seconds the first time, then one reading of its sources per process.
    """
    return _library(profile, target, folder, _digest(folder), unwinds=unwinds)


def _digest(folder: Path) -> str:
    texts = [(path.name, path.read_text()) for path in sorted(folder.glob("*.rs"))]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


@functools.lru_cache(maxsize=16)
def _library(profile: Profile, target: str | None, folder: Path, digest: str, *, unwinds: bool) -> Path:
    recipe = recipe_for(target)
    options = ["--edition", "2021", "--crate-name", "support", "--crate-type", "rlib", "--cap-lints=allow"]
    options += [*options_of(profile, unwinds=unwinds), "--cfg", 'feature="std"']
    facts = [digest, recipe.target.triple, recipe.version, str(recipe.rustc), options]
    name = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
    store = cache_folder() / "support" / name
    library = store / "libsupport.rlib"
    with locked(cache_folder() / "locks" / f"support-{name}.lock"):
        if not library.is_file():
            store.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=store) as made:
                _compile(recipe.compile_command(*options, "--error-format=json", str(folder / "lib.rs")), Path(made))
                (Path(made) / "libsupport.rlib").replace(library)
    return library


def _compile(command: list[str], made: Path) -> None:
    command = [*command, "-o", str(made / "libsupport.rlib")]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, cwd=made)
    if finished.returncode:
        messages = [json.loads(line) for line in finished.stderr.splitlines() if line.startswith("{")]
        raise refused(messages, SourceMap(), finished.stderr)
