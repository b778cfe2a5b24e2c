"""A closed loop of N connections over plain sockets, and the CPU time a group of processes used meanwhile."""

from __future__ import annotations

import contextlib
import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Unexpected(Exception):
    """Answers of another status than a whole run consists of: what it measured is not what it says."""


@dataclass
class Result:
    """What a loop saw: latencies in seconds, answers by status, wall time, CPU seconds of each server."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    cpu: tuple[float, ...] = (0.0,)

    def row(self) -> dict[str, Any]:
        """Requests a second, p50 and p99 in ms, CPU ms a request."""
        ordered = sorted(self.latencies)
        return {
            "rps": round(len(ordered) / self.seconds, 1), "p50_ms": round(statistics.median(ordered) * 1000, 2),
            "p99_ms": round(ordered[int(len(ordered) * 0.99) - 1] * 1000, 2), "cpu_ms": round(self.cpu_ms(), 3),
            "cpu_ms_each": [round(one / len(ordered) * 1000, 3) for one in self.cpu],
        }  # fmt: skip

    def cpu_ms(self) -> float:
        """CPU ms a request."""
        return sum(self.cpu) / len(self.latencies) * 1000

    def __add__(self, other: Result) -> Result:
        """Both rounds as one."""
        return Result(self.latencies + other.latencies, self.statuses + other.statuses, self.seconds + other.seconds,
                      tuple(map(sum, zip(self.cpu, other.cpu, strict=True))))  # fmt: skip


def run(address: tuple[str, int], requests: Sequence[bytes], connections: int, servers: Iterable[int]) -> Result:
    """Send every request once over `connections` keep-alive connections; `servers` are the pids whose CPU counts.

    Raises Unexpected when one was answered by anything but 201.
    """
    result, lock, waiting = Result(), threading.Lock(), iter(requests)
    groups = list(servers)

    def loop() -> None:
        mine: list[float] = []
        statuses: Counter[int] = Counter()
        with socket.create_connection(address) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                with lock:
                    request = next(waiting, None)
                if request is None:
                    break
                began = time.perf_counter()
                connection.sendall(request)
                statuses[_answer(connection)] += 1
                mine.append(time.perf_counter() - began)
        with lock:
            result.latencies += mine
            result.statuses += statuses

    threads = [threading.Thread(target=loop) for _ in range(connections)]
    before, began = [cpu_seconds([pid]) for pid in groups], time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.seconds = time.perf_counter() - began
    result.cpu = tuple(cpu_seconds([pid]) - one for pid, one in zip(groups, before, strict=True))
    if set(result.statuses) != {201}:
        raise Unexpected(f"answers by status: {dict(result.statuses)}")
    return result


def _answer(connection: socket.socket) -> int:
    """Read one answer with a Content-Length; gives its status."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:"))
    while len(body) < length:
        body += _more(connection)
    return int(head.split(b" ", 2)[1])


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("closed in the middle of an answer")
    return data


def cpu_seconds(roots: Iterable[int]) -> float:
    """CPU seconds of these processes and all their living descendants, to the nanosecond."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
    waiting, total = list(roots), 0.0
    while waiting:
        pid = waiting.pop()
        with contextlib.suppress(OSError):
            total += time.clock_gettime(~pid << 3 | 2)  # the CPU clock of another process, as clock_getcpuclockid(3) names it
        waiting += parents.get(pid, [])
    return total


def post(path: str, body: bytes, token: str = "") -> bytes:
    """A whole HTTP/1.1 POST of JSON as bytes."""
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    if token:
        head.append(f"Authorization: Bearer {token}")
    return "\r\n".join([*head, "", ""]).encode() + body
