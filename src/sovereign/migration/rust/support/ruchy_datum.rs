//! What every value of a Ruchy program can do: `Datum`, for scalars, tuples, `Option`, `Result`, `Maybe`, functions.
//!
//! `shown_text`, `debug_text`, `loose_text` give the texts of a value, `shown` and `loose` write them inside a format.

use crate::{fault, unexpected, Callable, Dyn, Str};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt::{Display, Formatter, Write};

/// A value of a Ruchy program.
pub trait Datum: Clone + 'static {
    /// The name of its type, as `type_of` says it.
    fn kind_name(&self) -> Str;
    /// Its text inside of another value: texts are quoted, or bare in lists, tuples and objects where `is_loose`.
    fn write_debug(&self, out: &mut String, is_loose: bool);
    /// Its text as `println` prints it.
    fn write_shown(&self, out: &mut String) {
        self.write_debug(out, false);
    }
    /// `==`.
    fn same(&self, other: &Self) -> bool;
    /// `<` and its like; none where a NaN keeps two numbers from having an order.
    fn order(&self, other: &Self, operator: &str) -> Option<Ordering>;
    /// The value where its type is not known.
    fn into_dyn(self) -> Dyn;
    /// A value of no known type as one of this type.
    fn from_dyn(value: Dyn) -> Self;
    /// Whether it counts as true: only `false` and nil do not.
    fn counts_as_true(&self) -> bool {
        true
    }
    /// A number that equal keys have in common.
    #[track_caller]
    fn key_hash(&self) -> u64 {
        fault("type", "a list or an object cannot be a key")
    }
    /// Whether both are one key.
    fn same_key(&self, other: &Self) -> bool {
        self.same(other)
    }
    /// Whether it is nil.
    fn is_nil(&self) -> bool {
        false
    }
}

/// The text of a value as `println` prints it.
pub fn shown_text<T: Datum>(value: &T) -> Str {
    let mut out = String::new();
    value.write_shown(&mut out);
    Str::from(out)
}

/// The text of a value as it looks inside of another one.
pub fn debug_text<T: Datum>(value: &T) -> Str {
    let mut out = String::new();
    value.write_debug(&mut out, false);
    Str::from(out)
}

/// A value inside a format, as `println` prints it.
pub struct ShownIn<'a, T>(pub &'a T);

impl<T: Datum> Display for ShownIn<'_, T> {
    fn fmt(&self, out: &mut Formatter<'_>) -> core::fmt::Result {
        let mut text = String::new();
        self.0.write_shown(&mut text);
        out.write_str(&text)
    }
}

/// A value inside a format text.
pub struct LooseIn<'a, T>(pub &'a T);

impl<T: Datum> Display for LooseIn<'_, T> {
    fn fmt(&self, out: &mut Formatter<'_>) -> core::fmt::Result {
        let mut text = String::new();
        self.0.write_debug(&mut text, true);
        out.write_str(&text)
    }
}

/// A value inside a format, as `println` prints it.
pub fn shown<T: Datum>(value: &T) -> ShownIn<'_, T> {
    ShownIn(value)
}

/// A value inside a format text: texts in lists, tuples and objects are bare.
pub fn loose<T: Datum>(value: &T) -> LooseIn<'_, T> {
    LooseIn(value)
}

/// Whether a value counts as true.
pub fn truth_of<T: Datum>(value: &T) -> bool {
    value.counts_as_true()
}

/// Values of another order than any wanted.
#[cold]
#[inline(never)]
#[track_caller]
pub fn no_order<A: Datum, B: Datum>(operator: &str, first: &A, second: &B) -> ! {
    let (first, second) = (first.kind_name(), second.kind_name());
    fault("type", alloc::format!("`{operator}` cannot compare {} with {}", first.as_str(), second.as_str()))
}

