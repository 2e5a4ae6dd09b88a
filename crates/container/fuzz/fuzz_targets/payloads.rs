//! Any bytes as the payload of any model: what is decoded is encoded to the same bytes.

#![no_main]

use container::{ModelType, bincode, shape_of};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (kind, bytes) = input;
    let Some(shape) = shape_of(ModelType::ALL[usize::from(kind) % ModelType::ALL.len()]) else { return };
    if let Ok(value) = bincode::decode(shape, bytes) {
        let again = bincode::encode(shape, &value).expect("a decoded value is of its shape");
        assert_eq!(again, bytes);
    }
});
