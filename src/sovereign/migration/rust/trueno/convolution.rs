//! Convolutions of images with two dimensions, as products of matrices.
//!
//! Images and weights are contiguous: images by number, channel, row, column; weights by output channel, input channel
//! of the group, row, column. The product's left side are the weights, a row for each output channel; its right side
//! has a column for each pixel of the output, made only for as many pixels as fit into the second cache. As everywhere
//! in neural networks the weights are not turned around, which mathematics calls a correlation.

use core::ptr;

use crate::{
    Element, Error, Kernels,
    generic::matmul::{Block, Grid, Layout},
    matrix::require_shape,
    product,
    scratch::with_stretches,
    threads::{self, Pieces},
};

/// Bytes of the pixels that are laid out at a time.
const PIXEL_BYTES: usize = 256 << 10;

/// How weights move over an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Convolution {
    /// Pixels from one place of the weights to the next, down and to the right.
    pub stride: [usize; 2],
    /// Zeros around the image, above and below, left and right.
    pub padding: [usize; 2],
    /// Groups of channels that do not see each other.
    pub groups: usize,
}

impl Default for Convolution {
    fn default() -> Self {
        Self { stride: [1, 1], padding: [0, 0], groups: 1 }
    }
}

impl Convolution {
    /// The shape of the output for images and weights of these shapes.
    pub fn output(&self, images: [usize; 4], weights: [usize; 4]) -> Result<[usize; 4], Error> {
        let [count, channels, ..] = images;
        let [out_channels, group_channels, ..] = weights;
        if self.groups == 0 || group_channels.checked_mul(self.groups) != Some(channels) {
            return Err(Error::Convolution("channels of the images must be those of the weights times the groups"));
        }
        if out_channels % self.groups != 0 {
            return Err(Error::Convolution("output channels must be a multiple of the groups"));
        }
        let mut sides = [0; 2];
        for (axis, side) in sides.iter_mut().enumerate() {
            let padded = self.padding[axis].checked_mul(2).and_then(|padding| padding.checked_add(images[2 + axis]));
            let padded = padded.ok_or(Error::Convolution("the padding is too large"))?;
            if self.stride[axis] == 0 || weights[2 + axis] == 0 {
                return Err(Error::Convolution("strides and sides of the weights must be at least 1"));
            }
            let places = padded.checked_sub(weights[2 + axis]);
            *side = places.ok_or(Error::Convolution("the weights are larger than the padded image"))?
                / self.stride[axis]
                + 1;
        }
        Ok([count, out_channels, sides[0], sides[1]])
    }
}

/// A convolution whose shapes and pointers were checked.
#[derive(Clone, Copy)]
struct Task<'a, T> {
    images: &'a [T],
    image_shape: [usize; 4],
    weights: &'a [T],
    weight_shape: [usize; 4],
    bias: Option<&'a [T]>,
    convolution: Convolution,
    out: *mut T,
    out_shape: [usize; 4],
    /// Pixels that are laid out at a time, and terms.
    pixels: usize,
    depth: usize,
    /// Pixels of a panel.
    width: usize,
}

// SAFETY: threads write pixels that lie apart, and read what is borrowed.
unsafe impl<T: Sync> Sync for Task<'_, T> {}

impl Kernels {
    /// Lay the convolution of images `(count, channels, height, width)` with weights `(output channels, channels of a
    /// group, height, width)` into `out`, whose shape [`Convolution::output`] tells; `bias` is added by output channel.
    #[allow(clippy::too_many_arguments)]
    pub fn conv2d<T: Element>(
        &self,
        images: &[T],
        image_shape: [usize; 4],
        weights: &[T],
        weight_shape: [usize; 4],
        bias: Option<&[T]>,
        convolution: Convolution,
        out: &mut [T],
        threads: usize,
    ) -> Result<(), Error> {
        let out_shape = convolution.output(image_shape, weight_shape)?;
        require_elements(images.len(), image_shape)?;
        require_elements(weights.len(), weight_shape)?;
        require_elements(out.len(), out_shape)?;
        if let Some(bias) = bias {
            require_shape([1, bias.len()], [1, out_shape[1]])?;
        }
        if out.is_empty() {
            return Ok(());
        }
        // SAFETY: this machine can run the kernel.
        let tile = unsafe { (self.of::<T>().tile)() };
        let depth = product::depth_of_blocks(weight_shape[1..].iter().product(), tile);
        let most = (PIXEL_BYTES / size_of::<T>() / depth).max(1).next_multiple_of(tile.columns);
        let pixels = most.min((out_shape[2] * out_shape[3]).next_multiple_of(tile.columns));
        let out = out.as_mut_ptr();
        let width = tile.columns;
        let task = Task {
            images,
            image_shape,
            weights,
            weight_shape,
            bias,
            convolution,
            out,
            out_shape,
            pixels,
            depth,
            width,
        };
        let terms = out_shape.iter().product::<usize>().saturating_mul(weight_shape[1..].iter().product());
        let threads = threads::allowed(threads).min(terms / product::TERMS_PER_THREAD).max(1);
        with_stretches(threads, pixels * depth, |room| {
            let task = task.within(room.each);
            let pieces = Pieces::new(task.units(), 1, threads);
            threads::each(room.threads, |thread| {
                while let Some((begin, end)) = pieces.next() {
                    for unit in begin..end {
                        // SAFETY: shapes were checked; units and stretches of the room lie apart.
                        unsafe { task.unit(self, unit, room.stretch(thread)) };
                    }
                }
            });
        });
        Ok(())
    }
}

