people = {"ann": {"age": 30, "tags": ["x"]}, "bob": {"age": 25, "tags": []}}
people["ann"]["age"] += 1
people["bob"]["tags"].append("new")
people["cy"] = {"age": 1, "tags": ["y", "z"]}
for name, info in people.items():
    print(name, info["age"], len(info["tags"]), info)
print(sum(p["age"] for p in people.values()), sorted(people, key=lambda n: people[n]["age"]))
graph = {}
for a, b in [(1, 2), (1, 3), (2, 3), (3, 1)]:
    graph.setdefault(a, []).append(b)
print(graph, {k: len(v) for k, v in graph.items()})
groups = {}
for word in "apple avocado bear blue cherry".split():
    groups.setdefault(word[0], set()).add(word)
print({k: sorted(v) for k, v in groups.items()})
matrix = {(i, j): i * j for i in range(3) for j in range(2)}
print(matrix, matrix[2, 1], matrix.get((9, 9), "none"))
