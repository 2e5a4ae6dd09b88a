//! Family 4, forest: one tree, the mean of many, or the sum of many.
//!
//! | array | shape | meaning |
//! |-------|-------|---------|
//! | `nodes` | (nodes, 2) int32, or (nodes, 4) where they are wide | one node after the other, tree behind tree |
//! | `trees` | (trees, 4) int32 | of each tree its first node, its first row of `value`, its first column, its depth |
//! | `value` | (leaves, v) | what each leaf adds to the columns of its tree |
//! | `init` | (m,) | what the columns begin with; zero where it is not there |
//!
//! Place 7 is the number of trees, 8 the aggregation (0 mean, 1 sum), 9 the largest depth, 10 the bits of a feature in a
//! node: 8, 12 or 16, and 0 where nodes are wide. Flag 1 says that features are compared in double precision; without
//! it, they are rounded to single precision first, and so is every threshold.
//!
//! A node is 64 bits, or 128: the key of its threshold in the high half, and in the low half, from the lowest bit on, its
//! feature, one bit that sends NaN to the left, and its left child, counted from the root; the right child is the next.
//! A wide node has 31 bits for the feature and 32 for the child. Children stand behind their parent. The key of
//! a number is its bits, turned so that keys order as numbers do (all bits of a negative number, the sign of another), and
//! `key of x <= key` goes left. So no step needs floating point. The key of a leaf is that of a NaN, above all numbers,
//! whose low bits are the place of the leaf among those of its tree; its child is itself, and NaN goes left there, so that
//! a walk that has arrived stays.

#[cfg(feature = "alloc")]
use alloc::{borrow::Cow, boxed::Box, vec::Vec};

use crate::{
    Dtype, Family, Floats, Head, InferenceError, Integers, Number, ParseError, Scope, Tensors, Wanted, model::product,
};
#[cfg(feature = "alloc")]
use crate::{
    batch::{Block, Numbers, Real, Rows},
    image::Word,
};

/// Flag of forests that compare in double precision.
const COMPARES_DOUBLE: u32 = 1;

/// Numbers of a row of `trees`.
const FACTS: usize = 4;

/// Columns that are summed at a time where there is no heap.
const FEW: usize = 16;

/// Trees, as they stand in the file.
#[derive(Debug, Clone, Copy)]
pub struct Forest<'a> {
    nodes: Integers<'a>,
    trees: Integers<'a>,
    value: Floats<'a>,
    init: Option<Floats<'a>>,
    layout: Layout,
    compares_double: bool,
    is_mean: bool,
    depth: usize,
    count: usize,
    /// Columns of a leaf.
    width: usize,
}

/// How nodes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// 64 bits, so many of them for the feature.
    Narrow(u32),
    /// 128 bits.
    Wide,
}

/// A node, taken apart.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// The key, as one of double precision where nodes are wide.
    key: u64,
    feature: usize,
    missing_left: bool,
    child: usize,
}

/// What a row of `trees` says.
#[derive(Debug, Clone, Copy)]
struct Tree {
    first: usize,
    /// The first node behind it.
    end: usize,
    value: usize,
    column: usize,
}

/// The key of a number of single precision that is not NaN; both zeros have the same.
#[inline]
fn single_key(x: f32) -> u32 {
    let bits = (x + 0.0).to_bits();
    bits ^ (((bits as i32 >> 31) as u32) | 1 << 31)
}

/// As [`single_key`], of double precision.
#[inline]
fn double_key(x: f64) -> u64 {
    let bits = (x + 0.0).to_bits();
    bits ^ (((bits as i64 >> 63) as u64) | 1 << 63)
}

/// The key of the leaf at place 0; those of others follow it.
const SINGLE_LEAF: u32 = 0xffc0_0000;
const DOUBLE_LEAF: u64 = 0xfff8_0000_0000_0000;

impl Layout {
    fn of(head: &Head) -> Result<Self, ParseError> {
        match head.extra(10) {
            0 => Ok(Self::Wide),
            bits @ (8 | 12 | 16) if head.flags & COMPARES_DOUBLE == 0 => Ok(Self::Narrow(bits as u32)),
            _ => Err(ParseError::WrongValue { array: "model", place: 10 }),
        }
    }

