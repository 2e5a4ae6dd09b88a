//! `itertools`: every function takes iterators (`Iter<T>`) and gives one.
//!
//! `itertools_accumulate(items, add: FnMut(T, T) -> Result<T, Exc>, initial: Option<T>)`, `itertools_chain(Vec<Iter<T>>)`,
//! `itertools_chain_from(Iter<Iter<T>>)`, `itertools_combinations::<T, R>(items, r) -> Result<Iter<R>, Exc>` and so
//! `_combinations_with_replacement`, `_permutations(items, r: Option<i64>)`, `_product_repeat(Vec<Iter<T>>, repeat)`, where
//! R is a tuple of as many T, a `Seq<T>` or a `List<T>`; `itertools_product2(a, b) -> Result<Iter<(A, B)>, Exc>`, `_product3`;
//! `itertools_compress(items, selectors)`, `_count(start: i64, step: i64)`, `_count_float(start, step)`, `_cycle(items)`,
//! `_dropwhile(test, items)`, `_filterfalse(test, items)`, `_takewhile(test, items)` with test `FnMut(T) -> Result<bool,
//! Exc>`, `_groupby(items, key: FnMut(T) -> Result<K, Exc>) -> Iter<(K, Iter<T>)>`, `_islice(items, start, stop:
//! Option<i64>, step) -> Result<Iter<T>, Exc>`, `_pairwise(items) -> Iter<(T, T)>`, `_repeat(value, times: Option<i64>)`,
//! `_starmap(function: FnMut(A) -> Result<R, Exc>, items)`, `_tee(items, n) -> Result<Vec<Iter<T>>, Exc>`,
//! `_zip_longest2(a, b, fill_a, fill_b) -> Iter<(A, B)>`, `_zip_longest3`.

use crate::{Exc, Iter, List, Object, VALUE_ERROR};
use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

/// What a row of items becomes: a tuple of as many, or a list.
pub trait FromItems<T>: Sized {
    /// A row out of items.
    fn from_items(items: Vec<T>) -> Self;
}

impl<T> FromItems<T> for List<T> {
    fn from_items(items: Vec<T>) -> Self {
        List::from(items)
    }
}

impl<T> FromItems<T> for Vec<T> {
    fn from_items(items: Vec<T>) -> Self {
        items
    }
}

/// The next of items that are known to be enough.
pub fn next_of<T>(items: &mut impl Iterator<Item = T>) -> T {
    match items.next() {
        Some(item) => item,
        None => unreachable!("a row has as many items as its tuple"),
    }
}

/// `FromItems` for tuples of one length.
macro_rules! from_items {
    ($($item:ident)+; $($type:ident)+) => {
        impl<T> FromItems<T> for ($($type,)+) {
            fn from_items(items: Vec<T>) -> Self {
                let mut items = items.into_iter();
                $(let $item = next_of(&mut items);)+
                ($($item,)+)
            }
        }
    };
}

from_items!(a; T);
from_items!(a b; T T);
from_items!(a b c; T T T);
from_items!(a b c d; T T T T);
from_items!(a b c d e; T T T T T);
from_items!(a b c d e f; T T T T T T);
from_items!(a b c d e f g; T T T T T T T);
from_items!(a b c d e f g h; T T T T T T T T);

/// `itertools.accumulate`.
pub fn itertools_accumulate<T: Clone + 'static>(
    items: Iter<T>,
    mut add: impl FnMut(T, T) -> Result<T, Exc> + 'static,
    initial: Option<T>,
) -> Iter<T> {
    let mut total: Option<T> = None;
    let mut initial = initial;
    Iter::new(move || {
        if let Some(first) = initial.take() {
            total = Some(first);
            return Ok(total.clone());
        }
        let Some(item) = items.step()? else { return Ok(None) };
        total = Some(match total.take() {
            Some(before) => add(before, item)?,
            None => item,
        });
        Ok(total.clone())
    })
}

/// `itertools.chain`.
pub fn itertools_chain<T: 'static>(parts: Vec<Iter<T>>) -> Iter<T> {
    itertools_chain_from(Iter::infallible(parts.into_iter()))
}

