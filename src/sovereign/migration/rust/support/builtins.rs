//! Builtin functions over iterators: `enumerate`, `zip3`, `map_items`, `filter_items`, `sum_ints`,
//! `sum_small`, `sum_floats`, `any_true`, `all_true`, `list_of`, `unpack`, `unpack_rest`. They take anything that is Rust's `IntoIterator`, so `xs.iter()`
//! and `&xs` do. An `Iter` gives results; for it stand `enumerate_each`, `zip_each`, `zip3_each`, `map_each`, `filter_each`,
//! `any_each`, `all_each`, `sum_each` and `list_of`, and with `xs.to_iter()` they make iterators that are kept in variables.

use crate::{Exc, Int, Iter, List, Object, VALUE_ERROR};
use alloc::vec::Vec;

/// `enumerate(items, start)`.
pub fn enumerate<I: IntoIterator>(items: I, start: i64) -> impl Iterator<Item = (i64, I::Item)> {
    let mut number = start - 1;
    items.into_iter().map(move |item| {
        number += 1;
        (number, item)
    })
}

/// `zip(first, second, third)`.
pub fn zip3<A: IntoIterator, B: IntoIterator, C: IntoIterator>(
    first: A,
    second: B,
    third: C,
) -> impl Iterator<Item = (A::Item, B::Item, C::Item)> {
    first.into_iter().zip(second).zip(third).map(|((a, b), c)| (a, b, c))
}

/// `map(function, items)` for a function that may fail.
pub fn map_items<T: 'static, R: 'static, I>(function: impl FnMut(T) -> Result<R, Exc> + 'static, items: I) -> Iter<R>
where
    I: IntoIterator<Item = T>,
    I::IntoIter: 'static,
{
    Iter::fallible(items.into_iter().map(function))
}

/// `filter(function, items)` for a function that may fail.
pub fn filter_items<T: 'static, I>(function: impl FnMut(&T) -> Result<bool, Exc> + 'static, items: I) -> Iter<T>
where
    I: IntoIterator<Item = T>,
    I::IntoIter: 'static,
{
    let mut function = function;
    let mut items = items.into_iter();
    Iter::new(move || {
        for item in items.by_ref() {
            if function(&item)? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    })
}

/// `enumerate(items, start)` as an iterator object.
pub fn enumerate_each<T: 'static>(items: Iter<T>, start: i64) -> Iter<(i64, T)> {
    let mut number = start;
    Iter::new(move || {
        let item = items.step()?;
        number += 1;
        Ok(item.map(|item| (number - 1, item)))
    })
}

/// `zip(first, second)` as an iterator object; the first is asked first, and loses an item when the second ends.
pub fn zip_each<A: 'static, B: 'static>(first: Iter<A>, second: Iter<B>) -> Iter<(A, B)> {
    Iter::new(move || {
        let Some(a) = first.step()? else {
            return Ok(None);
        };
        Ok(second.step()?.map(|b| (a, b)))
    })
}

/// `zip(first, second, third)` as an iterator object.
pub fn zip3_each<A: 'static, B: 'static, C: 'static>(
    first: Iter<A>,
    second: Iter<B>,
    third: Iter<C>,
) -> Iter<(A, B, C)> {
    let pairs = zip_each(first, second);
    Iter::new(move || {
        let Some((a, b)) = pairs.step()? else {
            return Ok(None);
        };
        Ok(third.step()?.map(|c| (a, b, c)))
    })
}

/// `map(function, items)` as an iterator object.
pub fn map_each<T: 'static, R: 'static>(
    function: impl FnMut(T) -> Result<R, Exc> + 'static,
    items: Iter<T>,
) -> Iter<R> {
    let mut function = function;
    Iter::new(move || items.step()?.map(&mut function).transpose())
}

