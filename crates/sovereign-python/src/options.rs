//! The keywords that most functions share, and the answer to `explain=True`.

use pyo3::{
    prelude::*,
    types::{PyDict, PyString, PyTuple},
};
use trueno::{Backend, Kernels};

use crate::{
    buffer::shown,
    call::{Answer, Call, Kept, Keyword, Object, text, truth},
    errors::Failure,
};

pub(crate) static OUT: Keyword = Keyword::new(c"out");
pub(crate) static BACKEND: Keyword = Keyword::new(c"backend");
pub(crate) static EXPLAIN: Keyword = Keyword::new(c"explain");

/// Where the result goes, by which kernels it is made, and whether the choice is to be told.
pub(crate) struct Options {
    pub(crate) out: Option<Object>,
    pub(crate) kernels: &'static Kernels,
    /// Why these kernels.
    why: &'static str,
    pub(crate) explain: bool,
}

impl Options {
    /// Of a function that makes an array.
    #[inline]
    pub(crate) fn of(call: &Call) -> Result<Self, Failure> {
        let [out, backend, explain] = call.keywords(&[&OUT, &BACKEND, &EXPLAIN])?;
        Self::new(out, backend, explain)
    }

    /// Of a function that makes a number, or writes into an argument.
    #[inline]
    pub(crate) fn without_out(call: &Call) -> Result<Self, Failure> {
        let [backend, explain] = call.keywords(&[&BACKEND, &EXPLAIN])?;
        Self::new(None, backend, explain)
    }

    #[inline]
    pub(crate) fn new(out: Option<Object>, backend: Option<Object>, explain: Option<Object>) -> Result<Self, Failure> {
        let (kernels, why) = match backend {
            None => (trueno::kernels(), "the widest instruction set of this machine"),
            Some(name) => (named(name)?.kernels()?, "the caller named the backend"),
        };
        let explain = explain.map_or(Ok(false), truth)?;
        Ok(Self { out, kernels, why, explain })
    }

    /// Take the kernels for which the right side of a product was packed.
    pub(crate) fn follow_packed(&mut self, kernels: &'static Kernels) {
        (self.kernels, self.why) = (kernels, "the backend for which the right side was packed");
    }

    /// The result, with the choice if it is to be told; one thread was enough.
    #[inline]
    pub(crate) fn answer(&self, result: Object) -> Answer {
        if self.explain { self.tell(result, 1, "an operation of this kind runs on one thread") } else { Ok(result) }
    }

    /// As [`Options::answer`], of a function that chooses how many threads it takes at most; those are told that took part.
    #[inline]
    pub(crate) fn answer_of(&self, result: Object, most: usize, reason: &str) -> Answer {
        if !self.explain {
            return Ok(result);
        }
        match trueno::threads_taken() {
            taken if taken < most => {
                let reason =
                    format!("{reason}; {taken} of {most} took part, as more had too little to do or were busy");
                self.tell(result, taken, &reason)
            }
            taken => self.tell(result, taken, reason),
        }
    }

    #[cold]
    fn tell(&self, result: Object, threads: usize, reason: &str) -> Answer {
        Python::attach(|py| {
            // SAFETY: the reference is ours, and goes over to the tuple.
            let result = unsafe { Bound::from_owned_ptr(py, result) };
            let facts = PyDict::new(py);
            facts.set_item("backend", self.kernels.backend().name())?;
            facts.set_item("threads", threads)?;
            facts.set_item("reason", format!("{}; {reason}", self.why))?;
            let choice = CHOICE.get();
            let facts = if choice.is_null() {
                facts.into_any()
            } else {
                // SAFETY: what was registered is kept.
                unsafe { Bound::from_borrowed_ptr(py, choice) }.call((), Some(&facts))?
            };
            Ok(PyTuple::new(py, [result, facts])?.into_any().into_ptr())
        })
    }
}

/// The backend of this name.
fn named(object: Object) -> Result<Backend, Failure> {
    // SAFETY: the caller keeps its argument alive.
    let name = unsafe {
        if pyo3::ffi::PyUnicode_Check(object) == 0 {
            return Err(Failure::NoBackend(shown(object)));
        }
        text(object)?
    };
    name.parse().map_err(|_| Failure::NoBackend(name.to_owned()))
}

/// What a choice is told as; it is registered by the room above, until then a dict does.
static CHOICE: Kept = Kept::nothing();

pub(crate) fn register_choice(call: &Call) -> Answer {
    CHOICE.exchange(call)
}

pub(crate) fn backends(call: &Call) -> Answer {
    let [] = call.positional()?;
    call.no_keywords()?;
    let names = Backend::ALL.into_iter().filter(|backend| backend.is_available()).map(Backend::name);
    Python::attach(|py| Ok(PyTuple::new(py, names.collect::<Vec<_>>())?.into_any().into_ptr()))
}

pub(crate) fn active_backend(call: &Call) -> Answer {
    let [] = call.positional()?;
    call.no_keywords()?;
    let name = Backend::detect().name();
    Python::attach(|py| Ok(PyString::new(py, name).into_any().into_ptr()))
}
