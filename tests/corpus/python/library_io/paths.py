import os.path
from pathlib import Path, PurePosixPath

print(os.path.join("a", "b", "/c"), os.path.dirname("/x/y.z"), os.path.basename("/x/y.z"), os.path.split("/x/y"), os.path.splitext("a.tar.gz"), os.path.normpath("a/../b//c"))
p = Path("/usr/local") / "lib" / "file.tar.gz"
print(p, p.name, p.stem, p.suffix, p.parent, p.parts, p.is_absolute(), p.suffixes, p.with_suffix(".txt"), p.with_name("q"))
print(Path("a") / "b" == Path("a/b"), Path("x/y.py").relative_to("x"), PurePosixPath("/a/b").as_posix(), str(Path("a//b/./c")), Path("/no/such").exists())
print(sorted([Path("b"), Path("a")]), [str(q) for q in Path("/a/b/c").parents], Path("a.b").match("*.b"), repr(Path("z")))
