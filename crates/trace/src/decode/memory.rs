//! What is read of a process, within limits.
//!
//! A process may hold anything in its memory, and lengths that its arguments claim may be absurd. So every read takes from
//! a budget, and what does not fit is left as an address.

use std::cell::Cell;

use super::{
    kind::{Kind, Param},
    sha256::Sha256,
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
    /// Whether buffers are hashed whole.
    pub hash: bool,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { text: 4096, bytes: 32, elements: 32, hash: false }
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
    buffers: Cell<usize>,
}

/// What may be read beside buffers: enough for the longest command line, not enough to fill our memory with values.
const MOST_READ: usize = 4 << 20;
const LEAST_READ: usize = 1 << 16;
/// A value takes more room than the bytes that it was read from.
const VALUE_COST: usize = 4;
const PAGE: u64 = 4096;
const PIECE: usize = 1 << 16;
const MOST_HASHED: u64 = 1 << 28;
/// What may be read of the buffers of one call.
const MOST_BUFFERED: usize = 1 << 28;

impl<'a> Context<'a> {
    pub fn new(call: &'a Call, process: &'a dyn Process, limits: &'a Limits, params: &'static [Param]) -> Context<'a> {
        let wanted = limits.elements.saturating_mul(64).saturating_add(limits.text.saturating_mul(4));
        let budget = Cell::new(wanted.clamp(LEAST_READ, MOST_READ));
        let buffers = Cell::new(limits.bytes.saturating_mul(64).clamp(LEAST_READ, MOST_BUFFERED));
        Context { call, process, limits, params, capacity: None, budget, buffers }
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
    fn may_read(&self, length: usize) -> bool {
        let left = self.budget.get();
        self.budget.set(left.saturating_sub(length));
        length <= left
    }

    /// So many bytes, or none if any of them cannot be read.
    pub fn exact(&self, address: u64, length: usize) -> Option<Vec<u8>> {
        if !self.may_read(length.max(8).saturating_mul(VALUE_COST)) {
            return None;
        }
        let mut bytes = vec![0; length];
        (self.process.read(address, &mut bytes) >= length).then_some(bytes)
    }

    /// Bytes up to the first that cannot be read, piece by piece, so that no room is taken for what is not there.
    fn as_far_as(&self, address: u64, length: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < length {
            let done = bytes.len();
            let size = PIECE.max(done).min(length - done);
            let Some(at) = address.checked_add(done as u64) else { break };
            bytes.resize(done + size, 0);
            let got = self.process.read(at, &mut bytes[done..]).min(size);
            if got < size {
                bytes.truncate(done + got);
                break;
            }
        }
        bytes
    }

    /// A number of 1 to 8 bytes.
    pub fn unsigned_at(&self, address: u64, width: u8) -> Option<u64> {
        let width = usize::from(width.min(8));
        let mut bytes = [0; 8];
        if !self.may_read(8 * VALUE_COST) || self.process.read(address, &mut bytes[..width]) < width {
            return None;
        }
        Some(u64::from_le_bytes(bytes))
    }

    /// Bytes of a buffer, within the limit.
    pub fn buffer(&self, address: u64, length: u64) -> Value {
        let wanted = usize::try_from(length).unwrap_or(usize::MAX).min(self.limits.bytes);
        if length == 0 || (wanted == 0 && !self.limits.hash) {
            return self.bytes(Vec::new(), length, None);
        }
        if address == 0 {
            return Value::Null;
        }
        let left = self.buffers.get();
        self.buffers.set(left.saturating_sub(wanted));
        let kept = self.as_far_as(address, wanted.min(left));
        if kept.is_empty() && wanted > 0 && left > 0 {
            return Value::Fault(address);
        }
        self.bytes(kept, length, Some(address))
    }

    /// Bytes that have been read; they are hashed whole where that is asked for.
    pub fn bytes(&self, kept: Vec<u8>, length: u64, address: Option<u64>) -> Value {
        let whole = kept.len() as u64 == length;
        let sha256 = match address {
            _ if !self.limits.hash => None,
            _ if whole => Some(Sha256::of(&kept)),
            Some(address) => self.hash(address, length),
            None => None,
        };
        Value::Bytes { kept, length, sha256 }
    }

    /// The hash of memory, piece by piece; none where it cannot be read whole or is too long.
    fn hash(&self, address: u64, length: u64) -> Option<[u8; 32]> {
        if length > MOST_HASHED {
            return None;
        }
        let mut hash = Sha256::new();
        let mut piece = vec![0; PIECE.min(length as usize)];
        let mut done = 0;
        while done < length {
            let size = piece.len().min((length - done) as usize);
            if self.process.read(address.checked_add(done)?, &mut piece[..size]) < size {
                return None;
            }
            hash.update(&piece[..size]);
            done += size as u64;
        }
        Some(hash.finish())
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
            let length = step.min(to_page).min((self.limits.text - text.len()).saturating_add(1));
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
