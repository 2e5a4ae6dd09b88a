//! `Set<T>` and `FrozenSet<T>`, whose items come in CPython's order: its table, its probes, its growth.
//!
//! `Set::new`, `Set::from(Vec)`, `collect()`, `Set::literal(Vec)` (three or more constants in braces), `Set::of(&set)`,
//! `Set::of_dict(&dict)`; `add`, `discard`, `remove`, `pop`, `clear`, `copy`, `contains`, `len`, `iter`, `checked`; `union`,
//! `intersection`, `difference`, `symmetric_difference` and their `..._update`, with any set on the right; `extend` and
//! `..._items` for other iterables; `is_subset`, `is_superset`, `is_disjoint`. `FrozenSet` has those that change nothing.

use crate::{changed_size, hash_identity, Dict, Exc, Iter, Iterable, Object, Ordered, KEY_ERROR};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::cmp::Ordering;

/// One place of a set's table.
#[derive(Clone)]
pub enum SetSlot<T> {
    /// Never used.
    Empty,
    /// Held an item once; searches go on behind it.
    Dummy,
    /// An item and its hash.
    Full(u64, T),
}

/// The table of a set.
#[derive(Clone)]
pub struct SetTable<T> {
    slots: Vec<SetSlot<T>>,
    // Slots that are not empty, dummies among them.
    fill: usize,
    used: usize,
    // Where `pop` looks next.
    finger: usize,
}

/// Slots of the smallest table.
pub const SMALLEST_SET: usize = 8;

/// Neighbours that are looked at before a search jumps.
pub const LINEAR_PROBES: usize = 9;

impl<T> SetTable<T> {
    /// An empty one; its slots are made with the first item.
    pub const fn new() -> Self {
        SetTable { slots: Vec::new(), fill: 0, used: 0, finger: 0 }
    }

    /// The number of items.
    pub fn count(&self) -> usize {
        self.used
    }

    /// The number of slots less one.
    fn mask(&self) -> usize {
        self.slots.len().max(SMALLEST_SET) - 1
    }

    /// The items in order.
    pub fn items(&self) -> impl Iterator<Item = &T> {
        self.entries().map(|(_, item)| item)
    }

    /// The items in order, with their hashes.
    pub fn entries(&self) -> impl Iterator<Item = (u64, &T)> {
        self.slots.iter().filter_map(|slot| match slot {
            SetSlot::Full(hash, item) => Some((*hash, item)),
            _ => None,
        })
    }

    /// The first item at or behind a slot, and the slot behind it.
    pub fn from_slot(&self, at: usize) -> Option<(&T, usize)> {
        let rest = self.slots.get(at..)?;
        rest.iter().enumerate().find_map(|(index, slot)| match slot {
            SetSlot::Full(_, item) => Some((item, at + index + 1)),
            _ => None,
        })
    }

    /// Put an item that is not there into the first empty slot of its way.
    fn insert_clean(slots: &mut [SetSlot<T>], hash: u64, item: T) {
        let mask = slots.len() - 1;
        let mut perturb = hash;
        let mut at = hash as usize & mask;
        loop {
            let last = if at + LINEAR_PROBES <= mask { at + LINEAR_PROBES } else { at };
            if let Some(free) = (at..=last).find(|at| matches!(slots[*at], SetSlot::Empty)) {
                slots[free] = SetSlot::Full(hash, item);
                return;
            }
            perturb >>= 5;
            at = (at.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize)) & mask;
        }
    }

    /// Move to a table of the smallest size above `least`.
    fn resize(&mut self, least: usize) {
        let mut size = SMALLEST_SET;
        while size <= least {
            size <<= 1;
        }
        let mut slots = Vec::with_capacity(size);
        slots.resize_with(size, || SetSlot::Empty);
        for slot in core::mem::take(&mut self.slots) {
            if let SetSlot::Full(hash, item) = slot {
                SetTable::insert_clean(&mut slots, hash, item);
            }
        }
        self.slots = slots;
        self.fill = self.used;
    }

    /// How large a table grows.
    fn grown(&self) -> usize {
        if self.used > 50_000 {
            self.used * 2
        } else {
            self.used * 4
        }
    }

    /// Make the slots of an empty table.
    fn ensure_slots(&mut self) {
        if self.slots.is_empty() {
            self.slots.resize_with(SMALLEST_SET, || SetSlot::Empty);
        }
    }

    /// Room for so many more items, made in one step as CPython does before it merges.
    fn reserve(&mut self, more: usize) {
        if (self.fill + more) * 5 >= self.mask() * 3 {
            self.resize((self.used + more) * 2);
        }
    }

    /// Drop the dummies when they are many.
    fn purge(&mut self) {
        if self.fill - self.used > self.mask() / 4 {
            self.resize(self.grown());
        }
    }

    /// Take out the item that `pop` takes.
    fn pop(&mut self) -> Option<T> {
        if self.used == 0 {
            return None;
        }
        let mask = self.mask();
        let mut at = self.finger & mask;
        while !matches!(self.slots[at], SetSlot::Full(..)) {
            at = if at == mask { 0 } else { at + 1 };
        }
        self.finger = at + 1;
        self.empty_slot(at)
    }

    /// Take out the item of a slot.
    fn empty_slot(&mut self, at: usize) -> Option<T> {
        self.used -= 1;
        match core::mem::replace(&mut self.slots[at], SetSlot::Dummy) {
            SetSlot::Full(_, item) => Some(item),
            _ => None,
        }
    }
}

