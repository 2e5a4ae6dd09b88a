"""From a request of the laboratory to the numbers that the model takes, and from its answer to a decision.

The laboratory measures cell nuclei in an image of a fine needle aspirate. Ten quantities are each given as mean,
standard error and worst value. Lengths may come in micrometres, millimetres or pixels of the scanner, areas in their
squares.
"""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta

QUANTITIES = [
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
]
STATISTICS = ["mean", "error", "worst"]
LENGTHS = {"radius", "perimeter"}
AREAS = {"area"}
UNITS = {"um": 1.0, "mm": 1000.0}
OLDEST_DAYS = 90
ADULT_YEARS = 18


class RequestError(Exception):
    """The request cannot be answered; `status` is what HTTP calls it."""

    def __init__(self, message, status=400):
        super().__init__(message)
        self.message = message
        self.status = status


class MissingField(RequestError):
    """A field that is needed is not there."""

    def __init__(self, name):
        super().__init__(f"the field '{name}' is missing", 422)
        self.name = name


class BadValue(RequestError):
    """A field is there, but it cannot be what it says."""

    def __init__(self, name, problem):
        super().__init__(f"the field '{name}' {problem}", 422)
        self.name = name


@dataclass
class Scanner:
    """What a picture was taken with: micrometres in a pixel."""

    name: str
    um_per_pixel: float = 1.0

    def factor(self, unit: str) -> float:
        """What a length in this unit is multiplied by to be one in micrometres."""
        if unit == "px":
            return self.um_per_pixel
        if unit in UNITS:
            return UNITS[unit]
        raise BadValue("unit", f"has to be one of {', '.join(sorted(UNITS))} or px, not '{unit}'")


SCANNERS = {"": Scanner("none"), "A100": Scanner("A100", 0.5), "B7": Scanner("B7", 0.25)}


@dataclass
class Sample:
    """One examination, checked, in the units of the model."""

    patient: str
    born: date
    taken: date
    values: list[float]
    notes: list[str] = field(default_factory=list)

    def age_on(self, day: date) -> int:
        """Whole years on a day."""
        years = day.year - self.born.year
        if (day.month, day.day) < (self.born.month, self.born.day):
            years -= 1
        return years


def read_sample(body: str, today: date) -> Sample:
    """Check a request and bring it into the units of the model."""
    try:
        request = json.loads(body)
    except json.JSONDecodeError as error:
        raise RequestError(f"the body is no JSON: {error}") from error
    if not isinstance(request, dict):
        raise RequestError("the body has to be an object")
    patient = read_text(request, "patient")
    born = read_day(request, "born")
    taken = read_day(request, "taken")
    if taken > today:
        raise BadValue("taken", f"lies in the future: {taken.isoformat()}")
    if born > taken:
        raise BadValue("born", "lies after the examination")
    scanner_name = request.get("scanner", "")
    if scanner_name not in SCANNERS:
        raise BadValue("scanner", f"is not known: {scanner_name}")
    factor = SCANNERS[scanner_name].factor(request.get("unit", "um"))
    measured = request.get("measurements")
    if not isinstance(measured, dict):
        raise MissingField("measurements")
    sample = Sample(patient, born, taken, read_values(measured, factor))
    sample.notes.extend(doubts(sample, today))
    return sample


def read_text(request, name: str) -> str:
    """A text that is not empty."""
    value = request.get(name)
    if value is None:
        raise MissingField(name)
    if not isinstance(value, str) or not value.strip():
        raise BadValue(name, "has to be a text")
    return value.strip()


def read_day(request, name: str) -> date:
    """A day as 2026-01-31."""
    text = read_text(request, name)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(name, f"is no day of the calendar: {text}") from None


def read_values(measured, factor: float) -> list[float]:
    """All thirty numbers in the order of the model."""
    values = []
    for statistic in STATISTICS:
        for quantity in QUANTITIES:
            name = f"{quantity} {statistic}"
            values.append(read_number(measured, name) * scale(quantity, factor))
    return values


def read_number(measured, name: str) -> float:
    """A number that a measurement can be."""
    if name not in measured:
        raise MissingField(name)
    value = measured[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadValue(name, "has to be a number")
    if not 0 <= value < 1e6:
        raise BadValue(name, f"cannot be {value}")
    return float(value)


def scale(quantity: str, factor: float) -> float:
    """What a quantity is multiplied by when lengths are."""
    if quantity in LENGTHS:
        return factor
    if quantity in AREAS:
        return factor * factor
    return 1.0


def doubts(sample: Sample, today: date) -> list[str]:
    """What a person should know before trusting the numbers."""
    found = []
    age_days = (today - sample.taken).days
    if age_days > OLDEST_DAYS:
        found.append(f"the examination is {age_days} days old")
    if sample.age_on(sample.taken) < ADULT_YEARS:
        found.append("the model was made from adults")
    radius, area = sample.values[0], sample.values[3]
    if radius > 0 and not 0.5 < area / (3.14159 * radius * radius) < 1.5:
        found.append("area and radius do not fit together")
    for place, quantity in enumerate(QUANTITIES):
        mean, worst = sample.values[place], sample.values[place + 20]
        if worst < mean:
            found.append(f"the worst {quantity} is below its mean")
    return found


def decide(sample: Sample, malignant: float, today: date) -> dict:
    """The answer to a request: how urgent it is, and when the patient is to come."""
    if malignant >= 0.8:
        urgency, days = "urgent", 2
    elif malignant >= 0.3 or sample.notes:
        urgency, days = "soon", 10
    else:
        urgency, days = "routine", 180
    return {
        "patient": sample.patient,
        "age": sample.age_on(today),
        "malignant": round(malignant, 4),
        "urgency": urgency,
        "appointment": working_day(today, days).isoformat(),
        "notes": sample.notes,
    }


def working_day(start: date, days: int) -> date:
    """The first working day that is so many days away."""
    day = start + timedelta(days=days)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day
