"""The tasks of a run drawn under each other, with the critical path through them, as SVG.

Enters: timelines and a critical path. Leaves: an `<svg>` element that takes the colours of the page. Time is cut into
columns as wide as a pixel or two, so that a million calls make no larger drawing than a thousand.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from sovereign.shell.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sovereign.observability.renacer.waits import CriticalPath, Timeline

__all__ = ["timeline"]

_WIDTH = 900
_LEFT = 150
_RIGHT = 10
_ROW = 26
_BAR = 14
_TOP = 8
_AXIS = 26
_COLUMNS = 370
_MOST_TASKS = 60
_LONGEST_NAME = 18
_SHADES = 4
_TICKS = 5


def timeline(tasks: Sequence[Timeline], path: CriticalPath) -> str:
    """Draw the tasks of a run; of very many only those that lived longest, in their order."""
    if not tasks:
        return _svg(_ROW, ['<text x="8" y="18">no task</text>'], "no task")
    chosen = set(sorted(range(len(tasks)), key=lambda place: tasks[place].begin - tasks[place].end)[:_MOST_TASKS])
    shown = [task for place, task in enumerate(tasks) if place in chosen]
    first = min(task.begin for task in shown)
    last = max([first + 1e-9, *(task.end for task in shown)])
    scale = _Scale(first, last)
    rows = {id(task): place for place, task in enumerate(shown)}
    drawn = []
    for place, task in enumerate(shown):
        drawn += _row(task, _TOP + place * _ROW, scale)
    for stretch in path.stretches:
        if id(stretch.task) in rows:
            top = _TOP + rows[id(stretch.task)] * _ROW + _BAR + 2
            left, right = scale.x(stretch.start), scale.x(stretch.end)
            width = max(right - left, 0.75)
            drawn.append(
                f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="4" fill="var(--mark-2,#a15c07)"/>'
            )
    height = _TOP + len(shown) * _ROW + _AXIS
    drawn += _axis(height, scale)
    told = "; ".join(f"{task.name} {task.tid}: {(task.end - task.begin) * 1e3:.1f} ms" for task in shown)
    return _svg(height, drawn, told)


class _Scale:
    """Where moments lie in the drawing."""

    def __init__(self, first: float, last: float) -> None:
        self.first, self.last = first, last

    def x(self, moment: float) -> float:
        """The place from the left."""
        share = (moment - self.first) / (self.last - self.first)
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * min(max(share, 0.0), 1.0)

    def column(self, moment: float) -> float:
        """The column, with how far into it."""
        return min(max((moment - self.first) / (self.last - self.first), 0.0), 1.0) * _COLUMNS


def _row(task: Timeline, top: int, scale: _Scale) -> list[str]:
    name = f"{task.name} {task.tid}"
    name = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "\u2026"
    left, right = scale.x(task.begin), scale.x(task.end)
    box = f'y="{top}" height="{_BAR}"'
    drawn = [
        f'<text x="{_LEFT - 8}" y="{top + _BAR - 3}" text-anchor="end">{escape(visible(name))}</text>',
        f'<rect x="{left:.1f}" {box} width="{max(right - left, 1):.1f}" fill="var(--mark,#0b62c4)" opacity="0.18"/>',
    ]
    width = (_WIDTH - _LEFT - _RIGHT) / _COLUMNS
    for column, length, shade in _shades(task, scale):
        at = f'x="{_LEFT + column * width:.1f}" {box} width="{length * width:.1f}"'
        drawn.append(f'<rect {at} fill="var(--mark,#0b62c4)" opacity="{0.2 + 0.8 * shade / _SHADES:.1f}"/>')
    return drawn


def _shades(task: Timeline, scale: _Scale) -> Iterator[tuple[int, int, int]]:
    """Column, length and darkness of each part of a row with calls in it."""
    spent = [0.0] * (_COLUMNS + 1)
    for call in task.calls:
        start, end = scale.column(call.start), scale.column(call.end)
        for column in range(int(start), int(end) + 1):
            spent[column] += min(end, column + 1) - max(start, column)
    shades = [0 if share <= 0 else max(1, round(min(share, 1.0) * _SHADES)) for share in spent]
    for shade, group in groupby(enumerate(shades), key=lambda each: each[1]):
        columns = [column for column, _ in group]
        if shade:
            yield columns[0], len(columns), shade


def _axis(height: int, scale: _Scale) -> list[str]:
    drawn = []
    for tick in range(_TICKS):
        moment = scale.first + (scale.last - scale.first) * tick / (_TICKS - 1)
        at = scale.x(moment)
        anchor = "start" if tick == 0 else "end" if tick == _TICKS - 1 else "middle"
        text = f"{(moment - scale.first) * 1e3:,.4g} ms"
        drawn.append(f'<text x="{at:.1f}" y="{height - 8}" text-anchor="{anchor}">{text}</text>')
        rule = f'x1="{at:.1f}" x2="{at:.1f}" y1="{_TOP}" y2="{height - _AXIS}"'
        drawn.append(f'<line {rule} stroke="var(--line,#d1d9e0)" opacity="0.6"/>')
    return drawn


def _svg(height: int, drawn: Sequence[str], told: str) -> str:
    inside = "\n".join(drawn)
    return (
        f'<svg role="img" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
        f'height="{height}">\n<title>Timeline</title>\n<desc>{escape(visible(told))}</desc>\n{inside}\n</svg>'
    )
