//! Matrix kernels in plain Rust: one loop over single elements, sums in double precision, rounded once.

use core::marker::PhantomData;

use crate::{
    element::Float,
    generic::matmul::{Block, Layout, Panels, Tile},
};

/// Columns of a panel, any number.
const WIDTH: usize = 8;

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn tile<E: Float>() -> Tile<E> {
    Tile { lanes: 1, rows: 1, columns: WIDTH, depth: 512, band_rows: 0, direct_bytes: 320 << 10, element: PhantomData }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn multiply<E: Float>(block: *const Block<E>) {
    // SAFETY: all indices lie within the block for which the caller vouches.
    unsafe {
        let block = &*block;
        for i in 0..block.rows {
            for j in 0..block.columns {
                let b = match block.layout {
                    Layout::Rows => block.b.add(j),
                    Layout::Panels(stride) => block.b.add(j / WIDTH * stride + j % WIDTH),
                };
                let mut sum = 0.0;
                for k in 0..block.depth {
                    let left = *block.a.start.add(i * block.a.row + k * block.a.column);
                    sum += left.to_f64() * (*b.add(k * block.b_row)).to_f64();
                }
                if !block.from.is_null() {
                    let before = (*block.from.add(i * block.from_row + j)).to_f64();
                    sum = if block.is_subtracted { before - sum } else { before + sum };
                }
                *block.out.add(i * block.out_row + j) = E::from_f64(if block.is_relu && sum < 0.0 { 0.0 } else { sum });
            }
        }
    }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn dots<E: Float>(block: *const Block<E>) {
    // SAFETY: all indices lie within the block for which the caller vouches.
    unsafe {
        let block = &*block;
        for i in 0..block.rows {
            for j in 0..block.columns {
                let sum = super::dot(block.a.start.add(i * block.a.row), block.b.add(j * block.b_row), block.depth);
                let before = if block.from.is_null() { E::ZERO } else { *block.from.add(i * block.from_row + j) };
                let sum = if block.is_subtracted { -sum.to_f64() } else { sum.to_f64() };
                *block.out.add(i * block.out_row + j) = E::from_f64(before.to_f64() + sum);
            }
        }
    }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn pack<E: Float>(panels: *const Panels<E>) {
    // SAFETY: the caller vouches for the rows and columns, and for panels of this width.
    unsafe {
        let panels = &*panels;
        for j in 0..panels.columns.next_multiple_of(panels.width) {
            let out = panels.out.add(j / panels.width * panels.stride + j % panels.width);
            for i in 0..panels.rows {
                *out.add(i * panels.width) = if j < panels.columns {
                    *panels.from.start.add(i * panels.from.row + j * panels.from.column)
                } else {
                    E::ZERO
                };
            }
        }
    }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn rows_dot<E: Float>(
    a: *const E,
    stride: usize,
    rows: usize,
    columns: usize,
    x: *const E,
    out: *mut E,
) {
    for i in 0..rows {
        // SAFETY: the caller vouches for this row.
        unsafe { *out.add(i) = super::dot(a.add(i * stride), x, columns) };
    }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn add_rows<E: Float>(
    a: *const E,
    stride: usize,
    rows: usize,
    columns: usize,
    factors: *const E,
    step: usize,
    out: *mut E,
) {
    for j in 0..columns {
        // SAFETY: rows are below `rows`, columns below `columns`.
        unsafe {
            let mut sum = (*out.add(j)).to_f64();
            for i in 0..rows {
                sum += (*factors.add(i * step)).to_f64() * (*a.add(i * stride + j)).to_f64();
            }
            *out.add(j) = E::from_f64(sum);
        }
    }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn rows_distance<E: Float>(
    a: *const E,
    stride: usize,
    rows: usize,
    columns: usize,
    x: *const E,
    out: *mut E,
) {
    for i in 0..rows {
        // SAFETY: rows are below `rows`, columns below `columns`.
        unsafe {
            let mut sum = 0.0;
            for j in 0..columns {
                let difference = (*a.add(i * stride + j)).to_f64() - (*x.add(j)).to_f64();
                sum += difference * difference;
            }
            *out.add(i) = E::from_f64(sum);
        }
    }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn to_distances<E: Float>(length: E, lengths: *const E, out: *mut E, n: usize) {
    for j in 0..n {
        // SAFETY: `j < n`.
        unsafe {
            let product = (*out.add(j)).to_f64();
            let distance = (length.to_f64() - product) + ((*lengths.add(j)).to_f64() - product);
            *out.add(j) = E::from_f64(if distance < 0.0 { 0.0 } else { distance });
        }
    }
}
