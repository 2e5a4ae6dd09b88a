//! A list of a Ruchy program: `Array`, a value that is shared until one of its holders changes it. `Extent` is a range.

use crate::{
    fault, is_ordered, merge_sort, order_items, outside_array, overflow, shown_text, unexpected, Datum, Dyn, Maybe,
    Str, Table,
};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::Deref;

/// A list.
pub struct Array<T>(Rc<Vec<T>>);

impl<T> Clone for Array<T> {
    #[inline]
    fn clone(&self) -> Self {
        Array(self.0.clone())
    }
}

impl<T> Deref for Array<T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> FromIterator<T> for Array<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Array(Rc::new(items.into_iter().collect()))
    }
}

impl<T> Default for Array<T> {
    fn default() -> Self {
        Array::new()
    }
}

impl<T> Array<T> {
    /// The empty list.
    pub fn new() -> Self {
        Array(Rc::new(Vec::new()))
    }

    /// A list of items.
    #[inline]
    pub fn of(items: Vec<T>) -> Self {
        Array(Rc::new(items))
    }

    /// How many items it has.
    #[inline]
    pub fn count(&self) -> i64 {
        self.0.len() as i64
    }

    /// The place of an index, from the end where it is negative.
    #[inline]
    #[track_caller]
    pub fn place(&self, index: i64) -> usize {
        place_among(self.0.len(), index)
    }

    /// The item at an index, to look at.
    #[inline]
    #[track_caller]
    pub fn peek(&self, index: i64) -> &T {
        let place = self.place(index);
        // SAFETY: `place` lies inside of the list.
        unsafe { self.0.get_unchecked(place) }
    }

    /// The items for a loop that only looks at some of them.
    #[inline]
    pub fn sight(&self) -> Sight<'_, T> {
        Sight(&self.0)
    }
}

/// The place of an index among so many items, from the end where it is negative.
#[inline(always)]
#[track_caller]
pub fn place_among(length: usize, index: i64) -> usize {
    if (index as usize) < length {
        return index as usize;
    }
    // No length reaches half of all numbers: what is too large stays so.
    let place = (index as usize).wrapping_add(length);
    if place >= length {
        outside_array()
    }
    place
}

/// The items of a list while a loop looks at some of them.
#[derive(Clone, Copy)]
pub struct Sight<'a, T>(&'a [T]);

impl<T> Sight<'_, T> {
    /// How many there are.
    #[inline(always)]
    pub fn count(&self) -> i64 {
        self.0.len() as i64
    }

    /// The item at an index, to look at.
    #[inline(always)]
    #[track_caller]
    pub fn peek(&self, index: i64) -> &T {
        let place = place_among(self.0.len(), index);
        // SAFETY: `place` lies inside of the list.
        unsafe { self.0.get_unchecked(place) }
    }
}

impl<T: Clone> Sight<'_, T> {
    /// The item at an index.
    #[inline(always)]
    #[track_caller]
    pub fn at(&self, index: i64) -> T {
        self.peek(index).clone()
    }
}

/// The items of a list, nobody else's, while a loop looks at some of them and changes some in their places.
pub struct View<'a, T>(&'a mut [T]);

impl<T> View<'_, T> {
    /// How many there are.
    #[inline(always)]
    pub fn count(&self) -> i64 {
        self.0.len() as i64
    }

    /// The item at an index, to look at.
    #[inline(always)]
    #[track_caller]
    pub fn peek(&self, index: i64) -> &T {
        let place = place_among(self.0.len(), index);
        // SAFETY: `place` lies inside of the list.
        unsafe { self.0.get_unchecked(place) }
    }

    /// The item at an index, to change.
    #[inline(always)]
    #[track_caller]
    pub fn at_mut(&mut self, index: i64) -> &mut T {
        let place = place_among(self.0.len(), index);
        // SAFETY: `place` lies inside of the list.
        unsafe { self.0.get_unchecked_mut(place) }
    }
}

impl<T: Clone> View<'_, T> {
    /// The item at an index.
    #[inline(always)]
    #[track_caller]
    pub fn at(&self, index: i64) -> T {
        self.peek(index).clone()
    }
}

impl<T: Clone> Array<T> {
    /// The items, nobody else's any more.
    #[inline]
    pub fn edit(&mut self) -> &mut Vec<T> {
        Rc::make_mut(&mut self.0)
    }

