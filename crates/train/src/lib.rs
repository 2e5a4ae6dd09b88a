//! What estimators compute in `fit`: trees and forests by histograms.
//!
//! What enters are slices of numbers whose shapes the caller has checked, and settings; what leaves is plain data, or an
//! [`Error`]. Nothing here knows Python, files or predictions of models, which are the crate `predict`'s.
//!
//! Results are the same bits for any number of threads: work is cut into tasks that do not depend on the number of
//! threads (`threads.rs`), each task has random numbers of its own (`random.rs`), and sums are made in a fixed order.

mod bins;
pub mod boosting;
mod criteria;
mod descent;
mod dual;
mod error;
mod exponential;
pub mod forest;
mod gram;
mod grow;
mod heads;
mod logistic;
mod means;
pub mod mlp;
mod moments;
mod nearest;
mod number;
mod optimizer;
mod random;
mod segments;
mod symmetric;
mod threads;
mod wide;

pub use descent::{Outcome, Patience, Penalty, descend_by_columns, descend_by_products};
pub use dual::{Margin, Targets, regress, separate};
pub use error::Error;
pub use gram::{Data, gram, residual_products};
pub use grow::{Growth, LEAF, Node, Tree};
pub use logistic::{Labelled, logistic_loss};
pub use means::{Known, Points, Round, assign, potentials};
pub use moments::{Grouped, moments};
pub use nearest::Tiled;
pub use number::Number;
pub use optimizer::{Moments, Optimizer};
