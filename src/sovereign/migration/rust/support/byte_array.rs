//! `ByteArray`, Python's `bytearray`: a handle, whose clone is the same array. What changes nothing is asked of `to_bytes()`.
//!
//! `ByteArray::from(Vec<u8>)`; `len`, `item`, `set_item`, `del_item`, `slice`, `slice_step`, `set_slice`, `append`, `extend`, `insert`,
//! `pop`, `pop_at`, `remove`, `reverse`, `clear`, `copy`, `concat`, `repeat`, `contains_byte`, `decode`, `iter`, `borrow`, `borrow_mut`.

use crate::{
    byte_of_number, decode_bytes, hash_identity, index_in, position, range_in, slice_bounds, write_quoted_bytes, Bytes,
    Exc, Iter, Iterable, Object, Ordered, Str, INDEX_ERROR, VALUE_ERROR,
};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Ref, RefCell, RefMut};
use core::cmp::Ordering;

/// Bytes that change.
#[derive(Clone, Default)]
pub struct ByteArray(Rc<RefCell<Vec<u8>>>);

impl From<Vec<u8>> for ByteArray {
    fn from(bytes: Vec<u8>) -> Self {
        ByteArray(Rc::new(RefCell::new(bytes)))
    }
}

impl From<&[u8]> for ByteArray {
    fn from(bytes: &[u8]) -> Self {
        ByteArray::from(bytes.to_vec())
    }
}

impl ByteArray {
    /// The bytes, to read.
    #[inline]
    pub fn borrow(&self) -> Ref<'_, Vec<u8>> {
        self.0.borrow()
    }

    /// The bytes, to change.
    #[inline]
    pub fn borrow_mut(&self) -> RefMut<'_, Vec<u8>> {
        self.0.borrow_mut()
    }

    /// `bytes(self)`.
    pub fn to_bytes(&self) -> Bytes {
        Bytes::from(self.borrow().as_slice())
    }

    /// `self is other`.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// `len(self)`.
    #[inline]
    pub fn len(&self) -> i64 {
        self.borrow().len() as i64
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.borrow().is_empty()
    }
}

impl ByteArray {
    /// `self[index]`.
    #[inline]
    pub fn item(&self, index: i64) -> Result<i64, Exc> {
        let bytes = self.borrow();
        Ok(i64::from(bytes[index_in(index, bytes.len(), "bytearray index")?]))
    }

    /// `self[index] = number`.
    #[inline]
    pub fn set_item(&self, index: i64, number: i64) -> Result<(), Exc> {
        let mut bytes = self.borrow_mut();
        let at = index_in(index, bytes.len(), "bytearray index")?;
        bytes[at] = byte_of_number(number)?;
        Ok(())
    }

    /// `del self[index]`.
    pub fn del_item(&self, index: i64) -> Result<(), Exc> {
        let at = index_in(index, self.borrow().len(), "bytearray index")?;
        self.borrow_mut().remove(at);
        Ok(())
    }

    /// `self[start:stop]`.
    pub fn slice(&self, start: Option<i64>, stop: Option<i64>) -> ByteArray {
        let bytes = self.borrow();
        let (start, stop) = range_in(start, stop, bytes.len());
        ByteArray::from(&bytes[start..stop])
    }

    /// `self[start:stop:step]`.
    pub fn slice_step(&self, start: Option<i64>, stop: Option<i64>, step: i64) -> Result<ByteArray, Exc> {
        let bytes = self.borrow();
        let span = slice_bounds(start, stop, step, bytes.len() as i64)?;
        Ok(ByteArray::from(span.positions().map(|at| bytes[at]).collect::<Vec<u8>>()))
    }

    /// `self[start:stop] = values`.
    pub fn set_slice(&self, start: Option<i64>, stop: Option<i64>, values: &[u8]) {
        let mut bytes = self.borrow_mut();
        let (start, stop) = range_in(start, stop, bytes.len());
        bytes.splice(start..stop, values.iter().copied());
    }
}

impl ByteArray {
    /// `self.append(number)`.
    #[inline]
    pub fn append(&self, number: i64) -> Result<(), Exc> {
        let byte = byte_of_number(number)?;
        self.borrow_mut().push(byte);
        Ok(())
    }

    /// `self.extend(bytes)` and `self += bytes`.
    pub fn extend(&self, bytes: &[u8]) {
        self.borrow_mut().extend_from_slice(bytes);
    }

