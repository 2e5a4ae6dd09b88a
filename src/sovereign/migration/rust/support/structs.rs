//! `struct`: values packed into bytes.
//!
//! `struct_pack(format: &str, &[StructValue]) -> Result<Bytes, Exc>`, `struct_unpack(format: &str, &[u8]) -> Result<Vec<StructValue>,
//! Exc>`, `struct_unpack_from(format, &[u8], offset: i64)`, `struct_iter_unpack -> Iter<Vec<StructValue>>`, `struct_calcsize(&str)
//! -> Result<i64, Exc>`; `StructValue::from` takes `i64 Int f64 bool Bytes`; what unpacking gives is read by `int() -> Result<Int,
//! Exc>`, `float()`, `bytes()`, `bool()`, or as one typed row by `struct_row::<(i64, f64)>(values) -> Result<R, Exc>`.
//! Native sizes are those of 64-bit Linux. Refused: `e` (half floats), `P`, `Struct` objects.

use crate::{Bytes, Exc, Int, Iter, Kind, EXCEPTION, OVERFLOW_ERROR, TYPE_ERROR};
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// `struct.error`.
pub static STRUCT_ERROR: Kind = Kind::within("struct", "error", &EXCEPTION);

/// A value that is packed.
#[derive(Clone)]
pub enum StructValue {
    /// An integer.
    Int(Int),
    /// A float.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// Bytes.
    Bytes(Bytes),
}

impl From<i64> for StructValue {
    fn from(value: i64) -> StructValue {
        StructValue::Int(Int::Small(value))
    }
}

impl From<Int> for StructValue {
    fn from(value: Int) -> StructValue {
        StructValue::Int(value)
    }
}

impl From<f64> for StructValue {
    fn from(value: f64) -> StructValue {
        StructValue::Float(value)
    }
}

impl From<bool> for StructValue {
    fn from(value: bool) -> StructValue {
        StructValue::Bool(value)
    }
}

impl From<Bytes> for StructValue {
    fn from(value: Bytes) -> StructValue {
        StructValue::Bytes(value)
    }
}

/// An error of the module.
pub fn struct_error(text: impl Into<crate::Str>) -> Exc {
    Exc::new(&STRUCT_ERROR, text)
}

/// A value that is not what a program takes it for.
pub fn struct_mistaken() -> Exc {
    Exc::new(&TYPE_ERROR, "an unpacked value is of another type here")
}

/// What `struct_row` reads a value as.
pub trait FromStruct: Sized {
    /// A typed value.
    fn from_struct(value: &StructValue) -> Result<Self, Exc>;
}

impl FromStruct for Int {
    fn from_struct(value: &StructValue) -> Result<Self, Exc> {
        match value {
            StructValue::Int(value) => Ok(value.clone()),
            _ => Err(struct_mistaken()),
        }
    }
}

impl FromStruct for i64 {
    fn from_struct(value: &StructValue) -> Result<Self, Exc> {
        let too_large = || Exc::new(&OVERFLOW_ERROR, "an unpacked value does not fit 64 bits");
        Int::from_struct(value)?.to_i64().ok_or_else(too_large)
    }
}

impl FromStruct for f64 {
    fn from_struct(value: &StructValue) -> Result<Self, Exc> {
        match value {
            StructValue::Float(value) => Ok(*value),
            _ => Err(struct_mistaken()),
        }
    }
}

impl FromStruct for bool {
    fn from_struct(value: &StructValue) -> Result<Self, Exc> {
        match value {
            StructValue::Bool(value) => Ok(*value),
            _ => Err(struct_mistaken()),
        }
    }
}

impl FromStruct for Bytes {
    fn from_struct(value: &StructValue) -> Result<Self, Exc> {
        match value {
            StructValue::Bytes(value) => Ok(value.clone()),
            _ => Err(struct_mistaken()),
        }
    }
}

/// A row of unpacked values as a tuple.
pub trait StructRow: Sized {
    /// The tuple.
    fn from_values(values: &[StructValue]) -> Result<Self, Exc>;
}

