"""Shifts of nurses by backtracking, under rules that are objects with one interface."""

from itertools import product
from typing import Iterable, Protocol

DAYS = ["Mo", "Tu", "We", "Th"]
SHIFTS = ["early", "late", "night"]
Plan = dict[tuple[str, str], str]


class Rule(Protocol):
    def allows(self, plan: Plan, day: int, shift: str, nurse: str) -> bool: ...


class OncePerDay:
    def allows(self, plan, day, shift, nurse):
        return all(plan.get((DAYS[day], other)) != nurse for other in SHIFTS)


class RestAfterNight:
    def allows(self, plan, day, shift, nurse):
        return day == 0 or shift == "night" or plan.get((DAYS[day - 1], "night")) != nurse


class AtMost:
    def __init__(self, limit, shift=None):
        self.limit = limit
        self.shift = shift

    def allows(self, plan, day, shift, nurse):
        if self.shift is not None and shift != self.shift:
            return True
        held = sum(1 for (_, kind), who in plan.items() if who == nurse and self.shift in (None, kind))
        return held < self.limit


class Wishes:
    def __init__(self, **off):
        self.off = off

    def allows(self, plan, day, shift, nurse):
        return DAYS[day] not in self.off.get(nurse, [])


class Planner:
    def __init__(self, nurses: Iterable[str], *rules: Rule):
        self.nurses = list(nurses)
        self.rules = rules
        self.tried = 0

    def solve(self) -> Plan | None:
        slots = list(product(range(len(DAYS)), SHIFTS))
        plan: Plan = {}
        return plan if self._fill(slots, 0, plan) else None

    def _fill(self, slots, index, plan):
        if index == len(slots):
            return True
        day, shift = slots[index]
        for nurse in self.nurses[index % len(self.nurses) :] + self.nurses[: index % len(self.nurses)]:
            self.tried += 1
            if all(rule.allows(plan, day, shift, nurse) for rule in self.rules):
                plan[DAYS[day], shift] = nurse
                if self._fill(slots, index + 1, plan):
                    return True
                del plan[DAYS[day], shift]
        return False


def show(plan):
    print("      " + "".join(f"{day:>7}" for day in DAYS))
    for shift in SHIFTS:
        print(f"{shift:<6}" + "".join(f"{plan[day, shift]:>7}" for day in DAYS))


planner = Planner(
    ["Kim", "Lee", "Mia", "Noa"],
    OncePerDay(),
    RestAfterNight(),
    AtMost(3),
    AtMost(1, shift="night"),
    Wishes(Kim=["Tu"], Noa=["Mo", "Th"]),
)
plan = planner.solve()
if plan is None:
    print("no plan")
else:
    show(plan)
    counts = {}
    for nurse in plan.values():
        counts[nurse] = counts.get(nurse, 0) + 1
    print(counts, planner.tried)
print(Planner(["Kim", "Lee"], OncePerDay(), AtMost(3)).solve())
