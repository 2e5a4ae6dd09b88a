//! How long the check of a header takes, without Python: nanoseconds per call, the fastest of several rounds.
//!
//! `benchmarks/model_file/run.py` runs it.

use std::{hint::black_box, time::Instant};

use container::Header;

const CALLS: u32 = 1_000_000;

fn main() {
    let mut bytes = [0; container::HEADER_SIZE];
    bytes[..8].copy_from_slice(b"APRN\x01\x00\x06\x00");
    let round = || {
        let start = Instant::now();
        for _ in 0..CALLS {
            assert!(Header::parse(black_box(&bytes)).is_ok());
        }
        start.elapsed().as_nanos() as f64 / f64::from(CALLS)
    };
    println!("{}", (0..7).map(|_| round()).fold(f64::INFINITY, f64::min));
}
