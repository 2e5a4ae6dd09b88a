//! Trees one after the other, each grown on what those before it got wrong.
//!
//! A tree grows leaf by leaf where it gains most. Gradients are whole numbers here: they are scaled so that the largest
//! fills the bits that are there, and 64 bits hold the sum of them together with a count, 64 more the second
//! derivatives. So sums are exact, do not depend on the order in which they are made, and the sums of a sibling are what
//! its parent has more.

use std::{collections::BinaryHeap, mem};

use crate::{
    bins::{Binned, Bins},
    error::Error,
    forest::require_length,
    grow::{LEAF, Node, Tree},
    random::Random,
    threads,
};

mod loss;

pub use loss::Loss;

/// Sums of second derivatives below this make no leaf.
const LEAST_HESSIAN: f64 = 1e-3;

/// Codes of a feature, that of NaN among them.
const CODES: usize = 256;

/// Features whose codes stand in one word.
const PACK: usize = 4;

/// Counted values from which on several threads pay.
const SHARE_FROM: usize = 100_000;

/// How trees are boosted.
#[derive(Debug, Clone, PartialEq)]
pub struct Boosting {
    /// The most rounds; each gives one tree, or one for each class where there are more than two.
    pub rounds: usize,
    /// What each tree is shrunk by.
    pub learning_rate: f64,
    /// Leaves of a tree.
    pub max_leaf_nodes: Option<usize>,
    /// Splits on the longest way.
    pub max_depth: usize,
    /// No leaf has fewer rows.
    pub min_samples_leaf: usize,
    /// What large leaf values cost.
    pub l2: f64,
    /// Bins of a feature, at most 255.
    pub max_bins: usize,
    /// Share of the rows that a tree is grown on.
    pub subsample: f64,
    /// Rounds without an improvement by `tol`, after which it ends.
    pub patience: Option<usize>,
    /// What counts as an improvement.
    pub tol: f64,
    /// Where the random numbers begin.
    pub seed: u64,
    /// Threads, the calling one among them.
    pub threads: usize,
}

/// Rows with their targets and weights.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// Rows one behind the other.
    pub x: &'a [f32],
    /// A number for each row; of a classifier the index of the class.
    pub y: &'a [f64],
    /// None where all are 1.
    pub weights: Option<&'a [f64]>,
}

/// What was boosted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Boosted {
    /// What the scores begin with, one for each output.
    pub init: Vec<f64>,
    /// The trees of a round stand together, one for each output.
    pub trees: Vec<Tree>,
    /// Mean loss on the rows of training, after each round.
    pub train_losses: Vec<f64>,
    /// Mean loss on the rows of validation, after each round.
    pub validation_losses: Vec<f64>,
    /// How much each feature gained, in all trees.
    pub importances: Vec<f64>,
}

/// Boost trees on a table of `features` columns. With `validation`, the loss on it decides when it ends early.
pub fn fit(
    table: Table<'_>,
    features: usize,
    validation: Option<Table<'_>>,
    loss: Loss,
    settings: &Boosting,
) -> Result<Boosted, Error> {
    check(&table, features)?;
    if let Some(validation) = &validation {
        check(validation, features)?;
    }
    let used: Vec<u32> = match table.weights {
        None => (0..table.y.len() as u32).collect(),
        Some(weights) => (0..table.y.len() as u32).filter(|&row| weights[row as usize] > 0.0).collect(),
    };
    if used.is_empty() {
        return Err(Error::Setting {
            name: "rows",
            value: "0".to_owned(),
            allowed: "at least one of a positive weight",
        });
    }
    let y: Vec<f64> = used.iter().map(|&row| table.y[row as usize]).collect();
    let weights: Option<Vec<f64>> = table.weights.map(|all| used.iter().map(|&row| all[row as usize]).collect());
    let data = Packed::new(&table, features, &used, weights.as_deref(), settings);
    let init = loss.init(&y, weights.as_deref());
    let mut state = State {
        raw: init.iter().copied().cycle().take(init.len() * y.len()).collect(),
        validation: validation
            .map(|table| (table, init.iter().copied().cycle().take(init.len() * table.y.len()).collect())),
        boosted: Boosted { importances: vec![0.0; features], init, ..Boosted::default() },
        y: &y,
        weights: weights.as_deref(),
    };
    state.boost(&data, features, loss, settings);
    Ok(state.boosted)
}

