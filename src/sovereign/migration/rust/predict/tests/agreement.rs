//! Many rows at a time give what one row at a time gives.

use std::{vec, vec::Vec};

use super::{Arrays, Random, models};
use crate::{Batch, InferenceError, ModelView, Number, PredictNoStd, Rows, Wanted, batch::Real, model::Choice};

/// Rows, some numbers apart from each other in memory.
struct Input<T> {
    data: Vec<T>,
    rows: usize,
    columns: usize,
    stride: usize,
}

impl<T: Real> Input<T> {
    fn new(random: &mut Random, rows: usize, columns: usize) -> Self {
        let stride = columns + random.within(0, 3);
        let data = random.numbers(rows * stride).iter().map(|&x| T::of_double(x)).collect();
        Self { data, rows, columns, stride }
    }

    fn rows(&self) -> Rows<'_, T> {
        Rows::new(&self.data, self.rows, self.columns, self.stride).expect("the rows lie inside")
    }
}

/// Models that have a use for NaN: it is filled in, or sends a row to a side.
const TAKE_NAN: [&str; 3] = ["imputing", "forest", "boosted trees"];

/// One row after the other, without a heap but for the results.
fn by_row<T: Real>(view: &ModelView<'_>, wanted: Wanted, x: Rows<'_, T>) -> Vec<T> {
    let columns = view.columns(wanted);
    let (mut out, mut scratch) =
        (vec![<T as Number>::ONE; x.len() * columns], vec![<T as Number>::NAN; view.scratch_len()]);
    for (i, out) in out.chunks_exact_mut(columns).enumerate() {
        view.row(wanted, x.row(i), out, &mut scratch).expect("a row should have a prediction");
    }
    out
}

fn in_batch<T: Real>(batch: &Batch<'_, T>, wanted: Wanted, x: Rows<'_, T>, threads: usize) -> Vec<T> {
    let mut out = vec![<T as Number>::ONE; x.len() * batch.columns(wanted)];
    let outcome = batch.run(wanted, x, &mut out, threads);
    assert_eq!(outcome, Ok(()), "{:?}", batch.head());
    out
}

fn are_near<T: Real>(a: T, b: T, allowed: f64) -> bool {
    let (a, b) = (a.double(), b.double());
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= allowed * (1.0 + a.abs())
}

