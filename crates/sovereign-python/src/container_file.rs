//! Files of every layout: what is where, whether they are whole, what their payloads hold, and how new ones are laid out.
//!
//! A file comes as a buffer, or as a function `read(offset, length)` that gives bytes together with the size of the
//! file, so that nothing but headers and indexes is read.

use container::{
    Compression, Dtype, Error as FileError, Flags, Layout, Limits, ModelType, NewFile, Outline, Source, Suite, a2,
    bincode::{self, Value},
    decompress::{self, Codec},
    numbers,
};
use pyo3::{
    IntoPyObjectExt,
    prelude::*,
    types::{PyBytes, PyDict, PyList, PyTuple},
};

use crate::{
    buffer::View,
    call::{Answer, Call, Keyword, Object},
    errors::Failure,
};

static SIZE_BYTES: Keyword = Keyword::new(c"size_bytes");
static LIMITS: Keyword = Keyword::new(c"limits");

/// A file that a Python function reads.
struct Reader<'py> {
    read: Bound<'py, PyAny>,
    size: u64,
    /// The first bytes, which are looked at twice: to recognise the layout, and to read its header.
    start: Vec<u8>,
    raised: Option<PyErr>,
}

/// Bytes of the longest header.
const START: u64 = a2::HEADER_SIZE as u64;

impl<'py> Reader<'py> {
    fn new(read: Bound<'py, PyAny>, size: u64) -> Self {
        Self { read, size, start: Vec::new(), raised: None }
    }

    /// So many bytes from `offset` on, handed to `take` where Python keeps them.
    fn ask<T>(&mut self, offset: u64, length: usize, take: impl FnOnce(&[u8]) -> T) -> Result<T, FileError> {
        let answer = self.read.call1((offset, length)).and_then(|answer| Ok(answer.cast_into::<PyBytes>()?));
        match answer {
            Ok(bytes) if bytes.as_bytes().len() == length => Ok(take(bytes.as_bytes())),
            Ok(bytes) => {
                let got = offset + bytes.as_bytes().len() as u64;
                Err(FileError::Truncated { expected: offset + length as u64, got })
            }
            Err(error) => {
                self.raised = Some(error);
                Err(FileError::Unreadable { offset })
            }
        }
    }
}

impl Source for Reader<'_> {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&mut self, offset: u64, out: &mut [u8]) -> Result<(), FileError> {
        let known = START.min(self.size);
        if offset + out.len() as u64 > known {
            return self.ask(offset, out.len(), |bytes| out.copy_from_slice(bytes));
        }
        if self.start.is_empty() && known > 0 {
            self.start = self.ask(0, known as usize, <[u8]>::to_vec)?;
        }
        out.copy_from_slice(&self.start[offset as usize..][..out.len()]);
        Ok(())
    }
}

/// A file as a call names it.
enum File<'a, 'py> {
    Memory(&'a [u8]),
    Reader(Reader<'py>),
}

impl Source for File<'_, '_> {
    fn size(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.size(),
            Self::Reader(reader) => reader.size(),
        }
    }

    fn read(&mut self, offset: u64, out: &mut [u8]) -> Result<(), FileError> {
        match self {
            Self::Memory(bytes) => bytes.read(offset, out),
            Self::Reader(reader) => reader.read(offset, out),
        }
    }

    fn whole(&self) -> Option<&[u8]> {
        match self {
            Self::Memory(bytes) => Some(bytes),
            Self::Reader(_) => None,
        }
    }
}

/// Do `work` on the file that a call names, wherever its bytes are.
fn on_file<T>(
    py: Python<'_>,
    call: &Call,
    work: impl FnOnce(&mut File<'_, '_>, &Limits) -> Result<T, FileError>,
) -> Result<T, Failure> {
    let [source] = call.positional()?;
    let [size_bytes, limits] = call.keywords(&[&SIZE_BYTES, &LIMITS])?;
    let limits = limits.map_or(Ok(Limits::DEFAULT), |limits| limits_of(py, limits))?;
    let mut view = View::new();
    let mut file = match size_bytes {
        None => File::Memory(view.bytes(source)?),
        Some(size_bytes) => {
            let size = borrowed(py, size_bytes).extract()?;
            File::Reader(Reader::new(borrowed(py, source), size))
        }
    };
    let answer = work(&mut file, &limits);
    match file {
        // What the function raised says more than that it could not read.
        File::Reader(Reader { raised: Some(error), .. }) => Err(error.into()),
        _ => Ok(answer?),
    }
}

fn borrowed<'py>(py: Python<'py>, object: Object) -> Bound<'py, PyAny> {
    // SAFETY: the caller of an exported function keeps its arguments alive.
    unsafe { Bound::from_borrowed_ptr(py, object) }
}

