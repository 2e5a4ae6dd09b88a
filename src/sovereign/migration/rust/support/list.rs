//! `List<T>`, Python's `list`: a handle, whose clone is the same list.
//!
//! `List::new`, `List::from(Vec)`, `collect()`, `list![..]`; `len`, `item`, `set_item`, `del_item`, `slice`, `slice_step`,
//! `set_slice`, `set_slice_step`, `del_slice`, `append`, `extend`, `insert`, `pop`, `pop_at`, `remove`, `index`, `count`,
//! `contains`, `reverse`, `copy`, `clear`, `concat`, `repeat`, `iter` (sees growth), `borrow` and `borrow_mut` for loops
//! over the `Vec`. Sorting: `sorting.rs`. `Seq<T>`, the tuple of unknown length: `seq.rs`.

use crate::{
    index_in, out_of_range, position, range_in, slice_bounds, Exc, Iter, Iterable, Object, Ordered, VALUE_ERROR,
};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, Ref, RefCell, RefMut};
use core::cmp::Ordering;

/// What a list's handles share.
pub struct ListBody<T> {
    items: RefCell<Vec<T>>,
    // Set while `repr` runs, so that a list inside itself shows as `[...]`.
    is_shown: Cell<bool>,
}

/// A list.
pub struct List<T>(Rc<ListBody<T>>);

impl<T> Clone for List<T> {
    #[inline]
    fn clone(&self) -> Self {
        List(Rc::clone(&self.0))
    }
}

/// A list out of its items, or out of one item and a count.
#[macro_export]
macro_rules! list {
    ($($item:tt)*) => { List::from(vec![$($item)*]) };
}

pub use list;

impl<T> List<T> {
    /// `[]`.
    #[inline]
    pub fn new() -> Self {
        List::from(Vec::new())
    }

    /// `[]`, with room.
    pub fn with_capacity(count: i64) -> Self {
        List::from(Vec::with_capacity(count.max(0) as usize))
    }

    /// The items, to read.
    #[inline]
    pub fn borrow(&self) -> Ref<'_, Vec<T>> {
        self.0.items.borrow()
    }

    /// The items, to change. What runs before the guard goes must not be code of the program, because `view` looks at the
    /// items without asking; where it may be, `apart` takes the items out.
    #[inline]
    pub fn borrow_mut(&self) -> RefMut<'_, Vec<T>> {
        self.0.items.borrow_mut()
    }

    /// Change the items where code of the program may run; it sees an empty list meanwhile.
    pub fn apart<R>(&self, work: impl FnOnce(&mut Vec<T>) -> R) -> R {
        let mut items = core::mem::take(&mut *self.borrow_mut());
        let result = work(&mut items);
        let between = core::mem::replace(&mut *self.borrow_mut(), items);
        drop(between);
        result
    }

    /// Look at the items, without a flag, for something that runs no code of the program.
    #[inline]
    fn view<R>(&self, look: impl FnOnce(&Vec<T>) -> R) -> R {
        // SAFETY: nothing changes the items while `look` runs, since it only measures or clones, and no guard of
        // `borrow_mut` is open while anything else runs.
        look(unsafe { &*self.0.items.as_ptr() })
    }

    /// `self is other`.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// `id(self)`.
    pub fn id(&self) -> i64 {
        Rc::as_ptr(&self.0) as usize as i64
    }

    /// `len(self)`.
    #[inline]
    pub fn len(&self) -> i64 {
        self.view(Vec::len) as i64
    }

    /// Whether it has no items.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.view(Vec::is_empty)
    }
}

impl<T> List<T> {
    /// Change the items, without marking them as being changed, by something that runs no code of the program.
    #[inline]
    fn change<R>(&self, work: impl FnOnce(&mut Vec<T>) -> R) -> R {
        if self.0.items.try_borrow_mut().is_err() {
            changed_while_read();
        }
        // SAFETY: no guard is open, and `work` only moves items, so that nothing else looks at them meanwhile.
        work(unsafe { &mut *self.0.items.as_ptr() })
    }
}

/// End the program: an `__eq__` or the like changes the list whose items are compared.
#[cold]
pub fn changed_while_read() -> ! {
    panic!("a list is changed while its items are compared")
}

impl<T> Default for List<T> {
    fn default() -> Self {
        List::new()
    }
}