/// Every model in this type, in so many sizes, with its rows.
fn each<T: Real>(are_double: bool, sizes: u64, mut check: impl FnMut(&str, &ModelView<'_>, &Batch<'_, T>, &Input<T>)) {
    for seed in 0..sizes {
        for (name, arrays) in models(seed, are_double) {
            let file = arrays.file();
            let view = ModelView::from_bytes(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(view.are_double(), are_double && !name.starts_with("norm"), "{name}");
            let batch = Batch::<T>::of(&view).expect("the model should be made ready");
            let random = &mut Random::new(seed + 1000);
            for rows in [1, 16, random.within(17, 70)] {
                let input = Input::new(random, rows, view.head().features);
                check(name, &view, &batch, &input);
            }
        }
    }
}

fn check_against_rows<T: Real>(are_double: bool, allowed: f64) {
    each::<T>(are_double, 6, |name, view, batch, input| {
        for wanted in [Wanted::Scores, Wanted::Values] {
            let expected = by_row(view, wanted, input.rows());
            let got = in_batch(batch, wanted, input.rows(), 1);
            if view.choice() == Choice::Number && wanted == Wanted::Values {
                check_nearest(name, view, &got, input, allowed);
                continue;
            }
            for (place, (&a, &b)) in expected.iter().zip(&got).enumerate() {
                assert!(are_near(a, b, allowed), "{name} {wanted:?} at {place}: {} and {}", a.double(), b.double());
            }
        }
    });
}

/// The centre that was found is as near as the nearest, within what rounding moves.
fn check_nearest<T: Real>(name: &str, view: &ModelView<'_>, labels: &[T], input: &Input<T>, allowed: f64) {
    let columns = view.columns(Wanted::Scores);
    let distances = by_row(view, Wanted::Scores, input.rows());
    for (label, row) in labels.iter().zip(distances.chunks_exact(columns)) {
        let least = row.iter().fold(f64::INFINITY, |least, d| least.min(d.double()));
        let found = row[label.double() as usize].double();
        assert!(found <= least * (1.0 + 10.0 * allowed) + 1e-6, "{name}: {found} is not {least}");
    }
}

#[test]
fn a_batch_in_single_precision_gives_what_rows_give() {
    check_against_rows::<f32>(false, 3e-4);
}

#[test]
fn a_batch_in_double_precision_gives_what_rows_give() {
    check_against_rows::<f64>(true, 1e-10);
}

#[test]
fn a_row_has_the_same_bits_in_any_batch_and_on_any_thread() {
    fn check<T: Real>(are_double: bool) {
        each::<T>(are_double, 3, |name, _, batch, input| {
            let (x, n) = (input.rows(), input.rows);
            for wanted in [Wanted::Scores, Wanted::Values] {
                let whole: Vec<u64> = in_batch(batch, wanted, x, 1).iter().map(|x| x.double().to_bits()).collect();
                for threads in [2, 3] {
                    let shared = in_batch(batch, wanted, x, threads);
                    assert!(shared.iter().map(|x| x.double().to_bits()).eq(whole.iter().copied()), "{name} {threads}");
                }
                for cut in [1, n / 2] {
                    let mut parts = in_batch(batch, wanted, x.part(0, cut), 1);
                    parts.extend(in_batch(batch, wanted, x.part(cut, n), 2));
                    assert!(parts.iter().map(|x| x.double().to_bits()).eq(whole.iter().copied()), "{name} cut {cut}");
                }
            }
        });
    }
    check::<f32>(false);
    check::<f64>(true);
}

#[test]
fn labels_are_read_off_the_scores() {
    each::<f64>(true, 4, |name, view, batch, input| {
        let mut labels = vec![-7; input.rows];
        let outcome = batch.labels(input.rows(), &mut labels, 2);
        if view.choice() == Choice::Nothing {
            assert_eq!(outcome, Err(InferenceError::NoClasses), "{name}");
            return;
        }
        outcome.expect("the rows should have labels");
        let wanted = if view.choice() == Choice::Number { Wanted::Values } else { Wanted::Scores };
        let scores = in_batch(batch, wanted, input.rows(), 1);
        for (&label, row) in labels.iter().zip(scores.chunks_exact(scores.len() / input.rows)) {
            let expected = match row {
                [number] if view.choice() == Choice::Number => *number as i32,
                [score] => i32::from(*score > 0.0),
                _ => {
                    let is_before = |a: f64, b: f64| {
                        if name.contains("distances") && view.head().family.name() == "k_means" { a < b } else { a > b }
                    };
                    (0..row.len()).fold(0, |best, i| if is_before(row[i], row[best]) { i } else { best }) as i32
                }
            };
            assert_eq!(label, expected, "{name}");
        }
    });
}

#[test]
fn rows_of_single_precision_are_computed_in_double_where_the_model_is() {
    each::<f64>(true, 4, |name, view, batch, input| {
        let narrow: Vec<f32> = input.data.iter().map(|&x| x as f32).collect();
        let x = Rows::new(&narrow, input.rows, input.columns, input.stride).expect("the rows lie inside");
        for threads in [1, 2] {
            let mut got = vec![0.0; input.rows * view.columns(Wanted::Values)];
            batch.run(Wanted::Values, x, &mut got, threads).expect("the rows should have predictions");
            assert_eq!(got, in_batch(batch, Wanted::Values, input.rows(), 1), "{name}");
        }
    });
}

#[test]
fn nan_reaches_the_result_where_no_family_has_another_use_for_it() {
    each::<f32>(false, 4, |name, _, batch, input| {
        let mut data = input.data.clone();
        data[0] = f32::NAN;
        let x = Rows::new(&data, input.rows, input.columns, input.stride).expect("the rows lie inside");
        let got = in_batch(batch, Wanted::Values, x, 1);
        let row = &got[..batch.columns(Wanted::Values)];
        let clean = in_batch(batch, Wanted::Values, input.rows(), 1);
        match name {
            name if TAKE_NAN.contains(&name) => assert!(row.iter().all(|x| x.is_finite())),
            _ => assert!(row.iter().any(|x| x.is_nan()), "{name}: {row:?}"),
        }
        assert_eq!(got[row.len()..], clean[row.len()..], "{name}: other rows stay as they are");
    });
}

#[test]
fn a_prediction_without_a_heap_is_finite_or_refused() {
    for (name, arrays) in models(3, false) {
        let file = arrays.file();
        let view = ModelView::from_bytes(&file).expect("the model should be read");
        let d = view.head().features;
        let (mut out, mut scratch) = (vec![0.0; view.columns(Wanted::Values)], vec![0.0; view.scratch_len()]);
        view.predict_with(&vec![0.5; d], &mut out, &mut scratch).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(view.most_operations() > 0, "{name}");
        let fits = view.scratch_len() <= 64;
        assert_eq!(view.predict_no_std(&vec![0.5; d], &mut out).is_ok(), fits, "{name}");
        let mut x = vec![0.5; d];
        x[0] = f32::NAN;
        let outcome = view.predict_with(&x, &mut out, &mut scratch);
        let expected = if TAKE_NAN.contains(&name) { Ok(()) } else { Err(InferenceError::NumericalInstability) };
        assert_eq!(outcome, expected, "{name}");
        assert_eq!(
            view.predict_with(&vec![0.5; d + 1], &mut out, &mut scratch),
            Err(InferenceError::DimensionMismatch { expected: d, got: d + 1 })
        );
        let short = out.len() - 1;
        let outcome = view.predict_with(&vec![0.5; d], &mut out[..short], &mut scratch);
        assert_eq!(outcome, Err(InferenceError::OutputBufferTooSmall), "{name}");
        if let Some(less) = scratch.len().checked_sub(1) {
            let outcome = view.predict_with(&vec![0.5; d], &mut out, &mut scratch[..less]);
            assert_eq!(outcome, Err(InferenceError::ScratchTooSmall { needed: less + 1, got: less }), "{name}");
        }
    }
}

#[test]
fn a_pipeline_gives_what_its_steps_give() {
    let random = &mut Random::new(5);
    let (shift, factor) = (random.numbers(4), vec![0.5, 2.0, 4.0, 1.0]);
    let scaling = Arrays::new(&[1, 2, 4, 4]).floats("shift", &[4], &shift, true).floats("factor", &[4], &factor, true);
    let coef = random.numbers(4);
    let linear =
        Arrays::new(&[1, 1, 4, 2, 1, 2]).floats("coef", &[1, 4], &coef, true).floats("intercept", &[1], &[0.25], true);
    let file = Arrays::new(&[1, 12, 4, 2, 1, 2, 0, 2]).inside(0, scaling).inside(1, linear).file();
    let view = ModelView::from_bytes(&file).expect("the model should be read");
    let x = random.numbers(4);
    let score: f64 = 0.25 + (0..4).map(|i| (x[i] - shift[i]) / factor[i] * coef[i]).sum::<f64>();
    let expected = 1.0 / (1.0 + (-score).exp());
    let got = by_row(&view, Wanted::Values, Rows::new(&x, 1, 4, 4).expect("one row"));
    assert!((got[1] - expected).abs() < 1e-14 && (got[0] - (1.0 - expected)).abs() < 1e-14, "{got:?} {expected}");
}

#[test]
fn the_next_token_comes_from_the_longest_context_that_is_known() {
    // Tokens a, b, c. After "a b" comes c twice and a once, after "b" a, after nothing b.
    let arrays = |outputs| {
        Arrays::new(&[1, 11, 2, outputs, 0, 0, 0, 2])
            .bytes("terms", b"abc")
            .integers("term_offsets", &[4], &[0, 1, 2, 3])
            .integers("contexts", &[3, 2], &[-1, -1, -1, 1, 0, 1])
            .integers("starts", &[4], &[0, 1, 2, 4])
            .integers("next", &[4], &[1, 0, 2, 0])
            .integers("counts", &[4], &[5, 1, 2, 1])
    };
    let (one, all) = (arrays(1).file(), arrays(3).file());
    let (one, all) = (ModelView::from_bytes(&one).expect("a model"), ModelView::from_bytes(&all).expect("a model"));
    let predict = |view: &ModelView<'_>, context: [f64; 2]| {
        by_row(view, Wanted::Values, Rows::new(&context, 1, 2, 2).expect("one row"))
    };
    assert_eq!(predict(&one, [0.0, 1.0]), [2.0]);
    assert_eq!(predict(&one, [2.0, 1.0]), [0.0], "`c b` is not known, `b` is");
    assert_eq!(predict(&one, [2.0, 2.0]), [1.0], "nothing is left of `c c`");
    assert_eq!(predict(&all, [0.0, 1.0]), [1.0 / 3.0, 0.0, 2.0 / 3.0]);
}

