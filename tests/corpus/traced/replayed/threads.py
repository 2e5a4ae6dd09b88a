"""Four threads append to a file each."""

import threading


def work(number: int) -> None:
    for step in range(20):
        with open(f"out{number}", "a") as file:
            file.write(f"{step}\n")


threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done")
