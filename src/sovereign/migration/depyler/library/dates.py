"""`datetime` and `calendar`: dates, times, durations and fixed time zones.

Enters: call sites and operands. Leaves: operands; the support module's `Date`, `DateTime`, `Time`, `TimeDelta` and
`TimeZone` give CPython's results and errors.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.attributes import LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import CONSTANTS, LIBRARY_SIZED, builtin
from sovereign.migration.depyler.expressions import LIBRARY_UNARY
from sovereign.migration.depyler.iteration import LIBRARY_ITERATION, iterate
from sovereign.migration.depyler.library.math import number
from sovereign.migration.depyler.library.objects import (
    arguments_within,
    attributes,
    comparisons,
    enlist,
    methods,
    operation,
    required,
)
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import WRONG_TEXT, index_argument, method, text_argument, value_method
from sovereign.migration.depyler.operators import LIBRARY_OPERATORS, as_int, call, python_type_name
from sovereign.migration.depyler.subscripts import LIBRARY_SLICES, LIBRARY_SUBSCRIPTS, item_of, slice_of
from sovereign.migration.depyler.types import (
    BOOL,
    FLOAT,
    INT,
    NONE,
    STR,
    IntShape,
    OpaqueShape,
    Type,
    integer,
    seq_of,
    tuple_of,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite

__all__ = ["DATE", "DATETIME", "TIME", "TIMEDELTA", "TIMEZONE"]

_DAY = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a sample that Python is asked about operators with
DATE = enlist("Date", "datetime.date", _DAY.date(), also=("DateTime",))
DATETIME = enlist("DateTime", "datetime.datetime", _DAY)
TIME = enlist("Time", "datetime.time", _DAY.time())
TIMEDELTA = enlist("TimeDelta", "datetime.timedelta", _DAY - _DAY)
TIMEZONE = enlist("TimeZone", "datetime.timezone", dt.UTC)
_C_INT = 1 << 31
_ZONE = TIMEZONE.join(NONE)


# constructors


def _part(site: CallSite, index: int, name: str, default: int | None = None) -> rs.Expression:
    """A number of a date or a time, as `i64`."""
    low = site.low
    found = site.argument(index, name)
    if found is None:
        if default is None:
            raise site.refuse(f"this call without `{name}`")
        return rs.Integer(default)
    given = as_int(low, found)
    shape = given.type.only
    if not isinstance(shape, IntShape) or (
        shape.low is not None and shape.high is not None and shape.low >= -_C_INT and shape.high < _C_INT
    ):
        return index_argument(site, index, name)
    return low.fallible(call("date_number", rs.Borrow(low.convert(given, INT))))


def _optional_part(site: CallSite, index: int, name: str) -> rs.Expression:
    """A number that may be left as it is."""
    return rs.Name("None") if site.argument(index, name) is None else call("Some", _part(site, index, name))


def _zone(site: CallSite, index: int, name: str) -> rs.Expression:
    """A time zone as `Option<TimeZone>`."""
    found = site.argument(index, name)
    if found is None or found.type == NONE:
        return rs.Name("None")
    if not found.type.tags() <= {"none", "TimeZone"}:
        raise site.refuse(f"`{name}` that is no `timezone`")
    return site.low.convert(stored(site.low, found), _ZONE)


_DATE_PARTS = ("year", "month", "day")
_TIME_PARTS = ("hour", "minute", "second", "microsecond")


@builtin("datetime.date")
def _date(site: CallSite) -> Operand:
    arguments_within(site, 3, *_DATE_PARTS)
    parts = tuple(_part(site, index, name) for index, name in enumerate(_DATE_PARTS))
    return Operand(DATE, site.low.fallible(call("Date::new", *parts)))


def _clock(site: CallSite, first: int) -> rs.Expression:
    return rs.Array(tuple(_part(site, first + index, name, 0) for index, name in enumerate(_TIME_PARTS)))


@builtin("datetime.datetime")
def _datetime(site: CallSite) -> Operand:
    arguments_within(site, 8, *_DATE_PARTS, *_TIME_PARTS, "tzinfo")
    parts = tuple(_part(site, index, name) for index, name in enumerate(_DATE_PARTS))
    value = call("DateTime::new", *parts, _clock(site, 3), _zone(site, 7, "tzinfo"))
    return Operand(DATETIME, site.low.fallible(value))


@builtin("datetime.time")
def _time(site: CallSite) -> Operand:
    arguments_within(site, 5, *_TIME_PARTS, "tzinfo")
    return Operand(TIME, site.low.fallible(call("Time::new", _clock(site, 0), _zone(site, 4, "tzinfo"))))


_PARTS = Type((OpaqueShape("DeltaParts"),))
_DELTA_PARTS = ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks")


@builtin("datetime.timedelta")
def _timedelta(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 7, *_DELTA_PARTS)
    value = call("timedelta")
    for index, name in enumerate(_DELTA_PARTS):
        given = site.argument(index, name)
        if given is None:
            continue
        value = _delta_part(site, value, name, stored(low, given))
    return Operand(TIMEDELTA, low.fallible(rs.Method(value, "build")))


def _delta_part(site: CallSite, parts: rs.Expression, name: str, given: Operand) -> rs.Expression:
    """A duration that is being made, with one more part."""
    low = site.low

    def one(part: Operand) -> Operand:
        part = as_int(low, part)
        shape = part.type.only
        if part.type != FLOAT and not isinstance(shape, IntShape):
            assert shape is not None
            kind = python_type_name(shape)
            return low.type_error(f"unsupported type for timedelta {name} component: {kind}")
        return Operand(_PARTS, rs.Method(parts, name, (low.own(part),)))

    return low.own(distribute(low, given, one))


@builtin("datetime.timezone")
def _timezone(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 2, "name")
    offset, name = required(site, 0, "offset"), site.argument(1, "name")
    if offset.type != TIMEDELTA or (name is not None and name.type != STR):
        raise site.refuse("`timezone` with such arguments")
    named = rs.Name("None") if name is None else call("Some", low.own(name))
    return Operand(TIMEZONE, low.fallible(call("TimeZone::new", low.borrow(offset), named)))


for _name, _type, _rust in (
    ("datetime.timezone.utc", TIMEZONE, "TIMEZONE_UTC"),
    ("datetime.UTC", TIMEZONE, "TIMEZONE_UTC"),
    ("datetime.date.min", DATE, "DATE_MIN"),
    ("datetime.date.max", DATE, "DATE_MAX"),
    ("datetime.timedelta.min", TIMEDELTA, "TIMEDELTA_MIN"),
    ("datetime.timedelta.max", TIMEDELTA, "TIMEDELTA_MAX"),
    ("datetime.timedelta.resolution", TIMEDELTA, "TIMEDELTA_RESOLUTION"),
):
    CONSTANTS[_name] = lambda low, type_=_type, rust=_rust: Operand(type_, rs.Name(rust))  # type: ignore[misc]
CONSTANTS["datetime.datetime.min"] = lambda low: Operand(DATETIME, call("DateTime::midnight", rs.Name("DATE_MIN")))
CONSTANTS["datetime.MINYEAR"] = lambda low: Operand(integer(1, 1), rs.Integer(1), constant=1)
CONSTANTS["datetime.MAXYEAR"] = lambda low: Operand(integer(9999, 9999), rs.Integer(9999), constant=9999)


# class methods


def _made(name: str, rust: str, type_: Type, kinds: str, *, raises: bool = True) -> None:
    """A class method whose arguments are texts (`t`), integers (`i`), floats (`f`) or an optional zone (`z`)."""

    def handler(site: CallSite) -> Operand:
        arguments_within(site, len(kinds), "tz")
        values: list[rs.Expression] = []
        for index, kind in enumerate(kinds):
            if kind == "z":
                values.append(_zone(site, index, "tz"))
                continue
            given = required(site, index)
            if kind == "f":
                values.append(number(site.low, given))
            else:
                wrong = "fromisoformat: argument must be str" if name.endswith("fromisoformat") else WRONG_TEXT
                text = kind == "t"
                values.append(text_argument(site, index, wrong=wrong) if text else _part(site, index, ""))
        value = call(rust, *values)
        return Operand(type_, site.low.fallible(value) if raises else value)

    builtin(name)(handler)


_made("datetime.date.today", "Date::today", DATE, "", raises=False)
_made("datetime.datetime.today", "DateTime::now", DATETIME, "z", raises=False)
_made("datetime.datetime.now", "DateTime::now", DATETIME, "z", raises=False)
_made("datetime.datetime.utcnow", "DateTime::utcnow", DATETIME, "", raises=False)
_made("datetime.date.fromisoformat", "Date::fromisoformat", DATE, "t")
_made("datetime.datetime.fromisoformat", "DateTime::fromisoformat", DATETIME, "t")
_made("datetime.time.fromisoformat", "Time::fromisoformat", TIME, "t")
_made("datetime.date.fromordinal", "Date::fromordinal", DATE, "i")
_made("datetime.datetime.fromordinal", "DateTime::fromordinal", DATETIME, "i")
_made("datetime.date.fromisocalendar", "Date::fromisocalendar", DATE, "iii")
_made("datetime.date.fromtimestamp", "Date::fromtimestamp", DATE, "f")
_made("datetime.datetime.fromtimestamp", "DateTime::fromtimestamp", DATETIME, "fz")
_made("datetime.datetime.utcfromtimestamp", "DateTime::utcfromtimestamp", DATETIME, "f")
_made("datetime.datetime.strptime", "DateTime::strptime", DATETIME, "tt")


@builtin("datetime.datetime.combine")
def _combine(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 2)
    day, clock = required(site, 0), required(site, 1)
    if day.type == DATETIME:
        day = Operand(DATE, rs.Method(low.receiver(day), "date"))
    if day.type != DATE or clock.type != TIME:
        raise site.refuse("`datetime.combine` with such arguments")
    return Operand(DATETIME, call("DateTime::combine", low.own(day), low.borrow(clock)))


# attributes and methods

attributes("Date", integer(1, 9999), "year")
attributes("DateTime", integer(1, 9999), "year")
for _tag in ("Date", "DateTime"):
    attributes(_tag, integer(1, 12), "month")
    attributes(_tag, integer(1, 31), "day")
    attributes(_tag, integer(0, 6), "weekday", as_method=True)
    attributes(_tag, integer(1, 7), "isoweekday", as_method=True)
    attributes(_tag, integer(1, 3652059), "toordinal", as_method=True)
    attributes(_tag, STR, "ctime", as_method=True)
for _tag in ("Time", "DateTime"):
    attributes(_tag, integer(0, 23), "hour")
    attributes(_tag, integer(0, 59), "minute", "second")
    attributes(_tag, integer(0, 999_999), "microsecond")
    attributes(_tag, _ZONE, "tzinfo")
    attributes(_tag, STR.join(NONE), "tzname", as_method=True)
for _tag in ("Date", "Time", "DateTime"):
    methods(_tag, STR, "strftime", take="t")
attributes("DateTime", DATE, "date", as_method=True)
attributes("DateTime", TIME, "time", "timetz", as_method=True)
attributes("DateTime", FLOAT, "timestamp", as_method=True)
attributes("DateTime", TIMEDELTA.join(NONE), "utcoffset", as_method=True)
attributes("Date", STR, "isoformat", as_method=True)
attributes("TimeDelta", integer(-999_999_999, 999_999_999), "days")
attributes("TimeDelta", integer(0, 86_399), "seconds")
attributes("TimeDelta", integer(0, 999_999), "microseconds")
attributes("TimeDelta", FLOAT, "total_seconds", as_method=True)


@method("DateTime", "isoformat")
def _isoformat(site: CallSite) -> Operand:
    arguments_within(site, 2, "sep", "timespec")
    separator = text_argument(site, 0, "sep", default="T")
    return value_method(
        site, "isoformat", STR, separator, text_argument(site, 1, "timespec", default="auto"), raises=True
    )


@method("Time", "isoformat")
def _time_isoformat(site: CallSite) -> Operand:
    arguments_within(site, 1, "timespec")
    return value_method(site, "isoformat", STR, text_argument(site, 0, "timespec", default="auto"), raises=True)


@method("DateTime", "astimezone")
def _astimezone(site: CallSite) -> Operand:
    arguments_within(site, 1, "tz")
    return value_method(site, "astimezone", DATETIME, _zone(site, 0, "tz"), raises=True)


@method("Date", "replace")
def _replace_date(site: CallSite) -> Operand:
    arguments_within(site, 3, *_DATE_PARTS)
    parts = (_optional_part(site, index, name) for index, name in enumerate(_DATE_PARTS))
    return value_method(site, "replace", DATE, *parts, raises=True)


@method("Time", "replace")
def _replace_time(site: CallSite) -> Operand:
    arguments_within(site, 4, *_TIME_PARTS)
    parts = (_optional_part(site, index, name) for index, name in enumerate(_TIME_PARTS))
    return value_method(site, "replace", TIME, *parts, raises=True)


@method("DateTime", "replace")
def _replace(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 7, *_DATE_PARTS, *_TIME_PARTS, "tzinfo")
    assert site.receiver is not None
    day = [_optional_part(site, index, name) for index, name in enumerate(_DATE_PARTS)]
    clock = [_optional_part(site, index + 3, name) for index, name in enumerate(_TIME_PARTS)]
    zone = None if site.keyword("tzinfo") is None else _zone(site, 7, "tzinfo")
    value = low.receiver(site.receiver)
    for name, parts in (("replace_date", day), ("replace_time", clock)):
        if any(part != rs.Name("None") for part in parts):
            value = low.fallible(rs.Method(value, name, tuple(parts)))
    if zone is not None:
        value = rs.Method(value, "replace_tzinfo", (zone,))
    return Operand(DATETIME, value if value != low.receiver(site.receiver) else rs.Method(value, "clone"))


@method("TimeZone", "utcoffset")
def _zone_offset(site: CallSite) -> Operand:
    return value_method(site, "utcoffset", TIMEDELTA)


@method("TimeZone", "tzname")
def _zone_name(site: CallSite) -> Operand:
    return value_method(site, "tzname", STR)


for _tag in ("Date", "Time", "DateTime"):

    @builtin(f"{_tag}.__format__")
    def _format(site: CallSite) -> Operand:
        given, spec = site.operands
        if not isinstance(spec.constant, str):
            raise site.refuse("a date with a format that is not known while translating")
        return Operand(STR, rs.Method(site.low.receiver(given), "strftime", (rs.Text(spec.constant),)))


_ISO = tuple_of(integer(1, 9999), integer(1, 53), integer(1, 7))
_ISO_DATE = enlist("IsoDate", "datetime.IsoCalendarDate")


@method("Date", "isocalendar")
@method("DateTime", "isocalendar")
def _isocalendar(site: CallSite) -> Operand:
    arguments_within(site, 0)
    return value_method(site, "isocalendar", _ISO_DATE)


def _iso_parts(low: Lowering, operand: Operand) -> Operand:
    """The three numbers as the tuple that they are in Rust."""
    del low
    return Operand(_ISO, operand.expr, operand.form)


for _index, _name in enumerate(("year", "week", "weekday")):
    LIBRARY_ATTRIBUTES["IsoDate", _name] = lambda low, operand, index=_index: Operand(  # type: ignore[misc]
        _ISO.shapes[0].items[index],  # type: ignore[union-attr]
        rs.Field(low.receiver(operand), str(index)),
    )
LIBRARY_SUBSCRIPTS["IsoDate"] = lambda low, value, key: item_of(low, _iso_parts(low, value), key)
LIBRARY_SLICES["IsoDate"] = lambda low, value, node: slice_of(low, _iso_parts(low, value), node)
LIBRARY_ITERATION["IsoDate"] = lambda low, operand: iterate(low, _iso_parts(low, operand))


# operators


operation("Date", "+", "TimeDelta", "add", DATE, raises=True)
operation("TimeDelta", "+", "Date", "add", DATE, raises=True, swapped=True)
operation("Date", "-", "TimeDelta", "sub", DATE, raises=True)
operation("Date", "-", "Date", "since", TIMEDELTA)
operation("DateTime", "+", "TimeDelta", "add", DATETIME, raises=True)
operation("TimeDelta", "+", "DateTime", "add", DATETIME, raises=True, swapped=True)
operation("DateTime", "-", "TimeDelta", "sub", DATETIME, raises=True)
operation("DateTime", "-", "DateTime", "since", TIMEDELTA, raises=True)
operation("TimeDelta", "+", "TimeDelta", "add", TIMEDELTA, raises=True)
operation("TimeDelta", "-", "TimeDelta", "sub", TIMEDELTA, raises=True)
operation("TimeDelta", "/", "TimeDelta", "div", FLOAT, raises=True)
operation("TimeDelta", "//", "TimeDelta", "floor_div", INT, raises=True)
operation("TimeDelta", "%", "TimeDelta", "modulo", TIMEDELTA, raises=True)
for _tag in ("Date", "Time", "TimeDelta"):
    comparisons(_tag)


def _scaled(name: str, kind: str, *, swapped: bool = False) -> Callable[[Lowering, Operand, Operand], Operand]:
    """A duration times or through a number."""

    def handler(low: Lowering, a: Operand, b: Operand) -> Operand:
        if swapped:
            a, b = low.named(b), low.named(a)
        factor = low.own(b) if kind == "float" else rs.Borrow(low.convert(as_int(low, b), INT))
        return Operand(TIMEDELTA, low.fallible(rs.Method(low.receiver(a), name, (factor,))))

    return handler


for _kind in ("int", "bool", "float"):
    _suffix = "_float" if _kind == "float" else ""
    LIBRARY_OPERATORS["TimeDelta", "*", _kind] = _scaled(f"mul{_suffix}", _kind)
    LIBRARY_OPERATORS[_kind, "*", "TimeDelta"] = _scaled(f"mul{_suffix}", _kind, swapped=True)
    LIBRARY_OPERATORS["TimeDelta", "/", _kind] = _scaled(f"div{_suffix or '_int'}", _kind)
for _kind in ("int", "bool"):
    LIBRARY_OPERATORS["TimeDelta", "//", _kind] = _scaled("floor_div_int", _kind)


def _ordered(test: str) -> Callable[[Lowering, Operand, Operand], Operand]:
    """Two points in time; one with a zone and one without raise."""

    def handler(low: Lowering, a: Operand, b: Operand) -> Operand:
        order = low.fallible(rs.Method(low.receiver(a), "order", (low.borrow(b),)))
        return Operand(BOOL, rs.Method(order, test))

    return handler


for _symbol, _test in (("<", "is_lt"), ("<=", "is_le"), (">", "is_gt"), (">=", "is_ge")):
    LIBRARY_OPERATORS["DateTime", _symbol, "DateTime"] = _ordered(_test)


def _mixed(symbol: str) -> Callable[[Lowering, Operand, Operand], Operand]:
    def handler(low: Lowering, a: Operand, b: Operand) -> Operand:
        del a, b
        raise low.refuse(low.node, f"`{symbol}` of a `date` and a `datetime`")

    return handler


for _symbol in ("<", "<=", ">", ">=", "-"):
    LIBRARY_OPERATORS["Date", _symbol, "DateTime"] = _mixed(_symbol)
    LIBRARY_OPERATORS["DateTime", _symbol, "Date"] = _mixed(_symbol)


def _unary(name: str) -> Callable[[Lowering, Operand], Operand]:
    return lambda low, a: Operand(TIMEDELTA, low.fallible(rs.Method(low.receiver(a), name)))


LIBRARY_UNARY["-", "TimeDelta"] = _unary("neg")
LIBRARY_UNARY["+", "TimeDelta"] = lambda low, a: a


@builtin("TimeDelta.__abs__")
def _absolute(site: CallSite) -> Operand:
    return _unary("abs")(site.low, site.operands[0])


# calendar


def _calendar(name: str, result: Type, count: int, *, raises: bool) -> None:
    def handler(site: CallSite) -> Operand:
        arguments_within(site, count)
        value = call(f"calendar_{name}", *(_part(site, index, "") for index in range(count)))
        return Operand(result, site.low.fallible(value) if raises else value)

    builtin(f"calendar.{name}")(handler)


_calendar("isleap", BOOL, 1, raises=False)
_calendar("leapdays", integer(-(1 << 40), 1 << 40), 2, raises=False)
_calendar("weekday", integer(0, 6), 3, raises=True)
_calendar("monthrange", tuple_of(integer(0, 6), integer(28, 31)), 2, raises=True)
for _index, _name in enumerate(("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")):
    CONSTANTS[f"calendar.{_name}"] = lambda low, day=_index: Operand(  # type: ignore[misc]
        integer(day, day), rs.Integer(day), constant=day
    )


_NAMES = Type((OpaqueShape("CalendarNames"),))


def _as_tuple(low: Lowering, operand: Operand) -> Operand:
    """Names of days or months as the tuple that they are in Rust."""
    del low
    return Operand(seq_of(STR), operand.expr, operand.form)


for _name in ("day_name", "day_abbr", "month_name", "month_abbr"):
    _texts = tuple(call("Str::literal", rs.Text(str(text))) for text in getattr(calendar, _name))
    CONSTANTS[f"calendar.{_name}"] = lambda low, texts=_texts: Operand(  # type: ignore[misc]
        _NAMES, call("Seq::from", rs.Array(texts))
    )
LIBRARY_SUBSCRIPTS["CalendarNames"] = lambda low, value, key: item_of(low, _as_tuple(low, value), key)
LIBRARY_ITERATION["CalendarNames"] = lambda low, operand: iterate(low, _as_tuple(low, operand))
LIBRARY_SIZED.add("CalendarNames")


@builtin("calendar.monthcalendar")
def _monthcalendar(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 2)
    weeks = low.list_of(low.list_of(integer(0, 31)))
    return Operand(
        weeks, low.fallible(call("calendar_monthcalendar", _part(site, 0, ""), _part(site, 1, ""), rs.Integer(0)))
    )


@builtin("calendar.month")
def _month(site: CallSite) -> Operand:
    arguments_within(site, 4, "w", "l")
    parts = (_part(site, 0, "theyear"), _part(site, 1, "themonth"), _part(site, 2, "w", 0), _part(site, 3, "l", 0))
    return Operand(STR, site.low.fallible(call("calendar_month", *parts, rs.Integer(0))))


@builtin("calendar.calendar")
def _year(site: CallSite) -> Operand:
    arguments_within(site, 5, "w", "l", "c", "m")
    defaults = (("theyear", None), ("w", 2), ("l", 1), ("c", 6), ("m", 3))
    parts = (_part(site, index, name, default) for index, (name, default) in enumerate(defaults))
    return Operand(STR, site.low.fallible(call("calendar_calendar", *parts, rs.Integer(0))))


# time

_STRUCT_TIME = enlist("StructTime", "time.struct_time")
for _name, _bounds in (
    ("tm_year", (-(1 << 40), 1 << 40)),
    ("tm_mon", (1, 12)),
    ("tm_mday", (1, 31)),
    ("tm_hour", (0, 23)),
    ("tm_min", (0, 59)),
    ("tm_sec", (0, 61)),
    ("tm_wday", (0, 6)),
    ("tm_yday", (1, 366)),
    ("tm_isdst", (-1, 1)),
):
    attributes("StructTime", integer(*_bounds), _name)
for _tag in ("Date", "DateTime"):
    attributes(_tag, _STRUCT_TIME, "timetuple", as_method=True)


def _moment(site: CallSite, index: int) -> rs.Expression:
    given = site.argument(index)
    return rs.Name("None") if given is None or given.type == NONE else call("Some", number(site.low, given))


for _name, _type in (("gmtime", _STRUCT_TIME), ("localtime", _STRUCT_TIME), ("ctime", STR)):

    @builtin(f"time.{_name}")
    def _of_moment(site: CallSite, name: str = _name, type_: Type = _type) -> Operand:
        arguments_within(site, 1)
        return Operand(type_, call(f"time_{name}", _moment(site, 0)))


def _tuple_argument(site: CallSite, index: int) -> rs.Expression:
    given = site.argument(index)
    if given is None:
        return rs.Borrow(call("time_localtime", rs.Name("None")))
    if given.type != _STRUCT_TIME:
        raise site.refuse("a time that is no `struct_time`")
    return site.low.borrow(given)


@builtin("time.strftime")
def _strftime(site: CallSite) -> Operand:
    arguments_within(site, 2)
    return Operand(STR, call("time_strftime", text_argument(site, 0), _tuple_argument(site, 1)))


@builtin("time.strptime")
def _strptime(site: CallSite) -> Operand:
    arguments_within(site, 2)
    value = call("time_strptime", text_argument(site, 0), text_argument(site, 1))
    return Operand(_STRUCT_TIME, site.low.fallible(value))


@builtin("time.asctime")
def _asctime(site: CallSite) -> Operand:
    arguments_within(site, 1)
    return Operand(STR, call("time_asctime", call("Some", _tuple_argument(site, 0))))


@builtin("time.mktime")
def _mktime(site: CallSite) -> Operand:
    return Operand(FLOAT, call("time_mktime", _tuple_argument(site, 0)))


@builtin("calendar.timegm")
def _timegm(site: CallSite) -> Operand:
    return Operand(integer(-(1 << 60), 1 << 60), call("calendar_timegm", _tuple_argument(site, 0)))
