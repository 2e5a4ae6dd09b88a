//! Sorting and choosing where a comparison may raise, in CPython's order of comparisons, so that the same pair raises first:
//! `List::sort_raising(reverse, less)?`, `sort_by_key_raising(reverse, key, less)?`, `sorted_raising(items, reverse, less)?`,
//! `sorted_by_key_raising(items, reverse, key, less)?`, `best_raising(items, wins)?`, `best_by_key_raising(items, key, wins)?`,
//! `first_difference(a, b)` of two sequences; heaps: `heap_push_raising` and others.

use crate::{heap_is_empty, permute, Exc, List, Object};
use alloc::vec::Vec;

/// Below this many items CPython sorts by insertion alone.
pub const SHORT_SORT: usize = 64;

/// Positions of items, in an order that comparisons may refuse to find.
pub struct Sorting<'a, T, L> {
    items: &'a [T],
    order: Vec<usize>,
    less: L,
}

impl<T, L: FnMut(&T, &T) -> Result<bool, Exc>> Sorting<'_, T, L> {
    /// Whether the item at one place of the order comes before that at another.
    pub fn before(&mut self, one: usize, other: usize) -> Result<bool, Exc> {
        (self.less)(&self.items[self.order[one]], &self.items[self.order[other]])
    }

    /// How long the run at `low` is once it ascends.
    pub fn count_run(&mut self, low: usize) -> Result<usize, Exc> {
        let high = self.order.len();
        let mut at = low + 1;
        if at == high {
            return Ok(1);
        }
        let descends = self.before(at, at - 1)?;
        at += 1;
        while at < high && self.before(at, at - 1)? == descends {
            at += 1;
        }
        if descends {
            self.order[low..at].reverse();
        }
        Ok(at - low)
    }

    /// Sort `low..high`, of which `low..start` is sorted, by insertion.
    pub fn insert(&mut self, low: usize, start: usize, high: usize) -> Result<(), Exc> {
        for pivot in start..high {
            let (mut left, mut right) = (low, pivot);
            while left < right {
                let middle = left + (right - left) / 2;
                if self.before(pivot, middle)? {
                    right = middle;
                } else {
                    left = middle + 1;
                }
            }
            self.order[left..=pivot].rotate_right(1);
        }
        Ok(())
    }

    /// Merge two runs that lie side by side.
    pub fn merge(&mut self, low: usize, middle: usize, high: usize) -> Result<(), Exc> {
        let mut merged = Vec::with_capacity(high - low);
        let (mut left, mut right) = (low, middle);
        while left < middle && right < high {
            if self.before(right, left)? {
                merged.push(self.order[right]);
                right += 1;
            } else {
                merged.push(self.order[left]);
                left += 1;
            }
        }
        merged.extend_from_slice(&self.order[left..middle]);
        merged.extend_from_slice(&self.order[right..high]);
        self.order[low..high].copy_from_slice(&merged);
        Ok(())
    }

    /// Sort all of it.
    pub fn run(&mut self) -> Result<(), Exc> {
        let count = self.order.len();
        if count < 2 {
            return Ok(());
        }
        let least = shortest_run(count);
        let mut ends = Vec::new();
        let mut low = 0;
        while low < count {
            let found = self.count_run(low)?;
            let wanted = least.min(count - low).max(found);
            self.insert(low, low + found, low + wanted)?;
            low += wanted;
            ends.push(low);
        }
        while ends.len() > 1 {
            let mut kept = Vec::new();
            let mut start = 0;
            for pair in ends.chunks(2) {
                if let [middle, end] = pair {
                    self.merge(start, *middle, *end)?;
                }
                start = pair[pair.len() - 1];
                kept.push(start);
            }
            ends = kept;
        }
        Ok(())
    }
}

/// How long CPython makes each run of so many items at least.
pub fn shortest_run(count: usize) -> usize {
    let (mut count, mut rest) = (count, 0);
    while count >= SHORT_SORT {
        rest |= count & 1;
        count >>= 1;
    }
    count + rest
}

