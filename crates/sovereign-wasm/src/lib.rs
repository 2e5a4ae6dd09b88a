//! The browser's door: plain exports of one WebAssembly module, without a generator of glue.
//!
//! What enters are addresses and lengths in the module's own memory, in which the caller has asked for blocks with
//! `alloc`. What leaves are numbers; functions that can fail return a code of [`Refusal`], 0 meaning fine. A block of
//! numbers holds `f32`, little-endian, at an address that `alloc` gave or a multiple of 4 behind it.
//!
//! On any other target this is an ordinary library whose functions are tested; there it exports no plain names, and
//! `alloc` and `free`, which would take the place of the system's, do not exist.

#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(any(target_arch = "wasm32", test))]
mod memory;

use core::slice;

use container::{Error, Header, Limits};
use predict::{InferenceError, ModelView, ParseError, Wanted};
use trueno::{Backend, Operand, Ternary};

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Why a model file was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Refusal {
    /// The first bytes are not `APRN`.
    Magic = 1,
    /// The format version is not known.
    Version = 2,
    /// A header field holds what the format does not allow.
    Field = 3,
    /// The file ends too early.
    Truncated = 4,
    /// More bytes follow than the header announces.
    Surplus = 5,
    /// The checksum does not hold.
    Checksum = 6,
    /// Bytes hide in padding, overlap, or are no stream: what the other reasons do not name.
    Other = 7,
    /// The file is as its layout says, and the layout has no checksum that would prove it whole.
    Unproved = 8,
    /// The file is whole, and its arrays are no model that is run here.
    Model = 9,
    /// The row has more or fewer numbers than the model has features.
    Width = 10,
    /// Output or scratch memory is too small.
    Room = 11,
    /// The model has no answer for this row.
    Answer = 12,
}

impl From<ParseError> for Refusal {
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::TooSmall => Self::Truncated,
            ParseError::InvalidMagic => Self::Magic,
            ParseError::UnsupportedVersion => Self::Version,
            ParseError::ChecksumMismatch => Self::Checksum,
            _ => Self::Model,
        }
    }
}

impl From<InferenceError> for Refusal {
    fn from(error: InferenceError) -> Self {
        match error {
            InferenceError::DimensionMismatch { .. } => Self::Width,
            InferenceError::OutputBufferTooSmall | InferenceError::ScratchTooSmall { .. } => Self::Room,
            _ => Self::Answer,
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Magic { .. } => Self::Magic,
            Error::Version { .. } => Self::Version,
            Error::Field { .. } => Self::Field,
            Error::Truncated { .. } => Self::Truncated,
            Error::Surplus { .. } => Self::Surplus,
            Error::Checksum { .. } => Self::Checksum,
            _ => Self::Other,
        }
    }
}

/// A block of `size_bytes` at a multiple of 16, or 0 when memory is used up.
#[cfg(target_arch = "wasm32")]
#[unsafe(no_mangle)]
pub extern "C" fn alloc(size_bytes: usize) -> *mut u8 {
    memory::alloc(size_bytes)
}

/// Give back a block that `alloc` gave for the same `size_bytes`.
///
/// # Safety
/// The block is not used again.
#[cfg(target_arch = "wasm32")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn free(block: *mut u8, size_bytes: usize) {
    // SAFETY: the caller vouches for it.
    unsafe { memory::free(block, size_bytes) }
}

/// The sum of the products of two blocks of `n` numbers.
///
/// # Safety
/// `n` numbers stand at both addresses.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub unsafe extern "C" fn dot(a: *const f32, b: *const f32, n: usize) -> f32 {
    // SAFETY: the caller vouches for `n` numbers at both.
    let (a, b) = unsafe { (slice::from_raw_parts(a, n), slice::from_raw_parts(b, n)) };
    trueno::kernels().dot(a, b).unwrap_or(f32::NAN)
}

/// The sum of `n` numbers.
///
/// # Safety
/// `n` numbers stand at the address.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub unsafe extern "C" fn sum(x: *const f32, n: usize) -> f32 {
    // SAFETY: the caller vouches for `n` numbers.
    trueno::kernels().sum(unsafe { slice::from_raw_parts(x, n) })
}

/// Add `a * x[i]` to each of the `n` numbers at `y`.
///
/// # Safety
/// `n` numbers stand at both addresses, and the blocks share no byte.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub unsafe extern "C" fn axpy(a: f32, x: *const f32, y: *mut f32, n: usize) {
    // SAFETY: the caller vouches for `n` numbers at both, apart from each other.
    let (x, y) = unsafe { (slice::from_raw_parts(x, n), slice::from_raw_parts_mut(y, n)) };
    // Lengths are equal, the only thing that `blend` refuses.
    let _ = trueno::kernels().blend(Ternary::Fma, Operand::Scalar(a), Operand::Slice(x), Operand::Out, y);
}