    /// The items for a loop that changes some of them in their places.
    #[inline]
    pub fn view(&mut self) -> View<'_, T> {
        View(self.edit())
    }

    /// The item at an index.
    #[inline]
    #[track_caller]
    pub fn at(&self, index: i64) -> T {
        self.peek(index).clone()
    }

    /// The item at an index, to change.
    #[inline]
    #[track_caller]
    pub fn at_mut(&mut self, index: i64) -> &mut T {
        let place = self.place(index);
        // SAFETY: `place` lies inside of the list, and what `edit` may copy is as long as before.
        unsafe { self.edit().get_unchecked_mut(place) }
    }

    /// The items themselves.
    pub fn into_vec(self) -> Vec<T> {
        Rc::try_unwrap(self.0).unwrap_or_else(|shared| (*shared).clone())
    }

    /// `[value; count]`.
    #[track_caller]
    pub fn filled(value: T, count: i64) -> Self {
        Array::of(alloc::vec![value; count.max(0) as usize])
    }

    /// `push`.
    #[inline]
    pub fn push(&mut self, item: T) {
        self.edit().push(item);
    }

    /// `push_front`.
    pub fn push_front(&mut self, item: T) {
        self.edit().insert(0, item);
    }

    /// `pop`.
    #[inline]
    pub fn pop(&mut self) -> Maybe<T> {
        if self.0.is_empty() {
            return Maybe(None);
        }
        Maybe(self.edit().pop())
    }

    /// `pop_front`.
    pub fn pop_front(&mut self) -> Maybe<T> {
        if self.0.is_empty() {
            return Maybe(None);
        }
        Maybe(Some(self.edit().remove(0)))
    }

    /// `insert(index, item)`.
    #[track_caller]
    pub fn insert_at(&mut self, index: i64, item: T) {
        if index < 0 || index > self.count() {
            outside_array()
        }
        self.edit().insert(index as usize, item);
    }

    /// `remove(index)`.
    #[track_caller]
    pub fn remove_at(&mut self, index: i64) -> T {
        if index < 0 || index >= self.count() {
            outside_array()
        }
        self.edit().remove(index as usize)
    }

    /// `extend`.
    #[track_caller]
    pub fn extend_with(&mut self, other: &Array<T>) {
        self.edit().extend(other.iter().cloned());
    }

    /// `clear`.
    pub fn clear_all(&mut self) {
        self.0 = Rc::new(Vec::new());
    }

    /// `swap`.
    #[track_caller]
    pub fn swap_items(&mut self, first: i64, second: i64) {
        let (first, second) = (self.place(first), self.place(second));
        self.edit().swap(first, second);
    }

    /// `truncate`.
    pub fn truncate_to(&mut self, count: i64) {
        self.edit().truncate(count.max(0) as usize);
    }

    /// `first`.
    pub fn first_item(&self) -> Maybe<T> {
        Maybe(self.0.first().cloned())
    }

    /// `last`.
    pub fn last_item(&self) -> Maybe<T> {
        Maybe(self.0.last().cloned())
    }

    /// `tail`.
    pub fn tail(&self) -> Self {
        self.iter().skip(1).cloned().collect()
    }

    /// `get`.
    #[track_caller]
    pub fn get_item(&self, index: i64) -> Maybe<T> {
        Maybe(usize::try_from(index).ok().and_then(|place| self.0.get(place).cloned()))
    }

    /// `nth`.
    #[track_caller]
    pub fn nth_item(&self, index: i64) -> Option<T> {
        self.get_item(index).0
    }

    /// `a + b`.
    #[track_caller]
    pub fn joined_with(&self, other: &Array<T>) -> Self {
        let mut items = Vec::with_capacity(self.len() + other.len());
        items.extend(self.iter().cloned());
        items.extend(other.iter().cloned());
        Array::of(items)
    }

    /// `list * count`.
    pub fn repeated(&self, count: i64) -> Self {
        (0..count.max(0)).flat_map(|_| self.iter().cloned()).collect()
    }

    /// `value[start..stop]`.
    #[track_caller]
    pub fn sliced(&self, start: Option<i64>, stop: Option<i64>, is_inclusive: bool) -> Self {
        let (first, last) = slice_ends(self.count(), start, stop, is_inclusive);
        Array::of(self.0[first..last].to_vec())
    }

    /// `slice(start, stop)`: ends outside are cut.
    pub fn part(&self, start: i64, stop: i64) -> Self {
        let length = self.len();
        let first = (start.max(0) as usize).min(length);
        let last = (stop.max(0) as usize).min(length);
        Array::of(if first < last { self.0[first..last].to_vec() } else { Vec::new() })
    }

    /// `take`.
    pub fn take_items(&self, count: i64) -> Self {
        self.part(0, count)
    }

    /// `skip`.
    pub fn skip_items(&self, count: i64) -> Self {
        self.part(count, i64::MAX)
    }

    /// `reverse`.
    pub fn reversed(&self) -> Self {
        self.iter().rev().cloned().collect()
    }

    /// `step_by`.
    #[track_caller]
    pub fn every(&self, step: i64) -> Self {
        if step <= 0 {
            fault("argument", alloc::format!("a step has to be positive: {step}"));
        }
        self.iter().step_by(step as usize).cloned().collect()
    }

    /// `chunks`.
    #[track_caller]
    pub fn chunked(&self, size: i64) -> Array<Array<T>> {
        positive_size(size);
        self.0.chunks(size as usize).map(|part| Array::of(part.to_vec())).collect()
    }

    /// `windows`.
    #[track_caller]
    pub fn windowed(&self, size: i64) -> Array<Array<T>> {
        positive_size(size);
        self.0.windows(size as usize).map(|part| Array::of(part.to_vec())).collect()
    }

    /// `zip`.
    pub fn zipped<U: Clone>(&self, other: &Array<U>) -> Array<(T, U)> {
        self.iter().cloned().zip(other.iter().cloned()).collect()
    }

    /// `enumerate`.
    #[track_caller]
    pub fn numbered(&self) -> Array<(i64, T)> {
        self.iter().enumerate().map(|(place, item)| (place as i64, item.clone())).collect()
    }

    /// `map`.
    pub fn mapped<U>(&self, step: impl FnMut(T) -> U) -> Array<U> {
        self.iter().cloned().map(step).collect()
    }

    /// `each`.
    pub fn each_item<U>(&self, mut step: impl FnMut(T) -> U) {
        for item in self.clone().iter() {
            step(item.clone());
        }
    }

    /// `filter`.
    #[track_caller]
    pub fn filtered(&self, mut test: impl FnMut(T) -> bool) -> Self {
        self.iter().filter(|item| test((*item).clone())).cloned().collect()
    }

    /// `filter_map`.
    pub fn filter_mapped<U>(&self, step: impl FnMut(T) -> Option<U>) -> Array<U> {
        self.iter().cloned().filter_map(step).collect()
    }

    /// `flat_map`.
    pub fn flat_mapped<U: Clone>(&self, mut step: impl FnMut(T) -> Array<U>) -> Array<U> {
        let mut found = Vec::new();
        for item in self.iter() {
            found.extend(step(item.clone()).iter().cloned());
        }
        Array::of(found)
    }

    /// `fold`.
    pub fn folded<U>(&self, start: U, mut step: impl FnMut(U, T) -> U) -> U {
        let mut found = start;
        for item in self.iter() {
            found = step(found, item.clone());
        }
        found
    }

    /// `reduce`.
    pub fn reduced(&self, step: impl FnMut(T, T) -> T) -> Maybe<T> {
        Maybe(self.iter().cloned().reduce(step))
    }

    /// `any`.
    pub fn any_item(&self, test: impl FnMut(T) -> bool) -> bool {
        self.iter().cloned().any(test)
    }

    /// `all`.
    pub fn all_items(&self, test: impl FnMut(T) -> bool) -> bool {
        self.iter().cloned().all(test)
    }

    /// `find`.
    pub fn found(&self, mut test: impl FnMut(T) -> bool) -> Maybe<T> {
        Maybe(self.iter().find(|item| test((*item).clone())).cloned())
    }

    /// `position`.
    pub fn position_of(&self, test: impl FnMut(T) -> bool) -> Option<i64> {
        self.iter().cloned().position(test).map(|place| place as i64)
    }

    /// `count(test)`.
    pub fn count_of(&self, mut test: impl FnMut(T) -> bool) -> i64 {
        self.iter().filter(|item| test((*item).clone())).count() as i64
    }

    /// `take_while`.
    pub fn taken_while(&self, mut test: impl FnMut(T) -> bool) -> Self {
        self.iter().take_while(|item| test((*item).clone())).cloned().collect()
    }

    /// `skip_while`.
    pub fn skipped_while(&self, mut test: impl FnMut(T) -> bool) -> Self {
        self.iter().skip_while(|item| test((*item).clone())).cloned().collect()
    }

    /// `partition`.
    pub fn parted(&self, mut test: impl FnMut(T) -> bool) -> (Self, Self) {
        let (yes, no): (Vec<T>, Vec<T>) = self.iter().cloned().partition(|item| test(item.clone()));
        (Array::of(yes), Array::of(no))
    }
}

