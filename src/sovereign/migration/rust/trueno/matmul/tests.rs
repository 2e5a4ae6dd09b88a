//! Products on every backend that this machine has, against a loop in double precision.

use std::{vec, vec::Vec};

use crate::{Backend, Element, Epilogue, Error, Kernels, Operand, Right, Unary, View, ViewMut};

pub(crate) fn available() -> impl Iterator<Item = &'static Kernels> {
    Backend::ALL.into_iter().filter_map(|backend| backend.kernels().ok())
}

/// Numbers in [-1, 1) from a linear congruential generator; the seed makes matrices differ.
pub(crate) fn numbers<T: Element>(n: usize, seed: u64) -> Vec<T> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        T::from_f64((state >> 40) as f64 / 8_388_608.0 - 1.0)
    };
    (0..n).map(|_| next()).collect()
}

/// How a matrix of a test lies in memory.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Order {
    Rows,
    WideRows,
    Columns,
    Sparse,
}

const ORDERS: [Order; 4] = [Order::Rows, Order::WideRows, Order::Columns, Order::Sparse];

impl Order {
    fn strides(self, rows: usize, columns: usize) -> (usize, usize) {
        match self {
            Self::Rows => (columns, 1),
            Self::WideRows => (columns + 5, 1),
            Self::Columns => (1, rows),
            Self::Sparse => (columns * 3 + 1, 3),
        }
    }
}

/// Memory for a matrix in an order, and a view of it that starts at an odd element.
struct Sample<T> {
    data: Vec<T>,
    rows: usize,
    columns: usize,
    order: Order,
}

impl<T: Element> Sample<T> {
    fn new(rows: usize, columns: usize, order: Order, seed: u64) -> Self {
        let (down, right) = order.strides(rows, columns);
        let last = rows.saturating_sub(1) * down + columns.saturating_sub(1) * right;
        Self { data: numbers(last + 2, seed), rows, columns, order }
    }

    fn view(&self) -> View<'_, T> {
        let (down, right) = self.order.strides(self.rows, self.columns);
        View::strided(&self.data[1..], self.rows, self.columns, down, right).unwrap()
    }
}

/// What an element must be, and what its error may be.
fn expected<T: Element>(a: View<T>, b: View<T>, i: usize, j: usize) -> (f64, f64) {
    let products = (0..a.columns()).map(|k| a.at(i, k).to_f64() * b.at(k, j).to_f64());
    let (sum, magnitude) = products.fold((0.0, 0.0), |(s, m), p| (s + p, m + p.abs()));
    // The sum that is to judge has errors of its own in double precision.
    let rounding = if size_of::<T>() == 4 { f64::from(f32::EPSILON) / 2.0 } else { f64::EPSILON };
    (sum, (a.columns() + 2) as f64 * rounding * magnitude)
}

fn check<T: Element>(kernels: &Kernels, a: View<T>, b: View<T>, exact: &[(f64, f64)], threads: usize) {
    let (rows, columns) = (a.rows(), b.columns());
    let stride = columns + 3;
    let mark = T::from_f64(7.5);
    let mut memory = vec![mark; rows * stride + 1];
    let mut packed = vec![T::ZERO; kernels.packed_len::<T>(b.rows(), columns).unwrap()];
    let packed = kernels.pack(b, &mut packed).unwrap();
    for right in [Right::View(b), Right::Packed(&packed)] {
        memory.fill(mark);
        let mut out = ViewMut::strided(&mut memory[1..], rows, columns, stride).unwrap();
        kernels.matmul(a, right, Epilogue::default(), &mut out, threads).unwrap();
        let what = (kernels.backend(), a.shape(), b.shape(), threads, matches!(right, Right::View(_)));
        for i in 0..rows {
            for j in 0..columns {
                let (sum, bound) = exact[i * columns + j];
                let got = memory[1 + i * stride + j].to_f64();
                assert!((got - sum).abs() <= bound, "{what:?} ({i}, {j}): {got} {sum}");
            }
            assert!(memory[1 + i * stride + columns..1 + (i + 1) * stride].iter().all(|&x| x == mark), "{what:?}");
        }
        assert_eq!(memory[0], mark, "{what:?}");
    }
}

