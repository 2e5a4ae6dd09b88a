"""`async` and `await` that run at once and in order, and an actor: what `async_await.ruchy` does, in Python."""

import asyncio


async def fetch(name: str) -> str:
    print("fetching", name)
    return f"<{name}>"


async def both(a: str, b: str) -> str:
    first = await fetch(a)
    second = await fetch(b)
    return first + second


async def product() -> int:
    return 6 * 7


class Counter:
    def __init__(self) -> None:
        self._count = 0
        self._inbox: asyncio.Queue = asyncio.Queue()

    async def run(self) -> None:
        while True:
            added, reply = await self._inbox.get()
            self._count += added
            if reply is not None:
                reply.set_result(self._count)
                return

    def send(self, added: int) -> None:
        self._inbox.put_nowait((added, None))

    async def ask(self) -> int:
        reply = asyncio.get_running_loop().create_future()
        self._inbox.put_nowait((0, reply))
        return await reply


async def main() -> None:
    print(await both("a", "b"))
    print(await product())
    counter = Counter()
    running = asyncio.create_task(counter.run())
    for n in range(1, 5):
        counter.send(n)
    print(await counter.ask())
    await running


asyncio.run(main())
