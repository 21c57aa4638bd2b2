"""How many threads compute, and for whom they stand back.

One core is left to the interface: a thread too many costs more than a thread too few.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import psutil

SMALL = 64 << 20
"""Bytes of weights below which waiting for a second thread takes longer than doing its work: the demo model is 20 times
slower in two threads than in one as soon as the machine is busy."""

NICENESS = 10
"""Of a process whose model computes on the processor, as nice(1) gives it: who types beside it gets nine tenths of a core
that both want (weights 1024 to 110, `sched_prio_to_weight` in Linux)."""


def stand_back() -> None:
    """Let whoever waits for a key go first, from now on and in all threads that this one starts.

    Linux shares a processor among sessions before it does among the processes of one (sched(7), "The autogroup feature"), and
    a worker has a session of its own: so it is told both.
    """
    niceness = max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))
    os.setpriority(os.PRIO_PROCESS, 0, niceness)
    for _ in range(5):
        try:
            Path("/proc/self/autogroup").write_text(str(niceness), encoding="ascii")
        except BlockingIOError:  # another session was told less than 0.1 s ago
            time.sleep(0.1)
        except OSError:  # the feature is not there
            return
        else:
            return


def _quota() -> int | None:
    """Cores that a container may use at once (cgroup v2); None where nothing limits them."""
    try:
        limit, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    return None if limit == "max" else max(1, int(limit) // int(period))


def compute_threads(weights: int) -> int:
    """How many for a model of that many bytes.

    `SIGHTLINE_THREADS` where set; one for a small model; else the physical cores this process may use, less one where
    there are more than two.
    """
    asked = os.environ.get("SIGHTLINE_THREADS", "")
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    if weights < SMALL:
        return 1
    allowed = len(os.sched_getaffinity(0))
    cores = min(psutil.cpu_count(logical=False) or allowed, allowed, _quota() or allowed)
    return cores - 1 if cores > 2 else cores
