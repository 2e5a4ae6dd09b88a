//! What NumPy computes item by item: `nd_zip` with broadcasting, `nd_store`, and the operations of each type of number.
//!
//! Whole numbers wrap, as NumPy's do. Floats have infinities and NaN in place of errors; where Python would warn of a
//! division, `nd_warn` does so on standard error.

use crate::{complain_line, float_floor, Exc, NdArray, NdItem, NdShape, Single, Str, MOST_AXES, VALUE_ERROR};
use alloc::format;
use alloc::vec::Vec;

/// The shape of an operation on two arrays.
pub fn nd_common(a: &NdShape, b: &NdShape) -> Result<NdShape, Exc> {
    let rank = a.rank.max(b.rank);
    let mut sizes = [1; MOST_AXES];
    for (axis, size) in sizes.iter_mut().enumerate().take(rank) {
        let of = |shape: &NdShape| if axis + shape.rank < rank { 1 } else { shape.sizes[axis + shape.rank - rank] };
        let (x, y) = (of(a), of(b));
        if x != y && x != 1 && y != 1 {
            let text = format!("operands could not be broadcast together with shapes {} {} ", a.text(), b.text());
            return Err(Exc::new(&VALUE_ERROR, text));
        }
        *size = if x == 1 { y } else { x };
    }
    Ok(NdShape { rank, sizes })
}

impl<T: NdItem> NdArray<T> {
    /// The array seen in a larger shape, its axes of size 1 over and over; the shape is one that it fits.
    pub fn stretched(&self, shape: NdShape) -> NdArray<T> {
        let mut steps = [0; MOST_AXES];
        let before = shape.rank - self.shape.rank;
        for axis in 0..self.shape.rank {
            let is_one = self.shape.sizes[axis] == 1 && shape.sizes[before + axis] != 1;
            steps[before + axis] = if is_one { 0 } else { self.steps[axis] };
        }
        NdArray { data: self.data.clone(), start: self.start, shape, steps }
    }
}

/// An operation on two arrays, item by item.
pub fn nd_zip<A: NdItem, B: NdItem, R: NdItem>(
    a: &NdArray<A>,
    b: &NdArray<B>,
    work: impl Fn(A, B) -> R,
) -> Result<NdArray<R>, Exc> {
    if b.shape.rank == 0 {
        let b = b.only();
        return Ok(a.mapped(|a| work(a, b)));
    }
    if a.shape.rank == 0 {
        let a = a.only();
        return Ok(b.mapped(|b| work(a, b)));
    }
    let shape = nd_common(&a.shape, &b.shape)?;
    let (a, b) = (a.stretched(shape), b.stretched(shape));
    Ok(match (a.dense(), b.dense()) {
        (Some(left), Some(right)) => {
            NdArray::collected(left.iter().zip(right).map(|(a, b)| work(a.get(), b.get())), shape)
        }
        _ => NdArray::collected(a.places().zip(b.places()).map(|(x, y)| work(a.data[x].get(), b.data[y].get())), shape),
    })
}

/// `target[...] = source`, which fits or is stretched.
pub fn nd_store<T: NdItem>(target: &NdArray<T>, source: &NdArray<T>) -> Result<(), Exc> {
    // Axes of size 1 in front of the source may be more than the target has.
    let mut source = source.clone();
    while source.shape.rank > target.shape.rank && source.shape.sizes[0] == 1 {
        source = source.at(0, 0);
    }
    let is_fitting = source.shape.rank <= target.shape.rank
        && nd_common(&target.shape, &source.shape).is_ok_and(|shape| shape == target.shape);
    if !is_fitting {
        let text = format!(
            "could not broadcast input array from shape {} into shape {}",
            source.shape.text(),
            target.shape.text()
        );
        return Err(Exc::new(&VALUE_ERROR, text.replace(", ", ",")));
    }
    let source = source.stretched(target.shape);
    if let (Some(from), Some(to)) = (source.dense(), target.dense()) {
        if !alloc::rc::Rc::ptr_eq(&source.data, &target.data) {
            to.iter().zip(from).for_each(|(to, from)| to.set(from.get()));
            return Ok(());
        }
    }
    // The source may be a view of the target, and is read before anything is written.
    let items = source.to_vec();
    target.places().zip(items).for_each(|(place, item)| target.data[place].set(item));
    Ok(())
}

/// Warnings that were given; each place gives one only once.
pub static ND_WARNED: Single<Vec<Str>> = Single::new(Vec::new());

/// A `RuntimeWarning`, as Python prints it.
pub fn nd_warn(place: &str, what: &str, line: &str) {
    let text = Str::from(format!("{place}: RuntimeWarning: {what}\n  {line}"));
    let mut given = ND_WARNED.replace(Vec::new());
    if !given.contains(&text) {
        complain_line(format_args!("{text}"));
        given.push(text);
    }
    ND_WARNED.replace(given);
}

