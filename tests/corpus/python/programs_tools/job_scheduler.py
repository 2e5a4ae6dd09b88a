"""A scheduler of jobs on a heap: priorities, dependencies and simulated time."""

import heapq
from dataclasses import dataclass, field


@dataclass(order=True)
class Job:
    due: int
    priority: int
    name: str = field(compare=False)
    cost: int = field(compare=False, default=1)


class Scheduler:
    def __init__(self):
        self.queue = []
        self.clock = 0
        self.done = []

    def add(self, job):
        heapq.heappush(self.queue, job)

    def run(self, until):
        while self.queue and self.queue[0].due <= until:
            job = heapq.heappop(self.queue)
            self.clock = max(self.clock, job.due) + job.cost
            self.done.append(job.name)
            late = self.clock - job.cost - job.due
            print(f"t={self.clock:>3} {job.name:<8} {'late by ' + str(late) if late else 'on time'}")


def topological(edges):
    waiting = {}
    targets = {}
    for before, after in edges:
        waiting.setdefault(before, 0)
        waiting[after] = waiting.get(after, 0) + 1
        targets.setdefault(before, []).append(after)
    ready = [name for name, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    order = []
    while ready:
        name = heapq.heappop(ready)
        order.append(name)
        for after in targets.get(name, []):
            waiting[after] -= 1
            if waiting[after] == 0:
                heapq.heappush(ready, after)
    if len(order) < len(waiting):
        raise ValueError("a cycle among " + ", ".join(sorted(set(waiting) - set(order))))
    return order


scheduler = Scheduler()
for job in (Job(5, 1, "backup", 4), Job(1, 2, "mail"), Job(1, 1, "wake"), Job(6, 0, "report", 2), Job(20, 9, "sleep")):
    scheduler.add(job)
scheduler.run(10)
print(scheduler.done, len(scheduler.queue), scheduler.queue[0])
print(topological([("shop", "cook"), ("cook", "eat"), ("wash", "cook"), ("eat", "clean")]))
try:
    topological([("a", "b"), ("b", "c"), ("c", "b")])
except ValueError as error:
    print("error:", error)
heap = [9, 4, 7, 1, 8]
heapq.heapify(heap)
print(heap, heapq.heappushpop(heap, 0), heapq.heapreplace(heap, 5), heap)
print(heapq.nlargest(2, [3, 9, 2, 7]), heapq.nsmallest(2, ["pear", "fig", "apple"], key=len))
print(list(heapq.merge([1, 4, 7], [2, 5], [0, 9])))
