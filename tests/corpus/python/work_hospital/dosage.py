"""Doses with units: operators between quantities, protocols of drugs, interactions and a day plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Iterator


class UnitError(TypeError):
    pass


@dataclass(frozen=True, order=True)
class Dose:
    SCALE: ClassVar[dict[str, int]] = {"ug": 1, "mg": 1_000, "g": 1_000_000}
    micrograms: int

    @classmethod
    def of(cls, text: str) -> Dose:
        number, _, unit = text.partition(" ")
        if unit not in cls.SCALE:
            raise UnitError(f"unknown unit {unit!r}")
        return cls(round(float(number) * cls.SCALE[unit]))

    def __add__(self, other: Dose) -> Dose:
        if not isinstance(other, Dose):
            return NotImplemented
        return Dose(self.micrograms + other.micrograms)

    def __radd__(self, other: int) -> Dose:
        return self if other == 0 else NotImplemented

    def __mul__(self, factor: float) -> Dose:
        return Dose(round(self.micrograms * factor))

    __rmul__ = __mul__

    def __floordiv__(self, other: Dose) -> int:
        return self.micrograms // other.micrograms

    def __bool__(self) -> bool:
        return self.micrograms != 0

    def __format__(self, spec: str) -> str:
        unit = spec or next(u for u in ("g", "mg", "ug") if self.micrograms >= self.SCALE[u] or u == "ug")
        return f"{self.micrograms / self.SCALE[unit]:g} {unit}"

    def __str__(self) -> str:
        return format(self)


@dataclass
class Drug:
    name: str
    per_kilo: Dose
    times: tuple[int, ...]
    limit: Dose
    clashes: set[str] = field(default_factory=set)

    def single(self, weight: float) -> Dose:
        return min(self.per_kilo * weight, self.limit)

    def plan(self, weight: float) -> Iterator[tuple[int, str, Dose]]:
        for hour in self.times:
            yield hour, self.name, self.single(weight)


@dataclass
class Chart:
    patient: str
    weight: float
    drugs: list[Drug] = field(default_factory=list)

    def prescribe(self, drug: Drug) -> Chart:
        for other in self.drugs:
            if other.name in drug.clashes or drug.name in other.clashes:
                raise ValueError(f"{drug.name} clashes with {other.name}")
        self.drugs.append(drug)
        return self

    def day(self) -> list[tuple[int, str, Dose]]:
        return sorted(row for drug in self.drugs for row in drug.plan(self.weight))

    def totals(self) -> dict[str, Dose]:
        result: dict[str, Dose] = {}
        for _, name, dose in self.day():
            result[name] = result.get(name, Dose(0)) + dose
        return result


para = Drug("paracetamol", Dose.of("15 mg"), (6, 12, 18, 23), Dose.of("1 g"))
ibu = Drug("ibuprofen", Dose.of("8 mg"), (8, 16), Dose.of("600 mg"), {"aspirin"})
asa = Drug("aspirin", Dose.of("2 mg"), (9,), Dose.of("100 mg"))
digoxin = Drug("digoxin", Dose.of("2.5 ug"), (7,), Dose.of("250 ug"))
for weight in (24.5, 80):
    chart = Chart("Kim", weight).prescribe(para).prescribe(ibu).prescribe(digoxin)
    for hour, name, dose in chart.day():
        print(f"{hour:02d}:00 {name:<12}{dose:>1}" if False else f"{hour:02d}:00 {name:<12}{dose}")
    totals = chart.totals()
    print({name: str(dose) for name, dose in totals.items()}, f"{sum(totals.values()):mg}", bool(Dose(0)))
try:
    chart.prescribe(asa)
except ValueError as error:
    print(error, len(chart.drugs))
for text in ("3 kg", "x mg"):
    try:
        print(Dose.of(text))
    except UnitError as error:
        print("unit:", error)
    except ValueError as error:
        print("number:", error)
try:
    Dose(1) + 1
except TypeError as error:
    print(error)
print(Dose.of("1 g") // Dose.of("300 mg"), 2 * Dose(5) == Dose(5) * 2, Dose(3) < Dose(4), f"{Dose(1500):ug}", max(Dose(1), Dose(2)))