impl<T: Clone> Array<Array<T>> {
    /// `flatten`.
    pub fn flattened(&self) -> Array<T> {
        self.iter().flat_map(|inner| inner.iter().cloned()).collect()
    }
}

impl<T: Clone> Array<Option<T>> {
    /// `flatten` of options.
    pub fn present_items(&self) -> Array<T> {
        self.iter().flatten().cloned().collect()
    }
}

impl<T: Datum> Array<T> {
    /// `contains`.
    pub fn has_item(&self, wanted: &T) -> bool {
        self.iter().any(|item| item.same(wanted))
    }

    /// `index_of`.
    pub fn index_of(&self, wanted: &T) -> i64 {
        self.iter().position(|item| item.same(wanted)).map_or(-1, |place| place as i64)
    }

    /// `join`.
    #[track_caller]
    pub fn joined(&self, separator: &str) -> Str {
        let mut text = String::new();
        for (place, item) in self.iter().enumerate() {
            if place > 0 {
                text.push_str(separator);
            }
            item.write_shown(&mut text);
        }
        Str::from(text)
    }

    /// `unique`.
    pub fn unique_items(&self) -> Self {
        let mut found = Array::new();
        for item in self.iter() {
            if !found.has_item(item) {
                found.push(item.clone());
            }
        }
        found
    }

