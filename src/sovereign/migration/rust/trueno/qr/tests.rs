//! QR factors on every backend that this machine has: their product, their orthogonality and their shape.

use std::{vec, vec::Vec};

use crate::{
    Element, Error, View, ViewMut,
    matmul::tests::{available, numbers},
};

fn check<T: Element>(m: usize, n: usize, a: &[T], is_turned: bool) {
    let k = m.min(n);
    let rounding = if size_of::<T>() == 4 { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let view = if is_turned { View::new(a, n, m).unwrap().transposed() } else { View::new(a, m, n).unwrap() };
    let scale = a.iter().map(|x| x.to_f64() * x.to_f64()).sum::<f64>().sqrt();
    for kernels in available() {
        let (mut q, mut r) = (vec![T::ONE; m * (k + 1)], vec![T::ONE; k * (n + 2)]);
        let mut q_view = ViewMut::strided(&mut q, m, k, k + 1).unwrap();
        let mut r_view = ViewMut::strided(&mut r, k, n, n + 2).unwrap();
        kernels.qr(view, &mut q_view, &mut r_view).unwrap();
        let (q, r) =
            (|i: usize, j: usize| q[i * (k + 1) + j].to_f64(), |i: usize, j: usize| r[i * (n + 2) + j].to_f64());
        let what = (kernels.backend(), m, n);
        let bound = 4.0 * (m.max(n) + 8) as f64 * rounding;
        for i in 0..m {
            for j in 0..n {
                let product: f64 = (0..k).map(|p| q(i, p) * r(p, j)).sum();
                let error = (product - view.at(i, j).to_f64()).abs();
                assert!(error <= bound * scale, "{what:?} ({i}, {j}): {error}");
            }
        }
        for i in 0..k {
            for j in 0..k {
                let product: f64 = (0..m).map(|p| q(p, i) * q(p, j)).sum();
                let exact = if i == j { 1.0 } else { 0.0 };
                assert!((product - exact).abs() <= bound, "{what:?} ({i}, {j}): {product}");
            }
            assert!((0..i.min(n)).all(|j| r(i, j) == 0.0), "{what:?} row {i}");
        }
    }
}

#[test]
fn factors_multiply_to_the_matrix_and_columns_are_orthogonal() {
    for (m, n) in
        [(0, 0), (1, 1), (5, 0), (0, 4), (1, 7), (7, 1), (8, 8), (17, 5), (5, 17), (65, 33), (33, 65), (90, 90)]
    {
        check::<f32>(m, n, &numbers(m * n, 1), false);
        check::<f64>(m, n, &numbers(m * n, 2), true);
    }
    check::<f32>(3, 1030, &numbers(3 * 1030, 3), false);
}

#[test]
fn columns_that_depend_on_each_other_and_zeros_do_no_harm() {
    let same: Vec<f64> = (0..60).map(|at| (at / 5) as f64).collect();
    check::<f64>(12, 5, &same, false);
    check::<f64>(6, 4, &[0.0; 24], false);
    let mut some = [0.0_f32; 24];
    some[0] = -3.0;
    check::<f32>(6, 4, &some, false);
}

#[test]
fn lengths_neither_overflow_nor_vanish() {
    let large: Vec<f64> = numbers::<f64>(40, 1).iter().map(|x| x * 1e300).collect();
    let small: Vec<f64> = numbers::<f64>(40, 1).iter().map(|x| x * 1e-300).collect();
    for a in [large, small] {
        let (mut q, mut r) = ([0.0; 40], [0.0; 16]);
        let (mut q_view, mut r_view) = (ViewMut::new(&mut q, 10, 4).unwrap(), ViewMut::new(&mut r, 4, 4).unwrap());
        crate::kernels().qr(View::new(&a, 10, 4).unwrap(), &mut q_view, &mut r_view).unwrap();
        for j in 0..4 {
            let length: f64 = (0..10).map(|i| q[i * 4 + j] * q[i * 4 + j]).sum();
            assert!((length - 1.0).abs() < 1e-14, "{length}");
        }
    }
}

#[test]
fn the_diagonal_has_the_signs_of_lapack() {
    // numpy.linalg.qr of the same gives the diagonal -5, 2.2.
    let (a, mut q, mut r) = ([3.0_f64, 1.0, 4.0, 5.0], [0.0; 4], [0.0; 4]);
    let (mut q_view, mut r_view) = (ViewMut::new(&mut q, 2, 2).unwrap(), ViewMut::new(&mut r, 2, 2).unwrap());
    crate::kernels().qr(View::new(&a, 2, 2).unwrap(), &mut q_view, &mut r_view).unwrap();
    assert!((r[0] + 5.0).abs() < 1e-14 && (r[3] - 2.2).abs() < 1e-14, "{r:?}");
}

#[test]
fn nan_reaches_both_factors_and_wrong_shapes_are_refused() {
    let (a, mut q, mut r) = ([1.0_f32, f32::NAN, 2.0, 3.0], [0.0; 4], [0.0; 4]);
    let (mut q_view, mut r_view) = (ViewMut::new(&mut q, 2, 2).unwrap(), ViewMut::new(&mut r, 2, 2).unwrap());
    crate::kernels().qr(View::new(&a, 2, 2).unwrap(), &mut q_view, &mut r_view).unwrap();
    assert!(r[3].is_nan() && r[1].is_nan(), "{r:?}");
    let mut r_view = ViewMut::new(&mut r, 1, 2).unwrap();
    let refused = crate::kernels().qr(View::new(&a, 2, 2).unwrap(), &mut q_view, &mut r_view);
    assert_eq!(refused, Err(Error::ShapesDiffer { expected: [2, 2], got: [1, 2] }));
}
