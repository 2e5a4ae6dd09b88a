//! What the compiler calls by name to copy, fill and compare memory, where no C library does it.
//!
//! No loop here may be one that the compiler takes for a call of what it implements: small counts are done by
//! overlapping loads and stores, large ones by instructions.

use core::arch::asm;

type Word = u64;
type Pair = u128;

/// Copy to memory that is apart.
///
/// # Safety
///
/// As `memcpy`.
#[inline]
pub unsafe fn copy(to: *mut u8, from: *const u8, count: usize) {
    // SAFETY: the caller answers for both memories; each branch stays within `count`.
    unsafe {
        if count <= 32 {
            copy_small(to, from, count);
        } else {
            copy_forward(to, from, count);
        }
    }
}

/// Copy to memory that may overlap.
///
/// # Safety
///
/// As `memmove`.
#[inline]
pub unsafe fn copy_overlapping(to: *mut u8, from: *const u8, count: usize) {
    // SAFETY: as `copy`; a small copy loads everything before it stores.
    unsafe {
        if count <= 32 {
            copy_small(to, from, count);
        } else if (to as usize).wrapping_sub(from as usize) >= count {
            copy_forward(to, from, count);
        } else {
            copy_backward(to, from, count);
        }
    }
}

/// Two loads cover every count from the size of the type to its double.
unsafe fn copy_two<T>(to: *mut u8, from: *const u8, count: usize) {
    let last = count - size_of::<T>();
    // SAFETY: `count` is at least the size of the type.
    unsafe {
        let (head, tail) = (from.cast::<T>().read_unaligned(), from.add(last).cast::<T>().read_unaligned());
        to.cast::<T>().write_unaligned(head);
        to.add(last).cast::<T>().write_unaligned(tail);
    }
}

unsafe fn copy_small(to: *mut u8, from: *const u8, count: usize) {
    // SAFETY: each arm has counts from the size of its type to the double of it.
    unsafe {
        match count {
            0 => {}
            1 => *to = *from,
            2..=3 => copy_two::<u16>(to, from, count),
            4..=7 => copy_two::<u32>(to, from, count),
            8..=15 => copy_two::<Word>(to, from, count),
            _ => copy_two::<Pair>(to, from, count),
        }
    }
}

#[cfg(target_arch = "x86_64")]
unsafe fn copy_forward(to: *mut u8, from: *const u8, count: usize) {
    // SAFETY: the instruction touches `count` bytes of both; the direction flag is clear by the rules of the platform.
    unsafe {
        asm!(
            "rep movsb",
            inout("rcx") count => _,
            inout("rdi") to => _,
            inout("rsi") from => _,
            options(nostack, preserves_flags),
        );
    }
}

#[cfg(target_arch = "aarch64")]
unsafe fn copy_forward(to: *mut u8, from: *const u8, count: usize) {
    // SAFETY: thirty-two bytes at a time while so many are left; then what is left in small steps, each within `count`.
    unsafe {
        let whole = count / 32 * 32;
        asm!(
            "2:",
            "ldp q0, q1, [{from}], #32",
            "stp q0, q1, [{to}], #32",
            "subs {left}, {left}, #32",
            "b.ne 2b",
            from = inout(reg) from => _,
            to = inout(reg) to => _,
            left = inout(reg) whole => _,
            out("v0") _,
            out("v1") _,
            options(nostack),
        );
        copy_small(to.add(whole), from.add(whole), count - whole);
    }
}

unsafe fn copy_backward(to: *mut u8, from: *const u8, count: usize) {
    let rest = count % 8;
    // SAFETY: words from the end while so many are left, then the first bytes; nothing is read after it was written.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        asm!(
            "2:",
            "mov {word}, qword ptr [{from} + {left} - 8]",
            "mov qword ptr [{to} + {left} - 8], {word}",
            "sub {left}, 8",
            "jne 2b",
            word = out(reg) _,
            from = in(reg) from.add(rest),
            to = in(reg) to.add(rest),
            left = inout(reg) count - rest => _,
            options(nostack),
        );
        #[cfg(target_arch = "aarch64")]
        asm!(
            "2:",
            "ldr {word}, [{from}, #-8]!",
            "str {word}, [{to}, #-8]!",
            "subs {left}, {left}, #8",
            "b.ne 2b",
            word = out(reg) _,
            from = inout(reg) from.add(count) => _,
            to = inout(reg) to.add(count) => _,
            left = inout(reg) count - rest => _,
            options(nostack),
        );
        copy_small(to, from, rest);
    }
}

/// Fill memory.
///
/// # Safety
///
/// As `memset`.
#[inline]
pub unsafe fn fill(to: *mut u8, byte: u8, count: usize) {
    let word = u64::from(byte) * 0x0101_0101_0101_0101;
    // SAFETY: each branch stays within `count`.
    unsafe {
        match count {
            0 => {}
            1..=7 => {
                let mut at = 0;
                while at < count {
                    // The compiler must not take this for a call of the function that it implements.
                    to.add(at).write_volatile(byte);
                    at += 1;
                }
            }
            8..=16 => {
                to.cast::<u64>().write_unaligned(word);
                to.add(count - 8).cast::<u64>().write_unaligned(word);
            }
            _ => fill_many(to, word, count),
        }
    }
}

#[cfg(target_arch = "x86_64")]
unsafe fn fill_many(to: *mut u8, word: u64, count: usize) {
    // SAFETY: the instruction touches `count` bytes.
    unsafe {
        asm!(
            "rep stosb",
            inout("rcx") count => _,
            inout("rdi") to => _,
            in("rax") word,
            options(nostack, preserves_flags),
        );
    }
}

#[cfg(target_arch = "aarch64")]
unsafe fn fill_many(to: *mut u8, word: u64, count: usize) {
    let whole = count / 16 * 16;
    // SAFETY: sixteen bytes at a time while so many are left, and the last sixteen once more where some are left.
    unsafe {
        asm!(
            "2:",
            "stp {word}, {word}, [{to}], #16",
            "subs {left}, {left}, #16",
            "b.ne 2b",
            word = in(reg) word,
            to = inout(reg) to => _,
            left = inout(reg) whole => _,
            options(nostack),
        );
        to.add(count - 8).cast::<u64>().write_unaligned(word);
        to.add(count - 16).cast::<u64>().write_unaligned(word);
    }
}

/// The difference of the first bytes that differ, as by `memcmp`.
///
/// # Safety
///
/// As `memcmp`.
#[inline]
pub unsafe fn compare(first: *const u8, second: *const u8, count: usize) -> i32 {
    let mut at = 0;
    // SAFETY: every load stays within `count`.
    unsafe {
        while at + 8 <= count {
            let (left, right) =
                (first.add(at).cast::<u64>().read_unaligned(), second.add(at).cast::<u64>().read_unaligned());
            if left != right {
                return if left.swap_bytes() < right.swap_bytes() { -1 } else { 1 };
            }
            at += 8;
        }
        while at < count {
            let (left, right) = (*first.add(at), *second.add(at));
            if left != right {
                return i32::from(left) - i32::from(right);
            }
            at += 1;
        }
    }
    0
}

/// How many bytes stand before the first zero.
///
/// # Safety
///
/// There has to be one.
pub unsafe fn length(text: *const u8) -> usize {
    let mut count = 0;
    // SAFETY: no byte behind the zero is read.
    while unsafe { text.add(count).read_volatile() } != 0 {
        count += 1;
    }
    count
}
