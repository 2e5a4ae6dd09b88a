//! Memory for arrays: blocks aligned to a cache line, kept when they are given back, so that the next array of about
//! that size needs neither the allocator nor fresh pages.
//!
//! Everything here runs with the interpreter locked, which is what keeps two threads apart.

use std::{
    alloc::{Layout, alloc, dealloc},
    cell::UnsafeCell,
    ptr::{self, NonNull},
};

use pyo3::{prelude::*, types::PyDict};

use crate::{
    call::{Answer, Call, none},
    dtype::integer,
    errors::Failure,
};

/// A cache line, and the widest register.
const ALIGNMENT: usize = 64;

/// Blocks of at least this size lie on huge pages where the system has them.
const HUGE: usize = 2 << 20;

/// Sizes are one to four cache lines, then four steps to each power of two, up to 128 TiB.
const CLASSES: usize = 4 + 4 * 40;

/// What free blocks may hold together, unless [`set_limit`] says otherwise.
const LIMIT: usize = 256 << 20;

/// Where nothing lies; aligned as all blocks are.
const NOWHERE: NonNull<u8> = NonNull::new(ptr::without_provenance_mut(ALIGNMENT)).expect("it is not null");

/// A piece of memory that belongs to its holder until [`give`].
#[derive(Clone, Copy)]
pub(crate) struct Block {
    pub(crate) start: NonNull<u8>,
    class: Option<Class>,
}

/// A size of blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Class(u8);

/// What stands in a free block.
struct Free {
    next: *mut Free,
}

struct Pool {
    free: [*mut Free; CLASSES],
    limit: usize,
    kept: usize,
    used: usize,
    hits: u64,
    misses: u64,
}

struct Locked(UnsafeCell<Pool>);

// SAFETY: every function of this file is called with the interpreter locked.
unsafe impl Sync for Locked {}

static POOL: Locked = Locked(UnsafeCell::new(Pool {
    free: [ptr::null_mut(); CLASSES],
    limit: LIMIT,
    kept: 0,
    used: 0,
    hits: 0,
    misses: 0,
}));

/// The pool, for the length of one function that runs no other code.
#[inline]
fn with<T>(body: impl FnOnce(&mut Pool) -> T) -> T {
    // SAFETY: the interpreter is locked, and no `body` in this file calls Python or comes back here.
    body(unsafe { &mut *POOL.0.get() })
}

impl Class {
    /// The smallest that holds so many bytes.
    #[inline]
    fn of(bytes: usize) -> Option<Self> {
        let lines = bytes.div_ceil(ALIGNMENT);
        if lines <= 4 {
            return Some(Self(lines.max(1) as u8 - 1));
        }
        let power = (lines - 1).ilog2() as usize;
        let quarter = (lines - 1) >> (power - 2) & 3;
        let class = 4 + 4 * (power - 2) + quarter;
        (class < CLASSES).then_some(Self(class as u8))
    }

    #[inline]
    fn size(self) -> usize {
        let class = usize::from(self.0);
        if class < 4 {
            return (class + 1) * ALIGNMENT;
        }
        let (power, quarter) = ((class - 4) / 4 + 2, (class - 4) % 4);
        ((4 + quarter + 1) << (power - 2)) * ALIGNMENT
    }

    fn layout(self) -> Option<Layout> {
        let size = self.size();
        Layout::from_size_align(size, if size >= HUGE { HUGE } else { ALIGNMENT }).ok()
    }

    #[cold]
    fn allocate(self) -> Option<NonNull<u8>> {
        let layout = self.layout()?;
        // SAFETY: no class is empty.
        let start = NonNull::new(unsafe { alloc(layout) })?;
        if layout.align() == HUGE {
            ask_for_huge_pages(start, layout.size());
        }
        Some(start)
    }

    fn release(self, start: NonNull<u8>) {
        if let Some(layout) = self.layout() {
            // SAFETY: the block came from `allocate` of this class.
            unsafe { dealloc(start.as_ptr(), layout) };
        }
    }
}

