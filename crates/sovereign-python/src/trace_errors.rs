//! From an error of the crate `trace` to one of `sovereign.errors`.

use trace::error::Error;

use crate::errors::{Fact, Facts, Told};

/// Family, code and facts of a program that cannot be traced.
pub(crate) fn told(error: &Error) -> Told {
    let (code, pid, call) = match error {
        Error::Program { .. } => ("renacer.program", None, "execve"),
        Error::Refused { pid, .. } => ("renacer.refused", Some(*pid), "ptrace"),
        Error::NoProcess(pid) => ("renacer.no_process", Some(*pid), "ptrace"),
        Error::DiedAtOnce { .. } => ("renacer.died", None, "execve"),
        Error::Output(_) => ("renacer.output", None, "write"),
        Error::System { call, .. } => ("renacer.system", None, *call),
        _ => ("renacer.system", None, "ptrace"),
    };
    let mut facts: Facts = vec![
        ("errno", Fact::Signed(i64::from(error.number().unwrap_or_default()))),
        ("syscall", Fact::Text(call.to_owned())),
    ];
    if let Some(pid) = pid {
        facts.push(("pid", Fact::Signed(i64::from(pid))));
    }
    Told("TraceError", code, error.to_string(), facts)
}
