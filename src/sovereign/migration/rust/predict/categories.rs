//! Family 9, categories: each feature is the number of its category, or one column for each category.
//!
//! `categories` (sum,): those of all features one behind the other, each feature's rising, NaN last; `offsets` (d+1,)
//! int32 says where those of a feature begin; `dropped` (d,) int32 names for each feature the category without a
//! column, -1 for none. Place 7: 0 one column per category, 1 the number of the category; 8: 0 an unknown value is an
//! error, 1 it gives zeros, or `unknown` (1,), which is -1 where it is missing. `missing` (1,) stands for the category
//! NaN where numbers are given, NaN where it is missing itself. Categories that are text are not run here.

use crate::{
    Family, Floats, Head, InferenceError, Integers, Number, ParseError, Scope, Tensors, Wanted, model::product,
};

/// Categories of features.
#[derive(Debug, Clone, Copy)]
pub struct Categories<'a> {
    categories: Floats<'a>,
    offsets: Integers<'a>,
    dropped: Option<Integers<'a>>,
    unknown: Option<Floats<'a>>,
    missing: Option<Floats<'a>>,
    has_columns: bool,
    may_be_unknown: bool,
}

impl<'a> Family<'a> for Categories<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        head.require_identity()?;
        if tensors.get("text").is_some() {
            return Err(ParseError::UnsupportedModelType);
        }
        let tensor = tensors.get("categories").ok_or(ParseError::Missing { array: "categories" })?;
        let dropped = tensors.get("dropped").map(|tensor| tensor.integers("dropped")).transpose()?;
        let found = Self {
            categories: tensor.floats("categories", [1, tensor.shape[1]])?,
            offsets: tensors.integers("offsets")?,
            dropped,
            unknown: tensors.optional_floats("unknown", [1, 1])?,
            missing: tensors.optional_floats("missing", [1, 1])?,
            has_columns: head.extra_within(7, 0, 1)? == 0,
            may_be_unknown: head.extra_within(8, 0, 1)? == 1,
        };
        found.offsets.require_borders("offsets", head.features, found.categories.len())?;
        found.require_order(head.features)?;
        head.require_outputs(found.count_columns(head.features)?)?;
        Ok(found)
    }

    fn operations(&self, head: &Head) -> u64 {
        product(40, head.features).saturating_add(head.outputs as u64)
    }

    fn are_double(&self) -> bool {
        self.categories.are_double()
    }

    fn row<N: Number>(
        &self,
        _head: &Head,
        _wanted: Wanted,
        x: &[N],
        out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        let mut rest = out;
        for (feature, &x) in x.iter().enumerate() {
            let (begin, end) = self.borders(feature).ok_or(InferenceError::ModelCorrupted)?;
            let found = self.find(x.double(), begin, end);
            if found.is_none() && !self.may_be_unknown {
                return Err(InferenceError::UnknownCategory { feature });
            }
            let width = if self.has_columns { self.width(feature, end.saturating_sub(begin)) } else { 1 };
            let (columns, behind) = rest.split_at_mut_checked(width).ok_or(InferenceError::ModelCorrupted)?;
            rest = behind;
            if self.has_columns {
                columns.iter_mut().for_each(|column| *column = N::ZERO);
                let place = found.and_then(|found| self.column(feature, found.saturating_sub(begin)));
                if let Some(column) = place.and_then(|place| columns.get_mut(place)) {
                    *column = N::ONE;
                }
            } else {
                let code = self.code(found, begin);
                columns.iter_mut().for_each(|column| *column = code);
            }
        }
        Ok(())
    }
}

impl Categories<'_> {
    /// Where the categories of a feature begin and end.
    fn borders(&self, feature: usize) -> Option<(usize, usize)> {
        Some((self.offsets.count(feature)?, self.offsets.count(feature.checked_add(1)?)?))
    }

    fn require_order(&self, features: usize) -> Result<(), ParseError> {
        for feature in 0..features {
            let (begin, end) = self.borders(feature).unwrap_or((0, 0));
            for place in begin.saturating_add(1)..end {
                let pair = (self.categories.get::<f64>(place.saturating_sub(1)), self.categories.get::<f64>(place));
                // NaN is no earlier than anything, so it may only stand last.
                let are_in_order = matches!(pair, (Some(a), Some(b)) if a < b || (!a.is_nan() && b.is_nan()));
                if !are_in_order {
                    return Err(ParseError::WrongValue { array: "categories", place });
                }
            }
        }
        Ok(())
    }

    fn count_columns(&self, features: usize) -> Result<usize, ParseError> {
        if let Some(dropped) = self.dropped {
            if dropped.len() != features {
                let got = [1, dropped.len()];
                return Err(ParseError::WrongShape { array: "dropped", expected: [1, features], got });
            }
        }
        if !self.has_columns {
            return Ok(features);
        }
        let mut sum = 0_usize;
        for feature in 0..features {
            let (begin, end) = self.borders(feature).unwrap_or((0, 0));
            let count = end.saturating_sub(begin);
            if self.dropped(feature).is_some_and(|dropped| dropped >= count) {
                return Err(ParseError::WrongValue { array: "dropped", place: feature });
            }
            sum = sum.saturating_add(self.width(feature, count));
        }
        Ok(sum)
    }

    fn dropped(&self, feature: usize) -> Option<usize> {
        self.dropped.and_then(|dropped| dropped.count(feature))
    }

    /// Columns of a feature with so many categories.
    fn width(&self, feature: usize, categories: usize) -> usize {
        categories.saturating_sub(usize::from(self.dropped(feature).is_some()))
    }

    /// The column of a category, both counted within the feature.
    fn column(&self, feature: usize, category: usize) -> Option<usize> {
        match self.dropped(feature) {
            Some(dropped) if dropped == category => None,
            Some(dropped) if dropped < category => category.checked_sub(1),
            _ => Some(category),
        }
    }

    /// Where a value stands among the categories of a feature.
    fn find(&self, x: f64, begin: usize, end: usize) -> Option<usize> {
        let (mut low, mut high) = (begin, end);
        while low < high {
            let middle = low.midpoint(high);
            let category = self.categories.get::<f64>(middle)?;
            let is_behind = if x.is_nan() { !category.is_nan() } else { category < x };
            if is_behind {
                low = middle.checked_add(1)?;
            } else {
                high = middle;
            }
        }
        let category = self.categories.get::<f64>(low).filter(|_| low < end)?;
        (category == x || (category.is_nan() && x.is_nan())).then_some(low)
    }

    /// The number of a category, as the model is told to give it.
    fn code<N: Number>(&self, found: Option<usize>, begin: usize) -> N {
        let one = |numbers: Option<Floats<'_>>, otherwise| numbers.and_then(|one| one.get(0)).unwrap_or(otherwise);
        match found {
            None => one(self.unknown, -N::ONE),
            Some(place) if self.categories.get::<f64>(place).is_some_and(f64::is_nan) => one(self.missing, N::NAN),
            Some(place) => N::of_double(place.saturating_sub(begin) as f64),
        }
    }
}
