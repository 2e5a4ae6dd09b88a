//! Every model type of `.apr` files, run straight on the bytes of the file.
//!
//! What enters are the bytes of a file of layout A2 and rows of features. What leaves are scores, values or class
//! indexes, or an error that says what does not fit. A model is a set of named arrays: `model`, 16 numbers that
//! describe it (`head.rs`), and what its family needs. `container` reads and writes every layout and knows no model;
//! this crate reads one layout, and only as far as a prediction needs it.
//!
//! There are two ways to a prediction. [`ModelView`] computes one row without a heap, on bounded stack, by loops whose
//! length the model fixes, and has no path that panics: a microcontroller runs it. With the feature `alloc`, [`Batch`]
//! computes many rows by the kernels of `trueno`, with `std` on several threads; a row's result does not depend on
//! the rows beside it. The first way is the oracle of the second. With the feature `file`, `image_of` finds the arrays in
//! files of layout A1 as well, whose payload is compressed.
//!
//! A call passes these files: `image.rs` finds arrays by name in bytes that nobody vouches for, `head.rs` reads what
//! the model is, `model.rs` joins the families and is what to read first, one file per family computes, `link.rs`
//! makes probabilities of scores, `batch.rs` cuts many rows into blocks. `number.rs` has the arithmetic of rows.

#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;

#[cfg(test)]
extern crate std;

mod categories;
mod clusters;
mod error;
mod forest;
mod head;
mod image;
mod imputing;
mod k_means;
mod linear;
mod link;
mod mlp;
mod model;
mod naive_bayes;
mod neighbors;
mod ngram;
mod number;
mod pipeline;
mod projection;
mod row_norm;
mod scaling;
mod text;
mod vote;

#[cfg(feature = "alloc")]
mod batch;
#[cfg(feature = "file")]
mod file;

#[cfg(feature = "alloc")]
pub use batch::{Batch, Block, ByRow, Real, Rows};
pub use error::{InferenceError, ParseError};
#[cfg(feature = "file")]
pub use file::{FileError, image_of};
pub use head::{FamilyCode, Head, Link};
pub use image::{Dtype, Floats, Image, Integers, Scope, Tensor, Tensors};
pub use model::{Family, Model, ModelView, PredictNoStd, Wanted};
pub use ngram::Ngram;
pub use number::Number;

#[cfg(all(test, feature = "std"))]
mod tests;
