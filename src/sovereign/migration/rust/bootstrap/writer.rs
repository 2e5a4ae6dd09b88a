//! Where a handler writes its reply: kept until the handler returns, or streamed.

use core::fmt::{Debug, Formatter};
use core::mem;

use crate::block::Block;
use crate::slices;

/// What stands between the head of a streamed HTTP reply and its body.
const PRELUDE_END: [u8; 8] = [0; 8];
const PRELUDE_TYPE: &str = "application/vnd.awslambda.http-integration-response";

/// Where a streamed reply goes, piece by piece.
pub trait Sink {
    /// Send the head of the reply; whether that worked.
    fn begin(&self, content_type: &str) -> bool;
    /// Send bytes of the body; whether that worked.
    fn send(&self, bytes: &[u8]) -> bool;
}

/// Where a handler writes its reply.
#[derive(Default)]
pub struct Writer<'a> {
    fixed: &'a mut [u8],
    /// Takes the place of `fixed` once it has any size.
    spill: Block,
    filled: usize,
    is_exhausted: bool,
    /// Whether a streamed reply reaches nobody any more.
    is_broken: bool,
    content_type: Option<&'static str>,
    sink: Option<&'a dyn Sink>,
    /// What takes bytes once the reply is streamed; a pointer, so that programs that never stream do without it.
    through: Option<Through>,
}

type Through = for<'b> fn(&mut Writer<'b>, &[u8]);

impl<'a> Writer<'a> {
    /// A writer that holds nothing.
    pub const fn new() -> Writer<'static> {
        Writer {
            fixed: &mut [],
            spill: Block::none(),
            filled: 0,
            is_exhausted: false,
            is_broken: false,
            content_type: None,
            sink: None,
            through: None,
        }
    }

    /// A writer that begins with this memory.
    #[inline(never)]
    pub fn over(fixed: &'a mut [u8]) -> Writer<'a> {
        Writer { fixed, ..Writer::default() }
    }

    /// The same writer, over memory of the heap that was used before, if there is any.
    pub fn reusing(mut self, spill: Block) -> Writer<'a> {
        self.spill = spill;
        self
    }

    /// The memory of the heap, if this reply needed it.
    pub fn into_spill(self) -> Block {
        if self.filled > self.fixed.len() {
            self.spill
        } else {
            Block::none()
        }
    }

    /// Let the reply be streamed, should the handler wish it.
    pub fn set_sink(&mut self, sink: &'a dyn Sink) {
        self.sink = Some(sink);
    }

    /// Append bytes to the reply.
    pub fn write(&mut self, bytes: &[u8]) {
        if let Some(through) = self.through {
            return through(self, bytes);
        }
        let end = self.filled + bytes.len();
        if end > self.memory().len() && !self.widen(end) {
            self.is_exhausted = true;
            return;
        }
        let from = self.filled;
        slices::fill(self.memory_mut().get_mut(from..).unwrap_or_default(), bytes);
        self.filled = end;
    }

    #[cold]
    fn widen(&mut self, size: usize) -> bool {
        let is_first = self.spill.size() == 0;
        let is_done = self.spill.grow(2 * size);
        if is_done && is_first {
            slices::fill(self.spill.bytes_mut(), self.fixed.get(..self.filled).unwrap_or_default());
        }
        is_done
    }

    fn memory(&self) -> &[u8] {
        if self.spill.size() == 0 {
            self.fixed
        } else {
            self.spill.bytes()
        }
    }

    fn memory_mut(&mut self) -> &mut [u8] {
        if self.spill.size() == 0 {
            self.fixed
        } else {
            self.spill.bytes_mut()
        }
    }

    /// Whether there was no memory for something that was written.
    pub fn is_exhausted(&self) -> bool {
        self.is_exhausted
    }

    /// What was written so far and not sent.
    pub fn bytes(&self) -> &[u8] {
        self.memory().get(..self.filled).unwrap_or_default()
    }

    /// Forget what was written, and keep the memory for the next reply.
    pub fn clear(&mut self) {
        self.filled = 0;
        self.is_exhausted = false;
    }

    /// Say what the bytes of the reply are; JSON unless this is called.
    pub fn set_content_type(&mut self, content_type: &'static str) {
        self.content_type = Some(content_type);
    }

    /// What the bytes of the reply are.
    pub fn content_type(&self) -> &'static str {
        self.content_type.unwrap_or("application/json")
    }

    /// Stream the reply from here on; whether that is possible. What was written before is its beginning.
    pub fn stream(&mut self, content_type: &str) -> bool {
        if self.through.is_some() {
            return self.is_open();
        }
        let Some(sink) = self.sink else {
            return false;
        };
        self.through = Some(write_through);
        self.is_broken = !sink.begin(content_type);
        if self.spill.size() > 0 {
            let spill = mem::take(&mut self.spill);
            self.send(spill.bytes().get(..self.filled).unwrap_or_default());
            self.filled = 0;
        }
        self.is_open()
    }

    /// Stream an HTTP reply: `head` is an object of JSON with `statusCode`, `headers` and `cookies`; the body follows.
    pub fn stream_http(&mut self, head: &[u8]) -> bool {
        let is_open = self.stream(PRELUDE_TYPE);
        self.write(head);
        self.write(&PRELUDE_END);
        is_open
    }

    /// Send what was written, if the reply is streamed; whether somebody still listens.
    pub fn flush(&mut self) -> bool {
        if self.is_streaming() && self.filled > 0 {
            let fixed = mem::take(&mut self.fixed);
            self.send(fixed.get(..self.filled).unwrap_or_default());
            self.fixed = fixed;
            self.filled = 0;
        }
        self.is_open()
    }

    /// Whether the reply is streamed, as far as it came.
    pub fn is_streaming(&self) -> bool {
        self.through.is_some()
    }

    /// Whether what is written can reach somebody.
    pub fn is_open(&self) -> bool {
        !self.is_broken
    }

    fn send(&mut self, bytes: &[u8]) {
        if !self.is_broken && !bytes.is_empty() {
            self.is_broken = !self.sink.is_some_and(|sink| sink.send(bytes));
        }
    }
}

/// Send bytes, or keep them until there are enough.
fn write_through(out: &mut Writer<'_>, bytes: &[u8]) {
    if out.filled + bytes.len() > out.fixed.len() {
        out.flush();
    }
    if bytes.len() > out.fixed.len() {
        return out.send(bytes);
    }
    let from = out.filled;
    slices::fill(out.fixed.get_mut(from..).unwrap_or_default(), bytes);
    out.filled += bytes.len();
}

impl Debug for Writer<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> core::fmt::Result {
        formatter
            .debug_struct("Writer")
            .field("bytes", &self.bytes())
            .field("is_streaming", &self.is_streaming())
            .finish()
    }
}
