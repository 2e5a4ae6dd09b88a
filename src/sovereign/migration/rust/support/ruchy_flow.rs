//! Control flow of a Ruchy program: what leaves a `try`, functions that call themselves, loops.

use crate::{fault, Array, Extent};
use alloc::rc::Rc;
use core::cell::UnsafeCell;

/// How the body of a `try` ended.
pub enum Ended<T, R> {
    /// With its value.
    Finished(T),
    /// By `return`.
    Returned(R),
    /// By a jump to a loop around it.
    Jumped(usize),
}

/// Call a function once; a body whose result is looked at.
pub fn run_once<T>(body: impl FnOnce() -> T) -> T {
    body()
}

/// A variable that closures see before it has its value.
pub struct Awaited<T>(Rc<UnsafeCell<Option<T>>>, &'static str);

impl<T> Clone for Awaited<T> {
    fn clone(&self) -> Self {
        Awaited(self.0.clone(), self.1)
    }
}

impl<T: Clone> Awaited<T> {
    /// A variable without a value.
    pub fn new(name: &'static str) -> Self {
        Awaited(Rc::new(UnsafeCell::new(None)), name)
    }

    /// Its value.
    #[inline]
    #[track_caller]
    pub fn get(&self) -> T {
        // SAFETY: the program has one thread, and nothing sets the variable while it is cloned.
        match unsafe { &*self.0.get() } {
            Some(value) => value.clone(),
            None => fault("name", alloc::format!("`{}` is used before it has a value", self.1)),
        }
    }

    /// Another value.
    #[track_caller]
    pub fn set(&self, value: T) {
        // SAFETY: as in `get`; no reference into the variable is kept.
        unsafe { *self.0.get() = Some(value) }
    }
}

/// `start..`.
pub fn count_up(start: i64) -> impl Iterator<Item = i64> {
    (start..i64::MAX).chain(core::iter::once(i64::MAX))
}

/// `values.enumerate()` in a loop.
pub fn numbered_from_zero<T>(values: impl Iterator<Item = T>) -> impl Iterator<Item = (i64, T)> {
    values.enumerate().map(|(place, item)| (place as i64, item))
}

/// The items of a list, which nobody changes meanwhile.
pub struct ArrayItems<T> {
    items: Array<T>,
    at: usize,
}

impl<T: Clone> Iterator for ArrayItems<T> {
    type Item = T;
    #[inline]
    fn next(&mut self) -> Option<T> {
        let found = self.items.get(self.at)?.clone();
        self.at += 1;
        Some(found)
    }
}

impl<T: Clone> Array<T> {
    /// The items one after the other.
    pub fn into_items(self) -> ArrayItems<T> {
        ArrayItems { items: self, at: 0 }
    }
}

impl Extent {
    /// Whether it has no numbers.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// `range.sum()`.
    #[track_caller]
    pub fn total(&self) -> i64 {
        self.to_array().total()
    }
}