fn check_sizes<T: Element>(sizes: impl Iterator<Item = [usize; 3]>, orders: usize, threads: usize) {
    for [m, n, k] in sizes {
        for left in 0..orders {
            let (a, b) = (ORDERS[(left + m) % 4], ORDERS[(left + m + n + k) % 4]);
            let (a, b) = (Sample::new(m, k, a, 1), Sample::new(k, n, b, 2));
            let exact: Vec<_> = (0..m * n).map(|at| expected(a.view(), b.view(), at / n, at % n)).collect();
            for kernels in available() {
                check::<T>(kernels, a.view(), b.view(), &exact, threads);
            }
        }
    }
}

#[test]
fn products_keep_their_bound_at_every_edge_of_a_tile() {
    let edges = || {
        let rows = [0, 1, 2, 3, 5, 6, 7, 8, 9, 15, 17];
        let columns = [0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 97];
        rows.into_iter().flat_map(move |m| columns.into_iter().map(move |n| [m, n, [0, 1, 2, 19][(m + n) % 4]]))
    };
    check_sizes::<f32>(edges(), 4, 1);
    check_sizes::<f64>(edges(), 2, 1);
}

#[test]
fn products_keep_their_bound_over_several_blocks() {
    let sizes = [[17, 530, 512], [35, 130, 700], [3, 1601, 33], [129, 13, 321], [2, 2, 3000]];
    check_sizes::<f32>(sizes.into_iter(), 2, 1);
    check_sizes::<f64>([[19, 131, 523], [18, 470, 100]].into_iter(), 2, 1);
}

#[test]
fn threads_change_nothing_but_the_time() {
    check_sizes::<f32>([[1, 1, 1], [17, 70, 33]].into_iter(), 4, 7);
    let kernels = crate::kernels();
    for [m, n, k] in [[260, 250, 200], [33, 1200, 330], [1500, 20, 420], [1, 4001, 3100], [300, 41, 1000]] {
        let (a, b, bias) = (numbers::<f32>(m * k, 1), numbers::<f32>(k * n, 2), numbers::<f32>(n, 3));
        let (a, b) = (View::new(&a, m, k).unwrap(), View::new(&b, n, k).unwrap().transposed());
        let mut packed = vec![0.0; kernels.packed_len::<f32>(k, n).unwrap()];
        let packed = kernels.pack(b, &mut packed).unwrap();
        let epilogue = Epilogue { bias: Some(&bias), activation: Some(Unary::Relu), accumulate: false };
        for right in [Right::View(b), Right::Packed(&packed)] {
            let product = |threads| {
                let mut out = vec![9.0; m * n];
                kernels.matmul(a, right, epilogue, &mut ViewMut::new(&mut out, m, n).unwrap(), threads).unwrap();
                out
            };
            let alone = product(1);
            for at in [0, m * n / 2, m * n - 1] {
                let (sum, bound) = expected(a, b, at / n, at % n);
                let exact = (sum + f64::from(bias[at % n])).max(0.0);
                assert!((f64::from(alone[at]) - exact).abs() <= bound + 1e-6, "{m} {n} {k} at {at}");
            }
            for threads in [2, 3] {
                assert!(product(threads) == alone, "{m} {n} {k} on {threads} threads");
            }
        }
    }
}