/// Spread the bits of a number over 64.
#[inline]
pub fn key_spread(number: u64) -> u64 {
    let mixed = (number ^ (number >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 29)
}

impl Datum for i64 {
    fn kind_name(&self) -> Str {
        Str::literal("i64")
    }
    fn write_debug(&self, out: &mut String, _is_loose: bool) {
        let _ = write!(out, "{self}");
    }
    fn same(&self, other: &Self) -> bool {
        self == other
    }
    #[track_caller]
    fn order(&self, other: &Self, _operator: &str) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn into_dyn(self) -> Dyn {
        Dyn::Int(self)
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        match value {
            Dyn::Int(value) => value,
            other => unexpected("i64", &other.kind_name()),
        }
    }
    #[track_caller]
    fn key_hash(&self) -> u64 {
        key_spread(*self as u64)
    }
}

impl Datum for f64 {
    fn kind_name(&self) -> Str {
        Str::literal("f64")
    }
    fn write_debug(&self, out: &mut String, _is_loose: bool) {
        write_float(*self, out);
    }
    fn same(&self, other: &Self) -> bool {
        self == other
    }
    #[track_caller]
    fn order(&self, other: &Self, _operator: &str) -> Option<Ordering> {
        self.partial_cmp(other)
    }
    fn into_dyn(self) -> Dyn {
        Dyn::Float(self)
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        match value {
            Dyn::Float(value) => value,
            Dyn::Int(value) => value as f64,
            other => unexpected("f64", &other.kind_name()),
        }
    }
    #[track_caller]
    fn key_hash(&self) -> u64 {
        let whole = *self as i64;
        if whole as f64 == *self {
            return key_spread(whole as u64);
        }
        key_spread(self.to_bits())
    }
}

/// The shortest text that gives a float back, with a point and without an exponent.
pub fn write_float(value: f64, out: &mut String) {
    let start = out.len();
    let _ = write!(out, "{value}");
    if value.is_finite() && !out[start..].contains('.') {
        out.push_str(".0");
    }
}

impl Datum for bool {
    fn kind_name(&self) -> Str {
        Str::literal("bool")
    }
    fn write_debug(&self, out: &mut String, _is_loose: bool) {
        out.push_str(if *self { "true" } else { "false" });
    }
    fn same(&self, other: &Self) -> bool {
        self == other
    }
    #[track_caller]
    fn order(&self, other: &Self, _operator: &str) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn into_dyn(self) -> Dyn {
        Dyn::Bool(self)
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        match value {
            Dyn::Bool(value) => value,
            other => unexpected("bool", &other.kind_name()),
        }
    }
    fn counts_as_true(&self) -> bool {
        *self
    }
    #[track_caller]
    fn key_hash(&self) -> u64 {
        key_spread(u64::from(*self))
    }
}

impl Datum for () {
    fn kind_name(&self) -> Str {
        Str::literal("nil")
    }
    fn write_debug(&self, out: &mut String, _is_loose: bool) {
        out.push_str("nil");
    }
    fn same(&self, _other: &Self) -> bool {
        true
    }
    #[track_caller]
    fn order(&self, other: &Self, operator: &str) -> Option<Ordering> {
        no_order(operator, self, other)
    }
    fn into_dyn(self) -> Dyn {
        Dyn::Nil
    }
    #[track_caller]
    fn from_dyn(_value: Dyn) -> Self {}
    fn counts_as_true(&self) -> bool {
        false
    }
    #[track_caller]
    fn key_hash(&self) -> u64 {
        1
    }
    fn is_nil(&self) -> bool {
        true
    }
}

impl Datum for Str {
    fn kind_name(&self) -> Str {
        Str::literal("string")
    }
    fn write_debug(&self, out: &mut String, is_loose: bool) {
        if is_loose {
            out.push_str(self);
        } else {
            write_quoted_text(self, out);
        }
    }
    fn write_shown(&self, out: &mut String) {
        out.push_str(self);
    }
    fn same(&self, other: &Self) -> bool {
        self == other
    }
    #[track_caller]
    fn order(&self, other: &Self, _operator: &str) -> Option<Ordering> {
        Some(self.as_str().cmp(other.as_str()))
    }
    fn into_dyn(self) -> Dyn {
        Dyn::Text(self)
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        match value {
            Dyn::Text(value) => value,
            other => unexpected("str", &other.kind_name()),
        }
    }
    #[track_caller]
    fn key_hash(&self) -> u64 {
        crate::hash_text(self.as_bytes())
    }
}

/// A text in quotes.
pub fn write_quoted_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0' => out.push_str("\\0"),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// A value or nil.
#[derive(Clone)]
pub struct Maybe<T>(pub Option<T>);

impl<T: Datum> Maybe<T> {
    /// The value, which has to be there.
    #[track_caller]
    pub fn present(self, name: &str) -> T {
        match self.0 {
            Some(value) => value,
            None => fault("method", alloc::format!("nil has no method `{name}`")),
        }
    }

    /// The value, or another one.
    pub fn or_value(self, other: T) -> T {
        self.0.unwrap_or(other)
    }
}

impl<T: Datum> Datum for Maybe<T> {
    fn kind_name(&self) -> Str {
        match &self.0 {
            Some(value) => value.kind_name(),
            None => Str::literal("nil"),
        }
    }
    fn write_debug(&self, out: &mut String, is_loose: bool) {
        match &self.0 {
            Some(value) => value.write_debug(out, is_loose),
            None => out.push_str("nil"),
        }
    }
    fn write_shown(&self, out: &mut String) {
        match &self.0 {
            Some(value) => value.write_shown(out),
            None => out.push_str("nil"),
        }
    }
    fn same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => one.same(other),
            (one, other) => one.as_ref().is_none_or(Datum::is_nil) && other.as_ref().is_none_or(Datum::is_nil),
        }
    }
    #[track_caller]
    fn order(&self, other: &Self, operator: &str) -> Option<Ordering> {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => one.order(other, operator),
            _ => no_order(operator, self, other),
        }
    }
    fn into_dyn(self) -> Dyn {
        match self.0 {
            Some(value) => value.into_dyn(),
            None => Dyn::Nil,
        }
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        match value {
            Dyn::Nil => Maybe(None),
            other => Maybe(Some(T::from_dyn(other))),
        }
    }
    fn counts_as_true(&self) -> bool {
        self.0.as_ref().is_some_and(Datum::counts_as_true)
    }
    #[track_caller]
    fn key_hash(&self) -> u64 {
        self.0.as_ref().map_or(1, Datum::key_hash)
    }
    fn is_nil(&self) -> bool {
        self.0.as_ref().is_none_or(Datum::is_nil)
    }
}

