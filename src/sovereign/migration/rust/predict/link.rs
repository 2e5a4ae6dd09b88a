//! From scores to predictions.

use crate::{Link, Number};

/// Make the outputs of one row of its scores, which stand first in `row`.
pub(crate) fn finish<N: Number>(link: Link, row: &mut [N]) {
    match link {
        Link::Identity | Link::Decision => {}
        Link::Logistic => {
            if let [first, second, ..] = row {
                (*first, *second) = both(first.logistic());
            }
        }
        Link::Softmax | Link::LogJoint => softmax(row),
        Link::OneVsRest => {
            row.iter_mut().for_each(|score| *score = score.logistic());
            let sum = row.iter().fold(N::ZERO, |sum, &p| sum + p);
            // As scikit-learn: a row without any probability is shared evenly by nobody, it stays as it is.
            if sum > N::ZERO {
                row.iter_mut().for_each(|p| *p = *p / sum);
            }
        }
    }
}

/// The probabilities of both classes, from that of the second.
#[inline]
pub(crate) fn both<N: Number>(second: N) -> (N, N) {
    (N::ONE - second, second)
}

/// `exp(s)` divided by their sum; NaN where one is NaN.
fn softmax<N: Number>(row: &mut [N]) {
    let largest = row.iter().fold(-N::INFINITY, |largest, &s| if s > largest || s.is_nan() { s } else { largest });
    row.iter_mut().for_each(|s| *s = (*s - largest).exp());
    let sum = row.iter().fold(N::ZERO, |sum, &p| sum + p);
    row.iter_mut().for_each(|p| *p = *p / sum);
}
