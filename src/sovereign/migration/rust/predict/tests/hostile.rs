//! Files that nobody vouches for are refused with what is wrong, and nothing that is accepted crashes.

use std::{vec, vec::Vec};

use super::{Array, Arrays, Random, models};
use crate::{Batch, Image, ModelView, ParseError, Rows, Wanted};

fn refusal(file: &[u8]) -> ParseError {
    ModelView::from_bytes(file).expect_err("the file should be refused")
}

fn linear() -> Arrays {
    Arrays::new(&[1, 1, 2, 1]).floats("coef", &[1, 2], &[1.0, 2.0], false).floats("intercept", &[1], &[0.5], false)
}

/// The file with both checksums put right, so that what is behind them is looked at.
fn mended(mut file: Vec<u8>) -> Vec<u8> {
    let head = container::crc32(container::crc32(0, &file[..40]), &file[44..64]);
    file[40..44].copy_from_slice(&head.to_le_bytes());
    let end = file.len() - 4;
    let whole = container::crc32(0, &file[..end]);
    file[end..].copy_from_slice(&whole.to_le_bytes());
    file
}

#[test]
fn a_file_is_read_at_any_alignment() {
    let file = linear().file();
    for shift in 0..9 {
        let mut room = vec![0_u8; shift];
        room.extend_from_slice(&file);
        let view = ModelView::from_bytes(&room[shift..]).expect("the model should be read");
        let (mut one, mut many) = ([0.0_f32], [0.0_f32]);
        view.row(Wanted::Values, &[1.0, 1.0], &mut one, &mut []).expect("a prediction");
        let batch = Batch::<f32>::of(&view).expect("the model should be made ready");
        batch.run(Wanted::Values, Rows::new(&[1.0, 1.0], 1, 2, 2).expect("a row"), &mut many, 1).expect("a prediction");
        assert_eq!((one, many), ([3.5], [3.5]));
    }
}

#[test]
fn every_file_that_is_cut_short_is_refused() {
    let file = linear().file();
    for length in 0..file.len() {
        let _ = refusal(&file[..length]);
        let _ = Image::open_verified(&file[..length]).map(|image| ModelView::of(&image.root()));
    }
    assert_eq!(refusal(&file[..10]), ParseError::TooSmall);
}

#[test]
fn every_changed_bit_is_noticed() {
    let file = linear().file();
    for place in 0..file.len() {
        let mut changed = file.clone();
        changed[place] ^= 0x10;
        let _ = refusal(&changed);
    }
}

#[test]
fn headers_that_promise_something_else_are_refused() {
    let with = |place: usize, byte: u8| {
        let mut file = linear().file();
        file[place] = byte;
        refusal(&mended(file))
    };
    assert_eq!(with(0, b'B'), ParseError::InvalidMagic);
    assert_eq!(with(4, 1), ParseError::UnsupportedVersion);
    assert_eq!(with(6, 1), ParseError::UnsupportedFlags);
    assert_eq!(with(6, 4), ParseError::UnsupportedFlags);
    assert_eq!(with(7, 8), ParseError::UnsupportedFlags);
    assert_eq!(with(8, 200), ParseError::InvalidIndex, "more tensors than the index holds");
    assert_eq!(with(39, 0xFF), ParseError::InvalidIndex, "tensors that begin behind the end of memory");
    assert_eq!(with(31, 0xFF), ParseError::InvalidIndex);
}

#[test]
fn arrays_that_do_not_go_together_are_named() {
    let change = |name: &str, change: fn(&mut Array)| {
        let mut arrays = linear();
        arrays.0.iter_mut().filter(|array| array.name == name).for_each(change);
        refusal(&arrays.file())
    };
    assert_eq!(change("coef", |array| array.name = "other".into()), ParseError::Missing { array: "coef" });
    assert_eq!(change("model", |array| array.name = "other".into()), ParseError::Missing { array: "model" });
    let turned = ParseError::WrongShape { array: "coef", expected: [1, 2], got: [2, 1] };
    assert_eq!(change("coef", |array| array.shape = vec![2, 1]), turned);
    let whole = Arrays::new(&[1, 1, 2, 1]).integers("coef", &[1, 2], &[1, 2]).floats("intercept", &[1], &[0.0], false);
    assert_eq!(refusal(&whole.file()), ParseError::WrongType { array: "coef" });
}

#[test]
fn heads_that_make_no_sense_are_refused() {
    let head = |numbers: &[i32]| refusal(&Arrays::new(numbers).file());
    let wrong = |place| ParseError::WrongValue { array: "model", place };
    assert_eq!(head(&[2, 1, 2, 1]), ParseError::UnsupportedVersion);
    assert_eq!(head(&[1, 99, 2, 1]), ParseError::UnsupportedModelType);
    assert_eq!(head(&[1, 1, -2, 1]), wrong(2));
    assert_eq!(head(&[1, 1, 2, 0]), wrong(3));
    assert_eq!(head(&[1, 1, 2, 3, 1]), wrong(3), "two classes have two probabilities");
    assert_eq!(head(&[1, 1, 2, 1, 9]), wrong(4));
    assert_eq!(head(&[1, 1, 2, 1, 0, -1]), wrong(5));
    assert_eq!(head(&[1, 14, 2, 3]), wrong(3));
    assert_eq!(head(&[1, 14, 2, 2, 0, 0, 0, 7]), wrong(7));
    assert_eq!(head(&[1, 8, 2, 2, 0, 0, 0, i32::MAX]), wrong(7));
    assert_eq!(head(&[1, 8, 2, 2, 0, 0, 0, 1]), ParseError::Missing { array: "weight" });
    let short = Arrays::default().integers("model", &[15], &[1; 15]);
    assert_eq!(refusal(&short.file()), ParseError::WrongShape { array: "model", expected: [1, 16], got: [1, 15] });
    let huge = Arrays::new(&[1, 1, i32::MAX, i32::MAX]).floats("coef", &[1, 2], &[1.0, 2.0], false);
    let expected = [i32::MAX as usize, i32::MAX as usize];
    assert_eq!(refusal(&huge.file()), ParseError::WrongShape { array: "coef", expected, got: [1, 2] });
}