    /// Integers of a node.
    fn words(self) -> usize {
        if self == Self::Wide { 4 } else { 2 }
    }

    /// The node at a place; none behind the last.
    #[inline]
    fn node(self, nodes: &Integers<'_>, place: usize) -> Option<Node> {
        let word = |number| nodes.get(place.checked_mul(self.words())?.checked_add(number)?).map(|word| word as u32);
        Some(match self {
            Self::Narrow(bits) => {
                let (low, key) = (word(0)?, word(1)?);
                Node {
                    key: u64::from(key),
                    feature: (low & ((1 << bits) - 1)) as usize,
                    missing_left: low >> bits & 1 == 1,
                    child: (low >> (bits + 1)) as usize,
                }
            }
            Self::Wide => {
                let (low, child) = (word(0)?, word(1)?);
                Node {
                    key: u64::from(word(3)?) << 32 | u64::from(word(2)?),
                    feature: (low & (u32::MAX >> 1)) as usize,
                    missing_left: low >> 31 == 1,
                    child: child as usize,
                }
            }
        })
    }

    /// The place of a leaf among those of its tree; none for a node that is split.
    #[inline]
    fn leaf(self, node: &Node) -> Option<usize> {
        let first = if self == Self::Wide { DOUBLE_LEAF } else { u64::from(SINGLE_LEAF) };
        node.key.checked_sub(first).and_then(|place| usize::try_from(place).ok())
    }

    /// The key of a feature, none for NaN.
    #[inline]
    fn key<N: Number>(self, x: N, compares_double: bool) -> Option<u64> {
        if x.is_nan() {
            return None;
        }
        Some(match self {
            Self::Narrow(_) => u64::from(single_key(x.single())),
            Self::Wide if compares_double => double_key(x.double()),
            Self::Wide => double_key(f64::from(x.single())),
        })
    }
}

impl<'a> Forest<'a> {
    #[inline]
    fn tree(&self, number: usize) -> Option<Tree> {
        let fact = |place: usize| self.trees.count(number.checked_mul(FACTS)?.checked_add(place)?);
        let nodes = self.nodes.len() / self.layout.words();
        let next = number.checked_add(1)?;
        let end = if next == self.count { nodes } else { self.trees.count(next.checked_mul(FACTS)?)? };
        Some(Tree { first: fact(0)?, end, value: fact(1)?, column: fact(2)? })
    }

    /// That every walk ends in a leaf with a value, and looks at features that are there.
    fn check(&self, head: &Head) -> Result<(), ParseError> {
        let leaves = self.value.len().checked_div(self.width).unwrap_or(0);
        let mut expected = 0;
        for number in 0..self.count {
            let place = number.saturating_mul(FACTS);
            let wrong = ParseError::WrongValue { array: "trees", place };
            let tree = self.tree(number).ok_or(wrong)?;
            let is_inside = tree.column.checked_add(self.width).is_some_and(|end| end <= head.scores());
            if tree.first != expected || tree.end <= tree.first || !is_inside {
                return Err(wrong);
            }
            expected = tree.end;
            let size = tree.end.saturating_sub(tree.first);
            for place in tree.first..tree.end {
                let wrong = ParseError::WrongValue { array: "nodes", place };
                let node = self.layout.node(&self.nodes, place).ok_or(wrong)?;
                let own = place.saturating_sub(tree.first);
                let is_right = match self.layout.leaf(&node) {
                    Some(leaf) => {
                        let has_value = tree.value.checked_add(leaf).is_some_and(|leaf| leaf < leaves);
                        has_value && node.child == own && node.missing_left
                    }
                    None => node.child > own && node.child.saturating_add(1) < size,
                };
                if !is_right || node.feature >= head.features {
                    return Err(wrong);
                }
            }
        }
        let nodes = self.nodes.len() / self.layout.words();
        if expected == nodes { Ok(()) } else { Err(ParseError::WrongValue { array: "nodes", place: expected }) }
    }

