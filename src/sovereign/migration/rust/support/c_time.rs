//! The local zone, as the C library knows it: `local_offset(moment: i64) -> (i64, Str)`. Needs an operating system.

use crate::Str;

#[cfg(unix)]
pub(crate) mod c_clock {
    /// C's `struct tm`, with the fields that all of today's systems have.
    #[repr(C)]
    pub struct Broken {
        pub parts: [i32; 9],
        pub offset: i64,
        pub zone: *const core::ffi::c_char,
    }

    extern "C" {
        pub fn localtime_r(moment: *const i64, broken: *mut Broken) -> *mut Broken;
    }
}

/// Seconds east of UTC, and the zone's name, at so many seconds since the start of 1970; UTC where nothing is known.
pub fn local_offset(moment: i64) -> (i64, Str) {
    #[cfg(unix)]
    {
        let mut broken = c_clock::Broken { parts: [0; 9], offset: 0, zone: core::ptr::null() };
        // SAFETY: both pointers are to values that live through the call, of the layout that it expects.
        let found = unsafe { c_clock::localtime_r(&moment, &mut broken) };
        if !found.is_null() && !broken.zone.is_null() {
            // SAFETY: the C library keeps the names of zones, which end with a zero.
            let name = unsafe { core::ffi::CStr::from_ptr(broken.zone) };
            return (broken.offset, Str::from(name.to_str().unwrap_or("UTC")));
        }
    }
    let _ = moment;
    (0, Str::literal("UTC"))
}
