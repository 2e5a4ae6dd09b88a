//! What a tree is grown for: how samples are counted, how good a group of them is, and what a leaf says.
//!
//! The score of a group is what its weight times its impurity lacks to a constant of the samples, so that the split
//! with the largest sum of two scores has the least impurity, and differences of scores are decreases of impurity.

/// How trees are grown for one kind of target.
pub(crate) trait Criterion: Sync {
    /// A row with its target and weight, as it moves through the tree.
    type Sample: Copy + Send + Sync;

    /// Numbers that a group of samples is described by.
    fn width(&self) -> usize;

    fn row(sample: &Self::Sample) -> usize;

    fn weight(sample: &Self::Sample) -> f64;

    /// Count a sample into a group.
    fn add(&self, group: &mut [f64], sample: &Self::Sample);

    /// The weight of a group.
    fn weight_of(&self, group: &[f64]) -> f64;

    /// The score of a group of a positive weight; minus infinity where a leaf cannot be made of it.
    fn score(&self, group: &[f64]) -> f64;

    /// The impurity of these samples, which are the group.
    fn impurity(&self, group: &[f64], samples: &[Self::Sample]) -> f64;

    /// Add to `values` what a leaf of these samples says.
    fn leaf(&self, group: &[f64], samples: &[Self::Sample], values: &mut Vec<f64>);
}

/// A row of a class.
#[derive(Clone, Copy)]
pub(crate) struct Member {
    pub(crate) row: u32,
    pub(crate) class: u32,
    pub(crate) weight: f64,
}

/// Classes: a group is the weight of each. `K` is their number, 0 where it is known at run time alone.
pub(crate) struct Classes<const K: usize, const ENTROPY: bool> {
    pub(crate) count: usize,
}

impl<const K: usize, const ENTROPY: bool> Criterion for Classes<K, ENTROPY> {
    type Sample = Member;

    #[inline]
    fn width(&self) -> usize {
        if K > 0 { K } else { self.count }
    }

    #[inline]
    fn row(sample: &Member) -> usize {
        sample.row as usize
    }

    #[inline]
    fn weight(sample: &Member) -> f64 {
        sample.weight
    }

    #[inline]
    fn add(&self, group: &mut [f64], sample: &Member) {
        group[sample.class as usize] += sample.weight;
    }

    #[inline]
    fn weight_of(&self, group: &[f64]) -> f64 {
        group.iter().sum()
    }

    #[inline]
    fn score(&self, group: &[f64]) -> f64 {
        let weight = self.weight_of(group);
        if ENTROPY {
            // The weight times the negated entropy in bits.
            group.iter().filter(|&&each| each > 0.0).map(|&each| each * (each / weight).log2()).sum()
        } else {
            group.iter().map(|each| each * each).sum::<f64>() / weight
        }
    }

    fn impurity(&self, group: &[f64], _: &[Member]) -> f64 {
        let weight = self.weight_of(group);
        if ENTROPY {
            return -self.score(group) / weight;
        }
        1.0 - group.iter().map(|each| (each / weight) * (each / weight)).sum::<f64>()
    }

    fn leaf(&self, group: &[f64], _: &[Member], values: &mut Vec<f64>) {
        let weight = self.weight_of(group);
        values.extend(group.iter().map(|each| each / weight));
    }
}

/// A row with a number.
#[derive(Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) row: u32,
    pub(crate) weight: f64,
    pub(crate) target: f64,
}

/// Numbers: a group is its weight and its weighted sum. With `POISSON` numbers are counts, and impurity is half the mean
/// Poisson deviance; else it is the mean squared error.
pub(crate) struct Numbers<const POISSON: bool> {
    /// What is taken off each number, so that little is lost where numbers are large and alike; 0 for counts.
    pub(crate) centre: f64,
}

impl<const POISSON: bool> Criterion for Numbers<POISSON> {
    type Sample = Measured;

    #[inline]
    fn width(&self) -> usize {
        2
    }

    #[inline]
    fn row(sample: &Measured) -> usize {
        sample.row as usize
    }

    #[inline]
    fn weight(sample: &Measured) -> f64 {
        sample.weight
    }

    #[inline]
    fn add(&self, group: &mut [f64], sample: &Measured) {
        group[0] += sample.weight;
        group[1] += sample.weight * (sample.target - self.centre);
    }

    #[inline]
    fn weight_of(&self, group: &[f64]) -> f64 {
        group[0]
    }

    #[inline]
    fn score(&self, group: &[f64]) -> f64 {
        if !POISSON {
            return group[1] * group[1] / group[0];
        }
        // A leaf that says 0 would rule out what it has not seen.
        if group[1] > 0.0 { group[1] * (group[1] / group[0]).ln() } else { f64::NEG_INFINITY }
    }

    fn impurity(&self, group: &[f64], samples: &[Measured]) -> f64 {
        let mean = mean(samples);
        let deviation = |sample: &Measured| {
            if !POISSON {
                return sample.weight * (sample.target - mean) * (sample.target - mean);
            }
            if sample.target > 0.0 { sample.weight * sample.target * (sample.target / mean).ln() } else { 0.0 }
        };
        samples.iter().map(deviation).sum::<f64>() / group[0]
    }

    fn leaf(&self, _: &[f64], samples: &[Measured], values: &mut Vec<f64>) {
        values.push(mean(samples));
    }
}

/// The mean of the numbers themselves: of samples with one number it is that number.
fn mean(samples: &[Measured]) -> f64 {
    let first = samples[0].target;
    if samples.iter().all(|sample| sample.target == first) {
        return first;
    }
    let (sum, weight) = samples
        .iter()
        .fold((0.0, 0.0), |(sum, weight), sample| (sum + sample.weight * sample.target, weight + sample.weight));
    sum / weight
}
