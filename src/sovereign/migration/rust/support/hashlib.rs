//! `hashlib`: md5, sha1, sha224, sha256, sha384, sha512, sha3_224 to sha3_512, blake2b and blake2s (without keys).
//!
//! `hashlib_md5(&[u8]) -> Hash`, likewise `hashlib_sha1 sha224 sha256 sha384 sha512 sha3_224 sha3_256 sha3_384 sha3_512`,
//! `hashlib_blake2b(&[u8], digest_size: i64) -> Result<Hash, Exc>`, `hashlib_blake2s`, `hashlib_new(name: &str, &[u8])
//! -> Result<Hash, Exc>`; `Hash::{update(&self, &[u8]), digest(&self) -> Vec<u8>, hexdigest(&self) -> String,
//! copy(&self) -> Hash, name(&self) -> &'static str, digest_size(&self) -> i64, block_size(&self) -> i64}`,
//! `hash_hex(&[u8]) -> String`, `hashlib_pbkdf2_hmac(name, password, salt, rounds, length) -> Result<Vec<u8>, Exc>`,
//! `hmac_digest(&'static HashAlgorithm, key, message) -> Vec<u8>`, `hash_algorithm(name) -> Option<&'static ..>`.
//! Refused: shake_128, shake_256, keyed or salted blake2, the repr of a hash (it holds an address).

use crate::{Exc, VALUE_ERROR};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::RefCell;

/// What one hash function is: sizes, its start, and how a block and the last bytes enter.
pub struct HashAlgorithm {
    /// Python's name.
    pub name: &'static str,
    /// Bytes of a digest.
    pub digest_size: usize,
    /// Bytes of a block.
    pub block_size: usize,
    /// The words of the state before the first block.
    pub start: &'static [u64],
    /// Takes in one block; the number is the count of bytes up to the end of the block.
    pub absorb: fn(&mut [u64; 25], &[u8], u128),
    /// Takes in the last bytes (at most a block) and gives the digest; the number is the count of all bytes.
    pub finish: fn(&HashAlgorithm, &mut [u64; 25], &[u8], u128) -> Vec<u8>,
}

/// A hash that grows: what `hashlib.sha256()` gives.
pub struct Hash {
    /// The function.
    pub algorithm: &'static HashAlgorithm,
    /// State, waiting bytes, count of all bytes.
    pub progress: RefCell<([u64; 25], Vec<u8>, u128)>,
}

impl Hash {
    /// A hash that has seen nothing.
    pub fn start(algorithm: &'static HashAlgorithm) -> Hash {
        let mut state = [0; 25];
        state[..algorithm.start.len()].copy_from_slice(algorithm.start);
        Hash { algorithm, progress: RefCell::new((state, Vec::new(), 0)) }
    }

    /// A hash that has seen `data`.
    pub fn of(algorithm: &'static HashAlgorithm, data: &[u8]) -> Hash {
        let hash = Hash::start(algorithm);
        hash.update(data);
        hash
    }

    /// Take in more bytes.
    pub fn update(&self, data: &[u8]) {
        let size = self.algorithm.block_size;
        let (state, waiting, total) = &mut *self.progress.borrow_mut();
        let mut data = data;
        // A full block waits until a byte follows, since the last one may be treated apart.
        while waiting.len() + data.len() > size {
            *total += size as u128;
            if waiting.is_empty() {
                (self.algorithm.absorb)(state, &data[..size], *total);
                data = &data[size..];
            } else {
                let (head, rest) = data.split_at(size - waiting.len());
                waiting.extend_from_slice(head);
                (self.algorithm.absorb)(state, waiting, *total);
                waiting.clear();
                data = rest;
            }
        }
        waiting.extend_from_slice(data);
    }

    /// The digest of what was taken in so far.
    pub fn digest(&self) -> Vec<u8> {
        let (state, waiting, total) = &*self.progress.borrow();
        let mut state = *state;
        let all = total + waiting.len() as u128;
        let mut digest = (self.algorithm.finish)(self.algorithm, &mut state, waiting, all);
        digest.truncate(self.algorithm.digest_size);
        digest
    }

    /// The digest as hexadecimal digits.
    pub fn hexdigest(&self) -> String {
        hash_hex(&self.digest())
    }

    /// An independent hash that has seen the same.
    pub fn copy(&self) -> Hash {
        Hash { algorithm: self.algorithm, progress: RefCell::new(self.progress.borrow().clone()) }
    }

