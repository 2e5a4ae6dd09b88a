//! Family 13, imputing: what is missing is filled in.
//!
//! `fill` (d,): what stands for NaN in each feature; a feature whose fill is NaN is left out. Optional `indicator` (j,)
//! int32: features for which a column follows that is 1 where they were missing, else 0.

use crate::{
    Family, Floats, Head, InferenceError, Integers, Number, ParseError, Scope, Tensors, Wanted, model::product,
};

/// What stands for missing numbers.
#[derive(Debug, Clone, Copy)]
pub struct Imputing<'a> {
    fill: Floats<'a>,
    indicator: Integers<'a>,
}

impl<'a> Family<'a> for Imputing<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        head.require_identity()?;
        let fill = tensors.floats("fill", [1, head.features])?;
        let indicator = match tensors.get("indicator") {
            Some(tensor) => tensor.integers("indicator")?,
            None => Integers::NONE,
        };
        let is_outside = |&feature: &i32| usize::try_from(feature).is_ok_and(|feature| feature < head.features);
        if let Some(place) = indicator.iter().position(|feature| !is_outside(&feature)) {
            return Err(ParseError::WrongValue { array: "indicator", place });
        }
        let kept = fill.iter::<f64>().filter(|fill| !fill.is_nan()).count();
        head.require_outputs(kept.saturating_add(indicator.len()))?;
        Ok(Self { fill, indicator })
    }

    fn operations(&self, head: &Head) -> u64 {
        product(2, head.features.saturating_add(self.indicator.len()))
    }

    fn are_double(&self) -> bool {
        self.fill.are_double()
    }

    fn row<N: Number>(
        &self,
        _head: &Head,
        _wanted: Wanted,
        x: &[N],
        out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        let mut places = out.iter_mut();
        let kept = x.iter().zip(self.fill.iter::<N>()).filter(|(_, fill)| !fill.is_nan());
        for ((&x, fill), out) in kept.zip(&mut places) {
            *out = if x.is_nan() { fill } else { x };
        }
        for (feature, out) in self.indicator.iter().zip(places) {
            let is_missing = x.get(feature as usize).is_some_and(|x| x.is_nan());
            *out = if is_missing { N::ONE } else { N::ZERO };
        }
        Ok(())
    }
}
