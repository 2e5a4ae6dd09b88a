//! Replies of HTTP/1.1, parsed as they come in.
//!
//! Enters: the bytes received so far, after each read. Leaves: the status, where the fields stand that the runtime API
//! sends, and where the body stands. Bytes are looked at once, however they are cut; chunks are joined in place.

use core::ops::Range;

use crate::address::digit;
use crate::number::parse_decimal;
use crate::slices::{find, is_alike, part, shift, split_once};

/// The longest head of a reply: the fields of one invocation may be as long as a client context of a megabyte.
pub const HEAD_LIMIT: usize = 4 << 20;
/// The longest body of a reply; an event has at most 6 MiB.
pub const BODY_LIMIT: usize = 64 << 20;

/// Where the status stands in the first line.
const STATUS: Range<usize> = 9..12;

/// The fields that the runtime API sends with an invocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The id of the invocation.
    RequestId,
    /// When it times out, in milliseconds since 1970.
    Deadline,
    /// The name of the function that was invoked.
    Arn,
    /// Where the invocation stands in a distributed trace.
    Trace,
    /// What a client application said of itself, as JSON.
    ClientContext,
    /// Who the caller is, as JSON.
    Cognito,
    /// Whose data the invocation works on.
    Tenant,
    /// What the event's bytes are.
    ContentType,
}

/// Their names; all but the last stand behind `PREFIX`.
const FIELDS: &[u8] =
    b"aws-request-id deadline-ms invoked-function-arn trace-id client-context cognito-identity aws-tenant-id";
const PREFIX: &[u8] = b"lambda-runtime-";
const FIELD_COUNT: usize = 8;

/// A reply, as places in the bytes that it was parsed from.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Where the body stands.
    pub body: Range<usize>,
    /// Whether the connection is of no further use.
    pub is_last: bool,
    fields: [Place; FIELD_COUNT],
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    start: u32,
    end: u32,
}

impl Reply {
    /// Where the value of a field of this name stands, if it is one that is wanted.
    fn place(&mut self, name: &[u8]) -> Option<&mut Place> {
        if is_alike(name, b"content-type") {
            return self.fields.last_mut();
        }
        let rest = part(name, PREFIX.len()..name.len());
        let at = FIELDS.split(|&byte| byte == b' ').position(|field| is_alike(rest, field))?;
        self.fields.get_mut(at).filter(|_| is_alike(part(name, 0..PREFIX.len()), PREFIX))
    }

    /// The value of a field; empty where it was not sent.
    pub fn field<'a>(&self, bytes: &'a [u8], field: Field) -> &'a [u8] {
        self.fields.get(field as usize).map_or(&[], |place| part(bytes, place.start as usize..place.end as usize))
    }
}

/// How far a reply has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many bytes are to be kept; what follows is read.
    pub kept: usize,
    /// How many bytes the whole will have at least.
    pub total: usize,
    /// Whether it is complete.
    pub is_done: bool,
}

/// What comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Status,
    Fields,
    /// Bytes of the body, and nothing after them.
    Body,
    /// Bytes of the body until the connection ends.
    Endless,
    /// Bytes of the body, and `ChunkEnd` after them.
    Chunk,
    ChunkSize,
    ChunkEnd,
    Trailers,
    Done,
}

/// The parser of one reply.
#[derive(Debug, Default)]
pub struct Parser {
    stage: Stage,
    is_chunked: bool,
    has_length: bool,
    /// How many bytes of the body or of the chunk are to come.
    left: usize,
    /// The first byte that was not looked at.
    at: usize,
    /// Where the current line begins.
    line: usize,
    reply: Reply,
}

/// What is wrong with a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It does not begin with HTTP/1.1 and a status.
    Status,
    /// A field is none.
    Field,
    /// There is no valid length, or there are two.
    Length,
    /// The size of a chunk is wrong.
    Chunk,
    /// It is too long.
    TooLong,
    /// It ends too early.
    TooShort,
    /// It is encoded in a way that is not supported.
    Encoding,
}

impl Fault {
    /// The fault in words.
    pub fn text(self) -> &'static str {
        match self {
            Fault::Status => "it is none of HTTP/1.1",
            Fault::Field => "it has a field that is none",
            Fault::Length => "it has no valid length, or two",
            Fault::Chunk => "it has a chunk whose size is wrong",
            Fault::TooLong => "it is too long",
            Fault::TooShort => "it ends too early",
            Fault::Encoding => "it has an unknown encoding",
        }
    }
}

impl Parser {
    /// A parser that has seen nothing.
    pub fn new() -> Parser {
        Parser::default()
    }

    /// The reply, once it is complete.
    pub fn reply(&self) -> &Reply {
        &self.reply
    }

    /// Whether nothing of a reply has come.
    pub fn is_untouched(&self) -> bool {
        self.at == 0
    }

    /// Look at what has come; `has_ended` says that no more will. The error says what is wrong.
    pub fn advance(&mut self, bytes: &mut [u8], has_ended: bool) -> Result<Progress, Fault> {
        while self.step(bytes)? {}
        let body = &mut self.reply.body;
        let mut kept = bytes.len();
        if self.stage != Stage::Done && self.is_chunked && body.end > 0 {
            // What is between the chunks goes, so that the body stands in one piece.
            shift(bytes, self.at..kept, body.end);
            kept -= self.at - body.end;
            self.at = body.end;
            self.line = body.end;
        }
        if self.stage == Stage::Endless && has_ended {
            self.stage = Stage::Done;
        }
        let is_done = self.stage == Stage::Done;
        if is_done {
            self.reply.is_last |= has_ended || self.at < bytes.len();
        } else if has_ended {
            return Err(Fault::TooShort);
        }
        let more = if self.stage == Stage::Endless { 0 } else { self.left };
        Ok(Progress { kept, total: kept + more, is_done })
    }

