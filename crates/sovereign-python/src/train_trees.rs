//! Trees, forests and boosted trees, grown on arrays.
//!
//! Settings come as a dict that our own Python code has checked; trees go back as a dict of bytes, which NumPy reads in
//! place.

use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict},
};
use train::{
    Growth, Node, Tree,
    boosting::{self, Boosting, Loss, Table},
    forest::{self, Forest, Target},
};

use crate::{
    call::{Answer, Call, Object},
    errors::Failure,
    threads::asked,
    train_arrays::{Arrays, Input, wanted},
};

/// What a forest is grown by, as the dict holds it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct ForestSettings {
    trees: usize,
    draws: Option<usize>,
    fine: bool,
    seed: u64,
    threads: usize,
    classes: usize,
    criterion: String,
    max_depth: Option<usize>,
    min_samples_split: usize,
    min_samples_leaf: usize,
    min_weight_fraction_leaf: f64,
    max_leaf_nodes: Option<usize>,
    min_impurity_decrease: f64,
    max_features: usize,
    random_thresholds: bool,
}

/// What is boosted by, as the dict holds it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct BoostingSettings {
    loss: String,
    classes: usize,
    rounds: usize,
    learning_rate: f64,
    max_leaf_nodes: Option<usize>,
    max_depth: Option<usize>,
    min_samples_leaf: usize,
    l2: f64,
    max_bins: usize,
    subsample: f64,
    patience: Option<usize>,
    tol: f64,
    seed: u64,
    threads: usize,
}

/// The work that is worth unlocking for, whatever it is.
const LONG: f64 = 1e12;

/// The settings of a call, read out of a dict.
pub(crate) fn settings<'py, T: for<'a> FromPyObject<'a, 'py, Error = PyErr>>(
    py: Python<'py>,
    object: Option<Object>,
) -> Result<T, Failure> {
    let object = object.ok_or_else(|| Failure::Call("the settings should be a dict".to_owned()))?;
    // SAFETY: the caller of an exported function keeps its arguments alive.
    let object: Bound<'py, PyAny> = unsafe { Bound::from_borrowed_ptr(py, object) };
    Ok(object.extract()?)
}

/// The error of a name that is none of those that there are.
pub(crate) fn unknown(name: &'static str, value: String, allowed: &str) -> Failure {
    Failure::Parameter { name, value, allowed: allowed.to_owned() }
}

pub(crate) fn grow_forest(call: &Call) -> Answer {
    let [x, y, weights, facts] = call.optional(4)?;
    call.no_keywords()?;
    Python::attach(|py| {
        let facts: ForestSettings = settings(py, facts)?;
        let growth = Growth {
            max_depth: facts.max_depth.unwrap_or(usize::MAX),
            min_samples_split: facts.min_samples_split,
            min_samples_leaf: facts.min_samples_leaf,
            min_weight_fraction_leaf: facts.min_weight_fraction_leaf,
            max_leaf_nodes: facts.max_leaf_nodes,
            min_impurity_decrease: facts.min_impurity_decrease,
            max_features: facts.max_features,
            random_thresholds: facts.random_thresholds,
        };
        let forest = Forest {
            trees: facts.trees,
            draws: facts.draws,
            fine: facts.fine,
            seed: facts.seed,
            threads: facts.threads,
        };
        let arrays: [Input; 3] = [(x, "x"), (y, "y"), (weights, "weights")];
        let wanted = wanted(arrays, 0);
        let held = Arrays::hold(&wanted, arrays, 0)?;
        let [_, features] = held.shape(0)?;
        // SAFETY: the slices are used inside this call only, while the arrays are held.
        let trees = unsafe {
            let (x, weights) = (held.input::<f32>(0)?, held.optional::<f64>(2)?);
            let target = match facts.criterion.as_str() {
                "gini" | "entropy" => Target::Classes {
                    indexes: held.input::<i32>(1)?,
                    count: facts.classes,
                    entropy: facts.criterion == "entropy",
                },
                "squared_error" | "poisson" => {
                    Target::Numbers { values: held.input::<f64>(1)?, poisson: facts.criterion == "poisson" }
                }
                _ => return Err(unknown("criterion", facts.criterion, "gini, entropy, squared_error or poisson")),
            };
            held.run("grow_forest", asked(None)?, LONG, |_| {
                forest::fit(x, features, target, weights, &growth, &forest)
            })?
        };
        drop(held);
        Ok(trees_dict(py, trees)?.into_any().into_ptr())
    })
}

