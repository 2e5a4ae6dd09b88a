import re

print(re.findall(r"\d+", "a1b22"), re.sub(r"\s+", "-", "a  b"), re.split(r",\s*", "a, b,c"), bool(re.match(r"^\w+$", "abc")))
m = re.search(r"(\w+)@(\w+)", "me@site")
print(m.group(1), m.groups(), m.span())