/// `itertools.chain.from_iterable`.
pub fn itertools_chain_from<T: 'static>(parts: Iter<Iter<T>>) -> Iter<T> {
    let mut current: Option<Iter<T>> = None;
    Iter::new(move || loop {
        if let Some(part) = &current {
            if let Some(item) = part.step()? {
                return Ok(Some(item));
            }
        }
        current = parts.step()?;
        if current.is_none() {
            return Ok(None);
        }
    })
}

/// The error of a negative number of items.
pub fn itertools_negative(name: &str) -> Exc {
    Exc::new(&VALUE_ERROR, alloc::format!("{name} must be non-negative"))
}

/// Rows of a pool, by places that a function moves on from row to row; false ends them.
pub fn itertools_rows<T: Clone + 'static, R: FromItems<T> + 'static>(
    pool: Vec<T>,
    first: Option<Vec<usize>>,
    mut advance: impl FnMut(&mut Vec<usize>) -> bool + 'static,
) -> Iter<R> {
    let mut places = first;
    let mut begun = false;
    Iter::new(move || {
        let Some(row) = places.as_mut() else { return Ok(None) };
        if begun && !advance(row) {
            places = None;
            return Ok(None);
        }
        begun = true;
        Ok(Some(R::from_items(row.iter().map(|place| pool[*place].clone()).collect())))
    })
}

/// `itertools.combinations`.
pub fn itertools_combinations<T: Clone + 'static, R: FromItems<T> + 'static>(
    items: Iter<T>,
    r: i64,
) -> Result<Iter<R>, Exc> {
    let pool = items.list()?.to_vec();
    if r < 0 {
        return Err(itertools_negative("r"));
    }
    let (count, r) = (pool.len(), r as usize);
    let first = (r <= count).then(|| (0..r).collect());
    Ok(itertools_rows(pool, first, move |row| {
        let Some(last) = (0..r).rev().find(|place| row[*place] != place + count - r) else { return false };
        row[last] += 1;
        for place in last + 1..r {
            row[place] = row[place - 1] + 1;
        }
        true
    }))
}

/// `itertools.combinations_with_replacement`.
pub fn itertools_combinations_with_replacement<T: Clone + 'static, R: FromItems<T> + 'static>(
    items: Iter<T>,
    r: i64,
) -> Result<Iter<R>, Exc> {
    let pool = items.list()?.to_vec();
    if r < 0 {
        return Err(itertools_negative("r"));
    }
    let (count, r) = (pool.len(), r as usize);
    let first = (count > 0 || r == 0).then(|| vec![0; r]);
    Ok(itertools_rows(pool, first, move |row| {
        let Some(last) = (0..r).rev().find(|place| row[*place] != count - 1) else { return false };
        let next = row[last] + 1;
        row[last..].fill(next);
        true
    }))
}

/// `itertools.permutations`.
pub fn itertools_permutations<T: Clone + 'static, R: FromItems<T> + 'static>(
    items: Iter<T>,
    r: Option<i64>,
) -> Result<Iter<R>, Exc> {
    let pool = items.list()?.to_vec();
    let count = pool.len();
    let r = r.unwrap_or(count as i64);
    if r < 0 {
        return Err(itertools_negative("r"));
    }
    let r = r as usize;
    let first = (r <= count).then(|| (0..r).collect());
    let mut all: Vec<usize> = (0..count).collect();
    let mut left: Vec<usize> = (0..r.min(count)).map(|place| count - place).collect();
    Ok(itertools_rows(pool, first, move |row| {
        for place in (0..r).rev() {
            left[place] -= 1;
            if left[place] == 0 {
                all[place..].rotate_left(1);
                left[place] = count - place;
                continue;
            }
            let other = count - left[place];
            all.swap(place, other);
            row.copy_from_slice(&all[..r]);
            return true;
        }
        false
    }))
}

