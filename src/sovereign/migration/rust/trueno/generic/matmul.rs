//! Products of matrices: tiles of the result stay in registers while one row of `b` after the other passes by.
//!
//! With 32 registers, rows of `a` stay in the first cache while all of `b` passes by from the second. With 16 registers
//! the second cache does not keep up: there a panel of `b` stays in the first cache while bands of `a` pass by, which are
//! laid out so that one register of addresses finds all factors.

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
    /// How far the bands of `a` lie from each other, where it is laid into bands of a tile's rows; else 0.
    pub(crate) bands: usize,
    pub(crate) b: *const E,
    pub(crate) b_row: usize,
    pub(crate) layout: Layout,
    /// Null stands for zeros.
    pub(crate) from: *const E,
    pub(crate) from_row: usize,
    pub(crate) out: *mut E,
    pub(crate) out_row: usize,
    pub(crate) is_subtracted: bool,
    /// Whether zero is stored for what is below it.
    pub(crate) is_relu: bool,
}

/// Rows and columns to be laid into panels of `width` columns, `stride` elements from each other.
///
/// A left side is laid into bands as the panels of what it is transposed.
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
    /// The most terms that are added before their sum is added to the output.
    pub(crate) depth: usize,
    /// Rows of a left block that is laid into bands, a multiple of `rows`; 0 where left sides are read where they lie.
    pub(crate) band_rows: usize,
    /// Right sides up to these bytes are read where they lie: they stay near without being laid into panels.
    pub(crate) direct_bytes: usize,
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
    // A panel of that depth takes half of a first cache of 32 KiB, the bands a third of a second cache of 512 KiB.
    let (depth, band_rows, direct_bytes) =
        if has_32_registers::<S>() { (2048 / size_of::<S::Element>(), 0, 320 << 10) } else { (256, 96, 16 << 10) };
    Tile { lanes: S::LANES, rows: tile_rows::<S>(), columns, depth, band_rows, direct_bytes, element: PhantomData }
}

