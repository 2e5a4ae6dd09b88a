//! What the platform says by variables of the environment, read once.

use crate::number::parse_decimal;
use crate::slices::{is_alike, split_once, text};
use crate::Level;

/// How records of the log look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// One line of text.
    #[default]
    Text,
    /// One object.
    Json,
}

/// A variable that the runtime knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// Where the runtime API is.
    RuntimeApi,
    /// The function's name.
    FunctionName,
    /// The function's version.
    FunctionVersion,
    /// The memory of the function in MiB.
    MemorySize,
    /// The group of the function's log.
    LogGroup,
    /// The stream of the function's log.
    LogStream,
    /// How records of the log look.
    LogFormat,
    /// Which records of the log are wanted.
    LogLevel,
    /// A descriptor where records go in frames.
    LogDescriptor,
    /// A socket that the output of each worker goes to.
    LogSocket,
    /// How many invocations run at once.
    Concurrency,
}

/// Their names, in that order.
const NAMES: &[u8] = b"AWS_LAMBDA_RUNTIME_API AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_VERSION \
AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_LAMBDA_LOG_FORMAT \
AWS_LAMBDA_LOG_LEVEL _LAMBDA_TELEMETRY_LOG_FD _LAMBDA_TELEMETRY_LOG_FD_PROVIDER_SOCKET AWS_LAMBDA_MAX_CONCURRENCY";
const COUNT: usize = 11;

/// The variables that the runtime knows; what is not set is empty.
#[derive(Clone, Copy, Debug)]
pub struct Environment<'a> {
    values: [&'a str; COUNT],
}

impl<'a> Environment<'a> {
    /// Read variables of the form `NAME=value`; what is no UTF-8 is taken for empty.
    pub fn read(variables: impl Iterator<Item = &'a [u8]>) -> Environment<'a> {
        let mut values = [""; COUNT];
        for variable in variables {
            let Some((name, value)) = split_once(variable, b'=') else {
                continue;
            };
            for (place, known) in values.iter_mut().zip(NAMES.split(|&byte| byte == b' ')) {
                if known == name {
                    *place = text(value);
                }
            }
        }
        Environment { values }
    }

    /// The value of a variable.
    pub fn get(&self, variable: Variable) -> &'a str {
        self.values.get(variable as usize).copied().unwrap_or_default()
    }

    /// How many invocations run at once, where several may.
    pub fn concurrency(&self) -> Option<u32> {
        number(self.get(Variable::Concurrency))
    }

    /// Text unless JSON is asked for; where several invocations run at once it is JSON unless text is asked for.
    pub fn log_format(&self) -> Format {
        let format = self.get(Variable::LogFormat);
        let is_json = is_alike(format.as_bytes(), b"json") || format.is_empty() && self.concurrency().is_some();
        if is_json {
            Format::Json
        } else {
            Format::Text
        }
    }

    /// The lowest level that is logged; it can be chosen for JSON alone.
    pub fn log_level(&self) -> Level {
        match self.log_format() {
            Format::Text => Level::Trace,
            Format::Json => level_named(self.get(Variable::LogLevel)),
        }
    }

    /// The descriptor where records go in frames.
    pub fn log_descriptor(&self) -> Option<i32> {
        number(self.get(Variable::LogDescriptor)).map(|number| number as i32)
    }
}

fn number(text: &str) -> Option<u32> {
    parse_decimal(text.as_bytes()).filter(|&value| value <= 1 << 20).map(|value| value as u32)
}

/// A level by its name, of which the first letter is enough; anything else asks for everything.
fn level_named(name: &str) -> Level {
    match name.as_bytes().first().map(u8::to_ascii_lowercase) {
        Some(b'd') => Level::Debug,
        Some(b'i') => Level::Info,
        Some(b'w') => Level::Warn,
        Some(b'e') => Level::Error,
        Some(b'f') => Level::Fatal,
        _ => Level::Trace,
    }
}
