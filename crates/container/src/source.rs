//! Where bytes come from: memory, a mapped file, or a caller that reads pieces on demand.

use alloc::{string::String, vec, vec::Vec};

use crate::{Error, Field};

/// Bytes that can be read at any place.
pub trait Source {
    /// Bytes in all.
    fn size(&self) -> u64;

    /// Fill `out` with the bytes from `offset` on; [`Error::Unreadable`] or [`Error::Truncated`] where they are missing.
    fn read(&mut self, offset: u64, out: &mut [u8]) -> Result<(), Error>;

    /// All of the bytes, where they are in memory already.
    fn whole(&self) -> Option<&[u8]> {
        None
    }
}

impl Source for &[u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read(&mut self, offset: u64, out: &mut [u8]) -> Result<(), Error> {
        let end = offset.saturating_add(out.len() as u64);
        let truncated = Error::Truncated { expected: end, got: self.len() as u64 };
        if end > self.len() as u64 {
            return Err(truncated);
        }
        out.copy_from_slice(&self[offset as usize..end as usize]);
        Ok(())
    }

    fn whole(&self) -> Option<&[u8]> {
        Some(self)
    }
}

/// A place in a source that moves on as it is read; it never reads or allocates beyond the end of the file.
pub(crate) struct Cursor<'a, S: Source> {
    source: &'a mut S,
    at: u64,
    end: u64,
}

impl<'a, S: Source> Cursor<'a, S> {
    /// From `at` to the end of the source.
    pub(crate) fn new(source: &'a mut S, at: u64) -> Self {
        let end = source.size();
        Self { source, at, end }
    }

    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    /// Go on behind `length` bytes, which must be there.
    pub(crate) fn skip(&mut self, length: u64) -> Result<(), Error> {
        self.at = self.behind(length)?;
        Ok(())
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let next = self.behind(N as u64)?;
        let mut bytes = [0; N];
        self.source.read(self.at, &mut bytes)?;
        self.at = next;
        Ok(bytes)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Error> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Error> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Error> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Error> {
        self.array().map(u64::from_le_bytes)
    }

    /// So many bytes; `most` and the end of the file are asked before memory is.
    pub(crate) fn bytes(&mut self, field: Field, length: u64, most: u64) -> Result<Vec<u8>, Error> {
        if length > most {
            return Err(Error::Limit { field, offset: self.at, most, got: length });
        }
        let next = self.behind(length)?;
        let mut bytes = vec![0; length as usize];
        self.source.read(self.at, &mut bytes)?;
        self.at = next;
        Ok(bytes)
    }

    /// So many bytes of UTF-8.
    pub(crate) fn text(&mut self, field: Field, length: u64, most: u64) -> Result<String, Error> {
        let offset = self.at;
        String::from_utf8(self.bytes(field, length, most)?).map_err(|_| Error::Text { field, offset })
    }

    fn behind(&self, length: u64) -> Result<u64, Error> {
        let next = self.at.saturating_add(length);
        if next > self.end { Err(Error::Truncated { expected: next, got: self.end }) } else { Ok(next) }
    }
}
