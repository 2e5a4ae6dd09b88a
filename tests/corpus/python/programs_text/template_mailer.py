"""Letters from templates: string.Template, format specifications and a small loop syntax."""

import re
from string import Template

LETTER = Template("Dear $name,\nyou owe $$${amount} since ${days} days.\n$closing")
ORDER = """Order {number:05d} for {customer[name]}
{rule}
{lines}
{rule}
{total_label:<20}{total:>10,.2f}"""

PEOPLE = [
    {"name": "Ada", "amount": 12.5, "days": 3, "closing": "Yours"},
    {"name": "Bob", "amount": 1200, "days": 30},
]


def letter(person):
    try:
        return LETTER.substitute(person)
    except KeyError as missing:
        return f"[no {missing}] " + LETTER.safe_substitute(name=person["name"], closing="-").splitlines()[0]


def expand(text, values):
    def one(match):
        name, _, spec = match.group(1).partition("|")
        value = values.get(name.strip(), "")
        if spec == "upper":
            return value.upper()
        if spec.startswith("pad"):
            return value.ljust(int(spec[3:]), ".")
        return value

    return re.sub(r"\{\{(.*?)\}\}", one, text)


def order(number, customer, items):
    lines = "\n".join(f"{count:>3} {name:<16}{count * price:>10,.2f}" for name, count, price in items)
    total = sum(count * price for _, count, price in items)
    return ORDER.format(
        number=number, customer={"name": customer}, rule="-" * 30, lines=lines, total_label="Total", total=total
    )


for person in PEOPLE:
    print(letter(dict(name=person["name"], amount="12.50") if person["days"] > 9 else
                 {"name": "Ada", "amount": "12.50", "days": "3", "closing": "Yours"}))
print(order(42, "Cyd", [("desk", 2, 649.95), ("lamp", 11, 12.4)]))
print(expand("{{name|upper}} lives in {{ city }} {{code|pad6}}!{{nothing}}", {"name": "ada", "city": "Rome", "code": "r1"}))
print("{:>6}|{:^6}|{:<6}|{:06.2f}|{:+d}|{:,}|{:.1%}|{:e}".format("a", "b", "c", 3.14159, 5, 1234567, 0.256, 12345.678))
print("{0!r} {1!s:>5} {name!r}".format("q", 12, name="n"), "{{}} {}".format("x"), f"{255:#x} {255:o} {5:b} {65:c}")
try:
    Template("bad $ sign").substitute()
except ValueError as error:
    print("error:", error)
print(Template("$a$b ${c}x").safe_substitute(a=1, c=2.5), Template("$$").template)
