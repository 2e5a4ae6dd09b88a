//! `datetime.timedelta`: `TimeDelta`, exact to the microsecond.
//!
//! `timedelta().days(1).hours(2.5).build() -> Result<TimeDelta, Exc>` with Python's names of parts, ints or floats.
//! `TimeDelta::{days() -> i64, seconds() -> i64, microseconds() -> i64, total_seconds() -> f64, add(&Self) -> Result<Self,
//! Exc>, sub, neg, abs, mul(&Int), mul_float(f64), div(&Self) -> Result<f64, Exc>, div_int(&Int), div_float(f64),
//! floor_div(&Self) -> Result<Int, Exc>, floor_div_int(&Int), modulo(&Self), divmod(&Self) -> Result<(Int, TimeDelta), Exc>}`.

use crate::{
    float_integer_ratio, int_divmod, int_floor_div, int_true_div, CMath, Exc, Int, Object, Ordered, OVERFLOW_ERROR,
    ZERO_DIVISION_ERROR,
};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// A duration: microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeDelta(pub i128);

/// Microseconds of a second.
pub const SECOND_MICROS: i128 = 1_000_000;
/// Microseconds of a day.
pub const DAY_MICROS: i128 = 86_400 * SECOND_MICROS;

/// `timedelta.min`.
pub const TIMEDELTA_MIN: TimeDelta = TimeDelta(-999_999_999 * DAY_MICROS);
/// `timedelta.max`.
pub const TIMEDELTA_MAX: TimeDelta = TimeDelta(1_000_000_000 * DAY_MICROS - 1);
/// `timedelta.resolution`.
pub const TIMEDELTA_RESOLUTION: TimeDelta = TimeDelta(1);

/// One part of a duration.
#[derive(Clone, Copy)]
pub enum TimePart {
    /// An integer; what is too large for any duration may be cut off.
    Int(i128),
    /// A float.
    Float(f64),
}

impl From<i64> for TimePart {
    fn from(value: i64) -> TimePart {
        TimePart::Int(i128::from(value))
    }
}

impl From<Int> for TimePart {
    fn from(value: Int) -> TimePart {
        let most = 1i128 << 80;
        let bytes = value.to_bytes(10, true, true);
        TimePart::Int(bytes.map_or(if value < 0 { -most } else { most }, |bytes| {
            let negative = bytes.last().is_some_and(|last| *last >= 0x80);
            let mut all = [if negative { 0xff } else { 0 }; 16];
            all[..10].copy_from_slice(&bytes);
            i128::from_le_bytes(all)
        }))
    }
}

impl From<f64> for TimePart {
    fn from(value: f64) -> TimePart {
        TimePart::Float(value)
    }
}

/// The parts of a duration before it is built, each with its microseconds.
#[derive(Clone, Copy, Default)]
pub struct DeltaParts {
    /// Parts, from microseconds to weeks.
    pub parts: [Option<TimePart>; 7],
}

/// The microseconds of the parts.
pub const DELTA_UNITS: [i128; 7] =
    [1, 1000, SECOND_MICROS, 60 * SECOND_MICROS, 3600 * SECOND_MICROS, DAY_MICROS, 7 * DAY_MICROS];

/// `timedelta(...)`, to be filled.
pub fn timedelta() -> DeltaParts {
    DeltaParts::default()
}

impl DeltaParts {
    /// With `microseconds`.
    pub fn microseconds(mut self, value: impl Into<TimePart>) -> Self {
        self.parts[0] = Some(value.into());
        self
    }

    /// With `milliseconds`.
    pub fn milliseconds(mut self, value: impl Into<TimePart>) -> Self {
        self.parts[1] = Some(value.into());
        self
    }

    /// With `seconds`.
    pub fn seconds(mut self, value: impl Into<TimePart>) -> Self {
        self.parts[2] = Some(value.into());
        self
    }

    /// With `minutes`.
    pub fn minutes(mut self, value: impl Into<TimePart>) -> Self {
        self.parts[3] = Some(value.into());
        self
    }

    /// With `hours`.
    pub fn hours(mut self, value: impl Into<TimePart>) -> Self {
        self.parts[4] = Some(value.into());
        self
    }

