"""Sales from CSV text: totals by region and month, a ranking, and a CSV of the result."""

import csv
import io
from collections import defaultdict

SALES = '''date,region,product,units,price
2024-01-05,north,lamp,3,49.90
2024-01-17,south,desk,1,1299.00
2024-02-02,north,pen,120,1.20
2024-02-11,east,"chair, oak",4,189.50
2024-02-28,south,lamp,2,49.90
2024-03-03,east,pen,55,1.20
2024-03-09,north,desk,2,1249.00
2024-03-30,west,"shelf ""tall""",1,349.99
'''


def read(text):
    rows = []
    for row in csv.DictReader(io.StringIO(text)):
        rows.append(
            {
                "month": row["date"][:7],
                "region": row["region"],
                "product": row["product"],
                "units": int(row["units"]),
                "price": float(row["price"]),
            }
        )
    return rows


def totals(rows, key):
    result = defaultdict(float)
    for row in rows:
        result[row[key]] += row["units"] * row["price"]
    return dict(result)


def table(title, figures):
    print(title)
    print("-" * len(title))
    width = max(len(name) for name in figures)
    for name, value in sorted(figures.items(), key=lambda pair: (-pair[1], pair[0])):
        print(f"{name:<{width}}  {value:>12,.2f}")
    print(f"{'total':<{width}}  {sum(figures.values()):>12,.2f}\n")


def as_csv(rows):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["month", "product", "amount"])
    for row in sorted(rows, key=lambda r: (r["month"], r["product"])):
        writer.writerow([row["month"], row["product"], round(row["units"] * row["price"], 2)])
    return out.getvalue()


rows = read(SALES)
table("By region", totals(rows, "region"))
table("By month", totals(rows, "month"))
best = max(rows, key=lambda r: r["units"] * r["price"])
print(f"largest sale: {best['product']} in {best['region']}, {best['units']} x {best['price']:.2f}")
text = as_csv(rows)
print(repr(text.splitlines()[-1]))
print(text, end="")
for line in csv.reader(text.splitlines()[1:3]):
    print(len(line), line)
