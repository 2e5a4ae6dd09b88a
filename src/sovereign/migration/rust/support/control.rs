//! How an emitted program leaves a block: `attempt!` in a `try`, `Flow` through a `finally`; and what it unpacks with.

use crate::{
    beyond_range, parse_int, Exc, Int, Iter, List, Object, Ordered, Range, Seq, Single, Str, STOP_ITERATION,
    TYPE_ERROR, VALUE_ERROR,
};
use alloc::format;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// The value of a `Result`; an error leaves the labelled block of a `try`.
#[macro_export]
macro_rules! attempt {
    ($label:lifetime, $value:expr $(,)?) => {
        match $value {
            Ok(value) => value,
            Err(error) => break $label Err(error),
        }
    };
}
pub use attempt;

/// How the body of a `finally` ended.
pub enum Flow<T> {
    /// At its end.
    Next,
    /// By `return`.
    Return(T),
    /// By `break`.
    Break,
    /// By `continue`.
    Continue,
}

/// Whether two counted pointers are the same object.
pub trait Identity {
    /// `self is other`.
    fn is_same(&self, other: &Self) -> bool;
}

impl<T: ?Sized> Identity for Rc<T> {
    fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(self, other)
    }
}

impl<T> Identity for List<T> {
    fn is_same(&self, other: &Self) -> bool {
        self.is(other)
    }
}

impl<K, V> Identity for crate::Dict<K, V> {
    fn is_same(&self, other: &Self) -> bool {
        self.is(other)
    }
}

impl<T> Identity for crate::Set<T> {
    fn is_same(&self, other: &Self) -> bool {
        self.is(other)
    }
}

/// `a is b`.
pub fn same_object<T: Identity>(a: &T, b: &T) -> bool {
    a.is_same(b)
}

/// `a < b` of values that have an order.
pub fn less<T: Ordered>(a: &T, b: &T) -> bool {
    a.less(b)
}

/// `a <= b`.
pub fn less_equal<T: Ordered>(a: &T, b: &T) -> bool {
    matches!(a.compare(b), Some(Ordering::Less | Ordering::Equal))
}

/// `a > b`.
pub fn greater<T: Ordered>(a: &T, b: &T) -> bool {
    b.less(a)
}

/// `a >= b`.
pub fn greater_equal<T: Ordered>(a: &T, b: &T) -> bool {
    matches!(a.compare(b), Some(Ordering::Greater | Ordering::Equal))
}

/// The error of unpacking `length` values into exactly `wanted` names, if they differ.
pub fn unpack_check(length: i64, wanted: i64) -> Result<(), Exc> {
    if length == wanted {
        return Ok(());
    }
    let text = if length > wanted {
        format!("too many values to unpack (expected {wanted})")
    } else {
        format!("not enough values to unpack (expected {wanted}, got {length})")
    };
    Err(Exc::new(&VALUE_ERROR, text))
}

/// The error of unpacking `length` values into at least `wanted` names, if they are too few.
pub fn unpack_check_rest(length: i64, wanted: i64) -> Result<(), Exc> {
    if length >= wanted {
        return Ok(());
    }
    let text = format!("not enough values to unpack (expected at least {wanted}, got {length})");
    Err(Exc::new(&VALUE_ERROR, text))
}

/// The error of `f(*values)` with a wrong number of values, if there are too few or too many.
pub fn argument_check(length: i64, least: i64, most: i64, function: &str) -> Result<(), Exc> {
    if (least..=most).contains(&length) {
        return Ok(());
    }
    let text = if length < least {
        format!("{function}() missing {} required positional arguments", least - length)
    } else {
        format!("{function}() takes {most} positional arguments but {length} were given")
    };
    Err(Exc::new(&TYPE_ERROR, text))
}

impl<T: Clone> List<T> {
    /// The item at an index that was checked.
    pub fn at(&self, index: i64) -> T {
        self.borrow()[index as usize].clone()
    }
    /// The items between two checked indexes.
    pub fn part(&self, start: i64, stop: i64) -> List<T> {
        List::from(self.borrow()[start as usize..stop as usize].to_vec())
    }
}

