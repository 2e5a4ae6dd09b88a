"""What the standard library offers and what would cost more to import than all of a small program's run.

Enters: nothing. Leaves: `NamedTuple`, `contextmanager`, `dataclass_transform` and `pattern` for the files that a run
needs; checkers of types see the originals. `typing`, `contextlib`, `re` and what they bring are two thirds of a start
that has them. Regular expressions come out of tables that `image.py` keeps, where there are any. Read `sources.py`
next.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found] # of Python's own, without types

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator
    from contextlib import contextmanager
    from typing import Any, NamedTuple, dataclass_transform
else:
    from _collections import _tuplegetter

    class NamedTuple(tuple):
        """A tuple whose items have names, made by a class statement as with `typing.NamedTuple`."""

        __slots__ = ()
        _fields: tuple[str, ...] = ()
        _defaults: dict[str, Any] = {}  # noqa: RUF012 - every class has its own

        def __init_subclass__(cls) -> None:
            cls._fields = tuple(cls.__annotations__)
            cls._defaults = {name: cls.__dict__[name] for name in cls._fields if name in cls.__dict__}
            for place, name in enumerate(cls._fields):
                setattr(cls, name, _tuplegetter(place, ""))

        def __new__(cls, *values: Any, **named: Any) -> Any:
            """One of them; `values` come first, the rest by name or by default."""
            if len(values) < len(cls._fields):
                rest = cls._fields[len(values) :]
                values += tuple([named[name] if name in named else cls._defaults[name] for name in rest])
            return tuple.__new__(cls, values)

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

        def _replace(self, **named: Any) -> Any:
            return tuple.__new__(type(self), (self._asdict() | named).values())

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

    class _Managed:
        """A generator with one `yield` as the two ends of a `with` block."""

        __slots__ = ("steps",)

        def __init__(self, steps: Iterator[Any]) -> None:
            self.steps = steps

        def __enter__(self) -> Any:
            return next(self.steps)

        def __exit__(self, kind: object, error: BaseException | None, _traceback: object) -> None:
            if kind is None:
                next(self.steps, None)
            else:
                self.steps.throw(error)

    def contextmanager(function: Callable[..., Iterator[Any]]) -> Callable[..., Any]:
        """As that of `contextlib`, for functions that let every error pass."""
        return lambda *values, **named: _Managed(function(*values, **named))

    def dataclass_transform(**_facts: object) -> Callable[[Any], Any]:
        """As that of `typing`: it says something to checkers alone."""
        return lambda made: made


__all__ = ["ASKED", "DOTALL", "TABLES", "NamedTuple", "contextmanager", "dataclass_transform", "pattern"]

DOTALL = 16
"""`re.DOTALL` as a number."""
TABLES: dict[tuple[str, int], tuple[Any, ...]] = {}
"""What `re` made of the expressions of this room, for this very Python: flags, code, groups and their names."""


ASKED: list[tuple[str, int]] = []
"""The expressions that were compiled, for whoever writes such tables."""


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    r"""A compiled regular expression.

    >>> pattern(r"a+").match("aab").end()
    2
    """
    ASKED.append((text, flags))
    known = TABLES.get((text, flags))
    if known is not None:
        return _sre.compile(text, *known)  # type: ignore[no-any-return] # as above
    import re

    return re.compile(text, flags)
