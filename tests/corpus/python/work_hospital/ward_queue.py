import sys
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Dict, List, Optional
import heapq
import json


class Severity(Enum):
    CRITICAL = 1
    SERIOUS = 2
    STABLE = 3

    def __lt__(self, other):
        return self.value < other.value

    @classmethod
    def parse(cls, text):
        try:
            return cls[text.upper()]
        except KeyError:
            raise ValueError(f"unknown severity: {text}")


@dataclass(order=True)
class Patient:
    sort_key: tuple = field(init=False, repr=False)
    name: str
    born: date
    severity: Severity
    notes: List[str] = field(default_factory=list, compare=False)

    def __post_init__(self):
        self.sort_key = (self.severity.value, self.born)

    def age(self, today):
        return today.year - self.born.year - ((today.month, today.day) < (self.born.month, self.born.day))


class Ward:
    def __init__(self, capacity):
        self.capacity = capacity
        self.queue = []
        self.beds: Dict[int, Optional[Patient]] = {i: None for i in range(1, capacity + 1)}

    def admit(self, patient):
        heapq.heappush(self.queue, patient)
        self._fill()

    def _fill(self):
        for bed, occupant in self.beds.items():
            if occupant is None and self.queue:
                self.beds[bed] = heapq.heappop(self.queue)

    def discharge(self, name):
        for bed, p in self.beds.items():
            if p is not None and p.name == name:
                self.beds[bed] = None
                self._fill()
                return p
        raise LookupError(name)

    def __str__(self):
        return "\n".join(f"bed {b}: {p.name if p else '-'}" for b, p in self.beds.items())


RAW = """Ann;1980-05-04;serious
Bob;1999-12-31;stable
Cid;2001-02-28;critical
Dee;1975-07-15;stable
Eve;bad-date;stable
Fay;1990-01-01;weird"""
today = date(2024, 3, 1)
patients, errors = [], []
for n, line in enumerate(RAW.splitlines(), 1):
    name, born, sev = line.split(";")
    try:
        patients.append(Patient(name, date.fromisoformat(born), Severity.parse(sev)))
    except ValueError as e:
        errors.append((n, str(e)))
print(errors)
for p in sorted(patients):
    print(f"{p.name:<5}{p.age(today):>3} {p.severity.name:>10}")
ward = Ward(2)
for p in patients:
    ward.admit(p)
print(ward)
gone = ward.discharge("Ann")
gone.notes.append("left early")
print(gone)
print(ward, len(ward.queue))
try:
    ward.discharge("Zed")
except LookupError as e:
    print("nobody called", e)
print(replace(gone, name="Ann2").name, gone < patients[1], patients[0] == gone)
print(json.dumps({p.name: {"age": p.age(today), "sev": p.severity.value} for p in patients}, indent=None))