fn check(table: &Table<'_>, features: usize) -> Result<(), Error> {
    require_length("x", table.y.len() * features, table.x.len())?;
    table.weights.map_or(Ok(()), |weights| require_length("weights", table.y.len(), weights.len()))
}

/// Codes, [`PACK`] features in a word, one word for each row.
struct Packed {
    bins: Vec<Bins>,
    words: Vec<Vec<u32>>,
    rows: usize,
}

impl Packed {
    fn new(table: &Table<'_>, features: usize, rows: &[u32], weights: Option<&[f64]>, settings: &Boosting) -> Self {
        let binned = Binned::<u8>::new(table.x, features, rows, weights, settings.max_bins, settings.threads);
        let words = threads::map(settings.threads, features.div_ceil(PACK), |pack| {
            let mut words = vec![0_u32; rows.len()];
            for feature in pack * PACK..features.min((pack + 1) * PACK) {
                let shift = 8 * (feature % PACK);
                for (word, &code) in words.iter_mut().zip(binned.column(feature)) {
                    *word |= u32::from(code) << shift;
                }
            }
            words
        });
        Self { bins: binned.bins, words, rows: rows.len() }
    }

    #[inline]
    fn code(&self, feature: usize, row: usize) -> usize {
        (self.words[feature / PACK][row] >> (8 * (feature % PACK)) & 0xff) as usize
    }
}

/// What changes from round to round.
struct State<'a> {
    raw: Vec<f64>,
    validation: Option<(Table<'a>, Vec<f64>)>,
    boosted: Boosted,
    y: &'a [f64],
    weights: Option<&'a [f64]>,
}

impl State<'_> {
    fn boost(&mut self, data: &Packed, features: usize, loss: Loss, settings: &Boosting) {
        let outputs = self.boosted.init.len();
        let mut slopes = loss::Slopes::new(loss, data.rows);
        let mut room = Room::new(data);
        slopes.look(&self.raw, self.y, self.weights);
        for round in 0..settings.rounds {
            let bag = Bag::draw(data.rows, settings, round);
            for output in 0..outputs {
                let scale = slopes.fill(output, &self.raw, self.y, self.weights, &mut room.pairs);
                let mut grower = Grower::new(data, settings, &mut room, scale, bag.rows.clone());
                grower.grow();
                let leaves = grower.leaves(loss, settings, |row| {
                    (self.y[row] - self.raw[row], self.weights.map_or(1.0, |weights| weights[row]))
                });
                let Grower { mut tree, codes, rows, .. } = grower;
                for (place, &(start, end, value)) in leaves.iter().enumerate() {
                    tree.values.push(value);
                    for &row in &rows[start..end] {
                        self.raw[row as usize * outputs + output] += value;
                    }
                    debug_assert!(place < leaves.len());
                }
                for &row in &bag.others {
                    let leaf = walk(&tree, |place, node| {
                        let code = data.code(node.feature as usize, row as usize);
                        let is_missing = code == data.bins[node.feature as usize].len();
                        if is_missing { node.missing_left } else { code <= usize::from(codes[place]) }
                    });
                    self.raw[row as usize * outputs + output] += tree.values[leaf];
                }
                if let Some((table, raw)) = &mut self.validation {
                    for (row, values) in table.x.chunks_exact(features).enumerate() {
                        let leaf = walk(&tree, |_, node| {
                            let value = values[node.feature as usize];
                            if value.is_nan() { node.missing_left } else { value <= node.threshold }
                        });
                        raw[row * outputs + output] += tree.values[leaf];
                    }
                }
                for (sum, each) in self.boosted.importances.iter_mut().zip(&tree.importances) {
                    *sum += each;
                }
                self.boosted.trees.push(tree);
            }
            let trained = slopes.look(&self.raw, self.y, self.weights);
            self.boosted.train_losses.push(trained);
            if let Some((table, raw)) = &self.validation {
                self.boosted.validation_losses.push(loss.mean(raw, table.y, table.weights));
            }
            if settings.patience.is_some_and(|patience| self.is_done(patience, settings.tol)) {
                break;
            }
        }
    }

    /// Whether none of the last rounds is better than the one before them.
    fn is_done(&self, patience: usize, tol: f64) -> bool {
        let losses = match self.validation {
            Some(_) => &self.boosted.validation_losses,
            None => &self.boosted.train_losses,
        };
        let Some(before) = losses.len().checked_sub(patience + 1) else { return false };
        losses[before + 1..].iter().all(|&each| each >= losses[before] - tol)
    }
}

