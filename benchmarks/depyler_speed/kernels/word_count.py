"""How often each word stands in a text: strings, splitting, a dict with text keys, sorting."""

from __future__ import annotations

import sys

SYLLABLES = ["ka", "to", "mi", "ren", "sol", "du", "ve", "li", "an", "or", "que", "ß", "é", "zu"]


def text(words: int) -> str:
    """A text that is the same in every run, in lines of twelve words."""
    state = 42
    parts: list[str] = []
    for number in range(words):
        word = ""
        state = (state * 1103515245 + 12345) % 2147483648
        rest = state // 65536 % 900
        while rest > 0 or not word:
            word += SYLLABLES[rest % len(SYLLABLES)]
            rest //= len(SYLLABLES)
        if state % 7 == 0:
            word = word.capitalize() + ","
        parts.append(word)
        parts.append("\n" if number % 12 == 11 else " ")
    return "".join(parts)


def count(content: str) -> dict[str, int]:
    """The number of times each word stands there, in lower case and without commas."""
    counts: dict[str, int] = {}
    for line in content.splitlines():
        for raw in line.split():
            word = raw.strip(",").lower()
            counts[word] = counts.get(word, 0) + 1
    return counts


def main() -> None:
    """Print the words that stand there most often."""
    counts = count(text(int(sys.argv[1])))
    print(len(counts), sum(counts.values()))
    for word, times in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:10]:
        print(f"{word:<12}{times:>8}")


if __name__ == "__main__":
    main()
