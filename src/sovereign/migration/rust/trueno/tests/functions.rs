//! Transcendental functions over a share of all bit patterns, against `libm` in double precision.

use super::*;
use crate::{Binary, exact};

/// Every so many bit patterns; a prime, so that all mantissas come. Without optimization it takes longer steps.
const STRIDE: usize = if cfg!(debug_assertions) { 20_011 } else { 1009 };

/// A function in double precision.
type Exact = fn(f64) -> f64;

/// The bounds of the crate's documentation, in units in the last place.
const FUNCTIONS: [(Unary<f32>, Exact, f64); 7] = [
    (Unary::Exp, exact::exp, 1.5),
    (Unary::Log, exact::log, 1.5),
    (Unary::Tanh, exact::tanh, 2.0),
    (Unary::Sigmoid, exact::sigmoid, 3.0),
    (Unary::Silu, exact::silu, 4.0),
    (Unary::Gelu, exact::gelu, 6.0),
    (Unary::GeluTanh, exact::gelu_tanh, 8.0),
];

/// The bound of powers.
const POW: f64 = 8.0;

fn patterns() -> Vec<f32> {
    (0..=u32::MAX).step_by(STRIDE).map(f32::from_bits).collect()
}

#[test]
fn functions_keep_their_bounds_over_a_share_of_all_numbers() {
    let x = patterns();
    let mut out = vec![0.0; x.len()];
    for (op, exact, bound) in FUNCTIONS {
        let wanted: Vec<f64> = x.iter().map(|&x| exact(f64::from(x))).collect();
        for kernels in available() {
            kernels.map(op, Operand::Slice(&x), &mut out).unwrap();
            let error = |i: usize| match op {
                // Its argument is a rounded polynomial, which the exponential shows where little is left.
                Unary::GeluTanh if (f64::from(out[i]) - wanted[i]).abs() <= 2e-8 => 0.0,
                _ => ulps(out[i], wanted[i]),
            };
            let worst = (0..x.len()).max_by(|&i, &j| error(i).total_cmp(&error(j))).unwrap();
            assert!(
                error(worst) <= bound,
                "{kernels:?} {op:?} of {:e}: {:e}, not {:e}: {} ulp",
                x[worst],
                out[worst],
                wanted[worst],
                error(worst)
            );
        }
    }
}

#[test]
fn functions_agree_on_special_numbers_and_keep_the_sign_of_zero() {
    let x = special();
    for (op, exact, bound) in FUNCTIONS {
        for kernels in available() {
            let mut out = vec![0.0; x.len()];
            kernels.map(op, Operand::Slice(&x), &mut out).unwrap();
            for (&x, &got) in x.iter().zip(&out) {
                let wanted = exact(f64::from(x));
                assert!(ulps(got, wanted) <= bound, "{kernels:?} {op:?} of {x:e}: {got:e}, not {wanted:e}");
                if wanted == 0.0 {
                    assert_eq!(got.is_sign_negative(), wanted.is_sign_negative(), "{kernels:?} {op:?} of {x:e}");
                }
            }
        }
    }
}

#[test]
fn double_precision_equals_libm() {
    let x: Vec<f64> = special().into_iter().map(f64::from).collect();
    for kernels in available() {
        let mut out = vec![0.0; x.len()];
        for (op, exact) in [(Unary::Exp, exact::exp as Exact), (Unary::Log, exact::log), (Unary::Tanh, exact::tanh)] {
            kernels.map(op, Operand::Slice(&x), &mut out).unwrap();
            assert!(
                out.iter()
                    .zip(&x)
                    .all(|(got, &x)| got.to_bits() == exact(x).to_bits() || got.is_nan() && exact(x).is_nan())
            );
        }
    }
}

#[test]
fn powers_keep_their_bound_and_the_special_cases() {
    let (x, many) = (special(), numbers(2000, 21));
    let bases: Vec<f32> = many.iter().map(|x| (20.0 * x).exp()).collect();
    let wide: Vec<f32> = numbers(2000, 22).into_iter().map(|x| 4.0 * x).collect();
    for kernels in available() {
        let check = |a: &[f32], b: Operand<f32>, at: &dyn Fn(usize) -> f32, bound: f64| {
            let mut out = vec![0.0; a.len()];
            kernels.zip(Binary::Pow, Operand::Slice(a), b, &mut out).unwrap();
            for (i, (&a, &got)) in a.iter().zip(&out).enumerate() {
                let wanted = exact::pow(f64::from(a), f64::from(at(i)));
                assert!(ulps(got, wanted) <= bound, "{kernels:?} {a:e}^{:e}: {got:e}, not {wanted:e}", at(i));
                assert!(wanted != 0.0 || got.is_sign_negative() == wanted.is_sign_negative(), "{kernels:?} {a:e}");
            }
        };
        for &power in x.iter().chain(&[2.0, -2.0, 3.0, -5.0, 0.5, 16_777_217.0]) {
            check(&x, Operand::Scalar(power), &|_| power, POW);
            check(&bases, Operand::Scalar(power), &|_| power, POW);
        }
        check(&bases, Operand::Slice(&wide), &|i| wide[i], POW);
        let negative: Vec<f32> = bases.iter().map(|x| -x).collect();
        for power in [-3.0, 2.0, 3.0, 0.5] {
            check(&negative, Operand::Scalar(power), &|_| power, POW);
        }
    }
}
