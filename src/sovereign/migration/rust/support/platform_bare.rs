//! The world of a program without an operating system: `install_platform` names it, `platform` finds it.

use crate::{exit_code, Exc, Platform, Single};

static INSTALLED: Single<Option<&'static dyn Platform>> = Single::new(None);

/// Name the world before the program runs.
pub fn install_platform(world: &'static dyn Platform) {
    INSTALLED.set(Some(world));
}

/// The world that was installed.
pub fn platform() -> &'static dyn Platform {
    INSTALLED.get().expect("install_platform comes first")
}

/// Run a program to its end, and give its exit code.
pub fn run_main(program: fn() -> Result<(), Exc>) -> i32 {
    exit_code(program())
}
