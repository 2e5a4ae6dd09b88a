"""Tables of named columns: `df![...]`, `DataFrame::new().column(...)`, and what can be asked of them.

Enters: columns, or a text of comma-separated values or JSON. Leaves: `DataFrame`s, which never change: each method
gives another one, a list, or a number. Rows are objects. Read `functions.py` next.
"""

from __future__ import annotations

import math
from functools import cmp_to_key

from sovereign.migration.ruchy.methods import call_value
from sovereign.migration.ruchy.methods_list import items_of, total
from sovereign.migration.ruchy.texts import json_text, show
from sovereign.migration.ruchy.values import LARGEST, SMALLEST, compared, equal, fault, is_true

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["DataFrame", "from_columns", "from_csv", "from_records"]


class DataFrame:
    """Columns of one length, in their order."""

    __slots__ = ("columns", "groups")

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self.columns = columns
        self.groups: tuple[DataFrame, str, list[tuple[Any, list[int]]]] | None = None
        """What it is the groups of: the table, the column, and for each of its values the rows."""

    @property
    def length(self) -> int:
        """How many rows it has."""
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def ruchy_text(self) -> str:
        """What `println` shows: the columns and how long they are."""
        lines = [f"DataFrame with {len(self.columns)} columns:"]
        lines += [f"  {name}: {len(column)} rows" for name, column in self.columns.items()]
        return "\n".join(lines) + "\n"

    def ruchy_field(self, name: Any) -> list[Any]:
        """`df["name"]` and `df.name`: a column."""
        name = show(name)
        if name not in self.columns:
            fault("column", f"the table has no column `{name}`")
        return self.columns[name]

    def ruchy_rows(self) -> list[dict[str, Any]]:
        """Each row as an object."""
        names = list(self.columns)
        return [dict(zip(names, row, strict=True)) for row in zip(*self.columns.values(), strict=True)]

    @property
    def ruchy_methods(self) -> dict[str, Any]:
        """The methods by their names."""
        return _METHODS

    def taken(self, places: list[int]) -> DataFrame:
        """The rows at some places."""
        return DataFrame({name: [column[place] for place in places] for name, column in self.columns.items()})


def from_columns(pairs: list[tuple[str, list[Any]]]) -> DataFrame:
    """A table of columns that have to be of one length."""
    found = DataFrame({})
    for pair in items_of(pairs):
        if type(pair) is not tuple or len(pair) != 2:  # noqa: PLR2004 - a name and a column
            fault("type", "a table is made of names and columns")
        found = _column(found, *pair)
    return found


def _column(frame: DataFrame, name: str, values: list[Any]) -> DataFrame:
    if type(values) is not list:
        fault("type", "a column is an array")
    if frame.columns and len(values) != frame.length:
        fault("column", f"column `{name}` has {len(values)} rows and the table {frame.length}")
    return DataFrame({**frame.columns, show(name): values})


def from_csv(text: str) -> DataFrame:
    """A table from comma-separated values with names in the first line; numbers become numbers."""
    rows = _lines(show(text))
    if not rows:
        return DataFrame({})
    names, *lines = rows
    if any(len(line) != len(names) for line in lines):
        fault("column", "a line has another number of values than the first one")
    return DataFrame({name: [_value(line[place]) for line in lines] for place, name in enumerate(names)})


def _lines(text: str) -> list[list[str]]:
    """The lines of comma-separated values, taken apart; empty ones count as none."""
    lines: list[list[str]] = []
    line: list[str] = []
    cell = ""
    was_quoted = False
    at = 0
    while at < len(text):
        each = text[at]
        at += 1
        if each == '"' and not cell and not was_quoted:
            was_quoted = True
            cell, at = _quoted(text, at)
        elif each == ",":
            line.append(cell)
            cell, was_quoted = "", False
        elif each in "\n\r":
            if line or cell or was_quoted:
                lines.append([*line, cell])
            line, cell, was_quoted = [], "", False
        else:
            cell += each
    return [*lines, [*line, cell]] if line or cell or was_quoted else lines