    /// `union`.
    #[track_caller]
    pub fn united(&self, other: &Array<T>) -> Self {
        self.joined_with(other).unique_items()
    }

    /// `intersection`.
    pub fn shared_items(&self, other: &Array<T>) -> Self {
        self.iter().filter(|item| other.has_item(item)).cloned().collect()
    }

    /// `difference`.
    pub fn other_items(&self, other: &Array<T>) -> Self {
        self.iter().filter(|item| !other.has_item(item)).cloned().collect()
    }

    /// `dedup`.
    pub fn deduplicated(&self) -> Self {
        let mut found: Vec<T> = Vec::new();
        for item in self.iter() {
            if found.last().is_none_or(|last| !last.same(item)) {
                found.push(item.clone());
            }
        }
        Array::of(found)
    }

    /// `sort`.
    #[track_caller]
    pub fn sorted_items(&self) -> Self {
        let mut items = self.to_vec();
        merge_sort(&mut items, &mut |one: &T, other: &T| is_ordered(one, other, "<"));
        Array::of(items)
    }

    /// `sort_by_key`.
    #[track_caller]
    pub fn sorted_by<K: Datum>(&self, mut key: impl FnMut(T) -> K) -> Self {
        let mut pairs: Vec<(K, T)> = self.iter().map(|item| (key(item.clone()), item.clone())).collect();
        merge_sort(&mut pairs, &mut |one: &(K, T), other: &(K, T)| {
            one.0.order(&other.0, "sort") == Some(Ordering::Less)
        });
        pairs.into_iter().map(|(_, item)| item).collect()
    }

    /// `sort_by(|a, b| ...)`: a number says the order, or whether the first stands before the second.
    #[track_caller]
    pub fn sorted_with<K: Datum>(&self, mut compare: impl FnMut(T, T) -> K) -> Self {
        let mut items = self.to_vec();
        merge_sort(&mut items, &mut |one: &T, other: &T| is_before(compare(one.clone(), other.clone()).into_dyn()));
        Array::of(items)
    }

