//! Elementwise operations: the exact ones bit by bit, at every length and place.

use super::*;
use crate::{Binary, Ternary};

const UNARY: [Unary<f32>; 9] = [
    Unary::Abs,
    Unary::Neg,
    Unary::Sqrt,
    Unary::Relu,
    Unary::LeakyRelu { slope: 0.25 },
    Unary::Clip { low: -0.5, high: 0.75 },
    Unary::Square,
    Unary::Reciprocal,
    Unary::Exp,
];

const BINARY: [Binary; 6] = [Binary::Add, Binary::Sub, Binary::Mul, Binary::Div, Binary::Minimum, Binary::Maximum];

fn unary(op: Unary<f32>, x: f32) -> f32 {
    match op {
        Unary::Abs => x.abs(),
        Unary::Neg => -x,
        Unary::Sqrt => x.sqrt(),
        Unary::Relu if x < 0.0 => 0.0,
        Unary::Relu => x,
        Unary::LeakyRelu { slope } if x <= 0.0 => x * slope,
        Unary::LeakyRelu { .. } => x,
        Unary::Clip { low, high } if !x.is_nan() => x.max(low).min(high),
        Unary::Clip { .. } => x,
        Unary::Square => x * x,
        Unary::Reciprocal => 1.0 / x,
        other => panic!("{other:?} is not exact"),
    }
}

fn binary<T: Element>(op: Binary, a: T, b: T, arithmetic: impl Fn(Binary, T, T) -> T) -> T {
    match op {
        Binary::Minimum if a.is_nan() || a < b => a,
        Binary::Maximum if a.is_nan() || a > b => a,
        Binary::Minimum | Binary::Maximum => b,
        other => arithmetic(other, a, b),
    }
}

fn single(op: Binary, a: f32, b: f32) -> f32 {
    binary(op, a, b, |op, a, b| match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        _ => a / b,
    })
}

fn double(op: Binary, a: f64, b: f64) -> f64 {
    binary(op, a, b, |op, a, b| match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        _ => a / b,
    })
}

/// Equal in every bit, or both NaN.
fn same(got: f32, wanted: f32) -> bool {
    got.to_bits() == wanted.to_bits() || got.is_nan() && wanted.is_nan()
}

#[test]
fn exact_operations_are_bit_equal_on_all_special_numbers() {
    let x = special();
    for kernels in available() {
        for op in UNARY.into_iter().filter(|&op| op != Unary::Exp) {
            let mut out = vec![7.0; x.len()];
            kernels.map(op, Operand::Slice(&x), &mut out).unwrap();
            for (&x, &got) in x.iter().zip(&out) {
                assert!(same(got, unary(op, x)), "{kernels:?} {op:?} {x:e}: {got:e}");
            }
        }
        for op in BINARY {
            for &b in &x {
                let (mut out, mut back) = (vec![7.0; x.len()], vec![7.0; x.len()]);
                kernels.zip(op, Operand::Slice(&x), Operand::Scalar(b), &mut out).unwrap();
                kernels.zip(op, Operand::Scalar(b), Operand::Slice(&x), &mut back).unwrap();
                for (i, &a) in x.iter().enumerate() {
                    assert!(same(out[i], single(op, a, b)), "{kernels:?} {op:?} {a:e} {b:e}: {:e}", out[i]);
                    assert!(same(back[i], single(op, b, a)), "{kernels:?} {op:?} {b:e} {a:e}: {:e}", back[i]);
                }
            }
        }
    }
}

#[test]
fn each_length_and_offset_is_written_in_whole_and_not_beyond() {
    for kernels in available() {
        for n in lengths() {
            for offset in [0, 1, 2, 3, 7, 15] {
                let (a, b) = (numbers(n + offset, 1), numbers(n + 15, 2));
                let (a, b) = (&a[offset..], &b[15 - offset..15 - offset + n]);
                let mut out = vec![9.0; n + offset + 1];
                kernels.zip(Binary::Sub, Operand::Slice(a), Operand::Slice(b), &mut out[offset..offset + n]).unwrap();
                assert!(out[..offset].iter().chain(&out[offset + n..]).all(|&x| x == 9.0), "{kernels:?} {n}+{offset}");
                for i in 0..n {
                    assert_eq!(out[offset + i], a[i] - b[i], "{kernels:?} {n}+{offset} at {i}");
                }
                kernels.map(Unary::Neg, Operand::Slice(a), &mut out[offset..offset + n]).unwrap();
                assert!(out[..offset].iter().chain(&out[offset + n..]).all(|&x| x == 9.0), "{kernels:?} {n}+{offset}");
                assert!((0..n).all(|i| out[offset + i] == -a[i]), "{kernels:?} {n}+{offset}");
            }
        }
    }
}