/// `StructRow` for tuples of one length.
macro_rules! struct_tuple {
    ($($name:ident $index:tt)+) => {
        impl<$($name: FromStruct),+> StructRow for ($($name,)+) {
            fn from_values(values: &[StructValue]) -> Result<Self, Exc> {
                Ok(($($name::from_struct(values.get($index).ok_or_else(struct_mistaken)?)?,)+))
            }
        }
    };
}

struct_tuple!(A 0);
struct_tuple!(A 0 B 1);
struct_tuple!(A 0 B 1 C 2);
struct_tuple!(A 0 B 1 C 2 D 3);
struct_tuple!(A 0 B 1 C 2 D 3 E 4);
struct_tuple!(A 0 B 1 C 2 D 3 E 4 F 5);
struct_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
struct_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
struct_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
struct_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
struct_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
struct_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);

/// Unpacked values as a tuple.
pub fn struct_row<R: StructRow>(values: &[StructValue]) -> Result<R, Exc> {
    R::from_values(values)
}

/// One code of a format.
#[derive(Clone, Copy)]
pub struct StructField {
    /// The letter.
    pub code: u8,
    /// How often, or how long for texts.
    pub count: usize,
    /// The bytes of one.
    pub size: usize,
    /// The zeros before it.
    pub gap: usize,
}

/// A format that was read.
pub struct StructLayout {
    /// The codes.
    pub fields: Vec<StructField>,
    /// Whether the lowest byte comes first.
    pub little: bool,
    /// The bytes of all.
    pub size: usize,
}

/// Read a format.
pub fn struct_layout(format: &str) -> Result<StructLayout, Exc> {
    let mut bytes = format.as_bytes();
    let (mut little, mut native) = (true, true);
    if let Some((first, rest)) = bytes.split_first() {
        if b"@=<>!".contains(first) {
            bytes = rest;
            native = *first == b'@';
            little = matches!(first, b'@' | b'=' | b'<');
        }
    }
    let mut layout = StructLayout { fields: Vec::new(), little, size: 0 };
    let mut place = 0;
    while place < bytes.len() {
        let mut code = bytes[place];
        place += 1;
        if code.is_ascii_whitespace() {
            continue;
        }
        let mut count = 1;
        if code.is_ascii_digit() {
            count = 0;
            while code.is_ascii_digit() {
                count = count * 10 + usize::from(code - b'0');
                let Some(next) = bytes.get(place) else {
                    return Err(struct_error("repeat count given without format specifier"));
                };
                code = *next;
                place += 1;
            }
        }
        let size = match code {
            b'x' | b'c' | b'b' | b'B' | b'?' | b's' | b'p' => 1,
            b'h' | b'H' => 2,
            b'i' | b'I' | b'f' => 4,
            b'l' | b'L' if !native => 4,
            b'l' | b'L' | b'q' | b'Q' | b'd' => 8,
            b'n' | b'N' if native => 8,
            _ => return Err(struct_error("bad char in struct format")),
        };
        let gap = if native && size > 1 { layout.size.next_multiple_of(size) - layout.size } else { 0 };
        layout.fields.push(StructField { code, count, size, gap });
        layout.size += gap + size * count;
    }
    Ok(layout)
}

/// `struct.calcsize`.
pub fn struct_calcsize(format: &str) -> Result<i64, Exc> {
    Ok(struct_layout(format)?.size as i64)
}

/// How many values a field takes.
pub fn struct_values(field: &StructField) -> usize {
    match field.code {
        b'x' => 0,
        b's' | b'p' => 1,
        _ => field.count,
    }
}

