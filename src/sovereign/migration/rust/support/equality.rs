//! `==` of values that are of one kind in Python and of two types in Rust, as `[1, 2] == [1.0, 2.0]`: `equal_contents(&a, &b)`.

use crate::{int_compare_float, Bytes, Dict, FrozenSet, Int, List, Object, Seq, Set, SetLike, Str};
use core::cmp::Ordering;

/// A value that may equal one of another type.
pub trait EqualTo<B: ?Sized> {
    /// `self == other`.
    fn equal_to(&self, other: &B) -> bool;
}

/// `a == b`.
pub fn equal_contents<A: EqualTo<B> + ?Sized, B: ?Sized>(a: &A, b: &B) -> bool {
    a.equal_to(b)
}

/// `EqualTo` for two types, both ways where they differ.
macro_rules! equal_pair {
    ($one:ty, $other:ty, |$a:ident, $b:ident| $equal:expr) => {
        equal_pair!($one, $other, |$a, $b| $equal, once);
        impl EqualTo<$one> for $other {
            fn equal_to(&self, other: &$one) -> bool {
                other.equal_to(self)
            }
        }
    };
    ($one:ty, $other:ty, |$a:ident, $b:ident| $equal:expr, once) => {
        impl EqualTo<$other> for $one {
            fn equal_to(&self, other: &$other) -> bool {
                let ($a, $b) = (self, other);
                $equal
            }
        }
    };
}

equal_pair!(i64, i64, |a, b| a == b, once);
equal_pair!(Int, Int, |a, b| a == b, once);
equal_pair!(f64, f64, |a, b| a == b, once);
equal_pair!(bool, bool, |a, b| a == b, once);
equal_pair!(Str, Str, |a, b| a == b, once);
equal_pair!(Bytes, Bytes, |a, b| a == b, once);
equal_pair!((), (), |a, b| a == b, once);
equal_pair!(i64, Int, |a, b| b == a);
equal_pair!(i64, bool, |a, b| *a == i64::from(*b));
equal_pair!(i64, f64, |a, b| int_compare_float(&Int::Small(*a), *b) == Some(Ordering::Equal));
equal_pair!(Int, bool, |a, b| *a == i64::from(*b));
equal_pair!(Int, f64, |a, b| int_compare_float(a, *b) == Some(Ordering::Equal));
equal_pair!(bool, f64, |a, b| f64::from(u8::from(*a)) == *b);

impl<A: EqualTo<B>, B> EqualTo<Option<B>> for Option<A> {
    fn equal_to(&self, other: &Option<B>) -> bool {
        match (self, other) {
            (Some(a), Some(b)) => a.equal_to(b),
            (None, None) => true,
            _ => false,
        }
    }
}

/// Whether both slices hold equal items.
pub fn equal_items<A: EqualTo<B>, B>(a: &[A], b: &[B]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equal_to(b))
}

impl<A: EqualTo<B>, B> EqualTo<List<B>> for List<A> {
    fn equal_to(&self, other: &List<B>) -> bool {
        equal_items(&self.borrow(), &other.borrow())
    }
}

impl<A: EqualTo<B>, B> EqualTo<Seq<B>> for Seq<A> {
    fn equal_to(&self, other: &Seq<B>) -> bool {
        equal_items(self, other)
    }
}

impl<K: Object + Clone, A: EqualTo<B> + Clone, B: Clone> EqualTo<Dict<K, B>> for Dict<K, A> {
    fn equal_to(&self, other: &Dict<K, B>) -> bool {
        self.len() == other.len()
            && self.items().all(|(key, value)| other.get(&key).is_some_and(|found| value.equal_to(&found)))
    }
}

/// Whether two sets hold equal items.
pub fn equal_sets<A: EqualTo<B> + Object, B: Object>(a: &impl SetLike<A>, b: &impl SetLike<B>) -> bool {
    a.with_table(|a| {
        b.with_table(|b| {
            // Equal items hash alike, whatever their types.
            let is_there =
                |hash: u64, item: &A| b.entries().any(|(other, there)| other == hash && item.equal_to(there));
            a.count() == b.count() && a.entries().all(|(hash, item)| is_there(hash, item))
        })
    })
}

impl<A: EqualTo<B> + Object, B: Object> EqualTo<Set<B>> for Set<A> {
    fn equal_to(&self, other: &Set<B>) -> bool {
        equal_sets(self, other)
    }
}

impl<A: EqualTo<B> + Object, B: Object> EqualTo<FrozenSet<B>> for Set<A> {
    fn equal_to(&self, other: &FrozenSet<B>) -> bool {
        equal_sets(self, other)
    }
}

impl<A: EqualTo<B> + Object, B: Object> EqualTo<Set<B>> for FrozenSet<A> {
    fn equal_to(&self, other: &Set<B>) -> bool {
        equal_sets(self, other)
    }
}

impl<A: EqualTo<B> + Object, B: Object> EqualTo<FrozenSet<B>> for FrozenSet<A> {
    fn equal_to(&self, other: &FrozenSet<B>) -> bool {
        equal_sets(self, other)
    }
}

/// `EqualTo` for tuples of one length.
macro_rules! equal_tuple {
    ($($one:ident $other:ident $index:tt)+) => {
        impl<$($one: EqualTo<$other>, $other),+> EqualTo<($($other,)+)> for ($($one,)+) {
            fn equal_to(&self, other: &($($other,)+)) -> bool {
                $(self.$index.equal_to(&other.$index))&&+
            }
        }
    };
}

equal_tuple!(A P 0);
equal_tuple!(A P 0 B Q 1);
equal_tuple!(A P 0 B Q 1 C R 2);
equal_tuple!(A P 0 B Q 1 C R 2 D S 3);
