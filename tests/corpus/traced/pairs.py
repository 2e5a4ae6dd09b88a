"""One side of pairs of programs that do the same: the other one is `pairs.rs`. Run with the name of a pair."""

import os
import socket
import subprocess
import sys


def say():
    print("hello")


def say_much():
    for n in range(300):
        print("line", n)


def say_on_stderr():
    print("careful", file=sys.stderr)


def fail():
    print("no")
    sys.exit(3)


def write():
    with open("out.txt", "w") as file:
        file.write("words 4\nlines 1\n")


def append():
    with open("in.txt", "a") as file:
        file.write("more\n")


def create():
    with open("fresh.txt", "x") as file:
        file.write("new\n")


def read():
    with open("in.txt") as file:
        print(file.read().upper(), end="")


def miss():
    try:
        open("missing.txt")
    except FileNotFoundError:
        print("none")


def folder():
    os.mkdir("made")


def folders():
    os.makedirs("made/deep/er")


def remove_folder():
    os.mkdir("made")
    os.rmdir("made")


def remove():
    os.unlink("in.txt")


def rename():
    os.rename("in.txt", "moved.txt")


def point():
    os.symlink("in.txt", "pointer")


def link():
    os.link("in.txt", "second.txt")


def mode():
    os.chmod("in.txt", 0o600)


def cut():
    with open("in.txt", "r+") as file:
        file.truncate(2)


def sync():
    with open("out.txt", "w") as file:
        file.write("safe\n")
        file.flush()
        os.fsync(file.fileno())


def patch():
    with open("in.txt", "r+") as file:
        file.seek(2)
        file.write("X")


def copy():
    with open("in.txt", "rb") as source:
        content = source.read()
    with open("copy.txt", "wb") as target:
        target.write(content)


def names():
    print(" ".join(sorted(os.listdir("."))))


def two_files():
    with open("a", "w") as a, open("b", "w") as b:
        for n in range(3):
            a.write(f"{n}\n")
            b.write(f"{n * n}\n")


def echo():
    print(sys.stdin.read().swapcase(), end="")


def child():
    sys.stdout.flush()
    subprocess.run(["echo", "from", "below"], check=True)


def bad_child():
    print("status", subprocess.run(["false"]).returncode)


def no_child():
    try:
        subprocess.run(["no-such-program-here", "x"])
    except FileNotFoundError:
        print("not found")


def connect():
    try:
        socket.create_connection(("127.0.0.1", 1))
    except ConnectionRefusedError:
        print("refused")


def look():
    print(str(os.path.exists("in.txt")).lower(), str(os.path.exists("nothing")).lower())


def large():
    with open("large.bin", "wb") as file:
        for n in range(3000):
            file.write(b"%08d" % n)


def mixed():
    with open("log", "w") as log:
        for n in range(3):
            print("step", n)
            log.write(f"did {n}\n")


def replace():
    with open("in.txt.new", "w") as file:
        file.write("changed\n")
    os.replace("in.txt.new", "in.txt")


PAIRS = [say, say_much, say_on_stderr, fail, write, append, create, read, miss, folder, folders, remove_folder, remove]
PAIRS += [rename, point, link, mode, cut, sync, patch, copy, names, two_files, echo, child, bad_child, no_child]
PAIRS += [connect, look, large, mixed, replace]

if __name__ == "__main__":
    {each.__name__: each for each in PAIRS}[sys.argv[1]]()
