//! Blocks of the pool keep what was put into them, whatever is taken, grown and given back between.

use std::alloc::{GlobalAlloc, Layout};
use support::{shelf_of, LARGEST, LARGE_CHUNK, POOL};

fn filled(layout: Layout, mark: u8) -> *mut u8 {
    // SAFETY: the layout has a size, and that many bytes are written.
    unsafe {
        let block = POOL.alloc(layout);
        assert!(!block.is_null());
        assert_eq!(block as usize % layout.align(), 0);
        block.write_bytes(mark, layout.size());
        block
    }
}

fn holds(block: *mut u8, size: usize, mark: u8) -> bool {
    // SAFETY: the block is in use and has that size.
    unsafe { std::slice::from_raw_parts(block, size) }.iter().all(|byte| *byte == mark)
}

#[test]
fn blocks_in_use_do_not_overlap() {
    let mut state = 42u64;
    let mut blocks: Vec<(*mut u8, Layout, u8)> = Vec::new();
    for turn in 0..20_000u64 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pick = (state >> 33) as usize;
        if turn % 3 == 2 {
            let (block, layout, mark) = blocks.swap_remove(pick % blocks.len());
            assert!(holds(block, layout.size(), mark));
            // SAFETY: the block is the pool's, with this layout, and is not used again.
            unsafe { POOL.dealloc(block, layout) };
        } else {
            let layout = Layout::from_size_align(pick % 700 + 1, 1 << (pick % 6)).unwrap();
            let mark = (turn % 251) as u8;
            blocks.push((filled(layout, mark), layout, mark));
        }
    }
    assert!(blocks.iter().all(|(block, layout, mark)| holds(*block, layout.size(), *mark)));
}

#[test]
fn growing_and_shrinking_keep_the_contents() {
    let mut size = 3;
    let mut layout = Layout::from_size_align(size, 8).unwrap();
    let mut block = filled(layout, 7);
    let sizes = [16, 17, 40, 500, LARGEST, LARGEST + 1, 5000, LARGE_CHUNK + 5, 3 * LARGE_CHUNK, 4000, 100, 2];
    for next in sizes {
        // SAFETY: the block is the pool's, with this layout.
        block = unsafe { POOL.realloc(block, layout, next) };
        assert!(holds(block, size.min(next), 7));
        // SAFETY: the block has that many bytes now.
        unsafe { block.write_bytes(7, next) };
        (size, layout) = (next, Layout::from_size_align(next, 8).unwrap());
    }
    // SAFETY: the block is the pool's, with this layout.
    unsafe { POOL.dealloc(block, layout) };
}

#[test]
fn zeroed_blocks_are_zeros_though_they_were_used_before() {
    let layout = Layout::from_size_align(48, 16).unwrap();
    // SAFETY: the blocks are the pool's, with this layout.
    unsafe { POOL.dealloc(filled(layout, 9), layout) };
    // SAFETY: the layout has a size.
    let block = unsafe { POOL.alloc_zeroed(layout) };
    assert!(holds(block, 48, 0));
    // SAFETY: the block is the pool's, with this layout, and is not used again.
    unsafe { POOL.dealloc(block, layout) };
}

#[test]
fn large_and_oddly_aligned_blocks_are_not_of_the_pool() {
    let shelf = |size, align| shelf_of(Layout::from_size_align(size, align).unwrap());
    assert_eq!((shelf(1, 1), shelf(16, 16), shelf(17, 8), shelf(LARGEST, 8)), (Some(1), Some(1), Some(2), Some(32)));
    assert_eq!((shelf(LARGEST + 1, 8), shelf(8, 32)), (None, None));
}
