//! The environment as a dict: `os_environment() -> Environment`, in the system's order; `os_environ_set`, `os_environ_take`,
//! `os_environ_pop`, and `os_environ_follow` for a variable that the world changes while the program runs.

use crate::{os_error, Dict, Exc, Fault, Single, Str, VALUE_ERROR};
use alloc::string::String;

/// The variables of the environment.
pub type Environment = Dict<Str, Str>;

/// A variable that the world changed, until somebody looks at the environment: its name, and its value unless it is gone.
static FOLLOWED: Single<Option<(&'static str, Option<Str>)>> = Single::new(None);

/// The world changed a variable; an empty value takes it away.
pub fn os_environ_follow(name: &'static str, value: &str) {
    FOLLOWED.replace(Some((name, Some(value).filter(|value| !value.is_empty()).map(Str::from))));
}

/// `os.environ`: one dict for the whole program.
pub fn os_environment() -> Environment {
    let environment = environ_dict();
    if let Some((name, value)) = FOLLOWED.replace(None) {
        let name = Str::from(name);
        match value {
            Some(value) => environment.set_item(name, value),
            None => drop(environment.pop(&name)),
        }
    }
    environment
}

fn environ_read() -> Environment {
    let pair = |(name, value): (String, String)| (Str::from(name), Str::from(value));
    crate::platform().variables().into_iter().map(pair).collect()
}

#[cfg(feature = "std")]
fn environ_dict() -> Environment {
    std::thread_local! {
        static ENVIRONMENT: Environment = environ_read();
    }
    ENVIRONMENT.with(Environment::clone)
}

#[cfg(not(feature = "std"))]
fn environ_dict() -> Environment {
    static ENVIRONMENT: Single<Option<Environment>> = Single::new(None);
    let environment = ENVIRONMENT.replace(None).unwrap_or_else(environ_read);
    ENVIRONMENT.replace(Some(environment.clone()));
    environment
}

/// Tell the programs that this one starts; without an operating system it starts none.
#[cfg(feature = "std")]
fn environ_tell(name: &str, value: Option<&str>) {
    match value {
        Some(value) => std::env::set_var(name, value),
        None => std::env::remove_var(name),
    }
}

#[cfg(not(feature = "std"))]
fn environ_tell(_name: &str, _value: Option<&str>) {}

/// `os.environ[name] = value`; programs that are started see it.
pub fn os_environ_set(name: &str, value: &str) -> Result<(), Exc> {
    if name.contains('\0') || value.contains('\0') {
        return Err(Exc::new(&VALUE_ERROR, "embedded null byte"));
    }
    if name.is_empty() || name.contains('=') {
        return Err(os_error(&Fault { number: 22, text: String::from("Invalid argument") }, ""));
    }
    environ_tell(name, Some(value));
    os_environment().set_item(Str::from(name), Str::from(value));
    Ok(())
}

/// `os.environ.pop(name, None)`.
pub fn os_environ_take(name: &str) -> Option<Str> {
    let taken = os_environment().pop(&Str::from(name)).ok();
    if taken.is_some() {
        environ_tell(name, None);
    }
    taken
}

/// `os.environ.pop(name)`, and `del os.environ[name]`.
pub fn os_environ_pop(name: &str) -> Result<Str, Exc> {
    os_environ_take(name).ok_or_else(|| Exc::missing_key(&Str::from(name)))
}
