//! How a product of matrices is cut into blocks and shared between threads.
//!
//! Blocks of the right side fit into the second cache. They are laid into panels first (`generic/matmul.rs`), except
//! where they are small or where too few rows would use the panels; left sides are read where they lie, unless their
//! rows are not contiguous or the instruction set has few registers.

use core::{ptr, slice};

use crate::{
    Element, Kernels, Operand, Unary,
    generic::matmul::{Block, Grid, Layout, Panels, Tile},
    scratch::{Stretches, with_scratch, with_shared, with_stretches},
    threads::{self, Pieces},
};

/// Rows of a block of the right side; without an allocator as many as fit beside the columns on the stack.
pub(crate) const DEPTH: usize = if cfg!(feature = "std") { 512 } else { 64 };

/// Bytes of a block of the right side, half of the second cache of the smallest machines that matter to us.
const BLOCK_BYTES: usize = 1 << 20;

/// Fewer rows than these do not repay that the right side is laid into panels.
const DIRECT_ROWS: usize = 16;

/// Bytes of panels that threads make together and share: half of a third cache.
const SHARED_BYTES: usize = 16 << 20;

/// Fewer columns than these do not repay that the left side is laid into bands.
const BANDED_COLUMNS: usize = 64;

/// Up to so many rows, right sides with contiguous columns are not turned: each element is a dot product.
const DOT_ROWS: usize = 32;

/// Terms that take much longer than a worker that looks for work takes to begin: some 20 µs on a fast core.
pub(crate) const TERMS_PER_THREAD: usize = 2_000_000;

/// Rows that are finished before their activation is computed, so that it finds them in the first cache.
const FINISHED_ROWS: usize = 32;

/// Where the right side stands.
#[derive(Clone, Copy)]
pub(crate) enum Source<T> {
    Grid(Grid<T>),
    /// Panels over all rows, `stride` elements from each other.
    Panels {
        start: *const T,
        stride: usize,
    },
}

/// What is done with rows of the output while they are in the first cache.
#[derive(Clone, Copy)]
pub(crate) enum Finish<T> {
    Nothing,
    Activation(Unary<T>),
    /// Make squared distances of inner products, with the squared lengths of all left and right vectors.
    Distances {
        rows: *const T,
        columns: *const T,
    },
}

/// A product whose shapes and pointers were checked; also what is left of it for one thread.
#[derive(Clone, Copy)]
pub(crate) struct Product<T> {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) depth: usize,
    pub(crate) a: Grid<T>,
    pub(crate) b: Source<T>,
    /// Null where there is none.
    pub(crate) bias: *const T,
    pub(crate) finish: Finish<T>,
    pub(crate) out: *mut T,
    pub(crate) out_row: usize,
    pub(crate) is_accumulated: bool,
    /// Subtract the product from the output; goes with `is_accumulated`.
    pub(crate) is_subtracted: bool,
    /// Whether a product with a vector may add its terms in another order.
    pub(crate) may_be_vector: bool,
}

// SAFETY: pointers to numbers; who makes a product keeps others from writing them meanwhile, and threads get shares
// that write apart from each other.
unsafe impl<T: Send> Send for Product<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Product<T> {}

/// How a share is cut.
#[derive(Clone, Copy)]
struct Plan<T> {
    tile: Tile<T>,
    /// Whether the right side is read where it lies.
    is_direct: bool,
    /// Rows of a left block that is turned, 0 where left sides are read where they lie.
    turned_rows: usize,
    /// Whether the turned left block lies in bands of a tile's rows.
    is_banded: bool,
    depth: usize,
    columns: usize,
}

impl<T> Plan<T> {
    /// Elements of the turned left block.
    fn turned(&self) -> usize {
        self.turned_rows * self.depth
    }

    /// Elements that a share needs beside its operands.
    fn scratch(&self, product: &Product<T>) -> usize {
        let columns = match product.b {
            Source::Panels { .. } => 0,
            Source::Grid(_) if self.is_direct && product.columns % self.tile.lanes == 0 => 0,
            Source::Grid(_) if self.is_direct => self.tile.columns,
            Source::Grid(_) => self.columns,
        };
        self.turned() + columns * self.depth
    }

