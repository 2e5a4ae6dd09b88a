//! One global value of a program that has one thread, `Single`; a variable that several places see, `Place`.

use core::cell::UnsafeCell;

/// A global that only the program's one thread touches.
pub struct Single<T>(UnsafeCell<T>);

// SAFETY: an emitted program runs on one thread (`run_main`'s); whoever uses the support module elsewhere keeps to that.
unsafe impl<T> Sync for Single<T> {}

impl<T> Single<T> {
    /// A global that begins as `value`.
    pub const fn new(value: T) -> Self {
        Single(UnsafeCell::new(value))
    }
}

impl<T: Copy> Single<T> {
    /// The value now.
    pub fn get(&self) -> T {
        // SAFETY: one thread, and no reference to the inside ever leaves this type.
        unsafe { *self.0.get() }
    }

    /// Store another value.
    pub fn set(&self, value: T) {
        // SAFETY: one thread, and no reference to the inside ever leaves this type.
        unsafe { *self.0.get() = value }
    }
}

impl<T> Single<T> {
    /// Store another value and hand out the one that was there.
    pub fn replace(&self, value: T) -> T {
        // SAFETY: one thread, and no reference to the inside ever leaves this type.
        core::mem::replace(unsafe { &mut *self.0.get() }, value)
    }
}

/// A variable that several places see. No reference to its inside is handed out, so it has no flag to check.
pub struct Place<T>(UnsafeCell<T>);

impl<T> Place<T> {
    /// A variable with its first value.
    pub const fn new(value: T) -> Self {
        Place(UnsafeCell::new(value))
    }

    /// Store another value and hand out the one that was there, since dropping it may run code.
    #[inline]
    pub fn replace(&self, value: T) -> T {
        // SAFETY: moving a value runs no code, so that nothing else looks inside meanwhile.
        core::mem::replace(unsafe { &mut *self.0.get() }, value)
    }
}

impl<T: Clone> Place<T> {
    /// The value now.
    #[inline]
    pub fn get(&self) -> T {
        // SAFETY: the reference lives while the value is cloned. Values of programs are numbers, handles and tuples,
        // enums and options of them; cloning those runs no code of a program, which could store something here.
        unsafe { (*self.0.get()).clone() }
    }
}
