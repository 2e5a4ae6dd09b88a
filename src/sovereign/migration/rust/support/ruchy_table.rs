//! An object or dictionary of a Ruchy program: `Table`, in the order of insertion; `Bag` is a set.

use crate::{debug_text, fault, no_order, shown_text, unexpected, Array, Datum, Dyn, Maybe, Str};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// What tables with the same entries share.
#[derive(Clone)]
pub struct TableBody<K, V> {
    entries: Vec<Option<(u64, K, V)>>,
    /// Places of entries, one more than each; 0 where none is.
    index: Vec<u32>,
    live: usize,
}

/// A dictionary, shared until one of its holders changes it.
pub struct Table<K, V>(Rc<TableBody<K, V>>);

impl<K, V> Clone for Table<K, V> {
    #[inline]
    fn clone(&self) -> Self {
        Table(self.0.clone())
    }
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Table::new()
    }
}

impl<K, V> Table<K, V> {
    /// The empty table.
    pub fn new() -> Self {
        Table(Rc::new(TableBody { entries: Vec::new(), index: Vec::new(), live: 0 }))
    }

    /// How many entries it has.
    pub fn count(&self) -> i64 {
        self.0.live as i64
    }

    /// Its entries in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.entries.iter().flatten().map(|(_, key, value)| (key, value))
    }
}