    /// The same with blocks small enough for `room` elements.
    fn within(mut self, product: &Product<T>, room: usize) -> Self {
        if self.scratch(product) > room {
            self.columns = self.columns.min(2 * self.tile.columns).next_multiple_of(self.tile.columns);
            self.depth = self.depth.min(room / (self.columns + self.turned_rows)).max(1);
        }
        self
    }
}

impl<T: Element> Product<T> {
    /// `out -= a * b` for matrices that lie apart, perhaps in the same memory.
    pub(crate) fn subtracted(
        [rows, columns, depth]: [usize; 3],
        a: Grid<T>,
        b: Grid<T>,
        out: *mut T,
        out_row: usize,
    ) -> Self {
        Self {
            rows,
            columns,
            depth,
            a,
            b: Source::Grid(b),
            bias: ptr::null(),
            finish: Finish::Nothing,
            out,
            out_row,
            is_accumulated: true,
            is_subtracted: true,
            may_be_vector: true,
        }
    }

    /// # Safety
    /// Both sides and the bias can be read, the output is written by nobody else.
    pub(crate) unsafe fn run(mut self, kernels: &Kernels, threads: usize) {
        if self.rows == 0 || self.columns == 0 {
            return;
        }
        if self.columns == 1 {
            if let Source::Grid(b) = &mut self.b {
                b.column = 1;
            }
        }
        // Pieces of a larger product add their terms as the whole does.
        self.may_be_vector &= self.rows == 1 || self.columns == 1 || self.are_dots().is_some();
        if self.rows == 1 {
            self.a.row = 1;
            self.out_row = self.columns;
        }
        // SAFETY: this machine can run the kernel.
        let tile = unsafe { (kernels.of::<T>().tile)() };
        let (threads, by_columns) = self.threads(tile, threads);
        if threads == 1 {
            // SAFETY: the caller's promise.
            return unsafe { self.share(kernels, tile) };
        }
        if by_columns && self.may_share_panels(tile) {
            // SAFETY: the caller's promise.
            return unsafe { self.in_shared_panels(kernels, tile, threads) };
        }
        let granule = match (by_columns, self.b) {
            (true, Source::Grid(_)) if self.plan(tile).is_direct => tile.lanes,
            (true, _) => tile.columns,
            (false, _) => tile.rows,
        };
        let end = if by_columns { self.columns } else { self.rows };
        let pieces = Pieces::new(end, granule, threads);
        let piece = |begin, end| {
            // SAFETY: borders are at most the number of columns or rows, and granules of packed columns are panels.
            unsafe { if by_columns { self.columns_from(begin, end, tile) } else { self.rows_from(begin, end) } }
        };
        // Pieces are read where they lie that are laid into panels as a whole; the last one may then want a panel alone.
        let outermost = [piece(0, pieces.first()), piece((end - 1) / granule * granule, end)];
        let each = outermost.map(|share| share.plan(tile).scratch(&share)).into_iter().fold(0, usize::max);
        with_stretches(threads, each, |room| {
            threads::each(room.threads, |thread| {
                while let Some((begin, end)) = pieces.next() {
                    let share = piece(begin, end);
                    let plan = share.plan(tile).within(&share, room.each);
                    // SAFETY: the caller's promise; pieces and stretches of the room lie apart.
                    unsafe { share.blocks(kernels, plan, room.stretch(thread)) };
                }
            });
        });
    }

    /// Whether threads lay the right side into panels together, so that each needs its rows of the left side alone.
    fn may_share_panels(&self, tile: Tile<T>) -> bool {
        let is_packed_here = matches!(self.b, Source::Grid(_)) && !self.plan(tile).is_direct;
        tile.band_rows > 0 && is_packed_here && self.are_dots().is_none() && self.rows >= 2 * tile.band_rows
    }

