"""Charts as SVG."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.shell.chart import bars, lines

SVG = "{http://www.w3.org/2000/svg}"
numbers = st.floats(width=32)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own output


def test_bars_grow_with_their_numbers() -> None:
    widths = [float(each.get("width", "")) for each in parsed(bars("t", [("a", 1.0), ("b", 4.0)])).iter(f"{SVG}rect")]
    assert widths[1] == pytest.approx(4 * widths[0], rel=1e-3)


def test_the_description_tells_the_numbers() -> None:
    tree = parsed(bars("Times", [("a", 1.5), ("b", math.nan)], unit="ms"))
    assert tree.get("role") == "img"
    assert tree.findtext(f"{SVG}title") == "Times"
    assert tree.findtext(f"{SVG}desc") == "a: 1.5 ms; b: not measured"


def test_a_number_that_was_not_measured_has_no_bar() -> None:
    rects = list(parsed(bars("t", [("a", math.inf), ("b", 2.0)])).iter(f"{SVG}rect"))
    assert rects[0].get("width") == "0.0"
    assert rects[1].get("width") != "0.0"


@given(st.lists(st.tuples(st.text(), numbers)))
def test_bars_are_well_formed_inside_their_frame_for_any_input(items: list[tuple[str, float]]) -> None:
    tree = parsed(bars("t", items, unit="s"))
    for rect in tree.iter(f"{SVG}rect"):
        assert 0 <= float(rect.get("x", "")) + float(rect.get("width", "")) <= 720


@given(st.dictionaries(st.text(), st.lists(st.tuples(numbers, numbers))))
def test_lines_are_well_formed_inside_their_frame_for_any_input(
    series: dict[str, list[tuple[float, float]]],
) -> None:
    text = lines("t", series, across="n", up="ms")
    for polyline in parsed(text).iter(f"{SVG}polyline"):
        for x, y in (point.split(",") for point in polyline.get("points", "").split()):
            assert 0 <= float(x) <= 720
            assert 0 <= float(y) <= 320
    assert not re.search(r'"[^"]*\b(nan|inf)\b', re.sub("<(title|desc|text)[^>]*>[^<]*<", "<", text))


def test_a_line_breaks_where_a_point_was_not_measured() -> None:
    tree = parsed(lines("t", {"a": [(0, 1), (1, 2), (2, math.nan), (3, 1), (4, 2)]}, across="n", up="ms"))
    assert len(list(tree.iter(f"{SVG}polyline"))) == 2
    assert "2 → not measured" in (tree.findtext(f"{SVG}desc") or "")


def test_a_single_point_is_a_dot() -> None:
    assert len(list(parsed(lines("t", {"a": [(1, 1)]}, across="n", up="ms")).iter(f"{SVG}circle"))) == 1


def test_series_differ_by_more_than_colour() -> None:
    tree = parsed(lines("t", {"a": [(0, 1), (1, 2)], "b": [(0, 2), (1, 1)]}, across="n", up="ms"))
    assert len({each.get("stroke-dasharray") for each in tree.iter(f"{SVG}polyline")}) == 2


def test_more_is_drawn_higher_and_further_right() -> None:
    line = next(parsed(lines("t", {"a": [(0, 1), (5, 9)]}, across="n", up="ms")).iter(f"{SVG}polyline"))
    (x0, y0), (x1, y1) = ([float(each) for each in point.split(",")] for point in line.get("points", "").split())
    assert x1 > x0
    assert y1 < y0


def test_no_points_at_all_say_so() -> None:
    assert "no data" in lines("t", {}, across="n", up="ms")
    assert "no data" in bars("t", [])
