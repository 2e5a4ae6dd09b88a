//! Positions in sequences: `index_in`, `slice_bounds`, and the span that a slice names, `Span`.

use crate::{Exc, Kind, INDEX_ERROR, VALUE_ERROR};

/// The items that a slice names: `count` of them from `start`, `step` apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first position.
    pub start: i64,
    /// Where it ends, as `slice.indices` says it.
    pub stop: i64,
    /// The distance.
    pub step: i64,
    /// How many.
    pub count: i64,
}

impl Span {
    /// The positions, in order.
    pub fn positions(self) -> impl Iterator<Item = usize> {
        (0..self.count).map(move |index| (self.start + index * self.step) as usize)
    }
}

/// `sequence[index]` as a position; none outside.
#[inline]
pub fn position(index: i64, length: usize) -> Option<usize> {
    let at = if index < 0 { index + length as i64 } else { index };
    if (at as u64) < length as u64 {
        Some(at as usize)
    } else {
        None
    }
}

/// `sequence[index]` as a position.
#[inline]
pub fn index_in(index: i64, length: usize, what: &'static str) -> Result<usize, Exc> {
    match position(index, length) {
        Some(at) => Ok(at),
        None => Err(out_of_range(what)),
    }
}

/// `IndexError`: `list index out of range` and its like.
#[cold]
pub fn out_of_range(what: &'static str) -> Exc {
    Exc::new(&INDEX_ERROR, alloc::format!("{what} out of range"))
}

/// The start and stop of a slice with step 1, as positions; the stop never comes before the start.
pub fn range_in(start: Option<i64>, stop: Option<i64>, length: usize) -> (usize, usize) {
    let length = length as i64;
    let clip = |at: i64| if at < 0 { (at + length).max(0) } else { at.min(length) };
    let start = start.map_or(0, clip);
    let stop = stop.map_or(length, clip);
    (start as usize, stop.max(start) as usize)
}

/// What `sequence[start:stop:step]` names in a sequence of that length.
pub fn slice_bounds(start: Option<i64>, stop: Option<i64>, step: i64, length: i64) -> Result<Span, Exc> {
    if step == 0 {
        return Err(step_zero(&VALUE_ERROR));
    }
    let (low, high) = if step < 0 { (-1, length - 1) } else { (0, length) };
    let clip = |at: i64| if at < 0 { (at + length).max(low) } else { at.min(high) };
    let start = start.map_or(if step < 0 { high } else { low }, clip);
    let stop = stop.map_or(if step < 0 { low } else { high }, clip);
    let room = if step < 0 { start - stop } else { stop - start };
    let count = if room <= 0 { 0 } else { (room - 1) / step.checked_abs().unwrap_or(i64::MAX) + 1 };
    Ok(Span { start, stop, step, count })
}

/// `slice step cannot be zero`.
#[cold]
pub fn step_zero(kind: &'static Kind) -> Exc {
    Exc::new(kind, "slice step cannot be zero")
}
