"""Bar and line charts as SVG, in the colours of the page that holds them.

Enters: names and numbers. Leaves: an `<svg>` element with a title and a description that tells the numbers to
those who cannot see it. A number that is not finite is named as not measured and never drawn.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from sovereign.shell.text import cells, visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["bars", "lines"]

_WIDTH = 720
_ROW = 28
_BAR = 18
_CELL = 7.5
_LONGEST_LABEL = 300
_HEIGHT = 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 16, 60
_MARKS = ("var(--mark,#0b62c4)", "var(--mark-2,#a15c07)", "var(--mark-3,#7a3fa8)")
_DASHES = ("", "7 4", "2 3")
_TICKS = 4


def bars(title: str, items: Sequence[tuple[str, float]], *, unit: str = "") -> str:
    """Draw one horizontal bar per item from zero, its number beside it.

    >>> "a: 3 ms" in bars("Times", [("a", 3.0)], unit="ms")
    True
    """
    left = min(max([0.0, *(cells(name) * _CELL for name, _ in items)]), _LONGEST_LABEL) + 12
    longest = max([0.0, *(abs(value) for _, value in items if math.isfinite(value))])
    room = _WIDTH - left - 110
    drawn = []
    for place, (name, value) in enumerate(items):
        top = place * _ROW + (_ROW - _BAR) / 2
        length = abs(value) / longest * room if longest and math.isfinite(value) else 0.0
        middle = top + _BAR * 0.75
        drawn.append(f'<text x="{left - 8:.1f}" y="{middle:.1f}" text-anchor="end">{_safe(name)}</text>')
        drawn.append(f'<rect x="{left:.1f}" y="{top:.1f}" width="{length:.1f}" height="{_BAR}" fill="{_MARKS[0]}"/>')
        drawn.append(f'<text x="{left + length + 6:.1f}" y="{middle:.1f}">{_safe(_number(value, unit))}</text>')
    told = "; ".join(f"{name}: {_number(value, unit)}" for name, value in items)
    return _svg(title, told or "no data", max(len(items), 1) * _ROW, drawn)


def lines(
    title: str,
    series: Mapping[str, Sequence[tuple[float, float]]],
    *,
    across: str,
    up: str,
) -> str:
    """Draw one line per series of (x, y) points; `across` and `up` name the axes with their units.

    A point that is not finite breaks its line. Series differ in colour and in dashes.
    """
    points = [each for line in series.values() for each in line if _finite(each)]
    told = "; ".join(
        f"{name}: " + ", ".join(f"{_number(x)} → {_number(y)}" for x, y in line) for name, line in series.items()
    )
    if not points:
        return _svg(title, told or "no data", _ROW, [f'<text x="8" y="19">{_safe("no data")}</text>'])
    frame = _Frame([x for x, _ in points], [0.0, *(y for _, y in points)])
    drawn = frame.axes(across, up)
    for place, (name, line) in enumerate(series.items()):
        look = f'stroke="{_MARKS[place % len(_MARKS)]}" stroke-dasharray="{_DASHES[place % len(_DASHES)]}"'
        for stretch in _stretches(line):
            path = " ".join(f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in stretch)
            shape = f'<polyline points="{path}" fill="none" stroke-width="2" {look}/>'
            drawn.append(shape if len(stretch) > 1 else _dot(frame, stretch[0], place))
        key = _LEFT + place * 160
        drawn.append(
            f'<line x1="{key}" x2="{key + 24}" y1="{_HEIGHT - 8}" y2="{_HEIGHT - 8}" stroke-width="2" {look}/>'
        )
        drawn.append(f'<text x="{key + 30}" y="{_HEIGHT - 4}">{_safe(name)}</text>')
    return _svg(title, told, _HEIGHT, drawn)


class _Frame:
    """Where numbers lie in the drawing."""

    def __init__(self, across: Sequence[float], up: Sequence[float]) -> None:
        self.low_x, self.high_x = min(across), max(across)
        self.low_y, self.high_y = min(up), max(up)

    def x(self, value: float) -> float:
        """The place from the left."""
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * _share(value, self.low_x, self.high_x)

    def y(self, value: float) -> float:
        """The place from the top."""
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * _share(value, self.low_y, self.high_y)

    def axes(self, across: str, up: str) -> list[str]:
        """Rules with their numbers, and the names of both axes."""
        drawn = []
        for step in range(_TICKS + 1):
            value = self.low_y + (self.high_y - self.low_y) * step / _TICKS
            at = self.y(value)
            rule = f'x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}"'
            drawn.append(f'<line {rule} stroke="var(--line,#d1d9e0)"/>')
            drawn.append(f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{_number(value)}</text>')
        for value, anchor in ((self.low_x, "start"), (self.high_x, "end")):
            drawn.append(
                f'<text x="{self.x(value):.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="{anchor}">'
                f"{_number(value)}</text>"
            )
        drawn.append(
            f'<text x="{_WIDTH / 2:.0f}" y="{_HEIGHT - _BOTTOM + 32}" text-anchor="middle">{_safe(across)}</text>'
        )
        drawn.append(f'<text x="{_LEFT + 4}" y="{_TOP - 3}">{_safe(up)}</text>')
        return drawn


def _dot(frame: _Frame, point: tuple[float, float], place: int) -> str:
    x, y = frame.x(point[0]), frame.y(point[1])
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_MARKS[place % len(_MARKS)]}"/>'


def _stretches(line: Sequence[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    found: list[list[tuple[float, float]]] = [[]]
    for point in line:
        if _finite(point):
            found[-1].append(point)
        elif found[-1]:
            found.append([])
    return [each for each in found if each]


def _share(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) if high > low else 0.5


def _finite(point: tuple[float, float]) -> bool:
    return math.isfinite(point[0]) and math.isfinite(point[1])


_LARGE, _HUGE = 1e4, 1e12
"""From the first on four digits would need an exponent; up to the second a person reads all of them."""


def _number(value: float, unit: str = "") -> str:
    if not math.isfinite(value):
        return "not measured"
    shown = f"{value:,.0f}" if _LARGE <= abs(value) < _HUGE else f"{value:.4g}"
    return f"{shown} {unit}".rstrip()


def _svg(title: str, told: str, height: float, drawn: Sequence[str]) -> str:
    inside = "\n".join(drawn)
    return (
        f'<svg role="img" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" '
        f'width="{_WIDTH}" height="{height:.0f}">\n'
        f"<title>{_safe(title)}</title>\n<desc>{_safe(told)}</desc>\n{inside}\n</svg>"
    )


def _safe(text: str) -> str:
    return escape(visible(text))
