//! Bytes for numbers.

use super::*;

#[test]
fn numbers_become_the_nearest_byte_and_come_back() {
    for kernels in available() {
        for n in 0..=70 {
            for offset in [0, 1, 5] {
                let x: Vec<f32> = numbers(n + offset, 1).into_iter().map(|x| x * 200.0).collect();
                let x = &x[offset..];
                let (mut bytes, mut back) = (vec![99_i8; n + 1], vec![7.0; n + 1]);
                kernels.quantize(x, 0.75, -3, &mut bytes[..n]).unwrap();
                kernels.dequantize(&bytes[..n], 0.75, -3, &mut back[..n]).unwrap();
                assert_eq!((bytes[n], back[n]), (99, 7.0), "{kernels:?} n={n}");
                for i in 0..n {
                    let wanted = ((x[i] / 0.75).round_ties_even() - 3.0).clamp(-128.0, 127.0);
                    assert_eq!(f32::from(bytes[i]), wanted, "{kernels:?} {}", x[i]);
                    assert_eq!(back[i], (wanted + 3.0) * 0.75, "{kernels:?} {}", x[i]);
                }
            }
        }
    }
}

#[test]
fn ties_go_to_the_even_number_and_the_rest_is_held() {
    let x = [0.5, 1.5, 2.5, -0.5, -1.5, 1e30, -1e30, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 126.5, -128.5];
    for kernels in available() {
        let mut bytes = [0_i8; 12];
        kernels.quantize(&x, 1.0, 0, &mut bytes).unwrap();
        assert_eq!(bytes, [0, 2, 2, 0, -2, 127, -128, 127, -128, 0, 126, -128], "{kernels:?}");
        kernels.quantize(&[f32::NAN; 12], 1.0, -7, &mut bytes).unwrap();
        assert_eq!(bytes, [-7; 12], "{kernels:?}");
    }
}

#[test]
fn products_of_bytes_are_exact_at_every_length_and_offset() {
    for kernels in available() {
        for n in (0..=300).chain([65_535, 65_536, 65_537, 100_000]) {
            for offset in [0, 1, 13] {
                let bytes = |seed| numbers(n + offset, seed).into_iter().map(|x| (x * 128.0) as i8).collect::<Vec<_>>();
                let (a, b) = (bytes(2), bytes(3));
                let (a, b) = (&a[offset..], &b[offset..]);
                let exact: i64 = a.iter().zip(b).map(|(&a, &b)| i64::from(a) * i64::from(b)).sum();
                assert_eq!(kernels.dot_i8(a, b).map(i64::from), Ok(exact), "{kernels:?} n={n}+{offset}");
            }
        }
    }
}

#[test]
fn a_sum_that_does_not_fit_is_an_error() {
    let lowest = vec![-128_i8; 131_072];
    for kernels in available() {
        assert_eq!(kernels.dot_i8(&lowest[1..], &lowest[1..]), Ok(131_071 * 16_384), "{kernels:?}");
        let outside = Error::SumOutside(1 << 31);
        assert_eq!(kernels.dot_i8(&lowest, &lowest), Err(outside), "{kernels:?}");
        assert_eq!(outside.to_string(), "the sum does not fit into 32 bits: `2147483648`");
    }
}

#[test]
fn scales_and_zero_points_that_mean_nothing_are_refused() {
    let mut bytes = [5_i8; 1];
    for scale in [0.0, -1.0, f32::INFINITY] {
        assert_eq!(kernels().quantize(&[1.0], scale, 0, &mut bytes), Err(Error::ScaleNotPositive(scale)));
    }
    assert!(matches!(kernels().dequantize(&[1], f32::NAN, 0, &mut [0.0]), Err(Error::ScaleNotPositive(_))));
    for zero in [128, -129] {
        assert_eq!(kernels().quantize(&[1.0], 1.0, zero, &mut bytes), Err(Error::ZeroPointOutside(zero)));
        assert_eq!(kernels().dequantize(&[1], 1.0, zero, &mut [0.0]), Err(Error::ZeroPointOutside(zero)));
    }
    let differ = Error::LengthsDiffer { left: 2, right: 1 };
    assert_eq!(kernels().quantize(&[1.0; 2], 1.0, 0, &mut bytes), Err(differ));
    assert_eq!(kernels().dequantize(&[1; 2], 1.0, 0, &mut [0.0]), Err(differ));
    assert_eq!(kernels().dot_i8(&[1; 2], &[1]), Err(differ));
    assert_eq!(bytes, [5]);
}
