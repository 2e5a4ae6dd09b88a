"""Regular expressions over a log: named groups, alternation, substitution, splitting."""

import re
from collections import Counter

LOG = """\
10.0.0.1 - - [05/Jan/2024:10:00:01] "GET /index.html HTTP/1.1" 200 5120
10.0.0.2 - - [05/Jan/2024:10:00:07] "POST /login HTTP/1.1" 302 -
10.0.0.1 - ada [05/Jan/2024:10:01:13] "GET /img/logo.png HTTP/1.1" 200 20481
broken line here
192.168.7.9 - - [05/Jan/2024:10:02:59] "GET /missing HTTP/1.0" 404 312
10.0.0.2 - bob [05/Jan/2024:10:05:00] "DELETE /user/42?force=yes HTTP/1.1" 500 77
"""

LINE = re.compile(
    r"""
    (?P<host>\d+(?:\.\d+){3})\s-\s(?P<user>\S+)\s
    \[(?P<time>[^\]]+)\]\s
    "(?P<method>[A-Z]+)\s(?P<path>\S+)\s[^"]*"\s
    (?P<status>\d{3})\s(?P<size>\d+|-)
    """,
    re.VERBOSE,
)


def parse(text):
    for number, line in enumerate(text.splitlines(), start=1):
        match = LINE.fullmatch(line)
        if match is None:
            print(f"line {number} is odd: {line!r}")
            continue
        yield match.groupdict()


entries = list(parse(LOG))
statuses = Counter(entry["status"] for entry in entries)
print(sorted(statuses.items()))
print(Counter(entry["host"] for entry in entries).most_common(1))
print(sum(int(e["size"]) for e in entries if e["size"] != "-"))
for entry in entries:
    path = re.sub(r"\d+", "<n>", entry["path"].split("?")[0])
    hour = re.search(r":(\d\d):(\d\d):(\d\d)$", entry["time"])
    seconds = sum(int(part) * factor for part, factor in zip(hour.groups(), (3600, 60, 1)))
    print(f"{entry['method']:<6} {path:<18} {seconds} {entry['user']}")
words = re.findall(r"\b[a-z]{4,}\b", LOG)
print(words[:6], len(words))
print(re.split(r"[\s,;]+", "a, b;c   d,,e"))
print(re.split(r"(-)", "2024-01-05"))
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world, good day"))
print(re.sub(r"\b(\w)(\w*)", lambda m: m.group(1).upper() + m.group(2), "the quick brown fox"))
print(re.subn("a", "o", "banana", count=2))
print([m.span() for m in re.finditer("an", "banana")], re.match("an", "banana"))
print(re.escape("1+1=2?"), bool(re.fullmatch(r"[\w.]+@[\w.]+\.\w+", "ada@example.org")))
try:
    re.compile("(unclosed")
except re.error as error:
    print("bad pattern:", error)
