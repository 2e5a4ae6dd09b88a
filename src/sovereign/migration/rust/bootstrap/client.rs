//! The runtime API over one connection that is kept open.
//!
//! A request is one gathered write of its head and its body. A request that found its connection closed, without a byte
//! of a reply, is repeated once over a new one. That is as safe for an answer as for a question: the runtime API takes
//! one answer of each id and refuses another. A streamed answer cannot be repeated, so its connection is looked at first.

use core::cell::Cell;

use crate::buffer::Buffer;
use crate::failure;
use crate::http::{Fault, Parser};
use crate::number::Digits;
use crate::slices::{self, part};
use crate::{template, Address, Errno, Sink, System, Writer};

const EINTR: Errno = Errno(4);
/// A longer cause is not sent.
const CAUSE_LIMIT: usize = 1 << 20;
/// Heads, replies and errors of the usual size need no memory of the heap.
const USUAL_SIZE: usize = 1024;

// Heads of requests, with the host, the values, and the agent.
const AGENT: &str = concat!(" HTTP/1.1\r\nUser-Agent: sovereign-bootstrap/", env!("CARGO_PKG_VERSION"), "\r\nHost: ");
const NEXT: &str = "GET /2018-06-01/runtime/invocation/next\x07\x01\r\n\r\n";
const RESPONSE: &str = "POST /2018-06-01/runtime/invocation/\x03/response\x07\x01\r\n\
Content-Type: \x04\r\nContent-Length: \x05\r\n\r\n";
const STREAMED: &str = "POST /2018-06-01/runtime/invocation/\x03/response\x07\x01\r\n\
Content-Type: \x04\r\nLambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\
Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n";
const ERROR: &str = "POST /2018-06-01/runtime/\x02\x03/error\x07\x01\r\nContent-Type: application/json\r\n\
Lambda-Runtime-Function-Error-Type: \x04\r\n\x06Content-Length: \x05\r\n\r\n";
const CAUSE: &str = "Lambda-Runtime-Function-XRay-Error-Cause: \x01\r\n";
const CHUNK: &str = "\x05\r\n";
const TRAILERS: &str =
    "0\r\nLambda-Runtime-Function-Error-Type: \x04\r\nLambda-Runtime-Function-Error-Body: \x06\r\n\r\n";

/// What stands in a head beside its own text: the place, the id, the type, the length, and one thing more.
type Values<'a> = [&'a [u8]; 5];

const LENGTH: usize = 3;

/// Why a request has no reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no connection.
    Unreachable,
    /// The connection was lost before the reply.
    Lost,
    /// There is no memory for the reply.
    Exhausted,
    /// The reply is none of HTTP.
    Malformed(Fault),
    /// The process is asked to end.
    Terminated,
}

/// The status of the reply to what was posted.
pub type Outcome = Result<u16, Trouble>;

/// A client of the runtime API.
pub struct Client<'a, S> {
    system: S,
    address: Address,
    host: &'a str,
    socket: Cell<Option<i32>>,
}

impl<'a, S: System> Client<'a, S> {
    /// A client; `host` is the address as the environment writes it.
    pub fn new(system: S, address: Address, host: &'a str) -> Client<'a, S> {
        Client { system, address, host, socket: Cell::new(None) }
    }

    /// The same client on a connection that is open.
    pub fn on(self, socket: Option<i32>) -> Client<'a, S> {
        self.socket.set(socket);
        self
    }

    /// Wait for the next invocation; its bytes are in `input`.
    pub fn next(&self, input: &mut Buffer<'_>, parser: &mut Parser) -> Result<(), Trouble> {
        self.exchange(NEXT, &Values::default(), b"", input, parser, true)
    }

    /// Give the reply of an invocation.
    pub fn respond(&self, request_id: &str, content_type: &str, body: &[u8]) -> Outcome {
        self.post(RESPONSE, [b"", request_id.as_bytes(), content_type.as_bytes(), b"", b""], body)
    }

