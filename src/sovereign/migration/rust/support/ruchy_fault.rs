//! Errors of a Ruchy program: `fault`, `Raised`, `raise`, `overflow`, and how they end it.
//!
//! An error leaves a program that does not catch at once: its message is printed, its exit code is 1. Where a `try`
//! is open, `UNWIND` carries it there; `ruchy_catch.rs` sets that.

use crate::{complain_text, flush_output, platform, shown_text, Dyn, Single, Str};
use alloc::format;
use alloc::string::String;
use core::panic::Location;

/// What ends a program, or a `try`.
pub enum Raised {
    /// An error of the language: its kind and its text.
    Fault(&'static str, String),
    /// A value that the program threw.
    Thrown(Dyn),
}

/// How many `try` blocks are open.
pub static CATCHERS: Single<usize> = Single::new(0);

/// What carries an error to the innermost `try`.
pub static UNWIND: Single<Option<fn(Raised) -> !>> = Single::new(None);

/// An error of the language.
#[cold]
#[inline(never)]
#[track_caller]
pub fn fault(kind: &'static str, text: impl Into<String>) -> ! {
    raise(Raised::Fault(kind, text.into()))
}

/// `throw value`.
#[cold]
#[inline(never)]
#[track_caller]
pub fn throw(value: Dyn) -> ! {
    raise(Raised::Thrown(value))
}

/// Leave for the innermost `try`, or end the program.
#[cold]
#[inline(never)]
#[track_caller]
pub fn raise(raised: Raised) -> ! {
    WHERE.set(Some(Location::caller()));
    raise_again(raised)
}

/// Go on with an error that was raised before.
#[cold]
#[inline(never)]
pub fn raise_again(raised: Raised) -> ! {
    if CATCHERS.get() > 0 {
        if let Some(unwind) = UNWIND.get() {
            unwind(raised)
        }
    }
    end_with(&raised)
}

/// Which line of the program each line of its Rust comes from; `raise` knows the latter.
pub struct Places {
    file: &'static str,
    sources: &'static [(&'static str, u32)],
    lines: &'static [(u32, u32, u32)],
}

impl Places {
    /// The places of the Rust file that says this: each source with the number of its first line, counted through all; and
    /// lines of Rust in their order, each with the line it comes from and the column where that begins.
    #[track_caller]
    pub const fn new(sources: &'static [(&'static str, u32)], lines: &'static [(u32, u32, u32)]) -> Places {
        Places { file: Location::caller().file(), sources, lines }
    }

    fn told(&self, raised: &Location<'_>) -> Option<String> {
        let place = self.lines.partition_point(|(rust, _, _)| *rust <= raised.line()).checked_sub(1)?;
        let (_, line, column) = self.lines[place];
        let (path, first) = self.sources.iter().rev().find(|(_, first)| *first <= line)?;
        (raised.file() == self.file && line > 0).then(|| format!("  --> {path}:{}:{column}\n", line - first + 1))
    }
}

/// The places of the program, where it has them.
pub static PLACES: Single<Option<&'static Places>> = Single::new(None);

/// Where the last error was raised.
pub static WHERE: Single<Option<&'static Location<'static>>> = Single::new(None);

/// Print what an error says and end the program.
#[cold]
pub fn end_with(raised: &Raised) -> ! {
    match raised {
        Raised::Fault(kind, text) => complain_text(format_args!("Error: Evaluation error: {kind}: {text}\n")),
        Raised::Thrown(value) => {
            complain_text(format_args!("Error: Evaluation error: thrown: {}\n", shown_text(value).as_str()));
        }
    }
    if let Some(place) = PLACES.get().and_then(|places| places.told(WHERE.get()?)) {
        complain_text(format_args!("{place}"));
    }
    platform().exit(1)
}

/// `exit(code)`.
pub fn leave(code: i64) -> ! {
    flush_output();
    platform().exit((code & 0xff) as i32)
}

/// What `catch e` binds.
pub fn caught(raised: Raised) -> Dyn {
    match raised {
        Raised::Fault(_, text) => Dyn::Text(Str::from(text)),
        Raised::Thrown(value) => value,
    }
}

/// An integer left the 64 bits that it has.
#[cold]
#[inline(never)]
#[track_caller]
pub fn overflow(operator: &str) -> ! {
    fault("overflow", alloc::format!("integer overflow in `{operator}`"))
}

/// A division by zero.
#[cold]
#[inline(never)]
#[track_caller]
pub fn by_zero() -> ! {
    fault("division", "division by zero")
}

/// An index that an array does not have.
#[cold]
#[inline(never)]
#[track_caller]
pub fn outside_array() -> ! {
    fault("index", "the index is outside of the array")
}

/// An operator that its operands do not have.
#[cold]
#[inline(never)]
#[track_caller]
pub fn no_operator(operator: &str, first: &str, second: &str) -> ! {
    fault("type", alloc::format!("`{operator}` does not work on {first} and {second}"))
}

/// A value of another type than its place takes.
#[cold]
#[inline(never)]
#[track_caller]
pub fn unexpected(wanted: &str, found: &str) -> ! {
    fault("type", alloc::format!("{wanted} is expected here and this is {found}"))
}

/// Where the stack of the program ends, with room for what still has to run.
pub static STACK_END: Single<usize> = Single::new(0);

/// End a recursion that is too deep.
#[inline(always)]
#[track_caller]
pub fn descend_once() {
    let here = 0u8;
    if (core::ptr::addr_of!(here) as usize) < STACK_END.get() {
        too_deep_here()
    }
}

/// What a recursion that is too deep is told.
pub const TOO_DEEP: &str = "the recursion is too deep";

/// A recursion that is too deep.
#[cold]
#[inline(never)]
#[track_caller]
pub fn too_deep_here() -> ! {
    STACK_END.set(0);
    fault("recursion", TOO_DEEP)
}