    /// Walk one tree; the row of the leaf's values.
    #[inline]
    fn walk<N: Number>(&self, tree: &Tree, x: &[N]) -> Option<usize> {
        let mut place = tree.first;
        for _ in 0..=self.depth {
            let node = self.layout.node(&self.nodes, place)?;
            if let Some(leaf) = self.layout.leaf(&node) {
                return tree.value.checked_add(leaf);
            }
            let goes_left = match self.layout.key(*x.get(node.feature)?, self.compares_double) {
                None => node.missing_left,
                Some(key) => key <= node.key,
            };
            place = tree.first.checked_add(node.child)?.checked_add(usize::from(!goes_left))?;
        }
        None
    }
}

impl<'a> Family<'a> for Forest<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        let layout = Layout::of(head)?;
        let count = head.extra_within(7, 1, i32::MAX)?;
        let value = tensors.get("value").ok_or(ParseError::Missing { array: "value" })?;
        let width = value.shape[1];
        let nodes = tensors.get("nodes").ok_or(ParseError::Missing { array: "nodes" })?;
        let trees = tensors.get("trees").ok_or(ParseError::Missing { array: "trees" })?;
        for (array, tensor, expected) in [
            ("nodes", nodes, [nodes.shape[0], layout.words()]),
            ("trees", trees, [count, FACTS]),
            ("value", value, [value.shape[0], width.max(1)]),
        ] {
            if tensor.shape != expected {
                return Err(ParseError::WrongShape { array, expected, got: tensor.shape });
            }
        }
        if head.features == 0 || nodes.dtype != Dtype::I32 {
            return Err(ParseError::WrongType { array: "nodes" });
        }
        let forest = Self {
            nodes: nodes.integers("nodes")?,
            trees: trees.integers("trees")?,
            value: value.floats("value", value.shape)?,
            init: tensors.optional_floats("init", [1, head.scores()])?,
            layout,
            compares_double: head.flags & COMPARES_DOUBLE != 0,
            is_mean: head.extra_within(8, 0, 1)? == 0,
            depth: head.extra_within(9, 0, i32::MAX)?,
            count,
            width,
        };
        forest.check(head)?;
        Ok(forest)
    }

    fn operations(&self, head: &Head) -> u64 {
        let passes = head.scores().div_ceil(FEW);
        product(self.count.saturating_mul(passes), self.depth.saturating_add(self.width).saturating_add(1))
    }

    fn are_double(&self) -> bool {
        self.value.are_double() || self.compares_double || self.init.is_some_and(|init| init.are_double())
    }

    fn row<N: Number>(
        &self,
        _head: &Head,
        _wanted: Wanted,
        x: &[N],
        out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        // Sums are made in double precision; there is room for a few at a time.
        for (part, out) in out.chunks_mut(FEW).enumerate() {
            let from = part.saturating_mul(FEW);
            let mut sums = [0.0_f64; FEW];
            if let Some(init) = self.init {
                for (place, sum) in sums.iter_mut().enumerate() {
                    *sum = init.get(from.saturating_add(place)).unwrap_or(0.0);
                }
            }
            for number in 0..self.count {
                let tree = self.tree(number).ok_or(InferenceError::ModelCorrupted)?;
                let leaf = self.walk(&tree, x).ok_or(InferenceError::ModelCorrupted)?;
                for (place, value) in self.value.row(leaf, self.width).iter::<f64>().enumerate() {
                    let column = tree.column.saturating_add(place);
                    if let Some(sum) = column.checked_sub(from).and_then(|column| sums.get_mut(column)) {
                        *sum += value;
                    }
                }
            }
            let divisor = if self.is_mean { self.count as f64 } else { 1.0 };
            out.iter_mut().zip(sums).for_each(|(out, sum)| *out = N::of_double(sum / divisor));
        }
        Ok(())
    }

    #[cfg(feature = "alloc")]
    fn block<T: Real>(&self, head: &Head) -> Result<Box<dyn Block<T> + 'a>, ParseError>
    where
        Self: 'a,
    {
        Ok(match self.layout {
            Layout::Narrow(8) => Box::new(Trees::<Narrow<8>>::of(self, head)?),
            Layout::Narrow(12) => Box::new(Trees::<Narrow<12>>::of(self, head)?),
            Layout::Narrow(_) => Box::new(Trees::<Narrow<16>>::of(self, head)?),
            Layout::Wide => Box::new(Trees::<Wide>::of(self, head)?),
        })
    }
}

/// Walks that are made side by side, so that each waits for memory while others compute.
#[cfg(feature = "alloc")]
const LANES: usize = 8;

