//! Numbers there and back, and bytes that are not what any of the ways writes.

use std::vec::Vec;

use super::{Width, delta, densify, dequantize, quantize, sparsify, undelta};
use crate::Error;

const ODD: [f32; 9] =
    [0.0, -0.0, 1.5, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MIN_POSITIVE / 8.0, f32::MAX, f32::MIN];

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn differences_come_back_bit_by_bit() {
    for values in [&ODD[..], &[], &[3.25]] {
        assert_eq!(bits(&undelta(&delta(values)).unwrap()), bits(values));
    }
    let even: Vec<f32> = (0..100).map(|n| f32::from_bits(0x3F80_0000 + 7 * n)).collect();
    assert_eq!(delta(&even)[4..8], 7_u32.to_le_bytes());
    assert!(undelta(&[0; 5]).is_err());
}

#[test]
fn codes_are_within_half_a_step_of_what_they_stand_for() {
    let values: Vec<f32> = (0..1001_u16).map(|n| (f32::from(n) * 0.37).sin() * 40.0 - 3.0).collect();
    for (width, most) in [(Width::Four, 15.0), (Width::Eight, 255.0), (Width::Sixteen, 65535.0)] {
        let (bytes, error) = quantize(&values, width).unwrap();
        let half_step = 80.0 / most / 2.0;
        assert!(error <= half_step * 1.001, "{width:?}: {error} of {half_step}");
        assert!(error > half_step * 0.5, "{width:?}: {error} of {half_step}");
        let got = dequantize(&bytes).unwrap();
        assert_eq!(got.len(), values.len());
        let worst = got.iter().zip(&values).map(|(got, value)| (got - value).abs()).fold(0.0, f32::max);
        assert_eq!(worst, error);
    }
}

#[test]
fn equal_numbers_no_numbers_and_the_widest_range_are_quantized() {
    assert_eq!(dequantize(&quantize(&[2.5; 3], Width::Four).unwrap().0).unwrap(), [2.5; 3]);
    assert!(dequantize(&quantize(&[], Width::Sixteen).unwrap().0).unwrap().is_empty());
    let wide = dequantize(&quantize(&[f32::MIN, f32::MAX], Width::Eight).unwrap().0).unwrap();
    assert_eq!(wide[0], f32::MIN);
    assert!(wide[1] >= f32::MAX * 0.999_999);
    assert!(quantize(&[1.0, f32::NAN], Width::Eight).is_err());
}

#[test]
fn what_is_not_zero_comes_back_bit_by_bit() {
    for values in [&ODD[..], &[], &[0.0; 40]] {
        let bytes = sparsify(values, 0.0).unwrap();
        assert_eq!(bits(&densify(&bytes, 40).unwrap()), bits(values));
    }
    assert_eq!(sparsify(&[0.0; 40], 0.0).unwrap().len(), 16);
    let small = densify(&sparsify(&[0.1, -0.1, 0.2, f32::NAN, -5.0], 0.1).unwrap(), 5).unwrap();
    assert_eq!(bits(&small), bits(&[0.0, 0.0, 0.2, f32::NAN, -5.0]));
    assert!(sparsify(&[1.0], -1.0).is_err());
    assert!(sparsify(&[1.0], f32::NAN).is_err());
}

#[test]
fn every_cut_and_every_surplus_is_noticed() {
    let codes = quantize(&[1.0, 2.0, 3.0], Width::Four).unwrap().0;
    let places = sparsify(&[1.0, 0.0, 3.0], 0.0).unwrap();
    for length in 0..codes.len() {
        assert!(dequantize(&codes[..length]).is_err(), "{length}");
    }
    for length in 0..places.len() {
        assert!(densify(&places[..length], 3).is_err(), "{length}");
    }
    assert!(matches!(dequantize(&[&codes[..], &[0]].concat()), Err(Error::Surplus { .. })));
    assert!(matches!(densify(&[&places[..], &[0]].concat(), 3), Err(Error::Surplus { .. })));
}

#[test]
fn lengths_and_places_that_lie_are_refused() {
    let places = sparsify(&[1.0, 0.0, 3.0], 0.0).unwrap();
    assert!(matches!(densify(&places, 2), Err(Error::Limit { most: 2, got: 3, .. })));
    let changed = |at: usize, value: u8| {
        let mut bytes = places.clone();
        bytes[at] = value;
        densify(&bytes, 3)
    };
    assert!(matches!(changed(20, 3), Err(Error::Field { offset: 20, .. })));
    assert!(matches!(changed(20, 0), Err(Error::Field { offset: 20, .. })));
    assert!(changed(15, 0xFF).is_err());
    let mut codes = quantize(&[1.0, 2.0], Width::Eight).unwrap().0;
    codes[0] = 5;
    assert!(dequantize(&codes).is_err());
    codes[0] = 8;
    codes[13..17].copy_from_slice(&f32::NAN.to_le_bytes());
    assert!(dequantize(&codes).is_err());
    codes[1..9].fill(0xFF);
    assert!(dequantize(&codes).is_err());
}
