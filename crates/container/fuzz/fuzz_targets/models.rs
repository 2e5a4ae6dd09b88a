//! Any bytes as a model: what is read predicts or refuses, one row like many, and one batch like its parts.
//!
//! The first byte chooses whether checksums are put right first, so that the fuzzer gets behind them.

#![no_main]

use container::crc32;
use libfuzzer_sys::fuzz_target;
use predict::{Batch, ModelView, PredictNoStd, Rows, Wanted};

/// Larger models are left alone: they would be slow, and a file of this size cannot hold their arrays.
const MOST: usize = 1 << 12;

fuzz_target!(|input: &[u8]| {
    let Some((way, bytes)) = input.split_first() else { return };
    let mut bytes = bytes.to_vec();
    if way & 1 == 1 && bytes.len() >= 68 {
        let head = crc32(crc32(0, &bytes[..40]), &bytes[44..64]);
        bytes[40..44].copy_from_slice(&head.to_le_bytes());
        let end = bytes.len() - 4;
        let whole = crc32(0, &bytes[..end]);
        bytes[end..].copy_from_slice(&whole.to_le_bytes());
    }
    let Ok(view) = ModelView::from_bytes(&bytes) else { return };
    let (features, columns) = (view.head().features, view.columns(Wanted::Values));
    if features > MOST || columns > MOST || view.scratch_len() > MOST || view.most_operations() > 1 << 20 {
        return;
    }
    let (mut output, mut scratch) = (vec![0.0_f32; columns], vec![0.0_f32; view.scratch_len()]);
    let _ = view.predict_text("The quick brown fox, twice", &mut output, &mut scratch);
    let row: Vec<f32> = (0..features).map(|i| i as f32 * 0.37 - 1.0).collect();
    let _ = view.predict_no_std(&row, &mut output);
    let alone = view.row(Wanted::Values, &row, &mut output, &mut scratch);
    let Ok(batch) = Batch::<f32>::of(&view) else { return };
    let (rows, mut both) = ([&row[..], &row[..]].concat(), vec![0.0_f32; 2 * columns]);
    let Some(rows) = Rows::new(&rows, 2, features, features) else { return };
    let together = batch.run(Wanted::Values, rows, &mut both, 1);
    assert!(features == 0 || alone.is_ok() == together.is_ok(), "{alone:?} and {together:?}");
    let halves = both.split_at(columns);
    assert!(halves.0.iter().zip(halves.1).all(|(a, b)| a.to_bits() == b.to_bits()), "equal rows differ");
    let _ = batch.labels(rows, &mut [0; 2], 1);
});
