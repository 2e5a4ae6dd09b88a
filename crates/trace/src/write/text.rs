//! Events as a person reads them, one line a call.

use std::{
    collections::{HashMap, HashSet},
    io::{self, Write},
};

use crate::{
    decode,
    event::{Ended, Event, Outcome, What, Who},
    sink::{Sink, Wants},
    write::{
        json::print,
        names,
        output::{FULL, Output},
    },
};

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
    output: Output<W>,
    style: Style,
    /// The tasks seen so far: with more than one, lines say whose they are.
    seen: HashSet<i32>,
    /// The line that is not at its end, and the task whose call it shows.
    line: Option<(i32, Begun)>,
    /// Calls whose lines were cut because something else came between.
    cut: HashMap<i32, Begun>,
}

/// What a line shows of a call that has not ended.
#[derive(Clone, Copy)]
struct Begun {
    /// How long the line is.
    column: usize,
    /// How many arguments it has.
    shown: usize,
    /// Whether the next one follows at once.
    is_open: bool,
}

impl<W: Write> Text<W> {
    /// Write to `output`.
    pub fn new(output: W, style: Style) -> Self {
        let output = Output::new(output);
        Self { output, style, seen: HashSet::new(), line: None, cut: HashMap::new() }
    }

    fn open(&mut self, who: Who, time: u64) -> usize {
        self.cut_line(b" <unfinished ...>\n");
        self.seen.insert(who.tid);
        let start = self.output.buffer.len();
        if self.style.numbers {
            print(&mut self.output.buffer, format_args!("{} ", who.tid));
        } else if self.seen.len() > 1 {
            print(&mut self.output.buffer, format_args!("[pid {:>5}] ", who.tid));
        }
        if self.style.times {
            print(&mut self.output.buffer, format_args!("{}.{:06} ", time / 1_000_000_000, time / 1000 % 1_000_000));
        }
        start
    }

    /// End the line of a call that goes on.
    fn cut_line(&mut self, why: &[u8]) {
        if let Some((tid, begun)) = self.line.take() {
            self.output.buffer.extend_from_slice(why);
            self.cut.insert(tid, begun);
        }
    }

    /// The part of a line that is known before the call runs.
    fn begin(&mut self, who: Who, ended: &Ended) {
        let start = self.open(who, ended.start);
        let into = &mut self.output.buffer;
        into.extend_from_slice(names::call(&ended.call).as_bytes());
        into.push(b'(');
        let shown = decode::settled(&ended.call, &ended.args);
        decode::text::arguments(into, &ended.args[..shown], SHOWN);
        let is_open = shown == 0 || shown < ended.args.len();
        if is_open && shown > 0 {
            into.extend_from_slice(b", ");
        }
        self.line = Some((who.tid, Begun { column: into.len() - start, shown, is_open }));
    }

    fn call(&mut self, who: Who, ended: &Ended) {
        let mut begun = self.line.take_if(|(tid, _)| *tid == who.tid).map(|(_, begun)| begun);
        let mut start = self.output.buffer.len();
        if begun.is_none() {
            begun = self.cut.remove(&who.tid);
            start = self.open(who, if begun.is_some() { ended.start + ended.duration } else { ended.start });
            let name = names::call(&ended.call);
            match &mut begun {
                Some(begun) => {
                    print(&mut self.output.buffer, format_args!("<... {name} resumed>"));
                    begun.column = 0;
                }
                None => print(&mut self.output.buffer, format_args!("{name}(")),
            }
        }
        let into = &mut self.output.buffer;
        let begun = begun.unwrap_or(Begun { column: 0, shown: 0, is_open: true });
        let rest = ended.args.get(begun.shown..).unwrap_or_default();
        if !begun.is_open && !rest.is_empty() {
            into.extend_from_slice(b", ");
        }
        decode::text::arguments(into, rest, SHOWN);
        into.push(b')');
        while into.len() + begun.column - start < RESULT_COLUMN - 1 {
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
        print(&mut self.output.buffer, text);
        self.output.buffer.push(b'\n');
    }
}

impl<W: Write> Sink for Text<W> {
    fn wants(&self) -> Wants {
        Wants { arguments: true, tasks: true, begun: true, idle: false }
    }

    fn take(&mut self, event: &Event) -> io::Result<()> {
        let (who, time) = (event.who, event.time);
        match &event.what {
            What::Call(ended) => self.call(who, ended),
            What::Process { .. } => {
                self.seen.insert(who.tid);
            }
            What::Exec { former: Some(former), .. } => {
                self.cut_line(b" <unfinished ...>\n");
                if let Some(begun) = self.cut.remove(former) {
                    self.cut.insert(who.tid, begun);
                }
                self.note(who, time, format_args!("+++ superseded by execve in pid {former} +++"));
            }
            What::Exec { .. } => {}
            What::Signal { signal, code, sender } => {
                let (name, code) = (names::signal(*signal), names::signal_code(*signal, *code));
                let sender = sender.map(|pid| format!(", si_pid={pid}")).unwrap_or_default();
                self.note(who, time, format_args!("--- {name} {{si_signo={name}, si_code={code}{sender}}} ---"));
            }
            What::Stopped { signal } => {
                self.note(who, time, format_args!("--- stopped by {} ---", names::signal(*signal)));
            }
            What::Exit { status: Some(status), .. } => {
                self.note(who, time, format_args!("+++ exited with {status} +++"));
            }
            What::Exit { signal: Some(signal), core, .. } => {
                let core = if *core { " (core dumped)" } else { "" };
                self.note(who, time, format_args!("+++ killed by {}{core} +++", names::signal(*signal)));
            }
            // Its number goes on as that of a thread that executes, and so does the line of that call.
            What::Exit { .. } => {}
        }
        if matches!(event.what, What::Exit { .. }) {
            self.seen.remove(&who.tid);
        }
        self.output.pass(if self.style.is_prompt { 1 } else { FULL })
    }

