import sys


def main(argv=None):
    args = argv if argv is not None else sys.argv[1:]
    print("args", args)
    if not args:
        print("usage: prog NAME", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    main(["x", "y"])
    sys.exit(main())
