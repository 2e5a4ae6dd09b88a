"""Three processes write a file each."""

import multiprocessing
from pathlib import Path


def work(number: int) -> None:
    Path(f"out{number}").write_text(str(number))


context = multiprocessing.get_context("fork")
processes = [context.Process(target=work, args=(number,)) for number in range(3)]
for process in processes:
    process.start()
for process in processes:
    process.join()
print("done")