/// `itertools.product` of iterators over one type.
pub fn itertools_product_repeat<T: Clone + 'static, R: FromItems<T> + 'static>(
    parts: Vec<Iter<T>>,
    repeat: i64,
) -> Result<Iter<R>, Exc> {
    if repeat < 0 {
        return Err(Exc::new(&VALUE_ERROR, "repeat argument cannot be negative"));
    }
    let mut pools: Vec<Vec<T>> = Vec::new();
    for part in parts {
        pools.push(part.list()?.to_vec());
    }
    let pool: Vec<T> = pools.iter().flatten().cloned().collect();
    // Where each pool begins in the one pool, and where it ends.
    let mut spans = Vec::new();
    let mut start = 0;
    for part in &pools {
        spans.push((start, start + part.len()));
        start += part.len();
    }
    let spans = spans.repeat(repeat as usize);
    let first = spans.iter().all(|(start, end)| start < end).then(|| spans.iter().map(|(start, _)| *start).collect());
    Ok(itertools_rows(pool, first, move |row| {
        for place in (0..row.len()).rev() {
            row[place] += 1;
            if row[place] < spans[place].1 {
                return true;
            }
            row[place] = spans[place].0;
        }
        false
    }))
}

/// `itertools.product` of two iterators.
pub fn itertools_product2<A: Clone + 'static, B: Clone + 'static>(a: Iter<A>, b: Iter<B>) -> Result<Iter<(A, B)>, Exc> {
    let (a, b) = (a.list()?.to_vec(), b.list()?.to_vec());
    Ok(Iter::infallible(
        a.into_iter().flat_map(move |first| b.clone().into_iter().map(move |second| (first.clone(), second))),
    ))
}

/// `itertools.product` of three iterators.
pub fn itertools_product3<A: Clone + 'static, B: Clone + 'static, C: Clone + 'static>(
    a: Iter<A>,
    b: Iter<B>,
    c: Iter<C>,
) -> Result<Iter<(A, B, C)>, Exc> {
    let pairs = itertools_product2(a, b)?;
    let triples = itertools_product2(pairs, c)?;
    Ok(Iter::fallible(triples.map(|item| item.map(|((first, second), third)| (first, second, third)))))
}

/// `itertools.compress`.
pub fn itertools_compress<T: 'static, S: Object + 'static>(items: Iter<T>, selectors: Iter<S>) -> Iter<T> {
    Iter::new(move || loop {
        let Some(item) = items.step()? else { return Ok(None) };
        let Some(selector) = selectors.step()? else { return Ok(None) };
        if selector.truth() {
            return Ok(Some(item));
        }
    })
}

/// `itertools.count` of integers.
pub fn itertools_count(start: i64, step: i64) -> Iter<i64> {
    let mut next = start;
    Iter::new(move || {
        let this = next;
        next = next.wrapping_add(step);
        Ok(Some(this))
    })
}

/// `itertools.count` of floats.
pub fn itertools_count_float(start: f64, step: f64) -> Iter<f64> {
    let mut next = start;
    Iter::new(move || {
        let this = next;
        next += step;
        Ok(Some(this))
    })
}

/// `itertools.cycle`.
pub fn itertools_cycle<T: Clone + 'static>(items: Iter<T>) -> Iter<T> {
    let mut seen: Vec<T> = Vec::new();
    let mut place = None;
    Iter::new(move || {
        if place.is_none() {
            if let Some(item) = items.step()? {
                seen.push(item.clone());
                return Ok(Some(item));
            }
        }
        if seen.is_empty() {
            return Ok(None);
        }
        let now = place.unwrap_or(0);
        place = Some((now + 1) % seen.len());
        Ok(Some(seen[now].clone()))
    })
}

/// `itertools.dropwhile`.
pub fn itertools_dropwhile<T: Clone + 'static>(
    mut test: impl FnMut(T) -> Result<bool, Exc> + 'static,
    items: Iter<T>,
) -> Iter<T> {
    let mut begun = false;
    Iter::new(move || loop {
        let Some(item) = items.step()? else { return Ok(None) };
        if begun || !test(item.clone())? {
            begun = true;
            return Ok(Some(item));
        }
    })
}

