//! From numbers to names and back, without hashing and without allocation.

use std::borrow::Cow;

use super::{
    kind::{Entry, Set},
    tables,
    value::Value,
};
use crate::call::Abi;

/// The row of a call.
#[inline]
pub(super) fn entry_of(abi: Abi, number: u32) -> Option<&'static Entry> {
    let table: &[u16] = match abi {
        Abi::X86_64 => &tables::X86_64,
        Abi::X32 => &tables::X32,
        Abi::I386 => &tables::I386,
    };
    tables::CALLS.get(usize::from(*table.get(number as usize)?))
}

/// The name of a call; none where the number is not in the table.
#[inline]
pub fn name(abi: Abi, number: u32) -> Option<&'static str> {
    entry_of(abi, number).map(|entry| entry.name)
}

/// The largest number of a table of calls.
pub fn last(abi: Abi) -> u32 {
    let length = match abi {
        Abi::X86_64 => tables::X86_64.len(),
        Abi::X32 => tables::X32.len(),
        Abi::I386 => tables::I386.len(),
    };
    length as u32 - 1
}

/// The number of a call in a table.
pub fn number(abi: Abi, wanted: &str) -> Option<u32> {
    (0..=last(abi)).find(|&number| name(abi, number) == Some(wanted))
}

/// The names of the arguments of a call.
pub fn arguments(abi: Abi, number: u32) -> impl Iterator<Item = &'static str> {
    entry_of(abi, number).map_or(&[][..], |entry| entry.params).iter().map(|param| param.name)
}

/// The names of all classes.
pub fn classes() -> &'static [&'static str] {
    &tables::CLASSES
}

/// Whether a call is in a class; never where there is no such class.
pub fn is_in_class(abi: Abi, number: u32, class: &str) -> bool {
    let Some(place) = tables::CLASSES.iter().position(|name| *name == class) else { return false };
    entry_of(abi, number).is_some_and(|entry| entry.classes >> place & 1 == 1)
}

/// The name of an error, its number positive.
pub fn errno_name(number: i32) -> Option<&'static str> {
    tables::SET_ERRNO.name_of(u64::try_from(number).ok()?)
}

/// What the C library says about an error.
pub fn errno_text(number: i32) -> Cow<'static, str> {
    match number {
        512 => Cow::Borrowed("To be restarted if SA_RESTART is set"),
        513 => Cow::Borrowed("To be restarted"),
        514 => Cow::Borrowed("To be restarted if no handler"),
        516 => Cow::Borrowed("Interrupted by signal"),
        _ => {
            let text = std::io::Error::from_raw_os_error(number).to_string();
            Cow::Owned(text.rsplit_once(" (os error").map_or(text.as_str(), |(text, _)| text).to_owned())
        }
    }
}

/// The name of a signal; those of real time as `SIGRT_1`.
pub fn signal_name(number: i32) -> Option<Cow<'static, str>> {
    match number {
        32 => Some(Cow::Borrowed("SIGRTMIN")),
        33..=64 => Some(Cow::Owned(format!("SIGRT_{}", number - 32))),
        _ => tables::SET_SIGNAL.name_of(u64::try_from(number).ok()?).map(Cow::Borrowed),
    }
}

/// The name of the code that says why a signal came.
pub fn signal_code(signal: i32, code: i32) -> Option<&'static str> {
    let set = match signal {
        libc::SIGCHLD => &tables::SET_CODECHLD,
        libc::SIGSEGV => &tables::SET_CODESEGV,
        libc::SIGBUS => &tables::SET_CODEBUS,
        libc::SIGFPE => &tables::SET_CODEFPE,
        libc::SIGILL => &tables::SET_CODEILL,
        libc::SIGTRAP => &tables::SET_CODETRAP,
        libc::SIGPOLL => &tables::SET_CODEPOLL,
        libc::SIGSYS => &tables::SET_CODESYS,
        _ => &tables::SET_CODEGENERIC,
    };
    let (own, generic) = (set.name_of(code as u64), tables::SET_CODEGENERIC.signed_name(i64::from(code)));
    if code > 0 && code < 0x80 { own } else { generic }
}

impl Set {
    /// The name of a whole number.
    pub(super) fn name_of(&self, number: u64) -> Option<&'static str> {
        let place = self.names.binary_search_by_key(&number, |pair| pair.0).ok()?;
        Some(self.names[place].1)
    }

    /// The name of a number with a sign.
    pub(super) fn signed_name(&self, number: i64) -> Option<&'static str> {
        self.name_of(number as u64).or_else(|| self.name_of(u64::from(number as u32)))
    }

    /// The names of bits and fields, and the bits that are left.
    pub(super) fn flags(&self, number: u64) -> Value {
        let mut rest = number;
        let mut names = Vec::new();
        for (mask, choices) in self.fields {
            if let Some((value, name)) = choices.iter().find(|(value, _)| *value == rest & mask) {
                names.push(*name);
                rest &= !(if *value == 0 { *mask } else { *value });
            }
        }
        for (bits, name) in self.names {
            if *bits != 0 && rest & bits == *bits {
                names.push(*name);
                rest &= !bits;
            }
        }
        if names.is_empty() && rest == 0 {
            names.extend(self.names.iter().filter(|(bits, _)| *bits == 0).map(|(_, name)| *name));
        }
        Value::Flags(names, rest)
    }
}

/// A signal, by name where it has one.
pub(super) fn signal(number: i64) -> Value {
    let name = i32::try_from(number).ok().and_then(signal_name);
    name.map_or(Value::Int(number), Value::Name)
}

/// The name of a file's type.
pub(super) fn file_type(mode: u32) -> Option<&'static str> {
    tables::SET_FILETYPE.name_of(u64::from(mode & 0o170_000))
}
