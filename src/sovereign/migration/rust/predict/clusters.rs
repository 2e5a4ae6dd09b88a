//! Family 15, clusters: labels of the rows that a clusterer was fitted on. It says nothing about other rows.

use crate::{Family, Head, InferenceError, Number, ParseError, Scope, Tensors, Wanted};

/// A clusterer that cannot predict.
#[derive(Debug, Clone, Copy)]
pub struct Clusters;

impl<'a> Family<'a> for Clusters {
    fn read(tensors: &Scope<'a>, _head: &Head) -> Result<Self, ParseError> {
        tensors.get("labels").map(|_| Self).ok_or(ParseError::Missing { array: "labels" })
    }

    fn operations(&self, _head: &Head) -> u64 {
        0
    }

    fn are_double(&self) -> bool {
        false
    }

    fn row<N: Number>(
        &self,
        _head: &Head,
        _wanted: Wanted,
        _x: &[N],
        _out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        Err(InferenceError::NotPredictable)
    }
}
