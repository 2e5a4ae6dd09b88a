//! What linear models, naive Bayes, scaling and principal components compute of data.

use train::{
    Data, Grouped, Labelled, Margin, Outcome, Patience, Penalty, Targets, descend_by_columns as by_columns,
    descend_by_products as by_products, gram, logistic_loss as loss_of, moments, regress,
    residual_products as products_of, separate,
};

use crate::{
    call::{Answer, Call, Object, none, truth},
    dtype::{float, integer_within},
    errors::Failure,
    linear::tuple,
    matrix::THREADS,
    operand::with_real,
    reduce::{natural, real, whole},
    threads::{self, Asked},
    train_arrays::{Arrays, wanted},
};

/// The keyword `threads`, the only one of fit kernels.
pub(crate) fn asked(call: &Call) -> Result<Asked, Failure> {
    threads::asked(call.keyword(&THREADS)?)
}

/// The arguments, of which any may be None; those that must be there are missed when they are looked at.
pub(crate) fn arguments<const N: usize>(call: &Call) -> Result<[Option<Object>; N], Failure> {
    call.optional(N)
}

/// An argument that is no array.
fn given(argument: Option<Object>, name: &'static str) -> Result<Object, Failure> {
    argument.ok_or_else(|| Failure::Parameter { name, value: "None".to_owned(), allowed: "a number".to_owned() })
}

fn number(argument: Option<Object>, name: &'static str) -> Result<f64, Failure> {
    float(given(argument, name)?)
}

fn count(argument: Option<Object>, name: &'static str) -> Result<usize, Failure> {
    natural(integer_within(given(argument, name)?)?, name)
}

pub(crate) fn column_products(call: &Call) -> Answer {
    let [x, y, weights, shift, out] = arguments(call)?;
    let threads = asked(call)?;
    let arrays = [(x, "x"), (y, "y"), (weights, "weights"), (shift, "shift"), (out, "out")];
    let wanted = wanted(arrays, 1);
    let held = Arrays::hold(&wanted, arrays, 1)?;
    let dtype = held.real(0)?;
    let [rows, columns] = held.shape(0)?;
    let targets = if y.is_some() { held.shape(1)?[1] } else { 0 };
    let flops = rows as f64 * ((columns + targets + 1) as f64).powi(2);
    with_real!(Real { dtype }, "x", T => {
        // SAFETY: the slices are used inside this call only, while the arrays are held.
        unsafe {
            let y = held.optional::<T>(1)?.unwrap_or_default();
            let data = Data { x: held.input::<T>(0)?, columns, y, targets, weights: held.optional(2)? };
            let (shift, out) = (held.input(3)?, held.output(4)?);
            held.run("column_products", threads, flops, |threads| gram(data, shift, threads, out))
        }
    })?;
    Ok(none())
}

/// An element type as `with_real` looks at it.
pub(crate) struct Real {
    pub(crate) dtype: crate::dtype::Dtype,
}

pub(crate) fn residual_products(call: &Call) -> Answer {
    let [x, y, weights, shift, coef, intercept, out] = arguments(call)?;
    let threads = asked(call)?;
    let arrays = [
        (x, "x"),
        (y, "y"),
        (weights, "weights"),
        (shift, "shift"),
        (coef, "coef"),
        (intercept, "intercept"),
        (out, "out"),
    ];
    let wanted = wanted(arrays, 1);
    let held = Arrays::hold(&wanted, arrays, 1)?;
    let dtype = held.real(0)?;
    let ([rows, columns], [_, targets]) = (held.shape(0)?, held.shape(1)?);
    let flops = 4.0 * rows as f64 * columns as f64 * targets as f64;
    let squares = with_real!(Real { dtype }, "x", T => {
        // SAFETY: as in `column_products`.
        unsafe {
            let (x, y) = (held.input::<T>(0)?, held.input::<T>(1)?);
            let data = Data { x, columns, y, targets, weights: held.optional(2)? };
            let (shift, coef, intercept, out) = (held.input(3)?, held.input(4)?, held.input(5)?, held.output(6)?);
            held.run("residual_products", threads, flops, |threads| {
                products_of(data, shift, coef, intercept, threads, out)
            })
        }
    })?;
    real(squares)
}

pub(crate) fn column_moments(call: &Call) -> Answer {
    let [x, groups, weights, total, mean, squares] = arguments(call)?;
    let threads = asked(call)?;
    let arrays =
        [(x, "x"), (groups, "groups"), (weights, "weights"), (total, "total"), (mean, "mean"), (squares, "squares")];
    let wanted = wanted(arrays, 3);
    let held = Arrays::hold(&wanted, arrays, 3)?;
    let dtype = held.real(0)?;
    let [rows, columns] = held.shape(0)?;
    let flops = 5.0 * rows as f64 * columns as f64;
    with_real!(Real { dtype }, "x", T => {
        // SAFETY: as in `column_products`.
        unsafe {
            let (groups, weights) = (held.optional(1)?, held.optional(2)?);
            let data = Grouped { x: held.input::<T>(0)?, columns, groups, weights };
            let (total, mean, squares) = (held.output(3)?, held.output(4)?, held.output(5)?);
            held.run("column_moments", threads, flops, |threads| moments(data, threads, total, mean, squares))
        }
    })?;
    Ok(none())
}

