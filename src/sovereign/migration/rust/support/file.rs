//! Files: `open_file(path, mode)?`, `open_file_with(path, mode, encoding, newline)?`, `File::of_text` (`io.StringIO`), `File::of_bytes`
//! (`io.BytesIO`); `os_error(fault, path)`.
//!
//! Text files: `read`, `read_count`, `readline`, `readlines`, `lines` (a `for` loop), `write`, `writelines`. Binary files: the same
//! with `_bytes`. All: `seek`, `tell`, `flush`, `close`, `truncate`, `is_closed`, `check_open`, `name`, `getvalue`.

use crate::{
    argument, decode_bytes, platform, Argument, Bytes, Exc, Fault, Iter, Kind, List, Object, PathKind, Str,
    BLOCKING_IO_ERROR, BROKEN_PIPE_ERROR, CHILD_PROCESS_ERROR, CONNECTION_REFUSED_ERROR, CONNECTION_RESET_ERROR,
    FILE_EXISTS_ERROR, FILE_NOT_FOUND_ERROR, INTERRUPTED_ERROR, IS_A_DIRECTORY_ERROR, NOT_A_DIRECTORY_ERROR, OS_ERROR,
    PERMISSION_ERROR, PROCESS_LOOKUP_ERROR, TIMEOUT_ERROR, VALUE_ERROR,
};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::{RefCell, RefMut};

/// `io.UnsupportedOperation`.
pub static UNSUPPORTED_OPERATION: Kind =
    Kind { name: "UnsupportedOperation", module: "io", base: Some(&OS_ERROR), others: &[&VALUE_ERROR] };

/// The `OSError` of a number, with its own type.
pub fn os_error_kind(number: i64) -> &'static Kind {
    match number {
        1 | 13 => &PERMISSION_ERROR,
        2 => &FILE_NOT_FOUND_ERROR,
        3 => &PROCESS_LOOKUP_ERROR,
        4 => &INTERRUPTED_ERROR,
        10 => &CHILD_PROCESS_ERROR,
        11 | 114 | 115 => &BLOCKING_IO_ERROR,
        17 => &FILE_EXISTS_ERROR,
        20 => &NOT_A_DIRECTORY_ERROR,
        21 => &IS_A_DIRECTORY_ERROR,
        32 | 108 => &BROKEN_PIPE_ERROR,
        104 => &CONNECTION_RESET_ERROR,
        110 => &TIMEOUT_ERROR,
        111 => &CONNECTION_REFUSED_ERROR,
        _ => &OS_ERROR,
    }
}

/// `OSError(number, text, path)`.
#[cold]
pub fn os_error(fault: &Fault, path: &str) -> Exc {
    let mut arguments: Vec<Argument> = vec![argument(fault.number), argument(Str::from(&fault.text))];
    if !path.is_empty() {
        arguments.push(argument(Str::from(path)));
    }
    Exc::of(os_error_kind(fault.number), arguments)
}

/// What a file's handles share. Its bytes are in memory: text as UTF-8 with plain ends of line.
pub struct FileBody {
    path: Str,
    mode: Str,
    content: Vec<u8>,
    position: usize,
    // What stands on the disk already; more is written by `flush`.
    flushed: usize,
    // Bytes of text that is read for the first time are decoded then, as their errors come then.
    is_raw: bool,
    reads: bool,
    writes: bool,
    appends: bool,
    is_dirty: bool,
    is_text: bool,
    is_memory: bool,
    is_open: bool,
    encoding: Str,
    newline: Option<Str>,
}

/// A file; a clone is the same file.
#[derive(Clone)]
pub struct File(Rc<RefCell<FileBody>>);

/// `open(path, mode)`.
pub fn open_file(path: &str, mode: &str) -> Result<File, Exc> {
    open_file_with(path, mode, "utf-8", None)
}

/// `open(path, mode, encoding=encoding, newline=newline)`.
pub fn open_file_with(path: &str, mode: &str, encoding: &str, newline: Option<&str>) -> Result<File, Exc> {
    let mut body = file_mode(mode)?;
    let world = platform();
    let fault = |fault: Fault| os_error(&fault, path);
    let kind = mode.chars().find(|letter| "rwax".contains(*letter)).unwrap_or('r');
    match kind {
        'r' => {
            body.content = world.read_file(path).map_err(fault)?;
            body.is_raw = body.is_text;
        }
        'a' => {
            world.write_file(path, b"", true, false).map_err(fault)?;
            if body.reads {
                body.content = world.read_file(path).map_err(fault)?;
                body.position = body.content.len();
            }
        }
        fresh => world.write_file(path, b"", false, fresh == 'x').map_err(fault)?,
    }
    body.path = Str::from(path);
    body.encoding = Str::from(encoding);
    body.newline = newline.map(Str::from);
    crate::codec_named(encoding)?;
    Ok(File(Rc::new(RefCell::new(body))))
}

