//! Factors and solutions on every backend that this machine has, judged by what they multiply to.

use std::{vec, vec::Vec};

use crate::{
    Element, Error, Triangle, View, ViewMut,
    matmul::tests::{available, numbers},
};

const SIZES: [usize; 8] = [0, 1, 2, 3, 17, 64, 65, 130];

fn rounding<T: Element>() -> f64 {
    if size_of::<T>() == 4 { f64::from(f32::EPSILON) / 2.0 } else { f64::EPSILON / 2.0 }
}

/// A symmetric matrix whose eigenvalues are well above zero.
fn definite<T: Element>(n: usize) -> Vec<T> {
    let x = numbers::<f64>(n * n, 3);
    let product = |i: usize, j: usize| (0..n).map(|k| x[i * n + k] * x[j * n + k]).sum::<f64>();
    let element = |at: usize| product(at / n, at % n) + if at / n == at % n { n as f64 } else { 0.0 };
    (0..n * n).map(|at| T::from_f64(element(at))).collect()
}

fn check_cholesky<T: Element>() {
    for n in SIZES {
        let a = definite::<T>(n);
        // What stands above the diagonal is not read.
        let half: Vec<T> = (0..n * n).map(|at| if at % n > at / n { T::NAN } else { a[at] }).collect();
        for kernels in available() {
            let mut l = vec![T::ONE; n * (n + 2)];
            let mut out = ViewMut::strided(&mut l, n, n, n + 2).unwrap();
            kernels.cholesky(View::new(&half, n, n).unwrap(), &mut out, 1).unwrap();
            let l = |i: usize, j: usize| l[i * (n + 2) + j].to_f64();
            for i in 0..n {
                for j in 0..n {
                    let (sum, magnitude) = (0..n).fold((0.0, 0.0), |(sum, magnitude), k| {
                        let product = l(i, k) * l(j, k);
                        (sum + product, magnitude + product.abs())
                    });
                    let bound = (n + 4) as f64 * 2.0 * rounding::<T>() * magnitude;
                    let error = (sum - a[i * n + j].to_f64()).abs();
                    assert!(error <= bound, "{:?} n={n} ({i}, {j}): {error} {bound}", kernels.backend());
                    assert!(j <= i || l(i, j) == 0.0, "{:?} n={n} ({i}, {j})", kernels.backend());
                }
            }
        }
    }
}

#[test]
fn a_cholesky_factor_multiplies_to_the_matrix() {
    check_cholesky::<f32>();
    check_cholesky::<f64>();
}

#[test]
fn a_matrix_without_a_factor_is_refused_at_its_column() {
    for kernels in available() {
        for (n, bad) in [(1, 0), (5, 3), (100, 0), (100, 63), (100, 64), (100, 99)] {
            for wrong in [0.0, -1.0, f32::NAN] {
                let mut a = vec![0.0_f32; n * n];
                (0..n).for_each(|i| a[i * n + i] = 4.0);
                a[bad * n + bad] = wrong;
                let mut out = vec![0.0; n * n];
                let mut out = ViewMut::new(&mut out, n, n).unwrap();
                let refused = kernels.cholesky(View::new(&a, n, n).unwrap(), &mut out, 1);
                assert_eq!(refused, Err(Error::NotPositiveDefinite { pivot: bad }), "{:?} {n}", kernels.backend());
            }
        }
        let (a, mut out) = ([1.0_f32; 6], [0.0; 6]);
        let refused = kernels.cholesky(View::new(&a, 2, 3).unwrap(), &mut ViewMut::new(&mut out, 2, 3).unwrap(), 1);
        assert_eq!(refused, Err(Error::ShapesDiffer { expected: [2, 2], got: [2, 3] }));
    }
}

fn check_triangular<T: Element>() {
    for n in SIZES {
        // A dominant diagonal, so that solutions stay of the size of the right side.
        let mut a = numbers::<T>(n * n, 5);
        (0..n).for_each(|i| a[i * n + i] = T::from_f64(2.0 + i as f64));
        let a: Vec<T> = a.iter().map(|x| T::from_f64(x.to_f64() / 8.0)).collect();
        for columns in [1, 2, 19] {
            let b = numbers::<T>(n * columns, 6);
            for (triangle, unit, turned) in [
                (Triangle::Lower, false, false),
                (Triangle::Lower, true, true),
                (Triangle::Upper, false, true),
                (Triangle::Upper, true, false),
                (Triangle::Lower, false, true),
            ] {
                // Ones that are taken for granted and the other half hold what must not be read.
                let read = |i: usize, j: usize| match triangle {
                    Triangle::Lower => j < i || (j == i && !unit),
                    Triangle::Upper => j > i || (j == i && !unit),
                };
                let place = |i: usize, j: usize| if turned { j * n + i } else { i * n + j };
                let mut half = vec![T::NAN; n * n];
                (0..n * n).filter(|at| read(at / n, at % n)).for_each(|at| half[place(at / n, at % n)] = a[at]);
                let view = View::new(&half, n, n).unwrap();
                let view = if turned { view.transposed() } else { view };
                for kernels in available() {
                    let mut x = b.clone();
                    let mut out = ViewMut::new(&mut x, n, columns).unwrap();
                    kernels.solve_triangular(view, triangle, unit, &mut out, 2).unwrap();
                    for i in 0..n {
                        for j in 0..columns {
                            let ones = if unit { x[i * columns + j].to_f64() } else { 0.0 };
                            let terms = (0..n).filter(|&k| read(i, k));
                            let (sum, magnitude) = terms.fold((ones, ones.abs()), |(sum, magnitude), k| {
                                let product = a[i * n + k].to_f64() * x[k * columns + j].to_f64();
                                (sum + product, magnitude + product.abs())
                            });
                            let error = (sum - b[i * columns + j].to_f64()).abs();
                            let bound = (n + 4) as f64 * 2.0 * rounding::<T>() * magnitude;
                            let what = (kernels.backend(), n, columns, triangle, unit, turned);
                            assert!(error <= bound, "{what:?} ({i}, {j}): {error} {bound}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn triangular_solutions_satisfy_their_system() {
    check_triangular::<f32>();
    check_triangular::<f64>();
}

#[test]
fn a_zero_on_the_diagonal_is_refused_before_anything_is_written() {
    let kernels = crate::kernels();
    let mut a = [1.0_f64; 9];
    a[4] = 0.0;
    let (a, mut x) = (View::new(&a, 3, 3).unwrap(), [5.0; 6]);
    let mut out = ViewMut::new(&mut x, 3, 2).unwrap();
    let refused = kernels.solve_triangular(a, Triangle::Lower, false, &mut out, 1);
    assert_eq!(refused, Err(Error::Singular { pivot: 1 }));
    assert_eq!(x, [5.0; 6]);
    let mut out = ViewMut::new(&mut x, 3, 2).unwrap();
    assert_eq!(kernels.solve_triangular(a, Triangle::Lower, true, &mut out, 1), Ok(()));
    let mut short = ViewMut::new(&mut x, 2, 2).unwrap();
    let refused = kernels.solve_triangular(a, Triangle::Lower, true, &mut short, 1);
    assert_eq!(refused, Err(Error::ShapesDiffer { expected: [3, 2], got: [2, 2] }));
}
