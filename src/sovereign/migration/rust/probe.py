"""The smallest program for a target, compiled to see that the target really can be built.

Enters: a recipe and a folder. Leaves: the compiled file. The first link for a Linux target lets zig build its C
library, which takes up to two minutes; later ones take less than a second. Read `selftest.py` next.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError

if TYPE_CHECKING:
    from pathlib import Path

    from sovereign.migration.rust.targets import Recipe

__all__ = ["compile_probe"]

PROGRAM = """fn main() {
    println!("{}", std::env::args().count() * 42);
}
"""
EXPORT = """#[unsafe(no_mangle)]
pub extern "C" fn answer(x: i32) -> i32 { x * 42 }
"""
BARE = """#![no_std]
#![no_main]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! { loop {} }
#[unsafe(no_mangle)]
pub extern "C" fn _start() -> ! { loop {} }
"""


def compile_probe(recipe: Recipe, folder: Path, *, timeout_s: float = 600) -> Path:
    """Compile the probe of the recipe's target into `folder`.

    A program with an operating system prints 42; a WebAssembly module exports `answer`, which multiplies by 42; a
    microcontroller's program does nothing.

    Errors    DeviceError targets.missing  when the compiler or the linker fails or takes too long.
    """
    triple = recipe.target.triple
    text, options = PROGRAM, ["-Cstrip=symbols"]
    if not recipe.target.has_std:
        text, options = BARE, ["-Cpanic=abort"]
    elif triple.startswith("wasm32"):
        text, options = EXPORT, ["--crate-type", "cdylib"]
    source, output = folder / "probe.rs", folder / f"{triple}.probe"
    source.write_text(text)
    command = recipe.compile_command("--edition", "2024", "-O", *options, str(source), "-o", str(output))
    try:
        finished = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=timeout_s)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _refused(triple, str(error)) from error
    if finished.returncode or not output.is_file():
        said = [line for line in finished.stderr.splitlines() if line.startswith("error")]
        raise _refused(triple, said[0] if said else f"rustc ended with status {finished.returncode}")
    return output


def _refused(triple: str, reason: str) -> DeviceError:
    message = f"a three-line program does not compile for {triple}: `{reason}`"
    return DeviceError("targets.missing", message, backend=triple, reason=reason)