impl<T: Element> Task<'_, T> {
    /// The same with blocks that fit into `room` elements.
    fn within(mut self, room: usize) -> Self {
        if self.pixels * self.depth > room {
            self.pixels = self.width;
            self.depth = self.depth.min(room / self.width).max(1);
        }
        self
    }

    /// Pixels of an image of the output.
    fn area(&self) -> usize {
        self.out_shape[2] * self.out_shape[3]
    }

    /// Stretches of pixels of all groups of all images.
    fn units(&self) -> usize {
        self.out_shape[0] * self.convolution.groups * self.area().div_ceil(self.pixels)
    }

    /// Compute one stretch of pixels for all output channels of a group.
    ///
    /// # Safety
    /// The room has what `pixels` and `depth` need; nobody else writes these pixels.
    unsafe fn unit(&self, kernels: &Kernels, unit: usize, room: *mut T) {
        let (area, stretches) = (self.area(), self.area().div_ceil(self.pixels));
        let first = unit % stretches * self.pixels;
        let columns = self.pixels.min(area - first);
        let (image, group) = (unit / stretches / self.convolution.groups, unit / stretches % self.convolution.groups);
        let rows = self.out_shape[1] / self.convolution.groups;
        let terms: usize = self.weight_shape[1..].iter().product();
        let mut k = 0;
        // SAFETY: rows, pixels and terms are below their numbers; panels fit into the room.
        unsafe {
            let out = self.out.add((image * self.out_shape[1] + group * rows) * area + first);
            if let Some(bias) = self.bias {
                for (row, &bias) in bias[group * rows..(group + 1) * rows].iter().enumerate() {
                    core::slice::from_raw_parts_mut(out.add(row * area), columns).fill(bias);
                }
            }
            while k == 0 || k < terms {
                let depth = self.depth.min(terms - k);
                for term in 0..depth {
                    self.lay_out(k + term, image, group, [first, columns], room.add(term * self.width), depth);
                }
                (kernels.of::<T>().multiply)(&Block {
                    rows,
                    columns,
                    depth,
                    a: Grid { start: self.weights.as_ptr().add(group * rows * terms + k), row: terms, column: 1 },
                    bands: 0,
                    b: room,
                    b_row: self.width,
                    layout: Layout::Panels(depth * self.width),
                    from: if k == 0 && self.bias.is_none() { ptr::null() } else { out.cast_const() },
                    from_row: area,
                    out,
                    out_row: area,
                    is_subtracted: false,
                    is_relu: false,
                });
                k += self.depth;
            }
        }
    }

    /// Lay what one weight sees in each of the pixels into its row of all panels, zeros where it sees the padding.
    ///
    /// # Safety
    /// As [`Task::unit`]; `row` is that of the first panel.
    unsafe fn lay_out(
        &self,
        term: usize,
        image: usize,
        group: usize,
        [first, columns]: [usize; 2],
        row: *mut T,
        depth: usize,
    ) {
        let [_, channels, height, width] = self.image_shape;
        let [_, group_channels, weight_height, weight_width] = self.weight_shape;
        let (channel, down, right) =
            (term / weight_width / weight_height, term / weight_width % weight_height, term % weight_width);
        let channel = (image * channels + group * group_channels + channel) * height * width;
        let ([stride_down, stride_right], [above, left]) = (self.convolution.stride, self.convolution.padding);
        let out_width = self.out_shape[3];
        let mut pixel = 0;
        while pixel < columns.next_multiple_of(self.width) {
            let (y, x) = ((first + pixel) / out_width, (first + pixel) % out_width);
            // To the end of the output's row or of the panel, whichever comes first.
            let in_panel = self.width - pixel % self.width;
            let run = if pixel < columns { in_panel.min(out_width - x).min(columns - pixel) } else { in_panel };
            // SAFETY: the run lies within its panel.
            let to = unsafe {
                let start = row.add(pixel / self.width * depth * self.width + pixel % self.width);
                core::slice::from_raw_parts_mut(start, run)
            };
            let line = (y * stride_down + down).checked_sub(above).filter(|&line| pixel < columns && line < height);
            match line {
                Some(line) => {
                    let begin = channel + line * width;
                    copy_run(&self.images[begin..begin + width], x * stride_right + right, left, stride_right, to);
                }
                None => to.fill(T::ZERO),
            }
            pixel += run;
        }
    }
}

/// Every `stride`-th element of a line from `from` on, which counts from `left` zeros before the line.
fn copy_run<T: Element>(line: &[T], from: usize, left: usize, stride: usize, to: &mut [T]) {
    let before = left.saturating_sub(from).div_ceil(stride).min(to.len());
    let seen = (line.len() + left).saturating_sub(from).div_ceil(stride).clamp(before, to.len());
    to[..before].fill(T::ZERO);
    to[seen..].fill(T::ZERO);
    if before == seen {
        return;
    }
    let line = &line[from + before * stride - left..];
    if stride == 1 {
        to[before..seen].copy_from_slice(&line[..seen - before]);
    } else {
        for (to, &element) in to[before..seen].iter_mut().zip(line.iter().step_by(stride)) {
            *to = element;
        }
    }
}

/// A tensor of this shape has exactly these elements.
fn require_elements(len: usize, shape: [usize; 4]) -> Result<(), Error> {
    let needed = shape.iter().try_fold(1_usize, |product, &side| product.checked_mul(side));
    match needed {
        Some(needed) if needed == len => Ok(()),
        needed => Err(Error::LengthsDiffer { left: len, right: needed.unwrap_or(usize::MAX) }),
    }
}

#[cfg(test)]
mod tests;
