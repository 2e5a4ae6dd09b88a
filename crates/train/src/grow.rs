//! One tree, grown from codes by histograms.
//!
//! The samples of a node lie side by side, and a split moves those that go left before the others. For each feature that
//! is drawn, the samples are counted by code, and every border between two codes that hold samples is a possible split.
//! In a node of few samples only the codes that they have are looked at, so that a node costs about as much as it has
//! samples, whatever the number of bins.

use std::collections::BinaryHeap;

use crate::{
    bins::{Binned, Code, between},
    criteria::Criterion,
    random::Random,
};

/// Impurities up to this are none.
const PURE: f64 = f64::EPSILON;

/// The feature of a node that is a leaf.
pub const LEAF: i32 = -1;

/// How far a tree grows, and what it may look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth {
    /// Splits on the longest way.
    pub max_depth: usize,
    /// A node of fewer samples is a leaf.
    pub min_samples_split: usize,
    /// No leaf has fewer samples.
    pub min_samples_leaf: usize,
    /// No leaf has a smaller share of the weight of all samples.
    pub min_weight_fraction_leaf: f64,
    /// Leaves of a tree, which then grows where impurity falls most; without it, every node is split that can be.
    pub max_leaf_nodes: Option<usize>,
    /// A split that lets the impurity of all samples fall by less is not made.
    pub min_impurity_decrease: f64,
    /// Features that are drawn for a split, unless all of them are constant.
    pub max_features: usize,
    /// Whether the threshold of each feature is drawn too, instead of the best one.
    pub random_thresholds: bool,
}

/// A node of a tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// What is compared, or [`LEAF`].
    pub feature: i32,
    /// Values up to this go left.
    pub threshold: f32,
    /// The left child, the right one is next to it; of a leaf, its place among the values.
    pub left: u32,
    /// Whether NaN goes left.
    pub missing_left: bool,
    /// Rows that came here in training.
    pub samples: u32,
    /// Their weight.
    pub weight: f64,
    /// How mixed their targets are.
    pub impurity: f64,
}

/// A tree that was grown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tree {
    /// Nodes, from the root on; children stand behind their parent.
    pub nodes: Vec<Node>,
    /// What each leaf says, one behind the other.
    pub values: Vec<f64>,
    /// Splits on the longest way.
    pub depth: usize,
    /// How much each feature let the impurity fall, as a share of the whole weight.
    pub importances: Vec<f64>,
}

/// Where a node is to be split.
#[derive(Debug, Clone, Copy)]
struct Split {
    feature: usize,
    threshold: f32,
    /// The largest code that goes left.
    code: usize,
    missing_left: bool,
    /// How much the impurity falls, times the weight of the samples.
    decrease: f64,
}

/// A node that is not yet a leaf or split.
#[derive(Debug, Clone, Copy)]
struct Open {
    node: usize,
    start: usize,
    end: usize,
    depth: usize,
}

/// An open node with the split that it would have; the one with the largest decrease comes first, then the oldest.
struct Candidate(Open, Split);

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.1.decrease.total_cmp(&other.1.decrease).then(other.0.node.cmp(&self.0.node))
    }
}

/// The state of one tree while it grows.
pub(crate) struct Grower<'a, C, T: Criterion> {
    data: &'a Binned<C>,
    criterion: &'a T,
    growth: &'a Growth,
    samples: Vec<T::Sample>,
    aside: Vec<T::Sample>,
    weight: f64,
    min_weight_leaf: f64,
    random: Random,
    features: Vec<u32>,
    histogram: Histogram,
    group: Vec<f64>,
    tree: Tree,
}

/// Samples of a node, counted by the code of one feature. Everything is zero between two uses.
struct Histogram {
    groups: Vec<f64>,
    counts: Vec<u32>,
    touched: Touched,
    /// The codes that hold samples, in order.
    codes: Vec<u32>,
    left: Vec<f64>,
    right: Vec<f64>,
    /// The left side together with missing values.
    joined: Vec<f64>,
}

