//! A small valid file, and what becomes of it when single bytes of it change.

use std::{format, string::ToString, vec::Vec};

use crate::{Compression, Error, Flags, Header, ModelType, Suite, crc32, verify_trailer};

/// A file with three bytes of metadata and five of payload; `edit` may change the header before it is sealed.
fn file(edit: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut bytes = Vec::from(*b"APRN\x01\0\x06\0\x03\0\0\0\x05\0\0\0\x05\0\0\0\0\0\x5F\0\0\0\0\0\0\0\0\0");
    edit(&mut bytes);
    let signature_size = if bytes[21] & Flags::SIGNED.bits() == 0 { 0 } else { 96 };
    bytes.extend_from_slice(b"\x81\xA1a\x01\x02\x03\x04\x05");
    bytes.resize(bytes.len() + signature_size, 7);
    seal(bytes)
}

/// The same with a signature block of that size.
fn file_with(edit: impl FnOnce(&mut [u8]), signature_size: usize) -> Vec<u8> {
    let mut bytes = file(|header| {
        edit(header);
        header[21] &= !Flags::SIGNED.bits();
    });
    bytes.truncate(bytes.len() - 4);
    bytes[21] |= Flags::SIGNED.bits();
    bytes.resize(bytes.len() + signature_size, 7);
    seal(bytes)
}

fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.extend_from_slice(&crc32(0, &bytes).to_le_bytes());
    bytes
}

fn refusal(edit: impl FnOnce(&mut [u8])) -> (&'static str, u64, u64) {
    match verify_trailer(&file(edit)) {
        Err(Error::Field { field, offset, got, .. }) => (field.name(), offset, got),
        other => panic!("a field error was expected, not {other:?}"),
    }
}

#[test]
fn a_valid_file_gives_its_header() {
    let header = verify_trailer(&file(|_| ())).unwrap();
    let expected = Header {
        version_major: 1,
        version_minor: 0,
        model_type: ModelType::KMeans,
        metadata_size: 3,
        payload_size: 5,
        uncompressed_size: 5,
        compression: Compression::None,
        flags: Flags::SIGNED,
        quality_score: 95,
        cipher_suite: Suite::Legacy,
        cipher_mode: 0,
    };
    assert_eq!(header, Header { flags: header.flags, ..expected });
    assert_eq!(header.flags.bits(), 0);
    assert_eq!(header.file_size(), 44);
}

#[test]
fn every_flipped_bit_is_noticed() {
    let good = file(|header| header[21] = Flags::SIGNED.bits());
    assert!(verify_trailer(&good).is_ok());
    for bit in 0..8 * good.len() {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(verify_trailer(&bad).is_err(), "bit {bit}");
    }
}

#[test]
fn every_cut_and_every_surplus_is_noticed() {
    let good = file(|_| ());
    for length in 0..good.len() {
        let expected = if length < 32 { 32 } else { 44 };
        assert_eq!(verify_trailer(&good[..length]), Err(Error::Truncated { expected, got: length as u64 }));
    }
    for surplus in [1, 4, 96] {
        let mut hiding = good[..40].to_vec();
        hiding.resize(40 + surplus, 0);
        let error = Error::Surplus { expected: 44, got: 44 + surplus as u64 };
        assert_eq!(verify_trailer(&seal(hiding)), Err(error));
    }
}

#[test]
fn a_file_that_is_something_else_is_called_so_however_short() {
    assert_eq!(Header::parse(b"PK"), Err(Error::Magic { got: *b"PK\0\0" }));
    assert_eq!(Header::parse(&[b'x'; 40]), Err(Error::Magic { got: *b"xxxx" }));
    assert_eq!(Header::parse(b""), Err(Error::Truncated { expected: 32, got: 0 }));
    assert_eq!(Header::parse(b"APR"), Err(Error::Truncated { expected: 32, got: 3 }));
}

#[test]
fn fields_that_hold_what_is_not_allowed_are_named() {
    assert_eq!(verify_trailer(&file(|header| header[4] = 2)), Err(Error::Version { got: 2 }));
    assert_eq!(verify_trailer(&file(|header| header[4] = 0)), Err(Error::Version { got: 0 }));
    assert_eq!(refusal(|header| header[5] = 2), ("version_minor", 5, 2));
    assert_eq!(refusal(|header| header[7] = 1), ("model_type", 6, 0x106));
    assert_eq!(refusal(|header| header[19] = 0x40), ("uncompressed_size", 16, 0x4000_0005));
    assert_eq!(refusal(|header| header[20] = 4), ("compression", 20, 4));
    assert_eq!(refusal(|header| header[21] = 0x80), ("flags", 21, 0x80));
    assert_eq!(refusal(|header| header[22] = 101), ("quality_score", 22, 101));
    assert_eq!(refusal(|header| header[23] = 5), ("cipher_suite", 23, 5));
    for at in 25..32 {
        assert_eq!(refusal(|header| header[at] = 9), ("reserved", at as u64, 9));
    }
}

