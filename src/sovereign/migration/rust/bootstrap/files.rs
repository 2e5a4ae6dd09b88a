//! Files and folders by calls of the kernel, for handlers that know them.

use alloc::string::String;
use alloc::vec::Vec;

use crate::sys::{self, answer, call, number, AT_FDCWD};
use crate::{slices, Errno};

const READ_ONLY: usize = 0;
const WRITE_ONLY: usize = 1;
const CREATE: usize = 0o100;
const EXCLUSIVE: usize = 0o200;
const TRUNCATE: usize = 0o1000;
const APPEND: usize = 0o2000;
const CLOSE_ON_EXEC: usize = 0o2_000_000;
const FILE_MODE: usize = 0o666;
const FOLDER_MODE: usize = 0o777;
const REMOVE_FOLDER: usize = 0x200;
const KIND_MASK: u32 = 0o170_000;
const FOLDER_KIND: u32 = 0o040_000;
const STAT_SIZE: usize = 144;
const LONGEST_PATH: usize = 4096;
const BAD_PATH: Errno = Errno(22);
/// Where the name stands in an entry of a folder, and where its length does.
const ENTRY_NAME: usize = 19;
const ENTRY_LENGTH: usize = 16;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Missing,
    /// A file, or something that reads as one.
    File,
    /// A folder.
    Folder,
}

/// A path as the kernel takes it.
fn terminated(path: &str) -> Result<Vec<u8>, Errno> {
    if path.len() >= LONGEST_PATH || path.bytes().any(|byte| byte == 0) {
        return Err(BAD_PATH);
    }
    let mut text = Vec::with_capacity(path.len() + 1);
    text.extend_from_slice(path.as_bytes());
    text.push(0);
    Ok(text)
}

fn at_path(which: usize, path: &str, first: usize, second: usize) -> sys::Answer {
    let path = terminated(path)?;
    // SAFETY: the path ends with a zero and lives as long as the call; the other arguments are numbers.
    answer(unsafe { call(which, [AT_FDCWD, path.as_ptr() as usize, first, second, 0, 0]) })
}

fn open(path: &str, flags: usize) -> Result<i32, Errno> {
    Ok(at_path(number::OPENAT, path, flags | CLOSE_ON_EXEC, FILE_MODE)? as i32)
}

/// All bytes of a file.
pub fn read(path: &str) -> Result<Vec<u8>, Errno> {
    let file = open(path, READ_ONLY)?;
    let mut content = Vec::new();
    let outcome = read_rest(file, &mut content);
    sys::close(file);
    outcome.map(|()| content)
}

/// What is left to read of a descriptor.
pub fn read_rest(descriptor: i32, content: &mut Vec<u8>) -> Result<(), Errno> {
    loop {
        let filled = content.len();
        content.resize(filled + (filled / 2).max(4096), 0);
        match sys::read(descriptor, content.get_mut(filled..).unwrap_or_default()) {
            Ok(count) => {
                content.truncate(filled + count);
                if count == 0 {
                    return Ok(());
                }
            }
            Err(sys::EINTR) => content.truncate(filled),
            Err(errno) => return Err(errno),
        }
    }
}

/// The next line of a descriptor with its end; nothing at the end.
pub fn read_line(descriptor: i32) -> Result<Vec<u8>, Errno> {
    let mut line = Vec::new();
    let mut byte = [0];
    loop {
        match sys::read(descriptor, &mut byte) {
            Ok(0) => return Ok(line),
            Ok(_) => line.extend_from_slice(&byte),
            Err(sys::EINTR) => continue,
            Err(errno) => return Err(errno),
        }
        if byte == *b"\n" {
            return Ok(line);
        }
    }
}

/// Make a file hold these bytes, or append them; `fresh` refuses a file that exists.
pub fn write(path: &str, bytes: &[u8], append: bool, fresh: bool) -> Result<(), Errno> {
    let how = if append { APPEND } else { TRUNCATE } | if fresh { EXCLUSIVE } else { 0 };
    let file = open(path, WRITE_ONLY | CREATE | how)?;
    let outcome = write_rest(file, bytes);
    sys::close(file);
    outcome
}

