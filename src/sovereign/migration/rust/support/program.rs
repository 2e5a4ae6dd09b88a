//! How a program ends: `exit_code` of its result, and the guards of its depth, `descend` and `Frame`.

use crate::{complain_text, flush_output, traceback_text, Exc, Single, OUTPUT_BROKEN, RECURSION_ERROR, SYSTEM_EXIT};

/// Print what a program's end prints, and give its exit code.
pub fn exit_code(result: Result<(), Exc>) -> i32 {
    let code = match result {
        Ok(()) => 0,
        Err(exc) if exc.is(&SYSTEM_EXIT) => system_exit_code(&exc),
        Err(exc) => {
            complain_text(format_args!("{}", traceback_text(&exc)));
            1
        }
    };
    flush_output();
    // CPython's code when its last flush fails.
    if OUTPUT_BROKEN.get() {
        120
    } else {
        code
    }
}

/// The exit code of `SystemExit`: its number, 0 for none; any other argument is printed and gives 1.
pub fn system_exit_code(exc: &Exc) -> i32 {
    let arguments = exc.arguments();
    let [only] = arguments.as_slice() else {
        if arguments.is_empty() {
            return 0;
        }
        complain_text(format_args!("{}\n", exc.text()));
        return 1;
    };
    if only.value.is::<()>() {
        return 0;
    }
    if let Some(code) = exit_number(only) {
        return code;
    }
    complain_text(format_args!("{}\n", only.text()));
    1
}

/// The code that an argument of `SystemExit` stands for, if it is a number: the low byte counts.
pub fn exit_number(argument: &crate::Argument) -> Option<i32> {
    let is_text = argument.value.is::<crate::Str>();
    match argument.repr().as_str() {
        "True" => Some(1),
        "False" => Some(0),
        repr if !is_text => repr.parse::<i64>().ok().map(|code| (code & 0xff) as i32),
        _ => None,
    }
}

/// How many guarded calls are open.
pub static DEPTH: Single<i64> = Single::new(0);

/// `sys.getrecursionlimit()`.
pub static DEPTH_LIMIT: Single<i64> = Single::new(1000);

/// One open call; it ends when this is dropped.
pub struct Descent(());

/// Enter one more call, unless CPython's limit is reached.
#[inline]
pub fn descend() -> Result<Descent, Exc> {
    let depth = DEPTH.get() + 1;
    if depth >= DEPTH_LIMIT.get() {
        return Err(too_deep());
    }
    DEPTH.set(depth);
    Ok(Descent(()))
}

impl Drop for Descent {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

/// One open call of a function that calls itself at its end: the stack grows with it, as in Python, instead of a loop.
pub struct Frame;

impl Drop for Frame {
    #[inline]
    fn drop(&mut self) {
        core::hint::black_box(());
    }
}

/// `RecursionError`.
#[cold]
pub fn too_deep() -> Exc {
    Exc::new(&RECURSION_ERROR, "maximum recursion depth exceeded")
}
