from datetime import date, datetime, timedelta

d = date(2024, 2, 28)
print(d, d + timedelta(days=2), d.weekday(), d.isoweekday(), d.isoformat(), d.year, d.strftime("%d/%m/%Y %A %j"), repr(d))
print(date(2024, 3, 1) - d, (date(2024, 12, 25) - d).days, d < date(2025, 1, 1), d.replace(year=2023), date.fromisoformat("2020-01-31"), d.toordinal())
t = datetime(2024, 1, 2, 3, 4, 5)
print(t, t.isoformat(), t + timedelta(hours=25, minutes=1), t.strftime("%Y-%m-%d %H:%M:%S"), t.date(), t.time(), repr(t))
print(datetime.strptime("2021-05-06 07:08", "%Y-%m-%d %H:%M"), datetime.fromisoformat("2021-01-01T10:00:00"), t - datetime(2024, 1, 1), (t - datetime(2023, 1, 1)).total_seconds())
td = timedelta(days=1, hours=2, seconds=3, milliseconds=5)
print(td, td.days, td.seconds, td * 2, -td, td / 2, td // timedelta(hours=1), timedelta(0), timedelta(minutes=90), repr(timedelta(seconds=5)))
try:
    date(2023, 2, 29)
except ValueError as e:
    print(e)
print(d.isocalendar()[1], sorted([date(2024, 5, 1), date(2023, 1, 1)]), d == date(2024, 2, 28), {d: 1}[date(2024, 2, 28)])
