//! The local zone without an operating system: `local_offset(moment: i64) -> (i64, Str)` is always that of UTC.

use crate::Str;

/// Seconds east of UTC, and the zone's name.
pub fn local_offset(_moment: i64) -> (i64, Str) {
    (0, Str::literal("UTC"))
}
