"""The native door: what it names, what its documentation says, and what becomes of wrong calls and panics."""

from __future__ import annotations

import ast
import doctest
import functools
import inspect
import pickle
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sovereign import _native
from sovereign.errors import DeviceError, InternalError

STUB = Path(_native.__file__).with_name("_core.pyi")


def stub_names():
    """Texts by name of what the stub describes: functions, classes, methods and properties."""
    found = {}
    for node in ast.parse(STUB.read_text()).body:
        decorators = {ast.unparse(each) for each in getattr(node, "decorator_list", ())}
        if isinstance(node, ast.FunctionDef):
            found[node.name] = ast.get_docstring(node)
        elif isinstance(node, ast.ClassDef) and "type_check_only" not in decorators:
            found[node.name] = ast.get_docstring(node)
            members = (each for each in node.body if isinstance(each, ast.FunctionDef) and ast.get_docstring(each))
            found |= {f"{node.name}.{each.name}": ast.get_docstring(each) for each in members}
    return found


def found_at_run_time(path):
    return functools.reduce(getattr, path.split(".")[1:], getattr(_native, path.split(".")[0]))


def test_the_door_names_every_function_of_the_core():
    assert sorted(_native.__all__) == sorted(name for name in stub_names() if "." not in name)
    for name in _native.__all__:
        assert callable(getattr(_native, name))


@pytest.mark.parametrize("name", sorted(stub_names()))
def test_help_and_stub_say_the_same(name):
    assert inspect.getdoc(found_at_run_time(name)) == stub_names()[name]


@pytest.mark.parametrize("name", sorted(name for name, text in stub_names().items() if ">>>" in text))
def test_the_examples_of_help_hold(name):
    namespace = {each: getattr(_native, each) for each in _native.__all__}
    examples = doctest.DocTestParser().get_doctest(found_at_run_time(name).__doc__, namespace, name, None, 0)
    assert examples.examples
    assert doctest.DocTestRunner().run(examples).failed == 0


@pytest.mark.parametrize(
    ("name", "signature"),
    [
        ("add", "(a, b, /, *, out=None, backend=None, explain=False)"),
        ("clip", "(x, low, high, /, *, out=None, backend=None, explain=False)"),
        ("layer_norm", "(x, /, *, weight=None, bias=None, epsilon=1e-05, out=None, backend=None, explain=False)"),
        ("set_rates", "(*, peak_gflops=None, read_gb_s=None, is_calibrated=False)"),
        ("Vector", "(values, dtype=None)"),
        ("Vector.borrow", "(buffer, /)"),
        ("Array.close", "(self, /)"),
        ("Array.reshape", "(self, first, second=None, /)"),
        ("threads", "()"),
    ],
)
def test_signatures_are_those_of_the_stub(name, signature):
    assert str(inspect.signature(found_at_run_time(name))) == signature


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="`nope`"):
        _native.nope  # noqa: B018


def test_nothing_is_none():
    assert _native.nothing() is None


def test_a_panic_becomes_an_error_that_says_where(capfd):
    with pytest.raises(InternalError) as caught:
        _native.provoke_panic("for a test")
    error = caught.value
    assert error.code == "native.panic"
    assert error.detail["reason"] == "for a test"
    file, line = error.detail["where"].split(":")
    assert file.endswith("facts.rs")
    assert int(line) > 0
    assert str(error) == "the native core met a state that should be impossible: `for a test`"
    assert capfd.readouterr() == ("", ""), "the panic wrote something itself"
    assert pickle.loads(pickle.dumps(error)).detail == error.detail  # noqa: S301 - our own bytes


def test_the_core_works_on_after_a_panic_in_any_thread():
    reasons = []

    def panic():
        with pytest.raises(InternalError) as caught:
            _native.provoke_panic(threading.current_thread().name)
        reasons.append((threading.current_thread().name, caught.value.detail["reason"]))

    threads = [threading.Thread(target=panic) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reasons) == 4
    assert all(name == reason for name, reason in reasons)
    assert _native.dot(memoryview(b"\0\0\x80?").cast("f"), memoryview(b"\0\0\0@").cast("f")) == 2.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (_native.dot, "`dot` takes 2 positional arguments, got: `0`"),
        (lambda: _native.sum(1, 2), "`sum` takes 1 positional arguments, got: `2`"),
        (lambda: _native.dot(1, 2, speed=3), "`dot` has no keyword argument: `speed`"),
        (lambda: _native.dot(1, b=2), "`dot` takes 2 positional arguments, got: `1`"),
        (lambda: _native.nothing(start=0), "`nothing` has no keyword argument: `start`"),
        (lambda: _native.crc32(b"", start=0, end=1), "`crc32` has no keyword argument: `end`"),
        (lambda: _native.crc32(b"", start=1 << 32), "`start` should fit into 32 bits"),
    ],
)
def test_a_call_of_another_shape_is_a_type_error(call, message):
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value) == message


def test_python_s_own_errors_pass_through():
    with pytest.raises(TypeError, match="bytes-like"):
        _native.crc32("text")
    with pytest.raises(OverflowError):
        _native.crc32(b"", start=-1)
    with pytest.raises(TypeError):
        _native.read_loop(b"", "3")


def test_keywords_with_none_mean_that_nothing_was_given():
    assert _native.crc32(b"123456789", start=None) == 0xCBF43926


def test_no_reference_is_lost_or_kept():
    vector, text = memoryview(bytes(400)).cast("f"), "no such backend, " + "x" * 20
    before = sys.getrefcount(vector), sys.getrefcount(text), sys.getrefcount(None)
    for _ in range(1000):
        _native.dot(vector, vector)
        with pytest.raises(DeviceError):
            _native.sum(vector, backend=text)
        _native.nothing()
    assert (sys.getrefcount(vector), sys.getrefcount(text)) == before[:2]
    assert abs(sys.getrefcount(None) - before[2]) < 500
    vector.release()  # fails while a view of it is held


def test_a_core_that_cannot_be_loaded_is_told_with_what_mends_it():
    program = (
        "import sys; sys.modules['sovereign._native._core'] = None\n"
        "import sovereign._native as door\n"
        "try: door.dot\n"
        "except Exception as error: print(type(error).__name__, error.code, error.detail['fix'], error, sep='|')\n"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    family, code, fix, sentence = finished.stdout.strip().split("|")
    assert (family, code, fix) == ("DeviceError", "native.missing", "make demo")
    assert sentence.startswith("the Rust core cannot be loaded, build it with `make demo`: `")


def test_the_door_does_not_load_the_core_before_it_is_used():
    program = "import sys, sovereign._native; print('sovereign._native._core' in sys.modules)"
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert finished.stdout == "False\n"
