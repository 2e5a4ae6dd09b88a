//! Logistic regression of two or more classes: the loss, its gradient and its curvature in one pass over the data.
//!
//! What minimises it stands in Python, where a step costs nothing beside a pass.

use trueno::{Epilogue, Kernels, Right, View, ViewMut, kernels};

use crate::{
    Error,
    error::{require_groups, require_length},
    exponential::exp,
    number::Number,
    segments::{self, add},
    symmetric::{BROAD, add_products, lay, padded},
    threads,
    wide::wide,
};

/// Rows of a block: few enough for the first caches, and for a product of as many numbers up to 2 not to overflow.
const ROWS: usize = 128;

/// Additions and multiplications that repay a segment of its own.
const SEGMENT_FLOPS: usize = 1 << 22;

/// Numbers that are multiplied before a logarithm is taken of them stay below this.
const LARGE: f64 = 1e200;

/// Rows with their classes.
#[derive(Clone, Copy)]
pub struct Labelled<'a, T> {
    /// (n, d), rows one behind the other.
    pub x: &'a [T],
    /// Columns of `x`.
    pub columns: usize,
    /// (n,), each the index of a class.
    pub classes: &'a [i32],
    /// (n,); 1 each where there are none.
    pub weights: Option<&'a [f64]>,
}

/// The weighted sum of the losses of all rows at these coefficients.
///
/// Shapes: `coef` (m, d + 1), the intercept last in each row; m = 1 tells two classes apart by one score, m > 2 as many
/// classes by the softmax of their scores. `gradient` (m, d + 1). `curvature` is empty, or (m, m, d + 1, d + 1) for the
/// second derivatives, of which the lower half of the last two dimensions is written, for a second index not above the
/// first; where these differ, its negative is. Equal in every bit for any number of threads.
pub fn logistic_loss<T: Number>(
    data: Labelled<'_, T>,
    coef: &[f64],
    threads: usize,
    gradient: &mut [f64],
    curvature: &mut [f64],
) -> Result<f64, Error> {
    let (d, width) = (data.columns, data.columns + 1);
    let (rows, m) = (data.x.len().checked_div(d).unwrap_or(0), coef.len() / width);
    require_length("x", rows * d, data.x)?;
    require_length("coef", m.max(1) * width, coef)?;
    require_length("gradient", m * width, gradient)?;
    require_groups("classes", m.max(2), rows, Some(data.classes))?;
    data.weights.map_or(Ok(()), |weights| require_length("weights", rows, weights))?;
    if !curvature.is_empty() {
        require_length("curvature", m * width * m * width, curvature)?;
    }
    let flops = 4 * m * width + if curvature.is_empty() { 0 } else { m * m * width * width };
    let segments = segments::count(rows, (SEGMENT_FLOPS / flops).max(ROWS));
    let has_curvature = !curvature.is_empty();
    let work = |place| {
        let mut pass = Pass::new(data, coef, has_curvature);
        let (first, last) = segments::bounds(rows, segments, ROWS, place);
        for start in (first..last).step_by(ROWS) {
            pass.add(start, last.min(start + ROWS))?;
        }
        Ok::<_, Error>((pass.loss, pass.gradient, pass.curvature))
    };
    gradient.fill(0.0);
    curvature.fill(0.0);
    let answers = threads::map(threads, segments, work);
    let mut loss = 0.0;
    for answer in answers {
        let (part, slope, bend) = answer?;
        loss += part;
        add(gradient, &slope[..m * width]);
        let stride = padded(width);
        for (out, bend) in curvature.chunks_exact_mut(width * width).zip(bend.chunks_exact(stride * stride)) {
            for (out, bend) in out.chunks_exact_mut(width).zip(bend.chunks_exact(stride)) {
                add(out, &bend[..width]);
            }
        }
    }
    Ok(loss)
}

/// What one thread has added up, and its scratch memory.
struct Pass<'a, T> {
    data: Labelled<'a, T>,
    /// Scores of a row.
    m: usize,
    kernels: &'static Kernels,
    loss: f64,
    gradient: Vec<f64>,
    curvature: Vec<f64>,
    /// (m, d + 1); for two classes padded to whole panels, as the gradient is.
    coef: Vec<f64>,
    /// (ROWS, d + 1), the last column of ones; for two classes in panels.
    block: Vec<f64>,
    /// (ROWS, m): scores, then what each adds to the gradient.
    slopes: Vec<f64>,
    /// (ROWS, m): probabilities.
    probabilities: Vec<f64>,
    /// (ROWS,): what each row adds to the curvature for two scores.
    shares: Vec<f64>,
    /// (ROWS, padded d + 1): rows times the roots of what they add to the curvature.
    scaled: Vec<f64>,
}

