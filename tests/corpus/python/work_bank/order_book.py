"""A limit order book with price-time priority, on two heaps."""

import heapq
from dataclasses import dataclass, field
from itertools import count


@dataclass(order=True)
class Order:
    key: tuple
    owner: str = field(compare=False)
    side: str = field(compare=False)
    price: int = field(compare=False)
    quantity: int = field(compare=False)
    number: int = field(compare=False, default=0)


@dataclass
class Trade:
    buyer: str
    seller: str
    price: int
    quantity: int


class OrderBook:
    def __init__(self):
        self.bids = []
        self.asks = []
        self.trades = []
        self.open = {}
        self._numbers = count(1)

    def submit(self, owner, side, price, quantity):
        number = next(self._numbers)
        sign = -1 if side == "buy" else 1
        order = Order((sign * price, number), owner, side, price, quantity, number)
        self._match(order)
        if order.quantity:
            heapq.heappush(self.bids if side == "buy" else self.asks, order)
            self.open[number] = order
        return number

    def cancel(self, number):
        order = self.open.pop(number, None)
        if order is None:
            return False
        order.quantity = 0
        return True

    def _match(self, order):
        others = self.asks if order.side == "buy" else self.bids
        while order.quantity and others:
            best = others[0]
            if best.quantity == 0:
                heapq.heappop(others)
                continue
            crosses = best.price <= order.price if order.side == "buy" else best.price >= order.price
            if not crosses:
                break
            quantity = min(order.quantity, best.quantity)
            buyer, seller = (order, best) if order.side == "buy" else (best, order)
            self.trades.append(Trade(buyer.owner, seller.owner, best.price, quantity))
            order.quantity -= quantity
            best.quantity -= quantity
            if best.quantity == 0:
                heapq.heappop(others)
                del self.open[best.number]

    def depth(self, side):
        levels = {}
        for order in self.bids if side == "buy" else self.asks:
            if order.quantity:
                levels[order.price] = levels.get(order.price, 0) + order.quantity
        return sorted(levels.items(), reverse=side == "buy")

    @property
    def spread(self):
        bids, asks = self.depth("buy"), self.depth("sell")
        return asks[0][0] - bids[0][0] if bids and asks else None


book = OrderBook()
print(book.spread)
orders = [
    ("ann", "buy", 100, 10),
    ("bob", "buy", 101, 5),
    ("cyd", "sell", 103, 7),
    ("dan", "sell", 102, 4),
    ("eve", "buy", 102, 6),
    ("fay", "sell", 99, 12),
    ("gus", "sell", 105, 1),
]
numbers = [book.submit(*order) for order in orders]
print(numbers, book.spread)
for trade in book.trades:
    print(trade)
print(book.depth("buy"), book.depth("sell"))
print(book.cancel(numbers[2]), book.cancel(numbers[2]), book.cancel(99))
print(book.depth("sell"), book.spread, sorted(book.open))
volume = sum(trade.price * trade.quantity for trade in book.trades)
shares = sum(trade.quantity for trade in book.trades)
print(volume, shares, round(volume / shares, 4))
