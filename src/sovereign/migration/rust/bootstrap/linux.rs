//! The world of the runtime on the kernel alone.

use crate::{crash, signals, sys, Address, Errno, Phase, System};

/// Linux, for a process of one thread.
#[derive(Clone, Copy, Debug)]
pub struct Linux;

impl System for Linux {
    fn connect(&self, address: &Address) -> Result<i32, Errno> {
        let socket = sys::connect(address)?;
        crash::note_connection(Some(socket));
        Ok(socket)
    }

    fn close(&self, socket: i32) {
        crash::note_connection(None);
        sys::close(socket);
    }

    fn is_quiet(&self, socket: i32) -> bool {
        sys::is_quiet(socket)
    }

    fn receive(&self, socket: i32, into: &mut [u8]) -> Result<usize, Errno> {
        sys::receive(socket, into)
    }

    fn write(&self, descriptor: i32, pieces: &[&[u8]]) -> Result<usize, Errno> {
        sys::write(descriptor, pieces)
    }

    fn hasten(&self, socket: i32) {
        sys::hasten(socket);
    }

    fn now_us(&self) -> i64 {
        sys::now_ns() / 1000
    }

    fn sleep_ms(&self, duration: u32) {
        sys::sleep_ns(i64::from(duration) * 1_000_000);
    }

    fn is_terminated(&self) -> bool {
        signals::is_terminated()
    }

    fn enter_stream(&self) {
        crash::note_stream();
    }

    fn enter(&self, phase: Phase<'_>) {
        crash::note_phase(phase);
        signals::enter(phase);
        if matches!(phase, Phase::Handling(_)) {
            signals::guard_stack();
        }
    }
}