/// Sort in place; where a comparison raises, the items stay in the order that was reached.
pub fn sort_items_raising<T>(
    items: &mut [T],
    reverse: bool,
    less: impl FnMut(&T, &T) -> Result<bool, Exc>,
) -> Result<(), Exc> {
    if reverse {
        items.reverse();
    }
    let order = (0..items.len()).collect();
    let mut sorting = Sorting { items, order, less };
    let sorted = sorting.run();
    let order = sorting.order;
    permute(items, order);
    if reverse {
        items.reverse();
    }
    sorted
}

/// Sort in place by what `key` makes of each item.
pub fn sort_items_by_key_raising<T, K>(
    items: &mut [T],
    reverse: bool,
    key: impl FnMut(&T) -> Result<K, Exc>,
    less: impl FnMut(&K, &K) -> Result<bool, Exc>,
) -> Result<(), Exc> {
    let mut less = less;
    let keys = items.iter().map(key).collect::<Result<Vec<K>, Exc>>()?;
    let mut keyed: Vec<(usize, K)> = keys.into_iter().enumerate().collect();
    let sorted = sort_items_raising(&mut keyed, reverse, |a, b| less(&a.1, &b.1));
    permute(items, keyed.into_iter().map(|(at, _)| at).collect());
    sorted
}

impl<T> List<T> {
    /// `self.sort(reverse=reverse)`.
    pub fn sort_raising(&self, reverse: bool, less: impl FnMut(&T, &T) -> Result<bool, Exc>) -> Result<(), Exc> {
        let mut items = core::mem::take(&mut *self.borrow_mut());
        let sorted = sort_items_raising(&mut items, reverse, less);
        *self.borrow_mut() = items;
        sorted
    }

    /// `self.sort(key=key, reverse=reverse)`.
    pub fn sort_by_key_raising<K>(
        &self,
        reverse: bool,
        key: impl FnMut(&T) -> Result<K, Exc>,
        less: impl FnMut(&K, &K) -> Result<bool, Exc>,
    ) -> Result<(), Exc> {
        let mut items = core::mem::take(&mut *self.borrow_mut());
        let sorted = sort_items_by_key_raising(&mut items, reverse, key, less);
        *self.borrow_mut() = items;
        sorted
    }
}

/// `sorted(items, reverse=reverse)`.
pub fn sorted_raising<T>(
    items: impl IntoIterator<Item = T>,
    reverse: bool,
    less: impl FnMut(&T, &T) -> Result<bool, Exc>,
) -> Result<List<T>, Exc> {
    let mut items: Vec<T> = items.into_iter().collect();
    sort_items_raising(&mut items, reverse, less)?;
    Ok(List::from(items))
}

/// `sorted(items, key=key, reverse=reverse)`.
pub fn sorted_by_key_raising<T, K>(
    items: impl IntoIterator<Item = T>,
    reverse: bool,
    key: impl FnMut(&T) -> Result<K, Exc>,
    less: impl FnMut(&K, &K) -> Result<bool, Exc>,
) -> Result<List<T>, Exc> {
    let mut items: Vec<T> = items.into_iter().collect();
    sort_items_by_key_raising(&mut items, reverse, key, less)?;
    Ok(List::from(items))
}

/// The item that wins over all before it.
pub fn best_raising<T>(
    items: impl IntoIterator<Item = T>,
    wins: impl FnMut(&T, &T) -> Result<bool, Exc>,
) -> Result<Option<T>, Exc> {
    let mut wins = wins;
    let mut best: Option<T> = None;
    for item in items {
        let better = match &best {
            Some(held) => wins(&item, held)?,
            None => true,
        };
        if better {
            best = Some(item);
        }
    }
    Ok(best)
}

/// The item whose key wins over all before it.
pub fn best_by_key_raising<T, K>(
    items: impl IntoIterator<Item = T>,
    key: impl FnMut(&T) -> Result<K, Exc>,
    wins: impl FnMut(&K, &K) -> Result<bool, Exc>,
) -> Result<Option<T>, Exc> {
    let (mut key, mut wins) = (key, wins);
    let mut best: Option<(T, K)> = None;
    for item in items {
        let found = key(&item)?;
        let better = match &best {
            Some((_, held)) => wins(&found, held)?,
            None => true,
        };
        if better {
            best = Some((item, found));
        }
    }
    Ok(best.map(|(item, _)| item))
}

