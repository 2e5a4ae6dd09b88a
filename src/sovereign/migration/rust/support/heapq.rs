//! `heapq` and `bisect` on lists, with CPython's order of items to the last.
//!
//! `heapq_heapify(&List<T>)`, `heapq_heappush(&List<T>, T)`, `heapq_heappop(&List<T>) -> Result<T, Exc>`,
//! `heapq_heapreplace(&List<T>, T) -> Result<T, Exc>`, `heapq_heappushpop(&List<T>, T) -> T`,
//! `heapq_nlargest(n, items: Iter<T>) -> Result<List<T>, Exc>`, `heapq_nsmallest`, both `_by(n, items, key)` too,
//! `heapq_merge(Vec<Iter<T>>, reverse) -> Iter<T>`;
//! `bisect_left(&List<T>, &T, lo: i64, hi: Option<i64>) -> Result<i64, Exc>`, `bisect_right` (also `bisect`),
//! `bisect_insort_left(&List<T>, T, lo, hi) -> Result<(), Exc>`, `bisect_insort_right` (also `insort`),
//! `bisect_left_by`, `bisect_right_by` with a key function.

use crate::{Exc, Iter, List, Ordered, INDEX_ERROR, VALUE_ERROR};
use alloc::vec::Vec;

/// Move the item at `place` towards the root, down to `start`.
pub fn heap_rise<T: Ordered>(items: &mut [T], start: usize, place: usize) {
    let mut place = place;
    while place > start {
        let parent = (place - 1) / 2;
        if !items[place].less(&items[parent]) {
            break;
        }
        items.swap(place, parent);
        place = parent;
    }
}

/// Move the item at `place` to a leaf along its smaller children, then up to where it belongs.
pub fn heap_sink<T: Ordered>(items: &mut [T], place: usize) {
    let start = place;
    let mut place = place;
    while place < items.len() / 2 {
        let left = 2 * place + 1;
        let right = left + 1;
        let child = if right < items.len() && !items[left].less(&items[right]) { right } else { left };
        items.swap(place, child);
        place = child;
    }
    heap_rise(items, start, place);
}

/// The error of an empty heap.
pub fn heap_is_empty() -> Exc {
    Exc::new(&INDEX_ERROR, "index out of range")
}

/// `heapq.heapify`.
pub fn heapq_heapify<T: Ordered>(heap: &List<T>) {
    heap.apart(|items| {
        for place in (0..items.len() / 2).rev() {
            heap_sink(items, place);
        }
    });
}

/// `heapq.heappush`.
pub fn heapq_heappush<T: Ordered>(heap: &List<T>, item: T) {
    heap.apart(|items| {
        items.push(item);
        let last = items.len() - 1;
        heap_rise(items, 0, last);
    });
}

/// `heapq.heappop`.
pub fn heapq_heappop<T: Ordered>(heap: &List<T>) -> Result<T, Exc> {
    heap.apart(|items| {
        let last = items.pop().ok_or_else(heap_is_empty)?;
        if items.is_empty() {
            return Ok(last);
        }
        let least = core::mem::replace(&mut items[0], last);
        heap_sink(items, 0);
        Ok(least)
    })
}

/// `heapq.heapreplace`.
pub fn heapq_heapreplace<T: Ordered>(heap: &List<T>, item: T) -> Result<T, Exc> {
    heap.apart(|items| {
        let root = items.first_mut().ok_or_else(heap_is_empty)?;
        let least = core::mem::replace(root, item);
        heap_sink(items, 0);
        Ok(least)
    })
}

/// `heapq.heappushpop`.
pub fn heapq_heappushpop<T: Ordered>(heap: &List<T>, item: T) -> T {
    heap.apart(|items| match items.first_mut() {
        Some(root) if root.less(&item) => {
            let least = core::mem::replace(root, item);
            heap_sink(items, 0);
            least
        }
        _ => item,
    })
}

/// Sort stably by what comes before what.
pub fn sort_stably<T>(items: Vec<T>, before: &mut dyn FnMut(&T, &T) -> bool) -> Vec<T> {
    if items.len() < 2 {
        return items;
    }
    let mut left = items;
    let right = left.split_off(left.len() / 2);
    let mut left = sort_stably(left, before).into_iter().peekable();
    let mut right = sort_stably(right, before).into_iter().peekable();
    let mut merged = Vec::with_capacity(left.len() + right.len());
    while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
        let next = if before(second, first) { right.next() } else { left.next() };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

/// The first `n` of all items by a key, smallest or largest first.
pub fn heapq_first_by<T: 'static, K: Ordered>(
    n: i64,
    items: Iter<T>,
    mut key: impl FnMut(&T) -> Result<K, Exc>,
    largest: bool,
) -> Result<List<T>, Exc> {
    let mut keyed = Vec::new();
    while let Some(item) = items.step()? {
        keyed.push((key(&item)?, item));
    }
    let mut before = |a: &(K, T), b: &(K, T)| if largest { b.0.less(&a.0) } else { a.0.less(&b.0) };
    let sorted = sort_stably(keyed, &mut before);
    Ok(sorted.into_iter().take(n.max(0) as usize).map(|(_, item)| item).collect())
}

