//! `Dict<K, V>`, Python's `dict`, in the order of insertion; a handle, whose clone is the same dict.
//!
//! `Dict::new`, `collect()` of pairs, `dict!{k => v}`; `len`, `get_item`, `set_item`, `del_item`, `get`, `get_or`,
//! `contains`, `setdefault`, `pop`, `pop_or`, `popitem`, `update`, `clear`, `copy`, `merged` (`|`), `keys`, `values`, `items`
//! (iterators that are also the views), `iter`. `entry_or(key, make)` borrows the value to change it in place, and
//! `item_or(key, make)` is `defaultdict`'s `self[key]`. `keys_checked` and its like notice a dict that changes size.

use crate::{hash_identity, Exc, Iter, Iterable, Object, Set, KEY_ERROR, RUNTIME_ERROR};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, Ref, RefCell, RefMut};

/// One entry; its pair is gone when it was deleted.
pub struct DictEntry<K, V> {
    hash: u64,
    pair: Option<(K, V)>,
}

/// The entries in order, and a table that finds them by hash.
pub struct DictTable<K, V> {
    entries: Vec<DictEntry<K, V>>,
    // Each slot: the low half the entry's number plus one, 0 for an empty slot; the high half part of its hash.
    slots: Vec<u64>,
    // Slots that are not empty, those of deleted entries among them.
    filled: usize,
    live: usize,
}

/// What a dict's handles share.
pub struct DictBody<K, V> {
    table: RefCell<DictTable<K, V>>,
    // The entry that was read last, since `d[k] = d.get(k, 0) + 1` asks for it again.
    last: Cell<usize>,
    // Set while `repr` runs, so that a dict inside itself shows as `{...}`.
    is_shown: Cell<bool>,
}

/// A dict.
pub struct Dict<K, V>(Rc<DictBody<K, V>>);

impl<K, V> Clone for Dict<K, V> {
    #[inline]
    fn clone(&self) -> Self {
        Dict(Rc::clone(&self.0))
    }
}

/// A dict out of its pairs: `dict!{key => value, ...}`.
#[macro_export]
macro_rules! dict {
    ($($key:expr => $value:expr),* $(,)?) => { [$(($key, $value)),*].into_iter().collect::<Dict<_, _>>() };
}

pub use dict;

/// Entries that are found by looking at all of them, without a table.
pub const SCANNED_ENTRIES: usize = 8;

/// Spread a hash over all bits, as small integers hash to themselves.
#[inline]
pub fn spread_hash(hash: u64) -> u64 {
    let mixed = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ mixed >> 32
}

impl<K, V> DictTable<K, V> {
    /// An empty one.
    pub const fn new() -> Self {
        DictTable { entries: Vec::new(), slots: Vec::new(), filled: 0, live: 0 }
    }

    /// The slot that holds, or would hold, an entry.
    fn insert_slot(&mut self, hash: u64, entry: usize) {
        let mask = self.slots.len() - 1;
        let mixed = spread_hash(hash);
        let mut at = mixed as usize & mask;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = mixed & 0xffff_ffff_0000_0000 | (entry as u64 + 1);
        self.filled += 1;
    }

    /// Drop the deleted entries and build the table anew, with room to double.
    fn rebuild(&mut self) {
        if self.live < self.entries.len() {
            self.entries.retain(|entry| entry.pair.is_some());
        }
        self.slots.clear();
        self.filled = 0;
        if self.entries.len() < SCANNED_ENTRIES {
            return;
        }
        let size = (self.entries.len() * 2 + 1).next_power_of_two();
        self.slots.resize(size, 0);
        for entry in 0..self.entries.len() {
            let hash = self.entries[entry].hash;
            self.insert_slot(hash, entry);
        }
    }

