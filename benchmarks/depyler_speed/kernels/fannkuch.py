"""The longest chain of turning prefixes over all orders of some cards: small lists of integers."""

from __future__ import annotations

import sys


def flips(cards: list[int]) -> int:
    """How often the first so many cards are turned until the lowest lies in front."""
    deck = cards[:]
    count = 0
    first = deck[0]
    while first != 0:
        low, high = 0, first
        while low < high:
            deck[low], deck[high] = deck[high], deck[low]
            low += 1
            high -= 1
        count += 1
        first = deck[0]
    return count


def advance(cards: list[int], turns: list[int]) -> bool:
    """Put the cards into their next order; false after the last one."""
    place = 1
    while place < len(cards):
        front = cards[0]
        for n in range(place):
            cards[n] = cards[n + 1]
        cards[place] = front
        turns[place] += 1
        if turns[place] <= place:
            return True
        turns[place] = 0
        place += 1
    return False


def search(size: int) -> tuple[int, int]:
    """The checksum over all orders, and the most flips."""
    cards = list(range(size))
    turns = [0] * size
    most = 0
    checksum = 0
    sign = 1
    going = True
    while going:
        count = flips(cards)
        most = max(most, count)
        checksum += sign * count
        sign = -sign
        going = advance(cards, turns)
    return checksum, most


def main() -> None:
    """Print both numbers."""
    size = int(sys.argv[1])
    checksum, most = search(size)
    print(checksum)
    print(f"flips({size}) = {most}")


if __name__ == "__main__":
    main()
