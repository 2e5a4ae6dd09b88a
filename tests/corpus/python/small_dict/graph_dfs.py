def topological(graph):
    seen, order = set(), []

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        for n in graph.get(node, []):
            visit(n)
        order.append(node)

    for node in graph:
        visit(node)
    return order[::-1]


print(topological({"shirt": ["tie"], "tie": ["jacket"], "trousers": ["shoes", "jacket"], "jacket": [], "shoes": []}))
