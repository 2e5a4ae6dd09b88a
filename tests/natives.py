"""Handlers in Rust for tests of the native runtime, built once a session and kept in the user's cache."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.orchestration.serverless.emulator import Emulator
from sovereign.orchestration.serverless.native import build
from sovereign.orchestration.serverless.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sovereign.orchestration.serverless.contract import Facts
    from sovereign.orchestration.serverless.wire import Faults

ECHO = """use bootstrap::{Context, HandlerError, Writer};

pub fn handle(_ctx: &Context, event: &[u8], out: &mut Writer) -> Result<(), HandlerError> {
    out.write(event);
    Ok(())
}
"""
# What a handler may do to its runtime, by the event.
MANNERS = """use alloc::vec::Vec;
use bootstrap::{files, sys, Context, HandlerError, Level, Writer};

const LONG: usize = 300_000;

pub fn init() -> Result<(), HandlerError> {
    if bootstrap::start::process().variable("TEST_INIT") == Some(b"fail") {
        return Err(HandlerError::new("Runtime.NoLuck", "it cannot begin"));
    }
    if bootstrap::start::process().variable("TEST_INIT") == Some(b"panic") {
        panic!("it fell over");
    }
    Ok(())
}

#[allow(unconditional_recursion)]
fn deep(depth: u64, out: &mut Writer) -> u64 {
    let room = [depth; 64];
    out.write(b"");
    deep(core::hint::black_box(&room)[7] + 1, out) + room[3]
}

fn shown(name: &str, value: &str, out: &mut Writer) {
    for piece in [name, "=", value, ";"] {
        out.write(piece.as_bytes());
    }
}

fn show(ctx: &Context, out: &mut Writer) {
    for (name, value) in [
        ("id", ctx.request_id),
        ("function", ctx.function_name),
        ("version", ctx.function_version),
        ("memory", ctx.memory_limit_in_mb),
        ("group", ctx.log_group_name),
        ("stream", ctx.log_stream_name),
        ("arn", ctx.invoked_function_arn),
        ("tenant", ctx.tenant_id),
        ("trace", ctx.trace_id),
        ("client", ctx.client_context),
        ("identity", ctx.cognito_identity),
        ("type", ctx.content_type),
    ] {
        shown(name, value, out);
    }
    let left = ctx.remaining_ms(sys::now_ns() / 1_000_000);
    shown("left", if left > 0 && left <= 60_000 { "fine" } else { "wrong" }, out);
}

fn stream(what: &[u8], out: &mut Writer) -> Result<(), HandlerError> {
    out.stream_http(b"{\\"statusCode\\":201,\\"headers\\":{\\"X-A\\":\\"b\\"}}");
    for _ in 0..what.len() * 1000 {
        out.write(b"0123456789abcdef");
        if !out.is_open() {
            break;
        }
    }
    match what {
        b"error" => Err(HandlerError::new("Function.Broken", "in the middle")),
        b"panic" => panic!("in the middle"),
        _ => Ok(()),
    }
}

pub fn handle(ctx: &Context, event: &[u8], out: &mut Writer) -> Result<(), HandlerError> {
    let text = core::str::from_utf8(event).map_err(|_| HandlerError::new("Runtime.Encoding", "no UTF-8"))?;
    match text {
        "panic" => panic!("place {} of {}", event.len(), 3),
        "index" => out.write(&event[event.len()..][event.len() - 5..][..1]),
        "overflow" => shown("deep", if deep(0, out) == 0 { "" } else { "x" }, out),
        "memory" => {
            let all: Vec<u8> = Vec::with_capacity(1 << 46);
            out.write(&all);
        }
        "segfault" => unsafe { core::ptr::write_volatile(16 as *mut u8, 1) },
        "error" => return Err(HandlerError::new("ValueError", "no \\u{2603} \\"quoted\\"\\n\\u{1}")),
        "context" => show(ctx, out),
        "large" => (0..6300).for_each(|_| out.write(&[b'x'; 1000])),
        "sleep" => sys::sleep_ns(60_000_000_000),
        "nap" => sys::sleep_ns(200_000_000),
        "exit" => sys::exit(7),
        "log" => {
            for level in [Level::Trace, Level::Debug, Level::Info, Level::Warn, Level::Error, Level::Fatal] {
                ctx.log(level, "two\\nlines");
            }
            let long: alloc::string::String = (0..LONG).map(|_| 'y').collect();
            ctx.log(Level::Info, &long);
        }
        "print" => drop(files::write_rest(1, b"without an end")),
        "complain" => drop(files::write_rest(2, &[b'z'; LONG])),
        _ => match text.strip_prefix("stream ") {
            Some(what) => return stream(what.as_bytes(), out),
            None => out.write(event),
        },
    }
    Ok(())
}
"""


@functools.cache
def built(source: str, arch: str = "x86_64", suffix: str = ".rs") -> Path:
    """The program of a handler with this text; it is gone when the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="native"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    handler = folder / f"handler{suffix}"
    handler.write_text(source)
    return build(handler, arch=arch, output=folder / "bootstrap").path


@contextmanager
def native_function(
    program: Path,
    facts: Facts | None = None,
    faults: Faults | None = None,
    *,
    before: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
    frames: bool = False,
) -> Iterator[tuple[Emulator, Sandbox]]:
    """A function from a program; `before` are words before it on its command line."""
    command = [*before, str(program)]
    with (
        Emulator(facts, faults=faults) as emulator,
        Sandbox(emulator, command, folder=program.parent, environment=environment, frames=frames) as sandbox,
    ):
        yield emulator, sandbox