impl<T: Datum> Datum for Option<T> {
    fn kind_name(&self) -> Str {
        Str::literal("Option")
    }
    fn write_debug(&self, out: &mut String, _is_loose: bool) {
        match self {
            Some(value) => write_wrapped("Some", value, out),
            None => out.push_str("None"),
        }
    }
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(one), Some(other)) => one.same(other),
            (None, None) => true,
            _ => false,
        }
    }
    #[track_caller]
    fn order(&self, other: &Self, operator: &str) -> Option<Ordering> {
        match (self, other) {
            (Some(one), Some(other)) => one.order(other, operator),
            (one, other) => Some(one.is_some().cmp(&other.is_some())),
        }
    }
    fn into_dyn(self) -> Dyn {
        match self {
            Some(value) => Dyn::Some(Rc::new(value.into_dyn())),
            None => Dyn::None,
        }
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        match value {
            Dyn::Some(value) => Some(T::from_dyn((*value).clone())),
            Dyn::None | Dyn::Nil => None,
            other => unexpected("an Option", &other.kind_name()),
        }
    }
}

/// `Name(value)`.
pub fn write_wrapped<T: Datum>(name: &str, value: &T, out: &mut String) {
    out.push_str(name);
    out.push('(');
    value.write_debug(out, false);
    out.push(')');
}

impl<T: Datum, E: Datum> Datum for Result<T, E> {
    fn kind_name(&self) -> Str {
        Str::literal("Result")
    }
    fn write_debug(&self, out: &mut String, _is_loose: bool) {
        match self {
            Ok(value) => write_wrapped("Ok", value, out),
            Err(error) => write_wrapped("Err", error, out),
        }
    }
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Ok(one), Ok(other)) => one.same(other),
            (Err(one), Err(other)) => one.same(other),
            _ => false,
        }
    }
    #[track_caller]
    fn order(&self, other: &Self, operator: &str) -> Option<Ordering> {
        match (self, other) {
            (Ok(one), Ok(other)) => one.order(other, operator),
            (Err(one), Err(other)) => one.order(other, operator),
            (one, other) => Some(one.is_err().cmp(&other.is_err())),
        }
    }
    fn into_dyn(self) -> Dyn {
        match self {
            Ok(value) => Dyn::Ok(Rc::new(value.into_dyn())),
            Err(error) => Dyn::Err(Rc::new(error.into_dyn())),
        }
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        match value {
            Dyn::Ok(value) => Ok(T::from_dyn((*value).clone())),
            Dyn::Err(error) => Err(E::from_dyn((*error).clone())),
            other => unexpected("a Result", &other.kind_name()),
        }
    }
}

