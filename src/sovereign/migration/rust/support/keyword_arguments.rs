//! `**d` in a call of a function of the program: which entries of the dict are parameters, and which are not.

use crate::{Dict, Exc, Str, TYPE_ERROR};
use alloc::format;

/// Raise for entries that name a parameter which has an argument already, and where all parameters are `known`, for
/// entries that name none.
pub fn check_keywords<V: Clone>(
    given: &Dict<Str, V>,
    taken: &[&str],
    known: Option<&[&str]>,
    function: &str,
) -> Result<(), Exc> {
    for name in given.keys() {
        if taken.contains(&name.as_str()) {
            let text = format!("{function}() got multiple values for argument '{name}'");
            return Err(Exc::new(&TYPE_ERROR, text));
        }
        if known.is_some_and(|known| !known.contains(&name.as_str())) {
            let text = format!("{function}() got an unexpected keyword argument '{name}'");
            return Err(Exc::new(&TYPE_ERROR, text));
        }
    }
    Ok(())
}

/// The entries that name no parameter.
pub fn other_keywords<V: Clone>(given: &Dict<Str, V>, parameters: &[&str]) -> Dict<Str, V> {
    let others = Dict::new();
    for (name, value) in given.items() {
        if !parameters.contains(&name.as_str()) {
            others.set_item(name, value);
        }
    }
    others
}