def _quoted(text: str, at: int) -> tuple[str, int]:
    """A cell in quotes, in which two of them stand for one, and where it ends."""
    cell = ""
    while at < len(text):
        if text[at] == '"':
            if text[at + 1 : at + 2] != '"':
                return cell, at + 1
            at += 1
        cell += text[at]
        at += 1
    return cell, at


def _value(text: str) -> Any:
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdecimal() and SMALLEST <= int(text) <= LARGEST:
        return int(text)
    if text and not text.strip("0123456789.eE+-"):
        try:
            return float(text)
        except ValueError:
            return text
    return {"true": True, "false": False, "": None}.get(text, text)


def from_records(records: Any) -> DataFrame:
    """A table from a list of objects; a key that one of them lacks is nil there."""
    if type(records) is not list or any(type(each) is not dict for each in records):
        fault("type", "a table is made of a list of objects")
    names = dict.fromkeys(name for record in records for name in record)
    return DataFrame({name: [record.get(name) for record in records] for name in names})


def _select(frame: DataFrame, *names: Any) -> DataFrame:
    wanted = names[0] if len(names) == 1 and type(names[0]) is list else list(names)
    return DataFrame({show(name): frame.ruchy_field(name) for name in wanted})


def _filter(frame: DataFrame, test: Any) -> DataFrame:
    return frame.taken([place for place, row in enumerate(frame.ruchy_rows()) if is_true(call_value(test, row))])


def _order(column: list[Any]) -> Any:
    key = cmp_to_key(lambda a, b: compared(a, b, "sort_by") or 0)
    return lambda place: key(column[place])


def _sort_by(frame: DataFrame, name: str, descending: bool = False) -> DataFrame:  # noqa: FBT001, FBT002 - a program gives it by place
    places = sorted(range(frame.length), key=_order(frame.ruchy_field(name)), reverse=descending)
    return frame.taken(places)


def _groups(frame: DataFrame, name: str) -> list[tuple[Any, list[int]]]:
    found: list[tuple[Any, list[int]]] = []
    for place, value in enumerate(frame.ruchy_field(name)):
        group = next((places for known, places in found if equal(known, value)), None)
        if group is None:
            found.append((value, [place]))
        else:
            group.append(place)
    return found


def _group_by(frame: DataFrame, name: str) -> DataFrame:
    """One row for each value of a column, with the sums of those that hold numbers."""
    groups = _groups(frame, name)
    columns: dict[str, list[Any]] = {show(name): [value for value, _ in groups]}
    for other, column in frame.columns.items():
        if other != show(name) and all(type(each) in {int, float} for each in column):
            columns[f"{other}_sum"] = [total([column[place] for place in places]) for _, places in groups]
    made = DataFrame(columns)
    made.groups = (frame, show(name), groups)
    return made


def _agg(frame: DataFrame, *asked: Any) -> DataFrame:
    """`agg({column: "mean"})` or `agg("column", "mean")`: one row for each group, or one for the whole table."""
    given = asked[0].items() if len(asked) == 1 and type(asked[0]) is dict else [asked]
    whole: tuple[DataFrame, str, list[tuple[Any, list[int]]]] = (frame, "", [(None, list(range(frame.length)))])
    source, name, groups = frame.groups or whole
    columns: dict[str, list[Any]] = {name: [value for value, _ in groups]} if frame.groups else {}
    for column, how in given:
        step = _AGGREGATES.get(show(how))
        if step is None:
            fault("argument", f"a table has no aggregate `{show(how)}`")
        columns[f"{show(column)}_{show(how)}"] = [step(source.taken(places), column) for _, places in groups]
    return DataFrame(columns)


def _join(frame: DataFrame, other: DataFrame, name: str) -> DataFrame:
    """The rows of two tables that agree in a column."""
    mine, theirs = frame.ruchy_field(name), other.ruchy_field(name)
    pairs = [(a, b) for a in range(frame.length) for b in range(other.length) if equal(mine[a], theirs[b])]
    left = {key: [column[a] for a, _ in pairs] for key, column in frame.columns.items()}
    right = {key: [column[b] for _, b in pairs] for key, column in other.columns.items() if key not in left}
    return DataFrame({**left, **right})


def _numbers(frame: DataFrame, name: str) -> list[Any]:
    column = frame.ruchy_field(name)
    if any(type(each) not in {int, float} for each in column):
        fault("type", f"column `{name}` does not hold numbers")
    return column


