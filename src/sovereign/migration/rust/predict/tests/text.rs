//! Terms are found as scikit-learn finds them; `tests/unit/ml/aprender/test_predictor.py` asks it itself.

use std::{vec, vec::Vec};

use super::Arrays;
use crate::{Batch, InferenceError, ModelView, PredictNoStd, Wanted};

/// A vocabulary of these sorted terms, each with the column of its place.
fn vocabulary(terms: &[&str], analyzer: i32, least: i32, most: i32, norm: i32, flags: i32) -> Arrays {
    let head = [1, 10, 0, terms.len() as i32, 0, 0, flags, analyzer, least, most, norm];
    let mut offsets = vec![0];
    for term in terms {
        offsets.push(offsets[offsets.len() - 1] + term.len() as i32);
    }
    let columns: Vec<i32> = (0..terms.len() as i32).collect();
    Arrays::new(&head)
        .bytes("terms", terms.concat().as_bytes())
        .integers("term_offsets", &[offsets.len()], &offsets)
        .integers("columns", &[columns.len()], &columns)
}

fn counts(arrays: &Arrays, text: &str) -> Vec<f32> {
    let file = arrays.file();
    let view = ModelView::from_bytes(&file).expect("the model should be read");
    let mut out = vec![7.0; view.columns(Wanted::Values)];
    view.predict_text(text, &mut out, &mut []).expect("a text should have counts");
    let batch = Batch::<f32>::of(&view).expect("the model should be made ready");
    let mut both = vec![7.0; 2 * out.len()];
    batch.run_texts(Wanted::Values, &[text, text], &mut both, 2).expect("texts should have counts");
    assert_eq!(both, [&out[..], &out[..]].concat());
    out
}

#[test]
fn words_have_two_letters_and_more_and_are_made_small() {
    let words = vocabulary(&["ab", "the", "x_1", "été"], 0, 1, 1, 0, 1);
    assert_eq!(counts(&words, "The the, a AB! b ÉTÉ (x_1)"), [1.0, 2.0, 1.0, 1.0]);
    assert_eq!(counts(&words, ""), [0.0; 4]);
    let as_they_are = vocabulary(&["The", "the"], 0, 1, 1, 0, 0);
    assert_eq!(counts(&as_they_are, "The the the"), [1.0, 2.0]);
}

#[test]
fn runs_of_words_are_joined_by_a_space() {
    let pairs = vocabulary(&["bb", "bb cc", "bb cc dd"], 0, 1, 3, 0, 1);
    assert_eq!(counts(&pairs, "aa bb, cc; dd bb cc"), [2.0, 2.0, 1.0]);
}

#[test]
fn runs_of_characters_cross_words_or_do_not() {
    let across = vocabulary(&["a b", "ab", "b"], 1, 1, 3, 0, 1);
    assert_eq!(counts(&across, "ab a   b"), [1.0, 1.0, 2.0], "several spaces count as one");
    let inside = vocabulary(&[" a ", " ab", "ab "], 2, 3, 3, 0, 1);
    assert_eq!(counts(&inside, "ab a\n ab"), [1.0, 2.0, 2.0]);
}

#[test]
fn counts_are_weighed_and_divided_as_the_model_says() {
    let arrays = vocabulary(&["aa", "bb"], 0, 1, 1, 2, 1 | 4).floats("idf", &[2], &[2.0, 1.0], false);
    let (a, b) = (2.0 * (1.0 + 3.0_f32.ln()), 1.0);
    let length = (a * a + b * b).sqrt();
    let got = counts(&arrays, "aa aa aa bb");
    assert!((got[0] - a / length).abs() < 1e-6 && (got[1] - b / length).abs() < 1e-6, "{got:?}");
    assert_eq!(counts(&vocabulary(&["aa", "bb"], 0, 1, 1, 1, 1 | 2), "aa aa bb"), [0.5, 0.5]);
}

#[test]
fn texts_and_numbers_are_not_taken_for_each_other() {
    let file = vocabulary(&["aa"], 0, 1, 1, 0, 1).file();
    let view = ModelView::from_bytes(&file).expect("the model should be read");
    assert_eq!(view.predict_no_std(&[], &mut [0.0]), Err(InferenceError::WrongInput));
    let file = Arrays::new(&[1, 14, 2, 2]).file();
    let view = ModelView::from_bytes(&file).expect("the model should be read");
    assert_eq!(view.predict_text("aa", &mut [0.0; 2], &mut []), Err(InferenceError::WrongInput));
}

#[test]
fn accents_are_for_somebody_else_to_take_off() {
    let file = vocabulary(&["ete"], 0, 1, 1, 0, 1 | 16).file();
    let view = ModelView::from_bytes(&file).expect("the model should be read");
    assert_eq!(view.predict_text("ete", &mut [0.0], &mut []), Ok(()));
    assert_eq!(view.predict_text("été", &mut [0.0], &mut []), Err(InferenceError::NotNormalized));
}

#[test]
fn texts_pass_through_a_pipeline() {
    let linear = Arrays::new(&[1, 1, 2, 2, 1, 2]).floats("coef", &[1, 2], &[1.0, -1.0], false).floats(
        "intercept",
        &[1],
        &[0.0],
        false,
    );
    let file = Arrays::new(&[1, 12, 0, 2, 1, 2, 0, 2])
        .inside(0, vocabulary(&["bad", "good"], 0, 1, 1, 0, 1))
        .inside(1, linear)
        .file();
    let view = ModelView::from_bytes(&file).expect("the model should be read");
    let batch = Batch::<f32>::of(&view).expect("the model should be made ready");
    let mut labels = [7; 2];
    batch.labels_of_texts(&["good good bad", "Bad"], &mut labels, 1).expect("texts should have labels");
    assert_eq!(labels, [0, 1]);
    let (mut out, mut scratch) = ([0.0; 2], vec![0.0; view.scratch_len()]);
    view.predict_text("bad", &mut out, &mut scratch).expect("a text should have a prediction");
    assert!((out[1] - 1.0 / (1.0 + (-1.0_f32).exp())).abs() < 1e-6, "{out:?}");
}
