//! Values as people know them from strace.

use std::io::Write as _;

use super::{
    kind::ResultKind,
    names, result_kind, tables,
    value::{Arg, Value},
};
use crate::call::Call;

/// How much is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether a descriptor is followed by what it is.
    pub descriptors: bool,
    /// Whether long structures are written whole.
    pub whole: bool,
}

/// Writes the arguments, without the brackets around them.
pub fn arguments(out: &mut Vec<u8>, args: &[Arg], style: Style) {
    separated(out, args.iter(), b", ", |out, arg| value(out, &arg.value, style));
}

/// Writes one value.
pub fn value(out: &mut Vec<u8>, shown: &Value, style: Style) {
    match shown {
        Value::Int(number) => put(out, format_args!("{number}")),
        Value::Uint(number) => put(out, format_args!("{number}")),
        Value::Based(number, base) => based(out, *number, *base),
        Value::Address(number) | Value::Fault(number) => put(out, format_args!("{number:#x}")),
        Value::Null => out.extend_from_slice(b"NULL"),
        Value::Text(text, is_cut) => quoted(out, text, *is_cut),
        Value::Bytes { kept, length, .. } => quoted(out, kept, (kept.len() as u64) < *length),
        Value::Flags(names, rest) => flags(out, names, *rest),
        Value::Creation(names, rest) => {
            names.iter().for_each(|name| put(out, format_args!("{name}|")));
            based(out, u64::from(*rest), 8);
        }
        Value::Name(name) => out.extend_from_slice(name.as_bytes()),
        Value::Descriptor(number, is) => descriptor(out, *number, is.as_deref(), style),
        Value::Structure(fields) => structure(out, fields, style),
        Value::List(values, is_cut) => list(out, values, *is_cut, style),
        Value::Pointed(inside) => around(out, |out| value(out, inside, style)),
        Value::Changed(before, after) => changed(out, before, after, style),
        Value::Written(function, inside) => written(out, function, inside, style),
        Value::Mode(mode) => file_mode(out, *mode),
        Value::Device(number) => {
            put(out, format_args!("makedev({:#x}, {:#x})", libc::major(*number), libc::minor(*number)));
        }
        Value::Signals(bits) => signals(out, *bits),
        Value::Status(status) => around(out, |out| child(out, *status)),
        Value::Set(numbers) => set(out, numbers),
        Value::Counted(address, count) => {
            put(out, format_args!("{address:#x} /* {count} var{} */", if *count == 1 { "" } else { "s" }));
        }
    }
}

/// Writes what a call gave, without the equals sign; `is` says what a new descriptor is.
pub fn result(out: &mut Vec<u8>, call: &Call, is: Option<&[u8]>, style: Style) {
    let Some(result) = call.result else { return out.push(b'?') };
    if (-4095..0).contains(&result) {
        let number = -result as i32;
        let place = if (512..=516).contains(&number) { "?" } else { "-1" };
        match names::errno_name(number) {
            Some(name) => put(out, format_args!("{place} {name} ({})", names::errno_text(number))),
            None => put(out, format_args!("-1 (errno {number})")),
        }
        return;
    }
    match result_kind(call) {
        ResultKind::Address | ResultKind::Hex => put(out, format_args!("{result:#x}")),
        ResultKind::Mask => based(out, result as u64, 8),
        ResultKind::Descriptor => descriptor(out, result as i32, is, style),
        ResultKind::OpenFlags => noted(out, result as u64, &tables::SET_OPEN.flags(result as u64)),
        ResultKind::FdFlags if result != 0 => noted(out, result as u64, &tables::SET_FDFLAGS.flags(result as u64)),
        ResultKind::Signal if result > 0 => {
            put(out, format_args!("{result} ({})", names::signal_name(result as i32).unwrap_or_default()));
        }
        ResultKind::Policy => {
            let name = tables::SET_POLICY.name_of(result as u64).unwrap_or("?");
            put(out, format_args!("{result} ({name})"));
        }
        _ => put(out, format_args!("{result}")),
    }
}

