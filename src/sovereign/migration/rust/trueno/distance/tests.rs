//! Distances on every backend that this machine has, against differences in double precision.

use std::{vec, vec::Vec};

use crate::{
    Element, Error, View, ViewMut,
    matmul::tests::{available, numbers},
};

fn check<T: Element>(m: usize, n: usize, d: usize, threads: usize) {
    let (x, y) = (numbers::<T>(m * d, 1), numbers::<T>(n * (d + 1) + 1, 2));
    let x = View::new(&x, m, d).unwrap();
    let wide = View::strided(&y[1..], n, d, d + 1, 1).unwrap();
    let turned = View::strided(&y, n, d, 1, n).unwrap();
    let rounding = if size_of::<T>() == 4 { f64::from(f32::EPSILON) } else { f64::EPSILON };
    for kernels in available() {
        for y in [wide, turned] {
            let mut out = vec![T::NAN; m * (n + 1)];
            let mut view = ViewMut::strided(&mut out, m, n, n + 1).unwrap();
            kernels.pairwise_l2_squared(x, y, &mut view, threads).unwrap();
            for i in 0..m {
                for j in 0..n {
                    let term = |k: usize| (x.at(i, k).to_f64(), y.at(j, k).to_f64());
                    let exact: f64 = (0..d).map(term).map(|(a, b)| (a - b) * (a - b)).sum();
                    let lengths: f64 = (0..d).map(term).map(|(a, b)| a * a + b * b).sum();
                    let got = out[i * (n + 1) + j].to_f64();
                    let what = (kernels.backend(), m, n, d, threads);
                    let bound = (d + 4) as f64 * rounding * lengths;
                    assert!(got >= 0.0 && (got - exact).abs() <= bound, "{what:?} ({i}, {j}): {got} {exact}");
                }
            }
        }
    }
}

#[test]
fn distances_keep_their_bound() {
    for [m, n, d] in [[0, 3, 2], [1, 1, 1], [1, 40, 33], [9, 1, 50], [17, 33, 0], [33, 50, 17], [5, 20, 700]] {
        check::<f32>(m, n, d, 1);
        check::<f64>(m, n, d, 2);
    }
    check::<f32>(1030, 7, 3, 1);
    check::<f32>(7, 1030, 3, 1);
}

#[test]
fn equal_rows_are_at_distance_zero_whatever_their_place() {
    for kernels in available() {
        for (n, d) in [(2, 3), (37, 5), (50, 321), (130, 700), (400, 100)] {
            let x = numbers::<f32>(n * d, 4);
            let x = View::new(&x, n, d).unwrap();
            let mut out = vec![1.0; n * n];
            kernels.pairwise_l2_squared(x, x, &mut ViewMut::new(&mut out, n, n).unwrap(), 2).unwrap();
            assert!((0..n).all(|i| out[i * n + i] == 0.0), "{:?} n={n} d={d}", kernels.backend());
        }
    }
}

#[test]
fn nan_reaches_the_distances_of_its_row_only() {
    for kernels in available() {
        let mut x = numbers::<f32>(5 * 20, 1);
        x[2 * 20 + 7] = f32::NAN;
        let (x, y) = (View::new(&x, 5, 20).unwrap(), numbers::<f32>(9 * 20, 2));
        let mut out = [0.0; 45];
        kernels
            .pairwise_l2_squared(x, View::new(&y, 9, 20).unwrap(), &mut ViewMut::new(&mut out, 5, 9).unwrap(), 1)
            .unwrap();
        for (at, value) in out.iter().enumerate() {
            assert_eq!(value.is_nan(), at / 9 == 2, "{:?} {at}", kernels.backend());
        }
    }
}

#[test]
fn the_smallest_of_each_row_is_the_first_one_or_the_first_nan() {
    let rows = [
        [3.0_f32, 1.0, 2.0, 1.0, 5.0],
        [f32::NAN, 1.0, f32::NAN, 0.0, 0.0],
        [2.0, f32::NEG_INFINITY, f32::NAN, 0.0, 0.0],
        [-0.0, 0.0, 7.0, 9.0, 8.0],
    ];
    let data: Vec<f32> = rows.concat();
    let turned: Vec<f32> = (0..20).map(|at| rows[at % 4][at / 4]).collect();
    for kernels in available() {
        for view in [View::new(&data, 4, 5).unwrap(), View::new(&turned, 5, 4).unwrap().transposed()] {
            let mut out = [9; 4];
            kernels.argmin_rows(view, &mut out).unwrap();
            assert_eq!(out, [1, 0, 2, 0], "{:?}", kernels.backend());
        }
    }
    let empty = View::new(&data, 4, 0).unwrap();
    let refused = crate::kernels().argmin_rows(empty, &mut [0; 4]);
    assert_eq!(refused, Err(Error::TooFew { length: 0, wanted: 1 }));
    let refused = crate::kernels().argmin_rows(View::new(&data, 4, 5).unwrap(), &mut [0; 3]);
    assert_eq!(refused, Err(Error::ShapesDiffer { expected: [1, 4], got: [1, 3] }));
}
