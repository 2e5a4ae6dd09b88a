//! What a program asks of the world: trait `Platform`, with `Stream`, `Fault` and `PathKind`.
//!
//! `platform_std.rs` implements it on an operating system; without one, the program installs its own.

use alloc::string::String;
use alloc::vec::Vec;

/// Where bytes are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Errors,
}

/// Why the world refused: the number of the error and its text, as `OSError` shows them.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The number, `errno`.
    pub number: i64,
    /// The text of that number.
    pub text: String,
}

/// What stands at a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PathKind {
    /// Nothing.
    Missing,
    /// A file, or something that reads as one.
    File,
    /// A folder.
    Folder,
}

/// The world of a program.
pub trait Platform {
    /// Write all bytes.
    fn write(&self, stream: Stream, bytes: &[u8]) -> Result<(), Fault>;
    /// The next line of standard input with its end; empty at the end of the input.
    fn read_line(&self) -> Result<Vec<u8>, Fault>;
    /// The rest of standard input.
    fn read_input(&self) -> Result<Vec<u8>, Fault>;
    /// All bytes of a file.
    fn read_file(&self, path: &str) -> Result<Vec<u8>, Fault>;
    /// Make a file hold these bytes, or append them; `fresh` refuses a file that exists.
    fn write_file(&self, path: &str, bytes: &[u8], append: bool, fresh: bool) -> Result<(), Fault>;
    /// What stands at a path.
    fn path_kind(&self, path: &str) -> PathKind;
    /// The names in a folder, unordered.
    fn list_folder(&self, path: &str) -> Result<Vec<String>, Fault>;
    /// Make a folder whose parent exists.
    fn make_folder(&self, path: &str) -> Result<(), Fault>;
    /// Remove a file.
    fn remove_file(&self, path: &str) -> Result<(), Fault>;
    /// Remove an empty folder.
    fn remove_folder(&self, path: &str) -> Result<(), Fault>;
    /// Rename a file or folder.
    fn rename(&self, from: &str, to: &str) -> Result<(), Fault>;
    /// The path of the current folder.
    fn current_folder(&self) -> Result<String, Fault>;
    /// Nanoseconds since 1970.
    fn now(&self) -> i64;
    /// Nanoseconds since some moment, never falling.
    fn monotonic(&self) -> i64;
    /// Wait so many nanoseconds.
    fn sleep(&self, duration: i64);
    /// Fill with random bytes.
    fn random_bytes(&self, bytes: &mut [u8]) -> Result<(), Fault>;
    /// The arguments, the program's name first.
    fn arguments(&self) -> Vec<String>;
    /// One variable of the environment.
    fn variable(&self, name: &str) -> Option<String>;
    /// All variables, with their values.
    fn variables(&self) -> Vec<(String, String)>;
    /// End the program.
    fn exit(&self, code: i32) -> !;
}