/// A block of at least so many bytes, with anything in it; none when memory is exhausted.
#[inline]
pub(crate) fn take(bytes: usize) -> Result<Block, Failure> {
    if bytes == 0 {
        return Ok(Block { start: NOWHERE, class: None });
    }
    let class = Class::of(bytes).ok_or(Failure::NoMemory)?;
    let start = with(|pool| {
        let start = match NonNull::new(pool.free[usize::from(class.0)]) {
            Some(free) => {
                // SAFETY: a free block begins with the pointer to the next one.
                pool.free[usize::from(class.0)] = unsafe { free.as_ref() }.next;
                pool.kept -= class.size();
                pool.hits += 1;
                free.cast()
            }
            None => {
                pool.misses += 1;
                class.allocate().or_else(|| {
                    // What is kept for later is worth less than what is needed now.
                    pool.shrink(0);
                    class.allocate()
                })?
            }
        };
        pool.used += class.size();
        Some(start)
    });
    Ok(Block { start: start.ok_or(Failure::NoMemory)?, class: Some(class) })
}

/// Give a block back; nobody may use it any more.
#[inline]
pub(crate) fn give(block: Block) {
    let Some(class) = block.class else { return };
    with(|pool| {
        let size = class.size();
        pool.used -= size;
        if pool.kept + size > pool.limit && !pool.make_room(size) {
            class.release(block.start);
            return;
        }
        let free = block.start.cast::<Free>();
        let head = &mut pool.free[usize::from(class.0)];
        // SAFETY: the block is ours, aligned to 64 bytes, and at least that large.
        unsafe { free.write(Free { next: *head }) };
        *head = free.as_ptr();
        pool.kept += size;
    });
}

impl Pool {
    /// Release kept blocks, largest first, until another of this size may be kept; sizes that are asked for now shall
    /// not be shut out by those of earlier.
    #[cold]
    fn make_room(&mut self, size: usize) -> bool {
        size <= self.limit && {
            self.shrink(self.limit - size);
            true
        }
    }

    /// Release kept blocks, largest first, until no more than this is kept.
    fn shrink(&mut self, allowed: usize) {
        for place in (0..CLASSES).rev() {
            let class = Class(place as u8);
            while self.kept > allowed {
                let Some(free) = NonNull::new(self.free[place]) else { break };
                // SAFETY: a free block begins with the pointer to the next one.
                self.free[place] = unsafe { free.as_ref() }.next;
                self.kept -= class.size();
                class.release(free.cast());
            }
        }
    }
}

/// Ask the system for huge pages; it may say no, and nothing is lost then.
fn ask_for_huge_pages(start: NonNull<u8>, size: usize) {
    #[cfg(target_os = "linux")]
    // SAFETY: the block is ours and starts at a page.
    unsafe {
        libc::madvise(start.as_ptr().cast(), size, libc::MADV_HUGEPAGE);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (start, size);
}

/// A block that is given back when it goes out of use; the interpreter is locked then.
pub(crate) struct Scratch(Block);

impl Scratch {
    pub(crate) fn new(bytes: usize) -> Result<Self, Failure> {
        take(bytes).map(Self)
    }

    pub(crate) fn start(&self) -> *mut u8 {
        self.0.start.as_ptr()
    }
}

impl Scratch {
    /// The block, which is the caller's to give back now.
    pub(crate) fn into_block(self) -> Block {
        let block = self.0;
        std::mem::forget(self);
        block
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        give(self.0);
    }
}

pub(crate) fn facts(call: &Call) -> Answer {
    let [] = call.positional()?;
    call.no_keywords()?;
    let facts = with(|pool| {
        let count = |number: usize| number as u64;
        [
            ("used_bytes", count(pool.used)),
            ("kept_bytes", count(pool.kept)),
            ("limit_bytes", count(pool.limit)),
            ("hits", pool.hits),
            ("misses", pool.misses),
        ]
    });
    Python::attach(|py| {
        let dict = PyDict::new(py);
        for (name, value) in facts {
            dict.set_item(name, value)?;
        }
        Ok(dict.into_any().into_ptr())
    })
}

pub(crate) fn set_limit(call: &Call) -> Answer {
    let [bytes] = call.positional()?;
    call.no_keywords()?;
    let bytes = integer(bytes)?;
    let limit = usize::try_from(bytes).map_err(|_| Failure::Parameter {
        name: "bytes",
        value: bytes.to_string(),
        allowed: "0 or more".to_owned(),
    })?;
    with(|pool| {
        pool.limit = limit;
        pool.shrink(limit);
    });
    Ok(none())
}

pub(crate) fn trim(call: &Call) -> Answer {
    let [] = call.positional()?;
    call.no_keywords()?;
    with(|pool| pool.shrink(0));
    Ok(none())
}
