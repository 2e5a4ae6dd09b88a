//! One global value of a program that has one thread: `Single`.

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