    /// Give the error that a handler returned.
    pub fn fail(&self, request_id: &str, kind: &str, message: &str) -> Outcome {
        let mut room = [0; USUAL_SIZE];
        let mut cause = Writer::over(&mut room);
        failure::cause(kind, message, &mut cause);
        let mut room = [0; USUAL_SIZE];
        let mut field = Writer::over(&mut room);
        if cause.bytes().len() < CAUSE_LIMIT {
            template::write(CAUSE, &[cause.bytes()], &mut field);
        }
        self.report(request_id, kind, message, field.bytes())
    }

    /// Give an error of the runtime: of an invocation, or without an id of the beginning.
    pub fn report(&self, request_id: &str, kind: &str, message: &str, cause: &[u8]) -> Outcome {
        let mut room = [0; USUAL_SIZE];
        let mut body = Writer::over(&mut room);
        failure::body(kind, message, request_id, &mut body);
        let place: &[u8] = if request_id.is_empty() { b"init" } else { b"invocation/" };
        let values = [place, request_id.as_bytes(), failure::kind_field(kind), b"", cause];
        self.post(ERROR, values, body.bytes())
    }

    fn post(&self, template: &str, values: Values<'_>, body: &[u8]) -> Outcome {
        let length = Digits::decimal(body.len() as u64);
        let mut values = values;
        values[LENGTH] = length.bytes();
        let mut room = [0; USUAL_SIZE];
        let mut parser = Parser::new();
        self.exchange(template, &values, body, &mut Buffer::new(&mut room), &mut parser, false)?;
        Ok(parser.reply().status)
    }

    /// Close a connection of which the other side has taken leave.
    fn renew(&self) {
        if self.socket.get().is_some_and(|socket| !self.system.is_quiet(socket)) {
            self.disconnect();
        }
    }

    fn exchange(
        &self,
        template: &str,
        values: &Values<'_>,
        body: &[u8],
        input: &mut Buffer<'_>,
        parser: &mut Parser,
        may_stop: bool,
    ) -> Result<(), Trouble> {
        loop {
            let is_kept = self.socket.get().is_some();
            self.connect()?;
            // A request that was refused before it was sent whole has a reply as well.
            let is_sent = self.send(template, values, body);
            let outcome = self.settle(is_sent, input, parser, may_stop);
            if !is_kept || outcome != Err(Trouble::Lost) {
                return outcome;
            }
        }
    }

    /// Take the reply, and part with a connection that is of no further use.
    fn settle(
        &self,
        is_sent: bool,
        input: &mut Buffer<'_>,
        parser: &mut Parser,
        may_stop: bool,
    ) -> Result<(), Trouble> {
        *parser = Parser::new();
        let outcome = self.receive(input, parser, may_stop);
        if !is_sent || outcome.is_err() || parser.reply().is_last {
            self.disconnect();
        }
        outcome
    }

    fn connect(&self) -> Result<(), Trouble> {
        if self.socket.get().is_none() {
            self.socket.set(Some(self.system.connect(&self.address).map_err(|_| Trouble::Unreachable)?));
        }
        Ok(())
    }

    fn disconnect(&self) {
        if let Some(socket) = self.socket.take() {
            self.system.close(socket);
        }
    }

    /// Send a head and a body; whether that worked.
    #[inline(never)]
    fn send(&self, template: &str, values: &Values<'_>, body: &[u8]) -> bool {
        let mut room = [0; USUAL_SIZE];
        let mut text = Writer::over(&mut room);
        let &[place, id, kind, length, more] = values;
        let all = [self.host.as_bytes(), place, id, kind, length, more, AGENT.as_bytes()];
        template::write(template, &all, &mut text);
        let end: &[u8] = if template.len() == CHUNK.len() { b"\r\n" } else { b"" };
        let mut pieces = [text.bytes(), body, end];
        self.socket.get().is_some_and(|socket| slices::write_all(self.system, socket, &mut pieces))
    }

