//! The native door: the Rust core as the Python module `sovereign._native._core`.
//!
//! What enters are Python objects, what leaves are Python objects or errors of `sovereign.errors`. Files in the order a
//! call passes them: `lib.rs` lists the functions, `call.rs` takes the arguments apart, `guard.rs` keeps panics inside,
//! `ndarray.rs` and `buffer.rs` look into arrays without copying, `vectors.rs`, `model_file.rs` and `facts.rs` do the work,
//! `errors.rs` is the only place where an error of a Rust crate becomes one of Python.
//!
//! Functions are registered as plain method definitions with the fast calling convention, because the wrappers that
//! pyo3 generates cost more than a dot product of 384 elements.

mod buffer;
mod call;
mod errors;
mod facts;
mod guard;
mod model_file;
mod ndarray;
mod texts;
mod vectors;

use pyo3::{ffi, prelude::*};

use crate::call::{Table, end, method};

/// The functions of the module; the first line of each text is its signature, long texts are in `texts.rs`. `_core.pyi` says the same to checkers.
static FUNCTIONS: Table<12> = Table([
    method!(vectors::dot, c"dot", texts::DOT),
    method!(vectors::sum, c"sum", texts::SUM),
    method!(vectors::axpy, c"axpy", texts::AXPY),
    method!(vectors::backends, c"backends", c"backends()\n--\n\nNames of the backends that this machine has."),
    method!(vectors::active_backend, c"active_backend", c"active_backend()\n--\n\nName of the backend in use."),
    method!(
        model_file::crc32,
        c"crc32",
        c"crc32(data, /, *, start=0)\n--\n\nCRC-32 of the bytes, going on from `start`."
    ),
    method!(
        model_file::parse_header,
        c"parse_header",
        c"parse_header(data, /, *, size_bytes=None)\n--\n\nThe checked header of an `.apr` file of that size."
    ),
    method!(
        model_file::verify_trailer,
        c"verify_trailer",
        c"verify_trailer(data, /)\n--\n\nThe header of a whole `.apr` file whose lengths and checksum hold."
    ),
    method!(facts::build_facts, c"build_facts", c"build_facts()\n--\n\nWhat this core was built of, and by what."),
    method!(facts::nothing, c"nothing", c"nothing()\n--\n\nNothing: what remains is the cost of a call."),
    method!(
        facts::provoke_panic,
        c"provoke_panic",
        c"provoke_panic(message, /)\n--\n\nPanic, to show what becomes of it."
    ),
    end(),
]);

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    guard::install();
    // SAFETY: the table is static, ends with an empty entry, and Python only reads it.
    let added = unsafe { ffi::PyModule_AddFunctions(module.as_ptr(), FUNCTIONS.as_ptr()) };
    if added < 0 { Err(PyErr::fetch(module.py())) } else { Ok(()) }
}