/// Numbers that arrays compute with.
pub trait NdNumber: NdItem + PartialOrd {
    /// The sum.
    fn nd_add(self, other: Self) -> Self;
    /// The difference.
    fn nd_sub(self, other: Self) -> Self;
    /// The product.
    fn nd_mul(self, other: Self) -> Self;
    /// The quotient, rounded down.
    fn nd_floor_div(self, other: Self) -> Self;
    /// What the quotient that is rounded down leaves.
    fn nd_modulo(self, other: Self) -> Self;
    /// The other sign.
    fn nd_neg(self) -> Self;
    /// The amount.
    fn nd_abs(self) -> Self;
    /// -1, 0 or 1.
    fn nd_sign(self) -> Self;
    /// Whether it is NaN.
    fn nd_is_nan(self) -> bool;
    /// The smaller, or NaN.
    fn nd_minimum(self, other: Self) -> Self {
        if self.nd_is_nan() || self < other {
            self
        } else if other.nd_is_nan() || other < self {
            other
        } else {
            self
        }
    }
    /// The larger, or NaN.
    fn nd_maximum(self, other: Self) -> Self {
        if self.nd_is_nan() || self > other {
            self
        } else if other.nd_is_nan() || other > self {
            other
        } else {
            self
        }
    }
    /// In double precision.
    fn nd_float(self) -> f64;
    /// Nothing of it.
    const ZERO: Self;
    /// One of it.
    const ONE: Self;
}

macro_rules! nd_float_number {
    ($type:ident) => {
        impl NdNumber for $type {
            fn nd_add(self, other: Self) -> Self {
                self + other
            }
            fn nd_sub(self, other: Self) -> Self {
                self - other
            }
            fn nd_mul(self, other: Self) -> Self {
                self * other
            }
            fn nd_floor_div(self, other: Self) -> Self {
                nd_divmod(self.into(), other.into()).0 as $type
            }
            fn nd_modulo(self, other: Self) -> Self {
                nd_divmod(self.into(), other.into()).1 as $type
            }
            fn nd_neg(self) -> Self {
                -self
            }
            fn nd_abs(self) -> Self {
                self.abs()
            }
            fn nd_sign(self) -> Self {
                if self > 0.0 {
                    1.0
                } else if self < 0.0 {
                    -1.0
                } else {
                    self + 0.0
                }
            }
            fn nd_is_nan(self) -> bool {
                self.is_nan()
            }
            fn nd_float(self) -> f64 {
                self.into()
            }
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
        }
    };
}

macro_rules! nd_whole_number {
    ($type:ident) => {
        impl NdNumber for $type {
            fn nd_add(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            fn nd_sub(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
            fn nd_mul(self, other: Self) -> Self {
                self.wrapping_mul(other)
            }
            fn nd_floor_div(self, other: Self) -> Self {
                if other == 0 {
                    return 0;
                }
                let quotient = self.wrapping_div(other);
                let is_inexact = self.wrapping_rem(other) != 0 && (self < 0) != (other < 0);
                if is_inexact {
                    quotient - 1
                } else {
                    quotient
                }
            }
            fn nd_modulo(self, other: Self) -> Self {
                if other == 0 {
                    return 0;
                }
                let rest = self.wrapping_rem(other);
                if rest != 0 && (rest < 0) != (other < 0) {
                    rest + other
                } else {
                    rest
                }
            }
            fn nd_neg(self) -> Self {
                self.wrapping_neg()
            }
            fn nd_abs(self) -> Self {
                self.wrapping_abs()
            }
            fn nd_sign(self) -> Self {
                self.signum()
            }
            fn nd_is_nan(self) -> bool {
                false
            }
            fn nd_float(self) -> f64 {
                self as f64
            }
            const ZERO: Self = 0;
            const ONE: Self = 1;
        }
    };
}

nd_float_number!(f64);
nd_float_number!(f32);
nd_whole_number!(i64);
nd_whole_number!(i32);

/// The quotient of floats, rounded down, and the rest.
pub fn nd_divmod(a: f64, b: f64) -> (f64, f64) {
    if b == 0.0 {
        return (a / b, f64::NAN);
    }
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest != 0.0 {
        if (b < 0.0) != (rest < 0.0) {
            rest += b;
            quotient -= 1.0;
        }
    } else {
        rest = 0.0_f64.copysign(b);
    }
    if quotient != 0.0 {
        let whole = float_floor(quotient);
        quotient = if quotient - whole > 0.5 { whole + 1.0 } else { whole };
    } else {
        quotient = 0.0_f64.copysign(a / b);
    }
    (quotient, rest)
}

/// A power of whole numbers, which wraps.
pub fn nd_whole_power(base: i64, exponent: i64) -> i64 {
    let (mut base, mut exponent, mut power) = (base, exponent, 1_i64);
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = power.wrapping_mul(base);
        }
        base = base.wrapping_mul(base);
        exponent >>= 1;
    }
    power
}