    /// With `days`.
    pub fn days(mut self, value: impl Into<TimePart>) -> Self {
        self.parts[5] = Some(value.into());
        self
    }

    /// With `weeks`.
    pub fn weeks(mut self, value: impl Into<TimePart>) -> Self {
        self.parts[6] = Some(value.into());
        self
    }

    /// The duration. Errors: OverflowError beyond 999999999 days; what int() raises for NaN and infinity.
    pub fn build(self) -> Result<TimeDelta, Exc> {
        let mut total = 0i128;
        // What lies below a microsecond, which is rounded once.
        let mut rest = 0.0;
        for (part, unit) in self.parts.iter().zip(DELTA_UNITS) {
            match part {
                None => {}
                Some(TimePart::Int(value)) => total += *value * unit,
                Some(TimePart::Float(value)) => {
                    crate::int_of_float(*value)?;
                    let whole = value.c_trunc();
                    total += whole.clamp(-1e25, 1e25) as i128 * unit;
                    let below = (value - whole) * unit as f64;
                    total += below.c_trunc() as i128;
                    rest += below - below.c_trunc();
                }
            }
        }
        if rest != 0.0 {
            let mut whole = rest.c_round();
            if (whole - rest).abs() == 0.5 {
                let odd = (total & 1) as f64;
                whole = 2.0 * ((rest + odd) * 0.5).c_round() - odd;
            }
            total += whole as i128;
        }
        TimeDelta::checked(total)
    }
}

/// `a / b`, rounded to the nearest integer, ties to even.
pub fn divide_nearest(a: &Int, b: &Int) -> Result<Int, Exc> {
    let (quotient, rest) = int_divmod(a, b)?;
    let twice = &rest + &rest;
    let above = if b.is_negative() { twice < *b } else { twice > *b };
    if above || twice == *b && quotient.is_odd() {
        return Ok(quotient + 1);
    }
    Ok(quotient)
}

impl TimeDelta {
    /// A duration that must not be too long.
    pub fn checked(micros: i128) -> Result<TimeDelta, Exc> {
        let days = micros.div_euclid(DAY_MICROS);
        if i32::try_from(days).is_err() {
            return Err(Exc::new(&OVERFLOW_ERROR, "Python int too large to convert to C int"));
        }
        if !(-999_999_999..=999_999_999).contains(&days) {
            let text = format!("days={days}; must have magnitude <= 999999999");
            return Err(Exc::new(&OVERFLOW_ERROR, text));
        }
        Ok(TimeDelta(micros))
    }

    /// A duration out of an integer of any size.
    pub fn from_int(micros: &Int) -> Result<TimeDelta, Exc> {
        match micros.to_bytes(16, true, true) {
            Ok(bytes) => {
                let mut array = [0; 16];
                array.copy_from_slice(&bytes);
                TimeDelta::checked(i128::from_le_bytes(array))
            }
            Err(_) => Err(Exc::new(&OVERFLOW_ERROR, "Python int too large to convert to C int")),
        }
    }

    /// `self.days`.
    pub fn days(&self) -> i64 {
        self.0.div_euclid(DAY_MICROS) as i64
    }

    /// `self.seconds`.
    pub fn seconds(&self) -> i64 {
        (self.0.rem_euclid(DAY_MICROS) / SECOND_MICROS) as i64
    }

    /// `self.microseconds`.
    pub fn microseconds(&self) -> i64 {
        self.0.rem_euclid(SECOND_MICROS) as i64
    }

    /// `self.total_seconds()`.
    pub fn total_seconds(&self) -> f64 {
        if self.0.unsigned_abs() < 1 << 53 {
            return self.0 as f64 / 1e6;
        }
        int_true_div(&Int::from(self.0), &Int::Small(1_000_000)).unwrap_or(f64::NAN)
    }

    /// `self + other`.
    pub fn add(&self, other: &TimeDelta) -> Result<TimeDelta, Exc> {
        TimeDelta::checked(self.0 + other.0)
    }

    /// `self - other`.
    pub fn sub(&self, other: &TimeDelta) -> Result<TimeDelta, Exc> {
        TimeDelta::checked(self.0 - other.0)
    }

    /// `-self`.
    pub fn neg(&self) -> Result<TimeDelta, Exc> {
        TimeDelta::checked(-self.0)
    }

