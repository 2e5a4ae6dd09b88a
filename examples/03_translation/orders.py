"""Settle orders against a stock, and say what is left."""

from dataclasses import dataclass, field


class OutOfStock(Exception):
    """More was asked for than there is."""


@dataclass
class Article:
    """One thing on the shelf; prices are in cents."""

    name: str
    price: int
    count: int = 0

    def take(self, count):
        # all or nothing
        if count > self.count:
            raise OutOfStock(f"{self.name}: {count} asked, {self.count} there")
        self.count -= count
        return self.price * count


@dataclass
class Stock:
    """Articles by name."""

    articles: dict[str, Article] = field(default_factory=dict)

    def add(self, name, price, count):
        self.articles[name] = Article(name, price, count)

    def settle(self, order):
        total = 0
        for name, count in order:
            total += self.articles[name].take(count)
        return total

    def empty(self):
        return sorted(name for name, article in self.articles.items() if article.count == 0)


def euros(cents):
    """Cents as a reader knows them."""
    return f"{cents // 100:,}.{cents % 100:02d}"


stock = Stock()
for name, price, count in [("lamp", 4990, 3), ("desk", 129900, 1), ("pen", 120, 500)]:
    stock.add(name, price, count)

for number, order in enumerate([[("lamp", 2), ("pen", 40)], [("desk", 1)], [("lamp", 2)], [("sofa", 1)]], start=1):
    try:
        print(f"order {number}: {euros(stock.settle(order)):>10}")
    except OutOfStock as error:
        print(f"order {number}: refused, {error}")
    except KeyError as error:
        print(f"order {number}: nobody knows {error}")
print("sold out:", stock.empty())
