"""`datetime`, `time` and `calendar`: arithmetic, texts in both directions, errors."""

from __future__ import annotations

import calendar
import datetime as dt
import operator
import time
from typing import TYPE_CHECKING, Any

from library_probe import chance, said

if TYPE_CHECKING:
    import random

    from library_probe import Library

Case = tuple[tuple[object, ...], object]
MICROSECOND = dt.timedelta(microseconds=1)
PARTS = ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks")


def shown(value: object) -> object:
    return value if isinstance(value, str) and value.startswith("!") else repr(value)


def micros(delta: dt.timedelta) -> int:
    return delta // MICROSECOND


def duration(draw: random.Random) -> dt.timedelta:
    return dt.timedelta(
        days=draw.choice((0, 0, 1, -1, draw.randint(-400, 400), draw.randint(-(10**9) + 1, 10**9 - 1))),
        seconds=draw.choice((0, draw.randint(0, 86399))),
        microseconds=draw.choice((0, 0, draw.randint(0, 999999))),
    )


def delta_all(delta: dt.timedelta) -> str:
    return f"{delta!r} {delta} {delta.days} {delta.seconds} {delta.microseconds}"


def test_durations_out_of_parts(library: Library) -> None:
    draw = chance(1)
    cases: list[Case] = []
    for _ in range(3000):
        parts = {
            name: draw.choice(
                (draw.randint(-500, 500), draw.uniform(-50, 50), 0.5, 1e-6, 2.5e-6, 10**9, draw.uniform(-1, 1) * 1e-5)
            )
            for name in PARTS
            if draw.random() < 0.4
        }
        question = ("timedelta.build", *(parts.get(name) for name in PARTS))
        cases.append((question, shown(said(dt.timedelta, **parts))))
    cases += [
        (("timedelta.build", bad, *(None,) * 6), said(dt.timedelta, float(bad))) for bad in ("nan", "inf", "1e30")
    ]
    library.agree(case for case in cases if "e+24" not in str(case[1]))


def test_arithmetic_of_durations(library: Library) -> None:
    draw = chance(2)
    cases: list[Case] = []
    for _ in range(1500):
        a, b = duration(draw), duration(draw)
        number = draw.choice((0, 1, -3, 7, draw.randint(-(10**6), 10**6)))
        real = draw.choice((0.0, 0.5, -1.5, draw.uniform(-9, 9), 1e-5))
        x, y = micros(a), micros(b)
        cases += [
            (("timedelta.all", x), delta_all(a)),
            (("timedelta.total_seconds", x), a.total_seconds()),
            (("timedelta.add", x, y), shown(said(operator.add, a, b))),
            (("timedelta.sub", x, y), shown(said(operator.sub, a, b))),
            (("timedelta.neg", x), shown(said(operator.neg, a))),
            (("timedelta.abs", x), shown(said(abs, a))),
            (("timedelta.mul", x, number), shown(said(operator.mul, a, number))),
            (("timedelta.mul_float", x, real), shown(said(operator.mul, a, real))),
            (("timedelta.div", x, y), said(operator.truediv, a, b)),
            (("timedelta.div_int", x, number), shown(said(operator.truediv, a, number))),
            (("timedelta.div_float", x, real), shown(said(operator.truediv, a, real))),
            (("timedelta.floordiv", x, y), shown(said(operator.floordiv, a, b))),
            (("timedelta.floordiv_int", x, number), shown(said(operator.floordiv, a, number))),
            (("timedelta.divmod", x, y), shown(said(divmod, a, b))),
        ]
    # CPython names the number of days that does not fit another way when it multiplies far out of range.
    library.agree(case for case in cases if "Python int too large" not in str(case[1]))


def day(draw: random.Random) -> dt.date:
    return dt.date.fromordinal(draw.choice((draw.randint(1, 3652059), draw.randint(730000, 740000))))


def date_all(date: dt.date) -> str:
    numbers = (date.toordinal(), date.weekday(), tuple(date.isocalendar()))
    return f"{date!r} {date} {date.ctime()} {numbers!r} {date.timetuple()!r}"


def fields(date: dt.date) -> tuple[int, int, int]:
    return date.year, date.month, date.day