/// A layout of nodes, for many rows at a time.
#[cfg(feature = "alloc")]
trait Kind: Copy + Send + Sync + 'static {
    /// A node as it stands in the file.
    type Node: Word + Send + Sync;

    /// The key of a feature.
    type Key: Copy + Default + Send + Sync + 'static;

    /// What stands for NaN among keys: above all others.
    const NAN: Self::Key;

    fn key<T: Real>(x: T, compares_double: bool) -> Self::Key;

    fn node(nodes: &Integers<'_>, place: usize) -> Option<Self::Node>;

    fn feature(node: Self::Node) -> usize;

    /// The place that follows, counted from the root.
    fn next<const MISSING: bool>(node: Self::Node, x: Self::Key) -> u32;

    fn is_leaf(node: Self::Node) -> bool;

    /// The place of a leaf among those of its tree.
    fn leaf(node: Self::Node) -> usize;
}

/// Nodes of 64 bits with so many for the feature.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy)]
struct Narrow<const BITS: u32>;

#[cfg(feature = "alloc")]
impl<const BITS: u32> Kind for Narrow<BITS> {
    type Node = u64;
    type Key = u32;

    const NAN: u32 = u32::MAX;

    #[inline(always)]
    fn key<T: Real>(x: T, _: bool) -> u32 {
        if Number::is_nan(x) { Self::NAN } else { single_key(x.single()) }
    }

    fn node(nodes: &Integers<'_>, place: usize) -> Option<u64> {
        Some(u64::from(nodes.get(2 * place + 1)? as u32) << 32 | u64::from(nodes.get(2 * place)? as u32))
    }

    #[inline(always)]
    fn feature(node: u64) -> usize {
        (node & ((1 << BITS) - 1)) as usize
    }

    #[inline(always)]
    fn next<const MISSING: bool>(node: u64, x: u32) -> u32 {
        let goes_right = ((node >> 32) as u32) < x;
        let child = node as u32 >> (BITS + 1);
        if MISSING && x == Self::NAN { child + (node >> BITS & 1 ^ 1) as u32 } else { child + u32::from(goes_right) }
    }

    #[inline(always)]
    fn is_leaf(node: u64) -> bool {
        node >> 32 >= u64::from(SINGLE_LEAF)
    }

    #[inline(always)]
    fn leaf(node: u64) -> usize {
        ((node >> 32) as u32 - SINGLE_LEAF) as usize
    }
}

/// Nodes of 128 bits.
#[cfg(feature = "alloc")]
#[derive(Clone, Copy)]
struct Wide;

#[cfg(feature = "alloc")]
impl Kind for Wide {
    type Node = [u64; 2];
    type Key = u64;

    const NAN: u64 = u64::MAX;

    #[inline(always)]
    fn key<T: Real>(x: T, compares_double: bool) -> u64 {
        if Number::is_nan(x) {
            return Self::NAN;
        }
        double_key(if compares_double { x.double() } else { f64::from(x.single()) })
    }

    fn node(nodes: &Integers<'_>, place: usize) -> Option<[u64; 2]> {
        let word = |number| nodes.get(4 * place + number).map(|word| u64::from(word as u32));
        Some([word(1)? << 32 | word(0)?, word(3)? << 32 | word(2)?])
    }

    #[inline(always)]
    fn feature([low, _]: [u64; 2]) -> usize {
        (low & u64::from(u32::MAX >> 1)) as usize
    }

    #[inline(always)]
    fn next<const MISSING: bool>([low, key]: [u64; 2], x: u64) -> u32 {
        let child = (low >> 32) as u32;
        if MISSING && x == Self::NAN { child + (low >> 31 & 1 ^ 1) as u32 } else { child + u32::from(key < x) }
    }

    #[inline(always)]
    fn is_leaf([_, key]: [u64; 2]) -> bool {
        key >= DOUBLE_LEAF
    }

    #[inline(always)]
    fn leaf([_, key]: [u64; 2]) -> usize {
        (key - DOUBLE_LEAF) as usize
    }
}

