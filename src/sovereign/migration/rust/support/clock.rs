//! `time`: clocks, sleeping and times as tuples.
//!
//! `time_time() -> f64`, `time_time_ns() -> i64`, `time_perf_counter()`, `time_perf_counter_ns()`, `time_monotonic()`,
//! `time_monotonic_ns()`, `time_process_time()` (the monotonic clock), `time_sleep(f64) -> Result<(), Exc>`,
//! `time_gmtime(Option<f64>) -> StructTime`, `time_localtime(Option<f64>)`, `time_mktime(&StructTime) -> f64`,
//! `time_ctime(Option<f64>) -> Str`, `time_asctime(Option<&StructTime>) -> Str`. `strftime` and `strptime`: `strftime.rs`.

use crate::{local_offset, local_seconds, platform, DateTime, Exc, Str, StructTime, VALUE_ERROR};

/// `time.time_ns`.
pub fn time_time_ns() -> i64 {
    platform().now()
}

/// `time.time`.
pub fn time_time() -> f64 {
    platform().now() as f64 * 1e-9
}

/// `time.monotonic_ns`.
pub fn time_monotonic_ns() -> i64 {
    platform().monotonic()
}

/// `time.monotonic`.
pub fn time_monotonic() -> f64 {
    platform().monotonic() as f64 * 1e-9
}

/// `time.perf_counter_ns`.
pub fn time_perf_counter_ns() -> i64 {
    platform().monotonic()
}

/// `time.perf_counter`.
pub fn time_perf_counter() -> f64 {
    platform().monotonic() as f64 * 1e-9
}

/// `time.process_time`, by the clock that there is.
pub fn time_process_time() -> f64 {
    platform().monotonic() as f64 * 1e-9
}

/// `time.sleep`. Errors: ValueError below 0.
pub fn time_sleep(seconds: f64) -> Result<(), Exc> {
    if seconds < 0.0 {
        return Err(Exc::new(&VALUE_ERROR, "sleep length must be non-negative"));
    }
    if seconds.is_nan() {
        return Err(Exc::new(&VALUE_ERROR, "Invalid value NaN (not a number)"));
    }
    crate::flush_output();
    platform().sleep((seconds * 1e9) as i64);
    Ok(())
}

/// The whole seconds of a moment, or now.
pub fn time_moment(seconds: Option<f64>) -> i64 {
    seconds.map_or_else(|| platform().now().div_euclid(1_000_000_000), |seconds| crate::float_floor(seconds) as i64)
}

/// A moment as a tuple, so many seconds east of UTC.
pub fn time_tuple(moment: i64, offset: i64) -> StructTime {
    let shown = DateTime::of_micros(i128::from(moment + offset) * 1_000_000);
    let mut tuple = shown.map_or(StructTime::new([1970, 1, 1, 0, 0, 0, 3, 1, 0]), |shown| shown.timetuple());
    tuple.parts[8] = 0;
    tuple
}

/// `time.gmtime`.
pub fn time_gmtime(seconds: Option<f64>) -> StructTime {
    StructTime { is_gmt: true, ..time_tuple(time_moment(seconds), 0) }
}

/// `time.localtime`; summer time is not marked.
pub fn time_localtime(seconds: Option<f64>) -> StructTime {
    let moment = time_moment(seconds);
    time_tuple(moment, local_offset(moment).0)
}

/// `time.mktime`.
pub fn time_mktime(tuple: &StructTime) -> f64 {
    local_seconds(tuple.seconds()) as f64
}

/// `time.asctime`.
pub fn time_asctime(tuple: Option<&StructTime>) -> Str {
    tuple.copied().unwrap_or_else(|| time_localtime(None)).asctime()
}

/// `time.ctime`.
pub fn time_ctime(seconds: Option<f64>) -> Str {
    time_localtime(seconds).asctime()
}
