//! The heap of a process of one thread.
//!
//! Blocks of up to 256 KiB come from lists of freed blocks of their class, else from the rest of a chunk; larger ones
//! are the kernel's own pages, which grow without being copied. The first chunk is part of the program, so that a
//! small function never asks the kernel for memory.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering};

use crate::sys;

const FIRST_CHUNK: usize = 256 << 10;
const CHUNK: usize = 1 << 20;
const LARGEST_BLOCK: usize = 256 << 10;
const GRAIN: usize = 16;
/// Up to here classes are `GRAIN` apart, and from here there are four for each doubling.
const FINE_LIMIT: usize = 1024;
const FINE_CLASSES: usize = FINE_LIMIT / GRAIN;
const CLASSES: usize = FINE_CLASSES + 4 * 8;
const PAGE: usize = 4096;

static IS_EXHAUSTED: AtomicBool = AtomicBool::new(false);

/// Whether the kernel has refused memory.
pub fn is_exhausted() -> bool {
    IS_EXHAUSTED.load(Ordering::Relaxed)
}

#[repr(C, align(64))]
struct State {
    free: [usize; CLASSES],
    at: usize,
    end: usize,
}

#[repr(C, align(64))]
struct FirstChunk(UnsafeCell<[u8; FIRST_CHUNK]>);

// SAFETY: the heap hands out each part of it once, and the process has one thread.
unsafe impl Sync for FirstChunk {}

static FIRST: FirstChunk = FirstChunk(UnsafeCell::new([0; FIRST_CHUNK]));

/// The heap; at most one of them is a program's allocator.
pub struct Heap(UnsafeCell<State>);

// SAFETY: the process has one thread.
unsafe impl Sync for Heap {}

impl Heap {
    /// A heap that has given nothing.
    pub const fn new() -> Heap {
        Heap(UnsafeCell::new(State { free: [0; CLASSES], at: 0, end: 0 }))
    }
}

impl Default for Heap {
    fn default() -> Heap {
        Heap::new()
    }
}

/// The class of a block, and the size of its blocks.
fn class_of(size: usize) -> (usize, usize) {
    if size <= FINE_LIMIT {
        let class = size.max(1).div_ceil(GRAIN) - 1;
        return (class, (class + 1) * GRAIN);
    }
    let top = (size - 1).ilog2();
    let step = 1usize << (top - 2);
    let quarter = (size - 1 - (1 << top)) / step;
    let class = FINE_CLASSES + 4 * (top - FINE_LIMIT.ilog2()) as usize + quarter;
    (class, (1 << top) + (quarter + 1) * step)
}

fn is_large(layout: &Layout) -> bool {
    layout.size() > LARGEST_BLOCK || layout.align() > GRAIN
}

fn pages(size: usize) -> usize {
    size.div_ceil(PAGE) * PAGE
}

fn mapped(layout: &Layout) -> *mut u8 {
    if layout.align() > PAGE {
        return ptr::null_mut();
    }
    granted(sys::map(pages(layout.size())))
}

fn granted(answer: sys::Answer) -> *mut u8 {
    match answer {
        Ok(start) => start as *mut u8,
        Err(_) => {
            IS_EXHAUSTED.store(true, Ordering::Relaxed);
            ptr::null_mut()
        }
    }
}

// SAFETY: blocks are disjoint, aligned to 16 bytes or to a page, and stay until they are given back.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_large(&layout) {
            return mapped(&layout);
        }
        let (class, size) = class_of(layout.size());
        // SAFETY: one thread, and nothing of this function calls it again.
        let state = unsafe { &mut *self.0.get() };
        let Some(list) = state.free.get_mut(class) else {
            return ptr::null_mut();
        };
        if *list != 0 {
            let first = *list;
            // SAFETY: a block on a list is free, and its first word names the next one.
            *list = unsafe { *(first as *const usize) };
            return first as *mut u8;
        }
        if state.end - state.at < size && !state.refill() {
            return ptr::null_mut();
        }
        let start = state.at;
        state.at += size;
        start as *mut u8
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if is_large(&layout) {
            // SAFETY: such a block is one of `map`.
            return unsafe { sys::unmap(block as usize, pages(layout.size())) };
        }
        let (class, _) = class_of(layout.size());
        // SAFETY: as in `alloc`; the block is nobody's any more, and no block is smaller than a word.
        unsafe {
            let state = &mut *self.0.get();
            if let Some(list) = state.free.get_mut(class) {
                *block.cast::<usize>() = *list;
                *list = block as usize;
            }
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if is_large(&layout) {
            return mapped(&layout);
        }
        // SAFETY: the block has this size, if there is one.
        unsafe {
            let block = self.alloc(layout);
            if !block.is_null() {
                ptr::write_bytes(block, 0, layout.size());
            }
            block
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let Ok(wanted) = Layout::from_size_align(new_size, layout.align()) else {
            return ptr::null_mut();
        };
        if is_large(&layout) && is_large(&wanted) {
            // SAFETY: such a block is one of `map`.
            return granted(unsafe { sys::remap(block as usize, pages(layout.size()), pages(new_size)) });
        }
        if !is_large(&layout) && !is_large(&wanted) && class_of(layout.size()) == class_of(new_size) {
            return block;
        }
        // SAFETY: both blocks hold what is copied, and they are apart.
        unsafe {
            let fresh = self.alloc(wanted);
            if !fresh.is_null() {
                ptr::copy_nonoverlapping(block, fresh, layout.size().min(new_size));
                self.dealloc(block, layout);
            }
            fresh
        }
    }
}

impl State {
    #[cold]
    fn refill(&mut self) -> bool {
        if self.end == 0 {
            self.at = FIRST.0.get() as usize;
            self.end = self.at + FIRST_CHUNK;
            return true;
        }
        let start = granted(sys::map(CHUNK)) as usize;
        if start != 0 {
            self.at = start;
            self.end = start + CHUNK;
        }
        start != 0
    }
}
