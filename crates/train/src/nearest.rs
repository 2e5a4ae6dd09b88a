//! Products of a few rows with all centres, held in registers.

use crate::number::Number;

/// Rows of a tile.
pub(crate) const TALL: usize = 4;

/// The most columns of a tile.
pub(crate) const BROADEST: usize = 16;

/// A number with a tile of its own.
pub trait Tiled: Number {
    /// Columns of a tile: two registers of AVX2.
    const BROAD: usize;

    /// Lay into `out` the products of four rows with each centre of a panel (d, `BROAD`).
    fn tile(rows: [&[Self]; TALL], panel: &[Self], out: &mut [[Self; BROADEST]; TALL]);
}

/// Centres (k, d) as panels, padded with zeros.
pub(crate) fn panels<T: Tiled>(centers: &[T], d: usize) -> Vec<T> {
    let k = centers.len() / d;
    let mut out = vec![T::of(0.0); k.next_multiple_of(T::BROAD) * d];
    for (place, center) in centers.chunks_exact(d).enumerate() {
        let panel = &mut out[place / T::BROAD * T::BROAD * d..];
        for (j, value) in center.iter().enumerate() {
            panel[j * T::BROAD + place % T::BROAD] = *value;
        }
    }
    out
}

macro_rules! tiled {
    ($number:ident, $lanes:literal, $zero:ident, $load:ident, $broadcast:ident, $fused:ident, $store:ident) => {
        impl Tiled for $number {
            const BROAD: usize = 2 * $lanes;

            #[inline]
            fn tile(rows: [&[Self]; TALL], panel: &[Self], out: &mut [[Self; BROADEST]; TALL]) {
                let d = panel.len() / Self::BROAD;
                assert!(rows.iter().all(|row| row.len() == d), "rows as long as centres");
                #[cfg(target_arch = "x86_64")]
                if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
                    use std::arch::x86_64::{$broadcast, $fused, $load, $store, $zero};

                    #[target_feature(enable = "avx2,fma")]
                    unsafe fn wide(
                        rows: [*const $number; TALL],
                        d: usize,
                        mut panel: *const $number,
                        out: &mut [[$number; BROADEST]; TALL],
                    ) {
                        let mut sums = [[$zero(); 2]; TALL];
                        for j in 0..d {
                            // SAFETY: rows have `d` numbers, and the panel twice as many registers.
                            unsafe {
                                let b = [$load(panel), $load(panel.add($lanes))];
                                panel = panel.add(2 * $lanes);
                                for i in 0..TALL {
                                    let a = $broadcast(&*rows[i].add(j));
                                    sums[i][0] = $fused(a, b[0], sums[i][0]);
                                    sums[i][1] = $fused(a, b[1], sums[i][1]);
                                }
                            }
                        }
                        for (out, sums) in out.iter_mut().zip(&sums) {
                            // SAFETY: a row of the tile has room for two registers.
                            unsafe {
                                $store(out.as_mut_ptr(), sums[0]);
                                $store(out.as_mut_ptr().add($lanes), sums[1]);
                            }
                        }
                    }

                    // SAFETY: the processor has been asked, and the lengths were compared above.
                    return unsafe { wide(rows.map(<[Self]>::as_ptr), d, panel.as_ptr(), out) };
                }
                *out = [[0.0; BROADEST]; TALL];
                for (j, centers) in panel.chunks_exact(Self::BROAD).enumerate() {
                    for (out, row) in out.iter_mut().zip(rows) {
                        out.iter_mut().zip(centers).for_each(|(out, center)| *out += row[j] * center);
                    }
                }
            }
        }
    };
}

tiled!(f32, 8, _mm256_setzero_ps, _mm256_loadu_ps, _mm256_broadcast_ss, _mm256_fmadd_ps, _mm256_storeu_ps);
tiled!(f64, 4, _mm256_setzero_pd, _mm256_loadu_pd, _mm256_broadcast_sd, _mm256_fmadd_pd, _mm256_storeu_pd);

/// The products of four rows with all centres of some panels, `out` (4, padded k) at distance `stride`.
#[inline]
pub(crate) fn products<T: Tiled>(rows: [&[T]; TALL], panels: &[T], d: usize, stride: usize, out: &mut [T]) {
    let mut tile = [[T::of(0.0); BROADEST]; TALL];
    for (place, panel) in panels.chunks_exact(d * T::BROAD).enumerate() {
        T::tile(rows, panel, &mut tile);
        for (i, tile) in tile.iter().enumerate() {
            let start = i * stride + place * T::BROAD;
            out[start..start + T::BROAD].copy_from_slice(&tile[..T::BROAD]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree<T: Tiled>(tolerance: f64) {
        let (k, d) = (19, 7);
        let number = |place: usize| T::of(((place * 7919 + 13) % 101) as f64 / 50.0 - 1.0);
        let centers: Vec<T> = (0..k * d).map(number).collect();
        let rows: Vec<T> = (0..4 * d).map(|place| number(place + 1000)).collect();
        let stride = k.next_multiple_of(T::BROAD);
        let mut out = vec![T::of(7.0); 4 * stride];
        let row = |i: usize| &rows[i * d..(i + 1) * d];
        products([row(0), row(1), row(2), row(3)], &panels(&centers, d), d, stride, &mut out);
        for i in 0..4 {
            for place in 0..k {
                let center = &centers[place * d..(place + 1) * d];
                let expected: f64 = row(i).iter().zip(center).map(|(a, b)| a.double() * b.double()).sum();
                assert!((out[i * stride + place].double() - expected).abs() < tolerance);
            }
        }
    }

    #[test]
    fn products_are_those_of_rows_and_centers() {
        agree::<f32>(1e-5);
        agree::<f64>(1e-13);
    }
}