/// The penalty, the patience: what both descents take behind their arrays.
fn terms(arguments: [Option<Object>; 6]) -> Result<(Penalty, Patience), Failure> {
    let [l1, l2, is_positive, sweeps, change, gap] = arguments;
    let penalty = Penalty {
        l1: number(l1, "l1")?,
        l2: number(l2, "l2")?,
        is_positive: truth(given(is_positive, "is_positive")?)?,
    };
    let patience =
        Patience { sweeps: count(sweeps, "sweeps")?, change: number(change, "change")?, gap: number(gap, "gap")? };
    Ok((penalty, patience))
}

fn outcome(outcome: Outcome) -> Answer {
    tuple([real(outcome.gap)?, whole(outcome.sweeps as i64)?])
}

pub(crate) fn descend_by_products(call: &Call) -> Answer {
    let [gram, product, coef, squares, l1, l2, is_positive, sweeps, change, gap] = arguments(call)?;
    let threads = asked(call)?;
    let squares = number(squares, "target_squares")?;
    let (penalty, patience) = terms([l1, l2, is_positive, sweeps, change, gap])?;
    let arrays = [(gram, "gram"), (product, "product"), (coef, "coef")];
    let wanted = wanted(arrays, 1);
    let held = Arrays::hold(&wanted, arrays, 1)?;
    // SAFETY: as in `column_products`.
    let (gram, product, coef) = unsafe { (held.input(0)?, held.input(1)?, held.output(2)?) };
    let flops = 8.0 * gram.len() as f64;
    outcome(held.run("descend", threads, flops, |_| by_products(gram, product, squares, penalty, patience, coef))?)
}

pub(crate) fn descend_by_columns(call: &Call) -> Answer {
    let [columns, targets, coef, l1, l2, is_positive, sweeps, change, gap] = arguments(call)?;
    let threads = asked(call)?;
    let (penalty, patience) = terms([l1, l2, is_positive, sweeps, change, gap])?;
    let arrays = [(columns, "columns"), (targets, "targets"), (coef, "coef")];
    let wanted = wanted(arrays, 1);
    let held = Arrays::hold(&wanted, arrays, 1)?;
    // SAFETY: as in `column_products`.
    let (columns, targets, coef) = unsafe { (held.input(0)?, held.input(1)?, held.output(2)?) };
    let flops = 16.0 * columns.len() as f64;
    outcome(held.run("descend", threads, flops, |_| by_columns(columns, targets, penalty, patience, coef))?)
}

pub(crate) fn logistic_loss(call: &Call) -> Answer {
    let [x, classes, weights, coef, gradient, curvature] = arguments(call)?;
    let threads = asked(call)?;
    let arrays = [
        (x, "x"),
        (classes, "classes"),
        (weights, "weights"),
        (coef, "coef"),
        (gradient, "gradient"),
        (curvature, "curvature"),
    ];
    let wanted = wanted(arrays, 2);
    let held = Arrays::hold(&wanted, arrays, 2)?;
    let dtype = held.real(0)?;
    let ([rows, columns], [scores, _]) = (held.shape(0)?, held.shape(3)?);
    let bends = if curvature.is_some() { scores * (columns + 1) } else { 4 };
    let flops = rows as f64 * (scores * (columns + 1) * bends) as f64;
    let loss = with_real!(Real { dtype }, "x", T => {
        // SAFETY: as in `column_products`.
        unsafe {
            let x = held.input::<T>(0)?;
            let data = Labelled { x, columns, classes: held.input(1)?, weights: held.optional(2)? };
            let (coef, gradient) = (held.input(3)?, held.output(4)?);
            let curvature = if curvature.is_some() { held.output(5)? } else { &mut [] };
            held.run("logistic_loss", threads, flops, |threads| loss_of(data, coef, threads, gradient, curvature))
        }
    })?;
    real(loss)
}

pub(crate) fn fit_margin(call: &Call) -> Answer {
    let [x, y, costs, coef, is_regression, is_squared, epsilon, ones, tolerance, passes, seed] = arguments(call)?;
    let threads = asked(call)?;
    let is_regression = truth(given(is_regression, "is_regression")?)?;
    let margin = Margin {
        is_squared: truth(given(is_squared, "is_squared")?)?,
        epsilon: number(epsilon, "epsilon")?,
        ones: number(ones, "ones")?,
        tolerance: number(tolerance, "tolerance")?,
        passes: count(passes, "passes")?,
        seed: count(seed, "seed")? as u64,
    };
    let arrays = [(x, "x"), (y, "y"), (costs, "costs"), (coef, "coef")];
    let wanted = wanted(arrays, 1);
    let held = Arrays::hold(&wanted, arrays, 1)?;
    let dtype = held.real(0)?;
    let passes = with_real!(Real { dtype }, "x", T => {
        // SAFETY: as in `column_products`.
        unsafe {
            let x = held.input::<T>(0)?;
            let data = Targets { x, y: held.input(1)?, costs: held.input(2)? };
            let coef = held.output(3)?;
            held.run("fit_margin", threads, 40.0 * x.len() as f64, |_| {
                if is_regression { regress(data, margin, coef) } else { separate(data, margin, coef) }
            })
        }
    })?;
    whole(passes as i64)
}
