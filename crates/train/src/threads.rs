//! Tasks for several threads.

use std::{
    panic,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Call `task` with each of `0..tasks`, on at most so many threads, the calling one among them.
///
/// Who is ready takes the next task, so that a task must not depend on who does it. A panic of a task is that of this call.
pub(crate) fn each(threads: usize, tasks: usize, task: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            // Relaxed is enough: threads share nothing but this number, and their end is waited for.
            let taken = next.fetch_add(1, Ordering::Relaxed);
            if taken >= tasks {
                break;
            }
            task(taken);
        }
    };
    let helpers = threads.min(tasks).saturating_sub(1);
    if helpers == 0 {
        return work();
    }
    thread::scope(|scope| {
        // Where the system gives no thread, the others do its share.
        let started: Vec<_> = (0..helpers)
            .map_while(|_| thread::Builder::new().name("train".into()).spawn_scoped(scope, work).ok())
            .collect();
        work();
        for handle in started {
            if let Err(payload) = handle.join() {
                panic::resume_unwind(payload);
            }
        }
    });
}

/// The answers to `0..tasks` in their order, each made by one task.
pub(crate) fn map<T: Send>(threads: usize, tasks: usize, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let answers = Mutex::new(Vec::with_capacity(tasks));
    each(threads, tasks, |place| {
        let answer = task(place);
        // Whoever panicked while it held the list has spoiled nothing: the panic ends the whole call.
        answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((place, answer));
    });
    let mut answers = answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    answers.sort_unstable_by_key(|&(place, _)| place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_stand_in_order_for_any_number_of_threads() {
        for threads in [0, 1, 2, 7] {
            assert_eq!(
                map(threads, 100, |place| place * place),
                (0..100).map(|place| place * place).collect::<Vec<_>>()
            );
        }
        assert!(map(3, 0, |place| place).is_empty());
    }

    #[test]
    #[should_panic]
    fn a_panic_of_a_task_reaches_the_caller() {
        each(2, 8, |place| assert!(place != 3, "task {place}"));
    }
}
