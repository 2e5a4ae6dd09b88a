"""A report from raw sales lines: grouping, running totals, percentages, a bar chart and a table with borders."""

from collections import defaultdict
from itertools import accumulate, groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple

RAW = """\
2024-01-03;north;lamp;3;49.90
2024-01-07;south;desk;1;1299.00
2024-01-15;north;pen;120;1.20
2024-02-01;west;lamp;2;49.90
2024-02-11;north;desk;2;1249.50
2024-02-28;south;pen;;1.10
2024-03-05;west;chair;4;349.00
2024-03-05;east;lamp;x;49.90
2024-03-30;south;chair;2;349.00
"""


class Sale(NamedTuple):
    date: str
    region: str
    article: str
    count: int
    price: float

    @property
    def month(self):
        return self.date[:7]

    @property
    def total(self):
        return self.count * self.price


def parse(text):
    problems = []
    sales = []
    for number, line in enumerate(text.splitlines(), start=1):
        date, region, article, count, price = line.split(";")
        try:
            sales.append(Sale(date, region, article, int(count), float(price)))
        except ValueError as error:
            problems.append((number, str(error)))
    return sales, problems


def table(head, rows, align="<>"):
    texts = [head] + [tuple(f"{cell:,.2f}" if isinstance(cell, float) else str(cell) for cell in row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts)]
    ruler = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    yield ruler
    for index, row in enumerate(texts):
        cells = (f"{cell:{align[0] if place == 0 else align[1]}{width}}" for place, (cell, width) in enumerate(zip(row, widths)))
        yield "| " + " | ".join(cells) + " |"
        if index == 0:
            yield ruler
    yield ruler


def bars(values, width=30, mark="#"):
    top = max(values.values())
    for name, value in sorted(values.items(), key=itemgetter(1), reverse=True):
        length = round(value / top * width)
        yield f"{name:>6} {mark * length}{'.' * (width - length)} {value:9.2f}"


sales, problems = parse(RAW)
print(f"{len(sales)} sales, {len(problems)} problems")
for number, text in problems:
    print(f"  line {number}: {text}")
by_region = defaultdict(float)
for sale in sales:
    by_region[sale.region] += sale.total
print("\n".join(bars(by_region)))
months = {month: list(group) for month, group in groupby(sales, key=attrgetter("month"))}
rows = []
for (month, group), running in zip(months.items(), accumulate(sum(s.total for s in g) for g in months.values())):
    best = max(group, key=attrgetter("total"))
    rows.append((month, len(group), sum(sale.total for sale in group), running, best.article))
for line in table(("month", "sales", "total", "running", "best"), rows):
    print(line)
total = sum(by_region.values())
shares = {region: value / total for region, value in by_region.items()}
print(", ".join(f"{region} {share:.1%}" for region, share in sorted(shares.items())), f"{sum(shares.values()):.0%}")
articles = sorted({sale.article for sale in sales}, key=lambda name: (len(name), name))
print(articles, sales[0]._replace(count=10).total, sales[1][2:], max(sales, key=itemgetter(3)).article)
