import csv
import io
import sys

TEXT = "name,age,city\nAnn,30,\"New, York\"\nBob,41,Rome\n"


def main() -> None:
    for row in csv.reader(io.StringIO(TEXT)):
        print(row, len(row))
    reader = csv.reader(["a;b", "c;'d;e'"], delimiter=";", quotechar="'")
    print(next(reader), list(reader))
    people = csv.DictReader(io.StringIO(TEXT))
    print(people.fieldnames)
    total = 0
    for person in people:
        total += int(person["age"])
        print(person, person["name"])
    print(total)
    rows = list(csv.DictReader(io.StringIO(TEXT)))
    print(rows[0]["city"], len(rows))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["a", 1, 2.5, None, True, 'say "hi"', "x,y", "two\nlines"])
    writer.writerows([[1, 2], [3, 4]])
    writer.writerow(("t", 0.1))
    writer.writerow([])
    print(repr(out.getvalue()))
    out = io.StringIO()
    w = csv.DictWriter(out, fieldnames=["x", "y"], lineterminator="\n")
    w.writeheader()
    w.writerow({"x": 1, "y": "b"})
    w.writerows([{"x": 1, "y": 2}, {"x": 3}])
    print(out.getvalue())
    try:
        w.writerow({"x": 1, "z": 2})
    except ValueError as e:
        print(e)
    with open("t.csv", "w", newline="") as f:
        q = csv.writer(f, quoting=csv.QUOTE_ALL)
        q.writerow(["k", "v"])
        q.writerow([1, "é"])
    with open("t.csv", newline="") as f:
        print(repr(f.read()))
    with open("t.csv") as f:
        for r in csv.reader(f):
            print(r)
    csv.writer(sys.stdout).writerow(["done", 3])


main()
