from collections import deque

q = deque([1])
q.append(2)
q.appendleft(0)
print(q, q.popleft(), q.pop(), len(q), list(q))