/// The place among the values of the leaf that a way ends in.
fn walk(tree: &Tree, goes_left: impl Fn(usize, &Node) -> bool) -> usize {
    let mut place = 0;
    loop {
        let node = &tree.nodes[place];
        if node.feature == LEAF {
            return node.left as usize;
        }
        place = node.left as usize + usize::from(!goes_left(place, node));
    }
}

/// The rows that a round sees, in order, and the others.
struct Bag {
    rows: Vec<u32>,
    others: Vec<u32>,
}

impl Bag {
    fn draw(rows: usize, settings: &Boosting, round: usize) -> Self {
        let wanted = ((settings.subsample * rows as f64) as usize).max(1);
        if wanted >= rows {
            return Self { rows: (0..rows as u32).collect(), others: Vec::new() };
        }
        let mut random = Random::of(settings.seed, round as u64);
        let mut bag = Self { rows: Vec::with_capacity(wanted), others: Vec::with_capacity(rows - wanted) };
        for row in 0..rows {
            // As many of the rows that are left as are still wanted.
            let is_in = random.below(rows - row) < wanted - bag.rows.len();
            if is_in { &mut bag.rows } else { &mut bag.others }.push(row as u32);
        }
        bag
    }
}

/// A gradient above the count of 1 in the low bits, and a second derivative.
type Pair = [u64; 2];

/// How the whole numbers of a tree are read.
#[derive(Debug, Clone, Copy)]
struct Scale {
    /// Bits of the count.
    count_bits: u32,
    gradient: f64,
    hessian: f64,
}

impl Scale {
    fn count(self, pair: Pair) -> usize {
        (pair[0] & ((1 << self.count_bits) - 1)) as usize
    }

    /// Gradient and second derivative in units of the scale.
    #[inline]
    fn sums(self, pair: Pair) -> (f64, f64) {
        (((pair[0] as i64) >> self.count_bits) as f64, pair[1] as f64)
    }
}

/// Memory that all trees use.
struct Room {
    pairs: Vec<Pair>,
    ordered: Vec<Pair>,
    aside: Vec<u32>,
    histograms: Vec<Vec<Pair>>,
}

impl Room {
    fn new(data: &Packed) -> Self {
        Self {
            pairs: vec![[0; 2]; data.rows],
            ordered: Vec::with_capacity(data.rows),
            aside: vec![0; data.rows],
            histograms: Vec::new(),
        }
    }
}

/// A split of a leaf.
#[derive(Debug, Clone, Copy)]
struct Split {
    feature: usize,
    code: usize,
    missing_left: bool,
    gain: f64,
    left: Pair,
}

/// A leaf that may be split; the one that gains most comes first, then the oldest.
struct Candidate {
    open: Open,
    split: Split,
    histogram: Vec<Pair>,
}

/// A node with its rows.
#[derive(Debug, Clone, Copy)]
struct Open {
    node: usize,
    start: usize,
    end: usize,
    depth: usize,
    total: Pair,
}

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
        self.split.gain.total_cmp(&other.split.gain).then(other.open.node.cmp(&self.open.node))
    }
}