/// A body as a mode says.
pub fn file_mode(mode: &str) -> Result<FileBody, Exc> {
    let has = |letter: char| mode.contains(letter);
    let is_odd = mode.chars().any(|letter| !"rwaxbt+".contains(letter));
    let is_double = mode.char_indices().any(|(at, letter)| mode[at + letter.len_utf8()..].contains(letter));
    if is_odd || is_double {
        return Err(Exc::new(&VALUE_ERROR, alloc::format!("invalid mode: {}", crate::repr_of(&Str::from(mode)))));
    }
    if has('b') && has('t') {
        return Err(Exc::new(&VALUE_ERROR, "can't have text and binary mode at once"));
    }
    if mode.chars().filter(|letter| "rwax".contains(*letter)).count() != 1 {
        let text = "must have exactly one of create/read/write/append mode";
        return Err(Exc::new(&VALUE_ERROR, text));
    }
    let mut body = FileBody::new();
    body.mode = Str::from(mode);
    body.reads = has('r') || has('+');
    body.writes = !has('r') || has('+');
    body.appends = has('a');
    body.is_text = !has('b');
    Ok(body)
}

impl FileBody {
    /// An open file without bytes that nothing may do.
    pub fn new() -> Self {
        FileBody {
            path: Str::new(),
            mode: Str::new(),
            content: Vec::new(),
            position: 0,
            flushed: 0,
            is_raw: false,
            reads: false,
            writes: false,
            appends: false,
            is_dirty: false,
            is_text: false,
            is_memory: false,
            is_open: true,
            encoding: Str::literal("utf-8"),
            newline: None,
        }
    }

    /// Decode what was read from the disk.
    fn decode(&mut self) -> Result<(), Exc> {
        if core::mem::take(&mut self.is_raw) {
            // What is written back must not lose the returns that reading takes away.
            if self.writes && self.newline.is_none() && self.content.contains(&b'\r') {
                return Err(unsupported("a text file with carriage returns is changed in place with newline='' alone"));
            }
            let text = decode_bytes(&self.content, &self.encoding, "strict")?;
            self.content = match self.newline {
                None => text.replace("\r\n", "\n").replace("\r", "\n").as_bytes().to_vec(),
                Some(_) => text.as_bytes().to_vec(),
            };
        }
        Ok(())
    }

    /// The bytes from the position to that end, and go there.
    fn take(&mut self, end: usize) -> Vec<u8> {
        let end = end.clamp(self.position, self.content.len().max(self.position));
        let taken = self.content.get(self.position..end).unwrap_or_default().to_vec();
        self.position = end;
        taken
    }

    /// Where the line at the position ends, behind its end of line.
    fn line_end(&self) -> usize {
        let rest = self.content.get(self.position..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        self.position + end
    }

    /// Put bytes at the position, over those that stand there.
    fn put(&mut self, bytes: &[u8]) {
        if self.appends {
            self.position = self.content.len();
        }
        if self.position > self.content.len() {
            self.content.resize(self.position, 0);
        }
        let over = bytes.len().min(self.content.len() - self.position);
        self.content[self.position..self.position + over].copy_from_slice(&bytes[..over]);
        self.content.extend_from_slice(&bytes[over..]);
        // What was on the disk already changes, so all of it is written again.
        self.is_dirty |= self.position < self.flushed;
        self.position += bytes.len();
    }

    /// Write what the disk lacks.
    fn flush(&mut self) -> Result<(), Exc> {
        if !self.writes || self.is_memory || self.is_raw {
            return Ok(());
        }
        let whole = self.is_dirty || self.reads && !self.appends;
        let from = if whole { 0 } else { self.flushed };
        if from < self.content.len() || self.is_dirty {
            let bytes = self.encoded(from)?;
            platform().write_file(&self.path, &bytes, !whole, false).map_err(|fault| os_error(&fault, &self.path))?;
        }
        self.flushed = self.content.len();
        self.is_dirty = false;
        Ok(())
    }

    /// The bytes from there on, as the disk holds them.
    fn encoded(&self, from: usize) -> Result<Vec<u8>, Exc> {
        let bytes = &self.content[from..];
        if !self.is_text {
            return Ok(bytes.to_vec());
        }
        let text = Str::from(core::str::from_utf8(bytes).unwrap_or_default());
        let text = match self.newline.as_deref() {
            Some(end @ ("\r\n" | "\r")) => text.replace("\n", end),
            _ => text,
        };
        Ok(text.encode(&self.encoding, "strict")?.to_vec())
    }
}

impl Default for FileBody {
    fn default() -> Self {
        FileBody::new()
    }
}

impl Drop for FileBody {
    /// A file that nothing holds any more is closed; what fails then is not told, as in CPython.
    fn drop(&mut self) {
        if self.is_open {
            let _ = self.flush();
        }
    }
}

impl File {
    /// `io.StringIO(text)`.
    pub fn of_text(text: &str) -> File {
        File::in_memory(text.as_bytes(), true)
    }

