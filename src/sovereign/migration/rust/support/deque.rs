//! `collections.deque`: `Deque<T>`, a shared handle like `List<T>`.
//!
//! `Deque::bounded(items: Vec<T>, maxlen: Option<i64>) -> Result<Deque<T>, Exc>`, `Deque::new()`; methods of Python's names:
//! `append appendleft pop popleft extend(items: IntoIterator<Item = T>) extendleft extend_iter extendleft_iter(Iter<T>)
//! rotate clear count index index_between insert remove reverse copy len item set_item del_item maxlen contains iter
//! reversed concat repeat to_vec`.

use crate::{
    hash_identity, index_in, repr_of, write_items, Exc, Iter, Iterable, Object, Ordered, INDEX_ERROR, RUNTIME_ERROR,
    VALUE_ERROR,
};
use alloc::collections::VecDeque;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::{Cell, Ref, RefCell};
use core::cmp::Ordering;

/// What a deque holds.
pub struct DequeBody<T> {
    /// The items.
    pub items: RefCell<VecDeque<T>>,
    /// The most items it keeps.
    pub maxlen: Option<i64>,
    /// Counts changes of its length, so that an iterator notices.
    pub state: Cell<u64>,
}

/// `queue.Queue` where nothing waits: taking from an empty one raises IndexError in place of waiting for ever.
pub type WaitingQueue<T> = Deque<T>;

/// A deque; a clone is the same deque.
pub struct Deque<T>(Rc<DequeBody<T>>);

impl<T> Clone for Deque<T> {
    fn clone(&self) -> Self {
        Deque(Rc::clone(&self.0))
    }
}

impl<T> Default for Deque<T> {
    fn default() -> Self {
        Deque::new()
    }
}

impl<T> FromIterator<T> for Deque<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let items = RefCell::new(items.into_iter().collect());
        Deque(Rc::new(DequeBody { items, maxlen: None, state: Cell::new(0) }))
    }
}

impl<T> Deque<T> {
    /// `deque()`.
    pub fn new() -> Self {
        Deque::from_iter([])
    }

    /// `deque(items, maxlen)`.
    pub fn bounded(items: Vec<T>, maxlen: Option<i64>) -> Result<Self, Exc> {
        if maxlen.is_some_and(|maxlen| maxlen < 0) {
            return Err(Exc::new(&VALUE_ERROR, "maxlen must be non-negative"));
        }
        let deque = Deque(Rc::new(DequeBody { items: RefCell::default(), maxlen, state: Cell::new(0) }));
        deque.extend(items);
        Ok(deque)
    }

    /// The items.
    pub fn borrow(&self) -> Ref<'_, VecDeque<T>> {
        self.0.items.borrow()
    }

    /// Whether both are the same deque.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// `len(self)`.
    pub fn len(&self) -> i64 {
        self.0.items.borrow().len() as i64
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.0.items.borrow().is_empty()
    }

    /// `self.maxlen`.
    pub fn maxlen(&self) -> Option<i64> {
        self.0.maxlen
    }

    /// Note that the length changed.
    pub fn changed(&self) {
        self.0.state.set(self.0.state.get() + 1);
    }
}

impl<T> Deque<T> {
    /// `self.append(item)`.
    pub fn append(&self, item: T) {
        self.changed();
        let mut items = self.0.items.borrow_mut();
        items.push_back(item);
        if self.0.maxlen.is_some_and(|maxlen| items.len() as i64 > maxlen) {
            items.pop_front();
        }
    }

    /// `self.appendleft(item)`.
    pub fn appendleft(&self, item: T) {
        self.changed();
        let mut items = self.0.items.borrow_mut();
        items.push_front(item);
        if self.0.maxlen.is_some_and(|maxlen| items.len() as i64 > maxlen) {
            items.pop_back();
        }
    }

    /// `self.pop()`.
    pub fn pop(&self) -> Result<T, Exc> {
        self.changed();
        self.0.items.borrow_mut().pop_back().ok_or_else(|| Exc::new(&INDEX_ERROR, "pop from an empty deque"))
    }

