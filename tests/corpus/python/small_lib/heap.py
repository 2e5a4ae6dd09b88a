import heapq

h = []
for x in (5, 1, 4):
    heapq.heappush(h, x)
print(h, heapq.heappop(h), h, heapq.nsmallest(2, [3, 1, 2]), heapq.nlargest(1, [3, 1]))