fn limits_of(py: Python<'_>, object: Object) -> Result<Limits, Failure> {
    let (metadata, index, entries, payload) = borrowed(py, object).extract()?;
    Ok(Limits { metadata, index, entries, payload })
}

pub(crate) fn outline(call: &Call) -> Answer {
    Python::attach(|py| {
        let found = on_file(py, call, |file, limits| container::outline(file, limits))?;
        Ok(outline_dict(py, &found)?.into_any().into_ptr())
    })
}

pub(crate) fn verify_file(call: &Call) -> Answer {
    Python::attach(|py| {
        let verdict = on_file(py, call, |file, limits| container::verify(file, limits))?;
        let pair = (outline_dict(py, &verdict.outline)?, verdict.is_proved);
        Ok(pair.into_bound_py_any(py)?.into_ptr())
    })
}

pub(crate) fn decompress_a4(call: &Call) -> Answer {
    Python::attach(|py| {
        let (image, found) = on_file(py, call, |file, limits| container::decompress_a4(file, limits))?;
        let pair = (PyBytes::new(py, &image), outline_dict(py, &found)?);
        Ok(pair.into_bound_py_any(py)?.into_ptr())
    })
}

fn outline_dict<'py>(py: Python<'py>, outline: &Outline) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("layout", outline.layout.name())?;
    dict.set_item("version", outline.version)?;
    dict.set_item("flags", outline.flags)?;
    dict.set_item("size", outline.size)?;
    let sections: Vec<_> =
        outline.sections.iter().map(|section| (section.role.name(), section.offset, section.length)).collect();
    dict.set_item("sections", sections)?;
    let tensors = outline.tensors.iter().map(|tensor| {
        let shape = PyTuple::new(py, &tensor.shape)?;
        (&tensor.name, tensor.dtype.name(), shape, tensor.offset, tensor.length).into_pyobject(py)
    });
    dict.set_item("tensors", PyList::new(py, tensors.collect::<PyResult<Vec<_>>>()?)?)?;
    let entries: Vec<_> = outline.entries.iter().map(|entry| (&entry.name, entry.offset, entry.length)).collect();
    dict.set_item("entries", entries)?;
    dict.set_item("cover", outline.cover.map(|cover| (cover.start, cover.end, cover.stored_at)))?;
    Ok(dict)
}

pub(crate) fn decompress(call: &Call) -> Answer {
    let [codec, data, declared, offset] = call.positional()?;
    call.no_keywords()?;
    Python::attach(|py| {
        let codec: String = borrowed(py, codec).extract()?;
        let codec = match codec.as_str() {
            "stored" => Codec::Stored,
            "zstd" => Codec::Zstd,
            "lz4-block" => Codec::Lz4Block,
            "lz4-sized" => Codec::Lz4Sized,
            _ => return Err(Failure::Call(format!("`decompress` has no codec: `{codec}`"))),
        };
        let (declared, offset) = (borrowed(py, declared).extract()?, borrowed(py, offset).extract()?);
        let mut view = View::new();
        let bytes = view.bytes(data)?;
        // The view keeps the bytes in place, so other threads may run.
        let out = py.detach(|| decompress::whole(codec, bytes, declared, offset))?;
        Ok(PyBytes::new(py, &out).into_any().into_ptr())
    })
}

