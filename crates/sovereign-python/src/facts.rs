//! What this module is, and the calls by which it is measured and proved.

use pyo3::{prelude::*, types::PyDict};

use crate::call::{Answer, Call, none, text};

pub(crate) fn build_facts(call: &Call) -> Answer {
    let [] = call.positional()?;
    call.no_keywords()?;
    let texts = [
        ("version", env!("CARGO_PKG_VERSION")),
        ("compiler", env!("SOVEREIGN_COMPILER")),
        ("target", env!("SOVEREIGN_TARGET")),
        ("profile", env!("SOVEREIGN_PROFILE")),
        ("sources", env!("SOVEREIGN_SOURCES")),
        ("source_digest", env!("SOVEREIGN_SOURCE_DIGEST")),
    ];
    Python::attach(|py| {
        let dict = PyDict::new(py);
        for (name, value) in texts {
            dict.set_item(name, value)?;
        }
        dict.set_item("avx512_compiled", trueno::AVX512_COMPILED)?;
        Ok(dict.into_any().into_ptr())
    })
}

pub(crate) fn nothing(call: &Call) -> Answer {
    let [] = call.positional()?;
    call.no_keywords()?;
    Ok(none())
}

pub(crate) fn provoke_panic(call: &Call) -> Answer {
    let [message] = call.positional()?;
    call.no_keywords()?;
    // SAFETY: the caller keeps its argument alive.
    let message = unsafe { text(message) }?;
    panic!("{message}")
}
