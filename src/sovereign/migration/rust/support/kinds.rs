//! The exception types: `Kind`, and every builtin one as a static in capitals, words apart: `VALUE_ERROR`, `OS_ERROR`,
//! `IS_A_DIRECTORY_ERROR`, `BLOCKING_IO_ERROR`.

/// An exception type.
pub struct Kind {
    /// The name.
    pub name: &'static str,
    /// What tracebacks put before the name: empty for builtin types and those of the program, else the module.
    pub module: &'static str,
    /// The first base; none for `BaseException`.
    pub base: Option<&'static Kind>,
    /// Further bases.
    pub others: &'static [&'static Kind],
}

impl Kind {
    /// A type with one base.
    pub const fn new(name: &'static str, base: &'static Kind) -> Kind {
        Kind { name, module: "", base: Some(base), others: &[] }
    }

    /// A type of a library module with one base.
    pub const fn within(module: &'static str, name: &'static str, base: &'static Kind) -> Kind {
        Kind { name, module, base: Some(base), others: &[] }
    }

    /// A type with several bases.
    pub const fn with_bases(name: &'static str, base: &'static Kind, others: &'static [&'static Kind]) -> Kind {
        Kind { name, module: "", base: Some(base), others }
    }

    /// Whether this is `other` or derives from it.
    pub fn derives(&self, other: &Kind) -> bool {
        core::ptr::eq(self, other)
            || self.base.is_some_and(|base| base.derives(other))
            || self.others.iter().any(|base| base.derives(other))
    }
}