    /// Add an entry whose key is not there.
    #[inline]
    fn push(&mut self, hash: u64, key: K, value: V) {
        let entry = self.entries.len();
        self.entries.push(DictEntry { hash, pair: Some((key, value)) });
        self.live += 1;
        if self.slots.is_empty() {
            if self.entries.len() > SCANNED_ENTRIES {
                self.rebuild();
            }
        } else if self.filled * 3 >= self.slots.len() * 2 {
            self.rebuild();
        } else {
            self.insert_slot(hash, entry);
        }
    }

    /// Take an entry out; its slot stays and leads to nothing.
    fn take(&mut self, entry: usize) -> Option<(K, V)> {
        let pair = self.entries[entry].pair.take();
        self.live -= 1;
        if self.live == 0 {
            self.entries.clear();
            self.slots.clear();
            self.filled = 0;
        } else if entry + 1 == self.entries.len() {
            // Those that were deleted before it go too, so that popping from the end stays linear.
            let kept = self.entries.iter().rposition(|entry| entry.pair.is_some()).map_or(0, |last| last + 1);
            self.entries.truncate(kept);
        }
        pair
    }
}

impl<K, V> Default for DictTable<K, V> {
    fn default() -> Self {
        DictTable::new()
    }
}

impl<K: Object, V> DictTable<K, V> {
    /// The number of the entry with that key, which may be the one guessed.
    #[inline]
    fn find_from(&self, guess: usize, hash: u64, key: &K) -> Option<usize> {
        let is_it =
            |entry: &DictEntry<K, V>| entry.hash == hash && entry.pair.as_ref().is_some_and(|pair| pair.0.equals(key));
        if self.entries.get(guess).is_some_and(is_it) {
            return Some(guess);
        }
        self.find(hash, key)
    }

    /// The number of the entry with that key.
    #[inline]
    fn find(&self, hash: u64, key: &K) -> Option<usize> {
        let is_it =
            |entry: &DictEntry<K, V>| entry.hash == hash && entry.pair.as_ref().is_some_and(|pair| pair.0.equals(key));
        if self.slots.is_empty() {
            return self.entries.iter().position(is_it);
        }
        let mask = self.slots.len() - 1;
        let mixed = spread_hash(hash);
        let mut at = mixed as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                return None;
            }
            if (slot ^ mixed) >> 32 == 0 {
                let entry = (slot & 0xffff_ffff) as usize - 1;
                if self.entries.get(entry).is_some_and(is_it) {
                    return Some(entry);
                }
            }
            at = (at + 1) & mask;
        }
    }
}

impl<K, V> Dict<K, V> {
    /// `{}`.
    pub fn new() -> Self {
        let table = RefCell::new(DictTable::new());
        Dict(Rc::new(DictBody { table, last: Cell::new(0), is_shown: Cell::new(false) }))
    }

    /// `len(self)`.
    #[inline]
    pub fn len(&self) -> i64 {
        self.table().live as i64
    }

    /// Whether it has no entries.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.table().live == 0
    }

    /// `self is other`.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// `id(self)`.
    pub fn id(&self) -> i64 {
        Rc::as_ptr(&self.0) as usize as i64
    }

    /// The table, to read.
    #[inline]
    pub fn table(&self) -> Ref<'_, DictTable<K, V>> {
        self.0.table.borrow()
    }

    /// The table, to change.
    #[inline]
    pub fn table_mut(&self) -> RefMut<'_, DictTable<K, V>> {
        self.0.table.borrow_mut()
    }

    /// `self.clear()`.
    pub fn clear(&self) {
        let before = core::mem::take(&mut *self.table_mut());
        drop(before);
    }
}

impl<K, V> Default for Dict<K, V> {
    fn default() -> Self {
        Dict::new()
    }
}

impl<K: Object, V> FromIterator<(K, V)> for Dict<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let dict = Dict::new();
        pairs.into_iter().for_each(|(key, value)| dict.set_item(key, value));
        dict
    }
}

impl<K: Object, V: Clone> Dict<K, V> {
    /// `self.get(key)`.
    #[inline]
    pub fn get(&self, key: &K) -> Option<V> {
        let table = self.table();
        let entry = table.find(key.hash(), key)?;
        self.0.last.set(entry);
        table.entries[entry].pair.as_ref().map(|pair| pair.1.clone())
    }

