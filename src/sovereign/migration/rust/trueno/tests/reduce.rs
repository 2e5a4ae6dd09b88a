//! Sums, moments, norms and extremes.

use super::*;
use crate::{Extreme, Norm};

/// The bound of the crate's documentation for `f32`.
fn bound(n: usize, magnitude: f64) -> f64 {
    (n.min(8192).div_ceil(16) + 8) as f64 * U32 * magnitude + n as f64 * f64::powi(2.0, -149)
}

/// The bound for `f64`.
fn bound_f64(n: usize, magnitude: f64) -> f64 {
    (n.min(8192).div_ceil(8) + n.div_ceil(8192) + 8) as f64 * U64 * magnitude + n as f64 * f64::from_bits(1)
}

/// A sum in twice the precision, after Knuth and Neumaier.
fn exact_sum(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0);
    for x in terms {
        let next = sum + x;
        lost += if sum.abs() >= x.abs() { (sum - next) + x } else { (x - next) + sum };
        sum = next;
    }
    sum + lost
}

#[test]
fn dot_keeps_its_bound_at_every_length_and_offset() {
    for kernels in available() {
        for n in lengths().chain([100_003]) {
            for offset in [0, 1, 3, 8, 15] {
                let (a, b) = (numbers(n + offset, 1), numbers(n + 2 * offset, 2));
                let (a, b) = (&a[offset..], &b[2 * offset..]);
                let products = || a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b));
                let (exact, magnitude) = (products().sum::<f64>(), products().map(f64::abs).sum());
                let got = f64::from(kernels.dot(a, b).unwrap());
                assert!((got - exact).abs() <= bound(n, magnitude), "{kernels:?} n={n}+{offset}: {got} {exact}");
            }
        }
    }
}

#[test]
fn sum_keeps_its_bound_at_every_length_and_offset() {
    for kernels in available() {
        for n in lengths().chain([100_003]) {
            for offset in 0..16 {
                let x = numbers(n + offset, 3);
                let x = &x[offset..];
                let exact: f64 = x.iter().map(|&x| f64::from(x)).sum();
                let magnitude = x.iter().map(|&x| f64::from(x).abs()).sum();
                let got = f64::from(kernels.sum(x));
                assert!((got - exact).abs() <= bound(n, magnitude), "{kernels:?} n={n}+{offset}: {got} {exact}");
                let l1 = f64::from(kernels.norm(Norm::L1, x));
                assert!((l1 - magnitude).abs() <= bound(n, magnitude), "{kernels:?} n={n}+{offset}: {l1} {magnitude}");
            }
        }
    }
}

#[test]
fn double_precision_keeps_its_bound() {
    for kernels in available() {
        for n in lengths() {
            let (a, b) = (numbers_f64(n, 4), numbers_f64(n, 5));
            // Products of numbers with 24 bits are exact.
            let products = || a.iter().zip(&b).map(|(&a, &b)| a * b);
            let (exact, magnitude) = (exact_sum(products()), products().map(f64::abs).sum());
            let got = kernels.dot(&a, &b).unwrap();
            assert!((got - exact).abs() <= bound_f64(n, magnitude), "{kernels:?} n={n}: {got} {exact}");
            let (exact, magnitude) = (exact_sum(a.iter().copied()), a.iter().map(|a| a.abs()).sum());
            let got = kernels.sum(&a);
            assert!((got - exact).abs() <= bound_f64(n, magnitude), "{kernels:?} n={n}: {got} {exact}");
        }
    }
}

#[test]
fn whole_numbers_are_exact_so_no_element_is_lost_or_taken_twice() {
    for kernels in available() {
        for n in 0..=300 {
            let x: Vec<f32> = (1..=n).map(|i| i as f32).collect();
            let sum = (n * (n + 1) / 2) as f32;
            assert_eq!(kernels.sum(&x), sum, "{kernels:?} n={n}");
            assert_eq!(kernels.norm(Norm::L1, &x), sum, "{kernels:?} n={n}");
            let ones = vec![1.0; n as usize];
            assert_eq!(kernels.dot(&x, &ones), Ok(sum), "{kernels:?} n={n}");
            assert_eq!(kernels.norm(Norm::L2, &ones), (n as f32).sqrt(), "{kernels:?} n={n}");
        }
    }
}

