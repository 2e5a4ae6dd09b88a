//! What every Python value can do: traits `Object` and `Ordered`, with `show`, `repr`, `str_of`, `repr_of` and hashing.
//!
//! Implemented here for `bool`, `i64`, `f64`, `()`, `Option`, `Rc` and tuples; other types do so in their own files.

use crate::{float_repr_into, Str};
use alloc::rc::Rc;
use alloc::string::String;
use core::cmp::Ordering;
use core::fmt::{Display, Formatter, Write};

/// A Python value.
pub trait Object {
    /// Append `repr(self)`.
    fn write_repr(&self, out: &mut String);
    /// Append `str(self)`.
    fn write_str(&self, out: &mut String) {
        self.write_repr(out);
    }
    /// `self == other`.
    fn equals(&self, other: &Self) -> bool;
    /// A number that equal values share; for numbers and tuples of them that of CPython.
    fn hash(&self) -> u64;
    /// `bool(self)`.
    fn truth(&self) -> bool {
        true
    }
    /// `type(self).__name__`.
    fn type_name(&self) -> &'static str;
}

/// A value that has an order.
pub trait Ordered: Object {
    /// How `self` stands to `other`; none where neither `<`, `==` nor `>` holds, as with NaN.
    fn compare(&self, other: &Self) -> Option<Ordering>;

    /// `self < other`.
    fn less(&self, other: &Self) -> bool {
        self.compare(other) == Some(Ordering::Less)
    }

    /// Whether the order is one that sorts can rely on; false lets them ask `less` alone and bear contradictions.
    fn is_total(&self) -> bool {
        false
    }
}

/// Displays `str(value)`.
pub struct Show<'a, T>(pub &'a T);

/// Displays `repr(value)`.
pub struct Repr<'a, T>(pub &'a T);

/// `str(value)` inside `format!` and `say!`.
pub fn show<T: Object>(value: &T) -> Show<'_, T> {
    Show(value)
}

/// `repr(value)` inside `format!` and `say!`.
pub fn repr<T: Object>(value: &T) -> Repr<'_, T> {
    Repr(value)
}

impl<T: Object> Display for Show<'_, T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> core::fmt::Result {
        let mut text = String::new();
        self.0.write_str(&mut text);
        formatter.write_str(&text)
    }
}

impl<T: Object> Display for Repr<'_, T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> core::fmt::Result {
        let mut text = String::new();
        self.0.write_repr(&mut text);
        formatter.write_str(&text)
    }
}

/// `str(value)`.
pub fn str_of<T: Object>(value: &T) -> Str {
    let mut text = String::new();
    value.write_str(&mut text);
    Str::from(text)
}

/// `repr(value)`.
pub fn repr_of<T: Object>(value: &T) -> Str {
    let mut text = String::new();
    value.write_repr(&mut text);
    Str::from(text)
}

/// `hash(value)` as a program sees it.
pub fn hash_of<T: Object>(value: &T) -> i64 {
    value.hash() as i64
}

/// The prime that CPython reduces numbers by to hash them.
pub const HASH_MODULUS: u64 = (1 << 61) - 1;

/// The hash of an integer.
#[inline]
pub fn hash_integer(value: i64) -> u64 {
    let size = value.unsigned_abs();
    let rest = if size < HASH_MODULUS { size } else { size % HASH_MODULUS };
    let hash = if value < 0 { rest.wrapping_neg() } else { rest };
    // CPython keeps -1 for errors.
    if hash == u64::MAX {
        hash - 1
    } else {
        hash
    }
}

/// The hash of a float: that of the integer it equals, if any.
pub fn hash_float(value: f64) -> u64 {
    if value.is_nan() {
        return 0;
    }
    if value.is_infinite() {
        return if value > 0.0 { 314_159 } else { (-314_159_i64) as u64 };
    }
    if value as i64 as f64 == value && value.abs() < 9e18 {
        return hash_integer(value as i64);
    }
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, power) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let rest = rotate_hash(mantissa % HASH_MODULUS, power.rem_euclid(61) as u32);
    let hash = if value < 0.0 { rest.wrapping_neg() } else { rest };
    if hash == u64::MAX {
        hash - 1
    } else {
        hash
    }
}

/// Multiply by a power of two below 61, modulo the hash's prime.
pub fn rotate_hash(value: u64, power: u32) -> u64 {
    if power == 0 {
        return value;
    }
    let rotated = (value << power & HASH_MODULUS) | value >> (61 - power);
    if rotated == HASH_MODULUS {
        0
    } else {
        rotated
    }
}

/// The hash of an object that is equal to itself alone: pass the address of its allocation.
pub fn hash_identity<T: ?Sized>(value: &T) -> u64 {
    let address = core::ptr::from_ref(value).cast::<u8>() as usize as u64;
    address.rotate_right(4)
}

/// `a is b` for shared objects.
pub fn is_same<T: ?Sized>(a: &Rc<T>, b: &Rc<T>) -> bool {
    Rc::ptr_eq(a, b)
}

/// `id(value)` of a shared object.
pub fn identity<T: ?Sized>(value: &Rc<T>) -> i64 {
    Rc::as_ptr(value).cast::<u8>() as usize as i64
}

/// The hash of a tuple, out of those of its items.
pub struct TupleHash {
    state: u64,
    count: u64,
}

impl TupleHash {
    /// That of the empty tuple.
    #[inline]
    pub fn new() -> Self {
        TupleHash { state: 2_870_177_450_012_600_261, count: 0 }
    }

    /// Take in one more item.
    #[inline]
    pub fn add(&mut self, item: u64) {
        let sum = self.state.wrapping_add(item.wrapping_mul(14_029_467_366_897_019_727));
        self.state = sum.rotate_left(31).wrapping_mul(11_400_714_785_074_694_791);
        self.count += 1;
    }

