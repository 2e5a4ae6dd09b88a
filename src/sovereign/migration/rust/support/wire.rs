//! Calls that come in as lines and are answered as lines, which is how a translation is compared with its original on
//! many inputs: `serve_calls`, `WireWords`, `Wire`, `wire_union`, `wire_reply`. The words are those of
//! `sovereign.migration.equivalence.plain`, the replies those of its `driver`.

use crate::{
    flush_output, parse_int, platform, write_raw, Bytes, Dict, Exc, FrozenSet, Int, List, Object, Seq, Set, Str,
};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The words of one call that are not read yet.
pub struct WireWords<'a>(core::str::Split<'a, char>);

impl<'a> WireWords<'a> {
    /// The words of the arguments; none when they are no tuple.
    pub fn of(line: &'a str) -> Option<Self> {
        let mut words = line.split(' ');
        words.next().filter(|word| word.starts_with('t')).map(|_| WireWords(words))
    }

    /// The next word without its letter, which must be this one.
    pub fn word(&mut self, letter: char) -> Option<&'a str> {
        self.0.next()?.strip_prefix(letter)
    }

    /// The next value; none when it is not of the type.
    pub fn take<T: Wire>(&mut self) -> Option<T> {
        T::read_words(self)
    }

    /// The next value; where it is not of the type, its words are not taken.
    pub fn attempt<T: Wire>(&mut self) -> Option<T> {
        let mut ahead = WireWords(self.0.clone());
        let found = ahead.take();
        if found.is_some() {
            *self = ahead;
        }
        found
    }

    /// So many values, in any container.
    pub fn many<T: Wire, C: FromIterator<T>>(&mut self, letter: char) -> Option<C> {
        let count = self.word(letter)?.parse::<usize>().ok()?;
        (0..count).map(|_| self.take()).collect()
    }
}

/// A value that words can say.
pub trait Wire: Sized {
    /// Read a value; none when the words say another type, or a value that this type cannot hold.
    fn read_words(words: &mut WireWords) -> Option<Self>;
    /// Append the words of the value.
    fn write_words(&self, out: &mut String);
}

/// The bytes of a text of hexadecimal digits.
pub fn wire_bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = (0..digits.len()).step_by(2).map(|at| digits.get(at..at + 2));
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

/// Append a letter and bytes as hexadecimal digits.
pub fn write_wire_bytes(letter: char, bytes: &[u8], out: &mut String) {
    out.push(letter);
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            out.push(char::from(b"0123456789abcdef"[usize::from(half)]));
        }
    }
}

/// Append a count and the words of so many values.
pub fn write_wire_items<T: Wire>(letter: char, items: impl Iterator<Item = T>, out: &mut String) {
    let items: Vec<T> = items.collect();
    out.push_str(&format!("{letter}{}", items.len()));
    for item in items {
        out.push(' ');
        item.write_words(out);
    }
}

impl Wire for i64 {
    fn read_words(words: &mut WireWords) -> Option<Self> {
        words.word('i')?.parse().ok()
    }
    fn write_words(&self, out: &mut String) {
        out.push_str(&format!("i{self}"));
    }
}

impl Wire for Int {
    fn read_words(words: &mut WireWords) -> Option<Self> {
        parse_int(words.word('i')?, 10).ok()
    }
    fn write_words(&self, out: &mut String) {
        out.push_str(&format!("i{self}"));
    }
}

impl Wire for f64 {
    fn read_words(words: &mut WireWords) -> Option<Self> {
        u64::from_str_radix(words.word('f')?, 16).ok().map(f64::from_bits)
    }
    fn write_words(&self, out: &mut String) {
        out.push_str(&format!("f{:016x}", self.to_bits()));
    }
}

impl Wire for bool {
    fn read_words(words: &mut WireWords) -> Option<Self> {
        match words.0.next()? {
            "T" => Some(true),
            "F" => Some(false),
            _ => None,
        }
    }
    fn write_words(&self, out: &mut String) {
        out.push(if *self { 'T' } else { 'F' });
    }
}

impl Wire for () {
    fn read_words(words: &mut WireWords) -> Option<Self> {
        words.word('N').map(|_| ())
    }
    fn write_words(&self, out: &mut String) {
        out.push('N');
    }
}

impl Wire for Str {
    fn read_words(words: &mut WireWords) -> Option<Self> {
        String::from_utf8(wire_bytes(words.word('s')?)?).ok().map(Str::from)
    }
    fn write_words(&self, out: &mut String) {
        write_wire_bytes('s', self.as_bytes(), out);
    }
}

impl Wire for Bytes {
    fn read_words(words: &mut WireWords) -> Option<Self> {
        wire_bytes(words.word('b')?).map(Bytes::from)
    }
    fn write_words(&self, out: &mut String) {
        write_wire_bytes('b', self, out);
    }
}