pub(crate) fn decode_payload(call: &Call) -> Answer {
    let [model_type, data] = call.positional()?;
    call.no_keywords()?;
    Python::attach(|py| {
        let code: u16 = borrowed(py, model_type).extract()?;
        let known = ModelType::ALL.into_iter().find(|known| known.code() == code);
        let Some(shape) = known.and_then(container::shape_of) else {
            return Ok(py.None().into_ptr());
        };
        let mut view = View::new();
        let bytes = view.bytes(data)?;
        let value = py.detach(|| bincode::decode(shape, bytes))?;
        Ok(value_object(py, value)?.into_ptr())
    })
}

/// A decoded value as Python's own: records and variants are dicts, lists of numbers are buffers with their format.
fn value_object(py: Python<'_>, value: Value) -> PyResult<Bound<'_, PyAny>> {
    Ok(match value {
        Value::Bool(value) => value.into_bound_py_any(py)?,
        Value::Whole(value) => value.into_bound_py_any(py)?,
        Value::Single(value) => value.into_bound_py_any(py)?,
        Value::Double(value) => value.into_bound_py_any(py)?,
        Value::Text(text) => text.into_bound_py_any(py)?,
        Value::Singles(numbers) => array(py, "f", numbers.iter().flat_map(|number| number.to_le_bytes()).collect())?,
        Value::Doubles(numbers) => array(py, "d", numbers.iter().flat_map(|number| number.to_le_bytes()).collect())?,
        Value::Wholes(numbers) => array(py, "Q", numbers.iter().flat_map(|number| number.to_le_bytes()).collect())?,
        Value::List(values) => {
            let values = values.into_iter().map(|value| value_object(py, value)).collect::<PyResult<Vec<_>>>()?;
            PyList::new(py, values)?.into_any()
        }
        Value::Map(pairs) => {
            let dict = PyDict::new(py);
            for (key, value) in pairs {
                dict.set_item(value_object(py, key)?, value_object(py, value)?)?;
            }
            dict.into_any()
        }
        Value::Record(fields) => record(py, fields)?.into_any(),
        Value::Choice(name, fields) => {
            let dict = record(py, fields)?;
            dict.set_item("variant", name)?;
            dict.into_any()
        }
        _ => py.None().into_bound(py),
    })
}

fn record<'py>(py: Python<'py>, fields: Vec<(&'static str, Value)>) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (name, value) in fields {
        dict.set_item(name, value_object(py, value)?)?;
    }
    Ok(dict)
}

/// Numbers as a memory view of that format, which NumPy takes without a copy.
fn array<'py>(py: Python<'py>, format: &str, bytes: Vec<u8>) -> PyResult<Bound<'py, PyAny>> {
    let view = py.import("builtins")?.getattr("memoryview")?.call1((PyBytes::new(py, &bytes),))?;
    view.call_method1("cast", (format,))
}

pub(crate) fn plan_tensors(call: &Call) -> Answer {
    let [metadata, tensors, flags, suite] = call.positional()?;
    call.no_keywords()?;
    Python::attach(|py| {
        let metadata: String = borrowed(py, metadata).extract()?;
        let described: Vec<(String, String, Vec<u64>)> = borrowed(py, tensors).extract()?;
        let (flags, suite): (u16, u8) = (borrowed(py, flags).extract()?, borrowed(py, suite).extract()?);
        let suite = suite_of(suite)?;
        let tensors = described.iter().map(|(name, dtype, shape)| {
            let known = Dtype::named(dtype);
            let dtype = known.ok_or_else(|| Failure::Call(format!("a tensor has no such type: `{dtype}`")))?;
            Ok(a2::NewTensor { name, dtype, shape })
        });
        let tensors = tensors.collect::<Result<Vec<_>, Failure>>()?;
        let plan = a2::plan(&metadata, &tensors, flags, suite)?;
        let answer = (PyBytes::new(py, &plan.start), plan.offsets, plan.lengths, plan.end);
        Ok(answer.into_bound_py_any(py)?.into_ptr())
    })
}

