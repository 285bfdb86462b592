"""A press on Telegram or Discord, taken in, answered and edited, by one contender.

``python -m tests.bench.press NAME URL DATABASE`` prints seconds of CPU and of waiting.
"""

import asyncio
import json
import os
import resource
import sys
import time
from importlib import import_module
from pathlib import Path


async def measured(name: str, url: str, database: Path) -> dict[str, float]:
    """Seconds of this process's CPU, and of waiting, from the first poll to the last answer."""
    work = await import_module(f"tests.bench.press.{name}").ready(url, database)
    cpu, began = time.process_time(), time.perf_counter()
    task = asyncio.get_running_loop().create_task(work)
    waiting = asyncio.get_running_loop().create_task(waited(url))
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        task.result()  # why it ended
    found = {
        "cpu_s": time.process_time() - cpu,
        "wall_s": time.perf_counter() - began,
        "resident_mb": resident_mb(),
    }
    task.cancel()
    return found


def resident_mb() -> float:
    """The most memory that this program held. What ``getrusage`` tells begins with what its parent had (Linux)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    peak = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024 / 1e6


async def waited(url: str) -> None:
    """Returns when the server has everything."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /wait HTTP/1.1\r\nHost: bench\r\n\r\n")
    await reader.readline()
    writer.close()


if __name__ == "__main__":
    result = asyncio.run(measured(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()
    os._exit(0)  # the contenders' tasks are of no more interest