/// `a ** b` of whole numbers.
pub fn nd_power_whole(a: &NdArray<i64>, b: &NdArray<i64>) -> Result<NdArray<i64>, Exc> {
    if b.to_vec().iter().any(|exponent| *exponent < 0) {
        return Err(Exc::new(&VALUE_ERROR, "Integers to negative integer powers are not allowed."));
    }
    nd_zip(a, b, nd_whole_power)
}

/// `a ** b` of floats; squares are products, as in NumPy.
pub fn nd_power(a: f64, b: f64) -> f64 {
    if b == 2.0 {
        return a * a;
    }
    crate::float_powf(a, b)
}

/// A quotient, of which Python warns where the divisor is zero.
pub fn nd_divide(
    a: &NdArray<f64>,
    b: &NdArray<f64>,
    place: &'static str,
    line: &'static str,
) -> Result<NdArray<f64>, Exc> {
    let made = nd_zip(a, b, |a: f64, b: f64| a / b)?;
    nd_watch_division(a, b, "divide", (place, line))?;
    Ok(made)
}

/// Warn where a divisor is zero.
pub fn nd_watch_division<T: NdNumber>(
    a: &NdArray<T>,
    b: &NdArray<T>,
    name: &str,
    (place, line): (&str, &str),
) -> Result<(), Exc> {
    if !b.to_vec().contains(&T::ZERO) {
        return Ok(());
    }
    let is_infinite = nd_zip(a, b, |a: T, b: T| b == T::ZERO && a != T::ZERO && !a.nd_is_nan())?;
    let is_invalid = nd_zip(a, b, |a: T, b: T| b == T::ZERO && a == T::ZERO)?;
    if is_infinite.to_vec().contains(&true) {
        nd_warn(place, &format!("divide by zero encountered in {name}"), line);
    }
    if is_invalid.to_vec().contains(&true) {
        nd_warn(place, &format!("invalid value encountered in {name}"), line);
    }
    Ok(())
}

/// A function of floats, of which Python warns where it is not defined.
pub fn nd_watched(
    a: &NdArray<f64>,
    work: impl Fn(f64) -> f64,
    name: &str,
    place: &'static str,
    line: &'static str,
) -> NdArray<f64> {
    let made = a.mapped(work);
    for (before, after) in a.to_vec().into_iter().zip(made.to_vec()) {
        if after.is_nan() && !before.is_nan() {
            nd_warn(place, &format!("invalid value encountered in {name}"), line);
        } else if after.is_infinite() && before.is_finite() {
            let what = if name == "exp" || name == "sinh" || name == "cosh" { "overflow" } else { "divide by zero" };
            nd_warn(place, &format!("{what} encountered in {name}"), line);
        }
    }
    made
}

/// The nearest whole number, halves to even.
pub fn nd_rint(x: f64) -> f64 {
    crate::float_nearest(x)
}

/// `numpy.round` to so many places.
pub fn nd_round(x: f64, places: i64) -> f64 {
    if places == 0 {
        return nd_rint(x);
    }
    let factor = crate::float_powf(10.0, places.unsigned_abs() as f64);
    if places > 0 {
        nd_rint(x * factor) / factor
    } else {
        nd_rint(x / factor) * factor
    }
}

/// A quotient of two numbers, of which Python warns where the divisor is zero.
pub fn nd_divide_numbers(a: &NdArray<f64>, b: &NdArray<f64>, place: &'static str, line: &'static str) -> f64 {
    let (a, b) = (a.only(), b.only());
    if b == 0.0 && !a.is_nan() {
        let what = if a == 0.0 { "invalid value" } else { "divide by zero" };
        nd_warn(place, &format!("{what} encountered in scalar divide"), line);
    }
    a / b
}

/// `numpy.isclose(a, b)`.
pub fn nd_close(a: &NdArray<f64>, b: &NdArray<f64>) -> Result<NdArray<bool>, Exc> {
    nd_zip(
        a,
        b,
        |a: f64, b: f64| {
            if a.is_finite() && b.is_finite() {
                (a - b).abs() <= 1e-8 + 1e-5 * b.abs()
            } else {
                a == b
            }
        },
    )
}

/// `numpy.array_equal(a, b)`.
pub fn nd_same<T: NdItem>(a: &NdArray<T>, b: &NdArray<T>) -> bool {
    a.shape == b.shape && a.to_vec() == b.to_vec()
}
