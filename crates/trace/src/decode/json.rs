//! Values as JSON.
//!
//! A number is a number, an address a string `"0x.."`, a text a string or, where it is not UTF-8, an object with `bytes` in
//! base 64; a buffer is an object with its true `length`; flags are a list of names with the unnamed bits last; a descriptor
//! tells what it `is`; structures are objects, lists arrays with `"..."` last where they were cut.

use std::io::Write as _;

use super::{
    names,
    value::{Arg, Value},
};

/// Writes the arguments as an object.
pub fn arguments(out: &mut Vec<u8>, args: &[Arg]) {
    object(out, args.iter().map(|arg| (arg.name, &arg.value)));
}

/// Writes one value.
pub fn value(out: &mut Vec<u8>, shown: &Value) {
    match shown {
        Value::Int(number) => put(out, format_args!("{number}")),
        Value::Uint(number) | Value::Based(number, _) => put(out, format_args!("{number}")),
        Value::Address(number) => put(out, format_args!("\"{number:#x}\"")),
        Value::Null => out.extend_from_slice(b"null"),
        Value::Fault(number) => put(out, format_args!("{{\"fault\":\"{number:#x}\"}}")),
        Value::Text(bytes, is_cut) => written_text(out, bytes, *is_cut),
        Value::Bytes { kept, length, sha256 } => buffer(out, kept, *length, sha256.as_ref()),
        Value::Flags(names, rest) => flags(out, names, (*rest != 0).then(|| format!("{rest:#x}"))),
        Value::Creation(names, rest) => flags(out, names, Some(format!("0{rest:o}"))),
        Value::Name(name) => string(out, name),
        Value::Descriptor(number, is) => descriptor(out, *number, is.as_deref()),
        Value::Structure(fields) => object(out, fields.iter().map(|(name, value)| (*name, value))),
        Value::List(values, is_cut) => list(out, values, *is_cut),
        Value::Pointed(inside) => value(out, inside),
        Value::Changed(before, after) => changed(out, before, after),
        Value::Written(function, inside) => written(out, function, inside),
        Value::Mode(mode) => file_mode(out, *mode),
        Value::Device(number) => {
            put(out, format_args!("{{\"major\":{},\"minor\":{}}}", libc::major(*number), libc::minor(*number)));
        }
        Value::Signals(bits) => signals(out, *bits),
        Value::Status(status) => child(out, *status),
        Value::Set(numbers) => sequence(out, numbers.iter(), |out, number| put(out, format_args!("{number}"))),
        Value::Counted(address, count) => {
            put(out, format_args!("{{\"address\":\"{address:#x}\",\"count\":{count}}}"));
        }
    }
}

/// Writes a string of JSON.
pub fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' && byte != 0x7f {
            continue;
        }
        out.extend_from_slice(&text.as_bytes()[from..at]);
        from = at + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\r' => out.extend_from_slice(b"\\r"),
            _ => put(out, format_args!("\\u{byte:04x}")),
        }
    }
    out.extend_from_slice(&text.as_bytes()[from..]);
    out.push(b'"');
}

/// Writes bytes that should be text: a string, or an object where they are not UTF-8.
pub fn bytes(out: &mut Vec<u8>, shown: &[u8]) {
    match std::str::from_utf8(shown) {
        Ok(text) => string(out, text),
        Err(_) => {
            out.extend_from_slice(b"{\"bytes\":");
            base64(out, shown);
            put(out, format_args!(",\"length\":{}}}", shown.len()));
        }
    }
}

fn put(out: &mut Vec<u8>, what: std::fmt::Arguments<'_>) {
    out.write_fmt(what).expect("memory takes what is written");
}

fn sequence<T>(out: &mut Vec<u8>, items: impl Iterator<Item = T>, mut each: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        each(out, item);
    }
    out.push(b']');
}

fn object<'a>(out: &mut Vec<u8>, fields: impl Iterator<Item = (&'a str, &'a Value)>) {
    out.push(b'{');
    for (index, (name, inside)) in fields.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        string(out, name);
        out.push(b':');
        value(out, inside);
    }
    out.push(b'}');
}

