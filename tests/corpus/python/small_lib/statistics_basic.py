import statistics

print(statistics.mean([1, 2, 3]), statistics.median([3, 1, 2]), statistics.stdev([1.0, 2.0, 4.0]), statistics.mode([1, 1, 2]), statistics.pvariance([1, 2, 3, 4]))
