//! Every backend that this machine has, against sums in double precision and within the bound that `lib.rs` states.

use std::{string::ToString, vec, vec::Vec};

use crate::{AVX512_COMPILED, Backend, Error, axpy, axpy_onto_itself, dot, sum};

const U: f64 = 1.0 / 16_777_216.0;

/// The lengths at which loops, tails and blocks begin and end.
fn lengths() -> impl Iterator<Item = usize> {
    (0..=300).chain([8191, 8192, 8193, 16_401, 100_003])
}

fn available() -> Vec<Backend> {
    Backend::ALL.into_iter().filter(|backend| backend.is_available()).collect()
}

/// Numbers in [-1, 1) from a linear congruential generator; the seed makes vectors differ.
fn numbers(n: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / 8_388_608.0 - 1.0
    };
    (0..n).map(|_| next()).collect()
}

fn bound(n: usize, magnitude: f64) -> f64 {
    // The 8192 of the crate's documentation, whatever `BLOCK` says.
    (n.min(8192).div_ceil(16) + 8) as f64 * U * magnitude + n as f64 * f64::powi(2.0, -149)
}

#[test]
fn dot_keeps_its_bound_at_every_length_and_offset() {
    for backend in available() {
        for n in lengths() {
            for offset in 0..3 {
                let (a, b) = (numbers(n + offset, 1), numbers(n + 2 * offset, 2));
                let (a, b) = (&a[offset..], &b[2 * offset..]);
                let products = a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b));
                let (exact, magnitude) = products.fold((0.0, 0.0), |(s, m), p| (s + p, m + p.abs()));
                let got = f64::from(backend.dot(a, b).unwrap());
                assert!((got - exact).abs() <= bound(n, magnitude), "{backend:?} n={n}+{offset}: {got} {exact}");
            }
        }
    }
}

#[test]
fn sum_keeps_its_bound_at_every_length_and_offset() {
    for backend in available() {
        for n in lengths() {
            for offset in 0..3 {
                let x = numbers(n + offset, 3);
                let x = &x[offset..];
                let exact: f64 = x.iter().map(|&x| f64::from(x)).sum();
                let magnitude = x.iter().map(|&x| f64::from(x).abs()).sum();
                let got = f64::from(backend.sum(x).unwrap());
                assert!((got - exact).abs() <= bound(n, magnitude), "{backend:?} n={n}+{offset}: {got} {exact}");
            }
        }
    }
}

#[test]
fn whole_numbers_are_exact_so_no_element_is_lost_or_taken_twice() {
    for backend in available() {
        for n in 0..=300 {
            let x: Vec<f32> = (1..=n).map(|i| i as f32).collect();
            assert_eq!(backend.sum(&x), Ok((n * (n + 1) / 2) as f32), "{backend:?} n={n}");
            let ones = vec![1.0; n as usize];
            assert_eq!(backend.dot(&x, &ones), Ok((n * (n + 1) / 2) as f32), "{backend:?} n={n}");
        }
    }
}

#[test]
fn axpy_changes_exactly_its_elements_by_at_most_two_roundings() {
    for backend in available() {
        for n in 0..=300 {
            let x = numbers(n, 4);
            let before = numbers(n + 2, 5);
            let mut y = before.clone();
            backend.axpy(0.7, &x, &mut y[1..=n]).unwrap();
            assert_eq!((y[0], y[n + 1]), (before[0], before[n + 1]), "{backend:?} wrote outside, n={n}");
            for i in 0..n {
                let product = f64::from(0.7_f32) * f64::from(x[i]);
                let exact = product + f64::from(before[i + 1]);
                let error = (f64::from(y[i + 1]) - exact).abs();
                assert!(error <= U * (product.abs() + 2.0 * exact.abs()), "{backend:?} n={n} i={i}");
            }
        }
    }
}

#[test]
fn axpy_onto_itself_equals_axpy_with_a_copy() {
    for backend in available() {
        for n in 0..=70 {
            let x = numbers(n, 6);
            let (mut same, mut apart) = (x.clone(), x.clone());
            backend.axpy_onto_itself(-0.3, &mut same).unwrap();
            backend.axpy(-0.3, &x, &mut apart).unwrap();
            assert_eq!(same, apart, "{backend:?} n={n}");
        }
    }
}

#[test]
fn nan_and_infinity_pass_through_from_any_place() {
    for backend in available() {
        for n in [1, 7, 8, 15, 16, 17, 31, 33, 65, 200] {
            for place in 0..n {
                let ones = vec![1.0; n];
                let mut x = ones.clone();
                x[place] = f32::NAN;
                assert!(backend.sum(&x).unwrap().is_nan(), "{backend:?} n={n} {place}");
                assert!(backend.dot(&ones, &x).unwrap().is_nan(), "{backend:?} n={n} {place}");
                x[place] = f32::NEG_INFINITY;
                assert_eq!(backend.sum(&x), Ok(f32::NEG_INFINITY), "{backend:?} n={n} {place}");
                assert_eq!(backend.dot(&x, &ones), Ok(f32::NEG_INFINITY), "{backend:?} n={n} {place}");
                let zeros = vec![0.0; n];
                assert!(backend.dot(&x, &zeros).unwrap().is_nan(), "{backend:?} n={n} {place}: inf times 0");
            }
        }
    }
}

