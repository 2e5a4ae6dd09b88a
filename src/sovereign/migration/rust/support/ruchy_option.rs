//! Option, Result and nil of a Ruchy program: what `unwrap` and its like say when there is no value.

use crate::{debug_text, fault, Array, Datum, Dyn, Str};
use alloc::format;

/// `option.unwrap()`.
#[inline]
#[track_caller]
pub fn unwrap_option<T>(value: Option<T>) -> T {
    match value {
        Some(value) => value,
        None => fault("unwrap", "`unwrap` on None"),
    }
}

/// `option.expect(message)`.
#[track_caller]
pub fn expect_option<T>(value: Option<T>, message: &str) -> T {
    match value {
        Some(value) => value,
        None => fault("expect", message),
    }
}

/// `result.unwrap()`.
#[inline]
#[track_caller]
pub fn unwrap_result<T, E: Datum>(value: Result<T, E>) -> T {
    match value {
        Ok(value) => value,
        Err(error) => fault("unwrap", format!("`unwrap` on Err({})", debug_text(&error).as_str())),
    }
}

/// `result.expect(message)`.
#[track_caller]
pub fn expect_result<T, E: Datum>(value: Result<T, E>, message: &str) -> T {
    match value {
        Ok(value) => value,
        Err(error) => fault("expect", format!("{message}: {}", debug_text(&error).as_str())),
    }
}

/// `result.unwrap_err()`.
#[track_caller]
pub fn unwrap_error<T, E>(value: Result<T, E>) -> E {
    match value {
        Ok(_) => fault("unwrap", "`unwrap_err` on Ok"),
        Err(error) => error,
    }
}

/// `option.filter(test)`.
pub fn option_filter<T: Clone>(value: Option<T>, test: impl FnOnce(T) -> bool) -> Option<T> {
    value.filter(|value| test(value.clone()))
}

/// What a loop over an Option goes through.
pub fn option_items<T: Clone>(value: &Option<T>) -> Array<T> {
    value.iter().cloned().collect()
}

/// Whether a value counts as `None`.
pub fn is_none_or_nil(value: &Dyn) -> bool {
    matches!(value, Dyn::None | Dyn::Nil)
}

/// A count of no known type.
#[track_caller]
pub fn whole_count(value: &Dyn) -> i64 {
    match value {
        Dyn::Int(count) => *count,
        other => fault("type", format!("a count has to be an integer and is {}", other.kind_name().as_str())),
    }
}

/// Whether a value lies between two in a pattern; one of another kind does not.
pub fn is_between(value: &Dyn, low: Option<Dyn>, high: Option<Dyn>, is_inclusive: bool) -> bool {
    let fits = |end: &Dyn| {
        matches!(
            (value, end),
            (Dyn::Int(_) | Dyn::Float(_), Dyn::Int(_) | Dyn::Float(_)) | (Dyn::Text(_), Dyn::Text(_))
        )
    };
    if !low.iter().chain(high.iter()).all(fits) {
        return false;
    }
    low.is_none_or(|low| crate::is_ordered(&low, value, "<="))
        && high.is_none_or(|high| crate::is_ordered(value, &high, if is_inclusive { "<=" } else { "<" }))
}

/// `assert_eq`.
#[track_caller]
pub fn require_same<T: Datum>(left: &T, right: &T, message: Option<Str>) {
    if !left.same(right) {
        let shown =
            format!("assertion failed: left is {}, right is {}", debug_text(left).as_str(), debug_text(right).as_str());
        fail_with(&shown, message)
    }
}

/// `assert_ne`.
#[track_caller]
pub fn require_other<T: Datum>(left: &T, right: &T, message: Option<Str>) {
    if left.same(right) {
        fail_with(&format!("assertion failed: both are {}", debug_text(left).as_str()), message)
    }
}

/// An assertion that failed.
#[cold]
#[track_caller]
pub fn fail_with(shown: &str, message: Option<Str>) -> ! {
    match message {
        Some(message) => fault("assertion", format!("{shown}: {}", message.as_str())),
        None => fault("assertion", shown),
    }
}

/// `dbg(value)`.
pub fn debugged<T: Datum>(value: T) -> T {
    crate::complain_text(format_args!("[dbg] {}\n", debug_text(&value).as_str()));
    value
}

/// The place of a value that may be nil, to change it by a method.
#[track_caller]
pub fn present_place<'a, T: Datum>(place: &'a mut crate::Maybe<T>, name: &str) -> &'a mut T {
    match &mut place.0 {
        Some(value) => value,
        None => fault("method", format!("nil has no method `{name}`")),
    }
}

/// Deliver a message; the actor answers at once.
#[track_caller]
pub fn ask_actor(actor: &Dyn, name: &str, values: &[Dyn]) -> Dyn {
    match actor {
        Dyn::Record(record) if record.is_shared_record() => match record.invoke_shared(name, values) {
            Some(answer) => answer,
            None => fault(
                "actor",
                format!("{} does not receive `{name}` with {} values", record.record_name().as_str(), values.len()),
            ),
        },
        other => fault("type", format!("{} receives no messages", other.kind_name().as_str())),
    }
}

/// Whether a value is an object or a struct.
pub fn is_object_value(value: &Dyn) -> bool {
    matches!(value, Dyn::Dict(_)) || matches!(value, Dyn::Record(record) if !record.field_names().is_empty())
}

/// A number of no known type as a float.
#[track_caller]
pub fn number_argument(value: &Dyn, name: &str) -> f64 {
    crate::require_number(value, name);
    f64::from_dyn(value.clone())
}

/// `abs`, `floor`, `ceil` and `round` of a number of no known type.
#[track_caller]
pub fn number_function(value: &Dyn, name: &str) -> Dyn {
    crate::require_number(value, name);
    let found = crate::call_of(value, name, &[]);
    match found {
        Dyn::Float(found) if name != "abs" => Dyn::Int(crate::truncated(found)),
        other => other,
    }
}