#[test]
fn nan_and_infinity_pass_through_from_any_place() {
    for kernels in available() {
        for n in [1, 7, 8, 15, 16, 17, 31, 33, 65, 200] {
            for place in 0..n {
                let ones = vec![1.0; n];
                let mut x = ones.clone();
                x[place] = f32::NAN;
                assert!(kernels.sum(&x).is_nan(), "{kernels:?} n={n} {place}");
                assert!(kernels.dot(&ones, &x).unwrap().is_nan(), "{kernels:?} n={n} {place}");
                assert!(kernels.variance(&x, 0).unwrap().is_nan(), "{kernels:?} n={n} {place}");
                for norm in [Norm::L1, Norm::L2, Norm::Linf] {
                    assert!(kernels.norm(norm, &x).is_nan(), "{kernels:?} {norm:?} n={n} {place}");
                }
                for extreme in [Extreme::Min, Extreme::Max] {
                    assert!(kernels.extreme(extreme, &x).unwrap().is_nan(), "{kernels:?} {extreme:?} n={n} {place}");
                    assert_eq!(kernels.position_of(extreme, &x), Some(place), "{kernels:?} {extreme:?} n={n}");
                }
                x[place] = f32::NEG_INFINITY;
                assert_eq!(kernels.sum(&x), f32::NEG_INFINITY, "{kernels:?} n={n} {place}");
                assert_eq!(kernels.dot(&x, &ones), Ok(f32::NEG_INFINITY), "{kernels:?} n={n} {place}");
                assert_eq!(kernels.norm(Norm::L2, &x), f32::INFINITY, "{kernels:?} n={n} {place}");
                assert_eq!(kernels.position_of(Extreme::Min, &x), Some(place), "{kernels:?} n={n}");
                let zeros = vec![0.0; n];
                assert!(kernels.dot(&x, &zeros).unwrap().is_nan(), "{kernels:?} n={n} {place}: inf times 0");
            }
        }
    }
}

#[test]
fn denormals_are_not_flushed() {
    let tiny = f32::from_bits(1);
    for kernels in available() {
        for n in [1, 9, 40, 100_u16] {
            let x = vec![tiny; usize::from(n)];
            assert_eq!(kernels.sum(&x), f32::from_bits(u32::from(n)), "{kernels:?} n={n}");
            let ones = vec![1.0; usize::from(n)];
            assert_eq!(kernels.dot(&x, &ones), Ok(f32::from_bits(u32::from(n))), "{kernels:?} n={n}");
        }
    }
}

#[test]
fn sums_of_nothing_are_positive_zero_and_nothing_has_no_mean_or_extreme() {
    for kernels in available() {
        assert_eq!(kernels.sum::<f32>(&[]).to_bits(), 0);
        assert_eq!(kernels.dot::<f32>(&[], &[]).unwrap().to_bits(), 0);
        for norm in [Norm::L1, Norm::L2, Norm::Linf] {
            assert_eq!(kernels.norm::<f64>(norm, &[]).to_bits(), 0);
        }
        assert_eq!(kernels.mean::<f32>(&[]), None);
        assert_eq!(kernels.extreme::<f32>(Extreme::Max, &[]), None);
        assert_eq!(kernels.position_of::<f32>(Extreme::Min, &[]), None);
        assert_eq!(kernels.variance(&[3.0_f32], 1), None);
        assert_eq!(kernels.variance(&[3.0_f32], 0), Some(0.0));
        assert_eq!(kernels.variance::<f32>(&[], 5), None);
    }
}

#[test]
fn long_sums_do_not_lose_small_elements() {
    // A lane that holds 2^24 takes no 1 any more, but only for the rest of its block.
    let mut x = vec![1.0_f32; 1_000_000];
    x[..64].fill(16_777_216.0);
    let exact = 64.0 * 16_777_216.0 + (1_000_000.0 - 64.0);
    for kernels in available() {
        let ones = vec![1.0; x.len()];
        for got in [kernels.sum(&x), kernels.dot(&x, &ones).unwrap()] {
            assert!((f64::from(got) - exact).abs() <= bound(x.len(), exact), "{kernels:?}: {got} {exact}");
        }
    }
}

