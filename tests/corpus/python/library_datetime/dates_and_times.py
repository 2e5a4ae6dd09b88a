import calendar
from datetime import date, datetime, time, timedelta, timezone


def age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def main() -> None:
    d = date(2024, 2, 29)
    print(d, repr(d), f"{d:%d/%m/%Y}", f"{d}", d.strftime("%A %B %j"), d.weekday(), d.isoweekday(), d.toordinal())
    print(age(date(2000, 3, 1), d), d.isoformat(), d.ctime())
    print(d + timedelta(days=1), d - timedelta(weeks=2), timedelta(days=3) + d, (date(2025, 1, 1) - d).days)
    print(d < date(2024, 3, 1), d == date(2024, 2, 29), d != date(2024, 2, 29), max(d, date(2023, 1, 1)))
    print(d.replace(day=1), d.replace(year=2028), [d, date.min], {d: 1}, (d, None))
    n = datetime(2024, 1, 31, 13, 5, 9, 120)
    print(n, repr(n), n.isoformat(), n.isoformat(" ", "seconds"), n.isoformat(timespec="minutes"), f"{n:%H:%M:%S.%f}")
    print(n.date(), n.time(), repr(n.time()), n.replace(hour=0, microsecond=0), n.replace(year=2025, minute=7))
    print(datetime(2024, 1, 1, tzinfo=timezone.utc), timezone(timedelta(hours=5, minutes=30)), timezone.utc)
    print(datetime.strptime("2024-05-06 07:08:09", "%Y-%m-%d %H:%M:%S"), datetime.fromisoformat("2024-05-06T01:02:03+02:00"))
    print(datetime.fromtimestamp(0, timezone.utc), datetime.fromtimestamp(86400.5, tz=timezone.utc).timestamp())
    print(datetime.combine(d, time(1, 2)), n - datetime(2023, 1, 1), n > datetime(2023, 1, 1), n.tzinfo)
    t = timedelta(days=1, hours=2.5, seconds=-7)
    print(t, repr(t), t.days, t.seconds, t.microseconds, t.total_seconds(), -t, abs(-t), t * 2, 3 * t, t / 2, t // 3)
    print(t / timedelta(hours=1), t // timedelta(hours=1), t % timedelta(hours=1), divmod(t, timedelta(hours=1)))
    print(bool(timedelta()), t > timedelta(1), sum([t, t], timedelta()), t * 1.5, str(timedelta(0)), timedelta(-1))
    for text in ["2024-02-30", "bad", "2024-13-01"]:
        try:
            print(date.fromisoformat(text))
        except ValueError as e:
            print("ValueError", e)
    for y, m, day in [(2023, 2, 29), (0, 1, 1), (2023, 13, 1)]:
        try:
            print(date(y, m, day))
        except ValueError as e:
            print("ValueError", e)
    try:
        datetime.strptime("x", "%Y")
    except ValueError as e:
        print(e)
    try:
        print(datetime(2024, 1, 1) < datetime(2024, 1, 1, tzinfo=timezone.utc))
    except TypeError as e:
        print(e)
    try:
        print(date.max + timedelta(1))
    except OverflowError as e:
        print(e)
    x = int("7")
    print(timedelta(days=x), date(2000 + x, x, x), timedelta(microseconds=10**19))
    try:
        date(x * 10**30, 1, 1)
    except OverflowError as e:
        print(e)
    print(isinstance(n, date), isinstance(d, datetime), isinstance(d, date), isinstance(t, timedelta))
    print(calendar.isleap(2000), calendar.monthrange(2024, 2), calendar.weekday(2024, 2, 29), calendar.leapdays(2000, 2024))
    print(calendar.month(2024, 2))
    print(calendar.monthcalendar(2024, 2))
    print(calendar.calendar(2024)[:300])
    days = sorted([date(2024, 5, 1), date(2023, 1, 1)])
    print(days, days[0].year, min(days))
    print(time(23, 59).isoformat(), time(1) < time(2), time.fromisoformat("04:05:06").second)


if __name__ == "__main__":
    main()
