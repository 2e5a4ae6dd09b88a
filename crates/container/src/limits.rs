//! The most that is read into memory before anything vouches for it.

/// What a reader is willing to hold. Nothing is allocated by a number from a file that these do not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of metadata.
    pub metadata: u64,
    /// Bytes of a tensor index, a manifest or a schema.
    pub index: u64,
    /// Entries of an index: tensors, models, layers.
    pub entries: u64,
    /// Bytes of a payload when decompressed.
    pub payload: u64,
}

impl Limits {
    /// What is used where nothing else is said: model cards fit, bombs do not.
    pub const DEFAULT: Self = Self { metadata: 16 << 20, index: 64 << 20, entries: 1 << 20, payload: 1 << 30 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Bytes of a name; longer ones are cut by some writers and mistaken for others.
pub const LONGEST_NAME: u64 = 4096;

/// Dimensions of a tensor.
pub const MOST_DIMENSIONS: u64 = 8;
