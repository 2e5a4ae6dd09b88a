//! Work that is cut into pieces for several threads.
//!
//! It may take 0.1 ms until another thread runs, so pieces are not given out in advance: who is ready takes the next
//! one, and the pieces shrink towards the end.

use core::sync::atomic::{AtomicUsize, Ordering};

/// `0..n` in pieces whose borders are multiples of a granule.
pub(crate) struct Pieces {
    n: usize,
    granule: usize,
    threads: usize,
    /// Granules that were given out.
    taken: AtomicUsize,
}

impl Pieces {
    pub(crate) fn new(n: usize, granule: usize, threads: usize) -> Self {
        Self { n, granule, threads, taken: AtomicUsize::new(0) }
    }

    /// The length of the first piece, which is the longest.
    pub(crate) fn first(&self) -> usize {
        self.n.min(self.size(0) * self.granule)
    }

    /// The next piece, as its first element and the one behind its last.
    pub(crate) fn next(&self) -> Option<(usize, usize)> {
        let take = |taken| Some(taken + self.size(taken)).filter(|&now| now > taken);
        // Relaxed is enough: threads share nothing but this number, and their end is waited for.
        let taken = self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).ok()?;
        Some((taken * self.granule, self.n.min((taken + self.size(taken)) * self.granule)))
    }

    /// Granules of the piece that begins behind so many: its share of two thirds of the rest.
    fn size(&self, taken: usize) -> usize {
        let rest = self.n.div_ceil(self.granule) - taken;
        (2 * rest).div_ceil(3 * self.threads)
    }
}

/// Call `work` with each of `0..threads`, here and on as many more threads as are ready; here alone without them.
///
/// `work` takes its pieces from [`Pieces`], so that it does not matter who makes which call.
#[cfg(feature = "std")]
pub(crate) fn each(threads: usize, work: impl Fn(usize) + Sync) {
    if threads > 1 { crate::workers::each(threads, &work) } else { work(0) }
}

/// Call `work` with the number of a thread and pieces of `0..n`, whose borders are multiples of `granule`, on at most
/// `threads` threads; each piece is given out once, and no number of a thread is in use twice at a time.
///
/// This is how work of other crates is shared by the threads that kernels run on. Kernels that are called from within
/// `work` should be allowed one thread: all are in use.
pub fn in_pieces(n: usize, granule: usize, threads: usize, work: impl Fn(usize, usize, usize) + Sync) {
    let threads = allowed(threads.max(1));
    let pieces = Pieces::new(n, granule.max(1), threads);
    each(threads, |thread| {
        while let Some((begin, end)) = pieces.next() {
            work(thread, begin, end);
        }
    });
}

/// How many threads can take part where so many are allowed.
pub(crate) fn allowed(threads: usize) -> usize {
    #[cfg(feature = "std")]
    return crate::workers::allowed(threads).max(1);
    #[cfg(not(feature = "std"))]
    return threads.min(1);
}

#[cfg(not(feature = "std"))]
pub(crate) fn each(_: usize, work: impl Fn(usize) + Sync) {
    work(0);
}
