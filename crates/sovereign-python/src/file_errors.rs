//! From an error of the crate `container` to one of `sovereign.errors`: which bytes, what was expected, what was found.

use container::Error;

use crate::errors::{Fact, Facts, Told, panicked};

/// Family, code and facts of a refused file.
pub(crate) fn told(error: Error) -> Told {
    let message = error.to_string();
    let (text, count) = (|text: &str| Fact::Text(text.replace('`', "")), Fact::Number);
    let (family, code, facts) = match error {
        Error::Magic { got } => {
            ("FormatError", "container.magic", at("magic", 0, text("APRN"), text(&got.escape_ascii().to_string())))
        }
        Error::Version { got } => {
            ("FormatError", "container.version", at("version_major", 4, count(1), count(got.into())))
        }
        Error::Field { field, offset, expected, got } => {
            ("FormatError", "container.field", at(field.name(), offset, text(expected), count(got)))
        }
        Error::Limit { field, offset, most, got } => {
            ("FormatError", "container.limit", at(field.name(), offset, count(most), count(got)))
        }
        Error::Text { field, offset } => {
            ("FormatError", "container.text", at(field.name(), offset, text("UTF-8"), text("other bytes")))
        }
        Error::Json { field, offset, line, column } => {
            let got = Fact::Text(format!("{line}:{column}"));
            ("FormatError", "container.json", at(field.name(), offset, text("JSON of this layout"), got))
        }
        Error::Unsupported { layout, reason } => {
            ("FormatError", "container.unsupported", at("layout", 0, text(reason), text(layout.name())))
        }
        Error::Truncated { expected, got } => {
            ("IntegrityError", "container.truncated", at("size", got, count(expected), count(got)))
        }
        Error::Surplus { expected, got } => {
            ("IntegrityError", "container.surplus", at("size", expected, count(expected), count(got)))
        }
        Error::Hidden { offset, got } => {
            ("IntegrityError", "container.hidden", at("padding", offset, count(0), count(got.into())))
        }
        Error::Overlap { offset, end } => {
            ("FormatError", "container.overlap", at("offset", offset, count(end), count(offset)))
        }
        Error::Checksum { offset, expected, got } => {
            ("IntegrityError", "container.checksum", at("checksum", offset, count(expected.into()), count(got.into())))
        }
        Error::Stream { offset } => {
            ("IntegrityError", "container.stream", at("payload", offset, text("a stream"), text("other bytes")))
        }
        Error::Expansion { offset, expected, got } => {
            ("IntegrityError", "container.expansion", at("payload", offset, count(expected), count(got)))
        }
        Error::Unreadable { offset } => {
            ("IntegrityError", "container.truncated", at("size", offset, text("readable bytes"), text("none")))
        }
        _ => return panicked(message, file!().to_owned()),
    };
    Told(family, code, message, facts)
}

/// A mapped file became shorter while it was read.
pub(crate) fn cut() -> Told {
    let message =
        "a mapped file was cut while it was read, and what was computed from it is: `not to be used`".to_owned();
    let facts = at("size", 0, Fact::Text("the mapped bytes".to_owned()), Fact::Text("fewer".to_owned()));
    Told("IntegrityError", "container.truncated", message, facts)
}

fn at(field: &'static str, offset: u64, expected: Fact, got: Fact) -> Facts {
    let field = ("field", Fact::Text(field.to_owned()));
    vec![field, ("offset", Fact::Number(offset)), ("expected", expected), ("got", got)]
}