    /// `hash.name`.
    pub fn name(&self) -> &'static str {
        self.algorithm.name
    }

    /// `hash.digest_size`.
    pub fn digest_size(&self) -> i64 {
        self.algorithm.digest_size as i64
    }

    /// `hash.block_size`.
    pub fn block_size(&self) -> i64 {
        self.algorithm.block_size as i64
    }
}

/// Bytes as hexadecimal digits.
pub fn hash_hex(data: &[u8]) -> String {
    let digits = b"0123456789abcdef";
    data.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| digits[digit as usize] as char).collect()
}

/// The last bytes with a 1 bit, zeros and the count of bits behind them, whole blocks long.
pub(crate) fn hash_padded(rest: &[u8], block: usize, length: &[u8]) -> Vec<u8> {
    let mut padded = rest.to_vec();
    padded.push(0x80);
    while padded.len() % block != block - length.len() {
        padded.push(0);
    }
    padded.extend_from_slice(length);
    padded
}

/// End of a function with 32-bit words and the highest byte first.
pub(crate) fn hash_finish_32(algorithm: &HashAlgorithm, state: &mut [u64; 25], rest: &[u8], total: u128) -> Vec<u8> {
    for block in hash_padded(rest, 64, &((total * 8) as u64).to_be_bytes()).chunks(64) {
        (algorithm.absorb)(state, block, total);
    }
    state[..8].iter().flat_map(|word| (*word as u32).to_be_bytes()).collect()
}

/// End of a function with 64-bit words and the highest byte first.
pub(crate) fn hash_finish_64(algorithm: &HashAlgorithm, state: &mut [u64; 25], rest: &[u8], total: u128) -> Vec<u8> {
    for block in hash_padded(rest, 128, &(total * 8).to_be_bytes()).chunks(128) {
        (algorithm.absorb)(state, block, total);
    }
    state[..8].iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// End of MD5: the lowest byte first.
pub(crate) fn hash_finish_md5(algorithm: &HashAlgorithm, state: &mut [u64; 25], rest: &[u8], total: u128) -> Vec<u8> {
    for block in hash_padded(rest, 64, &((total * 8) as u64).to_le_bytes()).chunks(64) {
        (algorithm.absorb)(state, block, total);
    }
    state[..4].iter().flat_map(|word| (*word as u32).to_le_bytes()).collect()
}

/// The sines of 1 to 64 as 32-bit fractions.
pub(crate) const HASH_MD5_SINES: [u32; 64] = [
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8,
    0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
    0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87,
    0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
    0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
    0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92,
    0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
    0xeb86d391,
];

/// One block of MD5.
pub(crate) fn hash_absorb_md5(state: &mut [u64; 25], block: &[u8], _total: u128) {
    const TURNS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut words = [0u32; 16];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    let [mut a, mut b, mut c, mut d] = [state[0] as u32, state[1] as u32, state[2] as u32, state[3] as u32];
    for round in 0..64 {
        let (mixed, place) = match round / 16 {
            0 => (b & c | !b & d, round),
            1 => (d & b | !d & c, (5 * round + 1) % 16),
            2 => (b ^ c ^ d, (3 * round + 5) % 16),
            _ => (c ^ (b | !d), 7 * round % 16),
        };
        let sum = a.wrapping_add(mixed).wrapping_add(HASH_MD5_SINES[round]).wrapping_add(words[place]);
        (a, d, c) = (d, c, b);
        b = b.wrapping_add(sum.rotate_left(TURNS[round / 16][round % 4]));
    }
    for (word, more) in state.iter_mut().zip([a, b, c, d]) {
        *word = (*word as u32).wrapping_add(more) as u64;
    }
}

/// One block of SHA-1.
pub(crate) fn hash_absorb_sha1(state: &mut [u64; 25], block: &[u8], _total: u128) {
    let mut words = [0u32; 80];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    for place in 16..80 {
        words[place] = (words[place - 3] ^ words[place - 8] ^ words[place - 14] ^ words[place - 16]).rotate_left(1);
    }
    let [mut a, mut b, mut c, mut d, mut e] = [0, 1, 2, 3, 4].map(|place| state[place] as u32);
    for (round, word) in words.iter().enumerate() {
        let (mixed, constant) = match round / 20 {
            0 => (b & c | !b & d, 0x5a82_7999),
            1 => (b ^ c ^ d, 0x6ed9_eba1),
            2 => (b & c | b & d | c & d, 0x8f1b_bcdc_u32),
            _ => (b ^ c ^ d, 0xca62_c1d6),
        };
        let sum = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(constant).wrapping_add(*word);
        (e, d, c, b, a) = (d, c, b.rotate_left(30), a, sum);
    }
    for (word, more) in state.iter_mut().zip([a, b, c, d, e]) {
        *word = (*word as u32).wrapping_add(more) as u64;
    }
}

/// Fractions of the cube roots of the first 64 primes.
pub(crate) const HASH_SHA256_ROUNDS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
    0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
    0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
    0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2,
];