/// 1 when the kernels use SIMD128, 0 when they are plain.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn uses_simd() -> u32 {
    u32::from(Backend::detect() == Backend::WasmSimd128)
}

/// CRC-32 of the bytes, going on from `start`, the checksum of what came before; 0 at the beginning.
///
/// # Safety
/// `length` bytes stand at the address.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub unsafe extern "C" fn crc32(start: u32, bytes: *const u8, length: usize) -> u32 {
    // SAFETY: the caller vouches for `length` bytes.
    container::crc32(start, unsafe { slice::from_raw_parts(bytes, length) })
}

/// Read the header of a model file of `length` bytes into 8 numbers at `fields`: model type, metadata size, payload
/// size, uncompressed size, compression, flags, quality score, cipher suite + 256 x cipher mode.
///
/// # Safety
/// `length` bytes stand at `file`, and `fields` has room for 8 numbers.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub unsafe extern "C" fn header(file: *const u8, length: usize, fields: *mut u32) -> u32 {
    // SAFETY: the caller vouches for both blocks.
    let (file, fields) = unsafe { (slice::from_raw_parts(file, length), &mut *fields.cast::<[u32; 8]>()) };
    match Header::parse(file) {
        Ok(header) => {
            *fields = numbers(&header);
            0
        }
        Err(error) => Refusal::from(error) as u32,
    }
}

/// Check a whole model or data file of any layout: sizes, gaps, overlaps, padding, checksum.
///
/// # Safety
/// `length` bytes stand at the address.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub unsafe extern "C" fn verify(file: *const u8, length: usize) -> u32 {
    // SAFETY: the caller vouches for `length` bytes.
    let mut file = unsafe { slice::from_raw_parts(file, length) };
    match container::verify(&mut file, &Limits::DEFAULT) {
        Ok(verdict) if verdict.is_proved => 0,
        Ok(_) => Refusal::Unproved as u32,
        Err(error) => Refusal::from(error) as u32,
    }
}

/// Read a model, a file of layout A2 of `length` bytes, and tell 5 numbers at `facts`: family, features of a row, columns
/// of a prediction, classes, and numbers of scratch memory that [`model_predict`] needs. The checksum is compared.
///
/// # Safety
/// `length` bytes stand at `file`, and `facts` has room for 5 numbers.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub unsafe extern "C" fn model_open(file: *const u8, length: usize, facts: *mut u32) -> u32 {
    // SAFETY: the caller vouches for both blocks.
    let (file, facts) = unsafe { (slice::from_raw_parts(file, length), &mut *facts.cast::<[u32; 5]>()) };
    match ModelView::from_bytes(file) {
        Ok(view) => {
            let (head, columns) = (view.head(), view.columns(Wanted::Values));
            let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let sizes = [head.features, columns, head.classes, view.scratch_len()].map(count);
            *facts = [head.family as u32, sizes[0], sizes[1], sizes[2], sizes[3]];
            0
        }
        Err(error) => Refusal::from(error) as u32,
    }
}

/// Predict one row of `features` numbers by a model that [`model_open`] has found to be whole; what is not finite comes
/// out as it does.
///
/// # Safety
/// `length` bytes stand at `file`, so many numbers at the other addresses, and the blocks share no byte.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
#[allow(clippy::too_many_arguments)]
pub unsafe extern "C" fn model_predict(
    file: *const u8,
    length: usize,
    row: *const f32,
    features: usize,
    output: *mut f32,
    columns: usize,
    scratch: *mut f32,
    scratch_length: usize,
) -> u32 {
    // SAFETY: the caller vouches for all blocks.
    let (file, row, output, scratch) = unsafe {
        (
            slice::from_raw_parts(file, length),
            slice::from_raw_parts(row, features),
            slice::from_raw_parts_mut(output, columns),
            slice::from_raw_parts_mut(scratch, scratch_length),
        )
    };
    match ModelView::from_verified_bytes(file) {
        Ok(view) => {
            view.row(Wanted::Values, row, output, scratch).map_or_else(|error| Refusal::from(error) as u32, |()| 0)
        }
        Err(error) => Refusal::from(error) as u32,
    }
}

fn numbers(header: &Header) -> [u32; 8] {
    [
        header.model_type.code().into(),
        header.metadata_size,
        header.payload_size,
        header.uncompressed_size,
        header.compression.code().into(),
        header.flags.bits().into(),
        header.quality_score.into(),
        u32::from(header.cipher_suite.code()) + 256 * u32::from(header.cipher_mode),
    ]
}

#[cfg(test)]
mod tests;
