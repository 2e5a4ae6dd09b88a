//! A small valid file of each layout, and what becomes of it when it is changed, cut or lengthened.

use std::{format, string::ToString, vec, vec::Vec};

use crate::{
    Compression, Dtype, Error, Flags, Layout, Limits, ModelType, NewFile, Role, Suite,
    a2::{self, NewTensor},
    crc32, decompress_a4, outline, verify,
};

const LIMITS: Limits = Limits::DEFAULT;

fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.extend_from_slice(&crc32(0, &bytes).to_le_bytes());
    bytes
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

fn a1() -> Vec<u8> {
    let new = NewFile {
        model_type: ModelType::KMeans,
        metadata: b"\x81\xA1a\x01",
        payload: b"12345",
        uncompressed_size: 5,
        compression: Compression::None,
        flags: Flags::of_bits(0).unwrap(),
        quality_score: 0,
        suite: Suite::Legacy,
        cipher_mode: 0,
    };
    new.to_bytes(&[]).unwrap()
}

const METADATA: &str = r#"{"model_type":"linear_regression","name":"golden-v2"}"#;

/// The tensors `b` with 3 bytes and `weights` with two single-precision numbers.
fn a2() -> Vec<u8> {
    let tensors = [
        NewTensor { name: "weights", dtype: Dtype::F32, shape: &[2] },
        NewTensor { name: "b", dtype: Dtype::U8, shape: &[3, 1] },
    ];
    let plan = a2::plan(METADATA, &tensors, 0, Suite::Legacy).unwrap();
    let mut bytes = plan.start;
    bytes.resize(plan.end as usize, 0);
    bytes[plan.offsets[0] as usize..][..8].copy_from_slice(&[0, 0, 128, 63, 0, 0, 0, 64]);
    bytes[plan.offsets[1] as usize..][..3].copy_from_slice(&[7, 8, 9]);
    seal(bytes)
}

