import csv
import io

source = io.StringIO('name,age,note\nann,3,"hello, ""you"""\nbob,5,\n')
rows = list(csv.reader(source))
print(rows, len(rows))
source.seek(0)
for row in csv.DictReader(source):
    print(row["name"], int(row["age"]) + 1, repr(row["note"]))
out = io.StringIO()
writer = csv.writer(out)
writer.writerow(["a", 1, 2.5, None, 'q"x'])
writer.writerows([[1, 2], ["x,y", "z"]])
print(repr(out.getvalue()))
d = io.StringIO()
w = csv.DictWriter(d, fieldnames=["x", "y"])
w.writeheader()
w.writerow({"x": 1, "y": 2})
print(d.getvalue().splitlines())
print(list(csv.reader(["a;b", "c;d"], delimiter=";")))
