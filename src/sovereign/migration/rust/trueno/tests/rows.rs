//! Softmax and normalizations against plain double precision.

use super::*;
use crate::Rows;

fn rows_of<T: Element>(x: &[T], columns: usize) -> impl Iterator<Item = Vec<f64>> {
    x.chunks(columns.max(1)).map(|row| row.iter().map(|x| x.to_f64()).collect())
}

fn softmax(row: &[f64]) -> Vec<f64> {
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = row.iter().map(|x| (x - largest).exp()).sum();
    row.iter().map(|x| (x - largest).exp() / sum).collect()
}

#[test]
fn softmax_keeps_its_bound_at_every_length() {
    for kernels in available() {
        for columns in (1..=130).chain([1000, 4096, 9001]) {
            let x: Vec<f32> = numbers(3 * columns, 1).into_iter().map(|x| 20.0 * x).collect();
            let (mut soft, mut logarithm) = (x.clone(), vec![0.0; x.len()]);
            kernels.rows(Rows::Softmax, Operand::Out, columns, &mut soft).unwrap();
            kernels.rows(Rows::LogSoftmax, Operand::Slice(&x), columns, &mut logarithm).unwrap();
            let wanted = rows_of(&x, columns).flat_map(|row| softmax(&row));
            for (i, wanted) in wanted.enumerate() {
                // The distance from the largest, at most 40 here, is rounded before it is a power of e.
                let difference = (f64::from(soft[i]) - wanted).abs();
                assert!(
                    difference <= (40.0 + 8.0) * U32 * wanted,
                    "{kernels:?} {columns} at {i}: {} {wanted}",
                    soft[i]
                );
                let difference = (f64::from(logarithm[i]) - wanted.ln()).abs();
                assert!(difference <= 4.0 * U32 * (wanted.ln().abs() + 20.0), "{kernels:?} {columns} at {i}");
            }
        }
    }
}

#[test]
fn softmax_of_infinities_and_nan_is_that_of_the_formula() {
    for kernels in available() {
        let mut out = [0.0_f32; 4];
        let row = [0.0, f32::NEG_INFINITY, 0.0, f32::NEG_INFINITY];
        kernels.rows(Rows::Softmax, Operand::Slice(&row), 4, &mut out).unwrap();
        assert_eq!(out, [0.5, 0.0, 0.5, 0.0], "{kernels:?}");
        for bad in [f32::NAN, f32::INFINITY] {
            kernels.rows(Rows::Softmax, Operand::Slice(&[0.0, bad, 1.0, 2.0]), 4, &mut out).unwrap();
            assert!(out[1].is_nan(), "{kernels:?} {bad}");
            assert!(!bad.is_nan() || out.iter().all(|x| x.is_nan()), "{kernels:?}");
        }
        kernels.rows(Rows::Softmax, Operand::Scalar(7.0), 4, &mut out).unwrap();
        assert_eq!(out, [0.25; 4], "{kernels:?}");
    }
}

#[test]
fn double_precision_softmax_is_close() {
    for kernels in available() {
        let x: Vec<f64> = numbers_f64(99, 2).into_iter().map(|x| 20.0 * x).collect();
        let mut out = vec![0.0; 99];
        kernels.rows(Rows::Softmax, Operand::Slice(&x), 33, &mut out).unwrap();
        for (got, wanted) in out.iter().zip(rows_of(&x, 33).flat_map(|row| softmax(&row))) {
            assert!((got - wanted).abs() <= 16.0 * U64 * wanted, "{kernels:?} {got} {wanted}");
        }
    }
}

#[test]
fn layer_norm_has_mean_zero_and_variance_one_before_weight_and_bias() {
    for kernels in available() {
        for columns in (1..=70).chain([1000]) {
            for shift in [0.0, 100.0] {
                let x: Vec<f32> = numbers(2 * columns, 3).into_iter().map(|x| x + shift).collect();
                let (weight, bias) = (numbers(columns, 4), numbers(columns, 5));
                let (mut plain, mut full) = (vec![0.0; x.len()], vec![0.0; x.len()]);
                let bare = Rows::LayerNorm { epsilon: 1e-5, weight: None, bias: None };
                let whole = Rows::LayerNorm { epsilon: 1e-5, weight: Some(&weight), bias: Some(&bias) };
                kernels.rows(bare, Operand::Slice(&x), columns, &mut plain).unwrap();
                kernels.rows(whole, Operand::Slice(&x), columns, &mut full).unwrap();
                for (r, row) in rows_of(&x, columns).enumerate() {
                    let mean = row.iter().sum::<f64>() / columns as f64;
                    let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / columns as f64;
                    for (c, x) in row.iter().enumerate() {
                        let exact = (x - mean) / (variance + 1e-5).sqrt();
                        let (i, limit) = (r * columns + c, 2e-5 * (1.0 + exact.abs()));
                        assert!((f64::from(plain[i]) - exact).abs() <= limit, "{kernels:?} {columns} {shift} at {i}");
                        let exact = exact * f64::from(weight[c]) + f64::from(bias[c]);
                        assert!((f64::from(full[i]) - exact).abs() <= limit, "{kernels:?} {columns} {shift} at {i}");
                    }
                }
            }
        }
    }
}

