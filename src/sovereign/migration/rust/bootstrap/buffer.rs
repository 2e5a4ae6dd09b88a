//! Bytes that come in: a fixed piece of memory, and the heap for what does not fit.

use crate::block::Block;
use crate::slices;

/// What was received, and room for more.
#[derive(Debug, Default)]
pub struct Buffer<'a> {
    fixed: &'a mut [u8],
    /// Takes the place of `fixed` once it has any size.
    spill: Block,
    filled: usize,
}

impl<'a> Buffer<'a> {
    /// A buffer that begins with this memory.
    pub fn new(fixed: &'a mut [u8]) -> Buffer<'a> {
        Buffer { fixed, spill: Block::none(), filled: 0 }
    }

    /// The bytes so far.
    pub fn bytes(&self) -> &[u8] {
        self.memory().get(..self.filled).unwrap_or_default()
    }

    /// The bytes so far, to be moved about.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        let filled = self.filled;
        self.memory_mut().get_mut(..filled).unwrap_or_default()
    }

    /// Where more bytes go.
    pub fn room(&mut self) -> &mut [u8] {
        let filled = self.filled;
        self.memory_mut().get_mut(filled..).unwrap_or_default()
    }

    /// So many bytes were put into the room.
    pub fn add(&mut self, count: usize) {
        self.filled = self.memory().len().min(self.filled + count);
    }

    /// Keep so many bytes.
    pub fn keep(&mut self, count: usize) {
        self.filled = self.filled.min(count);
    }

    /// Forget all bytes. Memory of the heap stays for the next ones where the last ones needed it.
    pub fn clear(&mut self) {
        if self.filled <= self.fixed.len() {
            self.spill = Block::none();
        }
        self.filled = 0;
    }

    /// Have room for at least one byte, and memory for `total` bytes; whether there is any.
    pub fn reserve(&mut self, total: usize) -> bool {
        let size = self.memory().len();
        if total <= size && self.filled < size {
            return true;
        }
        let is_first = self.spill.size() == 0;
        let is_done = self.spill.grow(total.max(2 * size));
        if is_done && is_first {
            slices::fill(self.spill.bytes_mut(), self.fixed.get(..self.filled).unwrap_or_default());
        }
        is_done
    }

    fn memory(&self) -> &[u8] {
        if self.spill.size() == 0 {
            self.fixed
        } else {
            self.spill.bytes()
        }
    }

    fn memory_mut(&mut self) -> &mut [u8] {
        if self.spill.size() == 0 {
            self.fixed
        } else {
            self.spill.bytes_mut()
        }
    }
}
