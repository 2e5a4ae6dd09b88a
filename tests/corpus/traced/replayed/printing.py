"""Three threads print at the same time."""

import sys
import threading


def work(number: int) -> None:
    for step in range(10):
        sys.stdout.write(f"{number} {step}\n")
        sys.stdout.flush()


threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