    /// `self.extend(numbers)`.
    pub fn extend_numbers(&self, numbers: impl IntoIterator<Item = i64>) -> Result<(), Exc> {
        let bytes = numbers.into_iter().map(byte_of_number).collect::<Result<Vec<u8>, Exc>>()?;
        self.extend(&bytes);
        Ok(())
    }

    /// `self.insert(index, number)`.
    pub fn insert(&self, index: i64, number: i64) -> Result<(), Exc> {
        let byte = byte_of_number(number)?;
        let mut bytes = self.borrow_mut();
        let (at, _) = range_in(Some(index), None, bytes.len());
        bytes.insert(at, byte);
        Ok(())
    }

    /// `self.pop()`.
    pub fn pop(&self) -> Result<i64, Exc> {
        self.pop_at(-1)
    }

    /// `self.pop(index)`.
    pub fn pop_at(&self, index: i64) -> Result<i64, Exc> {
        let mut bytes = self.borrow_mut();
        if bytes.is_empty() {
            return Err(Exc::new(&INDEX_ERROR, "pop from empty bytearray"));
        }
        let at = position(index, bytes.len()).ok_or_else(|| crate::out_of_range("pop index"))?;
        Ok(i64::from(bytes.remove(at)))
    }

    /// `self.remove(number)`.
    pub fn remove(&self, number: i64) -> Result<(), Exc> {
        let byte = byte_of_number(number)?;
        let mut bytes = self.borrow_mut();
        let at = bytes.iter().position(|other| *other == byte);
        let at = at.ok_or_else(|| Exc::new(&VALUE_ERROR, "value not found in bytearray"))?;
        bytes.remove(at);
        Ok(())
    }

    /// `self.reverse()`.
    pub fn reverse(&self) {
        self.borrow_mut().reverse();
    }

    /// `self.clear()`.
    pub fn clear(&self) {
        self.borrow_mut().clear();
    }
}

impl ByteArray {
    /// `self.copy()`.
    pub fn copy(&self) -> ByteArray {
        ByteArray::from(self.borrow().clone())
    }

    /// `self + other`.
    pub fn concat(&self, other: &[u8]) -> ByteArray {
        ByteArray::from([self.borrow().as_slice(), other].concat())
    }

    /// `self * count`.
    pub fn repeat(&self, count: i64) -> ByteArray {
        ByteArray::from(self.borrow().repeat(usize::try_from(count).unwrap_or(0)))
    }

    /// `number in self`.
    pub fn contains_byte(&self, number: i64) -> Result<bool, Exc> {
        Ok(self.borrow().contains(&byte_of_number(number)?))
    }

    /// `self.decode(encoding, errors)`.
    pub fn decode(&self, encoding: &str, errors: &str) -> Result<Str, Exc> {
        decode_bytes(&self.borrow(), encoding, errors)
    }
}

/// The numbers of a byte array by their positions, so it sees the array grow and shrink.
pub struct ByteArrayIter {
    bytes: ByteArray,
    at: usize,
}

impl Iterator for ByteArrayIter {
    type Item = i64;
    #[inline]
    fn next(&mut self) -> Option<i64> {
        let byte = self.bytes.borrow().get(self.at).copied();
        self.at += 1;
        byte.map(i64::from)
    }
}

impl ByteArray {
    /// The numbers, as a `for` loop meets them.
    pub fn iter(&self) -> ByteArrayIter {
        ByteArrayIter { bytes: self.clone(), at: 0 }
    }
}

impl IntoIterator for &ByteArray {
    type Item = i64;
    type IntoIter = ByteArrayIter;
    fn into_iter(self) -> ByteArrayIter {
        self.iter()
    }
}

impl Iterable for ByteArray {
    type Item = i64;
    fn to_iter(&self) -> Iter<i64> {
        Iter::infallible(self.iter())
    }
}

impl Object for ByteArray {
    fn write_repr(&self, out: &mut String) {
        out.push_str("bytearray(");
        write_quoted_bytes(&self.borrow(), true, out);
        out.push(')');
    }
    fn equals(&self, other: &Self) -> bool {
        *self.borrow() == *other.borrow()
    }
    fn hash(&self) -> u64 {
        // Python refuses it, and so does the translator.
        hash_identity(&*self.0)
    }
    fn truth(&self) -> bool {
        !self.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "bytearray"
    }
}

impl Ordered for ByteArray {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.borrow().cmp(&other.borrow()))
    }
    fn is_total(&self) -> bool {
        true
    }
}
