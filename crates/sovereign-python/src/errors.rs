//! From an error of a Rust crate to one of `sovereign.errors`, with its code and the facts in `detail`.

use container::Error as FileError;
use predict::{InferenceError, ParseError};
use pyo3::{
    IntoPyObjectExt,
    exceptions::{PyBufferError, PyMemoryError, PyTypeError},
    prelude::*,
    types::{PyDict, PyTuple},
};
use trace::error::Error as TraceFailure;
use train::Error as FitError;
use trueno::{Backend, Error as KernelError};

/// Why an exported function has no answer.
pub(crate) enum Failure {
    /// Python has set its own error already.
    Raised,
    /// An operation of Python failed.
    Python(PyErr),
    /// The call has another shape than the function.
    Call(String),
    /// An export was asked for that the protocol allows to refuse.
    Buffer(&'static str),
    /// There is no memory for an array.
    NoMemory,
    /// An argument, named here, has elements of another type, or is no array at all; `got` is its type then.
    Dtype { name: &'static str, got: String, allowed: &'static [&'static str] },
    /// An argument does not lie in memory as it must.
    Layout { name: &'static str, problem: &'static str, allowed: &'static str },
    /// An argument has another shape than the others call for.
    Shape { name: &'static str, expected: Expected, got: Vec<usize> },
    /// The output shares memory with an input, but not all of it.
    Overlap,
    /// An array was used after it was closed.
    Closed(&'static str),
    /// An array is to be closed while this many others look into its memory.
    InUse(usize),
    /// A place is outside; `position` tells where it stands in an array of places.
    Index { name: &'static str, position: Option<usize>, index: i64, length: usize },
    /// A value is not one of those that make sense.
    Parameter { name: &'static str, value: String, allowed: String },
    /// No backend has this name.
    NoBackend(String),
    /// The memory is not this processor's; the text is its kind.
    Elsewhere(String),
    /// A kernel refused.
    Kernel(KernelError),
    /// A file is not what it should be.
    File(FileError),
    /// The arrays of an image are no model.
    Model(ParseError),
    /// A model has no answer for its input, which has this shape.
    Inference(InferenceError, Vec<usize>),
    /// An input of a model is of a kind that it does not take.
    Kind { name: &'static str, got: String, allowed: &'static str },
    /// A program cannot be traced.
    Trace(TraceFailure),
    /// A mapped file became shorter, and pages of it were touched.
    Cut,
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

impl From<FitError> for Failure {
    fn from(error: FitError) -> Self {
        match error {
            FitError::Kernel(error) => Self::Kernel(error),
            FitError::Lengths { name, expected, got } => {
                Self::Shape { name, expected: Expected::Shape(vec![expected]), got: vec![got] }
            }
            FitError::Setting { name, value, allowed } => Self::Parameter { name, value, allowed: allowed.to_owned() },
            other => Self::Call(other.to_string()),
        }
    }
}

impl From<TraceFailure> for Failure {
    fn from(error: TraceFailure) -> Self {
        Self::Trace(error)
    }
}

impl From<ParseError> for Failure {
    fn from(error: ParseError) -> Self {
        Self::Model(error)
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

/// The shape that was called for.
pub(crate) enum Expected {
    /// Exactly this one.
    Shape(Vec<usize>),
    /// One of this kind, as documentation writes it.
    Kind(&'static str),
}

/// A fact for `detail`.
pub(crate) enum Fact {
    Number(u64),
    Text(String),
    Shape(Vec<usize>),
    Names(Vec<&'static str>),
    Signed(i64),
}

pub(crate) type Facts = Vec<(&'static str, Fact)>;

/// Family, code, sentence, facts: what an error of ours is made of.
pub(crate) struct Told(pub(crate) &'static str, pub(crate) &'static str, pub(crate) String, pub(crate) Facts);

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
            Self::Buffer(message) => return PyBufferError::new_err(message),
            Self::NoMemory => return PyMemoryError::new_err("there is no memory for the array"),
            Self::Dtype { name, got, allowed } => element_type(name, got, allowed),
            Self::Layout { name, problem, allowed } => layout(name, problem, allowed),
            Self::Shape { name, expected, got } => shaped(name, expected, got),
            Self::Overlap => overlap(),
            Self::Closed(name) => closed(name),
            Self::InUse(uses) => in_use(uses),
            Self::Index { name, position, index, length } => outside(name, position, index, length),
            Self::Parameter { name, value, allowed } => unfit(name, value, allowed),
            Self::NoBackend(name) => unknown_backend(name),
            Self::Elsewhere(kind) => elsewhere(kind),
            Self::Kernel(error) => kernel(error),
            Self::File(error) => crate::file_errors::told(error),
            Self::Model(error) => crate::model_errors::refused(error),
            Self::Inference(error, shape) => crate::model_errors::unanswered(error, shape),
            Self::Kind { name, got, allowed } => crate::model_errors::kind(name, got, allowed),
            Self::Trace(error) => crate::trace_errors::told(&error),
            Self::Cut => crate::file_errors::cut(),
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
            Self::Signed(number) => number.into_bound_py_any(py),
        }
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Shape(lengths) => f.write_str(&tuple(lengths)),
            Self::Kind(kind) => f.write_str(kind),
        }
    }
}

/// A shape as Python writes it.
pub(crate) fn tuple(lengths: &[usize]) -> String {
    match lengths {
        [length] => format!("({length},)"),
        _ => format!("({})", lengths.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    }
}

fn layout(name: &'static str, problem: &'static str, allowed: &'static str) -> Told {
    let message = format!("the array should be {allowed}, `{name}` is: `{problem}`");
    Told("ParameterError", "trueno.layout", message, parameter(name, problem.to_owned(), vec![allowed]))
}

fn shaped(name: &'static str, expected: Expected, got: Vec<usize>) -> Told {
    let message = format!("the shape should be `{expected}`, `{name}` has: `{}`", tuple(&got));
    let expected = match expected {
        Expected::Shape(lengths) => Fact::Shape(lengths),
        Expected::Kind(kind) => Fact::Text(kind.to_owned()),
    };
    let name = ("name", Fact::Text(name.to_owned()));
    Told("ShapeError", "trueno.shape", message, vec![name, ("expected", expected), ("got", Fact::Shape(got))])
}

fn element_type(name: &'static str, got: String, allowed: &[&'static str]) -> Told {
    let message = format!("the array should be of `{}`, `{name}` is: `{got}`", allowed.join("` or `"));
    Told("ParameterError", "trueno.dtype", message, parameter(name, got, allowed.to_vec()))
}

/// NumPy's name of a buffer format, or the format itself.
pub(crate) fn element_name(format: &str) -> String {
    let known = match format.trim_start_matches(['@', '=', '<']) {
        "f" => "float32",
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

fn closed(name: &'static str) -> Told {
    let message = format!("the array should be open, `{name}` is: `closed`");
    Told("ParameterError", "trueno.closed", message, parameter(name, "closed".to_owned(), vec!["open"]))
}

fn in_use(uses: usize) -> Told {
    let message = format!("no view or export of the array should live when it is closed, there live: `{uses}`");
    let allowed = ("allowed", Fact::Names(vec!["0"]));
    let name = ("name", Fact::Text("self".to_owned()));
    Told("ParameterError", "trueno.in_use", message, vec![name, ("value", Fact::Number(uses as u64)), allowed])
}

fn outside(name: &'static str, position: Option<usize>, index: i64, length: usize) -> Told {
    let place = position.map_or_else(String::new, |position| format!(" at position {position}"));
    let message = format!("an index of {length} elements should be inside, `{name}` holds{place}: `{index}`");
    let mut facts = vec![("name", Fact::Text(name.to_owned())), ("value", Fact::Signed(index))];
    facts.push(("allowed", Fact::Text(format!("-{length} <= index < {length}"))));
    facts.extend(position.map(|position| ("position", Fact::Number(position as u64))));
    Told("ParameterError", "trueno.index", message, facts)
}

fn unfit(name: &'static str, value: String, allowed: String) -> Told {
    let message = format!("`{name}` should be {allowed}, it is: `{value}`");
    let facts = [("name", name.to_owned()), ("value", value), ("allowed", allowed)];
    Told("ParameterError", "trueno.parameter", message, facts.map(|(key, text)| (key, Fact::Text(text))).into())
}

fn overlap() -> Told {
    let message = "the output should be the input itself or lie apart from it, it is: `overlapping`".to_owned();
    Told("ParameterError", "trueno.overlap", message, parameter("out", "overlapping".to_owned(), vec!["apart", "same"]))
}

fn unknown_backend(name: String) -> Told {
    let (message, reason) = if name == "gpu" {
        let reason = "it is not built yet; leave `backend` out";
        (format!("the kernels for graphics processors are not built yet, leave `backend` out: `{name}`"), reason)
    } else {
        (format!("no backend has this name: `{name}`"), "unknown")
    };
    let mut facts = vec![("backend", Fact::Text(name)), ("reason", Fact::Text(reason.to_owned()))];
    facts.push(("allowed", Fact::Names(Backend::ALL.map(Backend::name).to_vec())));
    Told("DeviceError", "trueno.backend", message, facts)
}

fn elsewhere(kind: String) -> Told {
    let message = format!("the memory should be this processor's, it is of: `{kind}`");
    let reason = Fact::Text("the array lies in the memory of another device; copy it first".to_owned());
    Told("DeviceError", "trueno.backend", message, vec![("backend", Fact::Text(kind)), ("reason", reason)])
}

fn kernel(error: KernelError) -> Told {
    let message = error.to_string();
    match error {
        KernelError::LengthsDiffer { left, right } => {
            let facts = vec![("expected", shape(left)), ("got", shape(right))];
            Told("ShapeError", "trueno.shape", message, facts)
        }
        KernelError::IndexOutside { position, index, length } => outside("indices", Some(position), index, length),
        KernelError::ScaleNotPositive(scale) => unfit("scale", scale.to_string(), "a positive number".to_owned()),
        KernelError::ZeroPointOutside(zero) => {
            unfit("zero_point", zero.to_string(), "a whole number from -128 to 127".to_owned())
        }
        KernelError::SumOutside(sum) => unfit("a", sum.to_string(), "of a sum that fits into 32 bits".to_owned()),
        KernelError::Program(error) => unfit("program", error.to_string(), "a list of steps".to_owned()),
        KernelError::Convolution(reason) => {
            let facts = parameter("filters", "others".to_owned(), vec![reason]);
            Told("ParameterError", "trueno.parameter", message, facts)
        }
        KernelError::PackedElsewhere { packed, .. } => {
            let reason = Fact::Text("the matrix was packed for another backend".to_owned());
            let facts = vec![("backend", Fact::Text(packed.name().to_owned())), ("reason", reason)];
            Told("DeviceError", "trueno.backend", message, facts)
        }
        KernelError::NotPositiveDefinite { pivot } => {
            Told("ParameterError", "trueno.not_positive_definite", message, pivoted(pivot, "positive definite"))
        }
        KernelError::Singular { pivot } => {
            Told("ParameterError", "trueno.singular", message, pivoted(pivot, "without zeros on its diagonal"))
        }
        KernelError::BackendMissing(backend) => {
            let reason = Fact::Text("this machine or build lacks it".to_owned());
            let facts = vec![("backend", Fact::Text(backend.name().to_owned())), ("reason", reason)];
            Told("DeviceError", "trueno.backend", message, facts)
        }
        _ => panicked(message, file!().to_owned()),
    }
}

/// A matrix that has no answer, seen at this place of its diagonal.
fn pivoted(pivot: usize, allowed: &'static str) -> Facts {
    let mut facts = parameter("a", format!("pivot {pivot}"), vec![allowed]);
    facts.push(("pivot", Fact::Number(pivot as u64)));
    facts
}

pub(crate) fn panicked(message: String, place: String) -> Told {
    let sentence = format!("the native core met a state that should be impossible: `{message}`");
    let facts = vec![("where", Fact::Text(place)), ("reason", Fact::Text(message))];
    Told("InternalError", "native.panic", sentence, facts)
}

fn parameter(name: &'static str, value: String, allowed: Vec<&'static str>) -> Facts {
    vec![("name", Fact::Text(name.to_owned())), ("value", Fact::Text(value)), ("allowed", Fact::Names(allowed))]
}

fn shape(length: usize) -> Fact {
    Fact::Shape(vec![length])
}