impl<T> Default for SetTable<T> {
    fn default() -> Self {
        SetTable::new()
    }
}

impl<T> SetTable<T> {
    /// The slot of the item of that hash that `is_it` knows, or else the one where it would go.
    #[inline]
    fn look_by(&self, hash: u64, is_it: impl Fn(&T) -> bool) -> Result<usize, usize> {
        let mask = self.mask();
        let mut perturb = hash;
        let mut at = hash as usize & mask;
        let mut free = None;
        loop {
            let last = if at + LINEAR_PROBES <= mask { at + LINEAR_PROBES } else { at };
            for probe in at..=last {
                match &self.slots[probe] {
                    SetSlot::Empty => return Err(free.unwrap_or(probe)),
                    // As CPython: the last dummy on the way is used again.
                    SetSlot::Dummy => free = Some(probe),
                    SetSlot::Full(other, there) if *other == hash && is_it(there) => return Ok(probe),
                    SetSlot::Full(..) => {}
                }
            }
            perturb >>= 5;
            at = (at.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize)) & mask;
        }
    }

    /// Whether an item of that hash is there that `is_it` knows.
    pub fn has_by(&self, hash: u64, is_it: impl Fn(&T) -> bool) -> bool {
        self.used > 0 && self.look_by(hash, is_it).is_ok()
    }
}

impl<T: Object> SetTable<T> {
    /// The slot of an item, or else the one where it would go.
    #[inline]
    fn look(&self, hash: u64, item: &T) -> Result<usize, usize> {
        self.look_by(hash, |there| there.equals(item))
    }

    /// The slot of an item.
    #[inline]
    pub fn find(&self, hash: u64, item: &T) -> Option<usize> {
        if self.used == 0 {
            return None;
        }
        self.look(hash, item).ok()
    }

    /// `item in self`.
    #[inline]
    pub fn has(&self, item: &T) -> bool {
        self.find(item.hash(), item).is_some()
    }

    /// `self.add(item)`; says whether it is new.
    #[inline]
    pub fn insert(&mut self, hash: u64, item: T) -> bool {
        self.ensure_slots();
        let Err(at) = self.look(hash, &item) else {
            return false;
        };
        let was_dummy = matches!(core::mem::replace(&mut self.slots[at], SetSlot::Full(hash, item)), SetSlot::Dummy);
        self.used += 1;
        if !was_dummy {
            self.fill += 1;
            if self.fill * 5 >= self.mask() * 3 {
                self.resize(self.grown());
            }
        }
        true
    }

    /// `self.discard(item)`; gives the item that was there.
    pub fn take(&mut self, hash: u64, item: &T) -> Option<T> {
        let at = self.find(hash, item)?;
        self.empty_slot(at)
    }
}

