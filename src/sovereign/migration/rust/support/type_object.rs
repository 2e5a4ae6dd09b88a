//! Classes as values: `TypeObject`, what `type(value)` gives where that is known at run time only.
//!
//! `TypeObject::builtin("int")` is a class of Python, `TypeObject::own("Shape")` one of the program, `type_of_error(&exc)` that
//! of an exception.

use crate::{hash_identity, Exc, Object, Str};
use alloc::format;
use alloc::string::String;

/// A class as a value.
#[derive(Clone, Copy)]
pub struct TypeObject {
    name: &'static str,
    module: &'static str,
}

impl TypeObject {
    /// A class of Python.
    pub const fn builtin(name: &'static str) -> Self {
        TypeObject { name, module: "" }
    }

    /// A class of the program.
    pub const fn own(name: &'static str) -> Self {
        TypeObject { name, module: "__main__" }
    }

    /// `self.__name__`.
    pub fn name(self) -> Str {
        Str::from(self.name)
    }
}

/// `type(exc)`.
pub fn type_of_error(exc: &Exc) -> TypeObject {
    let kind = exc.kind();
    TypeObject { name: kind.name, module: if exc.is_own() { "__main__" } else { kind.module } }
}

impl Object for TypeObject {
    fn write_repr(&self, out: &mut String) {
        let dot = if self.module.is_empty() { "" } else { "." };
        out.push_str(&format!("<class '{}{dot}{}'>", self.module, self.name));
    }
    fn equals(&self, other: &Self) -> bool {
        self.name == other.name && self.module == other.module
    }
    fn hash(&self) -> u64 {
        hash_identity(self.name)
    }
    fn type_name(&self) -> &'static str {
        "type"
    }
}
