"""A small HTTP load: a few keep-alive connections, one request after another on each, for a while.

`python -m bench.load PORT SECONDS CONNECTIONS < request` prints {"requests", "seconds", "p50", "p95"} (ms).
"""

import asyncio
import json
import sys
import time


async def _connection(port: int, request: bytes, until: float, times: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < until:
        begin = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(head.decode())
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(length)
        times.append(time.perf_counter() - begin)
    writer.close()


async def _load(port: int, seconds: float, connections: int, request: bytes) -> dict[str, float]:
    times: list[float] = []
    begin = time.perf_counter()
    until = begin + seconds
    await asyncio.gather(*(_connection(port, request, until, times) for _ in range(connections)))
    spent = time.perf_counter() - begin
    times.sort()
    p50, p95 = (times[int(len(times) * part)] * 1000 for part in (0.5, 0.95))
    return {"requests": len(times), "seconds": spent, "p50": p50, "p95": p95}


if __name__ == "__main__":
    import uvloop

    port, seconds, connections = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(uvloop.run(_load(port, seconds, connections, sys.stdin.buffer.read()))))
