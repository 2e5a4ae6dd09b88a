//! What can be asked about a process that stands still.

use std::{cell::RefCell, fs, os::unix::ffi::OsStringExt, path::PathBuf, sync::Arc};

use crate::{
    call::Process,
    engine::{
        known::Known,
        ptrace::{self, Tid},
    },
};

/// How many bytes of the words of a command are read.
const WORDS_BYTES: usize = 64 * 1024;

/// A stopped task, seen as its process.
#[derive(Clone, Copy)]
pub(crate) struct Target<'k> {
    tid: Tid,
    known: &'k RefCell<Known>,
}

impl<'k> Target<'k> {
    /// Look at this task, which must stand still while it is looked at.
    pub(crate) fn new(tid: Tid, known: &'k RefCell<Known>) -> Self {
        Self { tid, known }
    }
}

impl Process for Target<'_> {
    fn read(&self, address: u64, into: &mut [u8]) -> usize {
        ptrace::read_memory(self.tid, address, into)
    }

    fn descriptor(&self, number: i32) -> Option<Arc<[u8]>> {
        self.known.borrow_mut().name(self.tid, u32::try_from(number).ok()?)
    }

    fn folder(&self) -> Option<Arc<[u8]>> {
        link(&format!("/proc/{}/cwd", self.tid))
    }
}

/// The link that leads to what a descriptor is.
pub(crate) fn link_of(tid: Tid, number: u32) -> String {
    format!("/proc/{tid}/fd/{number}")
}

/// Where a link leads.
pub(crate) fn link(path: &str) -> Option<Arc<[u8]>> {
    fs::read_link(path).ok().map(|found| Arc::from(bytes(found)))
}

fn bytes(path: PathBuf) -> Vec<u8> {
    path.into_os_string().into_vec()
}

/// The file of the program that a process runs.
pub fn program(tid: Tid) -> Option<Vec<u8>> {
    fs::read_link(format!("/proc/{tid}/exe")).ok().map(bytes)
}

/// The words that a program was started with.
pub fn words(tid: Tid) -> Vec<Vec<u8>> {
    let Ok(mut all) = fs::read(format!("/proc/{tid}/cmdline")) else { return Vec::new() };
    all.truncate(WORDS_BYTES);
    if all.last() == Some(&0) {
        all.pop();
    }
    all.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect()
}

/// The tasks of a process.
pub fn tasks(pid: Tid) -> Vec<Tid> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// A line of the status of a task, as a number.
pub fn status(tid: Tid, key: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{tid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}