/// `itertools.takewhile`.
pub fn itertools_takewhile<T: Clone + 'static>(
    mut test: impl FnMut(T) -> Result<bool, Exc> + 'static,
    items: Iter<T>,
) -> Iter<T> {
    let mut ended = false;
    Iter::new(move || {
        if ended {
            return Ok(None);
        }
        let Some(item) = items.step()? else { return Ok(None) };
        ended = !test(item.clone())?;
        Ok((!ended).then_some(item))
    })
}

/// `itertools.filterfalse`.
pub fn itertools_filterfalse<T: Clone + 'static>(
    mut test: impl FnMut(T) -> Result<bool, Exc> + 'static,
    items: Iter<T>,
) -> Iter<T> {
    Iter::new(move || loop {
        let Some(item) = items.step()? else { return Ok(None) };
        if !test(item.clone())? {
            return Ok(Some(item));
        }
    })
}

/// What the groups of `groupby` share.
pub struct GroupState<T, K> {
    /// The items.
    pub items: Iter<T>,
    /// An item that was read and not given yet, with its key.
    pub waiting: RefCell<Option<(K, T)>>,
    /// The number of the group that is being given.
    pub group: Cell<u64>,
    /// The key of that group.
    pub key: RefCell<Option<K>>,
}

/// `itertools.groupby`; a group ends when the next one is asked for.
pub fn itertools_groupby<T: Clone + 'static, K: Object + Clone + 'static>(
    items: Iter<T>,
    key: impl FnMut(T) -> Result<K, Exc> + 'static,
) -> Iter<(K, Iter<T>)> {
    let key = Rc::new(RefCell::new(key));
    let state: GroupState<T, K> =
        GroupState { items, waiting: RefCell::new(None), group: Cell::new(0), key: RefCell::new(None) };
    let state = Rc::new(state);
    let read = move |state: &GroupState<T, K>| -> Result<bool, Exc> {
        let Some(item) = state.items.step()? else { return Ok(false) };
        let found = (*key.borrow_mut())(item.clone())?;
        state.waiting.replace(Some((found, item)));
        Ok(true)
    };
    let read = Rc::new(read);
    Iter::new(move || {
        state.group.set(state.group.get() + 1);
        loop {
            let same = match (&*state.waiting.borrow(), &*state.key.borrow()) {
                (Some((found, _)), Some(key)) => found.equals(key),
                (None, _) => true,
                _ => false,
            };
            if !same {
                break;
            }
            if !read(&state)? {
                return Ok(None);
            }
        }
        let found = state.waiting.borrow().as_ref().map(|(found, _)| found.clone());
        state.key.replace(found.clone());
        let number = state.group.get();
        let (state, read) = (Rc::clone(&state), Rc::clone(&read));
        let group = Iter::new(move || {
            if state.group.get() != number {
                return Ok(None);
            }
            if state.waiting.borrow().is_none() && !read(&state)? {
                return Ok(None);
            }
            let same = match (&*state.waiting.borrow(), &*state.key.borrow()) {
                (Some((found, _)), Some(key)) => found.equals(key),
                _ => false,
            };
            if !same {
                return Ok(None);
            }
            Ok(state.waiting.take().map(|(_, item)| item))
        });
        Ok(found.map(|found| (found, group)))
    })
}

/// `itertools.islice`.
pub fn itertools_islice<T: 'static>(items: Iter<T>, start: i64, stop: Option<i64>, step: i64) -> Result<Iter<T>, Exc> {
    // CPython takes -1 for a stop that could not be read.
    if stop == Some(-1) {
        let text = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
        return Err(Exc::new(&VALUE_ERROR, text));
    }
    if start < 0 || stop.is_some_and(|stop| stop < 0) {
        let text = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
        return Err(Exc::new(&VALUE_ERROR, text));
    }
    if step < 1 {
        return Err(Exc::new(&VALUE_ERROR, "Step for islice() must be a positive integer or None."));
    }
    let stop = stop.unwrap_or(i64::MAX);
    let (mut seen, mut wanted) = (0i64, start);
    let mut ended = false;
    Ok(Iter::new(move || {
        // What lies before the next item is read, even where the slice ends before it.
        while !ended && seen < wanted {
            ended = items.step()?.is_none();
            seen += 1;
        }
        if ended || seen >= stop {
            ended = true;
            return Ok(None);
        }
        let item = items.step()?;
        ended = item.is_none();
        seen += 1;
        wanted = wanted.saturating_add(step).min(stop);
        Ok(item)
    }))
}

