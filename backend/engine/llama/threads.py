"""How many threads compute.

One core is left to the interface: a thread too many costs more than a thread too few.
"""

from __future__ import annotations

import os
from pathlib import Path

import psutil

SMALL = 64 << 20
"""Bytes of weights below which waiting for a second thread takes longer than doing its work: the demo model is 20 times
slower in two threads than in one as soon as the machine is busy."""


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
