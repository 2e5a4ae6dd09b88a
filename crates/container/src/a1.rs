//! The 32 bytes at the start of an `.apr` file of layout A1. All numbers are little-endian.
//!
//! | offset | size | field             | may hold |
//! |-------:|-----:|-------------------|----------|
//! |      0 |    4 | magic             | `APRN` |
//! |      4 |    1 | version_major     | 1 |
//! |      5 |    1 | version_minor     | 0, or 1 where a cipher suite is named |
//! |      6 |    2 | model_type        | a code of [`ModelType`] |
//! |      8 |    4 | metadata_size     | bytes of metadata after the header |
//! |     12 |    4 | payload_size      | bytes of payload as stored |
//! |     16 |    4 | uncompressed_size | bytes of payload when decompressed, at most 2³⁰ |
//! |     20 |    1 | compression       | a code of [`Compression`] |
//! |     21 |    1 | flags             | bits of [`Flags`]; the highest is 0 |
//! |     22 |    1 | quality_score     | 0 = not validated, to 100 |
//! |     23 |    1 | cipher_suite      | a code of [`Suite`]; 0 = the rules of files without suites |
//! |     24 |    1 | cipher_mode       | 0 = not encrypted or suite 0; 1 password, 2 recipient, 3 key encapsulation |
//! |     25 |    7 | reserved          | 0 |

use alloc::vec::Vec;

use crate::{
    Cover, Error, Expected, Field, HEADER_SIZE, LARGEST_PAYLOAD, Layout, Limits, Outline, Role, Source, TRAILER_SIZE,
    crc32, source::Cursor,
};

const MAGIC: [u8; 4] = *b"APRN";

/// What kind of model the payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[repr(u16)]
#[allow(missing_docs, reason = "the names say it")]
pub enum ModelType {
    LinearRegression = 0x01,
    LogisticRegression = 0x02,
    DecisionTree = 0x03,
    RandomForest = 0x04,
    GradientBoosting = 0x05,
    KMeans = 0x06,
    Pca = 0x07,
    NaiveBayes = 0x08,
    Knn = 0x09,
    Svm = 0x0A,
    NgramLm = 0x10,
    Tfidf = 0x11,
    CountVectorizer = 0x12,
    NeuralSequential = 0x20,
    NeuralCustom = 0x21,
    ContentRecommender = 0x30,
    MixtureOfExperts = 0x40,
    Custom = 0xFF,
}

impl ModelType {
    /// Every type, by code.
    pub const ALL: [Self; 18] = [
        Self::LinearRegression,
        Self::LogisticRegression,
        Self::DecisionTree,
        Self::RandomForest,
        Self::GradientBoosting,
        Self::KMeans,
        Self::Pca,
        Self::NaiveBayes,
        Self::Knn,
        Self::Svm,
        Self::NgramLm,
        Self::Tfidf,
        Self::CountVectorizer,
        Self::NeuralSequential,
        Self::NeuralCustom,
        Self::ContentRecommender,
        Self::MixtureOfExperts,
        Self::Custom,
    ];

    /// The number in the file.
    pub const fn code(self) -> u16 {
        self as u16
    }
}

/// How the payload is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[repr(u8)]
pub enum Compression {
    /// As it is.
    None = 0,
    /// One zstd frame, written at level 3.
    Zstd = 1,
    /// One zstd frame, written at level 19.
    ZstdMax = 2,
    /// Raw length, then one LZ4 block.
    Lz4 = 3,
}

impl Compression {
    /// Every way, by code.
    pub const ALL: [Self; 4] = [Self::None, Self::Zstd, Self::ZstdMax, Self::Lz4];

    /// The number in the file.
    pub const fn code(self) -> u8 {
        self as u8
    }
}

/// Which signature and encryption the file uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[repr(u8)]
pub enum Suite {
    /// The rules from before suites had numbers: Ed25519, AES-256-GCM.
    Legacy = 0,
    /// Ed25519, XChaCha20-Poly1305.
    Standard2025 = 1,
    /// ML-DSA-65, ML-KEM-768.
    PostQuantum2030 = 2,
    /// Ed25519 and ML-DSA-65, X25519 and ML-KEM-768.
    Hybrid2028 = 3,
    /// ECDSA P-384, AES-256-GCM.
    GovHighAssurance = 4,
    /// RSA-2048, for reading only.
    LegacyRsa = 0xFF,
}

