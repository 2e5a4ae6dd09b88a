"""Builds in the order of their dependencies: topological sort, cycles, critical path and levels of work in parallel."""

from collections import defaultdict, deque
from typing import Dict, Iterable, List, Set, Tuple


class CycleError(Exception):
    def __init__(self, cycle: List[str]) -> None:
        super().__init__(" -> ".join(cycle))
        self.cycle = cycle


class Graph:
    def __init__(self) -> None:
        self.needs: Dict[str, Set[str]] = defaultdict(set)
        self.cost: Dict[str, int] = {}

    def add(self, name: str, *needs: str, cost: int = 1) -> "Graph":
        self.cost[name] = cost
        self.needs[name].update(needs)
        for other in needs:
            self.needs.setdefault(other, set())
            self.cost.setdefault(other, 1)
        return self

    def order(self) -> List[str]:
        missing = {name: len(needs) for name, needs in self.needs.items()}
        users = defaultdict(list)
        for name, needs in sorted(self.needs.items()):
            for other in needs:
                users[other].append(name)
        ready = deque(sorted(name for name, count in missing.items() if count == 0))
        done: List[str] = []
        while ready:
            name = ready.popleft()
            done.append(name)
            for user in sorted(users[name]):
                missing[user] -= 1
                if not missing[user]:
                    ready.append(user)
        if len(done) < len(missing):
            raise CycleError(self.find_cycle())
        return done

    def find_cycle(self) -> List[str]:
        state: Dict[str, int] = {}
        path: List[str] = []

        def visit(name: str) -> bool:
            state[name] = 1
            path.append(name)
            for other in sorted(self.needs[name]):
                if state.get(other) == 1:
                    path.append(other)
                    return True
                if other not in state and visit(other):
                    return True
            path.pop()
            state[name] = 2
            return False

        for name in sorted(self.needs):
            if name not in state and visit(name):
                return path[path.index(path[-1]) :]
        return []

    def levels(self) -> List[List[str]]:
        level: Dict[str, int] = {}
        for name in self.order():
            level[name] = 1 + max((level[other] for other in self.needs[name]), default=-1)
        result: List[List[str]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
        for name, number in level.items():
            result[number].append(name)
        return [sorted(names) for names in result]

    def critical_path(self) -> Tuple[int, List[str]]:
        best: Dict[str, Tuple[int, List[str]]] = {}
        for name in self.order():
            length, path = max((best[other] for other in self.needs[name]), default=(0, []))
            best[name] = (length + self.cost[name], [*path, name])
        return max(best.values())

    def closure(self, names: Iterable[str]) -> Set[str]:
        found: Set[str] = set()
        stack = list(names)
        while stack:
            name = stack.pop()
            if name not in found:
                found.add(name)
                stack.extend(self.needs[name])
        return found


graph = Graph()
graph.add("app", "ui", "core", cost=5).add("ui", "widgets", "theme", cost=3).add("core", "db", "log", cost=8)
graph.add("db", "log", cost=4).add("widgets", "theme").add("log", cost=2).add("docs")
print(graph.order())
for number, names in enumerate(graph.levels()):
    print(number, names)
print(graph.critical_path(), sorted(graph.closure(["ui"])), sorted(graph.closure(["db", "docs"])))
graph.add("log", "metrics").add("metrics", "core")
try:
    graph.order()
except CycleError as error:
    print("cycle:", error, len(error.cycle))
print(Graph().order(), Graph().levels())