impl<T> From<Vec<T>> for List<T> {
    #[inline]
    fn from(items: Vec<T>) -> Self {
        List(Rc::new(ListBody { items: RefCell::new(items), is_shown: Cell::new(false) }))
    }
}

impl<T> FromIterator<T> for List<T> {
    #[inline]
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        List::from(items.into_iter().collect::<Vec<T>>())
    }
}

impl<T: Clone> List<T> {
    /// `self[index]`.
    #[inline]
    pub fn item(&self, index: i64) -> Result<T, Exc> {
        match self.view(|items| position(index, items.len()).map(|at| items[at].clone())) {
            Some(item) => Ok(item),
            None => Err(out_of_range("list index")),
        }
    }

    /// `self[start:stop]`.
    pub fn slice(&self, start: Option<i64>, stop: Option<i64>) -> List<T> {
        let items = self.borrow();
        let (start, stop) = range_in(start, stop, items.len());
        List::from(items[start..stop].to_vec())
    }

    /// `self[start:stop:step]`.
    pub fn slice_step(&self, start: Option<i64>, stop: Option<i64>, step: i64) -> Result<List<T>, Exc> {
        let items = self.borrow();
        let span = slice_bounds(start, stop, step, items.len() as i64)?;
        Ok(span.positions().map(|at| items[at].clone()).collect())
    }

    /// `self.copy()`.
    pub fn copy(&self) -> List<T> {
        List::from(self.borrow().clone())
    }

    /// The items, copied out.
    pub fn to_vec(&self) -> Vec<T> {
        self.borrow().clone()
    }

    /// `self + other`.
    pub fn concat(&self, other: &List<T>) -> List<T> {
        let (a, b) = (self.borrow(), other.borrow());
        let mut items = Vec::with_capacity(a.len() + b.len());
        items.extend_from_slice(&a);
        items.extend_from_slice(&b);
        List::from(items)
    }

    /// `self * count`.
    pub fn repeat(&self, count: i64) -> List<T> {
        let items = self.borrow();
        let count = usize::try_from(count).unwrap_or(0);
        let mut all = Vec::with_capacity(items.len() * count);
        for _ in 0..count {
            all.extend_from_slice(&items);
        }
        List::from(all)
    }

    /// `self *= count`.
    pub fn repeat_in_place(&self, count: i64) {
        let repeated = self.repeat(count).to_vec();
        *self.borrow_mut() = repeated;
    }
}

impl<T> List<T> {
    /// `self[index] = value`.
    #[inline]
    pub fn set_item(&self, index: i64, value: T) -> Result<(), Exc> {
        // What was there may run code when it is dropped, so it leaves the list first.
        let before =
            self.change(|items| position(index, items.len()).map(|at| core::mem::replace(&mut items[at], value)));
        match before {
            Some(_) => Ok(()),
            None => Err(out_of_range("list assignment index")),
        }
    }

    /// `del self[index]`.
    pub fn del_item(&self, index: i64) -> Result<(), Exc> {
        let at = index_in(index, self.borrow().len(), "list assignment index")?;
        let before = self.borrow_mut().remove(at);
        drop(before);
        Ok(())
    }

    /// `del self[start:stop]`.
    pub fn del_slice(&self, start: Option<i64>, stop: Option<i64>) {
        let mut items = self.borrow_mut();
        let (start, stop) = range_in(start, stop, items.len());
        let before: Vec<T> = items.drain(start..stop).collect();
        drop(items);
        drop(before);
    }

    /// `del self[start:stop:step]`.
    pub fn del_slice_step(&self, start: Option<i64>, stop: Option<i64>, step: i64) -> Result<(), Exc> {
        let mut items = self.borrow_mut();
        let span = slice_bounds(start, stop, step, items.len() as i64)?;
        let mut goes = alloc::vec![false; items.len()];
        span.positions().for_each(|at| goes[at] = true);
        let mut kept = Vec::with_capacity(items.len());
        let mut before = Vec::new();
        for (item, goes) in items.drain(..).zip(goes) {
            if goes {
                before.push(item);
            } else {
                kept.push(item);
            }
        }
        *items = kept;
        drop(items);
        drop(before);
        Ok(())
    }

    /// `self[start:stop] = values`.
    pub fn set_slice(&self, start: Option<i64>, stop: Option<i64>, values: Vec<T>) {
        let mut items = self.borrow_mut();
        let (start, stop) = range_in(start, stop, items.len());
        let before: Vec<T> = items.splice(start..stop, values).collect();
        drop(items);
        drop(before);
    }