impl<'a, T: Number> Pass<'a, T> {
    fn new(data: Labelled<'a, T>, coef: &[f64], has_curvature: bool) -> Self {
        let width = data.columns + 1;
        let (m, stride) = (coef.len() / width, if has_curvature { padded(width) } else { 0 });
        let wide = if m == 1 { padded(width) } else { width };
        let zeros = |length| vec![0.0; length];
        let mut own_coef = zeros(m * wide);
        own_coef[..coef.len()].copy_from_slice(coef);
        Self {
            data,
            m,
            kernels: kernels(),
            loss: 0.0,
            gradient: zeros(m * wide),
            curvature: zeros(m * m * stride * stride),
            coef: own_coef,
            block: zeros(ROWS * wide),
            slopes: zeros(ROWS * m),
            probabilities: zeros(ROWS * m),
            shares: zeros(ROWS),
            scaled: zeros(ROWS * stride),
        }
    }

    fn add(&mut self, first: usize, last: usize) -> Result<(), Error> {
        if self.m == 1 {
            self.add_of_two(first, last);
            return Ok(());
        }
        let (d, m, width, rows) = (self.data.columns, self.m, self.data.columns + 1, last - first);
        load(&self.data.x[first * d..last * d], d, &mut self.block);
        let block = &self.block[..rows * width];
        let (classes, weights) = (&self.data.classes[first..last], self.data.weights.map(|all| &all[first..last]));
        let (slopes, probabilities) = (&mut self.slopes[..rows * m], &mut self.probabilities[..rows * m]);
        let x = View::new(block, rows, width)?;
        let turned = View::new(&self.coef, m, width)?.transposed();
        let mut scores = ViewMut::new(slopes, rows, m)?;
        self.kernels.matmul(x, Right::View(turned), Epilogue::default(), &mut scores, 1)?;
        self.loss += several_classes(classes, weights, m, slopes, probabilities);
        let turned = View::new(slopes, rows, m)?.transposed();
        let epilogue = Epilogue { accumulate: true, ..Epilogue::default() };
        let mut gradient = ViewMut::new(&mut self.gradient, m, width)?;
        self.kernels.matmul(turned, Right::View(x), epilogue, &mut gradient, 1)?;
        if !self.curvature.is_empty() {
            self.add_curvature(rows, weights);
        }
        Ok(())
    }

    /// For one score everything is done panel by panel: products of so few numbers are sooner done than asked for.
    fn add_of_two(&mut self, first: usize, last: usize) {
        let (d, stride, rows) = (self.data.columns, padded(self.data.columns + 1), last - first);
        let block = &mut self.block[..rows * stride];
        load_panels(&self.data.x[first * d..last * d], d, block);
        let (classes, weights) = (&self.data.classes[first..last], self.data.weights.map(|all| &all[first..last]));
        let (slopes, probabilities) = (&mut self.slopes[..rows], &mut self.probabilities[..rows]);
        panels_dot(block, &self.coef, slopes);
        self.loss += two_classes(classes, weights, slopes, probabilities);
        add_panels(block, slopes, &mut self.gradient);
        if !self.curvature.is_empty() {
            let scaled = &mut self.scaled[..rows * stride];
            scale_panels(block, weights, probabilities, scaled);
            add_products(scaled, rows, stride, &mut self.curvature);
        }
    }

    fn add_curvature(&mut self, rows: usize, weights: Option<&[f64]>) {
        let (m, width, stride) = (self.m, self.data.columns + 1, padded(self.data.columns + 1));
        let block = &self.block[..rows * width];
        if rows < ROWS {
            // Panels of a shorter block begin elsewhere, where numbers stand that pad nothing.
            self.scaled.fill(0.0);
        }
        let scaled = &mut self.scaled[..rows * stride];
        for a in 0..m {
            for b in 0..=a {
                let shares = &mut self.shares[..rows];
                for ((row, share), p) in shares.iter_mut().enumerate().zip(self.probabilities.chunks_exact(m)) {
                    let both = if a == b { p[a] * (1.0 - p[b]) } else { p[a] * p[b] };
                    *share = weights.map_or(1.0, |weights| weights[row]) * both;
                }
                scale(block, width, shares, scaled);
                let out = &mut self.curvature[(a * m + b) * stride * stride..(a * m + b + 1) * stride * stride];
                add_products(scaled, rows, stride, out);
            }
        }
    }
}

wide! {
    /// Rows in double precision with a one behind each.
    fn load<T: Number>(x: &[T], columns: usize, out: &mut [f64]) {
        for (row, out) in x.chunks_exact(columns).zip(out.chunks_exact_mut(columns + 1)) {
            out.iter_mut().zip(row).for_each(|(out, value)| *out = value.double());
            out[columns] = 1.0;
        }
    }
}

