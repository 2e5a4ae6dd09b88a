//! Linear support vector machines by descent in the dual: one multiplier for each row.

use crate::{
    Error,
    error::{require_length, require_setting},
    number::Number,
    random::Random,
    wide::wide,
};

/// What a support vector machine is to do.
#[derive(Debug, Clone, Copy)]
pub struct Margin {
    /// Whether losses are squared.
    pub is_squared: bool,
    /// Half the width of the tube in which regression has no loss; no meaning for classes.
    pub epsilon: f64,
    /// What stands behind each row for the intercept; 0 for none.
    pub ones: f64,
    /// How far from each other projected gradients may be at the end.
    pub tolerance: f64,
    /// Passes over the rows at most.
    pub passes: usize,
    /// The order of rows in each pass comes from it.
    pub seed: u64,
}

/// Multipliers whose change is smaller than this are left.
const LEAST_CHANGE: f64 = 1e-12;

/// Rows with targets: 1 and -1 for classes, numbers for regression; and the weight of each row's loss.
#[derive(Clone, Copy)]
pub struct Targets<'a, T> {
    /// (n, d), rows one behind the other.
    pub x: &'a [T],
    /// (n,).
    pub y: &'a [f64],
    /// (n,): C times the weight of each row.
    pub costs: &'a [f64],
}

impl<T: Number> Targets<'_, T> {
    fn check(&self, margin: &Margin, coef: &[f64]) -> Result<(), Error> {
        let (rows, columns) = (self.y.len(), coef.len().saturating_sub(1));
        require_setting("coef", coef.len() > 1, coef.len(), "one longer than a row")?;
        require_setting("tolerance", margin.tolerance > 0.0, margin.tolerance, "above 0")?;
        require_length("x", rows * columns, self.x)?;
        require_length("costs", rows, self.costs)
    }
}

