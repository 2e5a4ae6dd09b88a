//! Small blocks of memory without a call of the C library: `Pool`, the allocator of programs with an operating system.

use core::alloc::Layout;
use core::cell::Cell;
use core::ptr::null_mut;
use std::alloc::{GlobalAlloc, System};

/// Blocks are handed out in multiples of this, which is also the strictest alignment among them.
pub const GRAIN: usize = 16;

/// The largest block of the pool; larger ones are the C library's.
pub const LARGEST: usize = 512;

/// What the pool takes from the C library at once, as long as the program is small.
pub const CHUNK: usize = 1 << 18;

/// What it takes when it has taken as much: large pages of the processor, which cost one fault each and not hundreds.
pub const LARGE_CHUNK: usize = 1 << 21;

/// Lists of free blocks, one for each size, and the unused rest of the last chunk; each thread has its own.
pub struct Shelves {
    free: [Cell<*mut u8>; LARGEST / GRAIN + 1],
    rest: Cell<*mut u8>,
    left: Cell<usize>,
    taken: Cell<usize>,
}

/// An allocator that keeps small blocks for reuse.
pub struct Pool;

/// The allocator of the program.
#[global_allocator]
pub static POOL: Pool = Pool;

/// The number of the list that serves a layout; none where the C library does.
#[inline]
pub const fn shelf_of(layout: Layout) -> Option<usize> {
    if layout.size() <= LARGEST && layout.align() <= GRAIN {
        Some(layout.size().div_ceil(GRAIN))
    } else {
        None
    }
}

impl Pool {
    /// Do something with the lists of this thread.
    #[inline]
    pub fn with<R>(work: impl FnOnce(&Shelves) -> R) -> R {
        std::thread_local! {
            static SHELVES: Shelves = const {
                Shelves {
                    free: [const { Cell::new(null_mut()) }; LARGEST / GRAIN + 1],
                    rest: Cell::new(null_mut()),
                    left: Cell::new(0),
                    taken: Cell::new(0),
                }
            };
        }
        SHELVES.with(work)
    }
}

/// Memory for many blocks; null when there is none.
pub fn new_chunk(room: usize) -> *mut u8 {
    let is_large = room >= LARGE_CHUNK;
    let align = if is_large { LARGE_CHUNK } else { GRAIN };
    let room = room.next_multiple_of(align);
    // SAFETY: the size of the layout is not 0, and the alignment is a power of two.
    let chunk = unsafe { System.alloc(Layout::from_size_align_unchecked(room, align)) };
    #[cfg(target_os = "linux")]
    if is_large && !chunk.is_null() {
        // SAFETY: the chunk is ours and is one large page; the advice changes none of its bytes, and the kernel may refuse.
        unsafe { c_pages::madvise(chunk.cast(), room, c_pages::MADV_HUGEPAGE) };
    }
    chunk
}

/// What the C library says to the kernel about pages.
#[cfg(target_os = "linux")]
pub mod c_pages {
    use core::ffi::{c_int, c_void};

    /// Large pages are welcome.
    pub const MADV_HUGEPAGE: c_int = 14;

    extern "C" {
        /// `madvise(2)`.
        pub fn madvise(address: *mut c_void, length: usize, advice: c_int) -> c_int;
    }
}

impl Shelves {
    /// A block; null when there is no memory.
    #[inline]
    pub fn take(&self, shelf: usize) -> *mut u8 {
        let block = self.free[shelf].get();
        if block.is_null() {
            return self.cut(shelf);
        }
        // SAFETY: a free block begins with the address of the next one, as `put` wrote it; `GRAIN` has room for it.
        self.free[shelf].set(unsafe { *block.cast::<*mut u8>() });
        block
    }

    /// Take a block back that nobody uses any more.
    #[inline]
    pub fn put(&self, shelf: usize, block: *mut u8) {
        // SAFETY: the block came from `take` of the same shelf, so that it is aligned and has room for an address.
        unsafe { *block.cast::<*mut u8>() = self.free[shelf].get() };
        self.free[shelf].set(block);
    }

    /// A block of a size of which none is free.
    #[cold]
    #[inline(never)]
    pub fn cut(&self, shelf: usize) -> *mut u8 {
        let size = shelf * GRAIN;
        if self.left.get() < size {
            let room = if self.taken.get() < LARGE_CHUNK / 4 { CHUNK } else { LARGE_CHUNK };
            let chunk = new_chunk(room);
            if chunk.is_null() {
                return chunk;
            }
            self.rest.set(chunk);
            self.left.set(room);
            self.taken.set(self.taken.get() + room);
        }
        let block = self.rest.get();
        // SAFETY: at least `size` bytes of the chunk are left.
        self.rest.set(unsafe { block.add(size) });
        self.left.set(self.left.get() - size);
        block
    }
}

// SAFETY: a block comes from the free list of its size or from the unused rest of a chunk, so that no two overlap; what
// is handed back goes to the list of the size that it was made for, which is the one that its layout says.
unsafe impl GlobalAlloc for Pool {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match shelf_of(layout) {
            Some(shelf) => Pool::with(|shelves| shelves.take(shelf)),
            // SAFETY: the caller's layout.
            None if layout.size() < LARGE_CHUNK => unsafe { System.alloc(layout) },
            None => new_chunk(layout.size()),
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let Some(shelf) = shelf_of(layout) else {
            // SAFETY: the caller's layout.
            return unsafe { System.alloc_zeroed(layout) };
        };
        let block = Pool::with(|shelves| shelves.take(shelf));
        if !block.is_null() {
            // SAFETY: the block has at least the size of the layout.
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match shelf_of(layout) {
            Some(shelf) => Pool::with(|shelves| shelves.put(shelf, block)),
            // SAFETY: the layout was none of the pool's when the block was made either.
            None => unsafe { System.dealloc(block, layout) },
        }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller keeps to the limits of sizes, and the alignment is that of a layout.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        let (before, after) = (shelf_of(layout), shelf_of(wanted));
        if before.is_none() && after.is_none() && size < LARGE_CHUNK {
            // SAFETY: both layouts are the C library's.
            return unsafe { System.realloc(block, layout, size) };
        }
        if before == after && after.is_some() {
            return block;
        }
        // SAFETY: the new block has room for what is copied, and does not overlap the old one, which goes back.
        unsafe {
            let made = self.alloc(wanted);
            if !made.is_null() {
                core::ptr::copy_nonoverlapping(block, made, layout.size().min(size));
                self.dealloc(block, layout);
            }
            made
        }
    }
}