/// Tuples of one size.
#[macro_export]
macro_rules! tuple_datum {
    ($count:expr, $($letter:ident $place:tt),+) => {
        impl<$($letter: Datum),+> Datum for ($($letter,)+) {
            fn kind_name(&self) -> Str {
                Str::literal("tuple")
            }
            fn write_debug(&self, out: &mut String, is_loose: bool) {
                out.push('(');
                $(
                    if $place > 0 {
                        out.push_str(", ");
                    }
                    self.$place.write_debug(out, is_loose);
                )+
                out.push(')');
            }
            fn same(&self, other: &Self) -> bool {
                $(self.$place.same(&other.$place))&&+
            }
            #[track_caller]
            fn order(&self, other: &Self, operator: &str) -> Option<Ordering> {
                $(
                    match self.$place.order(&other.$place, operator) {
                        Some(Ordering::Equal) => {}
                        found => return found,
                    }
                )+
                Some(Ordering::Equal)
            }
            fn into_dyn(self) -> Dyn {
                Dyn::Tuple(Rc::new(vec![$(self.$place.into_dyn()),+]))
            }
            #[track_caller]
            fn from_dyn(value: Dyn) -> Self {
                let parts: Vec<Dyn> = tuple_parts(value, $count);
                ($($letter::from_dyn(parts[$place].clone()),)+)
            }
            #[track_caller]
            fn key_hash(&self) -> u64 {
                let mut hash = $count;
                $(hash = key_spread(hash ^ self.$place.key_hash());)+
                hash
            }
            fn same_key(&self, other: &Self) -> bool {
                $(self.$place.same_key(&other.$place))&&+
            }
        }
    };
}

tuple_datum!(1, A 0);
tuple_datum!(2, A 0, B 1);
tuple_datum!(3, A 0, B 1, C 2);
tuple_datum!(4, A 0, B 1, C 2, D 3);
tuple_datum!(5, A 0, B 1, C 2, D 3, E 4);
tuple_datum!(6, A 0, B 1, C 2, D 3, E 4, F 5);
tuple_datum!(7, A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple_datum!(8, A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

/// The parts of a tuple of one size.
#[track_caller]
pub fn tuple_parts(value: Dyn, count: u64) -> Vec<Dyn> {
    match value {
        Dyn::Tuple(parts) if parts.len() as u64 == count => Rc::try_unwrap(parts).unwrap_or_else(|rc| (*rc).clone()),
        other => unexpected(&alloc::format!("a tuple of {count}"), &other.kind_name()),
    }
}

/// Functions of one number of parameters.
#[macro_export]
macro_rules! function_datum {
    ($count:expr, $($letter:ident $value:ident $place:tt),*) => {
        impl<$($letter: Datum,)* R: Datum> Datum for Rc<dyn Fn($($letter),*) -> R> {
            fn kind_name(&self) -> Str {
                Str::literal("function")
            }
            fn write_debug(&self, out: &mut String, _is_loose: bool) {
                out.push_str("<function>");
            }
            fn same(&self, other: &Self) -> bool {
                Rc::ptr_eq(self, other)
            }
            #[track_caller]
            fn order(&self, other: &Self, operator: &str) -> Option<Ordering> {
                no_order(operator, self, other)
            }
            fn into_dyn(self) -> Dyn {
                let function = self;
                Dyn::Function(Callable::new($count, Rc::new(move |_values: &[Dyn]| {
                    function($($letter::from_dyn(_values[$place].clone())),*).into_dyn()
                })))
            }
            #[track_caller]
            fn from_dyn(value: Dyn) -> Self {
                let callable = Callable::of(value, $count);
                Rc::new(move |$($value: $letter),*| R::from_dyn(callable.call(&[$($value.into_dyn()),*])))
            }
        }
    };
}

function_datum!(0,);
function_datum!(1, A a 0);
function_datum!(2, A a 0, B b 1);
function_datum!(3, A a 0, B b 1, C c 2);
function_datum!(4, A a 0, B b 1, C c 2, D d 3);
function_datum!(5, A a 0, B b 1, C c 2, D d 3, E e 4);
function_datum!(6, A a 0, B b 1, C c 2, D d 3, E e 4, F f 5);