    /// Lay the right side into panels on all threads, then compute shares of the rows, as many columns at a time as have
    /// room near.
    ///
    /// # Safety
    /// As [`Product::run`].
    unsafe fn in_shared_panels(&self, kernels: &Kernels, tile: Tile<T>, threads: usize) {
        let width = tile.columns;
        let stride = self.depth * width;
        let most = (SHARED_BYTES / size_of::<T>() / stride.max(1)).max(4) * width;
        for j in (0..self.columns).step_by(most) {
            // SAFETY: panels are cut at their borders.
            let part = unsafe { self.columns_from(j, self.columns.min(j + most), tile) };
            let panels = part.columns.div_ceil(width) * stride;
            let rows = Pieces::new(part.rows, 4 * tile.rows, threads);
            let packed = |start: *const T| Self { b: Source::Panels { start, stride }, ..part };
            // SAFETY: the first piece is not longer than the whole.
            let largest = unsafe { packed(ptr::null()).rows_from(0, rows.first()) };
            let each = largest.plan(tile).scratch(&largest);
            with_shared(panels, threads, each, |shared: Stretches<T>, room| {
                if shared.each < panels {
                    // SAFETY: the caller's promise.
                    return unsafe { part.share(kernels, tile) };
                }
                let columns = Pieces::new(part.columns, width, threads);
                threads::each(threads, |_| {
                    while let Some((begin, end)) = columns.next() {
                        // SAFETY: the caller's promise; pieces are whole panels, for which there is room.
                        unsafe { part.lay_panels(kernels, [begin, end], width, shared.stretch(0)) };
                    }
                });
                let part = packed(shared.stretch(0));
                threads::each(room.threads, |thread| {
                    while let Some((begin, end)) = rows.next() {
                        // SAFETY: the caller's promise; pieces and stretches of the room lie apart.
                        unsafe {
                            let share = part.rows_from(begin, end);
                            let plan = share.plan(tile).within(&share, room.each);
                            share.blocks(kernels, plan, room.stretch(thread));
                        }
                    }
                });
            });
        }
    }

    /// Lay columns `begin..end` of the right side into panels over all rows; `panels` is where those of column 0 are.
    ///
    /// # Safety
    /// As [`Product::run`]; `begin` is where a panel begins, and there is room.
    unsafe fn lay_panels(&self, kernels: &Kernels, [begin, end]: [usize; 2], width: usize, panels: *mut T) {
        let Source::Grid(b) = self.b else { return };
        let (rows, columns, stride) = (self.depth, end - begin, self.depth * width);
        // SAFETY: the caller's promise.
        unsafe {
            let from = Grid { start: b.start.add(begin * b.column), ..b };
            let out = panels.add(begin / width * stride);
            (kernels.of::<T>().pack)(&Panels { from, rows, columns, width, stride, out });
        }
    }

    /// How many threads repay their start, and whether they share columns or rows.
    fn threads(&self, tile: Tile<T>, threads: usize) -> (usize, bool) {
        let terms = self.rows.saturating_mul(self.columns).saturating_mul(self.depth);
        // Rows need not be packed again by each thread, so columns are shared where the right side is packed.
        let is_packed_here = matches!(self.b, Source::Grid(_)) && !self.plan(tile).is_direct;
        let by_columns = if self.are_dots().is_some() {
            true
        } else if is_packed_here {
            self.columns >= 2 * tile.columns
        } else {
            self.columns > self.rows
        };
        let units = if by_columns { self.columns / tile.columns } else { self.rows / tile.rows };
        (threads::allowed(threads).min(units).min(terms / TERMS_PER_THREAD).max(1), by_columns)
    }

    /// # Safety
    /// As [`Product::run`].
    unsafe fn share(&self, kernels: &Kernels, tile: Tile<T>) {
        let plan = self.plan(tile);
        match plan.scratch(self) {
            // SAFETY: the caller's promise; nothing is laid into the room.
            0 => unsafe { self.blocks(kernels, plan, ptr::null_mut()) },
            wanted => with_scratch(wanted, |room, elements| {
                // SAFETY: the caller's promise; the room has what the plan needs.
                unsafe { self.blocks(kernels, plan.within(self, elements), room) };
            }),
        }
    }

