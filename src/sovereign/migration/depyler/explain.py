"""What the translator found out about a program, for people who want to know why the Rust is as it is.

Enters: a typed program. Leaves: an `Account` per function and combination of argument types. Read `program.py` for how
it is found.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovereign.migration.depyler.types import IntShape, TupleShape, describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sovereign.migration.depyler.program import Instance, Program
    from sovereign.migration.depyler.types import Type

__all__ = ["COLUMNS", "Account", "accounts"]

COLUMNS = ("line", "function", "takes", "gives", "raises", "slower for")


@dataclass(frozen=True, slots=True)
class Account:
    """One function as translated for one combination of argument types.

    `slower_for` names the variables that cost time, each with the reason: integers that no range was proved for, and
    values of several types.
    """

    path: str
    line: int
    function: str
    takes: dict[str, str]
    gives: str
    raises: bool
    slower_for: dict[str, str]

    def row(self) -> list[str]:
        """Its cells under `COLUMNS`."""
        takes = ", ".join(f"{name}: {type_}" for name, type_ in self.takes.items())
        slower = ", ".join(f"{name} ({reason})" for name, reason in self.slower_for.items())
        return [str(self.line), self.function, takes, self.gives, "yes" if self.raises else "no", slower]

    def to_json(self) -> dict[str, object]:
        """The same as a JSON object."""
        return {
            "path": self.path,
            "line": self.line,
            "function": self.function,
            "takes": self.takes,
            "gives": self.gives,
            "raises": self.raises,
            "slower_for": self.slower_for,
        }


def accounts(program: Program) -> list[Account]:
    """An account of each function that is translated, in the order of the source."""
    found = [_account(instance) for instance in program.reachable() if instance.item is not None]
    return sorted(found, key=lambda each: (each.path, each.line, each.function, str(each.takes)))


def _account(instance: Instance) -> Account:
    info = instance.info
    line = getattr(info.node, "lineno", 1)
    takes = {name: told(cell.read(None)) for name, cell in instance.parameters.items()}
    variables: dict[str, str] = {}
    for name, type_ in _variables(instance):
        reason = _slow(type_)
        if reason:
            variables.setdefault(name, reason)
    return Account(
        info.module.path, line, _name(instance), takes, told(instance.result.read(None)), instance.raises, variables
    )


def _variables(instance: Instance) -> Iterator[tuple[str, Type]]:
    for name, cell in instance.parameters.items():
        yield name, cell.read(None)
    for web, cell in instance.variables.items():
        yield web.name, cell.read(None)
    if isinstance(instance.info.node, ast.Module):
        for variable in instance.info.module.globals.values():
            yield variable.name, variable.cell.read(None)


def _name(instance: Instance) -> str:
    info = instance.info
    if isinstance(info.node, ast.Module):
        return "(the module)"
    owner = instance.self_class.name if instance.self_class else ""
    return f"{owner}.{info.name}" if owner else info.name


def _slow(type_: Type) -> str:
    if type_.get("int") is not None and not _is_narrow(type_):
        return "an integer of any size"
    several = [shape for shape in type_ if shape.tag != "none"]
    return "of several types" if len(several) > 1 else ""


def _is_narrow(type_: Type) -> bool:
    return all(shape.small for shape in type_ if isinstance(shape, IntShape))


def told(type_: Type, depth: int = 2) -> str:
    """A type as people write it; integers that no range was proved for stand out, and deep contents are `...`.

    >>> from sovereign.migration.depyler.types import FLOAT, INT, integer
    >>> told(INT), told(integer(0, 9)), told(FLOAT)
    ('int (any size)', 'int', 'float')
    """
    parts = []
    for shape in type_:
        if isinstance(shape, IntShape):
            parts.append("int" if shape.small else "int (any size)")
        elif isinstance(shape, TupleShape):
            inner = ["..." if depth == 0 else told(item, depth - 1) for item in shape.items]
            parts.append(f"tuple[{', '.join(inner)}]")
        else:
            parts.append(describe(shape, min(depth, 1 if len(type_.shapes) == 1 else 0)))
    return " | ".join(parts).replace("none", "None") or "never"
