"""Two CSV tables joined by a key, with missing rows, aggregates and a semicolon dialect."""

import csv
import io

CUSTOMERS = "id;name;city\n1;Ada;London\n2;Bob;Paris\n3;Cyd;Rome\n"
ORDERS = "order,customer,amount\n10,1,25.50\n11,2,10\n12,1,4.25\n13,9,99\n"


def load(text, delimiter):
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def join(orders, customers):
    by_id = {row["id"]: row for row in customers}
    joined, orphans = [], []
    for order in orders:
        customer = by_id.get(order["customer"])
        if customer is None:
            orphans.append(order["order"])
            continue
        joined.append({"order": order["order"], "name": customer["name"], "amount": float(order["amount"])})
    return joined, orphans


def by_name(rows):
    result = {}
    for row in rows:
        count, total = result.get(row["name"], (0, 0.0))
        result[row["name"]] = (count + 1, total + row["amount"])
    return result


customers = load(CUSTOMERS, ";")
orders = load(ORDERS, ",")
joined, orphans = join(orders, customers)
print(f"{len(joined)} joined, orphans: {', '.join(orphans)}")
for name, (count, total) in sorted(by_name(joined).items()):
    print(f"{name:<5}{count:>3}{total:>10.2f}{total / count:>10.3f}")
quiet = [row["name"] for row in customers if row["name"] not in by_name(joined)]
print("without orders:", quiet)
out = io.StringIO()
writer = csv.DictWriter(out, fieldnames=["name", "order", "amount"], delimiter="\t", lineterminator="\n")
writer.writeheader()
for row in joined:
    writer.writerow(row)
print(out.getvalue(), end="")
quoted = io.StringIO()
csv.writer(quoted, quoting=csv.QUOTE_ALL).writerows([["a", 1, None], ["b,c", 2.5, 'say "x"']])
print(quoted.getvalue().splitlines())
print(list(csv.reader(["a|'b|c'|d"], delimiter="|", quotechar="'")))