    /// `self.popleft()`.
    pub fn popleft(&self) -> Result<T, Exc> {
        self.changed();
        self.0.items.borrow_mut().pop_front().ok_or_else(|| Exc::new(&INDEX_ERROR, "pop from an empty deque"))
    }

    /// `self.extend(items)`; pass a copy where the items are its own.
    pub fn extend(&self, items: impl IntoIterator<Item = T>) {
        items.into_iter().for_each(|item| self.append(item));
    }

    /// `self.extendleft(items)`.
    pub fn extendleft(&self, items: impl IntoIterator<Item = T>) {
        items.into_iter().for_each(|item| self.appendleft(item));
    }

    /// `self.extend(items)` of an iterator that may raise.
    pub fn extend_iter(&self, items: Iter<T>) -> Result<(), Exc> {
        while let Some(item) = items.step()? {
            self.append(item);
        }
        Ok(())
    }

    /// `self.extendleft(items)` of an iterator that may raise.
    pub fn extendleft_iter(&self, items: Iter<T>) -> Result<(), Exc> {
        while let Some(item) = items.step()? {
            self.appendleft(item);
        }
        Ok(())
    }

    /// `self.clear()`.
    pub fn clear(&self) {
        self.changed();
        self.0.items.borrow_mut().clear();
    }

    /// `self.rotate(n)`.
    pub fn rotate(&self, n: i64) {
        self.changed();
        let mut items = self.0.items.borrow_mut();
        if !items.is_empty() {
            let turn = n.rem_euclid(items.len() as i64) as usize;
            items.rotate_right(turn);
        }
    }

    /// `self.reverse()`.
    pub fn reverse(&self) {
        self.0.items.borrow_mut().make_contiguous().reverse();
    }

    /// `self.insert(index, item)`.
    pub fn insert(&self, index: i64, item: T) -> Result<(), Exc> {
        let length = self.len();
        if self.0.maxlen.is_some_and(|maxlen| length >= maxlen) {
            return Err(Exc::new(&INDEX_ERROR, "deque already at its maximum size"));
        }
        self.changed();
        let place = if index < 0 { (index + length).max(0) } else { index.min(length) };
        self.0.items.borrow_mut().insert(place as usize, item);
        Ok(())
    }

    /// `self[index] = item`.
    pub fn set_item(&self, index: i64, item: T) -> Result<(), Exc> {
        let mut items = self.0.items.borrow_mut();
        let place = index_in(index, items.len(), "deque index")?;
        items[place] = item;
        Ok(())
    }

    /// `del self[index]`.
    pub fn del_item(&self, index: i64) -> Result<(), Exc> {
        self.changed();
        let mut items = self.0.items.borrow_mut();
        let place = index_in(index, items.len(), "deque index")?;
        items.remove(place);
        Ok(())
    }
}

impl<T: Clone> Deque<T> {
    /// `self[index]`.
    pub fn item(&self, index: i64) -> Result<T, Exc> {
        let items = self.0.items.borrow();
        Ok(items[index_in(index, items.len(), "deque index")?].clone())
    }

    /// The items in order.
    pub fn to_vec(&self) -> Vec<T> {
        self.0.items.borrow().iter().cloned().collect()
    }

    /// A deque with the same bound out of items.
    pub fn like(&self, items: Vec<T>) -> Deque<T> {
        let deque = Deque(Rc::new(DequeBody { items: RefCell::default(), maxlen: self.0.maxlen, state: Cell::new(0) }));
        deque.extend(items);
        deque
    }

    /// `self.copy()`.
    pub fn copy(&self) -> Deque<T> {
        self.like(self.to_vec())
    }

    /// `self + other`.
    pub fn concat(&self, other: &Deque<T>) -> Deque<T> {
        self.like([self.to_vec(), other.to_vec()].concat())
    }

    /// `self * count`.
    pub fn repeat(&self, count: i64) -> Deque<T> {
        self.like(vec![self.to_vec(); count.max(0) as usize].concat())
    }
}

