//! Programs that are followed: the class `Trace`, over the background thread of the crate `trace`.

use std::{
    ffi::{CString, c_int},
    os::fd::{BorrowedFd, OwnedFd, RawFd},
    ptr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicPtr, Ordering},
    },
    time::{Duration, Instant},
};

use pyo3::{
    IntoPyObjectExt, ffi,
    prelude::*,
    types::{PyBytes, PyDict},
};
use trace::{
    background::{Background, Destination, Next, Subject},
    call::Abi,
    chosen::Chosen,
    decode::{self, Limits},
    engine::{Command, Options},
    event::Outcome,
    write::{summary::Order, text::Style},
};

use crate::{
    call::{Answer, Call, Object, Table, end, method, none, property, text_of},
    errors::Failure,
    operand::unlocked,
};

/// How long a caller waits at once, before it looks whether Ctrl-C was pressed.
const PATIENCE: Duration = Duration::from_millis(100);

/// The object.
#[repr(C)]
pub(crate) struct Trace {
    head: ffi::PyObject,
    state: *mut State,
}

struct State {
    session: Mutex<Option<Background>>,
    outcome: Mutex<Option<Outcome>>,
}

/// The class, set once when the module is loaded.
static CLASS: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// `Trace.start(request)`.
fn start(call: &Call) -> Answer {
    let [request] = call.positional()?;
    call.no_keywords()?;
    let (subject, options, destination) = Python::attach(|py| {
        // SAFETY: the caller keeps its argument alive.
        let request = unsafe { Bound::from_borrowed_ptr(py, request) };
        let request = Request(request.cast_into::<PyDict>().map_err(|_| misfit("the request should be a dict"))?);
        Ok::<_, Failure>((request.subject()?, request.options()?, request.destination()?))
    })?;
    let session = Background::start(subject, options, destination)
        .map_err(|cause| Failure::Trace(trace::error::Error::System { call: "clone", cause }))?;
    let state = Box::new(State { session: Mutex::new(Some(session)), outcome: Mutex::new(None) });
    // SAFETY: the room is large enough for the object; Python fills its head, and the rest is filled here.
    unsafe {
        let place = ffi::PyObject_Malloc(size_of::<Trace>()).cast::<Trace>();
        if place.is_null() {
            return Err(Failure::NoMemory);
        }
        ffi::PyObject_Init(place.cast(), CLASS.load(Ordering::Relaxed));
        (&raw mut (*place).state).write(Box::into_raw(state));
        Ok(place.cast())
    }
}

/// `Trace.read(seconds)`: a batch, empty bytes where none came in time, None at the end.
fn read(call: &Call) -> Answer {
    let [patience] = call.positional()?;
    call.no_keywords()?;
    // SAFETY: the caller keeps its argument alive.
    let seconds = unsafe { ffi::PyFloat_AsDouble(patience) };
    // SAFETY: the interpreter is locked.
    if seconds == -1.0 && !unsafe { ffi::PyErr_Occurred() }.is_null() {
        return Err(Failure::Raised);
    }
    let until = Instant::now() + Duration::try_from_secs_f64(seconds).unwrap_or(Duration::from_secs(1 << 30));
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match unlocked(|| next(call.this(), left.min(PATIENCE))) {
            Next::Batch(batch) => return bytes(&batch),
            Next::Pending if left.is_zero() => return bytes(&[]),
            // SAFETY: the interpreter is locked.
            Next::Pending if unsafe { ffi::PyErr_CheckSignals() } < 0 => return Err(Failure::Raised),
            Next::Pending => {}
            Next::End(end) => {
                let state = state(call.this());
                unlocked(|| state.session.lock().unwrap_or_else(PoisonError::into_inner).take());
                let outcome = end?;
                *state.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
                return Ok(none());
            }
        }
    }
}

fn next(this: Object, patience: Duration) -> Next {
    match &*state(this).session.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(session) => session.next(patience),
        None => Next::End(Ok(Outcome::default())),
    }
}

