import re

word = re.compile(r"\b[a-z]{3,}\b", re.I)
print(word.findall("The cat is on a MAT"), word.search("a bc def").start(), word.sub("*", "one two"), word.split("x one y"), word.pattern)
tokens = re.compile(r"\s*(?:(\d+)|(.))")
print([(n, o) for n, o in tokens.findall("3 + 42*(7-1)")])
print(re.findall(r"a+?", "aaa"), re.findall(r"<.*?>", "<a><b>"), re.findall(r"(?:ab)+", "ababab"), re.findall(r"x(?=y)", "xyxz"), re.findall(r"(?<!a)b", "abcb"))
print(re.search(r"(a)|(b)", "b").groups(), re.match(r"(a)?b", "b").group(1), re.findall(r"(\w)\1", "aabbc"), re.findall(r"[^aeiou\s]+", "hello world"))
for line in ("name = value", "bad line", "x=1"):
    if m := re.match(r"(\w+)\s*=\s*(\w+)$", line):
        key, value = m.groups()
        print(key, value)
    else:
        print("no match:", line)
try:
    re.compile("(")
except re.error as e:
    print(e)