/// # Safety
/// See `kernels.rs`: all that the block names can be read or written; rows of `b` hold whole registers.
#[inline(always)]
pub(crate) unsafe fn multiply<S: Simd>(block: *const Block<S::Element>) {
    // SAFETY: bands lie within the block for which the caller vouches.
    unsafe {
        let block = &*block;
        if block.bands > 0 {
            return panels_and_bands::<S>(block);
        }
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

/// A panel of `b` after the other: it stays in the first cache while the bands of `a` pass by.
#[inline(always)]
unsafe fn panels_and_bands<S: Simd>(block: &Block<S::Element>) {
    // SAFETY: tiles lie within the block for which the caller vouches, whose sides are laid into bands and panels.
    unsafe {
        let Layout::Panels(stride) = block.layout else { return };
        let width = 2 * S::LANES;
        let (mut j, mut b) = (0, block.b);
        while j < block.columns {
            let left = block.columns - j;
            let last = if left < width { (left - 1) % S::LANES + 1 } else { S::LANES };
            let (mut i, mut a) = (0, block.a.start);
            while i < block.rows {
                let rows = block.rows - i;
                // The first bands bring a quarter of the next panel each.
                let part = i / BAND * (block.depth / UNROLLED) * width;
                let next = if i < 4 * BAND { b.wrapping_add(stride + part) } else { core::ptr::null() };
                if left > S::LANES {
                    in_band::<S, 2>(block, [i, j], a, b, next, [rows, last]);
                } else {
                    in_band::<S, 1>(block, [i, j], a, b, next, [rows, last]);
                }
                i += BAND;
                a = a.wrapping_add(block.bands);
            }
            j += width;
            b = b.wrapping_add(stride);
        }
    }
}

/// The tiles of one band that has `rows` rows or more.
#[inline(always)]
unsafe fn in_band<S: Simd, const V: usize>(
    block: &Block<S::Element>,
    [mut i, j]: [usize; 2],
    mut a: *const S::Element,
    b: *const S::Element,
    next: *const S::Element,
    [rows, last]: [usize; 2],
) {
    // SAFETY: as in `panels_and_bands`.
    unsafe {
        if rows >= BAND {
            return banded::<S, BAND, V>(block, [i, j], a, b, next, last);
        }
        if rows & 4 > 0 {
            banded::<S, 4, V>(block, [i, j], a, b, next, last);
            i += 4;
            a = a.add(4);
        }
        if rows & 2 > 0 {
            banded::<S, 2, V>(block, [i, j], a, b, next, last);
            i += 2;
            a = a.add(2);
        }
        if rows & 1 > 0 {
            banded::<S, 1, V>(block, [i, j], a, b, next, last);
        }
    }
}

/// Rows of a band.
const BAND: usize = 6;

/// Terms that are added between two looks at their number.
const UNROLLED: usize = 4;

/// The tile of `R` rows of a band and `V` registers of a panel.
#[inline(always)]
unsafe fn banded<S: Simd, const R: usize, const V: usize>(
    block: &Block<S::Element>,
    [i, j]: [usize; 2],
    mut a: *const S::Element,
    mut b: *const S::Element,
    mut next: *const S::Element,
    last: usize,
) {
    // SAFETY: as in `panels_and_bands`; bands have `BAND` elements and panels two registers for each term.
    unsafe {
        let (line, width) = (64 / size_of::<S::Element>(), 2 * S::LANES);
        let out = block.out.add(i * block.out_row + j);
        for row in 0..R {
            S::prefetch(out.wrapping_add(row * block.out_row));
            S::prefetch(out.wrapping_add(row * block.out_row + width - 1));
        }
        let mut sums = [[S::zero(); V]; R];
        for _ in 0..block.depth / UNROLLED {
            // The next band comes from the second cache while this one is worked on.
            for at in (0..BAND * UNROLLED).step_by(line) {
                S::prefetch(a.wrapping_add(block.bands + at));
            }
            if !next.is_null() {
                S::prefetch_far(next);
                next = next.wrapping_add(width);
            }
            for term in 0..UNROLLED {
                add_term::<S, R, V>(a.add(term * BAND), b.add(term * width), &mut sums);
            }
            a = a.add(BAND * UNROLLED);
            b = b.add(width * UNROLLED);
        }
        for term in 0..block.depth % UNROLLED {
            add_term::<S, R, V>(a.add(term * BAND), b.add(term * width), &mut sums);
        }
        if last < S::LANES {
            finish::<S, R, V, true>(block, i, j, &sums, last);
        } else {
            finish::<S, R, V, false>(block, i, j, &sums, last);
        }
    }
}

/// Add the products of `R` factors at `a` and `V` registers at `b`.
#[inline(always)]
unsafe fn add_term<S: Simd, const R: usize, const V: usize>(
    a: *const S::Element,
    b: *const S::Element,
    sums: &mut [[S::Register; V]; R],
) {
    // SAFETY: the caller vouches for both.
    unsafe {
        let mut right = [S::zero(); V];
        for (v, right) in right.iter_mut().enumerate() {
            *right = S::load(b.add(v * S::LANES));
        }
        for (row, sums) in sums.iter_mut().enumerate() {
            let left = S::splat(*a.add(row));
            for v in 0..V {
                sums[v] = S::fma(left, right[v], sums[v]);
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
            for v in 0..V {
                S::prefetch(b.wrapping_add(AHEAD * block.b_row + v * S::LANES));
            }
            add_row::<S, R, V>(&factors, k, b, &mut sums);
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

/// Add the products of `R` factors, each `k` elements behind where it began, and `V` registers at `b`.
#[inline(always)]
unsafe fn add_row<S: Simd, const R: usize, const V: usize>(
    factors: &[*const S::Element; R],
    k: usize,
    b: *const S::Element,
    sums: &mut [[S::Register; V]; R],
) {
    // SAFETY: the caller vouches for both.
    unsafe {
        let mut right = [S::zero(); V];
        for (v, right) in right.iter_mut().enumerate() {
            *right = S::load(b.add(v * S::LANES));
        }
        for (factor, sums) in factors.iter().zip(sums) {
            let left = S::splat(*factor.add(k));
            for v in 0..V {
                sums[v] = S::fma(left, right[v], sums[v]);
            }
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
                if block.is_relu {
                    value = S::max(S::zero(), value);
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
/// See `kernels.rs`: the rows and columns can be read, the panels written. The width is a multiple of `LANES` or a band's.
#[inline(always)]
pub(crate) unsafe fn pack<S: Simd>(panels: *const Panels<S::Element>) {
    // SAFETY: `first` is below the number of columns, and panels are as wide as the caller says.
    unsafe {
        let panels = &*panels;
        let (mut first, mut out) = (0, panels.out);
        while first < panels.columns {
            let columns = panels.width.min(panels.columns - first);
            let from = panels.from.start.add(first * panels.from.column);
            if panels.width == BAND && columns == BAND && panels.from.row == 1 {
                S::lay_band(from, panels.from.column, panels.rows, out);
            } else if panels.from.column == 1 && panels.width % S::LANES == 0 {
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
            // Rows are too far from each other for the processor to see where the next one is.
            S::prefetch(from.wrapping_add(AHEAD * panels.from.row));
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
