//! The time of events: a clock that never jumps, shifted once to the calendar.

use crate::event::Moment;

/// Gives moments that only grow.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    shift: u64,
}

impl Clock {
    /// Begin to measure.
    #[must_use]
    pub fn start() -> Self {
        Self { shift: read(libc::CLOCK_REALTIME).wrapping_sub(read(libc::CLOCK_MONOTONIC)) }
    }

    /// This moment.
    #[must_use]
    pub fn now(self) -> Moment {
        read(libc::CLOCK_MONOTONIC).wrapping_add(self.shift)
    }
}

fn read(clock: libc::clockid_t) -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a place of our own, and both clocks exist on every Linux.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
