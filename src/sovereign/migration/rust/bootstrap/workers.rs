//! Several invocations at once: one process each, below a parent that waits.
//!
//! A worker is a copy of the parent from before the handler began, so each has its own handler, its own connection and
//! its own output. One that crashed is replaced, at a pace that cannot become a hot loop; the others go on meanwhile.

use core::sync::atomic::{AtomicI32, Ordering};

use crate::crash::EXIT_CRASHED;
use crate::{signals, sys, Environment, Errno, Variable, EXIT_FAILED, EXIT_FINE};

const MOST_WORKERS: usize = 1024;
const FIRST_DELAY_MS: u32 = 5;
const LONGEST_DELAY_MS: u32 = 1000;
const SIGTERM: i32 = 15;
const ECHILD: Errno = Errno(10);
const OUTPUTS: [i32; 2] = [1, 2];

static WORKERS: [AtomicI32; MOST_WORKERS] = [const { AtomicI32::new(0) }; MOST_WORKERS];

/// Ask all workers to end.
pub fn terminate() {
    for worker in &WORKERS {
        let process = worker.load(Ordering::Relaxed);
        if process > 0 {
            sys::kill(process, SIGTERM);
        }
    }
}

/// Run so many workers until they end; the result is the exit code.
pub fn run(count: u32, environment: &Environment<'_>, serve: &mut dyn FnMut() -> i32) -> i32 {
    signals::enter_parent();
    for place in WORKERS.iter().take(count as usize) {
        begin(place, environment, serve);
    }
    let mut code = EXIT_FINE;
    let mut crashes = 0;
    loop {
        let (process, status) = match sys::wait() {
            Ok(ended) => ended,
            Err(ECHILD) => return code,
            Err(_) => continue,
        };
        let Some(place) = WORKERS.iter().find(|place| place.load(Ordering::Relaxed) == process) else {
            continue;
        };
        place.store(0, Ordering::Relaxed);
        let exit = (status >> 8) & 0xff;
        let has_crashed = status & 0x7f != 0 || exit == EXIT_CRASHED;
        if has_crashed && !signals::is_terminated() {
            let delay = (FIRST_DELAY_MS << crashes).min(LONGEST_DELAY_MS);
            crashes = (crashes + 1).min(8);
            sys::sleep_ns(i64::from(delay) * 1_000_000);
            begin(place, environment, serve);
        } else if exit != EXIT_FINE {
            code = exit;
        }
    }
}

fn begin(place: &AtomicI32, environment: &Environment<'_>, serve: &mut dyn FnMut() -> i32) {
    match sys::fork() {
        Ok(0) => {
            signals::enter_worker();
            redirect(environment.get(Variable::LogSocket).as_bytes());
            sys::exit(serve());
        }
        Ok(process) => {
            place.store(process as i32, Ordering::Relaxed);
            if signals::is_terminated() {
                terminate();
            }
        }
        Err(_) => sys::exit(EXIT_FAILED),
    }
}

/// Give both outputs their own connection to the socket that takes logs, where there is one.
fn redirect(socket: &[u8]) {
    if socket.is_empty() {
        return;
    }
    for output in OUTPUTS {
        if let Ok(connection) = sys::connect_local(socket) {
            let _ = sys::duplicate(connection, output);
            sys::close(connection);
        }
    }
}