def _sum(frame: DataFrame, name: str) -> Any:
    column = _numbers(frame, name)
    return total(column) if column else 0


def _mean(frame: DataFrame, name: str) -> float:
    column = _numbers(frame, name)
    return float(total(column)) / len(column) if column else float("nan")


def _variance(frame: DataFrame, name: str) -> float:
    column = _numbers(frame, name)
    if len(column) < 2:  # noqa: PLR2004 - one value has no spread
        return float("nan")
    middle = _mean(frame, name)
    found = 0.0
    for each in column:
        found += (float(each) - middle) * (float(each) - middle)
    return found / (len(column) - 1)


def _deviation(frame: DataFrame, name: str) -> float:
    return math.sqrt(_variance(frame, name))


def _extreme(sign: int) -> Any:
    def found(frame: DataFrame, name: str) -> Any:
        best = None
        for each in frame.ruchy_field(name):
            if best is None or compared(each, best, "max") == sign:
                best = each
        return best

    return found


def _with_column(frame: DataFrame, name: str, step: Any) -> DataFrame:
    values = step if type(step) is list else [call_value(step, row) for row in frame.ruchy_rows()]
    return _column(DataFrame({key: column for key, column in frame.columns.items() if key != show(name)}), name, values)


def _transform(frame: DataFrame, name: str, step: Any) -> DataFrame:
    return DataFrame({**frame.columns, show(name): [call_value(step, each) for each in frame.ruchy_field(name)]})


def _to_csv(frame: DataFrame) -> str:
    rows = [
        list(frame.columns),
        *(["" if each is None else show(each) for each in row.values()] for row in frame.ruchy_rows()),
    ]
    return "".join(_line(row) for row in rows)


def _line(cells: list[str]) -> str:
    """A line of comma-separated values; what would be taken apart stands in quotes."""
    shown = [_in_quotes(cell) if any(each in cell for each in ',"\n\r') or cells == [""] else cell for cell in cells]
    return ",".join(shown) + "\n"


def _in_quotes(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _to_json(frame: DataFrame) -> str:
    rows = [
        ",".join(f"{json_text(name)}:{json_text(value)}" for name, value in row.items()) for row in frame.ruchy_rows()
    ]
    return f"[{','.join(f'{{{row}}}' for row in rows)}]"


def _get(frame: DataFrame, name: str, row: int) -> Any:
    column = frame.ruchy_field(name)
    return column[row] if 0 <= row < len(column) else None


def _end(place: int) -> Any:
    def found(frame: DataFrame, name: str) -> Any:
        column = frame.ruchy_field(name)
        return column[place] if column else None

    return found


_AGGREGATES: dict[str, Any] = {
    "sum": _sum,
    "mean": _mean,
    "min": _extreme(-1),
    "max": _extreme(1),
    "var": _variance,
    "std": _deviation,
    "count": lambda frame, name: len(frame.ruchy_field(name)),
    "first": _end(0),
    "last": _end(-1),
}

_METHODS: dict[str, Any] = {
    "column": _column,
    "build": lambda frame: frame,
    "clone": lambda frame: frame,
    "rows": lambda frame: frame.length,
    "len": lambda frame: frame.length,
    "columns": lambda frame: len(frame.columns),
    "column_names": lambda frame: list(frame.columns),
    "select": _select,
    "filter": _filter,
    "sort_by": _sort_by,
    "agg": _agg,
    "groupby": _group_by,
    "group_by": _group_by,
    "join": _join,
    "slice": lambda frame, start, stop: frame.taken(list(range(frame.length))[max(start, 0) : max(stop, 0)]),
    "head": lambda frame, count=5: frame.taken(list(range(min(count, frame.length)))),
    "tail": lambda frame, count=5: frame.taken(list(range(max(frame.length - count, 0), frame.length))),
    "get": _get,
    "sum": _sum,
    "mean": _mean,
    "min": _extreme(-1),
    "max": _extreme(1),
    "var": _variance,
    "std": _deviation,
    "with_column": _with_column,
    "transform": _transform,
    "to_csv": _to_csv,
    "to_json": _to_json,
    "to_string": show,
}
