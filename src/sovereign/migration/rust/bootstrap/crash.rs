//! The last words of a process that cannot go on: the invocation gets its error, then the process ends.
//!
//! Nothing here asks the heap for memory, because it may be what is broken.

use core::cell::Cell;

use crate::logs::Logs;
use crate::{linux, sys, Address, Client, Environment, Outcome, Phase, Variable};

/// The process could not go on; a new one may.
pub const EXIT_CRASHED: i32 = 3;
/// Longer messages are cut, so that the report fits the stack.
const LONGEST_MESSAGE: usize = 400;

type Finish = fn(&Client<'_, linux::Linux>, &str, &str, &str) -> Outcome;

/// What a report needs to know.
struct Notebook {
    phase: Cell<Phase<'static>>,
    socket: Cell<Option<i32>>,
    environment: Cell<Option<&'static Environment<'static>>>,
    /// Ends a streamed reply with an error; a pointer, so that programs that never stream do without it.
    stream: Cell<Option<Finish>>,
    is_reporting: Cell<bool>,
}

// SAFETY: the process has one thread.
unsafe impl Sync for Notebook {}

static NOTES: Notebook = Notebook {
    phase: Cell::new(Phase::Starting),
    socket: Cell::new(None),
    environment: Cell::new(None),
    stream: Cell::new(None),
    is_reporting: Cell::new(false),
};

/// Remember the environment.
pub fn note_environment(environment: &'static Environment<'static>) {
    NOTES.environment.set(Some(environment));
}

/// Remember the connection, or that there is none.
pub fn note_connection(socket: Option<i32>) {
    NOTES.socket.set(socket);
}

/// Remember what the process does.
pub fn note_phase(phase: Phase<'_>) {
    NOTES.stream.set(None);
    // SAFETY: the runtime says that another phase begins before it lets go of the id.
    NOTES.phase.set(unsafe { core::mem::transmute::<Phase<'_>, Phase<'static>>(phase) });
}

/// Remember that the head of the reply is sent.
pub fn note_stream() {
    NOTES.stream.set(Some(|client, request_id, kind, message| client.finish(request_id, Some((kind, message)))));
}

/// Say what happened, and end the process.
pub fn report(kind: &str, message: &str) -> ! {
    let (phase, Some(environment), false) =
        (NOTES.phase.get(), NOTES.environment.get(), NOTES.is_reporting.replace(true))
    else {
        sys::exit(EXIT_CRASHED);
    };
    let message = shortened(message);
    let request_id = match phase {
        Phase::Handling(id) => id,
        _ => "",
    };
    Logs::new(linux::Linux, environment, request_id, "").error(kind, message);
    let api = environment.get(Variable::RuntimeApi);
    if let Some(address) = Address::parse(api.as_bytes()) {
        let client = Client::new(linux::Linux, address, api).on(NOTES.socket.get());
        let _ = match phase {
            Phase::Starting => client.report("", kind, message, b""),
            Phase::Handling(id) => match NOTES.stream.get() {
                Some(finish) => finish(&client, id, kind, message),
                None => client.report(id, kind, message, b""),
            },
            Phase::Waiting | Phase::Posting => Ok(0),
        };
    }
    sys::exit(if phase == Phase::Starting { crate::EXIT_FAILED } else { EXIT_CRASHED })
}

fn shortened(message: &str) -> &str {
    let mut end = message.len().min(LONGEST_MESSAGE);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    message.get(..end).unwrap_or_default()
}
