//! Trees side by side: one tree, or many that differ by the rows they see and the features they draw.

use crate::{
    bins::{Binned, Code},
    criteria::{Classes, Criterion, Measured, Member, Numbers},
    error::Error,
    grow::{Grower, Growth, Tree},
    random::{Random, mix},
    threads,
};

/// What a tree is grown to tell.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// The index of the class of each row, below `count`.
    Classes {
        /// One index for each row.
        indexes: &'a [i32],
        /// How many classes there are.
        count: usize,
        /// Whether impurity is entropy, else Gini's.
        entropy: bool,
    },
    /// A number for each row.
    Numbers {
        /// One number for each row.
        values: &'a [f64],
        /// Whether they are counts, with Poisson's deviance as impurity; else it is the squared error.
        poisson: bool,
    },
}

/// How many trees there are, and what each sees.
#[derive(Debug, Clone, PartialEq)]
pub struct Forest {
    /// Trees.
    pub trees: usize,
    /// Rows that are drawn with replacement for each tree, each as likely as its weight; without it, a tree sees all.
    pub draws: Option<usize>,
    /// Whether up to 65535 values of a feature stay apart, else 255.
    pub fine: bool,
    /// Where the random numbers begin.
    pub seed: u64,
    /// Threads, the calling one among them.
    pub threads: usize,
}

impl Target<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Classes { indexes, .. } => indexes.len(),
            Self::Numbers { values, .. } => values.len(),
        }
    }

    /// What tells the target of a row from others.
    fn bits(&self, row: usize) -> u64 {
        match self {
            Self::Classes { indexes, .. } => indexes[row] as u64,
            Self::Numbers { values, .. } => values[row].to_bits(),
        }
    }
}

/// Grow trees on a matrix of rows, one behind the other, of `features` columns.
///
/// Rows of the weight 0 are as if they were not there. The trees are the same for any number of threads, and, where all
/// weights are whole numbers, for rows that are repeated instead of weighted.
pub fn fit(
    x: &[f32],
    features: usize,
    target: Target<'_>,
    weights: Option<&[f64]>,
    growth: &Growth,
    forest: &Forest,
) -> Result<Vec<Tree>, Error> {
    let rows = target.len();
    require_length("x", rows * features, x.len())?;
    if let Some(weights) = weights {
        require_length("weights", rows, weights.len())?;
    }
    let used: Vec<u32> = match weights {
        None => (0..rows as u32).collect(),
        Some(weights) => (0..rows as u32).filter(|&row| weights[row as usize] > 0.0).collect(),
    };
    if used.is_empty() {
        return Err(Error::Setting {
            name: "rows",
            value: "0".to_owned(),
            allowed: "at least one of a positive weight",
        });
    }
    let weights: Option<Vec<f64>> = weights.map(|weights| used.iter().map(|&row| weights[row as usize]).collect());
    let rows = Rows { x, features, used: &used, weights: weights.as_deref() };
    Ok(if forest.fine {
        rows.grow_by::<u16>(target, growth, forest)
    } else {
        rows.grow_by::<u8>(target, growth, forest)
    })
}

/// Refuse a slice of another length.
pub(crate) fn require_length(name: &'static str, expected: usize, got: usize) -> Result<(), Error> {
    if expected == got { Ok(()) } else { Err(Error::Lengths { name, expected, got }) }
}

/// The rows that count, with their weights in the same order.
struct Rows<'a> {
    x: &'a [f32],
    features: usize,
    used: &'a [u32],
    weights: Option<&'a [f64]>,
}

