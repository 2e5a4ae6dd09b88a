import sys
import os
import time

print(len(sys.argv), sys.maxsize, sys.version_info >= (3, 8), sys.byteorder)
print(os.environ.get("NO_SUCH_VARIABLE"), os.environ.get("NO_SUCH_VARIABLE", "default"), os.sep, os.linesep == "\n", os.getenv("NOPE", "x"))
start = time.time()
t = time.perf_counter()
print(start > 1e9, time.perf_counter() >= t, time.monotonic() >= 0)
sys.stdout.write("no newline")
sys.stdout.write("\n")
sys.stderr.write("warning\n")
print(sys.getrecursionlimit() >= 1000, float("inf") > sys.float_info.max, sys.float_info.epsilon)
for line in sys.stdin:
    print("never", line)
print(sys.stdin.read() == "")
sys.exit(0)