#[test]
fn rms_norm_has_mean_square_one_before_weight() {
    for kernels in available() {
        for columns in (1..=70).chain([1000]) {
            let (x, weight) = (numbers(2 * columns, 6), numbers(columns, 7));
            let mut out = x.clone();
            let op = Rows::RmsNorm { epsilon: 1e-6, weight: Some(&weight) };
            kernels.rows(op, Operand::Out, columns, &mut out).unwrap();
            for (r, row) in rows_of(&x, columns).enumerate() {
                let root = (row.iter().map(|x| x * x).sum::<f64>() / columns as f64 + 1e-6).sqrt();
                for (c, x) in row.iter().enumerate() {
                    let (got, exact) = (f64::from(out[r * columns + c]), x / root * f64::from(weight[c]));
                    assert!((got - exact).abs() <= 1e-6 * (1.0 + exact.abs()), "{kernels:?} {columns} {got} {exact}");
                }
            }
        }
    }
}

#[test]
fn shapes_that_do_not_fit_are_refused_and_nothing_is_written() {
    for kernels in available() {
        let mut out = [1.0_f32; 6];
        let uneven = Error::RowsUneven { length: 6, columns: 4 };
        assert_eq!(kernels.rows(Rows::Softmax, Operand::Out, 4, &mut out), Err(uneven));
        assert_eq!(uneven.to_string(), "`6` elements are not a whole number of rows of this length: `4`");
        let none = Error::RowsUneven { length: 6, columns: 0 };
        assert_eq!(kernels.rows(Rows::Softmax, Operand::Out, 0, &mut out), Err(none));
        let short = Rows::RmsNorm { epsilon: 0.0, weight: Some(&[1.0]) };
        let differ = Error::LengthsDiffer { left: 1, right: 3 };
        assert_eq!(kernels.rows(short, Operand::Out, 3, &mut out), Err(differ));
        let differ = Error::LengthsDiffer { left: 5, right: 6 };
        assert_eq!(kernels.rows(Rows::LogSoftmax, Operand::Slice(&[0.0; 5]), 3, &mut out), Err(differ));
        assert_eq!(out, [1.0; 6]);
        assert_eq!(kernels.rows::<f32>(Rows::Softmax, Operand::Out, 0, &mut []), Ok(()));
    }
}

#[test]
fn long_rows_equal_the_formula_in_place_and_apart() {
    let mut x: Vec<f32> = numbers(200_003, 8).into_iter().map(|x| 20.0 * x).collect();
    // A whole block of minus infinity before the first number, and the largest in the middle.
    x[..5000].fill(f32::NEG_INFINITY);
    x[100_000] = 25.0;
    let wanted = softmax(&x.iter().map(|&x| f64::from(x)).collect::<Vec<_>>());
    for kernels in available() {
        let (mut apart, mut same) = (vec![0.0; x.len()], x.clone());
        kernels.rows(Rows::Softmax, Operand::Slice(&x), x.len(), &mut apart).unwrap();
        kernels.rows(Rows::Softmax, Operand::Out, x.len(), &mut same).unwrap();
        assert_eq!(apart, same, "{kernels:?}");
        for (i, (&got, &wanted)) in apart.iter().zip(&wanted).enumerate() {
            assert!(
                (f64::from(got) - wanted).abs() <= (45.0 + 8.0) * U32 * wanted,
                "{kernels:?} at {i}: {got} {wanted}"
            );
        }
        same[150_000] = f32::NAN;
        kernels.rows(Rows::Softmax, Operand::Out, x.len(), &mut same).unwrap();
        assert!(same.iter().all(|x| x.is_nan()), "{kernels:?}");
        same.fill(f32::NEG_INFINITY);
        kernels.rows(Rows::LogSoftmax, Operand::Out, x.len(), &mut same).unwrap();
        assert!(same.iter().all(|x| x.is_nan()), "{kernels:?}: nothing is the largest");
    }
}
