"""An emergency room: patients by urgency, rooms, a clock and an event log."""

import heapq
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Optional


class Urgency(IntEnum):
    RED = 1
    ORANGE = 2
    YELLOW = 3
    GREEN = 4

    @classmethod
    def from_signs(cls, pulse: int, saturation: float, pain: int) -> "Urgency":
        if saturation < 0.85 or not 40 <= pulse <= 140:
            return cls.RED
        if saturation < 0.92 or pulse > 120:
            return cls.ORANGE
        return cls.YELLOW if pain >= 6 else cls.GREEN


@dataclass
class Patient:
    name: str
    arrived: int
    urgency: Urgency
    treatment: int
    started: Optional[int] = None

    @property
    def waited(self) -> Optional[int]:
        return None if self.started is None else self.started - self.arrived


@dataclass
class Room:
    number: int
    patient: Optional[Patient] = None
    free_at: int = 0

    def is_free(self, now: int) -> bool:
        return self.patient is None or self.free_at <= now


@dataclass
class EmergencyRoom:
    rooms: list[Room]
    queue: list[tuple[int, int, Patient]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    treated: list[Patient] = field(default_factory=list)

    def arrive(self, patient: Patient) -> None:
        heapq.heappush(self.queue, (patient.urgency, patient.arrived, patient))
        self.note(patient.arrived, f"{patient.name} arrives as {patient.urgency.name}")

    def note(self, minute: int, text: str) -> None:
        self.log.append(f"{minute:>3} {text}")

    def step(self, now: int) -> None:
        for room in self.rooms:
            if room.patient is not None and room.free_at <= now:
                self.note(now, f"{room.patient.name} leaves room {room.number}")
                self.treated.append(room.patient)
                room.patient = None
        for room in self.rooms:
            if self.queue and room.is_free(now):
                _, _, patient = heapq.heappop(self.queue)
                patient.started = now
                room.patient, room.free_at = patient, now + patient.treatment
                self.note(now, f"{patient.name} enters room {room.number}")

    def busy(self) -> bool:
        return bool(self.queue) or any(room.patient for room in self.rooms)


ARRIVALS = [
    ("Ada", 0, (80, 0.97, 3), 12),
    ("Ben", 1, (85, 0.98, 7), 9),
    ("Cleo", 2, (150, 0.96, 2), 20),
    ("Dora", 3, (110, 0.90, 5), 6),
    ("Egon", 4, (70, 0.99, 1), 5),
    ("Fritz", 15, (60, 0.80, 9), 10),
]

ward = EmergencyRoom([Room(1), Room(2)])
pending = [Patient(name, at, Urgency.from_signs(*signs), length) for name, at, signs, length in ARRIVALS]
now = 0
while pending or ward.busy():
    while pending and pending[0].arrived <= now:
        ward.arrive(pending.pop(0))
    ward.step(now)
    now += 1
print("\n".join(ward.log))
waits: dict[str, list[int]] = {}
for patient in ward.treated:
    waits.setdefault(patient.urgency.name, []).append(patient.waited or 0)
for urgency in Urgency:
    found = waits.get(urgency.name, [])
    print(f"{urgency.name:<7}{len(found):>2} {sum(found) / len(found) if found else 0.0:6.2f}")
print(max(ward.treated, key=lambda p: p.waited or 0).name, now, Urgency.RED < Urgency.GREEN, Urgency(2).name)
