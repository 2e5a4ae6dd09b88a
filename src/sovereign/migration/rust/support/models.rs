//! Fitted models: rows of features go in, and the arrays come out that Python's `predict` gives.
//!
//! `ModelStep::new` is one estimator with what it takes; its numbers come from a function that the program brings.
//! `Model::new(Vec<ModelStep>)`, `ModelRows` with `row`, `float`, `whole`; `Model::labels`, `values`, `scores`,
//! `single_values`, `single_scores`; `chosen` and `chosen_texts` make classes of labels.

use crate::{float_repr, Exc, Int, Kind, NdArray, NdItem, NdTexts, Str, EXCEPTION, VALUE_ERROR};
use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// `sovereign.errors.SovereignError`.
pub static SOVEREIGN_ERROR: Kind = Kind::within("sovereign.errors", "SovereignError", &EXCEPTION);
/// `sovereign.errors.ShapeError`.
pub static SHAPE_ERROR: Kind =
    Kind { name: "ShapeError", module: "sovereign.errors", base: Some(&SOVEREIGN_ERROR), others: &[&VALUE_ERROR] };
/// `sovereign.errors.ParameterError`.
pub static PARAMETER_ERROR: Kind =
    Kind { name: "ParameterError", module: "sovereign.errors", base: Some(&SOVEREIGN_ERROR), others: &[&VALUE_ERROR] };
/// `sovereign.errors.IntegrityError`.
pub static INTEGRITY_ERROR: Kind =
    Kind { name: "IntegrityError", module: "sovereign.errors", base: Some(&SOVEREIGN_ERROR), others: &[&VALUE_ERROR] };

/// What is asked of a step.
#[derive(Clone, Copy)]
pub enum ModelAsk {
    /// What it predicts.
    Values = 0,
    /// The same before the link.
    Scores = 1,
    /// The number of the class of each row.
    Labels = 2,
}

/// Fills the last with the answers for rows that lie one behind the other; false where the model cannot.
pub type ModelRun = Box<dyn Fn(u8, &[f64], &mut [f64]) -> bool>;

/// An estimator.
pub struct ModelStep {
    /// Its class, for messages.
    pub name: &'static str,
    /// Features of a row.
    pub features: usize,
    /// Columns of what it predicts, and of the scores.
    pub columns: [usize; 2],
    /// Whether rows are rounded to single precision.
    pub is_single: bool,
    /// Whether NaN is a value that is missing.
    pub takes_nan: bool,
    /// Whether no feature may be negative.
    pub is_positive: bool,
    /// What computes.
    pub run: ModelRun,
}

impl ModelStep {
    /// An estimator of this class; `flags` are 1 for single precision, 2 where it takes NaN, 4 for features that are
    /// not negative.
    pub fn new(
        name: &'static str,
        features: usize,
        columns: [usize; 2],
        flags: u8,
        run: impl Fn(u8, &[f64], &mut [f64]) -> bool + 'static,
    ) -> ModelStep {
        let [is_single, takes_nan, is_positive] = [1, 2, 4].map(|flag| flags & flag != 0);
        ModelStep { name, features, columns, is_single, takes_nan, is_positive, run: Box::new(run) }
    }

    /// What Python says of rows that the estimator does not take.
    pub fn check(&self, rows: &[f64], count: usize, columns: usize) -> Result<(), Exc> {
        let name = self.name;
        if count < 1 || columns < 1 {
            let (found, what) = if count < 1 { (count, "sample") } else { (columns, "feature") };
            let text = format!(
                "Found array `X` with {found} {what}(s) (shape=({count}, {columns})) while a minimum of 1 is required by {name}."
            );
            return Err(Exc::new(&SHAPE_ERROR, text));
        }
        let is_refused = |x: &f64| x.is_infinite() || (x.is_nan() && !self.takes_nan);
        if let Some(place) = rows.iter().position(is_refused) {
            let what = if rows[place].is_nan() {
                String::from("NaN")
            } else {
                format!("infinity or a value too large for dtype('float{}')", if self.is_single { 32 } else { 64 })
            };
            let hint =
                if rows[place].is_nan() { ", fill the gaps before or take trees, which accept them" } else { "" };
            let text = format!(
                "Input X contains {what}.\n{name} does not accept it{hint}, the first is at: `X[{}, {}]`",
                place / columns,
                place % columns
            );
            return Err(Exc::new(&PARAMETER_ERROR, text));
        }
        if columns != self.features {
            let text = format!("X has {columns} features, but {name} is expecting {} features as input", self.features);
            return Err(Exc::new(&SHAPE_ERROR, text));
        }
        let least = rows.iter().copied().fold(f64::INFINITY, f64::min);
        if self.is_positive && least < 0.0 {
            let least = if self.is_single {
                crate::single_repr(least as f32)
            } else {
                String::from(float_repr(least).as_str())
            };
            let text = format!("Negative values in data passed to X of {name}, the least is: `{least}`");
            return Err(Exc::new(&PARAMETER_ERROR, text));
        }
        Ok(())
    }
}

