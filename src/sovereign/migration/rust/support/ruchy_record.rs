//! Structs, classes and enums of a Ruchy program: `Record`, `Shared`, `Handle`, and the variables that functions share.

use crate::{fault, Array, Datum, Dyn, Str};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use core::any::Any;
use core::cell::{Cell, UnsafeCell};
use core::cmp::Ordering;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

/// A struct, class, enum or actor where its type is not known.
pub trait Record: 'static {
    /// The name of its type.
    fn record_name(&self) -> Str;
    /// Its text.
    fn write_record(&self, out: &mut String);
    /// `==`.
    fn same_record(&self, other: &dyn Record) -> bool;
    /// The order of two values of one type; none where that type has no order.
    fn order_record(&self, other: &dyn Record, operator: &str) -> Option<Option<Ordering>>;
    /// A field.
    fn field(&self, name: &str) -> Option<Dyn>;
    /// Set a field; whether there is one of this name.
    fn set_field(&mut self, name: &str, value: Dyn) -> bool;
    /// Call a method, if there is one of this name.
    fn invoke(&mut self, name: &str, values: &[Dyn]) -> Option<Dyn>;
    /// The same for a value that several places hold.
    fn invoke_shared(&self, name: &str, values: &[Dyn]) -> Option<Dyn>;
    /// Whether variables hold a reference to it.
    fn is_shared_record(&self) -> bool;
    /// Another one with the same fields.
    fn copied_record(&self) -> Rc<dyn Record>;
    /// The number of a variant.
    fn record_number(&self) -> Option<i64>;
    /// The value itself.
    fn whole(&self) -> &dyn Any;
    /// The names of its fields.
    fn field_names(&self) -> &'static [&'static str];
    /// Whether a loop can go through it, and `value[name]` gives a field.
    fn has_items(&self) -> bool {
        false
    }
    /// What a loop goes through.
    #[track_caller]
    fn items(&self) -> Option<Array<Dyn>> {
        None
    }
}

/// What a type of the program says about its values; `record.rs` makes a `Datum` of it.
pub trait Declared_: Clone + 'static {
    /// The name of the type.
    const NAME: &'static str;
    /// The names of its fields.
    const FIELDS: &'static [&'static str] = &[];
    /// Its text.
    fn write_text(&self, out: &mut String);
    /// Whether all fields are equal.
    fn same_fields(&self, other: &Self) -> bool;
    /// The order of two variants.
    fn order_fields(&self, _other: &Self, _operator: &str) -> Option<Option<Ordering>> {
        None
    }
    /// A field.
    fn get_field(&self, _name: &str) -> Option<Dyn> {
        None
    }
    /// Set a field.
    fn put_field(&mut self, _name: &str, _value: Dyn) -> bool {
        false
    }
    /// Call a method.
    fn call_method(&mut self, _name: &str, _values: &[Dyn]) -> Option<Dyn> {
        None
    }
    /// The number of a variant.
    #[track_caller]
    fn number(&self) -> Option<i64> {
        None
    }
}

/// A value of a type of the program where its type is not known.
#[derive(Clone)]
pub struct Boxed_<T>(pub T);

impl<T: Declared_> Record for Boxed_<T> {
    fn record_name(&self) -> Str {
        Str::literal(T::NAME)
    }
    fn write_record(&self, out: &mut String) {
        self.0.write_text(out);
    }
    fn same_record(&self, other: &dyn Record) -> bool {
        other.whole().downcast_ref::<T>().is_some_and(|other| self.0.same_fields(other))
    }
    fn order_record(&self, other: &dyn Record, operator: &str) -> Option<Option<Ordering>> {
        other.whole().downcast_ref::<T>().and_then(|other| self.0.order_fields(other, operator))
    }
    #[track_caller]
    fn field(&self, name: &str) -> Option<Dyn> {
        self.0.get_field(name)
    }
    fn set_field(&mut self, name: &str, value: Dyn) -> bool {
        self.0.put_field(name, value)
    }
    #[track_caller]
    fn invoke(&mut self, name: &str, values: &[Dyn]) -> Option<Dyn> {
        self.0.call_method(name, values).or_else(|| plain_method(self, name))
    }
    #[track_caller]
    fn invoke_shared(&self, name: &str, values: &[Dyn]) -> Option<Dyn> {
        self.0.clone().call_method(name, values).or_else(|| plain_method(self, name))
    }
    fn is_shared_record(&self) -> bool {
        false
    }
    fn copied_record(&self) -> Rc<dyn Record> {
        Rc::new(self.clone())
    }
    #[track_caller]
    fn record_number(&self) -> Option<i64> {
        self.0.number()
    }
    fn whole(&self) -> &dyn Any {
        &self.0
    }
    fn field_names(&self) -> &'static [&'static str] {
        T::FIELDS
    }
}

