//! The native door: the Rust core as the Python module `sovereign._native._core`.
//!
//! What enters are Python objects, what leaves are Python objects or errors of `sovereign.errors`. Files in the order a
//! call passes them: `lib.rs` lists the functions, `call.rs` takes the arguments apart, `guard.rs` keeps panics inside,
//! `options.rs` reads the keywords that most functions share, `operand.rs` looks into arrays by `array.rs`, `ndarray.rs`
//! and `buffer.rs`, `strided.rs` tells how they lie, and the files named after operations call the kernels of `trueno`.
//! `types.rs` describes the classes, `pool.rs` has their memory. `model_file.rs` and `container_file.rs` read and write model
//! files, `mapping.rs` guards maps of them, `predictor.rs` runs models. The files named after `train` call the kernels that
//! fit estimators, `tracing.rs` follows processes. `errors.rs`, with `file_errors.rs`, `model_errors.rs` and `trace_errors.rs`, is the only place where an error of a Rust
//! crate becomes one of Python.
//!
//! Functions are registered as plain method definitions with the fast calling convention, because the wrappers that
//! pyo3 generates cost more than a dot product of 384 elements. Their signatures and texts are those of `_core.pyi`,
//! which `build.rs` cuts into pieces.

mod array;
mod buffer;
mod call;
mod container_file;
mod convolution;
mod distance;
mod dlpack;
mod dtype;
mod elementwise;
mod errors;
mod facts;
mod file_errors;
mod guard;
mod indexing;
mod limits;
mod linear;
mod mapping;
mod matrix;
mod members;
mod model_errors;
mod model_file;
mod ndarray;
mod operand;
mod options;
mod packed;
mod places;
mod pool;
mod predictor;
mod program;
mod reduce;
mod rows;
mod strided;
mod threads;
mod trace_errors;
mod tracing;
mod train_arrays;
mod train_linear;
mod train_means;
mod train_mlp;
mod train_trees;
mod types;
mod values;

use pyo3::{ffi, prelude::*};

use crate::call::{Table, end, method};

