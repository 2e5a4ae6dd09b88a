//! Numbers of embedded data, rearranged so that a general compressor finds more in them.
//!
//! Each way is a transformation of `f32` values to bytes and back, without entropy coding, which the caller adds.
//! All numbers are little-endian.
//!
//! | way       | bytes | exact |
//! |-----------|-------|-------|
//! | delta     | the difference of each bit pattern from the one before it, as u32 | yes, bit by bit |
//! | quantized | bits u8, count u64, lowest f32, step f32, codes of 4, 8 or 16 bits | within half a step |
//! | sparse    | count u64, stored u64, places u32 each, values f32 each | yes with threshold 0, else within the threshold |

use alloc::{vec, vec::Vec};

use crate::{Error, Expected, Field};

/// Bit patterns as differences; sorted and slowly changing numbers become small ones.
pub fn delta(values: &[f32]) -> Vec<u8> {
    let mut before = 0;
    let mut bytes = Vec::with_capacity(4 * values.len());
    for value in values {
        let bits = value.to_bits();
        bytes.extend_from_slice(&bits.wrapping_sub(before).to_le_bytes());
        before = bits;
    }
    bytes
}

/// The numbers of [`delta`].
pub fn undelta(bytes: &[u8]) -> Result<Vec<f32>, Error> {
    if bytes.len() % 4 != 0 {
        return Err(wrong("delta.size", 0, "a multiple of 4", bytes.len() as u64));
    }
    let mut bits = 0_u32;
    Ok(words(bytes)
        .map(|difference| {
            bits = bits.wrapping_add(difference);
            f32::from_bits(bits)
        })
        .collect())
}

/// How many bits a code of [`quantize`] has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Width {
    Four = 4,
    Eight = 8,
    Sixteen = 16,
}

impl Width {
    fn of(bits: u8) -> Option<Self> {
        [Self::Four, Self::Eight, Self::Sixteen].into_iter().find(|width| *width as u8 == bits)
    }

    /// The largest code.
    const fn most(self) -> u32 {
        (1 << self as u32) - 1
    }

    const fn size_of(self, count: u64) -> Option<u64> {
        match count.checked_mul(self as u64) {
            Some(bits) => Some(bits.div_ceil(8)),
            None => None,
        }
    }
}

const QUANTIZED_HEADER: usize = 1 + 8 + 4 + 4;

