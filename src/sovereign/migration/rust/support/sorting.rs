//! Sorting and choosing: `List::sort(reverse)`, `sort_by_key(reverse, key)?`, `sort_by_compare(reverse, compare)?`, `sorted(items,
//! reverse)`, `sorted_by_key(items, reverse, key)?`, `min_of(items)?`, `max_of`, `min_or(items, default)`, `max_or`,
//! `min_by_key(items, key)?`, `max_by_key`. All are stable and ask `<` alone.

use crate::{Exc, List, Ordered, TYPE_ERROR, VALUE_ERROR};
use alloc::format;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// Whether `max(*xs)` has arguments to choose from, of a type that is itself no iterable.
pub fn count_spread(name: &str, count: i64, kind: &str) -> Result<(), Exc> {
    match count {
        0 => Err(Exc::new(&TYPE_ERROR, format!("{name} expected at least 1 argument, got 0"))),
        1 => Err(Exc::new(&TYPE_ERROR, format!("'{kind}' object is not iterable"))),
        _ => Ok(()),
    }
}

/// Sort in place; equal items keep their order, in reverse too.
pub fn sort_items<T: Ordered>(items: &mut [T], reverse: bool) {
    if !items.iter().all(Ordered::is_total) {
        // Rust's sort may panic where `<` contradicts itself, as with NaN.
        merge_sort(items, &mut |a, b| if reverse { b.less(a) } else { a.less(b) });
    } else if reverse {
        items.sort_by(|a, b| b.compare(a).unwrap_or(Ordering::Equal));
    } else {
        items.sort_by(|a, b| a.compare(b).unwrap_or(Ordering::Equal));
    }
}

/// A stable sort that bears any `less`: insertion in short runs, then merges.
pub fn merge_sort<T>(items: &mut [T], less: &mut impl FnMut(&T, &T) -> bool) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    for run in order.chunks_mut(SHORT_RUN) {
        for at in 1..run.len() {
            let mut place = at;
            while place > 0 && less(&items[run[place]], &items[run[place - 1]]) {
                run.swap(place, place - 1);
                place -= 1;
            }
        }
    }
    let mut width = SHORT_RUN;
    let mut merged = Vec::with_capacity(order.len());
    while width < order.len() {
        merged.clear();
        for pair in order.chunks(width * 2) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            merge_runs(items, left, right, less, &mut merged);
        }
        core::mem::swap(&mut order, &mut merged);
        width *= 2;
    }
    permute(items, order);
}

/// Items of a run that is sorted by insertion.
pub const SHORT_RUN: usize = 12;

/// Append two sorted runs of positions in order.
pub fn merge_runs<T>(
    items: &[T],
    left: &[usize],
    right: &[usize],
    less: &mut impl FnMut(&T, &T) -> bool,
    out: &mut Vec<usize>,
) {
    let (mut left, mut right) = (left, right);
    while let ([first, left_rest @ ..], [second, right_rest @ ..]) = (left, right) {
        if less(&items[*second], &items[*first]) {
            out.push(*second);
            right = right_rest;
        } else {
            out.push(*first);
            left = left_rest;
        }
    }
    out.extend_from_slice(left);
    out.extend_from_slice(right);
}

/// Bring each item to its place: place `at` gets the item that stood at `order[at]`.
pub fn permute<T>(items: &mut [T], order: Vec<usize>) {
    let mut order = order;
    for start in 0..order.len() {
        let mut at = start;
        while order[at] != start {
            let next = order[at];
            items.swap(at, next);
            order[at] = at;
            at = next;
        }
        order[at] = at;
    }
}

impl<T: Ordered> List<T> {
    /// `self.sort(reverse=reverse)`.
    pub fn sort(&self, reverse: bool) {
        // Out of the list meanwhile, as in CPython: a program's own `<` may look at it.
        let mut items = core::mem::take(&mut *self.borrow_mut());
        sort_items(&mut items, reverse);
        *self.borrow_mut() = items;
    }
}

impl<T> List<T> {
    /// `self.sort(key=key, reverse=reverse)`.
    pub fn sort_by_key<K: Ordered>(&self, reverse: bool, key: impl FnMut(&T) -> Result<K, Exc>) -> Result<(), Exc> {
        let mut items = core::mem::take(&mut *self.borrow_mut());
        let sorted = sort_items_by_key(&mut items, reverse, key);
        *self.borrow_mut() = items;
        sorted
    }

    /// `self.sort(key=functools.cmp_to_key(compare), reverse=reverse)`.
    pub fn sort_by_compare(&self, reverse: bool, compare: impl FnMut(&T, &T) -> Result<i64, Exc>) -> Result<(), Exc> {
        let mut compare = compare;
        let mut failure = None;
        let mut items = core::mem::take(&mut *self.borrow_mut());
        merge_sort(&mut items, &mut |a, b| {
            if failure.is_some() {
                return false;
            }
            let compared = if reverse { compare(b, a) } else { compare(a, b) };
            compared.unwrap_or_else(|exc| {
                failure = Some(exc);
                0
            }) < 0
        });
        *self.borrow_mut() = items;
        failure.map_or(Ok(()), Err)
    }
}

