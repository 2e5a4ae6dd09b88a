//! `base64`, `binascii` and `zlib`'s checksums.
//!
//! `base64_b64encode(&[u8]) -> Bytes`, `base64_b64decode(&[u8], validate: bool) -> Result<Bytes, Exc>` (text as its UTF-8),
//! `base64_urlsafe_b64encode`, `base64_urlsafe_b64decode(&[u8])`, `base64_b32encode`, `base64_b32decode(&[u8], casefold)`,
//! `base64_b16encode`, `base64_b16decode(&[u8], casefold)`, `base64_encodebytes(&[u8])`; `binascii_hexlify(&[u8]) -> Bytes`,
//! `binascii_unhexlify(&[u8]) -> Result<Bytes, Exc>`, `zlib_crc32(&[u8], i64) -> i64` (also `binascii.crc32`),
//! `zlib_adler32(&[u8], i64) -> i64`. Refused: `altchars`, base85, `binascii`'s quoted-printable and uu.

use crate::{Bytes, Exc, Kind, VALUE_ERROR};
use alloc::format;
use alloc::vec::Vec;

/// `binascii.Error`.
pub static BINASCII_ERROR: Kind = Kind::within("binascii", "Error", &VALUE_ERROR);

/// The digits of base 64.
pub const BASE64_DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// The digits of base 32.
pub const BASE32_DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// An error of `binascii`.
pub fn binascii_error(text: impl Into<crate::Str>) -> Exc {
    Exc::new(&BINASCII_ERROR, text)
}

/// `base64.b64encode`.
pub fn base64_b64encode(data: &[u8]) -> Bytes {
    let mut out = Vec::new();
    for three in data.chunks(3) {
        let number = (0..3).fold(0u32, |number, at| number << 8 | three.get(at).map_or(0, |byte| u32::from(*byte)));
        for digit in 0..4 {
            let value = (number >> (18 - 6 * digit) & 63) as usize;
            out.push(if digit <= three.len() { BASE64_DIGITS[value] } else { b'=' });
        }
    }
    Bytes::from(out)
}

/// `base64.b64decode`.
pub fn base64_b64decode(data: &[u8], validate: bool) -> Result<Bytes, Exc> {
    if validate && data.first() == Some(&b'=') {
        return Err(binascii_error("Leading padding not allowed"));
    }
    let mut out: Vec<u8> = Vec::new();
    let (mut place, mut left, mut pads) = (0, 0u8, 0);
    let mut padded = false;
    for (at, byte) in data.iter().enumerate() {
        if *byte == b'=' {
            padded = true;
            if place >= 2 {
                pads += 1;
                if place + pads >= 4 {
                    if validate && at + 1 < data.len() {
                        return Err(binascii_error("Excess data after padding"));
                    }
                    return Ok(Bytes::from(out));
                }
            }
            continue;
        }
        let Some(value) = BASE64_DIGITS.iter().position(|digit| digit == byte) else {
            if validate {
                return Err(binascii_error("Only base64 data is allowed"));
            }
            continue;
        };
        if validate && padded {
            return Err(binascii_error("Discontinuous padding not allowed"));
        }
        pads = 0;
        let value = value as u8;
        match place {
            0 => left = value,
            1 => out.push(left << 2 | value >> 4),
            2 => out.push(left << 4 | value >> 2),
            _ => out.push(left << 6 | value),
        }
        left = match place {
            1 => value & 15,
            2 => value & 3,
            3 => 0,
            _ => left,
        };
        place = (place + 1) % 4;
    }
    match place {
        0 => Ok(Bytes::from(out)),
        1 => {
            let count = out.len() / 3 * 4 + 1;
            Err(binascii_error(format!(
                "Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4"
            )))
        }
        _ => Err(binascii_error("Incorrect padding")),
    }
}

/// Bytes with two of them exchanged for two others.
pub fn base64_exchange(data: &[u8], from: [u8; 2], to: [u8; 2]) -> Vec<u8> {
    let change = |byte: &u8| from.iter().position(|each| each == byte).map_or(*byte, |place| to[place]);
    data.iter().map(change).collect()
}

/// `base64.urlsafe_b64encode`.
pub fn base64_urlsafe_b64encode(data: &[u8]) -> Bytes {
    Bytes::from(base64_exchange(&base64_b64encode(data), *b"+/", *b"-_"))
}

/// `base64.urlsafe_b64decode`.
pub fn base64_urlsafe_b64decode(data: &[u8]) -> Result<Bytes, Exc> {
    base64_b64decode(&base64_exchange(data, *b"-_", *b"+/"), false)
}

