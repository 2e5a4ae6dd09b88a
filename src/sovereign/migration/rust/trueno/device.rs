//! On what an operation runs: one function that sees how much there is to do and what the machine was measured to do,
//! and can say why it chose.
//!
//! The model is the roofline: a thread takes as long as the longer of its arithmetic and its memory traffic. Threads
//! share the arithmetic, each costs its start, and the traffic to main memory stays as slow as it is.

use core::{
    fmt,
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
};

use crate::Backend;

/// How much there is to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Work {
    /// What it is, for the reason.
    pub operation: &'static str,
    /// Elements of the result.
    pub elements: usize,
    /// Additions and multiplications in single precision; those in double precision count twice.
    pub flops: f64,
    /// Bytes that are read and written at least.
    pub bytes: f64,
}

/// What one thread of this machine does in a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Additions and multiplications in single precision.
    pub flops: f64,
    /// Bytes read from main memory.
    pub bytes: f64,
    /// Whether these were measured here.
    pub is_calibrated: bool,
}

impl Rates {
    /// What is assumed before anything was measured: a slow machine, so that few threads are started.
    pub const ASSUMED: Self = Self { flops: 100e9, bytes: 10e9, is_calibrated: false };
}

/// What was chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// The kernels.
    pub backend: Backend,
    /// How many threads take part.
    pub threads: usize,
    /// Why so many.
    pub reason: Reason,
}

/// Why a choice was made.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// No more threads are allowed.
    OneAllowed,
    /// Starting another thread costs more than it gives.
    OneIsFaster(Estimate),
    /// The work is shared.
    SharedIsFaster(Estimate),
}

/// What the model said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// What is done.
    pub operation: &'static str,
    /// How long one thread takes.
    pub alone_s: f64,
    /// How long the best number of more than one takes.
    pub shared_s: f64,
    /// Whether rates were measured.
    pub is_calibrated: bool,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (estimate, verdict) = match self {
            Self::OneAllowed => return f.write_str("one thread is allowed"),
            Self::OneIsFaster(estimate) => (estimate, "another thread would not pay"),
            Self::SharedIsFaster(estimate) => (estimate, "sharing it pays"),
        };
        let Estimate { operation, alone_s, shared_s, is_calibrated } = estimate;
        let source = if *is_calibrated { "calibrated rates" } else { "assumed rates, not calibrated" };
        let (alone_us, shared_us) = (alone_s * 1e6, shared_s * 1e6);
        write!(f, "{operation} takes {alone_us:.0} us on one thread and {shared_us:.0} us shared ({source}): {verdict}")
    }
}

/// Seconds that another thread costs before it computes anything.
const START_S: f64 = 25e-6;

/// The kernels and the number of threads for this work: the last of the allowed backends that this machine has, and as
/// many of the allowed threads as pay.
pub fn choose(work: &Work, rates: &Rates, allowed: &[Backend], most_threads: usize) -> Choice {
    let backend = allowed.iter().rev().copied().find(|backend| backend.is_available()).unwrap_or(Backend::Scalar);
    let takes = |threads: usize| {
        let arithmetic = work.flops / (rates.flops * threads as f64);
        arithmetic.max(work.bytes / rates.bytes) + START_S * (threads - 1) as f64
    };
    if most_threads < 2 {
        return Choice { backend, threads: 1, reason: Reason::OneAllowed };
    }
    let mut best = 2;
    for threads in 3..=most_threads {
        if takes(threads) < takes(best) {
            best = threads;
        }
    }
    let (alone_s, shared_s) = (takes(1), takes(best));
    let estimate = Estimate { operation: work.operation, alone_s, shared_s, is_calibrated: rates.is_calibrated };
    if shared_s < alone_s {
        Choice { backend, threads: best, reason: Reason::SharedIsFaster(estimate) }
    } else {
        Choice { backend, threads: 1, reason: Reason::OneIsFaster(estimate) }
    }
}

/// The rates, as bits of single precision: small processors have no atomic numbers of 64 bits.
static FLOPS: AtomicU32 = AtomicU32::new((Rates::ASSUMED.flops as f32).to_bits());
static BYTES: AtomicU32 = AtomicU32::new((Rates::ASSUMED.bytes as f32).to_bits());
static IS_CALIBRATED: AtomicBool = AtomicBool::new(false);

/// Take these rates from now on; each should be above zero.
pub fn set_rates(rates: Rates) {
    // Who reads between two of these stores sees a mixture, which makes a worse choice and no wrong result.
    FLOPS.store((rates.flops as f32).to_bits(), Ordering::Relaxed);
    BYTES.store((rates.bytes as f32).to_bits(), Ordering::Relaxed);
    IS_CALIBRATED.store(rates.is_calibrated, Ordering::Relaxed);
}

/// The rates in use.
pub fn rates() -> Rates {
    Rates {
        flops: f32::from_bits(FLOPS.load(Ordering::Relaxed)).into(),
        bytes: f32::from_bits(BYTES.load(Ordering::Relaxed)).into(),
        is_calibrated: IS_CALIBRATED.load(Ordering::Relaxed),
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    const FAST: Rates = Rates { flops: 100e9, bytes: 10e9, is_calibrated: true };

    fn product(n: f64) -> Work {
        Work { operation: "matmul", elements: (n * n) as usize, flops: 2.0 * n * n * n, bytes: 12.0 * n * n }
    }

    #[test]
    fn small_work_stays_on_one_thread_and_large_work_is_shared() {
        assert_eq!(choose(&product(64.0), &FAST, &Backend::ALL, 2).threads, 1);
        assert_eq!(choose(&product(1024.0), &FAST, &Backend::ALL, 2).threads, 2);
        assert_eq!(choose(&product(1024.0), &FAST, &Backend::ALL, 1).reason, Reason::OneAllowed);
        let choice = choose(&product(1024.0), &FAST, &Backend::ALL, 64);
        assert!((8..64).contains(&choice.threads), "starting threads costs: {choice:?}");
    }

    #[test]
    fn work_that_waits_for_memory_is_not_shared() {
        let work = Work { operation: "add", elements: 1 << 24, flops: 16e6, bytes: 192e6 };
        assert_eq!(choose(&work, &FAST, &Backend::ALL, 2).threads, 1);
    }

    #[test]
    fn rates_are_those_that_were_set() {
        let measured = Rates { flops: 64e9, bytes: 16e9, is_calibrated: true };
        set_rates(measured);
        assert!((rates().flops / measured.flops - 1.0).abs() < 1e-6);
        assert!((rates().bytes / measured.bytes - 1.0).abs() < 1e-6);
        assert!(rates().is_calibrated);
        set_rates(Rates::ASSUMED);
        assert!(!rates().is_calibrated);
    }

    #[test]
    fn only_allowed_backends_are_taken() {
        assert_eq!(choose(&product(8.0), &FAST, &[Backend::Scalar], 2).backend, Backend::Scalar);
        assert_eq!(choose(&product(8.0), &FAST, &Backend::ALL, 2).backend, Backend::detect());
    }

    #[test]
    fn the_reason_says_whether_anything_was_measured() {
        let reason = choose(&product(64.0), &Rates::ASSUMED, &Backend::ALL, 2).reason.to_string();
        assert_eq!(
            reason,
            "matmul takes 5 us on one thread and 30 us shared (assumed rates, not calibrated): another thread would not pay"
        );
        assert!(choose(&product(64.0), &FAST, &Backend::ALL, 2).reason.to_string().contains("(calibrated rates)"));
    }
}
