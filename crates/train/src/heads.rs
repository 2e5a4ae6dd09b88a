//! From the scores of a network to losses, and to how these change with the scores.

use crate::{exponential::exp, mlp::Wanted, wide::wide};

/// The rows of a batch and their weights.
pub(crate) struct Chosen {
    rows: Vec<usize>,
    weights: Vec<f64>,
}

impl Chosen {
    pub(crate) fn with_room(batch: usize) -> Self {
        Self { rows: Vec::with_capacity(batch), weights: Vec::with_capacity(batch) }
    }

    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.weights.clear();
    }

    pub(crate) fn push(&mut self, row: usize, weight: f64) {
        self.rows.push(row);
        self.weights.push(weight);
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The sum of the weights.
    pub(crate) fn total(&self) -> f64 {
        self.weights.iter().sum()
    }
}

/// The weighted sum of the losses of rows; their scores (rows, `columns`) become slopes.
///
/// Of one score the loss is that of the logistic function, of several that of the softmax, of numbers half the mean of
/// squared differences; as in scikit-learn, slopes of numbers are not divided by how many a row has.
pub(crate) fn slopes(wanted: Wanted<'_>, chosen: &Chosen, columns: usize, scores: &mut [f32]) -> f64 {
    match wanted {
        Wanted::Classes(classes) if columns == 1 => two_classes(classes, chosen, scores),
        Wanted::Classes(classes) => several_classes(classes, chosen, columns, scores),
        Wanted::Numbers(numbers) => 0.5 * differences(numbers, chosen, columns, scores) / columns as f64,
    }
}

wide! {
    fn two_classes(classes: &[i32], chosen: &Chosen, scores: &mut [f32]) -> f64 {
        let mut loss = 0.0;
        for ((&row, weight), score) in chosen.rows.iter().zip(&chosen.weights).zip(scores) {
            let (sign, x) = (f64::from(2 * classes[row] - 1), f64::from(*score));
            let margin = sign * x;
            let small = exp(-margin.abs());
            let inverse = 1.0 / (1.0 + small);
            loss += weight * ((-margin).max(0.0) + small.ln_1p());
            *score = (-sign * weight * if margin > 0.0 { small * inverse } else { inverse }) as f32;
        }
        loss
    }
}

wide! {
    fn several_classes(classes: &[i32], chosen: &Chosen, columns: usize, scores: &mut [f32]) -> f64 {
        let mut loss = 0.0;
        for ((&row, &weight), scores) in chosen.rows.iter().zip(&chosen.weights).zip(scores.chunks_exact_mut(columns)) {
            let class = classes[row] as usize;
            let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let own = f64::from(scores[class]) - f64::from(largest);
            let mut sum = 0.0;
            for score in &mut *scores {
                let raised = exp(f64::from(*score - largest));
                sum += raised;
                *score = raised as f32;
            }
            loss += weight * (sum.ln() - own);
            let share = (weight / sum) as f32;
            scores.iter_mut().for_each(|score| *score *= share);
            scores[class] -= weight as f32;
        }
        loss
    }
}

wide! {
    fn differences(numbers: &[f32], chosen: &Chosen, columns: usize, scores: &mut [f32]) -> f64 {
        let mut squares = 0.0;
        for ((&row, &weight), scores) in chosen.rows.iter().zip(&chosen.weights).zip(scores.chunks_exact_mut(columns)) {
            let mut sum = 0.0;
            for (score, number) in scores.iter_mut().zip(&numbers[row * columns..(row + 1) * columns]) {
                let difference = *score - number;
                sum += f64::from(difference).powi(2);
                *score = weight as f32 * difference;
            }
            squares += weight * sum;
        }
        squares
    }
}