    /// The hash.
    #[inline]
    pub fn finish(self) -> u64 {
        let hash = self.state.wrapping_add(self.count ^ 2_870_177_450_012_600_261 ^ 3_527_539);
        if hash == u64::MAX {
            1_546_275_796
        } else {
            hash
        }
    }
}

impl Default for TupleHash {
    fn default() -> Self {
        TupleHash::new()
    }
}

impl Object for bool {
    fn write_repr(&self, out: &mut String) {
        out.push_str(if *self { "True" } else { "False" });
    }
    fn equals(&self, other: &Self) -> bool {
        self == other
    }
    fn hash(&self) -> u64 {
        u64::from(*self)
    }
    fn truth(&self) -> bool {
        *self
    }
    fn type_name(&self) -> &'static str {
        "bool"
    }
}

/// Stands for contents of which there are none: Python orders no two None.
impl Ordered for () {
    fn is_total(&self) -> bool {
        true
    }
    fn compare(&self, _other: &Self) -> Option<Ordering> {
        Some(Ordering::Equal)
    }
}

impl Ordered for bool {
    #[inline]
    fn is_total(&self) -> bool {
        true
    }
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Object for i64 {
    fn write_repr(&self, out: &mut String) {
        // Writing to a string does not fail.
        let _ = write!(out, "{self}");
    }
    #[inline]
    fn equals(&self, other: &Self) -> bool {
        self == other
    }
    #[inline]
    fn hash(&self) -> u64 {
        hash_integer(*self)
    }
    fn truth(&self) -> bool {
        *self != 0
    }
    fn type_name(&self) -> &'static str {
        "int"
    }
}

impl Ordered for i64 {
    #[inline]
    fn is_total(&self) -> bool {
        true
    }
    #[inline]
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    #[inline]
    fn less(&self, other: &Self) -> bool {
        self < other
    }
}

impl Object for f64 {
    fn write_repr(&self, out: &mut String) {
        float_repr_into(*self, out);
    }
    #[inline]
    fn equals(&self, other: &Self) -> bool {
        self == other
    }
    fn hash(&self) -> u64 {
        hash_float(*self)
    }
    fn truth(&self) -> bool {
        *self != 0.0
    }
    fn type_name(&self) -> &'static str {
        "float"
    }
}

impl Ordered for f64 {
    #[inline]
    fn is_total(&self) -> bool {
        !self.is_nan()
    }
    #[inline]
    fn compare(&self, other: &Self) -> Option<Ordering> {
        self.partial_cmp(other)
    }
    #[inline]
    fn less(&self, other: &Self) -> bool {
        self < other
    }
}

impl Object for () {
    fn write_repr(&self, out: &mut String) {
        out.push_str("None");
    }
    fn equals(&self, _other: &Self) -> bool {
        true
    }
    fn hash(&self) -> u64 {
        0x0fca_8642
    }
    fn truth(&self) -> bool {
        false
    }
    fn type_name(&self) -> &'static str {
        "NoneType"
    }
}

impl<T: Object> Object for Option<T> {
    fn write_repr(&self, out: &mut String) {
        match self {
            Some(value) => value.write_repr(out),
            None => out.push_str("None"),
        }
    }
    fn write_str(&self, out: &mut String) {
        match self {
            Some(value) => value.write_str(out),
            None => out.push_str("None"),
        }
    }
    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(a), Some(b)) => a.equals(b),
            (None, None) => true,
            _ => false,
        }
    }
    fn hash(&self) -> u64 {
        match self {
            Some(value) => value.hash(),
            None => ().hash(),
        }
    }
    fn truth(&self) -> bool {
        self.as_ref().is_some_and(Object::truth)
    }
    fn type_name(&self) -> &'static str {
        self.as_ref().map_or("NoneType", Object::type_name)
    }
}

/// `Object` and `Ordered` for tuples of one length.
macro_rules! tuple_object {
    ($($name:ident $index:tt)+) => {
        impl<$($name: Object),+> Object for ($($name,)+) {
            fn write_repr(&self, out: &mut String) {
                out.push('(');
                let mut count = 0;
                $(
                    if count > 0 {
                        out.push_str(", ");
                    }
                    self.$index.write_repr(out);
                    count += 1;
                )+
                out.push_str(if count == 1 { ",)" } else { ")" });
            }
            #[inline]
            fn equals(&self, other: &Self) -> bool {
                $(self.$index.equals(&other.$index))&&+
            }
            #[inline]
            fn hash(&self) -> u64 {
                let mut hash = TupleHash::new();
                $(hash.add(self.$index.hash());)+
                hash.finish()
            }
            fn type_name(&self) -> &'static str {
                "tuple"
            }
        }

        impl<$($name: Ordered),+> Ordered for ($($name,)+) {
            #[inline]
            fn is_total(&self) -> bool {
                $(self.$index.is_total())&&+
            }
            fn compare(&self, other: &Self) -> Option<Ordering> {
                // As Python: the first pair that is not equal decides, be it ordered or not.
                $(
                    match self.$index.compare(&other.$index) {
                        Some(Ordering::Equal) => {}
                        decided => return decided,
                    }
                )+
                Some(Ordering::Equal)
            }
        }
    };
}

tuple_object!(A 0);
tuple_object!(A 0 B 1);
tuple_object!(A 0 B 1 C 2);
tuple_object!(A 0 B 1 C 2 D 3);
tuple_object!(A 0 B 1 C 2 D 3 E 4);
tuple_object!(A 0 B 1 C 2 D 3 E 4 F 5);
tuple_object!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuple_object!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
tuple_object!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
tuple_object!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
tuple_object!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
tuple_object!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);