fn noted(out: &mut Vec<u8>, number: u64, names: &Value) {
    put(out, format_args!("{number:#x} (flags "));
    value(out, names, Style::default());
    out.push(b')');
}

fn put(out: &mut Vec<u8>, what: std::fmt::Arguments<'_>) {
    out.write_fmt(what).expect("memory takes what is written");
}

fn separated<T>(
    out: &mut Vec<u8>,
    items: impl Iterator<Item = T>,
    between: &[u8],
    mut each: impl FnMut(&mut Vec<u8>, T),
) {
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.extend_from_slice(between);
        }
        each(out, item);
    }
}

fn around(out: &mut Vec<u8>, inside: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'[');
    inside(out);
    out.push(b']');
}

fn based(out: &mut Vec<u8>, number: u64, base: u8) {
    match (base, number) {
        (8, 0) => out.extend_from_slice(b"000"),
        (8, _) => put(out, format_args!("0{number:o}")),
        (_, 0) => out.push(b'0'),
        _ => put(out, format_args!("{number:#x}")),
    }
}

/// A text as C writes it, bytes beyond ASCII in base 8.
fn quoted(out: &mut Vec<u8>, text: &[u8], is_cut: bool) {
    out.push(b'"');
    for (index, byte) in text.iter().enumerate() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0x0b => out.extend_from_slice(b"\\v"),
            0x0c => out.extend_from_slice(b"\\f"),
            0x20..0x7f => out.push(*byte),
            _ if text.get(index + 1).is_some_and(u8::is_ascii_digit) => put(out, format_args!("\\{byte:03o}")),
            _ => put(out, format_args!("\\{byte:o}")),
        }
    }
    out.extend_from_slice(if is_cut { b"\"..." } else { b"\"" });
}

