//! The keywords that most functions share, and the answer to `explain=True`.

use pyo3::{
    prelude::*,
    types::{PyDict, PyString, PyTuple},
};
use trueno::{Backend, Kernels};

use crate::{
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
    is_named: bool,
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
        let kernels = match backend {
            None => trueno::kernels(),
            Some(name) => named(name)?.kernels()?,
        };
        let explain = explain.map_or(Ok(false), truth)?;
        Ok(Self { out, kernels, is_named: backend.is_some(), explain })
    }

    /// The result, with the choice if it is to be told; one thread was enough.
    #[inline]
    pub(crate) fn answer(&self, result: Object) -> Answer {
        if self.explain { self.tell(result, 1, "an operation of this kind runs on one thread") } else { Ok(result) }
    }

    /// As [`Options::answer`], of a function that chooses how many threads it takes.
    #[inline]
    pub(crate) fn answer_of(&self, result: Object, threads: usize, reason: &str) -> Answer {
        if self.explain { self.tell(result, threads, reason) } else { Ok(result) }
    }

    #[cold]
    fn tell(&self, result: Object, threads: usize, reason: &str) -> Answer {
        let chosen =
            if self.is_named { "the caller named the backend" } else { "the widest instruction set of this machine" };
        Python::attach(|py| {
            // SAFETY: the reference is ours, and goes over to the tuple.
            let result = unsafe { Bound::from_owned_ptr(py, result) };
            let facts = PyDict::new(py);
            facts.set_item("backend", self.kernels.backend().name())?;
            facts.set_item("threads", threads)?;
            facts.set_item("reason", format!("{chosen}; {reason}"))?;
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
    let name = unsafe { text(object) }?;
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
