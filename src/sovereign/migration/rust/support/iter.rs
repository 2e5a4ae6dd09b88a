//! Python's iterators: `Iter<T>`, whose items may fail to come, and `Iterable`, what `iter(value)` accepts.
//!
//! Made by `Iter::new(closure)`, `Iter::infallible(iterator)`, `Iter::fallible(iterator)`, `value.to_iter()`, and by
//! `generator.rs`. Asked by `step()? -> Option<T>` (what `for` does), `next_item()?` (`next(it)`, raises `StopIteration`),
//! `next_or(default)?`. It is Rust's `Iterator` over `Result<T, Exc>`. A clone is the same iterator.

use crate::{hash_identity, Exc, List, Object, STOP_ITERATION, TYPE_ERROR, VALUE_ERROR};
use alloc::rc::Rc;
use alloc::string::String;
use core::cell::RefCell;

/// Where the items of an iterator come from.
pub trait Source<T> {
    /// The next item, none at the end.
    fn step(&mut self) -> Result<Option<T>, Exc>;
    /// Raise inside; only generators can be asked.
    fn throw(&mut self, exc: Exc) -> Result<Option<T>, Exc> {
        Err(exc)
    }
    /// End early.
    fn close(&mut self) -> Result<(), Exc> {
        Ok(())
    }
    /// Whether it was asked for an item already.
    fn has_begun(&self) -> bool {
        true
    }
    /// How many items are left, where that is known.
    fn left(&self) -> Option<i64> {
        None
    }
}

/// An iterator object.
pub struct Iter<T>(Rc<RefCell<dyn Source<T>>>);

impl<T> Clone for Iter<T> {
    fn clone(&self) -> Self {
        Iter(Rc::clone(&self.0))
    }
}

/// Items out of a closure.
pub struct ClosureSource<F>(F);

impl<T, F: FnMut() -> Result<Option<T>, Exc>> Source<T> for ClosureSource<F> {
    fn step(&mut self) -> Result<Option<T>, Exc> {
        (self.0)()
    }
}

/// Items out of one of Rust's iterators.
pub struct PlainSource<I>(Option<I>);

impl<I: Iterator> Source<I::Item> for PlainSource<I> {
    fn step(&mut self) -> Result<Option<I::Item>, Exc> {
        let item = self.0.as_mut().and_then(Iterator::next);
        // An iterator that ended stays so, though its list may grow.
        if item.is_none() {
            self.0 = None;
        }
        Ok(item)
    }
    fn left(&self) -> Option<i64> {
        self.0.as_ref().map_or(Some(0), |items| items.size_hint().1.map(|left| left as i64))
    }
}

/// Items out of one of Rust's iterators over results.
pub struct ResultSource<I>(I);

impl<T, I: Iterator<Item = Result<T, Exc>>> Source<T> for ResultSource<I> {
    fn step(&mut self) -> Result<Option<T>, Exc> {
        self.0.next().transpose()
    }
}

impl<T: 'static> Iter<T> {
    /// Items out of a closure, which gives none at the end.
    pub fn new(next: impl FnMut() -> Result<Option<T>, Exc> + 'static) -> Self {
        Iter::from_source(ClosureSource(next))
    }

    /// Items out of any source.
    pub fn from_source(source: impl Source<T> + 'static) -> Self {
        Iter(Rc::new(RefCell::new(source)))
    }

    /// Items of one of Rust's iterators.
    pub fn infallible<I: Iterator<Item = T> + 'static>(items: I) -> Self {
        Iter::from_source(PlainSource(Some(items)))
    }

    /// Items of one of Rust's iterators over results.
    pub fn fallible<I: Iterator<Item = Result<T, Exc>> + 'static>(items: I) -> Self {
        Iter::from_source(ResultSource(items))
    }
}

impl<T> Iter<T> {
    /// The next item, none at the end.
    #[inline]
    pub fn step(&self) -> Result<Option<T>, Exc> {
        self.0.try_borrow_mut().map_err(|_| already_running())?.step()
    }

    /// `next(self)`.
    pub fn next_item(&self) -> Result<T, Exc> {
        self.step()?.ok_or_else(|| Exc::bare(&STOP_ITERATION))
    }

    /// `next(self, default)`.
    pub fn next_or(&self, default: T) -> Result<T, Exc> {
        Ok(self.step()?.unwrap_or(default))
    }

    /// `self.send(value)` of a generator that does not look at what it is sent.
    pub fn send_unseen(&self, is_none: bool) -> Result<T, Exc> {
        if !is_none && !self.0.try_borrow().map_err(|_| already_running())?.has_begun() {
            return Err(Exc::new(&TYPE_ERROR, "can't send non-None value to a just-started generator"));
        }
        self.next_item()
    }

    /// `self.throw(exc)`.
    pub fn throw(&self, exc: Exc) -> Result<T, Exc> {
        self.throw_step(exc)?.ok_or_else(|| Exc::bare(&STOP_ITERATION))
    }

    /// Raise inside; the next item, none at the end.
    pub fn throw_step(&self, exc: Exc) -> Result<Option<T>, Exc> {
        self.0.try_borrow_mut().map_err(|_| already_running())?.throw(exc)
    }

    /// `self.close()`.
    pub fn close(&self) -> Result<(), Exc> {
        self.0.try_borrow_mut().map_err(|_| already_running())?.close()
    }

    /// `operator.length_hint(self)`, where it is known.
    pub fn left(&self) -> Option<i64> {
        self.0.borrow().left()
    }
}

impl<T> Iter<T> {
    /// `list(self)`.
    pub fn list(&self) -> Result<List<T>, Exc> {
        let mut items = alloc::vec::Vec::new();
        while let Some(item) = self.step()? {
            items.push(item);
        }
        Ok(List::from(items))
    }
}

/// What a generator says that is asked for an item while it makes one.
#[cold]
pub fn already_running() -> Exc {
    Exc::new(&VALUE_ERROR, "generator already executing")
}

impl<T> Iterator for Iter<T> {
    type Item = Result<T, Exc>;
    #[inline]
    fn next(&mut self) -> Option<Result<T, Exc>> {
        self.step().transpose()
    }
}

impl<T> Object for Iter<T> {
    fn write_repr(&self, out: &mut String) {
        out.push_str("<generator object>");
    }
    fn equals(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
    fn hash(&self) -> u64 {
        hash_identity(&*self.0)
    }
    fn type_name(&self) -> &'static str {
        "generator"
    }
}

/// What `iter(value)` accepts.
pub trait Iterable {
    /// What its items are.
    type Item;
    /// `iter(self)`.
    fn to_iter(&self) -> Iter<Self::Item>;
}

impl<T> Iterable for Iter<T> {
    type Item = T;
    fn to_iter(&self) -> Iter<T> {
        self.clone()
    }
}