    /// # Safety
    /// `begin <= end <= rows`.
    unsafe fn rows_from(mut self, begin: usize, end: usize) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            self.a.start = self.a.start.add(begin * self.a.row);
            if let Finish::Distances { rows, .. } = &mut self.finish {
                *rows = rows.add(begin);
            }
            self.out = self.out.add(begin * self.out_row);
        }
        self.rows = end - begin;
        self
    }

    /// # Safety
    /// `begin <= end <= columns`, and panels are cut at their borders.
    unsafe fn columns_from(mut self, begin: usize, end: usize, tile: Tile<T>) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            match &mut self.b {
                Source::Grid(b) => b.start = b.start.add(begin * b.column),
                Source::Panels { start, stride } => *start = start.add(begin / tile.columns * *stride),
            }
            if !self.bias.is_null() {
                self.bias = self.bias.add(begin);
            }
            if let Finish::Distances { columns, .. } = &mut self.finish {
                *columns = columns.add(begin);
            }
            self.out = self.out.add(begin);
        }
        self.columns = end - begin;
        self
    }

    fn plan(&self, tile: Tile<T>) -> Plan<T> {
        let size = size_of::<T>();
        let is_small = self.depth.saturating_mul(self.columns * size) <= tile.direct_bytes || self.rows <= DIRECT_ROWS;
        let is_direct = matches!(self.b, Source::Grid(b) if b.column == 1) && is_small;
        let is_banded = tile.band_rows > 0 && self.a.column == 1 && !is_direct && self.columns >= BANDED_COLUMNS;
        let turned_rows = match self.a.column {
            _ if is_banded => tile.band_rows,
            1 => 0,
            _ => 64 / size,
        };
        let depth = depth_of_blocks(self.depth, tile);
        let columns = match self.b {
            _ if !is_direct => {
                let most = (BLOCK_BYTES / size / depth).max(tile.columns);
                self.columns.div_ceil(self.columns.div_ceil(most)).next_multiple_of(tile.columns)
            }
            _ => self.columns,
        };
        Plan { tile, is_direct, turned_rows, is_banded, depth, columns }
    }

    /// Compute a share block by block.
    ///
    /// # Safety
    /// As [`Product::run`]; `room` has what the plan needs.
    unsafe fn blocks(&self, kernels: &Kernels, plan: Plan<T>, room: *mut T) {
        // SAFETY: `j` and `k` are below the numbers of columns and terms.
        unsafe {
            if self.is_accumulated && !self.bias.is_null() {
                self.add_bias(kernels);
            }
            if self.vector(kernels) {
                return;
            }
            for j in (0..self.columns).step_by(plan.columns) {
                let columns = plan.columns.min(self.columns - j);
                let mut k = 0;
                loop {
                    let depth = plan.depth.min(self.depth - k);
                    self.deep_block(kernels, &plan, room, [j, columns, k, depth]);
                    k += depth;
                    if k == self.depth {
                        break;
                    }
                }
            }
        }
    }

    /// Add `depth` terms from term `k` on to `columns` columns from column `j` on.
    ///
    /// # Safety
    /// As [`Product::blocks`].
    unsafe fn deep_block(&self, kernels: &Kernels, plan: &Plan<T>, room: *mut T, [j, columns, k, depth]: [usize; 4]) {
        // SAFETY: the caller's promise; `room` holds the turned left block, then panels.
        unsafe {
            let table = kernels.of::<T>();
            let panels = room.wrapping_add(plan.turned());
            let sides = self.sides(kernels, plan, panels, [j, columns, k, depth]);
            let (is_first, is_last) = (k == 0, k + depth == self.depth);
            let is_relu = is_last && matches!(self.finish, Finish::Activation(Unary::Relu));
            let (from, from_row) = if is_first { self.before() } else { (self.out.cast_const(), self.out_row) };
            let step = match plan.turned_rows {
                0 if is_last && !is_relu && !matches!(self.finish, Finish::Nothing) => FINISHED_ROWS,
                0 => self.rows,
                turned => turned,
            };
            for i in (0..self.rows).step_by(step) {
                let rows = step.min(self.rows - i);
                let (a, bands) = self.left(kernels, plan, room, [i, rows, k, depth]);
                for side in sides.iter().filter(|side| side.columns > 0) {
                    let from = if from.is_null() { from } else { from.add(i * from_row + side.first) };
                    (table.multiply)(&Block {
                        rows,
                        columns: side.columns,
                        depth,
                        a,
                        bands,
                        b: side.start,
                        b_row: side.row,
                        layout: side.layout,
                        from,
                        from_row,
                        out: self.out.add(i * self.out_row + side.first),
                        out_row: self.out_row,
                        is_subtracted: self.is_subtracted,
                        is_relu,
                    });
                }
                if is_last && !is_relu {
                    self.complete(kernels, [i, rows, j, columns]);
                }
            }
        }
    }

    /// The block of the right side: panels, or rows where they lie and a panel of what does not fill a register.
    ///
    /// # Safety
    /// As [`Product::blocks`].
    unsafe fn sides(
        &self,
        kernels: &Kernels,
        plan: &Plan<T>,
        panels: *mut T,
        [j, columns, k, depth]: [usize; 4],
    ) -> [Side<T>; 2] {
        // SAFETY: the caller's promise.
        unsafe {
            let width = plan.tile.columns;
            let none = Side { first: j, columns: 0, start: panels, row: width, layout: Layout::Rows };
            let b = match self.b {
                Source::Panels { start, stride } => {
                    let start = start.add(j / width * stride + k * width);
                    return [Side { columns, start, layout: Layout::Panels(stride), ..none }, none];
                }
                Source::Grid(b) => b,
            };
            let start = b.start.add(k * b.row + j * b.column);
            let whole = if plan.is_direct { columns - columns % plan.tile.lanes } else { 0 };
            if whole < columns {
                (kernels.of::<T>().pack)(&Panels {
                    from: Grid { start: start.add(whole * b.column), ..b },
                    rows: depth,
                    columns: columns - whole,
                    width,
                    stride: depth * width,
                    out: panels,
                });
            }
            let packed =
                Side { first: j + whole, columns: columns - whole, layout: Layout::Panels(depth * width), ..none };
            [Side { columns: whole, start, row: b.row, ..none }, packed]
        }
    }

    /// The block of the left side: where it lies, or turned so that the rows of a tile stand beside each other; and the
    /// distance of its bands, 0 where it has none.
    ///
    /// # Safety
    /// As [`Product::blocks`].
    unsafe fn left(
        &self,
        kernels: &Kernels,
        plan: &Plan<T>,
        room: *mut T,
        [i, rows, k, depth]: [usize; 4],
    ) -> (Grid<T>, usize) {
        // SAFETY: the caller's promise.
        unsafe {
            let from = Grid { start: self.a.start.add(i * self.a.row + k * self.a.column), ..self.a };
            if plan.turned_rows == 0 {
                return (from, 0);
            }
            let width = if plan.is_banded { plan.tile.rows } else { plan.turned_rows };
            let transposed = Grid { start: from.start, row: from.column, column: from.row };
            let stride = depth * width;
            (kernels.of::<T>().pack)(&Panels {
                from: transposed,
                rows: depth,
                columns: rows,
                width,
                stride,
                out: room,
            });
            (Grid { start: room, row: 1, column: width }, if plan.is_banded { stride } else { 0 })
        }
    }

    /// Products that are a vector: each element of the matrix is used once, so nothing is laid out anew.
    ///
    /// # Safety
    /// As [`Product::blocks`].
    unsafe fn vector(&self, kernels: &Kernels) -> bool {
        let Source::Grid(b) = self.b else { return false };
        if !self.may_be_vector {
            return false;
        }
        let table = kernels.of::<T>();
        let is_stored = !self.is_accumulated && self.bias.is_null();
        let is_column = self.columns == 1 && self.out_row == 1;
        // SAFETY: the caller's promise.
        unsafe {
            if is_column && is_stored && self.a.column == 1 && b.row == 1 {
                (table.rows_dot)(self.a.start, self.a.row, self.rows, self.depth, b.start, self.out);
            } else if self.rows == 1 && is_stored && b.row == 1 && self.a.column == 1 {
                (table.rows_dot)(b.start, b.column, self.columns, self.depth, self.a.start, self.out);
            } else if self.rows == 1 && b.column == 1 && !self.is_subtracted {
                self.begin();
                let factors = self.a;
                (table.add_rows)(b.start, b.row, self.depth, self.columns, factors.start, factors.column, self.out);
            } else if is_column && self.a.row == 1 && self.bias.is_null() && !self.is_subtracted {
                self.begin();
                (table.add_rows)(self.a.start, self.a.column, self.depth, self.rows, b.start, b.row, self.out);
            } else if let Some(b) = self.are_dots() {
                let (from, from_row) = self.before();
                (table.dots)(&Block {
                    rows: self.rows,
                    columns: self.columns,
                    depth: self.depth,
                    a: self.a,
                    bands: 0,
                    b: b.start,
                    b_row: b.column,
                    layout: Layout::Rows,
                    from,
                    from_row,
                    out: self.out,
                    out_row: self.out_row,
                    is_subtracted: self.is_subtracted,
                    is_relu: false,
                });
            } else {
                return false;
            }
            self.complete(kernels, [0, self.rows, 0, self.columns]);
        }
        true
    }

    /// The right side, where few rows are to be multiplied with contiguous columns.
    fn are_dots(&self) -> Option<Grid<T>> {
        match self.b {
            Source::Grid(b) if self.may_be_vector && b.row == 1 && self.a.column == 1 && self.rows <= DOT_ROWS => {
                Some(b)
            }
            _ => None,
        }
    }

    /// What the first terms are added to, and the distance of its rows.
    fn before(&self) -> (*const T, usize) {
        if self.is_accumulated { (self.out.cast_const(), self.out_row) } else { (self.bias, 0) }
    }

    /// What stands in the output before terms are added: the bias, zeros, or what is there.
    ///
    /// # Safety
    /// As [`Product::blocks`]; the output is contiguous.
    unsafe fn begin(&self) {
        if self.is_accumulated {
            return;
        }
        // SAFETY: the caller's promise.
        unsafe {
            if self.bias.is_null() {
                self.out.write_bytes(0, self.rows * self.columns);
            } else {
                self.out.copy_from_nonoverlapping(self.bias, self.columns);
            }
        }
    }

    /// # Safety
    /// As [`Product::run`].
    unsafe fn add_bias(&self, kernels: &Kernels) {
        for i in 0..self.rows {
            // SAFETY: the caller's promise.
            unsafe {
                let out = self.out.add(i * self.out_row);
                (kernels.of::<T>().add)(out, 1, self.bias, 1, out, self.columns);
            }
        }
    }

    /// Finish `rows` rows from row `i` on, `columns` columns from column `j` on.
    ///
    /// # Safety
    /// As [`Product::run`].
    unsafe fn complete(&self, kernels: &Kernels, [i, rows, j, columns]: [usize; 4]) {
        // SAFETY: the caller's promise; rows that follow each other closely are one slice.
        unsafe {
            match self.finish {
                Finish::Nothing => {}
                Finish::Activation(activation) => {
                    let is_contiguous = columns == self.out_row;
                    let (count, length) = if is_contiguous { (1, rows * columns) } else { (rows, columns) };
                    for row in i..i + count {
                        let out = slice::from_raw_parts_mut(self.out.add(row * self.out_row + j), length);
                        let outcome = kernels.map(activation, Operand::Out, out);
                        debug_assert!(outcome.is_ok(), "an operation in place has no lengths that differ");
                    }
                }
                Finish::Distances { rows: lengths, columns: others } => {
                    for row in i..i + rows {
                        let out = self.out.add(row * self.out_row + j);
                        (kernels.of::<T>().to_distances)(*lengths.add(row), others.add(j), out, columns);
                    }
                }
            }
        }
    }
}

/// Terms that are added before their sum is added to the output: blocks of about the same depth, at most [`DEPTH`] and
/// what the tile allows.
pub(crate) fn depth_of_blocks<T>(depth: usize, tile: Tile<T>) -> usize {
    let most = DEPTH.min(tile.depth);
    depth.div_ceil(depth.div_ceil(most).max(1)).max(1)
}

/// A block of the right side as [`Block`] wants it.
#[derive(Clone, Copy)]
struct Side<T> {
    first: usize,
    columns: usize,
    start: *const T,
    row: usize,
    layout: Layout,
}