    fn begun(&mut self, who: Who, ended: &Ended) -> io::Result<()> {
        self.begin(who, ended);
        // A call that lasts is shown with the next line, so that no half of one stands between the program's own.
        self.output.pass(if self.style.is_prompt { 1 } else { FULL })
    }

    fn end(&mut self, outcome: &Outcome) -> io::Result<()> {
        self.cut_line(if outcome.is_detached { b" <detached ...>\n" } else { b" <unfinished ...>\n" });
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        call::{Abi, Call},
        decode::value::{Arg, Value},
    };

    fn ended(name: &str, args: Vec<Arg>, result: Option<i64>) -> Ended {
        let number = decode::number(Abi::X86_64, name).expect("a known call");
        let call = Call { abi: Abi::X86_64, number, args: [0; 6], result };
        let is_unfinished = result.is_none();
        Ended { call, start: 0, duration: 0, error: None, args, descriptor: None, frame: None, is_unfinished }
    }

    fn read(buffer: Value, result: Option<i64>) -> Ended {
        let arg = |name, value| Arg { name, value };
        let args = vec![arg("fd", Value::Descriptor(3, None)), arg("buf", buffer), arg("count", Value::Uint(9))];
        ended("read", args, result)
    }

    fn written(tell: impl FnOnce(&mut Text<&mut Vec<u8>>)) -> String {
        let mut out = Vec::new();
        let mut text = Text::new(&mut out, Style { numbers: true, ..Style::default() });
        tell(&mut text);
        text.end(&Outcome { is_detached: true, ..Outcome::default() }).expect("room");
        drop(text);
        String::from_utf8(out).expect("text")
    }

    fn take(text: &mut Text<&mut Vec<u8>>, tid: i32, what: What) {
        text.take(&Event { who: Who { pid: 1, tid }, time: 0, what }).expect("room");
    }

    fn begin(text: &mut Text<&mut Vec<u8>>, tid: i32, ended: &Ended) {
        text.begun(Who { pid: 1, tid }, ended).expect("room");
    }

    #[test]
    fn a_call_that_nothing_interrupts_has_one_line() {
        let whole = "1 read(3, \"ab\", 9)                      = 2\n";
        let end = || What::Call(Box::new(read(Value::Text(b"ab".to_vec(), false), Some(2))));
        assert_eq!(written(|text| take(text, 1, end())), whole);
        let begun = written(|text| {
            begin(text, 1, &read(Value::Address(64), None));
            take(text, 1, end());
        });
        assert_eq!(begun, whole);
    }

    #[test]
    fn a_call_that_another_task_interrupts_has_two_lines() {
        let lines = written(|text| {
            begin(text, 1, &read(Value::Address(64), None));
            begin(text, 2, &ended("getpid", vec![], None));
            take(text, 2, What::Call(Box::new(ended("getpid", vec![], Some(1)))));
            begin(text, 2, &ended("getppid", vec![], None));
            take(text, 1, What::Call(Box::new(read(Value::Text(b"ab".to_vec(), false), Some(2)))));
            take(text, 2, What::Call(Box::new(ended("getppid", vec![], None))));
            take(text, 2, What::Stopped { signal: libc::SIGSTOP });
            begin(text, 1, &read(Value::Address(64), None));
        });
        let expected = [
            "1 read(3,  <unfinished ...>",
            "2 getpid()                              = 1",
            "2 getppid( <unfinished ...>",
            "1 <... read resumed>\"ab\", 9)            = 2",
            "2 <... getppid resumed>)                = ?",
            "2 --- stopped by SIGSTOP ---",
            "1 read(3,  <detached ...>\n",
        ];
        assert_eq!(lines, expected.join("\n"));
    }

    #[test]
    fn a_thread_that_executes_takes_its_line_to_its_new_number() {
        let lines = written(|text| {
            begin(text, 2, &ended("execve", vec![], None));
            take(text, 2, What::Exit { status: None, signal: None, core: false, usage: None });
            take(text, 1, What::Exec { program: vec![], argv: vec![], former: Some(2) });
            take(text, 1, What::Call(Box::new(ended("execve", vec![], Some(0)))));
        });
        let expected = [
            "2 execve( <unfinished ...>",
            "1 +++ superseded by execve in pid 2 +++",
            "1 <... execve resumed>)                 = 0\n",
        ];
        assert_eq!(lines, expected.join("\n"));
    }
}