    /// `self[start:stop:step] = values`.
    pub fn set_slice_step(&self, start: Option<i64>, stop: Option<i64>, step: i64, values: Vec<T>) -> Result<(), Exc> {
        let span = slice_bounds(start, stop, step, self.len())?;
        if step == 1 {
            self.set_slice(start, stop, values);
            return Ok(());
        }
        if values.len() as i64 != span.count {
            let given = values.len();
            let text =
                alloc::format!("attempt to assign sequence of size {given} to extended slice of size {}", span.count);
            return Err(Exc::new(&VALUE_ERROR, text));
        }
        let mut items = self.borrow_mut();
        let before: Vec<T> =
            span.positions().zip(values).map(|(at, value)| core::mem::replace(&mut items[at], value)).collect();
        drop(items);
        drop(before);
        Ok(())
    }
}

impl<T> List<T> {
    /// `self.append(value)`.
    #[inline]
    pub fn append(&self, value: T) {
        self.change(|items| items.push(value));
    }

    /// `self.extend(values)` for items that come for sure.
    pub fn extend(&self, values: impl IntoIterator<Item = T>) {
        // The source may be this list, so it is read before the list changes.
        let values: Vec<T> = values.into_iter().collect();
        self.borrow_mut().extend(values);
    }

    /// `self.extend(values)` for items that may fail to come; those before the failure stay.
    pub fn extend_iter(&self, values: impl IntoIterator<Item = Result<T, Exc>>) -> Result<(), Exc> {
        for value in values {
            self.append(value?);
        }
        Ok(())
    }

    /// `self.insert(index, value)`.
    pub fn insert(&self, index: i64, value: T) {
        let mut items = self.borrow_mut();
        let length = items.len() as i64;
        let at = if index < 0 { (index + length).max(0) } else { index.min(length) };
        items.insert(at as usize, value);
    }

    /// `self.pop()`.
    #[inline]
    pub fn pop(&self) -> Result<T, Exc> {
        match self.change(Vec::pop) {
            Some(value) => Ok(value),
            None => Err(pop_from_empty()),
        }
    }

    /// `self.pop(index)`.
    pub fn pop_at(&self, index: i64) -> Result<T, Exc> {
        let mut items = self.borrow_mut();
        match position(index, items.len()) {
            Some(at) => Ok(items.remove(at)),
            None if items.is_empty() => Err(pop_from_empty()),
            None => Err(out_of_range("pop index")),
        }
    }

    /// `self.clear()`.
    pub fn clear(&self) {
        let before = core::mem::take(&mut *self.borrow_mut());
        drop(before);
    }

    /// `self.reverse()`.
    pub fn reverse(&self) {
        self.borrow_mut().reverse();
    }

    /// Exchange two items whose indexes are known to be inside.
    #[inline]
    pub fn swap(&self, first: i64, second: i64) -> Result<(), Exc> {
        let is_inside = self.change(|items| {
            let length = items.len();
            match (position(first, length), position(second, length)) {
                (Some(first), Some(second)) => {
                    items.swap(first, second);
                    true
                }
                _ => false,
            }
        });
        if is_inside {
            Ok(())
        } else {
            Err(out_of_range("list index"))
        }
    }
}

/// The error of `pop` on an empty list.
#[cold]
pub fn pop_from_empty() -> Exc {
    Exc::new(&crate::INDEX_ERROR, "pop from empty list")
}

