//! The fast hash of texts and bytes: `hash_text`. Not CPython's, whose is random in every run.

/// Multiply wide and fold the halves.
#[inline]
pub fn fold_multiply(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    (wide as u64) ^ (wide >> 64) as u64
}

/// Eight bytes from there.
#[inline]
pub fn read_eight(bytes: &[u8], at: usize) -> u64 {
    let mut eight = [0; 8];
    eight.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(eight)
}

/// Four bytes from there.
#[inline]
pub fn read_four(bytes: &[u8], at: usize) -> u64 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[at..at + 4]);
    u64::from(u32::from_le_bytes(four))
}

/// The hash of some bytes.
#[inline]
pub fn hash_text(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    let seed = 0x9e37_79b9_7f4a_7c15 ^ length as u64;
    match length {
        0 => 0,
        1..=3 => {
            let three = u64::from(bytes[0]) << 16 | u64::from(bytes[length / 2]) << 8 | u64::from(bytes[length - 1]);
            fold_multiply(three ^ 0xa076_1d64_78bd_642f, seed)
        }
        4..=8 => {
            let both = read_four(bytes, 0) << 32 | read_four(bytes, length - 4);
            fold_multiply(both ^ 0xa076_1d64_78bd_642f, seed)
        }
        9..=16 => {
            let (first, last) = (read_eight(bytes, 0), read_eight(bytes, length - 8));
            fold_multiply(first ^ 0xa076_1d64_78bd_642f, last ^ seed)
        }
        _ => hash_long(bytes, seed),
    }
}

/// The hash of more than sixteen bytes.
pub fn hash_long(bytes: &[u8], seed: u64) -> u64 {
    let mut state = seed;
    let mut at = 0;
    while at + 16 < bytes.len() {
        state = fold_multiply(read_eight(bytes, at) ^ 0xa076_1d64_78bd_642f, read_eight(bytes, at + 8) ^ state);
        at += 16;
    }
    let end = bytes.len();
    fold_multiply(read_eight(bytes, end - 16) ^ 0xe703_7ed1_a0b4_28db, read_eight(bytes, end - 8) ^ state)
}
