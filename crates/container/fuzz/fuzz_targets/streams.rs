//! Any bytes as a compressed stream: what comes out has the declared size, or nothing does.

#![no_main]

use container::decompress::{Codec, whole};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u16, &[u8])| {
    let (code, declared, bytes) = input;
    let codec = [Codec::Stored, Codec::Zstd, Codec::Lz4Block, Codec::Lz4Sized][usize::from(code % 4)];
    if let Ok(out) = whole(codec, bytes, declared.into(), 0) {
        assert_eq!(out.len(), usize::from(declared));
    }
});