pub(crate) fn write_a1(call: &Call) -> Answer {
    let [fields, metadata, payload, signature] = call.positional()?;
    call.no_keywords()?;
    Python::attach(|py| {
        let (model_type, uncompressed_size, compression, flags, quality_score, suite, cipher_mode): (
            u16,
            u32,
            u8,
            u8,
            u8,
            u8,
            u8,
        ) = borrowed(py, fields).extract()?;
        let known = ModelType::ALL.into_iter().find(|known| known.code() == model_type);
        let model_type = known.ok_or_else(|| Failure::Call(format!("no model type has the code: `{model_type}`")))?;
        let known = Compression::ALL.into_iter().find(|known| known.code() == compression);
        let compression = known.ok_or_else(|| Failure::Call(format!("no way has the code: `{compression}`")))?;
        let (mut metadata_view, mut payload_view) = (View::new(), View::new());
        let new = NewFile {
            model_type,
            metadata: metadata_view.bytes(metadata)?,
            payload: payload_view.bytes(payload)?,
            uncompressed_size,
            compression,
            flags: Flags::of_bits(flags)?,
            quality_score,
            suite: suite_of(suite)?,
            cipher_mode,
        };
        let signature = borrowed(py, signature);
        let bytes = if signature.is_none() {
            new.signed_bytes()?
        } else {
            let mut view = View::new();
            new.to_bytes(view.bytes(signature.as_ptr())?)?
        };
        Ok(PyBytes::new(py, &bytes).into_any().into_ptr())
    })
}

fn suite_of(code: u8) -> Result<Suite, Failure> {
    Suite::of_code(code).ok_or_else(|| Failure::Call(format!("no cipher suite has the code: `{code}`")))
}

pub(crate) fn pack_numbers(call: &Call) -> Answer {
    let [way, values, parameter] = call.positional()?;
    call.no_keywords()?;
    Python::attach(|py| {
        let way: String = borrowed(py, way).extract()?;
        let parameter: f32 = borrowed(py, parameter).extract()?;
        let mut view = View::new();
        let values = singles(view.bytes(values)?);
        let (bytes, error) = match way.as_str() {
            "delta" => (numbers::delta(&values), 0.0),
            "sparse" => (numbers::sparsify(&values, parameter)?, parameter),
            "quantized" => numbers::quantize(&values, width_of(parameter)?)?,
            _ => return Err(Failure::Call(format!("numbers are not packed in a way named: `{way}`"))),
        };
        Ok((PyBytes::new(py, &bytes), error).into_bound_py_any(py)?.into_ptr())
    })
}

pub(crate) fn unpack_numbers(call: &Call) -> Answer {
    let [way, data, most] = call.positional()?;
    call.no_keywords()?;
    Python::attach(|py| {
        let way: String = borrowed(py, way).extract()?;
        let most: u64 = borrowed(py, most).extract()?;
        let mut view = View::new();
        let bytes = view.bytes(data)?;
        let values = match way.as_str() {
            "delta" => numbers::undelta(bytes)?,
            "sparse" => numbers::densify(bytes, most)?,
            "quantized" => numbers::dequantize(bytes)?,
            _ => return Err(Failure::Call(format!("numbers are not packed in a way named: `{way}`"))),
        };
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Ok(array(py, "f", bytes)?.into_ptr())
    })
}

fn width_of(bits: f32) -> Result<numbers::Width, Failure> {
    use numbers::Width::{Eight, Four, Sixteen};
    let found = [Four, Eight, Sixteen].into_iter().find(|&width| f32::from(width as u8) == bits);
    found.ok_or_else(|| Failure::Call(format!("a code has 4, 8 or 16 bits, not: `{bits}`")))
}

/// The bytes of a buffer as single-precision numbers, wherever they stand.
fn singles(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|piece| f32::from_le_bytes([piece[0], piece[1], piece[2], piece[3]])).collect()
}

pub(crate) fn identify(call: &Call) -> Answer {
    let [start] = call.positional()?;
    call.no_keywords()?;
    let mut view = View::new();
    let layout = Layout::identify(view.bytes(start)?)?;
    Python::attach(|py| Ok(layout.name().into_bound_py_any(py)?.into_ptr()))
}