/// `base64.encodebytes`: lines of 76 digits.
pub fn base64_encodebytes(data: &[u8]) -> Bytes {
    let mut out = Vec::new();
    for piece in data.chunks(57) {
        out.extend_from_slice(&base64_b64encode(piece));
        out.push(b'\n');
    }
    Bytes::from(out)
}

/// `base64.b32encode`.
pub fn base64_b32encode(data: &[u8]) -> Bytes {
    let mut out = Vec::new();
    for five in data.chunks(5) {
        let number = (0..5).fold(0u64, |number, at| number << 8 | five.get(at).map_or(0, |byte| u64::from(*byte)));
        let kept = (five.len() * 8).div_ceil(5);
        for digit in 0..8 {
            let value = (number >> (35 - 5 * digit) & 31) as usize;
            out.push(if digit < kept { BASE32_DIGITS[value] } else { b'=' });
        }
    }
    Bytes::from(out)
}

/// `base64.b32decode`.
pub fn base64_b32decode(data: &[u8], casefold: bool) -> Result<Bytes, Exc> {
    if data.len() % 8 != 0 {
        return Err(binascii_error("Incorrect padding"));
    }
    let data = if casefold { data.to_ascii_uppercase() } else { data.to_vec() };
    let length = data.iter().rposition(|byte| *byte != b'=').map_or(0, |place| place + 1);
    let pads = data.len() - length;
    let mut out = Vec::new();
    for eight in data[..length].chunks(8) {
        let mut number = 0u64;
        for at in 0..8 {
            let digit = match eight.get(at) {
                Some(byte) => BASE32_DIGITS.iter().position(|digit| digit == byte),
                None => Some(0),
            };
            let Some(digit) = digit else { return Err(binascii_error("Non-base32 digit found")) };
            number = number << 5 | digit as u64;
        }
        out.extend_from_slice(&number.to_be_bytes()[3..]);
    }
    let lost = match pads {
        0 => 0,
        1 => 1,
        3 => 2,
        4 => 3,
        6 => 4,
        _ => return Err(binascii_error("Incorrect padding")),
    };
    if pads > 0 && out.is_empty() {
        return Err(binascii_error("Incorrect padding"));
    }
    out.truncate(out.len() - lost);
    Ok(Bytes::from(out))
}

/// `base64.b16encode`.
pub fn base64_b16encode(data: &[u8]) -> Bytes {
    Bytes::from(binascii_hexlify(data).to_ascii_uppercase())
}

/// `base64.b16decode`.
pub fn base64_b16decode(data: &[u8], casefold: bool) -> Result<Bytes, Exc> {
    let is_digit =
        |byte: &u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(byte) || casefold && (b'a'..=b'f').contains(byte);
    if !data.iter().all(is_digit) {
        return Err(binascii_error("Non-base16 digit found"));
    }
    binascii_unhexlify(data)
}

/// `binascii.hexlify`.
pub fn binascii_hexlify(data: &[u8]) -> Bytes {
    let digits = b"0123456789abcdef";
    Bytes::from(
        data.iter().flat_map(|byte| [digits[(byte >> 4) as usize], digits[(byte & 15) as usize]]).collect::<Vec<u8>>(),
    )
}

/// `binascii.unhexlify`.
pub fn binascii_unhexlify(data: &[u8]) -> Result<Bytes, Exc> {
    if data.len() % 2 != 0 {
        return Err(binascii_error("Odd-length string"));
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let pair = |two: &[u8]| Some(digit(two[0])? << 4 | digit(two[1])?);
    let bytes: Option<Vec<u8>> = data.chunks(2).map(pair).collect();
    bytes.map(Bytes::from).ok_or_else(|| binascii_error("Non-hexadecimal digit found"))
}

/// `zlib.crc32`, going on from a checksum.
pub fn zlib_crc32(data: &[u8], start: i64) -> i64 {
    let mut rest = !(start as u32);
    for byte in data {
        rest ^= u32::from(*byte);
        for _ in 0..8 {
            rest = if rest & 1 == 1 { rest >> 1 ^ 0xedb8_8320 } else { rest >> 1 };
        }
    }
    i64::from(!rest)
}

/// `zlib.adler32`, going on from a checksum (1 at first).
pub fn zlib_adler32(data: &[u8], start: i64) -> i64 {
    let start = start as u32;
    let (mut low, mut high) = (start & 0xffff, start >> 16 & 0xffff);
    for byte in data {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    i64::from(high << 16 | low)
}
