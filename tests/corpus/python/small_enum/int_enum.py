from enum import IntEnum


class P(IntEnum):
    LOW = 1
    HIGH = 3


print(P.LOW < P.HIGH, P.HIGH + 1, sorted([P.HIGH, P.LOW]), P(3).name, int(P.LOW), P.LOW == 1, max(P).name)
