//! Records of the log: text or JSON, to the standard output or in frames that keep their ends.

use crate::environment::Format;
use crate::number::padded;
use crate::slices::{fill, part, write_all};
use crate::{template, Environment, Level, Log, System, Writer};

const STANDARD_OUTPUT: i32 = 1;
const FRAME_TEXT: u32 = 0xa55a_0003;
const FRAME_JSON: u32 = 0xa55a_0002;
/// Records of up to this size need no memory of the heap.
const USUAL_SIZE: usize = 1024;
const DAY_S: u64 = 86_400;
const TEXT: &str = "[\x01]\t\x02.\x03Z\t\x04\t";
const TEXT_ERROR: &str = "[\x01]\t\x02.\x03Z\t\x04\t\x05: ";
const MEMBER: &str = ",\"\x01\":\"\x12\x13\"";
const OBJECT: &str = "{\"timestamp\":\"\x02Z\",\"level\":\"\x01\"";

/// Where records go, and whose they are.
#[derive(Clone, Copy)]
pub struct Logs<'a, S> {
    system: S,
    environment: &'a Environment<'a>,
    request_id: &'a str,
    tenant_id: &'a str,
}

impl<'a, S: System> Logs<'a, S> {
    /// The log of an invocation, or without an id of the process.
    pub fn new(system: S, environment: &'a Environment<'a>, request_id: &'a str, tenant_id: &'a str) -> Logs<'a, S> {
        Logs { system, environment, request_id, tenant_id }
    }

    /// Log an error by its class and message.
    pub fn error(&self, kind: &str, message: &str) {
        self.write(Level::Error, message, "", kind);
    }

    /// Log what the runtime has to say, and what it is about.
    #[cold]
    pub fn complain(&self, level: Level, message: &str, about: &str) {
        self.write(level, message, about, "");
    }

    #[inline(never)]
    fn write(&self, level: Level, message: &str, about: &str, kind: &str) {
        if level < self.environment.log_level() {
            return;
        }
        let mut room = [0; USUAL_SIZE];
        let mut record = Writer::over(&mut room);
        let now_us = self.system.now_us() as u64;
        let base = match self.environment.log_format() {
            Format::Text => {
                self.text(&mut record, level, message, about, kind, now_us);
                FRAME_TEXT
            }
            Format::Json => {
                self.object(&mut record, level, message, about, kind, now_us);
                FRAME_JSON
            }
        };
        let mut head = [0; 16];
        let mut end: &[u8] = b"";
        let mut descriptor = STANDARD_OUTPUT;
        let mut head_size = 0;
        if let Some(number) = self.environment.log_descriptor() {
            let kind = base + ((level as u32) << 2);
            let sizes = u64::from(kind) << 32 | record.bytes().len() as u64;
            fill(&mut head, &sizes.to_be_bytes());
            fill(head.get_mut(8..).unwrap_or_default(), &now_us.to_be_bytes());
            head_size = head.len();
            descriptor = number;
        } else {
            end = b"\n";
        }
        // Where nobody reads the log there is nobody else to tell.
        let _ = write_all(self.system, descriptor, &mut [part(&head, 0..head_size), record.bytes(), end]);
    }

    fn text(&self, record: &mut Writer<'_>, level: Level, message: &str, about: &str, kind: &str, now_us: u64) {
        let mut thousandths = [0; 3];
        padded(now_us / 1000, &mut thousandths);
        let time = moment(now_us);
        let values = [name(level), &time, &thousandths, self.request_id.as_bytes(), kind.as_bytes()];
        template::write(if kind.is_empty() { TEXT } else { TEXT_ERROR }, &values, record);
        record.write(message.as_bytes());
        record.write(about.as_bytes());
    }

    fn object(&self, record: &mut Writer<'_>, level: Level, message: &str, about: &str, kind: &str, now_us: u64) {
        template::write(OBJECT, &[name(level), &moment(now_us)], record);
        member(record, "message", message, about);
        if !kind.is_empty() {
            member(record, "errorType", kind, "");
            member(record, "errorMessage", message, about);
        }
        member(record, "requestId", self.request_id, "");
        member(record, "tenantId", self.tenant_id, "");
        record.write(b"}");
    }
}

/// One member of an object, unless it says nothing.
#[inline(never)]
fn member(record: &mut Writer<'_>, key: &str, value: &str, more: &str) {
    if !value.is_empty() {
        template::write(MEMBER, &[key.as_bytes(), value.as_bytes(), more.as_bytes()], record);
    }
}

const NAMES: &[u8] = b"     TRACEDEBUGINFO WARN ERRORFATAL";
const NAME_WIDTH: usize = 5;

fn name(level: Level) -> &'static [u8] {
    let start = level as usize * NAME_WIDTH;
    part(NAMES, start..start + if matches!(level, Level::Info | Level::Warn) { 4 } else { NAME_WIDTH })
}

impl<S: System> Log for Logs<'_, S> {
    fn record(&self, level: Level, message: &str) {
        self.write(level, message, "", "");
    }
}

/// A moment as `2026-01-31T12:00:00`.
fn moment(now_us: u64) -> [u8; 19] {
    let second = now_us / 1_000_000;
    let mut text = *b"0000-00-00T00:00:00";
    let (year, month, day) = civil(second / DAY_S);
    put(&mut text, 0, 4, year);
    put(&mut text, 5, 2, month);
    put(&mut text, 8, 2, day);
    put(&mut text, 11, 2, second / 3600 % 24);
    put(&mut text, 14, 2, second / 60 % 60);
    put(&mut text, 17, 2, second % 60);
    text
}

#[inline(never)]
fn put(text: &mut [u8], at: usize, width: usize, value: u64) {
    padded(value, text.get_mut(at..at + width).unwrap_or_default());
}

/// Year, month and day, so many days after the first of 1970; short rather than fast.
fn civil(mut days: u64) -> (u64, u64, u64) {
    let mut year = 1970;
    let mut month = 0;
    loop {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            1 => 28 + u64::from(is_leap),
            3 | 5 | 8 | 10 => 30,
            _ => 31,
        };
        if days < length {
            return (year, month + 1, days + 1);
        }
        days -= length;
        month += 1;
        if month == 12 {
            year += 1;
            month = 0;
        }
    }
}