/// Rows of features, as they are written down.
#[derive(Default)]
pub struct ModelRows {
    numbers: Vec<f64>,
    /// The same where all are whole numbers: those become single precision without a step between.
    wholes: Vec<i64>,
    has_fractions: bool,
    ends: Vec<usize>,
    is_flat: bool,
}

impl ModelRows {
    /// No rows.
    pub fn new() -> ModelRows {
        ModelRows::default()
    }

    /// The numbers of an array of two axes.
    pub fn of_array<T: NdItem>(array: &NdArray<T>, wide: impl Fn(T) -> f64) -> ModelRows {
        let numbers: Vec<f64> = array.to_vec().into_iter().map(wide).collect();
        let columns = array.shape.sizes[1];
        let ends = (1..=array.shape.sizes[0]).map(|row| row * columns).collect();
        ModelRows { numbers, wholes: Vec::new(), has_fractions: true, ends, is_flat: false }
    }

    /// The row ends here.
    pub fn row(&mut self) {
        self.ends.push(self.numbers.len());
    }

    /// These numbers are in no rows.
    pub fn flat(&mut self) {
        self.is_flat = true;
    }

    /// A feature.
    pub fn float(&mut self, value: f64) {
        self.has_fractions = true;
        self.numbers.push(value);
    }

    /// A feature that is a whole number.
    pub fn whole(&mut self, value: i64) {
        self.wholes.push(value);
        self.numbers.push(value as f64);
    }

    /// A feature that is a whole number of any size.
    pub fn number(&mut self, value: &Int) -> Result<(), Exc> {
        match value.to_i64() {
            Some(small) => self.whole(small),
            None => self.float(value.float()?),
        }
        Ok(())
    }

    /// How many features the rows have, or what Python says of them.
    pub fn width(&self, name: &str) -> Result<usize, Exc> {
        if self.is_flat || self.ends.is_empty() {
            let text = format!(
                "Expected 2D array, got 1D array instead as `X` of {name}. Reshape your data by `.reshape(-1, 1)` for one feature or `.reshape(1, -1)` for one sample: `({},)`",
                self.numbers.len()
            );
            return Err(Exc::new(&SHAPE_ERROR, text));
        }
        let width = self.ends[0];
        if self.ends.iter().enumerate().any(|(row, end)| *end != (row + 1) * width) {
            let text = "the rows of `X` should have the same length, they differ: `setting an array element with a sequence. The requested array has an inhomogeneo`";
            return Err(Exc::new(&SHAPE_ERROR, text));
        }
        Ok(width)
    }

    /// The numbers, in the precision that the first step takes.
    pub fn into_numbers(self, is_single: bool) -> Vec<f64> {
        if !is_single {
            return self.numbers;
        }
        if self.has_fractions {
            return self.numbers.iter().map(|x| f64::from(*x as f32)).collect();
        }
        self.wholes.iter().map(|x| f64::from(*x as f32)).collect()
    }
}

/// A fitted model.
#[derive(Clone)]
pub struct Model(Rc<Vec<ModelStep>>);

impl Model {
    /// Of these steps, each of which takes what the one before gives.
    pub fn new(steps: Vec<ModelStep>) -> Model {
        Model(Rc::new(steps))
    }