#[test]
fn variance_is_stable_far_from_zero() {
    for kernels in available() {
        for n in [2, 3, 17, 1000, 20_000] {
            for shift in [0.0, 1000.0, -1e6] {
                let x: Vec<f32> = numbers(n, 11).into_iter().map(|x| x + shift).collect();
                let mean = x.iter().map(|&x| f64::from(x)).sum::<f64>() / n as f64;
                let squares: f64 = x.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum();
                let got = f64::from(kernels.mean(&x).unwrap());
                assert!((got - mean).abs() <= bound(n, mean.abs().max(1.0)), "{kernels:?} n={n} {shift}: {got} {mean}");
                for ddof in [0, 1] {
                    let (got, exact) = (f64::from(kernels.variance(&x, ddof).unwrap()), squares / (n - ddof) as f64);
                    assert!((got - exact).abs() <= 1e-4 * exact, "{kernels:?} n={n} {shift}: {got} {exact}");
                }
            }
        }
        assert_eq!(kernels.variance(&[1e8_f64, 1e8, 1e8], 0), Some(0.0));
    }
}

#[test]
fn lengths_neither_overflow_nor_vanish() {
    for kernels in available() {
        for (x, scale) in [(1e-30_f32, 5.0), (f32::from_bits(3), 5.0), (1e30, 5.0), (6e37, 5.0), (1.0, 5.0)] {
            let got = f64::from(kernels.norm(Norm::L2, &[3.0 * x, 4.0 * x, 0.0]));
            let exact = f64::from(3.0 * x).hypot(f64::from(4.0 * x));
            assert!((got - exact).abs() <= exact * 2.0 * U32 + 1e-45, "{kernels:?} {x:e} {scale}: {got:e} {exact:e}");
        }
        for x in [1e-300_f64, 1e300, f64::from_bits(5), 1.0] {
            let (got, exact) = (kernels.norm(Norm::L2, &[3.0 * x, 4.0 * x]), 5.0 * x);
            assert!((got - exact).abs() <= exact * 4.0 * U64 + f64::from_bits(1), "{kernels:?} {x:e}: {got:e}");
        }
    }
}

#[test]
fn extremes_and_their_first_places_are_found_at_every_length_and_offset() {
    for kernels in available() {
        for n in lengths().filter(|&n| n > 0) {
            for offset in [0, 1, 15] {
                // Whole numbers of a small range, so that extremes stand several times.
                let x: Vec<f32> = numbers(n + offset, 12).into_iter().map(|x| (x * 20.0).round()).collect();
                let x = &x[offset..];
                let (mut low, mut high) = (0, 0);
                for i in 1..n {
                    low = if x[i] < x[low] { i } else { low };
                    high = if x[i] > x[high] { i } else { high };
                }
                assert_eq!(kernels.extreme(Extreme::Min, x), Some(x[low]), "{kernels:?} n={n}+{offset}");
                assert_eq!(kernels.extreme(Extreme::Max, x), Some(x[high]), "{kernels:?} n={n}+{offset}");
                assert_eq!(kernels.position_of(Extreme::Min, x), Some(low), "{kernels:?} n={n}+{offset}");
                assert_eq!(kernels.position_of(Extreme::Max, x), Some(high), "{kernels:?} n={n}+{offset}");
                assert_eq!(kernels.norm(Norm::Linf, x), x[low].abs().max(x[high].abs()), "{kernels:?} n={n}+{offset}");
                let double: Vec<f64> = x.iter().map(|&x| f64::from(x)).collect();
                assert_eq!(kernels.position_of(Extreme::Max, &double), Some(high), "{kernels:?} n={n}+{offset}");
                assert_eq!(
                    kernels.extreme(Extreme::Min, &double),
                    Some(f64::from(x[low])),
                    "{kernels:?} n={n}+{offset}"
                );
            }
        }
    }
}

#[test]
fn the_first_nan_wins_wherever_others_stand() {
    for kernels in available() {
        let mut x = vec![1.0_f32; 5000];
        for (first, second) in [(0, 1), (17, 3000), (2047, 2048), (4999, 4999), (2500, 4000)] {
            (x[first], x[second]) = (f32::NAN, f32::NAN);
            x[100] = f32::INFINITY;
            assert_eq!(kernels.position_of(Extreme::Max, &x), Some(first), "{kernels:?}");
            assert_eq!(kernels.position_of(Extreme::Min, &x), Some(first), "{kernels:?}");
            x.fill(1.0);
        }
    }
}

#[test]
fn different_lengths_are_refused() {
    for kernels in available() {
        assert_eq!(kernels.dot(&[0.0; 3], &[0.0_f32; 2]), Err(Error::LengthsDiffer { left: 3, right: 2 }));
    }
}