def test_days(library: Library) -> None:
    draw = chance(3)
    cases: list[Case] = []
    for _ in range(1500):
        a, b, delta = day(draw), day(draw), duration(draw)
        change = [draw.choice((None, draw.randint(0, 32))) for _ in range(3)]
        named = {name: value for name, value in zip(("year", "month", "day"), change, strict=True) if value is not None}
        cases += [
            (("date.all", *fields(a)), date_all(a)),
            (("date.ordinal", a.toordinal()), date_all(a)),
            (("date.add", *fields(a), micros(delta)), shown(said(operator.add, a, delta))),
            (("date.sub", *fields(a), micros(delta)), shown(said(operator.sub, a, delta))),
            (("date.since", *fields(a), *fields(b)), shown(a - b)),
            (("date.replace", *fields(a), *change), shown(said(a.replace, **named))),
        ]
        week = (draw.randint(0, 10000), draw.randint(0, 54), draw.randint(0, 8))
        cases.append((("date.isocalendar", *week), shown(said(dt.date.fromisocalendar, *week))))
    cases += [
        (("date.all", *bad), said(dt.date, *bad))
        for bad in ((0, 1, 1), (10000, 1, 1), (1, 0, 1), (1, 13, 1), (2023, 2, 29), (1, 1, 0))
    ]
    cases += [(("date.ordinal", bad), said(dt.date.fromordinal, bad)) for bad in (0, -5)]
    library.agree(cases)


def test_iso_texts(library: Library) -> None:
    draw = chance(4)
    dates = [
        *(
            "2024-01-31",
            "20240131",
            "2024-W05-3",
            "2024W053",
            "2024-W05",
            "2024W05",
            "2024-1-1",
            "2024-0131",
            "202401-31",
            "",
            "x",
        ),
        *(
            "2024-02-30",
            "0000-01-01",
            "2024-W54-1",
            "2024-W05-8",
            "2024-W053",
            "2024W05-3",
            "٢٠٢٤-01-31",
            "2024-01-3x",
            "2024-01",
            "202401",
        ),
    ]
    times = [
        *(
            "12",
            "12:30",
            "12:30:45",
            "1230",
            "123045",
            "12:30:45.5",
            "12:30:45.123456",
            "12:30:45,123456789",
            "12:3045",
            "1230:45",
        ),
        *(
            "12:30:45.",
            "24:00",
            "12:60",
            "12:30Z",
            "12:30+01:00",
            "12:30-0530",
            "12+01",
            "12:30:45.1+01:02:03.000004",
            "12:30+1",
            "12:30+",
        ),
        *(
            "12:30+24:00",
            "1",
            "",
            "12:",
            "12:3",
            "T12:30",
            "12:30+00:00",
            "12.5",
            "12:30.5",
            "123045.5",
            "12:30:45.12x",
            "12:30:45.1234567x",
        ),
    ]
    cases: list[Case] = [(("date.iso", text), shown(said(dt.date.fromisoformat, text))) for text in dates]
    cases += [(("datetime.time_iso", text), shown(said(dt.time.fromisoformat, text))) for text in times]
    whole = [f"{date}{mark}{clock}" for date in dates for mark in ("T", " ", "x", "é", "") for clock in times]
    whole += [draw.choice(whole)[: draw.randint(0, 25)] for _ in range(500)]
    cases += [(("datetime.iso", text), shown(said(dt.datetime.fromisoformat, text))) for text in whole]
    library.agree(cases)


def moment(draw: random.Random, *, zones: bool = True) -> tuple[dt.datetime, list[object]]:
    date = day(draw)
    parts = [draw.choice((0, draw.randint(0, end))) for end in (23, 59, 59, 999999)]
    offset = draw.choice((None, None, 0, 3600, -18000, 19800, draw.randint(-86399, 86399))) if zones else None
    zone = None if offset is None else dt.timezone(dt.timedelta(seconds=offset))
    written = None if offset is None else offset * 10**6
    return dt.datetime(*fields(date), *parts, tzinfo=zone), [*fields(date), *parts, written]


def moment_all(value: dt.datetime) -> str:
    whole = f"{value.isoformat()} {value.isoformat(' ', 'milliseconds')} {value.isoformat('_', 'hours')}"
    stamp = repr(value.timestamp())
    return f"{value!r} {value} {whole} {value.ctime()} {value.tzname()!r} {value.utcoffset()!r} {stamp}"


