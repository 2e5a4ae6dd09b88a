"""Dates and durations: ranges, week days, ages, working days and parsing."""

from datetime import date, datetime, timedelta


def days(start, end, step=1):
    current = start
    while current < end:
        yield current
        current += timedelta(days=step)


def working_days(start, end, holidays):
    return sum(1 for day in days(start, end) if day.weekday() < 5 and day not in holidays)


def age(born, today):
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def add_months(day, months):
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def human(delta):
    total = int(delta.total_seconds())
    sign = "-" if total < 0 else ""
    total = abs(total)
    hours, rest = divmod(total, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{sign}{hours:02d}:{minutes:02d}:{seconds:02d}"


holidays = {date(2024, 1, 1), date(2024, 5, 1), date(2024, 12, 25)}
print(working_days(date(2024, 1, 1), date(2024, 2, 1), holidays))
print(age(date(1990, 6, 15), date(2024, 6, 14)), age(date(1990, 6, 15), date(2024, 6, 15)))
print([add_months(date(2024, 1, 31), n).isoformat() for n in (1, 2, 13, -2)])
for text in ("2024-02-29 23:59:59", "2023-12-31 00:00:00"):
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    later = moment + timedelta(seconds=1, hours=25)
    print(moment.isoformat(), "->", later, later.strftime("%A %d %B %Y, %j, %H:%M"))
    print(human(later - moment), human(moment - later), (later - moment).days)
print([day.strftime("%a %d") for day in days(date(2024, 2, 26), date(2024, 3, 4), 2)])
print(date(2024, 12, 30).isocalendar()[1], date(2021, 1, 3).isocalendar()[:2])
print(date.fromisoformat("2024-07-04").replace(day=1), date(2024, 7, 4).toordinal(), date.fromordinal(738000))
print(timedelta(days=1.5), timedelta(minutes=-5), timedelta(weeks=1) // timedelta(hours=5))
print(datetime(2024, 1, 1, 12) > datetime(2024, 1, 1), min(holidays), max(holidays))
try:
    date(2023, 2, 29)
except ValueError as error:
    print("error:", error)
try:
    datetime.strptime("2024/01/01", "%Y-%m-%d")
except ValueError as error:
    print("error:", error)