fn flags(out: &mut Vec<u8>, names: &[&'static str], rest: u64) {
    separated(out, names.iter(), b"|", |out, name| out.extend_from_slice(name.as_bytes()));
    match (names.is_empty(), rest) {
        (true, 0) => out.push(b'0'),
        (true, _) => put(out, format_args!("{rest:#x}")),
        (false, 0) => {}
        (false, _) => put(out, format_args!("|{rest:#x}")),
    }
}

fn descriptor(out: &mut Vec<u8>, number: i32, is: Option<&[u8]>, style: Style) {
    if number == libc::AT_FDCWD {
        out.extend_from_slice(b"AT_FDCWD");
    } else {
        put(out, format_args!("{number}"));
    }
    if let (Some(is), true) = (is, style.descriptors) {
        out.push(b'<');
        for byte in is {
            match byte {
                0x20..0x7f if !matches!(byte, b'<' | b'>' | b'\\') => out.push(*byte),
                _ => put(out, format_args!("\\{byte:03o}")),
            }
        }
        out.push(b'>');
    }
}

/// What is written of long structures, which are known by their first field.
const SHORT: &[(&str, &[&str])] = &[
    ("st_dev", &["st_mode", "st_size"]),
    ("stx_mask", &["stx_mask", "stx_attributes", "stx_mode", "stx_size"]),
    ("ru_utime", &["ru_utime", "ru_stime"]),
    ("sysname", &["sysname", "nodename"]),
    ("c_iflag", &["c_iflag", "c_oflag", "c_cflag", "c_lflag"]),
    ("modes", &["modes", "offset", "freq", "maxerror", "esterror", "status", "constant"]),
];

/// The same of a device, whose number matters and not its size.
const DEVICE: &[&str] = &["st_mode", "st_rdev", "stx_mask", "stx_mode", "stx_rdev_major", "stx_rdev_minor"];

fn is_device(mode: u32) -> bool {
    matches!(mode & libc::S_IFMT, libc::S_IFCHR | libc::S_IFBLK)
}

fn structure(out: &mut Vec<u8>, fields: &[(&'static str, Value)], style: Style) {
    let first = fields.first().map_or("", |(name, _)| *name);
    let is_device = |(_, value): &(&str, Value)| matches!(value, Value::Mode(mode) if is_device(*mode));
    let short = SHORT.iter().find(|(name, _)| *name == first && !style.whole).map(|(_, shown)| *shown);
    let short = if short.is_some() && fields.iter().any(is_device) { short.map(|_| DEVICE) } else { short };
    let shown = fields.iter().filter(|(name, _)| short.is_none_or(|names| names.contains(name)));
    out.push(b'{');
    separated(out, shown, b", ", |out, (name, inside)| match inside {
        Value::Written("inet_pton", address) => {
            out.extend_from_slice(b"inet_pton(AF_INET6, ");
            value(out, address, style);
            put(out, format_args!(", &{name})"));
        }
        _ => {
            put(out, format_args!("{name}="));
            value(out, inside, style);
        }
    });
    out.extend_from_slice(if short.is_some() { b", ...}" } else { b"}" });
}

fn list(out: &mut Vec<u8>, values: &[Value], is_cut: bool, style: Style) {
    let is_folder = matches!(values, [Value::Structure(fields), ..] if fields[0].0 == "d_ino");
    if is_folder && !style.whole {
        let more = if is_cut { " or more" } else { "" };
        return put(out, format_args!("[/* {} entries{more} */]", values.len()));
    }
    let end = Value::Name("...".into());
    let all = values.iter().chain(is_cut.then_some(&end));
    around(out, |out| separated(out, all, b", ", |out, inside| value(out, inside, style)));
}

fn changed(out: &mut Vec<u8>, before: &Value, after: &Value, style: Style) {
    let is_set = matches!(after, Value::Set(_));
    let pair = |out: &mut Vec<u8>| {
        value(out, before, style);
        out.extend_from_slice(b" => ");
        value(out, after, style);
    };
    if is_set { pair(out) } else { around(out, pair) }
}

fn written(out: &mut Vec<u8>, function: &str, inside: &Value, style: Style) {
    out.extend_from_slice(function.as_bytes());
    if function == "@" {
        return value(out, inside, style);
    }
    out.push(b'(');
    value(out, inside, style);
    out.push(b')');
}

fn file_mode(out: &mut Vec<u8>, mode: u32) {
    if let Some(name) = names::file_type(mode) {
        put(out, format_args!("{name}|"));
    }
    for (bits, name) in tables::SET_MODEBITS.names {
        if u64::from(mode) & bits != 0 {
            put(out, format_args!("{name}|"));
        }
    }
    based(out, u64::from(mode & 0o777), 8);
}

fn signals(out: &mut Vec<u8>, bits: u64) {
    let is_most = bits.count_ones() > 32;
    let wanted = if is_most { !bits } else { bits };
    if is_most {
        out.push(b'~');
    }
    let numbers = (1..=64).filter(|number| wanted >> (number - 1) & 1 == 1);
    around(out, |out| {
        separated(out, numbers, b" ", |out, number| {
            let name = names::signal_name(number).unwrap_or_default();
            out.extend_from_slice(name.strip_prefix("SIG").unwrap_or(&name).as_bytes());
        });
    });
}

fn child(out: &mut Vec<u8>, status: i32) {
    let name = |number| names::signal_name(number).unwrap_or_else(|| number.to_string().into());
    if libc::WIFEXITED(status) {
        put(out, format_args!("{{WIFEXITED(s) && WEXITSTATUS(s) == {}}}", libc::WEXITSTATUS(status)));
    } else if libc::WIFCONTINUED(status) {
        out.extend_from_slice(b"{WIFCONTINUED(s)}");
    } else if libc::WIFSTOPPED(status) {
        put(out, format_args!("{{WIFSTOPPED(s) && WSTOPSIG(s) == {}}}", name(libc::WSTOPSIG(status))));
    } else {
        let core = if libc::WCOREDUMP(status) { " && WCOREDUMP(s)" } else { "" };
        put(out, format_args!("{{WIFSIGNALED(s) && WTERMSIG(s) == {}{core}}}", name(libc::WTERMSIG(status))));
    }
}

fn set(out: &mut Vec<u8>, numbers: &[i32]) {
    around(out, |out| separated(out, numbers.iter(), b" ", |out, number| put(out, format_args!("{number}"))));
}
