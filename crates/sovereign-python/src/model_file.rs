//! The outside of `.apr` files: header, lengths, checksum.

use container::Header;
use pyo3::{ffi, prelude::*, types::PyDict};

use crate::{
    buffer::View,
    call::{Answer, Call, Keyword, Object},
    errors::Failure,
};

static START: Keyword = Keyword::new(c"start");
static SIZE_BYTES: Keyword = Keyword::new(c"size_bytes");

pub(crate) fn crc32(call: &Call) -> Answer {
    let [data] = call.positional()?;
    let start = call.keyword(&START)?.map_or(Ok(0), whole)?;
    let start = u32::try_from(start).map_err(|_| Failure::Call("`start` should fit into 32 bits".to_owned()))?;
    let mut view = View::new();
    let checksum = container::crc32(start, view.bytes(data)?);
    // SAFETY: the interpreter is locked; null would mean that an error is set.
    let object = unsafe { ffi::PyLong_FromUnsignedLongLong(checksum.into()) };
    if object.is_null() { Err(Failure::Raised) } else { Ok(object) }
}

pub(crate) fn parse_header(call: &Call) -> Answer {
    let [data] = call.positional()?;
    let size_bytes = call.keyword(&SIZE_BYTES)?.map(whole).transpose()?;
    let mut view = View::new();
    let header = Header::parse(view.bytes(data)?)?;
    size_bytes.map_or(Ok(()), |size_bytes| header.require_file_size(size_bytes))?;
    fields(&header)
}

pub(crate) fn verify_trailer(call: &Call) -> Answer {
    let [data] = call.positional()?;
    call.no_keywords()?;
    let mut view = View::new();
    fields(&container::verify_trailer(view.bytes(data)?)?)
}

/// A Python integer that is not negative and fits into 64 bits.
fn whole(object: Object) -> Result<u64, Failure> {
    // SAFETY: the caller keeps its argument alive; for anything else Python sets an error and returns the largest.
    let value = unsafe { ffi::PyLong_AsUnsignedLongLong(object) };
    // SAFETY: the interpreter is locked.
    if value == u64::MAX && !unsafe { ffi::PyErr_Occurred() }.is_null() { Err(Failure::Raised) } else { Ok(value) }
}

/// The header as a dict, codes as numbers.
fn fields(header: &Header) -> Answer {
    let fields: [(&str, u32); 11] = [
        ("version_major", header.version_major.into()),
        ("version_minor", header.version_minor.into()),
        ("model_type", header.model_type.code().into()),
        ("metadata_size", header.metadata_size),
        ("payload_size", header.payload_size),
        ("uncompressed_size", header.uncompressed_size),
        ("compression", header.compression.code().into()),
        ("flags", header.flags.bits().into()),
        ("quality_score", header.quality_score.into()),
        ("cipher_suite", header.cipher_suite.code().into()),
        ("cipher_mode", header.cipher_mode.into()),
    ];
    Python::attach(|py| {
        let dict = PyDict::new(py);
        for (name, value) in fields {
            dict.set_item(name, value)?;
        }
        Ok(dict.into_any().into_ptr())
    })
}
