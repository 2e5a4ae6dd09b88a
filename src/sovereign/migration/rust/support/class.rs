//! Objects of the program's classes: traits `Class` and `ClassOrder`, fields that change (`Field`, `Late`), enums for values
//! of several types (`union_object!`), and the texts of exceptions with fields of their own.

use crate::{argument_list, write_quoted, Argument, Exc, Int, Object, Ordered, Place, Str, ATTRIBUTE_ERROR};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use core::cmp::Ordering;

/// A class of the program: what `print`, `==` and containers ask of its objects.
pub trait Class: 'static {
    /// Its name.
    const NAME: &'static str;
    /// Append `repr(self)`.
    fn repr_into(self: &Rc<Self>, out: &mut String) {
        out.push_str(&format!("<__main__.{} object at 0x{:x}>", Self::NAME, Rc::as_ptr(self) as *const u8 as usize));
    }
    /// Append `str(self)`.
    fn str_into(self: &Rc<Self>, out: &mut String) {
        self.repr_into(out);
    }
    /// `self == other`: the same object, unless the class says otherwise.
    fn same_as(self: &Rc<Self>, other: &Rc<Self>) -> bool {
        Rc::ptr_eq(self, other)
    }
    /// `hash(self)`.
    fn hash_code(self: &Rc<Self>) -> u64 {
        Rc::as_ptr(self) as *const u8 as u64
    }
    /// `bool(self)`.
    fn is_true(self: &Rc<Self>) -> bool {
        true
    }
}

/// A class whose objects have an order.
pub trait ClassOrder: Class {
    /// `self < other`.
    fn comes_before(self: &Rc<Self>, other: &Rc<Self>) -> bool;
}

impl<T: Class> Object for Rc<T> {
    fn write_repr(&self, out: &mut String) {
        Class::repr_into(self, out);
    }
    fn write_str(&self, out: &mut String) {
        Class::str_into(self, out);
    }
    fn equals(&self, other: &Self) -> bool {
        Rc::ptr_eq(self, other) || Class::same_as(self, other)
    }
    fn hash(&self) -> u64 {
        Class::hash_code(self)
    }
    fn truth(&self) -> bool {
        Class::is_true(self)
    }
    fn type_name(&self) -> &'static str {
        T::NAME
    }
}

impl<T: ClassOrder> Ordered for Rc<T> {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        if ClassOrder::comes_before(self, other) {
            Some(Ordering::Less)
        } else if ClassOrder::comes_before(other, self) {
            Some(Ordering::Greater)
        } else {
            Some(Ordering::Equal)
        }
    }
    fn less(&self, other: &Self) -> bool {
        ClassOrder::comes_before(self, other)
    }
}

/// A field of an object that is assigned again.
pub struct Field<T>(Place<T>);

impl<T> Field<T> {
    /// A field with its first value.
    pub const fn new(value: T) -> Self {
        Field(Place::new(value))
    }
    /// Assign another value.
    #[inline]
    pub fn set(&self, value: T) {
        drop(self.0.replace(value));
    }
}

impl<T: Clone> Field<T> {
    /// The value now.
    #[inline]
    pub fn get(&self) -> T {
        self.0.get()
    }
}

/// A field that may not be assigned yet.
pub struct Late<T>(Place<Option<T>>);

impl<T> Late<T> {
    /// A field without a value.
    pub const fn new() -> Self {
        Late(Place::new(None))
    }
    /// A field with its first value.
    pub const fn of(value: T) -> Self {
        Late(Place::new(Some(value)))
    }
    /// Assign a value.
    #[inline]
    pub fn set(&self, value: T) {
        drop(self.0.replace(Some(value)));
    }
}

impl<T> Default for Late<T> {
    fn default() -> Self {
        Late::new()
    }
}

impl<T: Clone> Late<T> {
    /// The value, or the AttributeError of a field that has none.
    #[inline]
    pub fn get(&self, class: &str, name: &str) -> Result<T, Exc> {
        match self.0.get() {
            Some(value) => Ok(value),
            None => Err(no_attribute(class, name)),
        }
    }
}

