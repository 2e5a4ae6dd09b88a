"""A production line as a pipeline of generators: stations, defects by a seeded generator, rework and statistics."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Iterable, Iterator


class Random:
    """A linear congruential generator, so that every run is the same."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def next(self, top: int) -> int:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % top


@dataclass
class Car:
    number: int
    model: str
    options: frozenset[str]
    defects: list[str] = field(default_factory=list)
    minutes: int = 0
    reworked: bool = False


class Station:
    done = 0

    def __init__(self, name: str, minutes: int, failure: int = 0) -> None:
        self.name = name
        self.minutes = minutes
        self.failure = failure
        self.seen = 0

    def work(self, cars: Iterable[Car], random: Random) -> Iterator[Car]:
        for car in cars:
            self.seen += 1
            Station.done += 1
            car.minutes += self.duration(car)
            if self.failure and random.next(100) < self.failure:
                car.defects.append(self.name)
            yield car

    def duration(self, car: Car) -> int:
        return self.minutes


class Options(Station):
    EXTRA = {"roof": 12, "tow bar": 7, "heating": 5}

    def duration(self, car: Car) -> int:
        return super().duration(car) + sum(self.EXTRA.get(option, 0) for option in car.options)


def orders(count: int, random: Random) -> Iterator[Car]:
    models = ["mini", "kombi", "van"]
    extras = sorted(Options.EXTRA)
    for number in range(1, count + 1):
        chosen = frozenset(extra for extra in extras if random.next(3) == 0)
        yield Car(number, models[random.next(len(models))], chosen)


def rework(cars: Iterable[Car]) -> Iterator[Car]:
    later: list[Car] = []
    for car in cars:
        if car.defects:
            later.append(car)
        else:
            yield car
    for car in later:
        car.minutes += 15 * len(car.defects)
        car.reworked = True
        yield car


random = Random(2024)
stations = [Station("body", 30, 4), Station("paint", 25, 9), Options("options", 10), Station("check", 5, 2)]
line: Iterator[Car] = orders(40, random)
for station in stations:
    line = station.work(line, random)
finished = list(rework(line))
print(len(finished), Station.done, {station.name: station.seen for station in stations})
print([car.number for car in finished if car.reworked])
by_model: dict[str, list[int]] = {}
for car in finished:
    by_model.setdefault(car.model, []).append(car.minutes)
for model, minutes in sorted(by_model.items()):
    print(f"{model:<6}{len(minutes):>3}{sum(minutes) / len(minutes):>8.2f}{min(minutes):>5}{max(minutes):>5}")
defects = Counter(name for car in finished for name in car.defects)
print(defects.most_common(), sum(defects.values()), defects["engine"])
options = Counter()
for car in finished:
    options.update(car.options)
print(sorted(options.items()), sum(not car.options for car in finished))
slowest = max(finished, key=lambda car: (car.minutes, -car.number))
print(slowest.number, slowest.model, sorted(slowest.options), slowest.minutes, slowest.defects)