/// One block of SHA-224 or SHA-256.
pub(crate) fn hash_absorb_sha256(state: &mut [u64; 25], block: &[u8], _total: u128) {
    let mut words = [0u32; 64];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    for place in 16..64 {
        let (early, late) = (words[place - 15], words[place - 2]);
        let first = early.rotate_right(7) ^ early.rotate_right(18) ^ early >> 3;
        let second = late.rotate_right(17) ^ late.rotate_right(19) ^ late >> 10;
        words[place] = words[place - 16].wrapping_add(first).wrapping_add(words[place - 7]).wrapping_add(second);
    }
    let mut v = [0, 1, 2, 3, 4, 5, 6, 7].map(|place: usize| state[place] as u32);
    for (word, constant) in words.iter().zip(HASH_SHA256_ROUNDS) {
        let [a, b, c, d, e, f, g, h] = v;
        let first = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = e & f ^ !e & g;
        let sum = h.wrapping_add(first).wrapping_add(choice).wrapping_add(constant).wrapping_add(*word);
        let second = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let majority = a & b ^ a & c ^ b & c;
        v = [sum.wrapping_add(second).wrapping_add(majority), a, b, c, d.wrapping_add(sum), e, f, g];
    }
    for (word, more) in state.iter_mut().zip(v) {
        *word = (*word as u32).wrapping_add(more) as u64;
    }
}

/// Fractions of the cube roots of the first 80 primes.
pub(crate) const HASH_SHA512_ROUNDS: [u64; 80] = [
    0x428a2f98d728ae22,
    0x7137449123ef65cd,
    0xb5c0fbcfec4d3b2f,
    0xe9b5dba58189dbbc,
    0x3956c25bf348b538,
    0x59f111f1b605d019,
    0x923f82a4af194f9b,
    0xab1c5ed5da6d8118,
    0xd807aa98a3030242,
    0x12835b0145706fbe,
    0x243185be4ee4b28c,
    0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f,
    0x80deb1fe3b1696b1,
    0x9bdc06a725c71235,
    0xc19bf174cf692694,
    0xe49b69c19ef14ad2,
    0xefbe4786384f25e3,
    0x0fc19dc68b8cd5b5,
    0x240ca1cc77ac9c65,
    0x2de92c6f592b0275,
    0x4a7484aa6ea6e483,
    0x5cb0a9dcbd41fbd4,
    0x76f988da831153b5,
    0x983e5152ee66dfab,
    0xa831c66d2db43210,
    0xb00327c898fb213f,
    0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2,
    0xd5a79147930aa725,
    0x06ca6351e003826f,
    0x142929670a0e6e70,
    0x27b70a8546d22ffc,
    0x2e1b21385c26c926,
    0x4d2c6dfc5ac42aed,
    0x53380d139d95b3df,
    0x650a73548baf63de,
    0x766a0abb3c77b2a8,
    0x81c2c92e47edaee6,
    0x92722c851482353b,
    0xa2bfe8a14cf10364,
    0xa81a664bbc423001,
    0xc24b8b70d0f89791,
    0xc76c51a30654be30,
    0xd192e819d6ef5218,
    0xd69906245565a910,
    0xf40e35855771202a,
    0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8,
    0x1e376c085141ab53,
    0x2748774cdf8eeb99,
    0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63,
    0x4ed8aa4ae3418acb,
    0x5b9cca4f7763e373,
    0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc,
    0x78a5636f43172f60,
    0x84c87814a1f0ab72,
    0x8cc702081a6439ec,
    0x90befffa23631e28,
    0xa4506cebde82bde9,
    0xbef9a3f7b2c67915,
    0xc67178f2e372532b,
    0xca273eceea26619c,
    0xd186b8c721c0c207,
    0xeada7dd6cde0eb1e,
    0xf57d4f7fee6ed178,
    0x06f067aa72176fba,
    0x0a637dc5a2c898a6,
    0x113f9804bef90dae,
    0x1b710b35131c471b,
    0x28db77f523047d84,
    0x32caab7b40c72493,
    0x3c9ebe0a15c9bebc,
    0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6,
    0x597f299cfc657e2a,
    0x5fcb6fab3ad6faec,
    0x6c44198c4a475817,
];

