//! Errors of a Ruchy program: `fault`, `Raised`, `raise`, `overflow`, and how they end it.
//!
//! An error leaves a program that does not catch at once: its message is printed, its exit code is 1. Where a `try`
//! is open, `UNWIND` carries it there; `ruchy_catch.rs` sets that.

use crate::{complain_text, flush_output, platform, shown_text, Dyn, Single, Str};
use alloc::string::String;

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
pub fn fault(kind: &'static str, text: impl Into<String>) -> ! {
    raise(Raised::Fault(kind, text.into()))
}

/// `throw value`.
#[cold]
#[inline(never)]
pub fn throw(value: Dyn) -> ! {
    raise(Raised::Thrown(value))
}

/// Leave for the innermost `try`, or end the program.
#[cold]
#[inline(never)]
pub fn raise(raised: Raised) -> ! {
    if CATCHERS.get() > 0 {
        if let Some(unwind) = UNWIND.get() {
            unwind(raised)
        }
    }
    end_with(&raised)
}

/// Print what an error says and end the program.
#[cold]
pub fn end_with(raised: &Raised) -> ! {
    match raised {
        Raised::Fault(kind, text) => complain_text(format_args!("Error: Evaluation error: {kind}: {text}\n")),
        Raised::Thrown(value) => {
            complain_text(format_args!("Error: Evaluation error: thrown: {}\n", shown_text(value).as_str()));
        }
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
pub fn overflow(operator: &str) -> ! {
    fault("overflow", alloc::format!("integer overflow in `{operator}`"))
}

/// A division by zero.
#[cold]
#[inline(never)]
pub fn by_zero() -> ! {
    fault("division", "division by zero")
}

/// An index that an array does not have.
#[cold]
#[inline(never)]
pub fn outside_array() -> ! {
    fault("index", "the index is outside of the array")
}

/// An operator that its operands do not have.
#[cold]
#[inline(never)]
pub fn no_operator(operator: &str, first: &str, second: &str) -> ! {
    fault("type", alloc::format!("`{operator}` does not work on {first} and {second}"))
}

/// A value of another type than its place takes.
#[cold]
#[inline(never)]
pub fn unexpected(wanted: &str, found: &str) -> ! {
    fault("type", alloc::format!("{wanted} is expected here and this is {found}"))
}

/// Where the stack of the program ends, with room for what still has to run.
pub static STACK_END: Single<usize> = Single::new(0);

/// End a recursion that is too deep.
#[inline(always)]
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
pub fn too_deep_here() -> ! {
    STACK_END.set(0);
    fault("recursion", TOO_DEEP)
}
