//! NumPy's numbers outside of arrays: `NdScalar<T>`, and `NdText`, which is what an array of texts gives.
//!
//! They print as Python's numbers do, and their `repr` names the type: `np.float64(0.5)`.

use crate::{float_repr_into, hash_integer, repr, single_repr, NdItem, Object, Ordered, Str};
use alloc::string::String;
use core::cmp::Ordering;
use core::fmt::Write;

/// A number of NumPy's.
#[derive(Clone, Copy)]
pub struct NdScalar<T>(pub T);

/// `numpy.float64`.
pub type FloatItem = NdScalar<f64>;
/// `numpy.float32`.
pub type SingleItem = NdScalar<f32>;
/// `numpy.int64`.
pub type WholeItem = NdScalar<i64>;
/// `numpy.int32`.
pub type LabelItem = NdScalar<i32>;
/// `numpy.bool`.
pub type TruthItem = NdScalar<bool>;

/// How a number outside of an array prints.
pub trait NdAlone: NdItem {
    /// Append `repr`.
    fn alone_repr(self, out: &mut String);
    /// Append `str`.
    fn alone_str(self, out: &mut String);
    /// `hash`.
    fn alone_hash(self) -> u64;
    /// Whether it counts as true.
    fn alone_truth(self) -> bool;
    /// The name of its type.
    fn alone_name() -> &'static str {
        Self::DTYPE
    }
}

impl NdAlone for f64 {
    fn alone_repr(self, out: &mut String) {
        out.push_str("np.float64(");
        float_repr_into(self, out);
        out.push(')');
    }
    fn alone_str(self, out: &mut String) {
        float_repr_into(self, out);
    }
    fn alone_hash(self) -> u64 {
        self.hash()
    }
    fn alone_truth(self) -> bool {
        self != 0.0
    }
}

impl NdAlone for f32 {
    fn alone_repr(self, out: &mut String) {
        let _ = write!(out, "np.float32({})", single_repr(self));
    }
    fn alone_str(self, out: &mut String) {
        out.push_str(&single_repr(self));
    }
    fn alone_hash(self) -> u64 {
        f64::from(self).hash()
    }
    fn alone_truth(self) -> bool {
        self != 0.0
    }
}

impl NdAlone for i64 {
    fn alone_repr(self, out: &mut String) {
        let _ = write!(out, "np.int64({self})");
    }
    fn alone_str(self, out: &mut String) {
        let _ = write!(out, "{self}");
    }
    fn alone_hash(self) -> u64 {
        hash_integer(self)
    }
    fn alone_truth(self) -> bool {
        self != 0
    }
}

impl NdAlone for i32 {
    fn alone_repr(self, out: &mut String) {
        let _ = write!(out, "np.int32({self})");
    }
    fn alone_str(self, out: &mut String) {
        let _ = write!(out, "{self}");
    }
    fn alone_hash(self) -> u64 {
        hash_integer(i64::from(self))
    }
    fn alone_truth(self) -> bool {
        self != 0
    }
}

impl NdAlone for bool {
    fn alone_repr(self, out: &mut String) {
        out.push_str(if self { "np.True_" } else { "np.False_" });
    }
    fn alone_str(self, out: &mut String) {
        out.push_str(if self { "True" } else { "False" });
    }
    fn alone_hash(self) -> u64 {
        u64::from(self)
    }
    fn alone_truth(self) -> bool {
        self
    }
}

impl<T: NdAlone> NdScalar<T> {
    /// `item()`.
    pub fn item(&self) -> T::Plain {
        self.0.plain()
    }
}

impl<T: NdAlone + PartialOrd> Object for NdScalar<T> {
    fn write_repr(&self, out: &mut String) {
        self.0.alone_repr(out);
    }
    fn write_str(&self, out: &mut String) {
        self.0.alone_str(out);
    }
    fn equals(&self, other: &Self) -> bool {
        self.0 == other.0
    }
    fn hash(&self) -> u64 {
        self.0.alone_hash()
    }
    fn truth(&self) -> bool {
        self.0.alone_truth()
    }
    fn type_name(&self) -> &'static str {
        T::alone_name()
    }
}

impl<T: NdAlone + PartialOrd> Ordered for NdScalar<T> {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        self.0.partial_cmp(&other.0)
    }
}

/// `numpy.str_`: a text that was an item of an array.
#[derive(Clone)]
pub struct NdText(pub Str);

impl NdText {
    /// The text itself.
    pub fn item(&self) -> Str {
        self.0.clone()
    }
}

impl Object for NdText {
    fn write_repr(&self, out: &mut String) {
        let _ = write!(out, "np.str_({})", repr(&self.0));
    }
    fn write_str(&self, out: &mut String) {
        self.0.write_str(out);
    }
    fn equals(&self, other: &Self) -> bool {
        self.0.equals(&other.0)
    }
    fn hash(&self) -> u64 {
        self.0.hash()
    }
    fn truth(&self) -> bool {
        self.0.truth()
    }
    fn type_name(&self) -> &'static str {
        "str_"
    }
}

impl Ordered for NdText {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        self.0.compare(&other.0)
    }
}

/// `a.dtype`.
#[derive(Clone, Copy)]
pub struct NdType(pub &'static str);

impl Object for NdType {
    fn write_repr(&self, out: &mut String) {
        let _ = write!(out, "dtype('{}')", self.0);
    }
    fn write_str(&self, out: &mut String) {
        out.push_str(self.0);
    }
    fn equals(&self, other: &Self) -> bool {
        self.0 == other.0
    }
    fn hash(&self) -> u64 {
        Str::literal(self.0).hash()
    }
    fn type_name(&self) -> &'static str {
        "dtype"
    }
}