/// A set of codes that is read in order.
struct Touched {
    words: Vec<u64>,
    summary: Vec<u64>,
}

impl Touched {
    fn new(codes: usize) -> Self {
        let words = codes.div_ceil(64);
        Self { words: vec![0; words], summary: vec![0; words.div_ceil(64)] }
    }

    #[inline]
    fn insert(&mut self, code: usize) {
        self.words[code >> 6] |= 1 << (code & 63);
        self.summary[code >> 12] |= 1 << ((code >> 6) & 63);
    }

    /// Give the codes in order and forget them.
    #[inline]
    fn drain(&mut self, codes: &mut Vec<u32>) {
        for (block, summary) in self.summary.iter_mut().enumerate() {
            while *summary != 0 {
                let word = (block << 6) + summary.trailing_zeros() as usize;
                *summary &= *summary - 1;
                let mut bits = std::mem::take(&mut self.words[word]);
                while bits != 0 {
                    codes.push(((word << 6) + bits.trailing_zeros() as usize) as u32);
                    bits &= bits - 1;
                }
            }
        }
    }
}

impl Histogram {
    fn new(codes: usize, width: usize) -> Self {
        Self {
            groups: vec![0.0; codes * width],
            counts: vec![0; codes],
            touched: Touched::new(codes),
            codes: Vec::with_capacity(codes),
            left: vec![0.0; width],
            right: vec![0.0; width],
            joined: vec![0.0; width],
        }
    }

    /// Count the samples, and list the codes that they have.
    #[inline]
    fn fill<C: Code, T: Criterion>(&mut self, column: &[C], codes: usize, samples: &[T::Sample], criterion: &T) {
        let width = criterion.width();
        self.codes.clear();
        let is_dense = samples.len() >= codes / 2;
        for sample in samples {
            let code = column[T::row(sample)].place();
            criterion.add(&mut self.groups[code * width..][..width], sample);
            self.counts[code] += 1;
            if !is_dense {
                self.touched.insert(code);
            }
        }
        if is_dense {
            let held = self.counts[..codes].iter().enumerate().filter(|&(_, &count)| count > 0);
            self.codes.extend(held.map(|(code, _)| code as u32));
        } else {
            self.touched.drain(&mut self.codes);
        }
    }

    /// Forget what was counted.
    #[inline]
    fn clear(&mut self, width: usize) {
        for &code in &self.codes {
            let code = code as usize;
            self.counts[code] = 0;
            self.groups[code * width..][..width].fill(0.0);
        }
    }
}

impl<'a, C: Code, T: Criterion> Grower<'a, C, T> {
    pub(crate) fn new(
        data: &'a Binned<C>,
        criterion: &'a T,
        growth: &'a Growth,
        samples: Vec<T::Sample>,
        random: Random,
    ) -> Self {
        let (width, features) = (criterion.width(), data.bins.len());
        let weight: f64 = samples.iter().map(T::weight).sum();
        Self {
            histogram: Histogram::new(if growth.random_thresholds { 0 } else { data.most_codes() }, width),
            aside: Vec::with_capacity(samples.len()),
            data,
            criterion,
            growth,
            samples,
            weight,
            min_weight_leaf: growth.min_weight_fraction_leaf * weight,
            random,
            features: (0..features as u32).collect(),
            group: vec![0.0; width],
            tree: Tree { importances: vec![0.0; features], ..Tree::default() },
        }
    }

    /// Grow the tree to its end.
    pub(crate) fn grow(mut self) -> Tree {
        let root = Open { node: self.add_node(), start: 0, end: self.samples.len(), depth: 0 };
        match self.growth.max_leaf_nodes {
            None => self.grow_all(root),
            Some(leaves) => self.grow_best(root, leaves),
        }
        for each in &mut self.tree.importances {
            *each /= self.weight;
        }
        self.tree
    }