    /// `min` and `max`.
    #[track_caller]
    pub fn extreme(&self, wanted: Ordering) -> Maybe<T> {
        let mut found: Option<&T> = None;
        for item in self.iter() {
            if found.is_none_or(|best| item.order(best, "max") == Some(wanted)) {
                found = Some(item);
            }
        }
        Maybe(found.cloned())
    }

    /// `min_by_key` and `max_by_key`: as in Rust, the last of several largest ones, the first of several smallest.
    #[track_caller]
    pub fn extreme_by<K: Datum>(&self, mut key: impl FnMut(T) -> K, wanted: Ordering) -> Maybe<T> {
        let mut found: Option<(K, &T)> = None;
        for item in self.iter() {
            let mine = key(item.clone());
            let is_better = found.as_ref().is_none_or(|(best, _)| {
                let order = mine.order(best, "max");
                order == Some(wanted) || (order == Some(Ordering::Equal) && wanted == Ordering::Greater)
            });
            if is_better {
                found = Some((mine, item));
            }
        }
        Maybe(found.map(|(_, item)| item.clone()))
    }

    /// `group_by`.
    #[track_caller]
    pub fn grouped<K: Datum>(&self, mut key: impl FnMut(T) -> K) -> Table<K, Array<T>> {
        let mut found: Table<K, Array<T>> = Table::new();
        for item in self.iter() {
            let key = key(item.clone());
            match found.entry_mut(&key) {
                Some(group) => group.push(item.clone()),
                None => found.put(key, Array::of(alloc::vec![item.clone()])),
            }
        }
        found
    }

    /// The items where their type is not known.
    pub fn to_dyn_items(&self) -> Array<Dyn> {
        self.iter().cloned().map(Datum::into_dyn).collect()
    }
}

/// Whether the answer of an order says that the first item stands before the second.
#[track_caller]
pub fn is_before(answer: Dyn) -> bool {
    match answer {
        Dyn::Bool(answer) => answer,
        Dyn::Int(answer) => answer < 0,
        Dyn::Record(record) if record.record_number().is_some() => record.record_number() < Some(0),
        other => fault("type", alloc::format!("the order of two elements is {}", other.kind_name().as_str())),
    }
}

impl Array<i64> {
    /// `sum`.
    #[track_caller]
    pub fn total(&self) -> i64 {
        let mut found = 0i64;
        for item in self.iter() {
            found = match found.checked_add(*item) {
                Some(found) => found,
                None => overflow("sum"),
            };
        }
        found
    }

    /// `product`.
    #[track_caller]
    pub fn product(&self) -> i64 {
        let mut found = 1i64;
        for item in self.iter() {
            found = match found.checked_mul(*item) {
                Some(found) => found,
                None => overflow("*"),
            };
        }
        found
    }
}

/// `sum` of floats.
pub fn float_total(items: &Array<f64>) -> f64 {
    let mut found = items.first().copied().unwrap_or(0.0);
    for item in items.iter().skip(1) {
        found += item;
    }
    found
}

/// `product` of floats.
pub fn float_product(items: &Array<f64>) -> f64 {
    items.iter().fold(1.0, |found, item| found * item)
}

/// `sum` of values of no known type.
#[track_caller]
pub fn dyn_total(items: &Array<Dyn>) -> Dyn {
    let Some(first) = items.first() else { return Dyn::Int(0) };
    if items.iter().all(|item| matches!(item, Dyn::Int(_))) {
        return Dyn::Int(items.iter().cloned().map(i64::from_dyn).collect::<Array<i64>>().total());
    }
    items.iter().skip(1).fold(first.clone(), |found, item| crate::dyn_plus(found, item.clone()))
}

/// `product` of values of no known type.
#[track_caller]
pub fn dyn_product(items: &Array<Dyn>) -> Dyn {
    items.iter().fold(Dyn::Int(1), |found, item| crate::dyn_times(found, item.clone()))
}

/// A size that has to be positive.
#[track_caller]
pub fn positive_size(size: i64) {
    if size <= 0 {
        fault("argument", alloc::format!("a size has to be positive: {size}"));
    }
}