    /// `self.get(key, default)`.
    #[inline]
    pub fn get_or(&self, key: &K, default: V) -> V {
        self.get(key).unwrap_or(default)
    }

    /// `self.setdefault(key, default)`.
    pub fn setdefault(&self, key: K, default: V) -> V {
        self.entry_or(key, || default).clone()
    }

    /// `self[key]` of a `defaultdict`: a missing key gets a made value.
    #[inline]
    pub fn item_or(&self, key: K, make: impl FnOnce() -> V) -> V {
        self.entry_or(key, make).clone()
    }

    /// `self[key]` of a `defaultdict` whose factory may fail or look at the dict.
    pub fn item_or_try(&self, key: K, make: impl FnOnce() -> Result<V, Exc>) -> Result<V, Exc> {
        if let Some(value) = self.get(&key) {
            return Ok(value);
        }
        let value = make()?;
        self.set_item(key, value.clone());
        Ok(value)
    }
}

impl<K: Object + Clone + 'static, V: Clone> Dict<K, V> {
    /// `self[key]`.
    #[inline]
    pub fn get_item(&self, key: &K) -> Result<V, Exc> {
        match self.get(key) {
            Some(value) => Ok(value),
            None => Err(Exc::missing_key(key)),
        }
    }

    /// `self.pop(key)`.
    pub fn pop(&self, key: &K) -> Result<V, Exc> {
        match self.take(key) {
            Some(pair) => Ok(pair.1),
            None => Err(Exc::missing_key(key)),
        }
    }
}

impl<K: Object, V> Dict<K, V> {
    /// `key in self`.
    #[inline]
    pub fn contains(&self, key: &K) -> bool {
        self.table().find(key.hash(), key).is_some()
    }

    /// `self[key] = value`.
    #[inline]
    pub fn set_item(&self, key: K, value: V) {
        let hash = key.hash();
        // Looked up apart, since a program's own equality may read the dict.
        let found = self.table().find_from(self.0.last.get(), hash, &key);
        let mut table = self.table_mut();
        match found {
            Some(entry) => {
                if let Some(pair) = table.entries[entry].pair.as_mut() {
                    let before = core::mem::replace(&mut pair.1, value);
                    drop(table);
                    drop(before);
                }
            }
            None => table.push(hash, key, value),
        }
    }

    /// The value of a key, to be changed in place; a missing key gets a made value.
    #[inline]
    pub fn entry_or(&self, key: K, make: impl FnOnce() -> V) -> RefMut<'_, V> {
        let hash = key.hash();
        let found = self.table().find(hash, &key);
        let entry = match found {
            Some(entry) => entry,
            None => {
                let value = make();
                let mut table = self.table_mut();
                table.push(hash, key, value);
                table.entries.len() - 1
            }
        };
        RefMut::map(self.table_mut(), |table| match table.entries[entry].pair.as_mut() {
            Some(pair) => &mut pair.1,
            None => unreachable!("an entry that was found has a pair"),
        })
    }

    /// The value of a key, to be changed in place.
    pub fn entry(&self, key: &K) -> Option<RefMut<'_, V>> {
        let entry = self.table().find(key.hash(), key)?;
        RefMut::filter_map(self.table_mut(), |table| table.entries[entry].pair.as_mut().map(|pair| &mut pair.1)).ok()
    }

    /// Take a key's pair out.
    pub fn take(&self, key: &K) -> Option<(K, V)> {
        let entry = self.table().find(key.hash(), key)?;
        self.table_mut().take(entry)
    }

    /// `self.pop(key, default)`.
    pub fn pop_or(&self, key: &K, default: V) -> V {
        self.take(key).map_or(default, |pair| pair.1)
    }

    /// `self.popitem()`.
    pub fn popitem(&self) -> Result<(K, V), Exc> {
        let mut table = self.table_mut();
        // The last entry is never a deleted one.
        let last = table.entries.len().checked_sub(1);
        let pair = last.and_then(|entry| table.take(entry));
        pair.ok_or_else(|| Exc::new(&KEY_ERROR, "popitem(): dictionary is empty"))
    }

    /// `OrderedDict.popitem(last=False)`.
    pub fn pop_first(&self) -> Result<(K, V), Exc> {
        let mut table = self.table_mut();
        let first = table.entries.iter().position(|entry| entry.pair.is_some());
        let pair = first.and_then(|entry| table.take(entry));
        pair.ok_or_else(|| Exc::new(&KEY_ERROR, "dictionary is empty"))
    }

    /// `self.update(pairs)`.
    pub fn update(&self, pairs: impl IntoIterator<Item = (K, V)>) {
        pairs.into_iter().for_each(|(key, value)| self.set_item(key, value));
    }
}

