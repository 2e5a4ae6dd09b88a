//! The world of a program without an operating system: `install_platform` names it, `platform` finds it.

use crate::{exit_code, Exc, Platform, Single, DEPTH_LIMIT, VALUE_ERROR};

static INSTALLED: Single<Option<&'static dyn Platform>> = Single::new(None);

/// Name the world before the program runs.
pub fn install_platform(world: &'static dyn Platform) {
    INSTALLED.set(Some(world));
}

/// The world that was installed.
pub fn platform() -> &'static dyn Platform {
    INSTALLED.get().expect("install_platform comes first")
}

/// `sys.setrecursionlimit(limit)`.
pub fn set_recursion_limit(limit: i64) -> Result<(), Exc> {
    if limit < 1 {
        return Err(Exc::new(&VALUE_ERROR, "recursion limit must be greater or equal than 1"));
    }
    DEPTH_LIMIT.set(limit);
    Ok(())
}

/// Run a program to its end, and give its exit code.
pub fn run_main(program: fn() -> Result<(), Exc>) -> i32 {
    exit_code(program())
}
