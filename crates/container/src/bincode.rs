//! Payloads in bincode 1: numbers little-endian and of fixed width, lengths as u64, no names and no types.
//!
//! The bytes say nothing about themselves, so a [`Shape`] says what they are. A reader must use up every byte; that is
//! the only sign by which a payload of another shape is noticed.

use alloc::{string::String, vec::Vec};

use crate::{Error, Expected, Field};

/// What bytes are.
#[derive(Debug)]
#[non_exhaustive]
pub enum Shape {
    /// One byte, 0 or 1.
    Bool,
    /// Four bytes, without sign.
    U32,
    /// Eight bytes, without sign; also what Rust calls `usize`.
    U64,
    /// Single precision.
    F32,
    /// Double precision.
    F64,
    /// A length and UTF-8.
    Text,
    /// A byte, 0 or 1, and the value where it is 1.
    Option(&'static Shape),
    /// A length and so many values.
    List(&'static Shape),
    /// A length and so many keys, each with its value.
    Map(&'static Shape, &'static Shape),
    /// The fields in order.
    Record(&'static [(&'static str, &'static Shape)]),
    /// The number of a variant as u32, then its fields.
    Choice(&'static [(&'static str, &'static Shape)]),
}

/// A decoded payload.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are those of the shapes")]
pub enum Value {
    Bool(bool),
    Whole(u64),
    Single(f32),
    Double(f64),
    Text(String),
    /// Of an option.
    Nothing,
    /// A list of numbers in single precision, which is what most of a model is.
    Singles(Vec<f32>),
    /// A list of numbers in double precision.
    Doubles(Vec<f64>),
    /// A list of numbers without sign.
    Wholes(Vec<u64>),
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
    Record(Vec<(&'static str, Value)>),
    Choice(&'static str, Vec<(&'static str, Value)>),
}

/// How deep a tree may be; a deeper one would use up the stack of whoever walks it.
pub const DEEPEST: usize = 256;

/// How many values there may be, numbers in lists of numbers not counted. Three bytes of a forest can stand for a tree
/// that takes hundreds in memory, so the bytes of a payload alone are no bound.
pub const MOST_VALUES: usize = 1 << 24;

/// Decode a payload, all of it.
pub fn decode(shape: &'static Shape, bytes: &[u8]) -> Result<Value, Error> {
    let mut reader = Reader { bytes, at: 0, left: MOST_VALUES };
    let value = reader.value(shape, 0)?;
    match bytes.len() as u64 {
        got if got > reader.at as u64 => Err(Error::Surplus { expected: reader.at as u64, got }),
        _ => Ok(value),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Values that may still come.
    left: usize,
}

impl Reader<'_> {
    fn value(&mut self, shape: &'static Shape, depth: usize) -> Result<Value, Error> {
        if depth > DEEPEST {
            let (most, got) = (DEEPEST as u64, depth as u64);
            return Err(Error::Limit { field: Field("payload.depth"), offset: self.at as u64, most, got });
        }
        self.left -= self.require_left(1)?;
        Ok(match shape {
            Shape::Bool => Value::Bool(self.flag("payload.bool")?),
            Shape::U32 => Value::Whole(u32::from_le_bytes(self.array()?).into()),
            Shape::U64 => Value::Whole(u64::from_le_bytes(self.array()?)),
            Shape::F32 => Value::Single(f32::from_le_bytes(self.array()?)),
            Shape::F64 => Value::Double(f64::from_le_bytes(self.array()?)),
            Shape::Text => Value::Text(self.text()?),
            Shape::Option(inner) if self.flag("payload.option")? => self.value(inner, depth)?,
            Shape::Option(_) => Value::Nothing,
            Shape::List(inner) => self.list(inner, depth)?,
            Shape::Map(key, value) => {
                let count = self.count(smallest(key) + smallest(value))?;
                self.require_left(count)?;
                let pairs = (0..count).map(|_| Ok((self.value(key, depth + 1)?, self.value(value, depth + 1)?)));
                Value::Map(pairs.collect::<Result<_, Error>>()?)
            }
            Shape::Record(fields) => Value::Record(self.fields(fields, depth)?),
            Shape::Choice(variants) => {
                let offset = self.at as u64;
                let number = u32::from_le_bytes(self.array()?);
                let variant = variants.get(number as usize);
                let (name, shape) =
                    variant.ok_or(wrong("payload.variant", offset, "a known variant", number.into()))?;
                match self.value(shape, depth + 1)? {
                    Value::Record(fields) => Value::Choice(name, fields),
                    value => Value::Choice(name, alloc::vec![("value", value)]),
                }
            }
        })
    }

    fn fields(
        &mut self,
        fields: &'static [(&'static str, &'static Shape)],
        depth: usize,
    ) -> Result<Vec<(&'static str, Value)>, Error> {
        fields.iter().map(|(name, shape)| Ok((*name, self.value(shape, depth + 1)?))).collect()
    }

    fn list(&mut self, inner: &'static Shape, depth: usize) -> Result<Value, Error> {
        let count = self.count(smallest(inner))?;
        Ok(match inner {
            Shape::F32 => Value::Singles(self.numbers(count, f32::from_le_bytes)?),
            Shape::F64 => Value::Doubles(self.numbers(count, f64::from_le_bytes)?),
            Shape::U64 => Value::Wholes(self.numbers(count, u64::from_le_bytes)?),
            _ => {
                self.require_left(count)?;
                Value::List((0..count).map(|_| self.value(inner, depth + 1)).collect::<Result<_, _>>()?)
            }
        })
    }

    /// Require that so many values may still come.
    fn require_left(&self, count: usize) -> Result<usize, Error> {
        let (field, offset) = (Field("payload.values"), self.at as u64);
        let (most, got) = (MOST_VALUES as u64, (MOST_VALUES - self.left).saturating_add(count) as u64);
        if count > self.left { Err(Error::Limit { field, offset, most, got }) } else { Ok(count) }
    }

    fn numbers<T, const N: usize>(&mut self, count: usize, number: fn([u8; N]) -> T) -> Result<Vec<T>, Error> {
        let bytes = self.take(count.saturating_mul(N))?;
        Ok(bytes.chunks_exact(N).filter_map(|piece| piece.try_into().ok()).map(number).collect())
    }

    fn text(&mut self) -> Result<String, Error> {
        let offset = self.at as u64;
        let length = self.count(1)?;
        let bytes = self.take(length)?;
        let text = core::str::from_utf8(bytes).map_err(|_| Error::Text { field: Field("payload.text"), offset })?;
        Ok(text.into())
    }

    fn flag(&mut self, field: &'static str) -> Result<bool, Error> {
        let offset = self.at as u64;
        match self.array()? {
            [0] => Ok(false),
            [1] => Ok(true),
            [got] => Err(wrong(field, offset, "`0` or `1`", got.into())),
        }
    }

    /// A length that the bytes which are left can hold, if every item takes `smallest` of them.
    fn count(&mut self, smallest: usize) -> Result<usize, Error> {
        let offset = self.at as u64;
        let count = u64::from_le_bytes(self.array()?);
        let room = (self.bytes.len() - self.at) / smallest.max(1);
        if count > room as u64 {
            return Err(wrong("payload.length", offset, "what the payload has room for", count));
        }
        Ok(count as usize)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn take(&mut self, length: usize) -> Result<&[u8], Error> {
        let end = self.at.saturating_add(length);
        let truncated = Error::Truncated { expected: end as u64, got: self.bytes.len() as u64 };
        let bytes = self.bytes.get(self.at..end).ok_or(truncated)?;
        self.at = end;
        Ok(bytes)
    }
}

/// The fewest bytes that a value of a shape takes; at least one, so that no length is free of charge.
fn smallest(shape: &Shape) -> usize {
    match shape {
        Shape::Bool | Shape::Option(_) => 1,
        Shape::U32 | Shape::F32 | Shape::Choice(_) => 4,
        Shape::U64 | Shape::F64 | Shape::Text | Shape::List(_) | Shape::Map(..) => 8,
        // Fields of a record are looked at one level deep: enough for a bound, and without end for no shape.
        Shape::Record(fields) => fields.iter().map(|(_, shape)| flat(shape)).sum::<usize>().max(1),
    }
}

fn flat(shape: &Shape) -> usize {
    if matches!(shape, Shape::Record(_)) { 1 } else { smallest(shape) }
}

fn wrong(field: &'static str, offset: u64, expected: Expected, got: u64) -> Error {
    Error::Field { field: Field(field), offset, expected, got }
}

/// Encode a value; None where it is not of that shape.
pub fn encode(shape: &'static Shape, value: &Value) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    put(&mut bytes, shape, value, 0)?;
    Some(bytes)
}

fn put(bytes: &mut Vec<u8>, shape: &'static Shape, value: &Value, depth: usize) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    match (shape, value) {
        (Shape::Bool, Value::Bool(value)) => bytes.push(u8::from(*value)),
        (Shape::U32, Value::Whole(value)) => bytes.extend_from_slice(&u32::try_from(*value).ok()?.to_le_bytes()),
        (Shape::U64, Value::Whole(value)) => bytes.extend_from_slice(&value.to_le_bytes()),
        (Shape::F32, Value::Single(value)) => bytes.extend_from_slice(&value.to_le_bytes()),
        (Shape::F64, Value::Double(value)) => bytes.extend_from_slice(&value.to_le_bytes()),
        (Shape::Text, Value::Text(text)) => {
            put_length(bytes, text.len());
            bytes.extend_from_slice(text.as_bytes());
        }
        (Shape::Option(_), Value::Nothing) => bytes.push(0),
        (Shape::Option(inner), value) => {
            bytes.push(1);
            put(bytes, inner, value, depth)?;
        }
        (Shape::List(Shape::F32), Value::Singles(numbers)) => put_numbers(bytes, numbers, f32::to_le_bytes),
        (Shape::List(Shape::F64), Value::Doubles(numbers)) => put_numbers(bytes, numbers, f64::to_le_bytes),
        (Shape::List(Shape::U64), Value::Wholes(numbers)) => put_numbers(bytes, numbers, u64::to_le_bytes),
        (Shape::List(inner), Value::List(values)) => {
            put_length(bytes, values.len());
            values.iter().try_for_each(|value| put(bytes, inner, value, depth + 1))?;
        }
        (Shape::Map(key_shape, value_shape), Value::Map(pairs)) => {
            put_length(bytes, pairs.len());
            for (key, value) in pairs {
                put(bytes, key_shape, key, depth + 1)?;
                put(bytes, value_shape, value, depth + 1)?;
            }
        }
        (Shape::Record(shapes), Value::Record(values)) => put_fields(bytes, shapes, values, depth)?,
        (Shape::Choice(variants), Value::Choice(name, values)) => {
            let number = variants.iter().position(|(known, _)| known == name)?;
            bytes.extend_from_slice(&u32::try_from(number).ok()?.to_le_bytes());
            match (variants[number].1, &values[..]) {
                (Shape::Record(shapes), values) => put_fields(bytes, shapes, values, depth + 1)?,
                (shape, [(_, value)]) => put(bytes, shape, value, depth + 1)?,
                _ => return None,
            }
        }
        _ => return None,
    }
    Some(())
}

fn put_fields(
    bytes: &mut Vec<u8>,
    shapes: &'static [(&'static str, &'static Shape)],
    values: &[(&'static str, Value)],
    depth: usize,
) -> Option<()> {
    if shapes.len() != values.len() {
        return None;
    }
    for ((expected, shape), (name, value)) in shapes.iter().zip(values) {
        if expected != name {
            return None;
        }
        put(bytes, shape, value, depth + 1)?;
    }
    Some(())
}

fn put_numbers<T: Copy, const N: usize>(bytes: &mut Vec<u8>, numbers: &[T], number: fn(T) -> [u8; N]) {
    put_length(bytes, numbers.len());
    numbers.iter().for_each(|&one| bytes.extend_from_slice(&number(one)));
}

fn put_length(bytes: &mut Vec<u8>, length: usize) {
    bytes.extend_from_slice(&(length as u64).to_le_bytes());
}

#[cfg(test)]
mod tests;
