"""Statistics of grades: means, medians, deviations, quantiles, ranks and a histogram."""

import statistics
from collections import Counter

GRADES = {
    "ada": [92, 88, 95, 100],
    "bob": [71, 65, 80, 58],
    "cyd": [85, 85, 90, 79],
    "dan": [100, 40, 77, 63],
    "eve": [88, 91, 84, 97],
}


def summary(values):
    return {
        "mean": round(statistics.mean(values), 3),
        "median": statistics.median(values),
        "stdev": round(statistics.stdev(values), 4),
        "pvariance": round(statistics.pvariance(values), 4),
        "low": min(values),
        "high": max(values),
    }


def histogram(values, step):
    counts = Counter(value // step * step for value in values)
    for start in range(min(counts), max(counts) + step, step):
        print(f"{start:>3}-{start + step - 1:<3} {'#' * counts[start]}")


def ranks(scores):
    ordered = sorted(scores, key=lambda name: -scores[name])
    result, last, rank = {}, None, 0
    for position, name in enumerate(ordered, start=1):
        if scores[name] != last:
            rank, last = position, scores[name]
        result[name] = rank
    return result


every = [grade for grades in GRADES.values() for grade in grades]
for name, grades in GRADES.items():
    print(name, summary(grades))
histogram(every, 10)
print(ranks({name: sum(grades) for name, grades in GRADES.items()}))
print(statistics.mode(every), statistics.multimode([1, 1, 2, 2, 3]))
print(statistics.quantiles(every, n=4), statistics.median_low(every), statistics.median_high(every))
print(round(statistics.harmonic_mean([40, 60]), 6), round(statistics.geometric_mean([54, 24, 36]), 6))
print(statistics.fmean([1.5, 2.5, 4.0]), statistics.pstdev([2, 4, 4, 4, 5, 5, 7, 9]))
try:
    statistics.mean([])
except statistics.StatisticsError as error:
    print("error:", error)
try:
    statistics.stdev([1])
except statistics.StatisticsError as error:
    print("error:", error)
