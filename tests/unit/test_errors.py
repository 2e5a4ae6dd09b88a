"""The families of errors and their catalogue."""

from __future__ import annotations

import pickle

import pytest

from sovereign import errors
from sovereign.diagnostic import Diagnostic, Level


@pytest.mark.parametrize(
    ("family", "builtin"),
    [
        (errors.ShapeError, ValueError),
        (errors.ParameterError, ValueError),
        (errors.NotFittedError, AttributeError),
        (errors.NotFittedError, ValueError),
        (errors.ConvergenceError, ArithmeticError),
        (errors.FormatError, ValueError),
        (errors.IntegrityError, errors.FormatError),
        (errors.SignatureError, errors.FormatError),
        (errors.NotFound, LookupError),
        (errors.DeviceError, RuntimeError),
        (errors.TraceError, OSError),
        (errors.SourceError, ValueError),
        (errors.InternalError, RuntimeError),
        (errors.GateFailed, errors.SovereignError),
    ],
)
def test_a_family_is_caught_by_the_builtin_that_callers_know(family: type, builtin: type) -> None:
    assert issubclass(family, builtin)
    assert issubclass(family, errors.SovereignError)


def test_an_error_carries_code_sentence_and_detail() -> None:
    error = errors.ShapeError("trueno.shape", "lengths differ: `3` and `4`", expected=(3,), got=(4,))
    assert (error.code, str(error), error.detail) == (
        "trueno.shape",
        "lengths differ: `3` and `4`",
        {"expected": (3,), "got": (4,)},
    )


@pytest.mark.parametrize("entry", errors.catalogue(), ids=lambda entry: entry.code)
def test_an_error_of_each_code_survives_a_process_pool(entry: errors.ErrorCode) -> None:
    if entry.family is errors.SourceError:
        error: errors.SovereignError = errors.SourceError(entry.code, "m", diagnostics=())
    else:
        error = entry.family(entry.code, "a sentence: `x`", path="a", offset=3)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is entry.family
    assert (again.code, str(again), again.detail) == (error.code, str(error), error.detail)


def test_a_trace_error_keeps_its_sentence_beside_its_errno() -> None:
    error = errors.TraceError("x.y", "refused: `1`", errno=1, pid=7, syscall="ptrace")
    assert str(error) == "refused: `1`"
    assert error.detail["errno"] == 1


def test_a_source_error_holds_every_finding() -> None:
    found = [Diagnostic("a", Level.ERROR, "one"), Diagnostic("b", Level.ERROR, "two")]
    assert errors.SourceError("x.y", "two", diagnostics=found).diagnostics == tuple(found)


def test_codes_are_unique_and_named_room_then_what() -> None:
    codes = [entry.code for entry in errors.catalogue()]
    assert len(set(codes)) == len(codes)
    assert all(room.isidentifier() and what.isidentifier() for room, what in (code.split(".") for code in codes))


def test_each_code_has_a_family_and_a_summary() -> None:
    for entry in errors.catalogue():
        assert issubclass(entry.family, errors.SovereignError)
        assert entry.family is not errors.SovereignError
        assert entry.summary[0].islower() or entry.summary[0] == "`"
        assert not entry.summary.endswith(".")


def test_the_module_exports_each_family() -> None:
    families = {entry.family.__name__ for entry in errors.catalogue()}
    assert families <= set(errors.__all__)
