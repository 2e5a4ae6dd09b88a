"""Doors of rooms that load a name when it is first used.

Enters: a room and the file in it that each of its names comes from. Leaves: what stands as `__getattr__` in its
`__init__`. A command then starts without the files that it does not need. It is a file of its own without imports,
because it is a part of every such start.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["lazily"]


def lazily(room: str, homes: "Mapping[str, str]") -> "Callable[[str], object]":
    """The `__getattr__` of a room; `homes` gives the file of each name, without its ending.

    Errors    AttributeError   at a name that the room does not have.

    >>> found = lazily("sovereign.shell", {"nearest": "nearest"})("nearest")
    >>> found("sizes", ["size", "two"])
    ['size']
    """

    def named(name: str) -> object:
        home = homes.get(name)
        if home is None:
            message = f"module `{room}` has no attribute: `{name}`"
            raise AttributeError(message)
        import importlib

        value: object = getattr(importlib.import_module(f"{room}.{home}"), name)
        setattr(sys.modules[room], name, value)
        return value

    return named