    /// `io.BytesIO(bytes)`.
    pub fn of_bytes(bytes: &[u8]) -> File {
        File::in_memory(bytes, false)
    }

    /// A file in memory.
    pub fn in_memory(bytes: &[u8], is_text: bool) -> File {
        let mut body = FileBody::new();
        body.content = bytes.to_vec();
        body.is_text = is_text;
        body.is_memory = true;
        (body.reads, body.writes) = (true, true);
        File(Rc::new(RefCell::new(body)))
    }

    /// The open body.
    pub fn body(&self) -> Result<RefMut<'_, FileBody>, Exc> {
        let body = self.0.borrow_mut();
        if !body.is_open {
            return Err(Exc::new(&VALUE_ERROR, "I/O operation on closed file."));
        }
        Ok(body)
    }

    /// The body, to be read, decoded.
    pub fn reading(&self) -> Result<RefMut<'_, FileBody>, Exc> {
        let mut body = self.body()?;
        if !body.reads {
            return Err(unsupported(if body.is_text { "not readable" } else { "read" }));
        }
        body.decode()?;
        Ok(body)
    }

    /// The body, to be written.
    pub fn writing(&self) -> Result<RefMut<'_, FileBody>, Exc> {
        let mut body = self.body()?;
        if !body.writes {
            return Err(unsupported(if body.is_text { "not writable" } else { "write" }));
        }
        body.decode()?;
        Ok(body)
    }
}

/// `io.UnsupportedOperation`.
#[cold]
pub fn unsupported(text: &'static str) -> Exc {
    Exc::new(&UNSUPPORTED_OPERATION, text)
}

/// Bytes that were text before.
pub fn text_of(bytes: Vec<u8>) -> Str {
    String::from_utf8(bytes).map_or_else(|error| crate::latin_text(error.as_bytes()), Str::from)
}

impl File {
    /// `self.read()` of a text file.
    pub fn read(&self) -> Result<Str, Exc> {
        self.read_bytes().map(|bytes| text_of(bytes.to_vec()))
    }

    /// `self.read(count)` of a text file.
    pub fn read_count(&self, count: i64) -> Result<Str, Exc> {
        let Ok(count) = usize::try_from(count) else {
            return self.read();
        };
        let mut body = self.reading()?;
        let rest = body.content.get(body.position..).unwrap_or_default();
        let text = core::str::from_utf8(rest).unwrap_or_default();
        let end = text.char_indices().nth(count).map_or(rest.len(), |(byte, _)| byte);
        let end = body.position + end;
        Ok(text_of(body.take(end)))
    }

    /// `self.readline()` of a text file; empty at the end.
    pub fn readline(&self) -> Result<Str, Exc> {
        self.readline_bytes().map(|bytes| text_of(bytes.to_vec()))
    }

    /// `self.readlines()` of a text file.
    pub fn readlines(&self) -> Result<List<Str>, Exc> {
        self.lines()?.list()
    }

    /// The lines of a text file, as a `for` loop meets them.
    pub fn lines(&self) -> Result<Iter<Str>, Exc> {
        self.body()?;
        let file = self.clone();
        Ok(Iter::new(move || file.readline().map(|line| Some(line).filter(|line| !line.is_empty()))))
    }

    /// `self.write(text)` of a text file; gives the number of characters.
    pub fn write(&self, text: &Str) -> Result<i64, Exc> {
        self.writing()?.put(text.as_bytes());
        Ok(text.len())
    }

    /// `self.writelines(texts)` of a text file.
    pub fn writelines(&self, texts: impl IntoIterator<Item = Str>) -> Result<(), Exc> {
        texts.into_iter().try_for_each(|text| self.write(&text).map(|_| ()))
    }
}