impl<K: Object, V> Dict<K, V> {
    /// `self.update(pairs)` for pairs that may fail to come; those before the failure stay.
    pub fn update_iter(&self, pairs: impl IntoIterator<Item = Result<(K, V), Exc>>) -> Result<(), Exc> {
        for pair in pairs {
            let (key, value) = pair?;
            self.set_item(key, value);
        }
        Ok(())
    }
}

impl<K: Object + Clone + 'static, V> Dict<K, V> {
    /// `del self[key]`.
    pub fn del_item(&self, key: &K) -> Result<(), Exc> {
        match self.take(key) {
            Some(_) => Ok(()),
            None => Err(Exc::missing_key(key)),
        }
    }
}

impl<K: Object + Clone, V: Clone> Dict<K, V> {
    /// `self.copy()`.
    pub fn copy(&self) -> Dict<K, V> {
        let table = self.table();
        let copy = Dict::new();
        {
            let mut target = copy.table_mut();
            target.entries.reserve(table.live);
            for entry in &table.entries {
                if let Some((key, value)) = &entry.pair {
                    target.push(entry.hash, key.clone(), value.clone());
                }
            }
        }
        copy
    }

    /// `self | other`.
    pub fn merged(&self, other: &Dict<K, V>) -> Dict<K, V> {
        let merged = self.copy();
        merged.update(other.items());
        merged
    }

    /// `OrderedDict.move_to_end(key, last)`.
    pub fn move_to_end(&self, key: &K, last: bool) -> Result<(), Exc>
    where
        K: 'static,
    {
        let Some(pair) = self.take(key) else {
            return Err(Exc::missing_key(key));
        };
        if last {
            self.set_item(pair.0, pair.1);
            return Ok(());
        }
        let rest = self.copy();
        self.clear();
        self.set_item(pair.0, pair.1);
        self.update(rest.items());
        Ok(())
    }
}

/// Walks the entries of a dict; what `keys`, `values` and `items` are made of.
pub struct DictCursor<K, V> {
    dict: Dict<K, V>,
    at: usize,
    end: usize,
}

impl<K, V> Clone for DictCursor<K, V> {
    fn clone(&self) -> Self {
        DictCursor { dict: self.dict.clone(), at: self.at, end: self.end }
    }
}

impl<K, V> DictCursor<K, V> {
    /// Before the first entry.
    pub fn new(dict: &Dict<K, V>) -> Self {
        DictCursor { dict: dict.clone(), at: 0, end: usize::MAX }
    }

    /// What `read` makes of the next entry.
    #[inline]
    pub fn step<R>(&mut self, read: impl Fn(&K, &V) -> R) -> Option<R> {
        let table = self.dict.table();
        while self.at < self.end {
            let entry = table.entries.get(self.at)?;
            self.at += 1;
            if let Some((key, value)) = &entry.pair {
                return Some(read(key, value));
            }
        }
        None
    }