def test_moments(library: Library) -> None:
    draw = chance(5)
    cases: list[Case] = []
    for _ in range(1500):
        (a, x), (b, y), delta = moment(draw), moment(draw), duration(draw)
        offset = draw.randint(-86399, 86399)
        zone = dt.timezone(dt.timedelta(seconds=offset))
        if 2 < a.year < 9998:
            cases.append((("datetime.all", *x), moment_all(a)))
            cases.append((("datetime.astimezone", *x, offset * 10**6), shown(said(a.astimezone, zone))))
        cases += [
            (("datetime.add", *x, micros(delta)), shown(said(operator.add, a, delta))),
            (("datetime.sub", *x, micros(delta)), shown(said(operator.sub, a, delta))),
            (("datetime.since", *x, *y), shown(said(operator.sub, a, b))),
            (("datetime.lt", *x, *y), shown(said(operator.lt, a, b))),
            (("datetime.replace", *x, 5, None, 25), shown(a.replace(hour=5, microsecond=25))),
        ]
        stamp = draw.choice(
            (draw.uniform(-1e9, 4e9), float(draw.randint(0, 2**31)), draw.uniform(0, 2e9), 0.5, 1.0000005)
        )
        cases.append(
            (("datetime.fromtimestamp", stamp, offset * 10**6), shown(said(dt.datetime.fromtimestamp, stamp, zone)))
        )
        cases.append((("datetime.fromtimestamp", stamp, None), shown(said(dt.datetime.fromtimestamp, stamp))))
    for bad in ((24, 0, 0, 0), (0, 60, 0, 0), (0, 0, 60, 0), (0, 0, 0, 10**6), (-1, 0, 0, 0)):
        cases.append((("datetime.all", 2024, 1, 1, *bad, None), said(dt.datetime, 2024, 1, 1, *bad)))
    for stamp in (1e18, -1e18, 1e20, 1e12, -1e12, float("nan")):
        cases.append((("datetime.fromtimestamp", stamp, 0), said(dt.datetime.fromtimestamp, stamp, dt.UTC)))
    for seconds, name in ((0, None), (3600, None), (-3601, "X"), (86400, None), (-86400, None), (0, "UTC"), (0, "é'")):
        arguments = [dt.timedelta(seconds=seconds), *([name] if name else [])]
        zone = said(dt.timezone, *arguments)
        cases.append(
            (("datetime.timezone", seconds * 10**6, name), zone if isinstance(zone, str) else f"{zone!r} {zone}")
        )
    library.agree(cases)


DIRECTIVES = "aAbBcCdDeFgGhHIjklmMnpPrRStTuUVwWxXyYzZ%f"


def test_times_as_text(library: Library) -> None:
    draw = chance(6)
    cases: list[Case] = []
    formats = [f"%{letter}" for letter in DIRECTIVES] + [
        "%-d/%-m/%-H",
        "%_d",
        "%05d",
        "%^a %#p %^B",
        "%10Y|%-j|%_5m",
        "%Q",
        "%",
        "é %d",
        "%E",
        "%!",
    ]
    for _ in range(60):
        value, x = moment(draw)
        text = "".join(draw.choice([*formats, " ", "-"]) for _ in range(6))
        for form in [*formats, text]:
            cases.append((("datetime.strftime", *x, form), value.strftime(form)))
            cases.append((("datetime.time_strftime", *x, form), value.timetz().strftime(form)))
            if "%f" not in form and "%z" not in form:
                cases.append((("date.strftime", *fields(value), form), value.date().strftime(form)))
    for stamp in (0, 951782400, 1e9, 1709164800.5, -1e9):
        cases += [(("time.strftime", stamp, form), time.strftime(form, time.gmtime(stamp))) for form in formats]
        cases += [
            (("time.gmtime", stamp), repr(time.gmtime(stamp))),
            (("time.localtime", stamp), repr(time.localtime(stamp))),
            (("time.mktime", stamp), time.mktime(time.localtime(stamp))),
            (("time.ctime", stamp), time.ctime(stamp)),
            (("calendar.timegm", stamp), repr(calendar.timegm(time.gmtime(stamp)))),
        ]
    cases.append((("time.sleep", -1.0), said(time.sleep, -1.0)))
    library.agree(cases)


