"""Readings of sensors: moving averages, outliers, gaps filled, and a compact report."""

import math
from collections import deque
from itertools import groupby

READINGS = "21.0 21.2 21.1 25.9 21.3 nan 21.4 21.6 21.5 14.2 21.7 21.8 nan nan 22.0 22.1"


def parse(text):
    return [float(word) for word in text.split()]


def fill(values):
    filled = list(values)
    for place, value in enumerate(filled):
        if math.isnan(value):
            after = next((v for v in values[place:] if not math.isnan(v)), filled[place - 1])
            filled[place] = round((filled[place - 1] + after) / 2, 3)
    return filled


def moving(values, size):
    window, total = deque(maxlen=size), 0.0
    for value in values:
        if len(window) == size:
            total -= window[0]
        window.append(value)
        total += value
        yield total / len(window)


def outliers(values, limit=2.0):
    mean = math.fsum(values) / len(values)
    spread = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / len(values))
    return [(place, value) for place, value in enumerate(values) if abs(value - mean) > limit * spread]


def trend(values):
    signs = ["+" if b > a else "-" if b < a else "=" for a, b in zip(values, values[1:])]
    return [(sign, len(list(group))) for sign, group in groupby(signs)]


values = parse(READINGS)
print(sum(map(math.isnan, values)), "missing of", len(values))
filled = fill(values)
print(filled)
print([f"{v:.2f}" for v in moving(filled, 3)])
print(outliers(filled))
clean = [v for v in filled if all(v != bad for _, bad in outliers(filled))]
print(len(clean), f"{min(clean):.1f}..{max(clean):.1f}", round(sum(clean) / len(clean), 3))
print(trend(clean))
print(max(enumerate(filled), key=lambda pair: pair[1]), min(range(len(filled)), key=lambda place: filled[place]))
print(math.floor(-2.5), math.ceil(2.1), math.trunc(-2.7), round(2.5), round(-3.5), math.copysign(1, -0.0))
print(float("inf") > 1e308, math.inf - math.inf != 0, 0.1 + 0.2, 1e16, 1e-5, 123456789.123456789)
