//! Where the fields of CPython's structures lie, by version.
//!
//! The numbers are those of `offsetof` in the headers of each minor version, for 64 bits and a build with its lock; within
//! a minor version they do not change, because extension modules are compiled against them. From 3.13 on the runtime tells
//! where its lists begin, which is taken from there.

/// Where fields lie, in bytes from the beginning of their structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// `_PyRuntimeState.interpreters.head`.
    pub interpreters: u64,
    /// `PyInterpreterState.next`.
    pub next_interpreter: u64,
    /// `PyInterpreterState.threads.head`.
    pub threads: u64,
    /// `PyThreadState.next`.
    pub next_thread: u64,
    /// `PyThreadState.native_thread_id`.
    pub native: u64,
    /// `PyThreadState.cframe` up to 3.12, `current_frame` after.
    pub current: u64,
    /// `_PyCFrame.current_frame`, where there is one between.
    pub through: Option<u64>,
    /// `_PyInterpreterFrame.f_code`, `f_executable`.
    pub code: u64,
    /// `_PyInterpreterFrame.previous`.
    pub previous: u64,
    /// `_PyInterpreterFrame.prev_instr`, `instr_ptr`.
    pub instruction: u64,
    /// `_PyInterpreterFrame.owner`.
    pub owner: u64,
    /// The least owner of a frame that belongs to the interpreter's own code, where there are such frames.
    pub foreign: u8,
    /// `PyCodeObject.co_firstlineno`.
    pub first_line: u64,
    /// `PyCodeObject.co_code_adaptive`.
    pub instructions: u64,
    /// The size of a short text's head, which its bytes follow.
    pub text: u64,
    /// The runtime begins with a table of its own that says where its lists lie.
    pub tells_itself: bool,
}

/// `PyCodeObject.co_filename`, the same in all of them.
pub const FILE: u64 = 112;
/// `PyCodeObject.co_qualname`.
pub const QUALIFIED: u64 = 128;
/// `PyCodeObject.co_linetable`.
pub const LINES: u64 = 136;

const BASE: Layout = Layout {
    interpreters: 40,
    next_interpreter: 0,
    threads: 72,
    next_thread: 8,
    native: 144,
    current: 56,
    through: Some(0),
    code: 0,
    previous: 8,
    instruction: 56,
    owner: 70,
    foreign: 3,
    first_line: 68,
    instructions: 192,
    text: 40,
    tells_itself: false,
};

/// The layout of a minor version of Python 3; none where it is not known.
pub fn of(minor: u8) -> Option<Layout> {
    Some(match minor {
        11 => Layout {
            threads: 16,
            native: 160,
            through: Some(8),
            code: 32,
            previous: 48,
            owner: 69,
            foreign: u8::MAX,
            first_line: 72,
            instructions: 184,
            text: 48,
            ..BASE
        },
        12 => BASE,
        13 => Layout {
            next_interpreter: 7264,
            threads: 7344,
            native: 160,
            current: 72,
            through: None,
            tells_itself: true,
            instructions: 200,
            ..BASE
        },
        14 => Layout {
            next_interpreter: 7272,
            threads: 7344,
            native: 160,
            current: 72,
            through: None,
            tells_itself: true,
            owner: 74,
            instructions: 208,
            ..BASE
        },
        _ => return None,
    })
}
