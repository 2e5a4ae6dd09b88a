//! Why a trace cannot be made.

use std::{fmt, io};

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no such program, or it cannot be run.
    Program {
        /// The first word of the command.
        name: String,
        /// What the system says.
        cause: io::Error,
    },
    /// The kernel does not let this process be traced.
    Refused {
        /// Its number.
        pid: i32,
        /// What the system says.
        cause: io::Error,
    },
    /// There is no process of that number.
    NoProcess(i32),
    /// The task was killed before its program began.
    DiedAtOnce {
        /// The first word of the command.
        name: String,
    },
    /// What was seen cannot be written.
    Output(io::Error),
    /// Another request failed; this is a defect, or a system short of something.
    System {
        /// Which call.
        call: &'static str,
        /// What the system says.
        cause: io::Error,
    },
}

impl Error {
    /// The number of the system's error, where there is one.
    #[must_use]
    pub fn number(&self) -> Option<i32> {
        match self {
            Self::Program { cause, .. } | Self::Refused { cause, .. } | Self::System { cause, .. } => {
                cause.raw_os_error()
            }
            Self::Output(cause) => cause.raw_os_error(),
            Self::NoProcess(_) => Some(libc::ESRCH),
            Self::DiedAtOnce { .. } => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program { name, cause } => write!(f, "the program cannot be run, {}: `{name}`", plain(cause)),
            Self::Refused { pid, cause } => {
                write!(f, "the kernel does not let the process be traced, {}: `{pid}`", plain(cause))
            }
            Self::NoProcess(pid) => write!(f, "there is no process of that number: `{pid}`"),
            Self::DiedAtOnce { name } => write!(f, "the process was killed before its program began: `{name}`"),
            Self::Output(cause) => write!(f, "the trace cannot be written: `{}`", plain(cause)),
            Self::System { call, cause } => write!(f, "a request to the system failed, {}: `{call}`", plain(cause)),
        }
    }
}

impl std::error::Error for Error {}

/// What the system says, without the number that Rust adds.
fn plain(cause: &io::Error) -> String {
    let text = cause.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    let mut text = text[..end].to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    text
}
