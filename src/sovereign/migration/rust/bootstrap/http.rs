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

const FIELDS: [&str; 8] = [
    "lambda-runtime-aws-request-id",
    "lambda-runtime-deadline-ms",
    "lambda-runtime-invoked-function-arn",
    "lambda-runtime-trace-id",
    "lambda-runtime-client-context",
    "lambda-runtime-cognito-identity",
    "lambda-runtime-aws-tenant-id",
    "content-type",
];

/// A reply, as places in the bytes that it was parsed from.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Where the body stands.
    pub body: Range<usize>,
    /// Whether the connection is of no further use.
    pub is_last: bool,
    fields: [Place; FIELDS.len()],
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    start: u32,
    end: u32,
}

impl Reply {
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Status,
    Fields,
    Counted,
    ChunkSize,
    ChunkData(usize),
    ChunkEnd,
    Trailers,
    Endless,
    Done,
}

/// The parser of one reply.
#[derive(Debug)]
pub struct Parser {
    stage: Stage,
    /// The first byte that was not looked at.
    at: usize,
    /// Where the current line begins.
    line: usize,
    /// How many bytes of lines were read.
    lines: usize,
    length: Option<usize>,
    is_chunked: bool,
    reply: Reply,
}

impl Default for Parser {
    fn default() -> Parser {
        Parser::new()
    }
}

type Fault = &'static str;
const BAD_STATUS: Fault = "the reply does not begin with HTTP/1.1 and a status";
const BAD_FIELD: Fault = "the reply has a field that is none";
const BAD_LENGTH: Fault = "the reply has no valid length, or two";
const BAD_CHUNK: Fault = "the reply has a chunk whose size is wrong";
const TOO_LONG: Fault = "the reply is too long";
const TOO_SHORT: Fault = "the reply ends too early";
const UNSUPPORTED: Fault = "the reply is encoded in a way that is not supported";

impl Parser {
    /// A parser that has seen nothing.
    pub fn new() -> Parser {
        Parser {
            stage: Stage::Status,
            at: 0,
            line: 0,
            lines: 0,
            length: None,
            is_chunked: false,
            reply: Reply::default(),
        }
    }

    /// The reply, once it is complete.
    pub fn reply(self) -> Reply {
        self.reply
    }

    /// Whether nothing of a reply has come.
    pub fn is_untouched(&self) -> bool {
        self.at == 0
    }

    /// Look at what has come; `has_ended` says that no more will. The error says what is wrong.
    pub fn advance(&mut self, bytes: &mut [u8], has_ended: bool) -> Result<Progress, Fault> {
        while self.step(bytes, has_ended)? {}
        if self.stage == Stage::Done {
            self.reply.is_last |= has_ended || self.at < bytes.len();
        } else if has_ended {
            return Err(TOO_SHORT);
        }
        let mut kept = bytes.len();
        if self.is_chunked && self.in_body() {
            // What is between the chunks goes, so that the body stands in one piece.
            shift(bytes, self.at..kept, self.reply.body.end);
            kept -= self.at - self.reply.body.end;
            self.at = self.reply.body.end;
            self.line = self.at;
        }
        let total = if self.stage == Stage::Counted { self.reply.body.start + self.length.unwrap_or(0) } else { kept };
        Ok(Progress { kept, total, is_done: self.stage == Stage::Done })
    }

    fn in_body(&self) -> bool {
        !matches!(self.stage, Stage::Status | Stage::Fields)
    }

    /// Take one line or one run of bytes; whether there may be more to take.
    fn step(&mut self, bytes: &mut [u8], has_ended: bool) -> Result<bool, Fault> {
        match self.stage {
            Stage::Done => Ok(false),
            Stage::Counted => {
                let end = self.reply.body.start + self.length.unwrap_or(0);
                let is_whole = bytes.len() >= end;
                self.at = bytes.len().min(end);
                if is_whole {
                    self.reply.body.end = end;
                    self.stage = Stage::Done;
                }
                Ok(false)
            }
            Stage::Endless => {
                self.at = bytes.len();
                self.reply.body.end = bytes.len();
                if bytes.len() - self.reply.body.start > BODY_LIMIT {
                    return Err(TOO_LONG);
                }
                if has_ended {
                    self.stage = Stage::Done;
                }
                Ok(false)
            }
            Stage::ChunkData(left) => Ok(self.chunk_data(bytes, left)),
            _ => self.next_line(bytes),
        }
    }

    fn chunk_data(&mut self, bytes: &mut [u8], left: usize) -> bool {
        let count = left.min(bytes.len() - self.at);
        shift(bytes, self.at..self.at + count, self.reply.body.end);
        self.reply.body.end += count;
        self.at += count;
        self.line = self.at;
        self.stage = if count == left { Stage::ChunkEnd } else { Stage::ChunkData(left - count) };
        count == left
    }

