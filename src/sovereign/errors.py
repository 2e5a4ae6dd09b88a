"""Every error that Sovereign raises on purpose, and the catalogue of their codes.

Enters: nothing; this module imports nothing of ours, so that every layer can raise. Leaves: the families
below and `catalogue()`. Each error carries a stable `code` (`room.what_happened`), a `detail` dict with the
facts, and a text of one sentence that says what was expected and what was found.

A new error takes a line in `_CODES`, a page in `docs/reference/errors/` and a test; `tests/house/` checks all
three both ways. Read `diagnostic.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "ConvergenceError",
    "DeviceError",
    "ErrorCode",
    "FormatError",
    "GateFailed",
    "IntegrityError",
    "InternalError",
    "KindError",
    "NotFittedError",
    "NotFound",
    "ParameterError",
    "ShapeError",
    "SignatureError",
    "SourceError",
    "SovereignError",
    "TraceError",
    "catalogue",
]


class SovereignError(Exception):
    """The root of all errors raised on purpose.

    `code` is stable and documented, `detail` holds the facts under the names that the family documents, and
    `str(error)` is one sentence.

    >>> error = SovereignError("shell.usage", "unknown option: `--fats`", option="--fats")
    >>> error.code, error.detail, str(error)
    ('shell.usage', {'option': '--fats'}, 'unknown option: `--fats`')
    """

    def __init__(self, code: str, message: str, **detail: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail: Mapping[str, object] = detail

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        # The default would call the class with the message alone, and errors must survive a process pool.
        return _rebuild, (type(self), self.code, self.message, dict(self.detail))


def _rebuild(family: type[SovereignError], code: str, message: str, detail: dict[str, object]) -> SovereignError:
    error = family.__new__(family)
    SovereignError.__init__(error, code, message, **detail)
    return error


class ShapeError(SovereignError, ValueError):
    """Arrays do not fit together. Detail: `expected`, `got`, both as shapes."""


class ParameterError(SovereignError, ValueError):
    """An argument has a value that is not allowed. Detail: `name`, `value`, `allowed`."""


class KindError(ParameterError, TypeError):
    """An argument is of a kind that is not taken at all. Detail as of `ParameterError`."""


class NotFittedError(SovereignError, ValueError, AttributeError):
    """An estimator was used before `fit`. Detail: `estimator`."""


class ConvergenceError(SovereignError, ArithmeticError):
    """An iteration ended without an answer. Detail: `iterations`, `residual`."""


class FormatError(SovereignError, ValueError):
    """Bytes are not what their format says. Detail: `path`, `offset` in bytes, `field`, `expected`, `got`."""


class IntegrityError(FormatError):
    """Bytes were changed or cut off since they were written: checksum, truncation."""


class SignatureError(FormatError):
    """A signature does not hold, or its key is not known."""


class NotFound(SovereignError, LookupError):  # noqa: N818 - as in house.md §6
    """A name has no entry. Detail: `name`, `nearest` as a list of names."""


class DeviceError(SovereignError, RuntimeError):
    """A backend or the native core cannot do what was asked. Detail: `backend`, `reason`."""


class TraceError(SovereignError, OSError):
    """The kernel refused to trace. Detail: `errno`, `pid`, `syscall`."""


class Finding(Protocol):
    """What `SourceError` needs of a diagnostic; `sovereign.diagnostic.Diagnostic` is the real one."""

    @property
    def code(self) -> str: ...

    @property
    def message(self) -> str: ...


class SourceError(SovereignError, ValueError):
    """Source text was refused. Holds every finding, never just the first."""

    def __init__(self, code: str, message: str, *, diagnostics: Sequence[Finding]) -> None:
        super().__init__(code, message, diagnostics=tuple(diagnostics))

    @property
    def diagnostics(self) -> tuple[Finding, ...]:
        """The findings in source order."""
        found = self.detail["diagnostics"]
        assert isinstance(found, tuple)
        return found


class GateFailed(SovereignError):  # noqa: N818 - as in house.md §6
    """A gate measured and the answer is no. Detail: `rule`, `measured`, `required`."""


class InternalError(SovereignError, RuntimeError):
    """A defect of ours: a panic in the native core, or an invariant that did not hold. Detail: `where`."""


class ErrorCode(NamedTuple):
    """One line of the catalogue."""

    code: str
    family: type[SovereignError]
    summary: str


_CODES: tuple[ErrorCode, ...] = (
    # the shell: what every command may say
    ErrorCode("shell.usage", ParameterError, "the command line has an option or argument that does not exist"),
    ErrorCode("shell.not_found", NotFound, "a file or folder that was named is not there"),
    ErrorCode("shell.not_a_file", ParameterError, "a folder was named where a file is needed"),
    ErrorCode("shell.not_a_folder", ParameterError, "a file was named where a folder is needed"),
    ErrorCode("shell.unreadable", ParameterError, "a file is there but may not be read"),
    ErrorCode("shell.not_utf8", ParameterError, "an argument or a text file is not valid UTF-8"),
    ErrorCode("shell.exists", ParameterError, "a file is already there and `--force` was not given"),
    ErrorCode("shell.cannot_write", DeviceError, "output could not be written, for example on a full disk"),
    ErrorCode("shell.interrupted", DeviceError, "the command was stopped by Ctrl-C"),
    ErrorCode("shell.internal", InternalError, "a defect of ours ended the command"),
    ErrorCode("shell.plugin", DeviceError, "an installed distribution offers something that cannot be loaded"),
    # the native door
    ErrorCode("native.missing", DeviceError, "the Rust core is not built or does not fit this machine"),
    ErrorCode("native.panic", InternalError, "the Rust core met a state that should be impossible"),
    # trueno
    ErrorCode("trueno.shape", ShapeError, "arrays differ in shape or have another number of dimensions"),
    ErrorCode("trueno.dtype", ParameterError, "an array holds another element type than the operation takes"),
    ErrorCode("trueno.layout", ParameterError, "an array is masked, or read-only where it should be written"),
    ErrorCode("trueno.overlap", ParameterError, "`out` shares a part of an input"),
    ErrorCode("trueno.index", ParameterError, "an index points outside of its array"),
    ErrorCode("trueno.parameter", ParameterError, "a number or name that an operation was given makes no sense"),
    ErrorCode("trueno.closed", ParameterError, "an array was used after it was closed"),
    ErrorCode("trueno.in_use", ParameterError, "an array was closed while others looked into its memory"),
    ErrorCode("trueno.not_positive_definite", ParameterError, "a matrix has no Cholesky factor"),
    ErrorCode("trueno.singular", ParameterError, "a triangular matrix has a zero on its diagonal"),
    ErrorCode("trueno.backend", DeviceError, "a backend does not exist, or this machine lacks it"),
    # the model file
    ErrorCode("container.truncated", IntegrityError, "the file ends before the header says that it does"),
    ErrorCode("container.magic", FormatError, "the file does not begin as an `.apr` file does"),
    ErrorCode("container.version", FormatError, "the file is of a format version that this reader does not know"),
    ErrorCode("container.field", FormatError, "a header field holds a value that the format does not allow"),
    ErrorCode("container.surplus", IntegrityError, "bytes follow that the header does not announce"),
    ErrorCode("container.checksum", IntegrityError, "the checksum of the file is not the one it carries"),
    ErrorCode("container.limit", FormatError, "a field is larger than what a reader is willing to hold"),
    ErrorCode("container.hidden", IntegrityError, "bytes that should be zero padding carry something"),
    ErrorCode("container.overlap", FormatError, "two sections or tensors of a file claim the same byte"),
    ErrorCode("container.text", FormatError, "a text in a file is not UTF-8"),
    ErrorCode("container.json", FormatError, "a block of JSON in a file is malformed or not what the layout says"),
    ErrorCode("container.metadata", FormatError, "the metadata of a file is not what its layout says"),
    ErrorCode("container.inside", FormatError, "a payload is not the plain file of tensors that it should be"),
    ErrorCode("container.unsupported", FormatError, "the layout was recognised and is not opened"),
    ErrorCode("container.stream", IntegrityError, "compressed bytes are no stream of their kind"),
    ErrorCode("container.expansion", IntegrityError, "a stream holds more or fewer bytes than the file declares"),
    ErrorCode("container.unproved", FormatError, "a file without a checksum was opened where one is required"),
    ErrorCode("container.not_finite", FormatError, "a tensor holds NaN or infinity where that is refused"),
    ErrorCode("container.closed", ParameterError, "a file was used after it was closed"),
    ErrorCode("container.parameter", ParameterError, "an argument about a file has a value that is not allowed"),
    ErrorCode("container.memory", ParameterError, "content needs more memory than may be used"),
    ErrorCode("container.layout", ParameterError, "an operation does not exist for the layout of the file"),
    ErrorCode("container.encrypted", ParameterError, "a payload is encrypted where it must not be"),
    ErrorCode("container.dtype", ParameterError, "an array is of a type that no layout stores"),
    ErrorCode("container.data", FormatError, "data embedded in a file is not as it was written"),
    ErrorCode("container.data_shape", ShapeError, "embedded data, its targets and its names do not fit together"),
    ErrorCode("container.safetensors", FormatError, "a file is not safetensors, or holds what NumPy cannot"),
    ErrorCode("container.library", DeviceError, "an optional package is needed and not installed"),
    ErrorCode("container.section", NotFound, "a file has no section of that role"),
    ErrorCode("container.tensor", NotFound, "a file has no tensor of that name"),
    ErrorCode("container.entry", NotFound, "a bundle has no model of that name"),
    ErrorCode("container.suite", SignatureError, "a cipher suite is unknown or no longer believed"),
    ErrorCode("container.suite_missing", DeviceError, "the installed libraries lack the algorithms of a suite"),
    ErrorCode("container.suite_mixed", ParameterError, "a file encrypted by one suite was to be signed by another"),
    ErrorCode("container.key", ParameterError, "a key or password is missing, malformed, or of another algorithm"),
    ErrorCode("container.signature", SignatureError, "a signature does not hold"),
    ErrorCode("container.unknown_key", SignatureError, "a signature holds, and its key is not trusted"),
    ErrorCode("container.decrypt", SignatureError, "a password or key does not open a file, or the file was changed"),
    ErrorCode("container.trust", FormatError, "the trust store is not as it was written, or a name in it is taken"),
    ErrorCode("container.trust_unknown", NotFound, "the trust store has no key of that name"),
    ErrorCode("container.budget", GateFailed, "a file may take longer to load than its budget of time"),
    # renacer: traces in the formats of other tools
    ErrorCode("renacer.library", DeviceError, "an optional package is needed and not installed"),
    ErrorCode("renacer.collector", DeviceError, "a collector of spans refuses them or cannot be reached"),
    ErrorCode("renacer.endpoint", ParameterError, "the address of a collector is none of HTTP"),
    # aprender
    ErrorCode("aprender.not_fitted", NotFittedError, "an estimator was asked before it was fitted"),
    ErrorCode("aprender.shape", ShapeError, "rows, columns or targets do not fit together"),
    ErrorCode("aprender.kind", KindError, "data is of a kind that no estimator takes: sparse, or no numbers"),
    ErrorCode("aprender.values", ParameterError, "data holds values that an estimator does not take"),
    ErrorCode("aprender.parameter", ParameterError, "a parameter does not exist, or has a value that makes no sense"),
    ErrorCode("aprender.classes", ParameterError, "there are too few classes to tell apart"),
    ErrorCode("aprender.columns", ParameterError, "the names of columns are not those of the data that was learned"),
    ErrorCode("aprender.image", FormatError, "the arrays of a file are no model that an estimator can be made of"),
    ErrorCode("aprender.step", NotFound, "a pipeline has no step of that name"),
    ErrorCode("aprender.roundtrip", InternalError, "an estimator did not come back from its file as it was"),
    ErrorCode("aprender.unsupported", ParameterError, "an estimator or a part of it has no place in a model file"),
    # the `apr` command
    ErrorCode("apr.invalid", GateFailed, "a model file is not proved valid"),
    ErrorCode("apr.untrusted", GateFailed, "a signature is missing, does not hold, or its key is not trusted"),
    ErrorCode("apr.lossy", GateFailed, "a conversion would lose something, and `--strict` was given"),
    # Rust targets
    ErrorCode("targets.unknown", NotFound, "no Rust target of that name is supported"),
    ErrorCode("targets.missing", DeviceError, "a Rust target cannot be built on this machine as it is"),
    # Rust out of a tree
    ErrorCode("rust.invalid_tree", InternalError, "a front-end built a Rust tree that is not valid"),
    ErrorCode("rust.support", InternalError, "two files of the support module mean different things by one name"),
    ErrorCode("rust.no_std", ParameterError, "a program without an operating system uses what needs one"),
    ErrorCode("rust.rejected", SourceError, "rustc refuses a program"),
    ErrorCode("rust.compiler", DeviceError, "rustc or cargo gave no answer, or no program"),
    ErrorCode("rust.training", DeviceError, "a program could not be optimised by what its runs record"),
    ErrorCode("rust.project", ParameterError, "a Cargo project has a name or a path that it may not have"),
    # two programs that should do the same
    ErrorCode("equivalence.missing_side", NotFound, "a program that should be compared is not there"),
    ErrorCode("equivalence.no_side", ParameterError, "one of the two programs to compare was not named"),
    ErrorCode("equivalence.no_cases", ParameterError, "nothing was given on which programs could be compared"),
    ErrorCode("equivalence.cases", ParameterError, "a list of cases is not what it should be"),
    ErrorCode("equivalence.run", DeviceError, "a side of a comparison does not start, answer or end"),
    ErrorCode("equivalence.type", ParameterError, "a type of a signature is none of plain data"),
    ErrorCode("equivalence.words", ParameterError, "words that should say a value say none"),
    # Python into Rust
    ErrorCode("depyler.embed", ParameterError, "a program loads no model by the path that a file should stand for"),
    ErrorCode("depyler.model", ParameterError, "a model cannot be part of a translated program"),
    ErrorCode("depyler.no_main", NotFound, "a folder that should be translated has no main file"),
    ErrorCode("depyler.syntax", SourceError, "a file to be translated is not valid Python"),
    ErrorCode("depyler.one_file", ParameterError, "a program with a model is more than one file of Rust"),
    ErrorCode("depyler.refused", SourceError, "a part of a Python program has no translation"),
    # renacer: programs that are traced
    ErrorCode("renacer.command", ParameterError, "a trace was asked for without a program"),
    ErrorCode("renacer.choice", ParameterError, "a word that should choose calls names none"),
    ErrorCode("renacer.program", TraceError, "a program to be traced is not there, or cannot be run"),
    ErrorCode("renacer.died", TraceError, "a process to be traced was killed before its program began"),
    ErrorCode("renacer.refused", TraceError, "the kernel does not let a process be traced"),
    ErrorCode("renacer.no_process", TraceError, "there is no process of the number that was named"),
    ErrorCode("renacer.output", TraceError, "a trace could not be written, for example on a full disk"),
    ErrorCode("renacer.system", TraceError, "the system refused the tracer something, for example a further file"),
    # renacer: traces and what is kept of them
    ErrorCode("renacer.trace", FormatError, "a line of a trace is not what its format says"),
    ErrorCode("renacer.cut", IntegrityError, "a trace or a golden file ends before its last line"),
    ErrorCode("renacer.empty", FormatError, "a trace holds no call, so that it says nothing"),
    ErrorCode("renacer.golden", FormatError, "a line of a golden file is not what its format says"),
    ErrorCode("renacer.recordings", ParameterError, "too few recordings, or one that does not tell all that was done"),
    ErrorCode("renacer.settings", ParameterError, "a file of assertions holds what none of them takes"),
    ErrorCode("renacer.expression", ParameterError, "an expression of an assertion cannot be understood"),
    ErrorCode("renacer.window", ParameterError, "a window of anomalies cannot tell what is usual"),
    ErrorCode("renacer.unmeasured", DeviceError, "a trace does not hold what an assertion asks about"),
    # serverless
    ErrorCode("serverless.source", ParameterError, "a handler is in no language that a function can be in"),
    ErrorCode("serverless.arch", ParameterError, "a function cannot run on a machine of that name"),
    ErrorCode("serverless.handler", SourceError, "a file in Rust has no function that answers events"),
    ErrorCode("serverless.archive", FormatError, "a function's archive cannot be read, or has nothing to start"),
    ErrorCode("serverless.no_program_file", FormatError, "the program of a function is no program for Linux"),
    ErrorCode("serverless.no_program", NotFound, "the program of a function cannot be started on this machine"),
    ErrorCode("serverless.no_events", ParameterError, "a function was to be invoked without an event"),
    ErrorCode("serverless.port", ParameterError, "a port that was asked for cannot be listened on"),
    ErrorCode("serverless.candidate", ParameterError, "a candidate of a bench that was named does not exist"),
    ErrorCode("serverless.baseline", ParameterError, "a kept run of a bench is not what it should be"),
    ErrorCode("serverless.peer", ParameterError, "a further candidate of a bench is no program with a name"),
    ErrorCode("serverless.judge", DeviceError, "the bench of cold starts could not measure"),
    ErrorCode("serverless.training", ParameterError, "a function cannot be optimised for events on this machine"),
    ErrorCode("serverless.tiers", DeviceError, "memory cannot be limited on this machine"),
    # ruchy
    ErrorCode("ruchy.refused", SourceError, "a Ruchy program was refused; each finding says why"),
    ErrorCode("ruchy.build_mode", ParameterError, "`RUCHY_BUILD` says something else than it can"),
    ErrorCode("ruchy.not_compiled", SourceError, "the compiler does not take something that `ruchy run` runs"),
    ErrorCode("ruchy.syntax", SourceError, "a text is not written as the language is"),
    ErrorCode("ruchy.layout", SourceError, "the indentation of a block does not fit the lines around it"),
    ErrorCode("ruchy.limit", SourceError, "a program is nested deeper or a line longer than anybody writes"),
    ErrorCode("ruchy.unsupported", SourceError, "a construct is known and not part of this language"),
    ErrorCode("ruchy.name", SourceError, "a name means nothing here, or means two things"),
    ErrorCode("ruchy.import", SourceError, "a module is not beside the program"),
    ErrorCode("ruchy.type", SourceError, "two types contradict each other for certain"),
    ErrorCode("ruchy.doubt", SourceError, "something can only be wrong, as `ruchy check` says"),
    ErrorCode("ruchy.dynamic", SourceError, "a place holds values of several types, as `ruchy check --strict` says"),
    ErrorCode("ruchy.layout_differs", GateFailed, "a program is not in the canonical layout"),
    ErrorCode("ruchy.test_failed", GateFailed, "a test that a program carries failed"),
    # gates
    ErrorCode("stack.empty", DeviceError, "no self-test is registered, so the stack cannot be checked"),
    ErrorCode("stack.unknown", NotFound, "no self-test of that name is registered"),
    # the line of a project
    ErrorCode("batuta.settings", ParameterError, "`batuta.toml` cannot be read, or has a key that is unknown"),
    ErrorCode("batuta.too_large", ParameterError, "a folder that was named as a project has too many files"),
    ErrorCode("batuta.state", FormatError, "the record of what was done with a project cannot be read"),
    ErrorCode("batuta.output", ParameterError, "a folder that is to be written holds something else"),
    ErrorCode("batuta.refused", SourceError, "files of a project are not translated"),
    ErrorCode("batuta.nothing", NotFound, "a project has nothing to translate, or no function where one is needed"),
    ErrorCode("batuta.no_model", NotFound, "a model that a function loads was not trained yet"),
    ErrorCode("batuta.no_translation", NotFound, "a folder holds no translated project"),
    ErrorCode("batuta.stopped", GateFailed, "a stage stands still because an earlier one failed or is missing"),
    ErrorCode("batuta.different", GateFailed, "a project and its translation differ, or were not compared"),
    ErrorCode("batuta.command", DeviceError, "a command that belongs to a project fails"),
    ErrorCode("batuta.no_client", NotFound, "the service's own client for Python is not installed"),
    ErrorCode("batuta.demo", GateFailed, "a step of the demo did not do its thing"),
    ErrorCode("stack.broken", GateFailed, "a self-test of the installed stack did not hold"),
)


def catalogue() -> tuple[ErrorCode, ...]:
    """Every code that an error of ours can carry, in the order of the layers."""
    return _CODES
