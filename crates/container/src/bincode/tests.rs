//! Values there and back, and bytes that lie about lengths, variants and depth.

use std::{vec, vec::Vec};

use super::{DEEPEST, MOST_VALUES, Shape, Value, decode, encode};
use crate::{Error, Field, ModelType, shape_of};

static PAIRS: Shape = Shape::Map(&Shape::Text, &Shape::List(&Shape::F64));
static EVERYTHING: Shape = Shape::Record(&[
    ("flag", &Shape::Bool),
    ("small", &Shape::U32),
    ("large", &Shape::U64),
    ("single", &Shape::F32),
    ("maybe", &Shape::Option(&Shape::F64)),
    ("pairs", &PAIRS),
    ("lists", &Shape::List(&Shape::List(&Shape::U64))),
    ("choice", &Shape::Choice(&[("Nothing", &Shape::Record(&[])), ("Number", &Shape::F32)])),
]);

fn everything() -> (Vec<u8>, Value) {
    let mut bytes = vec![1];
    bytes.extend_from_slice(&7_u32.to_le_bytes());
    bytes.extend_from_slice(&u64::MAX.to_le_bytes());
    bytes.extend_from_slice(&0.5_f32.to_le_bytes());
    bytes.push(0);
    bytes.extend_from_slice(&1_u64.to_le_bytes());
    bytes.extend_from_slice(&3_u64.to_le_bytes());
    bytes.extend_from_slice("né".as_bytes());
    bytes.extend_from_slice(&1_u64.to_le_bytes());
    bytes.extend_from_slice(&(-2.5_f64).to_le_bytes());
    bytes.extend_from_slice(&2_u64.to_le_bytes());
    bytes.extend_from_slice(&0_u64.to_le_bytes());
    bytes.extend_from_slice(&1_u64.to_le_bytes());
    bytes.extend_from_slice(&9_u64.to_le_bytes());
    bytes.extend_from_slice(&1_u32.to_le_bytes());
    bytes.extend_from_slice(&4.0_f32.to_le_bytes());
    let value = Value::Record(vec![
        ("flag", Value::Bool(true)),
        ("small", Value::Whole(7)),
        ("large", Value::Whole(u64::MAX)),
        ("single", Value::Single(0.5)),
        ("maybe", Value::Nothing),
        ("pairs", Value::Map(vec![(Value::Text("né".into()), Value::Doubles(vec![-2.5]))])),
        ("lists", Value::List(vec![Value::Wholes(vec![]), Value::Wholes(vec![9])])),
        ("choice", Value::Choice("Number", vec![("value", Value::Single(4.0))])),
    ]);
    (bytes, value)
}

#[test]
fn every_shape_goes_there_and_back() {
    let (bytes, value) = everything();
    assert_eq!(decode(&EVERYTHING, &bytes).as_ref(), Ok(&value));
    assert_eq!(encode(&EVERYTHING, &value), Some(bytes));
}

#[test]
fn every_cut_and_every_surplus_is_noticed() {
    let (bytes, _) = everything();
    for length in 0..bytes.len() {
        assert!(decode(&EVERYTHING, &bytes[..length]).is_err(), "{length}");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(
        decode(&EVERYTHING, &longer),
        Err(Error::Surplus { expected: bytes.len() as u64, got: longer.len() as u64 })
    );
}

#[test]
fn a_length_beyond_the_bytes_is_refused_before_memory_is_asked_for() {
    for (shape, bytes) in [
        (&Shape::List(&Shape::F32), u64::MAX.to_le_bytes()),
        (&Shape::Text, (u64::MAX / 2).to_le_bytes()),
        (&PAIRS, 1_u64.to_le_bytes()),
        (&Shape::List(&Shape::Record(&[])), (1_u64 << 60).to_le_bytes()),
    ] {
        let refused = decode(shape, &bytes);
        assert!(matches!(refused, Err(Error::Field { offset: 0, .. })), "{refused:?}");
    }
}

#[test]
fn flags_variants_and_texts_hold_only_what_they_may() {
    let field = |shape, bytes: &[u8]| match decode(shape, bytes) {
        Err(Error::Field { field, .. } | Error::Text { field, .. }) => field.name(),
        other => panic!("a field error was expected, not {other:?}"),
    };
    assert_eq!(field(&Shape::Bool, &[2]), "payload.bool");
    assert_eq!(field(&Shape::Option(&Shape::Bool), &[2]), "payload.option");
    assert_eq!(field(&Shape::Choice(&[]), &[0; 4]), "payload.variant");
    assert_eq!(field(&Shape::Text, b"\x01\0\0\0\0\0\0\0\xFF"), "payload.text");
}

fn tree(depth: usize) -> Value {
    let leaf = Value::Choice("Leaf", vec![("class_label", Value::Whole(1)), ("n_samples", Value::Whole(2))]);
    (0..depth).fold(leaf.clone(), |left, _| {
        let numbers = [("feature_idx", Value::Whole(0)), ("threshold", Value::Single(0.25))];
        let sides = [("left", left), ("right", leaf.clone())];
        Value::Choice("Node", numbers.into_iter().chain(sides).collect())
    })
}

fn model(depth: usize) -> Value {
    Value::Record(vec![("tree", tree(depth)), ("max_depth", Value::Nothing), ("n_features", Value::Whole(4))])
}

#[test]
fn a_tree_is_decoded_to_its_limit_and_refused_beyond() {
    let shape = shape_of(ModelType::DecisionTree).unwrap();
    let bytes = encode(shape, &model(60)).unwrap();
    assert_eq!(decode(shape, &bytes), Ok(model(60)));
    // A chain of left branches without end: 16 bytes each, all of them the start of the next.
    let mut endless = vec![1];
    for _ in 0..10_000 {
        endless.extend_from_slice(&[0; 16]);
    }
    assert!(matches!(decode(shape, &endless), Err(Error::Limit { most, .. }) if most == DEEPEST as u64));
    assert_eq!(encode(shape, &model(DEEPEST)), None);
}

#[test]
fn a_value_of_another_shape_is_not_encoded() {
    let shape = shape_of(ModelType::LinearRegression).unwrap();
    assert_eq!(encode(shape, &Value::Bool(true)), None);
    assert_eq!(encode(shape, &model(1)), None);
    assert_eq!(encode(&Shape::U32, &Value::Whole(1 << 32)), None);
}

#[test]
fn every_known_shape_refuses_nothing_and_noise() {
    for model_type in ModelType::ALL {
        let Some(shape) = shape_of(model_type) else { continue };
        assert!(decode(shape, &[]).is_err(), "{model_type:?}");
        assert!(decode(shape, &[0xFF; 200]).is_err(), "{model_type:?}");
    }
}

#[test]
fn more_values_than_memory_should_hold_are_refused_before_it_is_asked_for() {
    static FLAGS: Shape = Shape::List(&Shape::Bool);
    let count = MOST_VALUES as u64 + 1;
    let mut bytes = count.to_le_bytes().to_vec();
    bytes.resize(8 + count as usize, 0);
    let (most, got) = (MOST_VALUES as u64, count + 1);
    let field = Field("payload.values");
    assert_eq!(decode(&FLAGS, &bytes), Err(Error::Limit { field, offset: 8, most, got }));
    // Numbers in a list of numbers take no more than their bytes.
    static NUMBERS: Shape = Shape::List(&Shape::F32);
    bytes.resize(8 + 4 * count as usize, 0);
    assert!(decode(&NUMBERS, &bytes).is_ok());
}