/// `heapq.nlargest` with a key.
pub fn heapq_nlargest_by<T: 'static, K: Ordered>(
    n: i64,
    items: Iter<T>,
    key: impl FnMut(&T) -> Result<K, Exc>,
) -> Result<List<T>, Exc> {
    heapq_first_by(n, items, key, true)
}

/// `heapq.nsmallest` with a key.
pub fn heapq_nsmallest_by<T: 'static, K: Ordered>(
    n: i64,
    items: Iter<T>,
    key: impl FnMut(&T) -> Result<K, Exc>,
) -> Result<List<T>, Exc> {
    heapq_first_by(n, items, key, false)
}

/// `heapq.nlargest`.
pub fn heapq_nlargest<T: Ordered + Clone + 'static>(n: i64, items: Iter<T>) -> Result<List<T>, Exc> {
    heapq_first_by(n, items, |item| Ok(item.clone()), true)
}

/// `heapq.nsmallest`.
pub fn heapq_nsmallest<T: Ordered + Clone + 'static>(n: i64, items: Iter<T>) -> Result<List<T>, Exc> {
    heapq_first_by(n, items, |item| Ok(item.clone()), false)
}

/// `heapq.merge`.
pub fn heapq_merge<T: Ordered + 'static>(parts: Vec<Iter<T>>, reverse: bool) -> Iter<T> {
    let mut heads: Option<Vec<(T, Iter<T>)>> = None;
    let mut parts = parts;
    Iter::new(move || {
        if heads.is_none() {
            let mut first = Vec::new();
            for part in parts.drain(..) {
                if let Some(item) = part.step()? {
                    first.push((item, part));
                }
            }
            heads = Some(first);
        }
        let Some(heads) = heads.as_mut() else { return Ok(None) };
        let mut best = 0;
        for place in 1..heads.len() {
            let (one, other) = (&heads[place].0, &heads[best].0);
            if if reverse { other.less(one) } else { one.less(other) } {
                best = place;
            }
        }
        if heads.is_empty() {
            return Ok(None);
        }
        let item = match heads[best].1.step()? {
            Some(next) => core::mem::replace(&mut heads[best].0, next),
            None => heads.remove(best).0,
        };
        Ok(Some(item))
    })
}

/// The place that halving finds: the first in `lo..hi` whose item does not pass.
pub fn bisect_where(
    length: i64,
    lo: i64,
    hi: Option<i64>,
    mut passes: impl FnMut(i64) -> Result<bool, Exc>,
) -> Result<i64, Exc> {
    if lo < 0 {
        return Err(Exc::new(&VALUE_ERROR, "lo must be non-negative"));
    }
    let (mut low, mut high) = (lo, hi.filter(|hi| *hi >= 0).unwrap_or(length));
    while low < high {
        let middle = low + (high - low) / 2;
        if passes(middle)? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// The place of `bisect` in a list whose items are tested by the caller.
pub fn bisect_passing<T: Clone>(
    items: &List<T>,
    lo: i64,
    hi: Option<i64>,
    passes: impl FnMut(T) -> Result<bool, Exc>,
) -> Result<i64, Exc> {
    let mut passes = passes;
    bisect_where(items.len(), lo, hi, |place| passes(items.item(place)?))
}

/// `bisect.bisect_left`.
pub fn bisect_left<T: Ordered + Clone>(items: &List<T>, x: &T, lo: i64, hi: Option<i64>) -> Result<i64, Exc> {
    bisect_where(items.len(), lo, hi, |place| Ok(items.item(place)?.less(x)))
}

/// `bisect.bisect_right`.
pub fn bisect_right<T: Ordered + Clone>(items: &List<T>, x: &T, lo: i64, hi: Option<i64>) -> Result<i64, Exc> {
    bisect_where(items.len(), lo, hi, |place| Ok(!x.less(&items.item(place)?)))
}

/// `bisect.bisect_left` with a key.
pub fn bisect_left_by<T: Clone, K: Ordered>(
    items: &List<T>,
    x: &K,
    (lo, hi): (i64, Option<i64>),
    mut key: impl FnMut(T) -> Result<K, Exc>,
) -> Result<i64, Exc> {
    bisect_where(items.len(), lo, hi, |place| Ok(key(items.item(place)?)?.less(x)))
}

/// `bisect.bisect_right` with a key.
pub fn bisect_right_by<T: Clone, K: Ordered>(
    items: &List<T>,
    x: &K,
    (lo, hi): (i64, Option<i64>),
    mut key: impl FnMut(T) -> Result<K, Exc>,
) -> Result<i64, Exc> {
    bisect_where(items.len(), lo, hi, |place| Ok(!x.less(&key(items.item(place)?)?)))
}

/// `bisect.insort_left`.
pub fn bisect_insort_left<T: Ordered + Clone>(items: &List<T>, x: T, lo: i64, hi: Option<i64>) -> Result<(), Exc> {
    items.insert(bisect_left(items, &x, lo, hi)?, x);
    Ok(())
}

/// `bisect.insort_right`.
pub fn bisect_insort_right<T: Ordered + Clone>(items: &List<T>, x: T, lo: i64, hi: Option<i64>) -> Result<(), Exc> {
    items.insert(bisect_right(items, &x, lo, hi)?, x);
    Ok(())
}
