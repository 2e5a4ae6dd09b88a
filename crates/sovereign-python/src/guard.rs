//! No panic crosses into Python: each becomes an `InternalError` that says where it happened.

use std::{
    any::Any,
    cell::RefCell,
    panic::{self, AssertUnwindSafe},
    ptr,
};

use crate::{
    call::{Answer, Object},
    errors::Failure,
};

thread_local! {
    /// Where this thread panicked last; the hook writes it, because the payload does not carry it.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keep panics off stderr: each is caught by [`guarded`] and told as an error.
///
/// The hook belongs to the copy of the standard library inside this module. It sees no panics but ours, and none of
/// other extension modules.
pub(crate) fn install() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "unknown".to_owned(), |at| format!("{}:{}", at.file(), at.line()));
        PLACE.set(place);
    }));
}

/// Run the body of an exported function; what it cannot answer is raised as a Python error, and null returned.
#[inline]
pub(crate) fn guarded(body: impl FnOnce() -> Answer) -> Object {
    match contained(body) {
        Ok(object) => object,
        Err(failure) => {
            raise(failure);
            ptr::null_mut()
        }
    }
}

/// Run the body; a panic becomes a failure.
#[inline]
pub(crate) fn contained<T>(body: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    // Nothing of ours is seen again after a panic: the body owns its buffers and locks, and they are given back.
    match panic::catch_unwind(AssertUnwindSafe(body)) {
        Ok(answer) => answer,
        Err(payload) => Err(Failure::Panic { message: message(&*payload), place: PLACE.take() }),
    }
}

/// Set the Python error.
#[cold]
pub(crate) fn raise(failure: Failure) {
    // Making the error allocates and imports; should that panic as well, there is still an error set.
    if panic::catch_unwind(AssertUnwindSafe(|| failure.raise())).is_err() {
        // SAFETY: the interpreter is locked in every function of this module, and the text is static.
        unsafe { pyo3::ffi::PyErr_SetString(pyo3::ffi::PyExc_SystemError, c"an error could not be made".as_ptr()) };
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