impl<T: Wire> Wire for Option<T> {
    fn read_words(words: &mut WireWords) -> Option<Self> {
        let mut ahead = WireWords(words.0.clone());
        if ahead.word('N').is_some() {
            *words = ahead;
            return Some(None);
        }
        words.take().map(Some)
    }
    fn write_words(&self, out: &mut String) {
        match self {
            Some(value) => value.write_words(out),
            None => out.push('N'),
        }
    }
}

impl<T: Wire + Clone> Wire for List<T> {
    fn read_words(words: &mut WireWords) -> Option<Self> {
        words.many('l')
    }
    fn write_words(&self, out: &mut String) {
        write_wire_items('l', self.iter(), out);
    }
}

impl<T: Wire + Clone> Wire for Seq<T> {
    fn read_words(words: &mut WireWords) -> Option<Self> {
        words.many('t')
    }
    fn write_words(&self, out: &mut String) {
        write_wire_items('t', self.iter(), out);
    }
}

impl<T: Wire + Object + Clone> Wire for Set<T> {
    fn read_words(words: &mut WireWords) -> Option<Self> {
        words.many('e')
    }
    fn write_words(&self, out: &mut String) {
        write_wire_items('e', self.iter(), out);
    }
}

impl<T: Wire + Object + Clone> Wire for FrozenSet<T> {
    fn read_words(words: &mut WireWords) -> Option<Self> {
        words.many('z')
    }
    fn write_words(&self, out: &mut String) {
        write_wire_items('z', self.iter(), out);
    }
}

impl<K: Wire + Object + Clone, V: Wire + Clone> Wire for Dict<K, V> {
    fn read_words(words: &mut WireWords) -> Option<Self> {
        let count = words.word('d')?.parse::<usize>().ok()?;
        let found = Dict::new();
        for _ in 0..count {
            found.set_item(words.take()?, words.take()?);
        }
        Some(found)
    }
    fn write_words(&self, out: &mut String) {
        out.push_str(&format!("d{}", self.len()));
        for (key, value) in self.items() {
            out.push(' ');
            key.write_words(out);
            out.push(' ');
            value.write_words(out);
        }
    }
}

macro_rules! wire_tuple {
    ($($name:ident $index:tt)+) => {
        impl<$($name: Wire),+> Wire for ($($name,)+) {
            fn read_words(words: &mut WireWords) -> Option<Self> {
                words.word('t')?;
                Some(($(words.take::<$name>()?,)+))
            }
            fn write_words(&self, out: &mut String) {
                out.push_str(&format!("t{}", [$($index),+].len()));
                $(
                    out.push(' ');
                    self.$index.write_words(out);
                )+
            }
        }
    };
}

wire_tuple!(A 0);
wire_tuple!(A 0 B 1);
wire_tuple!(A 0 B 1 C 2);
wire_tuple!(A 0 B 1 C 2 D 3);
wire_tuple!(A 0 B 1 C 2 D 3 E 4);
wire_tuple!(A 0 B 1 C 2 D 3 E 4 F 5);
wire_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
wire_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);

/// An enum of the program for values of several types is spelt as the value that it holds.
#[macro_export]
macro_rules! wire_union {
    ($name:ident, $($variant:ident),+) => {
        impl Wire for $name {
            fn read_words(words: &mut WireWords) -> Option<Self> {
                $(
                    if let Some(value) = words.attempt() {
                        return Some($name::$variant(value));
                    }
                )+
                None
            }
            fn write_words(&self, out: &mut String) {
                match self {
                    $($name::$variant(value) => value.write_words(out)),+
                }
            }
        }
    };
}
pub use wire_union;

/// The reply to a call: its result, or the exception, and what became of the arguments, whose words are given.
pub fn wire_reply<T: Wire>(result: &Result<T, Exc>, arguments: &str) -> String {
    let mut out = String::new();
    match result {
        Ok(value) => {
            out.push_str("r\t");
            value.write_words(&mut out);
        }
        Err(exc) => {
            out.push_str(&format!("x\t{}", exc.kind().name));
            write_wire_bytes('\t', exc.text().as_bytes(), &mut out);
        }
    }
    format!("{out}\t{arguments}")
}

/// The words of a value.
pub fn wire_text<T: Wire>(value: &T) -> String {
    let mut out = String::new();
    value.write_words(&mut out);
    out
}

/// Answer calls until the input ends; `answer` gives none for arguments that its function cannot take.
pub fn serve_calls(answer: impl Fn(&str, &mut WireWords) -> Option<String>) -> Result<(), Exc> {
    write_raw(format_args!("\u{1}ready\n"));
    flush_output();
    while let Ok(bytes) = platform().read_line() {
        if bytes.is_empty() {
            break;
        }
        let line = String::from_utf8_lossy(&bytes);
        let (name, arguments) = line.trim_end_matches('\n').split_once('\t').unwrap_or((&line, "t0"));
        let reply = WireWords::of(arguments).and_then(|mut words| answer(name, &mut words));
        write_raw(format_args!("\u{1}{}\n", reply.as_deref().unwrap_or("u")));
        flush_output();
    }
    Ok(())
}
