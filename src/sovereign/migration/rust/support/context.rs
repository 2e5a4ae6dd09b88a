//! Context managers out of generators: what `contextlib.contextmanager` makes.
//!
//! `ContextManager::new(iterator)`; `enter()? -> T` is the first item, `leave(error)? -> bool` ends the generator, with the
//! error raised inside where there is one, and says whether the error ends there.

use crate::{hash_identity, Exc, Iter, Object, RUNTIME_ERROR};
use alloc::string::String;

/// A generator of one item as a context.
pub struct ContextManager<T>(Iter<T>);

impl<T> Clone for ContextManager<T> {
    fn clone(&self) -> Self {
        ContextManager(self.0.clone())
    }
}

impl<T> ContextManager<T> {
    /// A context whose generator has not begun.
    pub fn new(generator: Iter<T>) -> Self {
        ContextManager(generator)
    }

    /// `__enter__`.
    pub fn enter(&self) -> Result<T, Exc> {
        self.0.step()?.ok_or_else(|| Exc::new(&RUNTIME_ERROR, "generator didn't yield"))
    }

    /// `__exit__`: whether the error is taken as dealt with.
    pub fn leave(&self, error: Option<&Exc>) -> Result<bool, Exc> {
        let Some(error) = error else {
            return match self.0.step()? {
                None => Ok(false),
                Some(_) => Err(Exc::new(&RUNTIME_ERROR, "generator didn't stop")),
            };
        };
        match self.0.throw_step(error.clone()) {
            Ok(None) => Ok(true),
            Ok(Some(_)) => Err(Exc::new(&RUNTIME_ERROR, "generator didn't stop after throw()")),
            Err(same) if same.same(error) => Ok(false),
            Err(other) => Err(other),
        }
    }
}

impl<T> Object for ContextManager<T> {
    fn write_repr(&self, out: &mut String) {
        out.push_str("<contextlib._GeneratorContextManager object>");
    }
    fn equals(&self, other: &Self) -> bool {
        self.0.equals(&other.0)
    }
    fn hash(&self) -> u64 {
        hash_identity(&self.0)
    }
    fn type_name(&self) -> &'static str {
        "_GeneratorContextManager"
    }
}
