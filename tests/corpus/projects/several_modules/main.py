"""Take an order from the command line and print its bill."""

import sys

from shop.bill import Bill
from shop.errors import OrderError
from shop.stock import Stock


def main(words: list[str]) -> int:
    stock = Stock({"apple": 120, "pear": 80, "plum": 200})
    bill = Bill()
    try:
        for word in words:
            name, _, count = word.partition("=")
            bill.add(name, stock.take(name, int(count)))
    except OrderError as error:
        print(f"not possible: {error}")
        return 1
    except ValueError as error:
        print(f"no order: {error}")
        return 2
    for line in bill.lines():
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