/// The state of one tree while it grows.
struct Grower<'a> {
    data: &'a Packed,
    settings: &'a Boosting,
    room: &'a mut Room,
    scale: Scale,
    rows: Vec<u32>,
    tree: Tree,
    /// The largest code that goes left, of each node.
    codes: Vec<u8>,
    leaves: Vec<Open>,
}

impl<'a> Grower<'a> {
    fn new(data: &'a Packed, settings: &'a Boosting, room: &'a mut Room, scale: Scale, rows: Vec<u32>) -> Self {
        let tree = Tree { importances: vec![0.0; data.bins.len()], ..Tree::default() };
        Self { data, settings, room, scale, rows, tree, codes: Vec::new(), leaves: Vec::new() }
    }

    fn grow(&mut self) {
        let mut candidates = BinaryHeap::new();
        let mut rest = self.settings.max_leaf_nodes.unwrap_or(usize::MAX).max(1) - 1;
        let mut total = [0_u64; 2];
        for &row in &self.rows {
            add(&mut total, self.room.pairs[row as usize]);
        }
        let root = Open { node: self.add_node(), start: 0, end: self.rows.len(), depth: 0, total };
        if rest > 0 && self.may_split(&root) {
            let histogram = self.build(&root);
            self.consider(root, histogram, &mut candidates);
        } else {
            self.leaves.push(root);
        }
        while let Some(Candidate { open, split, histogram }) = candidates.pop() {
            if rest == 0 {
                self.leaves.push(open);
                self.room.histograms.push(histogram);
                continue;
            }
            rest -= 1;
            let children = self.split(&open, &split);
            self.open_children(children, histogram, rest > 0, &mut candidates);
        }
    }

    /// Whether a node is large enough and not too deep.
    fn may_split(&self, open: &Open) -> bool {
        open.depth < self.settings.max_depth && open.end - open.start >= 2 * self.settings.min_samples_leaf.max(1)
    }

    /// Count the smaller child; the larger one has the rest of its parent.
    fn open_children(
        &mut self,
        children: [Open; 2],
        mut parent: Vec<Pair>,
        is_growing: bool,
        candidates: &mut BinaryHeap<Candidate>,
    ) {
        let may_split = children.map(|child| is_growing && self.may_split(&child));
        if may_split == [false, false] {
            self.leaves.extend(children);
            self.room.histograms.push(parent);
            return;
        }
        let sizes = children.map(|child| child.end - child.start);
        let (small, large) = if sizes[0] <= sizes[1] { (0, 1) } else { (1, 0) };
        let histogram = self.build(&children[small]);
        for (rest, each) in parent.iter_mut().zip(&histogram) {
            *rest = [rest[0].wrapping_sub(each[0]), rest[1].wrapping_sub(each[1])];
        }
        for (place, histogram) in [(small, histogram), (large, parent)] {
            if may_split[place] {
                self.consider(children[place], histogram, candidates);
            } else {
                self.leaves.push(children[place]);
                self.room.histograms.push(histogram);
            }
        }
    }

    fn consider(&mut self, open: Open, histogram: Vec<Pair>, candidates: &mut BinaryHeap<Candidate>) {
        match self.best_split(&open, &histogram) {
            Some(split) => candidates.push(Candidate { open, split, histogram }),
            None => {
                self.leaves.push(open);
                self.room.histograms.push(histogram);
            }
        }
    }

    fn add_node(&mut self) -> usize {
        self.tree.nodes.push(Node {
            feature: LEAF,
            threshold: 0.0,
            left: 0,
            missing_left: false,
            samples: 0,
            weight: 0.0,
            impurity: 0.0,
        });
        self.codes.push(0);
        self.tree.nodes.len() - 1
    }

