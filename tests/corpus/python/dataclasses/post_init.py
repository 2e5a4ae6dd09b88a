from dataclasses import dataclass, field
from typing import ClassVar, List, Optional


@dataclass
class Rectangle:
    width: float
    height: float
    area: float = field(init=False)
    count: ClassVar[int] = 0

    def __post_init__(self):
        if self.width < 0:
            raise ValueError("negative width")
        self.area = self.width * self.height
        Rectangle.count += 1


print(Rectangle(2, 3), Rectangle(1.5, 2).area, Rectangle.count)
try:
    Rectangle(-1, 1)
except ValueError as e:
    print(e)


@dataclass
class Employee:
    name: str
    boss: Optional["Employee"] = None
    reports: List["Employee"] = field(default_factory=list)

    def chain(self):
        return [self.name] + (self.boss.chain() if self.boss else [])


top = Employee("top")
mid = Employee("mid", top)
low = Employee("low", mid)
top.reports.append(mid)
print(low.chain(), len(top.reports), top.boss, mid.boss.name)