/// `Trace.stop()`.
fn stop(call: &Call) -> Answer {
    call.positional::<0>()?;
    call.no_keywords()?;
    let state = state(call.this());
    unlocked(|| {
        if let Some(session) = &*state.session.lock().unwrap_or_else(PoisonError::into_inner) {
            session.stop();
        }
    });
    Ok(none())
}

/// `Trace.close()`.
fn close(call: &Call) -> Answer {
    call.positional::<0>()?;
    call.no_keywords()?;
    let state = state(call.this());
    unlocked(|| drop(state.session.lock().unwrap_or_else(PoisonError::into_inner).take()));
    Ok(none())
}

fn outcome(trace: &Trace) -> Answer {
    // SAFETY: the state lives as long as the object.
    let found = *unsafe { &*trace.state }.outcome.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(outcome) = found else { return Ok(none()) };
    Python::attach(|py| {
        let dict = PyDict::new(py);
        dict.set_item("calls", outcome.calls)?;
        dict.set_item("status", outcome.status)?;
        dict.set_item("signal", outcome.signal)?;
        dict.set_item("is_detached", outcome.is_detached)?;
        Ok(dict.into_bound_py_any(py)?.into_ptr())
    })
}

fn state<'a>(this: Object) -> &'a State {
    // SAFETY: Python calls this with an object of the class, whose state lives as long as it does.
    unsafe { &*(*this.cast::<Trace>()).state }
}

fn bytes(bytes: &[u8]) -> Answer {
    Python::attach(|py| Ok(PyBytes::new(py, bytes).into_any().into_ptr()))
}

fn misfit(message: &str) -> Failure {
    Failure::Call(message.to_owned())
}

/// What is to be traced, as `TraceRequest` in `_core.pyi` describes it.
struct Request<'py>(Bound<'py, PyDict>);

impl<'py> Request<'py> {
    fn get<T>(&self, key: &str) -> Result<T, Failure>
    where
        T: for<'a> FromPyObject<'a, 'py, Error = PyErr>,
    {
        let value = self.0.get_item(key)?.ok_or_else(|| misfit(&format!("the request should have: `{key}`")))?;
        Ok(value.extract()?)
    }

    fn subject(&self) -> Result<Subject, Failure> {
        let words: Vec<Vec<u8>> = self.get("command")?;
        if words.is_empty() {
            return Ok(Subject::Processes(self.get("pids")?));
        }
        let mut command = Command::new(&words)?.streams(self.get::<[Option<RawFd>; 3]>("streams")?);
        if let Some(folder) = self.get::<Option<Vec<u8>>>("folder")? {
            command = command.folder(c_text(folder)?);
        }
        if let Some(variables) = self.get::<Option<Vec<Vec<u8>>>>("environment")? {
            command = command.environment(variables.into_iter().map(c_text).collect::<Result<_, _>>()?);
        }
        Ok(Subject::Command(command))
    }

    fn options(&self) -> Result<Options, Failure> {
        let (text, bytes, elements): (usize, usize, usize) = self.get("limits")?;
        Ok(Options {
            follow: self.get("follow")?,
            chosen: chosen(self.get("chosen")?)?,
            filter: self.get("filter")?,
            limits: Limits { text, bytes, elements, hash: self.get("hash")? },
            python: self.get("python")?,
        })
    }

    fn destination(&self) -> Result<Destination, Failure> {
        let form: String = self.get("form")?;
        let facts: String = self.get("facts")?;
        let output = || self.get::<RawFd>("output").and_then(copied);
        let order = match self.get::<String>("order")?.as_str() {
            "calls" => Order::Calls,
            "errors" => Order::Errors,
            "name" => Order::Name,
            _ => Order::Time,
        };
        Ok(match form.as_str() {
            "events" => Destination::Caller(facts),
            "lines" => Destination::Lines(output()?, facts),
            "summary" => Destination::Summary(output()?, order),
            _ => {
                let style = Style {
                    durations: self.get("durations")?,
                    times: self.get("times")?,
                    numbers: self.get("numbers")?,
                    is_prompt: self.get("is_prompt")?,
                };
                Destination::Text(output()?, style)
            }
        })
    }
}

