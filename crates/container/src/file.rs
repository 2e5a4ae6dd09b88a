//! A file of any layout: what is where, and whether it is whole.

use alloc::vec::Vec;

use crate::{Error, Layout, Limits, Outline, Source, a1, a2, a3, a5, a6, a8, ald, layout::IDENTIFYING};

/// What a file has been found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What is where.
    pub outline: Outline,
    /// Whether a checksum over the content was computed and holds; false where the layout has none.
    pub is_proved: bool,
}

/// Which layout a file has, and what is where in it, from headers and indexes alone.
pub fn outline<S: Source>(source: &mut S, limits: &Limits) -> Result<Outline, Error> {
    match identify(source)? {
        Layout::A1 => a1::outline(source, limits),
        Layout::A2 => a2::outline(source, limits),
        Layout::A3 => a3::outline(source, limits),
        Layout::A4 => a3::compressed_outline(source, limits),
        Layout::A5 => a5::outline(source, limits),
        Layout::A6 => a6::outline(source),
        Layout::A7 => Err(Error::Unsupported { layout: Layout::A7, reason: "its binary header is only recognised" }),
        Layout::A8 => a8::outline(source, limits),
        Layout::AldBlock => ald::block_outline(source, limits),
        // A block of spatial data may begin with the bytes by which a stream is known; its sizes tell.
        Layout::AldStream => {
            ald::stream_outline(source, limits).or_else(|error| ald::block_outline(source, limits).map_err(|_| error))
        }
        Layout::AldTensors => a5::dataset_outline(source, limits),
    }
}

/// Check a whole file as far as its layout allows: sizes, gaps, overlaps, padding, checksum.
///
/// A signature is not checked here, and a checksum protects against accidents, not against people.
pub fn verify<S: Source>(source: &mut S, limits: &Limits) -> Result<Verdict, Error> {
    let outline = outline(source, limits)?;
    // The checksum comes before what only makes sense in a file that is whole.
    let mut is_proved = outline.check_checksum(source)?;
    outline.check_padding(source)?;
    if outline.layout == Layout::A4 {
        decompress_a4(source, limits)?;
        is_proved = true;
    }
    Ok(Verdict { outline, is_proved })
}

/// The A3 file inside an A4 file, checked for itself, and what is where in it.
pub fn decompress_a4<S: Source>(source: &mut S, limits: &Limits) -> Result<(Vec<u8>, Outline), Error> {
    let image = a3::decompressed(source, limits)?;
    require_inner(&image)?;
    let mut inside = &image[..];
    let outline = outline(&mut inside, limits)?;
    outline.check_checksum(&mut inside)?;
    outline.check_padding(&mut inside)?;
    Ok((image, outline))
}

/// What is compressed must be A3: a file inside a file inside a file would expand without end.
fn require_inner(image: &[u8]) -> Result<(), Error> {
    match Layout::identify(image)? {
        Layout::A3 => Ok(()),
        layout => Err(Error::Unsupported { layout, reason: "it stands inside a compressed file" }),
    }
}

fn identify<S: Source>(source: &mut S) -> Result<Layout, Error> {
    let mut start = [0; IDENTIFYING];
    let length = source.size().min(IDENTIFYING as u64) as usize;
    source.read(0, &mut start[..length])?;
    Layout::identify(&start[..length])
}

#[cfg(test)]
mod tests;