/// `itertools.pairwise`.
pub fn itertools_pairwise<T: Clone + 'static>(items: Iter<T>) -> Iter<(T, T)> {
    let mut last: Option<T> = None;
    Iter::new(move || {
        if last.is_none() {
            last = items.step()?;
        }
        let Some(first) = last.take() else { return Ok(None) };
        let Some(second) = items.step()? else { return Ok(None) };
        last = Some(second.clone());
        Ok(Some((first, second)))
    })
}

/// `itertools.repeat`.
pub fn itertools_repeat<T: Clone + 'static>(value: T, times: Option<i64>) -> Iter<T> {
    let mut left = times;
    Iter::new(move || {
        if let Some(count) = left.as_mut() {
            if *count <= 0 {
                return Ok(None);
            }
            *count -= 1;
        }
        Ok(Some(value.clone()))
    })
}

/// `itertools.starmap`, of a function that takes the row.
pub fn itertools_starmap<A: 'static, R: 'static>(
    mut function: impl FnMut(A) -> Result<R, Exc> + 'static,
    items: Iter<A>,
) -> Iter<R> {
    Iter::new(move || items.step()?.map(&mut function).transpose())
}

/// `itertools.tee`.
pub fn itertools_tee<T: Clone + 'static>(items: Iter<T>, n: i64) -> Result<Vec<Iter<T>>, Exc> {
    if n < 0 {
        return Err(Exc::new(&VALUE_ERROR, "n must be >= 0"));
    }
    let queues: Rc<RefCell<Vec<VecDeque<T>>>> = Rc::new(RefCell::new((0..n).map(|_| VecDeque::new()).collect()));
    let copy = |number: usize| {
        let (items, queues) = (items.clone(), Rc::clone(&queues));
        Iter::new(move || {
            if let Some(item) = queues.borrow_mut()[number].pop_front() {
                return Ok(Some(item));
            }
            let Some(item) = items.step()? else { return Ok(None) };
            for (other, queue) in queues.borrow_mut().iter_mut().enumerate() {
                if other != number {
                    queue.push_back(item.clone());
                }
            }
            Ok(Some(item))
        })
    };
    Ok((0..n as usize).map(copy).collect())
}

/// `itertools.zip_longest` of two iterators.
pub fn itertools_zip_longest2<A: Clone + 'static, B: Clone + 'static>(
    a: Iter<A>,
    b: Iter<B>,
    fill_a: A,
    fill_b: B,
) -> Iter<(A, B)> {
    Iter::new(move || {
        let (first, second) = (a.step()?, b.step()?);
        if first.is_none() && second.is_none() {
            return Ok(None);
        }
        Ok(Some((first.unwrap_or_else(|| fill_a.clone()), second.unwrap_or_else(|| fill_b.clone()))))
    })
}

/// `itertools.zip_longest` of three iterators.
pub fn itertools_zip_longest3<A: Clone + 'static, B: Clone + 'static, C: Clone + 'static>(
    (a, b, c): (Iter<A>, Iter<B>, Iter<C>),
    fill: (A, B, C),
) -> Iter<(A, B, C)> {
    Iter::new(move || {
        let (first, second, third) = (a.step()?, b.step()?, c.step()?);
        if first.is_none() && second.is_none() && third.is_none() {
            return Ok(None);
        }
        let fill = fill.clone();
        Ok(Some((first.unwrap_or(fill.0), second.unwrap_or(fill.1), third.unwrap_or(fill.2))))
    })
}
