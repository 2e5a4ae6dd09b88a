//! Events as JSON, one object a line.

use std::io::{self, Write};

use crate::{
    call::Abi,
    decode,
    event::{Ended, Event, Head, Outcome, What, Who},
    sink::{Sink, Wants},
    write::{
        json::{self, print},
        names,
        output::{FULL, Output},
    },
};

/// The number of the schema; it grows when a reader would have to change.
pub const VERSION: u32 = 1;

/// Writes events as JSON lines.
pub struct Lines<W> {
    output: Output<W>,
    options: String,
    /// Hand on what there is whenever nothing happens, for a reader that waits.
    is_prompt: bool,
}

impl<W: Write> Lines<W> {
    /// Write to `output`; `options` is a JSON object of what was asked for.
    pub fn new(output: W, options: String, is_prompt: bool) -> Self {
        Self { output: Output::new(output), options, is_prompt }
    }
}

impl<W: Write> Sink for Lines<W> {
    fn wants(&self) -> Wants {
        Wants { arguments: true, tasks: true, begun: false, idle: self.is_prompt }
    }

    fn begin(&mut self, head: &Head) -> io::Result<()> {
        let into = &mut self.output.buffer;
        print(into, format_args!("{{\"event\":\"trace\",\"version\":{VERSION},\"tool\":\"renacer "));
        into.extend_from_slice(env!("CARGO_PKG_VERSION").as_bytes());
        into.extend_from_slice(b"\",\"kernel\":");
        decode::json::bytes(into, &kernel());
        into.extend_from_slice(b",\"arch\":\"x86_64\",\"command\":");
        words(&head.command, into);
        into.extend_from_slice(b",\"folder\":");
        decode::json::bytes(into, &head.folder);
        into.extend_from_slice(b",\"start\":");
        json::moment(into, head.start);
        print(into, format_args!(",\"options\":{}}}\n", self.options));
        Ok(())
    }

    fn take(&mut self, event: &Event) -> io::Result<()> {
        line(event, &mut self.output.buffer);
        self.output.pass(FULL)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.output.flush()
    }

    fn end(&mut self, outcome: &Outcome) -> io::Result<()> {
        let into = &mut self.output.buffer;
        into.extend_from_slice(b"{\"event\":\"end\",\"time\":");
        json::moment(into, outcome.end);
        print(into, format_args!(",\"calls\":{},\"lost\":0,\"status\":", outcome.calls));
        json::optional(into, outcome.status.map(i64::from));
        into.extend_from_slice(b",\"signal\":");
        signal(outcome.signal, into);
        if outcome.is_detached {
            into.extend_from_slice(b",\"detached\":true");
        }
        into.extend_from_slice(b"}\n");
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
            json::optional(into, parent.map(i64::from));
            print(into, format_args!(",\"how\":\"{}\",\"program\":", how.name()));
            maybe(program.as_deref(), into);
        }
        What::Exec { program, argv, former } => {
            open("exec", event, into);
            into.extend_from_slice(b",\"program\":");
            decode::json::bytes(into, program);
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
            decode::json::string(into, &names::signal_code(*number, *code));
            into.extend_from_slice(b",\"sender\":");
            json::optional(into, sender.map(i64::from));
        }
        // The signal is told, and so is the time that calls take longer.
        What::Stopped { .. } => return,
        What::Exit { status, signal: number, core, usage } => {
            open("exit", event, into);
            into.extend_from_slice(b",\"status\":");
            json::optional(into, status.map(i64::from));
            into.extend_from_slice(b",\"signal\":");
            signal(*number, into);
            print(into, format_args!(",\"core\":{core}"));
            if let Some(usage) = usage {
                into.extend_from_slice(b",\"user_us\":");
                json::microseconds(into, usage.user);
                into.extend_from_slice(b",\"system_us\":");
                json::microseconds(into, usage.system);
                print(into, format_args!(",\"max_rss\":{}", usage.max_rss));
            }
        }
    }
    into.extend_from_slice(b"}\n");
}

fn open(name: &str, event: &Event, into: &mut Vec<u8>) {
    print(into, format_args!("{{\"event\":\"{name}\",\"time\":"));
    json::moment(into, event.time);
    who(event.who, into);
}

fn who(who: Who, into: &mut Vec<u8>) {
    print(into, format_args!(",\"pid\":{},\"tid\":{}", who.pid, who.tid));
}

fn call(task: Who, ended: &Ended, into: &mut Vec<u8>) {
    into.extend_from_slice(b"{\"event\":\"call\"");
    who(task, into);
    into.extend_from_slice(b",\"start\":");
    json::moment(into, ended.start);
    into.extend_from_slice(b",\"duration_us\":");
    json::microseconds(into, ended.duration);
    into.extend_from_slice(b",\"name\":");
    decode::json::string(into, &names::call(&ended.call));
    into.extend_from_slice(b",\"args\":");
    decode::json::arguments(into, &ended.args);
    into.extend_from_slice(b",\"result\":");
    // A program sees an error as -1, and which one it was in `errno`.
    json::optional(into, if ended.error.is_some() { Some(-1) } else { ended.call.result });
    into.extend_from_slice(b",\"errno\":");
    error(ended.error, into);
    into.extend_from_slice(b",\"python\":");
    match &ended.frame {
        Some(frame) => {
            into.extend_from_slice(b"{\"file\":");
            decode::json::string(into, &frame.file);
            print(into, format_args!(",\"line\":{},\"function\":", frame.line));
            decode::json::string(into, &frame.function);
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
        decode::json::bytes(into, descriptor);
    }
}

fn error(number: Option<i32>, into: &mut Vec<u8>) {
    match number {
        None => into.extend_from_slice(b"null"),
        Some(number) => match decode::errno_name(number) {
            Some(name) => decode::json::string(into, name),
            None => print(into, format_args!("\"errno_{number}\"")),
        },
    }
}

fn signal(number: Option<i32>, into: &mut Vec<u8>) {
    match number {
        Some(number) => decode::json::string(into, &names::signal(number)),
        None => into.extend_from_slice(b"null"),
    }
}

fn maybe(text: Option<&[u8]>, into: &mut Vec<u8>) {
    match text {
        Some(text) => decode::json::bytes(into, text),
        None => into.extend_from_slice(b"null"),
    }
}

fn words(words: &[Vec<u8>], into: &mut Vec<u8>) {
    into.push(b'[');
    for (place, word) in words.iter().enumerate() {
        if place > 0 {
            into.push(b',');
        }
        decode::json::bytes(into, word);
    }
    into.push(b']');
}

fn kernel() -> Vec<u8> {
    std::fs::read("/proc/sys/kernel/osrelease").map(|text| text.trim_ascii().to_vec()).unwrap_or_default()
}