/// The first pair of items that differ; none where one sequence begins with the other.
pub fn first_difference<T: Object + Clone>(a: &[T], b: &[T]) -> Option<(T, T)> {
    a.iter().zip(b).find(|(a, b)| !a.equals(b)).map(|(a, b)| (a.clone(), b.clone()))
}

/// The item at `place` moves towards the root, down to `start`.
pub fn heap_rise_raising<T>(
    items: &mut [T],
    start: usize,
    place: usize,
    less: &mut impl FnMut(&T, &T) -> Result<bool, Exc>,
) -> Result<(), Exc> {
    let mut place = place;
    while place > start {
        let parent = (place - 1) / 2;
        if !less(&items[place], &items[parent])? {
            break;
        }
        items.swap(place, parent);
        place = parent;
    }
    Ok(())
}

/// The item at `place` moves to a leaf along its smaller children, then up to where it belongs.
pub fn heap_sink_raising<T>(
    items: &mut [T],
    place: usize,
    less: &mut impl FnMut(&T, &T) -> Result<bool, Exc>,
) -> Result<(), Exc> {
    let start = place;
    let mut place = place;
    while place < items.len() / 2 {
        let left = 2 * place + 1;
        let right = left + 1;
        let child = if right < items.len() && !less(&items[left], &items[right])? { right } else { left };
        items.swap(place, child);
        place = child;
    }
    heap_rise_raising(items, start, place, less)
}

/// `heapq.heapify`.
pub fn heapq_heapify_raising<T>(heap: &List<T>, less: impl FnMut(&T, &T) -> Result<bool, Exc>) -> Result<(), Exc> {
    let mut less = less;
    heap.apart(|items| {
        for place in (0..items.len() / 2).rev() {
            heap_sink_raising(items, place, &mut less)?;
        }
        Ok(())
    })
}

/// `heapq.heappush`.
pub fn heapq_heappush_raising<T>(
    heap: &List<T>,
    item: T,
    less: impl FnMut(&T, &T) -> Result<bool, Exc>,
) -> Result<(), Exc> {
    let mut less = less;
    heap.apart(|items| {
        items.push(item);
        let last = items.len() - 1;
        heap_rise_raising(items, 0, last, &mut less)
    })
}

/// `heapq.heappop`.
pub fn heapq_heappop_raising<T>(heap: &List<T>, less: impl FnMut(&T, &T) -> Result<bool, Exc>) -> Result<T, Exc> {
    let mut less = less;
    heap.apart(|items| {
        let last = items.pop().ok_or_else(heap_is_empty)?;
        if items.is_empty() {
            return Ok(last);
        }
        let least = core::mem::replace(&mut items[0], last);
        heap_sink_raising(items, 0, &mut less)?;
        Ok(least)
    })
}

/// `heapq.heapreplace`.
pub fn heapq_heapreplace_raising<T>(
    heap: &List<T>,
    item: T,
    less: impl FnMut(&T, &T) -> Result<bool, Exc>,
) -> Result<T, Exc> {
    let mut less = less;
    heap.apart(|items| {
        let root = items.first_mut().ok_or_else(heap_is_empty)?;
        let least = core::mem::replace(root, item);
        heap_sink_raising(items, 0, &mut less)?;
        Ok(least)
    })
}

/// `heapq.heappushpop`.
pub fn heapq_heappushpop_raising<T>(
    heap: &List<T>,
    item: T,
    less: impl FnMut(&T, &T) -> Result<bool, Exc>,
) -> Result<T, Exc> {
    let mut less = less;
    heap.apart(|items| {
        let Some(root) = items.first_mut() else { return Ok(item) };
        if !less(root, &item)? {
            return Ok(item);
        }
        let least = core::mem::replace(root, item);
        heap_sink_raising(items, 0, &mut less)?;
        Ok(least)
    })
}
