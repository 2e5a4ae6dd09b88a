//! `slice(start, stop, step)` as a value: what `__getitem__` of a program's class is given for `x[1:3]`.
//!
//! `SliceObject::new(start, stop, step)` of `Option<i64>`; `indices(length)? -> (i64, i64, i64)`.

use crate::{repr_of, Exc, Object, VALUE_ERROR};
use alloc::format;
use alloc::string::String;

/// The bounds and the step of a slice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SliceObject {
    /// Where it begins.
    pub start: Option<i64>,
    /// Before which it ends.
    pub stop: Option<i64>,
    /// How far it goes each time.
    pub step: Option<i64>,
}

impl SliceObject {
    /// `slice(start, stop, step)`.
    pub const fn new(start: Option<i64>, stop: Option<i64>, step: Option<i64>) -> Self {
        SliceObject { start, stop, step }
    }

    /// `self.indices(length)`.
    pub fn indices(self, length: i64) -> Result<(i64, i64, i64), Exc> {
        if length < 0 {
            return Err(Exc::new(&VALUE_ERROR, "length should not be negative"));
        }
        let step = self.step.unwrap_or(1);
        if step == 0 {
            return Err(Exc::new(&VALUE_ERROR, "slice step cannot be zero"));
        }
        let (least, most) = if step < 0 { (-1, length - 1) } else { (0, length) };
        let clamped = |bound: i64| (if bound < 0 { bound.saturating_add(length) } else { bound }).clamp(least, most);
        let start = self.start.map_or(if step < 0 { most } else { least }, clamped);
        let stop = self.stop.map_or(if step < 0 { least } else { most }, clamped);
        Ok((start, stop, step))
    }
}

impl Object for SliceObject {
    fn write_repr(&self, out: &mut String) {
        let [start, stop, step] = [self.start, self.stop, self.step].map(|bound| repr_of(&bound));
        out.push_str(&format!("slice({start}, {stop}, {step})"));
    }
    fn equals(&self, other: &Self) -> bool {
        self == other
    }
    fn hash(&self) -> u64 {
        0
    }
    fn type_name(&self) -> &'static str {
        "slice"
    }
}