#[test]
fn the_limits_themselves_are_allowed() {
    assert!(verify_trailer(&file(|header| header[22] = 100)).is_ok());
    let largest = file(|header| {
        header[16..20].copy_from_slice(&(1_u32 << 30).to_le_bytes());
        header[20] = Compression::Zstd.code();
    });
    assert_eq!(verify_trailer(&largest).map(|header| header.uncompressed_size), Ok(1 << 30));
    assert!(verify_trailer(&file(|header| header[21] = 0x7F)).is_ok());
    assert!(verify_trailer(&file(|header| header[5] = 1)).is_ok());
}

#[test]
fn suite_mode_version_and_flag_must_agree() {
    let with = |minor, flags, suite, mode| {
        file(move |header| {
            header[5] = minor;
            header[21] = flags;
            header[23] = suite;
            header[24] = mode;
        })
    };
    for suite in [1, 2, 3, 4, 255] {
        assert!(verify_trailer(&with(1, 0, suite, 0)).is_ok());
        for mode in 1..=3 {
            assert!(verify_trailer(&with(1, 1, suite, mode)).is_ok(), "{suite} {mode}");
        }
    }
    assert!(verify_trailer(&with(0, 1, 0, 0)).is_ok(), "encrypted by the rules of files without suites");
    let field = |bytes: Vec<u8>| match verify_trailer(&bytes) {
        Err(Error::Field { field, .. }) => field.name(),
        other => panic!("a field error was expected, not {other:?}"),
    };
    assert_eq!(field(with(0, 0, 1, 0)), "version_minor");
    assert_eq!(field(with(0, 1, 0, 1)), "cipher_mode");
    assert_eq!(field(with(1, 0, 1, 1)), "cipher_mode");
    assert_eq!(field(with(1, 1, 1, 0)), "cipher_mode");
    assert_eq!(field(with(1, 1, 1, 4)), "cipher_mode");
}

#[test]
fn signed_files_are_longer_by_their_signature() {
    for (suite, size) in [(0, 96), (1, 96), (2, 5261), (3, 5357), (4, 193), (255, 512)] {
        let signed = file_with(
            |header| {
                header[5] = u8::from(suite != 0);
                header[21] = Flags::SIGNED.bits();
                header[23] = suite;
            },
            size,
        );
        assert_eq!(signed.len(), 44 + size, "{suite}");
        assert!(verify_trailer(&signed).unwrap().flags.contains(Flags::SIGNED));
    }
}

#[test]
fn a_payload_that_is_not_compressed_has_the_size_it_claims() {
    assert_eq!(refusal(|header| header[16] = 6), ("uncompressed_size", 16, 6));
    assert!(verify_trailer(&file(|header| (header[16], header[21]) = (6, 1))).is_ok(), "encryption adds bytes");
}

#[test]
fn sizes_near_the_end_of_32_bits_do_not_wrap() {
    let huge = file(|header| {
        header[8..16].fill(0xFF);
        header[20] = Compression::Zstd.code();
    });
    let announced = 32 + 2 * u64::from(u32::MAX) + 4;
    assert_eq!(verify_trailer(&huge), Err(Error::Truncated { expected: announced, got: 44 }));
}

#[test]
fn the_checksum_is_that_of_zlib_and_can_be_taken_in_pieces() {
    assert_eq!(crc32(0, b"123456789"), 0xCBF4_3926);
    assert_eq!(crc32(crc32(0, b"1234"), b"56789"), 0xCBF4_3926);
    assert_eq!(crc32(0, &file(|_| ())), 0x2144_DF1C, "any file with its own checksum at its end");
}

#[test]
fn every_code_is_read_as_itself() {
    for known in ModelType::ALL {
        let header = verify_trailer(&file(|header| header[6..8].copy_from_slice(&known.code().to_le_bytes()))).unwrap();
        assert_eq!(header.model_type, known);
    }
    for known in Compression::ALL {
        assert_eq!(verify_trailer(&file(|header| header[20] = known.code())).unwrap().compression, known);
    }
    for known in Suite::ALL {
        assert_eq!(Suite::of_code(known.code()), Some(known));
    }
}

#[test]
fn messages_are_one_sentence_with_the_value_last() {
    let said = |bytes: &[u8]| verify_trailer(bytes).unwrap_err().to_string();
    assert_eq!(
        said(b"PK\x03\x04"),
        r"the file should begin with the name of a known layout, it begins with: `PK\x03\x04`"
    );
    assert_eq!(said(b"APRN"), "the file should have 32 bytes, it has: `4`");
    assert_eq!(said(&file(|header| header[4] = 3)), "the format version is not one that is read, it is: `3`");
    let quality = "the field `quality_score` at byte 22 should be from `0` to `100`, it is: `200`";
    assert_eq!(said(&file(|header| header[22] = 200)), quality);
    let mut hiding = file(|_| ());
    hiding.push(0);
    assert_eq!(said(&hiding), "the file announces 44 bytes and hidden ones follow, it has: `45`");
    let mut changed = file(|_| ());
    changed[33] ^= 1;
    let stored = u32::from_le_bytes(changed[40..].try_into().unwrap());
    let actual = crc32(0, &changed[..40]);
    assert_eq!(
        said(&changed),
        format!("the file carries the checksum `{stored:#010x}`, its bytes have: `{actual:#010x}`")
    );
}