impl<T: Object + Clone> List<T> {
    /// Where the value first stands at or after `start` and before `stop`.
    pub fn place_between(&self, value: &T, start: i64, stop: i64) -> Option<i64> {
        let mut at = start;
        // A program's own equality may change the list, so no borrow outlives one item.
        while at < stop {
            let item = self.borrow().get(at as usize).cloned()?;
            if item.equals(value) {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    /// `value in self`.
    pub fn contains(&self, value: &T) -> bool {
        self.place_between(value, 0, i64::MAX).is_some()
    }

    /// `self.index(value)`.
    pub fn index(&self, value: &T) -> Result<i64, Exc> {
        self.index_between(value, None, None)
    }

    /// `self.index(value, start, stop)`.
    pub fn index_between(&self, value: &T, start: Option<i64>, stop: Option<i64>) -> Result<i64, Exc> {
        let (start, stop) = range_in(start, stop, self.borrow().len());
        self.place_between(value, start as i64, stop as i64).ok_or_else(|| {
            let mut text = String::new();
            value.write_repr(&mut text);
            text.push_str(" is not in list");
            Exc::new(&VALUE_ERROR, text)
        })
    }

    /// `self.count(value)`.
    pub fn count(&self, value: &T) -> i64 {
        self.iter().filter(|item| item.equals(value)).count() as i64
    }

    /// `self.remove(value)`.
    pub fn remove(&self, value: &T) -> Result<(), Exc> {
        match self.place_between(value, 0, i64::MAX) {
            Some(at) => self.del_item(at),
            None => Err(Exc::new(&VALUE_ERROR, "list.remove(x): x not in list")),
        }
    }
}

/// The items of a list by their positions, so it sees the list grow and shrink.
pub struct ListIter<T> {
    list: List<T>,
    at: usize,
}

impl<T> Clone for ListIter<T> {
    fn clone(&self) -> Self {
        ListIter { list: self.list.clone(), at: self.at }
    }
}

impl<T: Clone> Iterator for ListIter<T> {
    type Item = T;
    #[inline]
    fn next(&mut self) -> Option<T> {
        let item = self.list.view(|items| items.get(self.at).cloned());
        self.at += 1;
        item
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.list.view(Vec::len).saturating_sub(self.at);
        (0, Some(left))
    }
}

/// The items of a list from its end.
pub struct ListReversed<T> {
    list: List<T>,
    left: usize,
}

impl<T: Clone> Iterator for ListReversed<T> {
    type Item = T;
    fn next(&mut self) -> Option<T> {
        self.left = self.left.checked_sub(1)?;
        let item = self.list.view(|items| items.get(self.left).cloned());
        // A list that shrank below the position ends the iteration.
        if item.is_none() {
            self.left = 0;
        }
        item
    }
}

impl<T: Clone> List<T> {
    /// The items, as a `for` loop meets them.
    #[inline]
    pub fn iter(&self) -> ListIter<T> {
        ListIter { list: self.clone(), at: 0 }
    }

    /// `reversed(self)`.
    pub fn reversed(&self) -> ListReversed<T> {
        ListReversed { list: self.clone(), left: self.borrow().len() }
    }
}

impl<T: Clone> IntoIterator for &List<T> {
    type Item = T;
    type IntoIter = ListIter<T>;
    fn into_iter(self) -> ListIter<T> {
        self.iter()
    }
}

impl<T: Clone> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = ListIter<T>;
    fn into_iter(self) -> ListIter<T> {
        self.iter()
    }
}

impl<T: Clone + 'static> Iterable for List<T> {
    type Item = T;
    fn to_iter(&self) -> Iter<T> {
        Iter::infallible(self.iter())
    }
}

impl<T: Object> Object for List<T> {
    fn write_repr(&self, out: &mut String) {
        if self.0.is_shown.replace(true) {
            out.push_str("[...]");
            return;
        }
        write_items(&self.borrow(), out);
        self.0.is_shown.set(false);
    }
    fn equals(&self, other: &Self) -> bool {
        self.is(other) || same_items(&self.borrow(), &other.borrow())
    }
    fn hash(&self) -> u64 {
        // Python refuses it, and so does the translator.
        self.id() as u64
    }
    fn truth(&self) -> bool {
        !self.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "list"
    }
}

impl<T: Ordered> Ordered for List<T> {
    #[inline]
    fn is_total(&self) -> bool {
        self.borrow().iter().all(Ordered::is_total)
    }
    fn compare(&self, other: &Self) -> Option<Ordering> {
        compare_items(&self.borrow(), &other.borrow())
    }
}

/// Append `[a, b]`.
pub fn write_items<T: Object>(items: &[T], out: &mut String) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        item.write_repr(out);
    }
    out.push(']');
}

/// Whether both have equal items.
pub fn same_items<T: Object>(a: &[T], b: &[T]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equals(b))
}

/// How two sequences stand to each other: the first pair that differs decides.
pub fn compare_items<T: Ordered>(a: &[T], b: &[T]) -> Option<Ordering> {
    for (a, b) in a.iter().zip(b) {
        match a.compare(b) {
            Some(Ordering::Equal) => {}
            decided => return decided,
        }
    }
    Some(a.len().cmp(&b.len()))
}