/// Write all bytes to a descriptor.
pub fn write_rest(descriptor: i32, mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        match sys::write(descriptor, &[bytes]) {
            Ok(count) => bytes = slices::part(bytes, count..bytes.len()),
            Err(sys::EINTR) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

/// What stands at a path.
pub fn kind(path: &str) -> Kind {
    let mut status = [0u64; STAT_SIZE / 8];
    if at_path(number::NEWFSTATAT, path, status.as_mut_ptr() as usize, 0).is_err() {
        return Kind::Missing;
    }
    let word = status.get(sys::STAT_MODE_OFFSET / 8).copied().unwrap_or(0);
    if word as u32 & KIND_MASK == FOLDER_KIND {
        Kind::Folder
    } else {
        Kind::File
    }
}

/// The names in a folder, unordered.
pub fn list(path: &str) -> Result<Vec<String>, Errno> {
    let folder = open(path, READ_ONLY | sys::O_DIRECTORY)?;
    let mut names = Vec::new();
    let mut room = [0u64; 256];
    let outcome = loop {
        let arguments = [folder as usize, room.as_mut_ptr() as usize, size_of_val(&room), 0, 0, 0];
        // SAFETY: the room has this size and lives as long as the call.
        match answer(unsafe { call(number::GETDENTS64, arguments) }) {
            Ok(0) => break Ok(()),
            Ok(count) => collect(&room, count, &mut names),
            Err(errno) => break Err(errno),
        }
    };
    sys::close(folder);
    outcome.map(|()| names)
}

fn collect(room: &[u64], count: usize, names: &mut Vec<String>) {
    // SAFETY: words are bytes as well, and the room has so many.
    let bytes = unsafe { core::slice::from_raw_parts(room.as_ptr().cast::<u8>(), size_of_val(room)) };
    let mut at = 0;
    while at + ENTRY_NAME < count.min(bytes.len()) {
        let length = slices::part(bytes, at + ENTRY_LENGTH..at + ENTRY_LENGTH + 2);
        let length = length.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte));
        let name = slices::part(bytes, at + ENTRY_NAME..at + length);
        let end = slices::find(name, 0).unwrap_or(name.len());
        let name = String::from_utf8_lossy(slices::part(name, 0..end));
        if name != "." && name != ".." {
            names.push(name.into_owned());
        }
        at += length.max(ENTRY_NAME);
    }
}

/// Make a folder whose parent exists.
pub fn make_folder(path: &str) -> Result<(), Errno> {
    at_path(number::MKDIRAT, path, FOLDER_MODE, 0).map(|_| ())
}

/// Remove a file.
pub fn remove(path: &str) -> Result<(), Errno> {
    at_path(number::UNLINKAT, path, 0, 0).map(|_| ())
}

/// Remove an empty folder.
pub fn remove_folder(path: &str) -> Result<(), Errno> {
    at_path(number::UNLINKAT, path, REMOVE_FOLDER, 0).map(|_| ())
}

/// Rename a file or folder.
pub fn rename(from: &str, to: &str) -> Result<(), Errno> {
    let to = terminated(to)?;
    at_path(number::RENAMEAT, from, AT_FDCWD, to.as_ptr() as usize).map(|_| ())
}

/// The path of the current folder.
pub fn current() -> Result<String, Errno> {
    let mut room = [0u8; LONGEST_PATH];
    // SAFETY: the room has this size and lives as long as the call.
    let count = answer(unsafe { call(number::GETCWD, [room.as_mut_ptr() as usize, room.len(), 0, 0, 0, 0]) })?;
    Ok(String::from_utf8_lossy(slices::part(&room, 0..count.saturating_sub(1))).into_owned())
}

/// The text of the number of an error, as the C library has it.
pub fn text_of(errno: Errno) -> &'static str {
    match errno.0 {
        1 => "Operation not permitted",
        2 => "No such file or directory",
        5 => "Input/output error",
        9 => "Bad file descriptor",
        12 => "Cannot allocate memory",
        13 => "Permission denied",
        16 => "Device or resource busy",
        17 => "File exists",
        18 => "Invalid cross-device link",
        20 => "Not a directory",
        21 => "Is a directory",
        22 => "Invalid argument",
        23 => "Too many open files in system",
        24 => "Too many open files",
        26 => "Text file busy",
        27 => "File too large",
        28 => "No space left on device",
        30 => "Read-only file system",
        32 => "Broken pipe",
        36 => "File name too long",
        39 => "Directory not empty",
        40 => "Too many levels of symbolic links",
        122 => "Disk quota exceeded",
        _ => "Unknown error",
    }
}
