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
//! A program that holds one model needs one family: each has a feature of the name of its file, and `families` stands
//! for all of them. Without the others, a model of another family is of an unsupported type.
//!
//! A call passes these files: `image.rs` finds arrays by name in bytes that nobody vouches for, `head.rs` reads what
//! the model is, `model.rs` joins the families and is what to read first, one file per family computes, `link.rs`
//! makes probabilities of scores, `batch.rs` cuts many rows into blocks. `number.rs` has the arithmetic of rows.

#![no_std]
// What several families share is more than one of them needs.
#![cfg_attr(
    not(feature = "families"),
    allow(dead_code, unreachable_patterns, unused_imports, unused_macros, unused_variables)
)]

#[cfg(any(feature = "alloc", feature = "program"))]
extern crate alloc;

#[cfg(test)]
extern crate std;

#[cfg(feature = "categories")]
mod categories;
#[cfg(feature = "clusters")]
mod clusters;
mod error;
#[cfg(feature = "forest")]
mod forest;
mod head;
mod image;
#[cfg(feature = "imputing")]
mod imputing;
#[cfg(feature = "k_means")]
mod k_means;
#[cfg(feature = "linear")]
mod linear;
mod link;
#[cfg(feature = "mlp")]
mod mlp;
mod model;
#[cfg(feature = "naive_bayes")]
mod naive_bayes;
#[cfg(feature = "neighbors")]
mod neighbors;
#[cfg(feature = "ngram")]
mod ngram;
mod number;
#[cfg(feature = "pipeline")]
mod pipeline;
#[cfg(feature = "projection")]
mod projection;
#[cfg(feature = "row_norm")]
mod row_norm;
#[cfg(feature = "scaling")]
mod scaling;
#[cfg(feature = "text")]
mod text;
#[cfg(feature = "vote")]
mod vote;

#[cfg(feature = "alloc")]
mod batch;
#[cfg(feature = "file")]
mod file;
#[cfg(feature = "program")]
mod program;

#[cfg(feature = "alloc")]
pub use batch::{Batch, Block, ByRow, Real, Rows};
pub use error::{InferenceError, ParseError};
#[cfg(feature = "file")]
pub use file::{FileError, image_of};
pub use head::{FamilyCode, Head, Link};
pub use image::{Dtype, Floats, Image, Integers, Scope, Tensor, Tensors};
pub use model::{Family, Model, ModelView, PredictNoStd, Wanted};
#[cfg(feature = "ngram")]
pub use ngram::Ngram;
pub use number::Number;
#[cfg(feature = "program")]
pub use program::{InProgram, InProgramNumber};

#[cfg(all(test, feature = "std"))]
mod tests;
