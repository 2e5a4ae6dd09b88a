//! Products of matrices: tiles of the result stay in registers while one row of `b` after the other passes by.

use core::{marker::PhantomData, mem::size_of};

use crate::{element::Float, simd::Simd};

/// Elements at a distance of `row` and `column` from each other.
#[derive(Clone, Copy)]
pub(crate) struct Grid<E> {
    pub(crate) start: *const E,
    pub(crate) row: usize,
    pub(crate) column: usize,
}

/// How the rows of the right side lie in memory.
#[derive(Clone, Copy)]
pub(crate) enum Layout {
    /// As in the matrix itself: one row is contiguous.
    Rows,
    /// In panels as [`pack`] makes them, this far from each other.
    Panels(usize),
}

/// A product of blocks: `out = from + a * b`, or `from - a * b`.
#[derive(Clone, Copy)]
pub(crate) struct Block<E> {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) depth: usize,
    pub(crate) a: Grid<E>,
    pub(crate) b: *const E,
    pub(crate) b_row: usize,
    pub(crate) layout: Layout,
    /// Null stands for zeros.
    pub(crate) from: *const E,
    pub(crate) from_row: usize,
    pub(crate) out: *mut E,
    pub(crate) out_row: usize,
    pub(crate) is_subtracted: bool,
}

/// Rows and columns to be laid into panels of `width` columns, `stride` elements from each other.
#[derive(Clone, Copy)]
pub(crate) struct Panels<E> {
    pub(crate) from: Grid<E>,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) width: usize,
    pub(crate) stride: usize,
    pub(crate) out: *mut E,
}

/// What a driver must know to cut matrices of a number type for a backend.
#[derive(Clone, Copy)]
pub(crate) struct Tile<E> {
    /// Elements of a register; right sides that are read where they lie have a multiple of it in each row.
    pub(crate) lanes: usize,
    /// Rows of a full tile.
    pub(crate) rows: usize,
    /// Columns of a full tile and of a panel.
    pub(crate) columns: usize,
    pub(crate) element: PhantomData<E>,
}

/// AVX-512 and 64-bit ARM have 32 registers, the others 16.
const fn has_32_registers<S: Simd>() -> bool {
    cfg!(target_arch = "aarch64") || size_of::<S::Register>() == 64
}

/// With a row of `b` and one factor, 24 or 12 accumulators fill the registers; fewer would wait for each other.
const fn tile_rows<S: Simd>() -> usize {
    if has_32_registers::<S>() { 8 } else { 6 }
}

