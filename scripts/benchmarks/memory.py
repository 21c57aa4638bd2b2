"""Memory of an encode: the most that each side's process had resident while it looked at one large picture.

Both have the weights mapped, the same context and the same picture; both are started for this alone, so the peak is not that of
an earlier question. Peaks are the kernel's own (VmHWM), not samples.
"""

from __future__ import annotations

import re
from pathlib import Path

import psutil

from .asking import of
from .server import Server
from .setting import QUESTIONS, Setting, drawn
from .sheet import Sheet
from .sides import Ours, Side, attempt, running

PEAK, GROWTH, LOADED = "peak memory of an encode", "growth during the encode", "memory after loading"


def peak_mib(pid: int) -> float:
    """The most this process ever had resident."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def encode_memory(setting: Setting, sheet: Sheet) -> None:
    """Ours and llama-server's, each in a fresh process."""
    tokens = setting.image_tokens if setting.quick else 1024
    sheet.fact("image tokens", tokens)
    sides: tuple[type[Ours] | type[Server], ...] = (Ours, Server)
    for repetition in range(2):
        for kind in sides:
            side: Side = kind(setting)
            with running(sheet, side) as alive:
                if not alive:
                    continue
                process = psutil.Process(side.pid)
                before = process.memory_info().rss / 2**20
                if attempt(sheet, alive, side, [drawn(4000 + repetition, tokens)], QUESTIONS[0], 2) is not None:
                    sheet.add(of(side, LOADED), "MiB", before)
                    sheet.add(of(side, PEAK), "MiB", peak_mib(process.pid))
                    sheet.add(of(side, GROWTH), "MiB", peak_mib(process.pid) - before)
