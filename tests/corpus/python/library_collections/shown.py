from collections import Counter, OrderedDict, defaultdict, deque


def main() -> None:
    c = Counter("abracadabra")
    print(c, repr(c), f"{c} {c!r}", str(c), [len(str(c))])
    print(Counter(), c["z"], c.most_common(2), sorted(c.elements()), c.total())
    c.update("zz")
    c.subtract("aa")
    print(c + Counter("a"), c - Counter("b"), c & Counter("abz"), c | Counter("qq"))
    o = OrderedDict()
    o["b"] = 1
    o["a"] = 2
    print(o)
    o.move_to_end("b")
    print(o, OrderedDict())
    d = defaultdict(list)
    d["x"].append(1)
    print(d, dict(d))
    e = defaultdict(int)
    e["q"] += 2
    print(f"{e}", str(e))
    q = deque([1, 2, 3])
    q.rotate(1)
    q.appendleft(9)
    print(q, list(q), len(q))


main()
q = deque(maxlen=3)
for i in range(5):
    q.append(i)
print(q, q.maxlen, deque("abcd", 2), deque([1]).maxlen)