impl File {
    /// `self.read()` of a binary file.
    pub fn read_bytes(&self) -> Result<Bytes, Exc> {
        let mut body = self.reading()?;
        Ok(Bytes::from(body.take(usize::MAX)))
    }

    /// `self.read(count)` of a binary file.
    pub fn read_bytes_count(&self, count: i64) -> Result<Bytes, Exc> {
        let Ok(count) = usize::try_from(count) else {
            return self.read_bytes();
        };
        let mut body = self.reading()?;
        let end = body.position.saturating_add(count);
        Ok(Bytes::from(body.take(end)))
    }

    /// `self.readline()` of a binary file; empty at the end.
    pub fn readline_bytes(&self) -> Result<Bytes, Exc> {
        let mut body = self.reading()?;
        let end = body.line_end();
        Ok(Bytes::from(body.take(end)))
    }

    /// The lines of a binary file, as a `for` loop meets them.
    pub fn lines_bytes(&self) -> Result<Iter<Bytes>, Exc> {
        self.body()?;
        let file = self.clone();
        Ok(Iter::new(move || file.readline_bytes().map(|line| Some(line).filter(|line| !line.is_empty()))))
    }

    /// `self.write(bytes)` of a binary file; gives their number.
    pub fn write_bytes(&self, bytes: &[u8]) -> Result<i64, Exc> {
        self.writing()?.put(bytes);
        Ok(bytes.len() as i64)
    }
}

impl File {
    /// `self.seek(offset, whence)`.
    pub fn seek(&self, offset: i64, whence: i64) -> Result<i64, Exc> {
        let mut body = self.body()?;
        body.decode()?;
        let base = match whence {
            0 => 0,
            1 => body.position as i64,
            2 => body.content.len() as i64,
            _ => return Err(Exc::new(&VALUE_ERROR, alloc::format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
        };
        if whence == 0 && offset < 0 {
            return Err(Exc::new(&VALUE_ERROR, alloc::format!("negative seek position {offset}")));
        }
        body.position = (base + offset).max(0) as usize;
        Ok(body.position as i64)
    }

    /// `self.tell()`.
    pub fn tell(&self) -> Result<i64, Exc> {
        Ok(self.body()?.position as i64)
    }

    /// `self.truncate()`, at the position.
    pub fn truncate(&self) -> Result<i64, Exc> {
        let mut body = self.writing()?;
        let position = body.position;
        body.content.truncate(position);
        body.is_dirty = true;
        Ok(position as i64)
    }

    /// `self.flush()`.
    pub fn flush(&self) -> Result<(), Exc> {
        self.body()?.flush()
    }

    /// `self.close()`.
    pub fn close(&self) -> Result<(), Exc> {
        let mut body = self.0.borrow_mut();
        if !core::mem::replace(&mut body.is_open, false) {
            return Ok(());
        }
        body.flush()
    }

    /// `self.closed`.
    pub fn is_closed(&self) -> bool {
        !self.0.borrow().is_open
    }

    /// `self.name`.
    pub fn name(&self) -> Str {
        self.0.borrow().path.clone()
    }

    /// `self.mode`.
    pub fn mode(&self) -> Str {
        self.0.borrow().mode.clone()
    }

    /// `self.getvalue()` of a `StringIO`.
    pub fn getvalue(&self) -> Result<Str, Exc> {
        Ok(text_of(self.body()?.content.clone()))
    }

    /// `self.getvalue()` of a `BytesIO`.
    pub fn getvalue_bytes(&self) -> Result<Bytes, Exc> {
        Ok(Bytes::from(self.body()?.content.as_slice()))
    }
}

impl Object for File {
    fn write_repr(&self, out: &mut String) {
        let body = self.0.borrow();
        out.push_str(if body.is_text { "<_io.TextIOWrapper name=" } else { "<_io.BufferedReader name=" });
        body.path.write_repr(out);
        if body.is_text {
            out.push_str(" mode=");
            body.mode.write_repr(out);
            out.push_str(" encoding='UTF-8'");
        }
        out.push('>');
    }
    fn equals(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
    fn hash(&self) -> u64 {
        crate::hash_identity(&*self.0)
    }
    fn type_name(&self) -> &'static str {
        "TextIOWrapper"
    }
}

/// Whether something stands at a path.
pub fn path_exists(path: &str) -> bool {
    platform().path_kind(path) != PathKind::Missing
}