impl<T: Object + Clone> SetTable<T> {
    /// Add all items of another table.
    pub fn merge(&mut self, other: &SetTable<T>) {
        if other.used == 0 {
            return;
        }
        self.reserve(other.used);
        self.ensure_slots();
        if self.fill > 0 {
            other.entries().for_each(|(hash, item)| {
                self.insert(hash, item.clone());
            });
        } else if self.slots.len() == other.slots.len() && other.fill == other.used {
            self.slots.clone_from(&other.slots);
        } else {
            for (hash, item) in other.entries() {
                SetTable::insert_clean(&mut self.slots, hash, item.clone());
            }
        }
        if self.fill == 0 {
            self.fill = other.used;
            self.used = other.used;
        }
    }

    /// A table as CPython copies it.
    pub fn copied(&self) -> SetTable<T> {
        let mut copy = SetTable::new();
        copy.merge(self);
        copy
    }

    /// `self & other`: the items of the smaller one, of `other` where they are alike in size.
    pub fn common(&self, other: &SetTable<T>) -> SetTable<T> {
        let (asked, walked) = if other.used > self.used { (other, self) } else { (self, other) };
        let mut result = SetTable::new();
        for (hash, item) in walked.entries() {
            if asked.find(hash, item).is_some() {
                result.insert(hash, item.clone());
            }
        }
        result
    }

    /// `self - other`.
    pub fn without(&self, other: &SetTable<T>) -> SetTable<T> {
        if self.used >> 2 > other.used {
            let mut rest = self.copied();
            rest.remove_all(other);
            return rest;
        }
        let mut rest = SetTable::new();
        for (hash, item) in self.entries() {
            if other.find(hash, item).is_none() {
                rest.insert(hash, item.clone());
            }
        }
        rest
    }

    /// `self -= other`.
    pub fn remove_all(&mut self, other: &SetTable<T>) {
        for (hash, item) in other.entries() {
            self.take(hash, item);
        }
        self.purge();
    }

    /// `self ^= other`.
    pub fn toggle_all(&mut self, other: &SetTable<T>) {
        for (hash, item) in other.entries() {
            if self.take(hash, item).is_none() {
                self.insert(hash, item.clone());
            }
        }
    }

    /// Whether all items stand in the other table.
    pub fn lies_in(&self, other: &SetTable<T>) -> bool {
        self.used <= other.used && self.entries().all(|(hash, item)| other.find(hash, item).is_some())
    }
}

/// A table out of items, one after the other.
pub fn set_table<T: Object>(items: impl IntoIterator<Item = T>) -> SetTable<T> {
    let mut table = SetTable::new();
    for item in items {
        table.insert(item.hash(), item);
    }
    table
}

/// What a set's handles share.
pub struct SetBody<T> {
    table: RefCell<SetTable<T>>,
    // Set while `repr` runs, so that a set inside itself shows as `set(...)`.
    is_shown: Cell<bool>,
}

/// A set; a clone is the same set.
pub struct Set<T>(Rc<SetBody<T>>);

/// A frozenset.
pub struct FrozenSet<T>(Rc<SetTable<T>>);

impl<T> Clone for Set<T> {
    #[inline]
    fn clone(&self) -> Self {
        Set(Rc::clone(&self.0))
    }
}

impl<T> Clone for FrozenSet<T> {
    #[inline]
    fn clone(&self) -> Self {
        FrozenSet(Rc::clone(&self.0))
    }
}

/// Either kind of set, as the right side of an operation.
pub trait SetLike<T> {
    /// Read the table.
    fn with_table<R>(&self, read: impl FnOnce(&SetTable<T>) -> R) -> R;
}

impl<T> SetLike<T> for Set<T> {
    fn with_table<R>(&self, read: impl FnOnce(&SetTable<T>) -> R) -> R {
        read(&self.0.table.borrow())
    }
}

impl<T> SetLike<T> for FrozenSet<T> {
    fn with_table<R>(&self, read: impl FnOnce(&SetTable<T>) -> R) -> R {
        read(&self.0)
    }
}

impl<T> Set<T> {
    /// `set()`.
    pub fn new() -> Self {
        Set::from_table(SetTable::new())
    }

    /// A set with that table.
    pub fn from_table(table: SetTable<T>) -> Self {
        Set(Rc::new(SetBody { table: RefCell::new(table), is_shown: Cell::new(false) }))
    }

    /// `len(self)`.
    #[inline]
    pub fn len(&self) -> i64 {
        self.0.table.borrow().used as i64
    }

