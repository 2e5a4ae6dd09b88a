//! Any bytes as a file of any layout: an outline tiles the file, and what is verified is outlined alike.
//!
//! The first byte chooses whether checksums are put right first, so that the fuzzer gets behind them.

#![no_main]

use container::{Layout, Limits, crc32, decompress_a4, outline, verify};
use libfuzzer_sys::fuzz_target;

/// Small enough that a bomb inside A4 would be noticed as slow.
const LIMITS: Limits = Limits { metadata: 1 << 20, index: 1 << 20, entries: 1 << 16, payload: 1 << 22 };

fuzz_target!(|input: &[u8]| {
    let Some((way, bytes)) = input.split_first() else { return };
    let mut bytes = bytes.to_vec();
    if way & 1 == 1 {
        mend(&mut bytes);
    }
    let source = &mut &bytes[..];
    let Ok(found) = outline(source, &LIMITS) else {
        assert!(verify(source, &LIMITS).is_err(), "verified, and without an outline");
        return;
    };
    let mut at = 0;
    for section in &found.sections {
        assert_eq!(section.offset, at, "a gap");
        assert!(section.length > 0, "an empty section");
        at += section.length;
    }
    assert_eq!(at, bytes.len() as u64, "bytes without a role");
    for tensor in &found.tensors {
        assert!(tensor.length == 0 || tensor.offset + tensor.length <= at, "a tensor outside the file");
    }
    if let Ok(verdict) = verify(source, &LIMITS) {
        assert_eq!(verdict.outline, found);
        assert_eq!(verdict.is_proved, found.layout.has_checksum());
    }
    if found.layout == Layout::A4 {
        if let Ok((image, inside)) = decompress_a4(source, &LIMITS) {
            assert_eq!(inside.size, image.len() as u64);
        }
    }
});

/// Put the checksums of the layouts in place, where there is room for them.
fn mend(bytes: &mut [u8]) {
    let size = bytes.len();
    match Layout::identify(&bytes[..size.min(16)]) {
        Ok(Layout::A2) if size >= 68 => {
            let head = crc32(crc32(0, &bytes[..40]), &bytes[44..64]);
            bytes[40..44].copy_from_slice(&head.to_le_bytes());
        }
        Ok(Layout::A6) if size >= 16 => {
            let content = crc32(0, &bytes[16..]);
            bytes[12..16].copy_from_slice(&content.to_le_bytes());
            return;
        }
        _ => {}
    }
    if size >= 4 {
        let whole = crc32(0, &bytes[..size - 4]);
        bytes[size - 4..].copy_from_slice(&whole.to_le_bytes());
    }
}
