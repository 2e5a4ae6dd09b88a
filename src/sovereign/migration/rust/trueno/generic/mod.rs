//! The algorithms, written once over the registers of any instruction set.
//!
//! All functions are inlined into the wrappers of `kernels.rs`, whose list says what they are; for their pointers the
//! rules there hold.

pub(crate) mod elementwise;
pub(crate) mod extremes;
pub(crate) mod functions;
pub(crate) mod limits;
pub(crate) mod matmul;
pub(crate) mod matvec;
pub(crate) mod quantize;
pub(crate) mod reduce;
pub(crate) mod rows;
pub(crate) mod scan;
pub(crate) mod single;
