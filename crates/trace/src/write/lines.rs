//! Events as JSON, one object a line.

use std::io::{self, Write};

use crate::{
    call::Abi,
    decode::{self, value::Arg},
    event::{Ended, Event, Head, Outcome, What, Who},
    sink::{Sink, Wants},
    write::json::{self, print},
};

/// The number of the schema; it grows when a reader would have to change.
pub const VERSION: u32 = 1;
/// So much is collected before it is handed on.
const FULL: usize = 64 * 1024;

/// Writes events as JSON lines.
pub struct Lines<W> {
    output: W,
    buffer: Vec<u8>,
    options: String,
    /// Hand on what there is whenever nothing happens, for a reader that waits.
    is_prompt: bool,
}

impl<W: Write> Lines<W> {
    /// Write to `output`; `options` is a JSON object of what was asked for.
    pub fn new(output: W, options: String, is_prompt: bool) -> Self {
        Self { output, buffer: Vec::with_capacity(2 * FULL), options, is_prompt }
    }

    fn pass(&mut self, least: usize) -> io::Result<()> {
        if self.buffer.len() < least {
            return Ok(());
        }
        let written = self.output.write_all(&self.buffer);
        self.buffer.clear();
        written
    }
}

impl<W: Write> Sink for Lines<W> {
    fn wants(&self) -> Wants {
        Wants { arguments: true, tasks: true, begun: false }
    }

    fn begin(&mut self, head: &Head) -> io::Result<()> {
        let into = &mut self.buffer;
        print(into, format_args!("{{\"event\":\"trace\",\"version\":{VERSION},\"tool\":\"renacer "));
        into.extend_from_slice(env!("CARGO_PKG_VERSION").as_bytes());
        into.extend_from_slice(b"\",\"kernel\":");
        json::text(&kernel(), into);
        into.extend_from_slice(b",\"arch\":\"x86_64\",\"command\":");
        words(&head.command, into);
        into.extend_from_slice(b",\"folder\":");
        json::text(&head.folder, into);
        into.extend_from_slice(b",\"start\":");
        json::moment(head.start, into);
        print(into, format_args!(",\"options\":{}}}\n", self.options));
        Ok(())
    }

    fn take(&mut self, event: &Event) -> io::Result<()> {
        line(event, &mut self.buffer);
        self.pass(FULL)
    }

    fn idle(&mut self) -> io::Result<()> {
        if !self.is_prompt {
            return Ok(());
        }
        self.pass(1)?;
        self.output.flush()
    }

    fn end(&mut self, outcome: &Outcome) -> io::Result<()> {
        let into = &mut self.buffer;
        into.extend_from_slice(b"{\"event\":\"end\",\"time\":");
        json::moment(outcome.end, into);
        print(into, format_args!(",\"calls\":{},\"lost\":0,\"status\":", outcome.calls));
        json::optional(outcome.status.map(i64::from), into);
        into.extend_from_slice(b",\"signal\":");
        signal(outcome.signal, into);
        if outcome.is_detached {
            into.extend_from_slice(b",\"detached\":true");
        }
        into.extend_from_slice(b"}\n");
        self.pass(1)?;
        self.output.flush()
    }
}

/// An event as one line.
pub fn line(event: &Event, into: &mut Vec<u8>) {
    match &event.what {
        What::Call(ended) => call(event.who, ended, into),
        What::Process { parent, how, program } => {
            open("process", event, into);
            into.extend_from_slice(b",\"parent\":");
            json::optional(parent.map(i64::from), into);
            print(into, format_args!(",\"how\":\"{}\",\"program\":", how.name()));
            maybe(program.as_deref(), into);
        }
        What::Exec { program, argv, former } => {
            open("exec", event, into);
            into.extend_from_slice(b",\"program\":");
            json::text(program, into);
            into.extend_from_slice(b",\"argv\":");
            words(argv, into);
            if let Some(former) = former {
                print(into, format_args!(",\"former\":{former}"));
            }
        }
        What::Signal { signal: number, code, sender } => {
            open("signal", event, into);
            into.extend_from_slice(b",\"signal\":");
            signal(Some(*number), into);
            into.extend_from_slice(b",\"code\":");
            json::string(&decode::signal_code(*number, *code), into);
            into.extend_from_slice(b",\"sender\":");
            json::optional(sender.map(i64::from), into);
        }
        What::Exit { status, signal: number, core, usage } => {
            open("exit", event, into);
            into.extend_from_slice(b",\"status\":");
            json::optional(status.map(i64::from), into);
            into.extend_from_slice(b",\"signal\":");
            signal(*number, into);
            print(into, format_args!(",\"core\":{core}"));
            if let Some(usage) = usage {
                into.extend_from_slice(b",\"user_us\":");
                json::microseconds(usage.user, into);
                into.extend_from_slice(b",\"system_us\":");
                json::microseconds(usage.system, into);
                print(into, format_args!(",\"max_rss\":{}", usage.max_rss));
            }
        }
    }
    into.extend_from_slice(b"}\n");
}

