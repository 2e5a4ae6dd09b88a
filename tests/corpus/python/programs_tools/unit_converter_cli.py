"""A converter of units with options of several kinds, and what it says about wrong ones."""

import argparse
import sys

LENGTHS = {"mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "in": 0.0254, "ft": 0.3048, "mi": 1609.344}


def positive(text):
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above zero")
    return value


def parser():
    made = argparse.ArgumentParser(prog="convert", description="Convert lengths.", epilog="Units: " + " ".join(LENGTHS))
    made.add_argument("value", type=positive, help="how much")
    made.add_argument("source", choices=sorted(LENGTHS), help="unit of the value")
    made.add_argument("targets", nargs="*", metavar="UNIT", help="units to convert to (all)")
    made.add_argument("-d", "--digits", type=int, default=3, help="digits after the point (default: %(default)s)")
    made.add_argument("--exact", action="store_const", const=12, dest="digits", help="as --digits 12")
    group = made.add_mutually_exclusive_group()
    group.add_argument("-q", "--quiet", action="store_true", help="numbers alone")
    group.add_argument("--table", action="store_true", help="as a table")
    made.add_argument("--version", action="version", version="%(prog)s 1.2")
    return made


def convert(args):
    metres = args.value * LENGTHS[args.source]
    for unit in args.targets or LENGTHS:
        if unit not in LENGTHS:
            print(f"convert: no unit {unit!r}", file=sys.stderr)
            continue
        amount = metres / LENGTHS[unit]
        if args.quiet:
            print(f"{amount:.{args.digits}f}")
        elif args.table:
            print(f"{unit:>4} | {amount:>18,.{args.digits}f}")
        else:
            print(f"{args.value:g} {args.source} = {amount:.{args.digits}f} {unit}")


for line in (
    "5 km mi ft",
    "1 in --table -d 4",
    "12.5 ft m -q",
    "3 mi m --exact",
    "100 cm parsec in",
    "-h",
    "0 m",
    "7 yard",
    "7",
    "7 m --quiet --table",
    "--version",
):
    print(">", line)
    try:
        convert(parser().parse_args(line.split()))
    except SystemExit as stop:
        print("exit code", stop.code)
