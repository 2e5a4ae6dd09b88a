//! Events as a person reads them, one line a call.

use std::{
    collections::HashSet,
    io::{self, Write},
};

use crate::{
    decode,
    event::{Ended, Event, Outcome, What, Who},
    sink::{Sink, Wants},
    write::{json::print, names},
};

const FULL: usize = 64 * 1024;
/// Where the result stands, for those who read down the column.
const RESULT_COLUMN: usize = 40;
const SHOWN: decode::text::Style = decode::text::Style { descriptors: true, whole: false };

/// How lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Show how long a call took.
    pub durations: bool,
    /// Show when a call began, in seconds since 1970.
    pub times: bool,
    /// Begin every line with the number of its task, as in a file.
    pub numbers: bool,
    /// Hand on each line at once, for a reader that waits.
    pub is_prompt: bool,
}

/// Writes events as text.
pub struct Text<W> {
    output: W,
    style: Style,
    buffer: Vec<u8>,
    /// The tasks seen so far: with more than one, lines say whose they are.
    seen: HashSet<i32>,
}

impl<W: Write> Text<W> {
    /// Write to `output`.
    pub fn new(output: W, style: Style) -> Self {
        Self { output, style, buffer: Vec::with_capacity(2 * FULL), seen: HashSet::new() }
    }

    fn open(&mut self, who: Who, time: u64) -> usize {
        self.seen.insert(who.tid);
        let start = self.buffer.len();
        if self.style.numbers {
            print(&mut self.buffer, format_args!("{} ", who.tid));
        } else if self.seen.len() > 1 {
            print(&mut self.buffer, format_args!("[pid {:>5}] ", who.tid));
        }
        if self.style.times {
            print(&mut self.buffer, format_args!("{}.{:06} ", time / 1_000_000_000, time / 1000 % 1_000_000));
        }
        start
    }

    fn call(&mut self, who: Who, ended: &Ended) {
        let start = self.open(who, ended.start);
        let into = &mut self.buffer;
        into.extend_from_slice(names::call(&ended.call).as_bytes());
        into.push(b'(');
        decode::text::arguments(into, &ended.args, SHOWN);
        into.push(b')');
        while into.len() - start < RESULT_COLUMN - 1 {
            into.push(b' ');
        }
        into.extend_from_slice(b" = ");
        decode::text::result(into, &ended.call, ended.descriptor.as_deref(), SHOWN);
        if self.style.durations && !ended.is_unfinished {
            let micros = ended.duration / 1000;
            print(into, format_args!(" <{}.{:06}>", micros / 1_000_000, micros % 1_000_000));
        }
        if let Some(frame) = &ended.frame {
            print(into, format_args!("  # {}:{} {}", frame.file, frame.line, frame.function));
        }
        into.push(b'\n');
    }

    fn note(&mut self, who: Who, time: u64, text: std::fmt::Arguments<'_>) {
        self.open(who, time);
        print(&mut self.buffer, text);
        self.buffer.push(b'\n');
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

impl<W: Write> Sink for Text<W> {
    fn wants(&self) -> Wants {
        Wants { arguments: true, tasks: true, begun: false, idle: false }
    }

    fn take(&mut self, event: &Event) -> io::Result<()> {
        let (who, time) = (event.who, event.time);
        match &event.what {
            What::Call(ended) => self.call(who, ended),
            What::Process { .. } => {
                self.seen.insert(who.tid);
            }
            What::Exec { former: Some(former), .. } => {
                self.note(who, time, format_args!("+++ superseded by execve in pid {former} +++"));
            }
            What::Exec { .. } => {}
            What::Signal { signal, code, sender } => {
                let (name, code) = (names::signal(*signal), names::signal_code(*signal, *code));
                let sender = sender.map(|pid| format!(", si_pid={pid}")).unwrap_or_default();
                self.note(who, time, format_args!("--- {name} {{si_signo={name}, si_code={code}{sender}}} ---"));
            }
            What::Exit { status: Some(status), .. } => {
                self.note(who, time, format_args!("+++ exited with {status} +++"));
            }
            What::Exit { signal: Some(signal), core, .. } => {
                let core = if *core { " (core dumped)" } else { "" };
                self.note(who, time, format_args!("+++ killed by {}{core} +++", names::signal(*signal)));
            }
            What::Exit { .. } => {}
        }
        if matches!(event.what, What::Exit { .. }) {
            self.seen.remove(&who.tid);
        }
        self.pass(if self.style.is_prompt { 1 } else { FULL })
    }

    fn end(&mut self, _: &Outcome) -> io::Result<()> {
        self.pass(1)?;
        self.output.flush()
    }
}
