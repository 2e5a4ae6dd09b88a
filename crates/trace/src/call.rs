//! A system call as the kernel shows it, and what can be asked about the process that made it.

use std::sync::Arc;

/// The table of calls that a number belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Abi {
    /// 64 bits on x86-64.
    X86_64,
    /// 64-bit registers with 32-bit pointers; the number comes without its bit 30.
    X32,
    /// 32 bits on x86-64.
    I386,
}

/// One call, at its entry or after its exit.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The table that `number` belongs to.
    pub abi: Abi,
    /// Which call.
    pub number: u32,
    /// The six registers of arguments, used or not.
    pub args: [u64; 6],
    /// What the kernel answered, an error as a negative number; none at the entry or where the call never ended.
    pub result: Option<i64>,
}

/// The process that made a call, while it stands still.
pub trait Process {
    /// Reads its memory from `address` on; gives how many bytes could be read, less than asked at the end of a mapping.
    fn read(&self, address: u64, into: &mut [u8]) -> usize;

    /// What a descriptor is: a path, `pipe:[123]`, `socket:[456]`, `anon_inode:[eventpoll]`; none where it is not open.
    fn descriptor(&self, number: i32) -> Option<Arc<[u8]>>;

    /// Its working folder, which `AT_FDCWD` stands for.
    fn folder(&self) -> Option<Arc<[u8]>>;
}
