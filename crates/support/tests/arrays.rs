//! Arrays: views share their items, copies do not, shapes are stretched or refused, and text stands in columns.

use support::{
    nd_arange, nd_joined, nd_masked, nd_reshaped, nd_store, nd_sum, nd_sum_along, nd_zip, repr, show, Exc, NdArray,
    NdNumber,
};

fn table() -> NdArray<i64> {
    nd_reshaped(&nd_arange(0, 6, 1).expect("a step"), &[2, 3]).expect("as many items")
}

fn said<T>(outcome: Result<T, Exc>) -> String {
    outcome.err().map(|error| error.text().as_str().to_string()).unwrap_or_default()
}

#[test]
fn a_slice_shares_its_items_and_a_copy_does_not() {
    let whole = table();
    let column = whole.sliced(1, Some(1), Some(2), None).expect("a step");
    let copy = column.copy();
    assert!(nd_store(&column, &NdArray::single(9)).is_ok());
    assert_eq!(whole.to_vec(), [0, 9, 2, 3, 9, 5]);
    assert_eq!(copy.to_vec(), [1, 4]);
}

#[test]
fn what_is_stored_may_be_a_view_of_where_it_goes() {
    let row = nd_arange(0, 5, 1).expect("a step");
    let (to, from) = (row.sliced(0, Some(1), None, None), row.sliced(0, None, Some(-1), None));
    assert!(nd_store(&to.expect("a step"), &from.expect("a step")).is_ok());
    assert_eq!(row.to_vec(), [0, 0, 1, 2, 3]);
}

#[test]
fn shapes_are_stretched_or_refused() {
    let whole = table();
    let row = NdArray::of(vec![10, 20, 30]);
    let made = nd_zip(&whole, &row, i64::nd_add).expect("shapes that fit");
    assert_eq!(made.to_vec(), [10, 21, 32, 13, 24, 35]);
    let short = NdArray::of(vec![1, 2]);
    let text = said(nd_zip(&whole, &short, i64::nd_add));
    assert_eq!(text, "operands could not be broadcast together with shapes (2, 3) (2,) ");
    assert!(said(nd_joined(&[whole, made.part(0, 0).expect("a row").with_axis(1)], 0)).contains("must match exactly"));
}

#[test]
fn sums_and_masks_follow_the_axes() {
    let whole = table();
    assert_eq!(nd_sum(&whole), 15);
    assert_eq!(nd_sum_along(&whole, -1).expect("an axis").to_vec(), [3, 12]);
    assert_eq!(said(nd_sum_along(&whole, 2)), "axis 2 is out of bounds for array of dimension 2");
    let mask = whole.mapped(|item| item % 2 == 1);
    assert_eq!(nd_masked(&whole, &mask).expect("a mask that fits").to_vec(), [1, 3, 5]);
}

#[test]
fn text_stands_in_columns() {
    let halves = table().mapped(|item| item as f64 / 2.0);
    assert_eq!(show(&halves).to_string(), "[[0.  0.5 1. ]\n [1.5 2.  2.5]]");
    assert_eq!(repr(&halves).to_string(), "array([[0. , 0.5, 1. ],\n       [1.5, 2. , 2.5]])");
    let far = NdArray::of(vec![1e-5, 100.0, f64::NAN]);
    assert_eq!(show(&far).to_string(), "[1.e-05 1.e+02    nan]");
}
