from datetime import date, datetime, timedelta

print(date(2024, 2, 28) + timedelta(days=2), (date(2024, 3, 1) - date(2024, 1, 1)).days, datetime(2024, 1, 2, 3, 4).isoformat(), date(2024, 1, 1).weekday())
print(datetime(2024, 1, 2).strftime("%Y/%m/%d"), timedelta(hours=25), date(2024, 1, 1) < date(2024, 1, 2))
