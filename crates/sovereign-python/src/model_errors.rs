//! From an error of the crate `predict` to one of `sovereign.errors`.

use predict::{InferenceError, ParseError};

use crate::errors::{Fact, Facts, Told};

/// Family, code and facts of arrays that are no model.
pub(crate) fn refused(error: ParseError) -> Told {
    let (text, shape) = (|text: &str| Fact::Text(text.to_owned()), |shape: [usize; 2]| Fact::Shape(shape.to_vec()));
    let (field, expected, got) = match error {
        ParseError::Missing { array } => (array, text("an array of this name"), text("nothing")),
        ParseError::WrongType { array } => (array, text("numbers of the type that the family needs"), text("others")),
        ParseError::WrongShape { array, expected, got } => (array, shape(expected), shape(got)),
        ParseError::WrongValue { array, place } => (array, text("numbers that make sense"), Fact::Number(place as u64)),
        _ => ("file", text("a file of layout A2 with a model of a known family"), text("another")),
    };
    let facts = vec![("field", text(field)), ("expected", expected), ("got", got)];
    Told("FormatError", "aprender.image", error.to_string(), facts)
}

/// Family, code and facts of an input that a model has no answer for.
pub(crate) fn unanswered(error: InferenceError, shape: Vec<usize>) -> Told {
    let message = error.to_string();
    let parameter = |family, code, name: &str, value: &str, allowed: &str| {
        let facts = [("name", name), ("value", value), ("allowed", allowed)];
        Told(family, code, message.clone(), facts.map(|(key, text)| (key, Fact::Text(text.to_owned()))).into())
    };
    match error {
        InferenceError::DimensionMismatch { expected, got } => {
            let facts: Facts = vec![
                ("expected", Fact::Shape(last_replaced(&shape, expected))),
                ("got", Fact::Shape(last_replaced(&shape, got))),
            ];
            let message = format!("X has {got} features, but the model expects: `{expected}`");
            Told("ShapeError", "aprender.shape", message, facts)
        }
        InferenceError::UnknownCategory { feature } => {
            let value = format!("feature {feature}");
            parameter("ParameterError", "aprender.values", "X", &value, "the categories that were learned")
        }
        InferenceError::WrongInput => parameter("KindError", "aprender.kind", "X", "another kind", "texts or numbers"),
        InferenceError::NotNormalized => {
            parameter("ParameterError", "aprender.values", "X", "letters with accents", "ASCII")
        }
        InferenceError::NoClasses => {
            parameter("ParameterError", "aprender.unsupported", "labels", "no classes", "a classifier")
        }
        InferenceError::NotPredictable => {
            parameter("ParameterError", "aprender.unsupported", "model", "labels alone", "a model that predicts")
        }
        _ => crate::errors::panicked(message, file!().to_owned()),
    }
}

/// An input of a kind that the model does not take.
pub(crate) fn kind(name: &'static str, got: String, allowed: &'static str) -> Told {
    let message = format!("the model takes {allowed}, `{name}` is: `{got}`");
    let facts = vec![
        ("name", Fact::Text(name.to_owned())),
        ("value", Fact::Text(got)),
        ("allowed", Fact::Text(allowed.to_owned())),
    ];
    Told("KindError", "aprender.kind", message, facts)
}

/// The shape with another number of columns.
fn last_replaced(shape: &[usize], columns: usize) -> Vec<usize> {
    let mut shape = shape.to_vec();
    if let Some(last) = shape.last_mut() {
        *last = columns;
    }
    shape
}
