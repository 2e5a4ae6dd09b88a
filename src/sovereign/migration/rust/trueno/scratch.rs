//! Memory for packed blocks: kept by each thread with the standard library, a piece of the stack without it.

use core::mem::MaybeUninit;

use crate::Element;

/// A cache line, so that what is laid here begins at one; only its address is used.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line(#[allow(dead_code)] [MaybeUninit<u8>; 64]);

const EMPTY: Line = Line([MaybeUninit::uninit(); 64]);

/// Lines on the stack: 32 KiB, which a thread of a browser has as well.
const STACK_LINES: usize = 512;

/// Call `work` with room for `wanted` elements, or for less where there is no allocator: at least 32 KiB.
///
/// The memory is not zeroed. A call from within `work` gets room on the stack.
pub(crate) fn with_scratch<T: Element, R>(wanted: usize, work: impl FnOnce(*mut T, usize) -> R) -> R {
    let lines = wanted.saturating_mul(size_of::<T>()).div_ceil(64);
    if lines > STACK_LINES {
        return kept(lines, work);
    }
    on_stack(work)
}

/// A stretch of room for each of several threads.
pub(crate) struct Stretches<T> {
    start: *mut T,
    /// Elements of a stretch.
    pub(crate) each: usize,
    /// How many threads have one.
    pub(crate) threads: usize,
}

// SAFETY: threads use stretches that lie apart.
unsafe impl<T: Send> Sync for Stretches<T> {}

impl<T> Stretches<T> {
    /// The stretch of this thread.
    pub(crate) fn stretch(&self, thread: usize) -> *mut T {
        self.start.wrapping_add(thread * self.each)
    }
}

/// [`with_scratch`] for several threads, each of which wants so many elements; each stretch begins at a cache line.
///
/// Where there is not enough for all of them, one thread gets all that there is: a share of it might not hold a panel.
pub(crate) fn with_stretches<T: Element, R>(threads: usize, wanted: usize, work: impl FnOnce(Stretches<T>) -> R) -> R {
    let line = 64 / size_of::<T>();
    with_scratch(wanted.next_multiple_of(line).saturating_mul(threads), |start, elements| {
        let each = elements / threads / line * line;
        let is_enough = each >= wanted;
        let (each, threads) = if is_enough { (each, threads) } else { (elements, 1) };
        work(Stretches { start, each, threads })
    })
}

/// [`with_stretches`], and one stretch of `shared` elements for all of them; that has none where there is not enough.
pub(crate) fn with_shared<T: Element, R>(
    shared: usize,
    threads: usize,
    wanted: usize,
    work: impl FnOnce(Stretches<T>, Stretches<T>) -> R,
) -> R {
    let line = 64 / size_of::<T>();
    let (shared, each) = (shared.next_multiple_of(line), wanted.next_multiple_of(line));
    with_scratch(shared.saturating_add(each.saturating_mul(threads)), |start, elements| {
        let is_enough = elements >= shared + each * threads;
        let common = Stretches { start, each: if is_enough { shared } else { 0 }, threads: 1 };
        work(common, Stretches { start: start.wrapping_add(shared), each, threads })
    })
}

fn on_stack<T: Element, R>(work: impl FnOnce(*mut T, usize) -> R) -> R {
    let mut room = [EMPTY; STACK_LINES];
    work(room.as_mut_ptr().cast(), STACK_LINES * 64 / size_of::<T>())
}

#[cfg(not(feature = "std"))]
fn kept<T: Element, R>(_lines: usize, work: impl FnOnce(*mut T, usize) -> R) -> R {
    on_stack(work)
}

#[cfg(feature = "std")]
fn kept<T: Element, R>(lines: usize, work: impl FnOnce(*mut T, usize) -> R) -> R {
    use std::{cell::Cell, vec::Vec};

    std::thread_local! {
        static ROOM: Cell<Vec<Line>> = const { Cell::new(Vec::new()) };
    }
    ROOM.with(|kept| {
        let mut room = kept.take();
        room.clear();
        if room.try_reserve_exact(lines).is_err() {
            return on_stack(work);
        }
        let answer = work(room.as_mut_ptr().cast(), room.capacity() * 64 / size_of::<T>());
        kept.set(room);
        answer
    })
}

#[cfg(test)]
mod tests {
    use super::with_stretches;

    #[test]
    fn threads_get_a_stretch_each_where_there_is_memory_and_one_gets_all_where_there_is_not() {
        let found = with_stretches::<f32, _>(3, 10_000, |room| (room.each >= 10_000, room.threads));
        assert_eq!(found, if cfg!(feature = "std") { (true, 3) } else { (false, 1) });
        let found = with_stretches::<f32, _>(200, usize::MAX / 8, |room| (room.each, room.threads));
        assert_eq!(found, (8192, 1), "what the stack has, undivided");
    }
}
