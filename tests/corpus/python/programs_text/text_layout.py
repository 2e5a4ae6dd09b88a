"""Text laid out: wrapping, indenting, shortening, columns and a table of contents."""

import string
import textwrap

STORY = """The quick brown fox jumps over the lazy dog. Meanwhile, an extraordinarily
long-winded narrator keeps adding subordinate clauses, which nobody asked for,
until the paragraph has to be wrapped."""


def boxed(text, width):
    lines = textwrap.wrap(text, width - 4)
    border = "+" + "-" * (width - 2) + "+"
    return "\n".join([border, *(f"| {line:<{width - 4}} |" for line in lines), border])


def columns(items, count):
    rows = -(-len(items) // count)
    width = max(map(len, items)) + 2
    for row in range(rows):
        cells = items[row::rows]
        print("".join(cell.ljust(width) for cell in cells).rstrip())


def contents(headings):
    numbers = []
    for level, title in headings:
        del numbers[level:]
        if len(numbers) < level:
            numbers.extend([0] * (level - len(numbers)))
        numbers[level - 1] += 1
        label = ".".join(str(n) for n in numbers)
        print(f"{'  ' * (level - 1)}{label} {title} {'.' * (30 - len(title) - 2 * level)}")


print(boxed(STORY, 36))
print(textwrap.fill("a list item that is long enough to wrap", 20, initial_indent="* ", subsequent_indent="  "))
print(textwrap.shorten(STORY, 40), textwrap.shorten(STORY, 40, placeholder=" [more]"), sep="\n")
print(textwrap.indent("one\n\ntwo\n", "> "), end="")
print(textwrap.dedent("""\
    def f():
        return 1
    """), end="")
columns(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"], 3)
contents([(1, "Start"), (2, "Aim"), (2, "Means"), (1, "Work"), (2, "First"), (3, "Detail"), (1, "End")])
print(string.capwords("the end  of   things"), string.ascii_lowercase[:5], string.digits)
print("mixed Case".swapcase().center(20, "*"), "tab\there".expandtabs(8), "7".zfill(3))
print("a-b_c".translate(str.maketrans({"-": "+", "_": None})), "x".join(["1", "2"]))
print("{:>8}|{:^8}|{:<8}|".format("right", "mid", "left"), "{0}{1}{0}".format("ab", "-"), "{n:05.1f}".format(n=3.14159))
print(textwrap.wrap("supercalifragilistic word", 8), textwrap.wrap("", 10))
