//! `Seq<T>`, the tuple whose length is known only when the program runs: `Seq::from(Vec)`, `collect()`; `len`, `item`, `slice`,
//! `slice_step`, `concat`, `repeat`, `contains`, `index`, `count`, `iter`. It derefs to a slice.

use crate::{
    compare_items, index_in, range_in, same_items, slice_bounds, Exc, Iter, Iterable, List, Object, Ordered, TupleHash,
    VALUE_ERROR,
};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::Deref;

/// A tuple of any length.
pub struct Seq<T>(Rc<[T]>);

impl<T> Clone for Seq<T> {
    #[inline]
    fn clone(&self) -> Self {
        Seq(Rc::clone(&self.0))
    }
}

impl<T> Deref for Seq<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> From<Vec<T>> for Seq<T> {
    fn from(items: Vec<T>) -> Self {
        Seq(Rc::from(items))
    }
}

impl<T> FromIterator<T> for Seq<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Seq(items.into_iter().collect())
    }
}

impl<T> Default for Seq<T> {
    fn default() -> Self {
        Seq::from(Vec::new())
    }
}

impl<T> Seq<T> {
    /// `len(self)`.
    #[inline]
    pub fn len(&self) -> i64 {
        self.0.len() as i64
    }

    /// Whether it has no items.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `self is other`.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: Clone> Seq<T> {
    /// `self[index]`.
    #[inline]
    pub fn item(&self, index: i64) -> Result<T, Exc> {
        let at = index_in(index, self.0.len(), "tuple index")?;
        Ok(self.0[at].clone())
    }

    /// `self[start:stop]`.
    pub fn slice(&self, start: Option<i64>, stop: Option<i64>) -> Seq<T> {
        let (start, stop) = range_in(start, stop, self.0.len());
        Seq(Rc::from(&self.0[start..stop]))
    }

    /// `self[start:stop:step]`.
    pub fn slice_step(&self, start: Option<i64>, stop: Option<i64>, step: i64) -> Result<Seq<T>, Exc> {
        let span = slice_bounds(start, stop, step, self.len())?;
        Ok(span.positions().map(|at| self.0[at].clone()).collect())
    }

    /// `self + other`.
    pub fn concat(&self, other: &Seq<T>) -> Seq<T> {
        self.0.iter().chain(other.0.iter()).cloned().collect()
    }

    /// `self * count`.
    pub fn repeat(&self, count: i64) -> Seq<T> {
        let count = usize::try_from(count).unwrap_or(0);
        (0..count).flat_map(|_| self.0.iter().cloned()).collect()
    }

    /// `list(self)`.
    pub fn list(&self) -> List<T> {
        List::from(self.0.to_vec())
    }
}

impl<T: Clone> List<T> {
    /// `tuple(self)`.
    pub fn tuple(&self) -> Seq<T> {
        Seq(Rc::from(self.borrow().as_slice()))
    }
}

impl<T: Object> Seq<T> {
    /// `value in self`.
    pub fn contains(&self, value: &T) -> bool {
        self.0.iter().any(|item| item.equals(value))
    }

    /// `self.index(value)`.
    pub fn index(&self, value: &T) -> Result<i64, Exc> {
        let found = self.0.iter().position(|item| item.equals(value));
        found.map(|at| at as i64).ok_or_else(|| Exc::new(&VALUE_ERROR, "tuple.index(x): x not in tuple"))
    }

    /// `self.count(value)`.
    pub fn count(&self, value: &T) -> i64 {
        self.0.iter().filter(|item| item.equals(value)).count() as i64
    }
}

/// The items of a tuple.
pub struct SeqIter<T> {
    seq: Seq<T>,
    at: usize,
    end: usize,
}

impl<T: Clone> Iterator for SeqIter<T> {
    type Item = T;
    #[inline]
    fn next(&mut self) -> Option<T> {
        let item = self.seq.0[..self.end].get(self.at).cloned();
        self.at += usize::from(item.is_some());
        item
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.end - self.at, Some(self.end - self.at))
    }
}

impl<T: Clone> DoubleEndedIterator for SeqIter<T> {
    fn next_back(&mut self) -> Option<T> {
        if self.at == self.end {
            return None;
        }
        self.end -= 1;
        self.seq.0.get(self.end).cloned()
    }
}

impl<T> Seq<T> {
    /// The items, as a `for` loop meets them.
    #[inline]
    pub fn iter(&self) -> SeqIter<T> {
        SeqIter { seq: self.clone(), at: 0, end: self.0.len() }
    }
}

impl<T: Clone> Seq<T> {
    /// `reversed(self)`.
    pub fn reversed(&self) -> core::iter::Rev<SeqIter<T>> {
        self.iter().rev()
    }
}

impl<T: Clone> IntoIterator for &Seq<T> {
    type Item = T;
    type IntoIter = SeqIter<T>;
    fn into_iter(self) -> SeqIter<T> {
        self.iter()
    }
}

impl<T: Clone + 'static> Iterable for Seq<T> {
    type Item = T;
    fn to_iter(&self) -> Iter<T> {
        Iter::infallible(self.iter())
    }
}

impl<T: Object> Object for Seq<T> {
    fn write_repr(&self, out: &mut String) {
        out.push('(');
        for (index, item) in self.0.iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            item.write_repr(out);
        }
        out.push_str(if self.0.len() == 1 { ",)" } else { ")" });
    }
    fn equals(&self, other: &Self) -> bool {
        same_items(&self.0, &other.0)
    }
    fn hash(&self) -> u64 {
        let mut hash = TupleHash::new();
        self.0.iter().for_each(|item| hash.add(item.hash()));
        hash.finish()
    }
    fn truth(&self) -> bool {
        !self.0.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "tuple"
    }
}

impl<T: Ordered> Ordered for Seq<T> {
    #[inline]
    fn is_total(&self) -> bool {
        self.0.iter().all(Ordered::is_total)
    }
    fn compare(&self, other: &Self) -> Option<Ordering> {
        compare_items(&self.0, &other.0)
    }
}
