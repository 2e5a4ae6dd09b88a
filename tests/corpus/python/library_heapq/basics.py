import heapq

h = [5, 3, 8, 1]
heapq.heapify(h)
heapq.heappush(h, 0)
print(h, heapq.heappop(h), heapq.heappop(h), h, heapq.heappushpop(h, 4), heapq.heapreplace(h, 10), h)
print([heapq.heappop(h) for _ in range(len(h))], heapq.nlargest(2, [4, 1, 9]), heapq.nsmallest(2, ["bb", "a", "ccc"], key=len))
print(list(heapq.merge([1, 4], [2, 3], [0, 9])))
tasks = []
for p, name in ((3, "low"), (1, "high"), (2, "mid"), (1, "also")):
    heapq.heappush(tasks, (p, name))
while tasks:
    print(heapq.heappop(tasks))
try:
    heapq.heappop([])
except IndexError as e:
    print(e)


def dijkstra(graph, start):
    dist = {start: 0}
    queue = [(0, start)]
    while queue:
        d, n = heapq.heappop(queue)
        if d > dist[n]:
            continue
        for m, w in graph.get(n, []):
            if m not in dist or d + w < dist[m]:
                dist[m] = d + w
                heapq.heappush(queue, (d + w, m))
    return dist


print(dijkstra({"a": [("b", 1), ("c", 4)], "b": [("c", 2), ("d", 6)], "c": [("d", 3)]}, "a"))
