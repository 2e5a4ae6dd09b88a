//! Work is done once, whoever does it, also when workers sleep, are busy, or panic.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
    vec::Vec,
};

use super::{PATIENCE, allowed, each, started};
use crate::threads::Pieces;

/// Count each of `n` units as it is done, by pieces that whoever is ready takes.
fn count(n: usize, threads: usize) -> Vec<usize> {
    let done: Vec<AtomicUsize> = (0..n).map(|_| AtomicUsize::new(0)).collect();
    let pieces = Pieces::new(n, 1, threads);
    each(threads, &|_| {
        while let Some((start, end)) = pieces.next() {
            done[start..end].iter().for_each(|unit| {
                unit.fetch_add(1, Ordering::Relaxed);
            });
        }
    });
    done.into_iter().map(AtomicUsize::into_inner).collect()
}

#[test]
fn every_unit_is_done_once_whatever_the_number_of_threads() {
    for threads in [2, 3, 5] {
        for n in [0, 1, 7, 1000] {
            assert_eq!(count(n, threads), std::vec![1; n], "{threads} threads");
        }
    }
}

#[test]
fn workers_that_sleep_are_woken_or_not_waited_for() {
    for pause in [Duration::ZERO, PATIENCE / 2, 4 * PATIENCE] {
        for _ in 0..20 {
            thread::sleep(pause);
            assert_eq!(count(100, 2), std::vec![1; 100]);
        }
    }
    assert!(started() >= 1);
}

#[test]
fn calls_from_several_threads_at_a_time_all_end() {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..200).for_each(|_| assert_eq!(count(50, 3), std::vec![1; 50])));
        }
    });
}

#[test]
fn there_are_never_more_workers_than_processors() {
    assert_eq!(allowed(1), 1);
    assert!(allowed(usize::MAX) <= thread::available_parallelism().map_or(1, usize::from));
}

#[test]
fn a_panic_reaches_the_caller_and_the_workers_live_on() {
    let panicked = thread::spawn(|| each(2, &|_| panic!("provoked"))).join();
    assert!(panicked.is_err());
    assert_eq!(count(100, 2), std::vec![1; 100]);
}
