//! `collections.Counter` and `OrderedDict` on `Dict`: what they do beyond a dict.
//!
//! All on `&Dict<K, i64>`: `counter_of(Iter<K>) -> Result<Dict<K, i64>, Exc>`, `counter_get(counts, &K) -> i64` (0 where
//! missing), `counter_most_common(counts, n: Option<i64>) -> List<(K, i64)>`, `counter_update(counts, Iter<K>)`,
//! `counter_update_counts(counts, other)`, `counter_subtract(counts, Iter<K>)`, `counter_subtract_counts`,
//! `counter_elements(counts) -> Iter<K>`, `counter_total(counts) -> i64`, `counter_add counter_sub counter_and counter_or
//! (a, b) -> Dict<K, i64>`, `counter_positive(counts)`, `counter_negative(counts)`, `counter_equals(a, b) -> bool`,
//! `counter_within(a, b) -> bool` (`a <= b`), `counter_repr(counts) -> Str`; `ordered_repr(&Dict<K, V>) -> Str`,
//! `ordered_equals(a, b) -> bool` (the order counts), `default_repr(factory: &str, &Dict<K, V>) -> Str`.

use crate::{repr, repr_of, Dict, Exc, Iter, List, Object, Str};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// `Counter(items)`.
pub fn counter_of<K: Object + Clone + 'static>(items: Iter<K>) -> Result<Dict<K, i64>, Exc> {
    let counts = Dict::new();
    counter_update(&counts, items)?;
    Ok(counts)
}

/// `counts[key]`.
pub fn counter_get<K: Object>(counts: &Dict<K, i64>, key: &K) -> i64 {
    counts.get_or(key, 0)
}

/// `counts.update(items)`.
pub fn counter_update<K: Object + Clone + 'static>(counts: &Dict<K, i64>, items: Iter<K>) -> Result<(), Exc> {
    while let Some(item) = items.step()? {
        *counts.entry_or(item, || 0) += 1;
    }
    Ok(())
}

/// `counts.update(other)` of another counter.
pub fn counter_update_counts<K: Object + Clone>(counts: &Dict<K, i64>, other: &Dict<K, i64>) {
    for (key, count) in other.copy().items() {
        *counts.entry_or(key, || 0) += count;
    }
}

/// `counts.subtract(items)`.
pub fn counter_subtract<K: Object + Clone + 'static>(counts: &Dict<K, i64>, items: Iter<K>) -> Result<(), Exc> {
    while let Some(item) = items.step()? {
        *counts.entry_or(item, || 0) -= 1;
    }
    Ok(())
}

/// `counts.subtract(other)` of another counter.
pub fn counter_subtract_counts<K: Object + Clone>(counts: &Dict<K, i64>, other: &Dict<K, i64>) {
    for (key, count) in other.copy().items() {
        *counts.entry_or(key, || 0) -= count;
    }
}

/// `counts.most_common(n)`.
pub fn counter_most_common<K: Object + Clone>(counts: &Dict<K, i64>, n: Option<i64>) -> List<(K, i64)> {
    let mut items: Vec<(K, i64)> = counts.items().collect();
    items.sort_by_key(|(_, count)| core::cmp::Reverse(*count));
    if let Some(n) = n {
        items.truncate(n.max(0) as usize);
    }
    List::from(items)
}

/// `counts.elements()`.
pub fn counter_elements<K: Object + Clone + 'static>(counts: &Dict<K, i64>) -> Iter<K> {
    let each = |(key, count): (K, i64)| core::iter::repeat_n(key, count.max(0) as usize);
    Iter::infallible(counts.items().flat_map(each))
}

/// `counts.total()`.
pub fn counter_total<K: Object>(counts: &Dict<K, i64>) -> i64 {
    counts.values().sum()
}

