import os
import os.path
import shutil
import tempfile
from pathlib import Path


def show(path: str) -> None:
    print(os.path.basename(path), os.path.dirname(path), os.path.split(path), os.path.splitext(path), os.path.isabs(path))


def main() -> None:
    for p in ["/a/b/c.tar.gz", "x", "a/", "", "/", ".bashrc"]:
        show(p)
    name = "n.txt"
    print(os.path.join("a", name), os.path.join("a", "/b", "c"), os.path.normpath("a/../b//c/."), os.sep)
    os.makedirs("d/e/f", exist_ok=True)
    with open(os.path.join("d", name), "w") as f:
        f.write("hello\n")
    print(sorted(os.listdir("d")), os.path.exists("d"), os.path.isfile("d/n.txt"), os.path.isdir("d/n.txt"), os.path.getsize("d/n.txt"))
    for root, dirs, files in os.walk("d"):
        dirs.sort()
        print(root, dirs, sorted(files))
    shutil.copy("d/n.txt", "d/m.txt")
    os.rename("d/m.txt", "d/k.txt")
    print(open("d/k.txt").read())
    os.remove("d/k.txt")
    for bad in ["nope", "d"]:
        try:
            os.remove(bad)
        except FileNotFoundError as e:
            print(type(e).__name__, e, e.errno if bad == "x" else "")
        except OSError as e:
            print("OSError")
    shutil.rmtree("d")
    print(os.path.exists("d"))
    print(os.environ.get("NOPE_X"), os.environ.get("NOPE_X", "dflt"), os.getenv("TZ"), "TZ" in os.environ, os.environ["TZ"])
    print(os.path.commonprefix(["abc", "abd"]), os.path.commonpath(["/a/b", "/a/c"]), os.path.relpath("/a/b", "/a/c"))
    q = Path("x") / "y" / "z.txt"
    print(q, repr(q), q.name, q.stem, q.suffix, q.parent, q.parts, q.with_suffix(".md"), q.is_absolute(), str(q))
    print(f"{q}", q == Path("x/y/z.txt"), Path("a", "b"), Path(), Path("/a") / "b", q.parent.parent, [q])
    d = Path("data")
    d.mkdir(parents=True, exist_ok=True)
    (d / "one.txt").write_text("1\n2\n")
    (d / "two.csv").write_text("x", encoding="utf-8")
    print((d / "one.txt").read_text().splitlines(), sorted(p.name for p in d.iterdir()), sorted(d.glob("*.txt")))
    with (d / "one.txt").open() as f:
        for line in f:
            print(line.strip())
    with open(d / "two.csv") as f:
        print(f.read(), f.name)
    print((d / "none").exists(), d.is_dir())
    try:
        (d / "none").read_text()
    except FileNotFoundError as e:
        print(e)
    (d / "one.txt").unlink()
    (d / "nix").unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as t:
        inner = os.path.join(t, "f")
        with open(inner, "w") as f:
            f.write("z")
        print(os.path.getsize(inner))
    print(os.path.exists(t))
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as tf:
        tf.write("abc")
        path = tf.name
    print(open(path).read(), path.endswith(".txt"))
    os.unlink(path)


main()
