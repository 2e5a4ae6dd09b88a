"""Every operation against its twin, over generated numbers, shapes and layouts, on every backend of this machine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from sovereign.compute import trueno
from sovereign.compute.trueno import available_backends
from sovereign.compute.trueno.agreement import share
from sovereign.compute.trueno.reference import OPERATIONS
from strategies import CALLS, LAYOUTS, Call, calls, layouts

BACKENDS = [None, *available_backends()]
TYPES = st.sampled_from([np.float32, np.float64])
# There are some fifty operations; `make soak` gives each of them its share of the long run.
FEWER = settings(max_examples=max(settings().max_examples // 3, 10), deadline=None)
# These write into an argument and return nothing; the argument is the last, or the one of this name.
WRITING = {"axpy": 2, "scatter": "out"}
NUMBERS = set("dot sum mean var min max argmin argmax norm_l1 norm_l2 norm_linf".split())
PLACED = sorted(OPERATIONS.keys() - WRITING.keys() - NUMBERS - set("top_k qr transpose argmin_axis1 conv2d".split()))


def held(value: Any, layout: str) -> Any:
    """An argument as a caller may hold it; what is no array of one dimension or two stays as it is."""
    is_array = isinstance(value, np.ndarray) and value.ndim in {1, 2}
    return LAYOUTS[layout](value) if is_array else value


def layouts_for(data: Any, name: str, call: Call) -> dict[Any, str]:
    """How each argument is held; images and what goes with them lie without gaps, and what is written stays plain."""
    places = [] if name == "conv2d" else [*range(len(call.arguments)), *call.options]
    return {place: data.draw(layouts()) for place in places if place != WRITING.get(name)}


def run(name: str, call: Call, layouts_of: dict[Any, str], **how: Any) -> Any:
    """The answer of a call whose arguments are held as told, as plain arrays."""
    arguments = [held(each, layouts_of.get(place, "array")) for place, each in enumerate(call.arguments)]
    options = {key: held(each, layouts_of.get(key, "array")) for key, each in call.options.items()}
    if name in WRITING:
        place = WRITING[name]
        target = arguments if isinstance(place, int) else options
        target[place] = target[place].copy()  # type: ignore[call-overload]
        getattr(trueno, name)(*arguments, **options, **how)
        return np.asarray(target[place])  # type: ignore[call-overload]
    if name == "conv2d":
        how["out"] = np.empty(OPERATIONS[name].exact(*call.arguments, **call.options).shape, call.arguments[0].dtype)
    return plain(getattr(trueno, name)(*arguments, **options, **how))


def plain(result: Any) -> Any:
    """The arrays of a result as NumPy's."""
    return tuple(map(np.asarray, result)) if isinstance(result, tuple) else np.asarray(result)


def test_every_operation_of_the_room_has_its_twin_and_its_calls():
    others = set(trueno.__all__) - OPERATIONS.keys()
    assert {each for each in others if each[0].islower()} == {
        "active_backend",
        "available_backends",
        "from_dlpack",
        "lazy",
        "pool_facts",
        "pool_limit",
        "pack",
        "pool_trim",
        "threads",
    }
    assert CALLS.keys() == OPERATIONS.keys()


@pytest.mark.parametrize("name", OPERATIONS)
@FEWER
@given(data=st.data())
def test_an_operation_agrees_with_its_twin_in_every_layout(name, data):
    call = data.draw(calls(name, data.draw(TYPES)))
    backend = data.draw(st.sampled_from(BACKENDS))
    layouts_of = layouts_for(data, name, call)
    note(f"{backend} {layouts_of}")
    error = share(name, run(name, call, layouts_of, backend=backend), *call.arguments, **call.options)
    assert error <= 1


def guarded(shape: Any, dtype: Any, kind: str) -> tuple[Any, Any]:
    """An output of that shape, and the memory around it, which has to stay 7."""
    gap = 2 if kind == "strided" else 1
    rows, columns = (1, *shape)[-2:]
    memory = np.full((rows + 2, gap * columns + 5), 7, dtype)
    if kind == "misaligned":
        raw = np.zeros(memory.nbytes + 1, np.uint8)
        memory = raw[1:].view(dtype).reshape(memory.shape)
        memory[...] = 7
    inner = memory[1 : rows + 1, 3 : 3 + gap * columns : gap]
    return (inner[0] if len(shape) == 1 else inner), memory


@pytest.mark.parametrize("name", PLACED)
@FEWER
@given(data=st.data())
def test_a_result_goes_where_it_was_told_to_and_nowhere_else(name, data):
    call = data.draw(calls(name, data.draw(TYPES)))
    expected = run(name, call, {})
    out, memory = guarded(
        expected.shape, expected.dtype, data.draw(st.sampled_from(["plain", "strided", "misaligned"]))
    )
    told = getattr(trueno, name)(*call.arguments, **call.options, out=out)
    assert told is out
    assert np.array_equal(out, expected, equal_nan=True)
    out[...] = 7
    assert np.all(memory == 7)


IN_PLACE = (
    "add sub mul div minimum maximum pow fma lerp scale clip abs neg sqrt square reciprocal exp log relu leaky_relu "
    "gelu silu sigmoid tanh normalize softmax log_softmax layer_norm rms_norm prefix_sum"
).split()


@pytest.mark.parametrize("name", IN_PLACE)
@FEWER
@given(data=st.data())
def test_an_input_may_be_the_output(name, data):
    call = data.draw(calls(name, data.draw(TYPES)))
    backend = data.draw(st.sampled_from(BACKENDS))
    place = data.draw(st.sampled_from([i for i, each in enumerate(call.arguments) if isinstance(each, np.ndarray)]))
    arguments = [each.copy() if isinstance(each, np.ndarray) else each for each in call.arguments]
    layout = data.draw(st.sampled_from(["array", "off the register", "strided", "ours", "ours, borrowed"]))
    arguments[place] = out = LAYOUTS[layout](arguments[place])
    assert getattr(trueno, name)(*arguments, **call.options, out=out, backend=backend) is out
    assert share(name, np.asarray(out), *call.arguments, **call.options) <= 1


@pytest.mark.parametrize("name", OPERATIONS)
@FEWER
@given(data=st.data())
def test_explaining_changes_nothing_but_the_answer(name, data):
    call = data.draw(calls(name, np.float32))
    backend = data.draw(st.sampled_from(available_backends()))
    place = WRITING.get(name)
    # How sums are grouped depends on where an array lies, so both calls read the same memory.
    arguments, options = list(call.arguments), dict(call.options)
    target: Any = arguments if isinstance(place, int) else options
    if place is not None:
        target[place] = target[place].copy()
    result, chosen = getattr(trueno, name)(*arguments, **options, backend=backend, explain=True)
    assert (chosen.backend, chosen.threads >= 1) == (backend, True)
    assert chosen.reason
    if name == "conv2d":
        result = np.asarray(result).reshape(OPERATIONS[name].exact(*call.arguments, **call.options).shape)
    got = plain(result) if place is None else target[place]
    expected = run(name, call, {}, backend=backend)
    if isinstance(got, tuple):
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(got, expected, strict=True))
    else:
        assert np.array_equal(got, expected, equal_nan=True)
