//! Memory of the heap whose lack is an answer and not a panic.

use alloc::alloc::{alloc_zeroed, dealloc};
use core::alloc::Layout;
use core::ptr::NonNull;
use core::slice;

use crate::slices;

/// A piece of the heap; every byte of it was written at some time, be it with zero.
#[derive(Debug)]
pub struct Block {
    start: NonNull<u8>,
    size: usize,
}

impl Block {
    /// No memory.
    pub const fn none() -> Block {
        Block { start: NonNull::dangling(), size: 0 }
    }

    /// Memory of zeros; the kernel's own are not touched until they are used.
    pub fn zeroed(size: usize) -> Option<Block> {
        if size == 0 {
            return Some(Block::none());
        }
        let layout = Layout::array::<u8>(size).ok()?;
        // SAFETY: the size is not zero.
        let start = NonNull::new(unsafe { alloc_zeroed(layout) })?;
        Some(Block { start, size })
    }

    /// Have at least so many bytes, and keep those that are there; whether that worked.
    pub fn grow(&mut self, size: usize) -> bool {
        let Some(mut larger) = Block::zeroed(size.max(self.size)) else {
            return false;
        };
        slices::fill(larger.bytes_mut(), self.bytes());
        *self = larger;
        true
    }

    /// How much there is.
    pub fn size(&self) -> usize {
        self.size
    }

    /// All of it.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: so many bytes are there, and each has a value.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.size) }
    }

    /// All of it, to be changed.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above, and they are ours alone.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), self.size) }
    }
}

impl Default for Block {
    fn default() -> Block {
        Block::none()
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        if let (Ok(layout), true) = (Layout::array::<u8>(self.size), self.size > 0) {
            // SAFETY: the memory is ours and has this layout.
            unsafe { dealloc(self.start.as_ptr(), layout) };
        }
    }
}

// SAFETY: the memory belongs to the block alone.
unsafe impl Send for Block {}
