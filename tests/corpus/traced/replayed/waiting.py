"""Three threads take their work from a queue."""

import queue
import threading

orders: queue.Queue[int | None] = queue.Queue()


def work() -> None:
    while (number := orders.get()) is not None:
        with open(f"out{number}", "w") as file:
            file.write("x" * number)


threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
for order in [*range(10), None, None, None]:
    orders.put(order)
for thread in threads:
    thread.join()
print("done")