/// An integer as bytes, the lowest first. Errors: `struct.error` in CPython's words.
pub fn struct_integer(value: &StructValue, field: &StructField, little: bool) -> Result<Vec<u8>, Exc> {
    let number = match value {
        StructValue::Int(value) => value.clone(),
        StructValue::Bool(value) => Int::from(*value),
        _ => return Err(struct_error("required argument is not an integer")),
    };
    let signed = field.code.is_ascii_lowercase();
    if let Ok(bytes) = number.to_bytes(field.size as i64, true, signed) {
        return Ok(bytes);
    }
    let code = char::from(field.code);
    if !little && field.size == 8 {
        return Err(struct_error("int too large to convert"));
    }
    // CPython reads most codes by way of a signed long, the larger unsigned ones by way of an unsigned one.
    let by_unsigned = matches!(code, 'I' | 'L' | 'Q' | 'N') || !little && code == 'H';
    if number.to_bytes(8, true, !by_unsigned).is_err() {
        return Err(struct_error("argument out of range"));
    }
    let text: String = match (field.size, signed) {
        (1, true) => "byte format requires -128 <= number <= 127".into(),
        (1, false) => "ubyte format requires 0 <= number <= 255".into(),
        (2, true) if little => "short format requires -32768 <= number <= 32767".into(),
        (2, false) if little => "ushort format requires 0 <= number <= 65535".into(),
        (size, true) => {
            let half = 1i128 << (8 * size - 1);
            format!("'{code}' format requires {} <= number <= {}", -half, half - 1)
        }
        (size, false) => format!("'{code}' format requires 0 <= number <= {}", (1i128 << (8 * size)) - 1),
    };
    Err(struct_error(text))
}

/// A float as bytes, the lowest first.
pub fn struct_float(value: &StructValue, size: usize) -> Result<Vec<u8>, Exc> {
    let number = match value {
        StructValue::Float(value) => *value,
        StructValue::Int(value) => value.float()?,
        StructValue::Bool(value) => f64::from(u8::from(*value)),
        StructValue::Bytes(_) => return Err(struct_error("required argument is not a float")),
    };
    if size == 8 {
        return Ok(number.to_le_bytes().to_vec());
    }
    let small = number as f32;
    if small.is_infinite() && number.is_finite() {
        return Err(Exc::new(&OVERFLOW_ERROR, "float too large to pack with f format"));
    }
    Ok(small.to_le_bytes().to_vec())
}

/// `struct.pack`.
pub fn struct_pack(format: &str, values: &[StructValue]) -> Result<Bytes, Exc> {
    let layout = struct_layout(format)?;
    let wanted: usize = layout.fields.iter().map(struct_values).sum();
    if wanted != values.len() {
        let text = format!("pack expected {wanted} items for packing (got {})", values.len());
        return Err(struct_error(text));
    }
    let mut values = values.iter();
    let mut out = Vec::with_capacity(layout.size);
    for field in &layout.fields {
        out.resize(out.len() + field.gap, 0);
        if field.code == b'x' {
            out.resize(out.len() + field.count, 0);
            continue;
        }
        for value in values.by_ref().take(struct_values(field)) {
            let mut bytes = match field.code {
                b's' | b'p' | b'c' => struct_text(value, field)?,
                b'?' => vec![u8::from(struct_truth(value))],
                b'f' | b'd' => struct_float(value, field.size)?,
                _ => struct_integer(value, field, layout.little)?,
            };
            if !layout.little && !matches!(field.code, b's' | b'p' | b'c') {
                bytes.reverse();
            }
            out.extend(bytes);
        }
    }
    Ok(Bytes::from(out))
}

/// The truth of a value.
pub fn struct_truth(value: &StructValue) -> bool {
    match value {
        StructValue::Int(value) => *value != 0,
        StructValue::Float(value) => *value != 0.0,
        StructValue::Bool(value) => *value,
        StructValue::Bytes(value) => !value.is_empty(),
    }
}

/// Bytes in a field of their own length.
pub fn struct_text(value: &StructValue, field: &StructField) -> Result<Vec<u8>, Exc> {
    let StructValue::Bytes(bytes) = value else {
        return Err(struct_error(match field.code {
            b'c' => "char format requires a bytes object of length 1",
            b'p' => "argument for 'p' must be a bytes object",
            _ => "argument for 's' must be a bytes object",
        }));
    };
    let mut text = bytes.to_vec();
    match field.code {
        b'c' if text.len() != 1 => return Err(struct_error("char format requires a bytes object of length 1")),
        b'c' => {}
        b'p' => {
            text.truncate(field.count.saturating_sub(1).min(255));
            text.insert(0, text.len() as u8);
            text.resize(field.count, 0);
        }
        _ => text.resize(field.count, 0),
    }
    Ok(text)
}

