//! Methods of values whose type is not known before the run: `dyn_method`.

use crate::{fault, Dyn, Str};

/// `value.name(arguments)` of a value that is none of the program's own types.
pub fn dyn_method(value: &mut Dyn, name: &str, _arguments: &[Dyn]) -> Dyn {
    match (&*value, name) {
        (_, "to_string") => Dyn::Text(crate::shown_text(value)),
        (_, "clone") => value.clone(),
        _ => fault("method", alloc::format!("{} has no method `{name}`", crate::Datum::kind_name(value).as_str())),
    }
}

/// The text of a value.
pub fn dyn_text(value: &Dyn) -> Str {
    crate::shown_text(value)
}
