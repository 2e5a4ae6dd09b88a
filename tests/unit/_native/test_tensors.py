"""DLPack tensors that cannot be what they say: each is refused with an error of ours, and deleted once."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest

from sovereign._native import Vector, from_dlpack
from sovereign.errors import ParameterError

NAME = b"dltensor"


class Tensor(ctypes.Structure):
    _fields_ = (
        ("data", ctypes.c_void_p),
        ("device", ctypes.c_int32 * 2),
        ("dimensions", ctypes.c_int32),
        ("code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("byte_offset", ctypes.c_uint64),
    )


DELETER = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class Managed(ctypes.Structure):
    _fields_ = (("tensor", Tensor), ("context", ctypes.c_void_p), ("deleter", DELETER))


def capsule_of(pointer, name):
    new = ctypes.pythonapi.PyCapsule_New
    new.restype, new.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return new(pointer, name, None)


class Exporter:
    """Exports one float32 tensor of these lengths and strides; counts how often it is deleted."""

    def __init__(self, shape, strides=None, *, data=0, offset=0, name=NAME):
        self.deleted = 0
        self.name = name
        self.numbers = [None if each is None else (ctypes.c_int64 * len(each))(*each) for each in (shape, strides)]
        pointers = [ctypes.cast(each, ctypes.POINTER(ctypes.c_int64)) for each in self.numbers]
        tensor = Tensor(data, (1, 0), len(shape), 2, 32, 1, *pointers, offset)
        self.managed = Managed(tensor, None, DELETER(self.delete))

    def delete(self, _):
        self.deleted += 1

    def __dlpack_device__(self):
        return (1, 0)

    def __dlpack__(self):
        return capsule_of(ctypes.addressof(self.managed), self.name)


def refused(call):
    with pytest.raises(ParameterError) as caught:
        call()
    return caught.value


MEMORY = np.arange(12, dtype=np.float32)


@pytest.mark.parametrize(
    ("shape", "strides"),
    [
        ((-1,), None),
        ((-1, -4), None),
        ((2, -3), (3, 1)),
        ((1 << 62, 4), None),
        ((1 << 32, 1 << 32), None),
        ((1 << 61, 1), None),
        ((2,), (1 << 62,)),
        ((2,), (-(1 << 63),)),
        ((3, 2), (1 << 60, 1 << 60)),
    ],
)
def test_impossible_lengths_and_strides_are_refused(shape, strides):
    exporter = Exporter(shape, strides, data=MEMORY.ctypes.data)
    error = refused(lambda: from_dlpack(exporter))
    assert (error.code, error.detail["name"], exporter.deleted) == ("trueno.parameter", "x", 0)
    assert str(shape[0]) in error.detail["value"]


def test_elements_lie_in_memory_unless_there_are_none():
    error = refused(lambda: from_dlpack(Exporter((3,))))
    assert (error.code, error.detail["value"]) == ("trueno.parameter", "data null")
    assert refused(lambda: from_dlpack(Exporter((3,), offset=64))).code == "trueno.parameter"
    assert refused(lambda: from_dlpack(Exporter((3,), data=MEMORY.ctypes.data, offset=2))).code == "trueno.layout"
    for shape in ((0,), (0, 1 << 40), (1 << 40, 0)):
        exporter = Exporter(shape)
        taken = from_dlpack(exporter)
        assert (taken.shape, taken.size) == (shape, 0)
        taken.close()
        assert exporter.deleted == 1


@pytest.mark.parametrize(("shape", "strides"), [((3,), (-2,)), ((2, 3), (1, 3)), ((1, 4), (1 << 62, 2)), ((4,), (0,))])
def test_strides_of_any_kind_that_stay_inside_are_taken(shape, strides):
    exporter = Exporter(shape, strides, data=MEMORY.ctypes.data + 16)
    used = [stride if length > 1 else 0 for length, stride in zip(shape, strides, strict=True)]
    places = 4 + sum(np.indices(shape) * np.reshape(used, (-1,) + (1,) * len(shape)))
    assert from_dlpack(exporter).tolist() == MEMORY[places].tolist()


def test_only_an_unused_capsule_of_a_tensor_is_taken():
    class Given:
        def __init__(self, capsule):
            self.capsule = capsule

        def __dlpack_device__(self):
            return (1, 0)

        def __dlpack__(self):
            return self.capsule

    used = Vector([1, 2]).__dlpack__()
    assert from_dlpack(Given(used)).tolist() == [1.0, 2.0]
    for capsule, value in ((used, "used_dltensor"), (capsule_of(8, b"other"), "other"), (3, "int")):
        error = refused(lambda capsule=capsule: from_dlpack(Given(capsule)))
        assert (error.code, error.detail["value"]) == ("trueno.parameter", value)
        assert "dltensor_versioned" in error.detail["allowed"]


@pytest.mark.parametrize("options", [{"max_version": 5}, {"max_version": (1,)}, {"dl_device": "cpu"}])
def test_a_pair_is_asked_for(options):
    error = refused(lambda: Vector([1]).__dlpack__(**options))
    (name, value), *_ = options.items()
    assert (error.code, error.detail["name"], error.detail["value"]) == ("trueno.parameter", name, repr(value))


def test_an_exporter_on_no_device_is_refused():
    exporter = Exporter((3,), data=MEMORY.ctypes.data)
    exporter.__class__ = type("Nowhere", (Exporter,), {"__dlpack_device__": lambda _: None})
    assert refused(lambda: from_dlpack(exporter)).detail["name"] == "__dlpack_device__"
