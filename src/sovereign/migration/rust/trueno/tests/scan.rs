//! Running sums.

use super::*;

#[test]
fn running_sums_are_rounded_once_from_double_precision() {
    for kernels in available() {
        for n in lengths() {
            let x = numbers(n, 1);
            let (mut out, mut place) = (vec![9.0; n + 1], x.clone());
            kernels.prefix_sum(Operand::Slice(&x), &mut out[..n]).unwrap();
            kernels.prefix_sum(Operand::Out, &mut place).unwrap();
            assert_eq!((&out[..n], out[n]), (&place[..], 9.0), "{kernels:?} n={n}");
            let mut exact = 0.0;
            for (i, &x) in x.iter().enumerate() {
                exact += f64::from(x);
                assert!((f64::from(out[i]) - exact).abs() <= U32 * exact.abs() + 1e-12, "{kernels:?} n={n} at {i}");
            }
        }
        let mut out = [0.0_f64; 5];
        kernels.prefix_sum(Operand::Scalar(2.0), &mut out).unwrap();
        assert_eq!(out, [2.0, 4.0, 6.0, 8.0, 10.0], "{kernels:?}");
        let differ = Error::LengthsDiffer { left: 2, right: 5 };
        assert_eq!(kernels.prefix_sum(Operand::Slice(&[1.0, 2.0]), &mut out), Err(differ));
    }
}