    /// Whether it has no items.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `self is other`.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// `id(self)`.
    pub fn id(&self) -> i64 {
        Rc::as_ptr(&self.0) as usize as i64
    }

    /// `self.clear()`.
    pub fn clear(&self) {
        let finger = self.0.table.borrow().finger;
        let before = self.0.table.replace(SetTable { finger, ..SetTable::new() });
        drop(before);
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Set::new()
    }
}

impl<T: Object> From<Vec<T>> for Set<T> {
    fn from(items: Vec<T>) -> Self {
        Set::from_table(set_table(items))
    }
}

impl<T: Object> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Set::from_table(set_table(items))
    }
}

impl<T: Object> From<Vec<T>> for FrozenSet<T> {
    fn from(items: Vec<T>) -> Self {
        FrozenSet(Rc::new(set_table(items)))
    }
}

impl<T: Object> FromIterator<T> for FrozenSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        FrozenSet(Rc::new(set_table(items)))
    }
}

impl<T: Object + Clone> Set<T> {
    /// `{a, b, c}` of three or more constants: CPython's compiler makes a frozenset of them, makes that anew in its own
    /// order when it collects constants, and the program merges it into an empty set.
    pub fn literal(items: Vec<T>) -> Self {
        let folded = set_table(items);
        Set::from_table(set_table(folded.items().cloned()).copied())
    }

    /// `set(other)` of a set.
    pub fn of(other: &impl SetLike<T>) -> Self {
        Set::from_table(other.with_table(SetTable::copied))
    }

    /// `set(dict)`.
    pub fn of_dict<V>(dict: &Dict<T, V>) -> Self {
        let set = Set::new();
        set.update_dict(dict);
        set
    }

    /// `self.copy()`.
    pub fn copy(&self) -> Self {
        Set::of(self)
    }

    /// `frozenset(self)`.
    pub fn frozen(&self) -> FrozenSet<T> {
        FrozenSet::of(self)
    }
}

impl<T: Object> Set<T> {
    /// `self.add(item)`.
    #[inline]
    pub fn add(&self, item: T) {
        let hash = item.hash();
        self.0.table.borrow_mut().insert(hash, item);
    }

    /// `item in self`.
    #[inline]
    pub fn contains(&self, item: &T) -> bool {
        self.0.table.borrow().has(item)
    }

    /// `self.discard(item)`.
    pub fn discard(&self, item: &T) {
        let before = self.0.table.borrow_mut().take(item.hash(), item);
        drop(before);
    }

    /// `self.pop()`.
    pub fn pop(&self) -> Result<T, Exc> {
        let popped = self.0.table.borrow_mut().pop();
        popped.ok_or_else(|| Exc::new(&KEY_ERROR, "pop from an empty set"))
    }

    /// `self.update(items)` for an iterable that is no set and no dict.
    pub fn extend(&self, items: impl IntoIterator<Item = T>) {
        items.into_iter().for_each(|item| self.add(item));
    }

    /// `self.update(items)` for items that may fail to come; those before the failure stay.
    pub fn extend_iter(&self, items: impl IntoIterator<Item = Result<T, Exc>>) -> Result<(), Exc> {
        for item in items {
            self.add(item?);
        }
        Ok(())
    }
}

impl<T: Object + Clone + 'static> Set<T> {
    /// `self.remove(item)`.
    pub fn remove(&self, item: &T) -> Result<(), Exc> {
        let before = self.0.table.borrow_mut().take(item.hash(), item);
        match before {
            Some(_) => Ok(()),
            None => Err(Exc::missing_key(item)),
        }
    }
}

impl<T: Object + Clone> Set<T> {
    /// `self | other`.
    pub fn union(&self, other: &impl SetLike<T>) -> Set<T> {
        let result = self.copy();
        result.update(other);
        result
    }

    /// `self & other`.
    pub fn intersection(&self, other: &impl SetLike<T>) -> Set<T> {
        self.with_table(|a| other.with_table(|b| Set::from_table(intersected(a, b))))
    }

    /// `self - other`.
    pub fn difference(&self, other: &impl SetLike<T>) -> Set<T> {
        self.with_table(|a| other.with_table(|b| Set::from_table(a.without(b))))
    }

    /// `self ^ other`.
    pub fn symmetric_difference(&self, other: &impl SetLike<T>) -> Set<T> {
        self.with_table(|a| other.with_table(|b| Set::from_table(toggled(a, b))))
    }
}

