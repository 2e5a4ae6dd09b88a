//! Parts of bytes, taken so that nothing can panic: what is not there is empty.
//!
//! A panic that cannot happen still brings its message and the formatting machinery into the program, which is more
//! than the rest of the runtime. `tests` of the build hold that down by the size of the smallest program.

use core::ops::Range;

use crate::{Errno, System};

const EINTR: Errno = Errno(4);

/// The bytes in a range.
#[inline(never)]
pub fn part(bytes: &[u8], range: Range<usize>) -> &[u8] {
    bytes.get(range).unwrap_or_default()
}

/// The bytes before and after the first byte of a kind.
pub fn split_once(bytes: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = find(bytes, byte)?;
    Some((bytes.get(..at)?, bytes.get(at + 1..)?))
}

/// Where the first byte of a kind stands.
pub fn find(bytes: &[u8], byte: u8) -> Option<usize> {
    bytes.iter().position(|&each| each == byte)
}

/// Copy what fits.
pub fn fill(into: &mut [u8], bytes: &[u8]) {
    let count = into.len().min(bytes.len());
    // SAFETY: both have so many bytes, and one of them is ours alone.
    unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), into.as_mut_ptr(), count) };
}

/// Move bytes to an earlier place of the same memory; whether there was anything to move.
pub fn shift(bytes: &mut [u8], from: Range<usize>, to: usize) -> bool {
    let is_valid = from.start <= from.end && from.end <= bytes.len() && to <= from.start;
    if is_valid && to < from.start {
        // SAFETY: both places are inside; `copy_within` would check it again, and bring the message of its panic.
        unsafe {
            let start = bytes.as_mut_ptr();
            core::ptr::copy(start.add(from.start), start.add(to), from.len());
        }
    }
    is_valid
}

/// Write all bytes of the pieces; whether that worked.
pub fn write_all(system: impl System, descriptor: i32, pieces: &mut [&[u8]]) -> bool {
    loop {
        let done = pieces.iter().take_while(|piece| piece.is_empty()).count();
        let rest = pieces.get_mut(done..).unwrap_or_default();
        if rest.is_empty() {
            return true;
        }
        let mut count = match system.write(descriptor, rest) {
            Ok(count) => count,
            Err(EINTR) => 0,
            Err(_) => return false,
        };
        for piece in rest {
            let taken = count.min(piece.len());
            *piece = part(piece, taken..piece.len());
            count -= taken;
        }
    }
}

/// Whether two texts are equal but for the case of ASCII letters.
pub fn is_alike(bytes: &[u8], text: &[u8]) -> bool {
    bytes.len() == text.len() && bytes.iter().zip(text).all(|(byte, other)| byte.eq_ignore_ascii_case(other))
}

/// Bytes as text; what is no UTF-8 is taken for empty.
#[inline(never)]
pub fn text(bytes: &[u8]) -> &str {
    if is_utf8(bytes) {
        // SAFETY: it was looked at byte by byte.
        return unsafe { core::str::from_utf8_unchecked(bytes) };
    }
    ""
}

/// As the check of the library, which is quicker and three times as much program.
fn is_utf8(bytes: &[u8]) -> bool {
    let (mut left, mut low, mut high) = (0, 0x80, 0xbf);
    for &byte in bytes {
        if left > 0 {
            if byte < low || byte > high {
                return false;
            }
            (left, low, high) = (left - 1, 0x80, 0xbf);
            continue;
        }
        left = match byte {
            ..0x80 => 0,
            0xc2..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf4 => 3,
            _ => return false,
        };
        match byte {
            0xe0 => low = 0xa0,
            0xed => high = 0x9f,
            0xf0 => low = 0x90,
            0xf4 => high = 0x8f,
            _ => {}
        }
    }
    left == 0
}
