import time
from datetime import datetime
t = time.strftime("%Y-%m-%d", time.gmtime(0))
print(t, time.gmtime(86400).tm_year, time.ctime(0), time.asctime(time.gmtime(0)))
d = datetime(2024, 5, 6)
print(d.isocalendar()[1], d.timetuple().tm_yday)
y, w, wd = d.isocalendar()
print(y, w, wd, d.isocalendar().week)
import calendar
print(calendar.month_name[2], calendar.day_name[0], list(calendar.month_abbr), [d for d in calendar.day_abbr])
for i, n in enumerate(calendar.month_name):
    print(i, n)