/// The positive counts that a function makes of both counters.
pub fn counter_combine<K: Object + Clone>(
    a: &Dict<K, i64>,
    b: &Dict<K, i64>,
    combine: fn(i64, i64) -> i64,
) -> Dict<K, i64> {
    let both = Dict::new();
    for (key, count) in a.items() {
        let combined = combine(count, counter_get(b, &key));
        if combined > 0 {
            both.set_item(key, combined);
        }
    }
    for (key, count) in b.items() {
        let combined = combine(0, count);
        if !a.contains(&key) && combined > 0 {
            both.set_item(key, combined);
        }
    }
    both
}

/// `a + b`.
pub fn counter_add<K: Object + Clone>(a: &Dict<K, i64>, b: &Dict<K, i64>) -> Dict<K, i64> {
    counter_combine(a, b, |x, y| x + y)
}

/// `a - b`.
pub fn counter_sub<K: Object + Clone>(a: &Dict<K, i64>, b: &Dict<K, i64>) -> Dict<K, i64> {
    counter_combine(a, b, |x, y| x - y)
}

/// `a & b`.
pub fn counter_and<K: Object + Clone>(a: &Dict<K, i64>, b: &Dict<K, i64>) -> Dict<K, i64> {
    counter_combine(a, b, i64::min)
}

/// `a | b`.
pub fn counter_or<K: Object + Clone>(a: &Dict<K, i64>, b: &Dict<K, i64>) -> Dict<K, i64> {
    counter_combine(a, b, i64::max)
}

/// `+counts`.
pub fn counter_positive<K: Object + Clone>(counts: &Dict<K, i64>) -> Dict<K, i64> {
    counts.items().filter(|(_, count)| *count > 0).collect()
}

/// `-counts`.
pub fn counter_negative<K: Object + Clone>(counts: &Dict<K, i64>) -> Dict<K, i64> {
    counts.items().filter(|(_, count)| *count < 0).map(|(key, count)| (key, -count)).collect()
}

/// `a == b`: what is missing counts as 0.
pub fn counter_equals<K: Object + Clone>(a: &Dict<K, i64>, b: &Dict<K, i64>) -> bool {
    let same = |(key, _): (K, i64)| counter_get(a, &key) == counter_get(b, &key);
    a.items().all(same) && b.items().all(same)
}

/// `a <= b`.
pub fn counter_within<K: Object + Clone>(a: &Dict<K, i64>, b: &Dict<K, i64>) -> bool {
    let within = |(key, _): (K, i64)| counter_get(a, &key) <= counter_get(b, &key);
    a.items().all(within) && b.items().all(within)
}

/// `repr(counts)`.
pub fn counter_repr<K: Object + Clone>(counts: &Dict<K, i64>) -> Str {
    if counts.is_empty() {
        return Str::literal("Counter()");
    }
    let sorted: Dict<K, i64> = counter_most_common(counts, None).iter().collect();
    Str::from(format!("Counter({})", repr(&sorted)))
}

/// `repr` of an `OrderedDict`.
pub fn ordered_repr<K: Object + Clone, V: Object + Clone>(items: &Dict<K, V>) -> Str {
    if items.is_empty() {
        return Str::literal("OrderedDict()");
    }
    let pairs: List<(K, V)> = items.items().collect();
    Str::from(format!("OrderedDict({})", repr(&pairs)))
}

/// `==` of two `OrderedDict`s.
pub fn ordered_equals<K: Object + Clone, V: Object + Clone>(a: &Dict<K, V>, b: &Dict<K, V>) -> bool {
    a.len() == b.len() && a.items().zip(b.items()).all(|(one, other)| one.equals(&other))
}

/// `repr` of a `defaultdict`; `factory` is the repr of its function, as `<class 'int'>`.
pub fn default_repr<K: Object, V: Object>(factory: &str, items: &Dict<K, V>) -> Str {
    let mut out = String::from("defaultdict(");
    out.push_str(factory);
    out.push_str(", ");
    out.push_str(&repr_of(items));
    out.push(')');
    Str::from(out)
}
