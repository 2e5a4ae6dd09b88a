//! Numbers of events in JSON.

use std::io::Write;

use crate::event::Moment;

/// A whole number, or null.
pub fn optional(out: &mut Vec<u8>, number: Option<i64>) {
    match number {
        Some(number) => print(out, format_args!("{number}")),
        None => out.extend_from_slice(b"null"),
    }
}

/// Seconds since 1970, with nine digits after the point.
pub fn moment(out: &mut Vec<u8>, moment: Moment) {
    print(out, format_args!("{}.{:09}", moment / 1_000_000_000, moment % 1_000_000_000));
}

/// Nanoseconds as microseconds, without digits that say nothing.
pub fn microseconds(out: &mut Vec<u8>, nanoseconds: u64) {
    let (whole, rest) = (nanoseconds / 1000, nanoseconds % 1000);
    match rest {
        0 => print(out, format_args!("{whole}")),
        rest => print(out, format_args!("{whole}.{rest:03}")),
    }
}

/// Append formatted text.
pub(crate) fn print(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // A vector takes everything.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn moments_have_nine_digits() {
        assert_eq!(written(|out| moment(out, 1_700_000_000_000_000_042)), "1700000000.000000042");
        assert_eq!(written(|out| microseconds(out, 12_005)), "12.005");
        assert_eq!(written(|out| microseconds(out, 12_000)), "12");
    }
}
