//! Gather, scatter, the largest few.

use super::*;

#[test]
fn negative_indices_count_from_the_end() {
    let mut out = [0_u8; 4];
    kernels().gather(&[10, 11, 12], &[2, -1, -3, 0], &mut out).unwrap();
    assert_eq!(out, [12, 12, 10, 10]);
    let mut out = [0.0; 3];
    kernels().scatter(&[1.0, 2.0, 3.0], &[-1, 0, 2], &mut out).unwrap();
    assert_eq!(out, [2.0, 0.0, 3.0], "the later value stays");
}

#[test]
fn an_index_outside_is_named_and_nothing_is_written() {
    let mut out = [5.0; 2];
    for bad in [3, -4, i64::MAX, i64::MIN] {
        let error = Error::IndexOutside { position: 1, index: bad, length: 3 };
        assert_eq!(kernels().gather(&[1.0, 2.0, 3.0], &[0, bad], &mut out), Err(error));
    }
    let error = Error::IndexOutside { position: 0, index: 2, length: 2 };
    assert_eq!(kernels().scatter(&[1.0], &[2], &mut out), Err(error));
    assert_eq!(error.to_string(), "index number `0` points outside of a vector of `2` elements: `2`");
    assert_eq!(
        kernels().gather(&[], &[0], &mut [1.0; 1]),
        Err(Error::IndexOutside { position: 0, index: 0, length: 0 })
    );
    assert_eq!(kernels().gather(&[1.0], &[0], &mut out), Err(Error::LengthsDiffer { left: 1, right: 2 }));
    assert_eq!(kernels().scatter(&[1.0], &[0, 1], &mut out), Err(Error::LengthsDiffer { left: 1, right: 2 }));
    assert_eq!(out, [5.0; 2]);
}

/// By sorting everything: NaN first, then descending, equal ones by their place.
fn sorted(x: &[f32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&i, &j| match (x[i].is_nan(), x[j].is_nan()) {
        (false, false) => x[j].partial_cmp(&x[i]).unwrap(),
        (i, j) => j.cmp(&i),
    });
    order
}

#[test]
fn the_largest_come_in_order_with_ties_by_place() {
    for kernels in available() {
        for n in [1, 2, 17, 64, 65, 300, 5000] {
            for spread in [5.0, 1e6] {
                let mut x: Vec<f32> = numbers(n, 13).into_iter().map(|x| (x * spread).round()).collect();
                for nans in 0..3 {
                    let order = sorted(&x);
                    for k in [0, 1, 2, 3, 10, 100, n].into_iter().filter(|&k| k <= n) {
                        let (mut values, mut indices) = (vec![0.0; k], vec![0; k]);
                        kernels.top_k(&x, &mut values, &mut indices).unwrap();
                        let wanted: Vec<i64> = order[..k].iter().map(|&i| i as i64).collect();
                        assert_eq!(indices, wanted, "{kernels:?} n={n} k={k} nans={nans}");
                        assert!(values.iter().zip(&order).all(|(v, &i)| v.to_bits() == x[i].to_bits()));
                    }
                    x[(nans * 7 + 1) % n] = f32::NAN;
                }
            }
        }
        let mut one = ([0.0_f64], [0]);
        assert_eq!(kernels.top_k(&[], &mut one.0, &mut one.1), Err(Error::TooFew { length: 0, wanted: 1 }));
        let differ = Error::LengthsDiffer { left: 1, right: 0 };
        assert_eq!(kernels.top_k(&[1.0], &mut one.0, &mut []), Err(differ));
    }
}
