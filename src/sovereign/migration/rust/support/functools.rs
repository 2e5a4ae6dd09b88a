//! `functools`: reducing, sorting by a comparing function, and the store behind `lru_cache`.
//!
//! `functools_reduce(function: FnMut(A, T) -> Result<A, Exc>, items: Iter<T>, initial: A) -> Result<A, Exc>`,
//! `functools_reduce_first(function: FnMut(T, T) -> Result<T, Exc>, items)` (no initial value),
//! `functools_sorted_cmp(items: Vec<T>, compare: FnMut(&T, &T) -> Result<i64, Exc>, reverse) -> Result<Vec<T>, Exc>`
//! (`sorted(items, key=cmp_to_key(compare))`).
//! `LruCache<K, V>`: `LruCache::new(maxsize: Option<i64>)`, `get(&K) -> Option<V>` (counts hits and misses), `put(K, V)`,
//! `cache_clear()`, `cache_info() -> CacheInfo` with `hits misses maxsize currsize`.

use crate::{Dict, Exc, Iter, Object, TYPE_ERROR};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;

/// `functools.reduce` with an initial value.
pub fn functools_reduce<A, T>(
    mut function: impl FnMut(A, T) -> Result<A, Exc>,
    items: Iter<T>,
    initial: A,
) -> Result<A, Exc> {
    let mut total = initial;
    while let Some(item) = items.step()? {
        total = function(total, item)?;
    }
    Ok(total)
}

/// `functools.reduce` without an initial value.
pub fn functools_reduce_first<T>(function: impl FnMut(T, T) -> Result<T, Exc>, items: Iter<T>) -> Result<T, Exc> {
    match items.step()? {
        Some(first) => functools_reduce(function, items, first),
        None => Err(Exc::new(&TYPE_ERROR, "reduce() of empty iterable with no initial value")),
    }
}

/// `sorted(items, key=functools.cmp_to_key(compare), reverse=reverse)`.
pub fn functools_sorted_cmp<T>(
    items: Vec<T>,
    mut compare: impl FnMut(&T, &T) -> Result<i64, Exc>,
    reverse: bool,
) -> Result<Vec<T>, Exc> {
    let mut failed = None;
    let mut before = |a: &T, b: &T| {
        if failed.is_some() {
            return false;
        }
        let (first, second) = if reverse { (b, a) } else { (a, b) };
        match compare(first, second) {
            Ok(order) => order < 0,
            Err(exc) => {
                failed = Some(exc);
                false
            }
        }
    };
    let sorted = crate::sort_stably(items, &mut before);
    failed.map_or(Ok(sorted), Err)
}

/// What `cache_info()` gives.
#[derive(Clone, Copy)]
pub struct CacheInfo {
    /// Calls that found their result.
    pub hits: i64,
    /// Calls that did not.
    pub misses: i64,
    /// The most results kept.
    pub maxsize: Option<i64>,
    /// The results kept.
    pub currsize: i64,
}

impl Object for CacheInfo {
    fn write_repr(&self, out: &mut String) {
        let CacheInfo { hits, misses, currsize, .. } = self;
        let maxsize = crate::repr_of(&self.maxsize);
        out.push_str(&format!("CacheInfo(hits={hits}, misses={misses}, maxsize={maxsize}, currsize={currsize})"));
    }
    fn equals(&self, other: &Self) -> bool {
        (self.hits, self.misses, self.maxsize, self.currsize)
            == (other.hits, other.misses, other.maxsize, other.currsize)
    }
    fn hash(&self) -> u64 {
        (self.hits, self.misses, self.maxsize, self.currsize).hash()
    }
    fn type_name(&self) -> &'static str {
        "CacheInfo"
    }
}

/// Results of a function by its arguments, the last used ones kept.
pub struct LruCache<K, V> {
    /// Results, the one that was used longest ago first.
    pub results: Dict<K, V>,
    /// The most results kept; none for all.
    pub maxsize: Option<i64>,
    /// Calls that found their result.
    pub hits: Cell<i64>,
    /// Calls that did not.
    pub misses: Cell<i64>,
}

impl<K: Object + Clone + 'static, V: Clone> LruCache<K, V> {
    /// An empty store.
    pub fn new(maxsize: Option<i64>) -> Self {
        let maxsize = maxsize.map(|maxsize| maxsize.max(0));
        LruCache { results: Dict::new(), maxsize, hits: Cell::new(0), misses: Cell::new(0) }
    }

    /// The result for arguments, if it is kept.
    pub fn get(&self, key: &K) -> Option<V> {
        let Some(found) = self.results.get(key) else {
            self.misses.set(self.misses.get() + 1);
            return None;
        };
        self.hits.set(self.hits.get() + 1);
        if self.maxsize.is_some() {
            // The key is there, so moving it cannot fail.
            let _ = self.results.move_to_end(key, true);
        }
        Some(found)
    }

    /// Keep a result.
    pub fn put(&self, key: K, value: V) {
        if self.maxsize == Some(0) || self.results.contains(&key) {
            return;
        }
        if self.maxsize.is_some_and(|maxsize| self.results.len() >= maxsize) {
            let _ = self.results.pop_first();
        }
        self.results.set_item(key, value);
    }

    /// `function.cache_clear()`.
    pub fn cache_clear(&self) {
        self.results.clear();
        self.hits.set(0);
        self.misses.set(0);
    }

    /// `function.cache_info()`.
    pub fn cache_info(&self) -> CacheInfo {
        let (hits, misses) = (self.hits.get(), self.misses.get());
        CacheInfo { hits, misses, maxsize: self.maxsize, currsize: self.results.len() }
    }
}
