"""Shortest routes between charging stations, with a range limit: Dijkstra over (place, charge)."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Iterable


@dataclass(frozen=True)
class Road:
    source: str
    target: str
    km: int
    speed: int = 80

    @property
    def minutes(self) -> int:
        return math.ceil(self.km / self.speed * 60)


class Map:
    def __init__(self, roads: Iterable[Road], chargers: dict[str, int]) -> None:
        self.roads: dict[str, list[Road]] = defaultdict(list)
        for road in roads:
            self.roads[road.source].append(road)
            self.roads[road.target].append(Road(road.target, road.source, road.km, road.speed))
        self.chargers = chargers

    def neighbours(self, place: str, charge: int, capacity: int):
        for road in self.roads[place]:
            if road.km <= charge:
                yield (road.target, charge - road.km), road.minutes
        if place in self.chargers and charge < capacity:
            step = min(50, capacity - charge)
            yield (place, charge + step), math.ceil(step / self.chargers[place])

    def plan(self, start: str, goal: str, capacity: int) -> tuple[int, list[str]] | None:
        best = {(start, capacity): 0}
        before: dict[tuple[str, int], tuple[str, int]] = {}
        queue = [(0, start, capacity)]
        while queue:
            minutes, place, charge = heapq.heappop(queue)
            if place == goal:
                return minutes, self.trace(before, (place, charge))
            if minutes > best[place, charge]:
                continue
            for state, cost in self.neighbours(place, charge, capacity):
                total = minutes + cost
                if total < best.get(state, math.inf):
                    best[state] = total
                    before[state] = (place, charge)
                    heapq.heappush(queue, (total, *state))
        return None

    @staticmethod
    def trace(before, state):
        steps = []
        while state in before:
            previous = before[state]
            place, charge = state
            steps.append(f"charge at {place} to {charge}" if previous[0] == place else f"drive to {place} ({charge} km left)")
            state = previous
        return steps[::-1]


ROADS = [
    Road("Ulm", "Augsburg", 80, 120),
    Road("Augsburg", "Munich", 60, 100),
    Road("Ulm", "Memmingen", 55),
    Road("Memmingen", "Munich", 115, 110),
    Road("Munich", "Salzburg", 145, 120),
    Road("Salzburg", "Linz", 130, 110),
]
roads = Map(ROADS, {"Augsburg": 2, "Munich": 5, "Salzburg": 3})
for start, goal, capacity in [("Ulm", "Munich", 150), ("Ulm", "Salzburg", 200), ("Ulm", "Linz", 160), ("Ulm", "Linz", 100)]:
    found = roads.plan(start, goal, capacity)
    if found is None:
        print(start, goal, capacity, "no way")
        continue
    minutes, steps = found
    print(start, goal, capacity, f"{minutes // 60}:{minutes % 60:02d}")
    for step in steps:
        print("   ", step)
print(sorted((road.minutes, road.source) for road in ROADS)[:2], len(roads.roads))