wide! {
    /// The same in panels, padded with zeros.
    fn load_panels<T: Number>(x: &[T], columns: usize, out: &mut [f64]) {
        let rows = x.len() / columns;
        for (place, panel) in out.chunks_exact_mut(rows * BROAD).enumerate() {
            let (first, behind) = (place * BROAD, (place + 1) * BROAD);
            if behind <= columns {
                for (row, out) in x.chunks_exact(columns).zip(panel.chunks_exact_mut(BROAD)) {
                    let row = &row[first..behind];
                    (0..BROAD).for_each(|lane| out[lane] = row[lane].double());
                }
            } else {
                for (row, out) in x.chunks_exact(columns).zip(panel.chunks_exact_mut(BROAD)) {
                    let (row, mut values) = (&row[first..], [0.0; BROAD]);
                    values.iter_mut().zip(row).for_each(|(out, value)| *out = value.double());
                    values[row.len()] = 1.0;
                    out.copy_from_slice(&values);
                }
            }
        }
    }
}

wide! {
    /// The product of each row and the coefficients.
    fn panels_dot(block: &[f64], coef: &[f64], out: &mut [f64]) {
        const LANES: usize = BROAD / 2;
        let (mut sums, rows) = ([[0.0; LANES]; ROWS], out.len());
        for (panel, coef) in block.chunks_exact(rows * BROAD).zip(coef.chunks_exact(BROAD)) {
            let coef: [f64; BROAD] = std::array::from_fn(|lane| coef[lane]);
            for (values, sums) in panel.chunks_exact(BROAD).zip(&mut sums) {
                for lane in 0..LANES {
                    sums[lane] += values[lane] * coef[lane] + values[lane + LANES] * coef[lane + LANES];
                }
            }
        }
        out.iter_mut().zip(&sums).for_each(|(out, sums)| *out = (sums[0] + sums[1]) + (sums[2] + sums[3]));
    }
}

wide! {
    /// The rows added to `out`, each times its factor.
    fn add_panels(block: &[f64], factors: &[f64], out: &mut [f64]) {
        for (panel, out) in block.chunks_exact(factors.len() * BROAD).zip(out.chunks_exact_mut(BROAD)) {
            let mut sums = [0.0; BROAD];
            for (values, factor) in panel.chunks_exact(BROAD).zip(factors) {
                (0..BROAD).for_each(|lane| sums[lane] += factor * values[lane]);
            }
            add(out, &sums);
        }
    }
}

wide! {
    /// Each row times the root of what it adds to the curvature.
    fn scale_panels(block: &[f64], weights: Option<&[f64]>, probabilities: &[f64], out: &mut [f64]) {
        let (mut roots, rows) = ([0.0; ROWS], probabilities.len());
        roots.iter_mut().zip(probabilities).for_each(|(root, p)| *root = p * (1.0 - p));
        if let Some(weights) = weights {
            roots.iter_mut().zip(weights).for_each(|(root, weight)| *root *= weight);
        }
        roots[..rows].iter_mut().for_each(|root| *root = root.sqrt());
        for (panel, out) in block.chunks_exact(rows * BROAD).zip(out.chunks_exact_mut(rows * BROAD)) {
            for ((values, out), root) in panel.chunks_exact(BROAD).zip(out.chunks_exact_mut(BROAD)).zip(&roots) {
                (0..BROAD).for_each(|lane| out[lane] = root * values[lane]);
            }
        }
    }
}

wide! {
    /// Each row times the root of its share, as a block of panels.
    fn scale(block: &[f64], width: usize, shares: &[f64], out: &mut [f64]) {
        let (mut values, rows) = (vec![0.0; width], block.len() / width);
        for (row, (numbers, share)) in block.chunks_exact(width).zip(shares).enumerate() {
            let root = share.sqrt();
            values.iter_mut().zip(numbers).for_each(|(value, number)| *value = root * number);
            lay(&values, row, rows, out);
        }
    }
}

wide! {
    /// From scores to slopes and probabilities of the second class; the sum of losses.
    fn two_classes(classes: &[i32], weights: Option<&[f64]>, slopes: &mut [f64], probabilities: &mut [f64]) -> f64 {
        let (mut below, mut factors) = ([0.0; ROWS], [1.0; ROWS]);
        for ((class, slope), (probability, (below, factor))) in classes
            .iter()
            .zip(slopes.iter_mut())
            .zip(probabilities.iter_mut().zip(below.iter_mut().zip(&mut factors)))
        {
            let (sign, score) = (f64::from(2 * class - 1), *slope);
            let margin = sign * score;
            let small = exp(-margin.abs());
            *factor = 1.0 + small;
            let inverse = 1.0 / *factor;
            *below = (-margin).max(0.0);
            *slope = -sign * if margin > 0.0 { small * inverse } else { inverse };
            *probability = if score > 0.0 { inverse } else { small * inverse };
        }
        let Some(weights) = weights else {
            return below.iter().sum::<f64>() + factors.iter().product::<f64>().ln();
        };
        let mut loss = 0.0;
        for ((slope, weight), (below, factor)) in slopes.iter_mut().zip(weights).zip(below.iter().zip(&factors)) {
            loss += weight * (below + factor.ln());
            *slope *= weight;
        }
        loss
    }
}