/// The ends of a slice; negative ones count from the end.
#[track_caller]
pub fn slice_ends(length: i64, start: Option<i64>, stop: Option<i64>, is_inclusive: bool) -> (usize, usize) {
    let first = start.map_or(0, |start| if start < 0 { start.wrapping_add(length) } else { start });
    let last = stop.map_or(length, |stop| {
        let stop = if stop < 0 { stop.wrapping_add(length) } else { stop };
        stop.saturating_add(i64::from(is_inclusive))
    });
    if first > length || last > length || first < 0 {
        fault("index", alloc::format!("the slice {first}..{last} is outside of {length} elements"));
    }
    (first as usize, last.max(first) as usize)
}

impl<T: Datum> Datum for Array<T> {
    fn kind_name(&self) -> Str {
        Str::literal("array")
    }
    fn write_debug(&self, out: &mut String, is_loose: bool) {
        out.push('[');
        for (place, item) in self.iter().enumerate() {
            if place > 0 {
                out.push_str(", ");
            }
            item.write_debug(out, is_loose);
        }
        out.push(']');
    }
    fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other.iter()).all(|(one, other)| one.same(other))
    }
    #[track_caller]
    fn order(&self, other: &Self, operator: &str) -> Option<Ordering> {
        order_items(self, other, operator)
    }
    fn into_dyn(self) -> Dyn {
        Dyn::List(self.to_dyn_items())
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        match value {
            Dyn::List(items) => items.iter().cloned().map(T::from_dyn).collect(),
            other => unexpected("an array", &other.kind_name()),
        }
    }
}

/// `a..b` and `a..=b` as a value.
#[derive(Clone)]
pub struct Extent {
    /// Where it begins.
    pub start: i64,
    /// Where it ends.
    pub stop: i64,
    /// Whether the end belongs to it.
    pub is_inclusive: bool,
}

impl Extent {
    /// A range.
    pub fn new(start: i64, stop: i64, is_inclusive: bool) -> Self {
        Extent { start, stop, is_inclusive }
    }

    /// How many numbers it has.
    pub fn count(&self) -> i64 {
        let width = i128::from(self.stop) - i128::from(self.start) + i128::from(self.is_inclusive);
        width.clamp(0, i128::from(i64::MAX)) as i64
    }

    /// Whether a number lies in it.
    pub fn holds(&self, number: i64) -> bool {
        self.start <= number && (number < self.stop || (self.is_inclusive && number == self.stop))
    }

    /// Its numbers.
    #[track_caller]
    pub fn numbers(&self) -> impl DoubleEndedIterator<Item = i64> {
        let (start, count) = (self.start, self.count());
        (0..count).map(move |step| start.wrapping_add(step))
    }

    /// Its numbers as a list.
    #[track_caller]
    pub fn to_array(&self) -> Array<i64> {
        self.numbers().collect()
    }
}

impl Datum for Extent {
    fn kind_name(&self) -> Str {
        Str::literal("range")
    }
    fn write_debug(&self, out: &mut String, _is_loose: bool) {
        let dots = if self.is_inclusive { "..=" } else { ".." };
        out.push_str(&alloc::format!("{}{dots}{}", self.start, self.stop));
    }
    fn same(&self, other: &Self) -> bool {
        (self.start, self.stop, self.is_inclusive) == (other.start, other.stop, other.is_inclusive)
    }
    #[track_caller]
    fn order(&self, other: &Self, operator: &str) -> Option<Ordering> {
        crate::no_order(operator, self, other)
    }
    fn into_dyn(self) -> Dyn {
        Dyn::Range(self)
    }
    #[track_caller]
    fn from_dyn(value: Dyn) -> Self {
        match value {
            Dyn::Range(value) => value,
            other => unexpected("a range", &other.kind_name()),
        }
    }
}

/// `range(limits)`.
#[track_caller]
pub fn range_list(start: i64, stop: i64, step: i64) -> Array<i64> {
    if step == 0 {
        fault("argument", "a step has to be different from 0");
    }
    let mut found = Vec::new();
    let mut at = start;
    while (step > 0 && at < stop) || (step < 0 && at > stop) {
        found.push(at);
        match at.checked_add(step) {
            Some(next) => at = next,
            None => break,
        }
    }
    Array::of(found)
}

/// The text of a list's items, for messages.
#[track_caller]
pub fn list_text<T: Datum>(items: &Array<T>) -> Str {
    shown_text(items)
}
