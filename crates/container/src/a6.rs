//! Layout A6: the parameters of a tour solver.
//!
//! | offset | size | field    | may hold |
//! |-------:|-----:|----------|----------|
//! |      0 |    4 | magic    | `APR\0` |
//! |      4 |    4 | version  | 1 |
//! |      8 |    4 | type     | 0x54535000 |
//! |     12 |    4 | checksum | CRC-32 of the payload |
//! |     16 |      | payload  | algorithm u8, four training facts, the parameters of the algorithm |

use crate::{Cover, Error, Field, Layout, Outline, Role, Source, source::Cursor};

const HEADER_SIZE: u64 = 16;

/// Bytes before the parameters: algorithm, two counts, two numbers in double precision.
const FACTS_SIZE: u64 = 1 + 4 + 4 + 8 + 8;

/// Bytes of the parameters of each algorithm: ant colony, tabu search, genetic, hybrid.
const PARAMETERS_SIZE: [u64; 4] = [4 * 8 + 4, 4 + 4, 4 + 8 + 8, 3 * 8];

/// What is where, from header and algorithm.
pub(crate) fn outline<S: Source>(source: &mut S) -> Result<Outline, Error> {
    let size = source.size();
    let algorithm = Cursor::new(source, HEADER_SIZE).u8()?;
    let Some(parameters) = PARAMETERS_SIZE.get(usize::from(algorithm)) else {
        let (field, expected) = (Field("algorithm"), "from `0` to `3`");
        return Err(Error::Field { field, offset: HEADER_SIZE, expected, got: algorithm.into() });
    };
    let mut outline = Outline::new(Layout::A6, (1, 0), size);
    outline.add(Role::Header, HEADER_SIZE);
    outline.add(Role::Payload, FACTS_SIZE + parameters);
    outline.require_whole()?;
    outline.cover = Some(Cover { start: HEADER_SIZE, end: size, stored_at: 12 });
    Ok(outline)
}
