//! What happens to the tasks of a trace, in the order in which the tracer saw it.

use std::sync::Arc;

use crate::{call::Call, decode::value::Arg};

/// A moment: nanoseconds since the beginning of 1970.
pub type Moment = u64;

/// How a task came into the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The tracer started it.
    Start,
    /// It ran already when the tracer came.
    Attach,
    /// `fork`, or a call that does the same.
    Fork,
    /// `vfork`, or a call that does the same.
    Vfork,
    /// `clone` of a process that says how it ends by another signal than `SIGCHLD`.
    Clone,
    /// A further thread of a process.
    Thread,
}

impl How {
    /// Its name in every format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Attach => "attach",
            Self::Fork => "fork",
            Self::Vfork => "vfork",
            Self::Clone => "clone",
            Self::Thread => "thread",
        }
    }
}

/// The task that something happened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Who {
    /// The number of its process.
    pub pid: i32,
    /// Its own number.
    pub tid: i32,
}

/// A place in a Python program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Frame {
    /// The file as Python names it.
    pub file: Arc<str>,
    /// The line that is being run.
    pub line: u32,
    /// The function with the classes and functions around it.
    pub function: Arc<str>,
}

/// A call that has ended, or whose task has.
#[derive(Clone, Debug)]
pub struct Ended {
    /// What was asked, and with `result` what came of it.
    pub call: Call,
    /// When it began.
    pub start: Moment,
    /// How long it took, in nanoseconds.
    pub duration: u64,
    /// The number of the error, where the kernel refused.
    pub error: Option<i32>,
    /// The arguments, where they were wanted.
    pub args: Vec<Arg>,
    /// What the descriptor is that the call gives.
    pub descriptor: Option<Arc<[u8]>>,
    /// Where in a Python program the call was made.
    pub frame: Option<Frame>,
    /// The task ended inside the call.
    pub is_unfinished: bool,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum What {
    /// A task came into the trace.
    Process {
        /// The task that made it.
        parent: Option<i32>,
        /// By which call.
        how: How,
        /// What its process runs.
        program: Option<Vec<u8>>,
    },
    /// A process runs another program from here on.
    Exec {
        /// The file of the program.
        program: Vec<u8>,
        /// Its words, cut where they are many.
        argv: Vec<Vec<u8>>,
        /// The number that the thread had before, where it was not the first one of its process.
        former: Option<i32>,
    },
    /// A call ended.
    Call(Box<Ended>),
    /// A signal arrived.
    Signal {
        /// Which.
        signal: i32,
        /// Why, as the kernel numbers it.
        code: i32,
        /// The process that sent it.
        sender: Option<i32>,
    },
    /// A task stands still with its whole process, until it gets `SIGCONT`.
    Stopped {
        /// The signal that made it stop.
        signal: i32,
    },
    /// A task ended.
    Exit {
        /// Its status, where it ended by itself.
        status: Option<i32>,
        /// The signal that ended it.
        signal: Option<i32>,
        /// Whether its memory was written to a file.
        core: bool,
        /// What its process took, when this was the last of it.
        usage: Option<Usage>,
    },
}

/// What a process took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Nanoseconds in its own code.
    pub user: u64,
    /// Nanoseconds in the kernel.
    pub system: u64,
    /// The most memory it had at once, in bytes.
    pub max_rss: u64,
}

/// Something that happened to a task.
#[derive(Clone, Debug)]
pub struct Event {
    /// To whom.
    pub who: Who,
    /// When; of a call it is the moment of its end.
    pub time: Moment,
    /// What.
    pub what: What,
}

/// What is known before the first event.
#[derive(Clone, Debug)]
pub struct Head {
    /// The command, or nothing where a running process is traced.
    pub command: Vec<Vec<u8>>,
    /// The folder it is started in.
    pub folder: Vec<u8>,
    /// When it began.
    pub start: Moment,
}

/// What is known after the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many calls ended.
    pub calls: u64,
    /// The status of the program that was started.
    pub status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The tracer left before the tasks ended.
    pub is_detached: bool,
    /// When it was over.
    pub end: Moment,
}