/// `AttributeError: 'class' object has no attribute 'name'`.
#[cold]
pub fn no_attribute(class: &str, name: &str) -> Exc {
    Exc::new(&ATTRIBUTE_ERROR, format!("'{class}' object has no attribute '{name}'"))
}

/// `str` of an exception with these arguments.
pub fn argument_text_of(arguments: &[Argument]) -> Str {
    match arguments {
        [] => Str::new(),
        [only] => only.text(),
        several => Str::from(argument_list(several)),
    }
}

/// `repr` of an exception of a class with these arguments.
pub fn argument_repr_of(arguments: &[Argument], class: &str) -> Str {
    match arguments {
        [only] => Str::from(format!("{class}({})", only.repr())),
        several => Str::from(format!("{class}{}", argument_list(several))),
    }
}

/// `repr` of a text, appended.
pub fn push_quoted(text: &str, out: &mut String) {
    write_quoted(text, out);
}

/// An enum of the program for values of several types is a value: it acts as the one that it holds.
#[macro_export]
macro_rules! union_object {
    ($name:ident, $($variant:ident),+) => {
        impl Object for $name {
            fn write_repr(&self, out: &mut String) {
                match self {
                    $($name::$variant(value) => value.write_repr(out)),+
                }
            }
            fn write_str(&self, out: &mut String) {
                match self {
                    $($name::$variant(value) => value.write_str(out)),+
                }
            }
            fn equals(&self, other: &Self) -> bool {
                match (self, other) {
                    $(($name::$variant(value), $name::$variant(other)) => value.equals(other),)+
                    _ => self.is_number() && other.is_number() && Object::hash(self) == Object::hash(other),
                }
            }
            fn hash(&self) -> u64 {
                match self {
                    $($name::$variant(value) => Object::hash(value)),+
                }
            }
            fn truth(&self) -> bool {
                match self {
                    $($name::$variant(value) => value.truth()),+
                }
            }
            fn type_name(&self) -> &'static str {
                match self {
                    $($name::$variant(value) => value.type_name()),+
                }
            }
        }
        impl $name {
            fn is_number(&self) -> bool {
                matches!(Object::type_name(self), "int" | "float" | "bool")
            }
        }
    };
}
pub use union_object;

/// The order of an enum of the program that holds numbers only.
#[macro_export]
macro_rules! number_order {
    ($name:ident, $($variant:ident),+) => {
        impl Number for $name {
            fn number(&self) -> AnyNumber {
                match self {
                    $($name::$variant(value) => value.number()),+
                }
            }
        }
        impl Ordered for $name {
            fn compare(&self, other: &Self) -> Option<core::cmp::Ordering> {
                compare_numbers(self.number(), other.number())
            }
        }
    };
}
pub use number_order;

/// A number of any type, to be compared with others.
pub enum AnyNumber {
    /// An integer.
    Whole(Int),
    /// A float.
    Real(f64),
}

/// A value that is a number.
pub trait Number {
    /// It, to be compared.
    fn number(&self) -> AnyNumber;
}

impl Number for i64 {
    fn number(&self) -> AnyNumber {
        AnyNumber::Whole(Int::from(*self))
    }
}

impl Number for Int {
    fn number(&self) -> AnyNumber {
        AnyNumber::Whole(self.clone())
    }
}

impl Number for bool {
    fn number(&self) -> AnyNumber {
        AnyNumber::Whole(Int::from(*self))
    }
}

impl Number for f64 {
    fn number(&self) -> AnyNumber {
        AnyNumber::Real(*self)
    }
}

/// How two numbers stand to each other, exactly.
pub fn compare_numbers(a: AnyNumber, b: AnyNumber) -> Option<Ordering> {
    match (a, b) {
        (AnyNumber::Whole(a), AnyNumber::Whole(b)) => a.partial_cmp(&b),
        (AnyNumber::Real(a), AnyNumber::Real(b)) => a.partial_cmp(&b),
        (AnyNumber::Whole(a), AnyNumber::Real(b)) => a.partial_cmp(&b),
        (AnyNumber::Real(a), AnyNumber::Whole(b)) => a.partial_cmp(&b),
    }
}