impl Suite {
    /// Every suite, by code.
    pub const ALL: [Self; 6] = [
        Self::Legacy,
        Self::Standard2025,
        Self::PostQuantum2030,
        Self::Hybrid2028,
        Self::GovHighAssurance,
        Self::LegacyRsa,
    ];

    /// The number in the file.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The suite with that number.
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// Bytes of the signature block: the signatures one behind the other, then the public keys in the same order.
    pub const fn signature_size(self) -> u64 {
        const ED25519: u64 = 64 + 32;
        const ML_DSA_65: u64 = 3309 + 1952;
        const ECDSA_P384: u64 = 96 + 97;
        const RSA_2048: u64 = 256 + 256;
        match self {
            Self::Legacy | Self::Standard2025 => ED25519,
            Self::PostQuantum2030 => ML_DSA_65,
            Self::Hybrid2028 => ED25519 + ML_DSA_65,
            Self::GovHighAssurance => ECDSA_P384,
            Self::LegacyRsa => RSA_2048,
        }
    }
}

/// What else is in the file, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    /// The payload is encrypted.
    pub const ENCRYPTED: Self = Self(0x01);
    /// A signature block follows the payload.
    pub const SIGNED: Self = Self(0x02);
    /// The payload is meant to be read in chunks.
    pub const STREAMING: Self = Self(0x04);
    /// The metadata holds a licence.
    pub const LICENSED: Self = Self(0x08);
    /// Tensors are aligned for the kernels.
    pub const TRUENO_NATIVE: Self = Self(0x10);
    /// Weights are quantized.
    pub const QUANTIZED: Self = Self(0x20);
    /// The metadata holds a model card.
    pub const HAS_MODEL_CARD: Self = Self(0x40);

    const RESERVED: u8 = 0x80;

    /// The flags with these bits; [`Error::Field`] where the reserved one is set.
    pub fn of_bits(bits: u8) -> Result<Self, Error> {
        flags(bits)
    }

    /// All bits of `other` are set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The byte in the file.
    pub const fn bits(self) -> u8 {
        self.0
    }
}

/// A header of which every field was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the table of the module says what each holds")]
pub struct Header {
    pub version_major: u8,
    pub version_minor: u8,
    pub model_type: ModelType,
    pub metadata_size: u32,
    pub payload_size: u32,
    pub uncompressed_size: u32,
    pub compression: Compression,
    pub flags: Flags,
    pub quality_score: u8,
    pub cipher_suite: Suite,
    pub cipher_mode: u8,
}

