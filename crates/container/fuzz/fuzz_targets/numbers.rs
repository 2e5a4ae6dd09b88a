//! Any bytes as packed numbers, and any numbers packed and unpacked.

#![no_main]

use container::numbers::{Width, delta, densify, dequantize, quantize, sparsify, undelta};
use libfuzzer_sys::fuzz_target;

const MOST: u64 = 1 << 16;

fuzz_target!(|input: (u8, f32, &[u8])| {
    let (way, threshold, bytes) = input;
    let values: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    match way % 4 {
        0 => {
            if let Ok(found) = undelta(bytes) {
                assert_eq!(delta(&found), bytes);
            }
            assert!(same(&undelta(&delta(&values)).expect("what was packed"), &values));
        }
        1 => {
            if let Ok(found) = densify(bytes, MOST) {
                assert!(found.len() as u64 <= MOST);
            }
            let packed = sparsify(&values, 0.0).expect("a threshold that is allowed");
            assert!(same(&densify(&packed, values.len() as u64).expect("what was packed"), &values));
        }
        2 => {
            let _ = dequantize(bytes);
            let width = [Width::Four, Width::Eight, Width::Sixteen][usize::from(way / 4) % 3];
            if let Ok((packed, error)) = quantize(&values, width) {
                let found = dequantize(&packed).expect("what was packed");
                assert!(found.iter().zip(&values).all(|(got, value)| (got - value).abs() <= error));
            }
        }
        _ => {
            if let Ok(packed) = sparsify(&values, threshold) {
                let found = densify(&packed, values.len() as u64).expect("what was packed");
                assert!(found.iter().zip(&values).all(|(got, value)| {
                    got.to_bits() == value.to_bits() || (got.to_bits() == 0 && value.abs() <= threshold)
                }));
            }
        }
    }
});

fn same(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
}