fn open(name: &str, event: &Event, into: &mut Vec<u8>) {
    print(into, format_args!("{{\"event\":\"{name}\",\"time\":"));
    json::moment(event.time, into);
    who(event.who, into);
}

fn who(who: Who, into: &mut Vec<u8>) {
    print(into, format_args!(",\"pid\":{},\"tid\":{}", who.pid, who.tid));
}

fn call(task: Who, ended: &Ended, into: &mut Vec<u8>) {
    into.extend_from_slice(b"{\"event\":\"call\"");
    who(task, into);
    into.extend_from_slice(b",\"start\":");
    json::moment(ended.start, into);
    into.extend_from_slice(b",\"duration_us\":");
    json::microseconds(ended.duration, into);
    into.extend_from_slice(b",\"name\":");
    json::string(&decode::name(&ended.call), into);
    into.extend_from_slice(b",\"args\":{");
    for (place, Arg { name, value }) in ended.args.iter().enumerate() {
        if place > 0 {
            into.push(b',');
        }
        json::string(name, into);
        into.push(b':');
        decode::json::value(value, into);
    }
    into.extend_from_slice(b"},\"result\":");
    // A program sees an error as -1, and which one it was in `errno`.
    json::optional(if ended.error.is_some() { Some(-1) } else { ended.call.result }, into);
    into.extend_from_slice(b",\"errno\":");
    error(ended.error, into);
    into.extend_from_slice(b",\"python\":");
    match &ended.frame {
        Some(frame) => {
            into.extend_from_slice(b"{\"file\":");
            json::string(&frame.file, into);
            print(into, format_args!(",\"line\":{},\"function\":", frame.line));
            json::string(&frame.function, into);
            into.push(b'}');
        }
        None => into.extend_from_slice(b"null"),
    }
    match ended.call.abi {
        Abi::X86_64 => {}
        Abi::X32 => into.extend_from_slice(b",\"abi\":\"x32\""),
        Abi::I386 => into.extend_from_slice(b",\"abi\":\"i386\""),
    }
    if ended.is_unfinished {
        into.extend_from_slice(b",\"unfinished\":true");
    }
    if let Some(descriptor) = &ended.descriptor {
        into.extend_from_slice(b",\"descriptor\":");
        json::text(descriptor, into);
    }
}

fn error(number: Option<i32>, into: &mut Vec<u8>) {
    match number {
        None => into.extend_from_slice(b"null"),
        Some(number) => match decode::error_name(number) {
            Some(name) => json::string(name, into),
            None => print(into, format_args!("\"errno_{number}\"")),
        },
    }
}

fn signal(number: Option<i32>, into: &mut Vec<u8>) {
    match number {
        Some(number) => json::string(&decode::signal_name(number), into),
        None => into.extend_from_slice(b"null"),
    }
}

fn maybe(text: Option<&[u8]>, into: &mut Vec<u8>) {
    match text {
        Some(text) => json::text(text, into),
        None => into.extend_from_slice(b"null"),
    }
}

fn words(words: &[Vec<u8>], into: &mut Vec<u8>) {
    into.push(b'[');
    for (place, word) in words.iter().enumerate() {
        if place > 0 {
            into.push(b',');
        }
        json::text(word, into);
    }
    into.push(b']');
}

fn kernel() -> Vec<u8> {
    std::fs::read("/proc/sys/kernel/osrelease").map(|text| text.trim_ascii().to_vec()).unwrap_or_default()
}