#[test]
fn models_inside_models_end_somewhere() {
    let pipeline = |inner: Arrays| Arrays::new(&[1, 12, 2, 1, 0, 0, 0, 1]).inside(0, inner);
    let fits = pipeline(pipeline(pipeline(linear())));
    assert!(ModelView::from_bytes(&fits.file()).is_ok());
    assert_eq!(refusal(&pipeline(fits).file()), ParseError::TooDeep);
    let many = Arrays::new(&[1, 12, 2, 1, 0, 0, 0, 256]).inside(0, linear());
    assert_eq!(refusal(&many.file()), ParseError::WrongValue { array: "model", place: 7 });
    let broken = Arrays::new(&[1, 12, 2, 1, 0, 0, 0, 2]).inside(0, linear()).inside(1, linear());
    assert_eq!(refusal(&broken.file()), ParseError::WrongValue { array: "model", place: 2 });
    let lies = Arrays::new(&[1, 12, 2, 2, 0, 0, 0, 1]).inside(0, linear());
    assert_eq!(refusal(&lies.file()), ParseError::WrongValue { array: "model", place: 3 });
}

#[test]
fn indexes_that_point_outside_are_refused() {
    let neighbors = |targets: &[i32], k| {
        Arrays::new(&[1, 6, 1, 2, 0, 2, 0, k]).floats("points", &[2, 1], &[0.0, 1.0], false).integers(
            "targets",
            &[2],
            targets,
        )
    };
    assert!(ModelView::from_bytes(&neighbors(&[0, 1], 2).file()).is_ok());
    assert_eq!(refusal(&neighbors(&[0, 2], 1).file()), ParseError::WrongValue { array: "targets", place: 1 });
    assert_eq!(refusal(&neighbors(&[0, -1], 1).file()), ParseError::WrongValue { array: "targets", place: 1 });
    assert_eq!(refusal(&neighbors(&[0, 1], 3).file()), ParseError::WrongValue { array: "model", place: 7 });
    let text = |offsets: &[i32], columns: &[i32]| {
        Arrays::new(&[1, 10, 0, 2, 0, 0, 0, 0, 1, 1])
            .bytes("terms", b"aabb")
            .integers("term_offsets", &[offsets.len()], offsets)
            .integers("columns", &[columns.len()], columns)
            .file()
    };
    assert!(ModelView::from_bytes(&text(&[0, 2, 4], &[1, 0])).is_ok());
    assert_eq!(refusal(&text(&[0, 5, 4], &[1, 0])), ParseError::WrongValue { array: "term_offsets", place: 2 });
    assert_eq!(refusal(&text(&[0, 2, 9], &[1, 0])), ParseError::WrongValue { array: "term_offsets", place: 2 });
    assert_eq!(refusal(&text(&[0, 2, 4], &[1, 2])), ParseError::WrongValue { array: "columns", place: 1 });
    let unsorted = Arrays::new(&[1, 10, 0, 2, 0, 0, 0, 0, 1, 1])
        .bytes("terms", b"bbaa")
        .integers("term_offsets", &[3], &[0, 2, 4])
        .integers("columns", &[2], &[0, 1]);
    assert_eq!(refusal(&unsorted.file()), ParseError::WrongValue { array: "terms", place: 0 });
}

#[test]
fn whatever_is_accepted_predicts_or_refuses() {
    let mut accepted = 0;
    for seed in 1..4 {
        for (name, arrays) in models(seed, seed % 2 == 0) {
            let file = arrays.file();
            let random = &mut Random::new(seed * 7 + 1);
            for _ in 0..30 {
                let mut changed = file.clone();
                for _ in 0..random.within(1, 4) {
                    let place = random.within(0, changed.len() - 1);
                    changed[place] = random.within(0, 255) as u8;
                }
                accepted += usize::from(try_all(&mended(changed)));
            }
            assert!(try_all(&file), "{name}");
        }
    }
    assert!(accepted > 500, "most changes hit numbers, which may be any: {accepted}");
}

/// Run a file in both ways; whether it is a model.
fn try_all(file: &[u8]) -> bool {
    let Ok(view) = ModelView::from_bytes(file) else { return false };
    let (features, columns) = (view.head().features, view.columns(Wanted::Values));
    if features > 1 << 12 || columns > 1 << 12 || view.scratch_len() > 1 << 16 {
        return true;
    }
    let (mut out, mut scratch) = (vec![0.0_f32; columns], vec![0.0; view.scratch_len()]);
    let _ = view.predict_with(&vec![0.5; features], &mut out, &mut scratch);
    if let Ok(batch) = Batch::<f32>::of(&view) {
        let (x, mut out) = (vec![0.25_f32; 3 * features], vec![0.0; 3 * columns]);
        if let Some(rows) = Rows::new(&x, 3, features, features) {
            let _ = batch.run(Wanted::Values, rows, &mut out, 1);
            let _ = batch.labels(rows, &mut [0; 3], 1);
        }
    }
    true
}
