from collections import deque

d = deque([1, 2, 3])
d.append(4)
d.appendleft(0)
print(d, len(d), d[0], d[-1], d.pop(), d.popleft(), d, 2 in d, list(d))
d.extend([7, 8])
d.extendleft([9, 10])
print(d, d.count(7), d.index(7))
d.rotate(2)
print(d)
d.rotate(-1)
d.reverse()
print(d)
d.remove(7)
d.insert(1, 99)
print(d, sum(d), max(d), sorted(d), [x for x in d if x % 2], bool(deque()))
m = deque(maxlen=3)
for i in range(5):
    m.append(i)
print(m, m.maxlen, deque("ab"), deque([1, 2]) == deque([1, 2]))
d.clear()
try:
    d.popleft()
except IndexError as e:
    print(e)
q = deque([(0, 0)])
seen = {(0, 0)}
steps = 0
while q:
    x, y = q.popleft()
    steps += 1
    for nx, ny in ((x + 1, y), (x, y + 1)):
        if nx < 4 and ny < 4 and (nx, ny) not in seen:
            seen.add((nx, ny))
            q.append((nx, ny))
print(steps, len(seen))