impl Header {
    /// Read the first 32 of `bytes`; what follows is not looked at.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let bytes = first_bytes(bytes)?;
        if bytes[4] != 1 {
            return Err(Error::Version { got: bytes[4].into() });
        }
        let header = Self {
            version_major: bytes[4],
            version_minor: bytes[5],
            model_type: model_type(u16::from_le_bytes([bytes[6], bytes[7]]))?,
            metadata_size: number(bytes, 8),
            payload_size: number(bytes, 12),
            uncompressed_size: number(bytes, 16),
            compression: compression(bytes[20])?,
            flags: flags(bytes[21])?,
            quality_score: bytes[22],
            cipher_suite: suite(bytes[23])?,
            cipher_mode: bytes[24],
        };
        header.check_ranges()?;
        header.check_sizes()?;
        header.check_cipher()?;
        match bytes[25..].iter().position(|&byte| byte != 0) {
            Some(place) => Err(wrong("reserved", 25 + place as u64, "`0`", bytes[25 + place].into())),
            None => Ok(header),
        }
    }

    fn check_ranges(&self) -> Result<(), Error> {
        if self.version_minor > 1 {
            return Err(wrong("version_minor", 5, "`0` or `1`", self.version_minor.into()));
        }
        if self.uncompressed_size > LARGEST_PAYLOAD {
            return Err(wrong("uncompressed_size", 16, "at most `1073741824`", self.uncompressed_size));
        }
        if self.quality_score > 100 {
            return Err(wrong("quality_score", 22, "from `0` to `100`", self.quality_score.into()));
        }
        Ok(())
    }

    /// What is stored as it is has the size that it is said to have when decompressed; encryption adds its own bytes.
    fn check_sizes(&self) -> Result<(), Error> {
        let is_plain = self.compression == Compression::None && !self.flags.contains(Flags::ENCRYPTED);
        if is_plain && self.payload_size != self.uncompressed_size {
            let expected = "the size of the payload, which is not compressed";
            return Err(wrong("uncompressed_size", 16, expected, self.uncompressed_size));
        }
        Ok(())
    }

    /// Suite, mode, minor version and the flag must tell the same story, or readers could be told different ones.
    fn check_cipher(&self) -> Result<(), Error> {
        let has_suite = self.cipher_suite != Suite::Legacy;
        if has_suite && self.version_minor == 0 {
            return Err(wrong("version_minor", 5, "`1` where a cipher suite is named", 0));
        }
        let expected = match (has_suite, self.flags.contains(Flags::ENCRYPTED), self.cipher_mode) {
            (true, true, 1..=3) | (true, false, 0) | (false, _, 0) => return Ok(()),
            (false, ..) => "`0` where no cipher suite is named",
            (true, false, _) => "`0` where the file is not encrypted",
            (true, true, _) => "from `1` to `3` where the file is encrypted",
        };
        Err(wrong("cipher_mode", 24, expected, self.cipher_mode.into()))
    }

    /// Bytes of the whole file as the header announces them: header, metadata, payload, signature, checksum.
    pub fn file_size(&self) -> u64 {
        let content = u64::from(self.metadata_size) + u64::from(self.payload_size);
        HEADER_SIZE as u64 + content + self.signature_size() + TRAILER_SIZE as u64
    }

    fn signature_size(&self) -> u64 {
        if self.flags.contains(Flags::SIGNED) { self.cipher_suite.signature_size() } else { 0 }
    }

    /// Require that a file of `size_bytes` is what the header announces: no byte missing, none hidden.
    pub fn require_file_size(&self, size_bytes: u64) -> Result<(), Error> {
        let expected = self.file_size();
        match size_bytes {
            got if got < expected => Err(Error::Truncated { expected, got }),
            got if got > expected => Err(Error::Surplus { expected, got }),
            _ => Ok(()),
        }
    }
}

/// What a new file is made of; sizes are taken from the parts.
#[derive(Debug, Clone, Copy)]
pub struct NewFile<'a> {
    /// What kind of model the payload is.
    pub model_type: ModelType,
    /// MessagePack.
    pub metadata: &'a [u8],
    /// As stored: compressed, and encrypted where the flag says so.
    pub payload: &'a [u8],
    /// Bytes of the payload before it was compressed.
    pub uncompressed_size: u32,
    /// How the payload is compressed.
    pub compression: Compression,
    /// What else is in the file.
    pub flags: Flags,
    /// 0 = not validated, to 100.
    pub quality_score: u8,
    /// Which signature and encryption it uses.
    pub suite: Suite,
    /// How it is encrypted, 0 = not, or by the rules without suites.
    pub cipher_mode: u8,
}

