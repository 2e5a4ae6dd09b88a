//! `copy.deepcopy`: trait `DeepCopy`, with shared parts shared again in the copy.
//!
//! `copy_deepcopy(&T) -> T`. Holds for numbers, texts, `Bytes`, `List Dict Set FrozenSet Deque Seq Option` and tuples up to 8;
//! a class of the program implements it by `memo.copied(id, make)`.
//! `copy.copy` is the `copy()` of a container, and the value itself elsewhere.

use crate::{
    Bytes, Date, DateTime, Decimal, Deque, Dict, Fraction, FrozenSet, Int, Json, List, Object, Seq, Set, Str, TimeDelta,
};
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::any::Any;

/// The copies so far, by what they are copies of.
#[derive(Default)]
pub struct DeepMemo(pub Vec<(i64, Rc<dyn Any>)>);

impl DeepMemo {
    /// The copy of an object, if there is one.
    pub fn known<T: Clone + 'static>(&self, id: i64) -> Option<T> {
        let found = self.0.iter().find(|(known, _)| *known == id);
        found.and_then(|(_, copy)| copy.downcast_ref::<T>().cloned())
    }

    /// Note a copy.
    pub fn note<T: Clone + 'static>(&mut self, id: i64, copy: &T) {
        self.0.push((id, Rc::new(copy.clone())));
    }

    /// The copy of an object: the one that is known, or an empty one that is noted first and then filled.
    pub fn copied<T: Clone + 'static>(&mut self, id: i64, empty: T, fill: impl FnOnce(&T, &mut DeepMemo)) -> T {
        if let Some(copy) = self.known(id) {
            return copy;
        }
        self.note(id, &empty);
        fill(&empty, self);
        empty
    }
}

/// A value that can be copied with all that it holds.
pub trait DeepCopy {
    /// The copy.
    fn deep_copy(&self, memo: &mut DeepMemo) -> Self;
}

/// `copy.deepcopy(value)`.
pub fn copy_deepcopy<T: DeepCopy>(value: &T) -> T {
    value.deep_copy(&mut DeepMemo::default())
}

/// `DeepCopy` for values that never change.
macro_rules! deep_copy_same {
    ($type:ty) => {
        impl DeepCopy for $type {
            fn deep_copy(&self, _memo: &mut DeepMemo) -> Self {
                self.clone()
            }
        }
    };
}

deep_copy_same!(bool);
deep_copy_same!(i64);
deep_copy_same!(Int);
deep_copy_same!(f64);
deep_copy_same!(Str);
deep_copy_same!(Bytes);
deep_copy_same!(Date);
deep_copy_same!(DateTime);
deep_copy_same!(TimeDelta);
deep_copy_same!(Decimal);
deep_copy_same!(Fraction);

impl DeepCopy for () {
    fn deep_copy(&self, _memo: &mut DeepMemo) -> Self {}
}

impl<T: DeepCopy> DeepCopy for Option<T> {
    fn deep_copy(&self, memo: &mut DeepMemo) -> Self {
        self.as_ref().map(|value| value.deep_copy(memo))
    }
}

impl<T: DeepCopy + Clone + 'static> DeepCopy for List<T> {
    fn deep_copy(&self, memo: &mut DeepMemo) -> Self {
        memo.copied(self.id(), List::new(), |copy, memo| {
            for item in self.iter() {
                copy.append(item.deep_copy(memo));
            }
        })
    }
}

impl<K: DeepCopy + Object + Clone + 'static, V: DeepCopy + Clone + 'static> DeepCopy for Dict<K, V> {
    fn deep_copy(&self, memo: &mut DeepMemo) -> Self {
        memo.copied(self.id(), Dict::new(), |copy, memo| {
            for (key, value) in self.items() {
                copy.set_item(key.deep_copy(memo), value.deep_copy(memo));
            }
        })
    }
}

impl<T: DeepCopy + Object + Clone + 'static> DeepCopy for Set<T> {
    fn deep_copy(&self, memo: &mut DeepMemo) -> Self {
        let items: Vec<T> = self.iter().map(|item| item.deep_copy(memo)).collect();
        memo.copied(self.id(), Set::new(), |copy, _| copy.extend(items))
    }
}

impl<T: Clone> DeepCopy for FrozenSet<T> {
    fn deep_copy(&self, _memo: &mut DeepMemo) -> Self {
        self.clone()
    }
}

impl<T: DeepCopy + Clone + 'static> DeepCopy for Deque<T> {
    fn deep_copy(&self, memo: &mut DeepMemo) -> Self {
        let copy = self.like(Vec::new());
        for item in self.to_vec() {
            copy.append(item.deep_copy(memo));
        }
        copy
    }
}

impl<T: DeepCopy + Clone> DeepCopy for Seq<T> {
    fn deep_copy(&self, memo: &mut DeepMemo) -> Self {
        self.iter().map(|item| item.deep_copy(memo)).collect()
    }
}

impl DeepCopy for Json {
    fn deep_copy(&self, memo: &mut DeepMemo) -> Self {
        match self {
            Json::List(items) => Json::List(items.deep_copy(memo)),
            Json::Dict(items) => Json::Dict(items.deep_copy(memo)),
            other => other.clone(),
        }
    }
}

/// `DeepCopy` for tuples of one length.
macro_rules! deep_copy_tuple {
    ($($name:ident $index:tt)+) => {
        impl<$($name: DeepCopy),+> DeepCopy for ($($name,)+) {
            fn deep_copy(&self, memo: &mut DeepMemo) -> Self {
                ($(self.$index.deep_copy(memo),)+)
            }
        }
    };
}

deep_copy_tuple!(A 0);
deep_copy_tuple!(A 0 B 1);
deep_copy_tuple!(A 0 B 1 C 2);
deep_copy_tuple!(A 0 B 1 C 2 D 3);
deep_copy_tuple!(A 0 B 1 C 2 D 3 E 4);
deep_copy_tuple!(A 0 B 1 C 2 D 3 E 4 F 5);
deep_copy_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
deep_copy_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
deep_copy_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
deep_copy_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
deep_copy_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
deep_copy_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);
