//! Lines on their way out.

use std::io::{self, Write};

/// So much is collected before it is handed on.
pub(super) const FULL: usize = 64 * 1024;

/// Collects lines and hands whole ones on.
pub(super) struct Output<W> {
    inner: W,
    pub(super) buffer: Vec<u8>,
}

impl<W: Write> Output<W> {
    pub(super) fn new(inner: W) -> Self {
        Self { inner, buffer: Vec::with_capacity(2 * FULL) }
    }

    /// Hand on the lines that are whole, where they are so long at least.
    pub(super) fn pass(&mut self, least: usize) -> io::Result<()> {
        let length = self.buffer.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
        if length < least.max(1) {
            return Ok(());
        }
        let written = self.inner.write_all(&self.buffer[..length]);
        self.buffer.drain(..length);
        written
    }

    /// Hand on what there is.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.pass(1)?;
        self.inner.flush()
    }
}