    /// Count the rows of a node by the code of every feature.
    fn build(&mut self, open: &Open) -> Vec<Pair> {
        let size = self.data.words.len() * PACK * CODES;
        let mut histogram = self.room.histograms.pop().unwrap_or_default();
        histogram.clear();
        histogram.resize(size, [0; 2]);
        let rows = &self.rows[open.start..open.end];
        let is_whole = rows.len() == self.data.rows;
        let Room { pairs, ordered, .. } = &mut *self.room;
        if !is_whole {
            ordered.clear();
            ordered.extend(rows.iter().map(|&row| pairs[row as usize]));
        }
        let pairs: &[Pair] = if is_whole { pairs } else { ordered };
        let work = rows.len() * self.data.bins.len();
        let parts: Vec<_> = histogram.chunks_exact_mut(PACK * CODES).map(std::sync::Mutex::new).collect();
        let threads = if work < SHARE_FROM { 1 } else { self.settings.threads };
        threads::each(threads, parts.len(), |pack| {
            // Each part is one task's.
            let mut part = parts[pack].lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let words = &self.data.words[pack];
            if is_whole {
                count(&mut part, words.iter().copied().zip(pairs));
            } else {
                count(&mut part, rows.iter().map(|&row| words[row as usize]).zip(pairs));
            }
        });
        drop(parts);
        histogram
    }

    fn best_split(&self, open: &Open, histogram: &[Pair]) -> Option<Split> {
        let features = self.data.bins.len();
        let look = |feature: usize| {
            let part = &histogram[feature * CODES..][..CODES];
            let has_missing = self.scale.count(part[self.data.bins[feature].len()]) > 0;
            if has_missing {
                self.best_border::<true>(open, feature, part)
            } else {
                self.best_border::<false>(open, feature, part)
            }
        };
        // On ties the first feature wins, whoever looked at it.
        let best = (0..features).filter_map(look).reduce(|best, each| if each.gain > best.gain { each } else { best });
        best.filter(|split| split.gain > 0.0)
    }

    /// The best border between codes of one feature.
    fn best_border<const MISSING: bool>(&self, open: &Open, feature: usize, part: &[Pair]) -> Option<Split> {
        let (scale, total, bins) = (self.scale, open.total, self.data.bins[feature].len());
        let least = self.settings.min_samples_leaf.max(1) as u64;
        let mask = (1_u64 << scale.count_bits) - 1;
        let (l2, least_hessian) = (self.settings.l2 * scale.hessian, LEAST_HESSIAN * scale.hessian);
        let all = total[0] & mask;
        let (gradient, hessian) = scale.sums(total);
        let gain = |left: Pair| {
            let count = left[0] & mask;
            let (left_gradient, left_hessian) = scale.sums(left);
            let (right_gradient, right_hessian) = (gradient - left_gradient, hessian - left_hessian);
            if count < least || all - count < least || left_hessian < least_hessian || right_hessian < least_hessian {
                return f64::NEG_INFINITY;
            }
            let (left_hessian, right_hessian) = (left_hessian + l2, right_hessian + l2);
            // One division instead of two.
            (left_gradient * left_gradient * right_hessian + right_gradient * right_gradient * left_hessian)
                / (left_hessian * right_hessian)
        };
        let (mut left, mut best, mut most) = ([0_u64; 2], None, f64::NEG_INFINITY);
        let borders = if MISSING { bins } else { bins.saturating_sub(1) };
        for (code, &pair) in part[..borders].iter().enumerate() {
            add(&mut left, pair);
            let found = gain(left);
            if found > most {
                (most, best) = (found, Some((code, false, left)));
            }
            if MISSING && code + 1 < bins {
                let mut with = left;
                add(&mut with, part[bins]);
                let found = gain(with);
                if found > most {
                    (most, best) = (found, Some((code, true, with)));
                }
            }
        }
        let before = gradient * gradient / (hessian + l2);
        best.map(|(code, missing_left, left)| Split { feature, code, missing_left, gain: most - before, left })
    }