def test_texts_as_times(library: Library) -> None:
    draw = chance(7)
    cases: list[Case] = []
    formats = [
        *(
            "%Y-%m-%d",
            "%d/%m/%y",
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%dT%H:%M:%S.%f%z",
            "%A %d %B %Y",
            "%a %b %d %Y",
            "%I:%M %p",
            "%j %Y",
        ),
        *(
            "%Y %U %w",
            "%Y %W %a",
            "%G %V %u",
            "%G-W%V-%A",
            "%H%M%S",
            "%Y%m%d",
            "%c",
            "%x %X",
            "%d %b",
            "%m %d",
            "%Z %Y",
            "%% %Y",
        ),
        *("%Y-%m-%d  %H", "%f", "%b%d", "%S", "%y%m"),
    ]
    for _ in range(1200):
        value, _ = moment(draw, zones=draw.random() < 0.5)
        form = draw.choice(formats)
        text = value.strftime(form)
        if draw.random() < 0.4 and text:
            place = draw.randint(0, len(text))
            text = text[:place] + draw.choice(["", " ", "1", "x", "-", "0", "A"]) + text[place + draw.randint(0, 1) :]
        if draw.random() < 0.2:
            text = text.upper()
        cases.append((("datetime.strptime", text, form), shown(said(dt.datetime.strptime, text, form))))
        if "%z" not in form:
            cases.append((("time.strptime", text, form), shown(said(time.strptime, text, form))))
    written = [
        *(
            ("x", "%Q"),
            ("x", "%"),
            ("2024", "%Y%"),
            ("29 02", "%d %m"),
            ("30 02", "%d %m"),
            ("2024 366", "%Y %j"),
            ("2023 366", "%Y %j"),
        ),
        *(
            ("2024", "%G"),
            ("05", "%V"),
            ("2024 05 1", "%Y %V %u"),
            ("2024 05", "%G %V"),
            ("2024 5 1 100", "%G %V %u %j"),
            ("(1)", "(%d)"),
        ),
        *(
            ("+01:00", "%z"),
            ("+0100", "%z"),
            ("+01:0030", "%z"),
            ("-01:00:30.5", "%z"),
            ("Z", "%z"),
            ("z", "%z"),
            ("+1", "%z"),
            ("a.b", "a.b"),
        ),
        *(
            ("12 PM", "%I %p"),
            ("12 AM", "%I %p"),
            ("1 pm", "%I %p"),
            ("13 PM", "%I %p"),
            ("2024 0 0", "%Y %U %w"),
            ("2024 53 6", "%Y %W %w"),
        ),
        *(
            ("a", "a[b"),
            ("", ""),
            (" ", ""),
            ("", " "),
            ("  1", " %d"),
            ("1", "% d"),
            ("1", "%\\"),
            ("٣", "%d"),
            ("2024-01-31", "%Y-%m-%d x"),
        ),
    ]
    cases += [
        (("datetime.strptime", text, form), shown(said(dt.datetime.strptime, text, form))) for text, form in written
    ]
    library.agree(cases)


def months(year: int, month: int, w: int, spacing: int, first: int) -> Any:
    return calendar.TextCalendar(first).formatmonth(year, month, w, spacing)


def test_calendars(library: Library) -> None:
    draw = chance(8)
    cases: list[Case] = []
    for _ in range(300):
        year, month, first = draw.randint(1, 9999), draw.randint(0, 13), draw.randint(0, 6)
        w, spacing = draw.randint(0, 10), draw.randint(0, 2)
        cases += [
            (("calendar.month", year, month, w, spacing, first), said(months, year, month, w, spacing, first)),
            (("calendar.monthrange", year, month), shown(said(calendar.monthrange, year, month))),
            (("calendar.isleap", year), repr(calendar.isleap(year))),
            (("calendar.leapdays", year, year + month * 40), repr(calendar.leapdays(year, year + month * 40))),
            (
                ("calendar.weekday", year, max(month, 1) % 12 + 1, 28),
                repr(calendar.weekday(year, max(month, 1) % 12 + 1, 28)),
            ),
        ]
        if 1 <= month <= 12:
            weeks = calendar.TextCalendar(first).monthdayscalendar(year, month)
            cases.append((("calendar.monthcalendar", year, month, first), repr(weeks)))
            names = (calendar.day_name[month % 7], calendar.day_abbr[month % 7])
            cases.append(
                (("calendar.names", month), repr((names, calendar.month_name[month], calendar.month_abbr[month])))
            )
    for year, columns in ((2024, 3), (2023, 4), (1, 1), (2000, 5)):
        text = calendar.TextCalendar(6).formatyear(year, 2, 1, 6, columns)
        cases.append((("calendar.calendar", year, 2, 1, 6, columns, 6), text))
    library.agree(cases)
