"""Count the words that come in on standard input."""

import sys


def count(text: str) -> dict[str, int]:
    """How often each word comes."""
    found: dict[str, int] = {}
    for word in text.lower().split():
        found[word] = found.get(word, 0) + 1
    return found


if __name__ == "__main__":
    for name, times in sorted(count(sys.stdin.read()).items()):
        print(name, times)
