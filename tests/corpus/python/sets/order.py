print({10, 5, 100, 3, 64, 33, 1000, 7}, set(range(20, 0, -3)), {-1, -2, 0, 5})
s = set()
for i in range(0, 100, 7):
    s.add(i * i % 53)
print(s)
print(set([8, 16, 24, 0, 1, 9]), {x % 7 for x in range(50)}, set([2**40, 1, 2**61]), {0.5, 1.5, 3, 2.0})
t = set(range(10))
for i in range(0, 10, 2):
    t.remove(i)
print(t, t | {20, 12}, t & set(range(5)), list(t), [x for x in t])
print(sorted({"b", "a", "c"}), sorted(set("hello")), frozenset([3, 1, 2]), len(frozenset()))
print({True, 0, 2}, {1, 5, 9, 13, 17, 21, 25, 29, 33, 37, 41})
