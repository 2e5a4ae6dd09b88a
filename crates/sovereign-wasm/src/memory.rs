//! Blocks for the caller, in the simplest way that gives them back: one list of free blocks per power of two.
//!
//! A block is as long as the next power of two, at least 16, so that any block of a list fits any wish of its size.
//! New blocks come from the end of the memory, which grows by whole pages. WebAssembly without threads runs one call
//! at a time.

use core::ptr;

const SMALLEST: usize = 16;

/// One list per power of two that an address can have.
const LISTS: usize = usize::BITS as usize;

/// The free blocks, and the part of the memory that was never given out.
pub(crate) struct Pool {
    free: [*mut u8; LISTS],
    next: usize,
    end: usize,
}

impl Pool {
    pub(crate) const fn new() -> Self {
        Self { free: [ptr::null_mut(); LISTS], next: 0, end: 0 }
    }

    /// A block, or null; `grow` adds at least so many bytes and returns where fresh memory begins and ends.
    pub(crate) fn take(&mut self, size_bytes: usize, grow: impl FnOnce(usize) -> Option<(usize, usize)>) -> *mut u8 {
        let Some(list) = list(size_bytes) else { return ptr::null_mut() };
        let first = self.free[list];
        if !first.is_null() {
            // SAFETY: a free block is ours, aligned, and holds the address of the next one.
            self.free[list] = unsafe { first.cast::<*mut u8>().read() };
            return first;
        }
        self.fresh(1 << list, grow).map_or(ptr::null_mut(), ptr::with_exposed_provenance_mut)
    }

    fn fresh(&mut self, size_bytes: usize, grow: impl FnOnce(usize) -> Option<(usize, usize)>) -> Option<usize> {
        if self.end - self.next < size_bytes {
            let (begin, end) = grow(size_bytes + SMALLEST)?;
            if begin != self.end {
                self.next = begin.next_multiple_of(SMALLEST);
            }
            self.end = end;
        }
        let block = self.next;
        self.next += size_bytes;
        Some(block)
    }

    /// Put a block into the list of its size.
    ///
    /// # Safety
    /// The block came from `take` for the same size and is not used again.
    pub(crate) unsafe fn give_back(&mut self, block: *mut u8, size_bytes: usize) {
        let Some(list) = list(size_bytes) else { return };
        if !block.is_null() {
            // SAFETY: the block is ours again, at least 16 bytes long and aligned.
            unsafe { block.cast::<*mut u8>().write(self.free[list]) };
            self.free[list] = block;
        }
    }
}

/// Which list holds blocks for this size, if there can be such a block.
fn list(size_bytes: usize) -> Option<usize> {
    let rounded = size_bytes.max(SMALLEST).checked_next_power_of_two()?;
    Some(rounded.trailing_zeros() as usize)
}

#[cfg(target_arch = "wasm32")]
mod here {
    use core::{
        alloc::{GlobalAlloc, Layout},
        arch::wasm32,
        cell::UnsafeCell,
        ptr,
    };

    use super::{Pool, SMALLEST};

    const PAGE: usize = 65_536;

    struct Single(UnsafeCell<Pool>);

    // SAFETY: the module is built without threads, and no function here calls back to the outside.
    unsafe impl Sync for Single {}

    static POOL: Single = Single(UnsafeCell::new(Pool::new()));

    pub(crate) fn alloc(size_bytes: usize) -> *mut u8 {
        // SAFETY: one thread, and no other reference is alive.
        unsafe { &mut *POOL.0.get() }.take(size_bytes, grow)
    }

    /// # Safety
    /// As [`Pool::give_back`].
    pub(crate) unsafe fn free(block: *mut u8, size_bytes: usize) {
        // SAFETY: one thread, no other reference is alive, and the caller vouches for the block.
        unsafe { (&mut *POOL.0.get()).give_back(block, size_bytes) }
    }

    /// The same blocks for what the crates below put on the heap.
    struct Heap;

    #[global_allocator]
    static HEAP: Heap = Heap;

    // SAFETY: blocks are as long as asked for, apart from each other, and multiples of 16, beyond which none is given.
    unsafe impl GlobalAlloc for Heap {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            if layout.align() > SMALLEST { ptr::null_mut() } else { alloc(layout.size()) }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            // SAFETY: the block came from `alloc` for the same size.
            unsafe { free(block, layout.size()) }
        }
    }

    fn grow(size_bytes: usize) -> Option<(usize, usize)> {
        let pages = size_bytes.div_ceil(PAGE);
        match wasm32::memory_grow::<0>(pages) {
            usize::MAX => None,
            before => Some((before * PAGE, (before + pages) * PAGE)),
        }
    }
}

#[cfg(target_arch = "wasm32")]
pub(crate) use here::{alloc, free};
