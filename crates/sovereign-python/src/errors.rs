//! From an error of a Rust crate to one of `sovereign.errors`, with its code and the facts in `detail`.

use container::Error as FileError;
use pyo3::{
    IntoPyObjectExt,
    exceptions::PyTypeError,
    prelude::*,
    types::{PyDict, PyTuple},
};
use trueno::{Backend, Error as KernelError};

use crate::buffer::Refusal;

/// Why an exported function has no answer.
pub(crate) enum Failure {
    /// Python has set its own error already.
    Raised,
    /// An operation of Python failed.
    Python(PyErr),
    /// The call has another shape than the function.
    Call(String),
    /// An argument, named here, is not the vector that is needed.
    Vector(Refusal, &'static str),
    /// The output shares memory with an input, but not all of it.
    Overlap,
    /// No backend has this name.
    NoBackend(String),
    /// A kernel refused.
    Kernel(KernelError),
    /// A file is not what it should be.
    File(FileError),
    /// A defect of ours.
    Panic {
        /// What the panic said.
        message: String,
        /// File and line.
        place: String,
    },
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<KernelError> for Failure {
    fn from(error: KernelError) -> Self {
        Self::Kernel(error)
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

/// A fact for `detail`.
enum Fact {
    Number(u64),
    Text(String),
    Shape(Vec<isize>),
    Names(Vec<&'static str>),
}

type Facts = Vec<(&'static str, Fact)>;

/// Family, code, sentence, facts: what an error of ours is made of.
struct Told(&'static str, &'static str, String, Facts);

impl Failure {
    /// Set the Python error.
    pub(crate) fn raise(self) {
        if matches!(self, Self::Raised) {
            return;
        }
        Python::attach(|py| self.error(py).restore(py));
    }

    fn error(self, py: Python<'_>) -> PyErr {
        let told = match self {
            Self::Raised => return PyErr::fetch(py),
            Self::Python(error) => return error,
            Self::Call(message) => return PyTypeError::new_err(message),
            Self::Vector(refusal, name) => vector(refusal, name),
            Self::Overlap => overlap(),
            Self::NoBackend(name) => unknown_backend(name),
            Self::Kernel(error) => kernel(error),
            Self::File(error) => file(error),
            Self::Panic { message, place } => panicked(message, place),
        };
        told.into_error(py).unwrap_or_else(|error| error)
    }
}

impl Told {
    fn into_error(self, py: Python<'_>) -> PyResult<PyErr> {
        let Self(family, code, message, facts) = self;
        let detail = PyDict::new(py);
        for (name, fact) in facts {
            detail.set_item(name, fact.into_object(py)?)?;
        }
        let family = py.import("sovereign.errors")?.getattr(family)?;
        Ok(PyErr::from_value(family.call((code, message), Some(&detail))?))
    }
}

impl Fact {
    fn into_object(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        match self {
            Self::Number(number) => number.into_bound_py_any(py),
            Self::Text(text) => text.into_bound_py_any(py),
            Self::Shape(lengths) => PyTuple::new(py, lengths).map(Bound::into_any),
            Self::Names(names) => PyTuple::new(py, names).map(Bound::into_any),
        }
    }
}

fn vector(refusal: Refusal, name: &'static str) -> Told {
    let layout = |problem: &'static str, allowed: &'static str| {
        let message = format!("the vector should be {allowed}, `{name}` is: `{problem}`");
        Told("ParameterError", "trueno.layout", message, parameter(name, problem.to_owned(), vec![allowed]))
    };
    match refusal {
        Refusal::NoBuffer(kind) => element_type(name, kind),
        Refusal::Format(format) => element_type(name, element_name(&format)),
        Refusal::Dimensions(lengths) => {
            let message = format!("the vector should have one dimension, `{name}` has: `{}`", lengths.len());
            let facts = vec![("expected", Fact::Text("(n,)".to_owned())), ("got", Fact::Shape(lengths))];
            Told("ShapeError", "trueno.shape", message, facts)
        }
        Refusal::Gaps => layout("strided", "contiguous"),
        Refusal::Misaligned => layout("misaligned", "aligned to 4 bytes"),
        Refusal::ReadOnly => layout("read-only", "writable"),
        Refusal::Masked => layout("masked", "without a mask"),
    }
}

fn element_type(name: &'static str, got: String) -> Told {
    let message = format!("the vector should be a buffer of `float32`, `{name}` is: `{got}`");
    Told("ParameterError", "trueno.dtype", message, parameter(name, got, vec!["float32"]))
}

/// NumPy's name of a buffer format, or the format itself.
fn element_name(format: &str) -> String {
    let known = match format.trim_start_matches(['@', '=', '<']) {
        "d" => "float64",
        "e" => "float16",
        "b" => "int8",
        "B" => "uint8",
        "h" => "int16",
        "H" => "uint16",
        "i" => "int32",
        "I" => "uint32",
        "l" | "q" => "int64",
        "L" | "Q" => "uint64",
        "?" => "bool",
        "Zf" => "complex64",
        "Zd" => "complex128",
        _ => format,
    };
    known.to_owned()
}

fn overlap() -> Told {
    let message = "the output should be the input itself or lie apart from it, it is: `overlapping`".to_owned();
    Told("ParameterError", "trueno.overlap", message, parameter("y", "overlapping".to_owned(), vec!["apart", "same"]))
}

fn unknown_backend(name: String) -> Told {
    let message = format!("no backend has this name: `{name}`");
    let mut facts = vec![("backend", Fact::Text(name)), ("reason", Fact::Text("unknown".to_owned()))];
    facts.push(("allowed", Fact::Names(Backend::ALL.map(Backend::name).to_vec())));
    Told("DeviceError", "trueno.backend", message, facts)
}

fn kernel(error: KernelError) -> Told {
    let message = error.to_string();
    match error {
        KernelError::LengthsDiffer { left, right } => {
            let facts = vec![("expected", shape(left)), ("got", shape(right))];
            Told("ShapeError", "trueno.shape", message, facts)
        }
        KernelError::BackendMissing(backend) => {
            let reason = Fact::Text("this machine or build lacks it".to_owned());
            let facts = vec![("backend", Fact::Text(backend.name().to_owned())), ("reason", reason)];
            Told("DeviceError", "trueno.backend", message, facts)
        }
        _ => panicked(message, file!().to_owned()),
    }
}

fn file(error: FileError) -> Told {
    let message = error.to_string();
    let count = Fact::Number;
    match error {
        FileError::Magic { got } => {
            let got = Fact::Text(got.escape_ascii().to_string());
            Told("FormatError", "container.magic", message, at("magic", 0, Fact::Text("APRN".to_owned()), got))
        }
        FileError::Version { got } => {
            Told("FormatError", "container.version", message, at("version_major", 4, count(1), count(got.into())))
        }
        FileError::Field { field, offset, expected, got } => {
            let expected = Fact::Text(expected.replace('`', ""));
            let facts = at(field.name(), offset as u64, expected, count(got.into()));
            Told("FormatError", "container.field", message, facts)
        }
        FileError::Truncated { expected, got } => {
            Told("IntegrityError", "container.truncated", message, at("size", got, count(expected), count(got)))
        }
        FileError::Surplus { expected, got } => {
            Told("IntegrityError", "container.surplus", message, at("size", expected, count(expected), count(got)))
        }
        FileError::Checksum { offset, expected, got } => {
            let facts = at("checksum", offset, count(expected.into()), count(got.into()));
            Told("IntegrityError", "container.checksum", message, facts)
        }
        _ => panicked(message, file!().to_owned()),
    }
}

fn panicked(message: String, place: String) -> Told {
    let sentence = format!("the native core met a state that should be impossible: `{message}`");
    let facts = vec![("where", Fact::Text(place)), ("reason", Fact::Text(message))];
    Told("InternalError", "native.panic", sentence, facts)
}

fn parameter(name: &'static str, value: String, allowed: Vec<&'static str>) -> Facts {
    vec![("name", Fact::Text(name.to_owned())), ("value", Fact::Text(value)), ("allowed", Fact::Names(allowed))]
}

fn at(field: &'static str, offset: u64, expected: Fact, got: Fact) -> Facts {
    let field = ("field", Fact::Text(field.to_owned()));
    vec![field, ("offset", Fact::Number(offset)), ("expected", expected), ("got", got)]
}

fn shape(length: usize) -> Fact {
    Fact::Shape(vec![length as isize])
}