/// The functions of the module; `_core.pyi` says what each takes and gives.
static FUNCTIONS: Table<ffi::PyMethodDef> = Table(&[
    method!(elementwise::add, "add"),
    method!(elementwise::sub, "sub"),
    method!(elementwise::mul, "mul"),
    method!(elementwise::div, "div"),
    method!(elementwise::minimum, "minimum"),
    method!(elementwise::maximum, "maximum"),
    method!(elementwise::pow, "pow"),
    method!(elementwise::scale, "scale"),
    method!(elementwise::fma, "fma"),
    method!(elementwise::lerp, "lerp"),
    method!(elementwise::axpy, "axpy"),
    method!(elementwise::abs, "abs"),
    method!(elementwise::neg, "neg"),
    method!(elementwise::sqrt, "sqrt"),
    method!(elementwise::square, "square"),
    method!(elementwise::reciprocal, "reciprocal"),
    method!(elementwise::exp, "exp"),
    method!(elementwise::log, "log"),
    method!(elementwise::clip, "clip"),
    method!(elementwise::relu, "relu"),
    method!(elementwise::leaky_relu, "leaky_relu"),
    method!(elementwise::gelu, "gelu"),
    method!(elementwise::silu, "silu"),
    method!(elementwise::sigmoid, "sigmoid"),
    method!(elementwise::tanh, "tanh"),
    method!(reduce::dot, "dot"),
    method!(reduce::sum, "sum"),
    method!(reduce::mean, "mean"),
    method!(reduce::var, "var"),
    method!(reduce::min, "min"),
    method!(reduce::max, "max"),
    method!(reduce::argmin, "argmin"),
    method!(reduce::argmax, "argmax"),
    method!(reduce::norm_l1, "norm_l1"),
    method!(reduce::norm_l2, "norm_l2"),
    method!(reduce::norm_linf, "norm_linf"),
    method!(rows::normalize, "normalize"),
    method!(rows::softmax, "softmax"),
    method!(rows::log_softmax, "log_softmax"),
    method!(rows::layer_norm, "layer_norm"),
    method!(rows::rms_norm, "rms_norm"),
    method!(rows::prefix_sum, "prefix_sum"),
    method!(places::gather, "gather"),
    method!(places::scatter, "scatter"),
    method!(places::top_k, "top_k"),
    method!(places::quantize, "quantize"),
    method!(places::dequantize, "dequantize"),
    method!(program::evaluate, "evaluate"),
    method!(matrix::matmul, "matmul"),
    method!(matrix::matvec, "matvec"),
    method!(matrix::outer, "outer"),
    method!(matrix::transpose, "transpose"),
    method!(packed::pack, "pack"),
    method!(distance::pairwise_l2_squared, "pairwise_l2_squared"),
    method!(distance::argmin_axis1, "argmin_axis1"),
    method!(convolution::conv2d, "conv2d"),
    method!(linear::cholesky, "cholesky"),
    method!(linear::solve_triangular, "solve_triangular"),
    method!(linear::qr, "qr"),
    method!(dlpack::from_dlpack, "from_dlpack"),
    method!(members::register_operators, "register_operators"),
    method!(options::register_choice, "register_choice"),
    method!(options::backends, "backends"),
    method!(options::active_backend, "active_backend"),
    method!(threads::threads, "threads"),
    method!(threads::set_threads, "set_threads"),
    method!(threads::set_rates, "set_rates"),
    method!(limits::fma_loop, "fma_loop"),
    method!(limits::read_loop, "read_loop"),
    method!(pool::facts, "pool_facts"),
    method!(pool::set_limit, "pool_limit"),
    method!(pool::trim, "pool_trim"),
    method!(model_file::crc32, "crc32"),
    method!(model_file::parse_header, "parse_header"),
    method!(model_file::verify_trailer, "verify_trailer"),
    method!(container_file::outline, "outline"),
    method!(container_file::verify_file, "verify_file"),
    method!(container_file::decompress_a4, "decompress_a4"),
    method!(container_file::decompress, "decompress"),
    method!(container_file::decode_payload, "decode_payload"),
    method!(container_file::plan_tensors, "plan_tensors"),
    method!(container_file::write_a1, "write_a1"),
    method!(container_file::pack_numbers, "pack_numbers"),
    method!(container_file::unpack_numbers, "unpack_numbers"),
    method!(container_file::identify, "identify"),
    method!(mapping::guard_map, "guard_map"),
    method!(mapping::release_map, "release_map"),
    method!(mapping::is_map_damaged, "is_map_damaged"),
    method!(train_linear::column_products, "column_products"),
    method!(train_linear::residual_products, "residual_products"),
    method!(train_linear::column_moments, "column_moments"),
    method!(train_linear::descend_by_products, "descend_by_products"),
    method!(train_linear::descend_by_columns, "descend_by_columns"),
    method!(train_linear::logistic_loss, "logistic_loss"),
    method!(train_linear::fit_margin, "fit_margin"),
    method!(train_trees::grow_forest, "grow_forest"),
    method!(train_trees::boost_trees, "boost_trees"),
    method!(train_mlp::train_mlp, "train_mlp"),
    method!(train_means::assign_means, "assign_means"),
    method!(train_means::seed_potentials, "seed_potentials"),
    method!(tracing::system_calls, "system_calls"),
    method!(facts::build_facts, "build_facts"),
    method!(facts::nothing, "nothing"),
    method!(facts::provoke_panic, "provoke_panic"),
    end(),
]);

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    guard::install();
    types::add(module)?;
    packed::add(module)?;
    predictor::add(module)?;
    tracing::add(module)?;
    // SAFETY: the table is static, ends with an empty entry, and Python only reads it.
    let added = unsafe { ffi::PyModule_AddFunctions(module.as_ptr(), FUNCTIONS.as_ptr()) };
    if added < 0 { Err(PyErr::fetch(module.py())) } else { Ok(()) }
}