/// A forest made ready for many rows.
#[cfg(feature = "alloc")]
struct Trees<'a, K: Kind> {
    /// Checked when the model was read: walks stay inside their tree, and features inside a row.
    nodes: Cow<'a, [K::Node]>,
    /// With the steps after which it is looked at whether all walks have arrived.
    trees: Vec<(Tree, u32)>,
    value: Numbers<'a, f64>,
    init: Vec<f64>,
    width: usize,
    features: usize,
    columns: usize,
    divisor: f64,
    compares_double: bool,
}

#[cfg(feature = "alloc")]
impl<'a, K: Kind> Trees<'a, K> {
    fn of(forest: &Forest<'a>, head: &Head) -> Result<Self, ParseError> {
        let tree = |number: usize| {
            let tree = forest.tree(number)?;
            let depth = forest.trees.count(number * FACTS + 3).and_then(|depth| u32::try_from(depth).ok())?;
            // Splits above a leaf if all had as many. A tree that is hardly deeper is walked to its end at once.
            let even = ((tree.end - tree.first).div_ceil(2)).ilog2();
            Some((tree, if depth <= even + 1 { depth } else { even }))
        };
        let tree = |number| tree(number).ok_or(ParseError::WrongValue { array: "trees", place: number });
        let count = forest.nodes.len() / forest.layout.words();
        let nodes = match forest.nodes.as_words::<K::Node>() {
            Some(nodes) => Cow::Borrowed(nodes),
            None => {
                let node =
                    |place| K::node(&forest.nodes, place).ok_or(ParseError::WrongValue { array: "nodes", place });
                Cow::Owned((0..count).map(node).collect::<Result<_, _>>()?)
            }
        };
        Ok(Self {
            nodes,
            trees: (0..forest.count).map(tree).collect::<Result<_, _>>()?,
            value: Numbers::of(forest.value)?,
            init: forest.init.map_or_else(Vec::new, |init| init.iter().collect()),
            width: forest.width,
            features: head.features,
            columns: head.scores(),
            divisor: if forest.is_mean { forest.count as f64 } else { 1.0 },
            compares_double: forest.compares_double,
        })
    }

    /// Add what all trees say of the rows to `sums`.
    fn add<T: Real>(&self, x: &Rows<'_, T>, sums: &mut [f64]) {
        if x.len() <= LANES / 2 {
            let mut keys = Vec::with_capacity(self.features);
            for (row, sums) in sums.chunks_exact_mut(self.columns).enumerate() {
                keys.clear();
                keys.extend(x.row(row).iter().map(|&x| K::key(x, self.compares_double)));
                self.add_row(&keys, sums);
            }
            return;
        }
        let (keys, has_missing) = self.keys(x);
        if has_missing { self.add_groups::<true>(&keys, sums) } else { self.add_groups::<false>(&keys, sums) }
    }

    /// The keys of the rows, in groups of [`LANES`] rows, in which the keys of one feature stand together; and whether
    /// one is of NaN.
    fn keys<T: Real>(&self, x: &Rows<'_, T>) -> (Vec<K::Key>, bool) {
        let size = LANES * self.features;
        let mut keys = alloc::vec![K::Key::default(); x.len().div_ceil(LANES) * size];
        let mut has_missing = false;
        for (first, group) in keys.chunks_exact_mut(size).enumerate() {
            for lane in 0..LANES.min(x.len() - first * LANES) {
                let row = x.row(first * LANES + lane);
                for (keys, &x) in group.chunks_exact_mut(LANES).zip(row) {
                    has_missing |= Number::is_nan(x);
                    keys[lane] = K::key(x, self.compares_double);
                }
            }
        }
        (keys, has_missing)
    }

    /// Tree by tree, so that the nodes of one stay near while all rows pass it.
    fn add_groups<const MISSING: bool>(&self, keys: &[K::Key], sums: &mut [f64]) {
        for (tree, steps) in &self.trees {
            let nodes = &self.nodes[tree.first..tree.end];
            let groups = keys.chunks_exact(LANES * self.features).zip(sums.chunks_mut(LANES * self.columns));
            for (keys, sums) in groups {
                let leaves = self.walk_group::<MISSING>(nodes, keys, *steps);
                for (sums, leaf) in sums.chunks_exact_mut(self.columns).zip(leaves) {
                    self.add_leaf(tree, leaf, sums);
                }
            }
        }
    }