impl NewFile<'_> {
    /// Header, metadata and payload: what a signature signs. The header has passed every check of the reader.
    pub fn signed_bytes(&self) -> Result<Vec<u8>, Error> {
        let metadata_size = size("metadata_size", 8, self.metadata)?;
        let payload_size = size("payload_size", 12, self.payload)?;
        let mut bytes = Vec::with_capacity(HEADER_SIZE + self.metadata.len() + self.payload.len());
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&[1, u8::from(self.suite != Suite::Legacy)]);
        bytes.extend_from_slice(&self.model_type.code().to_le_bytes());
        bytes.extend_from_slice(&metadata_size.to_le_bytes());
        bytes.extend_from_slice(&payload_size.to_le_bytes());
        bytes.extend_from_slice(&self.uncompressed_size.to_le_bytes());
        bytes.extend_from_slice(&[self.compression.code(), self.flags.bits(), self.quality_score]);
        bytes.extend_from_slice(&[self.suite.code(), self.cipher_mode, 0, 0, 0, 0, 0, 0, 0]);
        Header::parse(&bytes)?;
        bytes.extend_from_slice(self.metadata);
        bytes.extend_from_slice(self.payload);
        Ok(bytes)
    }

    /// The whole file; `signature` is the block of the suite where the flags say that there is one, else empty.
    pub fn to_bytes(&self, signature: &[u8]) -> Result<Vec<u8>, Error> {
        let mut bytes = self.signed_bytes()?;
        bytes.extend_from_slice(signature);
        let size_bytes = (bytes.len() + TRAILER_SIZE) as u64;
        Header::parse(&bytes)?.require_file_size(size_bytes)?;
        bytes.extend_from_slice(&crc32(0, &bytes).to_le_bytes());
        Ok(bytes)
    }
}

fn size(field: &'static str, offset: u64, bytes: &[u8]) -> Result<u32, Error> {
    let (most, got) = (u32::MAX.into(), bytes.len() as u64);
    u32::try_from(bytes.len()).map_err(|_| Error::Limit { field: Field(field), offset, most, got })
}

/// What is where, from the header alone.
pub(crate) fn outline<S: Source>(source: &mut S, limits: &Limits) -> Result<Outline, Error> {
    let size = source.size();
    let header = Header::parse(&Cursor::new(source, 0).array::<HEADER_SIZE>()?)?;
    header.require_file_size(size)?;
    let limit = |field, offset, most, got| match got {
        got if got > most => Err(Error::Limit { field: Field(field), offset, most, got }),
        _ => Ok(()),
    };
    limit("metadata_size", 8, limits.metadata, header.metadata_size.into())?;
    limit("uncompressed_size", 16, limits.payload, header.uncompressed_size.into())?;
    let version = (header.version_major.into(), header.version_minor.into());
    let mut outline = Outline::new(Layout::A1, version, size);
    outline.flags = header.flags.bits().into();
    outline.add(Role::Header, HEADER_SIZE as u64);
    outline.add(Role::Metadata, header.metadata_size.into());
    outline.add(Role::Payload, header.payload_size.into());
    outline.add(Role::Signature, header.signature_size());
    outline.cover = Some(Cover { start: 0, end: outline.end(), stored_at: outline.end() });
    outline.add(Role::Checksum, TRAILER_SIZE as u64);
    outline.require_whole()?;
    Ok(outline)
}

/// The header's bytes, if there are enough of them and they begin as they should.
fn first_bytes(bytes: &[u8]) -> Result<&[u8; HEADER_SIZE], Error> {
    let there = bytes.len().min(MAGIC.len());
    if bytes[..there] != MAGIC[..there] {
        let mut got = [0; 4];
        got[..there].copy_from_slice(&bytes[..there]);
        return Err(Error::Magic { got });
    }
    let too_short = Error::Truncated { expected: HEADER_SIZE as u64, got: bytes.len() as u64 };
    bytes.first_chunk().ok_or(too_short)
}

fn number(bytes: &[u8; HEADER_SIZE], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn model_type(code: u16) -> Result<ModelType, Error> {
    let found = ModelType::ALL.into_iter().find(|known| known.code() == code);
    found.ok_or(wrong("model_type", 6, "a known model type", code.into()))
}

fn compression(code: u8) -> Result<Compression, Error> {
    let found = Compression::ALL.into_iter().find(|known| known.code() == code);
    found.ok_or(wrong("compression", 20, "from `0` to `3`", code.into()))
}

fn flags(bits: u8) -> Result<Flags, Error> {
    if bits & Flags::RESERVED == 0 { Ok(Flags(bits)) } else { Err(wrong("flags", 21, "below `128`", bits.into())) }
}

fn suite(code: u8) -> Result<Suite, Error> {
    Suite::of_code(code).ok_or(wrong("cipher_suite", 23, "a known cipher suite", code.into()))
}

fn wrong(field: &'static str, offset: u64, expected: Expected, got: u32) -> Error {
    Error::Field { field: Field(field), offset, expected, got: got.into() }
}
