import re

m = re.search(r"(\w+)@(\w+)\.com", "mail bob@site.com now")
print(m.group(), m.group(1), m.groups(), m.start(), m.end(), m.span(2), bool(m))
print(re.match(r"\d+", "12ab").group(), re.match(r"\d+", "ab12"), re.fullmatch(r"[a-z]+", "abc") is not None, re.fullmatch("a", "ab"))
print(re.findall(r"\d+", "a1b22c333"), re.findall(r"(\w)=(\d)", "a=1,b=2"), re.split(r"[,;]\s*", "a, b;c"), re.split(r"(-)", "a-b"))
print(re.sub(r"\s+", " ", "a   b \n c"), re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.sub("a", "b", "aaa", count=2), re.subn("x", "y", "axx"))
print(re.sub(r"\d+", lambda m: str(int(m.group()) * 2), "a1b22"), [m.group() for m in re.finditer(r"[A-Z]", "aBcD")])
d = re.match(r"(?P<year>\d{4})-(?P<month>\d\d)", "2024-05-06")
print(d.group("year"), d["month"], d.groupdict(), d.lastindex)
print(re.findall(r"^\w", "a\nb", re.M), re.search("HELLO", "hello", re.IGNORECASE).group(), re.escape("a.b*c"), re.findall(r"a.c", "a\nc", re.DOTALL))