fn list(out: &mut Vec<u8>, values: &[Value], is_cut: bool) {
    let end = Value::Name("...".into());
    sequence(out, values.iter().chain(is_cut.then_some(&end)), value);
}

fn written_text(out: &mut Vec<u8>, text: &[u8], is_cut: bool) {
    if !is_cut {
        return bytes(out, text);
    }
    out.extend_from_slice(b"{\"text\":");
    string(out, &String::from_utf8_lossy(text));
    out.extend_from_slice(b",\"cut\":true}");
}

/// A buffer; where it was cut within a character, what is kept ends before that.
fn buffer(out: &mut Vec<u8>, kept: &[u8], length: u64, sha256: Option<&[u8; 32]>) {
    let text = match std::str::from_utf8(kept) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() && (kept.len() as u64) < length => {
            std::str::from_utf8(&kept[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    };
    match text {
        Some(text) => {
            out.extend_from_slice(b"{\"text\":");
            string(out, text);
        }
        None => {
            out.extend_from_slice(b"{\"bytes\":");
            base64(out, kept);
        }
    }
    put(out, format_args!(",\"length\":{length}"));
    if let Some(hash) = sha256 {
        out.extend_from_slice(b",\"sha256\":\"");
        hash.iter().for_each(|byte| put(out, format_args!("{byte:02x}")));
        out.push(b'"');
    }
    out.push(b'}');
}

fn flags(out: &mut Vec<u8>, names: &[&'static str], rest: Option<String>) {
    sequence(out, names.iter().copied().chain(rest.as_deref()), string);
}

fn descriptor(out: &mut Vec<u8>, number: i32, is: Option<&[u8]>) {
    put(out, format_args!("{{\"fd\":{number},\"is\":"));
    match is {
        Some(path) => bytes(out, path),
        None => out.extend_from_slice(b"null"),
    }
    out.push(b'}');
}

/// A number is told as it is after the call; a set before and after it.
fn changed(out: &mut Vec<u8>, before: &Value, after: &Value) {
    if !matches!(after, Value::Set(_)) {
        return value(out, after);
    }
    object(out, [("before", before), ("after", after)].into_iter());
}

fn written(out: &mut Vec<u8>, function: &str, inside: &Value) {
    match inside {
        Value::Text(text, _) if function == "@" => bytes(out, &[b"@", &text[..]].concat()),
        _ => value(out, inside),
    }
}

fn file_mode(out: &mut Vec<u8>, mode: u32) {
    out.extend_from_slice(b"{\"type\":");
    match names::file_type(mode) {
        Some(name) => string(out, name),
        None => out.extend_from_slice(b"null"),
    }
    put(out, format_args!(",\"permissions\":{}}}", mode & 0o7777));
}

fn signals(out: &mut Vec<u8>, bits: u64) {
    let is_most = bits.count_ones() > 32;
    if is_most {
        out.extend_from_slice(b"{\"all_but\":");
    }
    let wanted = if is_most { !bits } else { bits };
    let numbers = (1..=64).filter(|number| wanted >> (number - 1) & 1 == 1);
    sequence(out, numbers, |out, number| string(out, &names::signal_name(number).unwrap_or_default()));
    if is_most {
        out.push(b'}');
    }
}

fn child(out: &mut Vec<u8>, status: i32) {
    let name = |number| names::signal_name(number).unwrap_or_else(|| number.to_string().into());
    if libc::WIFEXITED(status) {
        put(out, format_args!("{{\"exited\":{}}}", libc::WEXITSTATUS(status)));
    } else if libc::WIFCONTINUED(status) {
        out.extend_from_slice(b"{\"continued\":true}");
    } else if libc::WIFSTOPPED(status) {
        put(out, format_args!("{{\"stopped\":\"{}\"}}", name(libc::WSTOPSIG(status))));
    } else {
        let core = libc::WCOREDUMP(status);
        put(out, format_args!("{{\"signal\":\"{}\",\"core\":{core}}}", name(libc::WTERMSIG(status))));
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    for group in bytes.chunks(3) {
        let number = group.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(number >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= group.len() { digit } else { b'=' });
        }
    }
    out.push(b'"');
}