#[test]
fn double_precision_is_bit_equal() {
    for kernels in available() {
        for n in [0, 1, 7, 8, 9, 31, 100] {
            let (a, b) = (numbers_f64(n, 3), numbers_f64(n, 4));
            let mut out = vec![0.0; n];
            for op in BINARY {
                kernels.zip(op, Operand::Slice(&a), Operand::Slice(&b), &mut out).unwrap();
                for i in 0..n {
                    assert_eq!(out[i].to_bits(), double(op, a[i], b[i]).to_bits(), "{kernels:?} {op:?} n={n}");
                }
            }
            kernels.map(Unary::Sqrt, Operand::Slice(&a), &mut out).unwrap();
            assert!(out.iter().zip(&a).all(|(got, a)| got.to_bits() == a.sqrt().to_bits() || *a < 0.0));
        }
    }
}

#[test]
fn the_output_may_be_an_operand() {
    for kernels in available() {
        for n in [0, 1, 15, 16, 33, 70] {
            let x = numbers(n, 5);
            let mut y = x.clone();
            kernels.zip(Binary::Mul, Operand::Out, Operand::Out, &mut y).unwrap();
            assert!(y.iter().zip(&x).all(|(y, x)| *y == x * x), "{kernels:?} n={n}");
            kernels.map(Unary::Abs, Operand::Out, &mut y).unwrap();
            kernels.zip(Binary::Sub, Operand::Scalar(1.0), Operand::Out, &mut y).unwrap();
            assert!(y.iter().zip(&x).all(|(y, x)| *y == 1.0 - x * x), "{kernels:?} n={n}");
        }
    }
}

#[test]
fn a_number_fills_the_output() {
    for kernels in available() {
        let mut out = [0.0_f32; 37];
        kernels.map(Unary::Square, Operand::Scalar(3.0), &mut out).unwrap();
        assert_eq!(out, [9.0; 37], "{kernels:?}");
    }
}

#[test]
fn fma_and_lerp_keep_two_roundings_and_change_nothing_beyond() {
    for kernels in available() {
        for n in (0..=70).chain([1000]) {
            let (a, b, c) = (numbers(n, 6), numbers(n, 7), numbers(n, 8));
            let mut out = vec![9.0; n + 1];
            let operands = (Operand::Slice(&a[..]), Operand::Slice(&b[..]), Operand::Slice(&c[..]));
            for op in [Ternary::Fma, Ternary::Lerp] {
                kernels.blend(op, operands.0, operands.1, operands.2, &mut out[..n]).unwrap();
                assert_eq!(out[n], 9.0);
                for i in 0..n {
                    let (a, b, c) = (f64::from(a[i]), f64::from(b[i]), f64::from(c[i]));
                    let (exact, size) = match op {
                        Ternary::Fma => (a * b + c, (a * b).abs() + c.abs()),
                        Ternary::Lerp => (a + (b - a) * c, a.abs() + ((b - a) * c).abs() * 2.0),
                    };
                    assert!((f64::from(out[i]) - exact).abs() <= 2.0 * U32 * size, "{kernels:?} {op:?} n={n} i={i}");
                }
            }
        }
    }
}

#[test]
fn adding_a_multiple_in_place_equals_doing_it_apart() {
    for kernels in available() {
        for n in 0..=70 {
            let (x, y) = (numbers(n, 9), numbers(n, 10));
            let (mut same, mut apart) = (y.clone(), vec![0.0; n]);
            let factor = Operand::Scalar(-0.3);
            kernels.blend(Ternary::Fma, factor, Operand::Slice(&x), Operand::Out, &mut same).unwrap();
            kernels.blend(Ternary::Fma, factor, Operand::Slice(&x), Operand::Slice(&y), &mut apart).unwrap();
            assert_eq!(same, apart, "{kernels:?} n={n}");
        }
    }
}

#[test]
fn different_lengths_are_refused_and_nothing_is_written() {
    let (x, differ) = ([9.0_f32; 3], Error::LengthsDiffer { left: 3, right: 2 });
    for kernels in available() {
        let mut y = [1.0, 2.0];
        assert_eq!(kernels.map(Unary::Abs, Operand::Slice(&x), &mut y), Err(differ));
        assert_eq!(kernels.zip(Binary::Add, Operand::Out, Operand::Slice(&x), &mut y), Err(differ));
        let number = Operand::Scalar(1.0);
        assert_eq!(kernels.blend(Ternary::Fma, number, number, Operand::Slice(&x), &mut y), Err(differ));
        assert_eq!(y, [1.0, 2.0]);
    }
    assert_eq!(differ.to_string(), "the vectors differ in length: `3` and `2`");
}