    /// What `read` makes of the next entry from the end.
    pub fn step_back<R>(&mut self, read: impl Fn(&K, &V) -> R) -> Option<R> {
        let table = self.dict.table();
        self.end = self.end.min(table.entries.len());
        while self.at < self.end {
            self.end -= 1;
            if let Some((key, value)) = &table.entries[self.end].pair {
                return Some(read(key, value));
            }
        }
        None
    }
}

/// `self.keys()`: the view, and an iterator over it.
pub struct DictKeys<K, V>(DictCursor<K, V>);

/// `self.values()`: the view, and an iterator over it.
pub struct DictValues<K, V>(DictCursor<K, V>);

/// `self.items()`: the view, and an iterator over it.
pub struct DictItems<K, V>(DictCursor<K, V>);

impl<K, V> Clone for DictKeys<K, V> {
    fn clone(&self) -> Self {
        DictKeys(self.0.clone())
    }
}

impl<K, V> Clone for DictValues<K, V> {
    fn clone(&self) -> Self {
        DictValues(self.0.clone())
    }
}

impl<K, V> Clone for DictItems<K, V> {
    fn clone(&self) -> Self {
        DictItems(self.0.clone())
    }
}

impl<K: Clone, V> Iterator for DictKeys<K, V> {
    type Item = K;
    #[inline]
    fn next(&mut self) -> Option<K> {
        self.0.step(|key, _| key.clone())
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.0.dict.table().live))
    }
}

impl<K, V: Clone> Iterator for DictValues<K, V> {
    type Item = V;
    #[inline]
    fn next(&mut self) -> Option<V> {
        self.0.step(|_, value| value.clone())
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.0.dict.table().live))
    }
}

impl<K: Clone, V: Clone> Iterator for DictItems<K, V> {
    type Item = (K, V);
    #[inline]
    fn next(&mut self) -> Option<(K, V)> {
        self.0.step(|key, value| (key.clone(), value.clone()))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.0.dict.table().live))
    }
}

impl<K: Clone, V> DoubleEndedIterator for DictKeys<K, V> {
    fn next_back(&mut self) -> Option<K> {
        self.0.step_back(|key, _| key.clone())
    }
}

impl<K, V: Clone> DoubleEndedIterator for DictValues<K, V> {
    fn next_back(&mut self) -> Option<V> {
        self.0.step_back(|_, value| value.clone())
    }
}

impl<K: Clone, V: Clone> DoubleEndedIterator for DictItems<K, V> {
    fn next_back(&mut self) -> Option<(K, V)> {
        self.0.step_back(|key, value| (key.clone(), value.clone()))
    }
}

impl<K, V> Dict<K, V> {
    /// `self.keys()`.
    #[inline]
    pub fn keys(&self) -> DictKeys<K, V> {
        DictKeys(DictCursor::new(self))
    }

    /// `self.values()`.
    #[inline]
    pub fn values(&self) -> DictValues<K, V> {
        DictValues(DictCursor::new(self))
    }

    /// `self.items()`.
    #[inline]
    pub fn items(&self) -> DictItems<K, V> {
        DictItems(DictCursor::new(self))
    }

    /// The keys, as a `for` loop meets them.
    #[inline]
    pub fn iter(&self) -> DictKeys<K, V> {
        self.keys()
    }
}

impl<K: Clone, V> IntoIterator for &Dict<K, V> {
    type Item = K;
    type IntoIter = DictKeys<K, V>;
    fn into_iter(self) -> DictKeys<K, V> {
        self.keys()
    }
}

/// Items of a dict whose size must not change meanwhile.
pub struct DictChecked<K, V, I> {
    dict: Dict<K, V>,
    size: i64,
    items: I,
}

impl<K, V, I: Iterator> Iterator for DictChecked<K, V, I> {
    type Item = Result<I::Item, Exc>;
    fn next(&mut self) -> Option<Self::Item> {
        if self.dict.len() != self.size {
            // Once raised, it stays so, as in CPython.
            self.size = -1;
            return Some(Err(changed_size("dictionary")));
        }
        self.items.next().map(Ok)
    }
}