    fn next_line(&mut self, bytes: &[u8]) -> Result<bool, Fault> {
        let Some(count) = find(part(bytes, self.at..bytes.len()), b'\n') else {
            if bytes.len() - self.line + self.lines > HEAD_LIMIT {
                return Err(TOO_LONG);
            }
            self.at = if self.in_body() { self.line } else { bytes.len() };
            return Ok(false);
        };
        let end = self.at + count;
        let start = self.line;
        self.at = end + 1;
        self.line = self.at;
        self.lines += self.at - start;
        if self.lines > HEAD_LIMIT {
            return Err(TOO_LONG);
        }
        let has_return = part(bytes, start..end).last() == Some(&b'\r');
        let line = start..end - usize::from(has_return);
        match self.stage {
            Stage::Status => self.status_line(part(bytes, line))?,
            Stage::Fields if line.is_empty() => self.head_ends()?,
            Stage::Fields => self.field_line(bytes, line)?,
            Stage::ChunkSize => self.chunk_size(part(bytes, line))?,
            Stage::ChunkEnd if line.is_empty() => self.stage = Stage::ChunkSize,
            Stage::ChunkEnd => return Err(BAD_CHUNK),
            Stage::Trailers if line.is_empty() => self.stage = Stage::Done,
            _ => {}
        }
        Ok(true)
    }

    fn status_line(&mut self, line: &[u8]) -> Result<(), Fault> {
        let digits = part(line, STATUS);
        let status = parse_decimal(digits).filter(|status| (100..600).contains(status)).ok_or(BAD_STATUS)?;
        let is_framed = part(line, 0..7) == b"HTTP/1." && line.get(8) == Some(&b' ') && digits.len() == 3;
        if !is_framed || line.get(STATUS.end).is_some_and(|&byte| byte != b' ') {
            return Err(BAD_STATUS);
        }
        self.reply.status = status as u16;
        self.reply.is_last = line.get(7) == Some(&b'0');
        self.stage = Stage::Fields;
        Ok(())
    }

    fn field_line(&mut self, bytes: &[u8], line: Range<usize>) -> Result<(), Fault> {
        let (name, _) = split_once(part(bytes, line.clone()), b':').ok_or(BAD_FIELD)?;
        if name.is_empty() || name.iter().any(|byte| byte.is_ascii_whitespace()) {
            return Err(BAD_FIELD);
        }
        let value = trimmed(bytes, line.start + name.len() + 1..line.end);
        let content = part(bytes, value.clone());
        if content.iter().any(|byte| matches!(byte, 0 | b'\r')) {
            return Err(BAD_FIELD);
        }
        for (place, field) in self.reply.fields.iter_mut().zip(FIELDS) {
            if place.end == 0 && is_alike(name, field) {
                *place = Place { start: value.start as u32, end: value.end as u32 };
            }
        }
        if is_alike(name, "content-length") {
            let length = parse_decimal(content).filter(|&count| count <= BODY_LIMIT as u64);
            let length = length.ok_or(BAD_LENGTH)? as usize;
            if self.length.is_some_and(|known| known != length) {
                return Err(BAD_LENGTH);
            }
            self.length = Some(length);
        } else if is_alike(name, "transfer-encoding") {
            if !is_alike(content, "chunked") {
                return Err(UNSUPPORTED);
            }
            self.is_chunked = true;
        } else if is_alike(name, "connection") {
            self.reply.is_last = !is_alike(content, "keep-alive") && (self.reply.is_last || is_alike(content, "close"));
        }
        Ok(())
    }

    fn head_ends(&mut self) -> Result<(), Fault> {
        self.reply.body = self.at..self.at;
        self.stage = match self.reply.status {
            101 => return Err(UNSUPPORTED),
            100..=199 => {
                let lines = self.lines;
                let at = self.at;
                *self = Parser { at, line: at, lines, ..Parser::new() };
                return Ok(());
            }
            204 | 304 => Stage::Done,
            _ if self.is_chunked => Stage::ChunkSize,
            _ if self.length.is_some() => Stage::Counted,
            _ => Stage::Endless,
        };
        Ok(())
    }

    fn chunk_size(&mut self, line: &[u8]) -> Result<(), Fault> {
        let text = line.split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii();
        if text.is_empty() || text.len() > 8 {
            return Err(BAD_CHUNK);
        }
        let mut size = 0;
        for &byte in text {
            size = size << 4 | digit(byte).ok_or(BAD_CHUNK)? as usize;
        }
        if self.reply.body.len() + size > BODY_LIMIT {
            return Err(TOO_LONG);
        }
        self.stage = if size == 0 { Stage::Trailers } else { Stage::ChunkData(size) };
        Ok(())
    }
}

fn trimmed(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let is_blank = |&byte: &u8| byte == b' ' || byte == b'\t';
    let text = part(bytes, range.clone());
    let start = range.start + text.iter().take_while(|byte| is_blank(byte)).count();
    let end = range.end - text.iter().rev().take_while(|byte| is_blank(byte)).count();
    start..end.max(start)
}
