import argparse


def main(argv):
    parser = argparse.ArgumentParser(prog="app")
    sub = parser.add_subparsers(dest="command", required=True)
    add = sub.add_parser("add", help="add numbers")
    add.add_argument("numbers", nargs="+", type=int)
    show = sub.add_parser("show", help="show a thing")
    show.add_argument("name", nargs="?", default="nothing")
    show.add_argument("--tag", action="append")
    args = parser.parse_args(argv)
    if args.command == "add":
        print("sum", sum(args.numbers))
    elif args.command == "show":
        print("show", args.name, args.tag)
    return 0


main(["add", "1", "2", "3"])
main(["show"])
main(["show", "x", "--tag", "a", "--tag", "b"])
try:
    main(["fly"])
except SystemExit as e:
    print("exit", e.code)
