"""Graphs: shortest paths with a heap, breadth first, components and a spanning tree."""

import heapq
from collections import deque

ROADS = [
    ("A", "B", 4), ("A", "C", 2), ("B", "C", 1), ("B", "D", 5),
    ("C", "D", 8), ("C", "E", 10), ("D", "E", 2), ("F", "G", 1),
]


def neighbours(edges):
    graph = {}
    for a, b, cost in edges:
        graph.setdefault(a, {})[b] = cost
        graph.setdefault(b, {})[a] = cost
    return graph


def dijkstra(graph, start):
    best = {start: (0, None)}
    queue = [(0, start)]
    while queue:
        distance, node = heapq.heappop(queue)
        if distance > best[node][0]:
            continue
        for other, cost in graph[node].items():
            total = distance + cost
            if other not in best or total < best[other][0]:
                best[other] = (total, node)
                heapq.heappush(queue, (total, other))
    return best


def path(best, goal):
    steps = []
    node = goal
    while node is not None:
        steps.append(node)
        node = best[node][1]
    return steps[::-1]


def breadth_first(graph, start):
    seen, queue, order = {start}, deque([start]), []
    while queue:
        node = queue.popleft()
        order.append(node)
        for other in sorted(graph[node]):
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return order


def spanning_tree(edges):
    parent = {}

    def root(node):
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    chosen = []
    for a, b, cost in sorted(edges, key=lambda edge: edge[2]):
        if root(a) != root(b):
            parent[root(a)] = root(b)
            chosen.append((a, b, cost))
    return chosen


graph = neighbours(ROADS)
best = dijkstra(graph, "A")
for goal in sorted(best):
    print(f"{goal}: {best[goal][0]:>2} by {' > '.join(path(best, goal))}")
print(breadth_first(graph, "A"), breadth_first(graph, "G"))
tree = spanning_tree(ROADS)
print(tree, sum(cost for _, _, cost in tree))
components = []
left = sorted(graph)
while left:
    component = breadth_first(graph, left[0])
    components.append(component)
    left = [node for node in left if node not in component]
print(components, [node for node in graph if len(graph[node]) == 1])