#[inline(always)]
fn product<T: Number>(row: &[T], ones: f64, coef: &[f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let (rows, coefs) = (row.chunks_exact(4), coef[..row.len()].chunks_exact(4));
    let rest: f64 = rows.remainder().iter().zip(coefs.remainder()).map(|(x, w)| x.double() * w).sum();
    for (x, w) in rows.zip(coefs) {
        for lane in 0..4 {
            lanes[lane] += x[lane].double() * w[lane];
        }
    }
    lanes[0] + lanes[1] + lanes[2] + lanes[3] + rest + ones * coef[row.len()]
}

#[inline(always)]
fn add_row<T: Number>(row: &[T], ones: f64, factor: f64, coef: &mut [f64]) {
    coef.iter_mut().zip(row).for_each(|(w, x)| *w += factor * x.double());
    coef[row.len()] += factor * ones;
}

#[inline(always)]
fn squares<T: Number>(row: &[T], ones: f64) -> f64 {
    row.iter().map(|x| x.double() * x.double()).sum::<f64>() + ones * ones
}

/// The rows that are looked at, and how far their gradients went in this pass and may go in the next.
struct Active {
    rows: Vec<usize>,
    count: usize,
    high: f64,
    low: f64,
    bound_high: f64,
    bound_low: f64,
}

impl Active {
    fn new(rows: usize) -> Self {
        let (high, low) = (f64::NEG_INFINITY, f64::INFINITY);
        Self { rows: (0..rows).collect(), count: rows, high, low, bound_high: f64::INFINITY, bound_low: -f64::INFINITY }
    }

    fn shuffle(&mut self, random: &mut Random) {
        for place in 0..self.count {
            let other = place + random.below(self.count - place);
            self.rows.swap(place, other);
        }
        (self.high, self.low) = (f64::NEG_INFINITY, f64::INFINITY);
    }

    fn drop_row(&mut self, place: usize) {
        self.count -= 1;
        self.rows.swap(place, self.count);
    }

    fn see(&mut self, gradient: f64) {
        self.high = self.high.max(gradient);
        self.low = self.low.min(gradient);
    }

    /// Whether all rows have come to rest; those that were left out come back before it is believed.
    fn is_done(&mut self, tolerance: f64) -> bool {
        if self.count == 0 || self.high - self.low <= tolerance {
            if self.count == self.rows.len() {
                return true;
            }
            self.count = self.rows.len();
            (self.bound_high, self.bound_low) = (f64::INFINITY, f64::NEG_INFINITY);
            return false;
        }
        self.bound_high = if self.high > 0.0 { self.high } else { f64::INFINITY };
        self.bound_low = if self.low < 0.0 { self.low } else { f64::NEG_INFINITY };
        false
    }
}

/// Tell two classes apart: `½ |w|² + Σ costs * max(0, 1 - y * score)`, the loss squared or not.
///
/// Shapes: `coef` (d + 1,), what belongs to `ones` last; it is written. Gives the passes that were made. Cost: 4 * n * d
/// per pass at most; rows whose multiplier stays at a bound are left out of later passes.
///
/// Source: Hsieh et al. 2008, algorithm 3. Differs: random numbers are our own, so that a seed gives the same machine
/// everywhere.
pub fn separate<T: Number>(data: Targets<'_, T>, margin: Margin, coef: &mut [f64]) -> Result<usize, Error> {
    data.check(&margin, coef)?;
    Ok(separate_rows(data, margin, coef))
}

wide! {
    fn separate_rows<T: Number>(data: Targets<'_, T>, margin: Margin, coef: &mut [f64]) -> usize {
        let (n, d) = (data.y.len(), coef.len() - 1);
        let row = |place: usize| &data.x[place * d..(place + 1) * d];
        let soft = |cost: f64| if margin.is_squared { (0.5 / cost, f64::INFINITY) } else { (0.0, cost) };
        let diagonal: Vec<f64> =
            (0..n).map(|place| squares(row(place), margin.ones) + soft(data.costs[place]).0).collect();
        let (mut alpha, mut active, mut random) = (vec![0.0; n], Active::new(n), Random::of(margin.seed, 0));
        // A row without weight has no multiplier.
        active.rows.retain(|&place| data.costs[place] > 0.0);
        active.count = active.rows.len();
        coef.fill(0.0);
        for pass in 1..=margin.passes {
            active.shuffle(&mut random);
            let mut place = 0;
            while place < active.count {
                let i = active.rows[place];
                let (softness, bound) = soft(data.costs[i]);
                let gradient = data.y[i] * product(row(i), margin.ones, coef) - 1.0 + softness * alpha[i];
                let (at_zero, at_bound) = (alpha[i] == 0.0, alpha[i] == bound);
                if (at_zero && gradient > active.bound_high) || (at_bound && gradient < active.bound_low) {
                    active.drop_row(place);
                    continue;
                }
                let projected =
                    if at_zero { gradient.min(0.0) } else if at_bound { gradient.max(0.0) } else { gradient };
                active.see(projected);
                if projected.abs() > LEAST_CHANGE && diagonal[i] > 0.0 {
                    let after = (alpha[i] - gradient / diagonal[i]).max(0.0).min(bound);
                    add_row(row(i), margin.ones, (after - alpha[i]) * data.y[i], coef);
                    alpha[i] = after;
                }
                place += 1;
            }
            if active.is_done(margin.tolerance) {
                return pass;
            }
        }
        margin.passes + 1
    }
}

/// Tell numbers: `½ |w|² + Σ costs * max(0, |y - score| - epsilon)`, the loss squared or not.
///
/// Shapes: `coef` (d + 1,), what belongs to `ones` last; it is written. Gives the passes that were made, one more than
/// allowed where they did not suffice; likewise [`separate`].
///
/// Source: Ho & Lin 2012, algorithm 4.
pub fn regress<T: Number>(data: Targets<'_, T>, margin: Margin, coef: &mut [f64]) -> Result<usize, Error> {
    data.check(&margin, coef)?;
    Ok(regress_rows(data, margin, coef))
}

wide! {
    fn regress_rows<T: Number>(data: Targets<'_, T>, margin: Margin, coef: &mut [f64]) -> usize {
        let (n, d) = (data.y.len(), coef.len() - 1);
        let row = |place: usize| &data.x[place * d..(place + 1) * d];
        let soft = |cost: f64| if margin.is_squared { (0.5 / cost, f64::INFINITY) } else { (0.0, cost) };
        let diagonal: Vec<f64> =
            (0..n).map(|place| squares(row(place), margin.ones) + soft(data.costs[place]).0).collect();
        let (mut beta, mut random) = (vec![0.0_f64; n], Random::of(margin.seed, 0));
        let mut rows: Vec<usize> = (0..n).filter(|&place| data.costs[place] > 0.0).collect();
        let (mut count, mut bound_violation, mut first_violation) = (rows.len(), f64::INFINITY, 0.0);
        coef.fill(0.0);
        for pass in 1..=margin.passes {
            for place in 0..count {
                rows.swap(place, place + random.below(count - place));
            }
            let (mut largest, mut sum, mut place) = (0.0_f64, 0.0, 0);
            while place < count {
                let i = rows[place];
                let (softness, bound) = soft(data.costs[i]);
                let gradient = product(row(i), margin.ones, coef) - data.y[i] + softness * beta[i];
                let (above, below) = (gradient + margin.epsilon, gradient - margin.epsilon);
                let violation = violation(beta[i], bound, above, below);
                if violation == 0.0 && is_settled(beta[i], bound, above, below, bound_violation) {
                    count -= 1;
                    rows.swap(place, count);
                    continue;
                }
                largest = largest.max(violation);
                sum += violation;
                if violation > LEAST_CHANGE && diagonal[i] > 0.0 {
                    let pull = diagonal[i] * beta[i];
                    let step = if above < pull { -above } else if below > pull { -below } else { -pull };
                    let after = (beta[i] + step / diagonal[i]).clamp(-bound, bound);
                    add_row(row(i), margin.ones, after - beta[i], coef);
                    beta[i] = after;
                }
                place += 1;
            }
            if pass == 1 {
                first_violation = sum;
            }
            bound_violation = largest;
            if sum <= margin.tolerance * first_violation {
                if count == rows.len() {
                    return pass;
                }
                (count, bound_violation) = (rows.len(), f64::INFINITY);
            }
        }
        margin.passes + 1
    }
}

/// How far a multiplier is from where the slopes on both sides of it would let it rest.
#[inline(always)]
fn violation(beta: f64, bound: f64, above: f64, below: f64) -> f64 {
    if beta == 0.0 {
        (-above).max(below).max(0.0)
    } else if beta >= bound {
        above.max(0.0)
    } else if beta <= -bound {
        (-below).max(0.0)
    } else {
        (if beta > 0.0 { above } else { below }).abs()
    }
}

/// Whether a multiplier at a bound will stay there for all that the last pass tells.
#[inline(always)]
fn is_settled(beta: f64, bound: f64, above: f64, below: f64, violation: f64) -> bool {
    if beta == 0.0 {
        above > violation && below < -violation
    } else if beta >= bound {
        above < -violation
    } else {
        beta <= -bound && below > violation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARGIN: Margin =
        Margin { is_squared: false, epsilon: 0.0, ones: 1.0, tolerance: 1e-7, passes: 100_000, seed: 1 };

    fn best(objective: impl Fn(&[f64]) -> f64, coef: &[f64]) {
        let least = objective(coef);
        for place in 0..coef.len() {
            for by in [-1e-2, 1e-2] {
                let mut moved = coef.to_vec();
                moved[place] += by;
                assert!(objective(&moved) > least, "{place} {by}");
            }
        }
    }

    fn data() -> (Vec<f32>, Vec<f64>, Vec<f64>) {
        let x = (0..300).map(|place| ((place * 7919 + 13) % 101) as f32 / 50.0 - 1.0).collect::<Vec<_>>();
        let noise = (0..100).map(|row| f64::from((row * 37 + 11) % 53) / 26.0 - 1.0);
        let y = x.chunks(3).zip(noise).map(|(row, noise)| f64::from(row[0] - 0.5 * row[1]) + 0.3 + noise).collect();
        (x, y, (0..100).map(|row| f64::from(row % 4) / 2.0).collect())
    }

    #[test]
    fn no_move_of_a_coefficient_makes_the_objective_smaller() {
        let (x, numbers, costs) = data();
        let signs: Vec<f64> = numbers.iter().map(|y| y.signum()).collect();
        for is_squared in [false, true] {
            for is_class in [false, true] {
                let margin = Margin { is_squared, epsilon: 0.1, ..MARGIN };
                let y = if is_class { &signs } else { &numbers };
                let data = Targets { x: &x, y, costs: &costs };
                let mut coef = [0.0; 4];
                let passes =
                    if is_class { separate(data, margin, &mut coef) } else { regress(data, margin, &mut coef) };
                assert!(passes.unwrap() <= margin.passes);
                let objective = |coef: &[f64]| {
                    let loss = |(row, (y, cost)): (&[f32], (&f64, &f64))| {
                        let score = product(row, 1.0, coef);
                        let off = if is_class { 1.0 - y * score } else { (y - score).abs() - 0.1 }.max(0.0);
                        cost * if is_squared { off * off } else { off }
                    };
                    let losses = x.chunks(3).zip(y.iter().zip(&costs)).map(loss).sum::<f64>();
                    0.5 * coef.iter().map(|w| w * w).sum::<f64>() + losses
                };
                best(objective, &coef);
            }
        }
    }

    #[test]
    fn a_seed_gives_the_same_machine() {
        let (x, y, costs) = data();
        let run = |seed| {
            let mut coef = [0.0; 4];
            let margin = Margin { seed, tolerance: 0.1, ..MARGIN };
            regress(Targets { x: &x, y: &y, costs: &costs }, margin, &mut coef).unwrap();
            coef
        };
        assert_eq!(run(3), run(3));
        assert_ne!(run(3), run(4));
    }
}