impl<T: Clone> Seq<T> {
    /// The item at an index that was checked.
    pub fn at(&self, index: i64) -> T {
        self[index as usize].clone()
    }
    /// The items between two checked indexes.
    pub fn part(&self, start: i64, stop: i64) -> List<T> {
        List::from(self[start as usize..stop as usize].to_vec())
    }
}

impl Int {
    /// The value where it is known to fit.
    pub fn to_small(&self) -> i64 {
        self.to_i64().expect("an integer was proved to fit into 64 bits")
    }
}

/// `range(start, stop, step)` whose step is known not to be 0.
pub fn steps(start: i64, stop: i64, step: i64) -> Range {
    Range::new(start, stop, step).expect("the step was proved not to be 0")
}

impl<T: 'static> Iter<T> {
    /// An iterator from a `__next__` method: `StopIteration` ends it.
    pub fn from_next(mut next: impl FnMut() -> Result<T, Exc> + 'static) -> Self {
        Iter::new(move || match next() {
            Ok(item) => Ok(Some(item)),
            Err(error) if error.is(&STOP_ITERATION) => Ok(None),
            Err(error) => Err(error),
        })
    }
    /// Items in another form.
    pub fn mapped<R: 'static>(self, mut change: impl FnMut(T) -> R + 'static) -> Iter<R> {
        Iter::new(move || Ok(self.step()?.map(&mut change)))
    }
    /// `enumerate(self, start)`.
    pub fn enumerated(self, start: i64) -> Iter<(i64, T)> {
        let mut index = start - 1;
        self.mapped(move |item| {
            index += 1;
            (index, item)
        })
    }
}

/// `zip(a, b)` of iterator objects.
pub fn zip_iters<A: 'static, B: 'static>(a: Iter<A>, b: Iter<B>) -> Iter<(A, B)> {
    Iter::new(move || {
        let Some(first) = a.step()? else { return Ok(None) };
        let Some(second) = b.step()? else { return Ok(None) };
        Ok(Some((first, second)))
    })
}

/// `zip(a, b, strict=True)` of iterator objects.
pub fn zip_strict<A: 'static, B: 'static>(a: Iter<A>, b: Iter<B>) -> Iter<(A, B)> {
    Iter::new(move || match (a.step()?, b.step()?) {
        (Some(first), Some(second)) => Ok(Some((first, second))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Exc::new(&VALUE_ERROR, "zip() argument 2 is shorter than argument 1")),
        (None, Some(_)) => Err(Exc::new(&VALUE_ERROR, "zip() argument 2 is longer than argument 1")),
    })
}

/// `zip(a, b, c)` of iterator objects.
pub fn zip_iters3<A: 'static, B: 'static, C: 'static>(a: Iter<A>, b: Iter<B>, c: Iter<C>) -> Iter<(A, B, C)> {
    Iter::new(move || {
        let Some(first) = a.step()? else { return Ok(None) };
        let Some(second) = b.step()? else { return Ok(None) };
        let Some(third) = c.step()? else { return Ok(None) };
        Ok(Some((first, second, third)))
    })
}

/// `zip(*rows)` of a list of lists.
pub fn columns<T: Clone + 'static>(rows: &List<List<T>>) -> Iter<Seq<T>> {
    let rows: Vec<List<T>> = rows.to_vec();
    let count = rows.iter().map(List::len).min().unwrap_or(0);
    Iter::infallible((0..count).map(move |index| rows.iter().map(|row| row.at(index)).collect()))
}

/// `zip(*rows)` of a list of tuples of unknown length.
pub fn seq_columns<T: Clone + 'static>(rows: &List<Seq<T>>) -> Iter<Seq<T>> {
    let rows: Vec<Seq<T>> = rows.to_vec();
    let count = rows.iter().map(Seq::len).min().unwrap_or(0);
    Iter::infallible((0..count).map(move |index| rows.iter().map(|row| row.at(index)).collect()))
}

