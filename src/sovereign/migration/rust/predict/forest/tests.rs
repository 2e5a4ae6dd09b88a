use super::*;

#[test]
fn keys_order_as_numbers_do_and_leaves_stand_above_all() {
    let numbers = [f32::NEG_INFINITY, -1e30, -1.0, -1e-40, 0.0, 1e-40, 1.0, 1e30, f32::INFINITY];
    for pair in numbers.windows(2) {
        assert!(single_key(pair[0]) < single_key(pair[1]));
        assert!(double_key(pair[0].into()) < double_key(pair[1].into()));
    }
    assert_eq!((single_key(-0.0), double_key(-0.0)), (single_key(0.0), double_key(0.0)));
    assert!(single_key(f32::INFINITY) < SINGLE_LEAF && double_key(f64::INFINITY) < DOUBLE_LEAF);
}

#[cfg(feature = "alloc")]
const _: () = assert!(Narrow::<8>::NAN > SINGLE_LEAF && Wide::NAN > DOUBLE_LEAF, "what is missing stands above leaves");

#[cfg(feature = "alloc")]
fn agree<const BITS: u32>(low: u32, key: u32) {
    let bytes = [low.to_le_bytes(), key.to_le_bytes()].concat();
    let tensor = crate::Tensor { dtype: Dtype::I32, shape: [1, 2], bytes: &bytes };
    let words = tensor.integers("nodes").expect("they are whole numbers");
    let node = Layout::Narrow(BITS).node(&words, 0).expect("there is one node");
    let packed = Narrow::<BITS>::node(&words, 0).expect("there is one node");
    assert_eq!(node.feature, Narrow::<BITS>::feature(packed));
    assert_eq!(Layout::Narrow(BITS).leaf(&node).is_some(), Narrow::<BITS>::is_leaf(packed));
    for x in [0, key.saturating_sub(1), key, key.saturating_add(1).min(SINGLE_LEAF - 1)] {
        let right = usize::from(u64::from(x) > node.key);
        assert_eq!(node.child + right, Narrow::<BITS>::next::<false>(packed, x) as usize);
        assert_eq!(node.child + right, Narrow::<BITS>::next::<true>(packed, x) as usize);
    }
    let missing = node.child + usize::from(!node.missing_left);
    assert_eq!(missing, Narrow::<BITS>::next::<true>(packed, Narrow::<BITS>::NAN) as usize);
}

#[cfg(feature = "alloc")]
#[test]
fn both_ways_read_a_node_alike() {
    let mut bits = 1_u64;
    for _ in 0..1000 {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (low, key) = (bits as u32, (bits >> 32) as u32);
        agree::<8>(low, key);
        agree::<12>(low, key);
        agree::<16>(low, key);
    }
    agree::<8>(0x100, SINGLE_LEAF + 7);
}
