import argparse
import sys

parser = argparse.ArgumentParser(prog="calc")
parser.add_argument("words", nargs="*")
parser.add_argument("--upper", action="store_true", help="upper case")
parser.add_argument("-q", action="count", default=0)
args = parser.parse_args()
print(args.words, args.upper, args.q, len(sys.argv))
if not args.words:
    print("nothing to do")
    sys.exit(4)
