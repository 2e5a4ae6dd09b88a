//! Memory for one request: pieces that are handed out one after the other and are all gone with it.

use core::cell::Cell;

/// An arena over memory that the caller has, such as an array on its stack.
pub struct Arena<'a> {
    rest: Cell<&'a mut [u8]>,
}

impl<'a> Arena<'a> {
    /// An arena over this memory.
    pub fn over(memory: &'a mut [u8]) -> Arena<'a> {
        Arena { rest: Cell::new(memory) }
    }

    /// The next bytes, or nothing where not so many are left.
    pub fn take(&self, size: usize) -> Option<&'a mut [u8]> {
        let rest = self.rest.take();
        match rest.split_at_mut_checked(size) {
            Some((taken, left)) => {
                self.rest.set(left);
                Some(taken)
            }
            None => None,
        }
    }

    /// How much is left.
    pub fn left(&self) -> usize {
        let rest = self.rest.take();
        let size = rest.len();
        self.rest.set(rest);
        size
    }

    /// Take all that is left, use some of it, and give the rest back: `fill` says how many bytes it used, or that there
    /// was too little.
    pub fn fill(&self, fill: impl FnOnce(&mut [u8]) -> Option<usize>) -> Option<&'a [u8]> {
        let rest = self.rest.take();
        match fill(&mut *rest).filter(|&used| used <= rest.len()) {
            Some(used) => {
                let (taken, left) = rest.split_at_mut_checked(used)?;
                self.rest.set(left);
                Some(taken)
            }
            None => {
                self.rest.set(rest);
                None
            }
        }
    }
}