/// The methods that every value has.
pub fn plain_method<T: Record + Clone>(value: &T, name: &str) -> Option<Dyn> {
    match name {
        "clone" => Some(Dyn::Record(Rc::new(value.clone()))),
        "to_string" => {
            let mut text = String::new();
            value.write_record(&mut text);
            Some(Dyn::Text(Str::from(text)))
        }
        _ => None,
    }
}

/// A value of a type of the program out of one of no known type.
#[track_caller]
pub fn record_out<T: Declared_>(value: Dyn) -> T {
    if let Dyn::Record(record) = &value {
        if let Some(found) = record.whole().downcast_ref::<T>() {
            return found.clone();
        }
    }
    crate::unexpected(T::NAME, &value.kind_name())
}

/// A struct or enum that can hold others of its type; shared until it changes.
pub struct Shared<T>(NonNull<Counted<T>>, PhantomData<Counted<T>>);

/// A value with the number of its holders.
pub struct Counted<T> {
    holders: Cell<usize>,
    value: T,
}

/// A variant without fields, which all of its holders share for ever.
pub struct Lasting<T>(Counted<T>);

// SAFETY: the program has one thread; only it touches the count.
unsafe impl<T> Sync for Lasting<T> {}

impl<T> Lasting<T> {
    /// A value that has more holders than there can be.
    pub const fn new(value: T) -> Self {
        Lasting(Counted { holders: Cell::new(usize::MAX / 2), value })
    }
}

impl<T> Clone for Shared<T> {
    #[inline]
    fn clone(&self) -> Self {
        let holders = &self.counted().holders;
        holders.set(holders.get() + 1);
        Shared(self.0, PhantomData)
    }
}

impl<T> Drop for Shared<T> {
    #[inline]
    fn drop(&mut self) {
        let holders = &self.counted().holders;
        let left = holders.get() - 1;
        holders.set(left);
        if left == 0 {
            // SAFETY: this was the last holder, and what `Lasting` holds always has more: `new` made it by `Box`.
            drop(unsafe { Box::from_raw(self.0.as_ptr()) });
        }
    }
}

impl<T> Shared<T> {
    /// A value on the heap.
    #[inline]
    pub fn new(value: T) -> Self {
        let made = Box::new(Counted { holders: Cell::new(1), value });
        Shared(NonNull::from(Box::leak(made)), PhantomData)
    }

    /// A value that is there already.
    #[inline]
    pub fn lasting(known: &'static Lasting<T>) -> Self {
        let holders = &known.0.holders;
        holders.set(holders.get() + 1);
        Shared(NonNull::from(&known.0), PhantomData)
    }

    /// The value with its count.
    #[inline(always)]
    fn counted(&self) -> &Counted<T> {
        // SAFETY: the value lives as long as it has a holder.
        unsafe { self.0.as_ref() }
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        &self.counted().value
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        if self.counted().holders.get() != 1 {
            *self = Shared::new((**self).clone());
        }
        // SAFETY: this is the only holder of a value that `new` made, so that no other reference to it lives.
        unsafe { &mut self.0.as_mut().value }
    }
}