#[test]
fn shares_have_room_for_columns_that_do_not_fill_a_register() {
    let kernels = crate::kernels();
    // The whole right side is laid into panels, pieces of it are read where they lie, but for the last columns.
    for [m, n, k] in [[200, 300, 300], [100, 301, 420]] {
        let (a, b) = (numbers::<f32>(m * k, 1), numbers::<f32>(k * n, 2));
        let product = |threads| {
            let mut out = vec![9.0; m * n];
            let (a, b) = (View::new(&a, m, k).unwrap(), Right::View(View::new(&b, k, n).unwrap()));
            let mut view = ViewMut::new(&mut out, m, n).unwrap();
            kernels.matmul(a, b, Epilogue::default(), &mut view, threads).unwrap();
            out
        };
        let alone = product(1);
        for threads in [2, 3, 6] {
            for _ in 0..20 {
                assert!(product(threads) == alone, "{m} {n} {k} on {threads} threads");
            }
        }
    }
}

#[test]
fn both_orders_of_vectors_keep_their_bound() {
    check_sizes::<f32>([[1, 333, 77], [333, 1, 77], [1, 1, 500], [1, 5, 0], [1, 40, 900]].into_iter(), 4, 1);
    for kernels in available() {
        let (a, x) = (numbers::<f32>(23 * 67, 5), numbers(67, 6));
        let (a, mut out) = (View::new(&a, 23, 67).unwrap(), [9.0; 23]);
        kernels.matvec(a, &x, &mut out, 2).unwrap();
        let mut back = [9.0; 67];
        kernels.matvec(a.transposed(), &out, &mut back, 1).unwrap();
        for (i, &got) in out.iter().enumerate() {
            let exact: f64 = (0..67).map(|j| f64::from(a.at(i, j)) * f64::from(x[j])).sum();
            assert!((f64::from(got) - exact).abs() < 1e-5, "{:?}", kernels.backend());
        }
        for (j, &got) in back.iter().enumerate() {
            let exact: f64 = (0..23).map(|i| f64::from(a.at(i, j)) * f64::from(out[i])).sum();
            assert!((f64::from(got) - exact).abs() < 1e-4, "{:?}", kernels.backend());
        }
    }
}

#[test]
fn what_follows_a_product_equals_the_same_in_turn() {
    for kernels in available() {
        for [m, n, k] in [[1, 33, 9], [40, 50, 700], [7, 1, 30], [70, 5, 3], [3, 4, 0]] {
            let (a, b) = (numbers::<f32>(m * k, 1), numbers::<f32>(k * n, 2));
            let (a, b) = (View::new(&a, m, k).unwrap(), View::new(&b, k, n).unwrap());
            let (bias, before) = (numbers::<f32>(n, 3), numbers::<f32>(m * n, 4));
            for (with_bias, accumulate, activation) in [
                (true, false, None),
                (true, true, None),
                (false, true, Some(Unary::Relu)),
                (true, false, Some(Unary::Gelu)),
                (true, true, Some(Unary::Tanh)),
            ] {
                let epilogue = Epilogue { bias: with_bias.then_some(&bias[..]), activation, accumulate };
                let mut got = before.clone();
                kernels.matmul(a, Right::View(b), epilogue, &mut ViewMut::new(&mut got, m, n).unwrap(), 2).unwrap();
                let mut plain: Vec<f32> = (0..m * n)
                    .map(|at| {
                        let (sum, _) = expected(a, b, at / n, at % n);
                        let bias = if with_bias { f64::from(bias[at % n]) } else { 0.0 };
                        let before = if accumulate { f64::from(before[at]) } else { 0.0 };
                        (sum + bias + before) as f32
                    })
                    .collect();
                if let Some(activation) = activation {
                    Backend::Scalar.kernels().unwrap().map(activation, Operand::Out, &mut plain).unwrap();
                }
                for (got, plain) in got.iter().zip(&plain) {
                    assert!((got - plain).abs() <= 2e-5 * (1.0 + plain.abs()), "{:?} {m} {n} {k}", kernels.backend());
                }
            }
        }
    }
}