impl<K: Datum, V: Clone> TableBody<K, V> {
    /// Where a key stands.
    #[inline]
    pub fn find(&self, hash: u64, key: &K) -> Option<usize> {
        if self.index.is_empty() {
            return None;
        }
        let mask = self.index.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let place = self.index[slot];
            if place == 0 {
                return None;
            }
            if let Some((known, other, _)) = &self.entries[place as usize - 1] {
                if *known == hash && other.same_key(key) {
                    return Some(place as usize - 1);
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Make room for one more entry.
    pub fn grow(&mut self) {
        if (self.entries.len() + 1) * 3 / 2 < self.index.len() {
            return;
        }
        self.entries.retain(Option::is_some);
        let size = ((self.entries.len() + 1) * 3).next_power_of_two().max(8);
        self.index = alloc::vec![0; size];
        for (place, entry) in self.entries.iter().enumerate() {
            if let Some((hash, _, _)) = entry {
                put_slot(&mut self.index, *hash, place);
            }
        }
    }
}

/// Note where an entry stands.
pub fn put_slot(index: &mut [u32], hash: u64, place: usize) {
    let mask = index.len() - 1;
    let mut slot = hash as usize & mask;
    while index[slot] != 0 {
        slot = (slot + 1) & mask;
    }
    index[slot] = place as u32 + 1;
}

impl<K: Datum, V: Clone> Table<K, V> {
    /// The value under a key.
    #[inline]
    pub fn look(&self, key: &K) -> Option<&V> {
        let place = self.0.find(key.key_hash(), key)?;
        self.0.entries[place].as_ref().map(|entry| &entry.2)
    }

    /// `get`.
    #[inline]
    #[track_caller]
    pub fn get(&self, key: &K) -> Maybe<V> {
        Maybe(self.look(key).cloned())
    }

    /// `get(key, default)`.
    pub fn get_or(&self, key: &K, default: V) -> V {
        self.look(key).cloned().unwrap_or(default)
    }

    /// `has_key`.
    pub fn has(&self, key: &K) -> bool {
        self.look(key).is_some()
    }

    /// `table[key]`.
    #[track_caller]
    pub fn entry_of(&self, key: &K) -> V {
        match self.look(key).cloned() {
            Some(found) => found,
            None => no_key(key),
        }
    }

    /// `table[key]`, to look at.
    #[track_caller]
    pub fn peek_entry(&self, key: &K) -> &V {
        match self.look(key) {
            Some(found) => found,
            None => no_key(key),
        }
    }

    /// The value under a key, to change.
    #[track_caller]
    pub fn entry_mut(&mut self, key: &K) -> Option<&mut V> {
        let place = self.0.find(key.key_hash(), key)?;
        Rc::make_mut(&mut self.0).entries[place].as_mut().map(|entry| &mut entry.2)
    }

    /// `table[key]`, to change.
    #[track_caller]
    pub fn owned_entry(&mut self, key: &K) -> &mut V {
        let Some(place) = self.0.find(key.key_hash(), key) else { no_key(key) };
        match &mut Rc::make_mut(&mut self.0).entries[place] {
            Some(entry) => &mut entry.2,
            None => no_key(key),
        }
    }

    /// `object.key`, whose own field `name` is changed.
    #[track_caller]
    pub fn present_entry(&mut self, key: &K, name: &str) -> &mut V {
        match self.entry_mut(key) {
            Some(value) => value,
            None => fault("field", format!("nil has no field `{name}`")),
        }
    }

    /// `table[key] = value`.
    #[track_caller]
    pub fn put(&mut self, key: K, value: V) {
        let hash = key.key_hash();
        let body = Rc::make_mut(&mut self.0);
        if let Some(place) = body.find(hash, &key) {
            if let Some(entry) = &mut body.entries[place] {
                entry.2 = value;
            }
            return;
        }
        body.grow();
        put_slot(&mut body.index, hash, body.entries.len());
        body.entries.push(Some((hash, key, value)));
        body.live += 1;
    }

    /// `remove`.
    #[track_caller]
    pub fn remove_key(&mut self, key: &K) -> Maybe<V> {
        let Some(place) = self.0.find(key.key_hash(), key) else { return Maybe(None) };
        let body = Rc::make_mut(&mut self.0);
        body.live -= 1;
        Maybe(body.entries[place].take().map(|entry| entry.2))
    }

    /// `clear`.
    pub fn clear_all(&mut self) {
        *self = Table::new();
    }

    /// `extend`.
    #[track_caller]
    pub fn extend_with(&mut self, other: &Table<K, V>) {
        for (key, value) in other.pairs() {
            self.put(key.clone(), value.clone());
        }
    }

    /// `merge`.
    #[track_caller]
    pub fn merged(&self, other: &Table<K, V>) -> Self {
        let mut found = self.clone();
        found.extend_with(other);
        found
    }

    /// `keys`.
    pub fn keys(&self) -> Array<K> {
        self.pairs().map(|(key, _)| key.clone()).collect()
    }

    /// `values`.
    pub fn values(&self) -> Array<V> {
        self.pairs().map(|(_, value)| value.clone()).collect()
    }

    /// `items`.
    #[track_caller]
    pub fn items(&self) -> Array<(K, V)> {
        self.pairs().map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

impl<K: Datum, V: Clone> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut found = Table::new();
        for (key, value) in pairs {
            found.put(key, value);
        }
        found
    }
}

/// A key that an object does not have.
#[cold]
#[track_caller]
pub fn no_key<K: Datum>(key: &K) -> ! {
    fault("key", alloc::format!("the object has no key {}", debug_text(key).as_str()))
}

impl<K: Datum, V: Datum> Datum for Table<K, V> {
    fn kind_name(&self) -> Str {
        Str::literal("object")
    }
    fn write_debug(&self, out: &mut String, is_loose: bool) {
        let mut shown: Vec<(Str, &V)> = self.pairs().map(|(key, value)| (shown_text(key), value)).collect();
        let mut sorted = shown.clone();
        sort_names(&mut sorted);
        if sorted.windows(2).all(|pair| pair[0].0.as_str() != pair[1].0.as_str()) {
            shown = sorted;
        }
        out.push('{');
        for (place, (key, value)) in shown.iter().enumerate() {
            if place > 0 {
                out.push_str(", ");
            }
            out.push_str(key);
            out.push_str(": ");
            value.write_debug(out, is_loose);
        }
        out.push('}');
    }
    fn same(&self, other: &Self) -> bool {
        self.count() == other.count()
            && self.pairs().all(|(key, value)| other.look(key).is_some_and(|found| value.same(found)))
    }
    #[track_caller]
    fn order(&self, other: &Self, operator: &str) -> Option<Ordering> {
        no_order(operator, self, other)
    }
    fn into_dyn(self) -> Dyn {
        Dyn::Dict(self.pairs().map(|(key, value)| (key.clone().into_dyn(), value.clone().into_dyn())).collect())
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        match value {
            Dyn::Dict(table) => {
                table.pairs().map(|(key, value)| (K::from_dyn(key.clone()), V::from_dyn(value.clone()))).collect()
            }
            other => unexpected("an object", &other.kind_name()),
        }
    }
}

/// A set that keeps its order.
pub struct Bag<T>(Table<T, ()>);

impl<T> Clone for Bag<T> {
    fn clone(&self) -> Self {
        Bag(self.0.clone())
    }
}

impl<T> Default for Bag<T> {
    fn default() -> Self {
        Bag::new()
    }
}

impl<T> Bag<T> {
    /// The empty set.
    pub fn new() -> Self {
        Bag(Table::new())
    }

    /// How many elements it has.
    pub fn count(&self) -> i64 {
        self.0.count()
    }

    /// Its elements in order.
    pub fn elements(&self) -> impl Iterator<Item = &T> {
        self.0.pairs().map(|(element, ())| element)
    }
}

impl<T: Datum> Bag<T> {
    /// `insert`: whether it is new.
    #[track_caller]
    pub fn add(&mut self, element: T) -> bool {
        let is_new = !self.0.has(&element);
        self.0.put(element, ());
        is_new
    }

    /// `contains`.
    pub fn has(&self, element: &T) -> bool {
        self.0.has(element)
    }

    /// `remove`: whether it was there.
    #[track_caller]
    pub fn discard(&mut self, element: &T) -> bool {
        self.0.remove_key(element).0.is_some()
    }

    /// `clear`.
    pub fn clear_all(&mut self) {
        self.0.clear_all();
    }

    /// `iter`.
    #[track_caller]
    pub fn to_array(&self) -> Array<T> {
        self.0.keys()
    }

    /// `union`.
    #[track_caller]
    pub fn united(&self, other: &Bag<T>) -> Self {
        Bag(self.0.merged(&other.0))
    }

    /// `intersection`.
    pub fn shared_items(&self, other: &Bag<T>) -> Self {
        self.elements().filter(|element| other.has(element)).cloned().collect()
    }

    /// `difference`.
    pub fn other_items(&self, other: &Bag<T>) -> Self {
        self.elements().filter(|element| !other.has(element)).cloned().collect()
    }
}

impl<T: Datum> FromIterator<T> for Bag<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        let mut found = Bag::new();
        for element in elements {
            found.add(element);
        }
        found
    }
}

impl<T: Datum> Datum for Bag<T> {
    fn kind_name(&self) -> Str {
        Str::literal("set")
    }
    fn write_debug(&self, out: &mut String, is_loose: bool) {
        out.push('{');
        for (place, element) in self.elements().enumerate() {
            if place > 0 {
                out.push_str(", ");
            }
            element.write_debug(out, is_loose);
        }
        out.push('}');
    }
    fn same(&self, other: &Self) -> bool {
        self.count() == other.count() && self.elements().all(|element| other.has(element))
    }
    #[track_caller]
    fn order(&self, other: &Self, operator: &str) -> Option<Ordering> {
        no_order(operator, self, other)
    }
    fn into_dyn(self) -> Dyn {
        Dyn::Set(self.elements().cloned().map(Datum::into_dyn).collect())
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        match value {
            Dyn::Set(set) => set.elements().cloned().map(T::from_dyn).collect(),
            other => unexpected("a set", &other.kind_name()),
        }
    }
}

/// Put pairs in the order of their names, equal ones in the order in which they come. The library's sort is quicker for
/// thousands and ten times as much program.
pub fn sort_names<T>(pairs: &mut Vec<(Str, T)>) {
    if pairs.len() < 2 {
        return;
    }
    let mut upper = pairs.split_off(pairs.len() / 2);
    sort_names(pairs);
    sort_names(&mut upper);
    let mut lower = core::mem::take(pairs).into_iter().peekable();
    let mut upper = upper.into_iter().peekable();
    while let (Some(one), Some(other)) = (lower.peek(), upper.peek()) {
        let next = if other.0.as_str() < one.0.as_str() { upper.next() } else { lower.next() };
        pairs.extend(next);
    }
    pairs.extend(lower);
    pairs.extend(upper);
}
