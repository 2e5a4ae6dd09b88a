//! Running sums.

use crate::{element::Float, simd::Simd};

/// The sum so far is carried in double precision; four elements wait for one addition to it.
///
/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn prefix_sum<S: Simd>(x: *const S::Element, out: *mut S::Element, n: usize) {
    // SAFETY: indices are below `n`, and each element is read before it is written.
    unsafe {
        let (mut carried, mut i) = (0.0, 0);
        while i + 4 <= n {
            let [a, b, c, d] = x.add(i).cast::<[S::Element; 4]>().read().map(S::Element::to_f64);
            let (two, last_two) = (a + b, c + d);
            let sums = [carried + a, carried + two, carried + (two + c), carried + (two + last_two)];
            carried = sums[3];
            out.add(i).cast::<[S::Element; 4]>().write(sums.map(S::Element::from_f64));
            i += 4;
        }
        while i < n {
            carried += (*x.add(i)).to_f64();
            *out.add(i) = S::Element::from_f64(carried);
            i += 1;
        }
    }
}
