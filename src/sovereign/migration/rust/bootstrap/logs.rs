//! Records of the log: text or JSON, to the standard output or in frames that keep their ends.

use crate::environment::Format;
use crate::json;
use crate::number::padded;
use crate::slices::{fill, write_all};
use crate::{Environment, Level, Log, System, Writer};

const STANDARD_OUTPUT: i32 = 1;
const FRAME_TEXT: u32 = 0xa55a_0003;
const FRAME_JSON: u32 = 0xa55a_0002;
/// Records of up to this size need no memory of the heap.
const USUAL_SIZE: usize = 1024;
const DAY_S: i64 = 86_400;

/// Where records go, and whose they are.
#[derive(Clone, Copy)]
pub struct Logs<'a, S> {
    system: &'a S,
    format: Format,
    level: Level,
    descriptor: Option<i32>,
    request_id: &'a str,
    tenant_id: &'a str,
}

impl<'a, S: System> Logs<'a, S> {
    /// The log of a process.
    pub fn new(system: &'a S, environment: &Environment<'_>) -> Logs<'a, S> {
        Logs {
            system,
            format: environment.log_format(),
            level: environment.log_level(),
            descriptor: environment.log_descriptor(),
            request_id: "",
            tenant_id: "",
        }
    }

    /// The log of an invocation.
    pub fn of<'b>(&self, request_id: &'b str, tenant_id: &'b str) -> Logs<'b, S>
    where
        'a: 'b,
    {
        Logs { request_id, tenant_id, ..*self }
    }

    /// Log an error by its class and message.
    pub fn error(&self, kind: &str, message: &str) {
        self.write(Level::Error, &[message], kind);
    }

    /// Log a message that has several pieces.
    #[cold]
    pub fn complain(&self, level: Level, pieces: &[&str]) {
        self.write(level, pieces, "");
    }

    fn write(&self, level: Level, message: &[&str], kind: &str) {
        if level < self.level {
            return;
        }
        let mut room = [0; USUAL_SIZE];
        let mut record = Writer::over(&mut room);
        let now_us = self.system.now_us();
        let base = match self.format {
            Format::Text => {
                self.text(&mut record, level, message, kind, now_us);
                FRAME_TEXT
            }
            Format::Json => {
                self.object(&mut record, level, message, kind, now_us);
                FRAME_JSON
            }
        };
        match self.descriptor {
            None => {
                record.write(b"\n");
                self.put(STANDARD_OUTPUT, &mut [record.bytes()]);
            }
            Some(descriptor) => {
                let mut head = [0; 16];
                let kind = base + ((level as u32) << 2);
                let length = record.bytes().len() as u32;
                for (at, number) in
                    [(0, &kind.to_be_bytes()[..]), (4, &length.to_be_bytes()), (8, &now_us.to_be_bytes())]
                {
                    fill(head.get_mut(at..).unwrap_or_default(), number);
                }
                self.put(descriptor, &mut [&head, record.bytes()]);
            }
        }
    }

    fn put(&self, descriptor: i32, pieces: &mut [&[u8]]) {
        // Where nobody reads the log there is nobody else to tell.
        let _ = write_all(self.system, descriptor, pieces);
    }

    fn text(&self, record: &mut Writer<'_>, level: Level, message: &[&str], kind: &str, now_us: i64) {
        record.write(b"[");
        record.write(name(level).as_bytes());
        record.write(b"]\t");
        let time = moment(now_us);
        record.write(&time[..19]);
        record.write(b".");
        let mut thousandths = [0; 3];
        padded((now_us / 1000).rem_euclid(1000) as u64, &mut thousandths);
        record.write(&thousandths);
        record.write(b"Z\t");
        record.write(self.request_id.as_bytes());
        record.write(b"\t");
        if !kind.is_empty() {
            record.write(kind.as_bytes());
            record.write(b": ");
        }
        for piece in message {
            record.write(piece.as_bytes());
        }
    }

    fn object(&self, record: &mut Writer<'_>, level: Level, message: &[&str], kind: &str, now_us: i64) {
        let text = core::str::from_utf8;
        let is_error = !kind.is_empty();
        let time = moment(now_us);
        record.write(b"{");
        member(record, "timestamp", &[text(&time).unwrap_or_default()]);
        member(record, "level", &[name(level)]);
        member(record, "message", message);
        member(record, "errorType", &[kind]);
        member(record, "errorMessage", if is_error { message } else { &[] });
        member(record, "requestId", &[self.request_id]);
        member(record, "tenantId", &[self.tenant_id]);
        record.write(b"}");
    }
}

/// One member of an object, unless it says nothing.
fn member(record: &mut Writer<'_>, key: &str, value: &[&str]) {
    if value.iter().all(|piece| piece.is_empty()) && key != "message" {
        return;
    }
    record.write(if record.bytes().len() > 1 { b",\"" } else { b"\"" });
    record.write(key.as_bytes());
    record.write(b"\":\"");
    for piece in value {
        json::escape(piece, record);
    }
    record.write(b"\"");
}

fn name(level: Level) -> &'static str {
    match level {
        Level::Trace => "TRACE",
        Level::Debug => "DEBUG",
        Level::Info => "INFO",
        Level::Warn => "WARN",
        Level::Error => "ERROR",
        Level::Fatal => "FATAL",
    }
}

impl<S: System> Log for Logs<'_, S> {
    fn record(&self, level: Level, message: &str) {
        self.write(level, &[message], "");
    }
}

/// A moment as `2026-01-31T12:00:00Z`.
fn moment(now_us: i64) -> [u8; 20] {
    let seconds = now_us.div_euclid(1_000_000);
    let (days, second) = (seconds.div_euclid(DAY_S), seconds.rem_euclid(DAY_S));
    let (year, month, day) = civil(days);
    let mut text = *b"0000-00-00T00:00:00Z";
    for (at, value) in [
        (0..4, year),
        (5..7, month),
        (8..10, day),
        (11..13, second / 3600),
        (14..16, second / 60 % 60),
        (17..19, second % 60),
    ] {
        padded(value as u64, text.get_mut(at).unwrap_or_default());
    }
    text
}

/// Year, month and day, so many days after the first of 1970; years are counted from March, which ends in the leap day.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}