    /// Take one line or one run of bytes; whether there may be more to take.
    fn step(&mut self, bytes: &mut [u8]) -> Result<bool, Fault> {
        let next = match self.stage {
            Stage::Done => return Ok(false),
            Stage::Body | Stage::Endless => Stage::Done,
            Stage::Chunk => Stage::ChunkEnd,
            _ => return self.next_line(bytes),
        };
        let body = &mut self.reply.body;
        let count = self.left.min(bytes.len() - self.at);
        shift(bytes, self.at..self.at + count, body.end);
        body.end += count;
        self.at += count;
        self.line = self.at;
        self.left -= count;
        if self.left > 0 {
            return Ok(false);
        }
        if self.stage == Stage::Endless {
            return Err(Fault::TooLong);
        }
        self.stage = next;
        Ok(true)
    }

    fn next_line(&mut self, bytes: &[u8]) -> Result<bool, Fault> {
        let found = find(part(bytes, self.at..bytes.len()), b'\n');
        let end = found.map_or(bytes.len(), |count| self.at + count);
        let start = self.line;
        let is_in_body = self.reply.body.end > 0;
        if end - if is_in_body { start } else { 0 } > HEAD_LIMIT {
            return Err(Fault::TooLong);
        }
        if found.is_none() {
            self.at = if is_in_body { start } else { end };
            return Ok(false);
        }
        self.at = end + 1;
        self.line = self.at;
        let has_return = part(bytes, start..end).last() == Some(&b'\r');
        let place = start..end - usize::from(has_return);
        let line = part(bytes, place.clone());
        self.stage = match self.stage {
            Stage::Status => self.status_line(line)?,
            Stage::Fields if line.is_empty() => self.head_ends(),
            Stage::Fields => self.field_line(bytes, place)?,
            Stage::ChunkSize => self.chunk_size(line)?,
            Stage::ChunkEnd if line.is_empty() => Stage::ChunkSize,
            Stage::Trailers if line.is_empty() => Stage::Done,
            Stage::Trailers => Stage::Trailers,
            _ => return Err(Fault::Chunk),
        };
        Ok(true)
    }

    fn status_line(&mut self, line: &[u8]) -> Result<Stage, Fault> {
        let digits = part(line, STATUS);
        let status = parse_decimal(digits).filter(|status| (100..600).contains(status)).ok_or(Fault::Status)?;
        let is_framed = part(line, 0..7) == b"HTTP/1." && line.get(8) == Some(&b' ') && digits.len() == 3;
        if !is_framed || line.get(STATUS.end).is_some_and(|&byte| byte != b' ') {
            return Err(Fault::Status);
        }
        self.reply.status = status as u16;
        self.reply.is_last = line.get(7) == Some(&b'0');
        Ok(Stage::Fields)
    }

    fn field_line(&mut self, bytes: &[u8], line: Range<usize>) -> Result<Stage, Fault> {
        let (name, _) = split_once(part(bytes, line.clone()), b':').ok_or(Fault::Field)?;
        let value = trimmed(bytes, line.start + name.len() + 1..line.end);
        let content = part(bytes, value.clone());
        // A name that a blank follows could be taken for none, and its length for no length.
        if name.last().is_none_or(u8::is_ascii_whitespace) {
            return Err(Fault::Field);
        }
        if is_alike(name, b"content-length") {
            let length = parse_decimal(content).filter(|&count| count <= BODY_LIMIT as u64);
            let length = length.ok_or(Fault::Length)? as usize;
            if self.has_length && self.left != length {
                return Err(Fault::Length);
            }
            self.has_length = true;
            self.left = length;
        } else if is_alike(name, b"transfer-encoding") {
            if !is_alike(content, b"chunked") {
                return Err(Fault::Encoding);
            }
            self.is_chunked = true;
        } else if is_alike(name, b"connection") {
            self.reply.is_last |= is_alike(content, b"close");
        } else if let Some(place) = self.reply.place(name).filter(|place| place.end == 0) {
            *place = Place { start: value.start as u32, end: value.end as u32 };
        }
        Ok(Stage::Fields)
    }

    fn head_ends(&mut self) -> Stage {
        self.reply.body = self.at..self.at;
        match self.reply.status {
            // There may be several of these before the reply.
            100..=199 => {
                *self = Parser { at: self.at, line: self.at, ..Parser::new() };
                Stage::Status
            }
            204 | 304 => {
                self.left = 0;
                Stage::Done
            }
            _ if self.is_chunked => {
                self.left = 0;
                Stage::ChunkSize
            }
            _ if self.has_length => Stage::Body,
            _ => {
                self.left = BODY_LIMIT;
                Stage::Endless
            }
        }
    }

    fn chunk_size(&mut self, line: &[u8]) -> Result<Stage, Fault> {
        let end = find(line, b';').unwrap_or(line.len());
        let text = part(line, trimmed(line, 0..end));
        if text.is_empty() || text.len() > 8 {
            return Err(Fault::Chunk);
        }
        for &byte in text {
            self.left = self.left << 4 | digit(byte).ok_or(Fault::Chunk)? as usize;
        }
        if self.reply.body.len() + self.left > BODY_LIMIT {
            return Err(Fault::TooLong);
        }
        Ok(if self.left == 0 { Stage::Trailers } else { Stage::Chunk })
    }
}

fn trimmed(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let is_blank = |&byte: &u8| byte == b' ' || byte == b'\t';
    let text = part(bytes, range.clone());
    let start = range.start + text.iter().take_while(|byte| is_blank(byte)).count();
    let end = range.end - text.iter().rev().take_while(|byte| is_blank(byte)).count();
    start..end.max(start)
}
