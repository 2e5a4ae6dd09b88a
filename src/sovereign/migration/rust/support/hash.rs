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

/// Bytes that stand in two words: as many as a handle holds itself.
pub const SHORT_TEXT: usize = 16;

/// Few bytes as two words, in the order of memory, with zeros behind them.
pub type ShortText = [u64; 2];

/// The hash of some bytes.
#[inline]
pub fn hash_text(bytes: &[u8]) -> u64 {
    if bytes.len() <= SHORT_TEXT {
        hash_short(&short_text(bytes), bytes.len())
    } else {
        hash_long(bytes)
    }
}

/// The hash of few bytes: the same steps for any length, so that nothing branches.
#[inline]
pub fn hash_short(words: &ShortText, length: usize) -> u64 {
    fold_multiply(words[0] ^ 0xa076_1d64_78bd_642f, words[1] ^ 0x9e37_79b9_7f4a_7c15 ^ length as u64)
}

/// The hash of more bytes.
pub fn hash_long(bytes: &[u8]) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15 ^ bytes.len() as u64;
    let mut at = 0;
    while at + 16 < bytes.len() {
        state = fold_multiply(read_eight(bytes, at) ^ 0xa076_1d64_78bd_642f, read_eight(bytes, at + 8) ^ state);
        at += 16;
    }
    let end = bytes.len();
    fold_multiply(read_eight(bytes, end - 16) ^ 0xe703_7ed1_a0b4_28db, read_eight(bytes, end - 8) ^ state)
}

/// At most sixteen bytes as two words.
#[inline]
pub fn short_text(text: &[u8]) -> ShortText {
    let length = text.len();
    let (low, high) = match length {
        0 => (0, 0),
        1..=3 => {
            let byte = |at: usize| u64::from(text[at]) << (at * 8);
            (byte(0) | byte(length / 2) | byte(length - 1), 0)
        }
        4..=8 => {
            let four = |at: usize| u64::from(u32::from_le_bytes([text[at], text[at + 1], text[at + 2], text[at + 3]]));
            (four(0) | four(length - 4) << ((length - 4) * 8), 0)
        }
        _ => (read_eight(text, 0), read_eight(text, length - 8) >> ((16 - length) * 8)),
    };
    [low.to_le(), high.to_le()]
}

/// Few bytes out of a longer text: sixteen are read, and those behind the end become zeros, so that nothing branches.
#[inline]
pub fn short_text_within(text: &[u8], start: usize, end: usize) -> ShortText {
    let Some(window) = text.get(start..start + SHORT_TEXT) else {
        return short_text(&text[start..end]);
    };
    let length = end - start;
    let kept = |count: usize| if count >= 8 { u64::MAX } else { (1 << (count * 8)) - 1 };
    let (low, high) = (read_eight(window, 0) & kept(length), read_eight(window, 8) & kept(length.saturating_sub(8)));
    [low.to_le(), high.to_le()]
}