wide! {
    /// The same for the softmax of several scores.
    fn several_classes(
        classes: &[i32], weights: Option<&[f64]>, m: usize, slopes: &mut [f64], probabilities: &mut [f64]
    ) -> f64 {
        let (mut loss, mut product) = (0.0, 1.0);
        for (row, class) in classes.iter().enumerate() {
            let (slopes, probabilities) =
                (&mut slopes[row * m..(row + 1) * m], &mut probabilities[row * m..(row + 1) * m]);
            let class = *class as usize;
            let largest = slopes.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let own = slopes[class] - largest;
            for (probability, score) in probabilities.iter_mut().zip(&*slopes) {
                *probability = exp(score - largest);
            }
            let sum: f64 = probabilities.iter().sum();
            let (inverse, weight) = (1.0 / sum, weights.map_or(1.0, |weights| weights[row]));
            for (probability, slope) in probabilities.iter_mut().zip(&mut *slopes) {
                *probability *= inverse;
                *slope = weight * *probability;
            }
            slopes[class] -= weight;
            if weights.is_some() {
                loss += weight * (sum.ln() - own);
            } else {
                loss -= own;
                product *= sum;
                if product > LARGE {
                    loss += product.ln();
                    product = 1.0;
                }
            }
        }
        loss + product.ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(m: usize, coef: &[f64], weights: Option<&[f64]>, threads: usize, curvature: &mut [f64]) -> (f64, Vec<f64>) {
        let x: Vec<f64> = (0..3000).map(|place| f64::from((place * 7919 + 13) % 101) / 50.0 - 1.0).collect();
        let classes: Vec<i32> = (0..1000).map(|row| (row * 31 % 7) % (m.max(2) as i32)).collect();
        let mut gradient = vec![0.0; coef.len()];
        let data = Labelled { x: &x, columns: 3, classes: &classes, weights };
        let value = logistic_loss(data, coef, threads, &mut gradient, curvature).unwrap();
        (value, gradient)
    }

    fn coef(m: usize) -> Vec<f64> {
        (0..4 * m).map(|place| f64::from(place as i32 * 5 % 7) / 3.0 - 1.0).collect()
    }

    #[test]
    fn gradients_and_curvatures_are_those_of_the_loss() {
        let weights: Vec<f64> = (0..1000).map(|row| f64::from(row % 5) / 2.0).collect();
        for m in [1, 3] {
            for weights in [None, Some(&weights[..])] {
                let (coef, step) = (coef(m), 1e-5);
                let mut curvature = vec![0.0; 16 * m * m];
                let (_, gradient) = loss(m, &coef, weights, 1, &mut curvature);
                for place in 0..4 * m {
                    let moved = |by: f64| {
                        let mut coef = coef.clone();
                        coef[place] += by;
                        loss(m, &coef, weights, 1, &mut [])
                    };
                    let ((more, above), (less, below)) = (moved(step), moved(-step));
                    assert!((gradient[place] - (more - less) / (2.0 * step)).abs() < 1e-5);
                    let (a, i) = (place / 4, place % 4);
                    for b in 0..=a {
                        for j in 0..=i {
                            let expected = (above[4 * b + j] - below[4 * b + j]) / (2.0 * step);
                            let sign = if a == b { 1.0 } else { -1.0 };
                            assert!((sign * curvature[(a * m + b) * 16 + 4 * i + j] - expected).abs() < 1e-4);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn two_classes_by_one_score_are_two_classes_by_two_scores() {
        let one = coef(1);
        let two: Vec<f64> = one.iter().map(|_| 0.0).chain(one.iter().copied()).collect();
        let weights = vec![1.0; 1000];
        let (expected, gradient) = loss(1, &one, None, 1, &mut []);
        let (found, slopes) = loss(2, &two, None, 3, &mut []);
        assert!((found - expected).abs() < 1e-9 && (gradient[1] - slopes[5]).abs() < 1e-9);
        assert!((loss(1, &one, Some(&weights), 1, &mut []).0 - expected).abs() < 1e-9);
    }
}