impl<T: Datum> Datum for Shared<T> {
    fn kind_name(&self) -> Str {
        (**self).kind_name()
    }
    fn write_debug(&self, out: &mut String, is_loose: bool) {
        (**self).write_debug(out, is_loose);
    }
    fn same(&self, other: &Self) -> bool {
        self.0 == other.0 || (**self).same(&**other)
    }
    #[track_caller]
    fn order(&self, other: &Self, operator: &str) -> Option<Ordering> {
        (**self).order(&**other, operator)
    }
    fn into_dyn(self) -> Dyn {
        T::clone(&self).into_dyn()
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        Shared::new(T::from_dyn(value))
    }
    #[track_caller]
    fn key_hash(&self) -> u64 {
        (**self).key_hash()
    }
}

/// An object of a class: several places may hold it, and all see its changes.
pub struct Handle<T>(Rc<UnsafeCell<T>>);

impl<T> Clone for Handle<T> {
    #[inline]
    fn clone(&self) -> Self {
        Handle(self.0.clone())
    }
}

impl<T> Handle<T> {
    /// A new object.
    pub fn new(value: T) -> Self {
        Handle(Rc::new(UnsafeCell::new(value)))
    }

    /// The object, to look at for the length of one expression.
    #[inline]
    #[allow(clippy::mut_from_ref)]
    pub fn look(&self) -> &T {
        // SAFETY: the program has one thread, and the compiler writes what is computed meanwhile before this call, so
        // that nothing changes the object while this reference lives.
        unsafe { &*self.0.get() }
    }

    /// The object, to change by one operation.
    #[inline]
    #[allow(clippy::mut_from_ref)]
    pub fn edit(&self) -> &mut T {
        // SAFETY: as in `look`: no other reference lives while one operation changes the object.
        unsafe { &mut *self.0.get() }
    }

    /// Whether both are the same object.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: Actor> Record for Handle<T> {
    fn record_name(&self) -> Str {
        Str::literal(T::NAME)
    }
    fn write_record(&self, out: &mut String) {
        self.look().write_text(out);
    }
    fn same_record(&self, other: &dyn Record) -> bool {
        other.whole().downcast_ref::<Handle<T>>().is_some_and(|other| self.is_same(other))
    }
    fn order_record(&self, _other: &dyn Record, _operator: &str) -> Option<Option<Ordering>> {
        None
    }
    #[track_caller]
    fn field(&self, name: &str) -> Option<Dyn> {
        self.look().get_field(name)
    }
    fn set_field(&mut self, name: &str, value: Dyn) -> bool {
        self.edit().put_field(name, value)
    }
    #[track_caller]
    fn invoke(&mut self, name: &str, values: &[Dyn]) -> Option<Dyn> {
        self.invoke_shared(name, values)
    }
    #[track_caller]
    fn invoke_shared(&self, name: &str, values: &[Dyn]) -> Option<Dyn> {
        T::call_on_handle(self, name, values).or_else(|| plain_method(self, name))
    }
    fn is_shared_record(&self) -> bool {
        true
    }
    fn copied_record(&self) -> Rc<dyn Record> {
        Rc::new(self.clone())
    }
    #[track_caller]
    fn record_number(&self) -> Option<i64> {
        None
    }
    fn whole(&self) -> &dyn Any {
        self
    }
    fn field_names(&self) -> &'static [&'static str] {
        T::FIELDS
    }
}

/// What a class or actor of the program says about its objects.
pub trait Actor: Declared_ {
    /// Call a method or deliver a message.
    fn call_on_handle(handle: &Handle<Self>, name: &str, values: &[Dyn]) -> Option<Dyn>;
}

impl<T: Actor> Datum for Handle<T> {
    fn kind_name(&self) -> Str {
        Str::literal(T::NAME)
    }
    fn write_debug(&self, out: &mut String, _is_loose: bool) {
        self.write_record(out);
    }
    fn same(&self, other: &Self) -> bool {
        self.is_same(other)
    }
    #[track_caller]
    fn order(&self, other: &Self, operator: &str) -> Option<Ordering> {
        crate::no_order(operator, self, other)
    }
    fn into_dyn(self) -> Dyn {
        Dyn::Record(Rc::new(self))
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        if let Dyn::Record(record) = &value {
            if let Some(found) = record.whole().downcast_ref::<Handle<T>>() {
                return found.clone();
            }
        }
        crate::unexpected(T::NAME, &value.kind_name())
    }
}

