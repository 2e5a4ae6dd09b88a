//! The exports as a browser would call them, and the pool on a piece of ordinary memory.

use std::{collections::HashSet, vec, vec::Vec};

use crate::{Refusal, memory::Pool, *};

/// The smallest file: a header, no metadata, no payload, a checksum.
fn file() -> Vec<u8> {
    let mut bytes = Vec::from(*b"APRN\x01\0\x06\0");
    bytes.resize(32, 0);
    bytes[22] = 77;
    seal(bytes)
}

fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.extend_from_slice(&container::crc32(0, &bytes).to_le_bytes());
    bytes
}

fn refusal(bytes: &[u8]) -> u32 {
    // SAFETY: pointer and length are of one slice.
    unsafe { verify(bytes.as_ptr(), bytes.len()) }
}

#[test]
fn kernels_work_on_addresses() {
    let (x, mut y) = ([10.0_f32, 20.0, 30.0], [1.0_f32, 2.0, 3.0]);
    // SAFETY: three numbers stand at each address, and the arrays are apart.
    unsafe {
        assert_eq!(dot(x.as_ptr(), y.as_ptr(), 3), 140.0);
        axpy(2.0, x.as_ptr(), y.as_mut_ptr(), 3);
        assert_eq!(sum(y.as_ptr(), 3), 126.0);
        assert_eq!(crc32(crc32(0, b"1234".as_ptr(), 4), b"56789".as_ptr(), 5), 0xCBF4_3926);
    }
    assert_eq!(y, [21.0, 42.0, 63.0]);
    assert_eq!(uses_simd(), 0, "not on this target");
}

#[test]
fn a_header_is_read_into_its_fields() {
    let (file, mut fields) = (file(), [9; 8]);
    // SAFETY: pointers and length are of live arrays.
    let code = unsafe { header(file.as_ptr(), file.len(), fields.as_mut_ptr()) };
    assert_eq!((code, fields), (0, [6, 0, 0, 0, 0, 0, 77, 0]));
    assert_eq!(refusal(&file), 0);
}

#[test]
fn each_refusal_has_its_code() {
    let good = file();
    let edited = |place: usize, value: u8| {
        let mut bytes = good[..32].to_vec();
        bytes[place] = value;
        refusal(&seal(bytes))
    };
    assert_eq!(edited(0, b'x'), Refusal::Magic as u32);
    assert_eq!(edited(4, 9), Refusal::Version as u32);
    assert_eq!(edited(20, 9), Refusal::Field as u32);
    assert_eq!(edited(8, 1), Refusal::Truncated as u32);
    assert_eq!(refusal(&[&good[..], &[0]].concat()), Refusal::Surplus as u32);
    assert_eq!(refusal(b"ALD\0\x01\0\0\0\0\0\0\0"), Refusal::Unproved as u32);
    let mut changed = good.clone();
    changed[35] ^= 1;
    assert_eq!(refusal(&changed), Refusal::Checksum as u32);
    let mut fields = [9; 8];
    // SAFETY: pointers and length are of live arrays.
    let code = unsafe { header(b"PK".as_ptr(), 2, fields.as_mut_ptr()) };
    assert_eq!((code, fields), (Refusal::Magic as u32, [9; 8]), "nothing is written on refusal");
}

#[test]
fn blocks_are_apart_aligned_and_come_again() {
    let mut arena = vec![0_u128; 4096];
    let begin = arena.as_mut_ptr().expose_provenance();
    let end = begin + 16 * arena.len();
    let mut pool = Pool::new();
    let take = |pool: &mut Pool, size| pool.take(size, |_| Some((begin, end)));
    let sizes = [1, 16, 17, 100, 1000, 16];
    let blocks: Vec<_> = sizes.iter().map(|&size| take(&mut pool, size)).collect();
    let mut taken = HashSet::new();
    for (block, size) in blocks.iter().zip(sizes) {
        assert_eq!(block.addr() % 16, 0);
        assert!((block.addr()..block.addr() + size).all(|byte| taken.insert(byte)), "two blocks share a byte");
    }
    // SAFETY: each block came from this pool for this size.
    blocks.iter().zip(sizes).for_each(|(&block, size)| unsafe { pool.give_back(block, size) });
    assert_eq!(take(&mut pool, 16), blocks[5], "the block that was given back last");
    assert_eq!(take(&mut pool, 9), blocks[1]);
    assert_eq!(take(&mut pool, 128), blocks[3], "a block of 100 has room for 128");
}

#[test]
fn used_up_memory_is_a_null_block() {
    let mut pool = Pool::new();
    assert!(pool.take(16, |_| None).is_null());
    assert!(pool.take(usize::MAX, |_| unreachable!("no memory is that large")).is_null());
    // SAFETY: nothing was given, so nothing is given back.
    unsafe { pool.give_back(core::ptr::null_mut(), usize::MAX) };
    assert!(pool.take(16, |_| None).is_null());
}

#[test]
fn memory_that_grows_in_place_loses_no_byte() {
    let mut arena = vec![0_u128; 16];
    let begin = arena.as_mut_ptr().expose_provenance();
    let mut pool = Pool::new();
    let first = pool.take(64, |wanted| (wanted == 80).then_some((begin, begin + 80)));
    let second = pool.take(64, |wanted| (wanted == 80).then_some((begin + 80, begin + 160)));
    let third = pool.take(32, |_| None);
    assert_eq!([first, second, third].map(<*mut u8>::addr), [begin, begin + 64, begin + 128]);
    assert!(pool.take(16, |_| None).is_null());
}

#[test]
fn memory_that_grows_elsewhere_begins_at_a_multiple_of_16() {
    let mut arena = vec![0_u128; 16];
    let begin = arena.as_mut_ptr().expose_provenance();
    let mut pool = Pool::new();
    assert_eq!(pool.take(16, |_| Some((begin + 3, begin + 35))).addr(), begin + 16);
    assert_eq!(pool.take(16, |_| Some((begin + 101, begin + 133))).addr(), begin + 112);
}