    /// Move the rows that go left before the others, and open both children.
    fn split(&mut self, open: &Open, split: &Split) -> [Open; 2] {
        let bins = &self.data.bins[split.feature];
        let words = &self.data.words[split.feature / PACK];
        let shift = 8 * (split.feature % PACK);
        let missing = bins.len();
        let rows = &mut self.rows[open.start..open.end];
        let aside = &mut self.room.aside;
        let (mut lefts, mut rights) = (0, 0);
        for place in 0..rows.len() {
            let row = rows[place];
            let code = (words[row as usize] >> shift & 0xff) as usize;
            let goes_left = if code == missing { split.missing_left } else { code <= split.code };
            // Both are written, so that nothing is guessed; one of them is written over.
            rows[lefts] = row;
            aside[rights] = row;
            lefts += usize::from(goes_left);
            rights += usize::from(!goes_left);
        }
        let (count, parted) = (rows.len(), lefts);
        rows[parted..].copy_from_slice(&aside[..rights]);
        let is_last = split.code + 1 >= bins.len();
        let threshold = if is_last { f32::INFINITY } else { bins.threshold(split.code, split.code + 1) };
        let left = self.add_node();
        let right = self.add_node();
        self.codes[open.node] = split.code as u8;
        let (_, hessian) = self.scale.sums(open.total);
        self.tree.nodes[open.node] = Node {
            feature: split.feature as i32,
            threshold,
            left: left as u32,
            // Where NaN was not seen, it goes with most of the rows.
            missing_left: if self.saw_missing(open, split.feature) { split.missing_left } else { 2 * parted > count },
            samples: count as u32,
            weight: hessian / self.scale.hessian,
            impurity: 0.0,
        };
        let unit = self.scale.gradient * self.scale.gradient / self.scale.hessian;
        self.tree.importances[split.feature] += split.gain / unit;
        let rest = [open.total[0].wrapping_sub(split.left[0]), open.total[1].wrapping_sub(split.left[1])];
        let (middle, depth) = (open.start + parted, open.depth + 1);
        [
            Open { node: left, start: open.start, end: middle, depth, total: split.left },
            Open { node: right, start: middle, end: open.end, depth, total: rest },
        ]
    }

    /// Whether a row of the node misses this feature.
    fn saw_missing(&self, open: &Open, feature: usize) -> bool {
        let missing = self.data.bins[feature].len();
        self.rows[open.start..open.end].iter().any(|&row| self.data.code(feature, row as usize) == missing)
    }

    /// Finish the leaves: where the rows of each begin and end, and what it says.
    fn leaves(
        &mut self,
        loss: Loss,
        settings: &Boosting,
        residual: impl Fn(usize) -> (f64, f64),
    ) -> Vec<(usize, usize, f64)> {
        let mut leaves = mem::take(&mut self.leaves);
        leaves.sort_unstable_by_key(|leaf| leaf.start);
        let scale = self.scale;
        let finish = |(place, leaf): (usize, &Open)| {
            let (gradient, hessian) = scale.sums(leaf.total);
            let (gradient, hessian) = (gradient / scale.gradient, hessian / scale.hessian);
            let node = &mut self.tree.nodes[leaf.node];
            (node.left, node.samples, node.weight) = (place as u32, (leaf.end - leaf.start) as u32, hessian);
            self.tree.depth = self.tree.depth.max(leaf.depth);
            let value = if loss == Loss::AbsoluteError {
                let rows = &self.rows[leaf.start..leaf.end];
                loss::median(rows.iter().map(|&row| residual(row as usize)).collect())
            } else {
                -gradient / (hessian + settings.l2)
            };
            (leaf.start, leaf.end, settings.learning_rate * if value.is_finite() { value } else { 0.0 })
        };
        leaves.iter().enumerate().map(finish).collect()
    }
}

#[inline]
fn add(sum: &mut Pair, pair: Pair) {
    *sum = [sum[0].wrapping_add(pair[0]), sum[1].wrapping_add(pair[1])];
}

/// Count rows by the codes of one pack of features.
#[inline]
fn count<'a>(part: &mut [Pair], rows: impl Iterator<Item = (u32, &'a Pair)>) {
    let part: &mut [Pair; PACK * CODES] = part.try_into().expect("a part has a bin for every code");
    for (word, &pair) in rows {
        for (feature, code) in word.to_le_bytes().into_iter().enumerate() {
            add(&mut part[feature * CODES + usize::from(code)], pair);
        }
    }
}

#[cfg(test)]
mod tests;