/// Make values of a type of the program values of the language.
#[macro_export]
macro_rules! plain_record {
    ($name:ty) => {
        impl Datum for $name {
            fn kind_name(&self) -> Str {
                Str::literal(<$name as Declared_>::NAME)
            }
            fn write_debug(&self, out: &mut String, _is_loose: bool) {
                self.write_text(out);
            }
            fn same(&self, other: &Self) -> bool {
                self.same_fields(other)
            }
            #[track_caller]
            fn order(&self, other: &Self, operator: &str) -> Option<core::cmp::Ordering> {
                match self.order_fields(other, operator) {
                    Some(found) => found,
                    None => no_order(operator, self, other),
                }
            }
            fn into_dyn(self) -> Dyn {
                Dyn::Record(Rc::new(Boxed_(self)))
            }
            #[track_caller]
            fn from_dyn(value: Dyn) -> Self {
                record_out(value)
            }
        }
    };
}
pub use plain_record;

/// A variable that closures share and change.
pub struct Captured<T>(Rc<UnsafeCell<T>>);

impl<T> Clone for Captured<T> {
    fn clone(&self) -> Self {
        Captured(self.0.clone())
    }
}

impl<T: Clone> Captured<T> {
    /// A variable with its first value.
    pub fn new(value: T) -> Self {
        Captured(Rc::new(UnsafeCell::new(value)))
    }

    /// Its value.
    #[inline]
    #[track_caller]
    pub fn get(&self) -> T {
        self.look().clone()
    }

    /// Another value.
    #[inline]
    #[track_caller]
    pub fn set(&self, value: T) {
        *self.edit() = value;
    }

    /// The value, to look at for the length of one expression.
    #[inline]
    pub fn look(&self) -> &T {
        // SAFETY: as in `Handle::look`.
        unsafe { &*self.0.get() }
    }

    /// The value, to change by one operation.
    #[inline]
    #[allow(clippy::mut_from_ref)]
    pub fn edit(&self) -> &mut T {
        // SAFETY: as in `Handle::look`.
        unsafe { &mut *self.0.get() }
    }
}

/// A variable of the top that functions use.
pub struct Topmost<T>(UnsafeCell<Option<T>>, &'static str);

// SAFETY: a program runs on one thread.
unsafe impl<T> Sync for Topmost<T> {}

impl<T: Clone> Topmost<T> {
    /// A variable without a value.
    pub const fn new(name: &'static str) -> Self {
        Topmost(UnsafeCell::new(None), name)
    }

    /// Its value.
    #[inline]
    #[track_caller]
    pub fn get(&self) -> T {
        self.look().clone()
    }

    /// Another value.
    #[inline]
    #[track_caller]
    pub fn set(&self, value: T) {
        // SAFETY: as in `Handle::look`.
        unsafe { *self.0.get() = Some(value) }
    }

    /// The value, to look at for the length of one expression.
    #[inline]
    pub fn look(&self) -> &T {
        // SAFETY: as in `Handle::look`.
        match unsafe { &*self.0.get() } {
            Some(value) => value,
            None => self.empty(),
        }
    }

    /// The value, to change by one operation.
    #[inline]
    #[allow(clippy::mut_from_ref)]
    pub fn edit(&self) -> &mut T {
        // SAFETY: as in `Handle::look`.
        match unsafe { &mut *self.0.get() } {
            Some(value) => value,
            None => self.empty(),
        }
    }

    /// It has no value yet.
    #[cold]
    #[track_caller]
    pub fn empty(&self) -> ! {
        fault("name", alloc::format!("`{}` is used before it has a value", self.1))
    }
}
