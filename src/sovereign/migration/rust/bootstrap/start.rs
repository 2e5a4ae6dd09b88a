//! From the first instruction of the process to the loop, and the macro that makes a program of a handler.

use core::cell::{Cell, UnsafeCell};
use core::fmt::Write;
use core::mem;
use core::panic::PanicInfo;
use core::slice;

use crate::linux::Linux;
use crate::{bytes, crash, memory, runtime, signals, slices, sys, workers, Environment, Handler, Memory};

const INPUT_SIZE: usize = 64 << 10;
const OUTPUT_SIZE: usize = 64 << 10;

#[repr(C, align(64))]
struct Room<const N: usize>(UnsafeCell<[u8; N]>);

// SAFETY: `enter` alone uses it, once.
unsafe impl<const N: usize> Sync for Room<N> {}

static INPUT: Room<INPUT_SIZE> = Room(UnsafeCell::new([0; INPUT_SIZE]));
static OUTPUT: Room<OUTPUT_SIZE> = Room(UnsafeCell::new([0; OUTPUT_SIZE]));

/// What the kernel puts on the stack of a process.
#[derive(Clone, Copy, Debug)]
pub struct Process {
    arguments: &'static [*const u8],
    variables: &'static [*const u8],
}

struct Noted(Cell<Process>);

// SAFETY: the process has one thread.
unsafe impl Sync for Noted {}

static PROCESS: Noted = Noted(Cell::new(Process { arguments: &[], variables: &[] }));

/// The process, as `enter` was told of it.
pub fn process() -> Process {
    PROCESS.0.get()
}

impl Process {
    /// Read the stack as it is at the first instruction.
    ///
    /// # Safety
    ///
    /// `stack` has to be just that.
    pub unsafe fn read(stack: *const usize) -> Process {
        // SAFETY: the kernel puts the count of arguments first, then their addresses and a zero, then the variables'.
        unsafe {
            let count = *stack;
            let first = stack.add(1).cast::<*const u8>();
            let variables = first.add(count + 1);
            let mut found = 0;
            while !(*variables.add(found)).is_null() {
                found += 1;
            }
            Process {
                arguments: slice::from_raw_parts(first, count),
                variables: slice::from_raw_parts(variables, found),
            }
        }
    }

    /// The arguments, the program's name first.
    pub fn arguments(&self) -> impl Iterator<Item = &'static [u8]> {
        self.arguments.iter().map(|&text| terminated(text))
    }

    /// The value of a variable; the runtime's own descriptor is not for handlers.
    pub fn variable(&self, name: &str) -> Option<&'static [u8]> {
        let found = self
            .variables()
            .filter_map(|variable| slices::split_once(variable, b'='))
            .find(|each| each.0 == name.as_bytes());
        found.map(|(_, value)| value).filter(|_| name != "_LAMBDA_TELEMETRY_LOG_FD")
    }

    /// The variables, as `NAME=value`.
    pub fn variables(&self) -> impl Iterator<Item = &'static [u8]> {
        self.variables.iter().map(|&text| terminated(text))
    }
}

fn terminated(text: *const u8) -> &'static [u8] {
    // SAFETY: the kernel ends each text with a zero, and the process never writes there.
    unsafe { slice::from_raw_parts(text, bytes::length(text)) }
}

/// Run a handler until the process ends.
pub fn enter<H: Handler>(process: Process, handler: &mut H) -> ! {
    PROCESS.0.set(process);
    let environment = Environment::read(process.variables());
    // SAFETY: this function never returns, so what stands on its stack stays.
    let environment: &'static Environment<'static> = unsafe { mem::transmute(&environment) };
    crash::note_environment(environment);
    signals::watch();
    let mut serve = || {
        // SAFETY: nothing else takes these, and this is called once in a process.
        let memory = unsafe { Memory { input: &mut *INPUT.0.get(), output: &mut *OUTPUT.0.get() } };
        runtime::run(Linux, environment, handler, memory)
    };
    sys::exit(match environment.concurrency() {
        Some(count @ 2..) => workers::run(count, environment, &mut serve),
        _ => serve(),
    })
}

/// End the process because of an error that its program cannot go on after; the invocation gets it first.
pub fn fail(kind: &str, message: &str) -> ! {
    crash::report(kind, message)
}

/// What a panic does: the invocation gets its message, and the process ends.
pub fn panicked(information: &PanicInfo<'_>) -> ! {
    let mut text = Text { bytes: [0; 400], length: 0 };
    if memory::is_exhausted() {
        crash::report("Runtime.OutOfMemory", "there is no more memory");
    }
    let _ = write!(text, "{}", information.message());
    if let Some(place) = information.location() {
        let _ = write!(text, " at {}:{}", place.file(), place.line());
    }
    crash::report("Runtime.Panic", text.get())
}

/// A text that is cut where its memory ends.
struct Text {
    bytes: [u8; 400],
    length: usize,
}

impl Text {
    fn get(&self) -> &str {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        match core::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                core::str::from_utf8(bytes.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
            }
        }
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        for (place, byte) in self.bytes.iter_mut().skip(self.length).zip(text.bytes()) {
            *place = byte;
            self.length += 1;
        }
        Ok(())
    }
}

/// Make a program of a handler: `start!(Handler)` names a value of a type that is a `Handler`.
///
/// The program has no C library: its first instruction, its heap, its panic handler and the functions that the
/// compiler calls by name are all here.
#[macro_export]
macro_rules! start {
    ($handler:expr) => {
        $crate::entry_point!();

        #[global_allocator]
        static HEAP: $crate::memory::Heap = $crate::memory::Heap::new();

        #[panic_handler]
        fn panic(information: &core::panic::PanicInfo<'_>) -> ! {
            $crate::start::panicked(information)
        }

        #[no_mangle]
        unsafe extern "C" fn bootstrap_enter(stack: *const usize) -> ! {
            // SAFETY: the entry point passes the stack as the kernel made it.
            let process = unsafe { $crate::start::Process::read(stack) };
            $crate::start::enter(process, &mut $handler)
        }

        #[no_mangle]
        unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
            // SAFETY: the contract is the same.
            unsafe { $crate::bytes::copy(to, from, count) };
            to
        }

        #[no_mangle]
        unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
            // SAFETY: the contract is the same.
            unsafe { $crate::bytes::copy_overlapping(to, from, count) };
            to
        }

        #[no_mangle]
        unsafe extern "C" fn memset(to: *mut u8, byte: i32, count: usize) -> *mut u8 {
            // SAFETY: the contract is the same.
            unsafe { $crate::bytes::fill(to, byte as u8, count) };
            to
        }

        #[no_mangle]
        unsafe extern "C" fn memcmp(first: *const u8, second: *const u8, count: usize) -> i32 {
            // SAFETY: the contract is the same.
            unsafe { $crate::bytes::compare(first, second, count) }
        }

        #[no_mangle]
        unsafe extern "C" fn bcmp(first: *const u8, second: *const u8, count: usize) -> i32 {
            // SAFETY: the contract is the same.
            unsafe { $crate::bytes::compare(first, second, count) }
        }

        // The compiled library of Rust names these in functions that would unwind; nothing here does.
        #[no_mangle]
        extern "C" fn rust_eh_personality() {}

        #[no_mangle]
        extern "C" fn _Unwind_Resume() -> ! {
            $crate::sys::exit(1)
        }
    };
}
