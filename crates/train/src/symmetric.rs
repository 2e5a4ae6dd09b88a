//! The product of a block's transpose and the block itself, of which one half is computed.
//!
//! A block stands in panels: of all rows the first columns, then of all rows the next ones, padded with zeros to whole
//! panels. A tile of the product stays in registers while all rows are added to it, and the two panels that it reads
//! stay in the first cache.

/// Rows of a tile; whole tiles make a panel.
const TALL: usize = 4;

/// Columns of a tile and of a panel: with `TALL` rows of them as many registers as additions are under way at a time.
pub(crate) const BROAD: usize = 8;

/// The length of padded rows of so many numbers.
pub(crate) fn padded(width: usize) -> usize {
    width.next_multiple_of(BROAD)
}

/// Lay one of so many rows into a block; what pads it is not touched.
#[inline(always)]
pub(crate) fn lay(values: &[f64], row: usize, rows: usize, block: &mut [f64]) {
    let whole = values.chunks_exact(BROAD);
    // Copies of a length that is known are instructions; any other one is a call.
    let rest = whole.remainder();
    let last = (values.len() / BROAD * rows * BROAD + row * BROAD).min(block.len());
    block[last..].iter_mut().zip(rest).for_each(|(out, value)| *out = *value);
    for (values, panel) in whole.zip(block.chunks_exact_mut(rows * BROAD)) {
        panel[row * BROAD..(row + 1) * BROAD].copy_from_slice(values);
    }
}

/// Add to `out` (stride, stride) the products of all columns of a block of so many rows with each other, on and below the
/// diagonal; above it anything may be added.
pub(crate) fn add_products(block: &[f64], rows: usize, stride: usize, out: &mut [f64]) {
    assert!(block.len() == rows * stride && out.len() == stride * stride, "a block of padded rows");
    let tile = tile();
    for (right, b) in block.chunks_exact(rows * BROAD).enumerate() {
        for (left, a) in block.chunks_exact(rows * BROAD).enumerate().skip(right) {
            for top in (0..BROAD).step_by(TALL) {
                // SAFETY: both are whole panels, and the processor can run the function.
                let sums = unsafe { tile(a, b, top) };
                for (i, sums) in sums.iter().enumerate() {
                    let place = (left * BROAD + top + i) * stride + right * BROAD;
                    out[place..place + BROAD].iter_mut().zip(sums).for_each(|(out, sum)| *out += sum);
                }
            }
        }
    }
}

/// The products of `TALL` columns of one panel, from `top` on, with all columns of another.
type Tile = unsafe fn(a: &[f64], b: &[f64], top: usize) -> [[f64; BROAD]; TALL];

/// The fastest function of this processor.
fn tile() -> Tile {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        return wide_tile;
    }
    plain_tile
}

/// # Safety
/// None is needed; the type of the other one asks for it.
unsafe fn plain_tile(a: &[f64], b: &[f64], top: usize) -> [[f64; BROAD]; TALL] {
    let mut sums = [[0.0; BROAD]; TALL];
    for (a, b) in a.chunks_exact(BROAD).zip(b.chunks_exact(BROAD)) {
        for (sums, a) in sums.iter_mut().zip(&a[top..top + TALL]) {
            sums.iter_mut().zip(b).for_each(|(sum, b)| *sum += a * b);
        }
    }
    sums
}

/// # Safety
/// The processor has AVX2 and FMA; `top + TALL` is at most `BROAD`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn wide_tile(a: &[f64], b: &[f64], top: usize) -> [[f64; BROAD]; TALL] {
    use std::arch::x86_64::{
        _mm256_broadcast_sd, _mm256_fmadd_pd, _mm256_loadu_pd, _mm256_setzero_pd, _mm256_storeu_pd,
    };

    const LANES: usize = 4;
    const PARTS: usize = BROAD / LANES;
    let mut sums = [[_mm256_setzero_pd(); PARTS]; TALL];
    for (a, b) in a.chunks_exact(BROAD).zip(b.chunks_exact(BROAD)) {
        // SAFETY: both chunks are `BROAD` long, and `top` is as the caller says.
        unsafe {
            let (a, b) = (a.as_ptr().add(top), b.as_ptr());
            let b = [_mm256_loadu_pd(b), _mm256_loadu_pd(b.add(LANES))];
            for (i, sums) in sums.iter_mut().enumerate() {
                let a = _mm256_broadcast_sd(&*a.add(i));
                sums.iter_mut().zip(b).for_each(|(sum, b)| *sum = _mm256_fmadd_pd(a, b, *sum));
            }
        }
    }
    let mut out = [[0.0; BROAD]; TALL];
    for (out, sums) in out.iter_mut().zip(&sums) {
        for (out, sum) in out.chunks_exact_mut(LANES).zip(sums) {
            // SAFETY: a chunk has as many numbers as a register.
            unsafe { _mm256_storeu_pd(out.as_mut_ptr(), *sum) };
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_below_the_diagonal_are_those_of_columns() {
        let stride = padded(25);
        let data: Vec<f64> = (0..7 * 25).map(|place| ((place * 7919 + 13) % 101) as f64 / 50.0 - 1.0).collect();
        let (mut block, mut out) = (vec![0.0; 7 * stride], vec![1.0; stride * stride]);
        data.chunks(25).enumerate().for_each(|(row, values)| lay(values, row, 7, &mut block));
        add_products(&block, 7, stride, &mut out);
        for i in 0..25 {
            for j in 0..=i {
                let expected = 1.0 + data.chunks(25).map(|row| row[i] * row[j]).sum::<f64>();
                assert!((out[i * stride + j] - expected).abs() < 1e-12);
            }
        }
    }
}