fn a3_index(index: &str) -> Vec<u8> {
    let mut bytes = Vec::from(*b"APR1");
    text(&mut bytes, r#"{"model_type":"mlp"}"#);
    bytes.extend_from_slice(&2_u32.to_le_bytes());
    text(&mut bytes, index);
    bytes.extend_from_slice(&[1, 2, 3, 4, 5, 6, 7, 8, 9]);
    seal(bytes)
}

fn a3() -> Vec<u8> {
    a3_index(
        r#"[{"name":"w","dtype":"F32","shape":[2],"offset":0,"size":8},{"name":"b","dtype":"U8","shape":[1],"offset":8,"size":1}]"#,
    )
}

/// A3 inside an LZ4 block of literals: one sequence, its length in the token and the bytes behind it.
fn a4() -> Vec<u8> {
    let image = a3();
    let mut bytes = Vec::from(*b"APR2\x01");
    bytes.extend_from_slice(&(image.len() as u32).to_le_bytes());
    bytes.push(0xF0);
    let mut left = image.len() - 15;
    while left >= 255 {
        bytes.push(255);
        left -= 255;
    }
    bytes.push(left as u8);
    bytes.extend_from_slice(&image);
    bytes
}

fn inline_tensor(bytes: &mut Vec<u8>, name: &str, code: u32, shape: &[u32], numbers: &[u8]) {
    text(bytes, name);
    bytes.extend_from_slice(&code.to_le_bytes());
    bytes.extend_from_slice(&(shape.len() as u32).to_le_bytes());
    shape.iter().for_each(|side| bytes.extend_from_slice(&side.to_le_bytes()));
    bytes.extend_from_slice(numbers);
}

fn a5() -> Vec<u8> {
    let mut bytes = Vec::from(*b"APR\0\x01\0\0\0");
    text(&mut bytes, "mlp");
    bytes.extend_from_slice(&1_u32.to_le_bytes());
    text(&mut bytes, "dense");
    bytes.extend_from_slice(&2_u32.to_le_bytes());
    inline_tensor(&mut bytes, "w", 0, &[2], &[0, 0, 128, 63, 0, 0, 0, 64]);
    inline_tensor(&mut bytes, "b", 4, &[1, 1], &[5]);
    text(&mut bytes, "author");
    text(&mut bytes, "us");
    bytes
}

fn a6() -> Vec<u8> {
    let mut payload = vec![1];
    payload.extend_from_slice(&[3; 24 + 8]);
    let mut bytes = Vec::from(*b"APR\0\x01\0\0\0\0PST");
    bytes.extend_from_slice(&crc32(0, &payload).to_le_bytes());
    bytes.extend_from_slice(&payload);
    bytes
}

fn a8() -> Vec<u8> {
    let mut manifest = Vec::from(*b"\x01\0\0\0\0\0\0\0\0\0\0\0");
    text(&mut manifest, "two models");
    manifest.extend_from_slice(&2_u32.to_le_bytes());
    for (name, length, offset) in [("first", 3_u64, 0_u64), ("second", 2, 3)] {
        text(&mut manifest, name);
        manifest.extend_from_slice(&length.to_le_bytes());
        manifest.extend_from_slice(&offset.to_le_bytes());
    }
    let mut bytes = Vec::from(*b"APBUNDLE\x01\0\0\0");
    bytes.extend_from_slice(&(manifest.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&manifest);
    bytes.extend_from_slice(b"abcde");
    bytes
}

/// Two bytes of metadata, three of schema, four of rows; signed, licensed with one byte of terms.
fn ald_block() -> Vec<u8> {
    let mut bytes = Vec::from(*b"ALDF\x01\x02\x01\0\x02\0\0\0\x04\0\0\0\x04\0\0\0\0\x0A\x03\0");
    bytes.extend_from_slice(&9_u64.to_le_bytes());
    bytes.extend_from_slice(b"\x91\x01sch1234");
    bytes.extend_from_slice(&[6; 96]);
    bytes.extend_from_slice(&[2; 71]);
    bytes.extend_from_slice(&1_u32.to_le_bytes());
    bytes.push(b't');
    seal(bytes)
}

fn ald_stream() -> Vec<u8> {
    let mut bytes = Vec::from(*b"ALDF\x01\x02\x04\0\x01\0\0\0\x02\0\0\0\x03\0\0\0\x01\0\0\0");
    bytes.extend_from_slice(&4_u64.to_le_bytes());
    bytes.extend_from_slice(b"\x91\x01sch\x901234");
    bytes
}

fn ald_tensors() -> Vec<u8> {
    let mut bytes = Vec::from(*b"ALD\0\x01\0\0\0\x02\0\0\0");
    inline_tensor(&mut bytes, "x", 1, &[1], &[0; 8]);
    inline_tensor(&mut bytes, "y", 2, &[], &[1, 0, 0, 0]);
    bytes
}

fn every_layout() -> [(Layout, Vec<u8>); 10] {
    [
        (Layout::A1, a1()),
        (Layout::A2, a2()),
        (Layout::A3, a3()),
        (Layout::A4, a4()),
        (Layout::A5, a5()),
        (Layout::A6, a6()),
        (Layout::A8, a8()),
        (Layout::AldBlock, ald_block()),
        (Layout::AldStream, ald_stream()),
        (Layout::AldTensors, ald_tensors()),
    ]
}

fn refusal(bytes: &[u8]) -> Error {
    verify(&mut &bytes[..], &LIMITS).expect_err("the file should be refused")
}

#[test]
fn every_layout_is_recognised_and_every_byte_has_a_role() {
    for (layout, bytes) in every_layout() {
        let verdict = verify(&mut &bytes[..], &LIMITS).unwrap_or_else(|error| panic!("{layout:?}: {error}"));
        assert_eq!(verdict.outline.layout, layout);
        assert_eq!(verdict.is_proved, layout.has_checksum(), "{layout:?}");
        let mut end = 0;
        for section in &verdict.outline.sections {
            assert_eq!(section.offset, end, "{layout:?}");
            end += section.length;
        }
        assert_eq!(end, bytes.len() as u64, "{layout:?}");
    }
}

#[test]
fn every_flipped_bit_is_noticed_where_there_is_a_checksum() {
    for (layout, good) in every_layout().into_iter().filter(|(layout, _)| layout.has_checksum()) {
        for bit in 0..8 * good.len() {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let is_proved = verify(&mut &bad[..], &LIMITS).is_ok_and(|verdict| verdict.is_proved);
            // A compressed stream has bits that no decoder looks at; what comes out is the same then.
            let is_same = layout == Layout::A4 && decompress_a4(&mut &bad[..], &LIMITS).is_ok_and(|(i, _)| i == a3());
            assert!(!is_proved || is_same, "{layout:?}, bit {bit}");
        }
    }
}

#[test]
fn every_cut_is_noticed_in_every_layout() {
    for (layout, good) in every_layout() {
        for length in 0..good.len() {
            let found = verify(&mut &good[..length], &LIMITS);
            // Key and value stand at the end of A5, and nothing says how many of them there are.
            let is_between = layout == Layout::A5 && length == good.len() - 16;
            assert_eq!(found.is_ok(), is_between, "{layout:?}, {length} of {}", good.len());
        }
    }
}

#[test]
fn a_byte_too_many_is_noticed_in_every_layout() {
    for (layout, mut bytes) in every_layout() {
        bytes.push(0);
        assert!(verify(&mut &bytes[..], &LIMITS).is_err(), "{layout:?}");
    }
}

#[test]
fn tensors_are_found_with_type_shape_and_place() {
    let bytes = a2();
    let found = outline(&mut &bytes[..], &LIMITS).unwrap();
    let [b, weights] = &found.tensors[..] else { panic!("two tensors, not {:?}", found.tensors) };
    assert_eq!((b.name.as_str(), b.dtype, &b.shape[..], b.length), ("b", Dtype::U8, &[3, 1][..], 3));
    assert_eq!((weights.name.as_str(), weights.dtype, &weights.shape[..]), ("weights", Dtype::F32, &[2][..]));
    assert_eq!(bytes[b.offset as usize..][..3], [7, 8, 9]);
    assert_eq!(bytes[weights.offset as usize..][..8], [0, 0, 128, 63, 0, 0, 0, 64]);
    assert!(found.tensors.iter().all(|tensor| tensor.offset % 64 == 0));
    let metadata = found.section(Role::Metadata).unwrap();
    assert_eq!(&bytes[metadata.offset as usize..][..metadata.length as usize], METADATA.as_bytes());
}

#[test]
fn the_golden_file_of_the_reference_has_its_size() {
    let metadata = concat!(
        r#"{"model_type":"linear_regression","name":"golden-v2","version":"0.0.0-golden","#,
        r#""created_at":"1700000000","total_size":0,"param_count":8}"#
    );
    let tensors = [
        NewTensor { name: "bias", dtype: Dtype::F32, shape: &[1] },
        NewTensor { name: "weights", dtype: Dtype::F32, shape: &[8] },
    ];
    let plan = a2::plan(metadata, &tensors, 0, Suite::Legacy).unwrap();
    assert_eq!(plan.end + 4, 516);
    assert_eq!(plan.lengths, [4, 32]);
}

#[test]
fn the_order_in_which_tensors_come_does_not_change_the_file() {
    let (a, b) = (
        NewTensor { name: "a", dtype: Dtype::F64, shape: &[5] },
        NewTensor { name: "b", dtype: Dtype::Q4K, shape: &[300] },
    );
    let one = a2::plan("{}", &[a, b], 0, Suite::Legacy).unwrap();
    let other = a2::plan("{}", &[b, a], 0, Suite::Legacy).unwrap();
    assert_eq!(one.start, other.start);
    assert_eq!((one.offsets[0], one.offsets[1]), (other.offsets[1], other.offsets[0]));
    assert_eq!(one.lengths, [40, 288]);
}

#[test]
fn a_signed_file_of_tensors_has_room_for_the_signature_of_its_suite() {
    let plan = a2::plan("{}", &[], 0, Suite::Hybrid2028).unwrap();
    let mut bytes = plan.start;
    bytes.resize(plan.end as usize + 5357, 1);
    let bytes = seal(bytes);
    let found = verify(&mut &bytes[..], &LIMITS).unwrap().outline;
    assert_eq!(found.section(Role::Signature).unwrap().length, 5357);
    assert_eq!(found.flags & u32::from(a2::flags::SIGNED), u32::from(a2::flags::SIGNED));
}

/// The file of tensors with some bytes changed and both checksums made to fit again.
fn mended(edit: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = a2();
    bytes.truncate(bytes.len() - 4);
    edit(&mut bytes);
    let header = crc32(crc32(0, &bytes[..40]), &bytes[44..64]);
    bytes[40..44].copy_from_slice(&header.to_le_bytes());
    seal(bytes)
}

fn field(bytes: &[u8]) -> (&'static str, u64) {
    match refusal(bytes) {
        Error::Field { field, offset, .. } | Error::Limit { field, offset, .. } | Error::Text { field, offset } => {
            (field.name(), offset)
        }
        other => panic!("a field error was expected, not {other:?}"),
    }
}

/// Where the index of the file of tensors begins; `b` stands first in it, with 30 bytes for one of one letter.
const INDEX: usize = 128;

#[test]
fn lies_with_a_checksum_that_fits_are_named() {
    assert_eq!(field(&mended(|b| b[5] = 1)), ("version_minor", 5));
    assert_eq!(field(&mended(|b| b[7] = 0x10)), ("flags", 6));
    assert_eq!(field(&mended(|b| b[7] |= 0x08)), ("flags", 6));
    assert_eq!(field(&mended(|b| b[6] |= 0x08)), ("signature_offset", 48));
    assert_eq!(field(&mended(|b| b[8] = 200)), ("tensor_count", 8));
    assert_eq!(field(&mended(|b| b[12] = 0)), ("metadata_offset", 12));
    assert_eq!(field(&mended(|b| b[20] = 0)), ("tensor_index_offset", 24));
    assert_eq!(field(&mended(|b| b[32] += 1)), ("data_offset", 32));
    assert_eq!(field(&mended(|b| b[44] = 9)), ("cipher_suite", 44));
    assert_eq!(field(&mended(|b| b[44] = 1)), ("cipher_suite", 44));
    assert_eq!(field(&mended(|b| b[45] = 1)), ("cipher_mode", 45));
    assert_eq!(field(&mended(|b| b[46] = 1)), ("reserved", 46));
    assert_eq!(field(&mended(|b| b[63] = 1)), ("reserved", 63));
    assert_eq!(field(&mended(|b| b[INDEX] = 0)), ("tensor.name_size", INDEX as u64));
    assert_eq!(field(&mended(|b| b[INDEX + 2] = 0xFF)), ("tensor.name", INDEX as u64 + 2));
    assert_eq!(field(&mended(|b| b[INDEX + 2] = b'z')).0, "tensor.name");
    assert_eq!(field(&mended(|b| b[INDEX + 3] = 10)), ("tensor.dtype", INDEX as u64 + 3));
    assert_eq!(field(&mended(|b| b[INDEX + 4] = 9)), ("tensor.dimensions", INDEX as u64 + 4));
    assert_eq!(field(&mended(|b| b[INDEX + 5] = 4)), ("tensor.size", INDEX as u64 + 29));
    assert_eq!(field(&mended(|b| b[INDEX + 21] = 1)), ("tensor.offset", INDEX as u64 + 21));
    assert_eq!(field(&mended(|b| b[INDEX + 5..INDEX + 21].fill(0xFF))), ("tensor.size", INDEX as u64 + 29));
    assert_eq!(field(&mended(|b| b[INDEX + 28] = 0xFF)), ("tensor.offset", INDEX as u64));
    let encrypted = mended(|b| b[6] |= 0x04);
    assert!(matches!(refusal(&encrypted), Error::Unsupported { layout: Layout::A2, .. }));
}

#[test]
fn tensors_that_share_bytes_are_refused() {
    let second_offset = INDEX + 37 + 2 + 7 + 1 + 1 + 8;
    assert!(matches!(refusal(&mended(|b| b[second_offset] = 0)), Error::Overlap { .. }));
}

#[test]
fn bytes_hidden_in_padding_are_found_where_no_checksum_would_tell() {
    for place in [120, 127, 200, 255, 259, 319, 330, 383] {
        assert_eq!(refusal(&mended(|b| b[place] = 9)), Error::Hidden { offset: place as u64, got: 9 });
    }
}

#[test]
fn the_json_index_is_held_to_the_numbers() {
    let describe = |second: &str| format!(r#"[{{"name":"w","dtype":"F32","shape":[2],"offset":0,"size":8}},{second}]"#);
    let entry = |name: &str, dtype: &str, shape: &str, offset: u64, size: u64| {
        a3_index(&describe(&format!(
            r#"{{"name":"{name}","dtype":"{dtype}","shape":{shape},"offset":{offset},"size":{size}}}"#
        )))
    };
    assert!(verify(&mut &entry("b", "U8", "[1]", 8, 1)[..], &LIMITS).is_ok());
    assert_eq!(field(&entry("w", "U8", "[1]", 8, 1)).0, "tensor.name");
    assert_eq!(field(&entry("", "U8", "[1]", 8, 1)).0, "tensor.name");
    assert_eq!(field(&entry("b", "U9", "[1]", 8, 1)).0, "tensor.dtype");
    assert_eq!(field(&entry("b", "U8", "[2]", 8, 1)).0, "tensor.size");
    assert_eq!(field(&entry("b", "U8", "[1,1,1,1,1,1,1,1,1]", 8, 1)).0, "tensor.dimensions");
    assert_eq!(field(&entry("b", "U8", "[1]", u64::MAX, 1)).0, "tensor.offset");
    assert!(matches!(refusal(&entry("b", "U8", "[1]", 7, 1)), Error::Overlap { .. }));
    assert!(matches!(refusal(&entry("b", "U8", "[0]", 8, 0)), Error::Surplus { .. }));
    assert!(matches!(refusal(&a3_index("[{}]")), Error::Json { .. }));
    assert_eq!(field(&a3_index("[]")).0, "tensor_count");
}

#[test]
fn a_compressed_file_gives_its_image_and_no_other_layout_hides_in_it() {
    let (image, found) = decompress_a4(&mut &a4()[..], &LIMITS).unwrap();
    assert_eq!(image, a3());
    assert_eq!(found.tensors.len(), 2);
    let mut nested = Vec::from(*b"APR2\x01");
    let inner = a4();
    nested.extend_from_slice(&(inner.len() as u32).to_le_bytes());
    nested.push(0xF0);
    nested.push((inner.len() - 15) as u8);
    nested.extend_from_slice(&inner);
    assert!(inner.len() - 15 < 255);
    assert!(matches!(refusal(&nested), Error::Unsupported { layout: Layout::A4, .. }));
}

#[test]
fn limits_are_asked_before_memory_is() {
    let small = Limits { metadata: 1, index: 0, entries: 1, payload: 3 };
    for (layout, bytes) in every_layout() {
        let refused = outline(&mut &bytes[..], &small);
        // The size of a tour model follows from its algorithm.
        let is_limited = matches!(refused, Err(Error::Limit { .. }));
        assert_eq!(is_limited, layout != Layout::A6, "{layout:?}: {refused:?}");
    }
}

#[test]
fn spatial_data_whose_header_looks_like_a_stream_is_read_as_a_block() {
    let mut bytes = Vec::from(*b"ALDF\x01\x02\x04\0\x01\0\0\0\x02\0\0\0\x02\0\0\0\0\0\0\0");
    bytes.extend_from_slice(&1_u64.to_le_bytes());
    bytes.extend_from_slice(b"\x90ab");
    let bytes = seal(bytes);
    let verdict = verify(&mut &bytes[..], &LIMITS).unwrap();
    assert_eq!((verdict.outline.layout, verdict.is_proved), (Layout::AldBlock, true));
}

#[test]
fn a_speech_model_is_named_and_not_opened() {
    let mut bytes = Vec::from(*b"APR1");
    bytes.resize(60, 0);
    let refused = refusal(&bytes);
    assert!(matches!(refused, Error::Unsupported { layout: Layout::A7, .. }));
    assert_eq!(refused.to_string(), "the file is not opened, its binary header is only recognised: `A7`");
}

#[test]
fn a_new_file_is_refused_before_it_is_written() {
    let new = NewFile {
        model_type: ModelType::Knn,
        metadata: &[],
        payload: &[1, 2],
        uncompressed_size: 3,
        compression: Compression::None,
        flags: Flags::of_bits(0).unwrap(),
        quality_score: 0,
        suite: Suite::Legacy,
        cipher_mode: 0,
    };
    assert!(matches!(new.to_bytes(&[]), Err(Error::Field { .. })));
    let signed = NewFile { uncompressed_size: 2, flags: Flags::SIGNED, ..new };
    assert!(matches!(signed.to_bytes(&[0; 95]), Err(Error::Truncated { .. })));
    assert!(signed.to_bytes(&[0; 96]).is_ok());
    assert!(Flags::of_bits(0x80).is_err());
}

#[test]
fn an_empty_dimension_does_not_excuse_the_others() {
    assert_eq!(Dtype::F32.size_of_shape(&[0, 1 << 60]), Some(0));
    assert_eq!(Dtype::F32.size_of_shape(&[0, 1 << 61]), None);
    assert_eq!(Dtype::F32.size_of_shape(&[1 << 40, 1 << 40, 0]), None);
    assert_eq!(Dtype::Q8.size_of_shape(&[0]), Some(4));
    assert_eq!(Dtype::U8.size_of_shape(&[]), Some(1));
}
