//! `Bytes` and `ByteArray`: for now their making and showing.
use crate::{hash_text, write_quoted_bytes, Object, Ordered};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::Deref;

/// Python's `bytes`; a clone is cheap.
#[derive(Clone)]
pub struct Bytes(Rc<[u8]>);

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        Bytes(Rc::from(bytes))
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Bytes {
        Bytes(Rc::from(bytes))
    }
}

impl Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Object for Bytes {
    fn write_repr(&self, out: &mut String) {
        write_quoted_bytes(self, out);
    }
    fn equals(&self, other: &Self) -> bool {
        self.0 == other.0
    }
    fn hash(&self) -> u64 {
        hash_text(self)
    }
    fn truth(&self) -> bool {
        !self.0.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "bytes"
    }
}

impl Ordered for Bytes {
    #[inline]
    fn is_total(&self) -> bool {
        true
    }
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.0.cmp(&other.0))
    }
}