/// `filter(function, items)` as an iterator object.
pub fn filter_each<T: 'static>(function: impl FnMut(&T) -> Result<bool, Exc> + 'static, items: Iter<T>) -> Iter<T> {
    let mut function = function;
    Iter::new(move || {
        while let Some(item) = items.step()? {
            if function(&item)? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    })
}

/// `any(items)`, which asks for no more once one is true.
pub fn any_each<T: Object>(items: impl IntoIterator<Item = Result<T, Exc>>) -> Result<bool, Exc> {
    for item in items {
        if item?.truth() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `all(items)`, which asks for no more once one is false.
pub fn all_each<T: Object>(items: impl IntoIterator<Item = Result<T, Exc>>) -> Result<bool, Exc> {
    for item in items {
        if !item?.truth() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `sum(items, start)`, whatever adds.
pub fn sum_each<T: core::ops::Add<Output = T>>(
    items: impl IntoIterator<Item = Result<T, Exc>>,
    start: T,
) -> Result<T, Exc> {
    items.into_iter().try_fold(start, |sum, item| Ok(sum + item?))
}

/// `sum(items, start)` of integers of any size.
pub fn sum_ints(items: impl IntoIterator<Item = Int>, start: Int) -> Int {
    items.into_iter().fold(start, |sum, item| sum + item)
}

/// `sum(items, start)` of integers of 64 bits, which the sum may leave.
pub fn sum_small(items: impl IntoIterator<Item = i64>, start: i64) -> Int {
    let mut wide = i128::from(start);
    for item in items {
        // 2**64 items of 64 bits fit 128.
        wide += i128::from(item);
    }
    Int::from(wide)
}

/// `sum(items, start)` of floats, one after the other.
pub fn sum_floats(items: impl IntoIterator<Item = f64>, start: f64) -> f64 {
    items.into_iter().fold(start, |sum, item| sum + item)
}

/// `any(items)`.
pub fn any_true<T: Object>(items: impl IntoIterator<Item = T>) -> bool {
    items.into_iter().any(|item| item.truth())
}

/// `all(items)`.
pub fn all_true<T: Object>(items: impl IntoIterator<Item = T>) -> bool {
    items.into_iter().all(|item| item.truth())
}

/// `list(items)` for items that may fail to come.
pub fn list_of<T>(items: impl IntoIterator<Item = Result<T, Exc>>) -> Result<List<T>, Exc> {
    Ok(List::from(items.into_iter().collect::<Result<Vec<T>, Exc>>()?))
}

/// `list(items)` for items that come for sure.
pub fn collect_iter<T>(items: impl IntoIterator<Item = T>) -> List<T> {
    items.into_iter().collect()
}

/// `a, b, c = items`: exactly `N` items.
pub fn unpack<T, const N: usize>(items: impl IntoIterator<Item = T>) -> Result<[T; N], Exc> {
    let mut items = items.into_iter();
    let taken: Vec<T> = items.by_ref().take(N).collect();
    if taken.len() < N {
        let text = alloc::format!("not enough values to unpack (expected {N}, got {})", taken.len());
        return Err(Exc::new(&VALUE_ERROR, text));
    }
    if items.next().is_some() {
        return Err(too_many_values(N));
    }
    taken.try_into().map_err(|_| too_many_values(N))
}

/// `too many values to unpack`.
#[cold]
pub fn too_many_values(expected: usize) -> Exc {
    Exc::new(&VALUE_ERROR, alloc::format!("too many values to unpack (expected {expected})"))
}

/// What stands before a starred name, what it takes, and what stands behind it.
pub type Unpacked<T> = (Vec<T>, List<T>, Vec<T>);

/// `a, *rest, b = items`: at least `before` and `behind` items around the rest.
pub fn unpack_rest<T>(items: impl IntoIterator<Item = T>, before: usize, behind: usize) -> Result<Unpacked<T>, Exc> {
    let mut first: Vec<T> = items.into_iter().collect();
    if first.len() < before + behind {
        let least = before + behind;
        let text = alloc::format!("not enough values to unpack (expected at least {least}, got {})", first.len());
        return Err(Exc::new(&VALUE_ERROR, text));
    }
    let last = first.split_off(first.len() - behind);
    let rest = first.split_off(before);
    Ok((first, List::from(rest), last))
}