    /// Walk one tree with a group of rows; the places of the leaves.
    #[inline(always)]
    fn walk_group<const MISSING: bool>(&self, nodes: &[K::Node], keys: &[K::Key], steps: u32) -> [usize; LANES] {
        let mut places = [0_u32; LANES];
        let step = |places: &mut [u32; LANES]| {
            for (lane, place) in places.iter_mut().enumerate() {
                // SAFETY: `Forest::check` has seen that children of every node stand in the same tree, that its feature is
                // one of the row, and that a leaf is its own child; keys hold all features for every lane.
                *place = unsafe {
                    let node = *nodes.get_unchecked(*place as usize);
                    K::next::<MISSING>(node, *keys.get_unchecked(K::feature(node) * LANES + lane))
                };
            }
        };
        for _ in 0..steps {
            step(&mut places);
        }
        // SAFETY: as above.
        let node = |place: u32| unsafe { *nodes.get_unchecked(place as usize) };
        // How many steps are needed is a guess; one that has not arrived gets nearer by each. All lanes are looked at, as
        // a branch for each would be guessed wrong.
        while !places.iter().fold(true, |have, &place| have & K::is_leaf(node(place))) {
            step(&mut places);
            step(&mut places);
        }
        places.map(|place| K::leaf(node(place)))
    }

    /// One row, walking several trees side by side.
    fn add_row(&self, keys: &[K::Key], sums: &mut [f64]) {
        assert!(keys.len() >= self.features, "the caller gives whole rows");
        for trees in self.trees.chunks(LANES) {
            let mut firsts = [trees[0].0.first; LANES];
            firsts.iter_mut().zip(trees).for_each(|(first, (tree, _))| *first = tree.first);
            // SAFETY: as in `walk_group`; places are counted from the root of each tree.
            let node = |first: usize, place: u32| unsafe { *self.nodes.get_unchecked(first + place as usize) };
            let mut places = [0_u32; LANES];
            loop {
                let mut are_leaves = true;
                for (place, &first) in places.iter_mut().zip(&firsts) {
                    let node = node(first, *place);
                    are_leaves &= K::is_leaf(node);
                    // SAFETY: as above.
                    *place = K::next::<true>(node, unsafe { *keys.get_unchecked(K::feature(node)) });
                }
                if are_leaves {
                    break;
                }
            }
            for ((tree, _), place) in trees.iter().zip(places) {
                self.add_leaf(tree, K::leaf(node(tree.first, place)), sums);
            }
        }
    }

    /// Add the values of a leaf to the sums of a row.
    #[inline(always)]
    fn add_leaf(&self, tree: &Tree, leaf: usize, sums: &mut [f64]) {
        let from = (tree.value + leaf) * self.width;
        match (self.width, &mut sums[tree.column..]) {
            (1, [sum, ..]) => return *sum += self.value[from],
            (2, [first, second, ..]) => {
                let values = &self.value[from..from + 2];
                *first += values[0];
                *second += values[1];
                return;
            }
            _ => {}
        }
        let values = &self.value[from..from + self.width];
        for (sum, value) in sums[tree.column..tree.column + self.width].iter_mut().zip(values) {
            *sum += value;
        }
    }
}

#[cfg(feature = "alloc")]
impl<T: Real, K: Kind> Block<T> for Trees<'_, K> {
    fn run(&self, _: Wanted, x: Rows<'_, T>, out: &mut [T], _: &mut [T]) -> Result<(), InferenceError> {
        if x.columns() != self.features || out.len() != x.len() * self.columns {
            return Err(InferenceError::ModelCorrupted);
        }
        let begin = |sums: &mut [f64]| {
            for sums in sums.chunks_exact_mut(self.columns) {
                if self.init.is_empty() { sums.fill(0.0) } else { sums.copy_from_slice(&self.init) }
            }
        };
        if let Some(sums) = T::as_doubles(out) {
            begin(sums);
            self.add(&x, sums);
            if self.divisor != 1.0 {
                sums.iter_mut().for_each(|sum| *sum /= self.divisor);
            }
            return Ok(());
        }
        let mut sums = crate::batch::zeros::<f64>(out.len())?;
        begin(&mut sums);
        self.add(&x, &mut sums);
        out.iter_mut().zip(sums).for_each(|(out, sum)| *out = T::of_double(sum / self.divisor));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
