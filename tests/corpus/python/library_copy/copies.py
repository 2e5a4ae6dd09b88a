import copy

a = [1, [2, 3], {"k": [4]}]
b = copy.copy(a)
c = copy.deepcopy(a)
a[1].append(99)
a[2]["k"].append(5)
a.append("new")
print(a, b, c)


class Node:
    def __init__(self, v):
        self.v = v
        self.kids = []


n = Node(1)
n.kids.append(Node(2))
m = copy.deepcopy(n)
s = copy.copy(n)
n.kids[0].v = 50
n.kids.append(Node(3))
print(len(m.kids), m.kids[0].v, len(s.kids), s.kids[0].v)
d = {"x": [1]}
e = d.copy()
f = copy.deepcopy(d)
d["x"].append(2)
print(d, e, f)