/// `a & b`, which is a copy when both are one.
pub fn intersected<T: Object + Clone>(a: &SetTable<T>, b: &SetTable<T>) -> SetTable<T> {
    if core::ptr::eq(a, b) {
        a.copied()
    } else {
        a.common(b)
    }
}

/// `a ^ b`.
pub fn toggled<T: Object + Clone>(a: &SetTable<T>, b: &SetTable<T>) -> SetTable<T> {
    let mut result = b.copied();
    result.toggle_all(a);
    result
}

impl<T: Object + Clone> FrozenSet<T> {
    /// A set of the same items, as a set display of constants makes it.
    pub fn thawed(&self) -> Set<T> {
        let set = Set::new();
        set.update(self);
        set
    }
}

impl<T: Object + Clone> Set<T> {
    /// `self |= other`.
    pub fn update(&self, other: &impl SetLike<T>) {
        // The other one may be this one.
        let other = other.with_table(SetTable::clone);
        self.0.table.borrow_mut().merge(&other);
    }

    /// `self.update(dict)`.
    pub fn update_dict<V>(&self, dict: &Dict<T, V>) {
        let mut table = self.0.table.borrow_mut();
        table.reserve(dict.len() as usize);
        dict.keys().for_each(|key| {
            table.insert(key.hash(), key);
        });
    }

    /// `self &= other`.
    pub fn intersection_update(&self, other: &impl SetLike<T>) {
        let kept = self.with_table(|a| other.with_table(|b| intersected(a, b)));
        let finger = self.0.table.borrow().finger;
        let before = self.0.table.replace(SetTable { finger, ..kept });
        drop(before);
    }

    /// `self -= other`.
    pub fn difference_update(&self, other: &impl SetLike<T>) {
        let other = other.with_table(SetTable::clone);
        self.0.table.borrow_mut().remove_all(&other);
    }

    /// `self ^= other`.
    pub fn symmetric_difference_update(&self, other: &impl SetLike<T>) {
        let other = other.with_table(SetTable::clone);
        self.0.table.borrow_mut().toggle_all(&other);
    }
}

impl<T: Object + Clone> Set<T> {
    /// `self.union(items)` for an iterable that is no set and no dict.
    pub fn union_items(&self, items: impl IntoIterator<Item = T>) -> Set<T> {
        let result = self.copy();
        result.extend(items);
        result
    }

    /// `self.intersection(items)` for an iterable that is no set.
    pub fn intersection_items(&self, items: impl IntoIterator<Item = T>) -> Set<T> {
        items.into_iter().filter(|item| self.contains(item)).collect()
    }

    /// `self.difference(items)` for an iterable that is no set and no dict.
    pub fn difference_items(&self, items: impl IntoIterator<Item = T>) -> Set<T> {
        let result = self.copy();
        result.difference_update_items(items);
        result
    }

    /// `self.difference_update(items)` for an iterable that is no set.
    pub fn difference_update_items(&self, items: impl IntoIterator<Item = T>) {
        items.into_iter().for_each(|item| self.discard(&item));
        self.0.table.borrow_mut().purge();
    }
}

impl<T: Object + Clone> Set<T> {
    /// `self <= other`.
    pub fn is_subset(&self, other: &impl SetLike<T>) -> bool {
        self.with_table(|a| other.with_table(|b| a.lies_in(b)))
    }

    /// `self >= other`.
    pub fn is_superset(&self, other: &impl SetLike<T>) -> bool {
        self.with_table(|a| other.with_table(|b| b.lies_in(a)))
    }

    /// `self.isdisjoint(other)`.
    pub fn is_disjoint(&self, other: &impl SetLike<T>) -> bool {
        self.with_table(|a| other.with_table(|b| a.common(b).used == 0))
    }
}

impl<T> FrozenSet<T> {
    /// `frozenset()`.
    pub fn new() -> Self {
        FrozenSet(Rc::new(SetTable::new()))
    }

    /// `len(self)`.
    pub fn len(&self) -> i64 {
        self.0.used as i64
    }

    /// Whether it has no items.
    pub fn is_empty(&self) -> bool {
        self.0.used == 0
    }
}

impl<T> Default for FrozenSet<T> {
    fn default() -> Self {
        FrozenSet::new()
    }
}