impl Rows<'_> {
    fn weight(&self, place: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[place])
    }

    fn grow_by<C: Code>(&self, target: Target<'_>, growth: &Growth, forest: &Forest) -> Vec<Tree> {
        let data = Binned::<C>::new(self.x, self.features, self.used, self.weights, C::BINS, forest.threads);
        match target {
            Target::Classes { indexes, count, entropy } => {
                let member = |place: usize, weight| {
                    let class = indexes[self.used[place] as usize] as u32;
                    assert!((class as usize) < count, "classes are indexes");
                    Member { row: place as u32, class, weight }
                };
                match (count, entropy) {
                    (2, false) => self.grow(&data, target, &Classes::<2, false> { count }, member, growth, forest),
                    (3, false) => self.grow(&data, target, &Classes::<3, false> { count }, member, growth, forest),
                    (_, false) => self.grow(&data, target, &Classes::<0, false> { count }, member, growth, forest),
                    (2, true) => self.grow(&data, target, &Classes::<2, true> { count }, member, growth, forest),
                    (_, true) => self.grow(&data, target, &Classes::<0, true> { count }, member, growth, forest),
                }
            }
            Target::Numbers { values, poisson } => {
                let measured = |place: usize, weight| Measured {
                    row: place as u32,
                    weight,
                    target: values[self.used[place] as usize],
                };
                if poisson {
                    return self.grow(&data, target, &Numbers::<true> { centre: 0.0 }, measured, growth, forest);
                }
                let sum: f64 =
                    self.used.iter().enumerate().map(|(place, &row)| self.weight(place) * values[row as usize]).sum();
                let weight: f64 = (0..self.used.len()).map(|place| self.weight(place)).sum();
                self.grow(&data, target, &Numbers::<false> { centre: sum / weight }, measured, growth, forest)
            }
        }
    }

    fn grow<C: Code, T: Criterion>(
        &self,
        data: &Binned<C>,
        target: Target<'_>,
        criterion: &T,
        sample: impl Fn(usize, f64) -> T::Sample + Sync,
        growth: &Growth,
        forest: &Forest,
    ) -> Vec<Tree> {
        let urn = forest.draws.map(|_| Urn::new(self, target));
        threads::map(forest.threads, forest.trees, |tree| {
            let samples = match (&urn, forest.draws) {
                (Some(urn), Some(draws)) => {
                    let counts = urn.draw(draws, &mut Random::of(forest.seed, 2 * tree as u64));
                    let drawn = counts.iter().enumerate().filter(|&(_, &count)| count > 0);
                    drawn.map(|(place, &count)| sample(place, f64::from(count))).collect()
                }
                _ => (0..data.rows).map(|place| sample(place, self.weight(place))).collect(),
            };
            Grower::new(data, criterion, growth, samples, Random::of(forest.seed, 2 * tree as u64 + 1)).grow()
        })
    }
}

/// Rows that are drawn by weight. Equal rows stand together, in an order that their numbers alone decide, so that it
/// does not matter where a row stood or whether it was repeated or weighted.
struct Urn {
    /// Places among the rows.
    order: Vec<u32>,
    /// The weight up to each of them, itself included; without weights every row has 1.
    sums: Option<Vec<f64>>,
}

impl Urn {
    fn new(rows: &Rows<'_>, target: Target<'_>) -> Self {
        let digest = |&row: &u32| {
            let values = &rows.x[row as usize * rows.features..][..rows.features];
            values
                .iter()
                .fold(target.bits(row as usize), |digest, value| mix(digest ^ u64::from((value + 0.0).to_bits())))
        };
        let mut keyed: Vec<(u64, u32)> = rows.used.iter().map(digest).zip(0_u32..).collect();
        keyed.sort_unstable();
        let order: Vec<u32> = keyed.into_iter().map(|(_, place)| place).collect();
        let sums = rows.weights.map(|weights| {
            let add = |sum: &mut f64, &place: &u32| {
                *sum += weights[place as usize];
                Some(*sum)
            };
            order.iter().scan(0.0, add).collect()
        });
        Self { order, sums }
    }

    /// How often each place was drawn.
    fn draw(&self, draws: usize, random: &mut Random) -> Vec<u32> {
        let mut counts = vec![0; self.order.len()];
        for _ in 0..draws {
            let place = match &self.sums {
                None => (random.unit() * self.order.len() as f64) as usize,
                Some(sums) => {
                    let drawn = random.unit() * sums[sums.len() - 1];
                    sums.partition_point(|&sum| sum <= drawn)
                }
            };
            // A product may be rounded up to the end.
            counts[self.order[place.min(self.order.len() - 1)] as usize] += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests;
