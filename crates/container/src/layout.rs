//! Which of the layouts behind the names `.apr` and `.ald` a file has. Their first bytes tell them apart.

use crate::Error;

/// Bytes that [`Layout::identify`] wants to see.
pub const IDENTIFYING: usize = 16;

/// A layout; the numbers A1 to A8 are those of `docs/reference/format.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// `APRN`: header, MessagePack metadata, one payload, checksum.
    A1,
    /// `APR\0` version 2: header, JSON metadata, tensor index, aligned tensors, checksum.
    A2,
    /// `APR1`: JSON metadata, JSON tensor index, tensors, checksum.
    A3,
    /// `APR2`: A3, compressed as a whole.
    A4,
    /// `APR\0` version 1: layers of tensors, no checksum.
    A5,
    /// `APR\0` version 1 with the type of a tour model: checksum, parameters.
    A6,
    /// `APR1` with a binary header: speech models, only recognised.
    A7,
    /// `APBUNDLE`: a manifest and several models, no checksum.
    A8,
    /// `ALDF`: a dataset in one block, checksum.
    AldBlock,
    /// `ALDF` with the streaming flag and another header: chunks of rows, no checksum.
    AldStream,
    /// `ALD\0`: tensors of a dataset, no checksum.
    AldTensors,
}

/// What stands where A5 has a length and A6 its type, and the flag by which a streamed dataset is known.
const TOUR: [u8; 4] = 0x5453_5000_u32.to_le_bytes();
const STREAMED: [u8; 2] = 4_u16.to_le_bytes();

impl Layout {
    /// Every layout.
    pub const ALL: [Self; 11] = [
        Self::A1,
        Self::A2,
        Self::A3,
        Self::A4,
        Self::A5,
        Self::A6,
        Self::A7,
        Self::A8,
        Self::AldBlock,
        Self::AldStream,
        Self::AldTensors,
    ];

    /// The name by which messages and tables call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A1 => "A1",
            Self::A2 => "A2",
            Self::A3 => "A3",
            Self::A4 => "A4",
            Self::A5 => "A5",
            Self::A6 => "A6",
            Self::A7 => "A7",
            Self::A8 => "A8",
            Self::AldBlock => "ald-block",
            Self::AldStream => "ald-stream",
            Self::AldTensors => "ald-tensors",
        }
    }

    /// Whether a file of this layout carries a checksum over its content; without one, nothing proves it whole.
    pub const fn has_checksum(self) -> bool {
        matches!(self, Self::A1 | Self::A2 | Self::A3 | Self::A4 | Self::A6 | Self::AldBlock)
    }

    /// The layout of a file that begins with `start`: its first [`IDENTIFYING`] bytes, or all that it has.
    ///
    /// A prefix of a known beginning is [`Error::Truncated`], anything else [`Error::Magic`].
    pub fn identify(start: &[u8]) -> Result<Self, Error> {
        let mut padded = [0; IDENTIFYING];
        let length = start.len().min(IDENTIFYING);
        padded[..length].copy_from_slice(&start[..length]);
        let magic = [padded[0], padded[1], padded[2], padded[3]];
        let needed = match &magic {
            b"APRN" | b"APR2" | b"ALD\0" => 4,
            b"APR\0" | b"APR1" => 12,
            b"ALDF" => 9,
            b"APBU" => 8,
            _ if length < 4 && is_beginning(&start[..length]) => 4,
            _ => return Err(Error::Magic { got: magic }),
        };
        if length < needed {
            return Err(Error::Truncated { expected: needed as u64, got: length as u64 });
        }
        match &magic {
            b"APRN" => Ok(Self::A1),
            b"APR2" => Ok(Self::A4),
            b"ALD\0" => Ok(Self::AldTensors),
            b"APR1" if padded[8] == b'{' => Ok(Self::A3),
            b"APR1" => Ok(Self::A7),
            b"APR\0" => of_shared_magic(&padded),
            b"ALDF" if padded[6..8] == STREAMED && padded[8] == 1 => Ok(Self::AldStream),
            b"ALDF" => Ok(Self::AldBlock),
            _ if &padded[..8] == b"APBUNDLE" => Ok(Self::A8),
            _ => Err(Error::Magic { got: magic }),
        }
    }
}

/// Three layouts begin with `APR\0`; the version tells the second from the others, the type tells those apart.
fn of_shared_magic(start: &[u8; IDENTIFYING]) -> Result<Layout, Error> {
    match (start[4], &start[5..8]) {
        (2, _) => Ok(Layout::A2),
        (1, [0, 0, 0]) if start[8..12] == TOUR => Ok(Layout::A6),
        (1, [0, 0, 0]) => Ok(Layout::A5),
        (version, _) => Err(Error::Version { got: version.into() }),
    }
}

fn is_beginning(start: &[u8]) -> bool {
    const MAGICS: [&[u8]; 7] = [b"APRN", b"APR\0", b"APR1", b"APR2", b"APBU", b"ALDF", b"ALD\0"];
    MAGICS.iter().any(|magic| magic.starts_with(start))
}