    #[inline(never)]
    fn receive(&self, input: &mut Buffer<'_>, parser: &mut Parser, may_stop: bool) -> Result<(), Trouble> {
        let socket = self.socket.get().ok_or(Trouble::Lost)?;
        input.clear();
        let mut total = 1;
        loop {
            if !input.reserve(total) {
                return Err(Trouble::Exhausted);
            }
            let count = match self.system.receive(socket, input.room()) {
                Ok(count) => count,
                Err(EINTR) if may_stop && self.system.is_terminated() => return Err(Trouble::Terminated),
                Err(EINTR) => continue,
                Err(_) => return Err(Trouble::Lost),
            };
            if count == 0 && parser.is_untouched() {
                return Err(Trouble::Lost);
            }
            input.add(count);
            let progress = parser.advance(input.bytes_mut(), count == 0).map_err(Trouble::Malformed)?;
            input.keep(progress.kept);
            total = progress.total;
            if progress.is_done {
                return Ok(());
            }
        }
    }

    /// End a streamed reply: with the error that it met, or as it should.
    pub fn finish(&self, request_id: &str, error: Option<(&str, &str)>) -> Outcome {
        let mut values = Values::default();
        let mut room = [0; USUAL_SIZE];
        let mut body = Writer::over(&mut room);
        let mut room = [0; 2 * USUAL_SIZE];
        let mut encoded = Writer::over(&mut room);
        let mut template = "0\r\n\r\n";
        if let Some((kind, message)) = error {
            failure::body(kind, message, request_id, &mut body);
            base64(body.bytes(), &mut encoded);
            values = [b"", b"", failure::kind_field(kind), b"", encoded.bytes()];
            template = TRAILERS;
        }
        let is_sent = self.send(template, &values, b"");
        let mut room = [0; USUAL_SIZE];
        let mut parser = Parser::new();
        self.settle(is_sent, &mut Buffer::new(&mut room), &mut parser, false)?;
        Ok(parser.reply().status)
    }
}

/// The streamed reply of one invocation.
pub struct Streamed<'a, S> {
    /// Where it goes.
    pub client: &'a Client<'a, S>,
    /// Whose reply it is.
    pub request_id: &'a str,
}

impl<S: System> Sink for Streamed<'_, S> {
    fn begin(&self, content_type: &str) -> bool {
        let client = self.client;
        client.renew();
        if client.connect().is_err() {
            return false;
        }
        client.system.enter_stream();
        if let Some(socket) = client.socket.get() {
            client.system.hasten(socket);
        }
        let kind = field_safe(content_type);
        client.send(STREAMED, &[b"", self.request_id.as_bytes(), kind, b"", b""], b"")
    }

    fn send(&self, bytes: &[u8]) -> bool {
        let length = Digits::hexadecimal(bytes.len() as u64);
        self.client.send(CHUNK, &[b"", b"", b"", length.bytes(), b""], bytes)
    }
}

/// The bytes of a value of a field, as far as they may stand there.
fn field_safe(value: &str) -> &[u8] {
    let bytes = value.as_bytes();
    let end = bytes.iter().position(|byte| byte.is_ascii_control()).unwrap_or(bytes.len());
    part(bytes, 0..end)
}

/// Write bytes as base64.
pub fn base64(bytes: &[u8], into: &mut Writer<'_>) {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for from in (0..bytes.len()).step_by(3) {
        let group = part(bytes, from..bytes.len().min(from + 3));
        let mut padded = [0; 4];
        slices::fill(padded.get_mut(1..).unwrap_or_default(), group);
        let value = u32::from_be_bytes(padded);
        let mut text = [b'='; 4];
        for (at, letter) in text.iter_mut().take(group.len() + 1).enumerate() {
            *letter = LETTERS.get((value >> (18 - 6 * at) & 63) as usize).copied().unwrap_or_default();
        }
        into.write(&text);
    }
}
