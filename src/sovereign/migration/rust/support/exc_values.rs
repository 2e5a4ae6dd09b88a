//! Arguments of exceptions as values: `error.args`, and what `SystemExit.code` holds.
//!
//! `exception_args(&Exc) -> Seq<Argument>`; an `Argument` is shown as what it is, and compared with text (`is_text`) and
//! integers (`is_integer`).

use crate::{argument, Argument, Exc, Int, Object, Seq, Str};
use alloc::string::String;

/// `error.args`.
pub fn exception_args(exc: &Exc) -> Seq<Argument> {
    Seq::from(exc.arguments())
}

/// `error.code` of a `SystemExit`.
pub fn exit_argument(exc: &Exc) -> Argument {
    let arguments = exc.arguments();
    match arguments.as_slice() {
        [] => argument(()),
        [only] => only.clone(),
        several => argument(Seq::from(several.to_vec())),
    }
}

impl Argument {
    /// `self == text`.
    pub fn is_text(&self, text: &str) -> bool {
        self.value.downcast_ref::<Str>().is_some_and(|own| own.as_str() == text)
    }

    /// `self == number`.
    pub fn is_integer(&self, number: &Int) -> bool {
        let value = &self.value;
        if let Some(own) = value.downcast_ref::<i64>() {
            return Int::from(*own).equals(number);
        }
        if let Some(own) = value.downcast_ref::<bool>() {
            return Int::from(i64::from(*own)).equals(number);
        }
        if let Some(own) = value.downcast_ref::<f64>() {
            return own.hash() == number.hash();
        }
        value.downcast_ref::<Int>().is_some_and(|own| own.equals(number))
    }
}

impl Object for Argument {
    fn write_repr(&self, out: &mut String) {
        out.push_str(&self.repr());
    }
    fn write_str(&self, out: &mut String) {
        out.push_str(&self.text());
    }
    fn equals(&self, other: &Self) -> bool {
        self.repr() == other.repr()
    }
    fn hash(&self) -> u64 {
        self.repr().hash()
    }
    fn truth(&self) -> bool {
        !matches!(self.repr().as_str(), "None" | "False" | "0" | "0.0" | "''" | "[]" | "()" | "{}" | "set()")
    }
    fn type_name(&self) -> &'static str {
        "object"
    }
}
