"""What is known of types by their tags: the tables that rooms of the library extend, and that the translator reads.

Enters: `enlist` for a type of the library. Leaves: how Python names a type (`SHOWN`), a value that Python is asked
about operators with (`SAMPLES`), the classes that `isinstance` takes its values for (`ABSTRACT`), and what its values
may be equal to (`ALIKE`).
"""

from __future__ import annotations

import collections

__all__ = ["ABSTRACT", "ALIKE", "SAMPLES", "SHOWN", "clash", "enlist"]

SHOWN: dict[str, str] = {
    "none": "NoneType",
    "iterator": "generator",
    "exception": "Exception",
    "RegexMatch": "re.Match",
}
SAMPLES: dict[str, object] = {
    "int": 1,
    "bool": True,
    "float": 1.5,
    "str": "a",
    "bytes": b"a",
    "bytearray": bytearray(b"a"),
    "list": [1],
    "tuple": (1,),
    "dict": {1: 1},
    "set": {1},
    "frozenset": frozenset((1,)),
    "none": None,
    "range": range(2),
    "deque": collections.deque((1,)),
    "Counter": collections.Counter("a"),
    "OrderedDict": collections.OrderedDict(a=1),
    "defaultdict": collections.defaultdict(int),
    "function": len,
}
ABSTRACT: dict[str, set[str]] = {
    "Iterable": {
        "list",
        "tuple",
        "dict",
        "set",
        "frozenset",
        "str",
        "iterator",
        "deque",
        "range",
        "bytes",
        "Generator",
    },
    "Sequence": {"list", "tuple", "str", "range", "bytes", "deque"},
    "Mapping": {"dict", "defaultdict", "Counter", "OrderedDict"},
    "Callable": {"function"},
    "Number": {"int", "float", "bool", "complex"},
    "Real": {"int", "float", "bool"},
    "Integral": {"int", "bool"},
    "Hashable": {"int", "float", "bool", "str", "tuple", "none", "frozenset", "bytes"},
}


ALIKE: dict[str, frozenset[str]] = {}
"""Types of the library whose values can equal values of other types: those, which no container may hold beside them."""


def clash(tags: set[str]) -> bool:
    """Whether values of these types, some of them the library's, may be equal without being of one type."""
    return any(tag in tags and tags & others - {tag} for tag, others in ALIKE.items())


def enlist(tag: str, name: str, shown: str, kinds: set[str], sample: object = None) -> None:
    """A type of the library.

    Args:
        tag: What the translator tells it by.
        name: Its class in Python, with its module.
        shown: Its name in error messages.
        kinds: The tags of values that `isinstance` takes for objects of the class.
        sample: A value of it, or None where Python is not to be asked.
    """
    ABSTRACT.setdefault(name.rpartition(".")[2], set()).update(kinds)
    SHOWN[tag] = shown
    if sample is not None:
        SAMPLES[tag] = sample