    /// Split whatever can be split; the left side first, so that ways through the tree lie together.
    fn grow_all(&mut self, root: Open) {
        let mut open = vec![root];
        while let Some(next) = open.pop() {
            match self.look(&next) {
                None => self.close(&next),
                Some(split) => {
                    let [left, right] = self.split(&next, &split);
                    open.extend([right, left]);
                }
            }
        }
    }

    /// Split where the impurity falls most, until there are so many leaves.
    fn grow_best(&mut self, root: Open, leaves: usize) {
        let mut candidates = BinaryHeap::new();
        let mut rest = leaves.max(1) - 1;
        self.consider(root, &mut candidates);
        while let Some(Candidate(next, split)) = candidates.pop() {
            if rest == 0 {
                self.close(&next);
                continue;
            }
            rest -= 1;
            for child in self.split(&next, &split) {
                self.consider(child, &mut candidates);
            }
        }
    }

    fn consider(&mut self, open: Open, candidates: &mut BinaryHeap<Candidate>) {
        match self.look(&open) {
            None => self.close(&open),
            Some(split) => candidates.push(Candidate(open, split)),
        }
    }

    fn add_node(&mut self) -> usize {
        let fresh = Node {
            feature: LEAF,
            threshold: 0.0,
            left: 0,
            missing_left: false,
            samples: 0,
            weight: 0.0,
            impurity: 0.0,
        };
        self.tree.nodes.push(fresh);
        self.tree.nodes.len() - 1
    }

    /// Count the samples of a node.
    fn count(&mut self, open: &Open) {
        self.group.fill(0.0);
        for sample in &self.samples[open.start..open.end] {
            self.criterion.add(&mut self.group, sample);
        }
    }

    /// Make a leaf of the node.
    fn close(&mut self, open: &Open) {
        self.count(open);
        let width = self.tree.values.len();
        self.criterion.leaf(&self.group, &self.samples[open.start..open.end], &mut self.tree.values);
        let per_leaf = self.tree.values.len() - width;
        self.tree.nodes[open.node].left = (width / per_leaf) as u32;
        self.tree.depth = self.tree.depth.max(open.depth);
    }

    /// Describe the node, and find its best split.
    fn look(&mut self, open: &Open) -> Option<Split> {
        self.count(open);
        let samples = &self.samples[open.start..open.end];
        let weight = self.criterion.weight_of(&self.group);
        let impurity = self.criterion.impurity(&self.group, samples);
        let count = samples.len();
        let node = &mut self.tree.nodes[open.node];
        (node.samples, node.weight, node.impurity) = (count as u32, weight, impurity);
        let growth = self.growth;
        let is_leaf = open.depth >= growth.max_depth
            || count < growth.min_samples_split
            || count < 2 * growth.min_samples_leaf
            || weight < 2.0 * self.min_weight_leaf
            || impurity <= PURE;
        if is_leaf {
            return None;
        }
        let split = self.best_split(open)?;
        (split.decrease / self.weight + PURE >= growth.min_impurity_decrease).then_some(split)
    }

    /// The best split among features that are drawn without repeating: of `max_features`, or of more as long as none of
    /// them differs.
    fn best_split(&mut self, open: &Open) -> Option<Split> {
        let mut best: Option<Split> = None;
        let mut has_varied = false;
        let score = self.criterion.score(&self.group);
        for drawn in 0..self.features.len() {
            if drawn >= self.growth.max_features && has_varied {
                break;
            }
            let other = drawn + self.random.below(self.features.len() - drawn);
            self.features.swap(drawn, other);
            let feature = self.features[drawn] as usize;
            let before = best.map_or(f64::NEG_INFINITY, |split| split.decrease);
            let (varies, found) = if self.growth.random_thresholds {
                self.random_threshold(open, feature, score)
            } else {
                self.best_threshold(open, feature, score, before)
            };
            has_varied |= varies;
            best = found.filter(|split| split.decrease > before).or(best);
        }
        best
    }

