//! `Range`, Python's `range` object: `Range::new(start, stop, step)?`, `Range::to(stop)`, `Range::between(start, stop)`; `len`,
//! `item`, `slice_step`, `contains`, `index`, `count`, `reversed`, `iter`; `start`, `stop`, `step`.

use crate::{index_in, slice_bounds, Exc, Int, Iter, Iterable, Object, TupleHash, VALUE_ERROR};
use alloc::string::String;

/// A range of integers.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// The first number.
    pub start: i64,
    /// Where it ends.
    pub stop: i64,
    /// The distance.
    pub step: i64,
}

impl Range {
    /// `range(start, stop, step)`.
    pub fn new(start: i64, stop: i64, step: i64) -> Result<Range, Exc> {
        if step == 0 {
            return Err(Exc::new(&VALUE_ERROR, "range() arg 3 must not be zero"));
        }
        Ok(Range { start, stop, step })
    }

    /// `range(stop)`.
    pub const fn to(stop: i64) -> Range {
        Range { start: 0, stop, step: 1 }
    }

    /// `range(start, stop)`.
    pub const fn between(start: i64, stop: i64) -> Range {
        Range { start, stop, step: 1 }
    }

    /// `len(self)`.
    pub fn len(&self) -> i64 {
        let (low, high) = if self.step > 0 { (self.start, self.stop) } else { (self.stop, self.start) };
        if low >= high {
            return 0;
        }
        let count = (high.abs_diff(low) - 1) / self.step.unsigned_abs() + 1;
        count.min(i64::MAX as u64) as i64
    }

    /// Whether it has no numbers.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The numbers of a `range` of big integers.
pub fn big_range(start: &Int, stop: &Int, step: &Int) -> Result<impl Iterator<Item = Int>, Exc> {
    if *step == 0 {
        return Err(Exc::new(&VALUE_ERROR, "range() arg 3 must not be zero"));
    }
    let (stop, step, is_up) = (stop.clone(), step.clone(), !step.is_negative());
    let mut following = start.clone();
    Ok(core::iter::from_fn(move || {
        let is_inside = if is_up { following < stop } else { following > stop };
        if !is_inside {
            return None;
        }
        let after = &following + &step;
        Some(core::mem::replace(&mut following, after))
    }))
}

impl Range {
    /// `self[index]`.
    pub fn item(&self, index: i64) -> Result<i64, Exc> {
        let at = index_in(index, self.len() as usize, "range object index")?;
        Ok(self.start + at as i64 * self.step)
    }

    /// `self[start:stop:step]`.
    pub fn slice_step(&self, start: Option<i64>, stop: Option<i64>, step: i64) -> Result<Range, Exc> {
        let span = slice_bounds(start, stop, step, self.len())?;
        let number = |at: i64| self.start + at * self.step;
        Ok(Range { start: number(span.start), stop: number(span.stop), step: self.step * step })
    }

    /// `value in self`.
    pub fn contains(&self, value: i64) -> bool {
        self.place_of(value).is_some()
    }

    /// Where a number stands.
    pub fn place_of(&self, value: i64) -> Option<i64> {
        let is_inside = if self.step > 0 {
            self.start <= value && value < self.stop
        } else {
            self.stop < value && value <= self.start
        };
        if !is_inside {
            return None;
        }
        let distance = value.abs_diff(self.start);
        let step = self.step.unsigned_abs();
        (distance % step == 0).then_some((distance / step) as i64)
    }

    /// `self.index(value)`.
    pub fn index(&self, value: i64) -> Result<i64, Exc> {
        self.place_of(value).ok_or_else(|| Exc::new(&VALUE_ERROR, alloc::format!("{value} is not in range")))
    }

    /// `self.count(value)`.
    pub fn count(&self, value: i64) -> i64 {
        i64::from(self.contains(value))
    }

    /// `reversed(self)`.
    pub fn reversed(&self) -> RangeIter {
        let count = self.len();
        RangeIter { next: self.start + (count - 1) * self.step, step: -self.step, left: count }
    }

    /// The numbers, as a `for` loop meets them.
    #[inline]
    pub fn iter(&self) -> RangeIter {
        RangeIter { next: self.start, step: self.step, left: self.len() }
    }
}

/// The numbers of a range.
#[derive(Clone)]
pub struct RangeIter {
    next: i64,
    step: i64,
    left: i64,
}

impl Iterator for RangeIter {
    type Item = i64;
    #[inline]
    fn next(&mut self) -> Option<i64> {
        if self.left <= 0 {
            return None;
        }
        self.left -= 1;
        let number = self.next;
        // Behind the last number it may leave 64 bits, where it is not used.
        self.next = number.wrapping_add(self.step);
        Some(number)
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left as usize, Some(self.left as usize))
    }
}

impl ExactSizeIterator for RangeIter {}

impl DoubleEndedIterator for RangeIter {
    fn next_back(&mut self) -> Option<i64> {
        if self.left <= 0 {
            return None;
        }
        self.left -= 1;
        Some(self.next + self.left * self.step)
    }
}

impl IntoIterator for Range {
    type Item = i64;
    type IntoIter = RangeIter;
    #[inline]
    fn into_iter(self) -> RangeIter {
        self.iter()
    }
}

impl IntoIterator for &Range {
    type Item = i64;
    type IntoIter = RangeIter;
    fn into_iter(self) -> RangeIter {
        self.iter()
    }
}

impl Iterable for Range {
    type Item = i64;
    fn to_iter(&self) -> Iter<i64> {
        Iter::infallible(self.iter())
    }
}

impl Object for Range {
    fn write_repr(&self, out: &mut String) {
        use core::fmt::Write;
        // Writing to a string does not fail.
        let _ = match self.step {
            1 => write!(out, "range({}, {})", self.start, self.stop),
            step => write!(out, "range({}, {}, {step})", self.start, self.stop),
        };
    }
    fn equals(&self, other: &Self) -> bool {
        let count = self.len();
        count == other.len() && (count == 0 || self.start == other.start && (count == 1 || self.step == other.step))
    }
    fn hash(&self) -> u64 {
        let count = self.len();
        let mut hash = TupleHash::new();
        hash.add(count.hash());
        hash.add(if count == 0 { ().hash() } else { self.start.hash() });
        hash.add(if count <= 1 { ().hash() } else { self.step.hash() });
        hash.finish()
    }
    fn truth(&self) -> bool {
        !self.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "range"
    }
}