    /// `abs(self)`.
    pub fn abs(&self) -> Result<TimeDelta, Exc> {
        if self.days() < 0 {
            self.neg()
        } else {
            Ok(*self)
        }
    }

    /// `self * factor`.
    pub fn mul(&self, factor: &Int) -> Result<TimeDelta, Exc> {
        TimeDelta::from_int(&(Int::from(self.0) * factor))
    }

    /// `self * factor` of a float.
    pub fn mul_float(&self, factor: f64) -> Result<TimeDelta, Exc> {
        let (above, below) = float_integer_ratio(factor)?;
        TimeDelta::from_int(&divide_nearest(&(Int::from(self.0) * above), &below)?)
    }

    /// `self / other`.
    pub fn div(&self, other: &TimeDelta) -> Result<f64, Exc> {
        int_true_div(&Int::from(self.0), &Int::from(other.0))
    }

    /// `self / divisor` of an integer.
    pub fn div_int(&self, divisor: &Int) -> Result<TimeDelta, Exc> {
        delta_divisor(*divisor == 0)?;
        TimeDelta::from_int(&divide_nearest(&Int::from(self.0), divisor)?)
    }

    /// `self / divisor` of a float.
    pub fn div_float(&self, divisor: f64) -> Result<TimeDelta, Exc> {
        let (above, below) = float_integer_ratio(divisor)?;
        delta_divisor(above == 0)?;
        TimeDelta::from_int(&divide_nearest(&(Int::from(self.0) * below), &above)?)
    }

    /// `self // other`.
    pub fn floor_div(&self, other: &TimeDelta) -> Result<Int, Exc> {
        delta_divisor(other.0 == 0)?;
        int_floor_div(&Int::from(self.0), &Int::from(other.0))
    }

    /// `self // divisor` of an integer.
    pub fn floor_div_int(&self, divisor: &Int) -> Result<TimeDelta, Exc> {
        delta_divisor(*divisor == 0)?;
        TimeDelta::from_int(&int_floor_div(&Int::from(self.0), divisor)?)
    }

    /// `divmod(self, other)`.
    pub fn divmod(&self, other: &TimeDelta) -> Result<(Int, TimeDelta), Exc> {
        let quotient = self.floor_div(other)?;
        let rest = Int::from(self.0) - &quotient * Int::from(other.0);
        Ok((quotient, TimeDelta::from_int(&rest)?))
    }

    /// `self % other`.
    pub fn modulo(&self, other: &TimeDelta) -> Result<TimeDelta, Exc> {
        self.divmod(other).map(|(_, rest)| rest)
    }
}

/// No duration is divided by nothing.
pub fn delta_divisor(is_zero: bool) -> Result<(), Exc> {
    if is_zero {
        return Err(Exc::new(&ZERO_DIVISION_ERROR, "integer division or modulo by zero"));
    }
    Ok(())
}

impl Object for TimeDelta {
    fn write_repr(&self, out: &mut String) {
        let parts = [("days", self.days()), ("seconds", self.seconds()), ("microseconds", self.microseconds())];
        let shown: Vec<String> =
            parts.iter().filter(|(_, value)| *value != 0).map(|(name, value)| format!("{name}={value}")).collect();
        let shown = if shown.is_empty() { String::from("0") } else { shown.join(", ") };
        out.push_str(&format!("datetime.timedelta({shown})"));
    }
    fn write_str(&self, out: &mut String) {
        let (days, seconds, micros) = (self.days(), self.seconds(), self.microseconds());
        if days != 0 {
            let many = if days.abs() == 1 { "" } else { "s" };
            out.push_str(&format!("{days} day{many}, "));
        }
        out.push_str(&format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
        if micros != 0 {
            out.push_str(&format!(".{micros:06}"));
        }
    }
    fn equals(&self, other: &Self) -> bool {
        self == other
    }
    fn hash(&self) -> u64 {
        (self.days(), self.seconds(), self.microseconds()).hash()
    }
    fn truth(&self) -> bool {
        self.0 != 0
    }
    fn type_name(&self) -> &'static str {
        "timedelta"
    }
}

impl Ordered for TimeDelta {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