#[test]
fn categories_become_columns_or_numbers() {
    let arrays = |outputs, way, unknown| {
        Arrays::new(&[1, 9, 2, outputs, 0, 0, 0, way, unknown])
            .floats("categories", &[5], &[1.0, 2.5, 4.0, 0.0, f64::NAN], true)
            .integers("offsets", &[3], &[0, 3, 5])
    };
    let values = |arrays: Arrays, x: [f64; 2]| {
        let file = arrays.file();
        let view = ModelView::from_bytes(&file).expect("the model should be read");
        let mut out = vec![7.0; view.columns(Wanted::Values)];
        view.row(Wanted::Values, &x, &mut out, &mut []).map(|()| out)
    };
    assert_eq!(values(arrays(5, 0, 0), [2.5, f64::NAN]), Ok(vec![0.0, 1.0, 0.0, 0.0, 1.0]));
    assert_eq!(values(arrays(5, 0, 0), [3.0, 0.0]), Err(InferenceError::UnknownCategory { feature: 0 }));
    assert_eq!(values(arrays(5, 0, 1), [3.0, 0.0]), Ok(vec![0.0, 0.0, 0.0, 1.0, 0.0]));
    let dropped = |x| values(arrays(4, 0, 0).integers("dropped", &[2], &[1, -1]), x);
    assert_eq!(dropped([4.0, 0.0]), Ok(vec![0.0, 1.0, 1.0, 0.0]));
    assert_eq!(dropped([2.5, 0.0]), Ok(vec![0.0, 0.0, 1.0, 0.0]));
    let codes = values(arrays(2, 1, 1), [4.0, f64::NAN]).expect("codes");
    assert!(codes[0] == 2.0 && codes[1].is_nan(), "{codes:?}");
    assert_eq!(values(arrays(2, 1, 1), [9.0, 0.0]), Ok(vec![-1.0, 0.0]));
}

#[test]
fn labels_of_fitted_rows_say_nothing_about_others() {
    let file = Arrays::new(&[1, 15, 2, 1]).integers("labels", &[3], &[0, 0, -1]).file();
    let view = ModelView::from_bytes(&file).expect("the model should be read");
    let outcome = view.predict_no_std(&[0.0, 0.0], &mut [0.0]);
    assert_eq!(outcome, Err(InferenceError::NotPredictable));
}