    /// Whether the feature varies in the node, and its best split if that is better than `before`.
    fn best_threshold(&mut self, open: &Open, feature: usize, score: f64, before: f64) -> (bool, Option<Split>) {
        let (data, criterion) = (self.data, self.criterion);
        let bins = &data.bins[feature];
        let width = criterion.width();
        let histogram = &mut self.histogram;
        histogram.fill(data.column(feature), bins.len() + 1, &self.samples[open.start..open.end], criterion);
        let varies = histogram.codes.len() > 1;
        let mut best = None;
        if varies {
            let limits = Limits {
                count: open.end - open.start,
                samples: self.growth.min_samples_leaf,
                weight: self.min_weight_leaf,
            };
            let borders = Borders { criterion, group: &self.group, limits, score, before };
            best = borders.best(histogram, bins.len()).map(|(left, right, missing_left, decrease)| {
                let threshold = if right == bins.len() { f32::INFINITY } else { bins.threshold(left, right) };
                Split { feature, threshold, code: left, missing_left, decrease }
            });
        }
        histogram.clear(width);
        (varies, best)
    }

    /// Whether the feature varies in the node, and a split at a number between its least and its largest value.
    fn random_threshold(&mut self, open: &Open, feature: usize, score: f64) -> (bool, Option<Split>) {
        let (data, criterion) = (self.data, self.criterion);
        let (column, bins) = (data.column(feature), &data.bins[feature]);
        let samples = &self.samples[open.start..open.end];
        let (mut least, mut largest, mut missing) = (usize::MAX, 0, 0_usize);
        for sample in samples {
            let code = column[T::row(sample)].place();
            if code == bins.len() {
                missing += 1;
            } else {
                least = least.min(code);
                largest = largest.max(code);
            }
        }
        if missing == samples.len() || (missing == 0 && least == largest) {
            return (false, None);
        }
        let (code, threshold) = if least == largest {
            (least, f32::INFINITY)
        } else {
            let (low, high) = (f64::from(bins.upper[least]), f64::from(bins.lower[largest]));
            let drawn = (low + self.random.unit() * (high - low)) as f32;
            let code = (bins.upper.partition_point(|&upper| upper <= drawn)).clamp(least + 1, largest) - 1;
            // Between two bins every number parts them alike; inside the next bin it must stand before it.
            let next = bins.lower[code + 1];
            (code, if drawn < next { drawn.max(bins.upper[code]) } else { between(bins.upper[code], next) })
        };
        let missing_left = missing > 0 && least < largest && self.random.below(2) == 0;
        let (left, right) = (&mut self.histogram.left, &mut self.histogram.right);
        left.fill(0.0);
        right.fill(0.0);
        let mut count = 0;
        for sample in samples {
            let own = column[T::row(sample)].place();
            let goes_left = if own == bins.len() { missing_left } else { own <= code };
            count += usize::from(goes_left);
            criterion.add(if goes_left { left } else { right }, sample);
        }
        let limits =
            Limits { count: samples.len(), samples: self.growth.min_samples_leaf, weight: self.min_weight_leaf };
        let decrease = limits.decrease(criterion, left, right, count, score);
        (true, decrease.map(|decrease| Split { feature, threshold, code, missing_left, decrease }))
    }

    /// Move the samples that go left before the others, and open both children.
    fn split(&mut self, open: &Open, split: &Split) -> [Open; 2] {
        let column = self.data.column(split.feature);
        let missing = self.data.bins[split.feature].len();
        let samples = &mut self.samples[open.start..open.end];
        self.aside.clear();
        let mut lefts = 0;
        let (mut left_weight, mut right_weight, mut saw_missing) = (0.0, 0.0, false);
        for place in 0..samples.len() {
            let sample = samples[place];
            let code = column[T::row(&sample)].place();
            let goes_left = if code == missing { split.missing_left } else { code <= split.code };
            if goes_left {
                samples[lefts] = sample;
                lefts += 1;
            } else {
                self.aside.push(sample);
            }
            if code == missing {
                saw_missing = true;
            } else if goes_left {
                left_weight += T::weight(&sample);
            } else {
                right_weight += T::weight(&sample);
            }
        }
        samples[lefts..].copy_from_slice(&self.aside);
        // Where NaN was not seen, it goes where most of the weight goes.
        let missing_left = if saw_missing { split.missing_left } else { left_weight > right_weight };
        let left = self.add_node();
        let right = self.add_node();
        let node = &mut self.tree.nodes[open.node];
        (node.feature, node.threshold) = (split.feature as i32, split.threshold);
        (node.left, node.missing_left) = (left as u32, missing_left);
        self.tree.importances[split.feature] += split.decrease.max(0.0);
        let (middle, depth) = (open.start + lefts, open.depth + 1);
        [
            Open { node: left, start: open.start, end: middle, depth },
            Open { node: right, start: middle, end: open.end, depth },
        ]
    }
}

