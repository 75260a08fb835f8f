"""A thing measured beside a peer that does the same, in the same run."""

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

REPEATS = 5

#: A side that takes longer than this is run once.
SLOW_SECONDS = 5.0


@dataclass(frozen=True)
class Comparison:
    """What is compared, and how many times faster than the peer it is to be.

    A side that runs only a part of the work says so: ``peer_share`` is that part.
    """

    name: str
    target: float
    peer: Callable[[], object]
    ours: Callable[[], object]
    peer_share: float = 1.0

    def seconds(self) -> tuple[float, float]:
        """Return the medians of both sides, run in turn."""
        peers, ours = [], []
        for _ in range(REPEATS):
            ours.append(seconds_of(self.ours))
            if not peers or peers[0] < SLOW_SECONDS:
                peers.append(seconds_of(self.peer))
        return statistics.median(peers) / self.peer_share, statistics.median(ours)


def seconds_of(run: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def print_table(title: str, comparisons: Iterable[Comparison]) -> None:
    """Run the comparisons and print a row for each."""
    print(f"\n{title}\n")
    print("| what | peer, s | skanon, s | times faster | at least |")
    print("|---|---|---|---|---|")
    for comparison in comparisons:
        peer, ours = comparison.seconds()
        ratio = peer / ours
        short = "" if ratio >= comparison.target else " (short)"
        print(
            f"| {comparison.name} | {peer:.4g} | {ours:.4g} | {ratio:.3g}{short} "
            f"| {comparison.target:g} |",
            flush=True,
        )


def peak_bytes(run: Callable[[], object]) -> int:
    """Return by how much the process grew at most while it ran (Linux)."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak
    before = _status("VmRSS")
    result = run()
    peak = _status("VmHWM")
    del result
    return max(0, peak - before)


def _status(field: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise LookupError(field)