/// One block of SHA-384 or SHA-512.
pub(crate) fn hash_absorb_sha512(state: &mut [u64; 25], block: &[u8], _total: u128) {
    let mut words = [0u64; 80];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(8)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | *byte as u64);
    }
    for place in 16..80 {
        let (early, late) = (words[place - 15], words[place - 2]);
        let first = early.rotate_right(1) ^ early.rotate_right(8) ^ early >> 7;
        let second = late.rotate_right(19) ^ late.rotate_right(61) ^ late >> 6;
        words[place] = words[place - 16].wrapping_add(first).wrapping_add(words[place - 7]).wrapping_add(second);
    }
    let mut v = [0, 1, 2, 3, 4, 5, 6, 7].map(|place: usize| state[place]);
    for (word, constant) in words.iter().zip(HASH_SHA512_ROUNDS) {
        let [a, b, c, d, e, f, g, h] = v;
        let first = e.rotate_right(14) ^ e.rotate_right(18) ^ e.rotate_right(41);
        let choice = e & f ^ !e & g;
        let sum = h.wrapping_add(first).wrapping_add(choice).wrapping_add(constant).wrapping_add(*word);
        let second = a.rotate_right(28) ^ a.rotate_right(34) ^ a.rotate_right(39);
        let majority = a & b ^ a & c ^ b & c;
        v = [sum.wrapping_add(second).wrapping_add(majority), a, b, c, d.wrapping_add(sum), e, f, g];
    }
    for (word, more) in state.iter_mut().zip(v) {
        *word = word.wrapping_add(more);
    }
}

/// The round constants of Keccak.
pub(crate) const HASH_KECCAK_ROUNDS: [u64; 24] = [
    0x0000000000000001,
    0x0000000000008082,
    0x800000000000808a,
    0x8000000080008000,
    0x000000000000808b,
    0x0000000080000001,
    0x8000000080008081,
    0x8000000000008009,
    0x000000000000008a,
    0x0000000000000088,
    0x0000000080008009,
    0x000000008000000a,
    0x000000008000808b,
    0x800000000000008b,
    0x8000000000008089,
    0x8000000000008003,
    0x8000000000008002,
    0x8000000000000080,
    0x000000000000800a,
    0x800000008000000a,
    0x8000000080008081,
    0x8000000000008080,
    0x0000000080000001,
    0x8000000080008008,
];

/// The permutation of Keccak.
pub(crate) fn hash_keccak(state: &mut [u64; 25]) {
    for constant in HASH_KECCAK_ROUNDS {
        let mut columns = [0u64; 5];
        for (place, lane) in state.iter().enumerate() {
            columns[place % 5] ^= lane;
        }
        for (place, lane) in state.iter_mut().enumerate() {
            *lane ^= columns[(place + 4) % 5] ^ columns[(place + 1) % 5].rotate_left(1);
        }
        // Rotate the lanes along the path that visits all but the first.
        let mut moved = [0u64; 25];
        moved[0] = state[0];
        let (mut x, mut y) = (1, 0);
        for step in 0..24u32 {
            let lane = state[x + 5 * y].rotate_left((step + 1) * (step + 2) / 2 % 64);
            (x, y) = (y, (2 * x + 3 * y) % 5);
            moved[x + 5 * y] = lane;
        }
        for row in 0..5 {
            for column in 0..5 {
                let (next, after) = (moved[5 * row + (column + 1) % 5], moved[5 * row + (column + 2) % 5]);
                state[5 * row + column] = moved[5 * row + column] ^ !next & after;
            }
        }
        state[0] ^= constant;
    }
}

/// One block of SHA-3.
pub(crate) fn hash_absorb_sha3(state: &mut [u64; 25], block: &[u8], _total: u128) {
    for (lane, bytes) in state.iter_mut().zip(block.chunks_exact(8)) {
        *lane ^= bytes.iter().rev().fold(0, |lane, byte| lane << 8 | *byte as u64);
    }
    hash_keccak(state);
}

