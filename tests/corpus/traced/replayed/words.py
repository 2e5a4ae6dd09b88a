"""Count words, sync, probe what is not there, make a file of a random name, run a program, fail to open."""

import os
import subprocess
import tempfile
from pathlib import Path

words = len(Path("in.txt").read_text().split())
with Path("out.txt").open("w") as out:
    out.write(f"Words {words}\n")
    out.flush()
    os.fsync(out.fileno())
Path("nothing").exists()
with tempfile.NamedTemporaryFile() as other:
    other.write(b"x")
    print(other.name)
print(subprocess.run(["sort", "-r", "in.txt"], capture_output=True, text=True, check=True).stdout)
try:
    Path("/nowhere/x").read_bytes()
except OSError as error:
    print(error)