/// Codes on even steps between the lowest and the highest number, and the largest error that this makes.
///
/// Numbers must be finite: a code has no room for anything else.
pub fn quantize(values: &[f32], width: Width) -> Result<(Vec<u8>, f32), Error> {
    if let Some(place) = values.iter().position(|value| !value.is_finite()) {
        return Err(wrong("quantized.value", place as u64, "finite", u64::from(values[place].to_bits())));
    }
    let lowest = values.iter().copied().fold(f32::INFINITY, f32::min);
    let highest = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let (lowest, highest) = if values.is_empty() { (0.0, 0.0) } else { (lowest, highest) };
    // In double precision, where the range of any two single-precision numbers is finite.
    let step = ((f64::from(highest) - f64::from(lowest)) / f64::from(width.most())) as f32;
    let mut bytes = vec![width as u8];
    bytes.extend_from_slice(&(values.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&lowest.to_le_bytes());
    bytes.extend_from_slice(&step.to_le_bytes());
    let code = |value: &f32| {
        let place = if step > 0.0 { (f64::from(*value) - f64::from(lowest)) / f64::from(step) } else { 0.0 };
        ((place + 0.5) as u32).min(width.most())
    };
    match width {
        Width::Four => bytes.extend(values.chunks(2).map(|pair| {
            let high = pair.get(1).map_or(0, code);
            (code(&pair[0]) | high << 4) as u8
        })),
        Width::Eight => bytes.extend(values.iter().map(|value| code(value) as u8)),
        Width::Sixteen => values.iter().for_each(|value| bytes.extend_from_slice(&(code(value) as u16).to_le_bytes())),
    }
    let error = dequantize(&bytes)?.iter().zip(values).map(|(got, value)| (got - value).abs()).fold(0.0, f32::max);
    Ok((bytes, error))
}

/// The numbers of [`quantize`], each within half a step of what it was.
pub fn dequantize(bytes: &[u8]) -> Result<Vec<f32>, Error> {
    let truncated = Error::Truncated { expected: QUANTIZED_HEADER as u64, got: bytes.len() as u64 };
    let (header, codes) = bytes.split_at_checked(QUANTIZED_HEADER).ok_or(truncated)?;
    let width = Width::of(header[0]).ok_or(wrong("quantized.bits", 0, "`4`, `8` or `16`", header[0].into()))?;
    let count = long(header, 1);
    let (lowest, step) = (f32::from_bits(word(header, 9)), f32::from_bits(word(header, 13)));
    if !lowest.is_finite() || !step.is_finite() || step < 0.0 {
        return Err(wrong("quantized.step", 13, "finite and not negative", word(header, 13).into()));
    }
    require_size(width.size_of(count), QUANTIZED_HEADER, bytes.len())?;
    let value = |code: u32| (f64::from(lowest) + f64::from(step) * f64::from(code)) as f32;
    let values = match width {
        Width::Four => {
            let both = codes.iter().flat_map(|byte| [byte & 15, byte >> 4]);
            both.take(count as usize).map(|code| value(code.into())).collect()
        }
        Width::Eight => codes.iter().map(|&code| value(code.into())).collect(),
        Width::Sixteen => {
            codes.chunks_exact(2).map(|pair| value(u16::from_le_bytes([pair[0], pair[1]]).into())).collect()
        }
    };
    Ok(values)
}

const SPARSE_HEADER: usize = 8 + 8;

/// Places and values of the numbers that count.
///
/// With threshold 0 only the bit pattern of +0 is left out, so that -0, NaN and everything else come back as they were;
/// above 0, numbers of that size and smaller become +0.
pub fn sparsify(values: &[f32], threshold: f32) -> Result<Vec<u8>, Error> {
    if !(threshold >= 0.0 && threshold.is_finite()) {
        return Err(wrong("sparse.threshold", 0, "finite and not negative", threshold.to_bits().into()));
    }
    let most = u32::MAX.into();
    if values.len() as u64 > most {
        return Err(Error::Limit { field: Field("sparse.count"), offset: 0, most, got: values.len() as u64 });
    }
    let is_dropped = |value: f32| if threshold == 0.0 { value.to_bits() == 0 } else { value.abs() <= threshold };
    let kept: Vec<usize> = (0..values.len()).filter(|&place| !is_dropped(values[place])).collect();
    let mut bytes = Vec::with_capacity(SPARSE_HEADER + 8 * kept.len());
    bytes.extend_from_slice(&(values.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&(kept.len() as u64).to_le_bytes());
    kept.iter().for_each(|&place| bytes.extend_from_slice(&(place as u32).to_le_bytes()));
    kept.iter().for_each(|&place| bytes.extend_from_slice(&values[place].to_le_bytes()));
    Ok(bytes)
}

/// The numbers of [`sparsify`]; `most` is how many the caller is willing to hold.
pub fn densify(bytes: &[u8], most: u64) -> Result<Vec<f32>, Error> {
    let truncated = Error::Truncated { expected: SPARSE_HEADER as u64, got: bytes.len() as u64 };
    let (header, rest) = bytes.split_at_checked(SPARSE_HEADER).ok_or(truncated)?;
    let (count, stored) = (long(header, 0), long(header, 8));
    if count > most {
        return Err(Error::Limit { field: Field("sparse.count"), offset: 0, most, got: count });
    }
    require_size(stored.checked_mul(8), SPARSE_HEADER, bytes.len())?;
    let (places, numbers) = rest.split_at(rest.len() / 2);
    let mut values = vec![0.0; count as usize];
    let mut free = 0;
    for (number, (place, bits)) in words(places).zip(words(numbers)).enumerate() {
        let place = u64::from(place);
        if place < free || place >= count {
            let offset = (SPARSE_HEADER + 4 * number) as u64;
            return Err(wrong("sparse.place", offset, "above the place before it and below the count", place));
        }
        values[place as usize] = f32::from_bits(bits);
        free = place + 1;
    }
    Ok(values)
}

fn require_size(content: Option<u64>, header: usize, got: usize) -> Result<(), Error> {
    let got = got as u64;
    match content.and_then(|content| content.checked_add(header as u64)) {
        Some(expected) if expected == got => Ok(()),
        Some(expected) if expected < got => Err(Error::Surplus { expected, got }),
        expected => Err(Error::Truncated { expected: expected.unwrap_or(u64::MAX), got }),
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|piece| word(piece, 0))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn long(bytes: &[u8], at: usize) -> u64 {
    u64::from(word(bytes, at)) | u64::from(word(bytes, at + 4)) << 32
}

fn wrong(field: &'static str, offset: u64, expected: Expected, got: u64) -> Error {
    Error::Field { field: Field(field), offset, expected, got }
}

#[cfg(test)]
mod tests;