/// End of SHA-3.
pub(crate) fn hash_finish_sha3(algorithm: &HashAlgorithm, state: &mut [u64; 25], rest: &[u8], _total: u128) -> Vec<u8> {
    let size = algorithm.block_size;
    let mut padded = rest.to_vec();
    padded.push(6);
    padded.resize(padded.len().div_ceil(size) * size, 0);
    if let Some(last) = padded.last_mut() {
        *last |= 0x80;
    }
    for block in padded.chunks(size) {
        hash_absorb_sha3(state, block, 0);
    }
    state.iter().flat_map(|lane| lane.to_le_bytes()).collect()
}

/// Where the words of a block of BLAKE2 enter, round by round.
pub(crate) const HASH_BLAKE2_ORDER: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// The words that one step of a round of BLAKE2 mixes: four columns, then four diagonals.
pub(crate) const HASH_BLAKE2_LANES: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

/// One block of BLAKE2b; `last` marks the end.
pub(crate) fn hash_blake2b_block(state: &mut [u64; 25], block: &[u8], total: u128, last: bool) {
    let mut words = [0u64; 16];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(8)) {
        *word = bytes.iter().rev().fold(0, |word, byte| word << 8 | *byte as u64);
    }
    let mut v = [0u64; 16];
    v[..8].copy_from_slice(&state[..8]);
    v[8..].copy_from_slice(&HASH_SHA512_START);
    v[12] ^= total as u64;
    v[13] ^= (total >> 64) as u64;
    if last {
        v[14] = !v[14];
    }
    for round in 0..12 {
        let order = &HASH_BLAKE2_ORDER[round % 10];
        for (step, [a, b, c, d]) in HASH_BLAKE2_LANES.into_iter().enumerate() {
            v[a] = v[a].wrapping_add(v[b]).wrapping_add(words[order[2 * step]]);
            v[d] = (v[d] ^ v[a]).rotate_right(32);
            v[c] = v[c].wrapping_add(v[d]);
            v[b] = (v[b] ^ v[c]).rotate_right(24);
            v[a] = v[a].wrapping_add(v[b]).wrapping_add(words[order[2 * step + 1]]);
            v[d] = (v[d] ^ v[a]).rotate_right(16);
            v[c] = v[c].wrapping_add(v[d]);
            v[b] = (v[b] ^ v[c]).rotate_right(63);
        }
    }
    for place in 0..8 {
        state[place] ^= v[place] ^ v[place + 8];
    }
}

/// A block of BLAKE2b that is not the last.
pub(crate) fn hash_absorb_blake2b(state: &mut [u64; 25], block: &[u8], total: u128) {
    hash_blake2b_block(state, block, total, false);
}