#[test]
fn nan_and_infinity_reach_their_row_and_column_even_through_zeros() {
    for kernels in available() {
        for n in [1, 5, 20, 70] {
            let (mut a, zeros) = (vec![0.0_f32; n * n], vec![0.0_f32; n * n]);
            a[(n / 2) * n + n - 1] = f32::NAN;
            a[n - 1] = f32::INFINITY;
            let mut out = vec![1.0; n * n];
            let (left, right) = (View::new(&a, n, n).unwrap(), View::new(&zeros, n, n).unwrap());
            let mut view = ViewMut::new(&mut out, n, n).unwrap();
            kernels.matmul(left, Right::View(right), Epilogue::default(), &mut view, 1).unwrap();
            for i in 0..n {
                let is_nan = i == n / 2 || i == 0;
                assert!(view.row(i).iter().all(|x| x.is_nan() == is_nan), "{:?} n={n} row {i}", kernels.backend());
            }
        }
    }
}

#[test]
fn every_product_of_an_outer_one_is_rounded_once() {
    for kernels in available() {
        let (a, b) = (numbers::<f32>(9, 1), numbers::<f32>(37, 2));
        let mut out = vec![0.0; 9 * 40];
        kernels.outer(&a, &b, &mut ViewMut::strided(&mut out, 9, 37, 40).unwrap()).unwrap();
        for i in 0..9 {
            for j in 0..40 {
                assert_eq!(out[i * 40 + j], if j < 37 { a[i] * b[j] } else { 0.0 });
            }
        }
    }
}

#[test]
fn shapes_that_do_not_go_together_are_refused() {
    let kernels = crate::kernels();
    let data = numbers::<f32>(12, 1);
    let (a, b) = (View::new(&data, 3, 4).unwrap(), View::new(&data, 3, 4).unwrap());
    let mut out = vec![0.0; 16];
    let refused = |a, b, epilogue, rows, columns, out: &mut Vec<f32>| {
        let mut out = ViewMut::new(out, rows, columns).unwrap();
        kernels.matmul(a, Right::View(b), epilogue, &mut out, 1)
    };
    let plain = Epilogue::default();
    let wrong = Err(Error::ShapesDiffer { expected: [4, 4], got: [3, 4] });
    assert_eq!(refused(a, b, plain, 3, 4, &mut out), wrong);
    let wrong = Err(Error::ShapesDiffer { expected: [3, 3], got: [4, 4] });
    assert_eq!(refused(a, b.transposed(), plain, 4, 4, &mut out), wrong);
    let bias = Epilogue { bias: Some(&data[..2]), ..plain };
    let wrong = Err(Error::ShapesDiffer { expected: [1, 3], got: [1, 2] });
    assert_eq!(refused(a, b.transposed(), bias, 3, 3, &mut out), wrong);
    assert_eq!(refused(a, b.transposed(), plain, 3, 3, &mut out), Ok(()));
}

#[test]
fn a_matrix_packed_for_another_backend_is_refused() {
    let scalar = Backend::Scalar.kernels().unwrap();
    let data = numbers::<f32>(16, 1);
    let view = View::new(&data, 4, 4).unwrap();
    let mut memory = vec![0.0; scalar.packed_len::<f32>(4, 4).unwrap()];
    let packed = scalar.pack(view, &mut memory).unwrap();
    for kernels in available().filter(|kernels| kernels.backend() != Backend::Scalar) {
        let mut out = [0.0; 16];
        let mut out = ViewMut::new(&mut out, 4, 4).unwrap();
        let refused = kernels.matmul(view, Right::Packed(&packed), Epilogue::default(), &mut out, 1);
        let used = kernels.backend();
        assert_eq!(refused, Err(Error::PackedElsewhere { packed: Backend::Scalar, used }));
    }
    let short = scalar.pack(view, &mut [0.0; 3]).err();
    assert_eq!(short, Some(Error::MatrixTooLarge { rows: 4, columns: 4, len: 3 }));
}