/// `RuntimeError`: `dictionary changed size during iteration`.
#[cold]
pub fn changed_size(what: &str) -> Exc {
    Exc::new(&RUNTIME_ERROR, alloc::format!("{what} changed size during iteration"))
}

impl<K, V> Dict<K, V> {
    /// `iterator`, which raises when the dict changes size: `d.checked(d.keys())`.
    pub fn checked<I: Iterator>(&self, items: I) -> DictChecked<K, V, I> {
        DictChecked { dict: self.clone(), size: self.len(), items }
    }
}

impl<K: Clone + 'static, V: 'static> Iterable for Dict<K, V> {
    type Item = K;
    fn to_iter(&self) -> Iter<K> {
        Iter::fallible(self.checked(self.keys()))
    }
}

impl<K, V> DictKeys<K, V> {
    /// `len(view)`.
    pub fn len(&self) -> i64 {
        self.0.dict.len()
    }

    /// Whether the dict has no entries.
    pub fn is_empty(&self) -> bool {
        self.0.dict.is_empty()
    }
}

impl<K: Object, V> DictKeys<K, V> {
    /// `key in view`.
    pub fn contains(&self, key: &K) -> bool {
        self.0.dict.contains(key)
    }
}

impl<K: Object + Clone, V> DictKeys<K, V> {
    /// `view & items`: the keys of the shorter side where the other is a view, in CPython's order.
    pub fn intersection(&self, items: impl IntoIterator<Item = K>) -> Set<K> {
        items.into_iter().filter(|item| self.contains(item)).collect()
    }

    /// `view & other` of two views.
    pub fn intersection_view<W>(&self, other: &DictKeys<K, W>) -> Set<K> {
        if other.len() > self.len() {
            other.intersection(self.clone())
        } else {
            self.intersection(other.clone())
        }
    }

    /// `view & other` of a set.
    pub fn intersection_set(&self, other: &Set<K>) -> Set<K> {
        if self.len() <= other.len() {
            other.intersection_items(self.clone())
        } else {
            self.intersection(other.iter())
        }
    }

    /// `view | other` of a set.
    pub fn union_set(&self, other: &Set<K>) -> Set<K> {
        let all = self.to_set();
        all.update(other);
        all
    }

    /// `view - other` of a set.
    pub fn difference_set(&self, other: &Set<K>) -> Set<K> {
        let rest = self.to_set();
        rest.difference_update(other);
        rest
    }

    /// `view ^ other` of a set.
    pub fn symmetric_difference_set(&self, other: &Set<K>) -> Set<K> {
        let rest = self.to_set();
        rest.symmetric_difference_update(other);
        rest
    }

    /// `other ^ view` of a set.
    pub fn toggled_in(&self, other: &Set<K>) -> Set<K> {
        let rest = other.copy();
        rest.symmetric_difference_update(&self.to_set());
        rest
    }

    /// The keys as a set.
    pub fn to_set(&self) -> Set<K> {
        Set::of_dict(&self.0.dict)
    }

    /// `view | items`.
    pub fn union(&self, items: impl IntoIterator<Item = K>) -> Set<K> {
        let all = Set::of_dict(&self.0.dict);
        all.extend(items);
        all
    }

    /// `view - items`.
    pub fn difference(&self, items: impl IntoIterator<Item = K>) -> Set<K> {
        let rest = Set::of_dict(&self.0.dict);
        rest.difference_update_items(items);
        rest
    }

    /// `view ^ items`.
    pub fn symmetric_difference(&self, items: impl IntoIterator<Item = K>) -> Set<K> {
        let rest = Set::of_dict(&self.0.dict);
        rest.symmetric_difference_update(&items.into_iter().collect::<Set<K>>());
        rest
    }
}

impl<K, V> DictValues<K, V> {
    /// `len(view)`.
    pub fn len(&self) -> i64 {
        self.0.dict.len()
    }