#[test]
fn denormals_are_not_flushed() {
    let tiny = f32::from_bits(1);
    for backend in available() {
        for n in [1, 9, 40, 100_u16] {
            let x = vec![tiny; usize::from(n)];
            assert_eq!(backend.sum(&x), Ok(f32::from_bits(u32::from(n))), "{backend:?} n={n}");
            let ones = vec![1.0; usize::from(n)];
            assert_eq!(backend.dot(&x, &ones), Ok(f32::from_bits(u32::from(n))), "{backend:?} n={n}");
        }
    }
}

#[test]
fn the_sum_of_nothing_is_positive_zero() {
    for backend in available() {
        assert_eq!(backend.sum(&[]).unwrap().to_bits(), 0);
        assert_eq!(backend.dot(&[], &[]).unwrap().to_bits(), 0);
    }
}

#[test]
fn long_sums_do_not_lose_small_elements() {
    // A lane that holds 2^24 takes no 1 any more, but only for the rest of its block.
    let mut x = vec![1.0; 1_000_000];
    x[..64].fill(16_777_216.0);
    let exact = 64.0 * 16_777_216.0 + (1_000_000.0 - 64.0);
    for backend in available() {
        let ones = vec![1.0; x.len()];
        for got in [backend.sum(&x).unwrap(), backend.dot(&x, &ones).unwrap()] {
            assert!((f64::from(got) - exact).abs() <= bound(x.len(), exact), "{backend:?}: {got} {exact}");
        }
    }
}

#[test]
fn calls_without_a_backend_are_those_of_the_detected_one() {
    let (a, b) = (numbers(777, 7), numbers(777, 8));
    let (backend, mut x, mut y) = (Backend::detect(), b.clone(), b.clone());
    assert!(backend.is_available());
    assert_eq!(Some(&backend), available().last(), "the fastest is last");
    assert_eq!(dot(&a, &b), backend.dot(&a, &b));
    assert_eq!(Ok(sum(&a)), backend.sum(&a));
    axpy(0.5, &a, &mut x).unwrap();
    backend.axpy(0.5, &a, &mut y).unwrap();
    assert_eq!(x, y);
    axpy_onto_itself(0.5, &mut x);
    backend.axpy_onto_itself(0.5, &mut y).unwrap();
    assert_eq!(x, y);
}

#[test]
fn different_lengths_are_refused_and_nothing_is_written() {
    let mut y = [1.0, 2.0];
    let differ = Error::LengthsDiffer { left: 3, right: 2 };
    assert_eq!(dot(&[0.0; 3], &y), Err(differ));
    assert_eq!(axpy(1.0, &[9.0; 3], &mut y), Err(differ));
    assert_eq!(y, [1.0, 2.0]);
    assert_eq!(differ.to_string(), "the vectors differ in length: `3` and `2`");
}

#[test]
fn a_backend_that_is_not_here_is_an_error() {
    let mut missing = 0;
    for backend in Backend::ALL.into_iter().filter(|backend| !backend.is_available()) {
        missing += 1;
        let error = Error::BackendMissing(backend);
        assert_eq!(backend.dot(&[1.0], &[1.0]), Err(error));
        assert_eq!(backend.sum(&[1.0]), Err(error));
        assert_eq!(backend.axpy(1.0, &[1.0], &mut [1.0]), Err(error));
        assert_eq!(backend.axpy_onto_itself(1.0, &mut [1.0]), Err(error));
        assert!(error.to_string().contains(backend.name()));
    }
    assert!(missing >= 2, "no machine has ARM, x86 and WebAssembly at once");
}

#[test]
fn names_lead_back_to_their_backend() {
    for backend in Backend::ALL {
        assert_eq!(backend.name().parse(), Ok(backend));
    }
    assert_eq!("AVX2".parse::<Backend>(), Err(Error::BackendUnknown));
    assert_eq!(Error::BackendUnknown.to_string(), "no backend has this name");
}

#[cfg(target_arch = "x86_64")]
#[test]
fn detection_agrees_with_the_standard_library() {
    let avx2 = std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma");
    assert_eq!(Backend::Avx2.is_available(), avx2);
    #[cfg(avx512_compiled)]
    assert_eq!(Backend::Avx512.is_available(), std::is_x86_feature_detected!("avx512f") && avx2);
    assert!(AVX512_COMPILED || !Backend::Avx512.is_available());
}
