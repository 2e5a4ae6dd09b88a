//! How many threads a call takes: what the caller says, or what the model of `trueno::device` finds worth it.

use std::{
    num::NonZero,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use trueno::{
    Kernels,
    device::{self, Rates, Work},
};

use crate::{
    call::{Answer, Call, Keyword, Object, none, truth},
    dtype::{float, integer_within},
    errors::Failure,
    reduce::whole,
};

/// The most threads that a call takes unasked; 0 until it is looked up or set.
static MOST: AtomicUsize = AtomicUsize::new(0);

/// More threads than this help nobody, whatever the machine.
const LIMIT: usize = 1024;

/// Threads for each processor that a caller may ask for.
const PER_PROCESSOR: usize = 4;

/// The processors that this process may use; asked once, since the answer takes ten microseconds.
fn processors() -> usize {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    *PROCESSORS.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get))
}

/// The most threads that a call takes unasked.
fn most() -> usize {
    match MOST.load(Ordering::Relaxed) {
        0 => {
            let found = processors().min(LIMIT);
            MOST.store(found, Ordering::Relaxed);
            found
        }
        known => known,
    }
}

/// What the caller said about threads.
#[derive(Clone, Copy)]
pub(crate) struct Asked(Option<usize>);

/// How many, and why.
pub(crate) struct Threads {
    pub(crate) count: usize,
    pub(crate) reason: String,
}

/// The keyword `threads`.
pub(crate) fn asked(threads: Option<Object>) -> Result<Asked, Failure> {
    Ok(Asked(threads.map(positive).transpose()?))
}

/// A number of threads, cut to what the machine can bear.
fn positive(count: Object) -> Result<usize, Failure> {
    let count = integer_within(count)?;
    let refusal = || Failure::Parameter { name: "threads", value: count.to_string(), allowed: "1 or more".to_owned() };
    let found = usize::try_from(count).ok().filter(|&count| count > 0).ok_or_else(refusal)?;
    Ok(found.min(LIMIT).min(processors().saturating_mul(PER_PROCESSOR)))
}

impl Asked {
    /// Whether the caller said how many.
    #[inline]
    pub(crate) fn is_told(self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn choose(self, work: &Work, kernels: &Kernels, is_told: bool) -> Threads {
        if is_told {
            // What earlier calls took is not to be told of this one.
            trueno::threads_taken();
        }
        if let Some(count) = self.0 {
            return Threads { count, reason: "the caller said how many threads".to_owned() };
        }
        let choice = device::choose(work, &device::rates(), &[kernels.backend()], most());
        let reason = if is_told { choice.reason.to_string() } else { String::new() };
        Threads { count: choice.threads, reason }
    }
}

pub(crate) fn threads(call: &Call) -> Answer {
    let [] = call.positional()?;
    call.no_keywords()?;
    whole(most() as i64)
}

pub(crate) fn set_threads(call: &Call) -> Answer {
    let [count] = call.positional()?;
    call.no_keywords()?;
    MOST.store(positive(count)?, Ordering::Relaxed);
    Ok(none())
}

static PEAK_GFLOPS: Keyword = Keyword::new(c"peak_gflops");
static READ_GB_S: Keyword = Keyword::new(c"read_gb_s");
static IS_CALIBRATED: Keyword = Keyword::new(c"is_calibrated");

pub(crate) fn set_rates(call: &Call) -> Answer {
    let [] = call.positional()?;
    let [flops, bytes, is_calibrated] = call.keywords(&[&PEAK_GFLOPS, &READ_GB_S, &IS_CALIBRATED])?;
    let rate = |object: Option<Object>, name: &'static str, assumed: f64| {
        let rate = object.map_or(Ok(assumed), |rate| float(rate).map(|rate| rate * 1e9))?;
        if rate > 0.0 && rate.is_finite() {
            return Ok(rate);
        }
        let value = (rate / 1e9).to_string();
        Err(Failure::Parameter { name, value, allowed: "a finite number above 0".to_owned() })
    };
    device::set_rates(Rates {
        flops: rate(flops, "peak_gflops", Rates::ASSUMED.flops)?,
        bytes: rate(bytes, "read_gb_s", Rates::ASSUMED.bytes)?,
        is_calibrated: is_calibrated.map_or(Ok(false), truth)?,
    });
    Ok(none())
}