impl<T: Object + Clone> Deque<T> {
    /// The place of the first equal item in part of the deque.
    pub fn find_between(&self, value: &T, start: i64, stop: i64) -> Option<i64> {
        let length = self.len();
        let clip = |at: i64| if at < 0 { (at + length).max(0) } else { at.min(length) };
        let (start, stop) = (clip(start), clip(stop));
        (start..stop).find(|place| self.item(*place).is_ok_and(|item| item.equals(value)))
    }

    /// `value in self`.
    pub fn contains(&self, value: &T) -> bool {
        self.find_between(value, 0, i64::MAX).is_some()
    }

    /// `self.count(value)`.
    pub fn count(&self, value: &T) -> i64 {
        self.0.items.borrow().iter().filter(|item| item.equals(value)).count() as i64
    }

    /// `self.index(value)`.
    pub fn index(&self, value: &T) -> Result<i64, Exc> {
        self.index_between(value, 0, i64::MAX)
    }

    /// `self.index(value, start, stop)`.
    pub fn index_between(&self, value: &T, start: i64, stop: i64) -> Result<i64, Exc> {
        let missing = || Exc::new(&VALUE_ERROR, format!("{} is not in deque", repr_of(value)));
        self.find_between(value, start, stop).ok_or_else(missing)
    }

    /// `self.remove(value)`.
    pub fn remove(&self, value: &T) -> Result<(), Exc> {
        let missing = || Exc::new(&VALUE_ERROR, format!("{} is not in deque", repr_of(value)));
        let place = self.find_between(value, 0, i64::MAX).ok_or_else(missing)?;
        self.del_item(place)
    }
}

impl<T: Clone + 'static> Deque<T> {
    /// `iter(self)`. The iterator raises RuntimeError when the deque grows or shrinks under it.
    pub fn iter(&self) -> Iter<T> {
        let (deque, state) = (self.clone(), self.0.state.get());
        let mut place = 0;
        Iter::new(move || {
            if deque.0.state.get() != state {
                return Err(Exc::new(&RUNTIME_ERROR, "deque mutated during iteration"));
            }
            let item = deque.0.items.borrow().get(place).cloned();
            place += usize::from(item.is_some());
            Ok(item)
        })
    }

    /// `reversed(self)`.
    pub fn reversed(&self) -> Iter<T> {
        let (deque, state) = (self.clone(), self.0.state.get());
        let mut left = self.len() as usize;
        Iter::new(move || {
            if left == 0 {
                return Ok(None);
            }
            if deque.0.state.get() != state {
                return Err(Exc::new(&RUNTIME_ERROR, "deque mutated during iteration"));
            }
            left -= 1;
            Ok(deque.0.items.borrow().get(left).cloned())
        })
    }
}

impl<T: Clone + 'static> Iterable for Deque<T> {
    type Item = T;
    fn to_iter(&self) -> Iter<T> {
        self.iter()
    }
}

impl<T: Object + Clone> Object for Deque<T> {
    fn write_repr(&self, out: &mut String) {
        // A deque that holds itself is shown as CPython shows it.
        let Ok(items) = self.0.items.try_borrow() else {
            out.push_str("deque([...])");
            return;
        };
        let items: Vec<T> = items.iter().cloned().collect();
        out.push_str("deque(");
        write_items(&items, out);
        if let Some(maxlen) = self.0.maxlen {
            out.push_str(&format!(", maxlen={maxlen}"));
        }
        out.push(')');
    }
    fn equals(&self, other: &Self) -> bool {
        self.is(other)
            || self.len() == other.len() && self.to_vec().iter().zip(other.to_vec().iter()).all(|(a, b)| a.equals(b))
    }
    fn hash(&self) -> u64 {
        hash_identity(&*self.0)
    }
    fn truth(&self) -> bool {
        !self.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "deque"
    }
}

impl<T: Ordered + Clone> Ordered for Deque<T> {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        crate::compare_items(&self.to_vec(), &other.to_vec())
    }
}
