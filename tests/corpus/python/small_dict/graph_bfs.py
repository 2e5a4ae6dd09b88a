graph = {"A": ["B", "C"], "B": ["D"], "C": ["D"], "D": []}


def path(start, end):
    queue = [[start]]
    while queue:
        p = queue.pop(0)
        if p[-1] == end:
            return p
        for n in graph[p[-1]]:
            queue.append(p + [n])
    return []


print(path("A", "D"), path("D", "A"), path("B", "B"))