const fn tile_registers<S: Simd>() -> usize {
    if has_32_registers::<S>() { 3 } else { 2 }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn tile<S: Simd>() -> Tile<S::Element> {
    let columns = tile_registers::<S>() * S::LANES;
    Tile { lanes: S::LANES, rows: tile_rows::<S>(), columns, element: PhantomData }
}

/// # Safety
/// See `kernels.rs`: all that the block names can be read or written; rows of `b` hold whole registers.
#[inline(always)]
pub(crate) unsafe fn multiply<S: Simd>(block: *const Block<S::Element>) {
    // SAFETY: bands lie within the block for which the caller vouches.
    unsafe {
        let block = &*block;
        let mut i = 0;
        while i < block.rows {
            let left = block.rows - i;
            if has_32_registers::<S>() && left >= 8 {
                band::<S, 8>(block, i);
                i += 8;
            } else if !has_32_registers::<S>() && left >= 6 {
                band::<S, 6>(block, i);
                i += 6;
            } else if left >= 4 {
                band::<S, 4>(block, i);
                i += 4;
            } else if left >= 2 {
                band::<S, 2>(block, i);
                i += 2;
            } else {
                band::<S, 1>(block, i);
                i += 1;
            }
        }
    }
}

/// `R` rows from row `i` on: they stay in the first cache while `b` passes by.
#[inline(always)]
unsafe fn band<S: Simd, const R: usize>(block: &Block<S::Element>, i: usize) {
    // SAFETY: tiles lie within the block for which the caller vouches.
    unsafe {
        let full = tile_registers::<S>();
        let registers = block.columns.div_ceil(S::LANES);
        let mut at = 0;
        while at < registers {
            let left = registers - at;
            let (b, take) = match block.layout {
                Layout::Panels(stride) => (block.b.add(at / full * stride), left.min(full)),
                // Two and two registers are faster than three and one.
                Layout::Rows => (block.b.add(at * S::LANES), if left == 4 { 2 } else { left.min(full) }),
            };
            let j = at * S::LANES;
            let last = S::LANES.min(block.columns - j - (take - 1) * S::LANES);
            match take {
                3 if has_32_registers::<S>() => one::<S, R, 3>(block, i, j, b, last),
                2 => one::<S, R, 2>(block, i, j, b, last),
                _ => one::<S, R, 1>(block, i, j, b, last),
            }
            at += take;
        }
    }
}

/// Rows of `b` that are asked for ahead of their use: the second cache answers within the time of as many.
const AHEAD: usize = 8;

/// The tile of `R` rows and `V` registers at row `i`, column `j`; its last register has `last` columns.
#[inline(always)]
unsafe fn one<S: Simd, const R: usize, const V: usize>(
    block: &Block<S::Element>,
    i: usize,
    j: usize,
    mut b: *const S::Element,
    last: usize,
) {
    // SAFETY: rows `i..i + R` and the columns of the tile lie within the block for which the caller vouches.
    unsafe {
        let out = block.out.add(i * block.out_row + j);
        let mut factors = [block.a.start; R];
        for (row, factor) in factors.iter_mut().enumerate() {
            *factor = block.a.start.add((i + row) * block.a.row);
            for v in 0..V {
                S::prefetch(out.wrapping_add(row * block.out_row + v * S::LANES));
            }
        }
        let (mut sums, mut k) = ([[S::zero(); V]; R], 0);
        for _ in 0..block.depth {
            let mut right = [S::zero(); V];
            for (v, right) in right.iter_mut().enumerate() {
                *right = S::load(b.add(v * S::LANES));
                S::prefetch(b.wrapping_add(AHEAD * block.b_row + v * S::LANES));
            }
            for row in 0..R {
                let left = S::splat(*factors[row].add(k));
                for v in 0..V {
                    sums[row][v] = S::fma(left, right[v], sums[row][v]);
                }
            }
            b = b.add(block.b_row);
            k += block.a.column;
        }
        if last < S::LANES {
            finish::<S, R, V, true>(block, i, j, &sums, last);
        } else {
            finish::<S, R, V, false>(block, i, j, &sums, last);
        }
    }
}

/// Add what was there and store.
#[inline(always)]
unsafe fn finish<S: Simd, const R: usize, const V: usize, const RAGGED: bool>(
    block: &Block<S::Element>,
    i: usize,
    j: usize,
    sums: &[[S::Register; V]; R],
    last: usize,
) {
    // SAFETY: as in `one`; the last register is cut to its `last` columns.
    unsafe {
        for (row, sums) in sums.iter().enumerate() {
            let out = block.out.add((i + row) * block.out_row + j);
            for (v, &sum) in sums.iter().enumerate() {
                let is_cut = RAGGED && v == V - 1;
                let mut value = sum;
                if !block.from.is_null() {
                    let from = block.from.add((i + row) * block.from_row + j + v * S::LANES);
                    let before = if is_cut { S::load_first_or_zero(from, last) } else { S::load(from) };
                    value = if block.is_subtracted { S::sub(before, sum) } else { S::add(before, sum) };
                }
                if is_cut {
                    S::store_first(out.add(v * S::LANES), last, value);
                } else {
                    S::store(out.add(v * S::LANES), value);
                }
            }
        }
    }
}

/// A product with few rows whose right side has contiguous columns: each element is a dot product, nothing is laid out
/// anew. `b_row` is the distance of the columns of `b`, and the layout is not looked at.
///
/// # Safety
/// See `kernels.rs`: all that the block names can be read or written; rows of `a` are contiguous.
#[inline(always)]
pub(crate) unsafe fn dots<S: Simd>(block: *const Block<S::Element>) {
    // SAFETY: rows and columns are below their numbers.
    unsafe {
        let block = &*block;
        let mut j = 0;
        while j < block.columns {
            if block.columns - j >= 4 {
                column_dots::<S, 4>(block, j);
                j += 4;
            } else {
                column_dots::<S, 1>(block, j);
                j += 1;
            }
        }
    }
}

/// `C` columns from column `j` on, which stay in the caches while the rows of `a` pass by.
#[inline(always)]
unsafe fn column_dots<S: Simd, const C: usize>(block: &Block<S::Element>, j: usize) {
    // SAFETY: as in `dots`.
    unsafe {
        let mut i = 0;
        while i < block.rows {
            let left = block.rows - i;
            if has_32_registers::<S>() && left >= 4 {
                tile_dots::<S, 4, C>(block, i, j);
                i += 4;
            } else if left >= 2 {
                tile_dots::<S, 2, C>(block, i, j);
                i += 2;
            } else {
                tile_dots::<S, 1, C>(block, i, j);
                i += 1;
            }
        }
    }
}

#[inline(always)]
unsafe fn tile_dots<S: Simd, const R: usize, const C: usize>(block: &Block<S::Element>, i: usize, j: usize) {
    // SAFETY: as in `dots`; every load starts at `k` with all its lanes below the depth.
    unsafe {
        let (a, b) = (block.a.start.add(i * block.a.row), block.b.add(j * block.b_row));
        let (mut sums, mut k) = ([[S::zero(); C]; R], 0);
        while k < block.depth {
            let count = S::LANES.min(block.depth - k);
            let is_whole = count == S::LANES;
            let mut right = [S::zero(); C];
            for (column, right) in right.iter_mut().enumerate() {
                let b = b.add(column * block.b_row + k);
                *right = if is_whole { S::load(b) } else { S::load_first_or_zero(b, count) };
            }
            for (row, sums) in sums.iter_mut().enumerate() {
                let a = a.add(row * block.a.row + k);
                let left = if is_whole { S::load(a) } else { S::load_first_or_zero(a, count) };
                for (sum, &right) in sums.iter_mut().zip(&right) {
                    *sum = S::fma(left, right, *sum);
                }
            }
            k += count;
        }
        for (row, sums) in sums.iter().enumerate() {
            for (column, &sum) in sums.iter().enumerate() {
                let mut value = S::reduce_add(sum).to_f64();
                if !block.from.is_null() {
                    let before = (*block.from.add((i + row) * block.from_row + j + column)).to_f64();
                    value = if block.is_subtracted { before - value } else { before + value };
                }
                *block.out.add((i + row) * block.out_row + j + column) = Float::from_f64(value);
            }
        }
    }
}

/// Lay rows into panels; what stands behind the last column is zero.
///
/// # Safety
/// See `kernels.rs`: the rows and columns can be read, the panels written. The width is a multiple of `LANES`.
#[inline(always)]
pub(crate) unsafe fn pack<S: Simd>(panels: *const Panels<S::Element>) {
    // SAFETY: `first` is below the number of columns, and panels are as wide as the caller says.
    unsafe {
        let panels = &*panels;
        let (mut first, mut out) = (0, panels.out);
        while first < panels.columns {
            let columns = panels.width.min(panels.columns - first);
            let from = panels.from.start.add(first * panels.from.column);
            if panels.from.column == 1 {
                copy_rows::<S>(panels, from, columns, out);
            } else {
                turn_columns::<S>(panels, from, columns, out);
            }
            first += columns;
            out = out.wrapping_add(panels.stride);
        }
    }
}

#[inline(always)]
unsafe fn copy_rows<S: Simd>(
    panels: &Panels<S::Element>,
    from: *const S::Element,
    columns: usize,
    out: *mut S::Element,
) {
    // SAFETY: as in `pack`; a register that would pass the last column is cut.
    unsafe {
        for row in 0..panels.rows {
            let (from, out) = (from.add(row * panels.from.row), out.add(row * panels.width));
            let mut j = 0;
            while j < panels.width {
                let here = if j + S::LANES <= columns {
                    S::load(from.add(j))
                } else if j < columns {
                    S::load_first_or_zero(from.add(j), columns - j)
                } else {
                    S::zero()
                };
                S::store(out.add(j), here);
                j += S::LANES;
            }
        }
    }
}

/// Elements of a column that are turned at a time: a cache line of a transposed matrix.
const STRETCH: usize = 16;

#[inline(always)]
unsafe fn turn_columns<S: Simd>(
    panels: &Panels<S::Element>,
    from: *const S::Element,
    columns: usize,
    out: *mut S::Element,
) {
    // SAFETY: as in `pack`.
    unsafe {
        let mut first = 0;
        while first < panels.rows {
            let end = panels.rows.min(first + STRETCH);
            for column in 0..columns {
                let from = from.add(column * panels.from.column);
                for row in first..end {
                    *out.add(row * panels.width + column) = *from.add(row * panels.from.row);
                }
            }
            for row in first..end {
                for column in columns..panels.width {
                    *out.add(row * panels.width + column) = Float::ZERO;
                }
            }
            first = end;
        }
    }
}
