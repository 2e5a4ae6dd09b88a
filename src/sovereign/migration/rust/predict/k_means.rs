//! Family 5, k_means: the nearest of some centres.
//!
//! `centroids` (k, d). One output is the index of the nearest, NaN where no distance is a number; k outputs are the
//! distances, as scores always are.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

#[cfg(feature = "alloc")]
use crate::batch::{Block, Centred, Numbers, Real, Rows};
use crate::{Family, Floats, Head, InferenceError, Number, ParseError, Scope, Tensors, Wanted, model::product};

/// Centres of clusters.
#[derive(Debug, Clone, Copy)]
pub struct KMeans<'a> {
    centroids: Floats<'a>,
    k: usize,
}

impl<'a> Family<'a> for KMeans<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        head.require_identity()?;
        let tensor = tensors.get("centroids").ok_or(ParseError::Missing { array: "centroids" })?;
        let k = tensor.shape[0];
        let centroids = tensor.floats("centroids", [k, head.features])?;
        if k == 0 || k > i32::MAX as usize {
            return Err(ParseError::WrongShape { array: "centroids", expected: [1, head.features], got: tensor.shape });
        }
        if head.outputs != 1 {
            head.require_outputs(k)?;
        }
        Ok(Self { centroids, k })
    }

    fn columns(&self, head: &Head, wanted: Wanted) -> usize {
        if wanted == Wanted::Scores { self.k } else { head.outputs }
    }

    fn operations(&self, head: &Head) -> u64 {
        product(self.k, head.features.saturating_mul(2).saturating_add(1))
    }

    fn are_double(&self) -> bool {
        self.centroids.are_double()
    }

    fn row<N: Number>(
        &self,
        head: &Head,
        wanted: Wanted,
        x: &[N],
        out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        let square = |i| {
            let centre = self.centroids.row(i, head.features);
            centre.fold_with(x, N::ZERO, |sum, c, x| sum + (x - c) * (x - c))
        };
        if self.columns(head, wanted) == self.k && (self.k > 1 || wanted == Wanted::Scores) {
            out.iter_mut().enumerate().for_each(|(i, out)| *out = square(i).sqrt());
            return Ok(());
        }
        let mut best = (0, square(0));
        for i in 1..self.k {
            let square = square(i);
            if square < best.1 {
                best = (i, square);
            }
        }
        let label = if best.1.is_nan() { N::NAN } else { N::of_double(best.0 as f64) };
        out.iter_mut().for_each(|out| *out = label);
        Ok(())
    }

    #[cfg(feature = "alloc")]
    fn block<T: Real>(&self, head: &Head) -> Result<Box<dyn Block<T> + 'a>, ParseError>
    where
        Self: 'a,
    {
        let centroids = Numbers::of(self.centroids)?;
        let centred = Centred::of(&centroids, [self.k, head.features])?;
        Ok(Box::new(KMeansBlock { centroids, centred, k: self.k, has_labels: head.outputs == 1 }))
    }
}

/// Many rows at a time.
///
/// Labels need no distances: `|x - c|²` is least where `x · c - |c|² / 2` is largest, which a product of matrices gives.
#[cfg(feature = "alloc")]
struct KMeansBlock<'a, T: 'static> {
    centroids: Numbers<'a, T>,
    centred: Centred<T>,
    k: usize,
    has_labels: bool,
}

#[cfg(feature = "alloc")]
impl<T: Real> Block<T> for KMeansBlock<'_, T> {
    fn scratch_len(&self, rows: usize) -> usize {
        rows * self.k
    }

    fn run(&self, wanted: Wanted, x: Rows<'_, T>, out: &mut [T], scratch: &mut [T]) -> Result<(), InferenceError> {
        if wanted == Wanted::Scores || !self.has_labels {
            return self.distances(x, out);
        }
        let products = scratch.get_mut(..x.len() * self.k).ok_or(InferenceError::ModelCorrupted)?;
        self.centred.products(x, products)?;
        for (label, row) in out.iter_mut().zip(products.chunks_exact(self.k)) {
            *label = largest(row);
        }
        Ok(())
    }
}

/// Where the largest number stands first; NaN where one is NaN.
#[cfg(feature = "alloc")]
#[inline]
fn largest<T: Real>(row: &[T]) -> T {
    let (mut best, mut place, mut sum) = (-<T as Number>::INFINITY, 0_u32, <T as Number>::ZERO);
    for (i, &x) in (0_u32..).zip(row) {
        (best, place) = if x > best { (x, i) } else { (best, place) };
        // Only NaN or two infinities make NaN of a sum, and infinite scores are no distances.
        sum += x;
    }
    if Number::is_nan(sum) { <T as Number>::NAN } else { T::of_double(place.into()) }
}

#[cfg(feature = "alloc")]
impl<T: Real> KMeansBlock<'_, T> {
    fn distances(&self, x: Rows<'_, T>, out: &mut [T]) -> Result<(), InferenceError> {
        let (d, wrong) = (x.columns(), |_| InferenceError::ModelCorrupted);
        let centroids = trueno::View::new(&self.centroids[..], self.k, d).map_err(wrong)?;
        // Row by row: the kernel for many rows is less exact where rows are near and far from the origin.
        for (i, out) in out.chunks_exact_mut(self.k).enumerate() {
            let row = trueno::View::new(x.row(i), 1, d).map_err(wrong)?;
            let mut out_view = trueno::ViewMut::new(out, 1, self.k).map_err(wrong)?;
            trueno::kernels().pairwise_l2_squared(row, centroids, &mut out_view, 1).map_err(wrong)?;
            out.iter_mut().for_each(|distance| *distance = distance.sqrt());
        }
        Ok(())
    }
}