/// End of BLAKE2b.
pub(crate) fn hash_finish_blake2b(_: &HashAlgorithm, state: &mut [u64; 25], rest: &[u8], total: u128) -> Vec<u8> {
    let mut block = [0; 128];
    block[..rest.len()].copy_from_slice(rest);
    hash_blake2b_block(state, &block, total, true);
    state[..8].iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// One block of BLAKE2s; `last` marks the end.
pub(crate) fn hash_blake2s_block(state: &mut [u64; 25], block: &[u8], total: u128, last: bool) {
    let mut words = [0u32; 16];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    let mut v = [0u32; 16];
    for place in 0..8 {
        v[place] = state[place] as u32;
        v[place + 8] = HASH_SHA256_START[place] as u32;
    }
    v[12] ^= total as u32;
    v[13] ^= (total >> 32) as u32;
    if last {
        v[14] = !v[14];
    }
    for order in &HASH_BLAKE2_ORDER {
        for (step, [a, b, c, d]) in HASH_BLAKE2_LANES.into_iter().enumerate() {
            v[a] = v[a].wrapping_add(v[b]).wrapping_add(words[order[2 * step]]);
            v[d] = (v[d] ^ v[a]).rotate_right(16);
            v[c] = v[c].wrapping_add(v[d]);
            v[b] = (v[b] ^ v[c]).rotate_right(12);
            v[a] = v[a].wrapping_add(v[b]).wrapping_add(words[order[2 * step + 1]]);
            v[d] = (v[d] ^ v[a]).rotate_right(8);
            v[c] = v[c].wrapping_add(v[d]);
            v[b] = (v[b] ^ v[c]).rotate_right(7);
        }
    }
    for place in 0..8 {
        state[place] ^= (v[place] ^ v[place + 8]) as u64;
    }
}

/// A block of BLAKE2s that is not the last.
pub(crate) fn hash_absorb_blake2s(state: &mut [u64; 25], block: &[u8], total: u128) {
    hash_blake2s_block(state, block, total, false);
}

/// End of BLAKE2s.
pub(crate) fn hash_finish_blake2s(_: &HashAlgorithm, state: &mut [u64; 25], rest: &[u8], total: u128) -> Vec<u8> {
    let mut block = [0; 64];
    block[..rest.len()].copy_from_slice(rest);
    hash_blake2s_block(state, &block, total, true);
    state[..8].iter().flat_map(|word| (*word as u32).to_le_bytes()).collect()
}

/// Fractions of the square roots of the first eight primes.
pub(crate) const HASH_SHA256_START: [u64; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/// The low halves of the start of SHA-384.
pub(crate) const HASH_SHA224_START: [u64; 8] =
    [0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4];

/// Fractions of the square roots of the first eight primes.
pub(crate) const HASH_SHA512_START: [u64; 8] = [
    0x6a09e667f3bcc908,
    0xbb67ae8584caa73b,
    0x3c6ef372fe94f82b,
    0xa54ff53a5f1d36f1,
    0x510e527fade682d1,
    0x9b05688c2b3e6c1f,
    0x1f83d9abfb41bd6b,
    0x5be0cd19137e2179,
];

/// Fractions of the square roots of the ninth to the sixteenth prime.
pub(crate) const HASH_SHA384_START: [u64; 8] = [
    0xcbbb9d5dc1059ed8,
    0x629a292a367cd507,
    0x9159015a3070dd17,
    0x152fecd8f70e5939,
    0x67332667ffc00b31,
    0x8eb44a8768581511,
    0xdb0c2e0d64f98fa7,
    0x47b5481dbefa4fa4,
];

/// MD5.
pub static HASH_MD5: HashAlgorithm = HashAlgorithm {
    name: "md5",
    digest_size: 16,
    block_size: 64,
    start: &[0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476],
    absorb: hash_absorb_md5,
    finish: hash_finish_md5,
};

/// SHA-1.
pub static HASH_SHA1: HashAlgorithm = HashAlgorithm {
    name: "sha1",
    digest_size: 20,
    block_size: 64,
    start: &[0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0],
    absorb: hash_absorb_sha1,
    finish: hash_finish_32,
};

/// SHA-224.
pub static HASH_SHA224: HashAlgorithm = HashAlgorithm {
    name: "sha224",
    digest_size: 28,
    block_size: 64,
    start: &HASH_SHA224_START,
    absorb: hash_absorb_sha256,
    finish: hash_finish_32,
};

/// SHA-256.
pub static HASH_SHA256: HashAlgorithm = HashAlgorithm {
    name: "sha256",
    digest_size: 32,
    block_size: 64,
    start: &HASH_SHA256_START,
    absorb: hash_absorb_sha256,
    finish: hash_finish_32,
};

/// SHA-384.
pub static HASH_SHA384: HashAlgorithm = HashAlgorithm {
    name: "sha384",
    digest_size: 48,
    block_size: 128,
    start: &HASH_SHA384_START,
    absorb: hash_absorb_sha512,
    finish: hash_finish_64,
};

/// SHA-512.
pub static HASH_SHA512: HashAlgorithm = HashAlgorithm {
    name: "sha512",
    digest_size: 64,
    block_size: 128,
    start: &HASH_SHA512_START,
    absorb: hash_absorb_sha512,
    finish: hash_finish_64,
};

/// SHA3-224.
pub static HASH_SHA3_224: HashAlgorithm = HashAlgorithm {
    name: "sha3_224",
    digest_size: 28,
    block_size: 144,
    start: &[],
    absorb: hash_absorb_sha3,
    finish: hash_finish_sha3,
};

/// SHA3-256.
pub static HASH_SHA3_256: HashAlgorithm = HashAlgorithm {
    name: "sha3_256",
    digest_size: 32,
    block_size: 136,
    start: &[],
    absorb: hash_absorb_sha3,
    finish: hash_finish_sha3,
};

/// SHA3-384.
pub static HASH_SHA3_384: HashAlgorithm = HashAlgorithm {
    name: "sha3_384",
    digest_size: 48,
    block_size: 104,
    start: &[],
    absorb: hash_absorb_sha3,
    finish: hash_finish_sha3,
};

/// SHA3-512.
pub static HASH_SHA3_512: HashAlgorithm = HashAlgorithm {
    name: "sha3_512",
    digest_size: 64,
    block_size: 72,
    start: &[],
    absorb: hash_absorb_sha3,
    finish: hash_finish_sha3,
};

/// BLAKE2b with 64 bytes.
pub static HASH_BLAKE2B: HashAlgorithm = HashAlgorithm {
    name: "blake2b",
    digest_size: 64,
    block_size: 128,
    start: &HASH_SHA512_START,
    absorb: hash_absorb_blake2b,
    finish: hash_finish_blake2b,
};

/// BLAKE2s with 32 bytes.
pub static HASH_BLAKE2S: HashAlgorithm = HashAlgorithm {
    name: "blake2s",
    digest_size: 32,
    block_size: 64,
    start: &HASH_SHA256_START,
    absorb: hash_absorb_blake2s,
    finish: hash_finish_blake2s,
};

/// `hashlib.md5`.
pub fn hashlib_md5(data: &[u8]) -> Hash {
    Hash::of(&HASH_MD5, data)
}

/// `hashlib.sha1`.
pub fn hashlib_sha1(data: &[u8]) -> Hash {
    Hash::of(&HASH_SHA1, data)
}

/// `hashlib.sha224`.
pub fn hashlib_sha224(data: &[u8]) -> Hash {
    Hash::of(&HASH_SHA224, data)
}

/// `hashlib.sha256`.
pub fn hashlib_sha256(data: &[u8]) -> Hash {
    Hash::of(&HASH_SHA256, data)
}

/// `hashlib.sha384`.
pub fn hashlib_sha384(data: &[u8]) -> Hash {
    Hash::of(&HASH_SHA384, data)
}

/// `hashlib.sha512`.
pub fn hashlib_sha512(data: &[u8]) -> Hash {
    Hash::of(&HASH_SHA512, data)
}

/// `hashlib.sha3_224`.
pub fn hashlib_sha3_224(data: &[u8]) -> Hash {
    Hash::of(&HASH_SHA3_224, data)
}

/// `hashlib.sha3_256`.
pub fn hashlib_sha3_256(data: &[u8]) -> Hash {
    Hash::of(&HASH_SHA3_256, data)
}

/// `hashlib.sha3_384`.
pub fn hashlib_sha3_384(data: &[u8]) -> Hash {
    Hash::of(&HASH_SHA3_384, data)
}

/// `hashlib.sha3_512`.
pub fn hashlib_sha3_512(data: &[u8]) -> Hash {
    Hash::of(&HASH_SHA3_512, data)
}

/// A BLAKE2 hash with a digest of chosen size. Errors: ValueError for a size out of range.
pub fn hash_blake2(algorithm: &'static HashAlgorithm, data: &[u8], digest_size: i64) -> Result<Hash, Exc> {
    let most = algorithm.digest_size as i64;
    if digest_size < 1 || digest_size > most {
        return Err(Exc::new(&VALUE_ERROR, format!("digest_size must be between 1 and {most} bytes")));
    }
    let sized = alloc::boxed::Box::leak(alloc::boxed::Box::new(HashAlgorithm {
        name: algorithm.name,
        digest_size: digest_size as usize,
        block_size: algorithm.block_size,
        start: algorithm.start,
        absorb: algorithm.absorb,
        finish: algorithm.finish,
    }));
    let hash = Hash::start(sized);
    // The parameter block holds the size, no key, and a tree of one node.
    hash.progress.borrow_mut().0[0] ^= 0x0101_0000 ^ digest_size as u64;
    hash.update(data);
    Ok(hash)
}

/// `hashlib.blake2b`.
pub fn hashlib_blake2b(data: &[u8], digest_size: i64) -> Result<Hash, Exc> {
    hash_blake2(&HASH_BLAKE2B, data, digest_size)
}

/// `hashlib.blake2s`.
pub fn hashlib_blake2s(data: &[u8], digest_size: i64) -> Result<Hash, Exc> {
    hash_blake2(&HASH_BLAKE2S, data, digest_size)
}

/// The function that `hashlib.new` and `hmac.new` know by this name.
pub fn hash_algorithm(name: &str) -> Option<&'static HashAlgorithm> {
    let all = [
        &HASH_MD5,
        &HASH_SHA1,
        &HASH_SHA224,
        &HASH_SHA256,
        &HASH_SHA384,
        &HASH_SHA512,
        &HASH_SHA3_224,
        &HASH_SHA3_256,
        &HASH_SHA3_384,
        &HASH_SHA3_512,
    ];
    let lower = name.to_ascii_lowercase();
    all.into_iter().find(|algorithm| algorithm.name == lower)
}

/// `hashlib.new`. Errors: ValueError for a name that it does not know.
pub fn hashlib_new(name: &str, data: &[u8]) -> Result<Hash, Exc> {
    match (hash_algorithm(name), name) {
        (Some(algorithm), _) => Ok(Hash::of(algorithm, data)),
        (None, "blake2b") => hashlib_blake2b(data, 64),
        (None, "blake2s") => hashlib_blake2s(data, 32),
        _ => Err(Exc::new(&VALUE_ERROR, format!("unsupported hash type {name}"))),
    }
}

/// `hmac.digest`.
pub fn hmac_digest(algorithm: &'static HashAlgorithm, key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut padded = if key.len() > algorithm.block_size { Hash::of(algorithm, key).digest() } else { key.to_vec() };
    padded.resize(algorithm.block_size, 0);
    let with = |mask: u8| -> Vec<u8> { padded.iter().map(|byte| byte ^ mask).collect() };
    let inner = Hash::of(algorithm, &with(0x36));
    inner.update(message);
    let outer = Hash::of(algorithm, &with(0x5c));
    outer.update(&inner.digest());
    outer.digest()
}

/// `hmac.HMAC`.
pub struct Hmac {
    algorithm: &'static HashAlgorithm,
    key: Vec<u8>,
    message: RefCell<Vec<u8>>,
}

impl Hmac {
    /// `hmac.new(key, message, algorithm)`.
    pub fn new(algorithm: &'static HashAlgorithm, key: &[u8], message: &[u8]) -> Hmac {
        Hmac { algorithm, key: key.to_vec(), message: RefCell::new(message.to_vec()) }
    }

    /// `self.update(message)`.
    pub fn update(&self, message: &[u8]) {
        self.message.borrow_mut().extend_from_slice(message);
    }

    /// `self.digest()`.
    pub fn digest(&self) -> Vec<u8> {
        hmac_digest(self.algorithm, &self.key, &self.message.borrow())
    }

    /// `self.hexdigest()`.
    pub fn hexdigest(&self) -> String {
        hash_hex(&self.digest())
    }

    /// `self.digest_size`.
    pub fn digest_size(&self) -> i64 {
        self.algorithm.digest_size as i64
    }

    /// `self.block_size`.
    pub fn block_size(&self) -> i64 {
        self.algorithm.block_size as i64
    }
}

/// `hmac.compare_digest` of texts. Errors: TypeError for other than ASCII.
pub fn compare_digest_texts(a: &str, b: &str) -> Result<bool, Exc> {
    if !a.is_ascii() || !b.is_ascii() {
        let text = "comparing strings with non-ASCII characters is not supported";
        return Err(Exc::new(&crate::TYPE_ERROR, text));
    }
    Ok(a == b)
}

/// `hashlib.pbkdf2_hmac`. Errors: ValueError for an unknown name or numbers below 1.
pub fn hashlib_pbkdf2_hmac(
    name: &str,
    password: &[u8],
    salt: &[u8],
    rounds: i64,
    length: Option<i64>,
) -> Result<Vec<u8>, Exc> {
    let Some(algorithm) = hash_algorithm(name) else {
        return Err(Exc::new(&VALUE_ERROR, format!("unsupported hash type {name}")));
    };
    if rounds < 1 {
        return Err(Exc::new(&VALUE_ERROR, "iteration value must be greater than 0."));
    }
    let length = length.unwrap_or(algorithm.digest_size as i64);
    if length < 1 {
        return Err(Exc::new(&VALUE_ERROR, "key length must be greater than 0."));
    }
    let mut key = vec![];
    let mut count = 1u32;
    while (key.len() as i64) < length {
        let mut last = hmac_digest(algorithm, password, &[salt, &count.to_be_bytes()].concat());
        let mut block = last.clone();
        for _ in 1..rounds {
            last = hmac_digest(algorithm, password, &last);
            block.iter_mut().zip(&last).for_each(|(byte, more)| *byte ^= more);
        }
        key.extend(block);
        count += 1;
    }
    key.truncate(length as usize);
    Ok(key)
}
