"""A rule engine that marks card payments: rules register themselves and can be combined."""

from collections import Counter, defaultdict, deque
from functools import reduce

RULES = {}


def rule(weight, name=None):
    def register(check):
        RULES[name or check.__name__] = (weight, check)
        return check

    return register


class Payment:
    __slots__ = ("card", "amount", "country", "minute")

    def __init__(self, card, amount, country, minute):
        self.card = card
        self.amount = amount
        self.country = country
        self.minute = minute

    def __str__(self):
        return f"{self.card} {self.amount:8.2f} {self.country} @{self.minute // 60:02d}:{self.minute % 60:02d}"


class History:
    """What a card did lately."""

    def __init__(self):
        self._seen = defaultdict(lambda: deque(maxlen=3))

    def add(self, payment):
        self._seen[payment.card].append(payment)

    def of(self, card):
        return list(self._seen[card])


@rule(3)
def large(payment, history):
    return payment.amount > 1000


@rule(2, name="night owl")
def at_night(payment, history):
    return not 6 <= payment.minute // 60 < 23


@rule(4)
def jumps(payment, history):
    return any(
        old.country != payment.country and payment.minute - old.minute < 90 for old in history.of(payment.card)
    )


@rule(2)
def burst(payment, history):
    recent = [old for old in history.of(payment.card) if payment.minute - old.minute <= 10]
    return len(recent) >= 2


@rule(1)
def round_sum(payment, history):
    return payment.amount >= 100 and payment.amount % 100 == 0


def score(payment, history):
    hits = {name: weight for name, (weight, check) in RULES.items() if check(payment, history)}
    return sum(hits.values()), sorted(hits, key=lambda name: (-hits[name], name))


def verdict(points):
    match points:
        case 0:
            return "ok"
        case 1 | 2:
            return "watch"
        case n if n < 6:
            return "ask"
        case _:
            return "block"


DATA = """\
4711 12.50 DE 600
4711 200.00 DE 603
4711 30.00 DE 607
4711 1500.00 US 650
0815 99.99 FR 120
0815 300.00 FR 1100
4711 20.00 US 1000
0007 5000.00 GB 1410
"""

history = History()
verdicts = Counter()
blocked = []
for line in DATA.splitlines():
    card, amount, country, minute = line.split()
    payment = Payment(card, float(amount), country, int(minute))
    points, reasons = score(payment, history)
    decision = verdict(points)
    verdicts[decision] += 1
    print(f"{payment} {points:>2} {decision:<5} {', '.join(reasons) or '-'}")
    if decision == "block":
        blocked.append(payment)
    else:
        history.add(payment)
print(dict(verdicts), verdicts.most_common(1))
print(reduce(lambda total, each: total + each.amount, blocked, 0.0), [p.card for p in blocked])
print(sorted(RULES), sum(weight for weight, _ in RULES.values()))
