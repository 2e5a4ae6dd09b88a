//! Every backend that this machine has, against values in higher precision and within the bounds that `lib.rs` states.

use std::{string::ToString, vec, vec::Vec};

use crate::{AVX512_COMPILED, Backend, Element, Error, Kernels, Operand, Unary, kernels};

mod elementwise;
mod expression;
mod functions;
mod index;
mod quantize;
mod reduce;
mod rows;
mod scan;

/// Half a unit in the last place of 1.
const U32: f64 = 1.0 / 16_777_216.0;
const U64: f64 = 1.0 / 9_007_199_254_740_992.0;

/// The lengths at which loops, tails and blocks begin and end.
fn lengths() -> impl Iterator<Item = usize> {
    (0..=130).chain([255, 256, 257, 1023, 2048, 2049, 4096, 4099, 8191, 8192, 8193, 16_401])
}

/// The kernels of all backends that this machine has, the oracle first.
fn available() -> Vec<&'static Kernels> {
    Backend::ALL.into_iter().filter_map(|backend| backend.kernels().ok()).collect()
}

/// Numbers in [-1, 1) from a linear congruential generator; the seed makes vectors differ.
fn numbers(n: usize, seed: u64) -> Vec<f32> {
    numbers_f64(n, seed).into_iter().map(|x| x as f32).collect()
}

fn numbers_f64(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / 8_388_608.0 - 1.0
    };
    (0..n).map(|_| next()).collect()
}

/// The numbers at which functions turn: zeros, denormals, the edges of the range, infinities, NaN.
fn special() -> Vec<f32> {
    let positive = [
        0.0,
        f32::from_bits(1),
        1e-40,
        f32::MIN_POSITIVE,
        1e-20,
        0.3,
        0.65,
        0.75,
        1.0,
        1.5,
        2.5,
        14.6,
        88.8,
        104.0,
        110.0,
        1e10,
        3e38,
        f32::MAX,
        f32::INFINITY,
        f32::NAN,
    ];
    positive.into_iter().flat_map(|x| [x, -x]).collect()
}

/// The distance in units in the last place of `exact`, as `f32` has them; 0 where both are NaN or equal.
fn ulps(got: f32, exact: f64) -> f64 {
    let rounded = exact as f32;
    if got.is_nan() && exact.is_nan() || got == rounded {
        return 0.0;
    }
    if !got.is_finite() || !rounded.is_finite() {
        // Rounding may tip the largest number over to infinity.
        let close = |x: f64| x.abs() >= f64::from(f32::MAX) * (1.0 - 2.0 * U32);
        return if close(f64::from(got)) && close(exact) { 1.0 } else { f64::INFINITY };
    }
    let exponent = (exact.abs().max(f64::from(f32::MIN_POSITIVE))).to_bits() >> 52;
    let unit = f64::from_bits((exponent - 23) << 52);
    (f64::from(got) - exact).abs() / unit
}

#[test]
fn calls_without_a_backend_are_those_of_the_detected_one() {
    let backend = Backend::detect();
    assert!(backend.is_available());
    assert_eq!(kernels().backend(), backend);
    assert_eq!(available().last().map(|kernels| kernels.backend()), Some(backend), "the fastest is last");
    assert_eq!(std::format!("{:?}", kernels()), std::format!("Kernels({backend:?})"));
}

#[test]
fn a_backend_that_is_not_here_is_an_error() {
    let mut missing = 0;
    for backend in Backend::ALL.into_iter().filter(|backend| !backend.is_available()) {
        missing += 1;
        let error = backend.kernels().err();
        assert_eq!(error, Some(Error::BackendMissing(backend)));
        assert!(error.unwrap().to_string().contains(backend.name()));
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
    use std::is_x86_feature_detected as has;
    let avx2 = has!("avx2") && has!("fma");
    assert_eq!(Backend::Avx2.is_available(), avx2);
    assert!(Backend::Sse2.is_available());
    #[cfg(avx512_compiled)]
    {
        let avx512 = has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl");
        assert_eq!(Backend::Avx512.is_available(), avx512 && avx2);
        assert_eq!(crate::cpu::has_avx512_vnni(), avx512 && avx2 && has!("avx512vnni"));
    }
    assert!(AVX512_COMPILED || !Backend::Avx512.is_available());
}

#[test]
fn the_loops_for_calibration_do_their_work() {
    for kernels in available() {
        // From 1 the value of each lane goes down towards 1 by less than a rounding.
        let got: f32 = kernels.fma_loop(1000);
        let lanes = 12 * kernels.lanes::<f32>();
        assert!((f64::from(got) / lanes as f64 - 1.0).abs() < 1e-4, "{kernels:?} {got}");
        assert_eq!(kernels.fma_loop_operations::<f32>(1000), 2000 * lanes);
        let x: Vec<f64> = (0..1024).map(f64::from).collect();
        assert_eq!(kernels.read_loop(&x), 1023.0, "{kernels:?}");
        assert_eq!(
            kernels.lanes::<f32>(),
            if kernels.backend() == Backend::Scalar { 1 } else { 2 * kernels.lanes::<f64>() }
        );
    }
}