/// `zip(*texts)` of a list of texts.
pub fn text_columns(rows: &List<Str>) -> Iter<Seq<Str>> {
    let rows: Vec<Vec<Str>> = rows.iter().map(|row| row.iter().collect()).collect();
    let count = rows.iter().map(Vec::len).min().unwrap_or(0);
    Iter::infallible((0..count).map(move |index| rows.iter().map(|row| row[index].clone()).collect()))
}

impl<K: Object, V> From<Vec<(K, V)>> for crate::Dict<K, V> {
    fn from(pairs: Vec<(K, V)>) -> Self {
        pairs.into_iter().collect()
    }
}

impl<T, const N: usize> From<[T; N]> for Seq<T> {
    fn from(items: [T; N]) -> Self {
        Seq::from(Vec::from(items))
    }
}

impl<T> From<Vec<T>> for crate::Deque<T> {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl Exc {
    /// `type(self).__name__`.
    pub fn kind_name(&self) -> Str {
        Str::literal(self.kind().name)
    }
}

/// `code` of a `SystemExit`.
pub fn system_exit_code_of(exc: &Exc) -> i64 {
    i64::from(crate::system_exit_code(exc))
}

static ARGUMENTS: Single<Option<List<Str>>> = Single::new(None);

/// `sys.argv`, the same list each time.
pub fn program_arguments() -> List<Str> {
    let read = || crate::platform().arguments().into_iter().map(Str::from).collect();
    let list: List<Str> = ARGUMENTS.replace(None).unwrap_or_else(read);
    ARGUMENTS.replace(Some(list.clone()));
    list
}

/// Numbers on the command line within this are small.
pub const SMALL_ARGUMENT: i64 = 1 << 31;

/// Whether all arguments that are integers are small; the version of a program that relies on it runs only then.
pub fn arguments_are_small() -> bool {
    program_arguments().iter().skip(1).all(|argument| match parse_int(&argument, 10) {
        Ok(number) => number.to_i64().is_some_and(is_small_argument),
        Err(_) => true,
    })
}

/// Whether a number is a small argument.
pub fn is_small_argument(number: i64) -> bool {
    (-SMALL_ARGUMENT..=SMALL_ARGUMENT).contains(&number)
}

/// `int(argument)` of an argument that is small.
pub fn small_argument(text: &Str) -> Result<i64, Exc> {
    parse_int(text, 10)?.to_i64().filter(|number| is_small_argument(*number)).ok_or_else(beyond_range)
}

/// The answer of a method that is asked where no error can be handed on; an error ends the program as if nobody caught it.
pub fn answered<T>(answer: Result<T, Exc>) -> T {
    match answer {
        Ok(value) => value,
        Err(error) => {
            let code = crate::exit_code(Err(error));
            crate::platform().exit(code)
        }
    }
}

impl Int {
    /// An integer literal that does not fit 64 bits.
    pub fn parse_literal(digits: &str) -> Int {
        crate::parse_int(digits, 10).expect("a literal is an integer")
    }
}

/// `min(items, key=key, default=None)`.
pub fn min_by_key_or_none<T, K: Ordered>(
    items: impl IntoIterator<Item = T>,
    key: impl FnMut(&T) -> Result<K, Exc>,
) -> Result<Option<T>, Exc> {
    crate::best_by_key(items, key, |found, held| found.less(held))
}

/// `max(items, key=key, default=None)`.
pub fn max_by_key_or_none<T, K: Ordered>(
    items: impl IntoIterator<Item = T>,
    key: impl FnMut(&T) -> Result<K, Exc>,
) -> Result<Option<T>, Exc> {
    crate::best_by_key(items, key, |found, held| held.less(found))
}

impl<T> crate::FromItems<T> for Seq<T> {
    fn from_items(items: Vec<T>) -> Self {
        Seq::from(items)
    }
}

/// Whether this is the first time that a flag is asked; a module of the program runs once.
pub fn first_time(flag: &crate::Single<bool>) -> bool {
    !flag.replace(true)
}

/// How `a` stands to `b`, of which is known whether `a < b` and whether `b < a`.
pub fn order_of(first: bool, second: bool) -> Option<Ordering> {
    Some(if first {
        Ordering::Less
    } else if second {
        Ordering::Greater
    } else {
        Ordering::Equal
    })
}
