import argparse

parser = argparse.ArgumentParser(prog="tool", description="A tool.")
parser.add_argument("file", help="input file")
parser.add_argument("-n", "--count", type=int, default=3, help="how many")
parser.add_argument("-v", "--verbose", action="store_true")
parser.add_argument("--mode", choices=["fast", "slow"], default="fast")
parser.add_argument("--scale", type=float)
args = parser.parse_args(["data.txt", "-n", "7", "--verbose"])
print(args.file, args.count, args.verbose, args.mode, args.scale)
args = parser.parse_args(["--mode=slow", "x", "--scale", "2.5"])
print(args.file, args.count, args.verbose, args.mode, args.scale)
parser.print_help()
try:
    parser.parse_args(["x", "--count", "many"])
except SystemExit as e:
    print("exit", e.code)