/// What both sides of a split must have.
struct Limits {
    /// Samples of the node.
    count: usize,
    samples: usize,
    weight: f64,
}

impl Limits {
    /// How far the impurity falls; none where a side is too small.
    #[inline]
    fn decrease<T: Criterion>(
        &self,
        criterion: &T,
        left: &[f64],
        right: &[f64],
        lefts: usize,
        score: f64,
    ) -> Option<f64> {
        if lefts < self.samples || self.count - lefts < self.samples {
            return None;
        }
        let (left_weight, right_weight) = (criterion.weight_of(left), criterion.weight_of(right));
        if left_weight <= 0.0 || right_weight <= 0.0 || left_weight < self.weight || right_weight < self.weight {
            return None;
        }
        let decrease = criterion.score(left) + criterion.score(right) - score;
        (decrease > f64::NEG_INFINITY).then_some(decrease)
    }
}

/// The borders between the codes of a node.
struct Borders<'a, T> {
    criterion: &'a T,
    group: &'a [f64],
    limits: Limits,
    score: f64,
    before: f64,
}

impl<T: Criterion> Borders<'_, T> {
    /// The best border as the codes on both sides, whether NaN goes left, and the decrease.
    #[inline]
    fn best(&self, histogram: &mut Histogram, missing: usize) -> Option<(usize, usize, bool, f64)> {
        let width = self.criterion.width();
        let Histogram { groups, counts, codes, left, right, joined, .. } = histogram;
        let (left, right, joined) = (&mut left[..width], &mut right[..width], &mut joined[..width]);
        left.fill(0.0);
        let has_missing = codes.last().is_some_and(|&last| last as usize == missing);
        let gone = &groups[missing * width..][..width];
        let (mut lefts, mut best, mut most) = (0_usize, None, self.before);
        for pair in codes.windows(2) {
            let (code, next) = (pair[0] as usize, pair[1] as usize);
            add(left, &groups[code * width..][..width]);
            lefts += counts[code] as usize;
            subtract(right, self.group, left);
            let decrease = self.limits.decrease(self.criterion, left, right, lefts, self.score);
            if let Some(decrease) = decrease.filter(|&decrease| decrease > most) {
                most = decrease;
                best = Some((code, next, false, decrease));
            }
            // Behind the last number, missing values are alone on the right already.
            if has_missing && next != missing {
                joined.copy_from_slice(left);
                add(joined, gone);
                subtract(right, self.group, joined);
                let with = lefts + counts[missing] as usize;
                let decrease = self.limits.decrease(self.criterion, joined, right, with, self.score);
                if let Some(decrease) = decrease.filter(|&decrease| decrease > most) {
                    most = decrease;
                    best = Some((code, next, true, decrease));
                }
            }
        }
        best
    }
}

#[inline]
fn add(sums: &mut [f64], group: &[f64]) {
    for (sum, each) in sums.iter_mut().zip(group) {
        *sum += each;
    }
}

/// What is left of all when one side is taken off.
#[inline]
fn subtract(rest: &mut [f64], all: &[f64], side: &[f64]) {
    for ((rest, all), side) in rest.iter_mut().zip(all).zip(side) {
        *rest = all - side;
    }
}

#[cfg(test)]
mod tests;