/// Sort in place by what `key` makes of each item, once.
pub fn sort_items_by_key<T, K: Ordered>(
    items: &mut [T],
    reverse: bool,
    key: impl FnMut(&T) -> Result<K, Exc>,
) -> Result<(), Exc> {
    let keys = items.iter().map(key).collect::<Result<Vec<K>, Exc>>()?;
    let mut keyed: Vec<Keyed<K>> = keys.into_iter().enumerate().map(|(at, key)| Keyed { key, at }).collect();
    if !keyed.iter().all(|keyed| keyed.key.is_total()) {
        merge_sort(&mut keyed, &mut |a, b| if reverse { b.key.less(&a.key) } else { a.key.less(&b.key) });
    } else if reverse {
        keyed.sort_by(|a, b| b.key.compare(&a.key).unwrap_or(Ordering::Equal));
    } else {
        keyed.sort_by(|a, b| a.key.compare(&b.key).unwrap_or(Ordering::Equal));
    }
    permute(items, keyed.into_iter().map(|keyed| keyed.at).collect());
    Ok(())
}

/// A key, and where its item stands.
pub struct Keyed<K> {
    key: K,
    at: usize,
}

/// `sorted(items, reverse=reverse)`.
pub fn sorted<T: Ordered>(items: impl IntoIterator<Item = T>, reverse: bool) -> List<T> {
    let mut items: Vec<T> = items.into_iter().collect();
    sort_items(&mut items, reverse);
    List::from(items)
}

/// `sorted(items, key=key, reverse=reverse)`.
pub fn sorted_by_key<T, K: Ordered>(
    items: impl IntoIterator<Item = T>,
    reverse: bool,
    key: impl FnMut(&T) -> Result<K, Exc>,
) -> Result<List<T>, Exc> {
    let mut items: Vec<T> = items.into_iter().collect();
    sort_items_by_key(&mut items, reverse, key)?;
    Ok(List::from(items))
}

/// `min() arg is an empty sequence`.
#[cold]
pub fn empty_argument(function: &str) -> Exc {
    Exc::new(&VALUE_ERROR, alloc::format!("{function}() arg is an empty sequence"))
}

/// The smallest item, the first of several.
pub fn least<T: Ordered>(items: impl IntoIterator<Item = T>) -> Option<T> {
    items.into_iter().reduce(|best, item| if item.less(&best) { item } else { best })
}

/// The largest item, the first of several.
pub fn greatest<T: Ordered>(items: impl IntoIterator<Item = T>) -> Option<T> {
    items.into_iter().reduce(|best, item| if best.less(&item) { item } else { best })
}

/// `min(items)`.
pub fn min_of<T: Ordered>(items: impl IntoIterator<Item = T>) -> Result<T, Exc> {
    least(items).ok_or_else(|| empty_argument("min"))
}

/// `max(items)`.
pub fn max_of<T: Ordered>(items: impl IntoIterator<Item = T>) -> Result<T, Exc> {
    greatest(items).ok_or_else(|| empty_argument("max"))
}

/// `min(items, default=default)`.
pub fn min_or<T: Ordered>(items: impl IntoIterator<Item = T>, default: T) -> T {
    least(items).unwrap_or(default)
}

/// `max(items, default=default)`.
pub fn max_or<T: Ordered>(items: impl IntoIterator<Item = T>, default: T) -> T {
    greatest(items).unwrap_or(default)
}

/// The item whose key wins over all before it.
pub fn best_by_key<T, K>(
    items: impl IntoIterator<Item = T>,
    key: impl FnMut(&T) -> Result<K, Exc>,
    wins: impl Fn(&K, &K) -> bool,
) -> Result<Option<T>, Exc> {
    let mut key = key;
    let mut best: Option<(T, K)> = None;
    for item in items {
        let found = key(&item)?;
        if best.as_ref().is_none_or(|(_, held)| wins(&found, held)) {
            best = Some((item, found));
        }
    }
    Ok(best.map(|(item, _)| item))
}

/// `min(items, key=key)`.
pub fn min_by_key<T, K: Ordered>(
    items: impl IntoIterator<Item = T>,
    key: impl FnMut(&T) -> Result<K, Exc>,
) -> Result<T, Exc> {
    best_by_key(items, key, |found, held| found.less(held))?.ok_or_else(|| empty_argument("min"))
}

/// `max(items, key=key)`.
pub fn max_by_key<T, K: Ordered>(
    items: impl IntoIterator<Item = T>,
    key: impl FnMut(&T) -> Result<K, Exc>,
) -> Result<T, Exc> {
    best_by_key(items, key, |found, held| held.less(found))?.ok_or_else(|| empty_argument("max"))
}
