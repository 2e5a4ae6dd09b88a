"""A pool of three threads writes twelve files."""

from concurrent.futures import ThreadPoolExecutor


def work(number: int) -> int:
    with open(f"out{number}", "w") as file:
        file.write(str(number))
    return number


with ThreadPoolExecutor(3) as pool:
    print(sum(pool.map(work, range(12))))