impl<T: Object> FrozenSet<T> {
    /// `item in self`.
    pub fn contains(&self, item: &T) -> bool {
        self.0.has(item)
    }
}

impl<T: Object + Clone> FrozenSet<T> {
    /// `frozenset(other)` of a set.
    pub fn of(other: &impl SetLike<T>) -> Self {
        FrozenSet(Rc::new(other.with_table(SetTable::copied)))
    }

    /// `self | other`.
    pub fn union(&self, other: &impl SetLike<T>) -> FrozenSet<T> {
        let mut table = self.0.copied();
        other.with_table(|other| table.merge(other));
        FrozenSet(Rc::new(table))
    }

    /// `self & other`.
    pub fn intersection(&self, other: &impl SetLike<T>) -> FrozenSet<T> {
        FrozenSet(Rc::new(other.with_table(|other| intersected(&self.0, other))))
    }

    /// `self - other`.
    pub fn difference(&self, other: &impl SetLike<T>) -> FrozenSet<T> {
        FrozenSet(Rc::new(other.with_table(|other| self.0.without(other))))
    }

    /// `self ^ other`.
    pub fn symmetric_difference(&self, other: &impl SetLike<T>) -> FrozenSet<T> {
        FrozenSet(Rc::new(other.with_table(|other| toggled(&self.0, other))))
    }

    /// `self <= other`.
    pub fn is_subset(&self, other: &impl SetLike<T>) -> bool {
        other.with_table(|other| self.0.lies_in(other))
    }

    /// `self >= other`.
    pub fn is_superset(&self, other: &impl SetLike<T>) -> bool {
        other.with_table(|other| other.lies_in(&self.0))
    }

    /// `self.isdisjoint(other)`.
    pub fn is_disjoint(&self, other: &impl SetLike<T>) -> bool {
        other.with_table(|other| self.0.common(other).used == 0)
    }
}

impl<T: Object + Clone> Set<T> {
    /// `self.issubset(other)`.
    pub fn issubset(&self, other: &impl SetLike<T>) -> bool {
        self.is_subset(other)
    }

    /// `self.issuperset(other)`.
    pub fn issuperset(&self, other: &impl SetLike<T>) -> bool {
        self.is_superset(other)
    }
}

impl<T: Object + Clone> FrozenSet<T> {
    /// `self.issubset(other)`.
    pub fn issubset(&self, other: &impl SetLike<T>) -> bool {
        self.is_subset(other)
    }

    /// `self.issuperset(other)`.
    pub fn issuperset(&self, other: &impl SetLike<T>) -> bool {
        self.is_superset(other)
    }
}

/// The items of a set in order.
pub struct SetIter<T> {
    set: Set<T>,
    at: usize,
}

impl<T: Clone> Iterator for SetIter<T> {
    type Item = T;
    #[inline]
    fn next(&mut self) -> Option<T> {
        let table = self.set.0.table.borrow();
        let (item, next) = table.from_slot(self.at)?;
        self.at = next;
        Some(item.clone())
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.set.0.table.borrow().used))
    }
}

/// The items of a frozenset in order.
pub struct FrozenSetIter<T> {
    set: FrozenSet<T>,
    at: usize,
}

impl<T: Clone> Iterator for FrozenSetIter<T> {
    type Item = T;
    fn next(&mut self) -> Option<T> {
        let (item, next) = self.set.0.from_slot(self.at)?;
        self.at = next;
        Some(item.clone())
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.set.0.used))
    }
}

/// The items of a set that must not change its size meanwhile.
pub struct SetChecked<T> {
    items: SetIter<T>,
    size: i64,
}

impl<T: Clone> Iterator for SetChecked<T> {
    type Item = Result<T, Exc>;
    fn next(&mut self) -> Option<Self::Item> {
        if self.items.set.len() != self.size {
            // Once raised, it stays so, as in CPython.
            self.size = -1;
            return Some(Err(changed_size("Set")));
        }
        self.items.next().map(Ok)
    }
}

impl<T> Set<T> {
    /// The items, as a `for` loop meets them.
    #[inline]
    pub fn iter(&self) -> SetIter<T> {
        SetIter { set: self.clone(), at: 0 }
    }