/// The tables of calls, as numbers for Python.
const TABLES: [Abi; 3] = [Abi::X86_64, Abi::X32, Abi::I386];

fn chosen(calls: Option<Vec<(usize, u32)>>) -> Result<Chosen, Failure> {
    let Some(calls) = calls else { return Ok(Chosen::all()) };
    let named = calls.into_iter().map(|(table, number)| TABLES.get(table).map(|abi| (*abi, number)));
    named.collect::<Option<Chosen>>().ok_or_else(|| misfit("there are three tables of calls"))
}

/// `system_calls()`.
pub(crate) fn system_calls(call: &Call) -> Answer {
    call.positional::<0>()?;
    call.no_keywords()?;
    let mut rows = Vec::new();
    for (table, abi) in TABLES.into_iter().enumerate() {
        for number in 0..=decode::last(abi) {
            let Some(name) = decode::name(abi, number) else { continue };
            let classes: Vec<_> =
                decode::classes().iter().copied().filter(|class| decode::is_in_class(abi, number, class)).collect();
            rows.push((table, number, name, classes));
        }
    }
    Python::attach(|py| Ok(rows.into_bound_py_any(py)?.into_ptr()))
}

fn c_text(text: Vec<u8>) -> Result<CString, Failure> {
    CString::new(text).map_err(|_| misfit("a text of the request holds a zero byte"))
}

/// A descriptor of our own for the same file, which the caller may close then.
fn copied(number: RawFd) -> Result<OwnedFd, Failure> {
    let failed = |cause| Failure::Trace(trace::error::Error::Output(cause));
    if number < 0 {
        return Err(failed(std::io::Error::from_raw_os_error(libc::EBADF)));
    }
    // SAFETY: the caller keeps it open during the call.
    unsafe { BorrowedFd::borrow_raw(number) }.try_clone_to_owned().map_err(failed)
}

unsafe extern "C" fn dealloc(this: Object) {
    // SAFETY: Python calls this once, with an object of the class that nobody sees any more; the state was boxed here.
    unsafe {
        let state = Box::from_raw((*this.cast::<Trace>()).state);
        unlocked(|| drop(state));
        let class = ffi::Py_TYPE(this);
        ffi::PyObject_Free(this.cast());
        ffi::Py_DecRef(class.cast());
    }
}

static METHODS: Table<ffi::PyMethodDef> = Table(&[
    method!(close, "Trace", "close"),
    method!(read, "Trace", "read"),
    method!(start, "Trace", "start", ffi::METH_CLASS),
    method!(stop, "Trace", "stop"),
    end(),
]);

static PROPERTIES: Table<ffi::PyGetSetDef> =
    Table(&[property!(outcome, "Trace", "outcome"), crate::types::NO_PROPERTY]);

/// Make the class and put it into the module.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let slots = [
        crate::types::slot(ffi::Py_tp_doc, text_of!("Trace").as_ptr().cast()),
        crate::types::slot(ffi::Py_tp_dealloc, dealloc as *const _),
        crate::types::slot(ffi::Py_tp_methods, METHODS.as_ptr().cast()),
        crate::types::slot(ffi::Py_tp_getset, PROPERTIES.as_ptr().cast()),
        crate::types::slot(0, ptr::null()),
    ];
    let name = c"sovereign._native._core.Trace";
    let class =
        crate::types::make(module.py(), name, crate::types::MADE_BY_US, size_of::<Trace>() as c_int, slots, None)?;
    CLASS.store(class.as_ptr().cast(), Ordering::Relaxed);
    module.setattr("Trace", class)
}
