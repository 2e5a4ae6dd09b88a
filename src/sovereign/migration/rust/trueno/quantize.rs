//! Eight-bit whole numbers for `f32`, and their products.

use crate::{Error, Kernels, error::require_equal};

/// Elements whose products fit into 32 bits however large they are.
const BLOCK: usize = 65_536;

impl Kernels {
    /// Lay the nearest whole number to `x / scale`, ties to even, plus `zero_point`, into `out`, held in -128..=127.
    ///
    /// NaN becomes `zero_point`, which stands for 0.
    pub fn quantize(&self, x: &[f32], scale: f32, zero_point: i32, out: &mut [i8]) -> Result<(), Error> {
        require_equal(x.len(), out.len())?;
        require_scale(scale)?;
        require_zero_point(zero_point)?;
        // SAFETY: this machine can run the kernel; lengths are equal.
        unsafe { (self.bytes.quantize)(x.as_ptr(), scale, zero_point as f32, out.as_mut_ptr(), x.len()) };
        Ok(())
    }

    /// Lay `(x - zero_point) * scale` into `out`.
    pub fn dequantize(&self, x: &[i8], scale: f32, zero_point: i32, out: &mut [f32]) -> Result<(), Error> {
        require_equal(x.len(), out.len())?;
        require_scale(scale)?;
        require_zero_point(zero_point)?;
        // SAFETY: this machine can run the kernel; lengths are equal.
        unsafe { (self.bytes.dequantize)(x.as_ptr(), scale, zero_point as f32, out.as_mut_ptr(), x.len()) };
        Ok(())
    }

    /// The sum of the products `a[i] * b[i]`, exact; an error where it does not fit.
    pub fn dot_i8(&self, a: &[i8], b: &[i8]) -> Result<i32, Error> {
        require_equal(a.len(), b.len())?;
        let blocks = a.chunks(BLOCK).zip(b.chunks(BLOCK));
        // SAFETY: this machine can run the kernel; blocks of equal vectors have equal lengths.
        let sum: i64 =
            blocks.map(|(a, b)| i64::from(unsafe { (self.bytes.dot_i8)(a.as_ptr(), b.as_ptr(), a.len()) })).sum();
        i32::try_from(sum).map_err(|_| Error::SumOutside(sum))
    }
}

fn require_scale(scale: f32) -> Result<(), Error> {
    if scale > 0.0 && scale.is_finite() { Ok(()) } else { Err(Error::ScaleNotPositive(scale)) }
}

fn require_zero_point(zero_point: i32) -> Result<(), Error> {
    if i8::try_from(zero_point).is_ok() { Ok(()) } else { Err(Error::ZeroPointOutside(zero_point)) }
}