    /// Whether the dict has no entries.
    pub fn is_empty(&self) -> bool {
        self.0.dict.is_empty()
    }
}

impl<K, V: Object + Clone> DictValues<K, V> {
    /// `value in view`.
    pub fn contains(&self, value: &V) -> bool {
        self.0.dict.values().any(|other| other.equals(value))
    }
}

impl<K, V> DictItems<K, V> {
    /// `len(view)`.
    pub fn len(&self) -> i64 {
        self.0.dict.len()
    }

    /// Whether the dict has no entries.
    pub fn is_empty(&self) -> bool {
        self.0.dict.is_empty()
    }
}

impl<K: Object, V: Object + Clone> DictItems<K, V> {
    /// `(key, value) in view`.
    pub fn contains(&self, item: &(K, V)) -> bool {
        self.0.dict.get(&item.0).is_some_and(|value| value.equals(&item.1))
    }
}

/// Append `name([a, b])`, as views of dicts show themselves.
pub fn write_view<T: Object>(name: &str, items: impl Iterator<Item = T>, out: &mut String) {
    out.push_str(name);
    out.push('(');
    crate::write_items(&items.collect::<Vec<T>>(), out);
    out.push(')');
}

impl<K: Object + Clone, V> Object for DictKeys<K, V> {
    fn write_repr(&self, out: &mut String) {
        write_view("dict_keys", self.0.dict.keys(), out);
    }
    fn equals(&self, other: &Self) -> bool {
        self.len() == other.len() && self.0.dict.keys().all(|key| other.contains(&key))
    }
    fn hash(&self) -> u64 {
        hash_identity(&*self.0.dict.0)
    }
    fn truth(&self) -> bool {
        !self.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "dict_keys"
    }
}

impl<K, V: Object + Clone> Object for DictValues<K, V> {
    fn write_repr(&self, out: &mut String) {
        write_view("dict_values", self.0.dict.values(), out);
    }
    fn equals(&self, other: &Self) -> bool {
        self.0.dict.is(&other.0.dict)
    }
    fn hash(&self) -> u64 {
        hash_identity(&*self.0.dict.0)
    }
    fn truth(&self) -> bool {
        !self.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "dict_values"
    }
}

impl<K: Object + Clone, V: Object + Clone> Object for DictItems<K, V> {
    fn write_repr(&self, out: &mut String) {
        write_view("dict_items", self.0.dict.items(), out);
    }
    fn equals(&self, other: &Self) -> bool {
        self.len() == other.len() && self.0.dict.items().all(|item| other.contains(&item))
    }
    fn hash(&self) -> u64 {
        hash_identity(&*self.0.dict.0)
    }
    fn truth(&self) -> bool {
        !self.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "dict_items"
    }
}

impl<K: Object, V: Object> Object for Dict<K, V> {
    fn write_repr(&self, out: &mut String) {
        if self.0.is_shown.replace(true) {
            out.push_str("{...}");
            return;
        }
        out.push('{');
        let mut is_first = true;
        for (key, value) in self.table().entries.iter().filter_map(|entry| entry.pair.as_ref()) {
            if !core::mem::take(&mut is_first) {
                out.push_str(", ");
            }
            key.write_repr(out);
            out.push_str(": ");
            value.write_repr(out);
        }
        out.push('}');
        self.0.is_shown.set(false);
    }
    fn equals(&self, other: &Self) -> bool {
        if self.is(other) {
            return true;
        }
        let (a, b) = (self.table(), other.table());
        a.live == b.live
            && a.entries.iter().all(|entry| {
                entry.pair.as_ref().is_none_or(|(key, value)| {
                    let found = b.find(entry.hash, key).and_then(|at| b.entries[at].pair.as_ref());
                    found.is_some_and(|pair| value.equals(&pair.1))
                })
            })
    }
    fn hash(&self) -> u64 {
        // Python refuses it, and so does the translator.
        hash_identity(&*self.0)
    }
    fn truth(&self) -> bool {
        !self.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "dict"
    }
}
