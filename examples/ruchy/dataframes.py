"""Tables of named columns: what `dataframes.ruchy` does, in plain Python."""

import json

Table = dict[str, list]


def rows(table: Table) -> list[dict]:
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


def csv(names: list[str], body: list[dict]) -> str:
    return "".join(
        ",".join(map(str, line)) + "\n" for line in (names, *([row[name] for name in names] for row in body))
    )


def groups(table: Table, by: str, of: str) -> dict[str, list]:
    found: dict[str, list] = {}
    for row in rows(table):
        found.setdefault(row[by], []).append(row[of])
    return found


def main() -> None:
    sales = {"city": ["Oslo", "Bern", "Oslo", "Rome"], "amount": [10, 7, 5, 12]}
    amounts = sales["amount"]
    print(len(amounts), json.dumps(list(sales)), sum(amounts), sum(amounts) / len(amounts))
    print(next(row["city"] for row in rows(sales) if row["amount"] > 6))
    print(csv(list(sales), sorted(rows(sales), key=lambda row: row["amount"])))
    by_city = groups(sales, "city", "amount")
    totals = [{"city": city, "amount_sum": sum(found)} for city, found in by_city.items()]
    print(csv(["city", "amount_sum"], totals))
    means = [{"city": city, "amount_mean": sum(found) / len(found)} for city, found in by_city.items()]
    print(csv(["city", "amount_mean"], means))
    countries = {"Oslo": "Norway", "Rome": "Italy"}
    joined = [{**row, "country": countries[row["city"]]} for row in rows(sales) if row["city"] in countries]
    print(csv(["country", "amount"], joined))


main()
