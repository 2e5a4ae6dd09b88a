//! What payloads of layout A1 look like, by model type: the registry that stands in for the types which bincode omits.
//!
//! The field orders are facts of the program that writes these files, as of February 2026. A payload that does not use
//! up its bytes under the shape of its type was written by another version, and is refused rather than guessed.

use crate::{ModelType, bincode::Shape};

use Shape::{Bool, Choice, F32, List, Option as Maybe, Record, U64};

static VECTOR: Shape = Record(&[("data", &List(&F32))]);
static MATRIX: Shape = Record(&[("data", &List(&F32)), ("rows", &U64), ("cols", &U64)]);

static LINEAR_REGRESSION: Shape =
    Record(&[("coefficients", &Maybe(&VECTOR)), ("intercept", &F32), ("fit_intercept", &Bool)]);

static LOGISTIC_REGRESSION: Shape = Record(&[
    ("coefficients", &Maybe(&VECTOR)),
    ("intercept", &F32),
    ("learning_rate", &F32),
    ("max_iter", &U64),
    ("tol", &F32),
]);

static TREE_NODE: Shape = Choice(&[("Node", &SPLIT), ("Leaf", &LEAF)]);
static SPLIT: Shape =
    Record(&[("feature_idx", &U64), ("threshold", &F32), ("left", &TREE_NODE), ("right", &TREE_NODE)]);
static LEAF: Shape = Record(&[("class_label", &U64), ("n_samples", &U64)]);

static DECISION_TREE: Shape =
    Record(&[("tree", &Maybe(&TREE_NODE)), ("max_depth", &Maybe(&U64)), ("n_features", &Maybe(&U64))]);

static RANDOM_FOREST: Shape = Record(&[
    ("trees", &List(&DECISION_TREE)),
    ("n_estimators", &U64),
    ("max_depth", &Maybe(&U64)),
    ("random_state", &Maybe(&U64)),
    ("oob_indices", &List(&List(&U64))),
    ("x_train", &Maybe(&MATRIX)),
    ("y_train", &Maybe(&List(&U64))),
]);

static K_MEANS: Shape = Record(&[
    ("n_clusters", &U64),
    ("max_iter", &U64),
    ("tol", &F32),
    ("random_state", &Maybe(&U64)),
    ("centroids", &Maybe(&MATRIX)),
    ("labels", &Maybe(&List(&U64))),
    ("inertia", &F32),
    ("n_iter", &U64),
]);

static GAUSSIAN_NB: Shape = Record(&[
    ("class_priors", &Maybe(&List(&F32))),
    ("means", &Maybe(&List(&List(&F32)))),
    ("variances", &Maybe(&List(&List(&F32)))),
    ("classes", &Maybe(&List(&U64))),
    ("var_smoothing", &F32),
]);

static LINEAR_SVM: Shape = Record(&[
    ("weights", &Maybe(&List(&F32))),
    ("bias", &F32),
    ("c", &F32),
    ("learning_rate", &F32),
    ("max_iter", &U64),
    ("tol", &F32),
]);

static PCA: Shape = Record(&[
    ("n_components", &U64),
    ("mean", &Maybe(&List(&F32))),
    ("components", &Maybe(&MATRIX)),
    ("explained_variance", &Maybe(&List(&F32))),
    ("explained_variance_ratio", &Maybe(&List(&F32))),
]);

/// The shape of a model type, None where no shape is known and the payload can be told only by its size.
pub fn shape_of(model_type: ModelType) -> Option<&'static Shape> {
    match model_type {
        ModelType::LinearRegression => Some(&LINEAR_REGRESSION),
        ModelType::LogisticRegression => Some(&LOGISTIC_REGRESSION),
        ModelType::DecisionTree => Some(&DECISION_TREE),
        ModelType::RandomForest => Some(&RANDOM_FOREST),
        ModelType::KMeans => Some(&K_MEANS),
        ModelType::Pca => Some(&PCA),
        ModelType::NaiveBayes => Some(&GAUSSIAN_NB),
        ModelType::Svm => Some(&LINEAR_SVM),
        _ => None,
    }
}
