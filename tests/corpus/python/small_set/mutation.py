s = {1}
s.add(2)
s.add(2)
s.update([3, 4], {5})
s.discard(1)
s.discard(100)
print(sorted(s), len(s))
s.remove(5)
t = s.copy()
t.add(99)
print(sorted(s), sorted(t), s < t)
try:
    s.remove(5)
except KeyError as e:
    print("KeyError", e)