/// `BaseException`.
pub static BASE_EXCEPTION: Kind = Kind { name: "BaseException", module: "", base: None, others: &[] };
/// `BaseExceptionGroup`.
pub static BASE_EXCEPTION_GROUP: Kind = Kind::new("BaseExceptionGroup", &BASE_EXCEPTION);
/// `ExceptionGroup`.
pub static EXCEPTION_GROUP: Kind = Kind::with_bases("ExceptionGroup", &BASE_EXCEPTION_GROUP, &[&EXCEPTION]);
/// `Exception`.
pub static EXCEPTION: Kind = Kind::new("Exception", &BASE_EXCEPTION);
/// `ArithmeticError`.
pub static ARITHMETIC_ERROR: Kind = Kind::new("ArithmeticError", &EXCEPTION);
/// `FloatingPointError`.
pub static FLOATING_POINT_ERROR: Kind = Kind::new("FloatingPointError", &ARITHMETIC_ERROR);
/// `OverflowError`.
pub static OVERFLOW_ERROR: Kind = Kind::new("OverflowError", &ARITHMETIC_ERROR);
/// `ZeroDivisionError`.
pub static ZERO_DIVISION_ERROR: Kind = Kind::new("ZeroDivisionError", &ARITHMETIC_ERROR);
/// `AssertionError`.
pub static ASSERTION_ERROR: Kind = Kind::new("AssertionError", &EXCEPTION);
/// `AttributeError`.
pub static ATTRIBUTE_ERROR: Kind = Kind::new("AttributeError", &EXCEPTION);
/// `BufferError`.
pub static BUFFER_ERROR: Kind = Kind::new("BufferError", &EXCEPTION);
/// `EOFError`.
pub static EOF_ERROR: Kind = Kind::new("EOFError", &EXCEPTION);
/// `ImportError`.
pub static IMPORT_ERROR: Kind = Kind::new("ImportError", &EXCEPTION);
/// `ModuleNotFoundError`.
pub static MODULE_NOT_FOUND_ERROR: Kind = Kind::new("ModuleNotFoundError", &IMPORT_ERROR);
/// `LookupError`.
pub static LOOKUP_ERROR: Kind = Kind::new("LookupError", &EXCEPTION);
/// `IndexError`.
pub static INDEX_ERROR: Kind = Kind::new("IndexError", &LOOKUP_ERROR);
/// `KeyError`.
pub static KEY_ERROR: Kind = Kind::new("KeyError", &LOOKUP_ERROR);
/// `MemoryError`.
pub static MEMORY_ERROR: Kind = Kind::new("MemoryError", &EXCEPTION);
/// `NameError`.
pub static NAME_ERROR: Kind = Kind::new("NameError", &EXCEPTION);
/// `UnboundLocalError`.
pub static UNBOUND_LOCAL_ERROR: Kind = Kind::new("UnboundLocalError", &NAME_ERROR);
/// `OSError`.
pub static OS_ERROR: Kind = Kind::new("OSError", &EXCEPTION);
/// `BlockingIOError`.
pub static BLOCKING_IO_ERROR: Kind = Kind::new("BlockingIOError", &OS_ERROR);
/// `ChildProcessError`.
pub static CHILD_PROCESS_ERROR: Kind = Kind::new("ChildProcessError", &OS_ERROR);
/// `ConnectionError`.
pub static CONNECTION_ERROR: Kind = Kind::new("ConnectionError", &OS_ERROR);
/// `BrokenPipeError`.
pub static BROKEN_PIPE_ERROR: Kind = Kind::new("BrokenPipeError", &CONNECTION_ERROR);
/// `dataclasses.FrozenInstanceError`.
pub static FROZEN_INSTANCE_ERROR: Kind = Kind::within("dataclasses", "FrozenInstanceError", &ATTRIBUTE_ERROR);
/// `ConnectionAbortedError`.
pub static CONNECTION_ABORTED_ERROR: Kind = Kind::new("ConnectionAbortedError", &CONNECTION_ERROR);
/// `ConnectionRefusedError`.
pub static CONNECTION_REFUSED_ERROR: Kind = Kind::new("ConnectionRefusedError", &CONNECTION_ERROR);
/// `ConnectionResetError`.
pub static CONNECTION_RESET_ERROR: Kind = Kind::new("ConnectionResetError", &CONNECTION_ERROR);
/// `FileExistsError`.
pub static FILE_EXISTS_ERROR: Kind = Kind::new("FileExistsError", &OS_ERROR);
/// `FileNotFoundError`.
pub static FILE_NOT_FOUND_ERROR: Kind = Kind::new("FileNotFoundError", &OS_ERROR);
/// `InterruptedError`.
pub static INTERRUPTED_ERROR: Kind = Kind::new("InterruptedError", &OS_ERROR);
/// `IsADirectoryError`.
pub static IS_A_DIRECTORY_ERROR: Kind = Kind::new("IsADirectoryError", &OS_ERROR);
/// `NotADirectoryError`.
pub static NOT_A_DIRECTORY_ERROR: Kind = Kind::new("NotADirectoryError", &OS_ERROR);
/// `PermissionError`.
pub static PERMISSION_ERROR: Kind = Kind::new("PermissionError", &OS_ERROR);
/// `ProcessLookupError`.
pub static PROCESS_LOOKUP_ERROR: Kind = Kind::new("ProcessLookupError", &OS_ERROR);
/// `TimeoutError`.
pub static TIMEOUT_ERROR: Kind = Kind::new("TimeoutError", &OS_ERROR);
/// `ReferenceError`.
pub static REFERENCE_ERROR: Kind = Kind::new("ReferenceError", &EXCEPTION);
/// `RuntimeError`.
pub static RUNTIME_ERROR: Kind = Kind::new("RuntimeError", &EXCEPTION);
/// `NotImplementedError`.
pub static NOT_IMPLEMENTED_ERROR: Kind = Kind::new("NotImplementedError", &RUNTIME_ERROR);
/// `RecursionError`.
pub static RECURSION_ERROR: Kind = Kind::new("RecursionError", &RUNTIME_ERROR);
/// `StopAsyncIteration`.
pub static STOP_ASYNC_ITERATION: Kind = Kind::new("StopAsyncIteration", &EXCEPTION);
/// `StopIteration`.
pub static STOP_ITERATION: Kind = Kind::new("StopIteration", &EXCEPTION);
/// `SyntaxError`.
pub static SYNTAX_ERROR: Kind = Kind::new("SyntaxError", &EXCEPTION);
/// `IndentationError`.
pub static INDENTATION_ERROR: Kind = Kind::new("IndentationError", &SYNTAX_ERROR);
/// `TabError`.
pub static TAB_ERROR: Kind = Kind::new("TabError", &INDENTATION_ERROR);
/// `SystemError`.
pub static SYSTEM_ERROR: Kind = Kind::new("SystemError", &EXCEPTION);
/// `TypeError`.
pub static TYPE_ERROR: Kind = Kind::new("TypeError", &EXCEPTION);
/// `ValueError`.
pub static VALUE_ERROR: Kind = Kind::new("ValueError", &EXCEPTION);
/// `UnicodeError`.
pub static UNICODE_ERROR: Kind = Kind::new("UnicodeError", &VALUE_ERROR);
/// `UnicodeDecodeError`.
pub static UNICODE_DECODE_ERROR: Kind = Kind::new("UnicodeDecodeError", &UNICODE_ERROR);
/// `UnicodeEncodeError`.
pub static UNICODE_ENCODE_ERROR: Kind = Kind::new("UnicodeEncodeError", &UNICODE_ERROR);
/// `UnicodeTranslateError`.
pub static UNICODE_TRANSLATE_ERROR: Kind = Kind::new("UnicodeTranslateError", &UNICODE_ERROR);
/// `Warning`.
pub static WARNING: Kind = Kind::new("Warning", &EXCEPTION);
/// `BytesWarning`.
pub static BYTES_WARNING: Kind = Kind::new("BytesWarning", &WARNING);
/// `DeprecationWarning`.
pub static DEPRECATION_WARNING: Kind = Kind::new("DeprecationWarning", &WARNING);
/// `EncodingWarning`.
pub static ENCODING_WARNING: Kind = Kind::new("EncodingWarning", &WARNING);
/// `FutureWarning`.
pub static FUTURE_WARNING: Kind = Kind::new("FutureWarning", &WARNING);
/// `ImportWarning`.
pub static IMPORT_WARNING: Kind = Kind::new("ImportWarning", &WARNING);
/// `PendingDeprecationWarning`.
pub static PENDING_DEPRECATION_WARNING: Kind = Kind::new("PendingDeprecationWarning", &WARNING);
/// `ResourceWarning`.
pub static RESOURCE_WARNING: Kind = Kind::new("ResourceWarning", &WARNING);
/// `RuntimeWarning`.
pub static RUNTIME_WARNING: Kind = Kind::new("RuntimeWarning", &WARNING);
/// `SyntaxWarning`.
pub static SYNTAX_WARNING: Kind = Kind::new("SyntaxWarning", &WARNING);
/// `UnicodeWarning`.
pub static UNICODE_WARNING: Kind = Kind::new("UnicodeWarning", &WARNING);
/// `UserWarning`.
pub static USER_WARNING: Kind = Kind::new("UserWarning", &WARNING);
/// `GeneratorExit`.
pub static GENERATOR_EXIT: Kind = Kind::new("GeneratorExit", &BASE_EXCEPTION);
/// `KeyboardInterrupt`.
pub static KEYBOARD_INTERRUPT: Kind = Kind::new("KeyboardInterrupt", &BASE_EXCEPTION);
/// `SystemExit`.
pub static SYSTEM_EXIT: Kind = Kind::new("SystemExit", &BASE_EXCEPTION);
