//! Images out of files: A2 as it is, A1 by its payload, also where that has the shape of another program.
//!
//! What enters are the bytes of a file. What leaves is the image that [`crate::ModelView`] and [`crate::Batch`] run, borrowed
//! where the file is one, and made where it lies compressed inside of one. Files are verified before anything of them is
//! believed; memory is bounded by what `container` lets a payload be.

use alloc::{borrow::Cow, vec::Vec};
use core::fmt;

use container::{
    Compression, Dtype, Flags, Header, Layout, Limits, ModelType, Role, Suite,
    a2::{self, NewTensor},
    bincode::{self, Value},
    crc32, decompress,
};

use crate::{FamilyCode, Link, ParseError};

/// Why a file gives no image.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FileError {
    /// The file is not what its layout says.
    File(container::Error),
    /// The file is whole, and holds no model that this crate runs.
    Model(ParseError),
    /// The payload is encrypted, and only its key gives it back.
    Encrypted,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(f, "{error:?}"),
            Self::Model(error) => error.fmt(f),
            Self::Encrypted => f.write_str("the payload is encrypted, decrypt the file before"),
        }
    }
}

impl core::error::Error for FileError {}

impl From<container::Error> for FileError {
    fn from(error: container::Error) -> Self {
        Self::File(error)
    }
}

const NO_MODEL: FileError = FileError::Model(ParseError::UnsupportedModelType);

/// The image in a file of layout A1 or A2, whose checksums hold.
pub fn image_of(file: &[u8]) -> Result<Cow<'_, [u8]>, FileError> {
    let verdict = container::verify(&mut &*file, &Limits::default())?;
    match verdict.outline.layout {
        Layout::A2 => Ok(Cow::Borrowed(file)),
        Layout::A1 => payload_of(file, &verdict.outline).map(Cow::Owned),
        _ => Err(NO_MODEL),
    }
}

fn payload_of(file: &[u8], outline: &container::Outline) -> Result<Vec<u8>, FileError> {
    let header = Header::parse(file)?;
    if header.flags.contains(Flags::ENCRYPTED) {
        return Err(FileError::Encrypted);
    }
    let found = outline.sections.iter().find(|section| section.role == Role::Payload).ok_or(NO_MODEL)?;
    let stored = (found.offset as usize)
        .checked_add(found.length as usize)
        .and_then(|end| file.get(found.offset as usize..end))
        .ok_or(NO_MODEL)?;
    let payload = decompress::whole(
        Compression::into(header.compression),
        stored,
        header.uncompressed_size.into(),
        found.offset,
    )?;
    if header.model_type == ModelType::Custom {
        let inside = container::verify(&mut &payload[..], &Limits::default())?;
        return if inside.outline.layout == Layout::A2 { Ok(payload) } else { Err(NO_MODEL) };
    }
    let shape = container::shape_of(header.model_type).ok_or(NO_MODEL)?;
    written(header.model_type, &bincode::decode(shape, &payload)?).ok_or(NO_MODEL)
}

/// The image of a payload of another program; the types that `reference_payload.py` writes, whose numbers come back as they
/// were.
fn written(model_type: ModelType, values: &Value) -> Option<Vec<u8>> {
    let (weights, intercept, link) = match model_type {
        ModelType::LinearRegression => ("coefficients", "intercept", Link::Identity),
        ModelType::LogisticRegression => ("coefficients", "intercept", Link::Logistic),
        ModelType::Svm => ("weights", "bias", Link::Decision),
        ModelType::KMeans => return groups(field(values, "centroids")?),
        _ => return None,
    };
    let coef = numbers(field(values, weights)?)?;
    let &Value::Single(intercept) = field(values, intercept)? else { return None };
    let [outputs, classes] = match link {
        Link::Identity => [1, 0],
        Link::Logistic => [2, 2],
        _ => [1, 2],
    };
    let width = u32::try_from(coef.len()).ok()?;
    let head = head(FamilyCode::Linear, width, outputs, link, classes);
    let arrays = [("coef", alloc::vec![1, width.into()], coef), ("intercept", alloc::vec![1], &[intercept][..])];
    image(head, &arrays)
}

fn groups(matrix: &Value) -> Option<Vec<u8>> {
    let &Value::Whole(rows) = field(matrix, "rows")? else { return None };
    let &Value::Whole(columns) = field(matrix, "cols")? else { return None };
    let centroids = numbers(field(matrix, "data")?)?;
    if rows.checked_mul(columns)? != centroids.len() as u64 {
        return None;
    }
    let head = head(FamilyCode::KMeans, u32::try_from(columns).ok()?, 1, Link::Identity, 0);
    image(head, &[("centroids", alloc::vec![rows, columns], centroids)])
}

fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let Value::Record(fields) = value else { return None };
    fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// Numbers of single precision, whether they stand alone or in a vector.
fn numbers(value: &Value) -> Option<&[f32]> {
    match value {
        Value::Singles(numbers) => Some(numbers),
        Value::Record(_) => numbers(field(value, "data")?),
        _ => None,
    }
}

fn head(family: FamilyCode, features: u32, outputs: u32, link: Link, classes: u32) -> [u8; 64] {
    let mut bytes = [0; 64];
    let places = [1, family as u32, features, outputs, link as u32, classes];
    for (to, place) in bytes.chunks_exact_mut(4).zip(places) {
        to.copy_from_slice(&place.to_le_bytes());
    }
    bytes
}

/// A file of layout A2 with the head and these arrays.
fn image(head: [u8; 64], arrays: &[(&str, Vec<u64>, &[f32])]) -> Option<Vec<u8>> {
    let mut tensors = alloc::vec![NewTensor { name: "model", dtype: Dtype::I32, shape: &[16] }];
    tensors.extend(arrays.iter().map(|(name, shape, _)| NewTensor { name, dtype: Dtype::F32, shape }));
    let plan = a2::plan("{}", &tensors, 0, Suite::Legacy).ok()?;
    let mut file = plan.start;
    file.resize(plan.end as usize, 0);
    let bytes = arrays.iter().map(|(_, _, numbers)| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>());
    for (at, bytes) in plan.offsets.iter().zip(core::iter::once(head.to_vec()).chain(bytes)) {
        file.get_mut(*at as usize..*at as usize + bytes.len())?.copy_from_slice(&bytes);
    }
    let checksum = crc32(0, &file);
    file.extend_from_slice(&checksum.to_le_bytes());
    Some(file)
}
