//! Variables that more than one function sees: `Slot` (captured by closures), `Global` (of the module); `unbound`.

use crate::{Exc, Place, NAME_ERROR, UNBOUND_LOCAL_ERROR};
use alloc::format;
use alloc::rc::Rc;

/// A local variable that closures share and that changes.
pub struct Slot<T>(Rc<Place<T>>);

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Slot(Rc::clone(&self.0))
    }
}

impl<T> Slot<T> {
    /// A variable with its first value.
    pub fn new(value: T) -> Self {
        Slot(Rc::new(Place::new(value)))
    }
    /// Assign another value.
    pub fn set(&self, value: T) {
        drop(self.0.replace(value));
    }
}

impl<T: Clone> Slot<T> {
    /// The value now.
    #[inline]
    pub fn get(&self) -> T {
        self.0.get()
    }
}

/// A variable of the module that functions use.
pub struct Global<T>(Place<Option<T>>, &'static str);

// SAFETY: an emitted program runs on one thread.
unsafe impl<T> Sync for Global<T> {}

impl<T> Global<T> {
    /// A variable without a value.
    pub const fn new(name: &'static str) -> Self {
        Global(Place::new(None), name)
    }
    /// Assign a value.
    pub fn set(&self, value: T) {
        drop(self.0.replace(Some(value)));
    }
}

impl<T: Clone> Global<T> {
    /// The value; a variable that is read before it is assigned ends the program as Python does.
    #[inline]
    pub fn get(&self) -> T {
        match self.0.get() {
            Some(value) => value,
            None => undefined(self.1),
        }
    }
}

/// End the program: a variable of the module is read before it is assigned.
#[cold]
pub fn undefined(name: &str) -> ! {
    let error = Exc::new(&NAME_ERROR, format!("name '{name}' is not defined"));
    let code = crate::exit_code(Err(error));
    crate::platform().exit(code)
}

/// `UnboundLocalError` of a local variable that is read before it is assigned.
#[cold]
pub fn unbound(name: &str) -> Exc {
    Exc::new(
        &UNBOUND_LOCAL_ERROR,
        format!("cannot access local variable '{name}' where it is not associated with a value"),
    )
}
