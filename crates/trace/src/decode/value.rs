//! Decoded arguments.

use std::{borrow::Cow, sync::Arc};

/// One argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// Its name in the kernel's own prototype.
    pub name: &'static str,
    /// What it holds.
    pub value: Value,
}

/// What an argument, a field or an element holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number with a sign.
    Int(i64),
    /// A number without.
    Uint(u64),
    /// A number that is read in base 16 or 8, as bases other than 10 are written in C.
    Based(u64, u8),
    /// An address that is not followed.
    Address(u64),
    /// No address.
    Null,
    /// An address whose bytes could not be read.
    Fault(u64),
    /// A path or another text that ends with a zero byte; whether it was cut.
    Text(Vec<u8>, bool),
    /// Bytes of a known length, which may be more than are kept.
    Bytes {
        /// What is kept of them.
        kept: Vec<u8>,
        /// How many there are.
        length: u64,
        /// The SHA-256 of them all, where it was asked for.
        sha256: Option<[u8; 32]>,
    },
    /// Names of bits that are set, and the bits that have no name.
    Flags(Vec<&'static str>, u64),
    /// One of a list of names.
    Name(Cow<'static, str>),
    /// A descriptor and what it is.
    Descriptor(i32, Option<Arc<[u8]>>),
    /// Fields in their order.
    Structure(Vec<(&'static str, Value)>),
    /// Elements, and whether there were more.
    List(Vec<Value>, bool),
    /// What stands behind an address, alone.
    Pointed(Box<Value>),
    /// What stood there before the call, and after it.
    Changed(Box<Value>, Box<Value>),
    /// A value as a C macro or function writes it: `htons(80)`.
    Written(&'static str, Box<Value>),
    /// Type and permissions of a file.
    Mode(u32),
    /// The number of a device.
    Device(u64),
    /// Signals, a bit each, the first for signal 1.
    Signals(u64),
    /// How a child ended, as `wait` tells it.
    Status(i32),
    /// Descriptors without what they are.
    Set(Vec<i32>),
    /// Names of bits, and permissions.
    Creation(Vec<&'static str>, u32),
    /// An address, and how many things stand behind it.
    Counted(u64, u64),
}
