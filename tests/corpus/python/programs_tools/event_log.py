"""Events in order of time: parsing stamps, gaps, sessions and a report by day."""

from collections import defaultdict
from datetime import datetime, timedelta

RAW = """2024-05-01T08:00:00 ada login
2024-05-01T08:04:30 ada view /start
2024-05-01T08:05:10 bob login
2024-05-01T08:50:00 ada view /news
2024-05-02T23:58:00 bob view /start
2024-05-03T00:01:59 bob logout
2024-05-03T09:00:00 ada logout"""


class Event:
    def __init__(self, when, who, what):
        self.when = when
        self.who = who
        self.what = what

    @classmethod
    def parse(cls, line):
        stamp, who, what = line.split(" ", 2)
        return cls(datetime.fromisoformat(stamp), who, what)

    def __repr__(self):
        return f"<{self.when:%d.%m. %H:%M} {self.who} {self.what}>"

    def __lt__(self, other):
        return self.when < other.when


def sessions(events, gap):
    current = []
    for event in events:
        if current and event.when - current[-1].when > gap:
            yield current
            current = []
        current.append(event)
    if current:
        yield current


events = [Event.parse(line) for line in reversed(RAW.splitlines())]
events.sort()
print(events[0], events[-1], max(events) is events[-1])
people = defaultdict(list)
for event in events:
    people[event.who].append(event)
for who in sorted(people):
    for number, session in enumerate(sessions(people[who], timedelta(minutes=30)), 1):
        length = session[-1].when - session[0].when
        print(f"{who} {number}: {len(session)} events, {length}, {[e.what.split()[0] for e in session]}")
days = {}
for event in events:
    days.setdefault(event.when.date(), []).append(event)
for day, found in days.items():
    print(day.strftime("%a %d %b"), len(found), found)
total = sum((b.when - a.when for a, b in zip(events, events[1:])), timedelta())
print(total, total.total_seconds(), total / 2, total // timedelta(hours=1))
print((events[0].when + timedelta(days=30)).strftime("%Y-%m-%d %I:%M %p"), events[0].when.replace(hour=0).isoformat())