    /// What the last step answers, row behind row.
    pub fn answer(&self, ask: ModelAsk, rows: ModelRows) -> Result<(Vec<f64>, usize), Exc> {
        let mut columns = rows.width(self.0[0].name)?;
        let count = rows.ends.len();
        let mut numbers = rows.into_numbers(self.0[0].is_single);
        for (place, step) in self.0.iter().enumerate() {
            if step.is_single && place > 0 {
                numbers.iter_mut().for_each(|x| *x = f64::from(*x as f32));
            }
            step.check(&numbers, count, columns)?;
            let asked = if place + 1 == self.0.len() { ask } else { ModelAsk::Values };
            columns = match asked {
                ModelAsk::Values => step.columns[0],
                ModelAsk::Scores => step.columns[1],
                ModelAsk::Labels => 1,
            };
            let mut out = vec![0.0; count * columns];
            if !(step.run)(asked as u8, &numbers, &mut out) {
                return Err(Exc::new(&SOVEREIGN_ERROR, "the arrays of the model contradict each other"));
            }
            numbers = out;
        }
        Ok((numbers, columns))
    }

    /// The number of the class, or of the group, of each row.
    pub fn labels(&self, rows: ModelRows) -> Result<NdArray<i32>, Exc> {
        let (labels, _) = self.answer(ModelAsk::Labels, rows)?;
        Ok(NdArray::of(labels.into_iter().map(|label| label as i32).collect()))
    }

    /// Predicted numbers, one for each row.
    pub fn column(&self, rows: ModelRows) -> Result<NdArray<f64>, Exc> {
        Ok(NdArray::of(self.answer(ModelAsk::Values, rows)?.0))
    }

    /// Scores, one for each row.
    pub fn score_column(&self, rows: ModelRows) -> Result<NdArray<f64>, Exc> {
        Ok(NdArray::of(self.answer(ModelAsk::Scores, rows)?.0))
    }

    /// Predicted numbers, several for each row.
    pub fn table(&self, rows: ModelRows) -> Result<NdArray<f64>, Exc> {
        let (values, columns) = self.answer(ModelAsk::Values, rows)?;
        let count = values.len() / columns.max(1);
        Ok(NdArray::from_vec(values, &[count, columns]))
    }

    /// Scores, several for each row.
    pub fn score_table(&self, rows: ModelRows) -> Result<NdArray<f64>, Exc> {
        let (values, columns) = self.answer(ModelAsk::Scores, rows)?;
        let count = values.len() / columns.max(1);
        Ok(NdArray::from_vec(values, &[count, columns]))
    }
}

/// Numbers of single precision, as they are within.
pub fn nd_single(array: &NdArray<f64>) -> NdArray<f32> {
    array.mapped(|x| x as f32)
}

/// The class of each label.
pub fn chosen<T: NdItem>(labels: &NdArray<i32>, classes: &[T]) -> NdArray<T> {
    labels.mapped(|label| classes.get(label as usize).copied().unwrap_or(T::NOTHING))
}

/// The name of the class of each label.
pub fn chosen_texts(labels: &NdArray<i32>, classes: &[&'static str], width: i64) -> NdTexts {
    let name = |label: i32| Str::literal(classes.get(label as usize).copied().unwrap_or_default());
    NdTexts::new(labels.to_vec().into_iter().map(name).collect(), width)
}

/// That the file, which the program was translated with, is still the same.
#[cfg(feature = "std")]
pub fn require_model(path: &'static str, size: usize, digest: &str) -> Result<(), Exc> {
    let missing = |_| Exc::new(&MODEL_NOT_FOUND, format!("no such file: `{path}`"));
    let bytes = std::fs::read(path).map_err(missing)?;
    let is_same = bytes.len() == size && crate::hashlib_sha256(&bytes).hexdigest() == digest;
    if is_same {
        return Ok(());
    }
    let text = format!("the model has changed since the program was translated, translate it again: `{path}`");
    Err(Exc::new(&INTEGRITY_ERROR, text))
}

/// `sovereign.errors.NotFound`.
#[cfg(feature = "std")]
pub static MODEL_NOT_FOUND: Kind = Kind {
    name: "NotFound",
    module: "sovereign.errors",
    base: Some(&SOVEREIGN_ERROR),
    others: &[&crate::LOOKUP_ERROR],
};
