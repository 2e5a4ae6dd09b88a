//! What is read of a process, within limits.
//!
//! A process may hold anything in its memory, and lengths that its arguments claim may be absurd. So every read takes from
//! a budget, and what does not fit is left as an address.

use std::cell::Cell;

use super::{
    kind::{Kind, Param},
    value::Value,
};
use crate::call::{Abi, Call, Process};

/// How much is read of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a path or another text.
    pub text: usize,
    /// Bytes of a buffer.
    pub bytes: usize,
    /// Elements of a list.
    pub elements: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { text: 4096, bytes: 32, elements: 32 }
    }
}

/// A call while it is decoded.
pub(super) struct Context<'a> {
    pub call: &'a Call,
    pub process: &'a dyn Process,
    pub limits: &'a Limits,
    pub params: &'static [Param],
    /// What the program said how long a buffer is, of which the call has told how much it filled.
    pub capacity: Option<u64>,
    budget: Cell<usize>,
}

const LEAST_BUDGET: usize = 1 << 16;
const PAGE: u64 = 4096;

impl<'a> Context<'a> {
    pub fn new(call: &'a Call, process: &'a dyn Process, limits: &'a Limits, params: &'static [Param]) -> Context<'a> {
        let wanted = limits.text.max(limits.bytes).saturating_mul(4).max(LEAST_BUDGET);
        Context { call, process, limits, params, capacity: None, budget: Cell::new(wanted) }
    }

    /// Which of the three tables.
    pub fn table(&self) -> usize {
        match self.call.abi {
            Abi::X86_64 => 0,
            Abi::X32 => 1,
            Abi::I386 => 2,
        }
    }

    /// The bytes of an address.
    pub fn word(&self) -> u8 {
        if self.call.abi == Abi::X86_64 { 8 } else { 4 }
    }

    /// The bytes of an argument; in x32 a register holds 64 bits, as the kernel does there.
    pub fn width(&self, param: &Param) -> u8 {
        if self.call.abi == Abi::I386 { param.width.min(4) } else { param.width }
    }

    /// An argument as its C type holds it, without a sign.
    pub fn raw(&self, index: usize) -> u64 {
        let (Some(param), Some(&register)) = (self.params.get(index), self.call.args.get(index)) else { return 0 };
        unsigned(register, self.width(param))
    }

    /// An argument with its sign.
    pub fn number(&self, index: usize) -> i64 {
        let (Some(param), Some(&register)) = (self.params.get(index), self.call.args.get(index)) else { return 0 };
        signed(register, self.width(param))
    }

    /// An argument as an address.
    pub fn pointer(&self, index: usize) -> u64 {
        unsigned(self.call.args.get(index).copied().unwrap_or(0), self.word())
    }

    /// The result, where the call succeeded.
    pub fn success(&self) -> Option<u64> {
        self.call.result.filter(|result| !(-4095..0).contains(result)).map(|result| result as u64)
    }

    /// Takes from what may still be read.
    pub fn may_read(&self, length: usize) -> bool {
        let left = self.budget.get();
        self.budget.set(left.saturating_sub(length.max(8)));
        length.max(8) <= left
    }

    /// So many bytes, or none if any of them cannot be read.
    pub fn exact(&self, address: u64, length: usize) -> Option<Vec<u8>> {
        if !self.may_read(length) {
            return None;
        }
        let mut bytes = vec![0; length];
        (self.process.read(address, &mut bytes) >= length).then_some(bytes)
    }

    /// A number of 1 to 8 bytes.
    pub fn unsigned_at(&self, address: u64, width: u8) -> Option<u64> {
        let width = usize::from(width.min(8));
        let mut bytes = [0; 8];
        if !self.may_read(width) || self.process.read(address, &mut bytes[..width]) < width {
            return None;
        }
        Some(u64::from_le_bytes(bytes))
    }

    /// Bytes of a buffer, within the limit.
    pub fn buffer(&self, address: u64, length: u64) -> Value {
        if length == 0 {
            return Value::Bytes { kept: Vec::new(), length: 0 };
        }
        if address == 0 {
            return Value::Null;
        }
        let wanted = usize::try_from(length).unwrap_or(usize::MAX).min(self.limits.bytes);
        if wanted == 0 {
            return Value::Bytes { kept: Vec::new(), length };
        }
        if !self.may_read(wanted) {
            return Value::Address(address);
        }
        let mut kept = vec![0; wanted];
        let got = self.process.read(address, &mut kept).min(wanted);
        if got == 0 {
            return Value::Fault(address);
        }
        kept.truncate(got);
        Value::Bytes { kept, length }
    }

    /// A text that ends with a zero byte, within the limit; it is read page by page.
    pub fn text(&self, address: u64) -> Value {
        if address == 0 {
            return Value::Null;
        }
        let mut text = Vec::new();
        let mut at = address;
        let mut step = 128;
        while text.len() < self.limits.text {
            let to_page = (PAGE - at % PAGE) as usize;
            let length = step.min(to_page).min(self.limits.text - text.len() + 1);
            if !self.may_read(length) {
                return Value::Address(address);
            }
            let before = text.len();
            text.resize(before + length, 0);
            let got = self.process.read(at, &mut text[before..]).min(length);
            text.truncate(before + got);
            if let Some(end) = text[before..].iter().position(|byte| *byte == 0) {
                text.truncate(before + end);
                let is_cut = text.len() > self.limits.text;
                text.truncate(self.limits.text);
                return Value::Text(text, is_cut);
            }
            if got < length {
                return Value::Fault(address);
            }
            let Some(next) = at.checked_add(length as u64) else { return Value::Fault(address) };
            at = next;
            step = PAGE as usize;
        }
        text.truncate(self.limits.text);
        Value::Text(text, true)
    }

    /// What a descriptor is.
    pub fn descriptor(&self, number: i64) -> Value {
        let number = number as i32;
        let is = if number < 0 { None } else { self.process.descriptor(number) };
        Value::Descriptor(number, is)
    }
}

/// A number of so many bytes.
pub(super) fn unsigned(number: u64, width: u8) -> u64 {
    match width {
        1 => number & 0xff,
        2 => number & 0xffff,
        4 => number & 0xffff_ffff,
        _ => number,
    }
}

/// The same with a sign.
pub(super) fn signed(number: u64, width: u8) -> i64 {
    match width {
        1 => i64::from(number as i8),
        2 => i64::from(number as i16),
        4 => i64::from(number as i32),
        _ => number as i64,
    }
}

/// An address that is not followed.
pub(super) fn address(number: u64) -> Value {
    if number == 0 { Value::Null } else { Value::Address(number) }
}

impl Kind {
    /// Whether the kind is the address of something that is read.
    pub(super) fn is_followed(&self) -> bool {
        matches!(self, Kind::Path | Kind::Text | Kind::Bytes(_) | Kind::Filled | Kind::Follow(_))
    }
}
