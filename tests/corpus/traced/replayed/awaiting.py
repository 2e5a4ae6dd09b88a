"""A loop hands a write to a thread."""

import asyncio
from pathlib import Path


async def main() -> None:
    await asyncio.to_thread(Path("out").write_text, "x")
    print("done")


asyncio.run(main())
