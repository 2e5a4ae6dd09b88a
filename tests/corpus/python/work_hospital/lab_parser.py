"""Laboratory messages: a small parser with errors by line, units, ranges and flags."""

import re
from typing import Dict, List, NamedTuple, Tuple

PATTERN = re.compile(r"^(?P<code>[A-Z]{2,4})\s*=\s*(?P<value>-?\d+(?:\.\d+)?)\s*(?P<unit>[\w/%]+)?$")
RANGES: Dict[str, Tuple[float, float, str]] = {
    "HB": (12.0, 17.5, "g/dl"),
    "NA": (135.0, 145.0, "mmol/l"),
    "K": (3.5, 5.1, "mmol/l"),
    "CRP": (0.0, 5.0, "mg/l"),
    "GLU": (70.0, 110.0, "mg/dl"),
}
FACTORS = {("mmol/l", "mg/dl"): 18.0, ("g/l", "g/dl"): 0.1}


class Result(NamedTuple):
    code: str
    value: float
    unit: str
    flag: str = ""

    def __str__(self) -> str:
        return f"{self.code:<4}{self.value:>8.2f} {self.unit:<7}{self.flag}".rstrip()


class ParseError(ValueError):
    def __init__(self, line: int, message: str, *, text: str = "") -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.text = text


def convert(value: float, unit: str, wanted: str) -> float:
    if unit == wanted:
        return value
    factor = FACTORS.get((unit, wanted))
    if factor is None:
        raise ValueError(f"cannot convert {unit} to {wanted}")
    return value * factor


def flagged(code: str, value: float) -> str:
    low, high, _ = RANGES[code]
    if low <= value <= high:
        return ""
    distance = (low - value) / low if value < low else (value - high) / high
    mark = "L" if value < low else "H"
    return mark * (1 + (distance > 0.2) + (distance > 0.5))


def parse_line(number: int, text: str) -> Result:
    found = PATTERN.match(text)
    if not found:
        raise ParseError(number, "not a result", text=text)
    code = found["code"]
    if code not in RANGES:
        raise ParseError(number, f"unknown test {code}", text=text)
    wanted = RANGES[code][2]
    try:
        value = convert(float(found["value"]), found["unit"] or wanted, wanted)
    except ValueError as error:
        raise ParseError(number, str(error), text=text) from error
    return Result(code, value, wanted, flagged(code, value))


def parse(message: str) -> Tuple[List[Result], List[ParseError]]:
    results: List[Result] = []
    errors: List[ParseError] = []
    for number, raw in enumerate(message.strip().split("\n"), 1):
        text = raw.partition("#")[0].strip()
        if not text:
            continue
        try:
            results.append(parse_line(number, text))
        except ParseError as error:
            errors.append(error)
    return results, errors


MESSAGE = """
HB = 140 g/l     # converted
NA = 128 mmol/l
CRP=12.5 mg/l
GLU = 5.2 mmol/l
glucose 100
XX = 1
HB = 9.1
GLU = 400 mmol
"""

results, errors = parse(MESSAGE)
for result in sorted(results, key=lambda r: (-len(r.flag), r.code)):
    print(result)
for error in errors:
    print(error, "|", error.text, "|", error.line)
worst = max(results, key=lambda r: len(r.flag))
print(worst.code, worst[1], worst._asdict()["flag"], Result("K", 4.0, "mmol/l") == ("K", 4.0, "mmol/l", ""))
