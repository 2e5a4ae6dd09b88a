//! Mapped files that become shorter while they are mapped raise, instead of ending the process.
//!
//! Touching a page behind the new end of a file makes the system send SIGBUS, which by default ends the process and
//! cannot be caught in Python. Here each map that is guarded stands in a table; the handler puts zero pages in place of
//! those that are gone, marks the map as damaged, and asks the interpreter to raise as soon as it runs again. Whoever
//! reads a map asks for the mark before believing what was read.
//!
//! The handler calls only `mmap` and `Py_AddPendingCall`, and reads the table without locks: both may be called where a
//! signal has interrupted anything. A fault elsewhere goes on to the handler that was there before.

use std::{
    ffi::{c_int, c_void},
    mem, ptr,
    sync::{
        Once,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use pyo3::{IntoPyObjectExt, ffi, prelude::*};

use crate::{
    buffer::View,
    call::{Answer, Call, none},
    errors::Failure,
};

/// A guarded map; `end` is 0 where the slot is free, 1 while it is being filled.
struct Slot {
    start: AtomicUsize,
    end: AtomicUsize,
    is_damaged: AtomicBool,
}

const FREE: usize = 0;
const TAKEN: usize = 1;

/// Maps that can be guarded at the same time.
const MOST_MAPS: usize = 4096;

static MAPS: [Slot; MOST_MAPS] =
    [const { Slot { start: AtomicUsize::new(0), end: AtomicUsize::new(FREE), is_damaged: AtomicBool::new(false) } };
        MOST_MAPS];

static INSTALLED: Once = Once::new();
static mut BEFORE: mem::MaybeUninit<libc::sigaction> = mem::MaybeUninit::uninit();

/// Guard the pages of a buffer, which a map of a file exports; the number of its slot.
pub(crate) fn guard_map(call: &Call) -> Answer {
    let [map] = call.positional()?;
    call.no_keywords()?;
    INSTALLED.call_once(install);
    let mut view = View::new();
    let bytes = view.bytes(map)?;
    let (start, end) = (bytes.as_ptr() as usize, bytes.as_ptr() as usize + bytes.len());
    if bytes.is_empty() {
        return Err(Failure::Call("an empty map has no pages to guard".to_owned()));
    }
    let free = MAPS
        .iter()
        .position(|slot| slot.end.compare_exchange(FREE, TAKEN, Ordering::AcqRel, Ordering::Relaxed).is_ok());
    let Some(place) = free else {
        return Err(Failure::Call(format!("at most {MOST_MAPS} maps can be guarded at a time")));
    };
    MAPS[place].start.store(start, Ordering::Relaxed);
    MAPS[place].is_damaged.store(false, Ordering::Relaxed);
    MAPS[place].end.store(end, Ordering::Release);
    Python::attach(|py| Ok(place.into_bound_py_any(py)?.into_ptr()))
}

/// Forget a map, before it is unmapped.
pub(crate) fn release_map(call: &Call) -> Answer {
    slot(call)?.end.store(FREE, Ordering::Release);
    Ok(none())
}

/// Whether pages of a map were gone when they were touched.
pub(crate) fn is_map_damaged(call: &Call) -> Answer {
    let is_damaged = slot(call)?.is_damaged.load(Ordering::Acquire);
    Python::attach(|py| Ok(is_damaged.into_bound_py_any(py)?.into_ptr()))
}

fn slot(call: &Call) -> Result<&'static Slot, Failure> {
    let [place] = call.positional()?;
    call.no_keywords()?;
    Python::attach(|py| {
        // SAFETY: the caller keeps its argument alive.
        let place: usize = unsafe { Bound::from_borrowed_ptr(py, place) }.extract()?;
        MAPS.get(place).ok_or_else(|| Failure::Call(format!("no map has the number: `{place}`")))
    })
}

fn install() {
    // SAFETY: an all-zero action is valid, the handler has the signature that `SA_SIGINFO` promises, and `BEFORE` is
    // written once, before the handler that reads it can run.
    unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        action.sa_sigaction = on_fault as extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        libc::sigemptyset(&raw mut action.sa_mask);
        libc::sigaction(libc::SIGBUS, &raw const action, (&raw mut BEFORE).cast());
    }
}

extern "C" fn on_fault(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the system hands over a valid description of the fault.
    let address = unsafe { (*info).si_addr() } as usize;
    let found = MAPS.iter().position(|slot| {
        let end = slot.end.load(Ordering::Acquire);
        end > TAKEN && (slot.start.load(Ordering::Relaxed)..end).contains(&address)
    });
    let is_mended = found.is_some_and(|place| put_zeros(address, MAPS[place].end.load(Ordering::Relaxed)));
    match found {
        Some(place) if is_mended => {
            MAPS[place].is_damaged.store(true, Ordering::Release);
            // SAFETY: this call is meant for signal handlers. When its queue is full, the mark alone remains.
            unsafe { ffi::Py_AddPendingCall(Some(raise_cut), ptr::null_mut()) };
        }
        _ => pass_on(signal, info, context),
    }
}

/// Zero pages from the fault to the end of the map; everything behind the first page that is gone is gone too.
fn put_zeros(address: usize, end: usize) -> bool {
    // SAFETY: asking for a constant of the system.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as usize;
    let start = address / page * page;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
    // SAFETY: the range lies inside a map that its owner keeps until `release_map`, and is only ever read.
    let got = unsafe { libc::mmap(start as *mut c_void, end - start, libc::PROT_READ, flags, -1, 0) };
    got != libc::MAP_FAILED
}

/// What would have happened without us.
fn pass_on(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: `BEFORE` was written before this handler could run. A handler found there has the signature that its
    // flags promise; without one, the default is put back, and the fault happens again and ends the process.
    unsafe {
        let before = &*(&raw const BEFORE).cast::<libc::sigaction>();
        match before.sa_sigaction {
            libc::SIG_DFL | libc::SIG_IGN => {
                libc::signal(signal, libc::SIG_DFL);
            }
            handler if before.sa_flags & libc::SA_SIGINFO != 0 => {
                let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = mem::transmute(handler);
                handler(signal, info, context);
            }
            handler => {
                let handler: extern "C" fn(c_int) = mem::transmute(handler);
                handler(signal);
            }
        }
    }
}

/// Called by the interpreter on its main thread, where an exception can be raised.
extern "C" fn raise_cut(_: *mut c_void) -> c_int {
    Failure::Cut.raise();
    -1
}