/// One value out of its bytes.
pub fn struct_value(bytes: &[u8], field: &StructField, little: bool) -> StructValue {
    match field.code {
        b'c' | b's' => StructValue::Bytes(Bytes::from(bytes)),
        b'p' => {
            let length = bytes.first().map_or(0, |length| usize::from(*length)).min(bytes.len().saturating_sub(1));
            StructValue::Bytes(Bytes::from(bytes.get(1..1 + length).unwrap_or(&[])))
        }
        b'?' => StructValue::Bool(bytes[0] != 0),
        b'f' | b'd' => {
            let mut ordered = bytes.to_vec();
            if !little {
                ordered.reverse();
            }
            let bits = ordered.iter().rev().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
            StructValue::Float(if field.code == b'f' {
                f64::from(f32::from_bits(bits as u32))
            } else {
                f64::from_bits(bits)
            })
        }
        code => StructValue::Int(Int::from_bytes(bytes, little, code.is_ascii_lowercase())),
    }
}

/// The values of a layout's bytes.
pub fn struct_read(layout: &StructLayout, data: &[u8]) -> Vec<StructValue> {
    let mut values = Vec::new();
    let mut place = 0;
    for field in &layout.fields {
        place += field.gap;
        let whole = matches!(field.code, b's' | b'p' | b'x');
        let (count, size) = if whole { (1, field.count) } else { (field.count, field.size) };
        for _ in 0..count {
            if field.code != b'x' {
                values.push(struct_value(&data[place..place + size], field, layout.little));
            }
            place += size;
        }
    }
    values
}

/// `struct.unpack`.
pub fn struct_unpack(format: &str, data: &[u8]) -> Result<Vec<StructValue>, Exc> {
    let layout = struct_layout(format)?;
    if data.len() != layout.size {
        return Err(struct_error(format!("unpack requires a buffer of {} bytes", layout.size)));
    }
    Ok(struct_read(&layout, data))
}

/// `struct.unpack_from`.
pub fn struct_unpack_from(format: &str, data: &[u8], offset: i64) -> Result<Vec<StructValue>, Exc> {
    let layout = struct_layout(format)?;
    let (length, size) = (data.len() as i64, layout.size as i64);
    let mut start = offset;
    if offset < 0 {
        if offset + size > 0 {
            return Err(struct_error(format!("not enough data to unpack {size} bytes at offset {offset}")));
        }
        if offset + length < 0 {
            return Err(struct_error(format!("offset {offset} out of range for {length}-byte buffer")));
        }
        start += length;
    }
    let needed = start + size;
    if needed > length {
        let text = format!(
            "unpack_from requires a buffer of at least {needed} bytes for unpacking {size} bytes at offset {start} (actual \
             buffer size is {length})"
        );
        return Err(struct_error(text));
    }
    Ok(struct_read(&layout, &data[start as usize..needed as usize]))
}

/// `struct.iter_unpack`, its rows as tuples.
pub fn struct_iter_rows<R: StructRow + 'static>(format: &str, data: &[u8]) -> Result<Iter<R>, Exc> {
    let rows = struct_iter_unpack(format, data)?;
    Ok(Iter::new(move || rows.step()?.map(|values| struct_row(&values)).transpose()))
}

/// `struct.iter_unpack`.
pub fn struct_iter_unpack(format: &str, data: &[u8]) -> Result<Iter<Vec<StructValue>>, Exc> {
    let layout = struct_layout(format)?;
    if layout.size == 0 {
        return Err(struct_error("cannot iteratively unpack with a struct of length 0"));
    }
    if data.len() % layout.size != 0 {
        let text = format!("iterative unpacking requires a buffer of a multiple of {} bytes", layout.size);
        return Err(struct_error(text));
    }
    let rows: Vec<Vec<StructValue>> = data.chunks(layout.size).map(|row| struct_read(&layout, row)).collect();
    Ok(Iter::infallible(rows.into_iter()))
}