    /// The items, and an error when the set changes size meanwhile.
    pub fn checked(&self) -> SetChecked<T> {
        SetChecked { items: self.iter(), size: self.len() }
    }
}

impl<T> FrozenSet<T> {
    /// The items, as a `for` loop meets them.
    pub fn iter(&self) -> FrozenSetIter<T> {
        FrozenSetIter { set: self.clone(), at: 0 }
    }
}

impl<T: Clone> IntoIterator for &Set<T> {
    type Item = T;
    type IntoIter = SetIter<T>;
    fn into_iter(self) -> SetIter<T> {
        self.iter()
    }
}

impl<T: Clone> IntoIterator for &FrozenSet<T> {
    type Item = T;
    type IntoIter = FrozenSetIter<T>;
    fn into_iter(self) -> FrozenSetIter<T> {
        self.iter()
    }
}

impl<T: Clone + 'static> Iterable for Set<T> {
    type Item = T;
    fn to_iter(&self) -> Iter<T> {
        Iter::fallible(self.checked())
    }
}

impl<T: Clone + 'static> Iterable for FrozenSet<T> {
    type Item = T;
    fn to_iter(&self) -> Iter<T> {
        Iter::infallible(self.iter())
    }
}

/// Append `{a, b}`.
pub fn write_braced<'a, T: Object + 'a>(items: impl Iterator<Item = &'a T>, out: &mut String) {
    out.push('{');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        item.write_repr(out);
    }
    out.push('}');
}

/// Whether two tables hold equal items.
pub fn same_sets<T: Object>(a: &SetTable<T>, b: &SetTable<T>) -> bool {
    a.used == b.used && a.entries().all(|(hash, item)| b.find(hash, item).is_some())
}

/// Subsets are less; sets of which neither lies in the other have no order.
pub fn compare_sets<T: Object + Clone>(a: &SetTable<T>, b: &SetTable<T>) -> Option<Ordering> {
    match (a.lies_in(b), b.lies_in(a)) {
        (true, true) => Some(Ordering::Equal),
        (true, false) => Some(Ordering::Less),
        (false, true) => Some(Ordering::Greater),
        (false, false) => None,
    }
}

impl<T: Object> Object for Set<T> {
    fn write_repr(&self, out: &mut String) {
        if self.0.is_shown.replace(true) {
            out.push_str("set(...)");
            return;
        }
        if self.is_empty() {
            out.push_str("set()");
        } else {
            write_braced(self.0.table.borrow().items(), out);
        }
        self.0.is_shown.set(false);
    }
    fn equals(&self, other: &Self) -> bool {
        self.is(other) || same_sets(&self.0.table.borrow(), &other.0.table.borrow())
    }
    fn hash(&self) -> u64 {
        // Python refuses it, and so does the translator.
        hash_identity(&*self.0)
    }
    fn truth(&self) -> bool {
        !self.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "set"
    }
}

impl<T: Object + Clone> Ordered for Set<T> {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        self.with_table(|a| other.with_table(|b| compare_sets(a, b)))
    }
}

/// Mix the bits of an item's hash, so that the hashes of many can be joined in any order.
pub fn shuffle_bits(hash: u64) -> u64 {
    ((hash ^ 89_869_747) ^ (hash << 16)).wrapping_mul(3_644_798_167)
}

impl<T: Object> Object for FrozenSet<T> {
    fn write_repr(&self, out: &mut String) {
        out.push_str("frozenset(");
        if !self.is_empty() {
            write_braced(self.0.items(), out);
        }
        out.push(')');
    }
    fn equals(&self, other: &Self) -> bool {
        same_sets(&self.0, &other.0)
    }
    fn hash(&self) -> u64 {
        let joined = self.0.entries().fold(0, |joined, (hash, _)| joined ^ shuffle_bits(hash));
        let joined = joined ^ (self.0.used as u64 + 1).wrapping_mul(1_927_868_237);
        let spread = (joined ^ (joined >> 11) ^ (joined >> 25)).wrapping_mul(69_069).wrapping_add(907_133_923);
        if spread == u64::MAX {
            590_923_713
        } else {
            spread
        }
    }
    fn truth(&self) -> bool {
        !self.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "frozenset"
    }
}

impl<T: Object + Clone> Ordered for FrozenSet<T> {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        compare_sets(&self.0, &other.0)
    }
}