pub(crate) fn boost_trees(call: &Call) -> Answer {
    let [x, y, weights, other_x, other_y, other_weights, facts] = call.optional(7)?;
    call.no_keywords()?;
    Python::attach(|py| {
        let facts: BoostingSettings = settings(py, facts)?;
        let loss = match facts.loss.as_str() {
            "squared_error" => Loss::SquaredError,
            "absolute_error" => Loss::AbsoluteError,
            "log_loss" if facts.classes >= 2 => Loss::LogLoss { classes: facts.classes },
            _ => return Err(unknown("loss", facts.loss, "squared_error, absolute_error or log_loss")),
        };
        let boosting = Boosting {
            rounds: facts.rounds,
            learning_rate: facts.learning_rate,
            max_leaf_nodes: facts.max_leaf_nodes,
            max_depth: facts.max_depth.unwrap_or(usize::MAX),
            min_samples_leaf: facts.min_samples_leaf,
            l2: facts.l2,
            max_bins: facts.max_bins,
            subsample: facts.subsample,
            patience: facts.patience,
            tol: facts.tol,
            seed: facts.seed,
            threads: facts.threads,
        };
        let arrays: [Input; 6] = [
            (x, "x"),
            (y, "y"),
            (weights, "weights"),
            (other_x, "validation_x"),
            (other_y, "validation_y"),
            (other_weights, "validation_weights"),
        ];
        let wanted = wanted(arrays, 0);
        let held = Arrays::hold(&wanted, arrays, 0)?;
        let [_, features] = held.shape(0)?;
        // SAFETY: the slices are used inside this call only, while the arrays are held.
        let boosted = unsafe {
            let table = Table { x: held.input(0)?, y: held.input(1)?, weights: held.optional(2)? };
            let validation = match held.optional(3)? {
                None => None,
                Some(x) => Some(Table { x, y: held.input(4)?, weights: held.optional(5)? }),
            };
            held.run("boost_trees", asked(None)?, LONG, |_| {
                boosting::fit(table, features, validation, loss, &boosting)
            })?
        };
        drop(held);
        let dict = trees_dict(py, boosted.trees)?;
        dict.set_item("init", numbers(py, &boosted.init, |each| each.to_le_bytes()))?;
        dict.set_item("train_losses", numbers(py, &boosted.train_losses, |each| each.to_le_bytes()))?;
        dict.set_item("validation_losses", numbers(py, &boosted.validation_losses, |each| each.to_le_bytes()))?;
        dict.set_item("importances", numbers(py, &boosted.importances, |each| each.to_le_bytes()))?;
        Ok(dict.into_any().into_ptr())
    })
}

/// Bytes of each element, one behind the other.
fn numbers<'py, T: Copy, const N: usize>(
    py: Python<'py>,
    elements: &[T],
    bytes: impl Fn(T) -> [u8; N],
) -> Bound<'py, PyBytes> {
    PyBytes::new(py, &elements.iter().flat_map(|&each| bytes(each)).collect::<Vec<u8>>())
}

/// The trees one behind the other, each column by itself.
fn trees_dict<'py>(py: Python<'py>, trees: Vec<Tree>) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let column = |name: &str, bytes: &dyn Fn(&Node, &mut Vec<u8>)| {
        let mut all = Vec::new();
        trees.iter().flat_map(|tree| &tree.nodes).for_each(|node| bytes(node, &mut all));
        dict.set_item(name, PyBytes::new(py, &all))
    };
    column("feature", &|node, to| to.extend(node.feature.to_le_bytes()))?;
    column("threshold", &|node, to| to.extend(node.threshold.to_le_bytes()))?;
    column("left", &|node, to| to.extend(node.left.to_le_bytes()))?;
    column("missing_left", &|node, to| to.push(u8::from(node.missing_left)))?;
    let values: Vec<u8> = trees.iter().flat_map(|tree| &tree.values).flat_map(|value| value.to_le_bytes()).collect();
    dict.set_item("value", PyBytes::new(py, &values))?;
    let sizes: Vec<u64> = trees.iter().map(|tree| tree.nodes.len() as u64).collect();
    dict.set_item("sizes", numbers(py, &sizes, u64::to_le_bytes))?;
    let importances: Vec<f64> = trees.iter().flat_map(|tree| &tree.importances).copied().collect();
    dict.set_item("tree_importances", numbers(py, &importances, f64::to_le_bytes))?;
    Ok(dict)
}
