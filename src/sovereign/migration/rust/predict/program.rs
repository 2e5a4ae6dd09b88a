//! A model inside of a program that was translated: its bytes are part of the program, its rows are of double precision.
//!
//! With the feature `alloc` rows go through the kernels, as they do in Python, so that the same machine gives the same
//! bits; without it row by row, which for families that only compare, count and scale are the same bits as well.

use alloc::vec;
#[cfg(not(feature = "alloc"))]
use alloc::vec::Vec;

#[cfg(feature = "alloc")]
use crate::{Batch, Real, Rows};
use crate::{InferenceError, ModelView, Number, Wanted};

/// Compute in numbers of type `N`.
#[cfg(feature = "alloc")]
pub struct InProgram<N> {
    batch: Batch<'static, N>,
    features: usize,
}

#[cfg(feature = "alloc")]
impl<N: Real> InProgram<N> {
    /// The model of an image that was verified when the program was made.
    pub fn of(image: &'static [u8]) -> Option<Self> {
        let view = ModelView::from_verified_bytes(image).ok()?;
        Some(Self { batch: Batch::of(&view).ok()?, features: view.head().features })
    }

    fn numbers(&self, wanted: Wanted, rows: &[N], out: &mut [N]) -> Result<(), InferenceError> {
        self.batch.run(wanted, self.rows(rows)?, out, 1)
    }

    fn labels(&self, rows: &[N], out: &mut [i32]) -> Result<(), InferenceError> {
        self.batch.labels(self.rows(rows)?, out, 1)
    }

    fn rows<'a>(&self, rows: &'a [N]) -> Result<Rows<'a, N>, InferenceError> {
        let count = rows.len().checked_div(self.features).unwrap_or(0);
        Rows::new(rows, count, self.features, self.features).ok_or(InferenceError::ModelCorrupted)
    }
}

/// Compute in numbers of type `N`.
#[cfg(not(feature = "alloc"))]
pub struct InProgram<N> {
    view: ModelView<'static>,
    numbers: core::marker::PhantomData<N>,
}

#[cfg(not(feature = "alloc"))]
impl<N: Number> InProgram<N> {
    /// The model of an image that was verified when the program was made.
    pub fn of(image: &'static [u8]) -> Option<Self> {
        Some(Self { view: ModelView::from_verified_bytes(image).ok()?, numbers: core::marker::PhantomData })
    }

    fn numbers(&self, wanted: Wanted, rows: &[N], out: &mut [N]) -> Result<(), InferenceError> {
        let mut scratch = vec![N::ZERO; self.view.scratch_len()];
        let columns = self.view.columns(wanted).max(1);
        for (row, out) in rows.chunks_exact(self.view.head().features.max(1)).zip(out.chunks_exact_mut(columns)) {
            self.view.row(wanted, row, out, &mut scratch)?;
        }
        Ok(())
    }

    fn labels(&self, rows: &[N], out: &mut [i32]) -> Result<(), InferenceError> {
        let wanted = self.view.choice().wanted().ok_or(InferenceError::NoClasses)?;
        let columns = self.view.columns(wanted).max(1);
        let mut scores: Vec<N> = vec![N::ZERO; out.len() * columns];
        self.numbers(wanted, rows, &mut scores)?;
        let each = scores.chunks_exact(columns);
        out.iter_mut().zip(each).for_each(|(label, row)| *label = self.view.choice().of(row));
        Ok(())
    }
}

impl<N: Number + InProgramNumber> InProgram<N> {
    /// Fill `out` with the answers for rows that lie one behind the other; false where the model cannot.
    ///
    /// 0 asks for values, 1 for scores, anything else for the index of the class or group of each row.
    pub fn answer(&self, asked: u8, rows: &[f64], out: &mut [f64]) -> bool {
        let rows = N::of_doubles(rows);
        match asked {
            2.. => {
                let mut labels = vec![0; out.len()];
                let outcome = self.labels(&rows, &mut labels);
                out.iter_mut().zip(labels).for_each(|(out, label)| *out = f64::from(label));
                outcome.is_ok()
            }
            0 | 1 => {
                let wanted = if asked == 0 { Wanted::Values } else { Wanted::Scores };
                let mut found = vec![<N as Number>::ZERO; out.len()];
                let outcome = self.numbers(wanted, &rows, &mut found);
                out.iter_mut().zip(found).for_each(|(out, x)| *out = x.double());
                outcome.is_ok()
            }
        }
    }
}

/// A number that a program computes with.
#[cfg(feature = "alloc")]
pub trait InProgramNumber: Real {
    /// The numbers in this type.
    fn of_doubles(rows: &[f64]) -> alloc::vec::Vec<Self>;
}

/// A number that a program computes with.
#[cfg(not(feature = "alloc"))]
pub trait InProgramNumber: Number {
    /// The numbers in this type.
    fn of_doubles(rows: &[f64]) -> Vec<Self>;
}

impl InProgramNumber for f32 {
    fn of_doubles(rows: &[f64]) -> alloc::vec::Vec<Self> {
        rows.iter().map(|&x| x as Self).collect()
    }
}

impl InProgramNumber for f64 {
    fn of_doubles(rows: &[f64]) -> alloc::vec::Vec<Self> {
        rows.to_vec()
    }
}
