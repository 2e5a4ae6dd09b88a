"""The primes below a hundred, by the old way."""


def primes(limit: int) -> list[int]:
    """All primes below the limit."""
    marks = [True] * limit
    found = []
    for number in range(2, limit):
        if marks[number]:
            found.append(number)
            for multiple in range(number * number, limit, number):
                marks[multiple] = False
    return found


if __name__ == "__main__":
    print(*primes(100))
