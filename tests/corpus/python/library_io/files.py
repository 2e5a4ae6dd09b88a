import os
import tempfile

folder = tempfile.mkdtemp()
path = os.path.join(folder, "a.txt")
with open(path, "w") as f:
    f.write("one\ntwo\n")
    f.writelines(["three\n", "four"])
with open(path) as f:
    print(f.read().split())
with open(path) as f:
    for i, line in enumerate(f, 1):
        print(i, line.strip(), len(line))
with open(path, "a") as f:
    print("five", file=f)
with open(path) as f:
    lines = f.readlines()
    print(len(lines), repr(lines[-1]))
print(os.path.exists(path), os.path.getsize(path), os.path.basename(path), os.path.splitext(path)[1], sorted(os.listdir(folder)))
os.remove(path)
print(os.path.exists(path), os.path.isdir(folder))
os.rmdir(folder)
try:
    open("/no/such/file")
except FileNotFoundError as e:
    print(type(e).__name__, e)
