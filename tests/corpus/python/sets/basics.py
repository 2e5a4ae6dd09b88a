s = {3, 1, 2, 3}
s.add(10)
s.discard(99)
s.discard(1)
print(s, len(s), 2 in s, sorted(s), sum(s), max(s))
s.remove(2)
print(s, set(), set([1, 1]), set("a"), {1, 2} == {2, 1}, bool(set()))
a, b = {1, 2, 3, 4}, {3, 4, 5}
print(a | b, a & b, a - b, a ^ b, a <= b, {3} < a, a >= {1}, a.isdisjoint({9}), a.issubset(a), a.issuperset({1, 2}))
print(a.union(b, [7]), a.intersection([1, 2]), a.difference(b), a.symmetric_difference(b))
a |= {100}
a &= {1, 2, 100}
a -= {2}
a ^= {1, 50}
print(a)
a.update([5, 6])
a.intersection_update({5, 6, 7})
a.difference_update([6])
print(a, a.pop(), a, a.copy())
try:
    a.remove(3)
except KeyError as error:
    print(error)
try:
    a.pop()
except KeyError as error:
    print(error)
a.clear()
print(a, {(1, 2), (1, 2)}, len({1, 1.0, True}))
